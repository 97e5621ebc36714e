"""What comes with each accepted image beside its pixels: the planes that its recipe asks for."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.dataset.planes import PLANES
from diorama.errors import BatchError
from diorama.images import images
from diorama.randomize.compose import compose
from diorama.randomize.recipe import LABELS, Recipe
from diorama.render.pool import MEMORY
from diorama.render.renderer import Renderer
from tests import tiny
from tests.reference.raycast import box_of


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return Catalogue.open(tiny.models(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """One under which every other image is drawn anew: subjects are small or hidden more often than not."""
    visibility = {"min_visible": 0.9, "min_share": 0.15}
    return tiny.recipe(visibility=visibility, labels=LABELS).pin("obstructors.count={space: integer, low: 2, high: 5}")


@pytest.fixture(scope="module")
def made(recipe: Recipe, catalogue: Catalogue, renderer: Renderer) -> dict[int, tuple[Any, dict[str, NDArray[Any]]]]:
    """For each of 24 images, its pixels and its planes, and that it was drawn anew in the first column."""
    found = {}
    for batch in images(recipe, catalogue, renderer, range(24), 8):
        for row, index in enumerate(batch.samples.index.tolist()):
            planes = {name: plane[row] for name, plane in batch.planes.items()}
            found[index] = ((batch.samples.attempt[row], batch.samples.box[row], batch.rgba[row]), planes)
    return found


def test_planes_are_those_asked_for(recipe: Recipe, catalogue: Catalogue, renderer: Renderer) -> None:
    for names in ((), ("mask",), ("depth", "ids")):
        batch = next(images(recipe.replace(labels=names), catalogue, renderer, range(4), 4))
        assert set(batch.planes) == set(names)
        assert all(len(plane) == len(batch.rgba) for plane in batch.planes.values())


def test_planes_have_the_types_that_they_are_written_in(made: dict[int, Any]) -> None:
    kinds = {"mask": np.bool_, "amodal": np.bool_, "ids": np.uint8, "depth": np.float32, "normals": np.float32}
    for _, planes in made.values():
        assert set(planes) == set(PLANES)
        for name, plane in planes.items():
            assert plane.dtype == kinds[name]
            assert plane.shape == ((64, 64, 3) if name == "normals" else (64, 64))


def test_planes_are_of_the_accepted_attempt(recipe: Recipe, catalogue: Catalogue, made: dict[int, Any]) -> None:
    """Each image drawn again alone, at the attempts that its labels tell of, has the same planes."""
    renderer = Renderer()
    again = 0
    for index, ((attempt, box, rgba), planes) in made.items():
        again += int(attempt.sum() > 0)
        scene = compose(recipe, catalogue, np.array([index]), attempt[None]).scene
        frames = renderer.render(scene, ids=True, depth=True, normals=True)
        assert frames.ids is not None
        assert frames.whole_mask is not None
        assert frames.depth is not None
        assert frames.normals is not None
        np.testing.assert_array_equal(rgba, frames.rgba[0])
        np.testing.assert_array_equal(planes["ids"], frames.ids[0])
        np.testing.assert_array_equal(planes["amodal"], frames.whole_mask[0])
        np.testing.assert_array_equal(planes["depth"], frames.depth[0])
        np.testing.assert_array_equal(planes["normals"], frames.normals[0])
        np.testing.assert_array_equal(planes["mask"], planes["ids"] == 2)
        np.testing.assert_array_equal(box, box_of(planes["mask"]))
    assert len(made) == 24
    assert again > 6


def test_images_are_the_same_in_whatever_company(
    recipe: Recipe, catalogue: Catalogue, renderer: Renderer, made: dict[int, Any]
) -> None:
    for ahead in (16, 24):
        for batch in images(recipe, catalogue, renderer, range(24), 8, ahead=ahead):
            for row, index in enumerate(batch.samples.index.tolist()):
                np.testing.assert_array_equal(batch.rgba[row], made[index][0][2])


def test_images_of_one_model_are_drawn_together(catalogue: Catalogue, renderer: Renderer) -> None:
    recipe = tiny.recipe(visibility={"min_visible": 0.0, "min_share": 0.0})
    drawn = [batch.samples.subject.tolist() for batch in images(recipe, catalogue, renderer, range(28), 4, ahead=16)]
    assert [sorted(set(names)) for names in drawn[-4:]] == [["cat/model"]] * 2 + [["dog/model"]] * 2


def test_a_batch_that_is_too_much_for_the_device_is_drawn_in_parts(
    catalogue: Catalogue, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds = "surfaces.ground={space: choice, options: [checks, plastic]}"
    recipe = tiny.recipe(visibility={"min_visible": 0.0, "min_share": 0.0})
    recipe = recipe.omit("obstructors").omit("texturize_subject").pin(grounds)
    expected = next(images(recipe, catalogue, renderer, range(6), 6))
    assert len(set(expected.samples.columns["surfaces.ground"].tolist())) == 2
    monkeypatch.setenv(MEMORY, "3")  # room for one surface
    parts = list(images(recipe, catalogue, Renderer(), range(6), 6))
    assert len(parts) > 1
    found = {i: rgba for part in parts for i, rgba in zip(part.samples.index.tolist(), part.rgba, strict=True)}
    assert sorted(found) == list(range(6))
    for index, rgba in zip(expected.samples.index.tolist(), expected.rgba, strict=True):
        np.testing.assert_array_equal(found[index], rgba)


def test_an_image_that_is_too_much_alone_says_so(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tiny.recipe().pin("obstructors.count=3")
    monkeypatch.setenv(MEMORY, "3")
    with pytest.raises(BatchError, match="surfaces of one batch"):
        list(images(recipe, catalogue, Renderer(), range(4), 4))
