"""What is on disk at every step, without a renderer: the whole is tested in tests/test_generate.py."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from diorama.dataset import output as module
from diorama.dataset import storage as storage_module
from diorama.dataset.layout import Layout, Shard
from diorama.dataset.manifest import Manifest
from diorama.dataset.output import Output
from diorama.dataset.storage import storage
from diorama.errors import OutputError
from tests import tiny
from tests.dataset import stored

LAYOUTS = [Layout.of(name, 8) for name in ("folder", "webdataset", "parquet")]
LAYOUTS += [
    Layout.of("folder", 8, {"train": 0.7, "test": 0.3}),
    Layout.of("webdataset", 8, {"train": 0.5, "val": 0.2, "test": 0.3}),
    Layout.of("parquet", 8, hold_out={"subjects": 0.2}).holding_out({"cat": [f"cat/{k}" for k in range(5)]}, 0),
]
layouts = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout.format} {layout.split}".strip())


def begun(out: Output) -> Output:
    out.begin()
    return out


def numbers(shards: list[Shard]) -> list[int]:
    return [shard.number for shard in shards]


def test_row_groups_do_not_depend_on_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROW_GROUP", 25)
    stored.make(stored.output(tmp_path))
    labels = pq.ParquetFile(tmp_path / "labels.parquet")
    assert labels.read()["index"].to_pylist() == list(range(60))
    assert [labels.metadata.row_group(k).num_rows for k in range(labels.num_row_groups)] == [25, 25, 10]


@layouts
def test_shards_in_any_order_give_the_same_bytes(layout: Layout, tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path / "one", layout=layout))
    two = begun(stored.output(tmp_path / "two", layout=layout))
    shards = two.missing()
    assert numbers(shards) == list(range(8))
    stored.put(two, shards[5:])
    stored.put(two, shards[3:6])  # one of them twice
    assert numbers(two.missing()) == [0, 1, 2]
    stored.put(two, shards[:3])
    two.finish("the card")
    assert tiny.content(tmp_path / "one") == tiny.content(tmp_path / "two")
    assert two.is_finished()


@layouts
def test_what_grew_equals_what_was_made_at_once(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROW_GROUP", 9)
    stored.make(stored.output(tmp_path / "one", 20, layout))
    for size in (7, 12, 20):
        stored.make(stored.output(tmp_path / "two", size, layout))
    assert tiny.content(tmp_path / "one") == tiny.content(tmp_path / "two")


def test_what_is_whole_is_kept_when_it_grows(tmp_path: Path) -> None:
    stored.make(stored.output(tmp_path, 10))
    assert numbers(begun(stored.output(tmp_path, 30)).missing()) == [
        2,
        3,
        4,
        5,
        6,
        7,
    ]  # 20 images are 2 shards and half


STEPS = ["remove", "move", "write", "replacing", "clear"]


@pytest.mark.parametrize("layout", [LAYOUTS[3], LAYOUTS[1]], ids=["folder", "webdataset"])
def test_a_run_that_stops_before_any_step_is_finished_to_the_same_bytes(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step that changes what is stored fails in turn, of a dataset that grows."""
    monkeypatch.setattr(storage_module, "_flush", lambda _: None)  # nobody cuts the power
    stored.make(stored.output(tmp_path / "whole", 9, layout))
    stored.make(stored.output(tmp_path / "small", 5, layout))
    whole, stops = tiny.content(tmp_path / "whole"), 0
    while True:
        place = tmp_path / f"stopped-{stops}"
        shutil.copytree(tmp_path / "small", place)
        out, left = stored.output(place, 9, layout), [stops]
        with monkeypatch.context() as patch:
            for step in STEPS:
                patch.setattr(type(out.storage), step, _stopping(getattr(type(out.storage), step), left))
            try:
                stored.make(out)
                break
            except KeyboardInterrupt:
                stops += 1
        stored.make(stored.output(place, 9, layout))
        assert tiny.content(place) == whole, f"stopped before step {stops}"
        assert not (place / ".unfinished").exists()
    assert stops > 15


def _stopping(step: object, left: list[int]) -> object:
    def stopping(*arguments: object, **options: object) -> object:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        return step(*arguments, **options)  # type: ignore[operator]

    return stopping


@layouts
def test_a_shard_whose_files_are_gone_or_shorter_is_made_again(layout: Layout, tmp_path: Path) -> None:
    out = begun(stored.output(tmp_path, layout=layout))
    stored.put(out, out.missing()[:4])
    file = stored.rows(out, out.layout.shard(2, 60))["file"][0].as_py()
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes()[:-1])
    assert numbers(out.missing()) == [2, 4, 5, 6, 7]
    (tmp_path / file).unlink()
    assert numbers(out.missing()) == [2, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:50], lambda _: b"", lambda _: b"\0" * 99]
)
def test_a_torn_record_counts_for_nothing(damage: object, tmp_path: Path) -> None:
    out = begun(stored.output(tmp_path))
    stored.put(out, out.missing())
    record = tmp_path / ".unfinished" / "000003-8.shard"
    record.write_bytes(damage(record.read_bytes()))  # type: ignore[operator]
    assert numbers(out.missing()) == [3]
    assert not record.exists()


def test_a_record_with_other_bytes_is_found_when_it_is_read(tmp_path: Path) -> None:
    out = begun(stored.output(tmp_path))
    stored.put(out, out.missing())
    record = tmp_path / ".unfinished" / "000003-8.shard"
    record.write_bytes(record.read_bytes()[:-200] + b"\0" * 200)
    with pytest.raises(OutputError, match=r"000003-8.shard: is damaged. Run the same command again"):
        out.finish("the card")
    stored.make(out)
    assert out.is_finished()


def test_unfinished_files_are_cleared_and_no_others(tmp_path: Path) -> None:
    out = begun(stored.output(tmp_path))
    stored.put(out, out.missing()[:1])
    (tmp_path / ".unfinished" / "cat+000000.jpg.part").touch()
    out.begin()
    assert [path.name for path in (tmp_path / ".unfinished").iterdir()] == ["000000-8.shard"]


def test_two_processes_may_write_the_same_file(tmp_path: Path) -> None:
    """One of them was given up for lost, but lives."""
    place = storage(tmp_path)
    with place.replacing("data/a.tar") as one:
        one.write_bytes(b"whole")
        with place.replacing("data/a.tar") as two:
            two.write_bytes(b"who")
            assert (tmp_path / one).read_bytes() == b"whole"
            two.write_bytes(b"whole")
        assert (tmp_path / "data/a.tar").read_bytes() == b"whole"
    assert tiny.content(tmp_path) == {"data/a.tar": b"whole"}


def test_what_has_nothing_finished_leaves_nothing(tmp_path: Path) -> None:
    out = begun(stored.output(tmp_path / "data", layout=LAYOUTS[4]))
    stored.put(out, out.missing()[:1])
    shutil.rmtree(tmp_path / "data" / ".unfinished")  # as if killed before the record
    out.begin()
    out.abandon()
    assert not list((tmp_path / "data").iterdir())


def test_the_manifest_names_every_file(tmp_path: Path) -> None:
    out = stored.make(stored.output(tmp_path, layout=Layout.of("webdataset", 25, {"train": 0.5, "test": 0.5})))
    manifest = Manifest.read(out.storage)
    assert (manifest.total, manifest.recipe, manifest.layout) == (60, out.recipe.hash, out.layout)
    assert manifest.made["adapter"] == "none: a test's"
    assert sum(file.count or 0 for file in manifest.files()) == 60
    names = {file.name: file.size for file in manifest.files()} | {f.name: f.size for f in manifest.about.values()}
    assert names == {name: len(data) for name, data in tiny.content(tmp_path).items() if name != "manifest.parquet"}
    assert manifest.table["file"].to_pylist()[:3] == [
        "data/train-000000.tar",
        "data/test-000000.tar",
        "data/train-000001.tar",
    ]


def test_a_changed_image_version_is_refused(tmp_path: Path) -> None:
    out = stored.make(stored.output(tmp_path))
    newer = Output(out.storage, out.recipe, {**out.made, "diorama": "2"}, out.layout)
    assert newer.is_finished()
    other = Output(out.storage, out.recipe, {**out.made, "diorama": "2", "image version": "xyz"}, out.layout)
    with pytest.raises(OutputError, match=r"draws other images \(image version abc there, xyz here\).*version .*\(1\)"):
        other.is_finished()


def test_another_layout_is_refused(tmp_path: Path) -> None:
    out = stored.make(stored.output(tmp_path))
    other = Output(out.storage, out.recipe, out.made, Layout.of("webdataset", 9, {"a": 0.5, "b": 0.5}))
    with pytest.raises(
        OutputError,
        match=r"format is folder there and webdataset here; shard size is 8 there and 9 here; split is not given there",
    ):
        other.is_finished()


def test_an_address_of_this_computer_is_a_folder(tmp_path: Path) -> None:
    assert storage(f"file://{tmp_path}/data") == storage(tmp_path / "data")
