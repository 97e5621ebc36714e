"""Rotations between their forms."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diorama import exact

T = TypeVar("T", bound=np.floating[Any])


def yaw_matrices(angle: NDArray[T]) -> NDArray[T]:
    """(..., 3, 3) matrices that turn +Z by an angle in radians (...) towards +X, about +Y."""
    zero = np.zeros_like(angle)
    c, s = exact.cos(angle).astype(zero.dtype), exact.sin(angle).astype(zero.dtype)
    rows = [[c, zero, s], [zero, zero + 1, zero], [-s, zero, c]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def rotation_matrices(quaternions: NDArray[T]) -> NDArray[T]:
    """(..., 3, 3) matrices, on column vectors and as precise as given, of unit quaternions (..., 4) x, y, z, w."""
    x, y, z, w = np.moveaxis(quaternions, -1, 0)
    matrices = np.empty((*quaternions.shape[:-1], 3, 3), quaternions.dtype)
    matrices[..., 0, 0] = 1 - 2 * (y * y + z * z)
    matrices[..., 0, 1] = 2 * (x * y - z * w)
    matrices[..., 0, 2] = 2 * (x * z + y * w)
    matrices[..., 1, 0] = 2 * (x * y + z * w)
    matrices[..., 1, 1] = 1 - 2 * (x * x + z * z)
    matrices[..., 1, 2] = 2 * (y * z - x * w)
    matrices[..., 2, 0] = 2 * (x * z - y * w)
    matrices[..., 2, 1] = 2 * (y * z + x * w)
    matrices[..., 2, 2] = 1 - 2 * (x * x + y * y)
    return matrices
