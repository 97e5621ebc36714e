"""Models × sets, on one page: read, classify, score, compare.

    models, sets ──► predictions ──► scores ──► pairs, transfer matrix
                          └──► labels of Diorama's sets ──► errors by factor

Every model sees the same images of every set, so that differences between models can be tested image by image.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.draws import Draws
from diorama.engine.progress import Report, silent
from diorama.errors import ImageError, OutputError
from diorama.evaluate import sets, statistics
from diorama.evaluate.factors import FactorErrors, by_factor
from diorama.evaluate.names import Given, named
from diorama.evaluate.report import Evaluation, SetSummary
from diorama.evaluate.scores import Predictions, paired, score, transfer
from diorama.learn.classifier import Classifier
from diorama.learn.images import ImageSet


def evaluate(
    models: Given,
    data: Given,
    *,
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    strict: bool = False,
    out: str | Path | None = None,
    seed: int = 0,
    replicates: int = statistics.REPLICATES,
    report: Report = silent,
) -> Evaluation:
    """Tests classifiers on sets of images.

    Args:
        models: A model's folder, several, or folders by name. "NAME=FOLDER" gives one a name, too.
        data: Test sets, likewise: folders with one sub-folder of images per class. A model and a set of the same name
            are of one domain: such a set does not count for the out-of-domain mean, of no model.
        mapping: Name of a sub-folder → the class it counts as; "" leaves it out.
        limit: At most so many images per class, spread evenly.
        strict: Whether an image that cannot be read ends the work; otherwise it is left out, and named in the result.
        out: A folder to write rows, summary and figures to (`Evaluation.write`).
        seed: Of the bootstrap.
        replicates: Of the bootstrap.
        report: Is told how far it is.

    Raises:
        ImageError: If a set cannot be used: no images, a class that a model does not know.
        ModelError: If a model cannot be used.
        OutputError: If `out` cannot be written.
    """
    folders, roots = named(models, "model"), named(data, "set")
    if out is not None and Path(out).exists() and not Path(out).is_dir():
        raise OutputError(str(out), "is a file", "Give a folder for the evaluation")
    known = {name: Classifier.load(folder) for name, folder in folders.items()}
    labels = [model.labels for model in known.values()]
    sets.check_mapping(mapping or {}, roots.values(), labels)
    opened = {name: sets.open_set(root, mapping or {}, labels, limit) for name, root in roots.items()}

    kept: dict[str, ImageSet] = {}
    summaries: dict[str, SetSummary] = {}
    predictions = []
    for where, images in opened.items():
        answers, errors = classify(known, images, strict=strict, report=report)
        read = np.ones(len(images), np.bool_)
        for values in answers.values():
            read &= ~np.isnan(values).any((0, 2))
        if not read.any():
            raise ImageError(str(images.root), "none of its images can be read", str(next(iter(errors))))
        kept[where] = readable = images.subset(read)
        counts = np.bincount(readable.labels, minlength=len(images.classes)).tolist()
        summaries[where] = SetSummary(
            folder=str(roots[where]),
            images=dict(zip(images.classes, counts, strict=True)),
            skipped={error.where: error.problem for error in errors},
        )
        for model, values in answers.items():
            own = sets.relabelled(readable, known[model].labels)
            predictions.append(
                Predictions(model, where, known[model].labels, sets.file_names(own), own.labels, values[:, read])
            )
    predictions.sort(key=lambda one: list(folders).index(one.model))  # by model, then by set, each in the order given
    draws = Draws(seed)
    scores = [score(one, draws, replicates) for one in predictions]
    evaluation = Evaluation(
        models={name: _about(model, folders[name]) for name, model in known.items()},
        sets=summaries,
        predictions=predictions,
        scores=scores,
        paired=paired(predictions, scores),
        transfer=transfer(scores),
        factors=_factors(predictions, kept),
    )
    if out is not None:
        evaluation.write(out)
    return evaluation


def classify(
    models: Mapping[str, Classifier], images: ImageSet, *, strict: bool = False, report: Report = silent
) -> tuple[dict[str, NDArray[np.float64]], list[ImageError]]:
    """(S, N, C) probabilities by model; NaN for images that cannot be read, whose errors come second.

    Raises:
        ImageError: For the first of these, if `strict`.
    """
    answers: dict[str, NDArray[np.float64]] = {}
    errors: dict[str, ImageError] = {}
    for name, model in models.items():
        skipped: list[ImageError] = []
        answers[name] = model.probabilities(images, skipped=None if strict else skipped, report=report)
        errors |= {error.where: error for error in skipped}
    return answers, list(errors.values())


def _factors(
    predictions: list[Predictions], images: Mapping[str, ImageSet]
) -> dict[tuple[str, str], list[FactorErrors]]:
    rows = {name: sets.label_rows(one) for name, one in images.items()}
    return {
        (one.model, one.set): by_factor(one.wrong, one.true, table)
        for one in predictions
        if (table := rows[one.set]) is not None
    }


def _about(model: Classifier, folder: Path) -> dict[str, Any]:
    """What a model says of itself."""
    return {
        "folder": str(folder),
        "labels": list(model.labels),
        "backbone": model.backbone.name,
        "heads": model.seeds,
        "selection": model.selection,
        "training": model.training_config,
    }
