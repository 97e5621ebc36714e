"""The camera may be aimed at a subject's head, where its rig has one."""

import numpy as np
import pytest

from diorama.assets.library import Catalogue
from diorama.assets.subject import _HEAD
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import SceneBatch


def _scene(focus: float) -> SceneBatch:
    recipe = Recipe(classes=("cat", "dog")).omit("subject").pin("camera.focus", focus).pin("camera.roll", 0)
    recipe = recipe.pin("camera.aim_right", 0).pin("camera.aim_up", 0)
    return compose(recipe, Catalogue.open(None, ("cat", "dog")), np.arange(12)).scene


def _seen(scene: SceneBatch, points: np.ndarray) -> np.ndarray:
    """(B, 2) where world points (B, 3) lie in the frame, in half heights from its middle."""
    eye = (scene.view[:, :, :3] @ points[..., None])[..., 0] + scene.view[:, :, 3]
    return np.asarray(eye[:, :2] / -eye[:, 2:] / np.tan(scene.fov / 2)[:, None])


def test_full_focus_puts_the_head_in_the_middle_of_the_frame() -> None:
    scene = _scene(1.0)
    heads = []
    for image, subject in enumerate(scene.subject):
        shown = scene.subjects[subject]
        assert shown.head is not None
        joint, place = shown.head
        heads.append(scene.palette[image, joint, :, :3] @ place + scene.palette[image, joint, :, 3])
    assert np.abs(_seen(scene, np.array(heads))).max() < 1e-5
    assert np.abs(_seen(scene, scene.center)).max() > 0.3


def test_no_focus_puts_the_whole_in_the_middle() -> None:
    scene = _scene(0.0)
    assert np.abs(_seen(scene, scene.center)).max() < 1e-5


@pytest.mark.parametrize("name", ["head", "Head", "Bip01_Head", "mixamorig:Head", "Head.001", "CatHead", "DEF-HEAD"])
def test_names_of_heads(name: str) -> None:
    assert _HEAD.search(name)


@pytest.mark.parametrize("name", ["headlight", "Forehead", "heading", "Header", "ahead", "arrowheads"])
def test_names_that_are_none(name: str) -> None:
    assert not _HEAD.search(name)
