"""`diorama evaluate` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import plain, run
from tests.evaluate import pictures


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    pictures.model(folder / "model")
    pictures.model(folder / "other", seeds=1)
    pictures.folder(folder / "photos", wrong=3)
    pictures.folder(folder / "toons", count=4)
    (folder / "toons" / "dog" / "torn.png").write_bytes(b"no picture")
    return folder


def test_a_model_on_two_sets_against_another(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "evaluation"
    done = run(
        "evaluate", f"real={root}/model", f"real={root}/photos", f"toon={root}/toons",
        f"--against=synthetic={root}/other", "--out", out,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    text = plain(done.stdout)
    assert "75.0 (55.1–88.0)" in text
    assert "out of domain: toon" in text
    assert "2 heads on small; epoch: last epoch" in text
    assert "cat 9, dog 3" in text
    assert "toon: 1 image could not be read, left out" in plain(done.stderr)
    assert "torn.png" in done.stderr
    assert json.loads((out / "summary.json").read_text())["transfer"]["common"] == ["toon"]


def test_json_is_all_that_is_printed(root: Path) -> None:
    done = run("evaluate", root / "model", root / "photos", "--json", "--limit", "2")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert summary["sets"]["photos"]["images"] == {"cat": 2, "dog": 2}
    assert summary["scores"][0]["aar"][0] == 0  # each class's first is wrong, its seventh is right


def test_a_class_too_many_ends_with_one_message(root: Path, tmp_path: Path) -> None:
    pictures.folder(tmp_path / "set", count=1, classes=("cat", "dog", "bike"))
    done = run("evaluate", root / "model", tmp_path / "set", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "has bike, which the model does not know" in plain(done.stderr)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    mended = run("evaluate", root / "model", tmp_path / "set", "--map", "bike=")
    assert mended.exit_code == 0, mended.output


def test_wrong_usage_is_told(root: Path) -> None:
    done = run("evaluate", root / "model", root / "photos", "--map", "bike")
    assert done.exit_code == 2
    assert "FOLDER=CLASS" in plain(done.stderr)
    strict = run("evaluate", root / "model", root / "toons", "--strict")
    assert strict.exit_code == 2
    assert "torn.png" in plain(strict.stderr)
