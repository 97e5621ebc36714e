"""Mip chains by box filter, averaged in linear light."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

_CODE = np.arange(256) / 255.0
_DECODE: F32 = np.where(_CODE <= 0.04045, _CODE / 12.92, portable.power((_CODE + 0.055) / 1.055, 2.4)).astype(
    np.float32
)


def srgb_to_linear(values: U8) -> F32:
    """Decodes 8-bit sRGB (IEC 61966-2-1) to linear light in [0, 1]; any shape."""
    decoded: F32 = _DECODE[values]
    return decoded


def linear_to_srgb(values: NDArray[np.floating[Any]]) -> U8:
    """Encodes linear light as 8-bit sRGB, clipped to [0, 1]; any shape."""
    encoded: U8 = _encode()[np.rint(np.clip(values, 0.0, 1.0) * np.float32(65535)).astype(np.uint16)]
    return encoded


@lru_cache
def _encode() -> U8:
    """Codes of 65,536 levels: twenty to a code where it is darkest."""
    v = np.arange(65536) / 65535
    level = np.where(v <= 0.0031308, v * 12.92, 1.055 * portable.power(v, 1 / 2.4) - 0.055)
    return np.asarray(np.rint(level * 255), np.uint8)


def encode_root(radiance: F32, peak: float) -> U8:
    """(H, W, 4) bytes of √(radiance / peak), clipped, from (H, W, 3); alpha is 255.

    Ordered dither (Bayer 1973) keeps smooth skies free of bands.
    """
    rank = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
    height, width = radiance.shape[:2]
    dither = (np.tile(rank, (-(-height // 4), -(-width // 4)))[:height, :width, None] + 0.5) / 16
    root = np.sqrt(np.clip(radiance / peak, 0, 1)) * 255
    out = np.full((height, width, 4), 255, np.uint8)
    out[..., :3] = np.minimum(root + dither, 255)
    return out


def mip_chain(pixels: NDArray[Any], srgb: bool = False) -> list[NDArray[Any]]:
    """All levels of an image (H, W, 4), finest first, down to one texel; odd sizes drop their last row or column.

    With `srgb`, the first three channels of 8-bit pixels are averaged in linear light, the fourth as it is.
    """
    chain = [pixels]
    level: F32 = pixels.astype(np.float32)
    if pixels.dtype == np.uint8:
        level /= np.float32(255)
        if srgb:
            level[..., :3] = srgb_to_linear(pixels[..., :3])
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


def _halve(level: F32, axis: int) -> F32:
    n = level.shape[axis] // 2
    if n == 0:
        return level
    rows = np.moveaxis(level, axis, 0)[: 2 * n]
    return np.moveaxis((rows[::2] + rows[1::2]) * np.float32(0.5), 0, axis)
