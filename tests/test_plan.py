"""What a dataset will take: the arithmetic, and a small run of it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diorama.cli.app import app
from diorama.errors import RecipeError
from diorama.generate import generate
from diorama.plan import Measured, amount, duration, foresee, plan, steady, told
from tests import tiny

ONE = Measured("an adapter", 4, 1500, 256, rate=200.0, warm=8.0, end=1e-5, image_bytes=8000.0, fixed_bytes=20_000)


def test_a_billion_images_on_a_hundred_nodes() -> None:
    found = foresee(ONE, 10**9, 100, 1000, cost_per_node_hour=1.5)
    assert (found.jobs, found.workers) == (10**6, 400)
    assert found.bytes == 8 * 10**12 + 20_000
    drawing = 8 + 2500 * 1000 * 4 / 200  # 2,500 jobs for each worker; four of them make 200 images a second
    assert found.seconds == pytest.approx(drawing + 10_000)
    assert found.end_seconds == pytest.approx(10_000)
    assert found.cost == pytest.approx((100 * drawing + 10_000) / 3600 * 1.5)
    assert found.images_per_second == pytest.approx(1e9 / drawing)
    assert found.bytes_per_second == pytest.approx(8e12 / drawing)


def test_a_job_is_not_shared_among_workers() -> None:
    few = foresee(ONE, 3000, 2, 1000)  # three jobs for eight workers
    assert few.jobs == 3
    assert few.seconds == pytest.approx(8 + 1000 * 4 / 200 + 0.03)
    assert foresee(ONE, 500, 2, 1000).seconds == pytest.approx(8 + 500 * 4 / 200 + 0.005)
    assert foresee(ONE, 9000, 2, 1000).seconds == pytest.approx(8 + 2000 * 4 / 200 + 0.09)
    assert few.cost is None


def test_a_rate_that_is_said_takes_the_place_of_the_measured() -> None:
    found = foresee(ONE, 10**6, 1, 1000, rate=2000)
    assert found.seconds == pytest.approx(8 + 500 + 10)
    assert any("as fast as was said, 2,000 images/s" in line for line in found.assumptions)
    assert any("as fast as this computer" in line for line in foresee(ONE, 1000, 1, 1000).assumptions)


def test_the_rate_is_that_of_the_warm_run() -> None:
    cold = [(110.0 + k, 10 * k) for k in range(1, 11)]  # ten images a second at first, after ten seconds
    warm = [(120.0 + k, 100 + 50 * k) for k in range(1, 21)]  # then fifty
    rate, start = steady(cold + warm, start=100.0)
    assert [rate, start] == pytest.approx([50, 18])
    assert steady([(104.0, 32)], start=100.0) == (8.0, 0.0)


def test_numbers_for_people() -> None:
    assert [amount(count) for count in (0, 8123, 8.1e12, 2e18)] == ["0 B", "8.12 kB", "8.1 TB", "2e+03 PB"]
    assert [duration(length) for length in (3, 150, 9000, 180_000)] == [
        "3.0 seconds",
        "2.5 minutes",
        "2.5 hours",
        "2.1 days",
    ]
    lines = told(foresee(ONE, 10**9, 100, 1000, cost_per_node_hour=1.5))
    assert list(lines) == ["images", "jobs", "bytes", "speed", "time", "cost"]
    assert "cost" not in told(foresee(ONE, 10**9, 100, 1000))


def test_a_small_run_tells_the_bytes_of_a_larger(tmp_path: Path) -> None:
    models, recipe = tiny.models(tmp_path / "models"), tiny.recipe(per_class=100)
    found = plan(200, recipe, models, workers_per_node=1, format="webdataset", shard_size=50, measure=80)
    generate(tmp_path / "data", recipe, models, format="webdataset", shard_size=50, workers=1)
    there = sum(map(len, tiny.content(tmp_path / "data").values()))
    assert found.bytes == pytest.approx(there, rel=0.15)
    assert (found.jobs, found.measured.images, found.measured.workers) == (4, 80, 1)
    assert found.measured.rate > 0
    assert 0 < found.seconds < 600


def test_the_command_prints_a_plan_or_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diorama.plan.warm_up", lambda *_: None)
    monkeypatch.setattr("diorama.plan.apart", lambda *_: ONE)
    command = ["plan", "--images", "1e9", "--nodes", "100", "--workers-per-node", "4", "--in", str(tmp_path)]
    shown = CliRunner().invoke(app, [*command, "--cost-per-node-hour", "1.2"])
    assert shown.exit_code == 0, shown.output
    assert "1,000,000,000 of 256 × 256 pixels" in shown.output
    assert "1,000,000 of 1,000 images" in shown.output
    assert "This assumes:" in shown.output
    data = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert (data["jobs"], data["cost"], data["measured"]["rate"]) == (10**6, None, 200.0)
    wrong = CliRunner().invoke(app, ["plan", "--images", "1.5"])
    assert wrong.exit_code == 2
    assert "'1.5' is no whole number" in wrong.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"images": 0}, "images: is 0"),
        ({"nodes": 0}, "nodes: is 0"),
        ({"workers_per_node": 0}, "workers per node: is 0"),
        ({"measure": 0}, "measure: is 0"),
        ({"rate": -1.0}, "rate: is -1"),
        ({"cost_per_node_hour": float("inf")}, "cost per node and hour: is inf"),
        ({"format": "tape"}, "there is no format 'tape'"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        plan(**{"images": 10, "workers_per_node": 1, **options})  # type: ignore[arg-type]  # some are of the wrong kind
