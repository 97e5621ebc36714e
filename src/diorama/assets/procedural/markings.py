"""Where an animal's colours lie: the four fields of a coat (see `Coat`) as functions of the body's surface.

`Anatomy.markings` names, for each field, the rule that fills it: white "spotting" or "urajiro"; stripes "mackerel",
"classic", "spotted", "brindle" or "sable"; patches "blobs", "spots", "saddle" or "merle"; points "colourpoint", "tan"
or "mask".
All rules are smooth in space, so that a contour stays crisp between sparse vertices.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.lattice import noise
from diorama.assets.procedural.quadruped import Anatomy

F64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Places:
    """V places on a body, in coordinates that do not depend on the breed."""

    along: F64  # (V,) from the buttock (0) to the point of the shoulder (1), beyond it on neck and head
    height: F64  # (V,) over the ground, in heights at the withers
    side: F64  # (V,) distance from the middle, in heights; left is positive
    up: F64  # (V,) the normal's vertical part
    head: F64  # (V, 3) in the head's axes, skull widths
    on_head: F64  # (V,) share in [0, 1] of the head
    leg: F64  # (V,) share of the limbs
    down_leg: F64  # (V,) 0 at elbow and stifle, 1 at the ground
    on_ear: F64  # (V,) share of the ears
    tail: F64  # (V,) from the root (0) to the tip (1), 0 elsewhere
    on_tail: F64  # (V,) share of the tail
    metres: F64  # (V, 3)


def fields(a: Anatomy, p: Places) -> NDArray[np.uint8]:
    """(V, 4) uint8: white order, stripes, patches, points."""
    rules = {"white": "spotting", "stripes": "none", "patches": "none", "points": "none"} | a.markings
    columns = [RULES[rules[name]](a, p) for name in ("white", "stripes", "patches", "points")]
    return np.asarray(np.rint(255 * np.clip(np.stack(columns, axis=1), 0, 1)), np.uint8)


def spotting(a: Anatomy, p: Places) -> F64:
    """White spreads from paws, chest, muzzle and belly to the back; head's top, ears and tail come last."""
    n = noise(p.metres / (0.35 * a.height), 11)
    body = 0.30 + 0.75 * (p.height - 0.55) / 0.45
    body = np.minimum(
        body, 0.12 + 2.6 * np.abs(p.side) + 0.9 * np.clip(0.9 - p.along, 0, 1) + 1.2 * np.clip(p.height - 0.85, 0, 1)
    )
    legs = 0.50 - 0.50 * p.down_leg
    x, y, z = p.head.T
    m = a.head.skull_length
    face = 0.02 + 0.8 * np.hypot(1.1 * x, np.maximum(0, y + 0.20)) + 0.9 * np.maximum(0, m - 0.12 - z)
    face = np.minimum(face, 0.26 + 4.0 * np.abs(x) + 1.1 * np.maximum(0, m - 0.2 - z))
    face = face + 0.5 * p.on_ear
    tail = 0.95 - 0.5 * p.tail**3
    order = _mix(_mix(_mix(body, legs, p.leg * (p.down_leg > 0)), face, p.on_head), tail, p.on_tail)
    return np.asarray(0.02 + 0.96 * np.clip(order + 0.16 * (n - 0.5) * (order > 0.06), 0.0, 1.0))


def urajiro(a: Anatomy, p: Places) -> F64:
    """The white of spitz dogs: cheeks, muzzle's sides, throat, belly, inner legs, under the tail; never a blaze."""
    n = noise(p.metres / (0.3 * a.height), 12) - 0.5
    body = 0.10 + 1.0 * np.clip(p.height - 0.55, 0, 1) + 0.5 * np.clip(p.up + 0.4, 0, 2) * (p.height > 0.6)
    body = body - 0.35 * _ramp(p.along, 0.93, 1.0)
    legs = 0.48 - 0.42 * p.down_leg
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    face = 0.30 + 1.4 * np.maximum(0, y + 0.02 - 0.30 * x) + 0.35 * _ramp(0.10 - x, 0, 0.1) - 0.3 * _ramp(-y, 0.08, 0.2)
    brow = 1 - _ramp(np.hypot(x - 0.75 * a.head.eye_x, y - a.head.eye_y - 0.16), 0.04, 0.12)
    face = np.minimum(face, 0.9 - 0.6 * brow * _ramp(z, 0.6 * a.head.skull_length, 0.75 * a.head.skull_length))
    face = face + 0.6 * p.on_ear
    tail = 0.62 + 0.3 * p.up
    order = _mix(_mix(_mix(body, legs, p.leg * (p.down_leg > 0)), face, p.on_head), tail, p.on_tail)
    return np.asarray(0.02 + 0.96 * np.clip(order + 0.08 * n, 0, 1))


def _tabby(a: Anatomy, p: Places, trunk: F64) -> F64:
    """A tabby's head, legs and tail with the given trunk."""
    wobble = noise(p.metres / (0.25 * a.height), 5) - 0.5
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    n = a.head.skull_length
    rings = np.maximum(_wave(6 * p.tail + 0.4 * wobble, 0.45), _ramp(p.tail, 0.86, 0.92))
    bars = (
        _wave(3.0 * p.down_leg + 1.2 * wobble, 0.42) * (1 - _ramp(p.down_leg, 0.75, 0.95)) * _ramp(p.down_leg, 0.0, 0.1)
    )
    # The brow's M: lines that rise from over the eyes and run back over the crown.
    crown = _wave(5.6 * x * (1 + 0.35 * _ramp(n - z, 0, 0.6)), 0.46) * _ramp(y, 0.20, 0.32)
    eye_line = (
        _wave(3.6 * (y + 0.10 + 0.3 * (n - z)), 0.36)
        * _ramp(x, a.head.eye_x + 0.12, a.head.eye_x + 0.2)
        * _ramp(0.14 - y, 0, 0.06)
    )
    muzzle = _ramp(z, n - 0.10, n + 0.02) * _ramp(0.06 - y, 0, 0.1)
    head = np.maximum(crown, eye_line) * (1 - muzzle) * (1 - p.on_ear) + 0.45 * p.on_ear
    full = _mix(_mix(_mix(trunk, bars, p.leg * _ramp(p.down_leg, 0.0, 0.1)), head, p.on_head), rings, p.on_tail)
    return np.asarray(np.clip(full, 0, 1))


def mackerel(a: Anatomy, p: Places) -> F64:
    """Narrow stripes down the flanks from a dark line along the back."""
    wobble = noise(p.metres / (0.26 * a.height), 5) - 0.5
    bend = 0.035 * np.sin(7 * p.height + 1)
    broken = _ramp(noise(p.metres / (0.20 * a.height), 7), 0.22, 0.42)
    flank = _wave(7.5 * (p.along + bend) + 0.8 * wobble, 0.44) * _ramp(p.height, 0.44, 0.58) * broken
    spine = _ramp(p.up, 0.80, 0.95)
    return _tabby(a, p, np.maximum(flank, spine))


def classic(a: Anatomy, p: Places) -> F64:
    """A whorl on the flank and broad lines along the back."""
    wobble = noise(p.metres / (0.25 * a.height), 5) - 0.5
    whorl = np.hypot(1.25 * (p.along - 0.42), (p.height - 0.70) / 1.1)
    flank = _wave(6.5 * whorl + 0.7 * wobble, 0.5) * _ramp(p.height, 0.42, 0.58)
    spine = _wave(9 * np.abs(p.side) + 0.3 * wobble, 0.5) * _ramp(p.up, 0.6, 0.85)
    return _tabby(a, p, np.maximum(flank, spine))


def spotted(a: Anatomy, p: Places) -> F64:
    """Stripes broken into spots."""
    dots = _ramp(noise(p.metres / (0.075 * a.height), 8), 0.52, 0.62)
    return _tabby(a, p, dots * _ramp(p.height, 0.4, 0.55))


def brindle(a: Anatomy, p: Places) -> F64:
    """Irregular dark streaks over the whole coat."""
    warped = p.along * 14 + 2.4 * (noise(p.metres / (0.12 * a.height), 3) - 0.5)
    return np.asarray(_wave(warped, 0.5) * (0.35 + 0.65 * noise(p.metres / (0.15 * a.height), 4)))


def sable(a: Anatomy, p: Places) -> F64:
    """Dark-tipped hairs over back, crown and tail's top, fading down."""
    soft = noise(p.metres / (0.1 * a.height), 9) - 0.5
    body = _ramp(p.height + 0.12 * p.up + 0.16 * soft, 0.66, 1.0)
    head = 0.7 * _ramp(p.head[:, 1], 0.2, 0.45) + 0.6 * p.on_ear
    return np.asarray(
        _mix(_mix(body * (1 - p.leg * (p.down_leg > 0.1)), head, p.on_head), 0.3 + 0.5 * p.tail, p.on_tail)
    )


def blobs(a: Anatomy, p: Places) -> F64:
    """Large irregular patches; the field is about the share of the coat that the patches below it cover."""
    value = 0.72 * noise(p.metres / (0.42 * a.height), 21) + 0.28 * noise(p.metres / (0.13 * a.height), 22)
    return _share(value, 0.5, 0.15)


def spots(a: Anatomy, p: Places) -> F64:
    """Round spots."""
    value = noise(p.metres / (0.085 * a.height), 31) + 0.25 * p.on_ear
    return _share(1 - value, 0.5, 0.2)


def merle(a: Anatomy, p: Places) -> F64:
    """Torn patches of the full colour on a diluted coat."""
    value = 0.5 * noise(p.metres / (0.24 * a.height), 41) + 0.5 * noise(p.metres / (0.08 * a.height), 42)
    return _share(value, 0.5, 0.13)


def saddle(a: Anatomy, p: Places) -> F64:
    """Spreads from the middle of the back down the flanks and along the tail's top."""
    n = noise(p.metres / (0.2 * a.height), 51) - 0.5
    body = 1.55 * np.clip(1.0 - p.height, 0, 1) + 0.9 * np.clip(p.along - 0.9, 0, 1) + 0.12
    body = body + 0.5 * p.leg * np.clip(0.62 - p.height, 0, 1) + 0.5 * p.leg * (p.down_leg > 0)
    head = 0.72 + 0.5 * np.clip(p.head[:, 2] - 0.1, 0, 1) - 0.1 * p.head[:, 1]
    tail = 0.25 + 0.35 * (0.5 - 0.5 * p.up)
    return np.asarray(np.clip(_mix(_mix(body, head, p.on_head), tail, p.on_tail) + 0.14 * n, 0, 1))


def colourpoint(a: Anatomy, p: Places) -> F64:
    """The cool ends are dark: mask, ears, lower legs, tail."""
    x, y, z = p.head.T
    far = np.sqrt((1.15 * x) ** 2 + (y + 0.02) ** 2 + (0.9 * (z - a.head.skull_length - 0.1)) ** 2)
    mask = 1 - _ramp(far, 0.30, 0.62)
    legs = _ramp(p.down_leg, 0.15, 0.75)
    tail = _ramp(p.tail, 0.0, 0.25)
    return np.asarray(_mix(_mix(_mix(0 * legs, legs, p.leg), np.maximum(mask, p.on_ear), p.on_head), tail, p.on_tail))


def tan(a: Anatomy, p: Places) -> F64:
    """Spots over the eyes, sides of the muzzle, chest, lower legs, under the tail."""
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    h = a.head
    brow = 1 - _ramp(np.hypot(x - 0.7 * h.eye_x, y - h.eye_y - 0.15), 0.05, 0.09)
    brow = brow * _ramp(z, 0.72 * h.skull_length, 0.82 * h.skull_length)
    cheek = (
        _ramp(-y + 0.2 * x, 0.0, 0.08) * _ramp(x, 0.06, 0.12) * _ramp(z, 0.55 * h.skull_length, 0.8 * h.skull_length)
    )
    legs = _ramp(p.down_leg, 0.0, 0.3)
    chest = (1 - _ramp(np.hypot(np.abs(p.side) - 0.07, 0.8 * (p.height - 0.62)), 0.05, 0.11)) * _ramp(
        p.along, 0.93, 0.99
    )
    breech = _ramp(0.03 - p.along, 0, 0.05) * _ramp(p.height, 0.6, 0.7)
    body = np.maximum(chest, breech * (1 - p.on_tail))
    return np.asarray(
        _mix(_mix(body, legs, p.leg * (p.down_leg > 0)), np.maximum(brow, cheek), p.on_head) * (1 - p.on_tail)
    )


def mask(a: Anatomy, p: Places) -> F64:
    """A dark muzzle and dark ears."""
    muzzle = _ramp(
        p.head[:, 2] - 0.4 * np.maximum(p.head[:, 1], 0), 0.85 * a.head.skull_length, 1.25 * a.head.skull_length
    )
    return np.asarray(np.maximum(muzzle, 0.9 * p.on_ear) * p.on_head)


def none(a: Anatomy, p: Places) -> F64:
    """No such marking."""
    return np.ones_like(p.height) * 0.0


RULES: dict[str, Callable[[Anatomy, Places], F64]] = {
    rule.__name__: rule
    for rule in (
        urajiro,
        spotting,
        mackerel,
        classic,
        spotted,
        brindle,
        sable,
        blobs,
        spots,
        merle,
        saddle,
        colourpoint,
        tan,
        mask,
        none,
    )
}


def _share(value: F64, mean: float, deviation: float) -> F64:
    """The share of values below: the logistic approximation of a normal distribution's."""
    return np.asarray(1 / (1 + np.exp(-1.702 * (value - mean) / deviation)))


def _wave(phase: F64, duty: float) -> F64:
    """A stripe per unit of phase, `duty` of it dark, with soft edges."""
    return _ramp(np.cos(2 * np.pi * phase), np.cos(np.pi * duty) - 0.25, np.cos(np.pi * duty) + 0.35)


def _ramp(x: F64, low: float, high: float) -> F64:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _mix(a: F64, b: F64, t: F64) -> F64:
    return np.asarray(a + (b - a) * t)
