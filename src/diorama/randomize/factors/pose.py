"""What the subject does: a random time of a random clip. It stands on the ground, whatever it does."""

import numpy as np

from diorama.assets import animate
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Default, Uniform

REST = "rest"
"""The name, in labels, of the skeleton's own pose: of models without clips, and where it is their default."""


def apply(values: Values, draft: Draft) -> Names:
    """Set palette, center and radius: the lowest point at y = 0, the box centred over the origin.

    There is no heading: the camera goes all the way round instead, so that its azimuth is the side that is seen.
    """
    joints = max(len(subject.skeleton.parents) for subject in draft.subjects)
    draft.palette = np.zeros((len(draft), joints, 3, 4), np.float32)
    low, high = np.empty((len(draft), 3)), np.empty((len(draft), 3))
    clips = np.full(len(draft), REST, "<U200")
    for i, subject in enumerate(draft.subjects):
        rows = np.flatnonzero(draft.subject == i)
        names = [clip.name for clip in subject.clips]
        clip = np.full(len(rows), -1, np.int32)
        if names:
            clip = values.pick("clip").among(names, rows, default=subject.rest_clip, of=subject.id)
        palette = animate.pose(subject, clip, values["time"][rows], draft.proportions[rows])
        palette *= draft.scale[rows, None, None, None].astype(np.float32)
        low[rows], high[rows] = animate.bounds(subject, palette)
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
    doc="What the subject does: a random time of a random animation clip. Omitted, it takes its default pose.",
    keys=(
        Key("clip", "", "The clip's name.", Anything(), Default(), kind="name"),
        Key("time", "", "Time in the clip as a fraction of its duration.", Uniform(low=0, high=1), 0.0, low=0, high=1),
    ),
    apply=apply,
)
