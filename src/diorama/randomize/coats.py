"""What makes an individual's coat its own: a cross, other pigments, more or less of each layer, its pattern."""

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.coat import EXTENTS, LAYERS, OPACITIES, SEED, crossed
from diorama.randomize.factor import Values

F64 = NDArray[np.float64]

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB, IEC 61966-2-1
_WHITE, _LEATHER = LAYERS.index("white"), LAYERS.index("leather")
_TINTED = np.array([1.0 if name not in ("white", "leather") else 0.25 for name in LAYERS])[:, None]
"""White hair has no pigment to vary; what tints it is dirt and age."""
_PLACES = np.array([1.0, 613.0, 7919.0])


def individual(first: F64, second: F64, values: Values, tint: F64) -> F64:
    """(B, ROWS, 4) coats between two coats (B, ROWS, 4), varied by the keys `coat_…`; colours take the tint (B, 3)."""
    coat = crossed(first, second, values["coat_cross"])
    layers = slice(0, len(LAYERS))
    color = coat[:, layers, :3]
    grey = (color * _LUMINANCE).sum(-1, keepdims=True)
    color = grey + (color - grey) * values["coat_saturation"][:, None, None]
    coat[:, layers, :3] = np.clip(color * exact.power(tint[:, None], _TINTED), 0.0, 1.0)
    coat[:, OPACITIES, 3] *= values["coat_markings"][:, None]
    extents = coat[:, EXTENTS, 3]
    coat[:, EXTENTS, 3] = np.where(extents > 0, extents + values["coat_extent"][:, None], 0)
    white = coat[:, _WHITE, 3]
    coat[:, _WHITE, 3] = np.where(white > 0, white + values["coat_white"], 0)
    coat[:, layers, 3] = np.clip(coat[:, layers, 3], 0.0, 1.0)
    coat[:, SEED, :3] = 64.0 * np.mod(values["coat_place"][:, None] * _PLACES, 1.0)
    return coat
