"""One model on one set, and two models on the same set: figures that carry their uncertainty."""

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.draws import Draws
from diorama.evaluate import statistics
from diorama.evaluate.statistics import F64, Interval

_LONG = {"replicates", "reliability"}
"""Fields of Scores that no summary shows."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says of N images of a set, by each of its S heads.

    Attributes:
        model: The model's name in this evaluation.
        set: The set's name.
        labels: The C classes that the model knows.
        files: (N,) each image's path below the set's folder.
        true: (N,) index of its class in `labels`.
        probabilities: (S, N, C), each row sums to 1.
    """

    model: str
    set: str
    labels: tuple[str, ...]
    files: tuple[str, ...]
    true: NDArray[np.int64]
    probabilities: F64

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """(S, N) class that each head predicts."""
        return np.asarray(self.probabilities.argmax(-1), np.int64)

    @cached_property
    def together(self) -> NDArray[np.int64]:
        """(N,) class of the highest mean probability over the heads: one answer per image, as paired tests need."""
        return np.asarray(self.probabilities.mean(0).argmax(-1), np.int64)

    @cached_property
    def wrong(self) -> F64:
        """(N,) share of the heads that misread an image."""
        return np.asarray((self.predicted != self.true).mean(0), np.float64)


@dataclass(frozen=True, eq=False)
class Scores:
    """How good a model is on a set. Proportions are means over its heads.

    Attributes:
        model: The model's name.
        set: The set's name.
        labels: The C classes that the model knows.
        images: N.
        accuracy: With its Wilson interval over N images: these heads, other images.
        bootstrap: Accuracy with the interval over heads and images: other training runs too.
        heads: (S,) accuracy of each head.
        aar: Accuracy above that of a random guess, accuracy - 1 / C, with `bootstrap`'s interval.
        recall: By class: of its images, the share that is recognized. NaN without images.
        precision: By class: of the images said to show it, the share that does.
        f1: By class: harmonic mean of both.
        macro_f1: Mean F1 of the classes that have images, with its bootstrap interval.
        calibration_error: Expected calibration error, mean over heads.
        reliability: (3, bins) images, sum of confidences and number right by confidence, over all heads.
        confusion: (C, C) images by true (rows) and predicted class (columns), mean over heads.
        replicates: (R,) bootstrap replicates of the accuracy; those of one set are paired.
    """

    model: str
    set: str
    labels: tuple[str, ...]
    images: int
    accuracy: Interval
    bootstrap: Interval
    heads: tuple[float, ...]
    aar: Interval
    recall: dict[str, Interval]
    precision: dict[str, Interval]
    f1: dict[str, float]
    macro_f1: Interval
    calibration_error: float
    reliability: F64
    confusion: F64
    replicates: F64

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; intervals as [value, low, high], NaN as None."""
        return {part.name: plain(getattr(self, part.name)) for part in fields(self) if part.name not in _LONG}


def plain(value: object) -> Any:
    """A value as JSON has it: tuples and arrays as lists, NaN as None."""
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def score(predictions: Predictions, draws: Draws, replicates: int = statistics.REPLICATES) -> Scores:
    """The scores of predictions.

    Args:
        predictions: Of one or more images.
        draws: The seed of the bootstrap.
        replicates: Of the bootstrap.
    """
    labels, true, predicted = predictions.labels, predictions.true, predictions.predicted
    count, classes = len(true), len(labels)
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (np.broadcast_to(true, predicted.shape), predicted), 1 / len(predicted))
    hits, shown, said = confusion.diagonal(), confusion.sum(1), confusion.sum(0)
    drawn = statistics.bootstrap_confusions(
        predicted, true, classes, draws, (f"heads/{predictions.model}", f"images/{predictions.set}"), replicates
    )
    accuracy, accuracies = float(hits.sum() / count), np.einsum("rii->r", drawn) / count
    whole = statistics.proportion(float(hits.sum()), count)
    # where all are right, or all wrong, no replicate differs: that is not certainty, and Wilson's interval says so
    interval = statistics.percentiles(accuracy, accuracies) if np.ptp(accuracies) > 0 else whole
    sure, right = predictions.probabilities.max(-1), predicted == true
    return Scores(
        model=predictions.model,
        set=predictions.set,
        labels=labels,
        images=count,
        accuracy=whole,
        bootstrap=interval,
        heads=tuple(right.mean(1).tolist()),
        aar=Interval(*(end - 1 / classes for end in interval)),
        recall={name: statistics.proportion(hits[k], shown[k]) for k, name in enumerate(labels)},
        precision={name: statistics.proportion(hits[k], said[k]) for k, name in enumerate(labels)},
        f1=dict(zip(labels, statistics.f1(confusion).tolist(), strict=True)),
        macro_f1=statistics.percentiles(float(statistics.macro_f1(confusion)), statistics.macro_f1(drawn)),
        calibration_error=float(
            np.mean([statistics.calibration_error(*pair) for pair in zip(sure, right, strict=True)])
        ),
        reliability=np.stack(statistics.reliability(sure.ravel(), right.ravel())),
        confusion=confusion,
        replicates=accuracies,
    )


@dataclass(frozen=True)
class Paired:
    """Two models on the same images.

    Attributes:
        set: The set's name.
        first: One model's name.
        second: The other's.
        difference: Accuracy of the first less that of the second, with its paired bootstrap interval.
        only_first: Images that the first alone gets right, all its heads together.
        only_second: Images that the second alone gets right.
        p: Of the exact McNemar test on these two counts.
        p_holm: The same, adjusted for the number of tests in the table.
    """

    set: str
    first: str
    second: str
    difference: Interval
    only_first: int
    only_second: int
    p: float
    p_holm: float


def paired(predictions: list[Predictions], scores: list[Scores]) -> list[Paired]:
    """Every two models on every set that both have seen.

    Args:
        predictions: Of all models on all sets.
        scores: Theirs, in the same order.
    """
    found: list[tuple[Scores, Scores, int, int, float]] = []
    for (a, one), (b, two) in combinations(zip(predictions, scores, strict=True), 2):
        if a.set == b.set:
            right_a, right_b = a.together == a.true, b.together == b.true
            only = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
            found.append((one, two, *only, float(statistics.mcnemar(*only))))
    adjusted = statistics.holm([row[-1] for row in found])
    return [
        Paired(
            set=one.set,
            first=one.model,
            second=two.model,
            difference=statistics.percentiles(one.accuracy.value - two.accuracy.value, one.replicates - two.replicates),
            only_first=only_one,
            only_second=only_two,
            p=p,
            p_holm=float(holm),
        )
        for (one, two, only_one, only_two, p), holm in zip(found, adjusted, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class Transfer:
    """Several models on several sets.

    Attributes:
        models: The M models, rows.
        sets: The K sets, columns.
        common: The sets that are out of every model's domain: of another name than any model's. The same for each
            model, or their means could not be compared.
        mean: By model: mean accuracy over all sets, each counting the same, with its bootstrap interval.
        out_of_domain: By model: the mean over `common`; empty where there is no such set.
    """

    models: tuple[str, ...]
    sets: tuple[str, ...]
    common: tuple[str, ...]
    mean: dict[str, Interval]
    out_of_domain: dict[str, Interval]


def transfer(scores: list[Scores]) -> Transfer:
    """The transfer matrix's margins.

    Args:
        scores: Of every model on every set.
    """
    models = tuple(dict.fromkeys(one.model for one in scores))
    sets = tuple(dict.fromkeys(one.set for one in scores))
    common = tuple(name for name in sets if name not in models)

    def mean(model: str, names: tuple[str, ...]) -> Interval:
        chosen = [one for one in scores if one.model == model and one.set in names]
        drawn = np.mean([one.replicates for one in chosen], axis=0)
        return statistics.percentiles(float(np.mean([one.accuracy.value for one in chosen])), drawn)

    return Transfer(
        models=models,
        sets=sets,
        common=common,
        mean={model: mean(model, sets) for model in models},
        out_of_domain={model: mean(model, common) for model in models} if common else {},
    )
