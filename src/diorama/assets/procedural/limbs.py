"""Limbs and paws of a quadruped as blobs: shoulder and arm, thigh and hock, toes and claws."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.implicit import Blob
from diorama.assets.procedural.pieces import SKIN, Piece
from diorama.assets.procedural.primitives import Ellipsoid, Limb, Shape, mirrored
from diorama.assets.procedural.quadruped import Anatomy, Landmarks
from diorama.assets.procedural.skeleton import sided

F64 = NDArray[np.float64]
Part = tuple[str, Shape, float]  # joint, shape, width of the fillet to what came before

TOES = ((-0.033, 0.056), (-0.012, 0.073), (0.012, 0.073), (0.033, 0.056))
"""Middles of the four toes beside and before the knuckle, in sizes of the paw."""


def limbs(a: Anatomy, points: Landmarks) -> list[Blob]:
    """The blobs of all four limbs; right ones are mirror images of left ones."""
    parts = [*_foreleg(a, points), *_hindleg(a, points)]
    for joint, size in (("front_toes", 1.0), ("hind_toes", 0.9)):
        parts += [(joint, shape, k * a.height) for shape, k in _paw(a, points[joint], size)]
    blobs = []
    for joint, shape, k in parts:
        rough = 0.0 if joint.endswith("toes") else 0.6 * a.tousle * a.height
        for side, one in ((1, shape), (-1, mirrored(shape))):
            blobs.append(Blob(one, k, ((sided(joint, side), 0.0),), tousle=rough, lock=a.lock * a.height))
    return blobs


def _foreleg(a: Anatomy, p: Landmarks) -> list[Part]:
    """A flat shoulder blade, a muscled upper arm, the elbow, a forearm that tapers to the wrist, the pastern."""
    limb, knob, up, forward, _ = _tools(a)
    g, m = a.legs, a.muscle
    elbow, wrist = p["radius"], p["carpus"]
    blade = p["scapula"] + 0.035 * a.blades * up
    angle = 0.55 * p["scapula"] + 0.45 * elbow
    parts = [
        limb("scapula", blade, p["humerus"] - 0.01 * forward, 0.070, 0.085 * m, 0.07 - 0.03 * a.blades, 0.55),
        limb("humerus", p["humerus"], elbow + 0.02 * up, 0.080 * m, 0.056 * g, 0.06, 0.75),
        # The triceps fills the angle between blade and arm.
        limb("humerus", angle - 0.02 * forward, elbow + 0.03 * up, 0.085 * m, 0.045 * g, 0.05, 0.6),
        knob("radius", elbow - 0.022 * forward + 0.012 * up, 0.034 * g, 0.02),
        limb("radius", elbow + 0.01 * up, wrist, 0.046 * g, 0.031 * g, 0.03),
        limb("radius", elbow + 0.004 * forward, 0.5 * (elbow + wrist), 0.048 * g * m, 0.034 * g, 0.03),
        knob("carpus", wrist + 0.004 * forward, 0.035 * g, 0.02),
        limb("carpus", wrist, p["front_toes"] + 0.01 * up, 0.031 * g, 0.031 * g, 0.02),
    ]
    f, t = a.feathers, a.trousers
    if f > 0:
        behind = elbow - (0.02 + f) * forward, wrist - (0.01 + 0.5 * f) * forward
        parts.append(limb("radius", *behind, 0.02 + f, 0.012 + 0.6 * f, 0.05, 0.6))
    if t > 0:
        cuff = a.height * (0.034 * g + 0.9 * t)
        parts += [
            limb("radius", elbow, wrist, 0.05 * g + t, 0.034 * g + t, 0.05),
            limb("carpus", wrist, _hem(a, p["front_toes"], cuff), 0.034 * g + t, cuff / a.height, 0.03),
        ]
    return parts


def _hindleg(a: Anatomy, p: Landmarks) -> list[Part]:
    """A broad thigh, the knee, a leg that tapers to the point of the hock, an upright metatarsus."""
    limb, knob, up, forward, left = _tools(a)
    g, m = a.legs, a.muscle
    hip, knee, hock = p["femur"], p["tibia"], p["metatarsus"]
    slope = (knee - hip) / portable.norm(knee - hip)
    side = left - (portable.matmul(left, slope)) * slope
    side /= portable.norm(side)
    frame = np.stack([side, slope, np.cross(side, slope)], axis=1)
    thigh = 0.55 * hip + 0.45 * knee + 0.02 * up - 0.03 * forward
    seat = np.array([0.9 * hip[0], 0.0, 0.0]) + (0.93 * hip[1] / a.height) * up - (a.length / 2 - 0.085) * forward
    calf = 0.62 * knee + 0.38 * hock
    heel = hock + 0.022 * up - 0.020 * g**0.5 * forward
    parts: list[Part] = [
        ("femur", Ellipsoid(thigh, a.height * a.thigh * np.array([0.072, 0.20, 0.125]), frame), 0.07 * a.height),
        # The hamstrings run from the seat bone down the back of the thigh to the calf.
        limb("femur", seat, calf - 0.035 * forward + 0.02 * up, 0.080 * a.thigh, 0.048 * g, 0.06, 0.7),
        knob("tibia", knee + 0.005 * forward, 0.050 * g, 0.05),
        limb("tibia", knee - 0.02 * forward, hock, 0.066 * g * m**0.5, 0.027 * g, 0.05, 0.8),
        limb("tibia", calf - 0.03 * forward, heel, 0.036 * g, 0.016 * g, 0.025),
        knob("metatarsus", heel, 0.026 * g, 0.02),
        limb("metatarsus", hock, p["hind_toes"] + 0.01 * up, 0.030 * g, 0.030 * g, 0.02, 0.9),
    ]
    s, f, t = a.skirt, a.feathers, a.trousers
    if s > 0:  # breeches
        parts.append(limb("femur", seat - 0.02 * up, calf - 0.05 * forward, 0.06 + s, 0.02 + s, 0.07, 0.8))
    if f > 0:
        behind = heel - 0.3 * f * forward, p["hind_toes"] + 0.03 * up
        parts.append(limb("metatarsus", *behind, 0.014 + f, 0.008 + 0.5 * f, 0.04, 0.6))
    if t > 0:
        cuff = a.height * (0.032 * g + 0.9 * t)
        parts += [
            limb("tibia", knee, hock, 0.06 * g + t, 0.03 * g + t, 0.06),
            limb("metatarsus", hock, _hem(a, p["hind_toes"], cuff), 0.032 * g + t, cuff / a.height, 0.03),
        ]
    return parts


def _hem(a: Anatomy, toes: F64, cuff: float) -> F64:
    """Where long hair around a leg ends, so that its locks do not sink into the ground."""
    return np.array([toes[0], max(toes[1], cuff + 0.7 * a.tousle * a.height), toes[2]])


def _tools(a: Anatomy) -> tuple[Callable[..., Part], Callable[..., Part], F64, F64, F64]:
    """Makers of limbs and knobs with measures in heights, and the axes up, forward (one height long) and left."""
    h = a.height

    def limb(joint: str, start: F64, end: F64, r0: float, r1: float, k: float, flat: float = 1.0) -> Part:
        return joint, Limb(start, end, h * r0, h * r1, flatness=flat), k * h

    def knob(joint: str, centre: F64, r: float, k: float) -> Part:
        return joint, Ellipsoid(centre, np.full(3, h * r)), k * h

    return limb, knob, np.array([0.0, h, 0.0]), np.array([0.0, 0.0, h]), np.array([1.0, 0.0, 0.0])


def _paw(a: Anatomy, knuckle: F64, size: float) -> list[tuple[Shape, float]]:
    """A pad and four arched toes, their undersides on the ground."""
    s = size * a.paws * a.height
    ground = np.array([knuckle[0], 0.0, knuckle[2]])
    shapes: list[tuple[Shape, float]] = [
        (Ellipsoid(ground + s * np.array([0, 0.038, 0.022]), s * np.array([0.044, 0.0385, 0.052])), 0.02)
    ]
    for x, z in TOES:
        centre = ground + s * np.array([x, 0.0285, z])
        shapes.append((Ellipsoid(centre, s * np.array([0.0165, 0.0290, 0.032])), 0.005))
    return shapes


def claws(a: Anatomy, points: Landmarks) -> list[Piece]:
    """A dark three-sided claw on every toe of a dog; a cat draws its claws in, long hair hides them."""
    if not a.claws or a.trousers:
        return []
    pieces = []
    for joint, size in (("front_toes", 1.0), ("hind_toes", 0.9)):
        s = size * a.paws * a.height
        ground = np.array([points[joint][0], 0.0, points[joint][2]])
        for x, z in TOES:
            root = ground + s * np.array([x, 0.022, z + 0.024])
            tip = root + s * np.array([0.1 * x, -0.018, 0.020])
            ring = root + 0.0065 * s * np.array([[0, 1.0, 0.4], [0.87, -0.5, -0.2], [-0.87, -0.5, -0.2]])
            positions = np.concatenate([ring, tip[None]])
            normals = positions - (root + 0.3 * (tip - root))
            normals /= np.linalg.norm(normals, axis=1, keepdims=True)
            piece = Piece("claw_l", positions, normals, np.array([(1, 0, 3), (2, 1, 3), (0, 2, 3)], np.uint32),
                          np.full((4, 3), 0.02), np.zeros(4), {sided(joint, 1): np.ones(4)}, SKIN)  # fmt: skip
            pieces += [piece, piece.mirrored("claw_r")]
    return pieces
