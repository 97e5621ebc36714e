"""Unit shapes of obstructors: small meshes in the cube [-½, ½]³ that touch its faces above and below.

Texture coordinates count tiles, about one per unit of length on every face, so that a material keeps its scale on every
shape; as in glTF u runs right and v down, seen from outside. Around a closed shape the count is whole, so that the tile
meets itself without a seam.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class ShapeMesh:
    """V vertices, T triangles, counter-clockwise seen from outside."""

    positions: F32  # (V, 3) in [-½, ½]³
    normals: F32  # (V, 3) unit
    uvs: F32  # (V, 2) in tiles
    indices: U32  # (T, 3)


@lru_cache
def shape_mesh(name: str) -> ShapeMesh:
    """The mesh of one of the shapes named in `diorama.scene.batch.SHAPES`.

    Raises:
        KeyError: For a name that is not among them.
    """
    return _BUILDERS[name]()


def _box() -> ShapeMesh:
    quads = []
    for axis in range(3):
        for sign in (-0.5, 0.5):
            normal, right = np.zeros(3), np.zeros(3)
            normal[axis] = 2 * sign
            right[(axis + 1) % 3] = 1.0
            up = np.cross(normal, right)
            quads.append([sign * np.abs(normal) + a * right + b * up for a, b in _CORNERS])
    return _flat(quads)


def _wedge() -> ShapeMesh:
    """A ramp that rises towards -Z."""
    low, high, floor = 0.5, -0.5, -0.5
    left, right = -0.5, 0.5
    a, b = (left, floor, low), (right, floor, low)
    c, d = (right, floor, high), (left, floor, high)
    e, f = (left, -floor, high), (right, -floor, high)
    return _flat([[a, b, f, e], [a, d, c, b], [d, e, f, c], [a, e, d], [b, c, f]])


def _icosahedron() -> ShapeMesh:
    points, faces = _icosahedron_lattice()
    return _flat([list(points[face] / 2) for face in faces])


def _sphere() -> ShapeMesh:
    """An icosahedron split twice. Its charts are the six faces of a cube, gridded in equal angles: no poles."""
    points, faces = _icosahedron_lattice()
    for _ in range(2):
        corners = points[faces]  # (T, 3, 3)
        a, b, c = corners.transpose(1, 0, 2)
        ab, bc, ca = ((p + q) / np.linalg.norm(p + q, axis=-1, keepdims=True) for p, q in ((a, b), (b, c), (c, a)))
        split = np.stack([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]])  # (4, 3, T, 3)
        points, faces = _unique(split.transpose(0, 2, 1, 3).reshape(-1, 3, 3))
    corners = points[faces]
    middle = corners.sum(1)
    axis = np.abs(middle).argmax(1)
    depth, along, across = (np.take_along_axis(corners, ((axis + k) % 3)[:, None, None], 2)[..., 0] for k in range(3))
    side = np.sign(np.take_along_axis(middle, axis[:, None], 1))
    uvs = (
        np.stack([portable.arctan2(along, np.abs(depth)) * side, -portable.arctan2(across, np.abs(depth))], -1) / 2
        + 0.5
    )
    flat = corners.reshape(-1, 3)
    return _mesh(flat / 2, flat, uvs.reshape(-1, 2), np.arange(len(flat)).reshape(-1, 3))


def _cylinder(sides: int = 24) -> ShapeMesh:
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.stack([portable.sin(angle), 0 * angle, portable.cos(angle)], -1)
    lower, upper = ring / 2 - [0, 0.5, 0], ring / 2 + [0, 0.5, 0]
    u = angle * 3 / (2 * np.pi)
    uvs = [np.stack([u, np.full_like(u, v)], -1) for v in (1.0, 0.0)]
    wall = grid_mesh(np.stack([lower, upper]), np.stack([ring, ring]), np.stack(uvs))
    return join_meshes([wall, _disc(upper[:-1]), _disc(lower[:-1][::-1])])


def _cone(sides: int = 24) -> ShapeMesh:
    """Its wall is unrolled, which keeps every length; the apex has one vertex to each side, whose normal looks out."""
    slant = np.sqrt(1.25)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    base = np.stack([portable.sin(angle) / 2, np.full_like(angle, -0.5), portable.cos(angle) / 2], -1)
    middle = (angle[1:] + angle[:-1]) / 2
    apex = np.broadcast_to([0.0, 0.5, 0.0], (sides, 3))

    def normal(a: F64) -> F64:
        return np.stack([2 * portable.sin(a), np.ones_like(a), 2 * portable.cos(a)], -1)

    unrolled = slant * np.stack([portable.sin(angle / 2 / slant), portable.cos(angle / 2 / slant)], -1)
    k = np.arange(sides)
    wall = _mesh(
        np.concatenate([base, apex]),
        np.concatenate([normal(angle), normal(middle)]),
        np.concatenate([unrolled, np.zeros((sides, 2))]),
        np.stack([k, k + 1, sides + 1 + k], -1),
    )
    return join_meshes([wall, _disc(base[:-1][::-1])])


def _torus(around: int = 20, tube: int = 10, major: float = 0.34, minor: float = 0.16) -> ShapeMesh:
    """A ring that stands upright, its axis along Z."""
    a, b = np.meshgrid(np.linspace(0, 2 * np.pi, around + 1), np.linspace(0, 2 * np.pi, tube + 1), indexing="ij")
    out = np.stack([portable.sin(a), portable.cos(a), 0 * a], -1)
    normals = portable.cos(b)[..., None] * out + portable.sin(b)[..., None] * np.array([0, 0, 1.0])
    return grid_mesh(major * out + minor * normals, normals, np.stack([a, b], -1) / np.pi * [1, 0.5])


def _capsule(sides: int = 16, rows: int = 4, radius: float = 0.25) -> ShapeMesh:
    """Its caps have round charts, since a wall's chart would crowd at the poles."""
    angle = np.linspace(0, 2 * np.pi, sides + 1)

    def rings(latitude: F64, lift: float | F64) -> tuple[F64, F64]:
        t, a = np.meshgrid(latitude, angle, indexing="ij")
        normals = np.stack([portable.cos(t) * portable.sin(a), portable.sin(t), portable.cos(t) * portable.cos(a)], -1)
        return radius * normals + np.expand_dims(lift, (-2, -1)) * np.array([0, 1.0, 0]), normals

    straight = np.array([-radius, radius])[:, None]
    wall = np.stack(np.broadcast_arrays(angle / np.pi, 0.5 - straight), -1)
    parts = [grid_mesh(*rings(np.zeros(2), straight[:, 0]), wall)]
    for side in (-1, 1):
        latitude = np.linspace(0, np.pi / 2, rows + 1)[::side] * side
        t, a = np.meshgrid(latitude, angle, indexing="ij")
        chart = (
            radius * (np.pi / 2 - np.abs(t))[..., None] * np.stack([portable.sin(a), side * portable.cos(a)], -1) + 0.5
        )
        parts.append(grid_mesh(*rings(latitude, side * radius), chart))
    return join_meshes(parts)


_CORNERS = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


def _icosahedron_lattice() -> tuple[F64, NDArray[np.intp]]:
    """(12, 3) points of the unit sphere, the first and last on the Y axis, and (20, 3) faces."""
    turn = np.arange(5) * 2 * np.pi / 5
    y, r = 1 / np.sqrt(5), 2 / np.sqrt(5)
    upper = np.stack([r * portable.sin(turn), np.full(5, y), r * portable.cos(turn)], -1)
    lower = np.stack([r * portable.sin(turn + np.pi / 5), np.full(5, -y), r * portable.cos(turn + np.pi / 5)], -1)
    points = np.concatenate([[[0, 1.0, 0]], upper, lower, [[0, -1.0, 0]]])
    faces = []
    for k in range(5):
        n = (k + 1) % 5
        faces += [(0, 1 + k, 1 + n), (1 + k, 6 + k, 1 + n), (6 + k, 6 + n, 1 + n), (11, 6 + n, 6 + k)]
    return points, np.array(faces)


def _unique(corners: F64) -> tuple[F64, NDArray[np.intp]]:
    """Triangles (T, 3, 3) as points and faces, corners closer than 1e-6 made one."""
    flat = corners.reshape(-1, 3)
    _, first, index = np.unique(np.round(flat, 6), axis=0, return_index=True, return_inverse=True)
    return flat[first], index.reshape(-1, 3)


def _flat(polygons: Sequence[Sequence[object]]) -> ShapeMesh:
    """Convex polygons, counter-clockwise, each with its own normal and an unstretched chart."""
    parts = []
    for polygon in polygons:
        p = np.array(polygon, np.float64)
        right = p[1] - p[0]
        normal = np.cross(right, p[2] - p[0])
        right, normal = right / portable.norm(right), normal / portable.norm(normal)
        up = np.cross(normal, right)
        uvs = np.stack([portable.matmul(p - p[0], right), -(portable.matmul(p - p[0], up))], -1)
        parts.append(_mesh(p, np.broadcast_to(normal, p.shape), uvs, _fan(len(p))))
    return join_meshes(parts)


def _disc(ring: F64) -> ShapeMesh:
    """A level cap over a ring of points that runs counter-clockwise seen from outside."""
    normal = np.cross(ring[1] - ring[0], ring[2] - ring[0])
    uvs = ring[:, [0, 2]] * [1, np.sign(normal[1])] + 0.5
    return _mesh(ring, np.broadcast_to(normal, ring.shape), uvs, _fan(len(ring)))


def _fan(n: int) -> NDArray[np.intp]:
    k = np.arange(1, n - 1)
    return np.stack([0 * k, k, k + 1], -1)


def grid_mesh(positions: F64, normals: F64, uvs: F64) -> ShapeMesh:
    """A grid (R, C, …) as triangles: columns run counter-clockwise about the outward normal from row to row."""
    rows, columns = positions.shape[:2]
    i = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.concatenate([np.stack([i, i + 1, i + columns + 1], -1), np.stack([i, i + columns + 1, i + columns], -1)])
    flat = positions.reshape(-1, 3)
    a, b, c = flat[faces].transpose(1, 0, 2)
    faces = faces[np.linalg.norm(np.cross(b - a, c - a), axis=-1) > 1e-9]  # not those that a pole has made lines
    return _mesh(flat, normals.reshape(-1, 3), uvs.reshape(-1, 2), faces)


def _mesh(positions: F64, normals: F64, uvs: F64, faces: NDArray[np.intp]) -> ShapeMesh:
    unit = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    return ShapeMesh(
        np.ascontiguousarray(positions, np.float32),
        unit.astype(np.float32),
        np.ascontiguousarray(uvs, np.float32),
        faces.astype(np.uint32),
    )


def join_meshes(parts: Sequence[ShapeMesh]) -> ShapeMesh:
    """Several meshes as one."""
    starts = np.cumsum([0, *(len(part.positions) for part in parts[:-1])])
    return ShapeMesh(
        np.concatenate([part.positions for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.uvs for part in parts]),
        np.concatenate([part.indices + np.uint32(start) for part, start in zip(parts, starts, strict=True)]),
    )


_BUILDERS: dict[str, Callable[[], ShapeMesh]] = {
    "box": _box,
    "sphere": _sphere,
    "cylinder": _cylinder,
    "cone": _cone,
    "torus": _torus,
    "capsule": _capsule,
    "wedge": _wedge,
    "icosahedron": _icosahedron,
}
