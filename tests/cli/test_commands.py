"""The commands as a user runs them: exit status, what is printed where, and what lies on disk afterwards."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from diorama.cli.app import app
from diorama.randomize.factor import registered
from diorama.randomize.recipe import Recipe
from tests import tiny

QUICK = ["--size", "64", *(f"--pin={pin}" for pin in tiny.PINS)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny.models(tmp_path_factory.mktemp("models"))
    (folder.parent / "one.yaml").write_text("per_class: 1\n")
    (folder.parent / "bad.yaml").write_text("factors:\n  camera:\n    distance: {space: uniform, low: 3, high: 2}\n")
    (folder.parent / "text.yaml").write_text("just text\n")
    (folder.parent / "torn" / "cat").mkdir(parents=True)
    (folder.parent / "torn" / "cat" / "model.glb").write_bytes((folder / "cat" / "model.glb").read_bytes()[:300])
    (folder.parent / "empty" / "cat").mkdir(parents=True)
    for name, data in (("zero", b""), ("renamed", b"Kaydara FBX Binary")):
        (folder.parent / name / "cat").mkdir(parents=True)
        (folder.parent / name / "cat" / "model.glb").write_bytes(data)
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def plain(text: str) -> str:
    """Text without the frames and line breaks that fit it to a terminal."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", " ", text).split())


def test_generate_makes_a_dataset_and_then_says_that_it_is_finished(models: Path, tmp_path: Path) -> None:
    command = ["generate", models, "--out", tmp_path / "data", "--per-class", "3", *QUICK]
    first = run(*command)
    assert (first.exit_code, first.stdout) == (0, f"6 images in {tmp_path / 'data'}\n")
    assert "6 of 6 images" in first.stderr
    again = run(*command)
    assert (again.exit_code, again.stdout) == (0, f"{tmp_path / 'data'} is finished already: 6 images\n")
    assert Recipe.load(tmp_path / "data" / "recipe.yaml") == tiny.recipe(per_class=3)


def test_a_datasets_recipe_makes_it_again(models: Path, tmp_path: Path) -> None:
    run("generate", models, "--out", tmp_path / "one", "--per-class", "1", "--quality", "50", "--seed", "4", *QUICK)
    done = run("generate", models, "--out", tmp_path / "two", "--recipe", tmp_path / "one" / "recipe.yaml")
    assert done.exit_code == 0, done.output
    assert tiny.content(tmp_path / "one") == tiny.content(tmp_path / "two")


def test_preview_draws_a_sheet(models: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    done = run("preview", models, "--out", out, "--count", "5", *QUICK)
    assert (done.exit_code, done.stdout) == (0, f"{out}\n")
    with Image.open(out) as sheet:
        assert sheet.width > 3 * 64
        assert sheet.height > 2 * 64
        assert len(sheet.getcolors(1 << 20) or []) > 500
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]


def test_bench_prints_rows(models: Path, tmp_path: Path) -> None:
    options = ["--images", "8", "--workers", "1", "--format", "webdataset", "--in", tmp_path, "--json"]
    done = run("bench", models, *options, *QUICK)
    assert done.exit_code == 0, done.output
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["workers"], row["format"], row["images"], row["size"]) == (1, "webdataset", 8, 64)
    assert row["stages"]["render"] > 0
    assert sum(row["stages"].values()) == pytest.approx(1, abs=0.01)
    assert not list(tmp_path.iterdir())


def test_assets_list(models: Path) -> None:
    done = run("assets", "list", models)
    assert done.exit_code == 0
    assert "cat/model" in done.stdout
    listed = json.loads(run("assets", "list", models, "--json").stdout)
    assert [row["subject"] for row in listed["models"]] == ["cat/model", "dog/model"]
    assert "grass" in listed["surfaces"]
    assert listed["counts"]["cat"] == listed["counts"]["dog"] == 1
    (row, _) = json.loads(run("assets", "list", models, "--json", "--details").stdout)["models"]
    assert isinstance(row["coats"], list)
    assert isinstance(row["clips"], list)


def test_assets_list_of_the_embedded_catalogue() -> None:
    done = run("assets", "list")
    assert done.exit_code == 0
    listed = json.loads(run("assets", "list", "--json").stdout)
    for name in (*(row["subject"].partition("/")[2] for row in listed["models"]), *listed["skies"]):
        assert name in done.stdout
    assert sum(listed["counts"].values()) == sum(len(listed[kind]) for kind in ("models", "surfaces", "skies"))


def test_recipe_show_prints_a_recipe() -> None:
    done = run("recipe", "show", "--omit", "obstructors", "--pin", "camera.distance=2.5")
    assert done.exit_code == 0
    assert Recipe.parse(done.stdout) == Recipe.preset("paper").omit("obstructors").pin("camera.distance", 2.5)


def test_recipe_schema_prints_json() -> None:
    schema = json.loads(run("recipe", "schema").stdout)
    assert set(registered()) == set(schema["properties"]["factors"]["properties"])


@pytest.mark.parametrize(
    "command",
    [
        "generate",
        "preview",
        "dataset check",
        "dataset stats",
        "dataset export",
        "bench",
        "assets list",
        "recipe show",
        "recipe schema",
    ],
)
def test_every_commands_help_has_an_example(command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.exit_code == 0
    assert f"diorama {command}" in plain(done.output).partition("Example")[2]


def test_help_lists_every_factor() -> None:
    text = run("generate", "--help").output
    for name, factor in registered().items():
        assert name in text
        assert all(key.name in text for key in factor.keys)


BAD: dict[str, tuple[str, list[str]]] = {
    # name: (arguments after `generate`; {m} the models' folder, {o} the output), what the message must hold
    "unknown factor": ("{m} --omit camra", ["camra: no such factor", "Did you mean 'camera'?"]),
    "unknown key": ("{m} --pin camera.distence=2", ["camera.distence: no such key", "Did you mean 'distance'?"]),
    "not a pin": ("{m} --pin camera.distance", ["pin", "factor.key=value"]),
    "out of bounds": ("{m} --pin camera.distance=-1", ["camera.distance", "-1"]),
    "not a number": ("{m} --pin camera.distance=nan", ["camera.distance"]),
    "bounds out of order": ("{m} --recipe {p}/bad.yaml", ["bad.yaml", "camera.distance"]),
    "not a recipe": ("{m} --recipe {p}/text.yaml", ["text.yaml", "not a mapping"]),
    "no such recipe": ("{m} --recipe {p}/none.yaml", ["none.yaml", "no such file"]),
    "unknown class": ("{m} --classes cat,bird", ["bird"]),
    "unknown embedded class": ("--classes cat,unicorn", ["unicorn"]),
    "class twice": ("{m} --classes cat,cat", ["classes", "twice"]),
    "no classes": ("{m} --classes ,", ["classes"]),
    "no images": ("{m} --per-class 0", ["per_class", "0"]),
    "fewer than none": ("{m} --per-class -3", ["per_class", "-3"]),
    "not a count": ("{m} --per-class many", ["--per-class", "valid integer"]),
    "a negative seed": ("{m} --seed -1", ["seed", "-1"]),
    "an odd size": ("{m} --size 100", ["size", "100", "8"]),
    "a huge size": ("{m} --size 1000000", ["size", "1000000"]),
    "three samples": ("{m} --antialias 3", ["antialias", "3"]),
    "quality 0": ("{m} --quality 0", ["quality", "0"]),
    "no workers": ("{m} --workers 0", ["workers: is 0", "1 or more"]),
    "no batch": ("{m} --batch 0", ["batch: is 0", "1 or more"]),
    "no models' folder": ("{p}/nowhere", ["nowhere"]),
    "a torn model": ("{p}/torn", ["model.glb"]),
    "an empty model": ("{p}/zero", ["zero/cat/model.glb: the file is empty"]),
    "a renamed model": ("{p}/renamed", ["renamed/cat/model.glb: the file is not JSON"]),
    "models without classes": ("{m}/cat", ["lie directly in it", "sub-folder"]),
    "a list": ("{m} --pin camera.fov=[40,50]", ["camera.fov: [40, 50] is not a number", "space: choice"]),
    "a class without models": ("{p}/empty", ["cat"]),
    "a model's name that is not there": ("{m} --pin subject.model=cat/lion", ["subject.model", "cat/lion"]),
    "a surface that is not there": ("{m} --pin surfaces.ground=cheese", ["surfaces.ground", "cheese"]),
    "unknown option": ("{m} --per-clas 3", ["--per-clas"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_in_one_message(name: str, models: Path, tmp_path: Path) -> None:
    arguments, holds = BAD[name]
    given = arguments.format(m=models, p=models.parent).split()
    done = run("generate", *given, "--out", tmp_path / "data")
    message = plain(done.stderr)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in message
    for part in holds:
        assert part.lower() in message.lower()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_under_standard_output_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "diorama", "recipe", "show"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert plain(done.stderr).startswith("error: standard output: cannot be written")
    assert "Traceback" not in done.stderr


def test_a_missing_out_is_told() -> None:
    done = run("generate")
    assert done.exit_code == 2
    assert "--out" in done.stderr


def test_out_that_is_a_file_or_cannot_be_written_is_told(models: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "data", Path("/proc/data")):
        done = run("generate", models, "--out", out, *QUICK)
        assert done.exit_code == 2, done.output
        assert plain(done.stderr).startswith(f"error: {out}: cannot be written")


def test_another_dataset_and_other_files_are_refused(models: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    done = run("generate", models, "--out", tmp_path, *QUICK)
    assert (done.exit_code, "letter.txt" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("out", "message"),
    [("sheet.txt", "End it in .png"), ("none/sheet.png", "its folder does not exist")],
)
def test_preview_refuses_what_it_cannot_write(out: str, message: str, models: Path, tmp_path: Path) -> None:
    done = run("preview", models, "--out", tmp_path / out, *QUICK)
    assert done.exit_code == 2
    assert message in plain(done.stderr)


def test_bench_refuses_a_format_that_there_is_not(models: Path, tmp_path: Path) -> None:
    done = run("bench", models, "--format", "folder,zip", "--in", tmp_path, *QUICK)
    assert done.exit_code == 2
    assert "format: there is no format 'zip'" in done.stderr
    assert not list(tmp_path.iterdir())


def test_bench_refuses_a_folder_that_is_not_there(models: Path, tmp_path: Path) -> None:
    done = run("bench", models, "--in", tmp_path / "none", *QUICK)
    assert done.exit_code == 2
    assert f"{tmp_path / 'none'}: cannot be written" in plain(done.stderr)


@pytest.mark.parametrize("workers", ["0", "two", "1,-1"])
def test_bench_refuses_what_is_no_number_of_workers(workers: str, models: Path) -> None:
    done = run("bench", models, "--workers", workers, *QUICK)
    assert done.exit_code == 2
    assert "--workers" in done.stderr


def test_without_arguments_help_is_shown() -> None:
    assert "generate" in run().output


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "diorama", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"diorama \d+\.\d+\.\d+\n", done.stdout)


def start(models: Path, out: Path, *more: str, full: int = 0) -> "subprocess.Popen[str]":
    """The command in a process group of its own; `full` is the largest file, in bytes, that its disk takes."""

    def limit() -> None:
        if full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))

    return subprocess.Popen(
        [sys.executable, "-m", "diorama", "generate", str(models), "--out", str(out), *QUICK, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limit,
        env={**os.environ, "COLUMNS": "500"},
    )


@pytest.mark.parametrize(("workers", "number"), [("1", signal.SIGINT), ("2", signal.SIGINT), ("2", signal.SIGTERM)])
def test_a_signal_keeps_what_is_finished(workers: str, number: signal.Signals, models: Path, tmp_path: Path) -> None:
    out = tmp_path / "data"
    process = start(models, out, "--per-class", "100000", "--workers", workers, "--batch", "8", "--shard-size", "10")
    deadline = time.monotonic() + 60
    while len(list(out.rglob("*.jpg"))) < 100:
        assert time.monotonic() < deadline, "no images were made in a minute"
        time.sleep(0.1)
    os.killpg(process.pid, number)
    _, message = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in message
    found = re.search(r"interrupted: (\d+) images are finished in .*data; the same command goes on from there", message)
    assert found
    assert int(found[1]) >= 50
    assert not list(out.rglob("*.part"))


def test_a_full_disk_is_told_and_the_command_goes_on(models: Path, tmp_path: Path) -> None:
    """A limit on a file's size makes writing fail as a full disk does: a shard's record is the largest file."""
    out = tmp_path / "data"
    process = start(models, out, "--per-class", "12", "--workers", "1", full=8_000)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in message
    assert re.search(r"error: .*data/.unfinished/000000-24.shard: cannot be written \(file too large\)", message)
    assert not out.exists()
    done = run("generate", models, "--out", out, "--per-class", "12", *QUICK)
    assert done.exit_code == 0
    assert not (out / ".unfinished").exists()
