from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diorama.dataset.layout import file_name
from diorama.dataset.schema import Samples, schema, table
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
        attempt=np.stack([np.arange(count), np.arange(count) + 10], axis=1),
        box=np.arange(4 * count, dtype=np.int32).reshape(count, 4),
        visible=np.full(count, 512, np.float32),
        whole=np.full(count, 1024, np.float32),
        columns={column.name: values(column, count) for column in columns()},
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
    assert (first["visible_fraction"], first["share"]) == (0.5, 0.25)
    for column in columns():
        assert second[column.name] == given.columns[column.name][1].tolist()


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
