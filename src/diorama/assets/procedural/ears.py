"""Ears: cupped shells that stand, tip over or hang."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import distance, gradient, smooth_table
from diorama.assets.procedural.pieces import Face, Piece, grid_triangles, vertex_normals
from diorama.assets.procedural.quadruped import Anatomy

F64 = NDArray[np.float64]


def ear(a: Anatomy, face: Face) -> Piece:
    """The left ear: a shell with an outer and an inner side that share their edge; the root is sunk into the skull."""
    e, rows, columns = a.ears, 12, 9
    t, n = face.direction(e.rise), face.direction(e.face)
    n = n - (n @ t) * t
    n /= np.linalg.norm(n)
    fold = face.direction(e.fold)
    hinge = np.cross(t, fold)
    hinge = hinge / np.linalg.norm(hinge) if np.linalg.norm(hinge) > 1e-6 else np.array([0.0, 0.0, 1.0])
    v = np.concatenate([np.linspace(0, 0.88, rows - 3), [0.94, 0.98, 1.0]])
    outline = np.array(
        [(0, e.outline[0]), (0.25, e.outline[1]), (0.5, e.outline[2]), (0.75, e.outline[3]), (0.9, e.outline[4])]
    )
    fine = smooth_table(outline)
    half = np.interp(v, fine[:, 0], fine[:, 1]) * np.where(
        v > 0.9, np.sqrt(np.clip(1 - ((v - 0.9) / 0.1) ** 2, 0, 1)), 1
    )
    half = half * e.width / 2
    place = np.array(e.place)
    line, sides, opens = [face.place(place) - 0.10 * face.unit * t], [], []
    for i in range(rows):
        turned = np.radians(e.bend) * float(np.clip((v[i] - e.bend_at) / 0.25, 0, 1)) if e.bend else 0.0
        ti, ni = _rotate(t, hinge, turned), _rotate(n, hinge, turned)
        if i:
            line.append(line[-1] + (v[i] - v[i - 1]) * (e.length + 0.10) * face.unit * ti)
        sides.append(np.cross(ti, ni))
        opens.append(ni)
    u = np.linspace(-1, 1, columns)
    centre, side, open_ = np.array(line)[:, None], np.array(sides)[:, None], np.array(opens)[:, None]
    width = (half * face.unit)[:, None, None]
    inner = centre + side * u[None, :, None] * width + open_ * e.cup * width * (u[None, :, None] ** 2 - 0.6)
    thick = e.thickness * face.unit * np.sqrt(1 - u**2)[None, :, None] * np.minimum(1, 3 * (1 - v))[:, None, None]
    outer = inner - open_ * thick
    if e.bend:  # A hanging ear lies on the head.
        loose = np.clip((v - 0.12) / 0.2, 0, 1)[:, None, None]
        for sheet, gap in ((inner, 0.01), (outer, 0.01 + e.thickness)):
            flat = sheet.reshape(-1, 3)
            for _ in range(4):
                deep = np.maximum(gap * face.unit - distance(face.blobs, flat), 0)[:, None]
                flat = flat + loose.repeat(columns, axis=1).reshape(-1, 1) * deep * gradient(
                    face.blobs, flat, 0.01 * face.unit
                )
            sheet[:] = flat.reshape(sheet.shape)
    positions = np.concatenate([inner.reshape(-1, 3), outer.reshape(-1, 3)])
    front = grid_triangles(rows, columns)[:, ::-1]
    triangles = np.concatenate([front, grid_triangles(rows, columns) + rows * columns]).astype(np.uint32)
    corner = positions[front[:1]][0]
    if np.cross(corner[1] - corner[0], corner[2] - corner[0]) @ opens[0] < 0:
        triangles = triangles[:, ::-1].copy()
    normals = vertex_normals(positions, triangles)
    bare = np.clip(1.25 * (1 - np.abs(u)), 0, 1)[None] ** 0.7 * np.clip(2.6 * (1 - v), 0, 1)[:, None]
    deep = np.clip(1 - 1.6 * v, 0, 1)[:, None] * np.clip(1 - 1.2 * np.abs(u), 0, 1)[None]
    colors = np.tile(np.array(e.inside), (2 * rows * columns, 1))
    colors[: rows * columns] *= (1 - 0.6 * deep).reshape(-1, 1)
    amount = np.ones(2 * rows * columns)
    amount[: rows * columns] = 1 - e.bare * bare.reshape(-1)
    w = np.tile(np.repeat(v, columns), 2)
    tip, root = np.clip((w - 0.3) / 0.45, 0, 1), np.clip(1 - w / 0.2, 0, 1)
    return Piece("ear_l", positions, normals, triangles, colors, amount,
                 {"ear_tip_l": tip, "ear_l": (1 - tip) * (1 - root), "head": (1 - tip) * root})  # fmt: skip


def _rotate(v: F64, axis: F64, angle: float) -> F64:
    """Rodrigues' rotation of v about a unit axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(c * v + s * np.cross(axis, v) + (1 - c) * (axis @ v) * axis)
