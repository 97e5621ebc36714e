"""How trainings run: what a warm start imports, Adam's bits, several processes, and a disk that is full."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

from diorama.errors import ModelError, OutputError, TrainingError
from diorama.learn import devices, images, kept, pixels, pretrained
from diorama.learn.backbones import generator, load_backbone
from diorama.learn.classifier import Classifier, head
from diorama.learn.features import features
from diorama.learn.images import find_images
from diorama.learn.mixture import mixture
from diorama.learn.networks import initialize
from diorama.learn.optimizer import Adam, cosine
from diorama.learn.pixels import Decoded
from diorama.learn.settings import Settings
from diorama.learn.training import train
from diorama.learn.views import PRESETS, Views
from tests.learn.things import pictures, tiny_model

NEEDLESS = ("accelerate", "captum", "matplotlib", "scipy.optimize", "torch._dynamo", "transformers")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pictures(tmp_path_factory.mktemp("data") / "colours", 16)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"hf:{tiny_model(tmp_path_factory.mktemp('model') / 'tiny')}"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))


def _same(one: Path, other: Path) -> bool:
    a, b = (load_file(folder / "model.safetensors") for folder in (one, other))
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_a_warm_start_imports_only_what_it_needs(data: Path, tiny: str, tmp_path: Path) -> None:
    """With all features there, neither the backbone is built nor its library read; the model is the same, and works."""
    train(data, tmp_path / "cold", Settings(tiny, epochs=2, batch=8))
    script = (
        "import json, sys; from diorama.cli.app import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: print(json.dumps([end.code or 0, sorted(sys.modules)]))"
    )
    options = ["--backbone", tiny, "--epochs", "2", "--batch", "8", "--out", str(tmp_path / "warm")]
    done = subprocess.run(
        [sys.executable, "-c", script, "train", str(data), *options], capture_output=True, text=True, check=False
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    assert not set(NEEDLESS) & set(modules)
    assert _same(tmp_path / "cold", tmp_path / "warm")
    others = find_images(pictures(tmp_path / "other", 4))
    found = Classifier.load(tmp_path / "warm")
    assert found.backbone._modules["net"] is None
    assert (found.probabilities(others) == Classifier.load(tmp_path / "cold").probabilities(others)).all()
    assert found.backbone._modules["net"] is not None  # other images: it was needed


def test_a_kept_backbone_is_the_folders_own(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(tiny[3:], tmp_path / "tiny"))
    first = load_backbone(f"hf:{folder}")
    monkeypatch.setattr(pretrained, "hugging_face", lambda *_: pytest.fail("transformers was asked"))
    again = load_backbone(f"hf:{folder}")
    assert again.hash() == first.hash()
    assert again.architecture.width == first.architecture.width
    x = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        assert torch.equal(again(x), first(x))
    assert again.hash() == first.hash()  # built, and still the same
    monkeypatch.undo()
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path / "cache"))
    shown = json.loads((folder / "preprocessor_config.json").read_text()) | {"image_mean": [0.1, 0.1, 0.1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(shown))
    assert load_backbone(f"hf:{folder}").hash() != first.hash()  # another content is another file
    for path in (tmp_path / "cache" / "backbones").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert load_backbone(tiny).hash() == first.hash()  # damaged: made anew


def test_weights_of_another_network_in_a_model_folder_are_told(data: Path, tiny: str, tmp_path: Path) -> None:
    train(data, tmp_path / "m", Settings(tiny, epochs=1))
    path = tmp_path / "m" / "model.safetensors"
    whole = load_file(path)
    one = next(name for name in whole if name.startswith("backbones."))
    for state in (
        {**whole, one: torch.zeros(2, 2)},
        {name: value for name, value in whole.items() if name != one},
        {name: value for name, value in whole.items() if not name.startswith("heads.")},
        {**whole, "heads.9.0.weight": torch.zeros(2, 2)},
    ):
        save_file(state, path)
        with pytest.raises(ModelError, match="holds the weights of another network"):
            Classifier.load(tmp_path / "m").predict([data / "red" / "000.png"])


def test_a_kept_backbone_of_a_folder_that_is_none(tmp_path: Path) -> None:
    assert kept._place(tmp_path / "none", None) is None


def test_adam_is_pytorchs_to_the_last_bit_and_goes_on() -> None:
    nets = [nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3)) for _ in range(3)]
    for net in nets[1:]:
        net.load_state_dict(nets[0].state_dict())
    groups: list[list[dict[str, Any]]] = [
        [{"params": list(part.parameters()), "lr": rate} for part, rate in ((net[0], 0.01), (net[2], 0.1))]
        for net in nets
    ]
    theirs, whole, cut = torch.optim.Adam(groups[0]), Adam(groups[1]), Adam(groups[2])
    for step in range(12):
        x, y = torch.randn(4, 5), torch.tensor([0, 1, 2, 0])
        for net in nets:
            net.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
        theirs.step()
        whole.step()
        cut.step()
        if step == 5:
            state = {name: value.clone() for name, value in cut.tensors().items()}
            cut = Adam(groups[2])
            cut.fill(state)
    for net in nets[1:]:
        assert all(torch.equal(a, b) for a, b in zip(net.parameters(), nets[0].parameters(), strict=True))


def test_a_head_is_trained_as_a_plain_loop_trains_it(data: Path, tiny: str, tmp_path: Path) -> None:
    """PyTorch's optimizer and loss without dropout: an epoch on each view in turn, and the last weights."""
    done = train(data, tmp_path / "m", Settings(tiny, epochs=3, batch=12, dropout=0.0, lr=0.01))
    backbone, found = load_backbone(tiny), mixture([data])
    values = torch.from_numpy(features(backbone, found.train, Views(2, PRESETS["paper"])))
    labels = torch.from_numpy(found.train.labels)
    net = head(backbone.width, 128, 2, 0.0)
    initialize(net, generator(0, "head"))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for epoch in range(3):
        order = torch.from_numpy(found.order(0, epoch))
        assert sorted(order.tolist()) == list(range(32))
        for rows in order.split(12):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(values[epoch % 2][rows]), labels[rows]).backward()
            optimizer.step()
    for own, theirs in zip(done.classifier.heads[0].parameters(), net.parameters(), strict=True):
        torch.testing.assert_close(own, theirs, atol=1e-6, rtol=1e-5, check_device=False)
    other = head(backbone.width, 128, 2, 0.0)
    initialize(other, generator(0, "head"))
    moved = [own - first for own, first in zip(net.parameters(), other.parameters(), strict=True)]
    assert all(change.abs().max() > 0.01 for change in moved)


def test_a_cosine_rises_falls_and_is_followed(data: Path, tmp_path: Path) -> None:
    steps = (np.arange(1000) + 0.5) / 1000
    values = np.array([cosine(share) for share in steps])
    assert values.max() == pytest.approx(1, abs=1e-4)
    assert steps[values.argmax()] == pytest.approx(0.1, abs=1e-3)
    assert values[[0, -1]].max() < 0.01
    assert values.mean() == pytest.approx(0.5, abs=1e-3)  # both limbs are even about a half
    one = train(data, tmp_path / "a", Settings("small", epochs=2, batch=16, schedule="cosine"))
    other = train(data, tmp_path / "b", Settings("small", epochs=2, batch=16))
    assert one.history[-1]["loss"] != other.history[-1]["loss"]


def test_images_to_train_on_are_shrunk_and_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    for name in ("a", "b"):
        Image.fromarray(noise).save(tmp_path / f"{name}.png")
    Image.fromarray(noise[:50, :60]).save(tmp_path / "small.png")
    read: list[Path] = []

    def counted(path: Path, least: int) -> Image.Image:
        read.append(path)
        return images.read_image(path, least)

    monkeypatch.setattr(pixels, "read_image", counted)
    decoded = Decoded(100, memory=4 * 100 * 133 + 4 * 50 * 60)
    for _ in range(2):
        assert decoded(tmp_path / "a.png").size == (133, 100)
        assert decoded(tmp_path / "small.png").size == (60, 50)
        assert decoded(tmp_path / "b.png").size == (133, 100)
    assert [path.stem for path in read] == ["a", "small", "b", "b"]  # there was no room for the last
    assert np.asarray(decoded(tmp_path / "b.png")).mean() == pytest.approx(noise.mean(), abs=1)


@pytest.mark.parametrize("backbone", ["tiny", "small"])
def test_a_class_with_one_image_can_be_learnt_but_not_split(
    backbone: str, data: Path, tiny: str, tmp_path: Path
) -> None:
    shutil.copytree(data, tmp_path / "d")
    for path in sorted((tmp_path / "d" / "red").iterdir())[1:]:
        path.unlink()
    settings = Settings(tiny if backbone == "tiny" else "small", epochs=1, balance=True)
    assert train(tmp_path / "d", tmp_path / "m", settings).classifier.training_config["images"]["red"] == 1
    with pytest.raises(TrainingError, match="red: has only one image, which cannot be on both sides"):
        train(tmp_path / "d", tmp_path / "n", replace(settings, validation=0.5))


def test_one_process_without_a_gpu_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)
    assert devices.alone()
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert not devices.alone()
    monkeypatch.setenv("WORLD_SIZE", "1")
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "no")
    assert not devices.alone()


def test_two_processes_train_one_classifier(data: Path, tiny: str, tmp_path: Path) -> None:
    """On gloo: features are shared out and the batches split. Without dropout it is one process's, up to rounding."""
    shutil.copytree(data, tmp_path / "d")
    (tmp_path / "d" / "red" / "003.png").write_bytes(b"torn")
    (tmp_path / "d" / "blue" / "004.png").write_bytes(b"torn too")
    options = ["--backbone", tiny, "--epochs", "3", "--batch", "10", "--dropout", "0", "--lr", "0.01"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    world = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "ACCELERATE_USE_CPU": "true"}
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "diorama", "train", str(tmp_path / "d"), "--out", str(tmp_path / "two"), *options],
            env={**os.environ, **world, "RANK": rank, "LOCAL_RANK": rank, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in ("0", "1")
    ]
    for run in runs:
        out, error = run.communicate(timeout=300)
        assert run.returncode == 0, error
        assert "Left out 2 images" in out  # each tells of both, though it has tried to read only one
    one = train(tmp_path / "d", tmp_path / "one", Settings(tiny, epochs=3, batch=10, dropout=0.0, lr=0.01))
    two = json.loads((tmp_path / "two" / "config.json").read_text())["training"]
    assert [row["accuracy"] for row in two["history"]] == pytest.approx([row["accuracy"] for row in one.history])
    a, b = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    assert all(torch.allclose(a[name], b[name], atol=1e-4) for name in a)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_at_a_checkpoint_is_told_and_loses_nothing(data: Path, tiny: str, small_disk: Path) -> None:
    """The first epochs' checkpoints fit; then others fill the disk; when there is room again, training goes on."""
    settings, out = Settings(tiny, epochs=4, batch=16, hidden=512), small_disk / "m"
    filler, epochs = small_disk / "others", []

    def fill(progress: object) -> None:
        done = out / "checkpoint.safetensors"
        if done.exists() and not filler.exists():
            room = os.statvfs(small_disk)
            filler.write_bytes(b"x" * (room.f_bavail * room.f_bsize - 4096))
            epochs.append(done.read_bytes())

    with pytest.raises(OutputError, match=r"checkpoint\.safetensors: cannot be written \(no space left on device\)"):
        train(data, out, settings, report=fill)
    assert [path.name for path in out.iterdir()] == ["checkpoint.safetensors"]
    assert (out / "checkpoint.safetensors").read_bytes() == epochs[0]  # the last that fitted, whole
    filler.unlink()
    steps: list[int] = []
    train(data, out, settings, report=lambda p: steps.extend([p.done] * (p.stage == "training")))
    assert steps[0] == 3  # two steps to an epoch: the first epoch is not done again
    train(data, small_disk.parent / "whole", settings)
    assert _same(out, small_disk.parent / "whole")


def test_without_a_place_to_keep_features_training_goes_on(data: Path, tiny: str, small_disk: Path) -> None:
    os.environ["DIORAMA_CACHE"] = str(small_disk / "cache")  # put back by the fixture that has set it
    room = os.statvfs(small_disk)
    (small_disk / "others").write_bytes(b"x" * (room.f_bavail * room.f_bsize))
    values = features(load_backbone(tiny), find_images(data))
    assert np.isfinite(values).all()
