"""Backbones: what turns pixels into features, whatever its family.

    vgg16             the seed paper's, with ImageNet weights by URL or from a file
    hf:ID-or-folder   any Hugging Face vision model
    torchvision:NAME  where torchvision is installed
    small             a small convolutional network without pretrained weights, to be trained from scratch

All take RGB in 0..1 and normalize it themselves. Features are the mean of the last maps over space, one rule for all:
so a map can be explained place by place, and a head has few weights.
"""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from diorama.draws import Draws
from diorama.errors import ModelError
from diorama.learn import pretrained
from diorama.learn.networks import SMALL, initialize, small_features, vgg16_features

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Architecture:
    """All of a backbone but its weights, as a model folder's config.json keeps it.

    Attributes:
        name: The spec it was asked for by: "vgg16", "small", "hf:…", "torchvision:…".
        width: Features (D).
        size: Pixels along each side of its input (S).
        resize: Pixels of an image's shorter side before the centre crop.
        mean: Of each channel, subtracted from values in 0..1.
        std: Of each channel, divided by.
        config: What a Hugging Face model is built from.
    """

    name: str
    width: int
    size: int
    resize: int
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def pretrained(self) -> bool:
        """Whether it comes with weights that are worth freezing."""
        return self.name != "small"


class Backbone(nn.Module):
    """A network from pixels to features.

    Args:
        architecture: What it is.
        net: (B, 3, S, S) normalized → its last maps, (B, D, h, w), or tokens, (B, T, D). None builds it from
            `architecture` when it is first needed, and fills it with `state`.
        state: Its weights, in that case.

    Attributes:
        map_layer: A module whose output is the last maps, (B, D, h, w): the layer for Grad-CAM.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self, architecture: Architecture, net: nn.Module | None, state: Mapping[str, Tensor] | None = None
    ) -> None:
        super().__init__()
        self.architecture = architecture
        self._state = dict(state or {})
        self._modules["net"] = net
        self.map_layer = nn.Identity()
        self.register_buffer("mean", torch.tensor(architecture.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(architecture.std).view(1, 3, 1, 1), persistent=False)

    @property
    def net(self) -> nn.Module:
        """The network.

        Raises:
            ModelError: If it is only now built, and its weights do not fit or its packages cannot build it.
        """
        net = self._modules["net"]
        if net is None:
            net = network(self.architecture)
            pretrained.fill(net, self._state, self.name)
            self._modules["net"] = net.to(self.mean.device).train(self.training)
            self._state = {}
        return net

    def _save_to_state_dict(self, destination: dict[str, Tensor], prefix: str, keep_vars: bool) -> None:
        super()._save_to_state_dict(destination, prefix, keep_vars)
        destination |= {f"{prefix}net.{name}": value for name, value in self._state.items()}

    @property
    def name(self) -> str:
        """The spec it was asked for by."""
        return self.architecture.name

    @property
    def width(self) -> int:
        """Features (D)."""
        return self.architecture.width

    @property
    def size(self) -> int:
        """Pixels along each side of the input (S)."""
        return self.architecture.size

    def maps(self, x: Tensor) -> Tensor:
        """(B, D, h, w) last maps of x, (B, 3, S, S) in 0..1."""
        out = self.net((x - self.mean) / self.std)
        out = getattr(out, "last_hidden_state", out)
        if out.ndim == 3:  # tokens: those that stand for no place, such as the class token, come first
            side = int((out.shape[1]) ** 0.5)
            out = out[:, out.shape[1] - side * side :].transpose(1, 2).unflatten(2, (side, side))
        return self.map_layer(out)  # type: ignore[no-any-return]

    def forward(self, x: Tensor) -> Tensor:
        """(B, D) features of x, (B, 3, S, S) in 0..1."""
        return self.maps(x).mean((2, 3))

    def hash(self) -> str:
        """32 hexadecimal digits of the weights and what they are shown; where they came from does not count."""
        state = {name: value.detach().cpu().contiguous() for name, value in self.state_dict().items()}
        shown = self.architecture
        normal = (*shown.mean, *shown.std)  # a tuple or, as JSON has it, a list: the same network
        what = (shown.name.partition(":")[0], shown.size, shown.resize, *normal)
        digest = hashlib.blake2b(repr(what).encode(), digest_size=16)
        digest.update(save(state))
        return digest.hexdigest()


def load_backbone(spec: str, weights: Path | None = None, seed: int = 0) -> Backbone:
    """A backbone with its pretrained weights, where there are any, ready for features.

    Args:
        spec: "vgg16", "small", "hf:ID-or-folder" or "torchvision:NAME".
        weights: A file of weights to take instead of the official ones (.safetensors, or .pth with plain tensors).
        seed: Of the weights of a network that has none.

    Raises:
        ModelError: If there is no such backbone, or its weights cannot be had or do not fit.
    """
    kind, _, name = spec.partition(":")
    if spec == "vgg16":
        backbone = build(Architecture(spec, 512, 224, 256))
        path = weights or pretrained.download(pretrained.VGG16)
        state = pretrained.read_weights(path)
        features = {key.removeprefix("features."): value for key, value in state.items() if key.startswith("features.")}
        pretrained.fill(backbone.net, features or state, path)
    elif spec == "small":
        backbone = build(Architecture(spec, SMALL[-1], 64, 72))
        initialize(backbone, generator(seed, "backbone"))
        if weights is not None:
            pretrained.fill(backbone.net, pretrained.read_weights(weights), weights)
    elif kind in ("hf", "torchvision") and name:
        from diorama.learn import kept

        backbone = (kept.hugging_face if kind == "hf" else pretrained.torchvision)(name, weights)
    else:
        raise ModelError(
            f"backbone {spec!r}", "there is none of this name", "Give vgg16, small, hf:ID-or-folder or torchvision:NAME"
        )
    return backbone.eval()


def build(architecture: Architecture) -> Backbone:
    """A backbone of this architecture with weights that are still to be filled in.

    Raises:
        ModelError: If its packages cannot build it.
    """
    return Backbone(architecture, network(architecture))


def network(architecture: Architecture) -> nn.Module:
    """The network of a backbone, with weights that are still to be filled in.

    Raises:
        ModelError: If its packages cannot build it.
    """
    kind = architecture.name.partition(":")[0]
    if kind == "vgg16":
        return vgg16_features()
    if kind == "small":
        return small_features()
    if kind == "hf":
        return pretrained.hugging_face_net(architecture.config)
    return pretrained.torchvision_net(architecture.name.partition(":")[2])


def channels_last(backbone: Backbone) -> Backbone:
    """The backbone with its weights laid out as CPUs and tensor cores take them fastest."""
    return backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def folded(backbone: Backbone) -> Backbone:
    """A copy for inference whose batch normalizations are part of the convolutions before them, where that is the same.

    Which module follows which is guessed from their order, and the guess is checked: a backbone that then gives other
    features is returned as it is.
    """
    _ = backbone.net  # built, if it is not yet
    copy = deepcopy(backbone).eval()
    for part in copy.modules():
        children = list(part.named_children())
        for (name, first), (after, second) in pairwise(children):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                setattr(part, name, fuse_conv_bn_eval(first, second))
                setattr(part, after, nn.Identity())
    x = torch.rand(1, 3, backbone.size, backbone.size, generator=generator(0, "folded"))
    with torch.inference_mode():
        wanted, found = backbone.cpu().eval()(x), copy.cpu()(x)
    return copy if torch.allclose(wanted, found, rtol=1e-3, atol=1e-4 * float(wanted.abs().max())) else backbone


def generator(seed: int, name: str) -> torch.Generator:
    """PyTorch's source of randomness for the draw `name`, keyed by it and the seed."""
    value = Draws(seed).uniform(f"learn.{name}", [0], [0], 1)[0, 0]
    return torch.Generator().manual_seed(int(value * (1 << 53)))
