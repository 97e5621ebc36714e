"""The mouth: lower jaw, lips, palate, teeth and tongue."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.head import jaw, lip_line
from diorama.assets.procedural.implicit import distance, gradient, project
from diorama.assets.procedural.pieces import SKIN, WET, Face, Piece, grid_triangles, vertex_normals
from diorama.assets.procedural.primitives import smooth_table
from diorama.assets.procedural.quadruped import Anatomy, Landmarks
from diorama.assets.procedural.shells import shell

F64 = NDArray[np.float64]

_FLESH = np.array([0.10, 0.028, 0.026])
_LIP = (0.014, 0.010, 0.009)


def mouth(a: Anatomy, face: Face, points: Landmarks) -> list[Piece]:
    """All of it, but for the palate, which is part of the hide."""
    lips = ribbon(face, lip_line(a.head), 0.012, 0.024 if a.head.muzzle_length > 0.3 else 0.017, _LIP, "muzzle")
    seen = [lips, lips.mirrored("line")] if a.head.beard < 0.5 else []  # a beard hides the lips
    front = a.head.skull_length + a.head.muzzle_length
    y, tall = a.head.nose_y, 0.3 * a.head.nose
    split = [(0, y - tall, front), (0, 0.5 * (y - tall + lip_line(a.head)[0][1]), front), lip_line(a.head)[0]]
    return [
        _jaw(a, face, points),
        *seen,
        ribbon(face, split, 0.014, 0.014, _LIP, "muzzle"),
        _tongue(a, face),
        *_teeth(a, face),
    ]


def palate(a: Anatomy, points: Landmarks, at: F64) -> F64:
    """(V,) in [0, 1]: which of the places (V, 3) on the hide the closed jaw hides, and so are bare inside."""
    unit = a.height * a.head.width
    return np.asarray(np.clip(0.5 - distance(jaw(a, points), at, within=0.2 * unit) / (0.03 * unit), 0, 1))


def _jaw(a: Anatomy, face: Face, points: Landmarks) -> Piece:
    positions, normals, triangles = shell(jaw(a, points), face.unit / 28, 420)
    gap = distance(face.blobs, positions, within=0.2 * face.unit) / face.unit
    inside = np.clip(-0.5 - gap / 0.02, 0, 1)
    # Its lip is dark: what lies just outside of the upper one.
    lip = np.clip(1.1 - gap / 0.02, 0, 1)
    lip = lip * np.clip((face.local(positions)[:, 2] - 0.85 * a.head.skull_length) / 0.1, 0, 1)
    bare = np.maximum(inside, 0.85 * lip)[:, None]
    # What looks up is the mouth's floor; the sides, seen when it opens, are lip.
    floor = inside * np.clip((portable.matmul(normals, face.turn[:, 1]) - 0.35) / 0.25, 0, 1)
    colors = _FLESH * floor[:, None] + np.array(_LIP) * (1 - floor[:, None])
    joints = {"jaw": np.ones(len(positions))}
    return Piece("jaw", positions, normals, triangles, colors, 0.92 * (1 - bare[:, 0]), joints)


def _tongue(a: Anatomy, face: Face) -> Piece:
    """A flat tongue on the jaw's floor, rounded at its tip, hollow along its middle."""
    h = a.head
    n, m = h.skull_length, h.muzzle_length
    width = 0.30 * (h.muzzle_tip + h.muzzle_base) * (0.6 if h.pads else 1.0)
    s = np.linspace(0, 1, 9)
    z = 0.72 * n + s * (n + 0.78 * m - 0.06 - 0.72 * n)
    half = 0.5 * width * np.sqrt(np.clip(1 - (np.clip(s - 0.55, 0, 1) / 0.46) ** 2, 0.02, 1))
    y = (1 - s) * h.lip_y + s * h.lip_front + 0.075 - 0.02 * s
    angle = np.arange(8) * np.pi / 4
    x = half[:, None] * portable.cos(angle)
    up = (
        y[:, None]
        + 0.045 * portable.sin(angle)
        - 0.03 * (np.abs(portable.cos(angle)) < 0.1) * (portable.sin(angle) > 0)
    )
    local = np.stack([x, up, np.broadcast_to(z[:, None], x.shape)], axis=-1).reshape(-1, 3)
    positions = face.place(local)
    tube = grid_triangles(9, 8, closed=True)
    cap = np.array([(64, 64 + i, 65 + i) for i in range(1, 7)], np.uint32)
    triangles = _outward(positions, np.concatenate([tube, cap]))
    front = np.repeat(np.clip((s - 0.35) / 0.4, 0, 1), 8)
    color = np.tile(np.array([0.50, 0.17, 0.17]), (len(positions), 1))
    return Piece("tongue", positions, vertex_normals(positions, triangles), triangles, color, np.zeros(len(positions)),
                 {"tongue": front, "jaw": 1 - front}, WET)  # fmt: skip


def _teeth(a: Anatomy, face: Face) -> list[Piece]:
    """Canines and a row of incisors above and below."""
    h = a.head
    n, m, tip = h.skull_length, h.muzzle_length, h.muzzle_tip
    size = 0.3 if h.pads else 1.0
    end, low = n + m - (0.12 if h.pads else 0.17), h.lip_front
    upper = [((0.30 * tip, low + 0.06, end - 0.03), (0.31 * tip, low - 0.05 * size, end - 0.01), 0.020 * size)]
    lower = [((0.25 * tip, low - 0.02, end + 0.01), (0.26 * tip, low + 0.09 * size, end + 0.02), 0.018 * size)]
    for i in range(0 if h.pads else 3):
        x = (0.035 + 0.07 * i) * tip
        upper.append(((x, low + 0.05, end + 0.03), (x, low - 0.012, end + 0.035), 0.012 * size))
        lower.append(((x, low - 0.01, end + 0.02), (x, low + 0.045, end + 0.03), 0.011 * size))
    pieces = []
    for joint, row in (("muzzle", upper), ("jaw", lower)):
        spikes = [_spike(face.place(root), face.place(top), r * face.unit) for root, top, r in row]
        count = len(spikes[0][0])
        positions = np.concatenate([p for p, _ in spikes])
        triangles = np.concatenate([t + np.uint32(i * count) for i, (_, t) in enumerate(spikes)])
        ivory = np.tile(np.array([0.72, 0.66, 0.54]), (len(positions), 1))
        piece = Piece("teeth", positions, vertex_normals(positions, triangles), triangles, ivory,
                      np.zeros(len(positions)), {joint: np.ones(len(positions))}, WET)  # fmt: skip
        pieces += [piece, piece.mirrored("teeth")]
    return pieces


def _spike(root: F64, tip: F64, radius: float) -> tuple[F64, NDArray[np.uint32]]:
    axis = (tip - root) / portable.norm(tip - root)
    one = np.cross(axis, np.array([1.0, 0.0, 0.0]))
    one /= portable.norm(one)
    two = np.cross(axis, one)
    angle = np.arange(5) * 2 * np.pi / 5
    ring = root + radius * (portable.cos(angle)[:, None] * one + portable.sin(angle)[:, None] * two)
    positions = np.concatenate([ring, tip[None]])
    return positions, _outward(positions, np.array([(i, (i + 1) % 5, 5) for i in range(5)], np.uint32))


def _outward(positions: F64, triangles: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The triangles, turned over if they look towards the middle of the positions."""
    corner = positions[triangles]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    away = corner.mean(axis=1) - positions.mean(axis=0)
    return triangles if np.einsum("ti,ti->", normal, away) > 0 else triangles[:, ::-1].copy()


def ribbon(
    face: Face,
    curve: Sequence[Sequence[float]],
    thin: float,
    wide: float,
    color: tuple[float, float, float],
    joint: str,
    steps: int = 11,
) -> Piece:
    """A strip on the skin, along the places on it that are nearest to a curve in the head's axes.

    It is `thin` at its ends and `wide` in its middle, in skull widths.
    """
    rough = np.array(curve, float)
    table = smooth_table(np.concatenate([np.arange(len(rough))[:, None], rough], axis=1))
    t = np.linspace(0, len(rough) - 1, steps)
    line = face.place(np.stack([np.interp(t, table[:, 0], table[:, i]) for i in (1, 2, 3)], axis=1))
    step = 0.02 * face.unit
    line = project(face.blobs, line, step, 6)
    normal = gradient(face.blobs, line, step)
    side = np.cross(normal, np.gradient(line, axis=0))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    half = 0.5 * face.unit * (thin + (wide - thin) * portable.sin(np.linspace(0, np.pi, steps)))[:, None]
    edges = project(face.blobs, np.concatenate([line - side * half, line + side * half]), step, 2)
    edges = edges + 0.007 * face.unit * gradient(face.blobs, edges, step)
    strip = np.stack([edges[:steps], line + 0.010 * face.unit * normal, edges[steps:]], axis=1).reshape(-1, 3)
    triangles = grid_triangles(steps, 3)
    corner = strip[triangles]
    facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    if np.einsum("ti,ti->", facing, normal[triangles[:, 0] // 3]) < 0:
        triangles = triangles[:, ::-1].copy()
    n = len(strip)
    return Piece("line", strip, np.repeat(normal, 3, axis=0), triangles, np.tile(np.array(color), (n, 1)), np.zeros(n),
                 {joint: np.ones(n)}, SKIN)  # fmt: skip
