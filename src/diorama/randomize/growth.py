"""What makes the proportions of one individual belong together: its age and its build."""

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.subject import PROPORTIONS, Skeleton

F64 = NDArray[np.float64]

NEWBORN = {
    "head": 1.4,
    "ears": 0.85,
    "muzzle": 0.7,
    "neck": 0.8,
    "body": 0.86,
    "legs": 0.72,
    "tail": 0.72,
    "girth": 1.12,
}
"""Proportions of the very young, as multiples of the adult's: a big head with a short muzzle on short legs."""

NEWBORN_SIZE = 0.5

STOCKY = {"head": 1.04, "muzzle": 0.94, "neck": 0.89, "body": 0.98, "legs": 0.90, "tail": 0.95, "girth": 1.15}
"""Proportions of the stockiest build, as multiples of the middle one's; the leanest has their inverses."""

LEAST, MOST = 0.4, 2.0
"""What becomes of a proportion stays within these."""


def grown(age: F64, build: F64) -> tuple[F64, F64]:
    """Sizes (n,) and proportions (n, len(PROPORTIONS)) of age and build, to be multiplied with what else varies.

    A proportion p is newborn_p^(1 - age) · stocky_p^build: 1 for a grown animal of middle build.

    Args:
        age: (n,) from 0, very young, to 1, grown up.
        build: (n,) from -1, lean and leggy, to 1, stocky.
    """
    newborn = exact.log([NEWBORN.get(name, 1.0) for name in PROPORTIONS])
    stocky = exact.log([STOCKY.get(name, 1.0) for name in PROPORTIONS])
    youth = 1 - age
    return exact.power(NEWBORN_SIZE, youth), exact.exp(youth[:, None] * newborn + build[:, None] * stocky)


def grows(skeleton: Skeleton) -> bool:
    """Whether a rig is an animal's, as far as its joints tell: it has a head that may vary."""
    return bool((skeleton.proportion == PROPORTIONS.index("head")).any())
