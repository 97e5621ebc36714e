"""The sun: where it stands, how strong and how warm it is."""

import numpy as np
from numpy.typing import NDArray

from diorama.randomize.directions import UpperHemisphere
from diorama.randomize.draft import Draft, spherical
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Constant, Uniform

F64 = NDArray[np.float64]
_XYZ_TO_RGB = np.array(  # IEC 61966-2-1 (sRGB), D65
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear RGB, Rec. 709."""


def apply(values: Values, draft: Draft) -> Names:
    """Set sun_direction and sun."""
    draft.sun_direction = spherical(values["direction"])
    # a white diffuse surface of radiance L has irradiance π L
    draft.sun = (np.pi * values["intensity"])[:, None] * blackbody(values["temperature"])
    return {}


def blackbody(kelvin: F64) -> F64:
    """(..., 3) linear sRGB of luminance 1, clipped to the gamut, of black bodies of 1,667 to 25,000 K.

    Source: the cubic fit to the Planckian locus of Y. Kim et al., US patent 7024034 (2006).
    """
    t = 1000.0 / np.asarray(kelvin, np.float64)
    x = np.where(
        t >= 0.25,
        ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910,
        ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390,
    )
    y = np.select(
        [t >= 1000 / 2222, t >= 0.25],
        [
            ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683,
            ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867,
        ],
        ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483,
    )
    xyz = np.stack([x / y, np.ones_like(x), (1 - x - y) / y], axis=-1)
    # sums, not a matrix product: the last bits of one depend on how many rows it has
    rgb = np.maximum((_XYZ_TO_RGB * xyz[..., None, :]).sum(-1), 0.0)
    return np.asarray(rgb / (rgb * LUMINANCE).sum(-1, keepdims=True))


LIGHT = Factor(
    name="light",
    doc="The sun: where it stands, how strong and how warm it is.",
    keys=(
        Key(
            "direction",
            "degrees",
            "From the scene to the sun.",
            UpperHemisphere(elevation=(15, 90)),
            Constant(value=(40.0, 55.0)),
            kind="direction",
        ),
        Key(
            "intensity",
            "× white",
            "Radiance of a white diffuse surface that faces the sun; 1 is white in the picture.",
            Uniform(low=0.1, high=1.2),
            0.7,
            low=0,
            high=100,
        ),
        Key(
            "temperature",
            "kelvin",
            "Colour temperature.",
            Uniform(low=3500, high=9500),
            6000.0,
            low=1667,
            high=25000,
        ),
    ),
    apply=apply,
)
