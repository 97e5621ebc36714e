"""Where a classifier looks: Grad-CAM and occlusion sensitivity, through captum, for any network.

Both take the class's score for what is explained. Which score is a choice:

    "logit"    z_c, as Selvaraju et al. have it
    "odds"     log p_c / (1 - p_c) = z_c - log Σ exp z_j over the other classes j: what speaks for a class against the
               others, free of the constant that softmax lets every logit share, and not saturated where p is near 1
    "p"        the probability p_c itself, as Zeiler and Fergus have it
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from captum.attr import LayerGradCam, Occlusion
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from diorama.errors import RecipeError
from diorama.learn.devices import together

Score = Literal["logit", "odds", "p"]
Logits = Callable[[Tensor], Tensor]
"""(B, 3, S, S) in 0..1 → (B, C), differentiable."""

METHODS = ("gradcam", "occlusion")
GREY = 0.5
"""What an occluded pixel shows; Zeiler and Fergus have a grey square too."""
WINDOWS = 7
"""Sides of the occluding square that fit along a side of the image."""


def gradcam(
    logits: Logits, layer: nn.Module, x: Tensor, target: ArrayLike, score: Score = "odds"
) -> NDArray[np.float32]:
    """Grad-CAM: where the layer's maps raise a class's score, (B, S, S), not negative.

    The maps A_k (h × w) of a layer are weighted with the mean gradient of the score y over them, summed, cut off below
    zero, and enlarged bilinearly to the image:

        ReLU Σ_k A_k mean_ij ∂y/∂A_k,ij

    Source: R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization",
    ICCV 2017, equations 1 and 2.

    Args:
        logits: The classifier.
        layer: Its last module whose output is (B, K, h, w).
        x: (B, 3, S, S) images in 0..1.
        target: (B,) the class that each image is explained for, or one for all.
        score: What of the class.

    Raises:
        RecipeError: If the layer's output has no rows and columns.
    """
    method = LayerGradCam(_scores(logits, score), layer)
    # the input needs a gradient so that a frozen backbone's maps have one
    found = method.attribute(x.detach().clone().requires_grad_(True), _target(x, target), relu_attributions=True)
    if found.ndim != 4:
        problem = f"its output has {found.ndim} axes, not batch, maps, rows and columns"
        raise RecipeError("gradcam", problem, "Choose a convolutional backbone, or occlusion alone")
    large = torch.nn.functional.interpolate(found.detach(), x.shape[-2:], mode="bilinear", align_corners=False)
    return np.asarray(large[:, 0].float().cpu().numpy(), np.float32)


def occlusion(
    logits: Logits,
    x: Tensor,
    target: ArrayLike,
    score: Score = "odds",
    *,
    window: int | None = None,
    stride: int | None = None,
    batch: int | None = None,
) -> NDArray[np.float32]:
    """Occlusion sensitivity: by how much a class's score falls when a grey square hides a place, (B, S, S), signed.

    Each pixel has the mean over all squares that cover it.

    Source: M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2.

    Args:
        logits: The classifier.
        x: (B, 3, S, S) images in 0..1.
        target: (B,) the class that each image is explained for, or one for all.
        score: What of the class.
        window: Side of the square in pixels; an S-th part by WINDOWS if not given.
        stride: Pixels from one square to the next; half a side if not given.
        batch: Occluded images to one pass; as many as the device takes fastest if not given.
    """
    side = window or max(1, x.shape[-1] // WINDOWS)
    step = min(stride or max(1, side // 2), side)
    with torch.no_grad():
        found = Occlusion(_scores(logits, score)).attribute(
            x.detach(),
            sliding_window_shapes=(x.shape[1], side, side),
            strides=(x.shape[1], step, step),
            baselines=GREY,
            target=_target(x, target),
            perturbations_per_eval=max(1, (batch or together(x.device)) // len(x)),
        )
    return np.asarray(found[:, 0].float().cpu().numpy(), np.float32)


def _scores(logits: Logits, score: Score) -> Logits:
    """(B, 3, S, S) → (B, C) of each class's score."""

    def scores(x: Tensor) -> Tensor:
        z = logits(x)
        if score == "logit":
            return z
        if score == "p":
            return z.softmax(-1)
        own = torch.eye(z.shape[-1], dtype=torch.bool, device=z.device)
        others = z[:, None].expand(-1, z.shape[-1], -1).masked_fill(own, -torch.inf)
        return z - others.logsumexp(-1)

    return scores


def _target(x: Tensor, target: ArrayLike) -> Tensor:

    return torch.as_tensor(np.broadcast_to(np.asarray(target, np.int64), len(x)).copy(), device=x.device)
