"""Object stores, by fsspec's store in memory: no renames, no locks, no torn objects."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from diorama.dataset.layout import Layout
from diorama.dataset.output import Output
from diorama.dataset.reader import Dataset
from diorama.dataset.remote import Remote
from diorama.dataset.storage import storage
from diorama.errors import ExtraError, OutputError
from diorama.generate import Progress, finished, generate
from tests import tiny
from tests.dataset import stored

LAYOUTS = [
    Layout.of("folder", 8, {"train": 0.7, "test": 0.3}),
    Layout.of("webdataset", 8),
    Layout.of("parquet", 8),
]
layouts = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.format)
ADDRESS = "memory://bucket/some/data"


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty store, which all of the process shares."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


def content(system: Any) -> dict[str, bytes]:
    return {name.removeprefix("/bucket/some/data/"): system.cat_file(name) for name in system.find("/bucket")}


@layouts
def test_a_store_holds_the_same_bytes_as_a_folder(layout: Layout, memory: Any, tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path, 20, layout))
    out = stored.make(stored.output(ADDRESS, 20, layout))
    assert content(memory) == tiny.content(tmp_path)
    assert out.is_finished()
    dataset = Dataset.open(ADDRESS)
    assert dataset.jpegs([39, 0, 8]) == [stored.content(k) for k in (39, 0, 8)]
    assert dataset.labels.equals(Dataset.open(tmp_path).labels)


def test_growth_and_repair_in_a_store(memory: Any, tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path, 20, LAYOUTS[1]))
    for size in (7, 12):
        stored.make(stored.output(ADDRESS, size, LAYOUTS[1]))
    out = stored.make(stored.output(ADDRESS, 20, LAYOUTS[1]))
    memory.rm_file("/bucket/some/data/data/train-000002.tar")
    assert not out.is_finished()
    stored.make(out)
    assert content(memory) == tiny.content(tmp_path)


@pytest.mark.parametrize("method", ["pipe_file", "put_file", "cp_file", "rm_file"])
def test_a_store_that_fails_at_any_time_is_finished_later(
    method: str, memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request of a kind fails in turn, of a dataset that grows; a broken upload leaves no object."""
    whole = stored.make(stored.output(tmp_path, 9, LAYOUTS[1]))
    assert whole.is_finished()
    expected, requests = tiny.content(tmp_path), 0
    while True:
        memory.store.clear()
        stored.make(stored.output(ADDRESS, 5, LAYOUTS[1]))
        with monkeypatch.context() as patch:
            _break(patch, type(memory), method, requests)
            error = _error(stored.output(ADDRESS, 9, LAYOUTS[1]))
        if error is None:
            break
        assert "the line is cut" in str(error)
        requests += 1
        stored.make(stored.output(ADDRESS, 9, LAYOUTS[1]))
        assert content(memory) == expected
    assert requests >= 2


def _error(out: Output) -> OutputError | None:
    try:
        stored.make(out)
    except OutputError as error:
        return error
    return None


def _break(patch: pytest.MonkeyPatch, system: type, method: str, after: int) -> None:
    working, left = getattr(system, method), [after]

    def broken(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionResetError("the line is cut")
        return working(*arguments, **options)

    patch.setattr(system, method, broken)


def test_generate_writes_to_a_store(memory: Any, tmp_path: Path) -> None:
    models, recipe = tiny.models(tmp_path / "models"), tiny.recipe(per_class=3)
    generate(tmp_path / "data", recipe, models, format="webdataset", workers=1)
    assert generate(ADDRESS, recipe, models, format="webdataset", workers=1) == Progress(total=6, kept=0, made=6)
    assert content(memory) == tiny.content(tmp_path / "data")
    assert generate(ADDRESS, recipe, models) == Progress(total=6, kept=6, made=0)
    assert finished(ADDRESS) == 6


def test_only_what_belongs_to_a_dataset_is_touched(memory: Any) -> None:
    memory.pipe_file("/bucket/some/data2/recipe.yaml", b"another's")
    out = stored.output(ADDRESS, 5, LAYOUTS[0])
    out.begin()
    stored.put(out, out.missing()[:1])
    out.storage.clear(".unfinished")
    out.abandon()
    assert memory.find("/bucket") == ["/bucket/some/data2/recipe.yaml"]
    memory.pipe_file("/bucket/some/data/holiday.png", b"")
    with pytest.raises(OutputError, match=r"memory://bucket/some/data: already holds other files \(holiday.png\)"):
        out.is_finished()


def test_an_address_that_cannot_be_used_is_told() -> None:
    with pytest.raises(OutputError, match=r"nothing://bucket: is no address that fsspec knows"):
        storage("nothing://bucket")
    with pytest.raises(ExtraError, match=r"needs a package"):
        storage("abfs://bucket/data")
    assert isinstance(storage("memory://bucket/data/"), Remote)
