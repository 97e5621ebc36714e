"""Bodies as signed distance fields: smooth unions of solids, with locks of fur, and the joints that each moves with.

Distances are metres, negative inside; blobs take points as their shapes do, (3, N) (`primitives`), whole bodies (N, 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.lattice import noise
from diorama.assets.procedural.primitives import F32, F64, Array, Shape, column, rows


@dataclass(frozen=True, eq=False)
class Blob:
    """A shape in a body: how softly it blends (metres), whether it is cut away, and the joints it moves with.

    `joints` are names with the place along `along` at which each has its full weight (hat functions between them);
    a blob of a single joint has one entry.
    """

    shape: Shape
    blend: float
    joints: tuple[tuple[str, float], ...]
    along: Array = field(default_factory=lambda: np.array([0.0, 0.0, 1.0]))
    cut: bool = False
    tousle: float = 0.0  # metres by which locks of fur raise and lower the surface
    lock: float = 0.05  # metres, length of a lock

    def distance(self, points: F32) -> F32:
        """(N,) signed distance of points (3, N), locks included."""
        plain = self.shape.distance(points)
        if not self.tousle:
            return plain
        near = np.flatnonzero(np.abs(plain) < 3 * self.tousle)
        plain[near] -= self.tousle * (2 * _locks(points.take(near, axis=1), self.lock) - 0.8).astype(np.float32)
        return plain

    @cached_property
    def _bounds(self) -> tuple[Array, Array]:
        lo, hi = self.shape.bounds()
        return lo - 1.3 * self.tousle, hi + 1.3 * self.tousle

    @cached_property
    def _corners(self) -> tuple[F32, F32, list[float], list[float]]:
        """The bounds as columns (3, 1) and as plain numbers."""
        lo, hi = self._bounds
        return column(lo), column(hi), lo.tolist(), hi.tolist()

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner, locks included."""
        return self._bounds

    def meets(self, low: list[float], high: list[float], pad: float) -> bool:
        """Whether the bounds, enlarged by `pad`, meet a box: its lower and upper corner."""
        *_, lo, hi = self._corners
        return all(a - pad <= d and b + pad >= c for a, b, c, d in zip(lo, hi, low, high, strict=True))

    def near(self, points: F32, within: Array | float) -> NDArray[np.int64]:
        """Indices of the points (3, N) in the bounds enlarged by `within` (N,) metres and the blend."""
        lo, hi, *_ = self._corners
        pad = np.asarray(within + self.blend, np.float32)
        x, y, z = (points > lo - pad) & (points < hi + pad)
        return np.asarray((x & y & z).nonzero()[0])

    def joint_weights(self, points: F64) -> dict[str, Array]:
        """Weights (N,) of points (N, 3) by joint name, summing to 1."""
        if len(self.joints) == 1:
            return {self.joints[0][0]: np.ones(len(points))}
        names, places = zip(*sorted(self.joints, key=lambda pair: pair[1]), strict=True)
        s = (points * self.along).sum(axis=1)
        return {name: np.interp(s, places, row) for name, row in zip(names, np.eye(len(names)), strict=True)}


def blend(a: Array, b: Array, k: float, cut: bool = False) -> Array:
    """Union of distances a and b (or a without b) with a fillet of width k (quadratic, Quilez)."""
    if cut:
        return -blend(-a, b, k)
    if k <= 0:
        return np.minimum(a, b)
    h = np.maximum(k - np.abs(a - b), 0)
    return np.asarray(np.minimum(a, b) - h * h * a.dtype.type(0.25 / k))


def distance(blobs: Sequence[Blob], points: Array, within: float = np.inf) -> F32:
    """(N,) signed distance of points (N, 3) to a body, blobs joined in their order; in single precision.

    Where a blob is farther than `within` from a point it is left out there, which is much faster; the distance is then
    right where it is less than `within`, and a large constant beyond.
    """
    return _distance(blobs, rows(points), within)


def _distance(blobs: Sequence[Blob], points: F32, within: float) -> F32:
    total = np.full(points.shape[1], 1.0, np.float32)
    if not points.size:
        return total
    low, high = points.min(axis=1).tolist(), points.max(axis=1).tolist()
    for blob in blobs:
        if np.isinf(within):
            total = blend(total, blob.distance(points), blob.blend, blob.cut)
            continue
        near = blob.near(points, within) if blob.meets(low, high, within + blob.blend) else ()
        if len(near):
            total[near] = blend(total[near], blob.distance(points.take(near, axis=1)), blob.blend, blob.cut)
    return total


_PROBES = np.array([(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]) / np.sqrt(3)


def _probed(blobs: Sequence[Blob], points: F64, step: float) -> tuple[F64, F64]:
    """(N,) distances and (N, 3) unit outward directions from the corners of a tetrahedron about each point.

    The corners' mean is the distance to second order in `step`, their differences give the gradient (Quilez).
    """
    probes = np.ascontiguousarray(points.T)[:, None] + step * _PROBES.T[:, :, None]  # (3, 4, N)
    found = _distance(blobs, probes.reshape(3, -1).astype(np.float32), within=12 * step)
    a, b, c, d = found.reshape(4, -1).astype(np.float64)
    slope = np.stack([a + b - c - d, a - b + c - d, a - b - c + d], axis=1)
    slope /= np.linalg.norm(slope, axis=1, keepdims=True) + 1e-12
    return (a + b + c + d) / 4, slope


def gradient(blobs: Sequence[Blob], points: F64, step: float) -> F64:
    """(N, 3) unit outward directions at points (N, 3) near the surface, by differences over about `step`."""
    return _probed(blobs, points, step)[1]


def project(blobs: Sequence[Blob], points: F64, step: float, rounds: int = 3) -> F64:
    """Points (N, 3) near the surface moved onto it along the gradient."""
    for _ in range(rounds):
        gap, outward = _probed(blobs, points, step)
        points = points - np.clip(gap, -8 * step, 8 * step)[:, None] * outward
    return points


def _locks(points: F32, lock: float) -> F64:
    """(N,) in [0, 1]: ridges like locks of fur that lie back and down."""
    x, y, z = points.astype(np.float64) / lock
    local = np.stack([np.abs(x) / 0.5, (0.8 * y + 0.6 * z) / 0.9, (0.8 * z - 0.6 * y) / 0.5], axis=1)
    value = 1 - np.abs(2 * noise(local, 61) - 1)  # |x|: the same left and right
    return np.asarray(value * np.sqrt(value))
