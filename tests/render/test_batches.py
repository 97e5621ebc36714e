"""A picture depends on its scene alone: not on its neighbours, its place in the batch, or what was drawn before."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from diorama.errors import DeviceError
from diorama.render.frames import Frames
from diorama.render.renderer import Renderer
from tests.reference import scenes


def test_a_scene_alone_is_the_scene_in_its_batch(renderer: Renderer) -> None:
    batch = scenes.random(11, count=7)
    together = renderer.render(batch)
    for i in range(len(batch)):
        _assert_same(renderer.render(scenes.take(batch, [i])), together, [i])


def test_order_does_not_matter(renderer: Renderer) -> None:
    batch = scenes.random(12, count=7)
    order = [3, 6, 0, 5, 1, 4, 2]
    _assert_same(renderer.render(scenes.take(batch, order)), renderer.render(batch), order)


def test_a_renderer_keeps_nothing_of_what_it_drew(renderer: Renderer) -> None:
    batch = scenes.random(13, count=5)
    first = renderer.render(batch)
    renderer.render(scenes.random(14, count=9))
    _assert_same(renderer.render(batch), first, range(5))


def test_several_batches_may_be_under_way(renderer: Renderer) -> None:
    batches = [scenes.random(seed, count=3) for seed in (15, 16, 17)]
    alone = [renderer.render(batch) for batch in batches]
    tickets = [renderer.submit(batch) for batch in batches]
    for ticket, expected in zip(tickets, alone, strict=True):
        _assert_same(ticket.result(), expected, range(3))


def test_a_batch_that_is_too_large_is_refused(renderer: Renderer) -> None:
    small = replace(renderer.device, max_layers=4, max_buffer=1 << 16)
    with pytest.raises(DeviceError, match=r"--batch: 7 images do not fit"):
        Renderer(small).render(scenes.random(18, count=7))
    with pytest.raises(DeviceError, match=r"--batch: .*Use a smaller batch"):
        Renderer(replace(small, max_layers=64)).render(scenes.random(18, count=60))


@pytest.mark.parametrize("size", [64, 72, 128, 200, 320])  # rows of all lengths over the device's alignment
def test_every_size_of_a_recipe_can_be_drawn_with_all_its_labels(renderer: Renderer, size: int) -> None:
    batch = scenes.random(18, count=2, size=size)
    frames = renderer.render(batch, ids=True, depth=True)
    assert frames.rgba.shape == (2, size, size, 4)
    assert frames.ids is not None
    assert frames.depth is not None
    np.testing.assert_array_equal((frames.ids == 2).sum((1, 2)), frames.visible)
    np.testing.assert_array_equal(np.isinf(frames.depth), frames.ids == 0)


def _assert_same(frames: Frames, others: Frames, rows: Sequence[int]) -> None:
    """Bit by bit: on one adapter there is no room for tolerance."""
    for name in ("rgba", "visible", "whole", "box", "whole_box"):
        np.testing.assert_array_equal(getattr(frames, name), getattr(others, name)[list(rows)], err_msg=name)
