"""Rotations between their forms."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.floating[Any])


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
