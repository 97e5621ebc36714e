"""How cats and dogs lie: like a sphinx, with folded paws, on the side, curled up."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.gestures import lay_tail, lids, look, mouth, start
from diorama.assets.procedural.motion import LEGS, Motion, Skin
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.procedural.turns import about
from diorama.assets.subject import Clip

F64 = NDArray[np.float64]
_SPINE = ("spine1", "spine2", "chest", "neck1", "neck2", "head")
_FORELEGS = np.array([1.0, 1.0, 0.0, 0.0])  # of LEGS


def lie(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Lies like a sphinx, head up."""
    m, t = start(rig, skin, 6.0)
    tilt = _couch(a, m, 0.003 * a.height * portable.sin(6 * np.pi * t), folded=False)
    look(m, t, 55.0, neck=4.0, head=-2.0 - tilt)
    lay_tail(a, m, (120.0 if a.species == "cat" else 35.0) + 5 * portable.sin(4 * np.pi * t), drop=50.0)
    mouth(a, m, 9 + 3 * portable.sin(18 * np.pi * t))
    return m.clip("lie", 6.0)


def loaf(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Lies with its forepaws folded under the chest, dozing off and waking."""
    m, t = start(rig, skin, 6.0)
    tilt = _couch(a, m, 0.003 * a.height * portable.sin(6 * np.pi * t), folded=True)
    look(m, t, 30.0, neck=10.0, head=-4.0 - tilt)
    lids(m, 0.5 - 0.5 * portable.cos(2 * np.pi * t))
    lay_tail(a, m, 170.0 + 4 * portable.sin(4 * np.pi * t), drop=50.0)
    return m.clip("loaf", 6.0)


def doze(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Lies with its chin on the ground between its forepaws, eyes closing."""
    m, t = start(rig, skin, 6.0)
    tilt = _couch(a, m, 0.003 * a.height * portable.sin(6 * np.pi * t), folded=False)
    down = 38.0
    for _ in range(6):
        m.set("neck1", pitch=0.8 * down, yaw=4 * portable.sin(2 * np.pi * t))
        m.set("neck2", pitch=0.2 * down, yaw=4 * portable.sin(2 * np.pi * t))
        m.set("head", pitch=-0.65 * down - tilt - 0.5 * a.head.pitch, roll=4 * portable.sin(2 * np.pi * t))
        gap = float(m.lowest("head", "muzzle", "jaw").min()) - 0.004 * a.height
        down = float(np.clip(down + np.degrees(0.9 * gap / (a.neck_length * a.height)), 0, 104))
    m.set("ear", roll=4 * portable.sin(2 * np.pi * t))
    lids(m, 0.65 - 0.35 * portable.cos(2 * np.pi * t))
    lay_tail(a, m, (120.0 if a.species == "cat" else 35.0), drop=50.0)
    return m.clip("doze", 6.0)


def side(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Lies flat on its side, legs out, and raises its head now and then."""
    m, t = start(rig, skin, 6.0)
    wake = np.clip(1.5 * portable.sin(np.pi * t) ** 2 - 0.3, 0, 1)
    legs = {"fore_l": (0.03, 0.10, 0.0, -10.0), "fore_r": (0.10, 0.24, 0.10, -25.0),
            "hind_l": (0.02, 0.10, 0.02, 6.0), "hind_r": (0.11, 0.18, 0.16, 10.0)}  # fmt: skip
    _recline(a, m, 84.0, (4.0, 6.0, 6.0, 8.0, 6.0, -4.0), legs, 34.0 * wake, 12 * portable.sin(2 * np.pi * t))
    lids(m, 1 - wake)
    return m.clip("side", 6.0)


def curl(a: Anatomy, rig: Rig, skin: Skin) -> Clip:
    """Sleeps curled up on its side, nose to the hind feet, tail around; looks up now and then."""
    m, t = start(rig, skin, 6.0)
    wake = np.clip(1.6 * portable.sin(np.pi * t) ** 2 - 0.6, 0, 1)
    legs = {"fore_l": (0.03, 0.40, 0.02, 45.0), "fore_r": (0.10, 0.40, 0.10, 40.0),
            "hind_l": (0.02, 0.34, 0.20, -30.0), "hind_r": (0.12, 0.34, 0.26, -30.0)}  # fmt: skip
    supple = 1.0 if a.species == "cat" else 0.85
    bends = tuple(supple * angle for angle in (26.0, 30.0, 26.0, 42.0, 38.0, 20.0))
    _recline(a, m, 80.0, bends, legs, 26.0 * wake, 165.0)
    lids(m, 1 - wake)
    return m.clip("curl", 6.0)


def _couch(a: Anatomy, m: Motion, breath: F64, folded: bool) -> float:
    """Breast and haunches on the ground, hind legs folded; forelegs ahead, or folded too. Returns the trunk's pitch."""
    down, tilt, fore, spread, hock = _couched(a, m.rig, m.skin, folded)
    _take_couch(a, m, down - breath, tilt, fore, spread, hock, folded)
    return tilt


@lru_cache(maxsize=8)
def _couched(a: Anatomy, rig: Rig, skin: Skin, folded: bool) -> tuple[float, float, float, float, float]:
    """For all to rest on the ground: how far the body sinks and pitches, how far the forefeet sink, the elbows spread
    and the hind feet pitch."""
    h, heel = a.height, float(portable.norm(rig.tips["metatarsus_l"]))
    down, tilt, fore, spread, hock = (1 - a.chest_depth) * h, 0.0, 0.0, 0.0, -80.0
    one = Motion(rig, 1, skin)
    for turned in range(30):
        ease = _ease(turned)
        _take_couch(a, one, down, tilt, fore, spread, hock, folded)
        lay_tail(a, one, 120.0 if a.species == "cat" else 35.0, drop=50.0)  # it drags the rump along
        # Breast and haunches both come down to the ground.
        haunches = float(one.lowest("root", "hips", "femur").min())
        belly = float(one.lowest("spine1", "spine2").min())
        breast = min(belly, float(one.lowest("chest", "scapula", "humerus", "neck1").min()))
        down += min(haunches, breast)
        most = -10 if belly == breast else -18  # one that lies on a fat belly would come to sit on it
        most = -2 if a.species == "cat" else most  # a cat crouches level, its haunches on its folded legs
        tilt = float(np.clip(tilt + np.degrees(ease * (breast - haunches) / (0.7 * a.length * h)), most, 28))
        fore += float(one.lowest("carpus", "front_toes").min())
        elbow = float(one.lowest("radius").min())
        spread = float(np.clip(spread - 400 * ease * elbow / h, 0, 75))  # else they would sink into the ground
        hock = float(np.clip(hock - np.degrees(ease * one.lowest("tibia", "metatarsus").min() / heel), -88, -40))
    return down, tilt, fore, spread, hock


def _take_couch(
    a: Anatomy, m: Motion, down: F64 | float, tilt: float, fore: float, spread: float, hock: float, folded: bool
) -> None:
    h, rig = a.height, m.rig
    forearm = rig.heads[rig.index("radius_l")][1] - rig.heads[rig.index("carpus_l")][1]
    reach = sum(float(portable.norm(rig.tips[name])) for name in ("humerus_l", "radius_l"))
    paw = float(portable.norm(rig.tips["carpus_l"]))
    curve = 1.4 if a.species == "cat" else 0.8  # the loins are bent, so that the belly is no keel
    m.set("scapula", pitch=14)
    m.set("spine1", pitch=7 * curve)
    m.set("spine2", pitch=9 * curve)
    m.rise(-np.asarray(down))
    m.set("root", pitch=tilt - 16 * curve)
    upper = [rig.index(name) for name in ("humerus_l", "femur_l")]  # and as far ahead on the right
    shoulder, hip = m.globals(tuple(upper))[1][:, upper].mean(axis=0)
    # As far ahead as an arm that is short, or under a deep chest, can reach the ground.
    farthest = np.sqrt(max((0.93 * reach) ** 2 - (shoulder[1] - 0.05 * h) ** 2, 0.0)) + 0.8 * paw
    ahead = min(0.62 * forearm + 0.30 * a.elbow * h, farthest)
    toes = m.footing(LEGS)  # the forelegs first
    toes[:, :2, 2] = shoulder[2] + (0.35 * ahead if folded else ahead)
    toes[:, :2, 1] -= fore
    toes[:, 2:, 2] = hip[2] + 0.32 * h * min(1.0, 2 * a.elbow)
    toes[:, 2:, 0] *= 1.7
    m.plant(LEGS, toes, np.array([-76, -76, hock, hock]), lift=np.array([0, 0, 40, 40]), raised=-spread * _FORELEGS)


def _recline(
    a: Anatomy,
    m: Motion,
    roll: float,
    bends: tuple[float, ...],
    legs: dict[str, tuple[float, float, float, float]],
    wake: F64,
    tail: F64 | float,
) -> None:
    """Lies on its left side, rolled by `roll` degrees, the head on the ground but where `wake` (F,) degrees raise it.

    `bends` are degrees by which spine1, spine2, chest, neck1, neck2 and head curl to the belly, within the plane of the
    ground. `legs` give for each leg the knuckles' height over the ground, how far they are drawn up and forward from
    where they rest (heights), and the foot's pitch. The tail curls by `tail` degrees.
    """
    h, rig = a.height, m.rig
    s, c = portable.sin(np.radians(roll)), portable.cos(np.radians(roll))
    inward, downward = np.array([s, -c, 0.0]), np.array([c, s, 0.0])
    curls = np.multiply.outer(np.array(bends), inward)
    down, tilt, sag, ear = 0.3 * h, 0.0, 0.0, -35.0
    raised = dict.fromkeys(legs, 0.0)
    upper = [rig.index(("humerus_" if leg.startswith("fore") else "femur_") + leg[-1]) for leg in legs]
    height, up, ahead, feet = np.array(list(legs.values())).T
    way = m.footing(tuple(legs))[0] - rig.heads[upper] + h * np.stack([0 * up, up, ahead], axis=1)
    heights = h * (height + 0.05 * a.paws)

    def take(it: Motion, wake: F64) -> None:
        it.set("root", pitch=tilt, roll=roll)
        it.rise(-down)
        nods = np.array([0, 0, 0, 0.4, 0.3, 0.3]) * sag - np.array([0, 0, 0, 1.4, 1.0, -1.3]) * wake[:, None]
        spine = about(curls + nods[..., None] * downward)
        level = about(-1.5 * wake[:, None] * np.array([0.0, 0.0, 1.0]))  # eyes level
        spine[:, -1] = portable.matmul(spine[:, -1], level)
        it.put(tuple(map(rig.index, _SPINE)), spine)
        it.set("ear_l", roll=ear)
        it.set("scapula_l", roll=13)  # the lower foreleg gives way to the trunk
        turns, places = it.globals(tuple(upper))
        above = turns[:, rig.skeleton.parents[upper]]
        toes = places[:, upper] + np.einsum("fkij,kj->fki", above, way)
        lifted = np.array([raised[leg] for leg in legs])
        toes[:, :, 1] = heights + lifted
        it.plant(tuple(legs), toes, feet, feet, tilt=above[0], raised=800 * lifted / h)

    one = Motion(rig, 1, m.skin)
    for turned in range(30):
        take(one, np.zeros(1))
        lay_tail(a, one, float(np.mean(tail)), drop=40.0)
        ease = _ease(turned)
        if turned == 6:  # a hanging ear lies as it falls, one that stands is pressed to the head
            ear = _flattest(one, "ear_l")
        # Shoulder and thigh both come down to the ground.
        shoulder = float(one.lowest("spine2", "chest", "scapula", "humerus_l").min())
        thigh = float(one.lowest("root", "hips", "spine1", "femur_l").min())
        down += (0.3 + 0.7 * ease) * min(shoulder, thigh)
        tilt = float(np.clip(tilt + np.degrees(0.8 * ease * (shoulder - thigh) / (0.6 * a.length * h)), -12, 12))
        for leg, limbs in (
            ("fore_l", ("radius_l", "carpus_l", "front_toes_l")),
            ("hind_l", ("tibia_l", "metatarsus_l")),
        ):
            raised[leg] = float(np.clip(raised[leg] - 0.6 * ease * one.lowest(*limbs).min(), 0, 0.16 * h))
        gap = float(one.lowest("head", "muzzle", "jaw", "ear", "ear_tip", "neck1", "neck2").min())
        sag = float(np.clip(sag + np.degrees(0.8 * gap / ((a.neck_length + 0.5 * a.head.width) * h)), -60, 60))
    take(m, wake)
    lay_tail(a, m, tail, drop=40.0)


def _ease(turned: int) -> float:
    """Which share of a correction to make at last: what is raised lowers something else, and would go to and fro."""
    return 1 / (1 + 0.3 * turned)


def _flattest(one: Motion, ear: str) -> float:
    """The roll in degrees with which an ear that lies below the head needs the least room there."""
    low = {}
    for roll in (-50.0, -35.0, -20.0, 0.0, 15.0, 30.0):
        one.set(ear, roll=roll)
        low[roll] = float(one.lowest(ear, ear.replace("ear", "ear_tip")).min())
    return max(low, key=lambda roll: low[roll])
