"""`counterfactuals`: the same images with one factor changed, and how a classifier's prediction moves.

Only a renderer can say what would have been had the light been another and all else the same. An image is drawn again
with one change of `changes`, and the classifier's log-odds of the image's class are compared with those before:

    moved    the mean of the differences: what the change does on the whole
    size     the mean of their absolute values: how much the prediction depends on the factor, in whichever direction

Images that a change leaves as they are (no obstructors where there were none) do not count.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diorama.assets.sources import Models
from diorama.dataset import files
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import RecipeError
from diorama.evaluate.figures import save
from diorama.evaluate.statistics import Interval, mcnemar
from diorama.explain import figure
from diorama.explain.changes import DEFAULTS, Change
from diorama.explain.explained import Explained, odds, probability
from diorama.explain.replay import Drawn, Replay
from diorama.explain.scores import mean
from diorama.learn.classifier import Classifier

SHOWN = 6
"""Images in the picture: the first, so that nobody has picked them."""


@dataclass(frozen=True)
class Effect:
    """What a change does to a classifier's predictions.

    Attributes:
        change: Its name.
        text: As users write it.
        images: How many images it changed.
        moved: Mean difference of the log-odds of the true class, in nats.
        size: Mean of its absolute value.
        before: Mean probability of the true class before.
        after: The same after.
        lost: Images that were right before and are wrong after.
        won: The other way round.
        p: Of the exact McNemar test that as many are lost as won.
    """

    change: str
    text: str
    images: int
    moved: Interval
    size: Interval
    before: float
    after: float
    lost: int
    won: int
    p: float


@dataclass(frozen=True)
class Counterfactuals:
    """How predictions move, factor by factor.

    Attributes:
        effects: One for each change, the strongest first.
        rows: A row for each image and change; the change "" is the image itself.
        idle: Changes that left every image as it was.
        written: The files.
    """

    effects: tuple[Effect, ...]
    rows: pa.Table
    idle: tuple[str, ...]
    written: tuple[Path, ...] = ()


def counterfactuals(
    model: Classifier | str | Path | Explained,
    data: str | Path | Replay,
    out: str | Path | None = None,
    *,
    models: Models | None = None,
    changes: Sequence[str] = DEFAULTS,
    images: int = 64,
    report: Report = silent,
) -> Counterfactuals:
    """Explains a classifier by what would have been: see the module's docstring.

    Args:
        model: A classifier, or its folder.
        data: A dataset that Diorama has made, whose images are drawn again.
        out: A folder for counterfactuals.parquet, .json, .png and .svg, and effects.png and .svg; nothing is written if
            not given.
        models: The folder of models that the dataset was made from; the embedded catalogue if not given.
        changes: What is changed, each alone, as `changes` has it.
        images: How many images, from the first on.
        report: Is told how far it is.

    Raises:
        DioramaError: If the model, the dataset or a change cannot be used.
    """
    asked = [Change.parse(text) for text in changes]
    explained = model if isinstance(model, Explained) else Explained(model)
    replay = data if isinstance(data, Replay) else Replay(data, models)
    if images < 1:
        raise RecipeError("images", f"is {images}", "Give 1 or more")
    index = np.arange(min(images, len(replay.labels)))
    label = np.array([explained.label(replay.classes[i % len(replay.classes)]) for i in index.tolist()])
    before = replay.draw(index)
    replay.check(before)
    base = explained.predict(explained.see(before.rgb))
    rows = [_rows(explained, replay, None, before, label, base, base, np.zeros(len(index), np.bool_))]
    found: list[Effect] = []
    idle: list[str] = []
    pictures: list[tuple[Change, Drawn, NDArray[np.float64]]] = []
    for number, change in enumerate(asked):
        report(Progress("changing images", number, len(asked), "changes", change.name))
        if not change.matters(replay.recipe):
            idle.append(change.name)
            continue
        drawn = replay.accepted(index, change)
        place = np.searchsorted(index, drawn.index)
        changed = (drawn.rgb != before.rgb[place]).any(axis=(1, 2, 3))
        if not changed.any():
            idle.append(change.name)
            continue
        logits = explained.predict(explained.see(drawn.rgb))
        rows.append(_rows(explained, replay, change, drawn, label[place], base[place], logits, changed))
        found.append(effect(change, base[place][changed], logits[changed], label[place][changed]))
        pictures.append((change, drawn, logits))
    report(Progress("changing images", len(asked), len(asked), "changes"))
    found.sort(key=lambda one: -one.size.value)
    result = Counterfactuals(tuple(found), pa.concat_tables(rows), tuple(idle))
    if out is None:
        return result
    written = write(result, explained, replay, Path(out))
    order = {one.text: k for k, one in enumerate(found)}
    pictures.sort(key=lambda one: order[one[0].text])
    written += _draw(result, explained, replay, before, base, label, pictures, Path(out))
    return Counterfactuals(result.effects, result.rows, result.idle, tuple(written))


def effect(change: Change, before: NDArray[np.float64], after: NDArray[np.float64], label: NDArray[np.int64]) -> Effect:
    """What a change does, from (n, C) logits before and after it and the (n,) true classes."""
    moved = odds(after, label) - odds(before, label)
    right = [logits.argmax(1) == label for logits in (before, after)]
    lost, won = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    own = np.arange(len(label)), label
    return Effect(
        change=change.name,
        text=change.text,
        images=len(label),
        moved=mean(moved),
        size=mean(np.abs(moved)),
        before=float(probability(before)[own].mean()),
        after=float(probability(after)[own].mean()),
        lost=lost,
        won=won,
        p=float(mcnemar(lost, won)),
    )


def write(found: Counterfactuals, explained: Explained, replay: Replay, out: Path) -> list[Path]:
    """Writes counterfactuals.parquet and counterfactuals.json.

    Raises:
        OutputError: If they cannot be written.
    """
    with files.output(out):
        out.mkdir(parents=True, exist_ok=True)
    table, told = out / "counterfactuals.parquet", out / "counterfactuals.json"
    with files.replacing(table) as temporary:
        pq.write_table(found.rows, temporary, compression="zstd")
    plain = {
        "model": explained.name,
        "selection": explained.classifier.selection,
        "data": replay.root.name,
        "effects": [{**vars(one), "moved": one.moved._asdict(), "size": one.size._asdict()} for one in found.effects],
        "idle": list(found.idle),
    }
    files.write(told, (json.dumps(plain, indent=2) + "\n").encode())
    return [table, told]


def _rows(
    explained: Explained,
    replay: Replay,
    change: Change | None,
    drawn: Drawn,
    label: NDArray[np.int64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    changed: NDArray[np.bool_],
) -> pa.Table:
    n, own = len(drawn), (np.arange(len(drawn)), label)
    columns = {
        "index": drawn.index,
        "file": replay.rows(drawn.index)["file"].to_pylist(),
        "class": [explained.labels[k] for k in label],
        "change": [change.text if change else ""] * n,
        "changed": changed,
        "predicted": [explained.labels[k] for k in after.argmax(1)],
        "probability": probability(after)[own],
        "odds": odds(after, label),
        "moved": odds(after, label) - odds(before, label),
        "visible_fraction": drawn.visible,
    }
    return pa.table(columns)


def _draw(
    found: Counterfactuals,
    explained: Explained,
    replay: Replay,
    before: Drawn,
    base: NDArray[np.float64],
    label: NDArray[np.int64],
    pictures: Sequence[tuple[Change, Drawn, NDArray[np.float64]]],
    out: Path,
) -> list[Path]:
    """The picture of the first images under each change, and of the effects."""
    title = f"{explained.name} on {replay.root.name}: probability of the true class; each column changes one thing"
    title += " (blank: nothing to change)"
    rows, captions = [], []
    for row in range(min(SHOWN, len(before))):
        cells: list[NDArray[np.uint8] | None] = [before.rgb[row]]
        texts = [_caption(base[row], label[row])]
        for _, drawn, logits in pictures:
            there = np.flatnonzero(drawn.index == before.index[row])
            there = there[(drawn.rgb[there] != before.rgb[row]).any(axis=(1, 2, 3))]
            cells.append(drawn.rgb[there[0]] if len(there) else None)
            texts.append(_caption(logits[there[0]], label[row]) if len(there) else ("", None))
        rows.append(cells)
        captions.append(texts)
    heads = ["as it is", *(change.name for change, _, _ in pictures)]
    written = save(figure.variants(rows, heads, captions, title), out / "counterfactuals")
    if found.effects:
        names = [f"{one.change}  ({one.images})" for one in found.effects]
        title = f"{explained.name} on {replay.root.name} (in brackets: images changed)"
        chart = figure.effects(names, [one.moved for one in found.effects], [one.size for one in found.effects], title)
        written += save(chart, out / "effects")
    return written


def _caption(logits: NDArray[np.float64], label: np.int64) -> tuple[str, bool | None]:
    return f"{probability(logits)[label]:.1%}".replace("%", " %"), bool(logits.argmax() == label)
