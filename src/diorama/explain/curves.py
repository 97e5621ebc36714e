"""Deletion and insertion: does the classifier need what a heat map marks, and does that alone suffice?

Pixels are taken away in the order of the map, the hottest first, and the class's probability is followed: a map that
marks what matters makes it fall at once (a small area under the curve). Put back in the same order onto a blurred
image, they make it rise at once (a large area).

Source: V. Petsiuk, A. Das, K. Saenko, "RISE: randomized input sampling for explanation of black-box models", BMVC 2018.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor
from torch.nn.functional import conv2d, pad

from diorama.explain.maps import GREY, Logits
from diorama.learn.devices import together

F64 = NDArray[np.float64]
STEPS = 14
"""Steps from none to all of the pixels."""
BLUR = 5 / 224
"""Standard deviation of the blur, in image sides: RISE's 5 pixels of 224."""


def curves(logits: Logits, x: Tensor, maps: ArrayLike, target: ArrayLike, steps: int = STEPS) -> tuple[F64, F64]:
    """Probability of a class as pixels are deleted (made grey), and as they are inserted into the blurred image.

    Args:
        logits: The classifier.
        x: (B, 3, S, S) images in 0..1.
        maps: (B, S, S) heat maps. Equal values are taken in an order that scatters over the image.
        target: (B,) the class that each image is explained for.
        steps: From none to all pixels, by equal numbers of them.

    Returns:
        Deletion and insertion, each (B, steps + 1).
    """
    heat = np.asarray(maps, np.float64).reshape(len(x), -1)
    pixels = heat.shape[1]
    # A tie is broken by the golden ratio's sequence: it is spread evenly, favours no place, and needs no chance.
    scatter = (np.arange(pixels) * 0.6180339887498949) % 1
    order = np.stack([np.lexsort((scatter, -row)) for row in heat])
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(pixels), order.shape), axis=1)
    ranks = torch.as_tensor(rank.reshape(len(x), 1, *x.shape[-2:]), device=x.device)
    first = np.round(np.linspace(0, pixels, steps + 1)).astype(np.int64)  # pixels that have been taken at each step
    labels = np.broadcast_to(np.asarray(target, np.int64), len(x))
    soft, grey = blurred(x), torch.full_like(x, GREY)
    out = np.empty((2, len(x), steps + 1))
    with torch.no_grad():
        for image in range(len(x)):
            taken = ranks[image] < torch.as_tensor(first, device=x.device)[:, None, None, None]
            deleted = torch.where(taken, grey[image], x[image])
            inserted = torch.where(taken, x[image], soft[image])
            stack = torch.cat([deleted, inserted])
            p = torch.cat([logits(part).softmax(-1) for part in torch.split(stack, together(x.device))])
            out[:, image] = p[:, labels[image]].double().cpu().numpy().reshape(2, steps + 1)
    return out[0], out[1]


def area(curve: F64) -> F64:
    """(...) the area under curves (..., steps + 1) over the share of pixels, 0 to 1, by the trapezoidal rule."""
    return np.asarray((curve[..., 1:] + curve[..., :-1]).mean(-1) / 2)


def blurred(x: Tensor) -> Tensor:
    """(B, 3, S, S) blurred by a Gaussian of BLUR image sides."""
    sigma = BLUR * x.shape[-1]
    reach = min(max(1, round(3 * sigma)), x.shape[-1] - 1)  # a reflected border is narrower than the image
    offset = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    weight = torch.exp(-(offset**2) / (2 * sigma**2))
    weight = (weight / weight.sum()).expand(x.shape[1], 1, -1)
    wide = pad(x, (reach,) * 4, mode="reflect")
    return conv2d(conv2d(wide, weight[..., None, :], groups=x.shape[1]), weight[..., None], groups=x.shape[1])
