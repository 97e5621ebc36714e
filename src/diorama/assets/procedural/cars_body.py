"""The skin of a car as an implicit surface: a hull and a cabin, each carved from its side view, plan and cross-section.

A car is drawn as engineers draw one. The side view gives two closed outlines, of the hull (bumpers, bonnet, belt line,
boot) and of the cabin (windscreen, roof, rear screen); the plan gives the half width along the car; the cross-section
gives how the sides lean and where they are creased. Each is a signed distance; their smooth intersections and union
(Quilez 2013, "smooth minimum") are the body, without seams, whose level set is polygonized and whose gradient gives the
normals. Positions are in the subject frame, metres; `s` is the distance behind the nose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets import portable
from diorama.assets.procedural.cars_outline import Table, fillet, smooth_max, smooth_min
from diorama.assets.procedural.cars_shell import Shell
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.polygonize import compact, surface_nets

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sides:
    """What a body's field needs at points (s, y) of the side view, before x is known."""

    hull: F64
    hull_bow: F64  # how far the surface draws back at full width
    half: F64  # half width of the hull
    cabin: F64
    cabin_bow: F64
    cabin_half: F64
    fenders: F64


class Body:
    """The field of a car's body: negative inside, in metres near the surface."""

    def __init__(self, car: Car) -> None:
        self.car = car
        outline = fillet(car.hull, car.round)
        cabin = fillet(
            [*car.cabin, (car.cabin[-1][0], car.cabin[-1][1] - 0.2), (car.cabin[0][0], car.cabin[0][1] - 0.2)],
            car.cabin_round,
        )
        # Rounded corners fall short of the outlines' extremes: stretch them to the measures.
        low, high = outline[:, 0].min(), outline[:, 0].max()
        outline[:, 0] = (outline[:, 0] - low) * car.length / (high - low)
        cabin[:, 0] = (cabin[:, 0] - low) * car.length / (high - low)
        top = max(cabin[:, 1].max(), outline[:, 1].max() if car.open else 0.0)
        base = car.belt[0] - 0.1
        lift = np.where(cabin[:, 1] > base, (cabin[:, 1] - base) / (top - base), 0.0)
        self.top = car.screen if car.open else car.height
        cabin[:, 1] += lift * (self.top - top)
        self.cabin_outline, self.hull_outline = cabin, outline
        self._hull = Table(outline, car.length, car.height)
        self._cabin = Table(cabin, car.length, car.height)
        h = np.linspace(-0.3, 1.6, 191)
        lean = np.interp(h, [p[0] for p in car.section], [p[1] for p in car.section])
        last, before = car.section[-1], car.section[-2]
        lean = np.where(h > last[0], last[1] + (h - last[0]) * (last[1] - before[1]) / (last[0] - before[0]), lean)
        kernel = portable.exp(-0.5 * (np.arange(-8, 9) / (100 * car.crease)) ** 2)
        padded = np.pad(lean, 8, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel))
        self._section = (h, (windows * (kernel / kernel.sum())).sum(axis=1))

    def belt(self, s: F64 | float) -> F64:
        """Height of the belt line, the lower edge of the side windows."""
        car = self.car
        t = (np.asarray(s) - car.cabin[0][0]) / (car.cabin[-1][0] - car.cabin[0][0])
        return np.asarray(car.belt[0] + (car.belt[1] - car.belt[0]) * np.clip(t, -0.2, 1.2))

    def hull_half(self, s: F64, y: F64) -> F64:
        """Half width of the hull at points of the side view."""
        car = self.car
        nose = np.clip(1 - s / car.nose_reach, 0, 1)
        tail = np.clip(1 - (car.length - s) / car.tail_reach, 0, 1)
        plan = car.width / 2 - car.nose_taper * nose**2 - car.tail_taper * tail**2
        h = (y - car.clearance) / (self.belt(s) - car.clearance)
        half = plan + np.interp(h, *self._section) - car.pinch * (car.fender > 0)
        for axle in (car.front, car.front + car.wheelbase):
            d = portable.hypot(s - axle, y - car.wheel / 2)
            swell = np.clip(1 - np.abs(d - car.arch) / car.flare_reach, 0, 1)
            half = half + car.flare * swell * swell * (3 - 2 * swell)
        return np.asarray(np.minimum(half, car.width / 2) if not car.fender else half)

    def cabin_half(self, s: F64, y: F64) -> F64:
        """Half width of the cabin at points of the side view."""
        car = self.car
        first, last = car.cabin[0][0], car.cabin[-1][0]
        t = np.clip((s - first) / (last - first), 0, 1)
        front, rear = np.clip(0.35 - t, 0, 1) / 0.35, np.clip(t - 0.55, 0, 1) / 0.45
        up = np.maximum(y - self.belt(s), 0)  # below the belt it must not come out of the hull
        base = car.width / 2 - car.shoulder - car.pinch * (car.fender > 0)
        taper = car.cabin_taper[0] * front**2 + car.cabin_taper[1] * rear**2
        return np.asarray(base - taper - portable.tan(np.radians(car.tumblehome)) * up - car.barrel * up * up)

    def sides(self, s: F64, y: F64) -> Sides:
        """The side view at points."""
        car = self.car
        hull, hs, hy = self._hull(s, y)
        cabin, cs, cy = self._cabin(s, y)
        forward, back, up = np.clip(-hs, 0, 1) ** 2, np.clip(hs, 0, 1) ** 2, np.clip(hy, 0, 1) ** 2
        hull_bow = car.bow[0] * forward + car.bow[1] * back + car.crown * up
        forward, back, up = np.clip(-cs, 0, 1) ** 2, np.clip(cs, 0, 1) ** 2, np.clip(cy, 0, 1) ** 2
        cabin_bow = car.screen_bow[0] * forward + car.screen_bow[1] * back + car.roof_crown * up
        fenders = np.full(np.shape(hull), np.inf)
        if car.fender:
            for axle, stretch in ((car.front, 1.15), (car.front + car.wheelbase, 1.2)):
                d = portable.hypot((s - axle) / stretch, y - car.wheel / 2) - car.fender
                fenders = np.minimum(fenders, smooth_max(d, car.clearance - y, 0.05))
        return Sides(hull, hull_bow, self.hull_half(s, y), cabin, cabin_bow, self.cabin_half(s, y), fenders)

    def hull_at(self, s: F64, y: F64) -> F64:
        """The hull's distance in the side view."""
        return self._hull(s, y)[0]

    def combine(self, x: F64, sides: Sides) -> F64:
        """The field at half-width coordinates x ≥ 0 over points of the side view."""
        car = self.car
        across = (2 * x / car.width) ** 2
        hull = self._hull_field(x, sides)
        cabin = smooth_max(sides.cabin + sides.cabin_bow * across, x - sides.cabin_half, car.roof_edge)
        body = hull if car.open else smooth_min(hull, cabin, car.fillet)
        if car.fender:
            slab = np.maximum(x - car.width / 2, 0.42 * car.width / 2 - x)
            body = smooth_min(body, smooth_max(sides.fenders, slab, 0.22), 0.10)
        return body

    def _hull_field(self, x: F64, sides: Sides) -> F64:
        bow = sides.hull_bow * portable.power(2 * x / self.car.width, 2.8)
        return smooth_max(sides.hull + bow, x - sides.half, self.car.edge)

    def __call__(self, positions: F64) -> F64:
        """The field at (N, 3) points."""
        sides = self.sides(self.car.length / 2 - positions[:, 2], positions[:, 1])
        return self.combine(np.abs(positions[:, 0]), sides)

    def gradient(self, positions: F64, step: float = 0.012) -> F64:
        """(N, 3) the field's gradient, from four samples on a tetrahedron."""
        corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], float)
        total = np.zeros_like(positions)
        for corner in corners:
            total += self(positions + step * corner)[:, None] * corner
        return total / (4 * step)

    def project(self, positions: F64, steps: int = 1) -> F64:
        """Points (N, 3) moved along the gradient onto the surface; those on the middle plane stay on it."""
        moved = positions.copy()
        middle = np.abs(positions[:, 0]) < 1e-9
        for _ in range(steps):
            slope = self.gradient(moved)
            moved -= slope * (self(moved) / (np.einsum("ij,ij->i", slope, slope) + 1e-9))[:, None]
            moved[middle, 0] = 0
        return moved

    def normals(self, positions: F64) -> F64:
        """(N, 3) unit normals."""
        slope = self.gradient(positions)
        slope[np.abs(positions[:, 0]) < 1e-9, 0] = 0
        return np.asarray(slope / (np.linalg.norm(slope, axis=1, keepdims=True) + 1e-12))

    def side(self, s: ArrayLike, y: ArrayLike) -> F64:
        """x of the surface, seen from the left, at points of the side view."""
        return self._first(np.linspace(self.car.width / 2 + 0.05, 0, 80), 0, y, self.car.length / 2 - np.asarray(s))

    def front(self, x: ArrayLike, y: ArrayLike, back: bool = False) -> F64:
        """z of the surface, seen from the front or the back, at points (x, y)."""
        z = np.linspace(self.car.length / 2 + 0.05, 0, 160)
        return self._first(-z if back else z, 2, x, y)

    def above(self, x: ArrayLike, s: ArrayLike) -> F64:
        """y of the surface, seen from above, at points (x, s)."""
        return self._first(np.linspace(self.car.height + 0.05, 0, 100), 1, x, self.car.length / 2 - np.asarray(s))

    def _first(self, along: F64, axis: int, one: ArrayLike, two: ArrayLike) -> F64:
        """Where the field first turns negative along an axis, at the other two coordinates; else where it is least."""
        one, two = np.broadcast_arrays(np.asarray(one, float), np.asarray(two, float))
        shape = (*one.shape, len(along))
        others = [np.broadcast_to(v[..., None], shape) for v in (one, two)]
        others.insert(axis, np.broadcast_to(along, shape))
        field = self(np.stack(others, axis=-1).reshape(-1, 3)).reshape(-1, len(along))
        k = np.maximum((field < 0).argmax(axis=1), 1)
        rows = np.arange(len(field))
        t = field[rows, k - 1] / (field[rows, k - 1] - field[rows, k])
        found = along[k - 1] + t * (along[k] - along[k - 1])
        found = np.where((field < 0).any(axis=1), found, along[field.argmin(axis=1)])
        return np.asarray(found.reshape(one.shape))

    def shell(self) -> Shell:
        """The left half (x ≥ 0) of the skin, finer at both ends."""
        end = self.car.length / 2 - 0.35
        positions, triangles = self._polygonized(0.0, (0.045, 0.036, 0.05), [(-9, -end, 0.032), (end, 9, 0.032)])
        positions = self.project(positions)
        return Shell(self.columns(positions, self.normals(positions)), triangles)

    def lining(self, depth: float) -> tuple[F64, I64]:
        """The left half of a coarse surface that deep inside, facing inwards: vertices and triangles."""
        positions, triangles = self._polygonized(depth, (0.11, 0.11, 0.16), [])
        return positions, triangles[:, ::-1]

    def _polygonized(
        self, depth: float, steps: tuple[float, float, float], fine: list[tuple[float, float, float]]
    ) -> tuple[F64, I64]:
        car = self.car
        dx, dy, dz = steps
        z = _axis(-car.length / 2 - 0.08, car.length / 2 + 0.08, dz, fine)
        y = _axis(car.clearance - 0.08, car.height + 0.08, dy, [])
        x = (np.arange(int((car.width / 2 + 0.08) / dx) + 3) - 1.5) * dx
        sides = self.sides(*np.broadcast_arrays(car.length / 2 - z[None, :], y[:, None]))
        grid = self.combine(np.abs(x)[:, None, None], Sides(*(v[None] for v in vars(sides).values()))) + depth
        positions, triangles = surface_nets(grid.astype(np.float32), (x, y, z))
        triangles = triangles[(positions[triangles][..., 0] > -1e-6).all(axis=1)]
        kept, triangles = compact(triangles, len(positions))
        positions = positions[kept]
        positions[np.abs(positions[:, 0]) < 1e-6, 0] = 0
        return positions, triangles.astype(np.int64)

    def columns(self, positions: F64, normals: F64) -> F64:
        """(N, K) what the shell's vertices know, see `COLUMNS`."""
        s, y = self.car.length / 2 - positions[:, 2], positions[:, 1]
        sides, belt = self.sides(s, y), self.belt(s)
        across = 2 * sides.cabin_half / self.car.width
        roof = sides.cabin + sides.cabin_bow * across**2
        share = np.clip((belt + 0.06 - y) / 0.08, 0, 1)
        half = sides.cabin_half + (sides.half - sides.cabin_half) * share
        x = np.abs(positions[:, 0])
        hull = self._hull_field(x, sides)
        return np.column_stack([positions, normals, s, roof, belt, half, hull])


def _axis(low: float, high: float, step: float, fine: Sequence[tuple[float, float, float]]) -> F64:
    """Samples from low to high, closer together in the intervals (from, to, step)."""
    values = [low]
    while values[-1] < high:
        here = min([step, *(f for a, b, f in fine if a <= values[-1] <= b)])
        values.append(values[-1] + here)
    return np.array(values)
