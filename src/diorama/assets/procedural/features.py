"""What a face is known by, besides its ears: eyes, nose, lines of the mouth, whiskers."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import gradient, smooth_table
from diorama.assets.procedural.pieces import SKIN, WET, Face, Piece, grid_triangles, patch, vertex_normals
from diorama.assets.procedural.quadruped import Anatomy, Rgb

F64 = NDArray[np.float64]


def eye(a: Anatomy, face: Face) -> list[Piece]:
    """The left eye: rim, white, iris and pupil as rings of one domed patch, and a spark of light."""
    h = a.head
    w = h.eye_size / 2
    yaw, roll = np.radians(h.eye_yaw), np.radians(h.eye_slant)
    toward = -face.direction((np.sin(yaw), 0.08, np.cos(yaw)))
    start = face.place((h.eye_x, h.eye_y, h.skull_length + 0.25))
    centre = face.onto_skin(start[None], toward)[0]

    def lids(angle: F64) -> F64:
        x, y = np.cos(angle), np.sin(angle)
        lid = np.where(y > 0, h.eye_open, h.eye_open * 0.9)
        return np.asarray(w / (np.abs(x) ** 1.7 + np.abs(y / lid) ** 1.7) ** (1 / 1.7))

    def ellipse(rx: float, ry: float) -> Callable[[F64], F64]:
        return lambda angle: rx * ry / np.sqrt((ry * np.cos(angle)) ** 2 + (rx * np.sin(angle)) ** 2)

    iris = ellipse(w * h.iris, w * h.iris)
    pupil = ellipse(w * h.iris * h.pupil[0], w * h.iris * h.pupil[1])
    within = [lambda t: np.minimum(iris(t), 0.97 * lids(t)), lambda t: np.minimum(pupil(t + roll), 0.9 * lids(t))]
    color = np.array(h.eye_color)
    dark, white = (0.008, 0.007, 0.006), (0.10, 0.085, 0.07)
    rings: list[tuple[Callable[[F64], F64], Rgb, float]] = [
        (lambda t: (1 + h.eye_rim) * lids(t), dark, -0.004),
        (lids, dark, 0.012),
        (lids, white, 0.010),
        (within[0], white, 0.009),
        (within[0], _rgb(0.4 * color), 0.009),
        (lambda t: 0.75 * within[0](t) + 0.25 * within[1](t), _rgb(color), 0.009),
        (lambda t: 0.1 * within[0](t) + 0.9 * within[1](t), _rgb(1.25 * color), 0.009),
        (within[1], (0.004, 0.004, 0.004), 0.009),
        (lambda t: 0.3 * within[1](t), (0.004, 0.004, 0.004), 0.009),
    ]
    positions, triangles, colors, _ = patch(face, centre, toward, roll, rings, 0.30 * w)
    up = face.turn[:, 1]
    lidded = np.clip(((positions - centre) @ up) / (w * face.unit * h.eye_open), -1, 1)
    colors = colors * (1 - 0.55 * np.clip(lidded, 0, 1) ** 2)[:, None]
    normals = vertex_normals(positions, triangles)
    normals = 0.65 * normals - 0.35 * toward
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    n = len(positions)
    return [Piece("eye_l", positions, normals, triangles, colors, np.zeros(n), {"head": np.ones(n)}, WET)]


def spark(a: Anatomy, eye_piece: Piece, toward_left: float = -1.0) -> Piece:
    """A fixed glint on an eye: real ones nearly always show the window or the sky."""
    w = 0.5 * a.head.eye_size * a.height * a.head.width
    centre, n = eye_piece.positions[-1], eye_piece.normals[-1]
    right = np.cross(np.array([0.0, 1.0, 0.0]), n)
    right /= np.linalg.norm(right)
    up = np.cross(n, right)
    middle = centre + (0.26 * toward_left * right + 0.30 * a.head.eye_open * up) * w + 0.0 * w * n
    angle = np.arange(6) * np.pi / 3
    ring = middle + 0.13 * w * (np.cos(angle)[:, None] * right + np.sin(angle)[:, None] * up)
    positions = np.concatenate([ring, middle[None] + 0.02 * w * n])
    triangles = np.array([(i, (i + 1) % 6, 6) for i in range(6)], np.uint32)
    white = np.full((7, 3), 0.9)
    return Piece("spark", positions, np.tile(n, (7, 1)), triangles, white, np.zeros(7), {"head": np.ones(7)}, WET)


def nose(a: Anatomy, face: Face) -> list[Piece]:
    """The nose leather with its nostrils."""
    h = a.head
    r = h.nose / 2
    cat = h.pads > 0
    y = -0.035 - h.muzzle_drop if cat else 0.055 - h.muzzle_drop
    out = face.direction((0, 0.25 if cat else 0.35, 1))
    centre = face.onto_skin(face.place((0, y, h.skull_length + h.muzzle_length + 0.2))[None], -out)[0]

    def outline(angle: F64) -> F64:
        x, s = np.cos(angle), np.sin(angle)
        if cat:  # a rounded triangle, point down
            return np.asarray(r * (0.78 - 0.16 * np.sin(3 * angle)) * np.where(s < 0, 0.95, 0.8))
        return np.asarray(r / (np.abs(x) ** 2.6 + np.abs(s / (0.82 - 0.05 * s)) ** 2.6) ** (1 / 2.6))

    color = np.array(h.nose_color)
    rings: list[tuple[Callable[[F64], F64], Rgb, float]] = [
        (lambda t: 1.02 * outline(t), _rgb(0.6 * color), -0.008),
        (lambda t: 0.9 * outline(t), _rgb(color), 0.25 * r),
        (lambda t: 0.6 * outline(t), _rgb(color), 0.34 * r),
        (lambda t: 0.3 * outline(t), _rgb(1.1 * color), 0.34 * r),
    ]
    positions, triangles, colors, _ = patch(face, centre, -out, 0.0, rings, 0.10 * r, segments=18)
    n = len(positions)
    pieces = [
        Piece("nose", positions, vertex_normals(positions, triangles), triangles, colors, np.zeros(n),
              {"muzzle": np.ones(n)}, WET)
    ]  # fmt: skip
    up, tip = np.cross(out, np.array([1.0, 0, 0])), positions[-1]
    angle = np.arange(8) * np.pi / 4
    for side in (1.0, -1.0):
        middle = tip + r * face.unit * (np.array([0.52 * side, 0, 0]) - 0.20 * up)
        width, tall = (0.20, 0.13) if cat else (0.22, 0.17)
        along = np.array([side, 0, 0]) * 0.9 + 0.35 * up - 0.35 * out
        along /= np.linalg.norm(along)
        high = np.cross(out, along) * side
        ring = middle + r * face.unit * (width * np.cos(angle)[:, None] * along + tall * np.sin(angle)[:, None] * high)
        ring = _lift(ring, positions, out, 0.02 * r * face.unit)
        triangles = np.array([(0, i, i + 1) for i in range(1, 7)], np.uint32)
        if side < 0:
            triangles = triangles[:, ::-1].copy()
        pieces.append(
            Piece("nostril", ring, np.tile(out, (8, 1)), triangles, np.full((8, 3), 0.002), np.zeros(8),
                  {"muzzle": np.ones(8)}, SKIN)
        )  # fmt: skip
    return pieces


def line(
    face: Face, curve: Sequence[Sequence[float]], toward: F64, width: float, color: Rgb, joint: str, steps: int = 9
) -> Piece:
    """A thin ribbon along a curve in the head's axes, laid on the skin, pointed at its far end."""
    rough = np.array(curve, float)
    t = np.linspace(0, len(rough) - 1, steps)
    table = smooth_table(np.concatenate([np.arange(len(rough))[:, None], rough], axis=1))
    smooth = np.stack([np.interp(t, table[:, 0], table[:, i]) for i in (1, 2, 3)], axis=1)
    middle = face.place(smooth)
    along = np.gradient(middle, axis=0)
    side = np.cross(toward, along)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    half = 0.5 * width * face.unit * np.sqrt(np.clip(1.02 - np.linspace(0, 1, steps) ** 2, 0, 1))[:, None]
    points = np.concatenate([middle - side * half, middle + side * half])
    skin = face.onto_skin(points, toward) - 0.006 * face.unit * toward
    strip = np.stack([skin[:steps], skin[steps:]], axis=1).reshape(-1, 3)
    triangles = grid_triangles(steps, 2)
    corner = strip[triangles[0]]
    if np.cross(corner[1] - corner[0], corner[2] - corner[0]) @ toward > 0:
        triangles = triangles[:, ::-1].copy()
    n = len(strip)
    normals = gradient(face.blobs, strip, 0.01 * face.unit)
    return Piece(
        "line", strip, normals, triangles, np.tile(np.array(color), (n, 1)), np.zeros(n), {joint: np.ones(n)}, SKIN
    )


def whiskers(a: Anatomy, face: Face) -> list[Piece]:
    """Six stiff white hairs on each whisker pad, thin three-sided spikes."""
    h = a.head
    roots, ends = [], []
    for i in range(6):
        row, back = i % 3, i // 3
        roots.append(
            (0.15 + 0.04 * back, -0.115 - 0.045 * row - h.muzzle_drop, h.skull_length + 0.65 * h.muzzle_length)
        )
        ends.append((0.72 + 0.06 * back, 0.0 - 0.16 * row - 0.03 * back, h.skull_length + 0.12 - 0.16 * back))
    pieces = []
    for root, end in zip(roots, ends, strict=True):
        foot, tip = face.place(root), face.place(end)
        foot = foot - 0.06 * (tip - foot)
        mid = 0.5 * (foot + tip) + 0.03 * face.unit * face.turn[:, 1]
        axis = (tip - foot) / np.linalg.norm(tip - foot)
        one = np.cross(axis, np.array([0.0, 1.0, 0.0]))
        one /= np.linalg.norm(one)
        two = np.cross(axis, one)
        angle = np.arange(3) * 2 * np.pi / 3
        around = np.cos(angle)[:, None] * one + np.sin(angle)[:, None] * two
        positions = np.concatenate([foot + 0.006 * face.unit * around, mid + 0.0035 * face.unit * around, tip[None]])
        sides = grid_triangles(2, 3, closed=True)
        cap = np.array([(3, 4, 6), (4, 5, 6), (5, 3, 6)], np.uint32)
        triangles = np.concatenate([sides, cap])
        normals = np.concatenate([around, around, axis[None]])
        piece = Piece("whisker_l", positions, normals, triangles, np.full((7, 3), 0.62), np.zeros(7),
                      {"muzzle": np.ones(7)}, SKIN)  # fmt: skip
        pieces += [piece, piece.mirrored("whisker_r")]
    return pieces


def _lift(points: F64, surface: F64, out: F64, gap: float) -> F64:
    """Points moved along `out` to lie `gap` above the nearest vertices of a surface (seen along `out`)."""
    flat = points - (points @ out)[:, None] * out
    base = surface - (surface @ out)[:, None] * out
    far = np.linalg.norm(flat[:, None] - base[None], axis=2)
    near = np.argsort(far, axis=1, kind="stable")[:, :3]
    w = 1 / (np.take_along_axis(far, near, 1) + 1e-6)
    height = ((surface @ out)[near] * w).sum(axis=1) / w.sum(axis=1)
    return np.asarray(flat + (height + gap)[:, None] * out)


def _rgb(color: F64) -> Rgb:
    return (float(color[0]), float(color[1]), float(color[2]))
