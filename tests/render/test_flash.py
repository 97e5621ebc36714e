"""Light from a flash falls off with the square of the distance from the camera, on whatever it falls."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from diorama.assets.subject import Material
from diorama.render.renderer import Renderer
from diorama.scene.batch import SHAPES, SceneBatch
from tests.reference import rigs, scenes
from tests.reference.photometry import radiance

GREY = scenes.flat_surface((188, 188, 188))  # linear 0.5
LEVEL, METRES = 0.6, 3.0
"""Radiance of white at this distance."""


def lit(scene: SceneBatch, metres: float = METRES) -> SceneBatch:
    """The same in the dark, but for a flash."""
    scene.sky_exposure[0] = 0
    return replace(scene, flash=np.full(len(scene), metres, np.float32))


def facing(kind: str, distance: float) -> SceneBatch:
    """A plane of albedo 0.5 or more that fills the picture, square before the camera, lit from there."""
    grey = Material(base_color=(0.5, 0.5, 0.5, 1), roughness=1, fur=0.3 * (kind == "fur"))
    size = (1.0, 1.0, 1.0)
    place: ArrayLike = (0, 0, 0)
    eye, target = np.array([0, 0.5, 0.5 + distance]), np.array([0, 0.5, 0.0])
    toward = (0, 0, 1)
    if kind == "ground":
        place, toward = (9, 0, 0), (0, 1, 0)
        eye, target = np.array([0, distance, 0.001]), np.zeros(3)
    elif kind == "object":  # its front lies where that of the subject would
        size = (0.2, 0.2, 0.2)
    scene = scenes.plain(
        rigs.box(size, material=grey), eye=eye, target=target, fov=2 * np.arctan(0.1 / distance),
        sun=[LEVEL * np.pi] * 3, toward_sun=toward, ground=GREY, place=place,
    )  # fmt: skip
    if kind == "object":
        scene.shape[0, 0] = SHAPES.index("box")
        scene.transform[0, 0] = np.array([[1, 0, 0, 0], [0, 1, 0, 0.5], [0, 0, 0.5, 0.25]], np.float32)
    elif kind == "surface":
        scene.subject_surface[0] = 0
    return lit(scene)


def shown(renderer: Renderer, scene: SceneBatch) -> tuple[float, float]:
    """The mean radiance of the picture's middle, and how far off that is."""
    frames = renderer.render(scene, depth=True)
    assert frames.depth is not None
    middle = np.s_[0, 16:48, 16:48]
    return float(radiance(frames.rgba[..., :3][middle]).mean()), float(frames.depth[middle].mean())


@pytest.mark.parametrize("kind", ["imported", "fur", "surface", "object", "ground"])
def test_twice_as_far_is_a_quarter_as_bright(renderer: Renderer, kind: str) -> None:
    (near, close), (far, away) = (shown(renderer, facing(kind, d)) for d in (2.2, 4.4))
    assert away == pytest.approx(2 * close, rel=0.05)
    assert near / far == pytest.approx((away / close) ** 2, rel=0.04)
    if kind != "fur":  # whose hairs scatter
        assert near == pytest.approx(0.5 * LEVEL * (METRES / close) ** 2, rel=0.06)


def test_what_is_very_near_is_lit_within_bounds(renderer: Renderer) -> None:
    scenes_near = [lit(facing("imported", distance), metres=2.0) for distance in (0.3, 0.6, 1.0)]
    for scene in scenes_near:
        scene.sun[0] = 0.4 * np.pi
        assert shown(renderer, scene)[0] == pytest.approx(3 * 0.5 * 0.4, rel=0.05)


def test_scenes_without_a_flash_are_as_ever_beside_those_with_one(renderer: Renderer) -> None:
    plain = scenes.random(41, count=4)
    distance = np.zeros(4, np.float32)
    none = renderer.render(replace(plain, flash=distance)).rgba
    np.testing.assert_array_equal(none, renderer.render(plain).rgba)
    distance = np.array([0, 3, 0, 2], np.float32)
    some = renderer.render(replace(plain, flash=distance)).rgba
    np.testing.assert_array_equal(some[::2], none[::2])
    assert (some[1::2] != none[1::2]).any(axis=(1, 2, 3)).all()


def test_labels_are_those_of_any_light(renderer: Renderer) -> None:
    plain = scenes.random(42, count=4)
    flashed = replace(plain, flash=np.full(4, 3, np.float32))
    told: list[list[NDArray[np.generic] | None]] = []
    for scene in (plain, flashed):
        frames = renderer.render(scene, ids=True, depth=True)
        told.append([frames.ids, frames.depth, frames.visible, frames.whole, frames.box])
    for one, other in zip(*told, strict=True):
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one, other)
