"""The main job: what lies on disk, and that nothing but the recipe, the catalogue and the index decides it."""

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import simplejpeg

from diorama.assets.library import Catalogue
from diorama.errors import OutputError, RecipeError, UnseenSubjectError
from diorama.generate import Progress, build, finished, generate
from diorama.images import Images, images
from diorama.randomize.compose import models as shown
from diorama.randomize.recipe import Recipe
from diorama.render.renderer import Renderer
from tests import tiny


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def whole(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset, made in one go by one process."""
    out = tmp_path_factory.mktemp("whole") / "data"
    make(out, tiny.recipe(), models, workers=1)
    return out


def make(out: Path, recipe: Recipe, models: Path, **options: Any) -> Progress:
    """Small shards, so that several of them are made."""
    return generate(out, recipe, models, **{"shard_size": 8, **options})


class Stop(Exception):
    pass


def stop_after(count: int) -> Any:
    def report(progress: Progress) -> None:
        if progress.made >= count:
            raise Stop

    return report


def test_the_folder_holds_the_classes_the_labels_and_what_made_them(whole: Path) -> None:
    assert sorted(path.name for path in whole.iterdir() if path.is_dir()) == ["cat", "dog"]
    numbers = [f"{number:06d}.jpg" for number in range(20)]
    assert {name: sorted(path.name for path in (whole / name).iterdir()) for name in ("cat", "dog")} == {
        "cat": numbers,
        "dog": numbers,
    }
    files = sorted(path.name for path in whole.iterdir() if path.is_file())
    assert files == ["README.md", "labels.parquet", "manifest.parquet", "metadata.parquet", "recipe.yaml"]
    assert Recipe.load(whole / "recipe.yaml") == tiny.recipe()


def test_every_image_is_a_jpeg_of_the_size_asked_for(whole: Path) -> None:
    for path in whole.rglob("*.jpg"):
        height, width, colorspace, subsampling = simplejpeg.decode_jpeg_header(path.read_bytes())
        assert (height, width, colorspace, subsampling) == (64, 64, "YCbCr", "420")


def test_labels_tell_of_every_image_in_order(whole: Path) -> None:
    rows = pq.read_table(whole / "labels.parquet").to_pylist()
    assert [row["index"] for row in rows] == list(range(40))
    for row in rows:
        name = ("cat", "dog")[row["index"] % 2]
        assert (row["class"], row["subject"], row["subject.model"]) == (name, f"{name}/model", f"{name}/model")
        assert row["file"] == f"{name}/{row['index'] // 2:06d}.jpg"
        assert 0 <= row["box.left"] < row["box.right"] <= 64
        assert 0 <= row["box.top"] < row["box.bottom"] <= 64
        box = (row["box.right"] - row["box.left"]) * (row["box.bottom"] - row["box.top"])
        assert 0.35 <= row["visible_fraction"] <= 1
        assert 0.02 <= row["share"] <= 1
        assert row["share"] * row["visible_fraction"] * 64**2 <= box + 1e-3


def collect(recipe: Recipe, models: Path, renderer: Renderer, indices: list[int], batch: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    catalogue = Catalogue.open(models, recipe.classes)
    for group in images(recipe, catalogue, renderer, indices, batch):
        assert isinstance(group, Images)
        for row, index in enumerate(group.samples.index.tolist()):
            values = [column[row] for column in group.samples.columns.values()]
            found[index] = (group.rgba[row], group.samples.attempt[row], group.samples.box[row], values)
    return found


def test_an_image_is_the_same_in_any_batch_and_order(models: Path, renderer: Renderer) -> None:
    recipe = tiny.recipe(seed=3).replace(visibility={"min_share": 0.2, "min_visible": 0.8})
    every = collect(recipe, models, renderer, list(range(24)), 24)
    assert sorted(every) == list(range(24))
    assert {tuple(attempt > 0) for _, attempt, _, _ in every.values()} >= {(True, False), (False, True)}
    for other in (
        collect(recipe, models, renderer, list(range(24))[::-1], 7),
        collect(recipe, models, renderer, [13], 1),
        collect(recipe, models, renderer, [2, 5, 10**12 + 1], 2),
    ):
        for index in set(other) & set(every):
            for one, two in zip(every[index], other[index], strict=True):
                np.testing.assert_equal(one, two)


@pytest.mark.parametrize("batch", [1, 13])
def test_batches_change_no_byte(batch: int, models: Path, whole: Path, tmp_path: Path) -> None:
    make(tmp_path / "data", tiny.recipe(), models, workers=1, batch=batch)
    assert tiny.content(tmp_path / "data") == tiny.content(whole)


def test_workers_change_no_byte(models: Path, whole: Path, tmp_path: Path) -> None:
    done = make(tmp_path / "data", tiny.recipe(), models, workers=2, batch=4)
    assert done == Progress(total=40, kept=0, made=40)
    assert tiny.content(tmp_path / "data") == tiny.content(whole)


def test_no_more_workers_are_started_than_have_work(models: Path, tmp_path: Path) -> None:
    done = make(tmp_path / "data", tiny.recipe(per_class=1), models, workers=1_000_000)
    assert done.made == 2


def test_what_was_interrupted_is_finished_to_the_same_bytes(models: Path, whole: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Stop):
            make(tmp_path, tiny.recipe(), models, workers=1, batch=4, report=stop_after(16))
    unfinished = tiny.content(tmp_path)
    assert "labels.parquet" not in unfinished
    for path, data in unfinished.items():
        if path.endswith(".jpg"):
            assert data == (whole / path).read_bytes()
    reports: list[Progress] = []
    done = make(tmp_path, tiny.recipe(), models, workers=1, batch=8, report=reports.append)
    assert done.kept == reports[0].kept >= 16
    assert done.kept + done.made == done.total == 40
    assert tiny.content(tmp_path) == tiny.content(whole)


def test_what_was_killed_is_finished_to_the_same_bytes(models: Path, whole: Path, tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from diorama.dataset import storage\n"
        "from diorama.generate import generate\n"
        "from tests import tiny\n"
        "images, flush = [0], storage._flush\n"
        "def dies(path):\n"
        "    flush(path)\n"
        "    images[0] += path.suffix == '.jpg'\n"
        "    if images[0] == 20:\n"
        "        Path(sys.argv[1], '.unfinished', 'cat+000019.jpg.part').write_bytes(b'half')\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "storage._flush = dies\n"
        "generate(sys.argv[1], tiny.recipe(), sys.argv[2], workers=1, batch=4, shard_size=8)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path), str(models)], check=False)
    assert killed.returncode == -signal.SIGKILL
    kept = finished(tmp_path)
    assert kept in (8, 16)  # two threads write
    assert make(tmp_path, tiny.recipe(), models, workers=1) == Progress(total=40, kept=kept, made=40 - kept)
    assert tiny.content(tmp_path) == tiny.content(whole)


def test_a_finished_dataset_is_left_as_it_is(models: Path, whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    assert make(whole, tiny.recipe(), models) == Progress(total=40, kept=40, made=0)
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*")} == before


def test_a_dataset_may_grow(models: Path, whole: Path, tmp_path: Path) -> None:
    make(tmp_path, tiny.recipe(per_class=5), models, workers=1)
    done = make(tmp_path, tiny.recipe(), models, workers=1)
    assert (done.kept, done.made) == (8, 32)  # the last shard was no whole one
    assert tiny.content(tmp_path) == tiny.content(whole)


def test_what_was_taken_away_is_made_again(models: Path, whole: Path, tmp_path: Path) -> None:
    make(tmp_path, tiny.recipe(), models, workers=1)
    (tmp_path / "dog" / "000007.jpg").unlink()
    (tmp_path / "cat" / "000019.jpg").write_bytes(b"")
    (tmp_path / "README.md").unlink()
    assert make(tmp_path, tiny.recipe(), models, workers=1).made == 16
    assert tiny.content(tmp_path) == tiny.content(whole)
    for name in ("labels.parquet", "manifest.parquet"):
        (tmp_path / name).write_bytes(b"PAR1 torn")
        make(tmp_path, tiny.recipe(), models, workers=1)
        assert tiny.content(tmp_path) == tiny.content(whole)


def test_another_dataset_is_refused_by_what_differs(models: Path, whole: Path) -> None:
    before = tiny.content(whole)
    other = tiny.recipe(seed=7).pin("camera.fov=50")
    with pytest.raises(
        OutputError, match=r"seed is 0 there and 7 here; camera.fov is uniform 40 … 58 there and 50.0 here"
    ):
        make(whole, other, models)
    with pytest.raises(OutputError, match="per_class is 20 there and 4 here"):
        make(whole, tiny.recipe(per_class=4), models)
    assert tiny.content(whole) == before


def test_other_models_are_refused(whole: Path, tmp_path: Path) -> None:
    models = tiny.models(tmp_path)
    (models / "cat" / "model.glb").write_bytes((models / "dog" / "model.glb").read_bytes())
    with pytest.raises(OutputError, match=r"catalogue is [0-9a-f]+ there and [0-9a-f]+ here"):
        make(whole, tiny.recipe(), models)


def test_a_folder_of_other_things_is_refused(models: Path, tmp_path: Path) -> None:
    (tmp_path / "holiday.png").touch()
    with pytest.raises(OutputError, match=r"already holds other files \(holiday.png\)"):
        make(tmp_path, tiny.recipe(), models)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.png"]


def test_two_runs_do_not_write_to_one_folder(models: Path, tmp_path: Path) -> None:
    refused: list[OutputError] = []

    def report(_: Progress) -> None:
        if not refused:
            with pytest.raises(OutputError, match="another run is writing there") as error:
                make(tmp_path, tiny.recipe(), models, workers=1)
            refused.append(error.value)

    make(tmp_path, tiny.recipe(per_class=2), models, workers=1, report=report)
    assert refused


def test_a_subject_that_cannot_be_seen_is_given_up(models: Path, tmp_path: Path) -> None:
    recipe = tiny.recipe().replace(visibility={"attempts": 3}).pin("camera.distance=60")
    with pytest.raises(UnseenSubjectError, match=r"visibility.min_share: image \d+ \((cat|dog)\) .* all 3 attempts"):
        make(tmp_path, recipe, models, workers=1)
    assert not list(tmp_path.iterdir())
    make(tmp_path, tiny.recipe(per_class=1), models, workers=1)


def test_a_run_that_fails_at_once_leaves_no_folder(models: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no-such-sky"):
        make(tmp_path / "data", tiny.recipe().pin("sky.map=no-such-sky"), models, workers=1)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("option", ["workers", "batch"])
def test_counts_below_one_are_refused(option: str, models: Path, tmp_path: Path) -> None:
    counts: dict[str, Any] = {option: 0}
    with pytest.raises(RecipeError, match=f"{option}: is 0"):
        make(tmp_path / "data", tiny.recipe(), models, **counts)
    assert not (tmp_path / "data").exists()


def test_a_small_dataset_builds_only_the_models_that_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, built = Catalogue.open(None, ("cat", "dog")), set[str]()
    everything = {id: partial(built.add, id) for name in ("cat", "dog") for id in catalogue.subjects(name)}
    monkeypatch.setattr(catalogue, "unbuilt", lambda: everything)
    monkeypatch.setattr(sys.modules["diorama.generate"], "_cores", lambda: 1)
    recipe = Recipe.preset("paper", per_class=5)
    assert len(list(build(catalogue, recipe))) == len(built) < 11
    assert built == set(shown(recipe, catalogue, np.arange(10)).tolist())
    assert len(list(build(catalogue, recipe.replace(per_class=10_000)))) == len(everything)
