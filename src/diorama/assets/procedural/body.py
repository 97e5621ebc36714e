"""The body of an animal as blobs: trunk, neck, limbs, paws, tail and head, with the joints that each moves with."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import MIRROR, Blob, Ellipsoid, Limb, Loft, Shape
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, head_frame
from diorama.assets.procedural.skeleton import sided

F64 = NDArray[np.float64]


def body(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of body and head, without the lower jaw; left and right are mirror images."""
    return [*_trunk(a, points), *_neck(a, points), *_tail(a, points), *_limbs(a, points), *_head(a, points)]


def _trunk(a: Anatomy, points: Landmarks) -> list[Blob]:
    h, n = a.height, a.length
    floor = 1 - a.chest_depth
    w, r, c = a.chest_width / 2, a.rump / 2, a.croup
    rows = [  # place along the trunk, top, bottom, half width, egg
        (0.015, 0.90 * c, 0.70 - 0.5 * a.skirt, 0.62 * r, 0.0),
        (0.13, 0.97 * c, 0.60 - a.skirt, 1.0 * r, -0.05),
        (0.28, 0.985 * c, 0.5 * (a.belly + 0.60) - a.skirt, 0.5 * (r + a.waist / 2), 0.0),
        (0.42, 0.955, a.belly - a.skirt, a.waist / 2 + 0.3 * a.skirt, 0.0),
        (0.56, 0.955, 0.55 * a.belly + 0.45 * floor - a.skirt, 0.55 * a.waist / 2 + 0.45 * w + 0.3 * a.skirt, 0.0),
        (0.72, 0.965, floor - 0.7 * a.skirt, w, 0.05),
        (0.84, 0.965, floor + 0.01 - 0.5 * a.ruff, 0.92 * w + 0.3 * a.ruff, 0.1),
        (0.94, 0.91, floor + 0.06 - 0.6 * a.ruff, 0.72 * w + 0.4 * a.ruff, 0.1),
        (0.99, 0.85, floor + 0.14 - 0.5 * a.ruff, 0.5 * w + 0.4 * a.ruff, 0.0),
    ]
    stations = [((s - 0.5) * n, (top + bottom) / 2, (top - bottom) / 2, x, egg) for s, top, bottom, x, egg in rows]
    table = np.array(stations) * np.array([h, h, h, h, 1.0])
    joints = tuple((name, float(points[name][2])) for name in ("spine1", "spine2", "chest"))
    joints = (("hips", float(points["hips"][2]) - 0.04 * h), *joints)
    loft = Loft(np.zeros(3), np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0]), table, power=2.2)
    return [Blob(loft, 0.0, joints, tousle=a.tousle * h, lock=a.lock * h)]


def _neck(a: Anatomy, points: Landmarks) -> list[Blob]:
    h = a.height
    low, top = points["neck1"], points["head"]
    axis = (top - low) / np.linalg.norm(top - low)
    up = np.array([0.0, axis[2], -axis[1]])
    length = float(np.linalg.norm(top - low))
    b, t, ruff = a.neck_base / 2, a.neck_top / 2, a.ruff
    rows = [
        (-0.25, -0.02 - 0.3 * ruff, b + 0.8 * ruff, 0.80 * b + 0.6 * ruff),
        (0.15, -0.015 - 0.5 * ruff, 0.9 * b + 0.9 * ruff, 0.72 * b + 0.8 * ruff),
        (0.55, -0.5 * ruff, 0.5 * (b + t) + 0.9 * ruff, 0.42 * (b + t) + 0.9 * ruff),
        (0.9, -0.01 - 0.4 * ruff, 1.0 * t + 0.7 * ruff, 0.92 * t + 0.8 * ruff),
        (1.1, -0.01 - 0.2 * ruff, 0.9 * t + 0.4 * ruff, 0.85 * t + 0.5 * ruff),
    ]
    table = np.array([(s * length / h, m, u, w, 0.0) for s, m, u, w in rows]) * np.array([h, h, h, h, 1.0])
    places = {"chest": -0.25, "neck1": 0.25, "neck2": 0.75, "head": 1.1}
    joints = tuple((name, float(axis @ low) + s * length) for name, s in places.items())
    return [Blob(Loft(low, axis, up, table), 0.09 * h, joints, along=axis, tousle=a.tousle * h, lock=a.lock * h)]


def _tail(a: Anatomy, points: Landmarks) -> list[Blob]:
    names = [f"tail{i}" for i in range(1, 6)]
    ends = [*names[1:], "tail_tip"]
    radii = np.interp(np.arange(6), [0, 5], [a.tail.root, a.tail.tip])
    radii = a.height * (radii + a.tail.brush * np.sin(np.pi * np.clip(np.arange(6) / 5.2 + 0.04, 0, 1)) ** 0.8)
    blobs = []
    for i, (name, end) in enumerate(zip(names, ends, strict=True)):
        limb = Limb(points[name], points[end], float(radii[i]), float(radii[i + 1]))
        blobs.append(
            Blob(
                limb,
                0.05 * a.height if i == 0 else 0.02 * a.height,
                ((name, 0.0),),
                tousle=0.7 * a.tousle * a.height,
                lock=a.lock * a.height,
            )
        )
    return blobs


def _limbs(a: Anatomy, points: Landmarks) -> list[Blob]:
    h, g = a.height, a.legs
    p = points
    left: list[tuple[str, Shape, float]] = []

    def limb(joint: str, start: F64, end: F64, r0: float, r1: float, k: float, flat: float = 1.0) -> None:
        left.append((joint, Limb(start, end, h * r0, h * r1, flatness=flat), k * h))

    up, forward = np.array([0.0, h, 0.0]), np.array([0.0, 0.0, h])
    # Foreleg: a flat shoulder blade, a muscled upper arm, a straight forearm.
    limb("scapula", p["scapula"] - 0.06 * up, p["humerus"] - 0.01 * forward, 0.085, 0.085, 0.08, 0.55)
    limb("humerus", p["humerus"] - 0.02 * forward, p["radius"] + 0.02 * up, 0.088 * g**0.5, 0.062 * g, 0.07, 0.75)
    limb("radius", p["radius"] + 0.02 * up, p["carpus"], 0.056 * g, 0.036 * g, 0.04)
    limb("carpus", p["carpus"], p["front_toes"] + 0.01 * up, 0.038 * g, 0.036 * g, 0.015)
    # Hind leg: a broad thigh, a leg tapering to the hock, an upright metatarsus.
    thigh = 0.5 * p["femur"] + 0.5 * p["tibia"] + 0.03 * up - 0.035 * forward
    slope = p["tibia"] - p["femur"]
    axis = slope / np.linalg.norm(slope)
    side = np.array([1.0, 0.0, 0.0])
    frame = np.stack([side, axis - axis[0] * side, np.cross(side, axis)], axis=1)
    frame /= np.linalg.norm(frame, axis=0)
    radii = h * a.thigh * np.array([0.075, 0.21, 0.135])
    left.append(("femur", Ellipsoid(thigh, radii, frame), 0.08 * h))
    limb("tibia", p["tibia"] + 0.02 * up - 0.03 * forward, p["metatarsus"], 0.078 * g, 0.034 * g, 0.06, 0.8)
    limb("metatarsus", p["metatarsus"], p["hind_toes"] + 0.01 * up, 0.036 * g, 0.034 * g, 0.025)
    if a.skirt > 0:
        limb("femur", thigh - 0.1 * forward, thigh - 0.12 * up - 0.12 * forward, a.skirt + 0.04, a.skirt + 0.02, 0.07)
    if a.feathers > 0:
        f = a.feathers
        limb("radius", p["radius"] - 0.03 * forward, p["carpus"] - 0.01 * forward, 0.03 + f, 0.01 + f, 0.05)
        limb("metatarsus", p["metatarsus"] - 0.01 * forward, p["hind_toes"], 0.02 + f, 0.01 + f, 0.04)
    for joint in ("front_toes", "hind_toes"):
        left += [(joint, shape, k * h) for shape, k in _paw(a, p[joint], 1.0 if joint == "front_toes" else 0.92)]
    blobs = []
    for joint, shape, k in left:
        rough = 0.0 if joint.endswith("toes") else 0.6 * a.tousle * h
        blobs.append(Blob(shape, k, ((sided(joint, 1), 0.0),), tousle=rough, lock=a.lock * h))
        blobs.append(Blob(mirrored(shape), k, ((sided(joint, -1), 0.0),), tousle=rough, lock=a.lock * h))
    return blobs


def _paw(a: Anatomy, knuckle: F64, size: float) -> list[tuple[Shape, float]]:
    """A pad and four toes, their undersides on the ground."""
    s = size * a.paws * a.height
    ground = np.array([knuckle[0], 0.0, knuckle[2]])
    shapes: list[tuple[Shape, float]] = [
        (Ellipsoid(ground + s * np.array([0, 0.040, 0.028]), s * np.array([0.046, 0.041, 0.055])), 0.02)
    ]
    for x, z in ((-0.034, 0.058), (-0.0125, 0.074), (0.0125, 0.074), (0.034, 0.058)):
        centre = ground + s * np.array([x, 0.028, z])
        shapes.append((Ellipsoid(centre, s * np.array([0.0165, 0.029, 0.031])), 0.006))
    return shapes


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


def mirrored(shape: Shape) -> Shape:
    """The shape on the other side of the plane x = 0."""
    if isinstance(shape, Ellipsoid):
        return Ellipsoid(MIRROR * shape.centre, shape.radii, MIRROR[:, None] * shape.rotation)
    assert isinstance(shape, Limb)
    flat = MIRROR * shape.flat_axis
    return Limb(MIRROR * shape.start, MIRROR * shape.end, shape.start_radius, shape.end_radius, flat, shape.flatness)
