"""Other people's readers take a finished dataset as it is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from diorama.generate import generate
from tests import tiny


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("peers")
    generate(place / "data", tiny.recipe(per_class=3), tiny.models(place / "models"), workers=1)
    return place / "data"


@pytest.mark.parametrize("call", ["'imagefolder', data_dir=sys.argv[1]", "sys.argv[1]"])
def test_hugging_face_datasets(call: str, data: Path, tmp_path: Path) -> None:
    script = (
        "import json, sys, datasets\n"
        f"d = datasets.load_dataset({call})\n"
        "t = d['train']\n"
        "print(json.dumps([list(d), t.features['label'].names, list(t['label']), [list(i.size) for i in t['image']]]))"
    )
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(data)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["train"], ["cat", "dog"], [0, 0, 0, 1, 1, 1], [[64, 64]] * 6]


def test_duckdb(data: Path) -> None:
    query = """
        select class, count(*), min("camera.distance") >= 1.2, max(len("obstructors.shape"))
        from read_parquet(?) group by class order by class
    """
    assert duckdb.execute(query, [str(data / "labels.parquet")]).fetchall() == [
        ("cat", 3, True, 5),
        ("dog", 3, True, 5),
    ]


def test_the_card_names_models_and_every_column(data: Path) -> None:
    card = (data / "README.md").read_text()
    columns = duckdb.execute("describe select * from read_parquet(?)", [str(data / "labels.parquet")]).fetchall()
    for name, *_ in columns:
        assert f"| `{name}` |" in card
    assert "| cat | cat/model |" in card
    assert "| adapter | " in card
