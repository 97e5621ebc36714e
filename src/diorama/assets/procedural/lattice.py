"""Smooth noise in space whose lattice values are hashes, so that it needs no table and no state."""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def noise(points: F64, seed: int) -> F64:
    """(N,) smooth value noise in [0, 1] with unit lattice, quintic interpolation and hashed lattice values."""
    cell = np.floor(points)
    f = points - cell
    f = f * f * f * (f * (f * 6 - 15) + 10)
    base = cell.astype(np.int64)
    total = np.zeros(len(points))
    for dx in (0, 1):
        for dy in (0, 1):
            for dz in (0, 1):
                w = np.abs(1 - dx - f[:, 0]) * np.abs(1 - dy - f[:, 1]) * np.abs(1 - dz - f[:, 2])
                total += w * _hash(base + np.array([dx, dy, dz]), seed)
    return total


def _hash(cells: NDArray[np.int64], seed: int) -> F64:
    """(N,) numbers in [0, 1) of integer cells (N, 3): murmur3's finalizer over a linear mix."""
    k = cells.astype(np.uint64)
    h = k[:, 0] * np.uint64(73856093) ^ k[:, 1] * np.uint64(19349663) ^ k[:, 2] * np.uint64(83492791)
    h = (h ^ np.uint64(seed * 2654435761)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return np.asarray((h ^ (h >> np.uint64(16))) / 2.0**32)
