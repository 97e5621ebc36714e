"""Age and build."""

import numpy as np
import pytest

from diorama.assets.subject import PROPORTIONS
from diorama.randomize.compose import compose
from diorama.randomize.growth import grown, grows
from diorama.randomize.recipe import Recipe
from tests.assets.test_animate import puppet
from tests.randomize.fakes import FakeCatalogue

INDEX = np.arange(12)


def test_the_young_are_small_with_big_heads_and_short_muzzles_and_legs() -> None:
    ages = np.linspace(0, 1, 9)
    size, proportions = grown(ages, np.zeros(9))
    table = dict(zip(PROPORTIONS, proportions.T, strict=True))
    assert (np.diff(size) > 0).all()
    assert (np.diff(table["head"]) < 0).all()
    for name in ("muzzle", "legs", "neck", "tail"):
        assert (np.diff(table[name]) > 0).all()
    assert size[-1] == 1
    assert proportions[-1] == pytest.approx(1)


def test_the_stocky_are_thick_on_short_legs_and_the_lean_their_opposites() -> None:
    _, proportions = grown(np.ones(3), np.array([-1.0, 0.0, 1.0]))
    table = dict(zip(PROPORTIONS, proportions.T, strict=True))
    assert (np.diff(table["girth"]) > 0).all()
    assert (np.diff(table["legs"]) < 0).all()
    assert proportions[0] * proportions[2] == pytest.approx(1)
    assert proportions[1] == pytest.approx(1)


def test_only_animals_grow() -> None:
    assert grows(puppet().skeleton)
    boxes = Recipe(classes=("cat",)).omit("pose")  # the stand-ins of this class are boxes without joints
    old, young = (compose(boxes.pin(f"subject.age={age}"), FakeCatalogue(), INDEX) for age in (1, 0))
    assert np.array_equal(old.scene.palette, young.scene.palette)
    assert set(young.columns["subject.age"].tolist()) == {0.0}


def test_omitting_the_subject_gives_a_grown_animal_of_middle_build() -> None:
    columns = compose(Recipe().omit("subject"), FakeCatalogue(), INDEX).columns
    assert set(columns["subject.age"].tolist()) == {1.0}
    assert set(columns["subject.build"].tolist()) == {0.0}


def test_omitting_the_pose_leaves_the_bearing_neutral() -> None:
    columns = compose(Recipe().omit("pose"), FakeCatalogue(), INDEX).columns
    for name in ("head_yaw", "head_tilt", "ears", "tail_lift", "mouth", "eyelids"):
        assert set(columns[f"pose.{name}"].tolist()) == {0.0}
