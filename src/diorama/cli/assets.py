"""`diorama assets list`."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from diorama.cli import options


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="What there is to be shown.")
    group.command("list")(_list)
    group.callback()(_assets)
    app.add_typer(group, name="assets")


def _assets() -> None:
    """What there is to be shown."""


def _list(
    models: options.Models = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List classes and their models, with licences, and surfaces and skies.

    [bold]Examples[/bold]

    diorama assets list

    diorama assets list my-models --json
    """
    from diorama.assets.library import Catalogue

    catalogue = Catalogue.open(models)
    if as_json:
        found = {
            "models": [row for row in catalogue.credits() if row["class"]],
            "surfaces": catalogue.surfaces,
            "skies": catalogue.skies,
            "notes": catalogue.notes,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    table = Table("class", "model", "licence", "author", box=None, pad_edge=False)
    for row in catalogue.credits():
        if row["class"]:
            table.add_row(row["class"], row["subject"], row["licence"] or "unknown", row["author"])
    console = Console()
    console.print(table)
    console.print(f"\nsurfaces  {', '.join(catalogue.surfaces)}\nskies     {', '.join(catalogue.skies)}", markup=False)
    for note in catalogue.notes:
        console.print(f"note: {note}", markup=False)
