"""Whole evaluations of classifiers whose answers are known: plain colours, right or wrong by construction."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from diorama.errors import DioramaError, ImageError, ModelError, OutputError
from diorama.evaluate.evaluation import evaluate
from diorama.learn.backbones import load_backbone
from diorama.learn.classifier import Classifier
from tests import tiny
from tests.evaluate import pictures


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of two classes, one of three; sets with none, three and all classes' fourth image wrong."""
    folder = tmp_path_factory.mktemp("evaluate")
    pictures.model(folder / "model")
    pictures.model(folder / "three", ("bike", "cat", "dog"))
    pictures.folder(folder / "right")
    pictures.folder(folder / "some", wrong=3)
    pictures.folder(folder / "more", classes=("bike", "cat", "dog"))
    return folder


def test_the_colours_are_told_apart(root: Path) -> None:
    assert pictures.right(root / "model", root / "right") == 1
    assert pictures.right(root / "three", root / "more") == 1


def test_a_saved_model_shares_the_features_of_its_backbone(root: Path) -> None:
    assert Classifier.load(root / "model").backbone.hash() == load_backbone("small").hash()


def test_known_answers(root: Path) -> None:
    found = evaluate(root / "model", [root / "right", root / "some"])
    good, some = found.scores
    assert (good.set, good.accuracy.value, good.aar.value) == ("right", 1, 0.5)
    assert some.accuracy.value == 18 / 24
    assert some.confusion.tolist() == [[9, 3], [3, 9]]
    assert some.heads == (0.75, 0.75)
    assert found.sets["some"].images == {"cat": 12, "dog": 12}
    assert found.sets["some"].skipped == {}
    assert found.models["model"]["selection"] == "last epoch"
    assert found.factors == {}
    wrong = [name for name, bad in zip(found.predictions[1].files, found.predictions[1].wrong, strict=True) if bad]
    assert wrong == [f"{name}/{number:03d}.png" for name in ("cat", "dog") for number in range(3)]


def test_several_models_see_the_same_images(root: Path) -> None:
    found = evaluate(
        {"two": root / "model", "colours": root / "three"}, {"colours": root / "right", "odd": root / "some"}
    )
    assert [(one.model, one.set) for one in found.scores] == [
        ("two", "colours"), ("two", "odd"), ("colours", "colours"), ("colours", "odd"),
    ]  # fmt: skip
    assert [pair.p for pair in found.paired] == [1, 1]  # both are right about the same images
    assert found.transfer.common == ("odd",)
    assert found.transfer.out_of_domain["two"].value == 0.75
    assert found.scores[2].labels == ("bike", "cat", "dog")
    assert found.scores[2].aar.value == pytest.approx(2 / 3)
    assert np.isnan(found.scores[2].recall["bike"].value)


def test_sub_folders_can_be_renamed_merged_and_left_out(root: Path) -> None:
    found = evaluate(root / "model", root / "more", mapping={"bike": ""})
    assert found.sets["more"].images == {"cat": 12, "dog": 12}
    merged = evaluate(root / "model", [root / "more", root / "right"], mapping={"bike": "dog"})
    assert merged.sets["more"].images == {"cat": 12, "dog": 24}
    assert merged.sets["right"].images == {"cat": 12, "dog": 12}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"more: has bike, which the model does not know: it knows cat, dog\. Leave that out \(--map bike=\)"),
        ({"bike": "bicycle"}, "--map bike=bicycle: no model knows bicycle. They know cat, dog"),
        ({"bikes": "cat"}, "--map bikes=cat: no set has a sub-folder bikes. There are bike, cat, dog"),
    ],
)
def test_another_class_is_named(root: Path, given: dict[str, str], message: str) -> None:
    with pytest.raises(ImageError, match=message):
        evaluate(root / "model", root / "more", mapping=given)


def test_all_strangers_are_named_at_once(root: Path, tmp_path: Path) -> None:
    pictures.folder(tmp_path / "set", classes=("cat", "dog", "bike"), count=1)
    (tmp_path / "set" / "dog").rename(tmp_path / "set" / "hound")
    with pytest.raises(ImageError, match=r"has bike, hound, which .* \(--map bike= --map hound=\)"):
        evaluate(root / "model", tmp_path / "set")


@pytest.fixture
def torn(root: Path, tmp_path: Path) -> Path:
    """Three good images of cats, one torn; one good image of a dog, an empty file and a text that calls itself one."""
    pictures.folder(tmp_path / "torn", count=3)
    data = (tmp_path / "torn" / "cat" / "000.png").read_bytes()
    (tmp_path / "torn" / "cat" / "torn.png").write_bytes(data[: len(data) // 2])
    (tmp_path / "torn" / "dog" / "001.png").write_bytes(b"")
    (tmp_path / "torn" / "dog" / "002.png").write_text("no picture")
    return tmp_path / "torn"


def test_images_that_cannot_be_read_are_left_out_and_named(root: Path, torn: Path) -> None:
    found = evaluate([root / "model", root / "three"], torn)
    assert found.sets["torn"].images == {"cat": 3, "dog": 1}
    assert [Path(path).name for path in found.sets["torn"].skipped] == ["torn.png", "001.png", "002.png"]
    assert all(one.images == 4 and one.accuracy.value == 1 for one in found.scores)
    with pytest.raises(ImageError, match=r"torn\.png"):
        evaluate(root / "model", torn, strict=True)


def test_pictures_of_any_kind_are_read_as_people_expect(root: Path, tmp_path: Path) -> None:
    """Palette, alpha, CMYK and an animation of a red cat; a grey one and one of 16 bits are read, whatever they are."""
    (tmp_path / "set" / "cat").mkdir(parents=True)
    red = Image.new("RGB", (90, 70), pictures.COLOURS["cat"])
    blue = Image.new("RGB", (90, 70), pictures.COLOURS["dog"])
    red.quantize(8).save(tmp_path / "set" / "cat" / "palette.png")
    red.convert("RGBA").save(tmp_path / "set" / "cat" / "alpha.png")
    red.convert("CMYK").save(tmp_path / "set" / "cat" / "cmyk.jpg")
    red.save(tmp_path / "set" / "cat" / "animated.gif", save_all=True, append_images=[blue, blue])
    assert evaluate(root / "model", tmp_path / "set").scores[0].recall["cat"].value == 1
    red.convert("L").save(tmp_path / "set" / "cat" / "grey.png")
    Image.fromarray(np.full((70, 90), 40_000, np.uint16)).save(tmp_path / "set" / "cat" / "sixteen.png")
    assert evaluate(root / "model", tmp_path / "set", strict=True).scores[0].images == 6


def test_a_set_without_some_class_or_with_one_image_is_fine(root: Path, tmp_path: Path) -> None:
    pictures.folder(tmp_path / "set", count=1, classes=("dog",))
    (one,) = evaluate(root / "model", tmp_path / "set").scores
    assert (one.images, one.accuracy.value) == (1, 1)
    assert np.isnan(one.recall["cat"].value)
    assert one.accuracy.low < 0.3


def test_what_cannot_be_evaluated_is_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "cat").mkdir(parents=True)
    (tmp_path / "bad" / "cat").mkdir(parents=True)
    (tmp_path / "bad" / "cat" / "x.png").write_bytes(b"no picture")
    (tmp_path / "file").write_text("")
    cases: list[tuple[object, type[DioramaError], str]] = [
        (lambda: evaluate(root / "model", tmp_path / "empty"), ImageError, r"empty: there are no images"),
        (lambda: evaluate(root / "model", tmp_path / "bad"), ImageError, r"bad: none of its images can be read"),
        (lambda: evaluate(root / "model", tmp_path / "none"), ImageError, r"none: is not a folder"),
        (lambda: evaluate(root / "right", root / "right"), ModelError, r"right: holds no config"),
        (lambda: evaluate(tmp_path / "none", root / "right"), ModelError, r"none: is not a folder"),
        (lambda: evaluate(root / "model", root / "right", out=tmp_path / "file"), OutputError, r"file: is a file"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()  # type: ignore[operator]


def test_dioramas_labels_tell_what_is_misread(root: Path, tmp_path: Path) -> None:
    """Of 120 images, those far away are wrong; labels.parquet knows the distance, in another order of rows."""
    pictures.folder(tmp_path / "set", wrong=12, count=60)
    names = [f"{name}/{number:03d}.png" for name in ("cat", "dog") for number in range(60)]
    distance = [4.0 - number / 60 for _ in range(2) for number in range(60)]
    rows = pa.table({"file": names, "class": [name[:3] for name in names], "camera.distance": distance})
    pq.write_table(rows.sort_by([("camera.distance", "ascending")]), tmp_path / "set" / "labels.parquet")
    (found,) = evaluate(root / "model", tmp_path / "set").factors.values()
    assert [factor.column for factor in found] == ["camera.distance"]
    assert found[0].worst.error.value == 24 / 60  # all of the farther half's, and none of the nearer's
    assert found[0].p_holm < 1e-6
    (tmp_path / "set" / "labels.parquet").write_bytes(b"torn")
    with pytest.raises(ImageError, match=r"labels\.parquet: is damaged"):
        evaluate(root / "model", tmp_path / "set")


def test_what_is_written_does_not_depend_on_the_run(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        evaluate(root / "model", root / "some", out=tmp_path / name)
    assert tiny.content(tmp_path / "one") == tiny.content(tmp_path / "two")
