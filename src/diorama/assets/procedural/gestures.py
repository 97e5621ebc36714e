"""What an animal does with head, ears, eyes, mouth and tail while it does something else."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.bearing import LID_CLOSED
from diorama.assets.procedural.motion import LEGS, TAIL, Motion, Skin
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.procedural.skeleton import Rig

F64 = NDArray[np.float64]

RATE = 8  # frames per second of slow clips


def start(rig: Rig, skin: Skin, seconds: float, rate: int = RATE) -> tuple[Motion, F64]:
    """A motion and its frames' times in [0, 1]."""
    frames = round(seconds * rate) + 1
    return Motion(rig, frames, skin), np.linspace(0, 1, frames)


def look(m: Motion, t: F64, far: float, neck: F64 | float = 0.0, head: F64 | float = 0.0) -> None:
    """Turns the head up to `far` degrees to either side over the clip, nods, tilts it, pricks the ears, blinks.

    `neck` and `head` are the pitches that carry it. At first it looks straight ahead.
    """
    w = 2 * np.pi * t
    yaw = far * (0.75 * portable.sin(w) + 0.35 * (portable.sin(2 * w + 0.5) - portable.sin(0.5)))
    nod = 7 * portable.sin(2 * w) + 5 * portable.sin(3 * w) - 6 * (1 - portable.cos(w))  # often up, at whoever is there
    tilt = 10 * portable.sin(w) + 7 * portable.sin(3 * w)
    m.set("neck1", pitch=0.5 * neck, yaw=0.25 * yaw)
    m.set("neck2", pitch=0.5 * neck, yaw=0.3 * yaw)
    m.set("head", pitch=head + nod, yaw=0.45 * yaw, roll=tilt)
    alert = np.clip(portable.sin(3 * w), -0.4, 1)
    m.set("ear", yaw=-8 * alert, roll=3 * alert)
    lids(m, portable.exp(-(((t - 0.57) / 0.03) ** 2)))


def mouth(a: Anatomy, m: Motion, opening: F64 | float) -> None:
    """Dogs pant: the jaw opens and the tongue lolls. Cats keep theirs shut."""
    if a.species == "dog":
        gape(m, opening)


def gape(m: Motion, opening: F64 | float) -> None:
    """Opens the jaw by so many degrees."""
    m.set("jaw", pitch=opening)
    m.set("tongue", pitch=0.3 * np.asarray(opening))


def lids(m: Motion, shut: F64 | float) -> None:
    """Closes the eyes: 0 leaves them open, 1 shuts them. Nothing happens where a rig has no lids."""
    m.set("eyelid", pitch=LID_CLOSED * np.asarray(shut))


def wag(a: Anatomy, m: Motion, t: F64, waves: int = 2, rise: float = 0.0, swing: float | None = None) -> None:
    """Swings the tail by `swing` degrees at its root, a wave running to its tip, raised by `rise`."""
    wide = (11.0 if a.species == "dog" else 7.0) if swing is None else swing
    for i in range(5):
        phase = 2 * np.pi * waves * t - 0.7 * i
        lift = rise * (1.0 if i == 0 else 0.0)
        pitch = lift + 2 * portable.sin(2 * np.pi * t - 0.9 * i)
        m.set(f"tail{i + 1}", pitch=pitch, yaw=wide * portable.sin(phase) / (1 + 0.2 * i))


def lay_tail(a: Anatomy, m: Motion, side: F64 | float, drop: float = 70.0) -> None:
    """Lets the tail lie on the ground; one that curls over the back is raised as far as it would enter the ground."""
    if a.tail.rise + a.tail.curl < 120:
        radius = a.height * (a.tail.root + 0.9 * a.tail.brush + 0.5 * a.tousle)
        m.lay_tail(side, radius, drop)
        return
    length = a.height * max(a.tail.length, 0.1)
    raised = 0.0
    m.set(TAIL[0], pitch=raised)
    for _ in range(5):
        before, under = raised, m.lowest(*TAIL).min()
        raised = float(np.clip(raised - np.degrees(under / (0.6 * length)), 0, 80))
        if raised == before:
            break
        m.set(TAIL[0], pitch=raised)


def feet(m: Motion) -> None:
    """All four feet where they rest."""
    m.plant(LEGS, m.footing(LEGS))
