"""Outlines in the plane: round corners, signed distances, and the smooth joining of distances."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F64 = NDArray[np.float64]

STEP = 0.03
"""Spacing of the tables of distances, metres."""


def smooth_max(a: F64, b: F64, k: float) -> F64:
    """The larger of two distances, the edge where they meet rounded over about k metres."""
    h = np.maximum(k - np.abs(a - b), 0.0)
    return np.asarray(np.maximum(a, b) + h * h / (4 * k))


def smooth_min(a: F64, b: F64, k: float) -> F64:
    """The smaller of two distances, the groove where they meet filled over about k metres."""
    return np.asarray(-smooth_max(-a, -b, k))


def fillet(corners: Sequence[Sequence[float]], radius: float, steps: int = 5) -> F64:
    """(N, 2) a closed outline whose corners (x, y[, radius]) are rounded by parabolas."""
    points = np.array([c[:2] for c in corners], float)
    radii = np.array([c[2] if len(c) > 2 else radius for c in corners])
    before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
    t = np.linspace(0, 1, steps)[:, None]
    out = []
    for p, a, b, r in zip(points, before, after, radii, strict=True):
        la, lb = float(portable.hypot(*a)), float(portable.hypot(*b))
        start, end = p + a * min(r / la, 0.5), p + b * min(r / lb, 0.5)
        out.append((1 - t) ** 2 * start + 2 * t * (1 - t) * p + t**2 * end)
    return np.concatenate(out)


def polygon_distance(outline: F64, x: F64, y: F64) -> F64:
    """Signed distance of points to a closed outline (N, 2), negative inside (Quilez 2019)."""
    best = np.full(np.broadcast(x, y).shape, np.inf)
    inside = np.zeros(best.shape, bool)
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        square = ex * ex + ey * ey
        if square < 1e-12:
            continue
        wx, wy = x - ax, y - ay
        t = np.clip((wx * ex + wy * ey) / square, 0, 1)
        best = np.minimum(best, (wx - t * ex) ** 2 + (wy - t * ey) ** 2)
        if ey:
            inside ^= ((ay > y) != (by > y)) & (wx < wy * ex / ey)
    return np.asarray(np.where(inside, -1.0, 1.0) * np.sqrt(best))


class Table:
    """A function of (s, y) kept on a grid and read by quadratic B-splines: smooth, with its gradient."""

    def __init__(self, outline: F64, length: float, height: float) -> None:
        margin = 0.3
        self.origin = np.array([-margin, -margin])
        s = np.arange(-margin, length + margin + STEP, STEP)
        y = np.arange(-margin, height + margin + STEP, STEP)
        self.values = polygon_distance(outline, s[:, None], y[None, :])

    def __call__(self, s: F64, y: F64) -> tuple[F64, F64, F64]:
        """Values and derivatives along s and y at points of one shape."""
        n, m = self.values.shape
        a = np.clip((s - self.origin[0]) / STEP, 1, n - 2.001)
        b = np.clip((y - self.origin[1]) / STEP, 1, m - 2.001)
        i, j = np.rint(a).astype(np.int64), np.rint(b).astype(np.int64)
        wa, da = _spline(a - i)
        wb, db = _spline(b - j)
        value, ds, dy = (np.zeros(np.shape(a)) for _ in range(3))
        flat = self.values.reshape(-1)
        for p in range(3):
            row = (i + (p - 1)) * m + j
            for q in range(3):
                v = flat[row + (q - 1)]
                value += wa[p] * wb[q] * v
                ds += da[p] * wb[q] * v
                dy += wa[p] * db[q] * v
        return value, ds / STEP, dy / STEP


def _spline(t: F64) -> tuple[tuple[F64, F64, F64], tuple[F64, F64, F64]]:
    """Weights of three neighbours, and their slopes, at t in [-½, ½] from the middle one."""
    weights = (0.5 * (0.5 - t) ** 2, 0.75 - t * t, 0.5 * (0.5 + t) ** 2)
    return weights, (t - 0.5, -2 * t, t + 0.5)
