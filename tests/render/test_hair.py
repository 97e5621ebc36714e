"""Layers of hair widen a furred subject's outline, in the picture and in its labels alike, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from diorama.assets.subject import HAIR, Material
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch
from tests.reference import rigs, scenes

SAMPLES = pytest.mark.parametrize("samples", [1, 4])


def shown(kind: str = "long", fur: float = 1.0, hair: int = 6, samples: int = 1) -> SceneBatch:
    """A furred tube before a bright sky."""
    coat = Material(base_color=(0.2, 0.15, 0.1, 1), fur=fur, hair=kind, hair_length=0.12)
    scene = scenes.plain(rigs.tube(material=coat), eye=(0, 1, 3), size=128, samples=samples)
    return replace(scene, hair=hair)


@SAMPLES
@pytest.mark.parametrize("kind", HAIR)
def test_hair_stands_beyond_the_skin(renderer: Renderer, kind: str, samples: int) -> None:
    bald, hairy = (renderer.render(shown(kind, hair=hair, samples=samples), ids=True) for hair in (0, 6))
    assert bald.whole[0] * 1.02 < hairy.whole[0] < bald.whole[0] * 2
    assert bald.whole_mask is not None
    assert hairy.whole_mask is not None
    assert (hairy.whole_mask | ~bald.whole_mask).all(), "no skin is lost"
    assert (hairy.rgba[..., 3] == 255).all()
    outside = ~hairy.whole_mask & ~bald.whole_mask
    changed = np.abs(hairy.rgba[..., :3].astype(int) - bald.rgba[..., :3]).max(-1) > 2
    if samples == 1:
        assert not (changed & outside).any()


def test_labels_count_the_hair_that_is_seen(renderer: Renderer) -> None:
    frames = renderer.render(shown(), ids=True)
    assert frames.ids is not None
    assert frames.visible[0] == (frames.ids[0] == 2).sum()


def test_hair_behind_an_obstructor_is_hidden(renderer: Renderer) -> None:
    scene = shown()
    scene.shape[0, 0] = 0
    scene.transform[0, 0] = np.array([[3, 0, 0, 0], [0, 3, 0, 0.5], [0, 0, 0.1, 1.5]])
    frames = renderer.render(scene)
    assert frames.visible[0] == 0 < frames.whole[0]


def test_what_has_no_fur_has_no_hair(renderer: Renderer) -> None:
    bald, hairy = (renderer.render(shown(fur=0.0, hair=hair)).rgba for hair in (0, 6))
    np.testing.assert_array_equal(bald, hairy)


def test_far_away_there_are_fewer_layers_and_then_none(renderer: Renderer) -> None:
    far = scenes.look_at((0, 1, 120), (0, 0.5, 0))
    bald, hairy = (replace(shown(hair=hair), view=far[None]) for hair in (0, 6))
    np.testing.assert_array_equal(renderer.render(bald).rgba, renderer.render(hairy).rgba)
