"""Pretrained weights: downloaded once and checked, or from a file; Hugging Face's and torchvision's models."""

import hashlib
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from diorama.assets.cache import cache_folder
from diorama.dataset import files
from diorama.errors import ExtraError, ModelError

if TYPE_CHECKING:
    from diorama.learn.backbones import Backbone


@dataclass(frozen=True)
class Source:
    """Weights on the net.

    Attributes:
        url: Where.
        sha256: Their hash.
    """

    url: str
    sha256: str


VGG16 = Source(
    "https://download.pytorch.org/models/vgg16-397923af.pth",
    "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
)
"""torchvision's VGG16_Weights.IMAGENET1K_V1 (BSD-3-Clause), 528 MB."""


def download(source: Source) -> Path:
    """The file of some weights: from the cache, or fetched, checked and kept.

    Raises:
        ModelError: If it cannot be fetched, or is not what it should be.
    """
    path = cache_folder() / "weights" / source.url.rpartition("/")[2]
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with files.replacing(path) as temporary:
        try:
            with urllib.request.urlopen(source.url, timeout=60) as answer, temporary.open("wb") as out:
                while block := answer.read(1 << 20):
                    digest.update(block)
                    out.write(block)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise ModelError(
                source.url, f"cannot be fetched ({error})", "Fetch it elsewhere and give it by --weights FILE"
            ) from error
        if digest.hexdigest() != source.sha256:
            raise ModelError(source.url, "has another content than it should (SHA-256)", "Try again, or use --weights")
    return path


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a file, in float32 where they are numbers of less or more precision.

    Raises:
        ModelError: If it is no file of plain tensors.
    """
    if not path.is_file():
        raise ModelError(str(path), "no such file", "Give a .safetensors file, or a .pth file of plain tensors")
    try:
        if path.suffix == ".safetensors":
            state: Any = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise ModelError(str(path), "is not a sound file of weights", "Fetch it again") from error
    except Exception as error:
        raise ModelError(
            str(path), "is a pickle that holds more than tensors, and might run code", "Save it as .safetensors"
        ) from error
    if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ModelError(str(path), "does not hold tensors by name", "Save a state_dict as .safetensors")
    return {name: value.float() if value.is_floating_point() else value for name, value in state.items()}


def fill(module: nn.Module, state: Mapping[str, Tensor], path: Path | str) -> None:
    """Fills a module with weights.

    Raises:
        ModelError: If they are those of another network.
    """
    own = module.state_dict()
    wrong = [name for name, value in own.items() if name not in state or state[name].shape != value.shape]
    wrong += [name for name in state if name not in own]
    if wrong:
        raise ModelError(
            str(path), f"holds the weights of another network ({wrong[0]} does not fit)", "Give the right file"
        )
    module.load_state_dict(dict(state))


def hugging_face(name: str, weights: Path | None) -> "Backbone":
    """A Hugging Face vision model, from the hub, its cache or a folder.

    Raises:
        ModelError: If there is none, or it takes no pictures.
    """
    from diorama.learn.backbones import Architecture, Backbone

    with (
        _quiet(),
        _told(f"backbone 'hf:{name}'", "Give the id of a vision model on the Hugging Face hub, or its folder"),
    ):
        from transformers import AutoConfig, AutoModel
        from transformers.image_processing_base import ImageProcessingMixin

        config = AutoConfig.from_pretrained(name)
        shown, _ = ImageProcessingMixin.get_image_processor_dict(name)
        net = AutoModel.from_pretrained(name, dtype=torch.float32, use_safetensors=True)
        net = getattr(net, "vision_model", net)
    size = _side(shown.get("crop_size") if shown.get("do_center_crop") else None) or _side(shown.get("size")) or 224
    resize = max(_side(shown.get("size")) or size, size)
    normal = shown.get("do_normalize", True)
    mean = tuple(shown["image_mean"]) if normal else (0.0, 0.0, 0.0)
    std = tuple(shown["image_std"]) if normal else (1.0, 1.0, 1.0)
    plain = config.to_dict() | {"model_type": config.model_type}
    plain.pop("_name_or_path", None)
    spec = f"hf:{Path(name).name if Path(name).is_dir() else name}"  # where a folder lies is nobody's business
    architecture = Architecture(spec, 0, size, resize, mean, std, plain)
    backbone = Backbone(architecture, net.eval())
    if weights is not None:
        fill(net, read_weights(weights), weights)
    with torch.inference_mode(), _told(f"backbone 'hf:{name}'", "Give a vision model"):
        width = backbone(torch.zeros(1, 3, size, size)).shape[1]
    return Backbone(Architecture(spec, width, size, resize, mean, std, plain), net)


def hugging_face_net(config: Mapping[str, Any]) -> nn.Module:
    """The network of a Hugging Face configuration, its weights still to be filled in.

    Raises:
        ModelError: If transformers cannot build it.
    """
    with _quiet(), _told("config.json", "Install a newer transformers"):
        from transformers import AutoConfig, AutoModel

        rest = {key: value for key, value in config.items() if key not in ("model_type", "dtype", "torch_dtype")}
        net = AutoModel.from_config(AutoConfig.for_model(config["model_type"], **rest)).float()
        return getattr(net, "vision_model", net)  # type: ignore[no-any-return]


def torchvision(name: str, weights: Path | None) -> "Backbone":
    """A torchvision classification model up to its last maps, with its newest ImageNet weights.

    Raises:
        ModelError: If there is none, or it has no last maps.
        ExtraError: If torchvision is not installed.
    """
    from diorama.learn.backbones import Architecture, Backbone

    net = torchvision_net(name, pretrained=weights is None)
    if weights is not None:
        fill(net, read_weights(weights), weights)
    with torch.inference_mode():
        width = net(torch.zeros(1, 3, 224, 224)).shape[1]
    return Backbone(Architecture(f"torchvision:{name}", width, 224, 256), net)


def torchvision_net(name: str, pretrained: bool = False) -> nn.Module:
    """(B, 3, H, W) → last maps (B, D, h, w): a model's `features`, or all before its `avgpool`.

    Raises:
        ModelError: If there is no such model, or it has neither.
        ExtraError: If torchvision is not installed.
    """
    try:
        from torchvision.models import get_model
    except ImportError as error:
        raise ExtraError("torchvision", "not installed", "Install the build that goes with your PyTorch") from error
    with _told(f"backbone 'torchvision:{name}'", "Give a name of torchvision.models.list_models()"):
        model: nn.Module = get_model(name, weights="DEFAULT" if pretrained else None)
    if isinstance(getattr(model, "features", None), nn.Module):
        return model.features  # type: ignore[return-value]
    layers = dict(model.named_children())
    if "avgpool" not in layers:
        raise ModelError(f"backbone 'torchvision:{name}'", "has no last maps", "Use a convolutional one, or hf:…")
    before = list(layers)[: list(layers).index("avgpool")]
    return nn.Sequential(*(layers[part] for part in before))


def _side(size: object) -> int:
    """Pixels, from what an image processor gives as size."""
    if isinstance(size, Mapping):
        return int(size.get("height") or size.get("shortest_edge") or 0)
    return int(size) if isinstance(size, int) else 0


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the bars and remarks of transformers."""
    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


@contextmanager
def _told(where: str, mend: str) -> Iterator[None]:
    """What a library raises for a bad name or file, as a ModelError."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        reason = (str(error) or type(error).__name__).strip().splitlines()[0][:200]
        raise ModelError(where, f"cannot be used ({reason})", mend) from error
