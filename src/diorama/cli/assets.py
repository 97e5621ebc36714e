"""`diorama assets list`; `check` and `render` are in a file of their own."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from diorama.cli import check, options


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="What there is to be shown.")
    group.command("list")(_list)
    group.command("check")(check.check_models)
    group.command("render")(check.render_models)
    group.callback()(_assets)
    app.add_typer(group, name="assets")


def _assets() -> None:
    """What there is to be shown."""


def _list(
    models: options.Models = None,
    skies: options.Skies = None,
    surfaces: options.Surfaces = None,
    photos: options.Photos = None,
    details: Annotated[
        bool, typer.Option("--details", help="Tell each model's coats and clips; builds what is not built yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List classes and their models, with licences, and surfaces and skies.

    [bold]Examples[/bold]

    diorama assets list

    diorama assets list --details

    diorama assets list my-models --json
    """
    from diorama.assets.library import Catalogue

    assets = options.own(models, skies, surfaces, photos)
    models = assets.models if assets is not None else None
    catalogue = Catalogue.open(assets)
    rows: list[dict[str, Any]] = [dict(row) for row in catalogue.credits() if row["class"]]
    if details:
        for row in rows:
            subject = catalogue.subject(row["subject"])
            row["coats"], row["clips"] = ([part.name for part in parts] for parts in (subject.coats, subject.clips))
    counts = {name: len(catalogue.subjects(name)) for name in catalogue.classes}
    counts |= {"surfaces": len(catalogue.surfaces), "skies": len(catalogue.skies), "photos": len(catalogue.photos)}
    if as_json:
        found = {
            "counts": counts,
            "models": rows,
            "surfaces": catalogue.surfaces,
            "skies": catalogue.skies,
            "photos": catalogue.photos,
            "notes": catalogue.notes,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console = Console()
    if models is None and not details:
        groups = {name: [id.partition("/")[2] for id in catalogue.subjects(name)] for name in catalogue.classes}
    else:
        groups = {}
        console.print(_table(rows, details))
        console.print()
    groups |= {"surfaces": list(catalogue.surfaces), "skies": list(catalogue.skies)}
    if catalogue.photos:
        groups["photos"] = list(catalogue.photos)
    lists = Table(box=None, pad_edge=False, show_header=False)
    lists.add_column(no_wrap=True)
    lists.add_column(justify="right")
    lists.add_column()
    for name, ids in groups.items():
        lists.add_row(escape(name), str(len(ids)), escape(", ".join(ids)))
    console.print(lists)
    if assets is None:
        console.print(f"\nAll of them are made by diorama itself: {rows[0]['licence']}", markup=False)
    for note in catalogue.notes:
        console.print(f"note: {note}", markup=False)


def _table(rows: list[dict[str, Any]], details: bool) -> Table:
    """A row for each model."""
    table = Table(
        "class", "model", *(("coats", "clips") if details else ("licence", "author")), box=None, pad_edge=False
    )
    for row in rows:
        last = (
            [", ".join(row["coats"]), ", ".join(row["clips"])]
            if details
            else [row["licence"] or "unknown", row["author"]]
        )
        table.add_row(*(escape(cell) for cell in (row["class"], row["subject"], *last)))
    return table
