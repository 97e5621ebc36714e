"""How many photos a classifier is worth, on plain pictures of overlapping colours and a tiny network."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from diorama.draws import Draws
from diorama.errors import ImageError, ModelError, RecipeError
from diorama.evaluate.worth import real_share, worth
from diorama.learn import heads
from diorama.learn.heads import Fitting
from diorama.learn.settings import Settings
from diorama.learn.training import train
from tests import tiny
from tests.cli.test_commands import plain, run
from tests.evaluate import pictures as colours
from tests.learn.things import tiny_model


def _photos(root: Path, count: int, seed: int, swapped: bool = False) -> Path:
    """Pictures whose class is a shade of grey, give or take: some nine in ten can be told."""
    rng = np.random.default_rng(seed)
    for name, middle in (("cat", 100), ("dog", 160)):
        place = root / ({"cat": "dog", "dog": "cat"}[name] if swapped else name)
        place.mkdir(parents=True)
        for number in range(count):
            shade = rng.normal(middle, 22) + rng.normal(0, 30, 3)
            pixels = rng.normal(shade, 12, (40, 40, 3)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / f"{number:03d}.png")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worth")
    settings = Settings(backbone=f"hf:{tiny_model(folder / 'net')}", epochs=60, hidden=8, seeds=2, views=1, lr=0.01)
    train(_photos(folder / "good", 40, 0), folder / "model", settings)
    train(_photos(folder / "bad", 10, 1, swapped=True), folder / "wrong", settings)
    _photos(folder / "photos", 40, 2)
    _photos(folder / "test", 60, 3)
    return folder


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "STEPS", 60)


def test_photos_teach_and_a_good_classifier_is_worth_some(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = [
        worth(
            root / "model", root / "photos", test=root / "test", data=root / "good", counts=(1, 4, 16), draws=4, out=o
        )
        for o in (out, tmp_path / "again")
    ]
    assert tiny.content(out) == tiny.content(tmp_path / "again")
    found = done[0]
    assert found.test.images == {"cat": 60, "dog": 60}
    assert found.accuracy.value > 0.75
    assert found.real.accuracy[-1].value > found.real.accuracy[0].value
    assert found.mixture is not None
    assert found.mixture.accuracy[0].value > found.real.accuracy[0].value  # its own data helps where photos are few
    assert found.photos.high > 1
    assert set(tiny.content(out)) == {"worth.json", "worth.parquet", "worth.png", "worth.svg"}
    summary = json.loads((out / "worth.json").read_text())
    assert [row["photos"] for row in summary["real"]] == [1, 4, 16]
    assert summary["accuracy"][0] == found.accuracy.value
    rows = pq.read_table(out / "worth.parquet").to_pylist()
    assert len(rows) == 2 * 3 * 4
    four = [row["accuracy"] for row in rows if row["trained on"] == "real" and row["photos"] == 4]
    assert np.mean(four) == pytest.approx(found.real.accuracy[1].value)


def test_real_photos_count_for_more_the_more_there_are() -> None:
    shares = [real_share(k) for k in (1, 2, 5, 10, 100, 1000)]
    assert shares[0] == 0.5  # one photo of each class against all of the classifier's own data
    assert shares == sorted(shares)
    assert shares[-1] > 0.99


def test_a_classifier_that_is_wrong_is_worth_nothing(root: Path) -> None:
    found = worth(root / "wrong", root / "photos", test=root / "test", counts=(2, 8), draws=3)
    assert found.accuracy.value < 0.35
    assert (found.photos.value, found.photos.high) == (0, 0)
    assert found.as_dict()["photos_per_class"] == [0, 0, 0]


def test_without_a_test_set_half_of_the_photos_are_kept_for_it(root: Path) -> None:
    found = worth(root / "model", root / "photos", draws=2)
    assert found.pool.images == found.test.images == {"cat": 20, "dog": 20}
    assert found.real.counts == (1, 2, 5, 10, 20)
    assert found.mixture is None


def test_photos_that_are_tested_on_are_not_learnt_from(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "photos", tmp_path / "more")
    for number in range(5):
        shutil.copy(root / "test" / "cat" / f"{number:03d}.png", tmp_path / "more" / "cat" / f"test{number}.png")
    found = worth(root / "model", tmp_path / "more", test=root / "test", counts=(1,), draws=1)
    assert found.known == 5
    assert found.pool.images == {"cat": 40, "dog": 40}


def test_what_cannot_be_compared_is_told(root: Path, tmp_path: Path) -> None:
    small = colours.model(tmp_path / "small")
    photos = root / "photos"
    with pytest.raises(ModelError, match="its backbone was trained on its own data"):
        worth(small, photos)
    with pytest.raises(ImageError, match="has only 40 photos of one class"):
        worth(root / "model", photos, test=root / "test", counts=(50,))
    with pytest.raises(RecipeError, match="counts: are"):
        worth(root / "model", photos, counts=(0, 1))
    with pytest.raises(RecipeError, match="draws: is 0"):
        worth(root / "model", photos, draws=0)
    with pytest.raises(ImageError, match="no such folder"):
        worth(root / "model", tmp_path / "nowhere")
    with pytest.raises(ImageError, match=r"no photos of the class .* to draw from"):
        worth(root / "model", root / "test", test=root / "test")
    one = _photos(tmp_path / "one", 2, 5)
    shutil.rmtree(one / "dog")
    with pytest.raises(ImageError, match="no photos of the class 'dog' to draw from"):
        worth(root / "model", one, test=root / "test")


def test_the_command_prints_the_curve(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "photos", tmp_path / "photos")
    (tmp_path / "photos" / "cat" / "torn.png").write_bytes(b"no picture")
    options = ["--real", tmp_path / "photos", "--test", root / "test", "--counts", "1,4", "--draws", "2"]
    done = run("worth", root / "model", *options)
    assert done.exit_code == 0, done.output
    assert "real photos per class" in plain(done.stdout)
    assert "Epoch: the last of 60 epochs." in done.stdout
    assert "torn.png" in done.stderr
    strict = run("worth", root / "model", *options, "--strict")
    assert strict.exit_code == 2
    wrong = run("worth", root / "model", "--real", root / "photos", "--counts", "few")
    assert wrong.exit_code == 2
    assert "list of numbers" in plain(wrong.stderr)


def test_heads_learn_what_can_be_told_apart_each_from_its_own_images() -> None:
    """Four heads on separable features reach 100 %; one whose labels are swapped reaches none of it."""
    rng = np.random.default_rng(0)
    labels = np.arange(80) % 2
    values = torch.from_numpy((rng.normal(0, 0.3, (2, 80, 6)) + np.eye(6)[labels]).astype(np.float32))
    truth = torch.from_numpy(labels)
    chosen = torch.stack([torch.randperm(80, generator=torch.Generator().manual_seed(k))[:20] for k in range(4)])
    modules = heads.fit(values, truth, chosen, 2, Fitting(hidden=16, rate=0.01), Draws(0), "evaluate.a")
    assert heads.right(modules, values[0], truth).mean(1).min() == 1
    first = [next(module.parameters()) for module in modules]
    assert not torch.equal(first[0], first[1])
    again = heads.fit(values, truth, chosen, 2, Fitting(hidden=16, rate=0.01), Draws(0), "evaluate.a")
    assert all(torch.equal(next(module.parameters()), weight) for module, weight in zip(again, first, strict=True))
    swapped = heads.fit(values, 1 - truth, chosen, 2, Fitting(hidden=16, rate=0.01), Draws(0), "evaluate.a")
    assert heads.right(swapped, values[0], truth).mean() == 0


def test_few_images_make_up_their_share_of_a_mixture() -> None:
    """Two images of one class against 198 of the other, alike but for one feature: half the batches settle it."""
    values = torch.zeros(1, 200, 2)
    values[0, 198:, 0] = 0.2
    labels = torch.zeros(200, dtype=torch.int64)
    labels[198:] = 1
    everything, fitting = torch.arange(200)[None], Fitting(hidden=0, dropout=0, rate=0.02)
    mixed = heads.fit(values, labels, everything, 2, fitting, Draws(0), "evaluate.m", (2, 0.5))
    plainly = heads.fit(values, labels, everything, 2, fitting, Draws(0), "evaluate.m")
    assert heads.right(mixed, values[0], labels)[0, 198:].all()
    assert not heads.right(plainly, values[0], labels)[0, 198:].any()
