"""Smooth noise in space whose lattice values are hashes, so that it needs no table and no state."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F64 = NDArray[np.float64]
Array = NDArray[np.floating]


def noise(points: Array, seed: int) -> F64:
    """(N,) smooth value noise in [0, 1] at (N, 3): unit lattice, quintic interpolation, hashed lattice values."""
    if len(points) == 0:
        return np.zeros(0)
    cell = np.floor(points)
    f = points - cell
    f = f * f * f * (f * (f * 6 - 15) + 10)
    base = cell.astype(np.int64)
    low = base.min(axis=0)
    count = base.max(axis=0) - low + 2
    base -= low
    if count.prod() < 8 * len(points):  # each lattice value is hashed once; scattered points hash their own
        lattice = _hash(np.indices(count).reshape(3, -1).T + low, seed)
        strides = np.array([count[1] * count[2], count[2], 1])
        first = portable.matmul(base, strides)

        def corner(dx: int, dy: int, dz: int) -> F64:
            return np.asarray(lattice.take(first + int(portable.matmul(strides, (dx, dy, dz)))))
    else:

        def corner(dx: int, dy: int, dz: int) -> F64:
            return _hash(base + low + (dx, dy, dz), seed)

    def mixed(values: tuple[F64, F64], axis: int) -> F64:
        return np.asarray(values[0] + (values[1] - values[0]) * f[:, axis])

    faces = [mixed((mixed((corner(dx, 0, 0), corner(dx, 0, 1)), 2), mixed((corner(dx, 1, 0), corner(dx, 1, 1)), 2)), 1)
             for dx in (0, 1)]  # fmt: skip
    return mixed((faces[0], faces[1]), 0)


def _hash(cells: NDArray[np.int64], seed: int) -> F64:
    """(N,) numbers in [0, 1) of integer cells (N, 3): murmur3's finalizer over a linear mix."""
    k = cells.astype(np.uint64)
    h = k[:, 0] * np.uint64(73856093) ^ k[:, 1] * np.uint64(19349663) ^ k[:, 2] * np.uint64(83492791)
    h = (h ^ np.uint64(seed * 2654435761)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return np.asarray((h ^ (h >> np.uint64(16))) / 2.0**32)
