"""The camera's flash: off unless asked for, beside the lens, in the place of whatever sun there was."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.surroundings import Sky, Sun
from diorama.randomize.compose import compose
from diorama.randomize.factors.light import blackbody
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import SceneBatch
from tests.randomize.fakes import FakeCatalogue

INDEX = np.arange(60)
PAPER = Recipe(classes=("cat", "bike"))
WITH = PAPER.pin("flash.fires=true")
LIT = ("sun", "sun_direction", "sky_exposure")
"""What a flash changes of a scene, beside `flash`."""


class Sunny(FakeCatalogue):
    """Every sky has a sun of its own."""

    def sky(self, id: str, /) -> Sky:
        sun = Sun(np.array([0.8, 0.6, 0], np.float32), np.array([3, 2, 1], np.float32))
        return replace(super().sky(id), sun=sun)


def eye(scene: SceneBatch) -> NDArray[np.float64]:
    """(B, 3) where the camera is."""
    return np.asarray(-np.einsum("brc,br->bc", scene.view[:, :, :3], scene.view[:, :, 3]), np.float64)


def test_the_paper_has_none() -> None:
    for recipe in (PAPER, PAPER.omit("flash"), PAPER.pin("flash.intensity=3").pin("flash.ambient=0")):
        scene, plain = (compose(r, FakeCatalogue(), INDEX).scene for r in (recipe, PAPER))
        assert scene.flash is None
        for name in LIT:
            np.testing.assert_array_equal(getattr(scene, name), getattr(plain, name))


def test_it_changes_the_light_alone_and_where_it_fires_alone() -> None:
    recipe = PAPER.pin("flash.fires={space: bernoulli, p: 0.5}")
    plain, composition = (compose(r, FakeCatalogue(), INDEX) for r in (PAPER, recipe))
    scene, fires = composition.scene, composition.columns["flash.fires"]
    assert 10 < fires.sum() < 50
    assert scene.flash is not None
    np.testing.assert_array_equal(scene.flash > 0, fires)
    for name in ("view", "palette", "coat", "sky", "sky_rotation", "ground", "shape", "transform", "surface_uv"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(plain.scene, name))
    for name in LIT:
        before, after = getattr(plain.scene, name), getattr(scene, name)
        np.testing.assert_array_equal(after[~fires], before[~fires])
        assert (after[fires] != before[fires]).any(axis=tuple(range(1, after.ndim))).all()


def test_it_stands_over_and_beside_the_lens() -> None:
    recipe = WITH.pin("camera.aim_up={space: uniform, low: -0.3, high: 0.3}")
    scene = compose(recipe.pin("camera.roll={space: uniform, low: -90, high: 90}"), FakeCatalogue(), INDEX).scene
    away = eye(scene) - scene.center
    distance = np.linalg.norm(away, axis=1)
    toward = away / distance[:, None]
    assert np.linalg.norm(scene.sun_direction, axis=1) == pytest.approx(1, abs=1e-6)
    angle = np.degrees(np.arccos((toward * scene.sun_direction).sum(1)))
    assert ((angle > 3) & (angle < 6)).all()  # near enough that its shadows hide, but not in the lens
    beside, over = (((scene.sun_direction - toward) * scene.view[:, row, :3]).sum(1) for row in (0, 1))
    assert (over > beside).all()
    assert (beside > 0).all()
    assert scene.flash == pytest.approx(distance, rel=1e-5)


@pytest.mark.parametrize("catalogue", [FakeCatalogue(), Sunny()], ids=["sun of light", "sun of the sky"])
def test_it_takes_the_place_of_the_sun_and_labels_tell_of_it(catalogue: FakeCatalogue) -> None:
    composition = compose(WITH, catalogue, INDEX)
    scene, columns, told = composition.scene, composition.columns, composition.derived
    expected = np.pi * columns["flash.intensity"][:, None] * blackbody(columns["flash.temperature"])
    assert scene.sun == pytest.approx(expected, rel=1e-5)
    x, y, z = scene.sun_direction.astype(np.float64).T
    assert told["sun.azimuth"] == pytest.approx(np.degrees(np.arctan2(x, z)) % 360, abs=1e-3)
    assert told["sun.elevation"] == pytest.approx(np.degrees(np.arcsin(y)), abs=1e-3)
    assert told["sun.intensity"] == pytest.approx(columns["flash.intensity"], rel=1e-3)


def test_less_is_left_of_the_other_light() -> None:
    composition, plain = (compose(r, FakeCatalogue(), INDEX) for r in (WITH, PAPER))
    left = composition.columns["flash.ambient"]
    assert composition.scene.sky_exposure == pytest.approx(left * plain.scene.sky_exposure, rel=1e-6)
    assert len(np.unique(left)) == len(np.unique(INDEX // 2))
