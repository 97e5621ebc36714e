"""`diorama preview`."""

from pathlib import Path
from typing import Annotated

import typer

from diorama.cli import options


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("preview", cls=options.WithFactors)(_preview)


def _preview(
    models: options.Models = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The picture: .png, .jpg or .webp.")] = ...,  # type: ignore[assignment]
    count: Annotated[int, typer.Option(help="How many images.")] = 64,
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    seed: options.Seed = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
) -> None:
    """Draw a contact sheet: the first images that `generate` would make with the same options.

    [bold]Examples[/bold]

    diorama preview --out sheet.png

    diorama preview my-models --out sheet.png --count 16 --pin camera.distance=2.5
    """
    from diorama.preview import preview

    chosen = options.chosen(models, recipe, classes, omit, pin, seed=seed, size=size, antialias=antialias)
    print(preview(out, chosen, models, count=count))
