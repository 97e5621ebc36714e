"""Other people's readers take finished datasets of every format as they are."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from PIL import Image

from diorama.dataset.reader import Dataset
from diorama.generate import generate
from tests import tiny

FORMATS = ("folder", "webdataset", "parquet")
SPLIT = {"train": 0.6, "test": 0.4}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same six images in every format; six more with splits under "split"."""
    place = tmp_path_factory.mktemp("peers")
    models = tiny.models(place / "models")
    for name in FORMATS:
        plain, split = (tiny.recipe(per_class=n).replace(labels=["mask"]) for n in (3, 6))
        generate(place / name, plain, models, format=name, workers=1)
        generate(place / "split" / name, split, models, format=name, split=SPLIT, shard_size=5, workers=1)
    return place


def python(script: str, folder: Path, home: Path) -> Any:
    """What a script prints as JSON, apart from these tests: other people's packages leave files open."""
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def load(call: str, folder: Path, home: Path) -> Any:
    """What `datasets.load_dataset` gives of each split: label, class, a factor's value, size of the image."""
    script = (
        "import json, sys, datasets\n"
        f"found = datasets.load_dataset({call})\n"
        "def told(row):\n"
        "    row = row['json'] | {'image': row['jpg']} if 'json' in row else row\n"
        "    return {k: row[k] for k in ('label', 'class', 'index', 'camera.distance')} | {'size': row['image'].size}\n"
        "names = [f.names for s in found.values() if (f := s.features.get('label')) is not None]\n"
        "assert all(name == ['cat', 'dog'] for name in names), names\n"
        "print(json.dumps({name: [told(row) for row in split] for name, split in found.items()}))"
    )
    return python(script, folder, home)


def expected(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The same from labels.parquet."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in Dataset.open(folder).labels.to_pylist():
        kept = {name: row[name] for name in ("class", "index", "camera.distance")}
        out.setdefault(row["split"], []).append(kept | {"label": row["index"] % 2, "size": [64, 64]})
    return out


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("'imagefolder', data_dir=sys.argv[1]", "folder"),
        ("sys.argv[1]", "folder"),
        ("sys.argv[1]", "webdataset"),
        ("'webdataset', data_dir=sys.argv[1] + '/data'", "webdataset"),
        ("sys.argv[1]", "parquet"),
        ("'parquet', data_dir=sys.argv[1] + '/data'", "parquet"),
    ],
)
def test_hugging_face_datasets(call: str, name: str, place: Path, tmp_path: Path) -> None:
    for folder in (place / name, place / "split" / name):
        wanted = expected(folder)
        assert len(wanted) == (2 if folder.parent.name == "split" else 1)
        assert load(call, folder, tmp_path) == wanted


def test_webdataset(place: Path, tmp_path: Path) -> None:
    script = (
        "import json, sys, webdataset, pathlib\n"
        "urls = sorted(map(str, pathlib.Path(sys.argv[1], 'data').glob('*.tar')))\n"
        "out = []\n"
        "for s in webdataset.WebDataset(urls, shardshuffle=False).decode('pil'):\n"
        "    key, url = s['__key__'], pathlib.Path(s['__url__']).name\n"
        "    out.append([url, key, s['json'], s['cls'], s['jpg'].size, s['mask.png'].size, len(s)])\n"
        "print(json.dumps(out))"
    )
    for folder in (place / "webdataset", place / "split" / "webdataset"):
        dataset, found = Dataset.open(folder), python(script, folder, tmp_path)
        assert sorted(key for _, key, *_ in found) == [f"{index:09d}" for index in range(len(dataset))]
        for url, key, row, label, *sizes in found:
            index = int(key)
            assert row == dataset.labels.slice(index, 1).to_pylist()[0] | {"label": label}
            assert f"data/{url}" == row["file"]
            assert url.startswith(row["split"])
            assert (label, sizes) == (index % 2, [[64, 64], [64, 64], 7])  # three of webdataset's own


def test_duckdb(place: Path) -> None:
    query = """
        select class, count(*), min("camera.distance") >= 1.2, max(len("obstructors.shape"))
        from read_parquet(?) group by class order by class
    """
    for file in (
        "folder/labels.parquet",
        "folder/metadata.parquet",
        "parquet/data/*.parquet",
        "webdataset/labels.parquet",
    ):
        assert duckdb.execute(query, [str(place / file)]).fetchall() == [("cat", 3, True, 5), ("dog", 3, True, 5)]
    rows = duckdb.execute(
        "select index, image.bytes, mask.bytes, label from read_parquet(?) order by index",
        [str(place / "parquet/data/*.parquet")],
    ).fetchall()
    dataset = Dataset.open(place / "parquet")
    assert [(row[0], row[3]) for row in rows] == [(k, k % 2) for k in range(6)]
    assert [row[1] for row in rows] == dataset.jpegs(range(6))
    with Image.open(io.BytesIO(rows[0][2])) as mask:
        assert (mask.size, mask.mode) == ((64, 64), "1")
    manifest = duckdb.execute("select sum(count) from read_parquet(?)", [str(place / "parquet/manifest.parquet")])
    assert manifest.fetchall() == [(6,)]


def test_the_card_names_models_and_every_column(place: Path) -> None:
    card = (place / "folder" / "README.md").read_text()
    columns = duckdb.execute(
        "describe select * from read_parquet(?)", [str(place / "folder/labels.parquet")]
    ).fetchall()
    for name, *_ in columns:
        assert f"| `{name}` |" in card
    assert "| cat | cat/model |" in card
    assert "| adapter | " in card


def test_every_format_holds_the_same_images_planes_and_labels(place: Path) -> None:
    folder, *others = (Dataset.open(place / name) for name in FORMATS)
    for other in others:
        assert other.jpegs(range(6)) == folder.jpegs(range(6))
        assert other.jpeg(4) == folder.jpeg(4)
        for one, two in zip(folder.planes(range(6), "mask"), other.planes(range(6), "mask"), strict=True):
            assert (one == two).all()
        assert other.labels.drop_columns("file").equals(folder.labels.drop_columns("file"))


def test_every_split_holds_the_same_images(place: Path) -> None:
    plain, split = Dataset.open(place / "folder"), [Dataset.open(place / "split" / name) for name in FORMATS]
    assert {part for one in split for part in one.labels["split"].to_pylist()} == {"train", "test"}
    for one in split:
        assert one.jpegs([5, 0, 3]) == plain.jpegs([5, 0, 3])
        assert (one.plane(2, "mask") == plain.plane(2, "mask")).all()
        assert one.labels["split"].equals(split[0].labels["split"])
