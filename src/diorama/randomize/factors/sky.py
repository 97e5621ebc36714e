"""The sky: the background above the horizon, and the light from all around."""

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values, preferred
from diorama.randomize.spaces import Anything, Constant, Default, Uniform

PLAIN = "overcast"
"""The sky where the factor is omitted, if the catalogue has it; else its first."""


def apply(values: Values, draft: Draft) -> Names:
    """Set sky, sky_rotation, sky_exposure and sky_tint, and sun and sun_direction where the sky knows of its sun."""
    skies = draft.catalogue.skies
    draft.sky = values.pick("map").among(skies, default=preferred(skies, PLAIN))
    draft.sky_rotation = np.radians(values["rotation"])
    draft.sky_exposure = values["exposure"]
    draft.sky_tint = np.ones((len(draft), 3))
    for row in np.flatnonzero(values["sun"]).tolist():
        sun = draft.catalogue.sky(skies[draft.sky[row]]).sun
        if sun is not None:
            draft.sun[row] = sun.irradiance * draft.sky_exposure[row]
            if sun.irradiance.any():
                draft.sun_direction[row] = _turned(sun.direction, draft.sky_rotation[row])
    return {"map": np.array(skies)[draft.sky]}


def _turned(direction: NDArray[np.float32], angle: float) -> NDArray[np.float64]:
    """A direction of the sky's own frame in the world's: R_y(angle) · direction."""
    c, s = exact.cos(angle), exact.sin(angle)
    x, y, z = direction.astype(np.float64)
    return np.array([c * x + s * z, y, c * z - s * x])


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
        Key(
            "sun",
            "",
            "Whether the sun of an own sky, or its lack, takes the place of the light's, so that shadows agree.",
            Constant(value=True),
            True,
            kind="truth",
        ),
    ),
    apply=apply,
)
