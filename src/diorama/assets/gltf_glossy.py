"""From the specular-glossiness of older files (KHR_materials_pbrSpecularGlossiness) to metallic-roughness."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.subject import U8

F64 = NDArray[np.float64]

DIELECTRIC = 0.04
"""Reflectance of what is no metal, seen from the front."""


def from_glossy(diffuse: F64, specular: F64) -> tuple[F64, F64]:
    """Base colour and metalness that look most like a diffuse and a specular colour.

    Khronos' conversion (KHR_materials_pbrSpecularGlossiness, appendix B, "Conversion between workflows").

    Args:
        diffuse: (…, 3) linear.
        specular: (…, 3) linear.

    Returns:
        (…, 3) linear and (…) in [0, 1].
    """
    strength = 1.0 - specular.max(-1)
    shine, body = _brightness(specular), _brightness(diffuse)
    a, b, c = DIELECTRIC, body * strength / (1 - DIELECTRIC) + shine - 2 * DIELECTRIC, DIELECTRIC - shine
    metallic = np.clip((-b + np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))) / (2 * a), 0.0, 1.0)
    metallic = np.where(shine < DIELECTRIC, 0.0, metallic)
    m = metallic[..., None]
    by_diffuse = diffuse * strength[..., None] / (1 - DIELECTRIC) / np.maximum(1 - m, 1e-6)
    by_specular = (specular - DIELECTRIC * (1 - m)) / np.maximum(m, 1e-6)
    return np.clip(by_diffuse + (by_specular - by_diffuse) * m * m, 0.0, 1.0), metallic


def glossy_textures(diffuse: U8 | None, glossy: U8, diffuse_factor: F64, factor: F64) -> tuple[U8, U8]:
    """The base colour (sRGB, with alpha) and the metallic-roughness texture of a material with a glossy one.

    Args:
        diffuse: (H, W, 4) sRGB, with alpha; None for white.
        glossy: (H, W, 4) specular colour, sRGB, and in its alpha glossiness.
        diffuse_factor: (4,) linear.
        factor: (4,) specular colour, linear, and glossiness.
    """
    side = glossy if diffuse is None or glossy.size >= diffuse.size else diffuse
    body = np.full_like(side, 255) if diffuse is None else _resized(diffuse, side)
    shine = _resized(glossy, side)
    base, metallic = from_glossy(_linear(body[..., :3]) * diffuse_factor[:3], _linear(shine[..., :3]) * factor[:3])
    color = np.concatenate([_encoded(base), (body[..., 3:] * diffuse_factor[3]).astype(np.uint8)], 2)
    rough = np.zeros_like(side)
    rough[..., 1] = np.rint(255 * (1 - np.clip(shine[..., 3] / 255 * factor[3], 0.0, 1.0)))
    rough[..., 2] = np.rint(255 * metallic)
    rough[..., 3] = 255
    return color, rough


def _brightness(color: F64) -> F64:
    brightness: F64 = np.sqrt((color**2) @ np.array([0.299, 0.587, 0.114]))
    return brightness


def _resized(pixels: U8, like: U8) -> U8:
    if pixels.shape == like.shape:
        return pixels
    # By bands: Pillow would weigh colours by an alpha that holds glossiness.
    size = (like.shape[1], like.shape[0])
    bands = [Image.fromarray(pixels[..., k]).resize(size, Image.Resampling.BILINEAR) for k in range(4)]
    return np.stack([np.asarray(band) for band in bands], 2)


def _linear(codes: U8) -> F64:
    table = np.arange(256) / 255.0
    curve: F64 = np.where(table <= 0.04045, table / 12.92, ((table + 0.055) / 1.055) ** 2.4)[codes]  # IEC 61966-2-1
    return curve


def _encoded(linear: F64) -> U8:
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    coded: U8 = np.rint(255 * curved).astype(np.uint8)
    return coded
