"""How many real photos a classifier's training data is worth: on one page.

    real photos ──► the same heads on k per class, several draws ──► learning curve ┐
    test photos ──► the classifier as it is ──► accuracy ───────────────────────────┴─► where it lies on the curve
    its own training data + the same k photos ──► mixture curve

All share one frozen backbone, so that what differs is what the heads were trained on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import Tensor

from diorama.dataset import files
from diorama.draws import Draws
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import ImageError, ModelError, OutputError, RecipeError
from diorama.evaluate import curves, figures, sets
from diorama.evaluate.curves import Curve
from diorama.evaluate.report import SetSummary
from diorama.evaluate.scores import plain
from diorama.evaluate.statistics import Interval
from diorama.learn import heads
from diorama.learn.classifier import Classifier
from diorama.learn.features import features
from diorama.learn.images import ImageSet, find_images
from diorama.learn.views import PRESETS, Views

STEPS = (1, 2, 5)  # times powers of ten: photos per class
OWN = 1.0
"""Real photos per class that the classifier's own data, all of it, counts for in a mixture.

It decides how much of it still speaks where real photos are many. On photos to train on, held out from the draws, the
shares that one gives were within half a point of the best of eight, from 10 to 98 %; no photo to test on chose it."""


@dataclass(frozen=True, eq=False)
class Worth:
    """How a classifier compares with heads trained on k real photos per class.

    Attributes:
        model: The model's folder.
        selection: The rule that chose its epoch.
        test: What all are tested on.
        pool: What the photos are drawn from.
        known: Photos of the pool that are test images too, and were left out of it.
        draws: How often k photos are drawn.
        accuracy: The classifier's, with its interval over heads and images.
        real: Heads trained on real photos alone.
        mixture: Heads trained on the classifier's own data and on the same photos; None without that data.
        photos: Real photos per class that reach the classifier's accuracy. 0 stands for fewer than the curve's first
            count, infinity for more than its last.
    """

    model: str
    selection: str
    test: SetSummary
    pool: SetSummary
    known: int
    draws: int
    accuracy: Interval
    real: Curve
    mixture: Curve | None
    photos: Interval

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as worth.json holds it; infinity as the text "more"."""
        photos = ["more" if np.isinf(end) else end for end in self.photos]
        lines = {"real": self.real} | ({"mixture": self.mixture} if self.mixture else {})
        return {
            "model": self.model,
            "selection": self.selection,
            "test": plain(vars(self.test)),
            "pool": plain(vars(self.pool)),
            "known": self.known,
            "draws": self.draws,
            "accuracy": plain(self.accuracy),
            "photos_per_class": photos,
            **{
                name: [
                    {"photos": k, "accuracy": plain(value)} for k, value in zip(line.counts, line.accuracy, strict=True)
                ]
                for name, line in lines.items()
            },
        }

    def write(self, out: str | Path) -> Path:
        """Writes worth.json, worth.parquet (a row per head) and the figure worth.png and .svg to a folder.

        Raises:
            OutputError: If they cannot be written.
        """
        out = Path(out)
        with files.output(out):
            out.mkdir(parents=True, exist_ok=True)
        rows = [
            {"trained on": name, "photos": k, "draw": draw, "accuracy": float(value)}
            for name, line in (("real", self.real), ("mixture", self.mixture))
            if line is not None
            for k, values in zip(line.counts, line.draws, strict=True)
            for draw, value in enumerate(values)
        ]
        with files.replacing(out / "worth.parquet") as temporary:
            pq.write_table(pa.Table.from_pylist(rows), temporary, compression="zstd")
        figure = figures.learning(self.real, self.mixture, self.accuracy, self.photos, Path(self.model).name)
        figures.save(figure, out / "worth")
        files.write(out / "worth.json", (json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n").encode())
        return out / "worth.json"


def worth(
    model: str | Path,
    real: str | Path,
    *,
    test: str | Path | None = None,
    data: str | Path | Sequence[str | Path] = (),
    counts: Sequence[int] | None = None,
    draws: int = 5,
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    strict: bool = False,
    out: str | Path | None = None,
    seed: int = 0,
    report: Report = silent,
) -> Worth:
    """Finds how many real photos per class reach a classifier's accuracy.

    Args:
        model: Its folder; its backbone must be pretrained and frozen, as real photos get the same.
        real: Real photos to draw from, one sub-folder per class.
        test: Real photos to test on; without it, every second photo of `real`, which is then not drawn from.
        data: The classifier's own training data, for the mixture curve; without it there is none.
        counts: Photos per class, ascending; 1, 2, 5, 10 … and all that there are, if not given.
        draws: How often the photos of each count are drawn. Larger counts of a draw contain its smaller ones.
        mapping: Name of a sub-folder → the class it counts as; "" leaves it out.
        limit: At most so many photos per class of `real`, of `test` and of `data`.
        strict: Whether an image that cannot be read ends the work; otherwise it is left out, and named in the result.
        out: A folder to write the figures to (`Worth.write`).
        seed: Of the draws, of the heads and of the bootstrap.
        report: Is told how far it is.

    Raises:
        ImageError: If a folder cannot be used, or has too few photos for the counts.
        ModelError: If the model cannot be used, or its backbone was trained.
        RecipeError: If a number is out of range.
        OutputError: If `out` cannot be written.
    """
    if draws < 1:
        raise RecipeError("draws", f"is {draws}", "Give 1 or more")
    if out is not None and Path(out).exists() and not Path(out).is_dir():
        raise OutputError(str(out), "is a file", "Give a folder")
    roots = [Path(real), *([Path(test)] if test else []), *([Path(data)] if isinstance(data, str | Path) else data)]
    for root in map(Path, roots):
        find_images(root, missing="allow", limit=1)  # says at once if it is no folder of images
    bench = _Bench(Path(model), mapping or {}, limit, strict, Draws(seed), report)
    sets.check_mapping(mapping or {}, map(Path, roots), [bench.model.labels])
    pool, tested, known = bench.split(Path(real), None if test is None else Path(test))
    own = [bench.open(Path(root)) for root in roots[1 + bool(test) :]]
    _counts(counts, pool)  # what cannot be is told before the work, not after
    test_values, tested = bench.features(tested, Views())
    pool_values, pool = bench.features(pool, bench.views)
    chosen_counts = _counts(counts, pool)  # without photos that cannot be read
    picked = bench.draw(pool, chosen_counts[-1], draws)

    truth = torch.from_numpy(tested.labels)
    right = np.stack([bench.model.from_features(test_values[0], k).argmax(-1) for k in range(bench.model.seeds)])
    accuracy, replicates = curves.level(right == tested.labels, tested.labels, bench.draws, "model")
    lines = []
    extra = [bench.features(images, bench.views) for images in own]
    for name in ("real", *(["mixture"] if own else [])):
        values, labels = pool_values, pool.labels
        before = np.zeros((draws, 0), np.int64)
        if name == "mixture":
            values = torch.cat([pool_values, *(some for some, _ in extra)], 1)
            labels = np.concatenate([pool.labels, *(images.labels for _, images in extra)])
            before = np.tile(np.arange(len(pool), len(labels)), (draws, 1))
        found, stage = [], f"heads on {'real photos' if name == 'real' else 'mixtures'}"
        for step, k in enumerate(chosen_counts):
            report(Progress(stage, step, len(chosen_counts), "counts"))
            few = picked[:, :, :k].reshape(draws, -1)
            index = torch.from_numpy(np.concatenate([before, few], 1))
            share = max(real_share(k), few.shape[1] / index.shape[1])
            modules = heads.fit(
                values, torch.from_numpy(labels), index, len(bench.model.labels), bench.fitting, bench.draws,
                f"evaluate.{name}/{k}", (few.shape[1], share) if before.size else None,
            )  # fmt: skip
            found.append(heads.right(modules, test_values[0], truth))
        report(Progress(stage, len(found), len(found), "counts"))
        lines.append(curves.curve(chosen_counts, np.stack(found), tested.labels, bench.draws, name))
    result = Worth(
        model=str(model),
        selection=bench.model.selection,
        test=_summary(tested, bench.skipped),
        pool=_summary(pool, bench.skipped),
        known=known,
        draws=draws,
        accuracy=accuracy,
        real=lines[0],
        mixture=lines[1] if len(lines) > 1 else None,
        photos=curves.worth(lines[0], accuracy, replicates),
    )
    if out is not None:
        result.write(out)
    return result


def real_share(k: int) -> float:
    """Of the batches of a mixture: what k real photos per class make up, at least."""
    return k / (k + OWN)


class _Bench:
    """What all heads of a comparison share."""

    def __init__(
        self, folder: Path, mapping: Mapping[str, str], limit: int | None, strict: bool, draws: Draws, report: Report
    ) -> None:
        self.model = Classifier.load(folder)
        training = self.model.training_config
        if training.get("unfreeze") or not self.model.backbone.architecture.pretrained:
            raise ModelError(
                str(folder),
                "its backbone was trained on its own data, which the heads on real photos would profit by",
                "Give a model with a frozen, pretrained backbone",
            )
        self.fitting = heads.Fitting.of(training)
        preset = PRESETS[training.get("preset", "paper")]
        self.views = Views(training.get("views", 2), preset, training.get("seed", 0))
        self.mapping, self.limit, self.strict, self.draws, self.report = mapping, limit, strict, draws, report
        self.skipped: dict[str, str] = {}

    def open(self, root: Path) -> ImageSet:
        """A folder's images with the model's labels."""
        return sets.relabelled(sets.open_set(root, self.mapping, [self.model.labels], self.limit), self.model.labels)

    def split(self, real: Path, test: Path | None) -> tuple[ImageSet, ImageSet, int]:
        """Photos to draw from, photos to test on, and how many were both; by content."""
        pool = self.open(real)
        if test is None:
            odd = pool.parts(2) == 1
            tested, pool = pool.subset(odd), pool.subset(~odd)
        else:
            tested = self.open(test)
        both = np.isin(pool.hashes, tested.hashes)
        return pool.subset(~both), tested, int(both.sum())

    def features(self, images: ImageSet, views: Views) -> tuple[Tensor, ImageSet]:
        """(V, N, D) features, and the images that can be read.

        Raises:
            ImageError: If none can.
        """
        skipped: list[ImageError] = []
        values = features(
            self.model.backbone,
            images,
            views,
            precision=self.model.training_config.get("precision", "auto"),
            skipped=None if self.strict else skipped,
            report=self.report,
        )
        self.skipped |= {error.where: error.problem for error in skipped}
        good = ~np.isnan(values).any((0, 2))
        if not good.any():
            raise ImageError(str(images.root), "none of its images can be read", "Mend them")
        return torch.from_numpy(values[:, good] if skipped else np.asarray(values)), images.subset(good)

    def draw(self, pool: ImageSet, most: int, draws: int) -> NDArray[np.int64]:
        """(draws, C, most) photos of each class in the order in which they are taken."""
        out = np.empty((draws, len(pool.classes), most), np.int64)
        for label, name in enumerate(pool.classes):
            own = np.flatnonzero(pool.labels == label)
            none = np.zeros(draws, np.int64)
            chance = self.draws.uniform(f"evaluate.photos/{name}", np.arange(draws), none, len(own))
            out[:, label] = own[np.argsort(chance, axis=1, kind="stable")[:, :most]]
        return out


def _counts(given: Sequence[int] | None, pool: ImageSet) -> tuple[int, ...]:
    """Photos per class: those given, or 1, 2, 5, 10 … and all that there are of the rarest class."""
    there = np.bincount(pool.labels, minlength=len(pool.classes))
    least = int(there.min())
    if least < 1:
        name = pool.classes[int(there.argmin())]
        raise ImageError(str(pool.root), f"has no photos of the class {name!r} to draw from", "Add some; see --map")
    if given is None:
        steps = (step * 10**power for power in range(7) for step in STEPS)
        return (*(k for k in steps if 1.5 * k < least), least)  # the last is all, and no near twin of another
    counts_given = tuple(sorted(set(given)))
    if not counts_given or counts_given[0] < 1:
        raise RecipeError("counts", f"are {list(given)}", "Give numbers of 1 or more")
    if counts_given[-1] > least:
        raise ImageError(
            str(pool.root), f"has only {least} photos of one class to draw from", f"Give counts of at most {least}"
        )
    return counts_given


def _summary(images: ImageSet, skipped: Mapping[str, str]) -> SetSummary:
    counts = np.bincount(images.labels, minlength=len(images.classes)).tolist()
    own = {path: problem for path, problem in skipped.items() if Path(path).is_relative_to(images.root)}
    return SetSummary(str(images.root), dict(zip(images.classes, counts, strict=True)), own)
