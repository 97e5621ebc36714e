"""Where an animal's colours lie: the fields of a coat (`diorama.assets.coat`) as functions of the body's surface.

Every animal has all of them, so that it can wear any coat. They are smooth in space, so that what the renderer makes of
them stays crisp between sparse vertices; what chance decides is added there, anew for each image.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.coat import FIELDS
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
    """(V, 8) uint8: FIELDS in their order, [0, 255] for [0, 1]."""
    rules = {"white": white, "pale": pale, "shade": shade, "mask": mask, "limbs": limbs, "tan": tan, "bars": bars,
             "flank": flank}  # fmt: skip
    columns = np.stack([np.broadcast_to(rules[name](a, p), p.height.shape) for name in FIELDS], axis=1)
    return np.asarray(np.rint(255 * np.clip(columns, 0, 1)), np.uint8)


def white(a: Anatomy, p: Places) -> F64:
    """White spreads from paws, chest, muzzle and belly to the back; head's top, ears and tail come last."""
    body = 0.30 + 0.75 * (p.height - 0.55) / 0.45
    breast = 0.12 + 2.2 * np.abs(p.side) + 0.9 * np.clip(0.9 - p.along, 0, 1) + 1.2 * np.clip(p.height - 0.85, 0, 1)
    legs = 0.50 - 0.46 * p.down_leg
    x, y, z = p.head.T
    m = a.head.skull_length
    face = 0.06 + 0.8 * portable.hypot(1.1 * x, np.maximum(0, y + 0.20)) + 0.9 * np.maximum(0, m - 0.12 - z)
    blaze = 0.24 + 2.6 * np.abs(x) + 0.9 * np.maximum(0, m - 0.2 - z)
    face = _least(face, blaze, 0.08) + 0.5 * p.on_ear
    tail = 0.95 - 0.5 * portable.power(p.tail, 3)
    return _parts(p, _least(body, breast, 0.1), legs, face, tail)


def pale(a: Anatomy, p: Places) -> F64:
    """Pale hair spreads from belly, inner legs, cheeks, throat and muzzle up the flanks; so are dots over the eyes."""
    body = 0.10 + 1.0 * np.clip(p.height - 0.55, 0, 1) + 0.5 * np.clip(p.up + 0.4, 0, 2) * _ramp(p.height, 0.5, 0.7)
    body = body - 0.35 * _ramp(p.along, 0.93, 1.0)
    legs = 0.48 - 0.36 * p.down_leg
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    h = a.head
    face = 0.30 + 1.4 * np.maximum(0, y + 0.02 - 0.30 * x) + 0.35 * _ramp(0.10 - x, 0, 0.1) - 0.3 * _ramp(-y, 0.08, 0.2)
    brow = 1 - _ramp(portable.hypot(x - 0.75 * h.eye_x, y - h.eye_y - 0.16), 0.04, 0.12)
    face = np.minimum(face, 0.9 - 0.6 * brow * _ramp(z, 0.6 * h.skull_length, 0.75 * h.skull_length))
    return _parts(p, body, legs, face + 0.6 * p.on_ear, 0.62 + 0.3 * p.up)


def shade(a: Anatomy, p: Places) -> F64:
    """Dark hair spreads from the middle of the back down the flanks, over crown and ears and along the tail's top."""
    body = 1.55 * np.clip(1.0 - p.height, 0, 1) + 0.9 * np.clip(p.along - 0.9, 0, 1) + 0.12 - 0.06 * p.up
    body = body + 0.5 * p.leg * np.clip(0.62 - p.height, 0, 1) + 0.5 * p.leg * _ramp(p.down_leg, 0, 0.1)
    head = 0.72 + 0.5 * np.clip(p.head[:, 2] - 0.1, 0, 1) - 0.35 * p.head[:, 1] - 0.12 * p.on_ear
    tail = 0.25 + 0.35 * (0.5 - 0.5 * p.up) - 0.2 * _ramp(p.tail, 0.8, 0.95)
    return _parts(p, body, body, head, tail)


def mask(a: Anatomy, p: Places) -> F64:
    """Dark muzzle and ears."""
    x, y, z = p.head.T
    m = a.head
    far = np.sqrt((1.15 * x) ** 2 + (y + 0.04) ** 2 + (0.9 * (z - m.skull_length - 0.5 * m.muzzle_length)) ** 2)
    muzzle = 1 - _ramp(far, 0.20 + 0.35 * m.muzzle_length, 0.56 + 0.26 * m.muzzle_length)
    return np.asarray(np.maximum(muzzle, 0.95 * p.on_ear) * p.on_head)


def limbs(a: Anatomy, p: Places) -> F64:
    """Dark lower legs and tail."""
    legs = _ramp(p.down_leg, 0.05, 0.85) * p.leg
    return np.asarray(np.maximum(legs * (1 - p.on_tail), _ramp(p.tail, 0.0, 0.3)))


def tan(a: Anatomy, p: Places) -> F64:
    """Spots over the eyes, sides of the muzzle, chest, lower legs, under the tail."""
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    h = a.head
    brow = 1 - _ramp(portable.hypot(x - 0.7 * h.eye_x, y - h.eye_y - 0.15), 0.04, 0.12)
    brow = brow * _ramp(z, 0.72 * h.skull_length, 0.82 * h.skull_length)
    cheek = _ramp(-y + 0.2 * x, -0.02, 0.10) * _ramp(x, 0.05, 0.14)
    cheek = cheek * _ramp(z, 0.50 * h.skull_length, 0.80 * h.skull_length)
    legs = _ramp(p.down_leg, 0.0, 0.35)
    chest = 1 - _ramp(portable.hypot(np.abs(p.side) - 0.07, 0.8 * (p.height - 0.62)), 0.04, 0.12)
    breech = _ramp(0.03 - p.along, 0, 0.05) * _ramp(p.height, 0.6, 0.7)
    body = np.maximum(chest * _ramp(p.along, 0.93, 0.99), breech * (1 - p.on_tail))
    return _parts(p, body, legs, np.maximum(brow, cheek), 0.4 * _ramp(-p.up, 0.2, 0.8))


def bars(a: Anatomy, p: Places) -> F64:
    """A tabby's lines: the brow's M, lines from the eyes, a line along the back, bars on legs, rings on the tail."""
    wobble = noise(np.abs(p.metres) / (0.25 * a.height), 5) - 0.5
    x, y, z = np.abs(p.head[:, 0]), p.head[:, 1], p.head[:, 2]
    n = a.head.skull_length
    rings = np.maximum(_wave(6 * p.tail + 0.4 * wobble), _ramp(p.tail, 0.82, 0.92))
    leg = _wave(3.2 * p.down_leg + 1.2 * wobble) * _ramp(p.down_leg, 0.0, 0.1) * (1 - _ramp(p.down_leg, 0.75, 0.95))
    crown = _wave(5.6 * x * (1 + 0.35 * _ramp(n - z, 0, 0.6))) * _ramp(y, 0.16, 0.28)
    cheek = _wave(3.6 * (y + 0.10 + 0.3 * (n - z))) * _ramp(x, a.head.eye_x + 0.10, a.head.eye_x + 0.2)
    muzzle = _ramp(z, n - 0.10, n + 0.02) * _ramp(0.06 - y, 0, 0.1)
    head = np.maximum(crown, cheek * _ramp(0.14 - y, 0, 0.06)) * (1 - muzzle) * (1 - p.on_ear) + 0.40 * p.on_ear
    spine = _ramp(p.up, 0.6, 0.9) * np.clip(1.25 - np.abs(p.side) / 0.055, 0, 1) * (1 - p.leg)
    return _parts(p, spine, leg, head, rings)


def flank(a: Anatomy, p: Places) -> F64:
    """The trunk above the belly, shoulders and thighs."""
    trunk = _ramp(p.height, 0.40, 0.56) * (1 - 0.35 * _ramp(p.along, 0.9, 1.1))
    return _parts(p, trunk, trunk * (1 - _ramp(p.down_leg, 0.0, 0.15)), 0 * trunk, 0 * trunk)


def _parts(p: Places, trunk: F64, legs: F64, head: F64, tail: F64) -> F64:
    """What holds on trunk, legs, head and tail, as one."""
    lower = p.leg * _ramp(p.down_leg, 0.0, 0.08)
    return _mix(_mix(_mix(trunk, legs, lower), head, p.on_head), tail, p.on_tail)


def _wave(phase: F64) -> F64:
    """The level of stripes, one per unit of phase."""
    return np.asarray(0.5 + 0.5 * portable.cos(2 * np.pi * phase))


def _least(a: F64, b: F64, soft: float) -> F64:
    """The smaller one, rounded where they meet."""
    t = np.clip(0.5 + 0.5 * (b - a) / soft, 0, 1)
    return np.asarray(b + (a - b) * t - soft * t * (1 - t))


def _ramp(x: F64, low: float, high: float) -> F64:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _mix(a: F64, b: F64, t: F64) -> F64:
    return np.asarray(a + (b - a) * t)
