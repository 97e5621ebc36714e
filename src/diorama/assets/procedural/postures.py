"""How cats and dogs sit, and what they do sitting; how they bow and stretch."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.gestures import gape, lay_tail, lids, look, mouth, start, wag
from diorama.assets.procedural.motion import LEGS, Motion, Skin
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]


def sit(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits upright on its haunches and looks around."""
    m, t = start(rig, skin, 5.0)
    upright = _seat(a, m, 0.4 * portable.sin(6 * np.pi * t))
    look(m, t, 55.0, neck=0.35 * upright, head=0.62 * upright)
    _tail_aside(a, m, t)
    mouth(a, m, 10 + 3 * portable.sin(20 * np.pi * t))
    return m.clip("sit", 5.0)


def yawn(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits and yawns: head up, eyes shut, ears back, the mouth wide open at half time."""
    m, t = start(rig, skin, 3.0)
    upright = _seat(a, m)
    wide = portable.sin(np.pi * t) ** 2
    m.set("neck1", pitch=0.18 * upright - 6 * wide)
    m.set("neck2", pitch=0.18 * upright)
    m.set("head", pitch=0.62 * upright - 16 * wide, roll=6 * wide)
    m.set("ear", pitch=-16 * wide, roll=10 * wide)
    gape(m, 36 * wide)
    lids(m, wide)
    _tail_aside(a, m, t)
    return m.clip("yawn", 3.0)


def groom(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits and licks a raised forepaw."""
    m, t = start(rig, skin, 3.0)
    upright = _seat(a, m)
    lick = portable.sin(4 * np.pi * t)
    m.set("neck1", pitch=0.30 * upright + 16, yaw=10)
    m.set("neck2", pitch=0.30 * upright + 12, yaw=8)
    m.set("head", pitch=0.45 * upright + 12 + 7 * lick, yaw=6, roll=10)
    gape(m, 9 + 6 * np.clip(lick, 0, 1))
    lids(m, 0.55 + 0.2 * lick)
    turns, place = m.at("muzzle")
    unit = a.height * a.head.width
    ahead = np.array([0.0, -0.32, a.head.skull_length * 0.35 + a.head.muzzle_length + 0.22]) * unit
    toes = place + portable.matmul(turns, ahead)
    toes[:, 0] = np.maximum(toes[:, 0], 0.03 * a.height)
    m.plant(("fore_l",), (toes + 0.02 * a.height * lick[:, None] * [0, 1, 0])[:, None], 70.0, 110.0)
    _tail_aside(a, m, t)
    return m.clip("groom", 3.0)


def paw(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits and offers a forepaw."""
    m, t = start(rig, skin, 3.0)
    upright = _seat(a, m)
    w = 2 * np.pi * t
    m.set("neck1", pitch=0.17 * upright)
    m.set("neck2", pitch=0.17 * upright)
    m.set("head", pitch=0.60 * upright - 6 + 4 * portable.sin(w), yaw=8 * portable.sin(w), roll=9 * portable.sin(w))
    _, shoulder = m.at("humerus_l")
    length = rig.heads[rig.index("humerus_l")][1]
    toes = shoulder + length * np.array([0.04, -0.16, 0.62]) + 0.05 * length * portable.sin(2 * w)[:, None] * [0, 1, 0]
    m.plant(("fore_l",), toes[:, None], -38.0, -20.0)
    mouth(a, m, 12 + 3 * portable.sin(3 * w))
    _tail_aside(a, m, t)
    return m.clip("paw", 3.0)


def beg(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits up on its haunches, forepaws before the chest."""
    m, t = start(rig, skin, 3.0)
    w = 2 * np.pi * t
    _seat(a, m, 1.2 * portable.sin(w), upright=68.0)
    m.set("neck1", pitch=24 + 2 * portable.sin(w))
    m.set("neck2", pitch=18)
    m.set("head", pitch=28 + 4 * portable.sin(2 * w), yaw=12 * portable.sin(w), roll=6 * portable.sin(w))
    for side in ("l", "r"):
        _, shoulder = m.at("humerus_" + side)
        length = rig.heads[rig.index("humerus_" + side)][1]
        toes = shoulder + length * np.array([0, -0.22, 0.40]) + 0.03 * length * portable.sin(2 * w)[:, None] * [0, 1, 0]
        m.plant(("fore_" + side,), toes[:, None], 35.0, 60.0)
    mouth(a, m, 12 + 3 * portable.sin(3 * w))
    _tail_aside(a, m, t)
    return m.clip("beg", 3.0)


def scratch(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits and scratches its neck with a hind foot, the head bent towards it."""
    m, t = start(rig, skin, 1.0, rate=20)
    upright = _seat(a, m, roll=-13.0)
    beat = portable.sin(6 * np.pi * t)
    m.set("neck1", pitch=0.25 * upright + 8, yaw=16, roll=8)
    m.set("neck2", pitch=0.25 * upright + 8, yaw=14, roll=8)
    m.set("head", pitch=0.40 * upright, yaw=14, roll=18 + 2 * beat)
    m.set("ear", pitch=-8)
    lids(m, 0.7)
    _, throat = m.at("neck2")
    toes = throat + a.height * np.array([0.5 * a.neck_base + 0.04, -0.02, -0.02])
    toes += 0.04 * a.height * beat[:, None] * [0, 1, -0.6]
    m.plant(("hind_l",), toes[:, None], -125.0, -110.0)
    _tail_aside(a, m, t)
    return m.clip("scratch", 1.0)


def bow(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Bows to invite play: elbows down, rump up, tail wagging."""
    m, t = start(rig, skin, 3.0)
    angle = _bow(a, m, 0.8 + 0.2 * portable.cos(2 * np.pi * t))
    look(m, t, 20.0, neck=-0.3 * angle, head=-0.55 * angle)
    wag(a, m, t, waves=4, rise=35, swing=16 if a.species == "dog" else 6)
    mouth(a, m, np.full(len(t), 16.0))
    return m.clip("bow", 3.0)


def stretch(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Rises on its toes, then stretches forelegs and back to the full, and comes up again."""
    m, t = start(rig, skin, 4.0)
    depth = portable.sin(np.pi * t) ** 2
    angle = _bow(a, m, 0.15 + 0.85 * depth, reach=0.16)
    m.set("neck1", pitch=-0.25 * angle - 6 * depth)
    m.set("neck2", pitch=-0.1 * angle)
    m.set("head", pitch=-0.45 * angle - 10 * depth)
    m.set("ear", pitch=-12 * depth)
    gape(m, (14.0 if a.species == "dog" else 4.0) * depth)
    lids(m, 0.9 * depth)
    wag(a, m, t, waves=1, rise=40, swing=4)
    return m.clip("stretch", 4.0)


def _tail_aside(a: Anatomy, m: Motion, t: F64) -> None:
    lay_tail(a, m, (150.0 if a.species == "cat" else 60.0) + 4 * portable.sin(4 * np.pi * t))


def _seat(a: Anatomy, m: Motion, sway: F64 | float = 0.0, upright: float | None = None, roll: float = 0.0) -> float:
    """Sits: haunches on the ground, forefeet under the shoulders. Returns how far the trunk leans back, in degrees.

    Given `upright`, the trunk leans back by so much, whether the forefeet reach the ground or not.
    """
    seat, lean, hock = _seated(a, m.rig, m.skin, upright, roll)
    _take_seat(a, m, seat, lean - np.asarray(sway), hock, roll)
    return lean - 22 * _curve(a) - 2


def _curve(a: Anatomy) -> float:
    return 1.0 if a.species == "cat" else 0.5  # a cat rounds its back more


@lru_cache(maxsize=8)
def _seated(a: Anatomy, rig: Rig, skin: Skin, upright: float | None, roll: float) -> tuple[float, float, float]:
    """The hips' height, the lean and the hind feet's pitch with which haunches and feet rest on the ground."""
    h = a.height
    shoulder = rig.heads[rig.index("humerus_l")]
    joints = [rig.heads[rig.index(name)] for name in ("humerus_l", "radius_l", "carpus_l")]
    straight = joints[2][1] + 0.975 * float(np.linalg.norm(np.diff(joints, axis=0), axis=1).sum())
    heel = float(portable.norm(rig.tips["metatarsus_l"]))
    seat, lean, hock = 0.20 * h, 40.0 if upright is None else upright, -78.0
    one = Motion(rig, 1, skin)
    for _ in range(10):
        arm = _take_seat(a, one, seat, lean, hock, roll)
        _tail_aside(a, one, np.zeros(1))  # a tail that hung down would drag the rump along
        if upright is None:
            wanted = min(shoulder[1] + 0.075 * h, straight)
            lean = float(np.clip(lean + np.degrees((wanted - seat - arm[1]) / max(arm[2], 0.3 * h)), 10, 62))
        seat -= float(one.lowest("root", "hips", "femur", "tail1").min()) - 0.003 * h
        hock = float(np.clip(hock - np.degrees(one.lowest("tibia", "metatarsus").min() / heel), -86, -40))
    return seat, lean, hock


def _take_seat(a: Anatomy, m: Motion, seat: float, lean: F64 | float, hock: float, roll: float) -> F64:
    """Sits so. Returns where the left shoulder is from the hips, (3,)."""
    h, curve = a.height, _curve(a)
    m.set("scapula", pitch=16)
    m.set("hips", pitch=-20 * curve)
    m.set("spine1", pitch=8 * curve)
    m.set("spine2", pitch=18 * curve)
    m.set("chest", pitch=16 * curve)
    m.rise(seat - m.rig.heads[m.rig.index("hips")][1])
    m.set("root", pitch=-np.asarray(lean), roll=roll)
    hips, *upper = (m.rig.index(name) for name in ("hips", "humerus_l", "humerus_r", "femur_l", "femur_r"))
    _, places = m.globals((hips, *upper))
    toes = m.footing(LEGS)
    ahead = np.array([-0.01, -0.01, *2 * [0.36 * min(1.0, 2 * a.elbow)]]) * h
    toes[:, :, 2] = places[:, upper, 2].mean(axis=0) + ahead
    toes[:, :, 0] *= (0.8, 0.8, 1.6, 1.6)
    m.plant(LEGS, toes, np.array([-4.0, -4.0, hock, hock]))
    return np.asarray((places[:, upper[0]] - places[:, hips]).mean(axis=0))


def _bow(a: Anatomy, m: Motion, depth: F64, reach: float = 0.0) -> F64:
    """Elbows down, rump up, by `depth` (F,) in [0, 1]; forefeet farther ahead by `reach` heights. Degrees (F,)."""
    h, rig = a.height, m.rig
    hips, shoulder = rig.heads[rig.index("hips")], rig.heads[rig.index("humerus_l")]
    drop = 0.8 * (rig.heads[rig.index("radius_l")][1] - 0.05 * h)
    angle = np.degrees(portable.arcsin(np.clip(drop / (shoulder[2] - hips[2]), 0, 0.6))) * depth
    m.rise(-0.02 * h * depth)
    m.set("root", pitch=0.75 * angle)
    m.set("spine2", pitch=0.25 * angle)
    m.set("scapula", pitch=-10 * depth)
    toes, pitch = m.footing(LEGS), np.zeros((m.frames, 4))
    ahead = 0.50 * a.elbow * h * (0.3 + depth) + reach * h * depth
    toes[:, :2, 2] = m.at("humerus_l")[1][:, 2:] + ahead[:, None]  # both shoulders are as far ahead
    pitch[:, :2] = -62.0 * depth[:, None]
    m.plant(LEGS, toes, pitch)
    return np.asarray(angle)
