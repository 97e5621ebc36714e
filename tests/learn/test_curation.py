"""Curation: wrong labels are found, judges never saw what they judge, and the folder is whole or not there."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from diorama.draws import Draws
from diorama.errors import DioramaError, ImageError, ModelError, OutputError, TrainingError
from diorama.inspection.curated import least_sure
from diorama.learn import heads
from diorama.learn.curation import confidence, curate, lowest
from diorama.learn.images import find_images
from diorama.learn.settings import Settings
from diorama.learn.training import train
from tests import tiny
from tests.cli.test_train import run
from tests.learn.things import pictures, tiny_model

WRONG: dict[str, tuple[str, ...]] = {"red": ("002.png", "005.png"), "blue": ("007.png",)}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "STEPS", 60)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"hf:{tiny_model(tmp_path_factory.mktemp('net') / 'tiny')}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty red and twenty blue pictures, three of which lie in the other's folder, with labels as Diorama writes."""
    root = pictures(tmp_path_factory.mktemp("curation") / "data", 20)
    for name, wrong in WRONG.items():
        other = "blue" if name == "red" else "red"
        for file in wrong:
            (root / name / file).rename(root / other / f"wrong-{file}")
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.png"))
    rows = {"index": range(len(files)), "file": files, "subject": [f"{name[:-4]}-model" for name in files]}
    pq.write_table(pa.table(rows), root / "labels.parquet")
    return root


@pytest.fixture(scope="module")
def settings(net: str) -> Settings:
    return Settings(backbone=net, hidden=8, lr=0.01, views=1)


def test_wrong_labels_are_what_is_left_out(data: Path, settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = curate(data, out, settings, drop=3 / 40)
    names = [path.name for path, dropped in zip(done.images.paths, done.dropped, strict=True) if dropped]
    assert sorted(names) == ["wrong-002.png", "wrong-005.png", "wrong-007.png"]
    assert done.confidence[done.dropped].max() < 0.5 < done.confidence[~done.dropped].min()
    was, now = tiny.content(data), tiny.content(out)
    pictures_ = {name: value for name, value in now.items() if name.endswith(".png")}
    assert pictures_ == {name: value for name, value in was.items() if name.endswith(".png") and "wrong" not in name}
    assert set(now) - set(pictures_) == {"labels.parquet", "confidences.parquet", "curation.json"}
    rows = pq.read_table(out / "labels.parquet")
    assert sorted(rows["file"].to_pylist()) == sorted(pictures_)
    assert find_images(out).subjects is not None
    told = pq.read_table(out / "confidences.parquet")
    assert told.num_rows == 40
    assert told["kept"].to_numpy().sum() == 37
    about = json.loads((out / "curation.json").read_text())
    assert about["images"] == {"blue": 19, "red": 18}
    assert about["data_hash"] == done.images.hash
    assert train(out, tmp_path / "model", settings).classifier.labels == ("blue", "red")


def test_the_same_images_under_other_names_are_chosen_alike(data: Path, settings: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for path in data.rglob("*.png"):
        (copy / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy / path.parent.name / f"{path.stem[::-1]}.png")
    one, two = (curate(root, tmp_path / f"{root.name}-out", settings, drop=0.25) for root in (data, copy))
    chosen = [{done.images.hashes[k].tobytes() for k in np.flatnonzero(done.kept)} for done in (one, two)]
    assert chosen[0] == chosen[1]
    again = curate(data, tmp_path / "again", settings, drop=0.25)
    assert tiny.content(tmp_path / "again") == tiny.content(tmp_path / "data-out")
    assert np.array_equal(again.confidence, one.confidence)


def test_a_judge_has_not_seen_what_it_judges(tmp_path: Path) -> None:
    """Of labels that mean nothing, heads large enough to learn 200 of them by heart say no better than a coin."""
    root = pictures(tmp_path / "d", 100, ("red", "blue"))
    images = find_images(root)
    values = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 200, 256)).astype(np.float32))
    settings = Settings(hidden=64, epochs=60, dropout=0.0)
    found = confidence(values, images, settings)
    assert 0.35 < np.mean(found > 0.5) < 0.65
    seen = heads.fit(
        values, torch.from_numpy(images.labels), torch.arange(200)[None], 2,
        heads.Fitting(64, 0.0, 1e-3, 60), Draws(0), "seen",
    )  # fmt: skip
    assert heads.right(seen, values[0], torch.from_numpy(images.labels)).mean() > 0.95  # by heart, it can


def test_parts_hold_as_many_of_every_class(data: Path) -> None:
    images = find_images(data)
    part = images.parts(5)
    counts = np.array([np.bincount(part[images.labels == label], minlength=5) for label in (0, 1)])
    assert (counts.max(1) - counts.min(1)).max() <= 1
    turned = images.subset(np.arange(len(images))[::-1])
    assert np.array_equal(turned.parts(5)[::-1], part)


def test_the_share_counts_over_all_classes_and_the_number_over_each(
    data: Path, settings: Settings, tmp_path: Path
) -> None:
    done = curate(data, tmp_path / "out", settings, drop=0.1, per_class=10)
    assert done.dropped.sum() == 4
    assert np.bincount(done.images.labels[done.kept]).tolist() == [10, 10]
    assert not (done.kept & done.dropped).any()
    assert lowest(np.array([0.5, 0.1, 0.9, 0.1], np.float32), 0.5).tolist() == [False, True, False, True]


def test_what_cannot_be_read_is_left_out_or_ends_it(data: Path, settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "d")
    (tmp_path / "d" / "red" / "torn.png").write_bytes(b"no picture")
    done = curate(tmp_path / "d", tmp_path / "out", settings)
    assert [error.rpartition("torn.png")[1] for error in done.skipped] == ["torn.png"]
    assert "red/torn.png" not in tiny.content(tmp_path / "out")
    with pytest.raises(ImageError, match=r"torn\.png"):
        curate(tmp_path / "d", tmp_path / "strict", settings, strict=True)
    assert not (tmp_path / "strict").exists()


Case = Callable[[Path, Settings, Path], object]


def _one_class(data: Path, settings: Settings, out: Path) -> object:
    return curate(data, out, settings, classes=["red"])


def _few(data: Path, settings: Settings, out: Path) -> object:
    for name in ("red", "blue"):
        (out.parent / "few" / name).mkdir(parents=True)
        for path in sorted((data / name).iterdir())[:4]:
            shutil.copy(path, out.parent / "few" / name)
    return curate(out.parent / "few", out, settings)


@pytest.mark.parametrize(
    ("case", "error", "message"),
    [
        (lambda d, s, o: curate(d, o, s, drop=1.0), TrainingError, "drop: is 1.0. Give a share"),
        (lambda d, s, o: curate(d, o, s, per_class=0), TrainingError, "per-class: is 0"),
        (lambda d, s, o: curate(d, o, s, per_class=21), ImageError, "red: has 19 images; 21 are to be kept"),
        (lambda d, s, o: curate(d, o, s, per_class=19, drop=0.5), ImageError, "images left. Generate more, drop less"),
        (lambda d, s, o: curate(d, o, Settings(backbone="small")), ModelError, "small: has no pretrained weights"),
        (lambda d, s, o: curate(d, d, s), OutputError, "is there already"),
        (_one_class, TrainingError, "has only the class 'red'"),
        (_few, ImageError, "has 4 images; 5 are needed to judge"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    case: Case, error: type[DioramaError], message: str, data: Path, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(error) as told:
        case(data, settings, tmp_path / "out")
    assert message in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_no_half_folder(
    data: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match="no space left"):
        curate(data, tmp_path / "out", settings)
    assert list(tmp_path.iterdir()) == []


def test_the_sheet_shows_the_least_sure_first(data: Path, settings: Settings, tmp_path: Path) -> None:
    done = curate(data, tmp_path / "out", settings, drop=3 / 40)
    with Image.open(least_sure(done, tmp_path / "sheet.png", size=64)) as picture:
        assert picture.size == (2 * 68 + 4, 2 * (68 + 34) + 4)  # three tiles, two to a row
        first = np.asarray(picture)[8:64, 8:64].reshape(-1, 3).mean(0)
    worst = done.images.labels[int(done.confidence.argmin())]
    assert (first[0] > first[2]) == (done.images.classes[worst] == "blue")  # red, in the blue ones' folder


def test_the_command(data: Path, net: str, tmp_path: Path) -> None:
    done = run("curate", data, "--out", tmp_path / "o", "--backbone", net, "--sheet", tmp_path / "s.png", "--drop", 0.2)
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["class", "images", "left", "out", "misjudged", "kept"]
    assert [sum(int(line[k]) for line in lines[1:3]) for k in (1, 2)] == [40, 8]
    assert f"{tmp_path / 'o'}: 32 images" in done.stdout
    assert (tmp_path / "s.png").is_file()
    again = run("curate", data, "--out", tmp_path / "o", "--backbone", net)
    assert again.exit_code == 2
    assert "is there already. Choose a new or empty folder" in " ".join(again.stderr.split())
    assert "diorama curate data --per-class 1000" in run("curate", "--help").output
