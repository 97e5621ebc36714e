"""The head as blobs: braincase, brows, cheekbones, orbits, a dog's or a cat's muzzle, and the lower jaw."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.implicit import Blob
from diorama.assets.procedural.primitives import Ellipsoid, Limb, Loft, mirrored
from diorama.assets.procedural.quadruped import Anatomy, Head, Landmarks, head_frame

F64 = NDArray[np.float64]
Point = tuple[float, float, float]


class Clay:
    """Blobs put together in the head's axes (left, up, forward), lengths in skull widths.

    What is not on the middle plane is made on both sides.
    """

    def __init__(self, a: Anatomy, points: Landmarks) -> None:
        self.unit = a.height * a.head.width
        self.origin = points["head"]
        self.turn = head_frame(a)
        self.locks = (a.tousle * a.height, 0.8 * a.lock * a.height)
        self.blobs: list[Blob] = []

    def at(self, place: Point) -> F64:
        """The model-space point of a place."""
        return np.asarray(self.origin + portable.matmul(self.turn, self.unit * np.array(place)))

    def _add(self, shape: Ellipsoid | Limb, both: bool, k: float, joint: str, cut: bool, rough: float) -> None:
        for one in [shape, mirrored(shape)] if both else [shape]:
            blob = Blob(one, k * self.unit, ((joint, 0.0),), cut=cut, tousle=rough * self.locks[0], lock=self.locks[1])
            self.blobs.append(blob)

    def ball(
        self, place: Point, radii: Point, k: float, joint: str = "head", cut: bool = False, rough: float = 0.0
    ) -> None:
        """An ellipsoid."""
        shape = Ellipsoid(self.at(place), self.unit * np.array(radii), self.turn)
        self._add(shape, place[0] != 0, k, joint, cut, rough)

    def rod(self, start: Point, end: Point, radii: tuple[float, float], k: float, joint: str = "head") -> None:
        """A tapered capsule."""
        shape = Limb(self.at(start), self.at(end), self.unit * radii[0], self.unit * radii[1])
        self._add(shape, start[0] != 0 or end[0] != 0, k, joint, False, 0.0)

    def loft(self, rows: Sequence[Sequence[float]], k: float, joints: dict[str, float], power: float = 2.0) -> None:
        """Sections along the head: rows of (place forward, top, bottom, half width, egg)."""
        table = np.array([(z, (top + low) / 2, (top - low) / 2, x, egg) for z, top, low, x, egg in rows])
        table[:, :4] *= self.unit
        shape = Loft(self.origin, self.turn[:, 2], self.turn[:, 1], table, power)
        base = float(portable.matmul(self.turn[:, 2], self.origin))
        places = tuple((name, base + z * self.unit) for name, z in joints.items())
        self.blobs.append(Blob(shape, k * self.unit, places, along=self.turn[:, 2]))


def head(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The head without its lower jaw; the eyes' openings are not cut yet."""
    clay = Clay(a, points)
    _skull(a, clay)
    (_short_muzzle if a.head.pads else _long_muzzle)(a, clay)
    _orbits(a, clay)
    _fur(a, clay)
    return clay.blobs


def sockets(a: Anatomy, points: Landmarks) -> list[Blob]:
    """What is cut out of the head behind the lids."""
    h, clay = a.head, Clay(a, points)
    yaw = np.radians(h.eye_yaw)
    out = portable.matmul(clay.turn, np.array([portable.sin(yaw), 0.08, portable.cos(yaw)]))
    right = np.cross(clay.turn[:, 1], out)
    right /= portable.norm(right)
    up = np.cross(out, right)
    size = clay.unit * h.eye_half
    radii = np.array([1.45 * size, (0.3 + 1.2 * h.eye_open) * size, 1.6 * h.eye_radius * clay.unit])
    centre = points["eyelid"] + 0.7 * h.eye_radius * clay.unit * out
    shape = Ellipsoid(centre, radii, np.stack([right, up, out], axis=1))
    return [Blob(one, 0.01 * clay.unit, (("head", 0.0),), cut=True) for one in (shape, mirrored(shape))]


def _skull(a: Anatomy, clay: Clay) -> None:
    h = a.head
    n, c, tall, dome = h.skull_length, h.crown, h.skull_height, h.dome
    back = (0, 0, 0.006, 0.044, 0.083, 0.117) if h.pads else (0,) * 6  # a cat's forehead runs back from its eyes
    rows = [  # place, drop of the profile from the crown, and of the underside, in skull heights; half width
        (-0.02, 0.30, 0.75, 0.22),
        (0.20, 0.05, 0.95, 0.37),
        (0.46, 0.00, 1.00, 0.43),
        (0.63, 0.035 - 0.02 * h.brow - 0.015 * dome, 0.98, 0.42 + 0.01 * dome),
        (0.75, 0.13 - 0.05 * h.brow - 0.06 * dome, 0.92, 0.38 + 0.03 * dome),
        (0.84, 0.28 - 0.08 * h.brow - 0.14 * dome, 0.82, 0.31 + 0.05 * dome),
    ]
    table = [
        (z * n, c - (top + more) * tall, c - low * tall, x, 0.0)
        for (z, top, low, x), more in zip(rows, back, strict=True)
    ]
    clay.loft(table, 0.2, {"head": 0.0}, 2.4)
    clay.ball((0, -0.18, 0.42 * n), (0.30, 0.20, 0.34 * n), 0.22)
    # Cheek bones from under the eyes to the ears, and the muscle that fills the cheek below them.
    front = 0.76 if h.pads else 0.86
    clay.rod((0.29, -0.03, front * n), (0.40 * h.zygoma, -0.01, 0.46 * n), (0.06, 0.075), 0.16)
    clay.ball((0.27, -0.13, 0.52 * n), (0.20 * h.cheek, 0.22 * h.cheek, 0.28 * n), 0.16)


def _orbits(a: Anatomy, clay: Clay) -> None:
    """The swellings over the eyeballs, and the brows over them."""
    h = a.head
    x, y, z = h.eye_place
    r = h.eye_radius
    thick = max(0.05 * h.brow + 0.01, 0.032)  # the two of a thinner ridge would meet in a slit
    clay.ball((x + 0.01, y + 1.1 * r + 0.02, z - 0.03), (0.11, thick, 0.10), 0.12)
    clay.ball((x, y, z), (1.06 * r, 1.06 * r, 1.06 * r), 0.5 * r)


def _long_muzzle(a: Anatomy, clay: Clay) -> None:
    """A dog's: a box that tapers from between the eyes to the nose, its underside the line of the lips."""
    h = a.head
    n, m = h.skull_length, h.muzzle_length
    top, low = 0.10, 0.10 - h.muzzle_depth
    half, tip = h.muzzle_depth / 2, h.muzzle_tip / 2
    cap = 0.8 * min(half, tip)
    end = max(n + m - cap, 0.62 * n)
    start = 0.5 * n
    middle = 0.5 * (end + max(0.9 * n, start))
    drop, arch = h.muzzle_drop, h.arch
    rows = [
        (start, top, low + 0.06, h.muzzle_base / 2, 0.0),
        (0.5 * start + 0.5 * middle, top + 0.3 * arch, low - 0.01, 0.98 * h.muzzle_base / 2, -0.16),
        (middle, top - 0.015 - 0.4 * drop + arch, low - 0.4 * drop, 0.27 * h.muzzle_base + 0.23 * h.muzzle_tip, -0.26),
        (end, top - 0.03 - drop, h.lip_front, tip, -0.16),
    ]
    clay.loft(rows, 0.13, {"head": 0.75 * n, "muzzle": 1.05 * n}, 2.3)
    # The cheek around the corner of the mouth.
    clay.rod((0.36 * h.muzzle_base, low + 0.07, 0.86 * n), (0.24, -0.17, 0.5 * n), (0.09, 0.13), 0.10)
    # The gristle that carries the nose.
    nose = (0, h.nose_y - 0.03, n + m - 0.36 * h.nose)
    clay.rod((0, top - 0.09 - 0.5 * drop, middle), nose, (0.10, 0.36 * h.nose), 0.06, "muzzle")
    f = h.flews
    if f > 0:  # The lips hang below the muzzle, deepest before the corner of the mouth.
        back, front = (0.40 * h.muzzle_base, low + 0.07 - 0.06 * f, n + 0.22 * m), (0.72 * tip, h.lip_front + 0.05, end)
        clay.rod(back, front, (0.075 + 0.05 * f, 0.085), 0.08, "muzzle")
        clay.ball((0.36 * h.muzzle_base, low + 0.04 - 0.10 * f, n + 0.40 * m), (0.07, 0.08 + 0.09 * f, 0.34 * m), 0.10,
                  "muzzle")  # fmt: skip
    if h.folds > 0:  # A roll over the nose, and creases beside it.
        clay.rod((0, top + 0.03, n + 0.12 * m), (0.17, top - 0.08, n - 0.02), (0.065 * h.folds, 0.05 * h.folds), 0.03)
        clay.rod((0.20, top - 0.05, n), (0.30, -0.22, 0.92 * n), (0.05 * h.folds, 0.05 * h.folds), 0.03)
        clay.rod((0.03, h.eye_y + 0.17, 0.88 * n), (0.15, h.eye_y + 0.22, 0.78 * n), (0.03 * h.folds, 0.02), 0.06)


def _short_muzzle(a: Anatomy, clay: Clay) -> None:
    """A cat's: a straight nose, and two rounded whisker pads under it."""
    h = a.head
    n, m, p = h.skull_length, h.muzzle_length, h.pads
    nose, tip = h.nose_y, h.muzzle_tip / 0.36
    front = n + m
    clay.ball((0, nose - 0.06, 0.80 * n), (0.24 * h.muzzle_base / 0.46, 0.20, 0.20), 0.16)
    clay.rod((0, h.eye_y + 0.05, 0.90 * n), (0, nose + 0.045, front - 0.085), (0.095, 0.068), 0.14, "muzzle")
    clay.rod((0, nose - 0.06, 0.80 * n), (0, nose - 0.06, front - 0.12), (0.15, 0.10 * tip), 0.08)  # the core of it
    clay.ball((0, nose - 0.05, front - 0.12), (0.13 * tip, 0.11, 0.09), 0.08, "muzzle")
    clay.rod((0.12 * tip, nose - 0.10, n + 0.2 * m), (0.22, -0.17, 0.5 * n), (0.10, 0.16), 0.10)  # around the mouth
    if h.folds > 0:  # Creases between the eyes and over the brow.
        clay.rod((0.035, h.eye_y + 0.06, 0.92 * n), (0.06, h.crown - 0.10, 0.66 * n), (0.03 * h.folds, 0.02), 0.03)
        clay.rod((0.10, h.eye_y + 0.20, 0.84 * n), (0.16, h.crown - 0.08, 0.60 * n), (0.03 * h.folds, 0.02), 0.03)
        clay.rod((0.10, nose + 0.06, front - 0.10), (0.24, nose - 0.10, 0.88 * n), (0.04 * h.folds, 0.035), 0.03)
    clay.ball((0.098 * tip, nose - 0.105, front - 0.115), (0.122 * p * tip, 0.105 * p, 0.135), 0.02, "muzzle")


def _fur(a: Anatomy, clay: Clay) -> None:
    h = a.head
    n, m = h.skull_length, h.muzzle_length
    if h.tufts > 0:
        clay.ball((0.36, -0.20, 0.42 * n), (0.22 * h.tufts, 0.22, 0.16), 0.2, rough=0.8)
    if h.topknot > 0:
        clay.ball((0, 0.34, 0.44 * n), (0.50, 0.30 * h.topknot, 0.50), 0.12, rough=1.0)
    if h.beard > 0:
        clay.ball((0.14, -0.26, n + 0.52 * m), (0.20, 0.25 * h.beard, 0.30), 0.10, "muzzle", rough=1.0)
        clay.ball((h.eye_x - 0.03, h.eye_y + 0.15, 0.95 * n), (0.14, 0.07 * h.beard, 0.13), 0.06, rough=0.5)


def jaw(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The lower jaw."""
    h, clay = a.head, Clay(a, points)
    n, m = h.skull_length, h.muzzle_length
    if h.pads:
        low, front = h.lip_y, n + m - 0.10
        rows = [
            (0.45 * n, low + 0.14, low - 0.07, 0.20, 0.0),
            (0.75 * n, low + 0.10, low - 0.09, 0.18, 0.0),
            (front - 0.09, low + 0.06, low - 0.09, 0.13, 0.0),
        ]
        clay.loft(rows, 0.0, {"jaw": 0.0})
        clay.ball((0, low - 0.05, front - 0.02), (0.105, 0.085 * h.chin, 0.085), 0.06, "jaw")
        return clay.blobs
    low, tip = 0.10 - h.muzzle_depth, h.muzzle_tip / 2
    end = max(n + 0.93 * m + h.underbite - 0.12, 0.7 * n)
    middle, drop = 0.5 * (0.82 * n + end), 0.5 * h.muzzle_drop
    rows = [
        (0.45 * n, low + 0.12, low - 0.12, 0.25, 0.0),
        (0.82 * n, low + 0.08, low - 0.20, 0.46 * h.muzzle_base, -0.16),
        (middle, low + 0.07 - drop, low - 0.17 - drop, 0.46 * h.muzzle_tip, -0.16),
        (end, h.lip_front + 0.05, h.lip_front - 0.11 - 0.05 * h.chin, 0.84 * tip, -0.16),
    ]
    clay.loft(rows, 0.0, {"jaw": 0.0}, 2.2)
    return clay.blobs


def nose_leather(a: Anatomy, points: Landmarks, skin: float) -> list[Blob]:
    """The nose's leather with nostrils and a groove, set on a muzzle that ends at `skin`, in skull widths."""
    h, clay = a.head, Clay(a, points)
    w, y = h.nose, h.nose_y
    cat = h.pads > 0
    z = skin - (0.08 if cat else 0.20) * w
    rows = (  # up, forward, half depth, half width
        [(-0.30, 0.02, 0.08, 0.08), (-0.12, 0.04, 0.14, 0.24), (0.10, 0.0, 0.17, 0.42), (0.22, -0.07, 0.12, 0.34)]
        if cat
        else [(-0.26, -0.05, 0.14, 0.18), (-0.12, 0.0, 0.24, 0.36), (0.06, 0.0, 0.28, 0.47), (0.19, -0.08, 0.20, 0.36)]
    )
    table = clay.unit * w * np.array([(*row, 0.0) for row in rows])
    shape = Loft(clay.at((0, y, z)), clay.turn[:, 1], clay.turn[:, 2], table, 2.3)
    clay.blobs.append(Blob(shape, 0.0, (("muzzle", 0.0),)))
    front = z + (0.17 if cat else 0.27) * w
    low = -0.04 if cat else -0.05
    hole = (0.06, 0.045, 0.07) if cat else (0.095, 0.06, 0.11)
    clay.ball((0.20 * w, y + low * w, front), (hole[0] * w, hole[1] * w, hole[2] * w), 0.03 * w, cut=True)
    clay.ball((0.33 * w, y + (low - 0.05) * w, front - 0.1 * w), (0.14 * w, 0.03 * w, hole[2] * w), 0.02 * w, cut=True)
    clay.ball((0, y - 0.28 * w, front), (0.02 * w, 0.26 * w, 0.07 * w), 0.03 * w, cut=True)
    return clay.blobs


def lip_line(h: Head) -> list[Point]:
    """Where the left upper lip ends, from the middle back to the corner of the mouth: near the skin, not on it."""
    n, m, y = h.skull_length, h.muzzle_length, h.lip_y
    front = n + m
    if h.pads:
        t = h.muzzle_tip / 0.36
        up = 0.07 * min(m / 0.2, 1.0) - 0.04  # the corners of a flat face's mouth hang
        return [(0, y + 0.01, front - 0.02), (0.06 * t, y - 0.02, front - 0.03), (0.12 * t, y - 0.015, front - 0.06),
                (0.16 * t, y + 0.3 * up, front - 0.11), (0.19 * t, y + up, front - 0.15)]  # fmt: skip
    tip, base, hang = h.muzzle_tip / 2, h.muzzle_base / 2, 0.19 * h.flews
    return [
        (0, h.lip_front + 0.04, front),
        (0.5 * tip, h.lip_front, front - 0.02),
        (1.0 * tip, 0.2 * y + 0.8 * h.lip_front - 0.3 * hang, n + 0.8 * m - 0.02),
        (0.5 * (tip + base), y - 0.4 * h.muzzle_drop - hang, n + 0.42 * m),
        (0.98 * base, y + 0.01 - 0.4 * hang, n + 0.1 * m),
        (1.0 * base, y + 0.07, 0.90 * n),
    ][: 6 if m > 0.3 else 5]  # in a flat face the corners lie ahead of the cheeks
