"""`diorama bench`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from diorama.cli import options
from diorama.dataset.layout import FORMATS

MARKS = (2_000, 20_000)
"""Numbers of images between which memory must not grow."""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("bench")(_bench)


def _bench(
    models: options.Models = None,
    images: Annotated[int, typer.Option(help="Images per run, about.")] = 1000,
    workers: Annotated[str, typer.Option(metavar="N,M,…", help="Numbers of processes to try.")] = "1,2",
    format: Annotated[
        str, typer.Option(metavar="A,B,…", help=f"Formats to try, in turn: {', '.join(FORMATS)}.")
    ] = "folder",
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    labels: options.Labels = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
    batch: options.Batch = None,
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="The disk to write to.", show_default="the temporary folder"),
    ] = None,
    memory: Annotated[
        bool, typer.Option("--memory", help="Make 20,000 images with the most workers, and compare memory at 2,000.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print each row as a line of JSON.")] = False,
) -> None:
    """Measure images per second on disk, where the time goes, and memory.

    [bold]Examples[/bold]

    diorama bench

    diorama bench --workers 1,2,4 --json

    diorama bench --workers 2 --format folder,webdataset,folder,webdataset

    diorama bench --memory
    """
    from diorama.bench import STAGES, bench

    assets = options.own(models, None, None, None)
    chosen = options.chosen(assets, recipe, classes, omit, pin, labels, size=size, antialias=antialias)
    counts, formats = _numbers(workers), [part.strip() for part in format.split(",")]
    marks: tuple[int, ...] = ()
    if memory:
        counts, images, marks = counts[-1:], MARKS[-1], MARKS
    rows = bench(
        chosen, assets, images=images, workers=counts, formats=formats, batch=batch, folder=folder, marks=marks
    )
    if as_json:
        for row in rows:
            print(json.dumps(row.as_dict()), flush=True)
        return
    table = Table("workers", "format", "images/s", "start", *STAGES, "memory", box=None, pad_edge=False)
    adapter = ""
    for row in rows:
        shares = [f"{row.stages[stage]:.0%}" for stage in STAGES]
        peak = f"{row.peak_bytes / 1e6:.0f} MB" if row.peak_bytes else "unknown"
        speed = [f"{row.images_per_second:.0f}", f"{row.start_seconds:.1f} s"]
        table.add_row(str(row.workers), row.format, *speed, *shares, peak)
        for count, used in row.memory.items():
            table.add_row(f"  at {count} images", *[""] * (3 + len(STAGES)), f"{used / 1e6:.0f} MB")
        adapter = f"{row.adapter}, {row.driver}; {row.images} images of {row.size} × {row.size}"
    console = Console()
    console.print(table)
    console.print(adapter, markup=False)


def _numbers(text: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a list of numbers, such as 1,2", param_hint="--workers") from None
    if min(numbers) < 1:
        raise typer.BadParameter(f"{min(numbers)} workers do no work", param_hint="--workers")
    return sorted(numbers)
