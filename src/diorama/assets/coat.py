"""Coats of animals: pigments and the patterns in which they lie, as plain data and as the numbers that shaders read.

A coat says *what* lies where in terms of fields that every embedded animal carries at its vertices (`FIELDS`, filled by
`assets/procedural/markings.py`), so any animal can wear any coat. `shaders/coat.wgsl` evaluates it per pixel.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama import exact

F64 = NDArray[np.float64]
Rgb = tuple[float, float, float]

FIELDS = ("white", "pale", "shade", "mask", "limbs", "tan", "bars", "flank")
"""The fields of `Mesh.coat`, each smooth over the body and in [0, 1]; an *order* is low where the layer comes first.

white   order of white spotting: paws, chest, muzzle and belly first, the head's top, back and tail last
pale    order of the pale underside: belly, inner legs, cheeks, muzzle, throat, then flanks
shade   order of the dark back: spine, neck and tail's top first, then flanks and head, legs last
mask    1 at nose and ears, falling towards the rest of the head
limbs   1 at paws and tail, falling towards the trunk
tan     1 where tan points lie: over the eyes, cheeks, chest, lower legs, under the tail
bars    level of a tabby's lines on head, legs and tail: dark where it is over ½
flank   share in which the pattern of the trunk shows; on noses and pads, whose colour is not the coat's: 1, "leather"

The paint of a model without fur is simpler: orders of white and patches (first and third), shares of marks and points.
"""

STRIPES = ("none", "mackerel", "classic", "spotted", "brindle")
"""Patterns of the marks on the trunk; "none" leaves a tabby ticked, with bars on head, legs and tail."""

LAYERS = ("base", "pale", "shade", "mark", "patch", "point", "tan", "white", "leather")
"""Rows 0 to 8 of a coat's array: linear RGB, and in the last column how much there is of it (base: of agouti)."""

OPACITIES = tuple(LAYERS.index(name) for name in ("mark", "point", "tan", "leather"))
EXTENTS = tuple(LAYERS.index(name) for name in ("pale", "shade", "patch", "white"))
ROWS = len(LAYERS) + 3
STYLE, BORDER, SEED = range(len(LAYERS), ROWS)
"""Rows that hold no colour: of stripes, of borders and spots, and of what tells individuals apart."""


@dataclass(frozen=True, eq=False)
class Coat:
    """Layers, each over the former: base, pale, shade, mark, patch, point, tan, white. Colours are linear RGB.

    `…_amount` in [0, 1] is a layer's opacity (mark, point, tan, leather), or how far it extends over the body (pale,
    shade, patch, white: about the share that it covers).
    """

    name: str
    base: Rgb
    pale: Rgb = (0.0, 0.0, 0.0)
    shade: Rgb = (0.0, 0.0, 0.0)
    mark: Rgb = (0.0, 0.0, 0.0)
    patch: Rgb = (0.0, 0.0, 0.0)
    point: Rgb = (0.0, 0.0, 0.0)
    tan: Rgb = (0.0, 0.0, 0.0)
    white: Rgb = (0.62, 0.595, 0.55)
    leather: Rgb = (0.02, 0.018, 0.018)  # nose and pads
    pale_amount: float = 0.0
    shade_amount: float = 0.0
    mark_amount: float = 0.0
    patch_amount: float = 0.0
    point_amount: float = 0.0
    tan_amount: float = 0.0
    white_amount: float = 0.0
    leather_amount: float = 0.0  # 0 leaves the breed's own
    agouti: float = 0.0  # strength of the banding of single hairs
    stripes: str = "none"  # one of STRIPES: where marks lie on the trunk
    frequency: float = 6.0  # stripes or spots per height at the withers
    duty: float = 0.45  # share of a period that is dark
    limbs: float = 0.0  # share of the points that legs and tail show: 1 colour-point, 0 a mask alone
    pale_softness: float = 0.45  # width of the border, in the field's own unit
    shade_softness: float = 0.08
    unevenness: float = 0.22  # how far chance moves the borders of white and shade
    ticks: float = 0.0  # spots of the coat's colour within the white
    patch_frequency: float = 0.0  # small patches per height at the withers; 0: large ones

    def as_array(self) -> F64:
        """(ROWS, 4): the layers, (stripes, frequency, duty, limbs), (unevenness, ticks, patch frequency, sharpness of
        the shade), and (0, 0, 0, sharpness of the pale), whose zeros are the individual's place in the noise."""
        amounts = [self.agouti, *(getattr(self, f"{name}_amount") for name in LAYERS[1:])]
        rows = [(*getattr(self, name), amount) for name, amount in zip(LAYERS, amounts, strict=True)]
        rows.append((STRIPES.index(self.stripes), self.frequency, self.duty, self.limbs))
        rows.append((self.unevenness, self.ticks, self.patch_frequency, 1 / self.shade_softness))
        rows.append((0.0, 0.0, 0.0, 1 / self.pale_softness))
        return np.array(rows, np.float64)


def speckled(coats: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(B,) which of some coats (B, ROWS, 4) have spots or small patches, which take noise per pixel."""
    spots = (coats[:, STYLE, 0] == STRIPES.index("spotted")) & (coats[:, LAYERS.index("mark"), 3] > 0)
    return np.asarray(spots | (coats[:, BORDER, 1:3] != 0).any(axis=1))


def crossed(first: F64, second: F64, share: F64) -> F64:
    """(B, ROWS, 4) coats of a cross: colours and amounts between two coats (B, ROWS, 4), other rows the first's.

    `share` (B,) is the second's. Colours mix as their logarithms, as pigments do, each weighing as much as its layer.
    """
    s = share[:, None, None]
    layers = slice(0, len(LAYERS))
    a, b = first[:, layers], second[:, layers]
    weight_a, weight_b = (1 - s) * a[..., 3:], s * b[..., 3:]
    weight_a[:, 0], weight_b[:, 0] = 1 - s[:, 0], s[:, 0]  # the base is always there
    total = weight_a + weight_b
    t = np.where(total > 0, weight_b / np.maximum(total, 1e-9), s)
    out = first.copy()
    out[:, layers, :3] = exact.exp((1 - t) * exact.log(a[..., :3] + 1e-4) + t * exact.log(b[..., :3] + 1e-4)) - 1e-4
    out[:, layers, 3] = (1 - s[..., 0]) * a[..., 3] + s[..., 0] * b[..., 3]
    return np.asarray(out)
