"""Exports, read back by those that others train with: pycocotools, and the documented layouts of FiftyOne and YOLO."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as mask_api
from pycocotools.coco import COCO
from typer.testing import CliRunner

from diorama.assets.keypoints import ANIMAL
from diorama.cli.app import app
from diorama.dataset.layout import FORMATS
from diorama.dataset.reader import Dataset
from diorama.errors import AssetError, OutputError, RecipeError
from diorama.inspection.coco import Coco, annotation, run_lengths
from diorama.inspection.export import export

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools' own


def read(labels: Path) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):  # it prints how long it took
        return COCO(str(labels))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.03, 0.5, 0.97, 1.0]))
def test_run_lengths_are_pycocotools(height: int, width: int, seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    theirs = mask_api.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert run_lengths(mask) == theirs["counts"].decode()
    assert np.array_equal(mask_api.decode({"size": [height, width], "counts": run_lengths(mask)}), mask)


@pytest.mark.parametrize("name", FORMATS)
def test_pycocotools_reads_boxes_masks_and_images(name: str, place: Path, tmp_path: Path) -> None:
    dataset = Dataset.open(place / name)
    assert export(place / name, tmp_path / "coco", "coco") == 24
    seen = 0
    for split in ("train", "test"):
        coco = read(tmp_path / "coco" / split / "labels.json")
        rows = {row["index"]: row for row in dataset.labels.to_pylist() if row["split"] == split}
        assert {image["id"] - 1 for image in coco.loadImgs(coco.getImgIds())} == set(rows)
        for found in coco.loadAnns(coco.getAnnIds()):
            index = found["image_id"] - 1
            row, (image,) = rows[index], coco.loadImgs(found["image_id"])
            mask = dataset.plane(index, "mask")
            assert np.array_equal(coco.annToMask(found).astype(bool), mask)
            assert found["area"] == mask.sum() == mask_api.area(coco.annToRLE(found))
            assert found["bbox"] == mask_api.toBbox(coco.annToRLE(found)).tolist()
            assert found["bbox"][:2] == [row["box.left"], row["box.top"]]
            assert coco.loadCats(found["category_id"])[0]["name"] == row["class"]
            assert (image["width"], image["height"]) == (64, 64)
            file = tmp_path / "coco" / split / "data" / image["file_name"]
            assert file.read_bytes() == dataset.jpeg(index)
            seen += 1
    assert seen == 24


def test_masks_that_are_drawn_again_are_those_of_the_planes(place: Path, tmp_path: Path) -> None:
    export(place / "plain", tmp_path / "coco", "coco", models=place / "models")
    assert sorted(path.name for path in (tmp_path / "coco").iterdir()) == ["data", "labels.json"], "FiftyOne's layout"
    coco, known = read(tmp_path / "coco" / "labels.json"), Dataset.open(place / "folder")
    for found in coco.loadAnns(coco.getAnnIds()):
        assert np.array_equal(coco.annToMask(found).astype(bool), known.plane(found["image_id"] - 1, "mask"))
    export(place / "plain", tmp_path / "boxes", "coco", masks=False)
    (first, *_) = json.loads((tmp_path / "boxes" / "labels.json").read_text())["annotations"]
    assert "segmentation" not in first


def test_keypoints_are_those_of_the_class_in_whole_pixels() -> None:
    row = {
        "index": 4,
        "class": "cat",
        "subject": "cat/a",
        **{f"box.{side}": 1 for side in ("left", "top", "right", "bottom")},
        "keypoints.name": ["nose", "tail"],
        "keypoints.x": [10.5, 0.0],
        "keypoints.y": [20.25, 0.0],
        "keypoints.visible": [2, 0],
    }
    found = annotation(row, 1, None, {"cat": ["tail", "nose", "wing"], "dog": ["nose"]})
    assert found["keypoints"] == [0, 0, 0, 10.0, 19.75, 2, 0, 0, 0]
    assert found["num_keypoints"] == 1


@pytest.mark.parametrize("name", ["folder", "parquet"])
def test_pycocotools_reads_keypoints(name: str, place: Path, tmp_path: Path) -> None:
    export(place / name, tmp_path / "coco", "coco", masks=False)
    rows = {row["index"]: row for row in Dataset.open(place / name).labels.to_pylist()}
    for split in ("train", "test"):
        coco = read(tmp_path / "coco" / split / "labels.json")
        for category in coco.loadCats(coco.getCatIds()):
            assert (category["keypoints"], category["skeleton"]) == (["still"], [])
        for found in coco.loadAnns(coco.getAnnIds()):
            row = rows[found["image_id"] - 1]
            x, y, visible = found["keypoints"]
            assert (visible, found["num_keypoints"]) == (row["keypoints.visible"][0], int(visible > 0))
            if visible:
                assert (x + 0.5, y + 0.5) == pytest.approx((row["keypoints.x"][0], row["keypoints.y"][0]), abs=0.01)


def test_a_kinds_bones_are_pairs_of_its_keypoints_from_one_on(place: Path, tmp_path: Path) -> None:
    writer = Coco(tmp_path, Dataset.open(place / "folder"), {"cat": tuple(ANIMAL)})
    writer.finish()
    cat, dog = json.loads((tmp_path / "labels.json").read_text())["categories"]
    names = ["", *cat["keypoints"]]
    assert ("nose", "chin") in [(names[a], names[b]) for a, b in cat["skeleton"]]
    assert (dog["keypoints"], dog["skeleton"]) == ([], [])


def test_yolo_is_as_documented(place: Path, tmp_path: Path) -> None:
    dataset, out = Dataset.open(place / "parquet"), tmp_path / "yolo"
    export(place / "parquet", out, "yolo")
    about = yaml.safe_load((out / "data.yaml").read_text())
    assert about == {
        "train": "images/train",
        "val": "images/test",
        "test": "images/test",
        "names": {0: "cat", 1: "dog"},
    }
    for row in dataset.labels.to_pylist():
        image = out / about[row["split"]] / f"{row['index']:09d}.jpg"
        assert image.read_bytes() == dataset.jpeg(row["index"])
        (line,) = Path(str(image).replace("/images/", "/labels/")).with_suffix(".txt").read_text().splitlines()
        label, x, y, width, height = line.split()
        assert about["names"][int(label)] == row["class"]
        box = [64 * (float(x) - float(width) / 2), 64 * (float(y) - float(height) / 2)]
        assert box == pytest.approx([row["box.left"], row["box.top"]], abs=1e-3)
        assert 64 * float(width) == pytest.approx(row["box.right"] - row["box.left"], abs=1e-3)
    assert len(list(out.rglob("*.jpg"))) == len(list(out.rglob("*.txt"))) == 24


def test_without_splits_the_training_images_stand_for_validation_too(place: Path, tmp_path: Path) -> None:
    export(place / "plain", tmp_path / "yolo", "yolo")
    about = yaml.safe_load((tmp_path / "yolo" / "data.yaml").read_text())
    assert (about["train"], about["val"]) == ("images/train", "images/train")


def test_nothing_half_written_is_left(place: Path, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def report(_: object) -> None:
        raise Stop

    with pytest.raises(Stop):
        export(place / "folder", tmp_path / "coco", "coco", report=report)
    with pytest.raises(AssetError, match="other models"):
        export(place / "plain", tmp_path / "coco", "coco")
    with pytest.raises(RecipeError, match="no layout 'voc'"):
        export(place / "plain", tmp_path / "coco", "voc")
    assert not list(tmp_path.iterdir())
    (tmp_path / "coco").mkdir()
    (tmp_path / "coco" / "holiday.jpg").touch()
    with pytest.raises(OutputError, match="is there already"):
        export(place / "folder", tmp_path / "coco", "coco")


def test_the_command(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "coco"
    done = CliRunner().invoke(app, ["dataset", "export", str(place / "webdataset"), "--to", "coco", "--out", str(out)])
    assert (done.exit_code, done.stdout) == (0, f"24 images in {out}\n")
    assert "writing coco: 24 of 24 images" in done.stderr
