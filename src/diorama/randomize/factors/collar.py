"""A collar about an animal's neck, as pets wear it in many photos. Off unless a recipe asks for it.

It is drawn on the skin of embedded animals, and of others whose coat is drawn as theirs is: a band of one colour
without hair, where the neck is.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.subject import Subject
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Constant, Uniform
from diorama.scene.batch import COLLAR as COLUMNS

F64 = NDArray[np.float64]

_HANG = (0.34, 0.94)
"""Sine and cosine of 20°: how far a collar tips from square across the neck, since it hangs down at the throat."""


def apply(values: Values, draft: Draft) -> Names:
    """Set collar."""
    draft.collar = np.zeros((len(draft), len(COLUMNS)))
    rgb = _rgb(values["hue"], values["saturation"], values["brightness"])
    for i, subject in enumerate(draft.subjects):
        rows = np.flatnonzero((draft.subject == i) & values["present"])
        neck = _neck(subject) if len(rows) else None
        if neck is not None:
            middle, lower, along = neck
            draft.collar[rows, :3] = rgb[rows]
            draft.collar[rows, 3] = values["width"][rows] / 2
            draft.collar[rows, 4:6] = middle + values["place"][rows, None] * lower
            draft.collar[rows, 6:] = along
    return {}


def _neck(subject: Subject) -> tuple[F64, F64, F64] | None:
    """Of the neck, as (y, z) in statures: its middle joint, the way there from its first, and a collar's axis.

    None where no coat is drawn or no two joints lie below the head.
    """
    if subject.head is None or not subject.coats:
        return None
    head = subject.head[0]
    parents = subject.skeleton.parents
    middle = int(parents[head])
    first = int(parents[middle]) if middle >= 0 else -1
    if first < 0:
        return None
    inverse = subject.skeleton.inverse_bind[[first, middle, head]].astype(np.float64)
    places = -(inverse[:, :3, :3] * inverse[:, :3, 3, None]).sum(1) / subject.stature  # of rigid matrices
    start, mid, end = places[:, 1:]
    up, forward = end - start
    axis = np.array([_HANG[1] * up - _HANG[0] * forward, _HANG[1] * forward + _HANG[0] * up])
    return mid, mid - start, axis / max(float(np.sqrt((axis**2).sum())), 1e-9)


def _rgb(hue: F64, saturation: F64, brightness: F64) -> F64:
    """(B, 3) linear RGB from degrees and shares: A. R. Smith's hexcone (1978), in a closed form."""
    k = (np.array([5.0, 3.0, 1.0]) + hue[:, None] / 60) % 6
    return np.asarray(brightness[:, None] * (1 - saturation[:, None] * np.clip(np.minimum(k, 4 - k), 0, 1)))


COLLAR = Factor(
    name="collar",
    doc="A collar about an embedded animal's neck; off by default.",
    keys=(
        Key("present", "", "Whether it wears one.", Constant(value=False), False, kind="truth"),
        Key(
            "width",
            "statures",
            "Its width; a stature is the height at the withers.",
            Uniform(low=0.032, high=0.072),
            0.05,
            low=0,
            high=1,
        ),
        Key(
            "place",
            "lower necks",
            "From the neck's middle joint towards the head; the unit is the way there from its first joint.",
            Uniform(low=0.1, high=0.4),
            0.25,
            low=-1,
            high=2,
        ),
        Key(
            "hue", "degrees", "Its hue; 0 is red, 120 green, 240 blue.", Uniform(low=0, high=360), 0.0, low=0, high=360
        ),
        Key("saturation", "", "From 0, grey, to 1.", Uniform(low=0, high=1), 0.9, low=0, high=1),
        Key("brightness", "", "Reflectance of its strongest colour.", Uniform(low=0.02, high=0.6), 0.4, low=0, high=1),
    ),
    apply=apply,
)
