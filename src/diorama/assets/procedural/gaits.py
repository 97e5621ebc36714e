"""What cats and dogs do: seamless loops of standing, walking, running, sitting, lying, bowing and sniffing.

The animal walks on the spot. Phases of the legs follow Hildebrand (1965): a walk is a lateral sequence, a trot moves
diagonal pairs together, a gallop gathers and stretches the back.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.motion import LEGS, Motion, Skin
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]

RATE = 20  # frames per second


def clips(a: Anatomy, rig: Rig, skin: Skin) -> tuple[Clip, ...]:
    """All clips of an animal."""
    return tuple(make(a, rig, skin) for make in (stand, walk, trot, run, sit, lie, bow, sniff))


def stand(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Stands, breathes, looks around."""
    m, t = _motion(rig, skin, 6.0)
    m.shift[:, 1] = 0.004 * a.height * np.sin(6 * np.pi * t)
    _look(a, m, t, 48.0)
    _feet(a, m)
    _tail(a, m, t)
    return m.clip("stand", 6.0)


def walk(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A walk: three feet on the ground most of the time."""
    m, t = _motion(rig, skin, 1.0)
    _step(a, m, t, {"hind_l": 0.0, "fore_l": 0.25, "hind_r": 0.5, "fore_r": 0.75}, duty=0.64, stride=0.50, lift=0.10)
    sway = np.sin(2 * np.pi * t)
    m.set("hips", yaw=3.5 * sway, roll=2.5 * np.cos(2 * np.pi * t))
    m.set("spine2", yaw=-3.5 * sway)
    m.set("neck1", pitch=8 + 2.5 * np.cos(4 * np.pi * t), yaw=3 * sway)
    m.set("head", pitch=-8 - 2 * np.cos(4 * np.pi * t), yaw=-3 * sway)
    _tail(a, m, t, waves=1, rise=75 if a.species == "cat" else 8)
    _replant(m)
    return m.clip("walk", 1.0)


def trot(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A trot."""
    m, t = _motion(rig, skin, 0.6, rate=40)
    m.shift[:, 1] = a.height * (0.012 - 0.022 * np.cos(4 * np.pi * t + 0.6))
    _step(a, m, t, {"hind_l": 0.0, "fore_r": 0.0, "hind_r": 0.5, "fore_l": 0.5}, duty=0.5, stride=0.55, lift=0.15)
    m.set("neck1", pitch=4)
    m.set("head", pitch=-4)
    _mouth(a, m, 9 + 3 * np.sin(4 * np.pi * t))
    _tail(a, m, t, waves=1, rise=22)
    _replant(m)
    return m.clip("trot", 0.6)


def run(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A gallop."""
    m, t = _motion(rig, skin, 0.5, rate=48)
    w = 2 * np.pi * t
    m.shift[:, 1] = a.height * (0.02 + 0.04 * np.cos(w))
    m.set("root", pitch=5 * np.sin(w))
    m.set("hips", pitch=-9 * np.cos(w))
    m.set("spine1", pitch=9 * np.cos(w))
    m.set("spine2", pitch=7 * np.cos(w))
    m.set("neck1", pitch=14 - 5 * np.sin(w))
    m.set("head", pitch=-12)
    m.set("ear", pitch=-22 if a.species == "cat" else -8)
    _mouth(a, m, np.full(len(t), 12.0))
    _step(a, m, t, {"hind_l": 0.05, "hind_r": 0.13, "fore_l": 0.55, "fore_r": 0.65}, duty=0.34, stride=0.85, lift=0.20)
    _tail(a, m, t, waves=1, rise=42)
    _replant(m)
    return m.clip("run", 0.5)


def sit(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sits upright on its haunches and looks around."""
    m, t = _motion(rig, skin, 5.0)
    h = a.height
    hips, shoulder = rig.heads[rig.index("hips")], rig.heads[rig.index("humerus_l")]
    curve = 1.0 if a.species == "cat" else 0.5  # a cat rounds its back more
    seat, lean = 0.20 * h, 40.0
    joints = [rig.heads[rig.index(name)] for name in ("humerus_l", "radius_l", "carpus_l")]
    straight = joints[2][1] + 0.975 * float(np.linalg.norm(np.diff(joints, axis=0), axis=1).sum())
    m.set("scapula", pitch=16)
    m.set("hips", pitch=-20 * curve)
    m.set("spine1", pitch=8 * curve)
    m.set("spine2", pitch=18 * curve)
    m.set("chest", pitch=16 * curve)
    for _ in range(6):
        m.shift[:] = (0, seat - hips[1], 0)
        m.set("root", pitch=-lean + 0.4 * np.sin(6 * np.pi * t))
        _, places = m.globals()
        arm = (places[:, rig.index("humerus_l")] - places[:, rig.index("hips")]).mean(axis=0)
        wanted = min(shoulder[1] + 0.075 * h, straight)
        lean = float(np.clip(lean + np.degrees((wanted - seat - arm[1]) / max(arm[2], 0.3 * h)), 10, 62))
        for leg in LEGS:
            toes = np.tile(m.toes(leg), (m.frames, 1))
            if leg.startswith("fore"):
                toes[:, 2] = places[:, rig.index("humerus_" + leg[-1]), 2].mean() - 0.01 * h
                toes[:, 0] *= 0.8
                m.plant(leg, toes, -4.0)
            else:
                femur = places[:, rig.index("femur_" + leg[-1])].mean(axis=0)
                toes[:, 2] = femur[2] + 0.36 * h * min(1.0, 2 * a.elbow)
                toes[:, 0] *= 1.6
                m.plant(leg, toes, -78.0)
        seat -= float(m.lowest("root", "hips", "femur", "tibia", "metatarsus").min()) - 0.003 * h
    upright = lean - 22 * curve - 2
    _look(a, m, t, 55.0, neck=0.35 * upright, head=0.62 * upright)
    _lay_tail(a, m, (150.0 if a.species == "cat" else 60.0) + 4 * np.sin(4 * np.pi * t))
    _mouth(a, m, 10 + 3 * np.sin(20 * np.pi * t))
    return m.clip("sit", 5.0)


def lie(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Lies like a sphinx, head up."""
    m, t = _motion(rig, skin, 6.0)
    h = a.height
    down, tilt = (1 - a.chest_depth) * h, 0.0
    m.set("scapula", pitch=14)
    forearm = rig.heads[rig.index("radius_l")][1] - rig.heads[rig.index("carpus_l")][1]
    curve = 1.4 if a.species == "cat" else 0.8  # the loins are bent, so that the belly is no keel
    m.set("spine1", pitch=7 * curve)
    m.set("spine2", pitch=9 * curve)
    for _ in range(7):
        m.shift[:, 1] = -down + 0.003 * h * np.sin(6 * np.pi * t)
        m.set("root", pitch=tilt - 16 * curve)
        _, places = m.globals()
        for leg in LEGS:
            toes = np.tile(m.toes(leg), (m.frames, 1))
            if leg.startswith("fore"):
                j = rig.index("humerus_" + leg[-1])
                toes[:, 2] = places[:, j, 2].mean() + 0.62 * forearm + 0.30 * a.elbow * h
                m.plant(leg, toes, -76.0)
            else:
                femur = places[:, rig.index("femur_" + leg[-1])].mean(axis=0)
                toes[:, 2] = femur[2] + 0.32 * h * min(1.0, 2 * a.elbow)
                toes[:, 0] *= 1.7
                m.plant(leg, toes, -80.0)
        # Breast and haunches both come down to the ground.
        haunches = float(m.lowest("root", "hips", "femur").min())
        breast = float(m.lowest("spine1", "spine2", "chest", "radius").min())
        down += haunches
        tilt = float(np.clip(tilt + np.degrees((breast - haunches) / (0.7 * a.length * h)), -15, 15))
    _look(a, m, t, 55.0, neck=4.0, head=-2.0 - tilt)
    _lay_tail(a, m, (120.0 if a.species == "cat" else 35.0) + 5 * np.sin(4 * np.pi * t), drop=50.0)
    _mouth(a, m, 9 + 3 * np.sin(18 * np.pi * t))
    return m.clip("lie", 6.0)


def bow(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A stretch, or a bow to invite play: elbows down, rump up."""
    m, t = _motion(rig, skin, 3.0)
    h = a.height
    depth = 0.75 + 0.25 * np.cos(2 * np.pi * t)
    hips, shoulder = rig.heads[rig.index("hips")], rig.heads[rig.index("humerus_l")]
    drop = 0.8 * (rig.heads[rig.index("radius_l")][1] - 0.05 * h)
    angle = np.degrees(np.arcsin(np.clip(drop / (shoulder[2] - hips[2]), 0, 0.6))) * depth
    m.shift[:, 1] = -0.02 * h * depth
    m.set("root", pitch=0.75 * angle)
    m.set("spine2", pitch=0.25 * angle)
    _look(a, m, t, 20.0, neck=-0.3 * angle, head=-0.55 * angle)
    m.set("scapula", pitch=-10 * depth)
    _, places = m.globals()
    for leg in LEGS:
        toes = np.tile(m.toes(leg), (m.frames, 1))
        if leg.startswith("fore"):
            toes[:, 2] = places[:, rig.index("humerus_" + leg[-1]), 2] + 0.50 * a.elbow * h * (0.3 + depth)
            m.plant(leg, toes, -62.0 * depth)
        else:
            m.plant(leg, toes)
    _tail(a, m, t, waves=4, rise=35, wag=16 if a.species == "dog" else 6)
    _mouth(a, m, np.full(len(t), 14.0))
    return m.clip("bow", 3.0)


def sniff(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Noses about on the ground."""
    m, t = _motion(rig, skin, 4.0)
    h = a.height
    height = rig.heads[rig.index("neck1")][1]
    reach = np.linalg.norm(rig.heads[rig.index("head")] - rig.heads[rig.index("neck1")]) + 1.1 * h * a.head.width
    crouch = float(np.clip((height - reach) / (0.9 * a.length * h), 0, 0.28))
    lean = np.degrees(crouch)
    nod = 3 * np.sin(6 * np.pi * t)
    m.set("root", pitch=lean)
    m.shift[:, 1] = -0.25 * crouch * a.length * h
    down = a.neck_angle + 34 + nod
    m.set("neck1", pitch=0.55 * down, yaw=16 * np.sin(2 * np.pi * t))
    m.set("neck2", pitch=0.3 * down, yaw=10 * np.sin(2 * np.pi * t + 0.3))
    m.set("head", pitch=-0.15 * down - 0.4 * lean, yaw=6 * np.sin(2 * np.pi * t + 0.6))
    _feet(a, m)
    _tail(a, m, t, waves=2, rise=6)
    return m.clip("sniff", 4.0)


def _motion(rig: Rig, skin: Skin, seconds: float, rate: int = RATE) -> tuple[Motion, F64]:
    frames = round(seconds * rate) + 1
    return Motion(rig, frames, skin), np.linspace(0, 1, frames)


def _look(a: Anatomy, m: Motion, t: F64, far: float, neck: float = 0.0, head: float = 0.0) -> None:
    """Turns and tilts the head over the clip, with `neck` and `head` the pitches that carry it."""
    w = 2 * np.pi * t
    yaw = far * (0.75 * np.sin(w) + 0.35 * np.sin(2 * w + 0.5) - 0.35 * np.sin(0.5))
    nod = 7 * np.sin(2 * w + 1) + 5 * np.sin(3 * w) - 10 * (1 + np.sin(w + 4))  # often up, at whoever is there
    tilt = 9 * np.sin(w + 2.2) + 7 * np.sin(3 * w + 0.4)
    m.set("neck1", pitch=0.5 * neck, yaw=0.25 * yaw)
    m.set("neck2", pitch=0.5 * neck, yaw=0.3 * yaw)
    m.set("head", pitch=head + nod, yaw=0.45 * yaw, roll=tilt)
    alert = np.clip(np.sin(3 * w + 0.8), -0.4, 1)
    m.set("ear", yaw=-10 * alert + 6, roll=3 * alert)


def _mouth(a: Anatomy, m: Motion, opening: F64) -> None:
    """Dogs pant: the jaw opens and the tongue shows. Cats keep theirs shut."""
    if a.species == "dog":
        m.set("jaw", pitch=opening)


def _tail(a: Anatomy, m: Motion, t: F64, waves: int = 2, rise: float = 0.0, wag: float | None = None) -> None:
    """Swings the tail, a wave running to its tip, raised by `rise`."""
    swing = (11.0 if a.species == "dog" else 7.0) if wag is None else wag
    for i in range(5):
        phase = 2 * np.pi * waves * t - 0.7 * i
        lift = rise * (1.0 if i == 0 else 0.0)
        m.set(
            f"tail{i + 1}", pitch=lift + 2 * np.sin(2 * np.pi * t - 0.9 * i), yaw=swing * np.sin(phase) / (1 + 0.2 * i)
        )


def _lay_tail(a: Anatomy, m: Motion, side: F64, drop: float = 70.0) -> None:
    """Lets the tail lie on the ground, unless it is one that curls over the back."""
    if a.tail.rise + a.tail.curl < 120:
        m.lay_tail(side, a.height * (a.tail.root + 0.9 * a.tail.brush + 0.5 * a.tousle), drop)


def _feet(a: Anatomy, m: Motion) -> None:
    """All four feet where they rest."""
    for leg in LEGS:
        m.plant(leg, np.tile(m.toes(leg), (m.frames, 1)))


def _step(a: Anatomy, m: Motion, t: F64, phases: dict[str, float], duty: float, stride: float, lift: float) -> None:
    """Paths of the feet: back along the ground for the share `duty` of the cycle, forward through the air."""
    scale = a.height * min(1.0, 2 * a.elbow)
    m.paths = {}
    for leg, phase in phases.items():
        p = (t - phase) % 1.0
        stance = p < duty
        back = 0.5 - p / duty
        s = np.clip((p - duty) / (1 - duty), 0, 1)
        forward = -0.5 + s - np.sin(2 * np.pi * s) / (2 * np.pi) * 0.6
        toes = np.tile(m.toes(leg), (m.frames, 1))
        toes[:, 2] += stride * scale * np.where(stance, back, forward)
        high = np.where(stance, 0, np.sin(np.pi * s) ** 1.3)
        toes[:, 1] += lift * scale * high
        push = np.where(stance, 26 * np.clip((p / duty - 0.7) / 0.3, 0, 1) ** 1.5, 26 * np.clip(1 - 2.2 * s, 0, 1))
        fold = (58.0 if leg.startswith("fore") else 34.0) * np.where(stance, 0, np.sin(np.pi * s))
        reach = -14 * np.where(stance, np.clip(1 - 4 * p / duty, 0, 1), np.clip((s - 0.6) / 0.4, 0, 1))
        toe = np.where(stance, 0.0, 30 * np.sin(np.pi * s) ** 2)
        m.paths[leg] = (toes, push + fold + reach, toe)


def _replant(m: Motion) -> None:
    for leg, (toes, foot, toe) in m.paths.items():
        m.plant(leg, toes, foot, toe)
