"""Backbones: the right parameters, the right weights, and clear words for the wrong ones."""

import io
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from diorama.errors import ExtraError, ModelError
from diorama.learn import pretrained
from diorama.learn.backbones import Architecture, Backbone, build, folded, generator, load_backbone
from diorama.learn.networks import vgg16_features
from tests.learn.things import tiny_model


def test_vgg16_has_the_published_parameters() -> None:
    """Numbers, names and shapes as torchvision's: 14,714,688 in the convolutional part."""
    shapes = {name: tuple(value.shape) for name, value in vgg16_features().state_dict().items()}
    assert sum(int(np.prod(shape)) for shape in shapes.values()) == 14_714_688
    assert shapes["0.weight"] == (64, 3, 3, 3)
    assert shapes["28.weight"] == (512, 512, 3, 3)
    assert [int(name.split(".")[0]) for name in shapes if name.endswith("weight")] == [
        0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28,
    ]  # fmt: skip


def test_vgg16_takes_a_file_in_torchvisions_names(tmp_path: Path) -> None:
    state = {f"features.{name}": value for name, value in vgg16_features().state_dict().items()}
    torch.save(state | {"classifier.0.weight": torch.zeros(2, 2)}, tmp_path / "vgg16.pth")
    backbone = load_backbone("vgg16", tmp_path / "vgg16.pth")
    assert torch.equal(backbone.net.state_dict()["28.bias"], state["features.28.bias"])
    with torch.inference_mode():
        assert backbone.maps(torch.rand(1, 3, 224, 224)).shape == (1, 512, 7, 7)


def test_a_hugging_face_folder_gives_what_transformers_gives(tmp_path: Path) -> None:
    from transformers import AutoModel

    folder = tiny_model(tmp_path / "tiny")
    backbone = load_backbone(f"hf:{folder}")
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    mean, std = torch.tensor([0.5, 0.4, 0.3]).view(1, 3, 1, 1), torch.tensor([0.2, 0.25, 0.3]).view(1, 3, 1, 1)
    with torch.inference_mode():
        wanted = AutoModel.from_pretrained(folder).eval()((x - mean) / std).pooler_output.flatten(1)
        assert torch.allclose(backbone(x), wanted, atol=1e-5)
    assert (backbone.width, backbone.size, backbone.architecture.resize) == (16, 32, 36)
    again = build(Architecture(**vars(backbone.architecture)))
    again.load_state_dict(backbone.state_dict())
    assert again.hash() == backbone.hash()
    with torch.inference_mode():
        assert torch.equal(again.eval()(x), backbone(x))


def test_folding_changes_a_network_and_not_its_features(tmp_path: Path) -> None:
    backbone = load_backbone(f"hf:{tiny_model(tmp_path / 'tiny')}")
    for part in backbone.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.running_mean, generator=generator(0, "m"))  # type: ignore[arg-type]
            nn.init.uniform_(part.weight, 0.5, 2.0, generator=generator(0, "w"))
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    quick = folded(backbone)
    assert not any(isinstance(part, nn.BatchNorm2d) for part in quick.modules())
    with torch.inference_mode():
        assert torch.allclose(quick(x), backbone(x), rtol=1e-4, atol=1e-5)


def test_folding_is_not_done_where_modules_do_not_follow_each_other() -> None:
    class Crossed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution, self.norm = nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)
            self.norm.running_mean = torch.tensor([0.1, 0.2, 0.3])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.convolution(self.norm(x).relu())  # type: ignore[no-any-return]

    backbone = Backbone(Architecture("hf:x", 3, 8, 8), Crossed()).eval()
    assert folded(backbone) is backbone


def test_tokens_of_a_transformer_become_maps() -> None:
    class Tokens(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.arange(10.0).view(1, 10, 1).expand(len(x), 10, 3)  # a class token, then 3 × 3

    maps = Backbone(Architecture("hf:x", 3, 8, 8), Tokens()).maps(torch.zeros(2, 3, 8, 8))
    assert maps.shape == (2, 3, 3, 3)
    assert maps[0, 0].flatten().tolist() == list(range(1, 10))


def test_weights_of_another_network_are_told(tmp_path: Path) -> None:
    save_file({"0.weight": torch.zeros(2, 2)}, tmp_path / "other.safetensors")
    with pytest.raises(ModelError, match=r"other\.safetensors: holds the weights of another network"):
        load_backbone("small", tmp_path / "other.safetensors")


class _Runs:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("this must not run",)


def test_a_pickle_that_runs_code_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"weight": _Runs()}, tmp_path / "evil.pth")
    with pytest.raises(ModelError, match="might run code"):
        load_backbone("vgg16", tmp_path / "evil.pth")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"", b"rubbish" * 10])
@pytest.mark.parametrize("name", ["w.safetensors", "w.pth"])
def test_a_damaged_file_of_weights_is_told(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        load_backbone("small", tmp_path / name)
    with pytest.raises(ModelError, match="no such file"):
        load_backbone("small", tmp_path / "none")


@pytest.mark.parametrize("spec", ["resnet", "hf:", "hf:/no/such/folder", ""])
def test_unknown_backbones_are_told(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="backbone"):
        load_backbone(spec)


def test_torchvision_is_asked_for_where_it_is_missing() -> None:
    with pytest.raises(ExtraError, match="torchvision"):
        load_backbone("torchvision:resnet18")


def test_torchvisions_networks_end_at_their_last_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a module that stands for torchvision: one network with `features`, one with an `avgpool`, one with neither."""
    asked: list[tuple[str, str | None]] = []

    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.features = nn.Sequential(nn.Conv2d(3, 6, 3, stride=32), nn.ReLU())
            self.classifier = nn.Linear(6, 1000)

    class Pooled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1, self.layer1 = nn.Conv2d(3, 4, 3, 16, 1), nn.Conv2d(4, 8, 3, 2, 1)
            self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(8, 1000)

    known: dict[str, type[nn.Module]] = {"plain": Plain, "pooled": Pooled, "vit": nn.Sequential}

    def get_model(name: str, weights: str | None = None) -> nn.Module:
        asked.append((name, weights))
        if name not in known:
            raise ValueError(f"Unknown model {name}")
        return known[name]()

    package = types.ModuleType("torchvision")
    models = types.ModuleType("torchvision.models")
    models.get_model = get_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torchvision", package)
    monkeypatch.setitem(sys.modules, "torchvision.models", models)
    for name, width in (("plain", 6), ("pooled", 8)):
        backbone = load_backbone(f"torchvision:{name}")
        assert (backbone.width, backbone.size, backbone.architecture.resize) == (width, 224, 256)
        with torch.inference_mode():
            assert backbone.maps(torch.rand(1, 3, 224, 224)).shape == (1, width, 7, 7)
        again = build(backbone.architecture)
        again.load_state_dict(backbone.state_dict())
        assert again.hash() == backbone.hash()
        save_file(backbone.net.state_dict(), tmp_path / f"{name}.safetensors")
        assert load_backbone(f"torchvision:{name}", tmp_path / f"{name}.safetensors").hash() == backbone.hash()
        # its pretrained weights; a model folder and a file have their own
        assert asked[-3:] == [(name, "DEFAULT"), (name, None), (name, None)]
    with pytest.raises(ModelError, match="Unknown model nothing"):
        load_backbone("torchvision:nothing")
    with pytest.raises(ModelError, match="has no last maps"):
        load_backbone("torchvision:vit")


def test_a_download_is_checked_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path))
    asked: list[str] = []

    def answer(url: str, timeout: float) -> io.BytesIO:
        asked.append(url)
        return io.BytesIO(b"weights")

    monkeypatch.setattr("urllib.request.urlopen", answer)
    sha = "9d89d7b43d52000ad8a3ab20bb2b8f1a1c9e2a1d2d6cd0a7a2d4d5b1a9a7f1aa"
    with pytest.raises(ModelError, match="SHA-256"):
        pretrained.download(pretrained.Source("https://host/w.pth", sha))
    assert not list(tmp_path.rglob("w.pth*"))
    import hashlib

    good = pretrained.Source("https://host/w.pth", hashlib.sha256(b"weights").hexdigest())
    assert pretrained.download(good).read_bytes() == b"weights"
    pretrained.download(good)
    assert len(asked) == 2


def test_real_weights_give_the_published_network(shared: Path) -> None:
    """The same weights in two formats and two definitions: the folder's own, and batch norm folded, in float16."""
    backbone = load_backbone(f"hf:{shared / 'weights' / 'mobilenet_v2-hf'}")
    folded = load_file(shared / "weights" / "mobilenet_v2.safetensors")
    assert backbone.width == 1280
    assert sum(v.numel() for k, v in folded.items() if not k.startswith("classifier")) > 2_000_000
    with torch.inference_mode():
        assert backbone.maps(torch.rand(1, 3, 224, 224)).shape == (1, 1280, 7, 7)
