"""What makes datasets reproducible and ablations comparable, and that scenes are what the columns say."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from diorama.assets import animate
from diorama.assets.coat import ROWS
from diorama.randomize.compose import Composition, compose, models
from diorama.randomize.factor import registered
from diorama.randomize.factors.light import blackbody
from diorama.randomize.recipe import Recipe
from diorama.randomize.tables import columns as described
from diorama.scene.batch import SceneBatch
from tests.randomize.fakes import MODELS, FakeCatalogue

CATALOGUE = FakeCatalogue()
RECIPE = Recipe(classes=("cat", "dog", "bike"))
ALL_ON = RECIPE.pin("texturize_subject.applied", True)
INDEX = np.arange(30)


def resolved(scene: SceneBatch, image: int) -> dict[str, Any]:
    """One scene by content: what its indices point to, not the indices, which are the batch's own."""
    found = {}
    for field in fields(scene):
        value = getattr(scene, field.name)
        if isinstance(value, np.ndarray):
            found[field.name] = value[image].tolist()
    joints = len(scene.subjects[scene.subject[image]].skeleton.parents)
    found["palette"] = scene.palette[image, :joints].tolist()
    found["subject"] = scene.subjects[scene.subject[image]].id
    found["sky"] = scene.skies[scene.sky[image]].id
    found["ground"] = scene.surfaces[scene.ground[image]].id
    found["surface"] = [scene.surfaces[i].id for i in scene.surface[image]]
    worn = scene.subject_surface[image]
    found["subject_surface"] = scene.surfaces[worn].id if worn >= 0 else None
    # the material of an empty slot is nothing that shows
    found["surface"] = [
        s if shape >= 0 else None for s, shape in zip(found["surface"], scene.shape[image], strict=True)
    ]
    return found


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8), st.integers(0, 3), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_an_image_alone_is_the_image_in_any_batch(images: list[int], camera: int, obstructors: int) -> None:
    attempt = np.tile([camera, obstructors], (len(images), 1))
    batch = compose(ALL_ON, CATALOGUE, np.array(images), attempt)
    for row, image in enumerate(images):
        alone = compose(ALL_ON, CATALOGUE, np.array([image]), attempt[:1])
        assert resolved(alone.scene, 0) == resolved(batch.scene, row)
        assert all(np.array_equal(alone.columns[name][0], column[row]) for name, column in batch.columns.items())


def test_order_is_nothing() -> None:
    forward, backward = (compose(RECIPE, CATALOGUE, index) for index in (INDEX, INDEX[::-1]))
    for name, column in forward.columns.items():
        assert np.array_equal(column, backward.columns[name][::-1])


def test_models_are_known_without_composing() -> None:
    for recipe in (RECIPE, RECIPE.omit("subject"), RECIPE.replace(seed=7)):
        shown = compose(recipe, CATALOGUE, INDEX, np.ones((len(INDEX), 2), np.int64)).columns["subject.model"]
        assert models(recipe, CATALOGUE, INDEX).tolist() == shown.tolist()


def test_classes_take_turns_and_growing_keeps_what_there_was() -> None:
    few, many = (compose(RECIPE.replace(per_class=n), CATALOGUE, INDEX) for n in (10, 1000))
    assert all(np.array_equal(few.columns[name], many.columns[name]) for name in few.columns)
    for image, model in zip(INDEX, few.columns["subject.model"], strict=True):
        assert model in MODELS[RECIPE.classes[image % 3]]


BASE = compose(RECIPE, CATALOGUE, INDEX)


def unchanged(changed: Composition, but: str) -> None:
    """No column of another factor has changed."""
    for name, column in BASE.columns.items():
        if not name.startswith(but + "."):
            assert np.array_equal(column, changed.columns[name]), name


@pytest.mark.parametrize("factor", registered())
def test_omitting_a_factor_changes_no_other_column(factor: str) -> None:
    unchanged(compose(RECIPE.omit(factor), CATALOGUE, INDEX), but=factor)


PINS: dict[str, object] = {
    "subject.coat": "patched",
    "subject.coat_pool": True,
    "subject.coat_second": "patched",
    "collar.present": True,
    "pose.clip": "hop",
    "camera.direction": (10.0, 40.0),
    "light.direction": (10.0, 40.0),
    "light.temperature": 5000.0,
    "sky.map": "sky1",
    "sky.sun": False,
    "flash.fires": True,
    "flash.temperature": 5500.0,
    "photo.present": True,
    "photo.image": "photo1",
    "photo.zoom": 1.5,
    "photo.mirrored": True,
    "photo.ground": "none",
    "surfaces.ground": "surface3",
    "surfaces.objects": "surface3",
    "obstructors.count": 5,
    "obstructors.shape": "cone",
    "obstructors.orientation": (1.0, 0.0, 0.0, 0.0),
    "backdrop.present": True,
    "backdrop.shape": "curtain",
    "backdrop.distance": 1.5,
    "backdrop.continued": True,
    "backdrop.surface": "surface2",
    "texturize_subject.applied": True,
    "texturize_subject.material": "surface2",
    "look.monochrome": True,
    "look.quality": 70,
    "look.defocus": 0.05,
    "camera.distance": 3.0,
    "camera.fov": 45.0,
    "pose.time": 0.5,
}


@pytest.mark.parametrize("key", [f"{f.name}.{k.name}" for f in registered().values() for k in f.keys])
def test_pinning_a_key_changes_no_other_column(key: str) -> None:
    recipe = RECIPE.replace(classes=("bike",)) if key == "subject.model" else RECIPE
    value = PINS.get(key, "bike/a" if key == "subject.model" else 0.5)
    base, pinned = (compose(r, CATALOGUE, INDEX).columns for r in (recipe, recipe.pin(key, value)))
    for name, column in base.items():
        if name != key and not name.startswith(key + "."):
            assert np.array_equal(column, pinned[name]), name
    mine = [column for name, column in pinned.items() if name == key or name.startswith(key + ".")]
    expected = value if isinstance(value, tuple) else (value,)
    assert [np.unique(column).tolist() for column in mine] == [[part] for part in expected]


def test_omitting_obstructors_takes_away_only_them() -> None:
    bare = compose(RECIPE.omit("obstructors"), CATALOGUE, INDEX).scene
    assert np.all(bare.shape == -1)
    for image in range(len(INDEX)):
        before, after = resolved(BASE.scene, image), resolved(bare, image)
        kept = before.keys() - {"shape", "transform", "surface"}
        assert all(before[name] == after[name] for name in kept)


@pytest.mark.parametrize(("column", "mine"), [(0, "camera."), (1, "obstructors.")])
def test_an_attempt_draws_its_own_factor_again_and_nothing_else(column: int, mine: str) -> None:
    attempt = np.zeros((len(INDEX), 2), np.int32)
    attempt[:, column] = 1
    again = compose(RECIPE, CATALOGUE, INDEX, attempt)
    for name, values in BASE.columns.items():
        if name == "camera.focus":  # constant in this recipe
            continue
        same = [np.array_equal(a, b) for a, b in zip(values, again.columns[name], strict=True)]
        assert all(same) if not name.startswith(mine) else not all(same), name


def test_a_key_drawn_anew_changes_alone_and_differs_at_every_number() -> None:
    attempt = np.tile([2, 1], (len(INDEX), 1))
    before = compose(RECIPE, CATALOGUE, INDEX, attempt).columns
    anew = [compose(RECIPE, CATALOGUE, INDEX, attempt, anew={"sky.rotation": k}).columns for k in (0, 1, 2)]
    assert np.array_equal(anew[0]["sky.rotation"], before["sky.rotation"])
    rotations = np.stack([columns["sky.rotation"] for columns in anew])
    assert len(np.unique(rotations)) == 3 * len(np.unique(INDEX // 3))
    for columns in anew:
        assert all(np.array_equal(values, before[name]) for name, values in columns.items() if name != "sky.rotation")


def test_seeds_differ_and_zero_is_one_of_them() -> None:
    drawn = [
        compose(RECIPE.replace(seed=seed), CATALOGUE, INDEX).columns["camera.distance"] for seed in (0, 1, 2**64 - 1)
    ]
    assert len(np.unique(np.concatenate(drawn))) == 3 * len(np.unique(INDEX // 3))
    assert np.array_equal(drawn[0], BASE.columns["camera.distance"])


def test_columns_are_those_described() -> None:
    kinds = {"number": "f", "integer": "i", "truth": "b", "name": "U"}
    assert list(BASE.columns) == [column.name for column in described()]
    for column in described():
        values = BASE.columns[column.name]
        assert values.shape == (len(INDEX), *([column.slots] if column.slots else []))
        assert values.dtype.kind == kinds[column.kind]


def test_arrays_have_the_shapes_and_types_that_the_renderer_is_promised() -> None:
    scene = compose(ALL_ON, CATALOGUE, INDEX).scene
    b, objects = len(INDEX), scene.shape.shape[1]
    shapes = {
        "subject": (b,), "palette": (b, 38, 3, 4), "center": (b, 3), "radius": (b,), "coat": (b, ROWS, 4),
        "tint": (b, 3),
        "subject_surface": (b,), "subject_uv": (b, 2), "view": (b, 3, 4), "fov": (b,), "near": (b,),
        "sun_direction": (b, 3), "sun": (b, 3), "sky": (b,), "sky_rotation": (b,), "sky_exposure": (b,),
        "ground": (b,), "ground_uv": (b, 2), "shape": (b, objects), "transform": (b, objects, 3, 4),
        "surface": (b, objects), "surface_uv": (b, objects, 2),
    }  # fmt: skip
    for name, shape in shapes.items():
        array: NDArray[Any] = getattr(scene, name)
        assert array.shape == shape, name
        assert array.dtype in (np.float32, np.int32), name
        assert np.isfinite(array).all(), name


def test_the_subject_stands_on_the_ground_over_the_origin() -> None:
    scene = BASE.scene
    for image in range(len(scene)):
        low, high = animate.bounds(scene.subjects[scene.subject[image]], scene.palette[image : image + 1])
        assert np.isclose(low[0, 1], 0, atol=1e-5)
        assert np.allclose((low + high)[0, [0, 2]], 0, atol=1e-5)
        assert np.allclose(scene.center[image], (low + high)[0] / 2, atol=1e-5)
        assert np.isclose(scene.radius[image], np.linalg.norm(high - low) / 2, rtol=1e-5)


def test_size_scales_the_subject() -> None:
    small, large = (compose(RECIPE.pin("subject.size", s), CATALOGUE, INDEX).scene for s in (1.0, 3.0))
    assert np.allclose(large.radius, 3 * small.radius)
    assert np.allclose(large.palette[..., :3], 3 * small.palette[..., :3], atol=1e-5)


def camera_axes(scene: SceneBatch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rotations (rows: right, up, back) and positions in the world."""
    rotation = scene.view[..., :3]
    return rotation, -np.einsum("bji,bj->bi", rotation, scene.view[..., 3])


def test_cameras_are_where_their_columns_say() -> None:
    scene, columns = BASE.scene, BASE.columns
    rotation, position = camera_axes(scene)
    assert np.allclose(rotation @ rotation.transpose(0, 2, 1), np.eye(3), atol=1e-5)
    assert np.allclose(np.linalg.det(rotation), 1, atol=1e-5)
    offset = position - scene.center
    distance = np.linalg.norm(offset, axis=1)
    assert np.allclose(distance / scene.radius, columns["camera.distance"], rtol=1e-4)
    elevation = np.degrees(np.arcsin(offset[:, 1] / distance))
    assert np.allclose(elevation, columns["camera.direction.elevation"], atol=0.01)
    azimuth = np.degrees(np.arctan2(offset[:, 0], offset[:, 2])) % 360
    assert np.allclose(azimuth, columns["camera.direction.azimuth"], atol=0.05)
    assert np.all(position[:, 1] > 0)
    assert np.allclose(np.degrees(scene.fov), columns["camera.fov"])


def test_a_camera_aimed_right_sees_the_subject_on_the_left_and_roll_turns_the_picture() -> None:
    level = RECIPE.omit("camera")
    centred = compose(level, CATALOGUE, INDEX).scene
    aimed = compose(level.pin("camera.aim_right=0.3").pin("camera.aim_up=0.2"), CATALOGUE, INDEX).scene
    for scene, sign in ((centred, 0), (aimed, -1)):
        seen = np.einsum("bij,bj->bi", scene.view, np.concatenate([scene.center, np.ones((len(INDEX), 1))], axis=1))
        assert np.all(seen[:, 2] < 0), "in front of the camera"
        assert np.allclose(np.sign(np.where(np.abs(seen[:, :2]) < 1e-5, 0, seen[:, :2])), sign)
    above = np.concatenate([centred.center + np.array([0, 0.1, 0]), np.ones((len(INDEX), 1))], axis=1)
    upright, rolled = (
        np.einsum("bij,bj->bi", compose(level.pin("camera.roll", roll), CATALOGUE, INDEX).scene.view, above)
        for roll in (0, 90)
    )
    assert np.all(upright[:, 1] > 0.05)
    assert np.all(rolled[:, 0] > 0.05), "the camera turned counter-clockwise, so up is to the right"


def test_the_zenith_is_a_place_like_any_other() -> None:
    scene = compose(RECIPE.pin("camera.direction=75,90"), CATALOGUE, INDEX).scene
    rotation, position = camera_axes(scene)
    assert np.isfinite(rotation).all()
    assert np.allclose(position[:, [0, 2]], 0, atol=1e-4)


def test_the_sun_shines_from_where_its_column_says() -> None:
    scene = compose(RECIPE.pin("light.direction=90,30").pin("light.temperature=6500"), CATALOGUE, INDEX)
    assert np.allclose(scene.scene.sun_direction, [np.cos(np.pi / 6), 0.5, 0], atol=1e-6)
    luminance = scene.scene.sun @ np.array([0.2126, 0.7152, 0.0722])
    assert np.allclose(luminance / np.pi, scene.columns["light.intensity"], rtol=1e-5)


def test_black_bodies_are_red_when_cool_and_blue_when_hot() -> None:
    ratio = blackbody(np.array([1667.0, 2222.0, 3000.0, 4000.0, 6500.0, 12000.0, 25000.0]))
    assert np.all(np.diff(ratio[:, 0] / (ratio[:, 2] + 1e-3)) < 0)
    assert np.allclose(ratio[4], 1, atol=0.06), "daylight is nearly white"
    # CIE 1931 chromaticity of Planck's law at 4,000 K: x = 0.3805, y = 0.3768
    x, y = 0.3805, 0.3768
    to_rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    expected = to_rgb @ [x / y, 1, (1 - x - y) / y]
    assert np.allclose(ratio[3], expected, atol=0.01)


def test_obstructors_are_where_and_as_large_as_their_columns_say() -> None:
    scene, columns = BASE.scene, BASE.columns
    present = scene.shape >= 0
    assert np.array_equal(present.sum(1), columns["obstructors.count"])
    place = scene.transform[..., 3] / scene.radius[:, None, None]
    assert np.allclose(np.hypot(place[..., 0], place[..., 2]), columns["obstructors.distance"], rtol=1e-4)
    assert np.allclose(place[..., 1], columns["obstructors.height"], rtol=1e-4, atol=1e-6)
    sides = np.linalg.norm(scene.transform[..., :3], axis=-2) / scene.radius[:, None, None]
    assert np.allclose(sides[..., 0], sides[..., 2], rtol=1e-4)
    assert np.allclose(sides[..., 1] / sides[..., 0], columns["obstructors.aspect"], rtol=1e-4)
    assert np.allclose(np.sqrt(sides[..., 0] * sides[..., 1]), columns["obstructors.size"], rtol=1e-4)
    assert np.all(np.linalg.det(scene.transform[..., :3]) > 0)


def test_materials_are_those_in_the_columns() -> None:
    both = compose(ALL_ON, CATALOGUE, INDEX)
    for image in range(len(INDEX)):
        found = resolved(both.scene, image)
        assert found["ground"] == both.columns["surfaces.ground"][image]
        assert found["subject_surface"] == both.columns["texturize_subject.material"][image]
        drawn = both.columns["surfaces.objects"][image, : both.columns["obstructors.count"][image]]
        assert found["surface"][: len(drawn)] == drawn.tolist()
    assert np.all(BASE.scene.subject_surface == -1)


def test_what_is_not_shown_is_not_loaded() -> None:
    few = compose(RECIPE.omit("obstructors"), CATALOGUE, np.array([4]))
    assert [surface.id for surface in few.scene.surfaces] == few.columns["surfaces.ground"].tolist()
    assert [sky.id for sky in few.scene.skies] == few.columns["sky.map"].tolist()
    assert len(few.scene.subjects) == 1


def test_coats_take_the_tint_and_other_subjects_wear_it() -> None:
    light = compose(RECIPE.omit("subject").pin("subject.coat_lightness=1"), CATALOGUE, INDEX).scene
    plain = compose(RECIPE.omit("subject"), CATALOGUE, INDEX).scene
    assert np.allclose(light.coat[:, 0, :3], np.minimum(2 * plain.coat[:, 0, :3], 1))
    assert np.all(light.tint == 1)
    warm = compose(RECIPE.omit("subject").pin("subject.coat_warmth=1"), CATALOGUE, INDEX).scene
    assert np.all(warm.coat[:, 0, 0] > plain.coat[:, 0, 0])
    assert np.all(warm.coat[:, 0, 2] < plain.coat[:, 0, 2])


def test_images_of_one_number_share_their_draws_whatever_their_classes() -> None:
    for name in ("camera.distance", "sky.rotation", "surfaces.ground", "light.intensity"):
        by_number = BASE.columns[name].reshape(-1, 3)
        assert (by_number == by_number[:, :1]).all(), name
        assert len(np.unique(by_number[:, 0])) > 1, name


def test_a_class_shows_the_same_whatever_others_are_shown() -> None:
    alone = compose(RECIPE.replace(classes=("dog",)), CATALOGUE, INDEX[:10]).columns
    for name, values in alone.items():
        assert np.array_equal(values, BASE.columns[name][1::3]), name
