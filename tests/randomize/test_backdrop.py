"""The backdrop: off unless asked for, behind the subject from every side, its own draws apart."""

import numpy as np

from diorama.assets.backdrops import backdrop_mesh
from diorama.randomize.compose import compose
from diorama.randomize.factors.obstructors import SLOTS
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import BACKDROPS, SHAPES
from tests.randomize.fakes import FakeCatalogue

INDEX = np.arange(60)
PAPER = Recipe(classes=("cat",))
WITH = PAPER.pin("backdrop.present=true")


def test_the_paper_has_none() -> None:
    assert compose(PAPER, FakeCatalogue(), INDEX).scene.shape.shape == (len(INDEX), SLOTS)


def test_it_adds_a_slot_and_changes_no_other() -> None:
    without, scene = (compose(recipe, FakeCatalogue(), INDEX).scene for recipe in (PAPER, WITH))
    for name in ("shape", "transform", "surface_uv"):
        np.testing.assert_array_equal(getattr(without, name), getattr(scene, name)[:, :SLOTS])
    assert set((scene.shape[:, SLOTS] - len(SHAPES)).tolist()) == set(range(len(BACKDROPS)))


def test_some_images_have_one_and_others_not() -> None:
    recipe = PAPER.pin("backdrop.present={space: bernoulli, p: 0.5}")
    composition = compose(recipe, FakeCatalogue(), INDEX)
    there = composition.scene.shape[:, SLOTS] >= 0
    assert 10 < there.sum() < 50
    np.testing.assert_array_equal(there, composition.columns["backdrop.present"])


def test_subject_and_camera_are_before_it() -> None:
    """Every face's plane has the whole sphere about the subject and the camera on one side: nothing is hidden."""
    recipe = WITH.pin("camera.direction={space: upper_hemisphere, elevation: [0, 89]}")
    scene = compose(recipe, FakeCatalogue(), INDEX).scene
    eye = -np.einsum("brc,br->bc", scene.view[:, :, :3], scene.view[:, :, 3])
    for row in range(len(INDEX)):
        name = BACKDROPS[scene.shape[row, SLOTS] - len(SHAPES)]
        rotation, offset = scene.transform[row, SLOTS, :, :3], scene.transform[row, SLOTS, :, 3]
        points = backdrop_mesh(name).positions @ rotation.T + offset
        out = rotation[:, 2] / np.linalg.norm(rotation[:, 2])
        side = rotation[:, 0] / np.linalg.norm(rotation[:, 0])
        faces = [(out + side) / np.sqrt(2), (out - side) / np.sqrt(2)] if name == "corner" else [out]
        for face in faces:
            assert (eye[row] - scene.center[row]) @ face > 0
        # of each point, the plane that it lies behind
        behind = np.min([(points - scene.center[row]) @ face for face in faces], axis=0)
        assert behind.max() < -scene.radius[row]


def test_it_goes_on_from_the_ground_where_asked() -> None:
    scene = compose(WITH.pin("backdrop.continued=true"), FakeCatalogue(), INDEX).scene
    np.testing.assert_array_equal(scene.surface[:, SLOTS], scene.ground)
