"""Tests of one column each: whether its values are as promised, by the test that suits them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diorama.inspection.distributions import cdf
from diorama.randomize.spaces import BaseSpace

LEAST = 5.0
"""Expected count below which chi-squared's distribution is no longer near that of its statistic."""

BINS = 24


@dataclass(frozen=True, eq=False)
class Histogram:
    """What a key's values look like.

    Attributes:
        places: (B + 1,) edges of bins, or B values.
        promised: (B,) shares of the values that the recipe promises.
        first: (B,) shares of the values of first attempts.
        shown: (B,) shares of the values that the images show.
    """

    places: list[Any]
    promised: NDArray[np.float64]
    first: NDArray[np.float64]
    shown: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Finding:
    """What is found of a column.

    Attributes:
        name: The column's.
        promised: What it should be, in words.
        values: How many values were looked at.
        test: "Kolmogorov-Smirnov", "chi-squared", "exact", or "none".
        p: How probable values as far from what was promised are if all is well; None where nothing was tested.
        adjusted: The same, corrected for the number of tests.
        agrees: Whether it is as promised; None where nothing was tested.
        note: What else there is to say.
        histogram: Its values, where they vary.
        classes: Those whose images were looked at, where the recipe has classes that draw it otherwise; empty for all.
    """

    name: str
    promised: str
    values: int
    test: str
    p: float | None = None
    adjusted: float | None = None
    agrees: bool | None = None
    note: str = ""
    histogram: Histogram | None = None
    classes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The column's name, and whose: "pose.mouth of cat"."""
        return f"{self.name} of {', '.join(self.classes)}" if self.classes else self.name


def same(name: str, told: str, value: Any, first: NDArray[Any]) -> Finding:
    """What must be one value always."""
    other = first[first != value]
    note = f"there is {other.ravel()[0]}" if other.size else ""
    return Finding(name, told, first.size, "exact", agrees=not other.size, note=note)


def counted(
    name: str, told: str, first: NDArray[Any], expected: Mapping[Any, float], shown: NDArray[Any] | None = None
) -> Finding:
    """A choice: its counts, against those expected.

    Args:
        name: The column's.
        told: What was promised, in words.
        first: Values of first attempts.
        expected: How many there should be of each.
        shown: Values that the images show; those of the first attempts if not given.
    """
    from scipy import stats as scipy_stats

    counts = counts_of(first.ravel())
    after = counts if shown is None else counts_of(shown.ravel())
    total = max(first.size, 1)
    places = [*expected, *(value for value in counts if value not in expected)]
    histogram = Histogram(
        places,
        np.array([expected.get(value, 0.0) for value in places]) / total,
        np.array([counts.get(value, 0) for value in places]) / total,
        np.array([after.get(value, 0) for value in places]) / total,
    )
    finding = Finding(name, told, first.size, "chi-squared", histogram=histogram)
    strange = [value for value in counts if not expected.get(value)]
    if strange:
        return replace(finding, p=0.0, note=f"there is {strange[0]}, which is never drawn")
    want, have = _merged([(share, counts.get(value, 0)) for value, share in expected.items() if share > 0])
    if len(want) < 2:
        return replace(finding, test="none", note="too few images to test")
    return replace(finding, p=float(scipy_stats.chisquare(have, want * have.sum() / want.sum()).pvalue))


def _merged(cells: list[tuple[float, int]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected and counted: cells that expect little together, until none expects less than LEAST.

    What was counted must not decide which are merged: the test would call its own choice a deviation.
    """
    cells = sorted(cells, key=lambda cell: cell[0])
    while len(cells) > 1 and cells[0][0] < LEAST:
        (a, n), (b, m), *rest = cells
        cells = sorted([*rest, (a + b, n + m)], key=lambda cell: cell[0])
    want, have = np.array(cells, np.float64).reshape(-1, 2).T
    return want, have


def measured(name: str, told: str, space: BaseSpace, part: int, first: NDArray[Any], shown: NDArray[Any]) -> Finding:
    """Numbers of a continuous distribution.

    Args:
        name: The column's.
        told: What was promised, in words.
        space: What was promised.
        part: Which component of it.
        first: (n,) values of first attempts.
        shown: (n,) values that the images show.
    """
    from scipy import stats as scipy_stats

    low, high = min(first.min(), shown.min()), max(first.max(), shown.max())
    edges = np.linspace(low, high, BINS + 1) if low < high else np.linspace(low - 0.5, low + 0.5, BINS + 1)
    share = [np.histogram(values, edges)[0] / max(len(values), 1) for values in (first, shown)]
    histogram = Histogram(edges.tolist(), np.diff(cdf(space, edges, part)), *share)
    test = scipy_stats.kstest(first, lambda x: cdf(space, x, part))
    return Finding(name, told, len(first), "Kolmogorov-Smirnov", float(test.pvalue), histogram=histogram)


def corrected(found: list[Finding], alpha: float) -> Iterator[Finding]:
    """Holm's correction of all p-values together."""
    tested = sorted((finding.p, place) for place, finding in enumerate(found) if finding.p is not None)
    adjusted: dict[int, float] = {}
    worst: float = 0.0
    for rank, (p, place) in enumerate(tested):
        worst = max(worst, min(1.0, p * (len(tested) - rank)))
        adjusted[place] = worst
    for place, finding in enumerate(found):
        if place in adjusted:
            finding = replace(finding, adjusted=adjusted[place], agrees=adjusted[place] >= alpha)
        yield finding


def counts_of(values: NDArray[Any]) -> dict[Any, int]:
    """How often each value is there, in order."""
    if not len(values):
        return {}
    found = pa.array(values).value_counts()
    return dict(sorted(zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True)))
