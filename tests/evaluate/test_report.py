"""What an evaluation leaves on disk: the same figures everywhere, whole, and the same bytes each time."""

import json
import re
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from diorama.draws import Draws
from diorama.errors import OutputError
from diorama.evaluate.factors import by_factor
from diorama.evaluate.report import Evaluation, SetSummary
from diorama.evaluate.scores import Predictions, paired, score, transfer
from tests import tiny
from tests.evaluate.test_scores import LABELS, noisy


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """Two models on two sets, one of them with labels; one model knows a class less."""
    seen = [noisy(model, where, 0.8, k) for k, model in enumerate(("m", "n/o")) for where in ("real", "made")]
    fewer = seen[2]
    seen[2] = Predictions("n/o", "real", LABELS[1:], fewer.files, fewer.true - 1, fewer.probabilities[..., 1:] / 0.9)
    seen[3] = Predictions("n/o", "made", LABELS[1:], fewer.files, fewer.true - 1, fewer.probabilities[..., 1:] / 0.9)
    scores = [score(one, Draws(0), 200) for one in seen]
    labels = pa.table({"pose.clip": ["run", "sit", "lie"] * 100, "camera.distance": np.linspace(2, 4, 300)})
    return Evaluation(
        models={"m": {"seeds": 3}, "n/o": {"seeds": 3}},
        sets={
            "real": SetSummary("photos", {"cat": 150, "dog": 150}, {"x.jpg": "is torn"}),
            "made": SetSummary("d", {}, {}),
        },
        predictions=seen,
        scores=scores,
        paired=paired(seen, scores),
        transfer=transfer(scores),
        factors={("m", "made"): by_factor(seen[1].wrong, seen[1].true, labels)},
    )


@pytest.fixture(scope="module")
def out(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation") / "new" / "out"
    assert evaluation.write(folder) == folder / "summary.json"
    return folder


def test_the_files_are_these(out: Path) -> None:
    figures = ["confusion_m_on_real", "confusion_m_on_made", "confusion_n-o_on_real", "confusion_n-o_on_made"]
    figures += ["classes_real", "classes_made", "calibration_real", "calibration_made", "transfer", "factors_m_on_made"]
    expected = {f"figures/{name}.{kind}" for name in figures for kind in ("png", "svg")}
    assert set(tiny.content(out)) == expected | {"summary.json", "predictions.parquet", "factors.parquet"}


def test_rows_say_what_the_summary_says(evaluation: Evaluation, out: Path) -> None:
    summary = json.loads((out / "summary.json").read_text())
    assert summary == evaluation.as_dict()
    predictions = out / "predictions.parquet"
    found = (
        duckdb.connect()
        .execute(f"""
        select model, set, avg(correct::int), avg(("class" = predicted)::int), count(*), count(distinct file)
        from '{predictions}' group by model, set order by model, set
    """)
        .fetchall()
    )
    by_name = {(one["model"], one["set"]): one["accuracy"][0] for one in summary["scores"]}
    for model, where, right, same, rows, images in found:
        assert right == same == pytest.approx(by_name[model, where])
        assert (rows, images) == (900, 300)
    total = (
        duckdb.connect()
        .execute(f"""
        select max(abs("probability.cat" + "probability.dog" + coalesce("probability.bike", 0) - 1)),
               count("probability.bike"), max(confidence - greatest("probability.cat", "probability.dog"))
        from '{predictions}'
    """)
        .fetchone()
    )
    assert total == pytest.approx((0, 1800, 0), abs=1e-9)


def test_factors_are_rows_too(out: Path) -> None:
    rows = (
        duckdb.connect()
        .execute(f"""
        select factor, count(*), sum(images), bool_and("error.low" <= error and error <= "error.high")
        from '{out / "factors.parquet"}' group by factor order by factor""")
        .fetchall()
    )
    assert rows == [("camera.distance", 5, 300, True), ("pose.clip", 3, 300, True)]


def test_pictures_are_pictures_of_their_numbers(out: Path) -> None:
    for path in (out / "figures").glob("*.png"):
        with Image.open(path) as image:
            assert min(image.size) > 200
            assert len(image.convert("RGB").getcolors(1 << 20) or []) > 10
    text = (out / "figures" / "transfer.svg").read_text()
    summary = json.loads((out / "summary.json").read_text())
    for one in summary["scores"]:
        assert f"{100 * one['accuracy'][0]:.1f}" in text
    assert "n/o" in re.sub("<[^>]*>", " ", text)


def test_the_same_evaluation_gives_the_same_bytes(evaluation: Evaluation, out: Path, tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("an earlier one")
    evaluation.write(tmp_path)
    assert tiny.content(tmp_path) == tiny.content(out)


def test_a_folder_that_cannot_be_written_is_told(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file.*cannot be written"):
        evaluation.write(tmp_path / "file")
