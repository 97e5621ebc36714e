"""Datasets made on a Ray cluster of several processes on this computer."""

import logging
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diorama.assets.library import Catalogue
from diorama.cli.app import app
from diorama.dataset.layout import Layout
from diorama.dataset.output import Output
from diorama.dataset.storage import Local
from diorama.engine import ray as engine
from diorama.engine.cluster import Cluster
from diorama.errors import DioramaError, OutputError, RecipeError
from diorama.generate import Progress, generate
from diorama.job import Job
from diorama.provenance import provenance
from diorama.render.renderer import Renderer
from tests import tiny
from tests.clusters import Nodes


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.models(tmp_path_factory.mktemp("models"))


def test_what_a_cluster_makes_while_nodes_are_killed_equals_what_one_process_makes(
    nodes: Nodes,
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(engine, "LOOK", 0.5)
    recipe = tiny.recipe(per_class=240)  # enough that the last node is at work when it is lost
    generate(tmp_path / "local", recipe, models, shard_size=8, workers=1)
    nodes.want(2)
    reports, losses = [0], 0

    def report(progress: Progress) -> None:
        nonlocal losses
        reports.append(progress.made)
        if losses == 0 and progress.made >= 16:
            losses = 1
            nodes.kill()
        elif losses == 1 and progress.made >= 40:
            losses = 2
            nodes.want(2)
            nodes.kill(0)  # one of the two had done those images

    monkeypatch.chdir(tmp_path)  # nodes work in other folders
    with caplog.at_level(logging.WARNING):
        done = generate("ray", recipe, models, shard_size=8, batch=8, engine="ray", report=report)
    assert (done, losses) == (Progress(total=480, kept=0, made=480), 2)
    assert all(before <= after and after % 8 == 0 for before, after in pairwise(reports))  # whole shards
    assert any("a worker was lost" in record.getMessage() for record in caplog.records)
    assert tiny.content(tmp_path / "ray") == tiny.content(tmp_path / "local")

    nodes.want(2)
    command = ["generate", str(models), "--out", "ray", "--recipe", "ray/recipe.yaml", "--engine", "ray"]
    again = CliRunner().invoke(app, [*command, "--address", nodes.address, "--cpus-per-worker", "0.5"])
    assert (again.exit_code, again.stdout) == (0, "ray is finished already: 480 images\n"), again.output


def test_a_place_that_nodes_do_not_share_is_refused(nodes: Nodes, models: Path) -> None:
    nodes.want(1)
    with pytest.raises(OutputError, match=r"memory://nodes/data: is not seen by all processes .* object store"):
        generate("memory://nodes/data", tiny.recipe(per_class=2), models, engine=Cluster(nodes.address))


def test_a_worker_that_would_draw_otherwise_is_refused(models: Path, renderer: Renderer, tmp_path: Path) -> None:
    catalogue = Catalogue.open(models)
    made = provenance(catalogue, renderer.device, "folder") | {"adapter": "Voodoo 2"}
    output = Output(Local(tmp_path), tiny.recipe(), made, Layout())
    output.begin()
    job = Job(output, catalogue, batch=4)
    assert [(told.images, told.shards) for told in job(iter([]))] == [(0, ())]
    with pytest.raises(DioramaError, match=r"other images: adapter is .* there and Voodoo 2 where the run began"):
        list(replace(job, elsewhere=True)(iter([])))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cpus_per_worker": -1.0}, r"CPUs per worker: is -1"),
        ({"gpus_per_worker": 1.5}, r"GPUs per worker: is 1\.5"),
        ({"gpus_per_worker": float("nan")}, r"GPUs per worker: is nan"),
        ({"cpus_per_worker": 0.0, "gpus_per_worker": 0.0}, r"CPUs per worker: and GPUs are none"),
    ],
)
def test_what_workers_cannot_hold_is_refused(fields: dict[str, float], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Cluster(**fields)  # type: ignore[arg-type]  # "address" is not among them


def test_an_engine_is_one_of_two(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"engine: there is no engine 'spark'. Choose from: local, ray"):
        generate(tmp_path / "data", engine="spark")
    result = CliRunner().invoke(app, ["generate", "--out", str(tmp_path / "data"), "--address", "auto"])
    assert result.exit_code == 2
    assert "--address: is given without a cluster. Give --engine ray too" in result.output
    assert not (tmp_path / "data").exists()
