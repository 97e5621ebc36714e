from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diorama.dataset.layout import file_name
from diorama.dataset.schema import Samples, schema, table, truncation
from diorama.randomize.compose import DERIVED
from diorama.randomize.recipe import Recipe
from diorama.randomize.tables import Column, columns


def test_every_column_says_its_unit_and_meaning() -> None:
    layout = schema()
    assert len(set(layout.names)) == len(layout.names)
    for field in layout:
        assert field.metadata[b"description"].decode().endswith(".")
        assert b"unit" in field.metadata
        assert not field.nullable
    assert layout.field("camera.distance").metadata[b"unit"] == b"subject radii"
    assert {column.name for column in columns()} < set(layout.names)


def values(column: Column, count: int) -> NDArray[Any]:
    shape = (count, column.slots) if column.slots else (count,)
    number = np.arange(np.prod(shape)).reshape(shape)
    of: dict[str, NDArray[Any]] = {"integer": number, "truth": number % 2 == 0, "name": number.astype(str)}
    return of.get(column.kind, number / 7)


def samples(index: list[int]) -> Samples:
    count = len(index)
    return Samples(
        index=np.array(index, np.int64),
        subject=np.array([f"cat/{k}" for k in range(count)]),
        breed=np.array([f"breed {k}" for k in range(count)]),
        credit=np.array([["CC0-1.0", f"maker {k}"] for k in range(count)]),
        attempt=np.stack([np.arange(count), np.arange(count) + 10], axis=1),
        box=np.arange(4 * count, dtype=np.int32).reshape(count, 4),
        whole_box=np.arange(4 * count, dtype=np.int32).reshape(count, 4) + 100,
        extent=np.tile(np.array([-16, 8, 48, 40], np.float32), (count, 1)),
        visible=np.full(count, 512, np.float32),
        whole=np.full(count, 1024, np.float32),
        view=np.arange(12 * count, dtype=np.float32).reshape(count, 3, 4),
        fov=np.full(count, np.pi / 2, np.float32),
        center=np.arange(3 * count, dtype=np.float32).reshape(count, 3),
        radius=np.full(count, 0.5, np.float32),
        columns={column.name: values(column, count) for column in columns()}
        | {name: np.arange(count) / 3 for name in DERIVED},
    )


def test_rows_hold_what_they_are_given() -> None:
    recipe = Recipe.preset("paper", size=64, classes=("cat", "dog", "owl"), seed=2**64 - 1)
    given = samples([5, 3])
    rows = table(recipe, given)
    assert rows.schema.equals(schema(), check_metadata=True)
    first, second = rows.to_pylist()
    assert (first["index"], first["file"], first["class"], first["subject"]) == (5, "owl/000001.jpg", "owl", "cat/0")
    assert (second["attempt.camera"], second["attempt.obstructors"], second["seed"]) == (1, 11, 2**64 - 1)
    assert [second[f"box.{side}"] for side in ("left", "top", "right", "bottom")] == [4, 5, 6, 7]
    assert [second[f"whole_box.{side}"] for side in ("left", "top", "right", "bottom")] == [104, 105, 106, 107]
    assert [second[f"extent.{side}"] for side in ("left", "top", "right", "bottom")] == [-16, 8, 48, 40]
    assert (first["visible_fraction"], first["share"], first["breed"]) == (0.5, 0.25, "breed 0")
    assert (second["licence"], second["author"]) == ("CC0-1.0", "maker 1")
    assert second["world_to_camera"] == list(range(12, 24))
    assert [second[f"center.{axis}"] for axis in "xyz"] == [3, 4, 5]
    assert second["individual.size"] == pytest.approx(1 / 3)
    for column in columns():
        assert second[column.name] == given.columns[column.name][1].tolist()


def test_the_frame_cuts_what_reaches_beyond_it() -> None:
    """The extent is 64 × 32 pixels, a quarter of them left of the image."""
    row = table(Recipe.preset("paper", size=64), samples([0])).to_pylist()[0]
    assert [row[f"cut.{side}"] for side in ("left", "top", "right", "bottom")] == [True, False, False, False]
    assert row["truncation"] == 0.25


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        ((0, 0, 64, 64), 0),
        ((10, 10, 20, 20), 0),
        ((-64, 0, 64, 64), 0.5),
        ((-64, -64, 64, 64), 0.75),
        ((-64, -64, 128, 128), 1 - 1 / 9),
        ((70, 0, 80, 10), 1),
    ],
)
def test_truncation_is_the_share_of_a_box_outside_the_image(
    extent: tuple[float, float, float, float], expected: float
) -> None:
    assert truncation(np.array([extent]), 64)[0] == pytest.approx(expected)


def test_the_intrinsics_are_those_of_a_right_angle() -> None:
    """With a field of view of 90° the focal length is half the side."""
    row = table(Recipe.preset("paper", size=64), samples([0])).to_pylist()[0]
    assert [row[f"intrinsics.{name}"] for name in ("fx", "fy", "cx", "cy")] == pytest.approx([32, 32, 32, 32])


def test_labels_that_are_asked_for_add_their_columns() -> None:
    recipe = Recipe.preset("paper", labels=["ids", "mask"])
    added = [name for name in schema(recipe).names if name not in schema().names]
    assert added == ["ids.id", "ids.shape", "ids.surface"]
    codes, names = [np.array([0, 1, 2], np.uint8), np.array([0, 1, 2, 3], np.uint8)], [["a", "b", "c"], list("abcd")]
    lists: dict[str, list[NDArray[Any]]] = {"ids.id": [*codes]}
    lists |= {name: [np.array(row) for row in names] for name in ("ids.shape", "ids.surface")}
    rows = table(recipe, replace(samples([0, 1]), lists=lists))
    assert rows.schema.equals(schema(recipe), check_metadata=True)
    assert rows["ids.id"].to_pylist() == [[0, 1, 2], [0, 1, 2, 3]]
    assert rows["ids.surface"].to_pylist() == names


def test_keypoints_that_a_model_lacks_have_no_place() -> None:
    recipe = Recipe.preset("paper", labels=["keypoints"])
    two, nan = [np.array([1, 2], np.float32)] * 2, np.float32(np.nan)
    lists: dict[str, list[NDArray[Any]]] = {f"keypoints.{name}": [*two] for name in ("x", "y")}
    lists |= {"keypoints.name": [np.array(["nose", "tail"])] * 2, "keypoints.visible": [np.array([2, 0], np.int8)] * 2}
    lists |= {f"keypoints.world_{axis}": [np.array([3, nan]), np.array([nan, 4])] for axis in "xyz"}
    rows = table(recipe, replace(samples([0, 1]), lists=lists))
    assert rows["keypoints.world_y"].to_pylist() == [[3, None], [None, 4]]
    assert rows["keypoints.visible"].to_pylist() == [[2, 0], [2, 0]]


def test_slots_are_lists_of_one_length() -> None:
    kind = schema().field("obstructors.size").type
    assert pa.types.is_fixed_size_list(kind)
    assert len(table(Recipe.preset("paper"), samples([0]))["obstructors.size"][0]) == kind.list_size


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, "cat/000000.jpg"), (1, "dog/000000.jpg"), (25, "dog/000012.jpg"), (2 * 10**7, "cat/10000000.jpg")],
)
def test_image_i_is_number_i_over_c_of_class_i_modulo_c(index: int, name: str) -> None:
    assert file_name(Recipe.preset("paper", classes=("cat", "dog")), index) == name
