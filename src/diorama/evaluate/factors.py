"""Which values of a factor make a model err: Diorama's own labels tell what every image shows.

Each column of labels.parquet that varies is cut into levels (names as they are, numbers at quantiles, azimuths into
quarters), and the errors of each level are compared with what the classes' own error rates let expect.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.types as kinds
from numpy.typing import NDArray

from diorama.evaluate import statistics
from diorama.evaluate.statistics import F64, Interval

FEWEST = 2.0
"""Errors that a level must let expect to enter the test, whose approximation holds from there on (the tests simulate
thirty levels with so few each); names with fewer are pooled."""

MOST = 5
"""Levels of a number."""

OTHERS = "(others)"
_NOT_FACTORS = {"index", "file", "class", "seed", "box.left", "box.top", "box.right", "box.bottom"}


@dataclass(frozen=True)
class Level:
    """Some values of a factor.

    Attributes:
        name: The value, or the range of values.
        images: How many images have it.
        error: The share that is misread, with its Wilson interval.
        expected: The share that would be if the factor did not matter: the error rates of its images' classes.
    """

    name: str
    images: int
    error: Interval
    expected: float

    @property
    def excess(self) -> float:
        """Errors above what is expected, in images."""
        return (self.error.value - self.expected) * self.images


@dataclass(frozen=True)
class FactorErrors:
    """A model's errors by the values of one factor.

    Attributes:
        column: The labels' column, "factor.key".
        unit: Its unit.
        description: What it is.
        levels: Its levels, numbers in their order, names by how far their error is above what is expected.
        p: Of the test that errors depend on it beyond the classes; NaN where there are too few errors to tell.
        p_holm: The same, adjusted for the number of columns.
    """

    column: str
    unit: str
    description: str
    levels: tuple[Level, ...]
    p: float
    p_holm: float

    @property
    def worst(self) -> Level:
        """The level with the most errors above what is expected."""
        return max(self.levels, key=lambda level: (level.name != OTHERS, level.excess))


def by_factor(wrong: F64, true: NDArray[np.int64], labels: pa.Table) -> list[FactorErrors]:
    """Errors by every column that varies, those that matter most first.

    Args:
        wrong: (N,) share of the heads that misread each image.
        true: (N,) its class.
        labels: Its row of labels.parquet, N in the same order.
    """
    found = []
    for field in labels.schema:
        cut = None if field.name in _NOT_FACTORS else _levels(labels[field.name], field, wrong, true)
        if cut is None:
            continue
        place, names, ordered = cut
        test = statistics.association(place, wrong, true)
        enough = np.minimum(test.expected, test.images - test.expected) >= FEWEST
        kept = enough[place]
        p = statistics.association(place[kept], wrong[kept], true[kept]).p if enough.sum() > 1 else float("nan")
        low, high = statistics.wilson(test.errors, test.images)
        rates, expected = test.errors / test.images, test.expected / test.images
        levels = [
            Level(name, int(n), Interval(float(rate), float(a), float(b)), float(other))
            for name, n, rate, a, b, other in zip(names, test.images, rates, low, high, expected, strict=True)
        ]
        if not ordered:
            levels.sort(key=lambda level: (level.name == OTHERS, -level.excess))
        told = field.metadata or {}
        unit, doc = (told.get(key, b"").decode() for key in (b"unit", b"description"))
        found.append((field.name, unit, doc, tuple(levels), p))
    adjusted = statistics.holm([row[-1] for row in found])
    out = [FactorErrors(*row, float(holm)) for row, holm in zip(found, adjusted, strict=True)]
    return sorted(out, key=lambda factor: (np.isnan(factor.p), factor.p))


def _levels(
    column: pa.ChunkedArray, field: pa.Field, wrong: F64, true: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[str], bool] | None:
    """(N,) level of each image, their names, and whether they have an order; None where there is nothing to compare."""
    if kinds.is_string(field.type):
        place, names, ordered = *_names(np.asarray(column.to_pylist()), wrong, true), False
    elif kinds.is_boolean(field.type):
        found, place = np.unique(column.to_numpy(), return_inverse=True)
        names, ordered = ["yes" if value else "no" for value in found], True
    elif kinds.is_integer(field.type) or kinds.is_floating(field.type):
        place, names, ordered = *_numbers(column.to_numpy().astype(np.float64), field, wrong), True
    else:  # slots: one value for each of several objects
        return None
    return (place, names, ordered) if len(names) > 1 else None


def _names(values: NDArray[np.str_], wrong: F64, true: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """Names as they are, but those that let too few errors be expected, which are pooled."""
    names, place = np.unique(values, return_inverse=True)
    rare = statistics.association(place, wrong, true).expected < FEWEST
    if rare.sum() < 2 or rare.all():
        return place, names.tolist()
    order = np.where(rare, (~rare).sum(), np.cumsum(~rare) - 1)
    return order[place], [*names[~rare].tolist(), OTHERS]


def _numbers(values: F64, field: pa.Field, wrong: F64) -> tuple[NDArray[np.int64], list[str]]:
    """Few different values as they are, azimuths by quarter, all else at quantiles, as many as the errors allow."""
    distinct, place = np.unique(values, return_inverse=True)
    if len(distinct) <= MOST:
        return place, [f"{value:g}" for value in distinct]
    if field.name.endswith(("azimuth", "rotation")):  # degrees, all around
        quarter = np.floor((values + 45) / 90).astype(np.int64) % 4
        found, place = np.unique(quarter, return_inverse=True)
        return place, [("-45 to 45", "45 to 135", "135 to 225", "225 to 315")[k] for k in found]
    count = int(np.clip(wrong.sum() // 10, 2, MOST))
    edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)))
    place = np.searchsorted(edges[1:-1], values, side="right")
    return place, list(_ranges(edges))


def _ranges(edges: F64) -> Iterator[str]:
    """Three significant digits, or as many as keep neighbours apart."""
    digits = next(d for d in range(3, 18) if len({f"{edge:.{d}g}" for edge in edges}) == len(edges))
    texts = [f"{edge:.{digits}g}" for edge in edges]
    return (f"{low} to {high}" for low, high in pairwise(texts))
