"""`diorama generate`."""

from pathlib import Path
from typing import Annotated

import typer

from diorama.cli import options, progress
from diorama.errors import DioramaError


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("generate", cls=options.WithFactors)(_generate)


def _generate(
    models: options.Models = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The dataset's folder: new, empty or unfinished.")] = ...,  # type: ignore[assignment]
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    per_class: Annotated[int | None, typer.Option(help="Images per class.", show_default="the recipe's")] = None,
    seed: options.Seed = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    quality: options.Quality = None,
    labels: options.Labels = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes.", show_default="one per core, or one where there is a GPU")
    ] = None,
    batch: options.Batch = None,
) -> None:
    """Make a labelled image dataset: class folders of JPEG files, labels.parquet, recipe.yaml and README.md.

    The same command goes on with a dataset that was interrupted, and gives the same bytes as if it had not been. A
    larger --per-class extends a dataset.

    [bold]Examples[/bold]

    diorama generate --out data --per-class 1000

    diorama generate my-models --classes cat,dog --out data

    diorama generate --out data --omit obstructors --pin camera.distance=2.5
    """
    from diorama.generate import finished, generate

    chosen = options.chosen(
        models,
        recipe,
        classes,
        omit,
        pin,
        labels,
        per_class=per_class,
        seed=seed,
        size=size,
        antialias=antialias,
        quality=quality,
    )
    try:
        with progress.shown() as report:
            done = generate(out, chosen, models, workers=workers, batch=batch, report=report)
    except KeyboardInterrupt:
        try:
            kept = f"{finished(out)} images are finished"
        except DioramaError:
            kept = "no image is finished"
        raise KeyboardInterrupt(f"{kept} in {out}; the same command goes on from there") from None
    if done.made:
        print(f"{done.total} images in {out}")
    else:
        print(f"{out} is finished already: {done.total} images")
