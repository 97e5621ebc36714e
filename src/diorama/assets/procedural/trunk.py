"""Trunk, neck and tail of a quadruped as blobs, with the joints that each moves with."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.implicit import Blob
from diorama.assets.procedural.primitives import Ellipsoid, Limb, Loft
from diorama.assets.procedural.quadruped import Anatomy, Landmarks

F64 = NDArray[np.float64]


def trunk(a: Anatomy, points: Landmarks) -> list[Blob]:
    """Ribcage, loin, belly and rump as one loft; forechest and belly pouch on it."""
    h, n = a.height, a.length
    floor, w, r, c = 1 - a.chest_depth, a.chest_width / 2, a.rump / 2, a.croup
    loin = a.waist / 2
    s, f = a.skirt, a.ruff
    rows = [  # place along the trunk, top, bottom, half width, egg
        (0.00, 0.885 * c, 0.71 - 0.6 * s, 0.62 * r + 0.3 * s, 0.0),
        (0.10, 0.945 * c, 0.63 - s, 0.95 * r + 0.3 * s, -0.05),
        (0.24, 0.975 * c + 0.5 * a.arch, 0.5 * (a.belly + 0.62) - s, 0.55 * r + 0.45 * loin, 0.0),
        (0.38, 0.5 * (0.965 + 0.985 * c) + a.arch, a.belly - s, loin + 0.3 * s, 0.0),
        (0.52, 0.962 + 0.6 * a.arch, 0.5 * (a.belly + floor) - s, 0.42 * loin + 0.58 * w + 0.3 * s, 0.06),
        (0.66, 0.965, floor + 0.015 - 0.8 * s, w + 0.2 * s, 0.10),
        (0.78, 0.982, floor - 0.6 * s - 0.2 * f, 0.97 * w + 0.3 * f, 0.14),
        (0.90, 0.94, floor + 0.04 - 0.6 * f, 0.80 * w + 0.5 * f, 0.10),
        (1.00, 0.86, floor + 0.13 - 0.6 * f, 0.56 * w + 0.5 * f, 0.0),
    ]
    back, front = -n / 2 + 0.07, n / 2 - 0.07  # the loft's ends are rounded beyond its last stations
    stations = [
        (back + t * (front - back), (top + bottom) / 2, (top - bottom) / 2, x, egg) for t, top, bottom, x, egg in rows
    ]
    table = np.array(stations) * np.array([h, h, h, h, 1.0])
    joints = tuple((name, float(points[name][2])) for name in ("spine1", "spine2", "chest"))
    joints = (("hips", float(points["hips"][2]) - 0.04 * h), *joints)
    loft = Loft(np.zeros(3), np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0]), table, power=2.2)
    blobs = [_furry(a, Blob(loft, 0.0, joints), 1.0)]
    breast = Ellipsoid(
        h * np.array([0, floor + 0.17, n / 2 - 0.07]), h * (0.02 + a.forechest * np.array([0.055, 0.075, 0.05]))
    )
    blobs.append(Blob(breast, 0.10 * h, (("chest", 0.0),)))
    if a.pouch > 0:
        place = h * np.array([0, a.belly + 0.01, -n / 2 + 0.36 * n])
        bag = Ellipsoid(place, h * np.array([0.75 * loin, 0.02 + a.pouch, 0.17]))
        blobs.append(_furry(a, Blob(bag, 0.07 * h, joints), 1.0))
    return blobs


def neck(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The neck with its ruff, the crest that runs to the withers, and a dewlap."""
    h = a.height
    low, top = points["neck1"], points["head"]
    axis = (top - low) / portable.norm(top - low)
    up = np.array([0.0, axis[2], -axis[1]])
    length = float(portable.norm(top - low))
    b, t, ruff = a.neck_base / 2, a.neck_top / 2, a.ruff
    rows = [
        (-0.25, -0.02 - 0.3 * ruff, b + 0.7 * ruff, 0.78 * b + 0.6 * ruff),
        (0.15, -0.015 - 0.5 * ruff, 0.92 * b + 0.8 * ruff, 0.72 * b + 0.8 * ruff),
        (0.55, -0.5 * ruff, 0.5 * (b + t) + 0.8 * ruff, 0.42 * (b + t) + 0.9 * ruff),
        (0.90, -0.01 - 0.4 * ruff, 1.02 * t + 0.6 * ruff, 0.92 * t + 0.8 * ruff),
        (1.10, -0.01 - 0.2 * ruff, 0.9 * t + 0.3 * ruff, 0.85 * t + 0.4 * ruff),
    ]
    table = np.array([(s * length / h, m, u, w, 0.0) for s, m, u, w in rows]) * np.array([h, h, h, h, 1.0])
    places = {"chest": -0.25, "neck1": 0.25, "neck2": 0.75, "head": 1.1}
    joints = tuple((name, float(portable.matmul(axis, low)) + s * length) for name, s in places.items())
    blobs = [_furry(a, Blob(Loft(low, axis, up, table), 0.09 * h, joints, along=axis), 1.0)]
    if a.dewlap > 0:
        throat = low + 0.88 * length * axis - 0.85 * t * h * up
        breast = np.array([0.0, (1 - a.chest_depth + 0.24) * h, (a.length / 2 - 0.02) * h])
        fold = Limb(throat, breast, h * (0.02 + 0.5 * a.dewlap), h * (0.03 + a.dewlap), flatness=0.55)
        blobs.append(Blob(fold, 0.07 * h, joints, along=axis))
    return blobs


def tail(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The tail: tapered, brushed out, or with a plume that hangs from its underside."""
    h, t = a.height, a.tail
    names = [f"tail{i}" for i in range(1, 6)]
    ends = [*names[1:], "tail_tip"]
    share = np.arange(6) / 5
    radii = h * (
        t.root
        + (t.tip - t.root) * share
        + t.brush * portable.power(portable.sin(np.pi * np.clip(share / 1.04 + 0.04, 0, 1)), 0.8)
    )
    hang = h * t.plume * portable.sin(np.pi * np.clip(0.12 + 0.8 * share, 0, 1))
    blobs = []
    for i, (name, end) in enumerate(zip(names, ends, strict=True)):
        bone = points[end] - points[name]
        soft = (0.05 if i == 0 else 0.02) * h
        blobs.append(
            _furry(a, Blob(Limb(points[name], points[end], radii[i], radii[i + 1]), soft, ((name, 0.0),)), 0.7)
        )
        if t.plume > 0:
            below = np.cross(bone, np.array([1.0, 0.0, 0.0]))
            below /= portable.norm(below) + 1e-12
            start, stop = points[name] - 0.7 * hang[i] * below, points[end] - 0.7 * hang[i + 1] * below
            fringe = Limb(start, stop, 0.01 * h + 0.6 * hang[i], 0.01 * h + 0.6 * hang[i + 1], flatness=0.4)
            blobs.append(_furry(a, Blob(fringe, 0.04 * h, ((name, 0.0),)), 0.8))
    return blobs


def _furry(a: Anatomy, blob: Blob, share: float) -> Blob:
    """The blob with a share of the coat's locks."""
    return Blob(
        blob.shape, blob.blend, blob.joints, blob.along, blob.cut, share * a.tousle * a.height, a.lock * a.height
    )
