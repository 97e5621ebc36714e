"""Intervals and tests: what a measured accuracy says about the accuracy there is.

All are of level 0.95 unless told otherwise. Nothing here knows of images or networks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from diorama.draws import Draws

F64 = NDArray[np.float64]
LEVEL = 0.95
REPLICATES = 2000
"""Bootstrap replicates: the ends of a 95 % interval are then the 50th values from either end."""

_CHUNK = 4_000_000  # uniforms drawn at once, to bound memory: 32 MB


class Interval(NamedTuple):
    """An estimate between the ends of its interval."""

    value: float
    low: float
    high: float


def wilson(successes: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> tuple[F64, F64]:
    """The score interval of a proportion: its two ends, of the arguments' common shape.

    Unlike value ± 1.96 standard errors, it keeps its level for proportions near 0 and 1 and for few trials.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

    Args:
        successes: 0 … trials; not whole where it is the mean over several heads.
        trials: Their number; without any, the interval is all of 0 … 1.
        level: The chance that the interval holds the true proportion.
    """
    k, n = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(trials, np.float64))
    square = stats.norm.ppf((1 + level) / 2) ** 2
    centre = (k + square / 2) / (n + square)
    variance = np.divide(k * (n - k), n, out=np.zeros(n.shape), where=n > 0)
    half = np.sqrt(square * (variance + square / 4)) / (n + square)
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def proportion(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """A proportion with its Wilson interval; NaN where there is no trial."""
    low, high = wilson(successes, trials, level)
    return Interval(successes / trials if trials else float("nan"), float(low), float(high))


def percentiles(value: float, replicates: F64, level: float = LEVEL) -> Interval:
    """An estimate with the percentile interval of its (R,) bootstrap replicates."""
    low, high = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def mcnemar(only_a: ArrayLike, only_b: ArrayLike) -> F64:
    """The exact, two-sided p of McNemar's test: do two models that saw the same images differ in accuracy?

    Images that both get right, or both wrong, tell nothing. Were the models equally good, each of the others would be
    right in A alone or in B alone with an even chance, so the smaller count is binomial.
    Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12 (1947).

    Args:
        only_a: How many images A alone gets right, of any shape.
        only_b: How many images B alone gets right.
    """
    a, b = np.broadcast_arrays(np.asarray(only_a), np.asarray(only_b))
    return np.minimum(1.0, 2 * np.asarray(stats.binom.cdf(np.minimum(a, b), a + b, 0.5), np.float64))


def holm(p: Sequence[float]) -> F64:
    """p-values adjusted for their number, so that the chance of any false alarm stays below the level used.

    Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6 (1979).

    Args:
        p: One for each test; NaN where there was no test, and stays so.
    """
    out = np.asarray(p, np.float64).copy()
    tested = np.flatnonzero(~np.isnan(out))
    order = tested[np.argsort(out[tested], kind="stable")]
    out[order] = np.minimum(1.0, np.maximum.accumulate(out[order] * np.arange(len(order), 0, -1)))
    return out


class Association(NamedTuple):
    """Whether errors depend on the level of a factor."""

    images: F64  # (K,) images of each level
    errors: F64  # (K,) how many of them are wrong
    expected: F64  # (K,) how many would be, were each class's errors spread evenly over the levels
    p: float  # NaN where nothing can be tested


def association(levels: NDArray[np.int64], errors: ArrayLike, strata: NDArray[np.int64]) -> Association:
    """Tests whether errors depend on a factor beyond what the classes explain.

    A coat that only cats wear is not at fault if cats are misread more often than dogs: the test is therefore
    stratified by class. The vector of errors per level is compared with its mean and covariance over all orders of the
    errors within each class. Where errors are 0 or 1 this is the generalized Cochran-Mantel-Haenszel test.
    Source: J. R. Landis, E. R. Heyman, G. G. Koch, "Average partial association in three-way contingency tables: a
    review and discussion of alternative tests", International Statistical Review 46 (1978).

    Args:
        levels: (N,) the level of each image, 0 … K - 1.
        errors: (N,) 1 where an image is misread, or the share of heads that misread it.
        strata: (N,) the class of each image, 0 … C - 1.
    """
    wrong = np.asarray(errors, np.float64)
    counts = np.zeros((int(levels.max()) + 1, int(strata.max()) + 1))
    np.add.at(counts, (levels, strata), 1)
    size = np.maximum(counts.sum(0), 1)
    sums, squares = (np.bincount(strata, w, len(size)) for w in (wrong, wrong**2))
    mean = sums / size
    variance = np.maximum(squares - sums * mean, 0) / np.maximum(size - 1, 1)
    observed, expected = np.asarray(np.bincount(levels, wrong, len(counts)), np.float64), counts @ mean
    covariance = np.diag(counts @ variance) - (counts * (variance / size)) @ counts.T
    sizes, axes = np.linalg.eigh(covariance)
    kept = sizes > 1e-9 * max(1.0, float(sizes[-1]))  # errors sum to what they sum to: one dimension less, or more
    apart = (observed - expected) @ axes[:, kept]
    p = float(stats.chi2.sf((apart**2 / sizes[kept]).sum(), kept.sum())) if kept.any() else float("nan")
    return Association(counts.sum(1), observed, expected, p)


def calibration_error(confidence: ArrayLike, correct: ArrayLike, bins: int = 15) -> float:
    """Expected calibration error: how far confidence is from accuracy, on average; 0 … 1.

    Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML 2017, with its
    15 bins of equal width.

    Args:
        confidence: (N,) the probability of the predicted class.
        correct: (N,) whether it is the true one.
        bins: Their number.
    """
    count, sure, right = reliability(confidence, correct, bins)
    return float(np.abs(sure - right).sum() / max(count.sum(), 1))


def reliability(confidence: ArrayLike, correct: ArrayLike, bins: int = 15) -> tuple[F64, F64, F64]:
    """For each of the bins ((m - 1) / bins, m / bins]: images, sum of their confidences, how many are right."""
    sure, right = np.asarray(confidence, np.float64), np.asarray(correct, np.float64)
    place = np.clip(np.ceil(sure * bins).astype(np.int64) - 1, 0, bins - 1)
    count, total, hits = (np.bincount(place, w, bins).astype(np.float64) for w in (None, sure, right))
    return count, total, hits


def resampled(draws: Draws, name: str, count: int, replicates: slice) -> NDArray[np.float32]:
    """How often a bootstrap takes each of `count` things, drawn with replacement: (R, count), each row sums to count.

    Args:
        draws: The seed's uniforms.
        name: What is drawn: the same name gives the same rows, whichever model they are used for.
        count: How many things there are.
        replicates: Which rows, by number.
    """
    rows = np.arange(replicates.start, replicates.stop)
    picked = (draws.uniform(name, rows, np.zeros(len(rows), np.int64), count) * count).astype(np.int64)
    flat = picked + np.arange(len(rows))[:, None] * count
    return np.bincount(flat.ravel(), minlength=flat.size).reshape(len(rows), count).astype(np.float32)


def bootstrap_confusions(
    predicted: NDArray[np.int64],
    labels: NDArray[np.int64],
    classes: int,
    draws: Draws,
    names: tuple[str, str],
    replicates: int = REPLICATES,
) -> F64:
    """Confusion matrices of R replicates, of heads and images both drawn anew: (R, classes, classes).

    Heads and images are crossed: each replicate draws S of the heads and, within each class, as many images as it has.
    Its interval covers another training run and other photos alike (a little widely: the variance that heads and images
    have in common is counted twice). With one head, the images alone are drawn.
    Source: A. B. Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1 (2007).

    Args:
        predicted: (S, N) class that each head predicts for each image.
        labels: (N,) true classes.
        classes: Their number.
        draws: The seed's uniforms.
        names: Of the draws of heads, and of the draws of images: two models whose images bear one name are paired.
        replicates: R.

    Returns:
        Rows are true classes, columns predicted ones; each matrix sums to N.
    """
    heads = len(predicted)
    out = np.zeros((replicates, classes, classes))
    step = max(1, _CHUNK // max(1, len(labels)))
    for first in range(0, replicates, step):
        rows = slice(first, min(first + step, replicates))
        weight = resampled(draws, names[0], heads, rows) / heads
        for label in range(classes):
            hit = predicted[:, labels == label]  # (S, n)
            if not hit.size:
                continue
            counts = resampled(draws, f"{names[1]}/{label}", hit.shape[1], rows)
            for guess in np.unique(hit).tolist():
                out[rows, label, guess] = np.einsum("rs,rs->r", counts @ (hit == guess).T.astype(np.float32), weight)
    return out


def f1(confusion: F64) -> F64:
    """(..., C) F1 of each class, of (..., C, C) confusions; NaN for a class without images.

    F1 = 2 TP / (2 TP + FP + FN): C. van Rijsbergen, "Information Retrieval", 1979, with equal weights.
    """
    hits = np.einsum("...ii->...i", confusion)
    true, guessed = confusion.sum(-1), confusion.sum(-2)
    return np.where(true > 0, 2 * hits / np.maximum(true + guessed, 1e-300), np.nan)


def macro_f1(confusion: F64) -> F64:
    """(...) mean F1 of the classes that have images."""
    score = f1(confusion)
    there = ~np.isnan(score)
    return np.asarray(np.where(there, score, 0).sum(-1) / np.maximum(there.sum(-1), 1), np.float64)
