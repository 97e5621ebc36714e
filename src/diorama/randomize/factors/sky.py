"""The sky: the background above the horizon, and the light from all around."""

import numpy as np

from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values, preferred
from diorama.randomize.spaces import Anything, Default, Uniform

PLAIN = "overcast"
"""The sky where the factor is omitted, if the catalogue has it; else its first."""


def apply(values: Values, draft: Draft) -> Names:
    """Set sky, sky_rotation and sky_exposure."""
    skies = draft.catalogue.skies
    draft.sky = values.pick("map").among(skies, default=preferred(skies, PLAIN))
    draft.sky_rotation = np.radians(values["rotation"])
    draft.sky_exposure = values["exposure"]
    return {"map": np.array(skies)[draft.sky]}


SKY = Factor(
    name="sky",
    doc="The sky: the background above the horizon, and the light from all around.",
    keys=(
        Key("map", "", "The sky's id.", Anything(), Default(), kind="name"),
        Key("rotation", "degrees", "About the vertical.", Uniform(low=0, high=360), 0.0, low=-360, high=360),
        Key(
            "exposure",
            "× white",
            "Mean radiance of the upper half of the sky; 1 is white in the picture.",
            Uniform(low=0.2, high=0.8),
            0.4,
            low=0,
            high=100,
        ),
    ),
    apply=apply,
)
