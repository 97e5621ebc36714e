"""What docs/using-datasets.md and the example show works as shown."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import trimesh

import diorama
from diorama.generate import generate
from diorama.inspection.export import export
from tests import tiny

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "using-datasets.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```python\n((?:from|import) (\w+).*?)```", TEXT, re.DOTALL))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The datasets that the page speaks of."""
    place = tmp_path_factory.mktemp("using")
    models = tiny.models(place / "models")
    split = {"train": 0.5, "test": 0.5}
    generate(place / "data", tiny.recipe(per_class=8, labels=("mask",)), models, workers=1, split=split)
    for name, form in (("tars", "webdataset"), ("table", "parquet")):
        generate(place / name, tiny.recipe(per_class=4), models, workers=1, format=form)
    export(place / "data", place / "data-coco", "coco")
    return place


def run(script: str, place: Path) -> subprocess.CompletedProcess[str]:
    """A script of its own, in the folder of the datasets; what renders, renders the tiny models."""
    stand_in = (
        "import diorama\nfrom tests import tiny\n"
        "_stream = diorama.stream\n"
        "def _tiny(recipe, **options): return _stream(tiny.recipe(), 'models', **options)\n"
        "diorama.stream = _tiny\n"
    )
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(place / "home")}
    environment = {**os.environ, **offline, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    code = (stand_in if "diorama.stream" in script else "") + script
    return subprocess.run(
        [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", BLOCKS, ids=lambda script: BLOCKS[script] + str(len(script)))
def test_the_pages_code_runs(script: str, place: Path) -> None:
    missing = [name for name in re.findall(r"^\s*(?:from|import) (\w+)", script, re.MULTILINE) if not find_spec(name)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    done = run(script, place)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "print" not in script
    if "StatefulDataLoader" in script:
        assert done.stdout == "48\n"


def test_the_page_was_read() -> None:
    imported = {"torchvision", "datasets", "glob", "duckdb", "pandas", "pyarrow", "diorama", "pycocotools", "fiftyone"}
    assert set(BLOCKS.values()) == imported
    assert len(BLOCKS) == len(imported) + 2


def test_the_example_learns_from_the_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, colour in (("cat", (220, 40, 30)), ("dog", (30, 60, 220))):
        box = trimesh.creation.box((0.5, 0.7, 1.0))
        box.visual = trimesh.visual.ColorVisuals(box, face_colors=np.array([*colour, 255], np.uint8))
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.glb").write_bytes(box.export(file_type="glb"))
    monkeypatch.syspath_prepend(ROOT / "examples")
    from train_from_stream import train

    stream = diorama.stream(tiny.recipe().omit("obstructors", "light"), tmp_path)
    right = train(stream, steps=45, batch=16)
    assert len(right) == 45
    assert sum(right[-15:]) / 15 > max(0.75, sum(right[:5]) / 5)
