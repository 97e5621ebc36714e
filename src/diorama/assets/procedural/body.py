"""The body of an animal as blobs: trunk, neck, limbs, paws, tail and head, with the joints that each moves with."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import Blob, Ellipsoid, Limb, Loft, mirrored
from diorama.assets.procedural.limbs import limbs
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, head_frame
from diorama.assets.procedural.trunk import neck, tail, trunk

F64 = NDArray[np.float64]


def body(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of body and head, without the lower jaw; left and right are mirror images."""
    return [*trunk(a, points), *neck(a, points), *tail(a, points), *limbs(a, points), *_head(a, points)]


def _head(a: Anatomy, points: Landmarks) -> list[Blob]:
    h = a.head
    unit = a.height * h.width
    turn = head_frame(a)
    blobs: list[Blob] = []

    def at(x: float, y: float, z: float) -> F64:
        return np.asarray(points["head"] + turn @ (unit * np.array([x, y, z])))

    def ball(
        x: float,
        y: float,
        z: float,
        rx: float,
        ry: float,
        rz: float,
        k: float,
        joint: str = "head",
        cut: bool = False,
        rough: float = 0.0,
    ) -> None:
        shape = Ellipsoid(at(x, y, z), unit * np.array([rx, ry, rz]), turn)
        locks, length = rough * a.tousle * a.height, 0.8 * a.lock * a.height
        both = [shape] if x == 0 else [shape, mirrored(shape)]
        blobs.extend(Blob(one, k * unit, ((joint, 0.0),), cut=cut, tousle=locks, lock=length) for one in both)

    def limb(start: F64, end: F64, r0: float, r1: float, k: float, flat: float = 1.0, joint: str = "head") -> None:
        blobs.append(Blob(Limb(start, end, unit * r0, unit * r1, flatness=flat), k * unit, ((joint, 0.0),)))

    n, m = h.skull_length, h.muzzle_length
    ball(0, h.crown - 0.5 * h.skull_height, 0.46 * n, 0.46, 0.5 * h.skull_height, 0.54 * n, 0.35)
    ball(0, -0.18, 0.42 * n, 0.30, 0.20, 0.34 * n, 0.25)
    ball(0.27, -0.12, 0.50 * n, 0.20 * h.cheek, 0.23 * h.cheek, 0.29 * n, 0.18)
    ball(0.17, h.eye_y + 0.05, 0.82 * n, 0.16, 0.11 * h.brow, 0.14, 0.22)
    # Muzzle: a tapered box from between the eyes to the nose, its underside the line of the lips.
    top, low = 0.10, 0.10 - h.muzzle_depth
    half = h.muzzle_depth / 2
    stations = np.array(
        [
            (0.55 * n, (top + low) / 2, half * 0.95, h.muzzle_base / 2, 0.0),
            (0.95 * n, (top + low) / 2 - 0.02, half, h.muzzle_base / 2, -0.12),
            (
                n + 0.5 * m,
                (top + low) / 2 - 0.01 - 0.6 * h.muzzle_drop,
                half * 0.88,
                0.27 * (h.muzzle_base + h.muzzle_tip) * 0.93,
                -0.15,
            ),
            (n + 0.86 * m, (top + low) / 2 + 0.005 - h.muzzle_drop, half * 0.76, h.muzzle_tip / 2, -0.12),
        ]
    )
    table = stations * np.array([unit, unit, unit, unit, 1.0])
    loft = Loft(points["head"], turn[:, 2], turn[:, 1], table, power=2.4)
    blend_places = (("head", 0.75 * n * unit), ("muzzle", 1.1 * n * unit))
    base = float(turn[:, 2] @ points["head"])
    joints = tuple((name, base + s) for name, s in blend_places)
    blobs.append(Blob(loft, 0.17 * unit, joints, along=turn[:, 2]))
    if h.pads > 0:
        ball(0.105, -0.17 - h.muzzle_drop, n + 0.6 * m, 0.145 * h.pads, 0.125 * h.pads, 0.15 * h.pads, 0.05, "muzzle")
    if h.flews > 0:
        f = h.flews
        ball(0.36 * h.muzzle_base, low + 0.05 - 0.1 * f, n + 0.45 * m, 0.09, 0.10 + 0.10 * f, 0.42 * m, 0.12, "muzzle")
    if h.tufts > 0:
        ball(0.36, -0.20, 0.40 * n, 0.22 * h.tufts, 0.22, 0.16, 0.2, rough=0.8)
    if h.topknot > 0:
        ball(0, 0.34, 0.44 * n, 0.50, 0.30 * h.topknot, 0.50, 0.12, rough=1.0)
    if h.beard > 0:
        ball(0.14, -0.26, n + 0.52 * m, 0.20, 0.25 * h.beard, 0.30, 0.10, "muzzle", rough=1.0)
        ball(0.19, 0.27, 0.90 * n, 0.14, 0.07 * h.beard, 0.13, 0.06, rough=0.5)
    # Eye sockets, shallow
    ball(h.eye_x * 1.05, h.eye_y - 0.02, 1.06 * n, 0.12 * h.socket, 0.10 * h.socket, 0.14 * h.socket, 0.12, cut=True)
    return blobs


def jaw(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of the lower jaw."""
    h = a.head
    unit = a.height * h.width
    turn = head_frame(a)
    n, m = h.skull_length, h.muzzle_length

    def at(x: float, y: float, z: float) -> F64:
        return np.asarray(points["head"] + turn @ (unit * np.array([x, y, z])))

    low = 0.10 - h.muzzle_depth
    r = 0.12 * h.chin
    table = np.array(
        [
            (0.50 * n, low + 0.04, 0.09, 0.22, 0.0),
            (0.85 * n, low - 0.04, 0.13, 0.44 * h.muzzle_base, -0.1),
            (n + 0.4 * m, low - 0.0 - 0.7 * h.muzzle_drop, 0.115, 0.42 * h.muzzle_tip, -0.1),
            (n + 0.66 * m, low + 0.015 - h.muzzle_drop, r, 0.34 * h.muzzle_tip, -0.1),
        ]
    ) * np.array([unit, unit, unit, unit, 1.0])
    return [Blob(Loft(points["head"], turn[:, 2], turn[:, 1], table), 0.0, (("jaw", 0.0),))]
