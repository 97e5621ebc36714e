"""Bodies as signed distance fields: smooth unions of ellipsoids, tapered limbs and lofted trunks.

Distances are metres, negative inside, and approximate away from the surface (first order, Quilez 2008,
https://iquilezles.org/articles/distfunctions). Points are (N, 3) arrays in model space.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.lattice import noise

Array = NDArray[np.floating]
F64 = NDArray[np.float64]
Weights = dict[str, float]

MIRROR = np.array([-1.0, 1.0, 1.0])


class Shape(Protocol):
    """A solid with a signed distance and a bounding box."""

    def distance(self, points: Array) -> Array:
        """(N,) signed distance of points (N, 3)."""
        ...

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner, each (3,)."""
        ...


@dataclass(frozen=True, eq=False)
class Ellipsoid:
    """An ellipsoid with semi-axes `radii` along the columns of `rotation`."""

    centre: Array
    radii: Array
    rotation: Array = field(default_factory=lambda: np.eye(3))

    def distance(self, points: Array) -> Array:
        """(N,) signed distance, first order."""
        # Not by BLAS, whose threads cost more than these small products.
        frame = (self.rotation / self.radii).astype(points.dtype)
        local = np.einsum("ni,ij->nj", points - self.centre.astype(points.dtype), frame)
        k0 = np.sqrt(np.einsum("ni,ni->n", local, local)) + 1e-9
        local /= self.radii.astype(points.dtype)
        k1 = np.sqrt(np.einsum("ni,ni->n", local, local)) + 1e-9
        return np.asarray(k0 * (k0 - 1) / k1)

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner."""
        reach = np.sqrt(((self.rotation * self.radii) ** 2).sum(axis=1))
        return self.centre - reach, self.centre + reach


@dataclass(frozen=True, eq=False)
class Limb:
    """A capsule from `start` to `end` whose radius changes evenly, flattened along `flat_axis` by `flatness`."""

    start: Array
    end: Array
    start_radius: float
    end_radius: float
    flat_axis: Array = field(default_factory=lambda: np.array([1.0, 0.0, 0.0]))
    flatness: float = 1.0

    def distance(self, points: Array) -> Array:
        """(N,) signed distance, first order where the limb tapers or is flattened."""
        kind = points.dtype
        axis = self.end - self.start
        offset = points - self.start.astype(kind)
        t = np.clip(_dot(offset, axis / (axis @ axis + 1e-12)), 0, 1)
        offset = offset - t[:, None] * axis.astype(kind)
        if self.flatness != 1.0:
            along = _dot(offset, self.flat_axis)
            offset = offset + (along * kind.type(1 / self.flatness - 1))[:, None] * self.flat_axis.astype(kind)
        radius = kind.type(self.start_radius) + t * kind.type(self.end_radius - self.start_radius)
        return np.asarray((np.sqrt(np.einsum("ni,ni->n", offset, offset)) - radius) * kind.type(min(1, self.flatness)))

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner."""
        reach = max(1.0, self.flatness)
        a, b = self.start_radius * reach, self.end_radius * reach
        return np.minimum(self.start - a, self.end - b), np.maximum(self.start + a, self.end + b)


@dataclass(frozen=True, eq=False)
class Loft:
    """Elliptical sections along a straight line: `stations` rows are (s, middle, half height, half width, egg).

    `s` runs along `axis` from `origin`, `middle` and height along `up`, width across both. `egg` widens a section's
    upper half and narrows its lower half by that share (a ribcage has a negative one at the sternum's end).
    """

    origin: Array
    axis: Array
    up: Array
    stations: Array
    power: float = 2.0

    @cached_property
    def _table(self) -> F64:
        """Rows at even places along the axis, so that a place tells its row."""
        fine = smooth_table(self.stations)
        s = np.linspace(fine[0, 0], fine[-1, 0], 12 * len(self.stations))
        return np.stack([s, *(np.interp(s, fine[:, 0], fine[:, i]) for i in range(1, 5))], axis=1)

    @cached_property
    def _frame(self) -> F64:
        return np.stack([self.axis, self.up, np.cross(self.up, self.axis)], axis=1)

    def distance(self, points: Array) -> Array:
        """(N,) signed distance, first order."""
        kind = points.dtype
        s, u, x = np.einsum("ni,ij->jn", points - self.origin.astype(kind), self._frame.astype(kind))
        table = self._table
        inner = np.clip(s, kind.type(table[0, 0]), kind.type(table[-1, 0]))
        at = (inner - kind.type(table[0, 0])) * kind.type((len(table) - 1) / (table[-1, 0] - table[0, 0]))
        row = np.minimum(at.astype(np.int32), len(table) - 2)
        share = at - row.astype(kind)
        columns = table[:, 1:5].astype(kind)
        middle, half, wide, egg = (columns[row] + np.diff(columns, axis=0)[row] * share[:, None]).T
        least = np.minimum(half, wide)
        u = (u - middle) / half
        x = x / (wide * (1 + egg * np.clip(u, -1, 1)))
        s = (s - inner) / least
        p = self.power
        if p == 2.0:
            k = np.sqrt(x * x + u * u + s * s)
        else:
            k = (np.abs(x) ** p + np.abs(u) ** p + np.abs(s) ** p) ** (1 / p)
        return np.asarray((k - 1) * least)

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner."""
        table = self._table
        reach = 1.3 * np.maximum(table[:, 2], table[:, 3])
        line = self.origin + table[:, :1] * self.axis + table[:, 1:2] * self.up
        return (line - reach[:, None]).min(axis=0), (line + reach[:, None]).max(axis=0)


def mirrored(shape: Shape) -> Shape:
    """An ellipsoid or a limb on the other side of the plane x = 0."""
    if isinstance(shape, Ellipsoid):
        return Ellipsoid(MIRROR * shape.centre, shape.radii, MIRROR[:, None] * shape.rotation)
    assert isinstance(shape, Limb)
    flat = MIRROR * shape.flat_axis
    return Limb(MIRROR * shape.start, MIRROR * shape.end, shape.start_radius, shape.end_radius, flat, shape.flatness)


def _dot(points: Array, direction: Array) -> Array:
    return np.asarray(np.einsum("ni,i->n", points, direction.astype(points.dtype)))


def smooth_table(rows: Array, steps: int = 12) -> Array:
    """Rows (n, c), increasing in column 0, refined by a Catmull-Rom spline to (steps · (n - 1) + 1, c)."""
    x = rows[:, 0]
    slope = np.gradient(rows, x, axis=0)
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    gap = np.diff(x)[:, None, None]
    a, b, m, n = rows[:-1, None], rows[1:, None], slope[:-1, None] * gap, slope[1:, None] * gap
    cubic = (2 * t**3 - 3 * t**2 + 1) * a + (t**3 - 2 * t**2 + t) * m + (3 * t**2 - 2 * t**3) * b + (t**3 - t**2) * n
    return np.concatenate([cubic.reshape(-1, rows.shape[1]), rows[-1:]])


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

    def distance(self, points: Array) -> Array:
        """(N,) signed distance of points (N, 3), locks included."""
        plain = self.shape.distance(points)
        if not self.tousle:
            return plain
        near = np.flatnonzero(np.abs(plain) < 3 * self.tousle)
        plain[near] -= self.tousle * (2 * _locks(points[near], self.lock) - 0.8).astype(plain.dtype)
        return plain

    @cached_property
    def _bounds(self) -> tuple[Array, Array]:
        lo, hi = self.shape.bounds()
        return lo - 1.3 * self.tousle, hi + 1.3 * self.tousle

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner, locks included."""
        return self._bounds

    def near(self, points: Array, within: Array | float) -> NDArray[np.int64]:
        """Indices of the points (N, 3) in the bounds enlarged by `within` (N,) metres and the blend."""
        lo, hi = self._bounds
        pad = within + self.blend
        inside = np.ones(len(points), bool)
        for i in range(3):
            inside &= points[:, i] > lo[i] - pad
            inside &= points[:, i] < hi[i] + pad
        return np.flatnonzero(inside)

    def joint_weights(self, points: Array) -> dict[str, Array]:
        """Weights (N,) by joint name, summing to 1."""
        if len(self.joints) == 1:
            return {self.joints[0][0]: np.ones(len(points))}
        names, places = zip(*sorted(self.joints, key=lambda pair: pair[1]), strict=True)
        s = _dot(points, self.along)
        return {name: np.interp(s, places, row) for name, row in zip(names, np.eye(len(names)), strict=True)}


def blend(a: Array, b: Array, k: float, cut: bool = False) -> Array:
    """Union of distances a and b (or a without b) with a fillet of width k (quadratic, Quilez)."""
    if cut:
        return -blend(-a, b, k)
    if k <= 0:
        return np.minimum(a, b)
    h = np.maximum(k - np.abs(a - b), 0)
    return np.asarray(np.minimum(a, b) - h * h * a.dtype.type(0.25 / k))


def distance(blobs: Sequence[Blob], points: Array, within: float = np.inf) -> Array:
    """(N,) signed distance of points (N, 3) to a body, blobs joined in their order.

    Where a blob is farther than `within` from a point it is left out there, which is much faster; the distance is then
    right where it is less than `within`, and a large constant beyond.
    """
    total = np.full(len(points), 1.0, points.dtype)
    if not len(points):
        return total
    low, high = points.min(axis=0), points.max(axis=0)
    for blob in blobs:
        if np.isinf(within):
            total = blend(total, blob.distance(points), blob.blend, blob.cut)
            continue
        lo, hi = blob.bounds()
        pad = within + blob.blend
        if (lo - pad > high).any() or (hi + pad < low).any():
            continue
        near = blob.near(points, within)
        if len(near):
            total[near] = blend(total[near], blob.distance(points[near]), blob.blend, blob.cut)
    return total


_PROBES = np.array([(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]) / np.sqrt(3)


def _probed(blobs: Sequence[Blob], points: F64, step: float) -> tuple[F64, F64]:
    """(N,) distances and (N, 3) unit outward directions from the corners of a tetrahedron about each point.

    The corners' mean is the distance to second order in `step`, their differences give the gradient (Quilez).
    """
    probes = (points[None] + step * _PROBES[:, None]).astype(np.float32)  # exact enough, and half the time
    values = distance(blobs, probes.reshape(-1, 3), within=12 * step).reshape(4, -1).astype(np.float64)
    slope = np.einsum("kn,ki->ni", values, _PROBES)
    slope /= np.linalg.norm(slope, axis=1, keepdims=True) + 1e-12
    return values.mean(axis=0), slope


def gradient(blobs: Sequence[Blob], points: F64, step: float) -> F64:
    """(N, 3) unit outward directions at points (N, 3) near the surface, by differences over about `step`."""
    return _probed(blobs, points, step)[1]


def project(blobs: Sequence[Blob], points: F64, step: float, rounds: int = 3) -> F64:
    """Points (N, 3) near the surface moved onto it along the gradient."""
    for _ in range(rounds):
        gap, outward = _probed(blobs, points, step)
        points = points - np.clip(gap, -8 * step, 8 * step)[:, None] * outward
    return points


def _locks(points: Array, lock: float) -> Array:
    """(N,) in [0, 1]: ridges like locks of fur that lie back and down."""
    lie = np.array([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6], [0.0, 0.6, 0.8]])
    local = np.einsum("ni,ij->nj", points.astype(np.float64), lie) / (lock * np.array([0.5, 0.9, 0.5]))
    local[:, 0] = np.abs(local[:, 0])  # the same left and right
    value = 1 - np.abs(2 * noise(local, 61) - 1)
    return np.asarray(value**1.5)
