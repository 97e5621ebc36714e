"""A check finds any changed byte and any swapped file or label, and nothing where all is well."""

import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from diorama.cli.app import app
from diorama.dataset import manifest
from diorama.dataset.layout import FORMATS
from diorama.dataset.output import SETTINGS
from diorama.dataset.reader import Dataset
from diorama.dataset.samples import File
from diorama.errors import AssetError, OutputError
from diorama.generate import generate
from diorama.inspection.check import check
from diorama.inspection.stats import stats
from tests import tiny


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    """An image folder to be spoilt."""
    return Path(shutil.copytree(place / "folder", tmp_path / "copy"))


@contextmanager
def changed(path: Path, data: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


def kinds(root: Path) -> dict[str, list[Path]]:
    """A dataset's files by kind: those about all of it by name, the others by ending."""
    found: dict[str, list[Path]] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file():
            found.setdefault(path.name if path.parent == root else path.suffix, []).append(path)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_dataset_has_no_fault(name: str, place: Path) -> None:
    found = check(place / name, place / "models", sample=6)
    assert (found.faults, found.notes) == ((), ())
    assert (found.images, found.again) == (24, 6)
    every = [path for path in (place / name).rglob("*") if path.is_file()]
    assert found.files == len(every) - 1, "all but the manifest itself"


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(name: str, place: Path, data: st.DataObject) -> None:
    root = place / name
    path = data.draw(st.sampled_from(kinds(root)[data.draw(st.sampled_from(sorted(kinds(root))))]))
    content = path.read_bytes()
    at, flip = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(1, 255))
    with changed(path, content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :]):
        found = check(root, sample=0)
    assert path.relative_to(root).as_posix() in {fault.file for fault in found.faults}


def test_the_test_reaches_every_kind_of_file(place: Path) -> None:
    own = {"README.md", "labels.parquet", "manifest.parquet", "recipe.yaml"}
    planes = {f"planes-{k:06d}.parquet" for k in range(3)}
    assert set(kinds(place / "folder")) == own | planes | {".jpg", ".parquet"}
    assert set(kinds(place / "webdataset")) == own | {".tar"}
    assert set(kinds(place / "parquet")) == own | {".parquet"}


def test_swapped_files_are_found(copy: Path) -> None:
    one, two = sorted(copy.rglob("*.jpg"))[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    files = {fault.file for fault in check(copy, sample=0).faults}
    assert files == {path.relative_to(copy).as_posix() for path in (one, two)}


def swap_rows(rows: pa.Table, columns: list[str], one: int, two: int) -> pa.Table:
    order = np.arange(len(rows))
    order[[one, two]] = two, one
    for name in columns:
        rows = rows.set_column(rows.column_names.index(name), rows.field(name), rows[name].take(pa.array(order)))
    return rows


def rewritten(root: Path, rows: pa.Table) -> None:
    """Other labels, and a manifest that tells of them as if they were the true ones."""
    pq.write_table(rows, root / "labels.parquet", row_group_size=10_000, **SETTINGS)
    dataset = Dataset.open(root)
    about = [
        File.of(file.name, (root / file.name).read_bytes()) if file.name == "labels.parquet" else file
        for file in dataset.manifest.about.values()
    ]
    files = [*dataset.manifest.files(), *about]
    manifest.write(dataset.storage, files, len(dataset), dataset.manifest.recipe, dataset.manifest.made)


@pytest.mark.parametrize(
    "columns",
    [["class"], ["file"], ["camera.distance"], ["obstructors.orientation.w"], ["attempt.camera"], ["split"], []],
)
def test_swapped_labels_are_found_even_where_the_manifest_knows_no_better(columns: list[str], copy: Path) -> None:
    rows = pq.read_table(copy / "labels.parquet")
    there = [row for row in rows.to_pylist() if row["split"] == "train"]
    one = there[0]["index"]
    others = (row for row in rows.to_pylist() if row["split"] == "test" and row["class"] != there[0]["class"])
    two = next(
        row["index"] for row in others if row["index"] // 2 != one // 2
    )  # images of one number share their draws
    if columns == ["attempt.camera"]:
        column = pa.array(np.eye(1, len(rows), one, dtype=np.int32)[0])
        rows = rows.set_column(rows.column_names.index("attempt.camera"), rows.field("attempt.camera"), column)
    else:
        rows = swap_rows(rows, columns or rows.column_names, one, two)
    rewritten(copy, rows)
    faults = check(copy, sample=0).faults
    assert {fault.file for fault in faults} == {"labels.parquet"}
    assert any(f"image {one}: " in fault.problem for fault in faults)


def test_a_dataset_of_an_earlier_version_is_whole_though_its_columns_are_fewer(copy: Path) -> None:
    """Made before the key sky.exposure came, which changes the recipe's hash, and the image version."""
    recipe = copy / "recipe.yaml"
    recipe.write_text(re.sub(r"(?m)^# image version: .*", "# image version: 0123456789abcdef", recipe.read_text()))
    rows = pq.read_table(copy / "labels.parquet").drop_columns("sky.exposure")
    pq.write_table(rows, copy / "labels.parquet", row_group_size=10_000, **SETTINGS)
    dataset = Dataset.open(copy)
    entries = [*dataset.manifest.files(), *dataset.manifest.about.values()]
    files = [File.of(file.name, (copy / file.name).read_bytes(), file.first, file.count) for file in entries]
    manifest.write(dataset.storage, files, len(dataset), "another hash", dataset.made)
    found = check(copy, sample=2)
    assert not found.faults
    assert any("another version of Diorama made it" in note for note in found.notes)
    columns = {finding.name for finding in stats(copy).findings}
    assert "sky.rotation" in columns
    assert "sky.exposure" not in columns
    row = swap_rows(rows, ["sky.rotation"], 0, 2)
    pq.write_table(row, copy / "labels.parquet", row_group_size=10_000, **SETTINGS)
    assert any("labels.parquet" in fault.file for fault in check(copy, sample=0).faults)


OF_MODELS_OR_PIXELS = (
    *("box.left", "visible_fraction", "subject", "breed", "extent.left", "cut.top", "intrinsics.fx"),
    *("world_to_camera", "individual.size", "keypoints.x", "keypoints.visible", "ids.shape"),
)


def test_what_depends_on_pixels_or_models_is_found_by_drawing_again(copy: Path, place: Path) -> None:
    rows = pq.read_table(copy / "labels.parquet")
    for column in OF_MODELS_OR_PIXELS:
        kind = rows.schema.field(column)
        values = [_another(value) for value in rows[column].to_pylist()]
        rows = rows.set_column(rows.column_names.index(column), kind, pa.array(values, kind.type))
    rewritten(copy, rows)
    faults = check(copy, place / "models", sample=2).faults
    for column in OF_MODELS_OR_PIXELS:
        assert any(f": {column} is " in fault.problem for fault in faults), column


def _another(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, list):
        return [_another(value[0]), *value[1:]]
    return f"{value}/other" if isinstance(value, str) else not value if isinstance(value, bool) else value + 1


@pytest.mark.parametrize("name", FORMATS)
def test_a_plane_that_is_another_images_is_found_by_drawing_again(name: str, place: Path, tmp_path: Path) -> None:
    """Two images' planes swapped in a shard, and the manifest with them: all hashes agree."""
    root = Path(shutil.copytree(place / name, tmp_path / "copy"))
    dataset = Dataset.open(root)
    path = root / ("planes-000000.parquet" if name == "folder" else dataset.labels["file"][0].as_py())
    swap_planes(path, "depth")
    entries = [*dataset.manifest.files(), *dataset.manifest.about.values()]
    files = [File.of(file.name, (root / file.name).read_bytes(), file.first, file.count) for file in entries]
    manifest.write(dataset.storage, files, len(dataset), dataset.manifest.recipe, dataset.manifest.made)
    assert not check(root, sample=0).faults
    faults = check(root, place / "models", sample=200).faults
    assert sum("its plane depth is another" in fault.problem for fault in faults) == 2


def swap_planes(path: Path, plane: str) -> None:
    """Swaps a plane of the first two images of a shard."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path)
        pq.write_table(swap_rows(rows, [plane], 0, 1), path)
        return
    with tarfile.open(path) as tar:
        contents = [(member, file.read()) for member in tar if (file := tar.extractfile(member))]
    one, two = (k for k, (member, _) in enumerate(contents) if member.name.endswith(f".{plane}.png") and k < 20)
    (first, a), (second, b) = contents[one], contents[two]
    first.size, second.size = len(b), len(a)
    contents[one], contents[two] = (first, b), (second, a)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for member, data in contents:
            tar.addfile(member, io.BytesIO(data))


def test_an_image_that_is_not_its_own_is_found_by_drawing_again(copy: Path, place: Path) -> None:
    """Two files swapped, and the manifest with them: all hashes agree."""
    one, two = sorted((copy / "train" / "cat").glob("*.jpg"))[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    dataset = Dataset.open(copy)
    files = [
        File.of(file.name, (copy / file.name).read_bytes(), file.first, file.count)
        for file in [*dataset.manifest.files(), *dataset.manifest.about.values()]
    ]
    manifest.write(dataset.storage, files, len(dataset), dataset.manifest.recipe, dataset.manifest.made)
    assert not check(copy, sample=0).faults
    files_at_fault = {fault.file for fault in check(copy, place / "models", sample=200).faults}
    assert files_at_fault == {path.relative_to(copy).as_posix() for path in (one, two)}


def test_missing_and_foreign_files_are_found(copy: Path) -> None:
    gone = sorted(copy.rglob("*.jpg"))[0]
    gone.rename(gone.with_name("holiday.jpg"))
    faults = {fault.file: fault.problem for fault in check(copy, sample=0).faults}
    name = gone.relative_to(copy).as_posix()
    assert "cannot be read" in faults[name]
    assert faults[name.replace(gone.name, "holiday.jpg")] == "is none of the dataset's files"


@pytest.mark.parametrize("name", ["labels.parquet", "train/cat"])
def test_what_is_damaged_is_not_drawn_again_but_told(name: str, copy: Path, place: Path) -> None:
    files = [copy / name] if name.endswith(".parquet") else sorted((copy / name).iterdir())
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    faults = check(copy, place / "models", sample=200).faults
    assert {fault.file for fault in faults} >= {path.relative_to(copy).as_posix() for path in files}


def test_held_out_subjects_in_training_are_found(place: Path, tmp_path: Path) -> None:
    models = tiny.models(tmp_path / "models")
    for name in ("cat", "dog"):
        (models / name / "other.glb").write_bytes((models / name / "model.glb").read_bytes())
    root = tmp_path / "data"
    generate(root, tiny.recipe(per_class=6), models, workers=1, hold_out={"subjects": 0.5})
    assert not check(root, models, sample=2).faults
    rows = pq.read_table(root / "labels.parquet")
    subject = pa.array(["cat/model"] * len(rows))
    for column in ("subject", "subject.model"):
        rows = rows.set_column(rows.column_names.index(column), rows.field(column), subject)
    rewritten(root, rows)
    assert any("cat/model is in every split" in fault.problem for fault in check(root, sample=0).faults)


def test_other_models_are_told(place: Path, tmp_path: Path) -> None:
    assert "made from other models" in check(place / "folder", sample=2).notes[0]
    with pytest.raises(AssetError, match="nowhere"):
        check(place / "folder", tmp_path / "nowhere", sample=2)


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not a dataset of Diorama"):
        check(tmp_path)


def test_the_command_prints_faults_by_file_and_ends_with_status_1(copy: Path, place: Path) -> None:
    command = ["dataset", "check", str(copy), "--models", str(place / "models"), "--sample", "2"]
    done = CliRunner().invoke(app, command)
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [f"{copy} is whole: 32 files, 24 images, 2 of them drawn again"],
    )
    (copy / "README.md").write_bytes(b"")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert done.stdout.startswith("README.md: has 0 bytes, not ")
    found = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert [fault["file"] for fault in found["faults"]] == ["README.md"]
    assert CliRunner().invoke(app, ["dataset", "check", str(copy / "nothing")]).exit_code == 2
