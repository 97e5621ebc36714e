"""Rotations of joints, as matrices (..., 3, 3) on column vectors.

In the model axes (left, up, forward) a positive pitch lowers the nose, a positive yaw turns it to the left, a positive
roll drops the left side. Angles are degrees.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F64 = NDArray[np.float64]

_EYE = np.eye(3)


def turn(pitch: F64 | float = 0.0, yaw: F64 | float = 0.0, roll: F64 | float = 0.0) -> F64:
    """(..., 3, 3) rotations: first roll about forward, then pitch about left, then yaw about up.

    Of three numbers the result is read-only, and made once: clips ask for the same again and again.
    """
    if isinstance(pitch, np.ndarray) or isinstance(yaw, np.ndarray) or isinstance(roll, np.ndarray):
        return _turn(pitch, yaw, roll)
    return _turn_once(float(pitch), float(yaw), float(roll))


def _turn(pitch: F64 | float, yaw: F64 | float, roll: F64 | float) -> F64:
    angles = np.zeros((3, *np.broadcast(pitch, yaw, roll).shape))
    angles[0], angles[1], angles[2] = pitch, yaw, roll
    (sp, sy, sr), (cp, cy, cr) = portable.sin_cos(np.radians(angles))
    out = np.empty((*sp.shape, 3, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = cy * cr - sy * sp * sr, cy * sr + sy * sp * cr, sy * cp
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = -cp * sr, cp * cr, -sp
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = -sy * cr - cy * sp * sr, cy * sp * cr - sy * sr, cy * cp
    return out


@lru_cache(maxsize=1024)
def _turn_once(pitch: float, yaw: float, roll: float) -> F64:
    out = _turn(pitch, yaw, roll)
    out.flags.writeable = False
    return out


def about(vector: F64) -> F64:
    """(..., 3, 3) rotations about the direction of `vector` (..., 3) by its length in degrees (Rodrigues)."""
    v = np.radians(vector)
    angle = length(v)[..., None]
    k = _cross(v / np.maximum(angle[..., 0], 1e-12))
    s, c = portable.sin_cos(angle)
    return np.asarray(_EYE + s * k + (1 - c) * portable.matmul(k, k))


def swing(start: F64, end: F64) -> F64:
    """(..., 3, 3) least rotations that take unit vectors `start` (..., 3) to `end` (Möller and Hughes 1999)."""
    product = end[..., :, None] * start[..., None, :]
    k = product - np.swapaxes(product, -1, -2)  # the matrix of the cross product with start × end
    c = np.add.reduce(start * end, axis=-1)
    return np.asarray(_EYE + k + portable.matmul(k, k) / np.maximum(1 + c, 1e-6)[..., None, None])


def _cross(v: F64) -> F64:
    """(..., 3, 3) matrices of the cross product with vectors (..., 3)."""
    x, y, z = (v[..., i] for i in range(3))
    k = np.zeros((*v.shape, 3))
    k[..., 0, 1], k[..., 0, 2], k[..., 1, 2] = -z, y, -x
    k[..., 1, 0], k[..., 2, 0], k[..., 2, 1] = z, -y, x
    return k


def length(vectors: F64) -> F64:
    """(..., 1) lengths of vectors (..., 3)."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True)))


def apply(rotations: F64, vectors: F64) -> F64:
    """(..., 3) vectors (..., 3) turned by rotations (..., 3, 3)."""
    return np.asarray(np.einsum("...ij,...j->...i", rotations, vectors))


def back(rotations: F64) -> F64:
    """The inverse rotations."""
    return np.swapaxes(rotations, -1, -2)
