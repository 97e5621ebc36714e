"""Learning curves, and where a classifier lies on one: how many real photos its training data is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.draws import Draws
from diorama.evaluate import statistics
from diorama.evaluate.statistics import F64, Interval


@dataclass(frozen=True, eq=False)
class Curve:
    """Accuracy on one test set by the number of real photos per class trained on.

    Attributes:
        counts: (K,) photos per class, ascending.
        accuracy: (K,) mean over the draws of photos, with intervals over draws and test images.
        draws: (K, D) accuracy of each draw.
        replicates: (R, K) bootstrap replicates of `accuracy`; those over one test set are paired.
    """

    counts: tuple[int, ...]
    accuracy: tuple[Interval, ...]
    draws: F64
    replicates: F64


def curve(counts: Sequence[int], right: NDArray[np.bool_], true: NDArray[np.int64], draws: Draws, names: str) -> Curve:
    """A learning curve from what heads trained on D draws of each size got right.

    Args:
        counts: (K,) photos per class, ascending.
        right: (K, D, N) whether a head is right about a test image.
        true: (N,) classes of the test images, which the bootstrap draws within.
        draws: The seed of the bootstrap.
        names: Of the draws of heads: each size draws its own.
    """
    weight = _images(true, draws)
    sizes, each, _ = right.shape
    heads = np.stack([_heads(f"{names}/{k}", each, draws) for k in counts], 1)  # (R, K, D)
    found = (weight @ right.reshape(-1, len(true)).T.astype(np.float32)).reshape(-1, sizes, each)
    drawn = np.einsum("rkd,rkd->rk", found, heads)
    means = right.mean(2)
    values = tuple(statistics.percentiles(float(means[k].mean()), drawn[:, k]) for k in range(sizes))
    return Curve(tuple(counts), values, means, drawn)


def level(right: NDArray[np.bool_], true: NDArray[np.int64], draws: Draws, name: str) -> tuple[Interval, F64]:
    """The accuracy of a classifier of S heads, paired with curves over the same images.

    Args:
        right: (S, N) whether a head is right about a test image.
        true: (N,) classes of the test images.
        draws: The seed of the bootstrap.
        name: Of the draws of heads.

    Returns:
        Its interval over heads and images, and the (R,) replicates.
    """
    drawn = np.einsum(
        "rs,rs->r", _images(true, draws) @ right.T.astype(np.float32), _heads(name, len(right), draws)
    ).astype(np.float64)
    return statistics.percentiles(float(right.mean()), drawn), drawn


def worth(real: Curve, accuracy: Interval, replicates: F64) -> Interval:
    """How many real photos per class give an accuracy, with an interval.

    The curve is made never to fall (isotonic regression), and read between its points on a logarithmic scale of
    counts; so is each pair of bootstrap replicates.

    Args:
        real: The curve of real photos.
        accuracy: The classifier's.
        replicates: (R,) of it, over the same images as the curve's.

    Returns:
        Photos per class. 0 stands for fewer than the curve's first count, infinity for more than its last.
    """
    value = _crossing(real.counts, np.array([[point.value for point in real.accuracy]]), np.array([accuracy.value]))
    drawn = np.sort(_crossing(real.counts, real.replicates, replicates))
    tail = (1 - statistics.LEVEL) / 2
    low, high = drawn[int(tail * len(drawn))], drawn[-1 - int(tail * len(drawn))]  # never between infinity and less
    return Interval(float(value[0]), float(low), float(high))


def isotonic(values: F64) -> F64:
    """(R, K) rows made never to fall, each as near to the given row as such rows are, by the min-max formula.

    Source: R. Barlow, D. Bartholomew, J. Bremner, H. Brunk, "Statistical inference under order restrictions", 1972.
    """
    count = values.shape[1]
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, 1)], 1)
    first, last = np.arange(count)[:, None], np.arange(1, count + 1)
    means = (sums[:, None, 1:] - sums[:, :-1, None]) / np.where(last > first, last - first, 1)  # (R, first, last)
    means = np.where(last > first, means, np.inf)
    ahead = np.minimum.accumulate(means[:, :, ::-1], 2)[:, :, ::-1]  # least mean of all that begin here and end later
    behind = np.maximum.accumulate(np.where(last > first, ahead, -np.inf), 1)
    return np.asarray(np.einsum("rkk->rk", behind), np.float64)


def _crossing(counts: Sequence[int], curves: F64, levels: F64) -> F64:
    """(R,) counts at which (R, K) curves first reach (R,) levels."""
    rising, logs = isotonic(curves), np.log(counts)
    reached = rising >= levels[:, None] - 1e-12
    at = reached.argmax(1)
    rows, before = np.arange(len(at)), np.maximum(at - 1, 0)
    low, high = rising[rows, before], rising[rows, at]
    share = np.where(at > 0, (levels - low) / np.maximum(high - low, 1e-12), 0)
    found = np.exp(logs[before] + share * (logs[at] - logs[before]))
    below = rising[:, 0] > levels + 1e-12
    return np.asarray(np.where(below, 0.0, np.where(reached.any(1), found, np.inf)), np.float64)


def _images(true: NDArray[np.int64], draws: Draws) -> NDArray[np.float32]:
    """(R, N) weights of the test images, drawn within each class; rows sum to 1."""
    out = np.zeros((statistics.REPLICATES, len(true)), np.float32)
    for label in np.unique(true).tolist():
        of = true == label
        out[:, of] = statistics.resampled(draws, f"images/{label}", int(of.sum()), slice(0, statistics.REPLICATES))
    return out / np.float32(len(true))


def _heads(name: str, count: int, draws: Draws) -> NDArray[np.float32]:
    """(R, S) weights of heads; rows sum to 1."""
    return statistics.resampled(draws, f"heads/{name}", count, slice(0, statistics.REPLICATES)) / np.float32(count)
