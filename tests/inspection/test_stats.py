"""Statistics agree with a true dataset and disagree with a tampered one, column by column."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from PIL import Image
from scipy import stats as scipy_stats
from typer.testing import CliRunner

from diorama.assets.library import Catalogue
from diorama.cli.app import app
from diorama.draws import Draws
from diorama.errors import RecipeError
from diorama.generate import generate
from diorama.inspection.distributions import odds_among
from diorama.inspection.findings import Finding, corrected, counted
from diorama.inspection.options import options
from diorama.inspection.stats import stats
from diorama.randomize.compose import compose
from diorama.randomize.factor import registered
from diorama.randomize.recipe import Recipe
from tests import tiny


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset, `data`, in which many images were drawn again, and its models."""
    folder = tmp_path_factory.mktemp("stats")
    recipe = tiny.recipe(per_class=150).replace(visibility={"min_share": 0.12, "min_visible": 0.8})
    generate(folder / "data", recipe, tiny.models(folder / "models"), workers=1)
    return folder


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(place / "data", tmp_path / "copy"))


def test_a_true_dataset_is_as_promised_though_many_images_were_drawn_again(place: Path) -> None:
    found = stats(place / "data", place / "models")
    assert found.again["attempt.camera"] > 0.2
    assert found.wrong == ()
    assert all(finding.agrees for finding in found.findings)
    assert found.classes == {"cat": 150, "dog": 150}
    assert found.subjects["cat"] == {"cat/model": 150}
    named = {finding.name.partition(".")[0] for finding in found.findings}
    assert named >= {*registered(), "class", "share", "visible_fraction"}


def test_what_images_show_of_cameras_is_not_what_was_promised(place: Path) -> None:
    """Or else it would not be worth while to look at first attempts."""
    (distance,) = (f for f in stats(place / "data", place / "models").findings if f.name == "camera.distance")
    assert distance.histogram is not None
    near = slice(0, 12)
    assert distance.histogram.shown[near].sum() > distance.histogram.first[near].sum() + 0.05
    assert distance.histogram.promised[near].sum() == pytest.approx(0.5, abs=0.02)


Change = Callable[[pa.Array], pa.Array]
TAMPERED: dict[str, Change] = {
    "subject.size": lambda v: pc.add(pc.multiply(pc.subtract(v, 1), 0.6), 1),
    "light.temperature": lambda v: pc.if_else(pc.less(v, 4500), 9000.0, v),
    "camera.direction.elevation": lambda v: pc.multiply(v, 0.5),
    "camera.focus": lambda v: pa.array([*v.to_pylist()[:-1], 0.5]),
    "obstructors.count": lambda v: pc.if_else(pc.equal(v, 3), 2, v),
    "obstructors.size": lambda v: pa.FixedSizeListArray.from_arrays(pc.sqrt(v.flatten()), 5),
    "backdrop.shape": lambda v: pc.if_else(pc.equal(v, "sofa"), "wall", v),
    "backdrop.surface": lambda v: pc.if_else(pc.less(v, "g"), "checks", v),
    "backdrop.continued": lambda v: pc.invert(v),
    "sky.map": lambda v: pa.array([*v.to_pylist()[:-1], "dusk"]),
    "class": lambda v: pa.array(["cat", *v.to_pylist()[1:-1], "cat"]),
    "share": lambda v: pc.multiply(v, 0.5),
}


def tampered(root: Path, name: str) -> None:
    rows = pq.read_table(root / "labels.parquet")
    field = rows.schema.field(name)
    values = TAMPERED[name](rows[name].combine_chunks()).cast(field.type)
    pq.write_table(rows.set_column(rows.column_names.index(name), field, values), root / "labels.parquet")


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_labels_are_not_as_promised(name: str, copy: Path, place: Path) -> None:
    tampered(copy, name)
    found = stats(copy, place / "models")
    assert [finding.name for finding in found.wrong] == [name]


def test_without_the_models_their_names_are_not_tested(place: Path) -> None:
    found = {finding.name: finding for finding in stats(place / "data").findings}
    assert found["backdrop.surface"].agrees is None
    assert "made from other models" in found["backdrop.surface"].note
    assert found["backdrop.shape"].agrees, "its names are the factor's own"


def test_a_part_of_the_images_is_balanced_too(place: Path) -> None:
    found = stats(place / "data", place / "models", most=100)
    assert (found.looked, found.images) == (100, 300)
    assert found.classes == {"cat": 50, "dog": 50}
    assert not found.wrong


def test_true_choices_are_called_wrong_as_seldom_as_promised() -> None:
    """p-values are uniform, or larger: also where most options are expected less than five times."""
    for count, images in ((6, 300), (121, 300), (121, 5000)):
        expected = dict.fromkeys(range(count), images / count)
        draws = Draws(3).uniform(f"choice {count}", np.arange(200 * images), np.zeros(200 * images), 1)
        values = (draws.reshape(200, images) * count).astype(np.int64)
        p = [counted("x", "", row, expected).p for row in values]
        assert scipy_stats.kstest(p, "uniform").pvalue > 1e-3


def test_holms_correction_is_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p = Draws(0).uniform("p", np.arange(40), np.zeros(40), 1)[:, 0] ** 3
    mine = list(corrected([Finding(str(k), "", 1, "t", p=float(value)) for k, value in enumerate(p)], 0.05))
    reject, adjusted, *_ = multipletests(p, 0.05, "holm")
    assert [finding.adjusted for finding in mine] == pytest.approx(adjusted)
    assert [not finding.agrees for finding in mine] == reject.tolist()


def test_names_are_drawn_among_those_that_options_tells_of() -> None:
    """Of an embedded animal: its clips, its own coats, and every coat where the pool is asked for."""
    recipe = Recipe.preset("paper", classes=("cat",), size=64)
    for pin in (*tiny.PINS, "subject.model=cat/siamese", "subject.coat_pool={space: bernoulli, p: 0.5}"):
        recipe = recipe.pin(pin)
    catalogue = Catalogue.open(None, recipe.classes)
    columns = {name: values[:600] for name, values in compose(recipe, catalogue, np.arange(600)).columns.items()}
    rows = columns | {"class": np.full(600, "cat"), "subject": columns["subject.model"]}
    for factor, key, space in recipe.plan:
        name = f"{factor.name}.{key.name}"
        if key.kind != "name" or key.options:
            continue
        seen = np.zeros(600, np.bool_)
        for group in options(name, space, catalogue, rows):
            shares = odds_among(space, group.names, group.default)
            drawn = set(columns[name][group.rows].ravel().tolist())
            assert drawn <= {option for option, share in shares.items() if share}, name
            assert len(drawn) == len(shares) or len(shares) > 60, name
            seen[group.rows] = True
        assert seen.all(), name


def test_the_command_draws_prints_and_ends_with_status_1_where_something_is_wrong(copy: Path, place: Path) -> None:
    out = copy.parent / "stats.png"
    command = ["dataset", "stats", str(copy), "--models", str(place / "models")]
    done = CliRunner().invoke(app, [*command, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "all as the recipe promised" in done.stdout
    with Image.open(out) as picture:
        assert len(picture.convert("RGB").getcolors(1 << 22) or []) > 20
    tampered(copy, "subject.size")
    done = CliRunner().invoke(app, [*command, "--json"])
    assert done.exit_code == 1
    found = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert [name for name, finding in found.items() if finding["agrees"] is False] == ["subject.size"]
    assert "not as promised: subject.size" in CliRunner().invoke(app, command).stdout


def test_options_that_make_no_sense_are_refused(place: Path) -> None:
    with pytest.raises(RecipeError, match="alpha: is 2"):
        stats(place / "data", alpha=2)
    done = CliRunner().invoke(app, ["dataset", "stats", str(place / "data"), "--out", "stats.txt"])
    assert done.exit_code == 2
