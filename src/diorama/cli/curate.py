"""`diorama curate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.table import Table

from diorama.cli import stages
from diorama.cli.evaluate import wide
from diorama.cli.train import Precision, Seed, Strict, Views, Weights

if TYPE_CHECKING:
    from diorama.learn.curation import Curated


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("curate")(_curate)


def _curate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A folder of images, with one sub-folder per class.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to make: new or empty.")],
    drop: Annotated[float, typer.Option(help="Share of all images to leave out, whatever their classes.")] = 0.2,
    per_class: Annotated[
        int | None, typer.Option(help="Images of each class to keep after that.", show_default="all that are left")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the images that judges are least sure of: .png, .jpg …")
    ] = None,
    classes: Annotated[
        str | None, typer.Option(metavar="A,B,…", help="Only these classes.", show_default="all of the folder")
    ] = None,
    backbone: Annotated[str, typer.Option(metavar="NAME", help="vgg16, hf:ID-or-folder, or torchvision:NAME.")] = (
        "vgg16"
    ),
    weights: Weights = None,
    preset: Annotated[str, typer.Option(metavar="paper|best|colour", help="Augmentation of the views.")] = "paper",
    views: Views = 2,
    seed: Seed = 0,
    precision: Precision = "auto",
    strict: Strict = False,
) -> None:
    """Copy a dataset without the images that teach wrong, to train on what is left.

    Some random scenes show too little of their subject to learn from. Each fifth of the images is judged by heads that
    were trained on the other four; the images whose own class they believe in least are left out. Nothing real is
    looked at. Generate twice what you need. In folders of photos it finds wrong labels: --drop 0.02, and look at the
    sheet.

    With the backbone, preset, views and seed that `diorama train` is to have, features are computed once for both.

    [bold]Examples[/bold]

    diorama generate --recipe best --per-class 2000 --out data

    diorama curate data --per-class 1000 --out clear --sheet left-out.png

    diorama train clear --hidden 0 --out model
    """
    from diorama.dataset.files import picture_format
    from diorama.learn.curation import curate
    from diorama.learn.settings import Settings

    if sheet is not None:
        picture_format(sheet)
    settings = Settings(
        backbone=backbone,
        preset=preset,
        views=views,
        seed=seed,
        precision=precision,  # type: ignore[arg-type]  # checked there
    )
    with stages.shown() as report:
        done = curate(
            data,
            out,
            settings,
            drop=drop,
            per_class=per_class,
            classes=[part.strip() for part in classes.split(",")] if classes else None,
            weights=weights,
            strict=strict,
            report=report,
        )
    console = wide()
    console.print(_table(done))
    if done.skipped:
        console.print(
            f"Left out {len(done.skipped)} images that cannot be read, such as {done.skipped[0]}", markup=False
        )
    if sheet is not None:
        from diorama.inspection.curated import least_sure

        console.print(f"those that judges are least sure of: {least_sure(done, sheet)}", markup=False)
    console.print(f"{out}: {int(done.kept.sum())} images", markup=False, soft_wrap=True)


def _table(done: "Curated") -> Table:
    table = Table("class", "images", "left out", "misjudged", "kept", box=None, pad_edge=False)
    for label, name in enumerate(done.images.classes):
        own = done.images.labels == label
        wrong = float(np.mean(done.confidence[own] < 0.5))
        counts = (own.sum(), (own & done.dropped).sum())
        table.add_row(name, *map(str, counts), f"{wrong:.1%}", str((own & done.kept).sum()))
    return table
