"""Solids as signed distance fields: ellipsoids, tapered limbs and lofted trunks.

Distances are metres, negative inside, and approximate away from the surface (first order, Quilez 2008,
https://iquilezles.org/articles/distfunctions). Points are (3, N) float32 in model space: with a row for each axis every
step is one sweep over memory. Only sums and products in a fixed order make up a distance, so that it is the same on
every machine.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

MIRROR = np.array([-1.0, 1.0, 1.0])

_RUN = 8192  # points of a loft that are looked at together: its many rows of numbers then stay in the processor's cache


class Shape(Protocol):
    """A solid with a signed distance and a bounding box."""

    def distance(self, points: F32) -> F32:
        """(N,) signed distance of points (3, N)."""
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

    @cached_property
    def _round(self) -> float:
        """The radius of a sphere; 0 for what is none."""
        return float(self.radii[0]) if (self.radii == self.radii[0]).all() else 0.0

    @cached_property
    def _columns(self) -> tuple[F32, F32, F32 | None]:
        """Centre (3, 1), 1 / radii (3, 1), and axes (3, 3, 1) as rows unless they are those of the model."""
        turned = bool(np.abs(self.rotation - np.diag(np.diag(self.rotation))).any())
        return column(self.centre), column(1 / self.radii), column(self.rotation.T) if turned else None

    def distance(self, points: F32) -> F32:
        """(N,) signed distance, first order."""
        centre, shrink, axes = self._columns
        local = points - centre
        if self._round:
            return np.asarray(_length(local) - np.float32(self._round))
        if axes is not None:
            local = np.add.reduce(axes * local, axis=1)
        local *= shrink
        k0 = _length(local)
        local *= shrink
        k0 += np.float32(1e-9)
        return np.asarray(k0 * (k0 - 1) / (_length(local) + np.float32(1e-9)))

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

    @cached_property
    def _columns(self) -> tuple[F32, F32, F32, F32]:
        """Start, way to the end, this over its squared length, and the flat axis, each (3, 1)."""
        axis = np.asarray(self.end - self.start, np.float64)
        per = axis / ((axis * axis).sum() + 1e-12)
        return column(self.start), column(axis), column(per), column(self.flat_axis)

    def distance(self, points: F32) -> F32:
        """(N,) signed distance, first order where the limb tapers or is flattened."""
        start, axis, per, flat = self._columns
        offset = points - start
        t = np.minimum(np.maximum(np.add.reduce(offset * per, axis=0), np.float32(0)), np.float32(1))
        offset -= t * axis
        if self.flatness != 1.0:
            offset += np.add.reduce(offset * flat, axis=0) * (flat * np.float32(1 / self.flatness - 1))
        gap = _length(offset) - np.float32(self.start_radius)
        gap -= t * np.float32(self.end_radius - self.start_radius)
        gap *= np.float32(min(1, self.flatness))
        return np.asarray(gap)

    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner."""
        reach = max(1.0, self.flatness)
        a, b = self.start_radius * reach, self.end_radius * reach
        return np.minimum(self.start - a, self.end - b), np.maximum(self.start + a, self.end + b)


@dataclass(frozen=True, eq=False)
class Loft:
    """Elliptical sections along a straight line: `stations` rows are (s, middle, half height, half width, egg).

    `s` runs along `axis` from `origin`, `middle` and height along `up`, width across both. `egg` widens a section's
    upper half and narrows its lower half by that share (a ribcage has a negative one at the sternum's end). Sections
    are superellipses of a power from 2 to 4: nearly, for it is a mean of the norms of 2 and 4, which need no powers.
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
    def _columns(self) -> tuple[F32, F32]:
        """Origin (3, 1), and axes along, up and across as rows (3, 3, 1)."""
        return column(self.origin), column(np.stack([self.axis, self.up, np.cross(self.up, self.axis)]))

    @cached_property
    def _rows(self) -> tuple[F32, F32]:
        """Middle, half height, half width and egg of each row but the last (4, R); what the next row adds to them."""
        table = np.ascontiguousarray(self._table[:, 1:].T, np.float32)
        return np.ascontiguousarray(table[:, :-1]), np.diff(table, axis=1)

    def distance(self, points: F32) -> F32:
        """(N,) signed distance, first order."""
        if points.shape[1] > 2 * _RUN:
            parts = np.array_split(points, points.shape[1] // _RUN, axis=1)
            return np.concatenate([self.distance(part) for part in parts])
        origin, axes = self._columns
        s, u, x = np.add.reduce(axes * (points - origin), axis=1)
        first, last = np.float32(self._table[0, 0]), np.float32(self._table[-1, 0])
        inner = np.minimum(np.maximum(s, first), last)
        rows, steps = self._rows
        share = (inner - first) * np.float32(rows.shape[1] / (last - first))
        row = np.minimum(share.astype(np.int32), rows.shape[1] - 1)
        share -= row.astype(np.float32)
        middle, half, wide, egg = rows.take(row, axis=1) + steps.take(row, axis=1) * share
        least = np.minimum(half, wide)
        u = (u - middle) / half
        x = x / (wide * (1 + egg * np.clip(u, -1, 1)))
        s = (s - inner) / least
        x, u, s = x * x, u * u, s * s
        k = np.sqrt(x + u + s)
        if self.power != 2.0:
            root = 2 ** (1 / self.power)  # how far out the p-norm sees (1, 1)
            k -= np.float32((2**0.5 - root) / (2**0.5 - 2**0.25)) * (k - np.sqrt(np.sqrt(x * x + u * u + s * s)))
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


def column(numbers: Array) -> F32:
    """The numbers with an axis for points at the end."""
    return np.asarray(numbers, np.float32)[..., None]


def _length(vectors: F32) -> F32:
    """(N,) lengths of (3, N)."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, axis=0)))


def rows(points: Array) -> F32:
    """Points (N, 3) as shapes take them, (3, N)."""
    return np.ascontiguousarray(points.T, np.float32)


def smooth_table(rows: Array, steps: int = 12) -> Array:
    """Rows (n, c), increasing in column 0, refined by a Catmull-Rom spline to (steps · (n - 1) + 1, c)."""
    x = rows[:, 0]
    slope = np.gradient(rows, x, axis=0)
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    gap = np.diff(x)[:, None, None]
    a, b, m, n = rows[:-1, None], rows[1:, None], slope[:-1, None] * gap, slope[1:, None] * gap
    s, q = t * t, t * t * t
    cubic = (2 * q - 3 * s + 1) * a + (q - 2 * s + t) * m + (3 * s - 2 * q) * b + (q - s) * n
    return np.concatenate([cubic.reshape(-1, rows.shape[1]), rows[-1:]])
