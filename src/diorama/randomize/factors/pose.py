"""What the subject does: a random time of a random clip, and how it carries head, ears and tail meanwhile.

It stands on the ground, whatever it does. Rigs without heads, ears, tails, jaws or lids leave out what they lack.
"""

import numpy as np

from diorama.assets import animate
from diorama.assets.bearing import BEARING
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Default, Uniform

REST = "rest"
"""The name, in labels, of the skeleton's own pose: of models without clips, and where it is their default."""

_BEARING = {
    "head_yaw": ("degrees", -22, 22, 90, "Head turned to its left, beyond what the clip does."),
    "head_pitch": ("degrees", -12, 14, 60, "Head raised."),
    "head_tilt": ("degrees", -11, 11, 60, "Head tilted to its left."),
    "ears": ("degrees", -14, 8, 60, "Ears turned forward, or laid back."),
    "tail_lift": ("degrees", -12, 30, 120, "Tail raised."),
    "tail_side": ("degrees", -28, 28, 120, "Tail bent to the left."),
    "mouth": ("degrees", 0, 9, 40, "Jaw opened."),
    "eyelids": ("", 0, 0.3, 1, "Share of the open eye that the lids close."),
}


def apply(values: Values, draft: Draft) -> Names:
    """Set palette, morphs, center and radius: the lowest point at y = 0, the box centred over the origin.

    There is no heading: the camera goes all the way round instead, so that its azimuth is the side that is seen.
    """
    joints = max(len(subject.skeleton.parents) for subject in draft.subjects)
    draft.palette = np.zeros((len(draft), joints, 3, 4), np.float32)
    draft.morphs = np.zeros((len(draft), max(subject.morphs for subject in draft.subjects)), np.float32)
    bearing = np.stack([values[name] for name in BEARING], axis=-1)
    low, high = np.empty((len(draft), 3)), np.empty((len(draft), 3))
    clips = np.full(len(draft), REST, "<U200")
    for i, subject in enumerate(draft.subjects):
        rows = np.flatnonzero(draft.subject == i)
        names = [clip.name for clip in subject.clips]
        clip = np.full(len(rows), -1, np.int32)
        if names:
            clip = values.pick("clip").among(names, rows, default=subject.rest_clip, of=subject.id)
        palette = animate.pose(subject, clip, values["time"][rows], draft.proportions[rows], bearing[rows])
        palette *= draft.scale[rows, None, None, None].astype(np.float32)
        morphs = animate.shape(subject, clip, values["time"][rows])
        low[rows], high[rows] = animate.bounds(subject, palette, morphs)
        draft.morphs[rows, : morphs.shape[1]] = morphs
        draft.palette[rows, : palette.shape[1]] = palette
        clips[rows] = np.array([*names, REST])[clip]  # -1 is the last

    middle = (low + high) / 2
    shift = np.stack([-middle[:, 0], -low[:, 1], -middle[:, 2]], axis=-1)
    draft.palette[..., 3] += shift[:, None]
    draft.center = middle + shift
    draft.radius = np.maximum(np.linalg.norm(high - low, axis=-1) / 2, 1e-6)
    return {"clip": clips}


POSE = Factor(
    name="pose",
    doc="What the subject does: a random time of a random clip, and its bearing. Omitted, it takes its default pose.",
    keys=(
        Key("clip", "", "The clip's name.", Anything(), Default(), kind="name"),
        Key("time", "", "Time in the clip as a fraction of its duration.", Uniform(low=0, high=1), 0.0, low=0, high=1),
        *(
            Key(name, unit, doc, Uniform(low=low, high=high), 0.0, low=-most if low < 0 else 0, high=most)
            for name, (unit, low, high, most, doc) in _BEARING.items()
        ),
    ),
    apply=apply,
)
