"""`diorama assets check` and `render`: what is told of a folder of models, and what is drawn."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from diorama.cli import options
from diorama.cli.app import app
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE, Model, arm


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    arm().save(folder / "cat" / "tom.glb")
    box = Model()
    box.node(mesh=box.mesh(CORNERS * (1, 2, 4), CUBE))
    box.json["asset"]["extras"] = {"author": "Ann", "license": "CC-BY-4.0"}
    box.json["materials"] = [{"pbrMetallicRoughness": {"baseColorFactor": [1, 0, 0, 1], "metallicFactor": 0}}]
    box.json["meshes"][0]["primitives"][0]["material"] = 0
    box.save(folder / "deep" / "er" / "box.glb")
    return folder


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    return done.exit_code, done.output


def test_a_folder_of_any_shape_is_looked_through(models: Path) -> None:
    status, output = run("assets", "check", models, "--json")
    assert status == 0
    tom, box = json.loads(output)
    assert (tom["file"], box["file"]) == ("cat/tom.glb", "deep/er/box.glb")
    assert (tom["triangles"], tom["joints"], tom["clips"], tom["textures"]) == (8, 2, ["bend"], 0)
    assert box["size"] == pytest.approx([0.25, 0.5, 1])
    assert (box["licence"], box["author"]) == ("CC-BY-4.0", "Ann")
    assert all(report["usable"] for report in (tom, box))
    assert any("no licence" in warning for warning in tom["warnings"])
    assert not any("no licence" in warning for warning in box["warnings"])
    assert run("assets", "check", models, "--strict")[0] == 1
    assert run("assets", "check", models / "deep", "--strict")[0] == 1  # its normals are computed
    assert run("assets", "check", models / "cat" / "tom.glb")[0] == 0


def test_one_that_cannot_be_used_fails_the_check_and_hides_no_other(models: Path) -> None:
    (models / "cat" / "torn.glb").write_bytes((models / "cat" / "tom.glb").read_bytes()[:-20])
    (models / "cat" / "old.blend").write_bytes(b"BLENDER")
    (models / "cat" / "assets.yaml").write_text("old.blend: {skip: true}\n")
    status, output = run("assets", "check", models)
    assert status == 1
    assert "cat/torn.glb" in output
    assert "truncated or damaged" in output
    assert "2 of 4 files can be used" in output
    reports = json.loads(run("assets", "check", models, "--json")[1])
    assert [report["usable"] for report in reports] == [False, True, False, True]


def test_what_there_is_not(models: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for place, word in ((tmp_path / "gone", "no such"), (tmp_path / "none", "no models")):
        status, output = run("assets", "check", place)
        assert (status, word in output) == (2, True)
    (models / "assets.yaml").write_text("tom.glb: {yaw: far}")
    status, output = run("assets", "check", models)
    assert status == 2
    assert "tom.glb.yaw" in output.replace("\n", "")


def test_a_sheet_of_views_and_clips(models: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    (models / "bad.glb").write_bytes(b"")
    status, output = run("assets", "render", models, "--out", out, "--size", 96)
    assert status == 1
    assert "2 of 3 models" in output
    assert "bad.glb" in output
    picture = np.asarray(Image.open(out).convert("RGB")).astype(int)
    assert picture.shape[1] == 8 * 99 + 3
    red = (picture[..., 0] > 90) & (picture[..., 1] < 60) & (picture[..., 2] < 60)
    rows = np.flatnonzero(red.any(1))
    views = [red[rows.min() :, 3 + 99 * k : 99 + 99 * k].sum() for k in range(5)]
    # Front and back show 1 × 2, left and right 4 × 2; there is no clip.
    assert min(views[:4]) > 100
    assert views[1] > 2 * views[0]
    assert views[3] > 2 * views[2]
    assert views[4] == 0


@pytest.mark.parametrize(("name", "size"), [("sheet.gif", 96), ("gone/sheet.png", 96), ("sheet.png", 20)])
def test_sheets_that_cannot_be(models: Path, tmp_path: Path, name: str, size: int) -> None:
    assert run("assets", "render", models, "--out", tmp_path / name, "--size", size)[0] == 2
    assert not (tmp_path / name).exists()


def test_models_that_are_passed_over_are_told_on_the_way(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for k in range(12):
        (models / "cat" / f"bad{k:02}.glb").write_bytes(b"nothing")
    options.chosen(models, "paper", "cat")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("note: cat/bad00.glb: skipped, the file is not JSON")
    assert "and 2 more: diorama assets check" in lines[-1]
    with pytest.raises(AssetError, match="bad00"):
        options.chosen(models, "paper", "cat", strict=True)
