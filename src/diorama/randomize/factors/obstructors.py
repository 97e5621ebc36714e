"""Shapes that stand and float near the subject, and may hide a part of it.

There are always SLOTS of them in the labels, of which the first `count` are in the scene; so a change of the count
leaves all else as it was.
"""

import numpy as np

from diorama import exact
from diorama.assets.rotations import rotation_matrices
from diorama.randomize.directions import Rotation
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Anything, Constant, Default, Integer, Uniform
from diorama.scene.batch import SHAPES

SLOTS = 5
"""The most obstructors in a scene."""


def apply(values: Values, draft: Draft) -> Names:
    """Set shape and transform."""
    kind = values.pick("shape").among(SHAPES)
    draft.shape = np.where(np.arange(SLOTS) < values["count"][:, None], kind, -1).astype(np.int32)

    radius = draft.radius[:, None]
    width, stretch = values["size"] * radius, np.sqrt(values["aspect"])
    scale = np.stack([width / stretch, width * stretch, width / stretch], axis=-1)  # (B, SLOTS, 3)
    azimuth, distance = np.radians(values["azimuth"]), values["distance"] * radius
    place = np.stack([distance * exact.sin(azimuth), values["height"] * radius, distance * exact.cos(azimuth)], axis=-1)
    draft.transform = np.concatenate(
        [rotation_matrices(values["orientation"]) * scale[..., None, :], place[..., None]], axis=-1
    )
    return {"shape": np.array(SHAPES)[kind]}


OBSTRUCTORS = Factor(
    name="obstructors",
    doc="Shapes near the subject that may hide a part of it.",
    keys=(
        Key(
            "count",
            "",
            "How many of the slots are in the scene.",
            Integer(low=0, high=SLOTS),
            Constant(value=0),
            kind="integer",
            low=0,
            high=SLOTS,
        ),
        Key("shape", "", "Shape.", Anything(), Default(), kind="name", options=SHAPES, slots=SLOTS),
        Key("size", "subject radii", "Width.", Uniform(low=0.2, high=0.9), 0.5, low=0.001, high=10, slots=SLOTS),
        Key(
            "aspect",
            "",
            "Height over width, at the same area.",
            Uniform(low=0.4, high=2.5),
            1.0,
            low=0.05,
            high=20,
            slots=SLOTS,
        ),
        Key(
            "azimuth",
            "degrees",
            "Where it stands about the subject; 0 is before it.",
            Uniform(low=0, high=360),
            0.0,
            low=-360,
            high=360,
            slots=SLOTS,
        ),
        Key(
            "distance",
            "subject radii",
            "From the vertical through the subject's middle.",
            Uniform(low=0.9, high=2.2),
            1.5,
            low=0,
            high=100,
            slots=SLOTS,
        ),
        Key(
            "height",
            "subject radii",
            "Of its centre above the ground.",
            Uniform(low=0, high=1.4),
            0.3,
            low=-10,
            high=100,
            slots=SLOTS,
        ),
        Key(
            "orientation",
            "quaternion",
            "Orientation.",
            Rotation(),
            Constant(value=(0.0, 0.0, 0.0, 1.0)),
            kind="rotation",
            slots=SLOTS,
        ),
    ),
    apply=apply,
    attempt=1,
)
