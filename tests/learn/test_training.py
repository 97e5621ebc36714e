"""Training: what separable images must give, exact resumption, honest selection, mixing, and what is refused."""

import json
import signal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from safetensors.torch import load_file

from diorama.engine.progress import Progress
from diorama.errors import DioramaError, ImageError, OutputError, TrainingError
from diorama.learn import loop
from diorama.learn.backbones import load_backbone
from diorama.learn.calibration import temperature
from diorama.learn.classifier import Classifier
from diorama.learn.features import features
from diorama.learn.images import find_images
from diorama.learn.mixture import hold_out, mixture
from diorama.learn.settings import Settings
from diorama.learn.store import Store
from diorama.learn.training import Trained, balance, train
from diorama.learn.views import PRESETS, Views
from tests.learn.things import pictures, tiny_model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pictures(tmp_path_factory.mktemp("data") / "colours", 24)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"hf:{tiny_model(tmp_path_factory.mktemp('model') / 'tiny')}"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def _same(one: Path, other: Path) -> bool:
    a, b = _weights(one), _weights(other)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def _right(done: Trained, where: Path) -> float:
    images = find_images(where, classes=done.classifier.labels)
    return float((done.classifier.probabilities(images).argmax(-1) == images.labels).mean())


def test_a_head_on_separable_features_is_always_right(data: Path, tiny: str, tmp_path: Path) -> None:
    done = train(data, tmp_path / "m", Settings(tiny, epochs=20, lr=0.01, batch=8, seeds=2))
    assert _right(done, data) == 1.0
    assert done.history[-1]["accuracy"] > 0.95
    assert done.classifier.seeds == 2
    first, second = (head[0].weight for head in done.classifier.heads)  # type: ignore[index]
    assert not torch.equal(first, second)
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == ["README.md", "config.json", "model.safetensors"]
    config = json.loads((tmp_path / "m" / "config.json").read_text())
    assert config["labels"] == ["blue", "red"]
    assert config["training"]["selection"] == "the last of 20 epochs"
    assert config["training"]["data_hash"] == find_images(data).hash
    assert str(tmp_path) not in (tmp_path / "m" / "README.md").read_text().replace(tiny, "")
    frozen = load_file(Path(tiny[3:]) / "model.safetensors")
    own = _weights(tmp_path / "m")
    assert all(torch.equal(own[f"backbones.0.net.{name}"], value) for name, value in frozen.items())
    again = train(data, tmp_path / "m", Settings(tiny, epochs=20, lr=0.01, batch=8, seeds=2))
    assert not again.new


def test_the_small_network_learns_from_scratch_and_loads_again(data: Path, tmp_path: Path) -> None:
    done = train(data, tmp_path / "m", Settings("small", epochs=4, batch=8, seeds=2))
    assert _right(done, data) == 1.0
    loaded = Classifier.load(tmp_path / "m")
    images = find_images(data)
    x = loaded.pixels(images.subset([0, -1]))
    with torch.inference_mode():
        logits = loaded.logits(x)
    assert logits.shape == (2, 2, 2)
    assert logits.argmax(-1).tolist() == [[0, 1], [0, 1]]
    some = loaded.probabilities(images.subset([0, -1]), precision="float32")
    assert np.abs(some - logits.softmax(-1).numpy()).max() < 1e-4
    assert np.abs(loaded.predict([images.paths[0], images.paths[-1]]) - some.mean(0)).max() < 0.05
    assert len(loaded.backbones) == 2


def test_unfreezing_trains_the_backbone_too(data: Path, tiny: str, tmp_path: Path) -> None:
    train(data, tmp_path / "m", Settings(tiny, epochs=1, unfreeze=True, backbone_lr=1e-3, batch=16))
    before, after = load_file(Path(tiny[3:]) / "model.safetensors"), _weights(tmp_path / "m")
    moved = {name for name, value in before.items() if not torch.equal(after[f"backbones.0.net.{name}"], value)}
    assert any(name.endswith("convolution.weight") for name in moved)
    assert not any("running" in name for name in moved)  # normalization keeps what it was pretrained with


@pytest.mark.parametrize(("kind", "steps"), [("small", 5), ("small", 6), ("tiny", 3), ("tiny", 7)])
def test_an_interrupted_training_ends_with_the_same_bits(
    kind: str, steps: int, data: Path, tiny: str, tmp_path: Path
) -> None:
    """Interrupted within an epoch or at its last step by a signal; the second head is then still to come."""
    backbone = tiny if kind == "tiny" else "small"
    settings = Settings(backbone, epochs=2, batch=16, seeds=2, validation=0.2, select="validation", calibrate=True)
    train(data, tmp_path / "whole", settings)
    count: list[int] = []

    def stop(progress: Progress) -> None:
        count.extend([1] * (progress.stage == "training"))
        if len(count) == steps:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt, match=r"epoch \d of 2, head \d of 2; the same command goes on"):
        train(data, tmp_path / "cut", settings, report=stop)
    assert [path.name for path in (tmp_path / "cut").iterdir()] == ["checkpoint.safetensors"]
    more: list[int] = []
    done = train(data, tmp_path / "cut", settings, report=lambda p: more.extend([1] * (p.stage == "training")))
    assert len(count) + len(more) == 2 * 2 * 3  # heads × epochs × steps: none is done twice
    assert _same(tmp_path / "whole", tmp_path / "cut")
    configs = [json.loads((tmp_path / name / "config.json").read_text()) for name in ("whole", "cut")]
    assert configs[0] == configs[1]
    assert len(done.history) == 4


def test_another_trainings_checkpoint_is_not_gone_on_with(data: Path, tiny: str, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "training" and progress.done > 4:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(data, tmp_path / "m", Settings(tiny, seed=1, batch=16), report=stop)
    train(data, tmp_path / "m", Settings(tiny, epochs=1, batch=16))
    train(data, tmp_path / "fresh", Settings(tiny, epochs=1, batch=16))
    assert _same(tmp_path / "m", tmp_path / "fresh")


def test_the_epoch_that_is_best_on_the_held_out_part_is_kept(
    data: Path, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [0.6, 0.9, 0.9, 0.7]
    whole = loop.predict

    def fake(*arguments: object) -> tuple[torch.Tensor, torch.Tensor]:
        _, labels = whole(*arguments)  # type: ignore[arg-type]
        accuracy = made.pop(0)
        labels = torch.zeros(10, dtype=torch.int64)
        logits = torch.zeros(10, 2, dtype=torch.float64)
        logits[:, 0], logits[int(accuracy * 10) :, 1] = 1.0, 2.0
        return logits, labels

    monkeypatch.setattr(loop, "predict", fake)
    chosen = train(data, tmp_path / "m", Settings(tiny, epochs=4, batch=16, validation=0.25, select="validation"))
    monkeypatch.undo()
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))
    assert chosen.classifier.training_config["kept"]["epoch"] == [2]
    assert chosen.classifier.selection == "the best of 4 epochs on a held out 25% of the training data"
    train(data, tmp_path / "two", Settings(tiny, epochs=2, batch=16, validation=0.25))
    assert _same(tmp_path / "m", tmp_path / "two")


def test_subjects_are_on_one_side_only(data: Path, tmp_path: Path) -> None:
    pictures(tmp_path / "d", 24)
    names = [f"{name}/{number:03d}.png" for name in ("blue", "red") for number in range(24)]
    subjects = [f"{name[0]}/{int(name[-7:-4]) % 6}" for name in names]
    pq.write_table(pa.table({"file": names, "subject": subjects}), tmp_path / "d" / "labels.parquet")
    found = mixture([tmp_path / "d"], validation=0.3)
    assert (len(found.train), len(found.held)) == (32, 16)  # 2 of 6 subjects of each class
    assert not set(found.train.subjects or ()) & set(found.held.subjects or ())
    few = find_images(tmp_path / "d").subset(np.arange(30))
    assert set(np.array(few.subjects)[hold_out(few, 0.3)]) <= set(found.held.subjects or ())
    plain = find_images(data)
    assert hold_out(plain, 0.25).sum() == 12
    with pytest.raises(TrainingError, match="only one image"):
        hold_out(plain.subset([0, 1, 2, -1]), 0.25)


def test_sets_are_mixed_by_their_shares(data: Path, tmp_path: Path) -> None:
    pictures(tmp_path / "more", 2)
    found = mixture([data], [(tmp_path / "more", 0.25)])
    seen = [found.order(0, epoch) for epoch in range(4)]
    for order in seen:
        own = found.source[order]
        assert (len(order), (own == 1).sum()) == (64, 16)
        assert sorted(order[own == 0].tolist()) == list(range(48))
    counts = np.bincount(np.concatenate(seen), minlength=52)[48:]
    assert counts.tolist() == [16, 16, 16, 16]
    assert not np.array_equal(seen[0], seen[1])
    assert np.array_equal(seen[1], found.order(0, 1))
    two = mixture([data, tmp_path / "more"])
    assert sorted(two.order(0, 0).tolist()) == list(range(52))


def test_a_temperature_undoes_a_known_factor() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 2 * torch.randn(20_000, 3, generator=generator).double()
    labels = torch.multinomial(logits.softmax(1), 1, generator=generator)[:, 0]
    assert temperature(3.0 * logits, labels) == pytest.approx(3.0, rel=0.04)


def test_balance_makes_every_class_count_alike(data: Path, tiny: str, tmp_path: Path) -> None:
    """Weights are N / (C · n_c), n_c counted as an epoch shows the images."""
    pictures(tmp_path / "d", 24)
    for path in sorted((tmp_path / "d" / "red").iterdir())[6:]:
        path.unlink()
    assert balance(mixture([tmp_path / "d"])).tolist() == pytest.approx([30 / 48, 30 / 12])
    mixed = mixture([tmp_path / "d"], [(data, 0.5)])  # 30 images of 24 to 6, and as many of 15 to 15
    assert balance(mixed).tolist() == pytest.approx([60 / (2 * 39), 60 / (2 * 21)])
    plain, balanced = (
        train(tmp_path / "d", tmp_path / f"m{on}", Settings(tiny, epochs=1, batch=8, balance=on))
        for on in (False, True)
    )
    red = [float(done.classifier.probabilities(find_images(data))[0, :, 1].mean()) for done in (plain, balanced)]
    assert red[1] > red[0]


def test_images_that_cannot_be_read_are_left_out_or_end_it(data: Path, tiny: str, tmp_path: Path) -> None:
    pictures(tmp_path / "d", 6)
    (tmp_path / "d" / "red" / "003.png").write_bytes(b"torn")
    for backbone in (tiny, "small"):
        settings = Settings(backbone, epochs=1, batch=4)
        done = train(tmp_path / "d", tmp_path / backbone[:5], settings)
        assert len(done.skipped) == 1
        assert "003.png" in done.skipped[0]
        with pytest.raises(ImageError, match=r"003\.png"):
            train(tmp_path / "d", tmp_path / "strict", settings, strict=True)
    for path in (tmp_path / "d" / "red").iterdir():
        path.write_bytes(b"torn" + path.name.encode())
    with pytest.raises(TrainingError, match="'red': has no image that can be read"):
        train(tmp_path / "d", tmp_path / "none", Settings(tiny))
    assert not (tmp_path / "none").exists()


def test_a_loss_that_is_no_number_ends_it_with_the_place(
    data: Path, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features(load_backbone(tiny), find_images(data), Views(2, PRESETS["paper"]))
    gather = Store.gather
    monkeypatch.setattr(Store, "gather", lambda store, keys: np.full_like(gather(store, keys), 3e38))
    with pytest.raises(TrainingError, match=r"head 1, epoch 1, step [1-6]: the loss is (nan|inf)"):
        train(data, tmp_path / "m", Settings(tiny, lr=1.0, batch=8))
    assert not (tmp_path / "m" / "config.json").exists()


def test_logs_are_written_where_they_are_asked_for(data: Path, tiny: str, tmp_path: Path) -> None:
    train(data, tmp_path / "m", Settings(tiny, epochs=1), log=True)
    assert list((tmp_path / "m" / "log").rglob("events*"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"epochs": 0}, "epochs: is 0"),
        ({"lr": float("nan")}, "lr: is nan"),
        ({"dropout": 1.0}, "dropout: is 1.0"),
        ({"preset": "pap"}, "Give one of paper, best"),
        ({"select": "test"}, "Give one of last, validation"),
        ({"select": "validation"}, "select: needs images that are held out"),
        ({"calibrate": True}, "calibrate: needs"),
        ({"seed": -1}, "seed: is -1"),
        ({"precision": "int4"}, "precision: is 'int4'"),
    ],
)
def test_settings_that_make_no_sense_are_told(fields: dict[str, object], message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        Settings(**fields)  # type: ignore[arg-type]


def test_folders_that_hold_something_else_are_refused(data: Path, tiny: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    train(data, tmp_path / "m", Settings(tiny, epochs=1))
    for out, message in (("file", "is a file"), ("full", "letter.txt"), ("m", "already holds another classifier")):
        with pytest.raises(OutputError, match=message):
            train(data, tmp_path / out, Settings(tiny, epochs=2))
    with pytest.raises(TrainingError, match=r"the shares sum to 1\.2"):
        train(data, tmp_path / "n", Settings(tiny), mix=[(data, 0.6), (data, 0.6)])
    with pytest.raises(TrainingError, match="only the class 'red'"):
        train(data, tmp_path / "n", Settings(tiny), classes=["red"])
    for name in ("config.json", "model.safetensors"):
        whole = (tmp_path / "m" / name).read_bytes()
        (tmp_path / "m" / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(DioramaError, match=name):
            Classifier.load(tmp_path / "m")
        (tmp_path / "m" / name).write_bytes(whole)


def test_real_photos_are_told_apart_from_few_examples(shared: Path, tmp_path: Path) -> None:
    """40 photos to train on and 60 others: a frozen MobileNetV2 is hardly ever wrong about cats and dogs."""
    backbone = f"hf:{shared / 'weights' / 'mobilenet_v2-hf'}"
    settings = Settings(backbone, epochs=30, views=1)
    done = train(shared / "photos" / "train", tmp_path / "m", settings, classes=("cat", "dog"), limit=20)
    test = find_images(shared / "photos" / "dev", classes=("cat", "dog"), extra="skip", limit=30)
    assert (done.classifier.probabilities(test).argmax(-1) == test.labels).mean() >= 0.9
