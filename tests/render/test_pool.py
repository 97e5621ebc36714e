"""What is kept on the device: no more than allowed, and never to be seen in a picture."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from diorama.assets.subject import Material, Subject
from diorama.errors import BatchError, DeviceError
from diorama.render.layout import pack
from diorama.render.pool import MEMORY
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch
from tests.reference import scenes
from tests.reference.rigs import box

SMALL = "6"
"""Room for two of the models below, two surfaces and one sky."""


def textured(shade: int) -> Subject:
    """A box under a picture of 512 × 512 pixels."""
    texture = np.random.default_rng(shade).integers(0, 255, (512, 512, 4), np.uint8)
    return replace(box(), textures=(texture,), materials=(Material(base_color_texture=0),))


@pytest.fixture(scope="module")
def many() -> list[SceneBatch]:
    """Scenes with three models, three surfaces and two skies between them, each of them many times."""
    models = [textured(k) for k in range(3)]
    grounds = [scenes.flat_surface((60 * k, 128, 255 - 60 * k)) for k in range(3)]
    skies = [scenes.uniform_sky((1, 1, 1)), scenes.uniform_sky((0.2, 0.5, 1.5))]
    return [scenes.plain(models[k % 3], sky=skies[k % 2], ground=grounds[k // 2 % 3], size=64) for k in range(12)]


def test_what_has_to_take_turns_is_drawn_as_if_all_were_there(
    renderer: Renderer, many: list[SceneBatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [renderer.render(scene).rgba for scene in many]
    assert len({rgba.tobytes() for rgba in expected}) == 6
    monkeypatch.setenv(MEMORY, SMALL)
    small = Renderer()
    tickets = [small.submit(scene) for scene in many]  # what is taken away may still have to be drawn
    for ticket, rgba in zip(tickets, expected, strict=True):
        np.testing.assert_array_equal(ticket.result().rgba, rgba)


def test_no_more_is_kept_than_allowed(many: list[SceneBatch], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, SMALL)
    small = Renderer()
    for scene in many:
        layout = pack(scene, small.pool, fine=False)
        assert sum(subject.bytes for subject in small.pool._subjects.values()) <= 3 << 20
        assert 0 < layout.shown[0][0].bytes < 2 << 20
    assert len(small.pool._subjects) == 2
    colors, details, skies = small.pool.textures
    assert (colors.size[2], details.size[2], skies.size[2]) == (6, 6, 1)  # four kinds of hair among the surfaces


@pytest.mark.parametrize("kind", ["models", "surfaces", "skies"])
def test_a_batch_that_shows_too_much_says_so(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    more: dict[str, dict[str, Any]] = {
        "models": {"subjects": tuple(textured(k) for k in range(3))},
        "surfaces": {"surfaces": tuple(scenes.flat_surface((k, k, k)) for k in range(3))},
        "skies": {"skies": tuple(scenes.uniform_sky((1, 1, k)) for k in range(2))},
    }
    monkeypatch.setenv(MEMORY, SMALL)
    small = Renderer()
    with pytest.raises(BatchError, match=rf"--batch: the {kind} of one batch are more than the .*{MEMORY}"):
        small.render(replace(scenes.plain(), **more[kind]))
    assert np.asarray(small.render(scenes.plain()).rgba).any()  # and goes on


@pytest.mark.parametrize("said", ["much", "-1", "0", "1.5"])
def test_an_allowance_that_is_no_number_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, said)
    with pytest.raises(DeviceError, match=f"{MEMORY}: is '{said}'"):
        Renderer()
