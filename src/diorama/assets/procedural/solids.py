"""Solids of hard-surface models: tubes, lathed and lofted shapes, boxes and wires, each made of one thing.

A solid is triangles alone, counter-clockwise seen from outside; `rigid.py` joins solids to meshes and gives them their
normals, which are smooth up to the solid's crease angle. Lengths are metres and angles degrees. Coarser levels of
detail are built anew with fewer segments, since simplification would eat thin parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets import portable
from diorama.assets.subject import Material

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Finish:
    """What a solid is made of, and how much of its colour is the coat's."""

    material: Material
    color: Rgb = (1.0, 1.0, 1.0)  # linear, multiplies the material's base colour
    coat: float = 0.0  # 1: coloured by the coat alone
    second: bool = False  # coloured by the coat's second colour, where it has one


@dataclass(frozen=True, eq=False)
class Solid:
    """V vertices and T triangles that move with one joint."""

    positions: F64  # (V, 3)
    triangles: I64  # (T, 3)
    crease: float  # faces that meet at a smaller angle are shaded as one smooth surface
    finish: Finish | None = None
    joint: str = "root"
    normals: F64 | None = None  # (V, 3) unit, in place of those that the triangles give
    coat: F64 | None = None  # (V, 5) the coat's four fields and its amount, in [0, 1], in place of the finish's

    def of(self, finish: Finish, joint: str = "root") -> "Solid":
        """The same of a finish, moving with a joint."""
        return replace(self, finish=finish, joint=joint)

    def moved(self, offset: ArrayLike, rotation: ArrayLike | None = None) -> "Solid":
        """Turned by a rotation (3, 3), if any, and then moved."""
        turn = np.eye(3) if rotation is None else np.asarray(rotation, float)
        normals = None if self.normals is None else portable.matmul(self.normals, turn.T)
        return replace(
            self, positions=portable.matmul(self.positions, turn.T) + np.asarray(offset, float), normals=normals
        )

    def mirrored(self, joint: str | None = None) -> "Solid":
        """The same on the other side of x = 0."""
        flip = np.array([-1.0, 1.0, 1.0])
        normals = None if self.normals is None else self.normals * flip
        faces = self.triangles[:, ::-1]
        return replace(
            self, positions=self.positions * flip, triangles=faces, joint=joint or self.joint, normals=normals
        )


def joined(solids: Sequence[Solid]) -> Solid:
    """One solid of several that share finish, joint and crease angle, which are the first one's."""
    starts = np.cumsum([0, *(len(s.positions) for s in solids[:-1])])
    triangles = np.concatenate([s.triangles + start for s, start in zip(solids, starts, strict=True)])
    return replace(solids[0], positions=np.concatenate([s.positions for s in solids]), triangles=triangles)


def loft(
    sections: ArrayLike, around: bool = True, along: bool = False, caps: bool = True, crease: float = 40.0
) -> Solid:
    """The surface through sections of equally many points.

    Args:
        sections: (S, P, 3); each runs counter-clockwise seen from the last section towards the first.
        around: Each section is a closed loop; else an open line, and the surface is an open sheet.
        along: The last section is joined to the first, as in a ring.
        caps: Both ends are closed, each by a fan about its mean, which must see the whole outline.
        crease: See `Solid`.
    """
    grid = np.asarray(sections, float)
    rows, columns = grid.shape[:2]
    points = [grid.reshape(-1, 3)]
    if caps and around and not along and columns > 4:
        points += [grid[[0]].mean(1), grid[[-1]].mean(1)]
    return _sound(np.concatenate(points), _woven(rows, columns, around, along, caps), crease)


@lru_cache(maxsize=1024)
def _woven(rows: int, columns: int, around: bool, along: bool, caps: bool) -> I64:
    """(T, 3) the triangles of a loft, see there."""
    r = np.arange(rows if along else rows - 1)[:, None]
    c = np.arange(columns if around else columns - 1)[None]
    after, beside = (r + 1) % rows * columns, (c + 1) % columns
    quads = np.stack(np.broadcast_arrays(r * columns + c, r * columns + beside, after + beside, after + c), -1)
    quads = quads.reshape(-1, 4)
    triangles = [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
    if caps and around and not along:
        end, k = (rows - 1) * columns, np.arange(columns)
        if columns <= 4:
            fan = np.stack([0 * k[2:], k[1:-1], k[2:]], -1)
            triangles += [fan[:, ::-1], end + fan]
        else:
            middle = np.full(columns, rows * columns)
            triangles.append(np.stack([(k + 1) % columns, k, middle], -1))
            triangles.append(np.stack([end + k, end + (k + 1) % columns, middle + 1], -1))
    return np.concatenate(triangles)


def _sound(positions: F64, triangles: I64, crease: float) -> Solid:
    """A solid without the triangles that a pole has made lines, its coinciding vertices made one."""
    keys = np.rint(positions * 1e6).astype(np.int64)
    order = np.lexsort(keys.T[::-1])  # equal ones side by side, the first of them first
    other = np.append(True, (keys[order[1:]] != keys[order[:-1]]).any(axis=1))
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(other) - 1
    triangles = place[triangles]
    a, b, c = triangles.T
    return Solid(positions[order[other]], triangles[(a != b) & (b != c) & (c != a)], crease)


def tube(
    path: ArrayLike,
    radius: ArrayLike,
    sides: int = 8,
    closed: bool = False,
    caps: bool = True,
    up: ArrayLike = (1.0, 0.0, 0.0),
    crease: float | None = None,
) -> Solid:
    """A tube swept along a path, without twist.

    Args:
        path: (N, 3), no two neighbours equal.
        radius: One for all, (N,), or (N, 2) half widths along `up` and across it.
        sides: Sides of its section.
        closed: The path's end is joined to its start.
        caps: Open ends are closed.
        up: The direction that the first half width lies nearest to; another one where the path starts along it.
        crease: See `Solid`; smooth around the tube if not given.
    """
    line = np.asarray(path, float)
    step = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    ahead = step / np.linalg.norm(step, axis=1, keepdims=True)
    side = _transported(ahead, np.asarray(up, float))
    half = np.asarray(radius, float)
    half = np.broadcast_to(half[:, None] if half.ndim == 1 else half, (len(line), 2))
    angle = np.arange(sides) * 2 * np.pi / sides + (np.pi / sides if sides == 4 else 0)
    s, c = portable.sin_cos(angle)
    ring = half[:, None, 0, None] * c[:, None] * side[:, None]
    ring = ring + half[:, None, 1, None] * s[:, None] * np.cross(ahead, side)[:, None]
    smooth = 360 / sides + 8 if crease is None else crease
    return loft(line[:, None] + ring, along=closed, caps=caps, crease=smooth)


def _transported(ahead: F64, up: F64) -> F64:
    """(N, 3) unit vectors across a path's directions, the first nearest to `up`, each turned as little as may be."""
    sides = np.empty_like(ahead)
    side = up if abs(portable.matmul(up, ahead[0])) < 0.97 * portable.norm(up) else np.eye(3)[np.abs(ahead[0]).argmin()]
    for i, direction in enumerate(ahead):
        side = side - (portable.matmul(side, direction)) * direction
        side = side / portable.norm(side)
        sides[i] = side
    return sides


def spline(points: ArrayLike, count: int) -> F64:
    """(count, 3) points, evenly in parameter, of the Catmull-Rom spline through (K, 3) (Catmull & Rom 1974)."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    at = np.linspace(0, len(p) - 3, count)
    i = np.minimum(at.astype(int), len(p) - 4)
    t = (at - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * portable.power(t, 3)
    return np.asarray(0.5 * curve)


def lathe(
    profile: ArrayLike,
    segments: int = 24,
    closed: bool = False,
    turn: float = 360.0,
    caps: bool = True,
    crease: float = 40.0,
) -> Solid:
    """A profile turned about the X axis.

    Args:
        profile: (M, 2) radius and place along X, running towards +X on the outside.
        segments: Steps around; if even, a vertex lies straight below the axis.
        closed: The profile is a closed loop, as a tyre's; else ends away from the axis stay open.
        turn: Less than 360 makes a sector that begins at +Y and turns towards +Z.
        caps: The ends of a sector of a closed profile are closed, each by a fan about its mean.
        crease: See `Solid`.
    """
    p = np.asarray(profile, float)
    full = turn == 360.0
    angle = np.radians(turn) * np.arange(segments + (not full)) / segments
    spokes = np.stack([0 * angle, portable.cos(angle), portable.sin(angle)], -1)
    rings = p[:, None, 0, None] * spokes + p[:, None, 1, None] * np.array([1.0, 0, 0])
    smooth = max(crease, turn / segments + 5)
    if full:
        return loft(rings, along=closed, caps=False, crease=smooth)
    return loft(rings.transpose(1, 0, 2)[:, ::-1], around=closed, caps=closed and caps, crease=smooth)


def torus(radius: float, thickness: float, segments: int = 32, sides: int = 8) -> Solid:
    """A ring about the X axis; `thickness` is the radius of its section."""
    angle = np.arange(sides) * 2 * np.pi / sides
    s, c = portable.sin_cos(angle)
    profile = np.stack([radius + thickness * c, thickness * s], -1)
    return lathe(profile, segments, closed=True, crease=360 / sides + 8)


def box(size: ArrayLike, bevel: float = 0.0, taper: ArrayLike = (1.0, 1.0), crease: float = 50.0) -> Solid:
    """A box about the origin.

    Args:
        size: Lengths along X, Y, Z.
        bevel: Width that is cut off its edges.
        taper: Its upper face's lengths along X and Z as shares of its lower one's.
        crease: See `Solid`.
    """
    x, y, z = np.asarray(size, float) / 2
    narrow = np.asarray(taper, float)

    def ring(height: float, inset: float, cut: float) -> F64:
        share = (height + y) / (2 * y)
        sx, sz = (1 + (narrow - 1) * share) * (x, z) - inset
        corners = [(sx - cut, sz), (sx, sz - cut), (sx, cut - sz), (sx - cut, -sz),
                   (cut - sx, -sz), (-sx, cut - sz), (-sx, sz - cut), (cut - sx, sz)]  # fmt: skip
        chosen = corners if cut else corners[1::2]
        return np.array([(a, height, b) for a, b in chosen])

    if not bevel:
        return loft([ring(-y, 0, 0), ring(y, 0, 0)], crease=crease)
    rings = [
        ring(-y, bevel, bevel / 2),
        ring(bevel - y, 0, bevel),
        ring(y - bevel, 0, bevel),
        ring(y, bevel, bevel / 2),
    ]
    return loft(rings, crease=crease)


def tray(size: ArrayLike, wall: float, taper: ArrayLike = (1.0, 1.0)) -> Solid:
    """A box about the origin that is open above, its walls and floor of a thickness; see `box`."""
    outer = box(size, taper=taper).positions
    middle = outer * (1, 0, 1)
    inner = outer - wall * np.sign(middle) + np.where(outer[:, 1:2] < 0, wall, 0) * (0, 1, 0)
    order = np.lexsort((portable.arctan2(outer[:, 0], outer[:, 2]), outer[:, 1]))
    low, high, floor = order[:4], order[4:], order[:4]
    return loft([outer[low], outer[high], inner[high], inner[floor]], crease=30)


def plate(outline: ArrayLike, thickness: float, bevel: float = 0.0, crease: float = 40.0) -> Solid:
    """A plate across the X axis, about x = 0.

    Args:
        outline: (P, 2) along Z and Y, counter-clockwise with Z to the right and Y up; its mean must see all of it.
        thickness: Along X.
        bevel: Width by which its faces are smaller.
        crease: See `Solid`.
    """
    flat = np.asarray(outline, float)[::-1]
    mean = flat.mean(0)
    away = flat - mean
    inner = mean + away * (1 - bevel / np.linalg.norm(away, axis=1, keepdims=True))
    half = thickness / 2
    rings = [(inner, -half), (flat, bevel - half), (flat, half - bevel), (inner, half)]
    chosen = rings if bevel else [rings[0], rings[3]]
    return loft([np.stack([np.full(len(o), x), o[:, 1], o[:, 0]], -1) for o, x in chosen], crease=crease)


def wires(starts: ArrayLike, ends: ArrayLike, radius: float, sides: int = 3) -> Solid:
    """Straight wires between (N, 3) points, their ends open: spokes, baskets, cables."""
    a, b = np.asarray(starts, float), np.asarray(ends, float)
    ahead = (b - a) / np.linalg.norm(b - a, axis=1, keepdims=True)
    helper = np.eye(3)[np.abs(ahead).argmin(1)]
    side = np.cross(helper, ahead)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    angle = (np.arange(sides) * 2 * np.pi / sides)[:, None]
    s, c = portable.sin_cos(angle)
    ring = radius * (c * side[:, None] + s * np.cross(ahead, side)[:, None])
    points = np.stack([a[:, None] + ring, b[:, None] + ring], 1)  # (N, 2, sides, 3)
    k = np.arange(sides)
    after = (k + 1) % sides
    quad = np.concatenate([np.stack([k, after, sides + after], -1), np.stack([k, sides + after, sides + k], -1)])
    triangles = (2 * sides * np.arange(len(a)))[:, None, None] + quad
    return Solid(points.reshape(-1, 3), triangles.reshape(-1, 3), 360 / sides + 8)


def turn(axis: ArrayLike, degrees: float) -> F64:
    """(3, 3) rotation about an axis (Rodrigues 1840)."""
    x, y, z = np.asarray(axis, float) / portable.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    s, c = portable.sin_cos(np.radians(degrees))
    return np.asarray(np.eye(3) + s * cross + portable.matmul((1 - c) * cross, cross))
