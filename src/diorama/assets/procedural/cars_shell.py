"""A skin of triangles that is cut along curves: windows, lamps, panel gaps and wheel arches are drawn on a body so.

A figure is a field over the skin that is negative inside. Cutting splits every triangle that the figure's edge crosses,
so that the edge is sharp whatever the mesh; each triangle then has labels.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

COLUMNS = ("x", "y", "z", "nx", "ny", "nz", "s", "roof", "belt", "half", "hull")
"""What a vertex knows: place, unit normal, distance behind the nose, distance to the cabin's outline as seen at its
sides (negative below the roof), height of the belt line, half width of the body,
distance to the hull."""


class Columns:
    """Points of a skin (N, K), each column by its name."""

    def __init__(self, data: F64) -> None:
        self.data = data

    def __getattr__(self, name: str) -> F64:
        return np.asarray(self.data[:, COLUMNS.index(name)])


Figure = Callable[[Columns], F64]


class Shell:
    """V vertices with their columns (V, K), T triangles; two labels for each: the panel it moves with, its finish."""

    def __init__(self, data: F64, triangles: I64) -> None:
        self.data = data
        self.triangles = triangles
        self.panel = np.zeros(len(triangles), np.int64)
        self.finish = np.zeros(len(triangles), np.int64)

    @property
    def positions(self) -> F64:
        """(V, 3)."""
        return self.data[:, :3]

    def cut(self, figure: Figure, level: float = 0.0) -> Bools:
        """Split the triangles along figure = level; true for those inside (T,)."""
        values = figure(Columns(self.data)) - level
        corner = (values < 0)[self.triangles]
        mixed: Bools = np.asarray(corner.any(axis=1) & ~corner.all(axis=1))
        if mixed.any():
            values = self._split(figure, level, values, mixed)
        return np.asarray(values[self.triangles].sum(axis=1) < 0)

    def inside(self, figure: Figure, level: float = 0.0) -> Bools:
        """True for triangles inside a figure that has been cut (T,)."""
        values = figure(Columns(self.data)) - level
        return np.asarray(values[self.triangles].sum(axis=1) < 0)

    def _split(self, figure: Figure, level: float, values: F64, mixed: Bools) -> F64:
        whole = self.triangles[mixed]
        side = values[whole] < 0
        lone = np.where(side.sum(axis=1) == 1, side.argmax(axis=1), (~side).argmax(axis=1))
        rows = np.arange(len(whole))
        a, b, c = (whole[rows, (lone + k) % 3] for k in range(3))
        count = len(self.data)
        ends = np.concatenate([np.stack([a, b], 1), np.stack([a, c], 1)])
        unique, where = np.unique(ends.min(axis=1) * count + ends.max(axis=1), return_inverse=True)
        p, q = where[: len(whole)] + count, where[len(whole) :] + count
        one, two = self.data[unique // count], self.data[unique % count]
        f0, f1 = values[unique // count], values[unique % count]
        t0, t1 = np.zeros_like(f0), np.ones_like(f0)
        t = f0 / (f0 - f1)
        for _ in range(3):  # figures are not linear along an edge
            here = figure(Columns(one + t[:, None] * (two - one))) - level
            same = (here < 0) == (f0 < 0)
            t0, f0 = np.where(same, t, t0), np.where(same, here, f0)
            t1, f1 = np.where(same, t1, t), np.where(same, f1, here)
            t = t0 + (t1 - t0) * np.clip(f0 / np.where(f0 == f1, 1, f0 - f1), 0.05, 0.95)
        new = one + np.clip(t, 0.03, 0.97)[:, None] * (two - one)
        new[:, 3:6] /= np.linalg.norm(new[:, 3:6], axis=1, keepdims=True)
        self.data = np.concatenate([self.data, new])
        pieces = np.concatenate([np.stack([a, p, q], 1), np.stack([p, b, c], 1), np.stack([p, c, q], 1)])
        self.triangles = np.concatenate([self.triangles[~mixed], pieces])
        self.panel = np.concatenate([self.panel[~mixed], np.tile(self.panel[mixed], 3)])
        self.finish = np.concatenate([self.finish[~mixed], np.tile(self.finish[mixed], 3)])
        return np.concatenate([values, np.zeros(len(new))])

    def drop(self, chosen: Bools) -> None:
        """Remove triangles; vertices stay."""
        kept = ~chosen
        self.triangles, self.panel, self.finish = self.triangles[kept], self.panel[kept], self.finish[kept]


def border(triangles: I64, chosen: Bools) -> I64:
    """(E, 2) directed edges between the chosen triangles and others, as the chosen ones run; open edges are none."""
    count = int(triangles.max()) + 1
    corners = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1)  # (T, 3, 2)
    key = corners[..., 0] * count + corners[..., 1]
    back = corners[..., 1] * count + corners[..., 0]
    shared = np.isin(back[chosen], key[~chosen])
    return np.asarray(corners[chosen][shared])
