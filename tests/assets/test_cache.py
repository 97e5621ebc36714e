"""The cache of built assets: built once, never stale, never damaged, never in another process's way."""

import ast
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diorama.assets import cache
from diorama.assets.archive import ALIGN, Arrays
from diorama.assets.cache import cached, cached_data, pack, source_hash, unpack
from diorama.assets.coat import Coat
from diorama.assets.subject import Clip, Material, Mesh, Part, Skeleton, Subject


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Builder:
    """Counts how often it builds."""

    def __init__(self, value: int = 3) -> None:
        self.value, self.built = value, 0

    def build(self) -> Arrays:
        self.built += 1
        return {"a": np.full((4, 5), self.value), "b": np.arange(3.0)}


def a_subject(vertices: int = 3, joints: int = 2) -> Subject:
    """Of no sense, but with something in every field."""
    v, f = np.arange(vertices * 4, dtype=np.float32).reshape(-1, 4), np.float32
    mesh = Mesh(
        v[:, :3], v[:, 1:], v[:, :2], v.astype(np.uint8), v.astype(np.uint16), v * f(0.1),
        np.array([[0, 1, 2]], np.uint32), (Part(0, 3, 0),), v.astype(np.uint8), np.arange(vertices).astype(np.uint8),
    )  # fmt: skip
    j = np.arange(joints)
    skeleton = Skeleton(
        tuple(f"joint {k}" for k in j), (j - 1).astype(np.int32), np.ones((joints, 3), f), np.ones((joints, 4), f),
        np.ones((joints, 3), f), np.ones((joints, 4, 4), f), np.zeros(joints, np.int32), np.ones((joints, 3), f),
    )  # fmt: skip
    walk = Clip("walk", 1.25, *(np.ones((7, joints, n), f) for n in (3, 4, 3)))
    return Subject(
        "cat/none", (mesh, mesh), (Material("fur", emissive=(0.1, 0.2, 0.3), fur=0.5),),
        (np.zeros((2, 3, 4), np.uint8),), skeleton, (walk,), np.eye(4, dtype=f), np.array([0, 2], np.uint32), 0,
        (Coat("tabby", (0.5, 0.4, 0.1), mark_amount=1.0),), notes=("one", "two"),
    )  # fmt: skip


def same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return bool(a.dtype == b.dtype and a.shape == b.shape and (a == b).all())
    if is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple):
        return type(b) is tuple and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_it_builds_once(folder: Path) -> None:
    builder = Builder()
    first, second = (cached("things", "one", builder.build) for _ in range(2))
    assert builder.built == 1
    for name, array in first.items():
        np.testing.assert_array_equal(second[name], array)
    assert [path.suffix for path in files(folder)] == [".npz"]


def test_keys_and_kinds_are_apart() -> None:
    for kind, key in (
        ("things", "one"),
        ("things", "two"),
        ("others", "one"),
        ("things", "one/two"),
        ("things", "one-two"),
    ):
        builder = Builder()
        cached(kind, key, builder.build)
        assert builder.built == 1, (kind, key)


def test_a_damaged_file_is_built_again(folder: Path) -> None:
    cached("things", "one", Builder().build)
    (path,) = files(folder)
    good = path.read_bytes()
    places = [*range(0, len(good), 11), *range(len(good) - 120, len(good))]  # the end is the archive's directory
    damaged = [b"", b"PK", good[: len(good) // 2], good[:-1], *(_flipped(good, at) for at in places)]
    for content in damaged:
        path.write_bytes(content)
        again = cached("things", "one", Builder().build)  # from the file if the damage is where it does no harm
        np.testing.assert_array_equal(again["a"], 3)
        np.testing.assert_array_equal(again["b"], np.arange(3.0))


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]


def test_a_pickle_is_never_loaded(folder: Path) -> None:
    cached("things", "one", Builder().build)
    (path,) = files(folder)
    with path.open("wb") as file:
        np.savez(file, a=np.array([{"run": "me"}], dtype=object))
    builder = Builder()
    cached("things", "one", builder.build)
    assert builder.built == 1


def test_numpy_reads_the_files_and_their_arrays_lie_aligned_in_a_map(folder: Path) -> None:
    built: Arrays = {"a": np.arange(7, dtype=np.uint8), "b": np.eye(3), "scalar": np.array(2.5)}
    cached("things", "one", lambda: built)
    kept = cached("things", "one", lambda: built)
    with np.load(files(folder)[0], allow_pickle=False) as peer:
        for name, array in built.items():
            np.testing.assert_array_equal(peer[name], array)
            np.testing.assert_array_equal(kept[name], array)
            assert not kept[name].flags.writeable
            assert kept[name].ctypes.data % ALIGN == 0


def test_reading_leaves_pythons_parser_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """In Python 3.11 two threads that parse at once may both fail."""
    arrays = {
        "empty": np.zeros((0, 3), np.int16), "text": np.array(["a", "bcd"]),
        "line": np.arange(5, dtype=np.uint8), "wide": np.arange(24.0).reshape(2, 3, 4), "yes": np.array([True, False]),
    }  # fmt: skip
    cached("shapes", "key", lambda: arrays)
    monkeypatch.setattr(ast, "literal_eval", lambda _: pytest.fail("parsed"))
    loaded = cached("shapes", "key", lambda: pytest.fail("built twice"))
    assert loaded.keys() == arrays.keys()
    assert all(same(loaded[name], array) for name, array in arrays.items())


def test_objects_are_not_stored() -> None:
    with pytest.raises(TypeError):
        pack(object())
    with pytest.raises(TypeError):
        pack((np.array([None]),))


def test_where_nothing_can_be_written_it_builds_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "file"))
    builder = Builder()
    assert cached("things", "one", builder.build).keys() == {"a", "b"}
    cached("things", "one", builder.build)
    assert builder.built == 2


def test_a_failed_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    assert cached("things", "one", Builder().build).keys() == {"a", "b"}
    assert files(folder) == []


def test_a_subject_comes_back_as_it_was() -> None:
    subject = a_subject()
    kept = cached_data(Subject, subject.id, lambda: subject)
    again = cached_data(Subject, subject.id, a_subject)
    assert same(kept, subject)
    assert again.hash == subject.hash


def test_a_large_subject_loads_at_once(folder: Path) -> None:
    cached_data(Subject, "large", lambda: a_subject(20_000, 60))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        cached_data(Subject, "large", a_subject)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02


@dataclass(frozen=True)
class Plain:
    """What plain data may hold."""

    maybe: float | None
    names: dict[str, int]
    pairs: tuple[tuple[int, str], ...]
    flag: bool


def test_plain_data_makes_the_round_trip() -> None:
    for value in (Plain(None, {}, (), True), Plain(0.1, {"a": 1, "b": 2}, ((1, "x"), (2, "y")), False)):
        assert unpack(Plain, pack(value)) == value


def test_an_edit_of_a_builder_or_of_what_it_imports_rebuilds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from pkg import apart\n")
    (package / "top.py").write_text("from pkg import middle\nimport numpy\n")
    (package / "middle.py").write_text("from pkg.bottom import (\n    VALUE,\n)\n")
    (package / "bottom.py").write_text("VALUE = 1\n")
    (package / "apart.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)

    def now() -> str:
        source_hash.cache_clear()
        return source_hash("pkg.top")

    before = now()
    (package / "apart.py").write_text("VALUE = 2\n")
    assert now() == before
    (package / "bottom.py").write_text("VALUE = 2\n")
    assert now() != before


def test_an_edit_of_a_builders_arguments_rebuilds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {"diorama.assets.subject": "a", __name__: "b", "arguments": "c"}
    monkeypatch.setattr(cache, "source_hash", sources.__getitem__)
    for value in ("c", "c", "d"):
        sources["arguments"] = value
        cached_data(Subject, "one", a_subject, "arguments")
    assert len(files(folder)) == 2


def versions(folder: Path, monkeypatch: pytest.MonkeyPatch, key: str, count: int) -> list[Path]:
    """Entries of one key as states of the source follow each other, a second apart."""
    written = []
    for version in range(count):
        monkeypatch.setattr(cache, "source_hash", lambda _, version=version: f"source {version}")
        before = set(files(folder))
        cached("things", key, Builder().build)
        written += sorted(set(files(folder)) - before)
        for age, path in enumerate(reversed(written)):
            if path.exists():
                os.utime(path, (1e9 - age, 1e9 - age))
    return written


def test_of_a_key_the_newest_versions_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = versions(folder, monkeypatch, "another", 1)
    written = versions(folder, monkeypatch, "one", 6)
    assert len(written) == 6
    assert set(files(folder)) == {*other, *written[-cache.VERSIONS :]}


def test_keys_that_look_alike_do_not_push_each_other_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (versions(folder, monkeypatch, key, cache.VERSIONS) for key in ("one/two", "one-two"))
    assert set(files(folder)) == {*first, *second}


def test_the_oldest_go_when_a_kind_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = versions(folder, monkeypatch, "first", 1)
    os.utime(first, (1e8, 1e8))
    monkeypatch.setattr(cache, "KIND_BYTES", int(2.5 * first.stat().st_size))
    later = [versions(folder, monkeypatch, key, 1)[0] for key in ("second", "third")]
    assert set(files(folder)) == set(later)


def test_what_killed_processes_left_behind_goes_and_what_others_write_stays(folder: Path) -> None:
    cached("things", "one", Builder().build)
    left, now = folder / "things" / ".one.1.1", folder / "things" / ".one.2.2"
    for path in (left, now):
        path.write_bytes(b"half")
    os.utime(left, (1e9, 1e9))
    cached("things", "two", Builder().build)
    assert now.exists()
    assert not left.exists()


def test_processes_may_build_at_once(folder: Path) -> None:
    code = """
import numpy as np, time
from diorama.assets.cache import cached
def build():
    time.sleep(0.2)
    return {"a": np.arange(1_000_000)}
for k in range(20):
    a = cached("things", f"shared {k % 3}", build)["a"]
    assert a[-1] == 999_999
"""
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", code]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(files(folder)) == 3
