"""Photos behind the scene, and suns of skies: off or silent unless asked for, their own draws apart."""

from dataclasses import replace

import numpy as np
import pytest

from diorama.assets.surroundings import Sky, Sun
from diorama.errors import RecipeError
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import FLOORS
from tests.randomize.fakes import FakeCatalogue

INDEX = np.arange(60)
PAPER = Recipe(classes=("cat",))
WITH = PAPER.pin("photo.present=true")


class Bare(FakeCatalogue):
    photos = ()  # type: ignore[assignment]


class Sunny(FakeCatalogue):
    """Of its skies the first has a sun in the east, the second none at all; the third does not know."""

    def sky(self, id: str, /) -> Sky:
        east = Sun(np.array([0.8, 0.6, 0], np.float32), np.array([3, 2, 1], np.float32))
        suns = {"sky0": east, "sky1": replace(east, irradiance=np.zeros(3, np.float32)), "sky2": None}
        return replace(super().sky(id), sun=suns[id])


def test_the_paper_has_no_photo() -> None:
    scene = compose(PAPER, FakeCatalogue(), INDEX).scene
    assert (scene.photo, scene.photos, scene.floor) == (None, (), None)
    assert scene.sky_tint is not None
    assert (scene.sky_tint == 1).all()


def test_it_changes_nothing_but_what_is_behind_and_the_light() -> None:
    without, scene = (compose(recipe, FakeCatalogue(), INDEX).scene for recipe in (PAPER, WITH))
    for name in ("view", "palette", "shape", "transform", "ground", "sky", "sky_exposure", "sun_direction"):
        np.testing.assert_array_equal(getattr(without, name), getattr(scene, name))


def test_the_cut_lies_within_the_photo_and_goes_to_its_edges() -> None:
    scene = compose(WITH, FakeCatalogue(), np.arange(400)).scene
    assert scene.photo_crop is not None
    left, top, side, mirrored = scene.photo_crop.T
    assert ((left >= 0) & (left + side <= 160 / 96 + 1e-6) & (top >= 0) & (top + side <= 1 + 1e-6)).all()
    assert left.min() < 0.05
    assert (left + side).max() > 1.6
    assert side.min() < 0.55
    assert side.max() > 0.95
    assert 0.4 < (mirrored < 0).mean() < 0.6


def test_light_takes_on_the_photo_as_far_as_asked() -> None:
    scenes = [compose(WITH.pin(f"photo.match={m}"), FakeCatalogue(), INDEX).scene for m in (0, 1)]
    none, full = (scene.sky_tint for scene in scenes)
    assert none is not None
    assert full is not None
    assert (none == 1).all()
    photo = scenes[1].photo
    assert photo is not None
    means = np.stack([p.mean for p in scenes[1].photos])[photo]
    assert full == pytest.approx(np.clip(means / 0.2, 0.25, 3), rel=1e-5)
    assert scenes[1].sun == pytest.approx(scenes[0].sun * full, rel=1e-5)


def test_some_have_one_and_others_not() -> None:
    recipe = PAPER.pin("photo.present={space: bernoulli, p: 0.5}").pin("photo.ground=drawn")
    composition = compose(recipe, FakeCatalogue(), INDEX)
    scene = composition.scene
    assert scene.photo is not None
    assert scene.floor is not None
    np.testing.assert_array_equal(scene.photo >= 0, composition.columns["photo.present"])
    assert (scene.floor == FLOORS.index("drawn")).all()


def test_without_photos_none_can_be_asked_for() -> None:
    composition = compose(PAPER, Bare(), INDEX)
    assert set(composition.columns["photo.image"].tolist()) == {""}
    with pytest.raises(RecipeError, match="there are no photos"):
        compose(WITH, Bare(), INDEX)


def test_a_sky_that_knows_its_sun_sets_it_turned_with_the_sky() -> None:
    composition, free = (compose(PAPER.pin(f"sky.sun={told}"), Sunny(), INDEX) for told in ("true", "false"))
    scene, other = composition.scene, free.scene
    names = composition.columns["sky.map"]
    assert set(names.tolist()) == {"sky0", "sky1", "sky2"}
    east, none, silent = (names == f"sky{k}" for k in range(3))
    assert scene.sun[east] == pytest.approx(np.outer(scene.sky_exposure[east], [3, 2, 1]), rel=1e-5)
    turned = scene.sky_rotation[east]
    expected = np.stack([0.8 * np.cos(turned), 0.6 + 0 * turned, -0.8 * np.sin(turned)], -1)
    assert scene.sun_direction[east] == pytest.approx(expected, abs=1e-5)
    assert not scene.sun[none].any()
    np.testing.assert_array_equal(scene.sun[silent], other.sun[silent])
    np.testing.assert_array_equal(scene.sun_direction[silent], other.sun_direction[silent])
    # the labels tell of the sun that is seen
    told = composition.derived
    assert told["sun.elevation"][east] == pytest.approx(np.degrees(np.arcsin(0.6)), abs=1e-3)
    assert told["sun.azimuth"][east] == pytest.approx((90 + np.degrees(turned)) % 360, abs=1e-3)
    assert (told["sun.intensity"][none] == 0).all()
    assert told["sun.azimuth"][silent] == pytest.approx(composition.columns["light.direction.azimuth"][silent] % 360)
    assert told["sun.intensity"][silent] == pytest.approx(composition.columns["light.intensity"][silent], rel=1e-3)
