"""Names, shards and splits."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from diorama.dataset.layout import Layout, Shard, parse_shares
from diorama.dataset.reader import Dataset
from diorama.errors import RecipeError
from diorama.generate import generate
from diorama.randomize.recipe import Recipe
from tests import tiny

SUBJECTS = {"cat": [f"cat/{k}" for k in range(20)], "dog": [f"dog/{k}" for k in range(7)], "owl": ["owl/one"]}


def test_shards_cover_every_image_once() -> None:
    layout = Layout.of("webdataset", 8)
    assert list(layout.shards(20)) == [Shard(0, 0, 8), Shard(1, 8, 8), Shard(2, 16, 4)]
    assert list(layout.shards(8)) == [Shard(0, 0, 8)]


@pytest.mark.parametrize(
    ("format", "split", "index", "name"),
    [
        ("folder", None, 25, "dog/000012.jpg"),
        ("folder", {"train": 0.5, "test": 0.5}, 25, "test/dog/000012.jpg"),
        ("webdataset", None, 999, "data/train-000000.tar"),
        ("webdataset", {"train": 0.5, "test": 0.5}, 1000, "data/test-000001.tar"),
        ("parquet", None, 10**12, "data/train-1000000000.parquet"),
    ],
)
def test_the_file_of_an_image(format: str, split: dict[str, float] | None, index: int, name: str) -> None:
    recipe = Recipe.preset("paper", classes=("cat", "dog"))
    layout = Layout.of(format, None, split)
    assert layout.file(recipe, index, layout.splits[-1]) == name
    folder, _, file = name.rpartition("/")
    assert layout.folders(recipe)[folder].fullmatch(file)


@pytest.mark.parametrize(
    ("split", "hold_out"), [(None, None), ({"train": 0.7, "val": 0.1, "test": 0.2}, None), (None, {"subjects": 0.25})]
)
def test_a_layout_is_read_from_its_description(
    split: dict[str, float] | None, hold_out: dict[str, float] | None
) -> None:
    layout = Layout.of("parquet", 77, split, hold_out)
    assert Layout.described({"adapter": "some", **layout.description}) == layout
    assert layout.shares == pytest.approx(split or ({"train": 0.75, "test": 0.25} if hold_out else {"train": 1}))


def test_splits_by_image_have_their_shares_and_stay_as_a_dataset_grows() -> None:
    layout, count = Layout.of("folder", 8, {"train": 0.7, "val": 0.1, "test": 0.2}), 20_000
    index, subject = np.arange(count), np.full(count, "cat/0")
    split = layout.assigned(3, index, subject)
    for name, share in layout.shares.items():
        spread = 4 * np.sqrt(share * (1 - share) / count)  # a chance of 6e-5 to lie outside
        assert (split == name).mean() == pytest.approx(share, abs=spread)
    assert (layout.assigned(3, index[5:50], subject[5:50]) == split[5:50]).all()
    assert (layout.assigned(4, index, subject) != split).any()


def test_held_out_subjects_are_never_trained_on() -> None:
    layout = Layout.of("folder", None, hold_out={"subjects": 0.2}).holding_out(SUBJECTS, 0)
    held = {name: [id for id in ids if id in layout.held] for name, ids in SUBJECTS.items()}
    assert {name: len(ids) for name, ids in held.items()} == {
        "cat": 4,
        "dog": 1,
        "owl": 0,
    }  # 20 %, at least one to train
    every = np.array([id for ids in SUBJECTS.values() for id in ids])
    split = layout.assigned(0, np.arange(len(every)), every)
    assert set(every[split == "test"]) == layout.held
    assert set(every[split == "train"]) == set(every) - layout.held


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_both_sides_of_a_split_have_a_subject_of_each_class_that_has_two(share: float) -> None:
    subjects = {"cat": ["cat/a", "cat/b"], "dog": ["dog/a", "dog/b", "dog/c"]}
    layout = Layout.of("folder", None, hold_out={"subjects": share}).holding_out(subjects, 5)
    for ids in subjects.values():
        assert 1 <= len(layout.held & set(ids)) < len(ids)


def test_what_is_held_out_of_a_class_does_not_depend_on_other_classes_or_order() -> None:
    layout = Layout.of("folder", None, hold_out={"subjects": 0.2})
    alone = layout.holding_out({"cat": SUBJECTS["cat"][::-1]}, 0)
    assert alone.held == {id for id in layout.holding_out(SUBJECTS, 0).held if id.startswith("cat/")}
    assert alone.held != layout.holding_out({"cat": SUBJECTS["cat"]}, 1).held


def test_held_out_subjects_in_a_dataset(tmp_path: Path) -> None:
    models = tiny.models(tmp_path / "models")
    for name in ("cat", "dog"):
        for copy in ("b", "c", "d"):
            shutil.copy(models / name / "model.glb", models / name / f"{copy}.glb")
    generate(tmp_path / "data", tiny.recipe(), models, hold_out={"subjects": 0.25}, workers=1)
    rows = Dataset.open(tmp_path / "data").labels.to_pylist()
    sides = {side: {row["subject"] for row in rows if row["split"] == side} for side in ("train", "test")}
    assert not sides["train"] & sides["test"]
    for name in ("cat", "dog"):
        assert len([id for id in sides["test"] if id.startswith(name)]) == 1
        assert len([id for id in sides["train"] if id.startswith(name)]) == 3
    for row in rows:
        assert row["file"].startswith(f"{row['split']}/{row['class']}/")
        assert (tmp_path / "data" / row["file"]).is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "zip"}, "format: there is no format 'zip'. Choose from: folder, webdataset, parquet"),
        ({"shard_size": 0}, "shard size: is 0"),
        ({"split": {"train": 0.8, "test": 0.3}}, "split: the shares add up to 1.1"),
        ({"split": {"train": 1.2, "test": -0.2}}, "split: the share of train is 1.2"),
        ({"split": {"a/b": 0.5, "c": 0.5}}, "split: 'a/b' cannot be a split's name"),
        ({"hold_out": {"skies": 0.2}}, "hold out: skies cannot be held out. Write subjects=0.2, say"),
        ({"hold_out": {"subjects": 1.0}}, "hold out: the share of subjects is 1"),
        ({"split": {"train": 0.5, "b": 0.5}, "hold_out": {"subjects": 0.2}}, "split: is given beside hold out"),
    ],
)
def test_bad_options_are_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=re.escape(message)):
        Layout.of(**options)  # type: ignore[arg-type]


def test_a_class_of_one_model_each_has_none_to_hold_out() -> None:
    with pytest.raises(RecipeError, match="hold out: no class has two subjects"):
        Layout.of(hold_out={"subjects": 0.2}).holding_out({"cat": ["cat/a"], "dog": ["dog/a"]}, 0)


def test_shares_are_parsed() -> None:
    assert parse_shares("--split", "train=0.8, test=0.2") == {"train": 0.8, "test": 0.2}
    for text in ("train", "train=", "train=a", "train=0.5,train=0.5", ""):
        with pytest.raises(RecipeError, match=r"--split: .* is not a list of shares"):
            parse_shares("--split", text)
