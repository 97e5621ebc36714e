"""`diorama generate`."""

from typing import Annotated

import typer

from diorama.cli import options, progress
from diorama.dataset.layout import FORMATS, SHARD_SIZES, parse_shares
from diorama.engine.cluster import GPU_SHARE, Cluster
from diorama.errors import DioramaError, RecipeError


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("generate", cls=options.WithFactors)(_generate)


def _generate(
    models: options.Models = None,
    out: Annotated[
        str,
        typer.Option(
            metavar="DIR|URL",
            help="The dataset's folder, new, empty or unfinished; or an address of an object store, such as s3://bucket/data.",
        ),
    ] = ...,  # type: ignore[assignment]
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    skies: options.Skies = None,
    surfaces: options.Surfaces = None,
    photos: options.Photos = None,
    per_class: Annotated[int | None, typer.Option(help="Images per class.", show_default="the recipe's")] = None,
    seed: options.Seed = None,
    size: options.Size = None,
    antialias: options.Antialias = None,
    quality: options.Quality = None,
    strict: options.Strict = False,
    labels: options.Labels = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(FORMATS),
            help="Class folders of JPEG files, tar shards for webdataset, or Parquet shards with embedded images.",
            show_default="what lies there, or folder",
        ),
    ] = None,
    shard_size: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Images recorded together. A kill may cost each process so many and 16 batches. Fixed once begun.",
            show_default=f"{SHARD_SIZES['folder']} in a folder, else {SHARD_SIZES['webdataset']}",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="NAME=SHARE,…", help="Splits by image, such as train=0.8,test=0.2."),
    ] = None,
    hold_out: Annotated[
        str | None,
        typer.Option(
            metavar="subjects=SHARE",
            help="Splits train and test by model: test shows this share of each class's models, and train never does.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes.", show_default="one per core, or one where there is a GPU; on a cluster, its room"
        ),
    ] = None,
    batch: options.Batch = None,
    engine: Annotated[
        str, typer.Option(metavar="local|ray", help="Where to run: on this computer, or on a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="auto|HOST:PORT|ray://…",
            help="The cluster, with --engine ray.",
            show_default="RAY_ADDRESS, or this computer's, or a new one",
        ),
    ] = None,
    cpus_per_worker: Annotated[
        float | None, typer.Option(help="CPUs that each process holds, with --engine ray.", show_default="1")
    ] = None,
    gpus_per_worker: Annotated[
        float | None,
        typer.Option(
            help="GPUs, or a part of one, that each process holds, with --engine ray.",
            show_default=f"{GPU_SHARE} where the cluster has GPUs",
        ),
    ] = None,
) -> None:
    """Make a labelled image dataset: images, labels.parquet, recipe.yaml, README.md and manifest.parquet.

    The same command goes on with a dataset that was interrupted or killed, and gives the same bytes as if it had not
    been. A larger --per-class extends a dataset, to what it would be had it been made so at once. Another recipe,
    layout, adapter or image version is refused, saying what differs.

    [bold]Examples[/bold]

    diorama generate --out data --per-class 1000

    diorama generate my-models --classes cat,dog --out data

    diorama generate my-models --skies hdri --surfaces textures --surfaces embedded --out data

    diorama generate --out data --omit obstructors --pin camera.distance=2.5

    diorama generate --out shards --format webdataset --hold-out subjects=0.2

    diorama generate --out s3://bucket/data --format webdataset --engine ray --address auto
    """
    from diorama.generate import finished, generate

    assets = options.own(models, skies, surfaces, photos)
    chosen = options.chosen(
        assets,
        recipe,
        classes,
        omit,
        pin,
        labels,
        strict=strict,
        per_class=per_class,
        seed=seed,
        size=size,
        antialias=antialias,
        quality=quality,
    )
    try:
        with progress.shown() as report:
            done = generate(
                out,
                chosen,
                assets,
                format=format,
                shard_size=shard_size,
                split=parse_shares("--split", split) if split is not None else None,
                hold_out=parse_shares("--hold-out", hold_out) if hold_out is not None else None,
                workers=workers,
                batch=batch,
                engine=_engine(engine, address, cpus_per_worker, gpus_per_worker),
                report=report,
            )
    except KeyboardInterrupt:
        try:
            kept = f"{finished(out)} images are finished"
        except DioramaError:
            kept = "no image is finished"
        raise KeyboardInterrupt(f"{kept} in {out}; the same command goes on from there") from None
    options.tell(done.passed_over)
    if done.made:
        print(f"{done.total} images in {out}")
    else:
        print(f"{out} is finished already: {done.total} images")


def _engine(
    name: str, address: str | None, cpus_per_worker: float | None, gpus_per_worker: float | None
) -> str | Cluster:
    """What `generate` takes as its engine."""
    if name == "ray":
        return Cluster(address, 1 if cpus_per_worker is None else cpus_per_worker, gpus_per_worker)
    given = {"--address": address, "--cpus-per-worker": cpus_per_worker, "--gpus-per-worker": gpus_per_worker}
    for option, value in given.items():
        if value is not None:
            raise RecipeError(option, "is given without a cluster", "Give --engine ray too, or leave it out")
    return name
