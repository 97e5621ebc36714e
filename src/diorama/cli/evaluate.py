"""`diorama evaluate`."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from diorama.cli import stages

if TYPE_CHECKING:
    from diorama.evaluate.report import Evaluation
    from diorama.evaluate.scores import Paired, Scores

Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FOLDER=CLASS", help="What a sub-folder counts as; FOLDER= leaves it out. May be repeated."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="End at an image that cannot be read; else it is left out.")]
NAMED = 5
"""Files that could not be read, and factors, to be named."""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("evaluate")(_evaluate)


def _evaluate(
    model: Annotated[str, typer.Argument(metavar="[NAME=]MODEL", help="A folder that `diorama train` has made.")],
    data: Annotated[
        list[str],
        typer.Argument(metavar="[NAME=]DATA…", help="Test sets: folders with one sub-folder of images per class."),
    ],
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME=]MODEL", help="Another model, to be tested on the same images. May be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write every prediction (Parquet), a summary (JSON) and figures there."),
    ] = None,
    mapping: Map = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many images per class of each set.")] = None,
    strict: Strict = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Test classifiers on images that they were not trained on.

    For each set: accuracy with 95 % intervals, by class, what is taken for what, calibration. With several models:
    paired tests on the same images. On Diorama's own datasets: which values of which factor are misread.

    A model and a set may be given one NAME to say that they are of one domain: the out-of-domain mean is over the sets
    that no model is named like, the same for all.

    [bold]Examples[/bold]

    diorama evaluate model photos --out evaluation

    diorama evaluate model photos --map kitten=cat --map horse=

    diorama evaluate synthetic=model real=photos toon=toons --against real=other-model
    """
    from diorama.evaluate.evaluation import evaluate

    with stages.shown() as report:
        found = evaluate(
            [model, *(against or ())],
            data,
            mapping=pairs(mapping),
            limit=limit,
            strict=strict,
            out=out,
            seed=seed,
            report=report,
        )
    skipped({name: one.skipped for name, one in found.sets.items()})
    if as_json:
        print(json.dumps(found.as_dict(), indent=1, ensure_ascii=False))
        return
    console = wide()
    for table in _tables(found):
        console.print(table)
        console.print()
    for name, about in found.models.items():
        heads = f"{about['heads']} head{'s' if about['heads'] > 1 else ''}"
        console.print(f"{name}: {heads} on {about['backbone']}; epoch: {about['selection']}", markup=False)
    if out is not None:
        console.print(f"predictions, summary and figures: {out}", markup=False)


def wide() -> Console:
    """Standard output; lines are as long as they need to be where it is no terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=240)


def pairs(texts: Iterable[str] | None) -> dict[str, str]:
    """{"kitten": "cat"} of ["kitten=cat"]."""
    out = {}
    for text in texts or ():
        old, mark, new = (part.strip() for part in text.partition("="))
        if not mark or not old:
            raise typer.BadParameter(f"{text!r} is not of the form FOLDER=CLASS", param_hint="--map")
        out[old] = new
    return out


def skipped(sets: dict[str, dict[str, str]]) -> None:
    """Tells on standard error which files could not be read."""
    for name, files in sets.items():
        if files:
            some = f"{len(files)} images" if len(files) > 1 else "1 image"
            print(f"{name}: {some} could not be read, left out:", file=sys.stderr)
            for path, problem in list(files.items())[:NAMED]:
                print(f"  {path}: {problem}", file=sys.stderr)
            if len(files) > NAMED:
                print(f"  and {len(files) - NAMED} more", file=sys.stderr)


def _tables(found: "Evaluation") -> Iterable[Table]:
    yield _accuracies(found.scores)
    yield _classes(found.scores)
    if found.paired:
        yield _paired(found.paired)
    if len(found.sets) > 1:
        yield _means(found)
    for (model, where), factors in found.factors.items():
        told = [factor for factor in factors if factor.p_holm < 0.05][:NAMED]
        table = _table(
            f"{model} on {where}: what it misreads, %", "factor", "at", "images", "misread", "expected", "p (Holm)"
        )
        for factor in told:
            worst = factor.worst
            at = f"{worst.name} {factor.unit}".strip()
            table.add_row(
                *map(escape, (factor.column, at)),
                str(worst.images),
                _percent(worst.error),
                f"{100 * worst.expected:.1f}",
                _p(factor.p_holm),
            )
        if not told:
            table.add_row("no factor is known to matter", *[""] * 5)
        yield table


def _accuracies(scores: "list[Scores]") -> Table:
    table = _table(
        "accuracy, %, with its interval over images (Wilson), and over heads and images (bootstrap)",
        *("model", "set", "images", "accuracy", "heads, images", "AAR", "macro-F1", "calibration error"),
    )
    for one in scores:
        table.add_row(
            *map(escape, (one.model, one.set)),
            str(one.images),
            _percent(one.accuracy),
            _percent(one.bootstrap).partition(" ")[2].strip("()"),
            f"{100 * one.aar.value:.1f}",
            f"{100 * one.macro_f1.value:.1f}",
            f"{100 * one.calibration_error:.1f}",
        )
    return table


def _classes(scores: "list[Scores]") -> Table:
    table = _table("by class, %", "model", "set", "class", "images", "recall", "precision", "taken for")
    for one in scores:
        for k, name in enumerate(one.labels):
            row = one.confusion[k]
            if row.sum() + one.confusion[:, k].sum() == 0:
                continue
            order = sorted((-count, other) for count, other in zip(row, one.labels, strict=True) if count)
            taken = ", ".join(f"{other} {-count:.4g}" for count, other in order)
            cells = (one.model, one.set, name, f"{row.sum():.0f}")
            rates = (_percent(one.recall[name]), _percent(one.precision[name]))
            table.add_row(*map(escape, (*cells, *rates, taken)))
    return table


def _paired(found: "list[Paired]") -> Table:
    table = _table(
        "the same images: difference of accuracy, points; exact McNemar test",
        *("set", "first", "second", "first − second", "only first right", "only second right", "p", "p (Holm)"),
    )
    for pair in found:
        value, low, high = (f"{100 * end:+.1f}" for end in pair.difference)
        cells = (pair.set, pair.first, pair.second, f"{value} ({low} to {high})")
        table.add_row(*map(escape, cells), str(pair.only_first), str(pair.only_second), _p(pair.p), _p(pair.p_holm))
    return table


def _means(found: "Evaluation") -> Table:
    transfer = found.transfer
    title = f"accuracy, %; out of domain: {', '.join(transfer.common) or 'no set is out of every domain'}"
    table = _table(title, "model", *transfer.sets, "mean", "out of domain")
    for model in transfer.models:
        own = {one.set: one.accuracy for one in found.scores if one.model == model}
        apart = _percent(transfer.out_of_domain[model]) if transfer.common else "–"
        cells = (model, *(f"{100 * own[name].value:.1f}" for name in transfer.sets), _percent(transfer.mean[model]))
        table.add_row(*map(escape, cells), apart)
    return table


def _table(title: str, *heads: str) -> Table:
    return Table(*map(escape, heads), title=escape(title), title_justify="left", box=None, pad_edge=False)


def _percent(interval: tuple[float, float, float]) -> str:
    value, low, high = interval
    return "–" if value != value else f"{100 * value:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def _p(p: float) -> str:
    return "–" if p != p else "< 0.001" if p < 0.001 else f"{p:.2g}"
