"""Contact sheets of datasets: the images of the files, boxes and masks where they belong."""

from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from diorama.cli.app import app
from diorama.dataset.layout import FORMATS
from diorama.dataset.reader import Dataset
from diorama.errors import AssetError, OutputError, RecipeError
from diorama.inspection.sheet import BOX, GAP, LINE, MASK, PAPER, POINT, sheet
from diorama.preview import preview
from tests import tiny
from tests.inspection.data import SEED

S = 64


def tile(path: Path, number: int, lines: int = 2) -> NDArray[np.uint8]:
    """A tile of a sheet of six: three in a row."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    x, y = number % 3 * (S + GAP) + GAP, number // 3 * (S + GAP + lines * LINE + 2) + GAP
    return pixels[y : y + S, x : x + S]


@pytest.mark.parametrize("name", FORMATS)
def test_the_images_are_those_of_the_files(name: str, place: Path, tmp_path: Path) -> None:
    dataset = Dataset.open(place / name)
    out = sheet(place / name, tmp_path / "sheet.png", count=6)
    for index in range(6):
        assert np.array_equal(tile(out, index), simplejpeg.decode_jpeg(dataset.jpeg(index)))


@pytest.mark.parametrize("name", ["webdataset", "plain"])
def test_boxes_and_masks_lie_where_the_labels_say(name: str, place: Path, tmp_path: Path) -> None:
    """Masks are read, or drawn again: `plain` holds none."""
    marked = sheet(place / name, tmp_path / "m.png", count=6, masks=True, models=place / "models")
    boxed = sheet(place / name, tmp_path / "b.png", count=6, boxes=True)
    known, dataset = Dataset.open(place / "folder"), Dataset.open(place / name)
    for index, row in enumerate(dataset.labels.slice(0, 6).to_pylist()):
        image, mask = simplejpeg.decode_jpeg(dataset.jpeg(index)), known.plane(index, "mask")
        assert np.array_equal((tile(marked, index) != image).any(axis=-1) | (image == MASK).all(axis=-1), mask)
        drawn = np.argwhere((tile(boxed, index) == BOX).all(axis=-1))
        assert drawn.min(axis=0).tolist() == [row["box.top"], row["box.left"]]
        assert drawn.max(axis=0).tolist() == [row["box.bottom"] - 1, row["box.right"] - 1]


def test_keypoints_are_dots_where_they_are_seen_and_rings_where_they_are_hidden(place: Path, tmp_path: Path) -> None:
    dataset = Dataset.open(place / "parquet")
    out = sheet(place / "parquet", tmp_path / "k.png", count=24, keypoints=True)
    with Image.open(out) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    for index, row in enumerate(dataset.labels.to_pylist()):
        x = index % 5 * (S + GAP) + GAP + int(row["keypoints.x"][0])
        y = index // 5 * (S + GAP + 2 * LINE + 2) + GAP + int(row["keypoints.y"][0])
        if row["keypoints.visible"][0]:
            assert tuple(pixels[y, x]) == (POINT if row["keypoints.visible"][0] == 2 else PAPER)
            assert (pixels[y - 3 : y + 4, x - 3 : x + 4] == POINT).all(axis=-1).sum() >= 8
    with pytest.raises(RecipeError, match=r"--keypoints: .* holds none"):
        sheet(place / "plain", tmp_path / "sheet.png", keypoints=True)


def test_a_recipes_sheet_has_boxes_and_masks_too(place: Path, tmp_path: Path) -> None:
    out = preview(tmp_path / "r.png", tiny.recipe(seed=SEED), place / "models", count=6, masks=True)
    plain = preview(tmp_path / "p.png", tiny.recipe(seed=SEED), place / "models", count=6)
    known = Dataset.open(place / "folder")
    for index in range(6):
        differ = (tile(out, index, 1) != tile(plain, index, 1)).any(axis=-1)
        assert np.array_equal(differ, known.plane(index, "mask"))


def test_fewer_images_than_asked_for_are_shown_all(place: Path, tmp_path: Path) -> None:
    with Image.open(sheet(place / "plain", tmp_path / "sheet.png", count=500)) as picture:
        assert picture.width == 5 * (S + GAP) + GAP


def test_what_cannot_be_is_refused(place: Path, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="was made from other models"):
        sheet(place / "plain", tmp_path / "sheet.png", masks=True)
    with pytest.raises(RecipeError, match="count: is 0"):
        sheet(place / "plain", tmp_path / "sheet.png", count=0)
    with pytest.raises(OutputError, match="is not a picture's name"):
        sheet(place / "plain", tmp_path / "sheet.txt")
    assert not list(tmp_path.iterdir())


def test_the_command_knows_a_dataset_from_models(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    done = CliRunner().invoke(app, ["preview", str(place / "folder"), "--out", str(out), "--boxes", "--masks"])
    assert (done.exit_code, done.stdout) == (0, f"{out}\n")
    done = CliRunner().invoke(app, ["preview", str(place / "folder"), "--out", str(out), "--omit", "sky"])
    assert done.exit_code == 2
    assert "--omit: is given with a dataset" in done.stderr
