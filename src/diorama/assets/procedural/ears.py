"""Ears: cupped shells that stand, tip over or hang, with the tufts that grow in a cat's."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.implicit import distance, gradient
from diorama.assets.procedural.pieces import Face, Piece, grid_triangles, vertex_normals
from diorama.assets.procedural.primitives import smooth_table
from diorama.assets.procedural.quadruped import Anatomy, Ears

F64 = NDArray[np.float64]

_ROWS, _COLUMNS = 15, 9
_SUNK = 0.14  # how much of the root is sunk into the skull, in skull widths


def ears(a: Anatomy, face: Face) -> list[Piece]:
    """Both ears."""
    left, inner, v = _shell(a, face)
    pieces = [left, _tufts(a.ears, face, inner, v)] if a.ears.furnish > 0 else [left]
    return [*pieces, *(piece.mirrored(piece.name[:-1] + "r") for piece in pieces)]


def _along(e: Ears) -> tuple[F64, F64]:
    """Places along the ear (rows,) in [0, 1] from root to tip, and its half widths there in skull widths."""
    v = np.concatenate([np.linspace(0, 0.88, _ROWS - 3), [0.94, 0.98, 1.0]])
    fine = smooth_table(np.stack([np.array([0, 0.25, 0.5, 0.75, 0.9]), np.array(e.outline)], axis=1))
    tip = np.where(v > 0.9, np.sqrt(np.clip(1 - ((v - 0.9) / 0.1) ** 2, 0, 1)), 1)
    return v, np.interp(v, fine[:, 0], fine[:, 1]) * tip * e.width / 2


def _shell(a: Anatomy, face: Face) -> tuple[Piece, F64, F64]:
    """The left ear: an inner and an outer side that share their edge; also the inner side, (rows, columns, 3)."""
    e = a.ears
    t, n = face.direction(e.rise), face.direction(e.face)
    n = n - (portable.matmul(n, t)) * t
    n /= portable.norm(n)
    fold = face.direction(e.fold)
    hinge = np.cross(t, fold)
    hinge = hinge / portable.norm(hinge) if portable.norm(hinge) > 1e-6 else np.array([0.0, 0.0, 1.0])
    v, half = _along(e)
    line, sides, opens = [face.place(np.array(e.place)) - _SUNK * face.unit * t], [], []
    for i in range(_ROWS):
        share = float(np.clip((v[i] - e.bend_at + 0.06) / (0.12 + 0.55 * e.bend_at), 0, 1)) if e.bend else 0.0
        turned = np.radians(e.bend) * share * share * (3 - 2 * share)
        ti, ni = _rotate(t, hinge, turned), _rotate(n, hinge, turned)
        ni = _rotate(ni, ti, np.radians(e.twist) * share)
        if i:
            line.append(line[-1] + (v[i] - v[i - 1]) * (e.length + _SUNK) * face.unit * ti)
        sides.append(np.cross(ti, ni))
        opens.append(ni)
    u = portable.sin(np.linspace(-np.pi / 2, np.pi / 2, _COLUMNS))
    centre, side, open_ = np.array(line)[:, None], np.array(sides)[:, None], np.array(opens)[:, None]
    width = (half * face.unit)[:, None, None]
    # The root is rolled up like a trumpet, the blade opens.
    cup = (e.cup * (1 + 0.7 * np.clip(1 - v / 0.45, 0, 1)))[:, None, None]
    inner = centre + side * u[None, :, None] * width + open_ * cup * width * (u[None, :, None] ** 2 - 0.6)
    edge = np.clip(1 - portable.power(u, 4), 0, 1)[None, :, None] * np.minimum(1, 3 * (1 - v))[:, None, None]
    outer = inner - open_ * e.thickness * face.unit * edge
    if e.bend:  # What hangs of an ear lies on the head, most closely at its front edge; what stands is rooted in it.
        loose = np.clip((v - max(0.12, e.bend_at - 0.08)) / 0.2, 0, 1)[:, None].repeat(_COLUMNS, axis=1).reshape(-1, 1)
        ahead = float(np.sign(portable.matmul(np.array(sides)[_ROWS // 2], face.turn[:, 2]))) * u
        pull = (e.cling * (0.65 + 0.35 * ahead)[None] * np.clip(1.3 - v, 0, 1)[:, None]).reshape(-1, 1)
        for sheet, thick in ((inner, 0.0), (outer, e.thickness)):
            flat, gap = sheet.reshape(-1, 3), 0.012 + thick * edge.reshape(-1, 1)  # they share their edge
            for _ in range(4):
                far = gap * face.unit - distance(face.blobs, flat, within=0.5 * face.unit)[:, None]
                step = np.where(far > 0, far, 0.5 * pull * np.maximum(far, -0.3 * face.unit))
                flat = flat + loose * step * gradient(face.blobs, flat, 0.03 * face.unit)
            sheet[:] = flat.reshape(sheet.shape)
    positions = np.concatenate([inner.reshape(-1, 3), outer.reshape(-1, 3)])
    front = grid_triangles(_ROWS, _COLUMNS)[:, ::-1]
    triangles = np.concatenate([front, grid_triangles(_ROWS, _COLUMNS) + _ROWS * _COLUMNS]).astype(np.uint32)
    corner = positions[front[:1]][0]
    if portable.matmul(np.cross(corner[1] - corner[0], corner[2] - corner[0]), opens[0]) < 0:
        triangles = triangles[:, ::-1].copy()
    bare = portable.power(np.clip(1.35 * (1 - np.abs(u)), 0, 1)[None], 0.7) * np.clip(2.4 * (1 - v), 0, 1)[:, None]
    deep = np.clip(1 - 1.5 * v, 0, 1)[:, None] * np.clip(1 - 1.1 * np.abs(u), 0, 1)[None]
    count = _ROWS * _COLUMNS
    colors = np.tile(np.array(e.inside), (2 * count, 1))
    colors[:count] *= (1 - 0.75 * deep).reshape(-1, 1)
    amount = np.ones(2 * count)
    amount[:count] = 1 - e.bare * bare.reshape(-1)
    normals = vertex_normals(positions, triangles)
    joints = _joints(np.tile(np.repeat(v, _COLUMNS), 2))
    return Piece("ear_l", positions, normals, triangles, colors, amount, joints), inner, v


def _tufts(e: Ears, face: Face, inner: F64, v: F64) -> Piece:
    """Pale hairs that grow from the ear's front edge across its opening: thin blades, seen from both sides."""
    rows, columns = inner.shape[:2]
    middle = face.place((0.0, e.place[1], e.place[2]))
    first = portable.norm(inner[2, 0] - middle) < portable.norm(inner[2, -1] - middle)
    near, far = (1, columns - 2) if first else (columns - 2, 1)
    blades, colors, at = [], [], []
    for i, row in enumerate((1, 2, 3, 4, 5, 6, 7)):
        reach = e.furnish * (0.7 - 0.05 * i - 0.12 * (i % 2))
        end = row + round(5 * max(1.0, reach))  # long ones lean to the tip and stay within the ear
        start, over = inner[row, near], inner[min(end, rows - 2), far]
        wide = 0.38 * (inner[row + 1, near] - inner[row - 1, near])
        out = np.cross(inner[row, far] - start, wide)
        out *= np.sign(portable.matmul(out, face.direction(e.face))) / portable.norm(out)
        lift = 0.05 * portable.norm(over - start) * out
        blades.append([start - 0.5 * wide, start + 0.5 * wide, start + min(reach, 0.92) * (over - start) + lift])
        colors.append([0.45, 0.45, 0.62])
        at.append([v[row], v[row], v[min(row + 2, rows - 1)]])
    positions = np.array(blades).reshape(-1, 3)
    single = np.arange(len(positions), dtype=np.uint32).reshape(-1, 3)
    count = len(positions)
    normals = np.tile(face.direction(e.face), (2 * count, 1))
    tint = np.array([0.95, 0.86, 0.76]) * np.array(colors).reshape(-1, 1)
    triangles = np.concatenate([single, single[:, ::-1] + np.uint32(count)])
    return Piece("tuft_l", np.tile(positions, (2, 1)), normals, triangles, np.tile(tint, (2, 1)),
                 np.full(2 * count, 0.45), _joints(np.tile(np.array(at).reshape(-1), 2)))  # fmt: skip


def _joints(v: F64) -> dict[str, F64]:
    """Skin weights at places along the ear."""
    tip, root = np.clip((v - 0.3) / 0.45, 0, 1), np.clip(1 - v / 0.2, 0, 1)
    return {"ear_tip_l": tip, "ear_l": (1 - tip) * (1 - root), "head": (1 - tip) * root}


def _rotate(v: F64, axis: F64, angle: float) -> F64:
    """Rodrigues' rotation of v about a unit axis."""
    c, s = portable.cos(angle), portable.sin(angle)
    return np.asarray(c * v + s * np.cross(axis, v) + (1 - c) * (portable.matmul(axis, v)) * axis)
