"""Label rows against the recipe: what is drawn without models is drawn again, for every image."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diorama.dataset.origin import IMAGES
from diorama.dataset.reader import Dataset
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import OutputError
from diorama.inspection import draws
from diorama.inspection.rows import array, batches
from diorama.inspection.stats import ATTEMPTS
from diorama.provenance import image_version

CLOSE = 1e-9
"""Relative difference up to which numbers are the same: other machines round powers and sines otherwise."""


def check_rows(dataset: Dataset, report: Report = silent) -> Iterator[str]:
    """What is wrong with the label rows, row by row.

    A row must stand in its place and tell the class, file and seed that follow from it, and everything that is drawn
    from seed and index alone. What depends on models or on pixels is compared where images are drawn again.
    """
    total, done = len(dataset), 0
    splits: dict[str, set[str]] = {}
    try:
        for rows in batches(dataset):
            yield from _place(dataset, rows, done)
            yield from _drawn(dataset, rows)
            for name in dataset.layout.splits:
                chosen = rows["subject"].filter(pc.equal(rows["split"], name))
                splits.setdefault(name, set()).update(chosen.to_pylist())
            done += rows.num_rows
            report(Progress("label rows", done, total, "rows"))
    except (OutputError, KeyError) as error:
        yield str(getattr(error, "problem", f"has no column {error}"))
        return
    if done != total:
        yield f"has {done} rows, not {total}"
    if dataset.layout.by_subject:
        shared = set.intersection(*splits.values()) if len(splits) > 1 else set()
        yield from (f"{subject} is in every split, though subjects are held out" for subject in sorted(shared))


def _place(dataset: Dataset, rows: pa.Table, first: int) -> Iterator[str]:
    """What follows from an image's number."""
    recipe, layout = dataset.recipe, dataset.layout
    index = np.arange(first, first + rows.num_rows)
    split = array(rows["split"])
    if not layout.by_subject:
        split = layout.assigned(recipe.seed, index, array(rows["subject"]))
    due = {
        "index": index,
        "class": np.array(recipe.classes)[index % len(recipe.classes)],
        "split": split,
        "file": np.array([layout.file(recipe, i, s) for i, s in zip(index.tolist(), split.tolist(), strict=True)]),
        "seed": np.full(len(index), recipe.seed, np.uint64),
        "subject": array(rows["subject.model"]),
    }
    for name, values in due.items():
        yield from _unlike(name, index, array(rows[name]), values, "it is")


def _drawn(dataset: Dataset, rows: pa.Table) -> Iterator[str]:
    """What is drawn from seed, index and attempts."""
    index, older = array(rows["index"]), dataset.made.get(IMAGES) != image_version()
    never = np.zeros(len(index), np.int64)
    for draw in dataset.recipe.draws:
        again = draw.factor.attempt
        attempt = never if again is None else array(rows[ATTEMPTS[again]]).astype(np.int64)
        names = draws.columns(draw.factor, draw.key)
        for name, values in zip(names, draws.drawn(dataset.recipe, draw, index, attempt), strict=True):
            if older and name not in rows.column_names:
                continue  # a key that came later
            if values is not None:
                yield from _unlike(name, index, array(rows[name]), values, "the recipe draws")


def _unlike(
    name: str, index: NDArray[np.int64], there: NDArray[np.generic], due: NDArray[np.generic], told: str
) -> Iterator[str]:
    """A sentence for each row whose value is another."""
    if due.dtype.kind == "f":
        wrong = ~np.isclose(there.astype(np.float64), due, rtol=CLOSE, atol=CLOSE)
    else:
        wrong = there != due
    for row in np.flatnonzero(wrong.reshape(len(index), -1).any(axis=1)).tolist():
        yield f"image {index[row]}: {name} is {_told(there[row])}, {told} {_told(due[row])}"


def _told(value: object) -> str:
    return str(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)
