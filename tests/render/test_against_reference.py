"""The renderer's labels against those of a slow ray caster, on random scenes.

Both round coordinates in their own way: graphics adapters snap vertices to 1/256 of a pixel, so that a sample as close
to an outline as that may fall on either side of it. Differences are therefore allowed on outlines only, and on fewer
than 0.2 % of all samples (a scene of 64 × 64 pixels has some 5 % of its samples on outlines).
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.render.frames import Frames
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch
from tests.reference import scenes
from tests.reference.raycast import CENTRE, FOUR, Truth, box_of, cast

TOLERATED = 0.002
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def pair(request: pytest.FixtureRequest, renderer: Renderer) -> tuple[SceneBatch, Frames, list[Truth]]:
    scene = scenes.random(request.param)
    return scene, renderer.render(scene, ids=True, depth=True), truths_of(request.param)


@cache
def truths_of(seed: int) -> list[Truth]:
    """What the reference sees in the random scenes of this seed."""
    scene = scenes.random(seed)
    return [cast(scene, i) for i in range(len(scene))]


def test_ids_agree(pair: tuple[SceneBatch, Frames, list[Truth]]) -> None:
    _, frames, truths = pair
    assert frames.ids is not None
    truth = np.stack([t.ids for t in truths])
    wrong = frames.ids != truth
    assert not (wrong & ~_outlines(truth)).any()
    assert wrong.mean() < TOLERATED


def test_the_whole_subject_agrees(pair: tuple[SceneBatch, Frames, list[Truth]]) -> None:
    _, frames, truths = pair
    assert frames.whole_mask is not None
    truth = np.stack([t.whole for t in truths])
    wrong = frames.whole_mask != truth
    assert not (wrong & ~_outlines(truth)).any()
    assert wrong.mean() < TOLERATED


def test_depth_agrees(pair: tuple[SceneBatch, Frames, list[Truth]]) -> None:
    _, frames, truths = pair
    assert frames.depth is not None
    truth = np.stack([t.depth for t in truths])
    ids = np.stack([t.ids for t in truths])
    same = (frames.ids == ids) & np.isfinite(truth)
    assert (np.isinf(frames.depth) == np.isinf(truth))[frames.ids == ids].all()
    # Within one thing, too, one limb may be drawn in place of the one behind it: as rare as wrong ids.
    wrong = np.abs(frames.depth[same] / truth[same] - 1) > 2e-3
    assert wrong.mean() < TOLERATED
    assert np.median(np.abs(frames.depth[same] / truth[same] - 1)) < 1e-5


def test_counts_and_boxes_are_those_of_the_ids(pair: tuple[SceneBatch, Frames, list[Truth]]) -> None:
    """Exactly: both come from the same picture, one counted on the device and one here."""
    _, frames, _ = pair
    assert frames.ids is not None
    assert frames.whole_mask is not None
    np.testing.assert_array_equal(frames.visible, (frames.ids == 2).sum((1, 2)))
    np.testing.assert_array_equal(frames.whole, frames.whole_mask.sum((1, 2)))
    np.testing.assert_array_equal(frames.box, [box_of(ids == 2) for ids in frames.ids])
    np.testing.assert_array_equal(frames.whole_box, [box_of(mask) for mask in frames.whole_mask])


def test_boxes_agree_with_the_reference_to_a_pixel(pair: tuple[SceneBatch, Frames, list[Truth]]) -> None:
    _, frames, truths = pair
    for i, truth in enumerate(truths):
        assert np.abs(frames.whole_box[i] - box_of(truth.whole)).max() <= 1
        if (truth.ids == 2).sum() > 20:  # of a subject that is all but hidden, a single sample can be the box
            assert np.abs(frames.box[i] - box_of(truth.ids == 2)).max() <= 1


def test_four_samples_count_quarters_of_pixels(renderer: Renderer) -> None:
    scene = scenes.random(4, count=5, samples=4)
    frames = renderer.render(scene)
    for i in range(len(scene)):
        truths = [cast(scene, i, offset) for offset in FOUR]
        visible = np.stack([t.ids == 2 for t in truths])
        whole = np.stack([t.whole for t in truths])
        allowed = 4 * TOLERATED * scene.size**2 / 4
        assert abs(frames.visible[i] - visible.sum() / 4) <= allowed
        assert abs(frames.whole[i] - whole.sum() / 4) <= allowed
        assert frames.visible[i] * 4 == int(frames.visible[i] * 4)
        assert np.abs(frames.whole_box[i] - box_of(np.asarray(whole.any(0)))).max() <= 1


def test_random_scenes_show_what_they_should() -> None:
    """The comparison is only worth something where all kinds of things are seen, in front of and behind the subject."""
    truths = [truth for seed in SEEDS for truth in truths_of(seed)]
    ids = np.stack([t.ids for t in truths])
    whole = np.stack([t.whole for t in truths])
    assert all((ids == name).mean() > 0.01 for name in range(6))
    hidden = (whole & (ids > 2)).sum((1, 2)) / whole.sum((1, 2))
    assert (hidden > 0.1).sum() >= 5
    assert whole.mean() > 0.05


def test_the_reference_itself_on_a_scene_worked_by_hand() -> None:
    """A cube of 1 m, its front face 3.5 m before the camera, seen straight on with a field of view of 2·atan ½."""
    scene = scenes.plain(eye=(0, 0.5, 4), fov=2 * np.arctan(0.5))
    truth = cast(scene, 0, CENTRE[0])
    half = 0.5 / (3.5 * 0.5) * 32  # pixels from the middle to the face's edge: 9.14
    first, last = int(np.ceil(32 - half - 0.5)), int(np.ceil(32 + half - 0.5))
    assert box_of(truth.ids == 2).tolist() == [first, first, last, last]
    assert truth.depth[32, 32] == pytest.approx(3.5)
    assert truth.depth[0, 0] == np.inf
    # The lowest row looks down by 63/64 · ½ for each metre ahead, and meets the ground where that makes 0.5 m.
    assert truth.depth[63, 0] == pytest.approx(0.5 / (0.5 * 63 / 64))


def _outlines(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Pixels (B, S, S) whose 3 × 3 neighbourhood holds another value than their own."""
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)), mode="edge")
    height, width = values.shape[1:]
    near = [padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.asarray(np.any([neighbour != values for neighbour in near], axis=0))
