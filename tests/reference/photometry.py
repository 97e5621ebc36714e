"""From radiance to pixels and from points to pixels, written from the published definitions."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.scene.batch import SceneBatch

F64 = NDArray[np.float64]


def encode(radiance: ArrayLike) -> F64:
    """Linear RGB (…, 3) as the renderer should show it, in [0, 255], not rounded.

    Tone curve: Khronos PBR Neutral (2024); transfer function: sRGB, IEC 61966-2-1.
    """
    color = np.asarray(radiance, np.float64)
    low = color.min(-1, keepdims=True)
    color = color - np.where(low < 0.08, low - 6.25 * low**2, 0.04)
    start, desaturation = 0.8 - 0.04, 0.15
    peak = np.maximum(color.max(-1, keepdims=True), 1e-9)
    squeezed = 1 - (1 - start) ** 2 / (peak + 1 - 2 * start)
    grey = 1 - 1 / (desaturation * (peak - squeezed) + 1)
    color = np.where(peak < start, color, color * squeezed / peak * (1 - grey) + squeezed * grey)
    color = np.clip(color, 0, 1)
    return np.asarray(np.where(color <= 0.0031308, 12.92 * color, 1.055 * color ** (1 / 2.4) - 0.055) * 255)


def radiance(pixels: NDArray[np.uint8]) -> F64:
    """The inverse, for greys between radiance 0.08 and 0.8, where the curve subtracts 0.04 and does no more."""
    c = pixels / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) + 0.04


def pixel_of(scene: SceneBatch, point: ArrayLike, i: int = 0) -> tuple[int, int]:
    """Row and column of the pixel in which scene i shows a point of the world."""
    x, y, z = scene.view[i, :, :3] @ np.asarray(point) + scene.view[i, :, 3]
    reach = np.tan(scene.fov[i] / 2) * -z
    row, column = (1 - y / reach) / 2 * scene.size, (1 + x / reach) / 2 * scene.size
    assert z < 0 <= min(row, column) < scene.size > max(row, column), "the point is out of the picture"
    return int(row), int(column)
