"""A classifier as explanations use it: images in memory, one logit per class, and where its maps are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import Tensor, nn

from diorama.errors import ModelError
from diorama.explain import maps
from diorama.learn.backbones import channels_last, folded
from diorama.learn.classifier import Classifier
from diorama.learn.devices import together
from diorama.learn.pixels import as_input
from diorama.learn.views import centre


class Explained:
    """A trained classifier to be explained. Several heads are explained together: by the mean of their logits.

    Args:
        model: A classifier, or its folder.
        name: What pictures and tables call it; the folder's name if not given.

    Raises:
        ModelError: If the folder holds no classifier.
    """

    def __init__(self, model: Classifier | str | Path, name: str | None = None) -> None:
        self.classifier = model if isinstance(model, Classifier) else Classifier.load(model)
        self.name = name or ("model" if isinstance(model, Classifier) else Path(model).resolve().name)
        self.device = next(self.classifier.parameters()).device
        each = [self.classifier.backbone_of(k) for k in range(len(self.classifier.backbones))]
        self._nets = [channels_last(folded(backbone).to(self.device)) for backbone in each]

    @property
    def labels(self) -> tuple[str, ...]:
        """(C,) names of the classes."""
        return self.classifier.labels

    @property
    def layers(self) -> list[nn.Module]:
        """The modules whose output are the last maps: one, or one for each head that has a backbone of its own."""
        return [self.classifier.backbone_of(k).map_layer for k in range(len(self.classifier.backbones))]

    def label(self, name: str) -> int:
        """The place of a class among the labels.

        Raises:
            ModelError: If the classifier has no such class.
        """
        if name not in self.labels:
            problem = f"has no class {name!r}"
            raise ModelError(self.name, problem, f"It tells apart: {', '.join(self.labels)}")
        return self.labels.index(name)

    def see(self, pictures: Sequence[Image.Image] | NDArray[np.uint8]) -> Tensor:
        """(N, 3, S, S) in 0..1: the centre view of pictures, which are RGB or (N, H, W, 3) sRGB."""
        backbone = self.classifier.backbone
        shown = [p if isinstance(p, Image.Image) else Image.fromarray(np.asarray(p)) for p in pictures]
        views = [centre(picture, backbone.size, backbone.architecture.resize) for picture in shown]
        return as_input(np.stack(views), self.device)

    def region(self, masks: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, K, S, S) in 0..1: masks (N, K, H, W) in the centre view, NaN where they are NaN."""
        backbone = self.classifier.backbone
        out = np.empty((*masks.shape[:2], backbone.size, backbone.size), np.float32)
        for place in np.ndindex(masks.shape[:2]):
            mask = masks[place]
            if np.isnan(mask).any():
                out[place] = np.nan
            else:
                picture = Image.fromarray((mask * 255 + 0.5).astype(np.uint8)).convert("RGB")
                out[place] = centre(picture, backbone.size, backbone.architecture.resize)[..., 0] / np.float32(255)
        return out

    def logits(self, x: Tensor) -> Tensor:
        """(B, C) of x, (B, 3, S, S): the mean over the heads; differentiable in x."""
        return self.classifier.logits(x).mean(0)

    def quick(self, x: Tensor) -> Tensor:
        """(B, C) as `logits` gives them, up to rounding, without gradients: by networks that are laid out for speed."""
        with torch.no_grad():
            x = x.contiguous(memory_format=torch.channels_last)
            values = [net(x) for net in self._nets]
            pairs = zip(values * (self.classifier.seeds // len(values)), self.classifier.heads, strict=True)
            logits = torch.stack([head(value) for value, head in pairs])
            return (logits / self.classifier.temperature[:, None, None]).mean(0)

    def predict(self, x: Tensor) -> NDArray[np.float64]:
        """(N, C) logits of x, (N, 3, S, S), batch after batch."""
        parts = [self.quick(part) for part in torch.split(x, together(self.device))]
        return np.asarray(torch.cat(parts).double().cpu().numpy())

    def map(self, method: str, x: Tensor, target: ArrayLike, score: maps.Score = "odds") -> NDArray[np.float32]:
        """(B, S, S) heat maps by a method of `maps.METHODS`, as its functions give them."""
        if method == "gradcam":
            each = [maps.gradcam(self.logits, layer, x, target, score) for layer in self.layers]
            return np.asarray(np.mean(each, axis=0), np.float32)
        return maps.occlusion(self.quick, x, target, score)


def probability(logits: ArrayLike) -> NDArray[np.float64]:
    """(..., C) probabilities of logits."""
    z = np.asarray(logits, np.float64)
    shifted = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True))


def odds(logits: ArrayLike, target: ArrayLike) -> NDArray[np.float64]:
    """(N,) log-odds of a class against all others, in nats: z_c - log Σ exp z_j.

    Args:
        logits: (N, C).
        target: (N,) the class, or one for all.
    """
    z = np.asarray(logits, np.float64)
    own = np.arange(z.shape[1]) == np.broadcast_to(np.asarray(target), len(z))[:, None]
    others = np.where(own, -np.inf, z)
    most = others.max(1, keepdims=True)
    return np.asarray(z[own] - (most[:, 0] + np.log(np.exp(others - most).sum(1))))
