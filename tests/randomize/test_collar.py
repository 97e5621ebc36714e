"""Collars: off unless asked for, only on animals that have a drawn coat and a neck, square across it but for a tilt."""

import colorsys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from diorama.assets.subject import Subject
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import COLLAR
from tests.randomize.fakes import FakeCatalogue
from tests.reference import rigs

INDEX = np.arange(60)
PAPER = Recipe(classes=("cat", "dog", "bike"))
WITH = PAPER.pin("collar.present=true")
STATURE = 2.0
LEAN = np.radians(35)
"""How far the necks below lean forward."""

FIRST = np.array([0.0, 0.8, 0.6])
UPWARD = np.array([0.0, np.cos(LEAN), np.sin(LEAN)])
LOWER, UPPER = 0.2, 0.5
"""Metres, from the first joint of the neck to the middle, and from there to the head."""


class Necked(FakeCatalogue):
    """Cats have a neck and a coat, dogs a neck alone, bikes a coat alone."""

    def subject(self, id: str, /) -> Subject:
        return _subject(id, super().subject(id))


@cache
def _subject(id: str, fake: Subject) -> Subject:
    if id.startswith("bike/"):
        return fake
    tube = rigs.tube()
    inverse = tube.skeleton.inverse_bind.copy()
    for k, along in enumerate((0, LOWER, LOWER + UPPER)):
        turn = rigs.about(0, 0.3 * k)  # joints may be turned in any way
        inverse[k, :3, :3], inverse[k, :3, 3] = turn, -turn @ (FIRST + along * UPWARD)
    skeleton = replace(tube.skeleton, names=("neck1", "neck2", "head"), inverse_bind=inverse)
    coats = fake.coats if id.startswith("cat/") else ()
    return replace(tube, id=id, skeleton=skeleton, coats=coats, stature=STATURE)


def test_the_paper_has_none() -> None:
    for recipe in (PAPER, PAPER.omit("collar"), WITH.replace(classes=("bike", "dog"))):
        assert compose(recipe, Necked(), INDEX).scene.collar is None


def test_none_without_a_head_or_without_joints_below_it() -> None:
    assert compose(WITH, FakeCatalogue(), INDEX).scene.collar is None  # boxes on one joint, and a chain without names

    class Short(Necked):
        def subject(self, id: str, /) -> Subject:
            subject = super().subject(id)
            names = ("neck", "head", "ears") if len(subject.skeleton.names) == 3 else subject.skeleton.names
            return replace(subject, skeleton=replace(subject.skeleton, names=names))

    assert compose(WITH, Short(), INDEX).scene.collar is None


def test_some_wear_one_and_others_not_and_nothing_else_changes() -> None:
    recipe = PAPER.pin("collar.present={space: bernoulli, p: 0.5}")
    plain, composition = (compose(r, Necked(), INDEX) for r in (PAPER, recipe))
    scene = composition.scene
    assert scene.collar is not None
    worn = composition.columns["collar.present"] & (INDEX % 3 == 0)
    assert 3 < worn.sum() < 17
    np.testing.assert_array_equal(scene.collar[:, COLLAR.index("half_width")] > 0, worn)
    assert not scene.collar[~worn].any()
    for name in ("view", "palette", "coat", "tint", "sun", "sun_direction", "sky", "ground", "shape", "transform"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(plain.scene, name))


def test_it_lies_about_the_neck_where_its_columns_say() -> None:
    composition = compose(WITH.replace(classes=("cat",)), Necked(), INDEX)
    columns, collar = composition.columns, composition.scene.collar
    assert collar is not None
    assert 2 * collar[:, 3] == pytest.approx(columns["collar.width"], rel=1e-6)
    along = LOWER * (1 + columns["collar.place"])
    assert collar[:, 4:6] == pytest.approx((FIRST + along[:, None] * UPWARD)[:, 1:] / STATURE, abs=1e-6)
    axis = collar[:, 6:]
    assert np.linalg.norm(axis, axis=1) == pytest.approx(1, abs=1e-6)
    tilt = np.degrees(np.arctan2(axis[:, 1], axis[:, 0]) - LEAN)
    assert tilt == pytest.approx(20, abs=0.2)  # the throat's side hangs lower than square across the neck


def test_colours_are_those_of_the_hexcone() -> None:
    recipe = WITH.replace(classes=("cat",)).pin("collar.brightness={space: uniform, low: 0, high: 1}")
    composition = compose(recipe, Necked(), np.arange(300))
    columns, collar = composition.columns, composition.scene.collar
    assert collar is not None
    hsv = zip(*(columns[f"collar.{key}"].tolist() for key in ("hue", "saturation", "brightness")), strict=True)
    assert collar[:, :3] == pytest.approx(np.array([colorsys.hsv_to_rgb(h / 360, s, v) for h, s, v in hsv]), abs=1e-6)
    for hue, rgb in ((0, (1, 0, 0)), (60, (1, 1, 0)), (120, (0, 1, 0)), (240, (0, 0, 1)), (360, (1, 0, 0))):
        pure = recipe.pin("collar.hue", hue).pin("collar.saturation=1").pin("collar.brightness=1")
        collar = compose(pure, Necked(), np.arange(1)).scene.collar
        assert collar is not None
        assert collar[0, :3].tolist() == list(rgb)
