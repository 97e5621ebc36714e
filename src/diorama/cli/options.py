"""Options that several commands share."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from diorama.assets.library import Catalogue
from diorama.randomize.factor import registered
from diorama.randomize.recipe import PRESETS, Recipe

Models = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODELS]",
        help="A folder with one sub-folder of 3D models per class. Without it: the embedded catalogue.",
        show_default=False,
    ),
]
RecipeName = Annotated[str, typer.Option("--recipe", metavar=f"FILE|{'|'.join(PRESETS)}", help="What varies, and how.")]
Classes = Annotated[
    str | None,
    typer.Option(metavar="A,B,…", help="Classes, in this order. Without it: the recipe's, or all of MODELS."),
]
Seed = Annotated[int | None, typer.Option(help="Seed of all randomness.", show_default="the recipe's")]
Size = Annotated[
    int | None, typer.Option(help="Pixels along each side: 64 to 1024, a multiple of 8.", show_default="the recipe's")
]
Antialias = Annotated[int | None, typer.Option(help="Coverage samples per pixel: 1 or 4.", show_default="the recipe's")]
Quality = Annotated[int | None, typer.Option(help="Quality of the JPEG files, 1 to 100.", show_default="the recipe's")]
Labels = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,…",
        help="Labels beyond the columns that are always there: mask, amodal, depth, normals, ids, keypoints.",
        show_default="the recipe's",
    ),
]
Omit = Annotated[
    list[str] | None, typer.Option(metavar="FACTOR", help="Keep a factor at its defaults. May be repeated.")
]
Pin = Annotated[
    list[str] | None,
    typer.Option(metavar="FACTOR.KEY=VALUE", help="Give a key one value, or another space. May be repeated."),
]
Strict = Annotated[bool, typer.Option("--strict", help="End at a model that cannot be used; else it is passed over.")]
Batch = Annotated[
    int | None, typer.Option(help="Images per submission to the device.", show_default="what suits the adapter")
]

MOST_NOTES = 10
"""Models that are passed over and named one by one."""


def chosen(
    models: Path | None,
    name: str,
    classes: str | None = None,
    omit: Sequence[str] | None = None,
    pin: Sequence[str] | None = None,
    labels: str | None = None,
    *,
    strict: bool = False,
    **fields: Any,
) -> Recipe:
    """The recipe that the options ask for. On the way it is told, on stderr, which models are passed over.

    Args:
        models: The folder of models, if there is one: its classes are those of a preset.
        name: A preset's name, or a file's.
        classes: Names with commas between.
        omit: Factors to be omitted.
        pin: Keys to be pinned, as "factor.key=value".
        labels: Names with commas between; empty for none.
        strict: Whether a model that cannot be used is an error, rather than passed over.
        **fields: Other fields of the recipe; None leaves one as it is.
    """
    recipe = Recipe.preset(name) if name in PRESETS else Recipe.load(name)
    if classes is not None:
        fields["classes"] = tuple(part.strip() for part in classes.split(","))
    elif models is not None and name in PRESETS:
        fields["classes"] = Catalogue.open(models).classes
    if labels is not None:
        fields["labels"] = tuple(part.strip() for part in labels.split(",") if part.strip())
    recipe = recipe.replace(**fields).omit(*(omit or ()))
    for text in pin or ():
        recipe = recipe.pin(text)
    if models is not None:
        notes = Catalogue.open(models, recipe.classes, strict).notes
        for note in notes[:MOST_NOTES]:
            print(f"note: {note}", file=sys.stderr)
        if len(notes) > MOST_NOTES:
            print(f"note: and {len(notes) - MOST_NOTES} more: diorama assets check {models}", file=sys.stderr)
    return recipe


class WithFactors(TyperCommand):
    """A command whose help ends with the list of factors."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As usual, then the factors and their keys."""
        super().format_help(ctx, formatter)
        print(" Factors, and their keys for --pin (diorama recipe show prints how each is drawn):\n")
        for factor in registered().values():
            print(f"   {factor.name:<18} {factor.doc}")
            print(f"   {'':<18} {', '.join(key.name for key in factor.keys)}\n")
