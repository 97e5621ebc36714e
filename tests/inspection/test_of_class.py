"""Keys that one class draws otherwise are checked and tested, each class against its own."""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from diorama.cli.app import app
from diorama.generate import generate
from diorama.inspection.check import check
from diorama.inspection.stats import stats
from tests import tiny


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset, `data`, in which cats are seen from the front with mouths closed, and its models."""
    folder = tmp_path_factory.mktemp("of_class")
    recipe = tiny.recipe(per_class=60).replace(
        visibility={"min_share": 0.12, "min_visible": 0.8},
        of_class={
            "cat": {
                "pose": {"mouth": 0},
                "camera": {"direction": {"space": "upper_hemisphere", "elevation": [0, 30], "azimuth": [-40, 40]}},
                "obstructors": {"shape": {"space": "choice", "options": ["cone", "box"]}},
                "backdrop": {"surface": {"space": "any", "but": ["checks"]}},
            },
        },
    )
    generate(folder / "data", recipe, tiny.models(folder / "models"), workers=1)
    return folder


def tampered(place: Path, copy: Path, name: str, row: int, value: object) -> Path:
    """The dataset with another value in one label row."""
    root = Path(shutil.copytree(place / "data", copy))
    table = pq.read_table(root / "labels.parquet")
    values = table[name].to_pylist()
    assert values[row] != value
    values[row] = value
    field = table.schema.field(name)
    changed = table.set_column(table.column_names.index(name), field, pa.array(values, field.type))
    pq.write_table(changed, root / "labels.parquet")
    return root


def test_a_true_dataset_is_whole_and_as_promised(place: Path) -> None:
    found = check(place / "data", place / "models", sample=4)
    assert (found.faults, found.notes) == ((), ())
    shown = stats(place / "data", place / "models")
    assert shown.again["attempt.camera"] > 0.2, "first attempts are drawn anew from each class's space"
    assert shown.wrong == ()
    found_of = {finding.title: finding for finding in shown.findings}
    assert found_of["pose.mouth of cat"].test == "exact"
    assert found_of["pose.mouth of cat"].values == 60
    assert found_of["pose.mouth of dog"].promised == "uniform 0 … 9"
    assert found_of["camera.direction.azimuth of cat"].promised.startswith("uniform by area, elevation 0° … 30°")
    assert found_of["obstructors.shape of cat"].promised == "one of cone, box"
    assert all(found_of[f"backdrop.surface of {name}"].agrees for name in ("cat", "dog"))
    assert found_of["camera.distance"].values == 60, "of images that share their draws one is tested"


@pytest.mark.parametrize(
    ("name", "row", "value", "whose"),
    [("pose.mouth", 2, 4.5, "cat"), ("backdrop.surface", 4, "checks", "cat")],
)
def test_what_another_class_might_have_drawn_is_found(
    name: str, row: int, value: object, whose: str, place: Path, tmp_path: Path
) -> None:
    root = tampered(place, tmp_path / "copy", name, row, value)
    wrong = stats(root, place / "models").wrong
    assert [finding.title for finding in wrong] == [f"{name} of {whose}"]
    done = CliRunner().invoke(app, ["dataset", "stats", str(root), "--models", str(place / "models"), "--json"])
    assert done.exit_code == 1
    told = [finding for finding in json.loads(done.stdout)["findings"] if finding["agrees"] is False]
    assert [(finding["name"], finding["classes"]) for finding in told] == [(name, [whose])]


def test_a_swapped_value_is_found_row_by_row(place: Path, tmp_path: Path) -> None:
    root = tampered(place, tmp_path / "copy", "pose.mouth", 7, 0.0)
    told = " ".join(fault.problem for fault in check(root, place / "models", sample=0).faults)
    assert "image 7: pose.mouth is 0.0, the recipe draws" in told
