"""`diorama worth`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from diorama.cli import stages
from diorama.cli.evaluate import Map, Strict, pairs, skipped, wide

if TYPE_CHECKING:
    from diorama.evaluate.statistics import Interval
    from diorama.evaluate.worth import Worth


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("worth")(_worth)


def _worth(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A folder that `diorama train` has made.")],
    real: Annotated[
        Path, typer.Option(metavar="DIR", help="Real photos to learn from, with one sub-folder per class.")
    ],
    test: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Real photos to test on.", show_default="every second one of --real"),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="What MODEL was trained on: adds the mixture curve. May be repeated."),
    ] = None,
    counts: Annotated[
        str | None, typer.Option(metavar="1,2,5,…", help="Photos per class.", show_default="1, 2, 5, 10 … and all")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="How often photos of each count are drawn.")] = 5,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the curves (JSON, Parquet) and their figure there.")
    ] = None,
    mapping: Map = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many images per class of each folder.")] = None,
    strict: Strict = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of draws, heads and bootstrap.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find how many real photos a classifier's training data is worth.

    Heads like the classifier's are trained on 1, 2, 5, 10 … real photos per class, on the same frozen backbone. Where
    the classifier lies on their learning curve is what its own training data is worth, with a 95 % interval.

    [bold]Examples[/bold]

    diorama worth model --real photos

    diorama worth model --real photos/train --test photos/test --data synthetic --out worth
    """
    from diorama.evaluate.worth import worth

    with stages.shown() as report:
        found = worth(
            model,
            real,
            test=test,
            data=data or (),
            counts=_numbers(counts),
            draws=draws,
            mapping=pairs(mapping),
            limit=limit,
            strict=strict,
            out=out,
            seed=seed,
            report=report,
        )
    skipped({"--real": found.pool.skipped, "--test": found.test.skipped})
    if as_json:
        print(json.dumps(found.as_dict(), indent=1, ensure_ascii=False))
        return
    from diorama.evaluate.figures import photos_text

    console = wide()
    console.print(_table(found))
    console.print()
    tested = sum(found.test.images.values())
    console.print(f"{model} is right about {_percent(found.accuracy)} of {tested} images of {found.test.folder}.")
    photos = photos_text(found.photos, found.real.counts)
    console.print(f"Its training data is worth [bold]{photos}[/] real photos per class.")
    if found.known:
        console.print(f"{found.known} photos of {real} are test images too, and were not learnt from.", markup=False)
    console.print(f"Epoch: {found.selection}.", markup=False)
    if out is not None:
        console.print(f"curves and figure: {out}", markup=False)


def _numbers(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of numbers, such as 1,2,5", param_hint="--counts") from None


def _table(found: "Worth") -> Table:
    table = Table("real photos per class", "alone", title="accuracy", title_justify="left", box=None, pad_edge=False)
    if found.mixture is not None:
        table.add_column("with the model's own data")
    for k, count in enumerate(found.real.counts):
        mixed = [] if found.mixture is None else [_percent(found.mixture.accuracy[k])]
        table.add_row(str(count), _percent(found.real.accuracy[k]), *mixed)
    return table


def _percent(interval: "Interval") -> str:
    value, low, high = interval
    return f"{100 * value:.1f} % ({100 * low:.1f}–{100 * high:.1f})"
