"""The dataset card: an author stays in his cell, and the hub's libraries take splits and features from its head."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from huggingface_hub import DatasetCard, DatasetCardData

from diorama.dataset import card
from diorama.dataset.layout import FORMATS
from diorama.dataset.reader import Dataset
from diorama.generate import generate
from diorama.randomize.recipe import Recipe
from tests import tiny


@pytest.mark.parametrize(
    ("author", "cell"),
    [
        ("Ann", "Ann"),
        ("", ""),
        ("a | b", r"a \| b"),
        ("two\nlines", "two lines"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![seen](https://example.org/x.png)", r"!\[seen](https://example.org/x.png)"),
        (r"!\[seen](https://example.org/x.png)", r"!\\\[seen](https://example.org/x.png)"),
    ],
)
def test_an_author_stays_in_his_cell(author: str, cell: str) -> None:
    row = {"class": "cat", "subject": "cat/a", "licence": "CC0", "author": author, "source": "here"}
    lines = card.write(Recipe.preset("paper"), [row], {"diorama": "0"}).splitlines()
    found = re.split(r"(?<!\\) ?\| ?", lines[-1])
    assert [part.strip() for part in found] == ["", "cat", "cat/a", "CC0", cell, "here", ""]


LABELS = ("mask", "amodal", "ids", "depth", "normals", "keypoints")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of each format with two splits and every label."""
    place = tmp_path_factory.mktemp("card")
    models = tiny.models(place / "models")
    for name in FORMATS:
        recipe = tiny.recipe(per_class=4, labels=LABELS)
        generate(place / name, recipe, models, workers=1, format=name, split={"train": 0.5, "test": 0.5})
    return place


@pytest.mark.parametrize("name", FORMATS)
def test_huggingface_hub_reads_the_cards_metadata(name: str, place: Path) -> None:
    """All that `DatasetCard.validate` looks at but what it asks the hub for, which takes a network."""
    found = DatasetCard.load(place / name / "README.md")
    assert isinstance(found.data, DatasetCardData)
    assert found.data.task_categories == [
        "image-classification",
        "object-detection",
        "image-segmentation",
        "depth-estimation",
        "keypoint-detection",
    ]
    assert (found.data.license, found.data.size_categories) == ("other", ["n<1K"])
    told = yaml.safe_load(found.data.to_yaml())
    (config,) = told["configs"]
    assert [part["split"] for part in config["data_files"]] == ["train", "test"]
    assert found.text.strip().startswith("# 8 synthetic images of 2 classes")
    assert told["dataset_info"]["features"]


def test_datasets_resolves_splits_and_features_from_the_card(place: Path, tmp_path: Path) -> None:
    """In every format: the splits of the labels, a class label of all classes, planes as images, lists as lists."""
    script = (
        "import json, sys, datasets\n"
        "out = {}\n"
        "for name in ('folder', 'webdataset', 'parquet'):\n"
        "    found = datasets.load_dataset(f'{sys.argv[1]}/{name}')\n"
        "    features = found['train'].features\n"
        "    label = 'cls' if 'cls' in features else 'label'\n"
        "    pictures = sorted(k for k, f in features.items() if isinstance(f, datasets.Image))\n"
        "    row = found['train'][0]\n"
        "    sizes = [row[picture].size for picture in pictures]\n"
        "    inner = row.get('json', row)\n"
        "    out[name] = {'rows': {k: len(v) for k, v in found.items()}, 'names': features[label].names,\n"
        "        'pictures': pictures, 'sizes': sizes, 'slots': len(inner['obstructors.size']),\n"
        "        'features': features._to_yaml_list()}\n"
        "print(json.dumps(out))\n"
    )
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(place)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    planes = LABELS[:-1]
    pictures = {
        "folder": ["image"],
        "webdataset": sorted(["jpg", *(f"{plane}.png" for plane in planes)]),
        "parquet": sorted(["image", *planes]),
    }
    for name, found in json.loads(done.stdout).items():
        split = Dataset.open(place / name).labels["split"].to_pylist()
        assert found["rows"] == {part: split.count(part) for part in ("train", "test")}
        assert found["names"] == ["cat", "dog"]
        assert found["pictures"] == pictures[name]
        assert found["sizes"] == [[64, 64]] * len(pictures[name])
        assert found["slots"] == 5
        told = DatasetCard.load(place / name / "README.md").data.dataset_info["features"]
        assert sorted(map(repr, told)) == sorted(map(repr, found["features"])), "nothing is guessed or left out"
