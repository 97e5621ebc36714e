"""Options that several commands share."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from diorama.assets import sources
from diorama.assets.library import Catalogue
from diorama.assets.sources import Assets
from diorama.errors import AssetError
from diorama.randomize.factor import registered
from diorama.randomize.recipe import PRESETS, Recipe

Models = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODELS]",
        help="A folder with one sub-folder of 3D models per class, or a set-up file (.yaml) that names "
        "folders of models, skies, surfaces and photos. Without it: the embedded catalogue.",
        show_default=False,
    ),
]
Skies = Annotated[
    list[str] | None,
    typer.Option(
        "--skies",
        metavar="DIR|embedded",
        help="A folder of panoramas (.hdr, .exr, .jpg, .png) or cube maps, in place of the embedded skies. "
        "May be repeated.",
        show_default=False,
    ),
]
Surfaces = Annotated[
    list[str] | None,
    typer.Option(
        "--surfaces",
        metavar="DIR|embedded",
        help="A folder of textures or PBR materials, in place of embedded surfaces. May be repeated.",
        show_default=False,
    ),
]
Photos = Annotated[
    list[str] | None,
    typer.Option(
        "--photos",
        metavar="DIR",
        help="A folder of photos: one stands behind each image in place of sky and ground. May be repeated.",
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
Strict = Annotated[bool, typer.Option("--strict", help="End at a file that cannot be used; else it is passed over.")]
Batch = Annotated[
    int | None, typer.Option(help="Images per submission to the device.", show_default="what suits the adapter")
]

MOST_NOTES = 10
"""Files that are passed over and named one by one."""


def own(
    models: Path | None, skies: list[str] | None, surfaces: list[str] | None, photos: list[str] | None
) -> Assets | None:
    """The assets that the options name; None where they name none.

    Raises:
        AssetError: If the set-up file cannot be read, or an option and it name the same.
    """
    assets = Assets.of(models)
    for kind, places in {"skies": skies, "surfaces": surfaces, "photos": photos}.items():
        if places and getattr(assets, kind):
            raise AssetError(f"--{kind}", f"{models} names {kind} too", "Name them in one place")
    given = Assets(
        assets.models,
        tuple(skies or assets.skies),
        tuple(surfaces or assets.surfaces),
        tuple(photos or assets.photos),
    )
    return None if given == Assets() else given


def chosen(
    given: sources.Models | None,
    name: str,
    classes: str | None = None,
    omit: Sequence[str] | None = None,
    pin: Sequence[str] | None = None,
    labels: str | None = None,
    *,
    strict: bool = False,
    **fields: Any,
) -> Recipe:
    """The recipe that the options ask for. On the way it is told, on stderr, which assets are passed over.

    Args:
        given: What is to be shown, if it is not the embedded catalogue: a folder's classes are those of a preset.
        name: A preset's name, or a file's.
        classes: Names with commas between.
        omit: Factors to be omitted.
        pin: Keys to be pinned, as "factor.key=value".
        labels: Names with commas between; empty for none.
        strict: Whether an asset that cannot be used is an error, rather than passed over.
        **fields: Other fields of the recipe; None leaves one as it is.
    """
    assets = None if given is None else Assets.of(given)
    if classes is not None:
        fields["classes"] = tuple(part.strip() for part in classes.split(","))
    elif assets is not None and assets.models is not None and name in PRESETS:
        fields["classes"] = Catalogue.open(assets).classes
    recipe = Recipe.preset(name, classes=fields.get("classes")) if name in PRESETS else Recipe.load(name)
    if labels is not None:
        fields["labels"] = tuple(part.strip() for part in labels.split(",") if part.strip())
    if assets is not None and name in PRESETS:
        from diorama.generate import with_photos

        recipe = with_photos(recipe, assets)
    recipe = recipe.replace(**fields).omit(*(omit or ()))
    for text in pin or ():
        recipe = recipe.pin(text)
    if assets is not None:
        tell(Catalogue.open(assets, recipe.classes, strict).notes)
    return recipe


def tell(notes: Sequence[str]) -> None:
    """Prints notes on what is passed over to stderr, the first MOST_NOTES of them."""
    for note in notes[:MOST_NOTES]:
        print(f"note: {note}", file=sys.stderr)
    if len(notes) > MOST_NOTES:
        print(f"note: and {len(notes) - MOST_NOTES} more: diorama assets check FOLDER tells of all", file=sys.stderr)


class WithFactors(TyperCommand):
    """A command whose help ends with the list of factors."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As usual, then the factors and their keys."""
        super().format_help(ctx, formatter)
        print(" Factors, and their keys for --pin (diorama recipe show prints how each is drawn):\n")
        for factor in registered().values():
            print(f"   {factor.name:<18} {factor.doc}")
            print(f"   {'':<18} {', '.join(key.name for key in factor.keys)}\n")
