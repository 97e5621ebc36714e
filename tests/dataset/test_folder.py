"""Merging and healing of label rows, without images' content: the whole is tested in tests/test_generate.py."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from diorama.dataset import files
from diorama.dataset import folder as folder_module
from diorama.dataset.folder import Folder
from diorama.dataset.schema import table
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe
from tests.dataset.test_schema import samples

MADE = {"diorama": "1", "adapter": "none: a test's"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    out = Folder(tmp_path / "data", Recipe.preset("paper", per_class=30), MADE)
    with out.locked():
        out.open()
    return out


def add(folder: Folder, index: list[int]) -> None:
    for k in index:
        files.write(folder.path(k), b"an image")
    folder.write_part(table(folder.recipe, samples(index)))


def test_parts_are_merged_by_index_whatever_their_order(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "ROW_GROUP", 25)
    order = np.arange(60) * 7 % 60
    for part in np.split(order, [3, 10, 40]):
        add(folder, part.tolist())
    assert folder.done().all()
    folder.finish("the card")
    labels = pq.ParquetFile(folder.root / "labels.parquet")
    assert labels.read()["index"].to_pylist() == list(range(60))
    assert [labels.metadata.row_group(k).num_rows for k in range(labels.num_row_groups)] == [25, 25, 10]
    assert folder.is_finished()
    assert not list(folder.root.glob("*.part.parquet"))


def test_rows_that_lie_in_two_parts_are_taken_once(folder: Folder) -> None:
    add(folder, list(range(40)))
    add(folder, list(range(20, 60)))
    folder.finish("the card")
    assert pq.read_table(folder.root / "labels.parquet")["index"].to_pylist() == list(range(60))


def test_a_part_counts_as_far_as_its_images_are_there(folder: Folder) -> None:
    add(folder, [4, 5, 6])
    folder.path(4).unlink()
    folder.path(6).write_bytes(b"")
    assert np.flatnonzero(folder.done()).tolist() == [5]
    assert np.flatnonzero(folder.done()).tolist() == [5]


def test_a_damaged_part_counts_for_nothing(folder: Folder) -> None:
    add(folder, [4, 5, 6])
    (part,) = folder.root.glob("*.part.parquet")
    part.write_bytes(part.read_bytes()[:-100])
    assert not folder.done().any()


def test_opening_clears_what_was_left_half_written(folder: Folder) -> None:
    left = [folder.root / "labels.parquet.unfinished", folder.root / "cat" / "000000.jpg.unfinished"]
    for path in left:
        path.touch()
    folder.open()
    assert not any(path.exists() for path in left)


def fail(path: Path, error: BaseException) -> None:
    with files.replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise error


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with pytest.raises(OutputError, match=r"cannot be written \(no space left on device\)"):
        fail(path, OSError(28, "No space left on device"))
    with pytest.raises(KeyboardInterrupt):
        fail(path, KeyboardInterrupt())
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"before"
