"""What a face is known by, as separate pieces laid on the body: ears, eyes, nose, mouth lines, tongue, whiskers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import Blob, distance, gradient, smooth_table, trace
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, Rgb, head_frame

F64 = NDArray[np.float64]
FUR, WET, SKIN = 0, 1, 2  # materials: coat; eyes and nose; mouth and tongue


@dataclass(eq=False)
class Piece:
    """A run of triangles with what the mesh needs per vertex. `joints` maps a joint's name to weights (V,)."""

    name: str
    positions: F64
    normals: F64
    triangles: NDArray[np.uint32]
    colors: F64  # (V, 3) linear RGB
    coat_amount: F64  # (V,) in [0, 1]
    joints: dict[str, F64]
    material: int = FUR

    def mirrored(self, name: str) -> "Piece":
        """The same on the other side, left joints becoming right ones."""
        flip = np.array([-1.0, 1, 1])
        joints = {joint[:-2] + "_r" if joint.endswith("_l") else joint: w for joint, w in self.joints.items()}
        return Piece(
            name, self.positions * flip, self.normals * flip, self.triangles[:, ::-1].copy(), self.colors,
            self.coat_amount, joints, self.material,
        )  # fmt: skip


class Face:
    """The head's axes and its skin, on which pieces are placed. Lengths are in skull widths."""

    def __init__(self, a: Anatomy, points: Landmarks, blobs: Sequence[Blob]) -> None:
        self.unit = a.height * a.head.width
        self.origin = points["head"]
        self.turn = head_frame(a)
        reach = 1.6 * self.unit * (a.head.skull_length + a.head.muzzle_length)
        lo, hi = self.origin - reach, self.origin + reach
        self.blobs = [b for b in blobs if (b.bounds()[0] < hi).all() and (b.bounds()[1] > lo).all()]

    def place(self, where: Sequence[float] | F64) -> F64:
        """Model-space points (..., 3) of points in the head's axes."""
        return np.asarray(self.origin + self.unit * np.asarray(where, float) @ self.turn.T)

    def direction(self, where: Sequence[float] | F64) -> F64:
        """Unit model-space direction of one in the head's axes."""
        d = self.turn @ np.asarray(where, float)
        return np.asarray(d / np.linalg.norm(d))

    def local(self, points: F64) -> F64:
        """Points (N, 3) in the head's axes, skull widths."""
        return np.asarray((points - self.origin) @ self.turn / self.unit)

    def onto_skin(self, points: F64, toward: F64) -> F64:
        """Points (N, 3) moved along the unit direction `toward` from outside until they meet the skin."""
        reach = 1.2 * self.unit
        return trace(self.blobs, points - 0.6 * self.unit * toward, toward, reach)


def grid_triangles(rows: int, columns: int, closed: bool = False) -> NDArray[np.uint32]:
    """Triangles of a rows × columns grid of vertices (row-major); `closed` joins the last column to the first."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    a, b = r * columns + c, r * columns + (c + 1) % columns
    quad = np.stack([a, b, b + columns, a + columns], axis=-1).reshape(-1, 4)
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]).astype(np.uint32)


def vertex_normals(positions: F64, triangles: NDArray[np.uint32]) -> F64:
    """(V, 3) unit normals: the area-weighted mean of the triangles around each vertex."""
    corner = positions[triangles]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.zeros_like(positions)
    for i in range(3):
        np.add.at(total, triangles[:, i], face)
    return np.asarray(total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-20))


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
    colors[: rows * columns] *= (1 - 0.55 * deep).reshape(-1, 1)
    amount = np.ones(2 * rows * columns)
    amount[: rows * columns] = 1 - e.bare * bare.reshape(-1)
    w = np.tile(np.repeat(v, columns), 2)
    tip, root = np.clip((w - 0.3) / 0.45, 0, 1), np.clip(1 - w / 0.2, 0, 1)
    return Piece("ear_l", positions, normals, triangles, colors, amount,
                 {"ear_tip_l": tip, "ear_l": (1 - tip) * (1 - root), "head": (1 - tip) * root})  # fmt: skip


def patch(
    face: Face,
    centre: F64,
    toward: F64,
    roll: float,
    rings: Sequence[tuple[Callable[[F64], F64], Rgb, float]],
    bulge: float,
    segments: int = 24,
) -> tuple[F64, NDArray[np.uint32], F64, F64]:
    """A disc of rings laid on the skin and domed outward: positions, triangles, linear colours, ring radius (V,).

    A ring is (radius as a function of the angle from the patch's right, colour, lift), outermost first; radii, lift and
    bulge are in skull widths. `toward` is the unit direction from outside into the skin.
    """
    out = -toward
    right = np.cross(np.array([0.0, 1.0, 0.0]), out)
    right /= np.linalg.norm(right)
    up = np.cross(out, right)
    right, up = np.cos(roll) * right + np.sin(roll) * up, np.cos(roll) * up - np.sin(roll) * right
    angle = np.arange(segments) * 2 * np.pi / segments
    ray = np.cos(angle)[:, None] * right + np.sin(angle)[:, None] * up
    edge = rings[0][0](angle)
    base = face.onto_skin(centre + face.unit * edge[:, None] * ray, toward)
    depth = (base - centre) @ out
    mean = float(depth.mean())
    rows, colors, reach = [], [], []
    for radius, color, lift in rings:
        r = radius(angle)
        share = np.clip(r / edge, 0, 1)
        height = share**2 * depth + (1 - share**2) * mean + face.unit * (bulge * (1 - share**2) + lift)
        rows.append(centre + face.unit * r[:, None] * ray + height[:, None] * out)
        colors.append(np.tile(np.array(color), (segments, 1)))
        reach.append(share)
    positions = np.concatenate([*rows, rows[-1].mean(axis=0, keepdims=True)])
    triangles = grid_triangles(len(rings), segments, closed=True)
    last = (len(rings) - 1) * segments
    step = np.arange(segments)
    fan = np.stack([last + step, last + (step + 1) % segments, np.full(segments, last + segments)], axis=1)
    return (
        positions,
        np.concatenate([triangles, fan]).astype(np.uint32),
        np.concatenate([*colors, colors[-1][:1]]),
        np.concatenate([*reach, [0.0]]),
    )


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
    positions, triangles, colors, share = patch(face, centre, toward, roll, rings, 0.30 * w)
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
        middle = tip + r * face.unit * (np.array([0.52 * side, 0, 0]) - 0.20 * up + (0.0 if cat else 0.0) * out)
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
        positions = np.concatenate([foot + 0.008 * face.unit * around, mid + 0.005 * face.unit * around, tip[None]])
        sides = grid_triangles(2, 3, closed=True)
        cap = np.array([(3, 4, 6), (4, 5, 6), (5, 3, 6)], np.uint32)
        triangles = np.concatenate([sides, cap])
        normals = np.concatenate([around, around, axis[None]])
        piece = Piece("whisker_l", positions, normals, triangles, np.full((7, 3), 0.75), np.zeros(7),
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


def _rotate(v: F64, axis: F64, angle: float) -> F64:
    """Rodrigues' rotation of v about a unit axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(c * v + s * np.cross(axis, v) + (1 - c) * (axis @ v) * axis)


def _rgb(color: F64) -> Rgb:
    return (float(color[0]), float(color[1]), float(color[2]))
