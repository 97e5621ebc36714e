"""Diffuse light from a sky and the ground as nine spherical harmonics, and the sun's projection for its shadow.

The harmonics have +Y as their axis. With b the polynomials

    1 | y, z, x | 3y² - 1, yz, yx, z² - x², 2zx

the light that a white diffuse surface of normal n sends back, E(n) / π, is Σ cᵢ bᵢ(n), where
cᵢ = (Aₗ / π) Kᵢ² ∫ L bᵢ dω, A = (π, 2π/3, π/4) and Kᵢ normalises bᵢ (Ramamoorthi and Hanrahan 2001). Turning the sky
by α about +Y turns each pair of order m, the coefficients of cos mφ and sin mφ, by mα.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F32 = NDArray[np.float32]

_K2 = np.array([1, 3, 3, 3, 5 / 4, 15, 15, 15 / 4, 15 / 4]) / (4 * np.pi)
_A = np.array([1, 2 / 3, 2 / 3, 2 / 3, 1 / 4, 1 / 4, 1 / 4, 1 / 4, 1 / 4])  # Aₗ / π
_GROUND = np.array([2 * np.pi, -np.pi, 0, 0, 0, 0, 0, 0, 0]) * _K2 * _A  # of radiance 1 from every direction below

SHADOW_REACH = 2.6  # half the side of the shadow map, in subject radii
SHADOW_DEPTH = 6.0  # half the range of its depth, in subject radii


def sky_harmonics(radiance: F32) -> tuple[F32, F32]:
    """Harmonics (9, 3) of the upper half of an equirectangular map (H, W, 3), and its irradiance on the ground (3,)."""
    height, width = radiance.shape[:2]
    azimuth = 2 * np.pi * ((np.arange(width) + 0.5) / width - 0.5)
    elevation = np.pi * (0.5 - (np.arange(height) + 0.5) / height)
    y = np.broadcast_to(portable.sin(elevation)[:, None], (height, width))
    flat = portable.cos(elevation)[:, None]
    x, z = flat * portable.sin(azimuth), flat * portable.cos(azimuth)
    solid = np.where(y > 0, flat * (np.pi / height) * (2 * np.pi / width), 0.0)
    basis = np.stack([np.ones_like(y), y, z, x, 3 * y * y - 1, y * z, y * x, z * z - x * x, 2 * z * x])
    light = radiance.astype(np.float64) * solid[..., None]
    harmonics = np.einsum("khw,hwc->kc", basis, light) * (_K2 * _A)[:, None]
    return harmonics.astype(np.float32), np.einsum("hw,hwc->c", y, light).astype(np.float32)


def octahedral(radiance: F32) -> F32:
    """An equirectangular map (H, 2H, 3) as an octahedral one (2H, 2H, 3), +Y in the middle, x to the right, z down."""
    height, width = radiance.shape[:2]
    corners, shares = _octahedral_lookup(height, width)
    flat = radiance.reshape(-1, 3)
    mapped: F32 = np.zeros((*shares.shape[1:], 3), np.float32)
    for corner, share in zip(corners, shares, strict=True):
        mapped += flat.take(corner, axis=0) * share[..., None]
    return mapped


@cache
def _octahedral_lookup(height: int, width: int) -> tuple[NDArray[np.int32], F32]:
    """For each texel of the octahedral map, the four texels (4, S, S) to interpolate between, and their shares."""
    p = (np.arange(2 * height) + 0.5) / height - 1
    x, z = np.meshgrid(p, p)
    y = 1 - np.abs(x) - np.abs(z)
    fold_x = (1 - np.abs(z)) * np.where(x >= 0, 1, -1)
    fold_z = (1 - np.abs(x)) * np.where(z >= 0, 1, -1)
    x, z = np.where(y < 0, fold_x, x), np.where(y < 0, fold_z, z)
    column = (portable.arctan2(x, z) / (2 * np.pi) + 0.5) * width - 0.5
    row = np.clip((0.5 - portable.arctan2(y, portable.hypot(x, z)) / np.pi) * height - 0.5, 0, height - 1)
    left, top = np.floor(column).astype(np.int32), np.minimum(row.astype(np.int32), height - 2)
    u, v = column - left, row - top
    corners = [(top + down) * width + (left + right) % width for down in (0, 1) for right in (0, 1)]
    shares = [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u]
    return np.stack(corners), np.stack(shares).astype(np.float32)


def scene_harmonics(sky: F32, rotation: F32, below: F32) -> F32:
    """(B, 9, 3): skies' harmonics (B, 9, 3), turned by `rotation` (B,), with ground of radiance `below` (B, 3)."""
    out = sky.copy()
    for cosine, sine, order in ((2, 3, 1), (5, 6, 1), (7, 8, 2)):
        c, s = portable.cos(order * rotation)[:, None], portable.sin(order * rotation)[:, None]
        out[:, cosine] = sky[:, cosine] * c - sky[:, sine] * s
        out[:, sine] = sky[:, cosine] * s + sky[:, sine] * c
    out += _GROUND[None, :, None].astype(np.float32) * below[:, None]
    return out


def sun_projection(direction: F32, center: F32, radius: F32) -> F32:
    """(B, 4, 4) world → the sun's clip space, a box of SHADOW_REACH radii about the subject; depth 0 is nearest it."""
    axes = np.eye(3, dtype=np.float32)
    up = np.where(np.abs(direction[:, 1:2]) > 0.95, axes[:1], axes[1:2])
    right = np.cross(up, direction)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    over = np.cross(direction, right)
    reach, deep = SHADOW_REACH * radius[:, None], 2 * SHADOW_DEPTH * radius[:, None]
    out = np.zeros((len(center), 4, 4), np.float32)
    for row, axis in ((0, right / reach), (1, over / reach), (2, -direction / deep)):
        out[:, row, :3] = axis
        out[:, row, 3] = -np.einsum("bi,bi->b", axis, center)
    out[:, 2, 3] += 0.5
    out[:, 3, 3] = 1
    return out
