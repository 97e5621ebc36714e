"""What a network sees of an image: its centre, or a random view of it.

A random view is a pure function of (the image's content, seed, number of the view), so its features can be computed
once and kept, whatever dataset the image is in, and an interrupted run goes on with the same views.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.draws import Draws
from diorama.errors import TrainingError

FILL = (124, 116, 104)
"""The mean colour of ImageNet: what shows beside the edges of a turned image."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as greyscale pictures have it

_KEYS = ("zoom", "left", "top", "turn", "flip", "brightness", "red", "green", "blue", "gamma", "grey")


@dataclass(frozen=True)
class Augmentation:
    """What random views vary; every range is drawn from uniformly.

    Attributes:
        area: Least share of the image's largest square that a view shows, of at most 1 (crop and zoom).
        turn: Largest rotation to either side, in degrees.
        flip: Probability of a horizontal flip.
        brightness: Largest change of all channels' factor, to either side of 1.
        colour: The same of each channel by itself.
        gamma: Largest exponent of the values, and 1 / it the least; 1 leaves them.
        grey: Probability of no colour.
    """

    area: float = 0.45
    turn: float = 12.0
    flip: float = 0.5
    brightness: float = 0.25
    colour: float = 0.0
    gamma: float = 1.0
    grey: float = 0.0


PRESETS: Mapping[str, Augmentation] = MappingProxyType(
    {
        "paper": Augmentation(),
        "best": Augmentation(area=0.7, brightness=0.1),
        "colour": Augmentation(brightness=0.35, colour=0.25, gamma=1.5, grey=0.25),
    }
)
"""`paper`: random crop, zoom, flip, slight rotation, brightness. `best`: less crop, zoom and brightness, for images
that vary these already, as Diorama's do. `colour`: `paper`'s, and whole-image colour, gamma and greyscale."""


@dataclass(frozen=True)
class Views:
    """Which views of every image.

    Attributes:
        count: How many (V).
        augmentation: What they vary; None for the centre of the image, which is one view.
        seed: Of the random ones.
        first: Number of the first of them.
    """

    count: int = 1
    augmentation: Augmentation | None = None
    seed: int = 0
    first: int = 0

    def __post_init__(self) -> None:
        if self.count < 1 or (self.augmentation is None and self.count != 1):
            raise TrainingError("views", f"is {self.count}", "Give 1 or more random views, or one of the centre")


CENTRE = Views()


def parameters(views: Views, hashes: NDArray[np.void]) -> NDArray[np.float32]:
    """(V, B, K) uniforms in [0, 1) of the random views of B images; K = 0 for the centre.

    Args:
        views: Which.
        hashes: (B,) contents, as `ImageSet.hashes`.
    """
    count = len(hashes)
    if views.augmentation is None:
        return np.zeros((1, count, 0), np.float32)
    image = hashes.view("<u8").reshape(count, 2)[:, 0] >> np.uint64(1)
    draws, requests = Draws(views.seed), [(f"view.{key}", 1) for key in _KEYS]
    each = [
        np.concatenate(draws.uniforms(requests, image, np.full((len(_KEYS), count), number)), axis=1)
        for number in range(views.first, views.first + views.count)
    ]
    return np.stack(each).astype(np.float32)


def centre(image: Image.Image, size: int, resize: int) -> NDArray[np.uint8]:
    """(S, S, 3) the middle of an RGB image whose shorter side is scaled to `resize` pixels."""
    scale = resize / min(image.size)
    width, height = (max(resize, round(side * scale)) for side in image.size)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - size) // 2, (height - size) // 2
    return np.asarray(image.crop((left, top, left + size, top + size)))


def random_view(
    image: Image.Image, size: int, augmentation: Augmentation, uniforms: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """(S, S, 3) a random view of an RGB image.

    Args:
        image: The image.
        size: S.
        augmentation: What varies.
        uniforms: (K,) from `parameters`.
    """
    zoom, left, top, turn, flip, brightness, red, green, blue, gamma, grey = map(float, uniforms)
    side = min(image.size) * (augmentation.area + (1 - augmentation.area) * zoom) ** 0.5
    across, down = left * (image.width - side), top * (image.height - side)
    angle = np.deg2rad(augmentation.turn * (2 * turn - 1))
    if side > size:  # first without aliasing to the final scale, then turned at this scale
        scale = size / side
        image = image.resize(
            (round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR, reducing_gap=2.0
        )
        side, across, down = float(size), across * scale, down * scale
    step = side / size
    cos, sin = np.cos(angle) * step, np.sin(angle) * step
    mirror = -1.0 if flip < augmentation.flip else 1.0
    middle = np.array([image.width / 2, image.height / 2])  # the image turns about its middle, under the crop
    corner = np.array([across + side / 2, down + side / 2]) - middle
    turned = middle + np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ corner
    a, b, d, e = mirror * cos, -sin, mirror * sin, cos
    c, f = turned - np.array([a + b, d + e]) * size / 2
    view = image.transform(
        (size, size), Image.Transform.AFFINE, (a, b, c, d, e, f), Image.Resampling.BILINEAR, fillcolor=FILL
    )
    pixels = np.asarray(view)
    gains = np.array([red, green, blue]) * 2 - 1
    factors = (1 + augmentation.colour * gains) * (1 + augmentation.brightness * (2 * brightness - 1))
    exponent = augmentation.gamma ** (2 * gamma - 1)
    levels = np.arange(256) / 255
    table = np.clip(factors[:, None] * levels**exponent * 255 + 0.5, 0, 255).astype(np.uint8)  # (3, 256)
    out = np.stack([table[channel][pixels[..., channel]] for channel in range(3)], axis=-1)
    if grey < augmentation.grey:
        out = np.repeat((out @ LUMA + 0.5).astype(np.uint8)[..., None], 3, axis=2)
    return out
