"""A camera's flash: most snapshots indoors are lit by one. Off unless a recipe asks for it.

It stands in the sun's place, just above the lens: what faces the camera is bright, shadows hide behind what throws
them, and what is far off stays dark, the more so as the camera lets in less of the light that is there.
"""

import numpy as np

from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.factors.light import blackbody
from diorama.randomize.spaces import Constant, Uniform

_OVER, _BESIDE = 0.07, 0.03
"""Where the lamp is, seen from the subject: over and beside the lens, in distances of the camera."""


def apply(values: Values, draft: Draft) -> Names:
    """Set flash; where it fires, set sun_direction and sun, and multiply sky_exposure."""
    fires = values["fires"]
    draft.flash = np.zeros(len(draft))
    if not fires.any():
        return {}
    toward, axes = draft.toward_camera(), draft.view[:, :, :3]
    distance = np.sqrt((toward**2).sum(-1))
    lamp = toward / distance[:, None] + _OVER * axes[:, 1] + _BESIDE * axes[:, 0]
    lamp /= np.sqrt((lamp**2).sum(-1))[:, None]
    light = (np.pi * values["intensity"])[:, None] * blackbody(values["temperature"])
    draft.sun_direction = np.where(fires[:, None], lamp, draft.sun_direction)
    draft.sun = np.where(fires[:, None], light, draft.sun)
    draft.sky_exposure = np.where(fires, values["ambient"] * draft.sky_exposure, draft.sky_exposure)
    draft.flash[fires] = distance[fires]
    return {}


FLASH = Factor(
    name="flash",
    doc="The camera's flash, in the sun's place; off by default.",
    keys=(
        Key("fires", "", "Whether it does.", Constant(value=False), False, kind="truth"),
        Key(
            "intensity",
            "× white",
            "Radiance of a white diffuse surface as far off as the subject; 1 is white in the picture.",
            Uniform(low=0.55, high=1.25),
            0.9,
            low=0,
            high=100,
        ),
        Key("temperature", "kelvin", "Colour.", Uniform(low=5000, high=6500), 5500.0, low=1667, high=25000),
        Key("ambient", "×", "What is left of the other light.", Uniform(low=0.2, high=0.5), 0.35, low=0, high=10),
    ),
    apply=apply,
)
