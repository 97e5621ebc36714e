"""What a dataset's labels show against what its recipe promised, with a test that says so when they disagree.

Continuous keys are compared by the Kolmogorov-Smirnov test, choices by Pearson's chi-squared, constants exactly. Many
tests are made at once, so their p-values are corrected by Holm's method: the chance that any true key is called wrong
is at most `alpha`, however many there are.

An image whose subject is too small, or hidden, is drawn again with another camera, or with other obstructors. What
images show of these is therefore not what was promised, but what was promised and seen. So first attempts are tested:
for an image that was drawn again, the values of its first attempt are drawn anew from seed and index.

Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979), 65-70.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.assets.sources import Models
from diorama.dataset.reader import Dataset
from diorama.errors import AssetError, RecipeError
from diorama.extras import require
from diorama.generate import build
from diorama.inspection import draws
from diorama.inspection.distributions import constant, odds, odds_among
from diorama.inspection.findings import BINS, Finding, Histogram, corrected, counted, counts_of, measured, same
from diorama.inspection.options import NEEDED, Options, options
from diorama.inspection.rows import names, read
from diorama.randomize.draw import Draw
from diorama.randomize.factor import Key
from diorama.randomize.spaces import BaseSpace

MOST = 100_000
"""Images whose labels are looked at; of more, evenly spread ones."""

ATTEMPTS = {0: "attempt.camera", 1: "attempt.obstructors"}


@dataclass(frozen=True, eq=False)
class Stats:
    """What is found of a dataset.

    Attributes:
        root: Where it lies.
        images: In the dataset.
        looked: Images whose labels were looked at.
        classes: Images of each class.
        subjects: Images of each model, by class.
        again: Share of the images whose camera, and whose obstructors, were drawn again.
        findings: One for each column that the recipe promises something of.
        alpha: The chance that any is called wrong though all is well.
    """

    root: str
    images: int
    looked: int
    classes: Mapping[str, int]
    subjects: Mapping[str, Mapping[str, int]]
    again: Mapping[str, float]
    findings: tuple[Finding, ...]
    alpha: float

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Those that are not as promised."""
        return tuple(finding for finding in self.findings if finding.agrees is False)


def stats(root: str | Path, models: Models | None = None, *, alpha: float = 0.01, most: int = MOST) -> Stats:
    """Compares a finished dataset's labels with what its recipe promised.

    Args:
        root: The dataset, of any format.
        models: The folder of models that it was made from; the embedded catalogue if not given. Names that depend on
            the models are tested only if they are the same as then.
        alpha: The chance that anything is called wrong though all is well.
        most: Images whose labels are looked at.

    Raises:
        OutputError: If there is no finished dataset.
        AssetError: If the models cannot be used.
        RecipeError: If an option makes no sense.
        ExtraError: Without SciPy.
    """
    require("scipy", extra="inspect")
    if not 0 < alpha < 1:
        raise RecipeError("alpha", f"is {alpha:g}", "Give a probability between 0 and 1")
    dataset = Dataset.open(root)
    about = read(dataset, ["index", "split", *NEEDED, *ATTEMPTS.values(), "visible_fraction", "share"], most)
    catalogue, why = _catalogue(dataset, models)
    held = set(names(dataset))
    found = [*_exact(dataset, about)]
    for factor in dataset.recipe.applied:
        mine = [(draw, draws.columns(factor, draw.key)) for draw in dataset.recipe.draws if draw.factor is factor]
        mine = [(draw, columns) for draw, columns in mine if held.issuperset(columns)]  # others came later
        rows = about | read(dataset, [name for _, columns in mine for name in columns], most)
        for draw, columns in mine:
            for space, some in draw.groups(rows["index"] % len(dataset.recipe.classes)):
                shown = {name: rows[name][some] for name in ("index", *NEEDED, *ATTEMPTS.values(), *columns)}
                alone = _one_of_each_number(shown["index"], len(dataset.recipe.classes))
                shown = {name: column[alone] for name, column in shown.items()}
                if len(shown["index"]):
                    whose = draw.whose(space, dataset.recipe.classes)
                    found += [replace(f, classes=whose) for f in _key(dataset, draw, space, shown, catalogue, why)]
    return Stats(
        root=str(root),
        images=len(dataset),
        looked=len(about["index"]),
        classes=counts_of(about["class"]),
        subjects={name: counts_of(about["subject"][about["class"] == name]) for name in dataset.recipe.classes},
        again={name: float((about[name] > 0).mean()) for name in ATTEMPTS.values()},
        findings=tuple(corrected(found, alpha)),
        alpha=alpha,
    )


def _one_of_each_number(index: NDArray[np.int64], classes: int) -> NDArray[np.bool_]:
    """(B,) which images to test: those of one number share their draws, so that one speaks for all, by turns."""
    number, label = index // classes, index % classes
    shown, turn = np.unique(label, return_inverse=True)
    return np.asarray(number % max(len(shown), 1) == turn)


def _catalogue(dataset: Dataset, models: Models | None) -> tuple[Catalogue | None, str]:
    """What the dataset was made from; else why it cannot be told."""
    try:
        catalogue = Catalogue.open(models, dataset.recipe.classes)
    except AssetError:
        if models is not None:
            raise
        return None, "not tested: give the models it was made from"
    if catalogue.hash != dataset.made.get("catalogue"):
        return None, "not tested: made from other models than " + ("the embedded ones" if models is None else "these")
    deque(build(catalogue, dataset.recipe), maxlen=0)
    return catalogue, ""


def _exact(dataset: Dataset, about: Mapping[str, NDArray[Any]]) -> Iterator[Finding]:
    """What must hold of every image."""
    recipe, count = dataset.recipe, len(about["index"])
    counts, even = counts_of(about["class"]), count // len(recipe.classes)
    balanced = counts == dict.fromkeys(recipe.classes, even)
    told = ", ".join(f"{name} {n}" for name, n in counts.items())
    yield Finding("class", f"{even} of each", count, "exact", agrees=balanced, note="" if balanced else told)
    least = {"visible_fraction": recipe.visibility.min_visible, "share": recipe.visibility.min_share}
    for name, bound in least.items():
        low = float(about[name].min()) if count else bound
        whole = low >= bound - 1e-6  # stored in single precision
        values = about[name].astype(np.float64)
        shares, edges = np.histogram(values, BINS, (0, 1))
        histogram = Histogram(edges.tolist(), np.full(BINS, np.nan), shares / max(count, 1), shares / max(count, 1))
        note = "" if whole else f"there is {low:.3g}"
        yield Finding(name, f"at least {bound:g}", count, "exact", agrees=whole, note=note, histogram=histogram)
    shares_of = dataset.layout.shares
    if len(shares_of) > 1 and not dataset.layout.by_subject:
        yield counted("split", dataset.layout.split, about["split"], {k: v * count for k, v in shares_of.items()})


def _key(
    dataset: Dataset,
    draw: Draw,
    space: BaseSpace,
    rows: Mapping[str, NDArray[Any]],
    catalogue: Catalogue | None,
    why: str,
) -> Iterator[Finding]:
    """The columns of a key, in images that draw it from one space."""
    factor, key = draw.factor, draw.key
    names = draws.columns(factor, key)
    again = np.zeros(len(rows["index"]), np.bool_)
    if factor.attempt is not None:
        again = rows[ATTEMPTS[factor.attempt]] > 0
    before: list[NDArray[Any] | None] = [None] * len(names)
    if again.any():
        numbers = rows["index"][again]
        before = list(draws.drawn(dataset.recipe, draw, numbers, np.zeros(len(numbers), np.int64)))
    for part, name in enumerate(names):
        shown, earlier = rows[name], before[part]
        first = shown
        if earlier is not None:
            first = shown.copy()
            first[again] = earlier
        told = str(space) if len(names) == 1 else f"{space}: {name.rpartition('.')[2]}"
        if key.kind == "name":
            yield _names(name, key, space, first, rows, catalogue, why)
        elif (value := constant(space, part)) is not None:
            yield same(name, told, value, first)
        elif (shares := odds(space)) is not None:
            yield counted(name, told, first, {k: v * first.size for k, v in shares.items()}, shown)
        else:
            yield measured(name, told, space, part, first.ravel(), shown.ravel())


def _names(
    name: str,
    key: Key,
    space: BaseSpace,
    first: NDArray[Any],
    rows: Mapping[str, NDArray[Any]],
    catalogue: Catalogue | None,
    why: str,
) -> Finding:
    """A choice among names, summed over images that choose among different ones.

    The counts of such a sum vary less than those of one choice with the summed odds: the test errs towards agreement.
    """
    if key.options:
        groups: Iterable[Options] = [Options(np.arange(len(first)), key.options, key.options[0])]
    elif catalogue:
        groups = options(name, space, catalogue, rows)
    else:
        return _untested(name, space, first, why)
    expected: dict[str, float] = {}
    for group in groups:
        for option, share in odds_among(space, group.names, group.default).items():
            expected[option] = expected.get(option, 0.0) + share * max(key.slots, 1) * len(group.rows)
    if len(expected) == 1:
        return same(name, str(space), next(iter(expected)), first)
    return counted(name, str(space), first, expected)


def _untested(name: str, space: BaseSpace, first: NDArray[Any], why: str) -> Finding:
    """Names of which nobody can tell here which others there were."""
    counts = counts_of(first.ravel())
    shares = np.array(list(counts.values()), np.float64) / max(first.size, 1)
    histogram = Histogram(list(counts), np.full(len(counts), np.nan), shares, shares)
    return Finding(name, str(space), first.size, "none", note=why, histogram=histogram if len(counts) > 1 else None)
