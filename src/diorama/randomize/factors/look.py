"""The look of a photograph: what lens, sensor, development and file make of a picture; off by default."""

import numpy as np

from diorama import exact
from diorama.randomize.draft import Draft
from diorama.randomize.factor import Factor, Key, Names, Values
from diorama.randomize.spaces import Constant, Uniform
from diorama.scene.batch import LOOK as COLUMNS


def apply(values: Values, draft: Draft) -> Names:
    """Set look; the file's quality is read from the labels where files are written."""
    warm, tint = values["temperature"], values["tint"]
    # Red against blue, and green against both, such that the three gains multiply to one.
    stops = np.stack([warm - tint / 3, 2 * tint / 3, -warm - tint / 3], axis=-1) + values["exposure"][:, None]
    gains = dict(zip(("red", "green", "blue"), exact.power(2.0, np.moveaxis(stops, -1, 0)), strict=True))
    columns = {
        **gains,
        "saturation": np.where(values["monochrome"], 0.0, values["saturation"]),
        "grain": np.floor(values["grain"] * 2**24),
    }
    draft.look = np.stack([columns[name] if name in columns else values[name] for name in COLUMNS], axis=-1)
    return {}


def _key(name: str, unit: str, doc: str, neutral: float, low: float, high: float) -> Key:
    return Key(name, unit, doc, Constant(value=neutral), neutral, low=low, high=high)


LOOK = Factor(
    name="look",
    doc="What a camera makes of the picture: exposure, colours, focus, noise and file; off by default.",
    keys=(
        _key("exposure", "stops", "Lighter or darker.", 0.0, -6, 6),
        _key("temperature", "stops", "White balance: what red gains and blue loses.", 0.0, -2, 2),
        _key("tint", "stops", "White balance: what green gains over red and blue.", 0.0, -2, 2),
        _key("saturation", "×", "Distance of colours from grey.", 1.0, 0, 3),
        Key("monochrome", "", "Whether the picture is grey.", Constant(value=False), False, kind="truth"),
        _key("contrast", "×", "Slope of the tone curve about mid grey.", 1.0, 0.1, 5),
        _key("gamma", "", "Exponent of the picture's codes at mid grey; above 1 darkens.", 1.0, 0.2, 5),
        _key("vignette", "", "Share of light lost in the corners.", 0.0, 0, 1),
        _key("sharpness", "", "Halo of sharpening; -1 blurs over 3 × 3 pixels.", 0.0, -1, 4),
        _key("defocus", "image sides", "Radius of the blur of what is infinitely far.", 0.0, 0, 0.1),
        _key("focus", "×", "Distance that is sharp, in distances of the subject.", 1.0, 0.1, 10),
        _key("noise", "× white", "Standard deviation of the sensor's noise.", 0.0, 0, 0.5),
        Key("grain", "", "Which noise: a number stands for a pattern.", Uniform(low=0, high=1), 0.0, low=0, high=1),
        Key("quality", "", "Quality of the JPEG file; 0 for the recipe's.", Constant(value=0), 0, "integer", 0, 100),
    ),
    apply=apply,
)
