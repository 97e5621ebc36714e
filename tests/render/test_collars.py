"""A collar is drawn about the neck of an embedded animal, and changes no label and nothing beside it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.keypoints import keypoints
from diorama.assets.library import Catalogue
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.render.frames import SUBJECT
from diorama.render.keypoints import project
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch

SIDE = Recipe(size=192).omit("obstructors").omit("pose").omit("camera").pin("camera.direction=80,10")
RED = ("collar.present=true", "collar.hue=0", "collar.saturation=1", "collar.brightness=0.6")
LABELS = ("ids", "depth", "visible", "whole", "box", "extent", "whole_mask")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open(None, ("cat", "bike", "car"))


def pair(catalogue: Catalogue, model: str, *pins: str) -> tuple[SceneBatch, SceneBatch]:
    """A model without and with a red collar."""
    recipe = SIDE.replace(classes=(model.partition("/")[0],)).pin("subject.model", model)
    worn = recipe
    for pin in (*RED, *pins):
        worn = worn.pin(pin)
    return compose(recipe, catalogue, np.arange(2)).scene, compose(worn, catalogue, np.arange(2)).scene


def differ(renderer: Renderer, bare: SceneBatch, worn: SceneBatch) -> NDArray[np.bool_]:
    """(B, S, S) where the pictures differ, of the subject alone; labels must not."""
    one, other = (renderer.render(scene, ids=True, depth=True) for scene in (bare, worn))
    for name in LABELS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    changed = (one.rgba != other.rgba).any(-1)
    assert one.ids is not None
    assert not (changed & (one.ids != SUBJECT)).any()
    return np.asarray(changed)


def test_a_cat_wears_it_about_its_neck(catalogue: Catalogue, renderer: Renderer) -> None:
    bare, worn = pair(catalogue, "cat/shorthair")
    changed = differ(renderer, bare, worn)
    cat = worn.subjects[0]
    skeleton = cat.skeleton
    joints = [skeleton.names.index(name) for name in ("neck1", "neck2", "head")]
    bind = np.linalg.inv(skeleton.inverse_bind[joints].astype(np.float64))[:, :3, 3]
    palette = worn.palette[:, joints].astype(np.float64)
    world = np.einsum("bkrc,kc->bkr", palette[..., :3], bind) + palette[..., 3]
    first, middle, head = project(worn, np.arange(2), world)[..., :2].swapaxes(0, 1)
    points = keypoints(cat)
    nose = project(worn, np.arange(2), points.posed(worn.palette)[0])[:, points.names.index("nose"), :2]
    picture = renderer.render(worn).rgba[..., :3].astype(int)
    for i in range(2):
        rows, columns = np.nonzero(changed[i])
        place = np.stack([columns, rows], 1) + 0.5
        assert len(place) > 15
        assert np.linalg.norm(place - middle[i], axis=1).max() < 0.75 * np.linalg.norm(nose[i] - middle[i])
        along = (place - first[i]) @ (head[i] - first[i]) / ((head[i] - first[i]) ** 2).sum()
        assert 0.2 < np.median(along) < 1
        assert np.linalg.norm(place - nose[i], axis=1).min() > 0.5 * np.linalg.norm(nose[i] - middle[i])
        red = picture[i][changed[i]]
        assert (red[:, 0] > 2 * red[:, 1:].max(1)).mean() > 0.6


def test_a_wider_one_covers_more(catalogue: Catalogue, renderer: Renderer) -> None:
    covered = [
        int(differ(renderer, *pair(catalogue, "cat/shorthair", f"collar.width={width}")).sum())
        for width in (0.03, 0.06, 0.12)
    ]
    assert 1.4 * covered[0] < covered[1]
    assert 1.4 * covered[1] < covered[2]


def test_what_lies_in_its_plane_but_far_from_the_neck_stays(catalogue: Catalogue, renderer: Renderer) -> None:
    bare, worn = pair(catalogue, "cat/shorthair")
    band = np.tile(np.array([1, 0, 0, 1, 1, 0.3, 0, 1], np.float32), (2, 1))  # as wide as the whole cat, at its back
    changed = differ(renderer, bare, replace(worn, collar=band))
    points = keypoints(worn.subjects[0])
    y = project(worn, np.arange(2), points.posed(worn.palette)[0])[..., 1]
    for i in range(2):
        neck, paw = (y[i, points.names.index(name)] for name in ("neck", "left_front_paw"))
        assert changed[i].sum() > 1000
        assert np.nonzero(changed[i])[0].max() < neck + 0.6 * (paw - neck)


@pytest.mark.parametrize("model", ["bike/bmx", "car/hatchback"])
def test_bikes_and_cars_stay_as_they_are(catalogue: Catalogue, renderer: Renderer, model: str) -> None:
    bare, worn = pair(catalogue, model)
    assert worn.collar is None
    band = np.zeros((2, 8), np.float32)
    band[:] = (1, 0, 0, 1, 0.3, 0, 1, 0)  # even one that would cover all of it
    forced = replace(worn, collar=band)
    assert not differ(renderer, bare, forced).any()


def test_who_wears_a_surface_wears_no_collar(catalogue: Catalogue, renderer: Renderer) -> None:
    bare, worn = pair(catalogue, "cat/shorthair")
    dressed = [replace(scene, subject_surface=scene.ground) for scene in (bare, worn)]
    assert worn.collar is not None
    assert not differ(renderer, *dressed).any()
