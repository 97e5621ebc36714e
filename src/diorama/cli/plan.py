"""`diorama plan`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from diorama.cli import options
from diorama.dataset.layout import FORMATS, SHARD_SIZES


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("plan")(_plan)


def _plan(
    models: options.Models = None,
    images: Annotated[str, typer.Option(metavar="N", help="Images in all, such as 1e9.")] = ...,  # type: ignore[assignment]
    nodes: Annotated[int, typer.Option(metavar="N", help="Computers.")] = 1,
    workers_per_node: Annotated[
        int | None, typer.Option(metavar="N", help="Processes on each.", show_default="one per core, or one with a GPU")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(metavar="N", help="Images per second of a node.", show_default="measured, of this computer"),
    ] = None,
    cost_per_node_hour: Annotated[
        float | None, typer.Option(metavar="PRICE", help="Price of a node for an hour, in any currency.")
    ] = None,
    format: Annotated[str, typer.Option(metavar="|".join(FORMATS), help="As for generate.")] = "webdataset",
    shard_size: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Images per job.",
            show_default=f"{SHARD_SIZES['folder']} in a folder, else {SHARD_SIZES['webdataset']}",
        ),
    ] = None,
    measure: Annotated[int, typer.Option(metavar="N", help="Images of the short run on this computer.")] = 1500,
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    labels: options.Labels = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
    skies: options.Skies = None,
    surfaces: options.Surfaces = None,
    photos: options.Photos = None,
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="The disk to write to.", show_default="the temporary folder"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Tell what a dataset of any size will take: jobs, bytes, time and cost.

    A short run on this computer is made, measured and removed; the rest is arithmetic, and its assumptions are printed.

    [bold]Examples[/bold]

    diorama plan --images 1e9 --nodes 100 --cost-per-node-hour 1.20

    diorama plan --images 1e6 --nodes 8 --rate 20000 --json
    """
    from diorama.plan import plan, told

    assets = options.own(models, skies, surfaces, photos)
    chosen = options.chosen(assets, recipe, classes, omit, pin, labels, size=size, antialias=antialias)
    found = plan(
        _count(images),
        chosen,
        assets,
        nodes=nodes,
        workers_per_node=workers_per_node,
        rate=rate,
        cost_per_node_hour=cost_per_node_hour,
        format=format,
        shard_size=shard_size,
        measure=measure,
        folder=folder,
    )
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, line in told(found).items():
        table.add_row(name, line)
    console = Console(soft_wrap=True, highlight=False)
    console.print(table)
    console.print("\nThis assumes:")
    for assumption in found.assumptions:
        console.print(f"- {assumption}", markup=False)


def _count(text: str) -> int:
    """A whole number, which may be written as 1e9.

    Raises:
        typer.BadParameter: For anything else.
    """
    try:
        number = float(text.replace(",", "").replace("_", ""))
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is no whole number, such as 1e9", param_hint="--images") from None
    return int(number)
