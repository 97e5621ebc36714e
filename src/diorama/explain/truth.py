"""`score_maps`: heat maps of a classifier on a dataset of Diorama, scored against its exact masks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from diorama.assets.sources import Models
from diorama.dataset import files
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import RecipeError
from diorama.evaluate.statistics import Interval
from diorama.explain.curves import area, curves
from diorama.explain.explained import Explained, probability
from diorama.explain.maps import METHODS, Score
from diorama.explain.replay import Replay
from diorama.explain.scores import REGIONS, centre, mass, plain, pointing, regions, summary
from diorama.learn.classifier import Classifier

BATCH = 4
"""Images that are explained together."""

REFERENCES = ("centre", "truth")
"""Maps that need no classifier, to compare with: one that is high in the middle, and the mask of the subject itself."""


@dataclass(frozen=True)
class MapScores:
    """How well heat maps agree with exact truth.

    Attributes:
        rows: A row for each image and method.
        means: For each method the mean of each score, with its interval.
        areas: The mean share of the image that the subject and each part fill: the mass of a map that knows nothing.
    """

    rows: pa.Table
    means: dict[str, dict[str, Interval]]
    areas: dict[str, Interval]


def score_maps(
    model: Classifier | str | Path | Explained,
    data: str | Path | Replay,
    out: str | Path | None = None,
    *,
    models: Models | None = None,
    target: str | None = None,
    images: int = 64,
    methods: Sequence[str] = METHODS,
    score: Score = "odds",
    steps: int | None = None,
    report: Report = silent,
) -> MapScores:
    """Scores heat maps of the first images of a dataset that Diorama has made; `scores` says what the scores are.

    Args:
        model: A classifier, or its folder.
        data: The dataset, whose masks are drawn again.
        out: A folder for scores.parquet and scores.json; nothing is written if not given.
        models: The folder of models that the dataset was made from; the embedded catalogue if not given.
        target: The class that is explained; each image's own if not given.
        images: How many.
        methods: Of `maps.METHODS`.
        score: What of the class is explained.
        steps: Of the deletion and insertion curves; 0 leaves them out.
        report: Is told how far it is.

    Raises:
        DioramaError: If the model or the dataset cannot be used, or do not fit each other.
        KeyboardInterrupt: If it is interrupted; the scores of the images until then are written first.
    """
    explained = model if isinstance(model, Explained) else Explained(model)
    replay = data if isinstance(data, Replay) else Replay(data, models)
    if images < 1:
        raise RecipeError("images", f"is {images}", "Give 1 or more")
    index = np.arange(min(images, len(replay.labels)))
    names = replay.rows(index)["class"].to_pylist()
    labels = np.array([explained.label(target or name) for name in names])
    batches: list[dict[str, list[object]]] = []
    report(Progress("scoring heat maps", 0, len(index)))
    try:
        for first in range(0, len(index), BATCH):
            part = slice(first, first + BATCH)
            batches.append(_batch(explained, replay, index[part], labels[part], methods, score, steps))
            report(Progress("scoring heat maps", min(first + BATCH, len(index)), len(index)))
    except KeyboardInterrupt as error:
        if out is None or not batches:
            raise
        found = _found(batches)
        write(found, explained, replay, Path(out))
        count = len(set(found.rows["index"].to_pylist()))
        raise KeyboardInterrupt(f"{out} has the scores of {count} of {len(index)} images") from error
    found = _found(batches)
    if out is not None:
        write(found, explained, replay, Path(out))
    return found


def _found(batches: Sequence[dict[str, list[object]]]) -> MapScores:
    """The scores of some batches of images together."""
    columns = {name: [value for batch in batches for value in batch[name]] for name in batches[0]}
    rows = pa.table(columns)
    once = rows.filter(pa.array(np.array(columns["method"]) == columns["method"][0]))
    areas = {name: values for name, values in once.to_pydict().items() if name.startswith("area")}
    shown = {name: np.array(values) for name, values in columns.items() if name not in areas}
    return MapScores(rows, summary(shown), summary({"method": ["area"] * len(once), **areas})["area"])


def write(found: MapScores, explained: Explained, replay: Replay, out: Path) -> None:
    """Writes scores.parquet and scores.json.

    Raises:
        OutputError: If they cannot be written.
    """
    with files.output(out):
        out.mkdir(parents=True, exist_ok=True)
    with files.replacing(out / "scores.parquet") as temporary:
        pq.write_table(found.rows, temporary, compression="zstd")
    told = {
        "model": explained.name,
        "selection": explained.classifier.selection,
        "data": replay.root.name,
        "images": len(set(found.rows["index"].to_pylist())),
        "areas": {name: plain(interval) for name, interval in found.areas.items()},
        "methods": {m: {name: plain(i) for name, i in row.items()} for m, row in found.means.items()},
    }
    files.write(out / "scores.json", (json.dumps(told, indent=2) + "\n").encode())


def _batch(
    explained: Explained,
    replay: Replay,
    index: np.ndarray[tuple[int], np.dtype[np.int64]],
    target: np.ndarray[tuple[int], np.dtype[np.int64]],
    methods: Sequence[str],
    score: Score,
    steps: int | None,
) -> dict[str, list[object]]:
    """The rows of some images: for each method, all images."""
    drawn = replay.draw(index, masks=True)
    replay.check(drawn)
    assert drawn.mask is not None
    assert drawn.parts is not None
    x = explained.see(drawn.rgb)
    where = explained.region(regions(drawn.mask, drawn.parts))
    logits = explained.predict(x)
    rows = replay.rows(index)
    own = {
        "index": index.tolist(),
        "file": rows["file"].to_pylist(),
        "class": rows["class"].to_pylist(),
        "target": [explained.labels[k] for k in target],
        "predicted": [explained.labels[k] for k in logits.argmax(1)],
        "probability": probability(logits)[np.arange(len(target)), target].tolist(),
    }
    side = x.shape[-1]
    out: dict[str, list[object]] = {}
    for method in (*methods, *REFERENCES):
        heat = (
            np.broadcast_to(centre(side), (len(x), side, side))
            if method == "centre"
            else where[:, 0]
            if method == "truth"
            else explained.map(method, x, target, score)
        )
        found: dict[str, list[object]] = {**own, "method": [method] * len(x)}
        found |= {_named("area", region): where[:, k].mean((1, 2)).tolist() for k, region in enumerate(REGIONS)}
        for name, measure in (("mass", mass), ("pointing", pointing)):
            values = measure(heat[:, None], where)
            found |= {_named(name, region): values[:, k].tolist() for k, region in enumerate(REGIONS)}
        if steps != 0:
            deletion, insertion = curves(explained.quick, x, heat, target, **({"steps": steps} if steps else {}))
            found |= {"deletion": area(deletion).tolist(), "insertion": area(insertion).tolist()}
        for name, column in found.items():
            out.setdefault(name, []).extend(column)
    return out


def _named(score: str, region: str) -> str:
    return score if region == "subject" else f"{score}_{region}"
