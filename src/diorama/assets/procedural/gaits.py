"""How cats and dogs stand and go: seamless loops, on the spot.

Phases of the legs follow Hildebrand (1965): a walk is a lateral sequence, a trot moves diagonal pairs together, a
gallop gathers and stretches the back.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.gestures import feet, gape, lids, look, mouth, start, wag
from diorama.assets.procedural.motion import Motion, Skin
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]


def stand(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Stands, breathes, looks around."""
    m, t = start(rig, skin, 6.0)
    m.rise(0.004 * a.height * portable.sin(6 * np.pi * t))
    look(m, t, 48.0)
    feet(m)
    wag(a, m, t)
    return m.clip("stand", 6.0)


def watch(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Stands and watches: head high or low, far to the side, tilted as one that listens; ears turn one by one."""
    m, t = start(rig, skin, 8.0)
    w = 2 * np.pi * t
    yaw = 80 * portable.sin(w) * (0.7 + 0.3 * portable.cos(2 * w))
    lift = 12 * portable.cos(w) - 12 * portable.sin(2 * w)
    m.set("chest", yaw=0.1 * yaw)
    m.set("neck1", pitch=-0.8 * lift, yaw=0.22 * yaw)
    m.set("neck2", pitch=-0.4 * lift, yaw=0.28 * yaw)
    m.set("head", pitch=0.7 * lift + 5 * portable.sin(3 * w), yaw=0.40 * yaw, roll=26 * portable.sin(2 * w + 0.6))
    for side, phase in (("_l", 0.0), ("_r", 2.0)):
        m.set("ear" + side, pitch=8 * portable.sin(2 * w + phase), yaw=18 * portable.sin(3 * w + phase))
    feet(m)
    wag(a, m, t, rise=25 if a.species == "dog" else 55)
    return m.clip("watch", 8.0)


def pant(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Stands with its mouth open, tail wagging."""
    m, t = start(rig, skin, 3.0, rate=12)
    w = 2 * np.pi * t
    m.rise(0.006 * a.height * portable.sin(6 * w))
    m.set("neck1", pitch=-10 + 3 * portable.sin(w), yaw=14 * portable.sin(w))
    m.set("head", pitch=2 + 5 * portable.sin(2 * w), yaw=16 * portable.sin(w), roll=8 * portable.sin(w + 1))
    m.set("ear", pitch=-6)
    gape(m, 21 + 5 * portable.sin(6 * w))
    lids(m, 0.25)
    feet(m)
    wag(a, m, t, waves=3, rise=38, swing=24)
    return m.clip("pant", 3.0)


def sniff(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Noses about on the ground."""
    m, t = start(rig, skin, 4.0)
    h = a.height
    height = rig.heads[rig.index("neck1")][1]
    reach = portable.norm(rig.heads[rig.index("head")] - rig.heads[rig.index("neck1")]) + 1.1 * h * a.head.width
    crouch = float(np.clip((height - reach) / (0.9 * a.length * h), 0, 0.34))
    lean, down = np.degrees(crouch), a.neck_angle + 20
    m.rise(-0.25 * crouch * a.length * h)
    m.set("root", pitch=lean)
    for _ in range(5):  # the nose nears the ground, and does not go in
        nod = down + 3 * portable.sin(6 * np.pi * t)
        m.set("neck1", pitch=0.55 * nod, yaw=16 * portable.sin(2 * np.pi * t))
        m.set("neck2", pitch=0.3 * nod, yaw=10 * portable.sin(2 * np.pi * t + 0.3))
        m.set("head", pitch=-0.15 * nod - 0.4 * lean, yaw=6 * portable.sin(2 * np.pi * t + 0.6))
        gap = float(m.lowest("head", "muzzle", "jaw").min()) - 0.01 * h
        down = float(np.clip(down + np.degrees(0.9 * gap / reach), 0, a.neck_angle + 55))
    feet(m)
    wag(a, m, t, waves=2, rise=6)
    return m.clip("sniff", 4.0)


def walk(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A walk: three feet on the ground most of the time."""
    m, t = start(rig, skin, 1.0, rate=20)
    _step(a, m, t, {"hind_l": 0.0, "fore_l": 0.25, "hind_r": 0.5, "fore_r": 0.75}, duty=0.64, stride=0.50, lift=0.10)
    sway = portable.sin(2 * np.pi * t)
    m.set("hips", yaw=3.5 * sway, roll=2.5 * portable.cos(2 * np.pi * t))
    m.set("spine2", yaw=-3.5 * sway)
    m.set("neck1", pitch=8 + 2.5 * portable.cos(4 * np.pi * t), yaw=3 * sway)
    m.set("head", pitch=-8 - 2 * portable.cos(4 * np.pi * t), yaw=-3 * sway)
    wag(a, m, t, waves=1, rise=75 if a.species == "cat" else 8)
    _replant(m)
    return m.clip("walk", 1.0)


def prowl(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Stalks: the body low between the shoulder blades, the head held still and forward."""
    m, t = start(rig, skin, 2.0, rate=12)
    low = 0.34 * a.elbow
    m.rise(-a.height * (low + 0.01 * portable.cos(4 * np.pi * t)))
    _step(a, m, t, {"hind_l": 0.0, "fore_l": 0.25, "hind_r": 0.5, "fore_r": 0.75}, duty=0.74, stride=0.42, lift=0.10)
    sway = portable.sin(2 * np.pi * t)
    m.set("hips", yaw=3 * sway, roll=3 * portable.cos(2 * np.pi * t))
    m.set("scapula", pitch=-6)
    m.set("neck1", pitch=24, yaw=2 * sway)
    m.set("neck2", pitch=10)
    m.set("head", pitch=-30, yaw=-2 * sway)
    m.set("ear", yaw=-10, pitch=5)
    wag(a, m, t, waves=1, rise=-12, swing=5)
    _replant(m)
    return m.clip("prowl", 2.0)


def trot(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A trot."""
    m, t = start(rig, skin, 0.6, rate=36)
    m.rise(a.height * (0.012 - 0.022 * portable.cos(4 * np.pi * t + 0.6)))
    _step(a, m, t, {"hind_l": 0.0, "fore_r": 0.0, "hind_r": 0.5, "fore_l": 0.5}, duty=0.5, stride=0.55, lift=0.15)
    m.set("neck1", pitch=4)
    m.set("head", pitch=-4)
    mouth(a, m, 9 + 3 * portable.sin(4 * np.pi * t))
    wag(a, m, t, waves=1, rise=22)
    _replant(m)
    return m.clip("trot", 0.6)


def run(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """A gallop."""
    m, t = start(rig, skin, 0.5, rate=44)
    w = 2 * np.pi * t
    m.rise(a.height * (0.02 + 0.04 * portable.cos(w)))
    m.set("root", pitch=5 * portable.sin(w))
    m.set("hips", pitch=-9 * portable.cos(w))
    m.set("spine1", pitch=9 * portable.cos(w))
    m.set("spine2", pitch=7 * portable.cos(w))
    m.set("neck1", pitch=14 - 5 * portable.sin(w))
    m.set("head", pitch=-12)
    m.set("ear", pitch=-22 if a.species == "cat" else -8)
    mouth(a, m, np.full(len(t), 14.0))
    _step(a, m, t, {"hind_l": 0.05, "hind_r": 0.13, "fore_l": 0.55, "fore_r": 0.65}, duty=0.34, stride=0.85, lift=0.20)
    wag(a, m, t, waves=1, rise=42)
    _replant(m)
    return m.clip("run", 0.5)


def _step(a: Anatomy, m: Motion, t: F64, phases: dict[str, float], duty: float, stride: float, lift: float) -> None:
    """Paths of the feet: back along the ground for the share `duty` of the cycle, forward through the air."""
    scale = a.height * min(1.0, 2 * a.elbow)
    m.paths = {}
    for leg, phase in phases.items():
        p = (t - phase) % 1.0
        stance = p < duty
        back = 0.5 - p / duty
        s = np.clip((p - duty) / (1 - duty), 0, 1)
        forward = -0.5 + s - portable.sin(2 * np.pi * s) / (2 * np.pi) * 0.6
        toes = m.footing((leg,))[:, 0]
        toes[:, 2] += stride * scale * np.where(stance, back, forward)
        high = np.where(stance, 0, portable.power(portable.sin(np.pi * s), 1.3))
        toes[:, 1] += lift * scale * high
        push = np.where(
            stance, 26 * portable.power(np.clip((p / duty - 0.7) / 0.3, 0, 1), 1.5), 26 * np.clip(1 - 2.2 * s, 0, 1)
        )
        fold = (58.0 if leg.startswith("fore") else 34.0) * np.where(stance, 0, portable.sin(np.pi * s))
        reach = -14 * np.where(stance, np.clip(1 - 4 * p / duty, 0, 1), np.clip((s - 0.6) / 0.4, 0, 1))
        toe = np.where(stance, 0.0, 30 * portable.sin(np.pi * s) ** 2)
        m.paths[leg] = (toes, push + fold + reach, toe)


def _replant(m: Motion) -> None:
    toes, foot, toe = (np.stack(rows, axis=1) for rows in zip(*m.paths.values(), strict=True))
    m.plant(tuple(m.paths), toes, foot, toe)
