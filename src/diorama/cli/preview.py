"""`diorama preview`."""

from pathlib import Path
from typing import Annotated

import typer

from diorama.cli import options
from diorama.errors import RecipeError

Source = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODELS|DIR]",
        help="A folder with one sub-folder of 3D models per class, or a dataset that `diorama generate` has finished. "
        "Without it: the embedded catalogue.",
        show_default=False,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("preview", cls=options.WithFactors)(_preview)


def _preview(
    source: Source = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The picture: .png, .jpg or .webp.")] = ...,  # type: ignore[assignment]
    count: Annotated[int, typer.Option(help="How many images.")] = 64,
    boxes: Annotated[bool, typer.Option("--boxes", help="Draw the box around what is seen of each subject.")] = False,
    masks: Annotated[bool, typer.Option("--masks", help="Tint what is seen of each subject.")] = False,
    keypoints: Annotated[
        bool,
        typer.Option("--keypoints", help="With DIR: draw the keypoints it holds, rings where they are hidden."),
    ] = False,
    models: Annotated[
        Path | None,
        typer.Option(
            metavar="MODELS",
            help="With DIR and --masks: the models that it was made from, to draw masks that it does not hold.",
            show_default="the embedded catalogue",
        ),
    ] = None,
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    skies: options.Skies = None,
    surfaces: options.Surfaces = None,
    photos: options.Photos = None,
    seed: options.Seed = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
) -> None:
    """Draw a contact sheet: the first images that `generate` would make with the same options, or that a dataset holds.

    [bold]Examples[/bold]

    diorama preview --out sheet.png

    diorama preview my-models --out sheet.png --count 16 --pin camera.distance=2.5

    diorama preview --skies hdri --photos photos --out sheet.png

    diorama preview data --out sheet.png --boxes --masks
    """
    from diorama.dataset.reader import is_dataset

    own = {"skies": skies, "surfaces": surfaces, "photos": photos}
    fields = own | {"classes": classes, "seed": seed, "size": size, "antialias": antialias, "omit": omit, "pin": pin}
    given = [name for name, value in fields.items() if value is not None] + ["recipe"] * (recipe != "paper")
    if source is not None and is_dataset(source):
        from diorama.inspection.sheet import sheet

        if given:
            raise RecipeError(
                f"--{given[0]}", f"is given with a dataset ({source})", "Its images are made: leave it out"
            )
        print(sheet(source, out, count=count, boxes=boxes, masks=masks, keypoints=keypoints, models=models))
        return
    if models is not None:
        raise RecipeError("--models", "is given without a dataset", "Give the models in its place")
    if keypoints:
        raise RecipeError("--keypoints", "is given without a dataset", "Make one with --labels keypoints")
    from diorama.preview import preview

    assets = options.own(source, skies, surfaces, photos)
    chosen = options.chosen(assets, recipe, classes, omit, pin, seed=seed, size=size, antialias=antialias)
    print(preview(out, chosen, assets, count=count, boxes=boxes, masks=masks))
