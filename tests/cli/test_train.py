"""`diorama train` as a user runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from diorama.cli.app import app
from tests.learn.things import pictures


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pictures(tmp_path_factory.mktemp("data") / "d", 8, ("red", "blue", "green"))


def test_a_model_is_trained_and_then_finished_already(data: Path, tmp_path: Path) -> None:
    command = ["train", data, "--out", tmp_path / "m", "--backbone", "small", "--epochs", "2", "--classes", "red,blue"]
    done = run(*command, "--validation", "0.25", "--seeds", "2")
    assert done.exit_code == 0, done.output
    assert "held out accuracy" in done.stdout
    assert "Epoch kept: the last of 2 epochs." in done.stdout
    assert f"{tmp_path / 'm'}: a classifier of red, blue\n" in done.stdout
    assert "finished already" in run(*command, "--validation", "0.25", "--seeds", "2").stdout


def test_help_has_examples() -> None:
    assert "diorama train data --out model" in run("train", "--help").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("{d}/none", "none: no such folder"),
        ("{d}/red", "images lie directly in it"),
        ("{d} --backbone resnet", "backbone 'resnet': there is none of this name"),
        ("{d} --epochs 0", "epochs: is 0"),
        ("{d} --backbone small --classes red,bird", "no images of the class 'bird'"),
        ("{d} --mix {d}", "mix: "),
        ("{d} --mix nowhere:0.5", "nowhere: no such folder"),
        ("{d} --map red", "map: 'red' maps nothing"),
        ("{d} --weights {d}/w.pth", "w.pth: no such file"),
        ("{d} --select validation", "select: needs images that are held out"),
    ],
)
def test_bad_input_is_told_in_one_message(arguments: str, message: str, data: Path, tmp_path: Path) -> None:
    done = run("train", *arguments.format(d=data).split(), "--out", tmp_path / "m")
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "m").exists()
