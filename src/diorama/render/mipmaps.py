"""Mip chains by box filter, averaged in linear light."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_DECODE = np.arange(256) / 255.0
_DECODE = np.where(_DECODE <= 0.04045, _DECODE / 12.92, ((_DECODE + 0.055) / 1.055) ** 2.4).astype(np.float32)


def srgb_to_linear(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Decodes 8-bit sRGB (IEC 61966-2-1) to linear light in [0, 1]; any shape."""
    return _DECODE[values]


def linear_to_srgb(values: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Encodes linear light as 8-bit sRGB, clipped to [0, 1]; any shape."""
    v = np.clip(values, 0.0, 1.0)
    return np.rint(np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055) * 255).astype(np.uint8)


def mip_chain(pixels: NDArray[Any], srgb: bool = False) -> list[NDArray[Any]]:
    """All levels of an image (H, W, 4), finest first, down to one texel; odd sizes drop their last row or column.

    With `srgb`, the first three channels of 8-bit pixels are averaged in linear light, the fourth as it is.
    """
    chain = [pixels]
    if pixels.dtype == np.uint8:
        level = pixels.astype(np.float32) / 255
        if srgb:
            level[..., :3] = srgb_to_linear(pixels[..., :3])
    else:
        level = pixels.astype(np.float32)
    while max(level.shape[:2]) > 1:
        level = _halve(_halve(level, 0), 1)
        if pixels.dtype == np.uint8:
            out = np.rint(level * 255).astype(np.uint8)
            if srgb:
                out[..., :3] = linear_to_srgb(level[..., :3])
            chain.append(out)
        else:
            chain.append(level)
    return chain


def _halve(level: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    n = level.shape[axis] // 2
    if n == 0:
        return level
    a, b = (level.take(range(start, 2 * n, 2), axis) for start in (0, 1))
    return (a + b) / 2
