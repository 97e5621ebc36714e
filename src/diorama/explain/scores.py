"""Heat maps scored against exact truth: how far what a classifier looks at is the subject, and which part of it.

    mass      the share of a map's positive values that lies on the subject, or on one part of it: the energy-based
              pointing game (H. Wang et al., "Score-CAM", CVPR Workshops 2020). Of a map that is the same everywhere it
              is the share of the image that the subject fills, which is told beside it as `area`.
    pointing  whether the map's highest place lies on the subject: the pointing game (J. Zhang et al., "Top-down neural
              attention by excitation backprop", ECCV 2016), without its tolerance, since the mask is exact.
    deletion, insertion   the areas under the curves of `curves`.

Each image is scored alone; means come with bootstrap intervals over images.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.draws import Draws
from diorama.evaluate.statistics import REPLICATES, Interval, percentiles, resampled
from diorama.explain.parts import PARTS

F64 = NDArray[np.float64]

REGIONS = ("subject", *PARTS)


def regions(mask: NDArray[np.bool_], parts: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 5, S, S) of 0 and 1, in the order of REGIONS: the subject and its parts, from `Drawn.mask` and `.parts`.

    The parts of a subject that names none are NaN.
    """
    each = [np.where(parts == 1 + k, 1.0, 0.0) for k in range(len(PARTS))]
    out = np.stack([mask.astype(np.float64), *each], axis=1).astype(np.float32)
    out[(parts == 0).all(axis=(1, 2)), 1:] = np.nan
    return out


def mass(maps: ArrayLike, region: ArrayLike) -> F64:
    """Share of each map's positive mass in a region; NaN for a map without any.

    Args:
        maps: (..., S, S).
        region: (..., S, S) in 0..1, broadcast against the maps; NaN gives NaN.
    """
    heat = np.maximum(np.asarray(maps, np.float64), 0)
    total = heat.sum((-2, -1))
    inside = (heat * np.asarray(region, np.float64)).sum((-2, -1))
    return np.asarray(np.where(total > 0, inside / np.where(total > 0, total, 1), np.nan))


def pointing(maps: ArrayLike, region: ArrayLike) -> F64:
    """Whether each map is highest in a region, 1 or 0; where several pixels are, the share of them that lie there.

    Args:
        maps: (..., S, S); one that is the same everywhere points nowhere, and scores 0.
        region: (..., S, S) in 0..1, broadcast against the maps; NaN gives NaN.
    """
    heat = np.asarray(maps, np.float64)
    highest = heat.max((-2, -1), keepdims=True)
    peak = (heat == highest) & (highest > heat.min((-2, -1), keepdims=True))
    hit = (peak * np.asarray(region, np.float64)).sum((-2, -1))
    return np.asarray(hit / np.maximum(peak.sum((-2, -1)), 1))


def centre(side: int) -> NDArray[np.float32]:
    """(S, S) a map that knows nothing but that subjects are in the middle: a Gaussian, a quarter of the side wide."""
    offset = (np.arange(side) + 0.5) / side - 0.5
    bell = np.exp(-(offset**2) / (2 * 0.25**2))
    return np.asarray(np.outer(bell, bell), np.float32)


def mean(values: ArrayLike, name: str = "images") -> Interval:
    """The mean of (n,) values with the 95 % percentile interval of its bootstrap; NaN is left out.

    Args:
        values: One for each image.
        name: What is drawn anew: the same name gives the same intervals.
    """
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return Interval(float("nan"), float("nan"), float("nan"))
    counts = resampled(Draws(0), f"explain.{name}", len(known), slice(0, REPLICATES))
    return percentiles(float(known.mean()), (counts @ known) / len(known))


def summary(rows: Mapping[str, ArrayLike]) -> dict[str, dict[str, Interval]]:
    """For each method, the mean over images of every number among the rows.

    Args:
        rows: Columns, one of them `method`; the numbers are those of floating-point type.
    """
    methods = np.array(rows["method"])
    numbers = {name: np.asarray(values) for name, values in rows.items()}
    numbers = {name: values for name, values in numbers.items() if values.dtype.kind == "f"}
    return {
        str(method): {name: mean(values[methods == method]) for name, values in numbers.items()}
        for method in dict.fromkeys(methods.tolist())
    }


def plain(interval: Interval) -> dict[str, float] | None:
    """An interval for JSON; None where it is not known."""
    return None if np.isnan(interval.value) else interval._asdict()
