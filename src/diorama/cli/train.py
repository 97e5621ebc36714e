"""`diorama train`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from diorama.cli import stages

Weights = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The backbone's weights: .safetensors, or .pth with plain tensors."),
]
Views = Annotated[int, typer.Option(help="Random views of each image, where the backbone is frozen.")]
Seed = Annotated[int, typer.Option(help="Seed of all randomness.")]
Precision = Annotated[str, typer.Option(metavar="auto|float32|bfloat16", help="Of the backbone's arithmetic.")]
Strict = Annotated[bool, typer.Option("--strict", help="End at an image that cannot be read.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("train")(_train)


def _train(
    data: Annotated[
        list[Path], typer.Argument(metavar="DATA…", help="Folders of images, with one sub-folder per class.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The model's folder: new, empty or unfinished.")],
    mix: Annotated[
        list[str] | None,
        typer.Option(metavar="DIR:SHARE", help="Take this share of what is trained on from a folder. May be repeated."),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(metavar="A,B,…", help="Classes, in this order.", show_default="all of the first folder"),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="NAME=CLASS", help="Count a sub-folder as a class; NAME= leaves it out."),
    ] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many images per class.", show_default="all")] = None,
    backbone: Annotated[
        str, typer.Option(metavar="NAME", help="vgg16, small, hf:ID-or-folder, or torchvision:NAME.")
    ] = "vgg16",
    weights: Weights = None,
    preset: Annotated[
        str,
        typer.Option(metavar="paper|best|colour", help="Augmentation: best varies less, colour varies colours too."),
    ] = "paper",
    epochs: Annotated[int, typer.Option(help="Times that each image is seen.")] = 10,
    lr: Annotated[float, typer.Option(help="Learning rate.")] = 1e-3,
    schedule: Annotated[
        str, typer.Option(metavar="constant|cosine", help="cosine: the learning rate rises, then falls to nothing.")
    ] = "constant",
    unfreeze: Annotated[bool, typer.Option("--unfreeze", help="Train a pretrained backbone too.")] = False,
    backbone_lr: Annotated[
        float, typer.Option(help="Learning rate of a pretrained backbone (the paper's was 0.001, and diverged).")
    ] = 1e-5,
    hidden: Annotated[int, typer.Option(help="Units of the hidden layer; 0 for none.")] = 128,
    dropout: Annotated[float, typer.Option(help="Share of them that is left out at each step.")] = 0.3,
    batch: Annotated[int, typer.Option(help="Images to a step.")] = 64,
    views: Views = 2,
    seeds: Annotated[int, typer.Option(help="Heads to train, to see how far they differ.")] = 1,
    seed: Seed = 0,
    validation: Annotated[float, typer.Option(help="Share of the subjects (models) to hold out.")] = 0.0,
    select: Annotated[
        str, typer.Option(metavar="last|validation", help="Which epoch to keep: the last, or the held out part's best.")
    ] = "last",
    balance: Annotated[bool, typer.Option("--balance", help="Let rare classes weigh more.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Fit a temperature to the held out part, for honest probabilities.")
    ] = False,
    precision: Precision = "auto",
    strict: Strict = False,
    log: Annotated[bool, typer.Option("--log", help="Write TensorBoard logs to DIR/log.")] = False,
    onnx: Annotated[bool, typer.Option("--onnx", help="Also write DIR/model.onnx.")] = False,
) -> None:
    """Train an image classifier on folders of images, synthetic or real, and write a model folder.

    By default as the seed paper did: a pretrained VGG-16, frozen, and one layer of 128 units. Features are computed
    once per image and view, and kept. The same command goes on with a training that was interrupted.

    [bold]Examples[/bold]

    diorama train data --out model

    diorama train data --out model --backbone hf:google/mobilenet_v2_1.0_224 --preset best --seeds 3

    diorama train synthetic --mix real:0.1 --out model --validation 0.2 --select validation --calibrate

    diorama train data --out model --backbone small --epochs 20 --schedule cosine --lr 0.003 --batch 32
    """
    from diorama.learn.settings import Settings, map_option, mix_option
    from diorama.learn.training import train

    settings = Settings(
        backbone=backbone,
        preset=preset,
        epochs=epochs,
        lr=lr,
        schedule=schedule,  # type: ignore[arg-type]  # checked there
        backbone_lr=backbone_lr,
        unfreeze=unfreeze,
        hidden=hidden,
        dropout=dropout,
        batch=batch,
        views=views,
        seeds=seeds,
        seed=seed,
        validation=validation,
        select=select,  # type: ignore[arg-type]
        balance=balance,
        calibrate=calibrate,
        precision=precision,  # type: ignore[arg-type]
    )
    with stages.shown() as report:
        done = train(
            data,
            out,
            settings,
            mix=[mix_option(text) for text in mix or ()],
            classes=[part.strip() for part in classes.split(",")] if classes else None,
            mapping=dict(map_option(text) for text in mapping or ()),
            limit=limit,
            weights=weights,
            strict=strict,
            log=log,
            report=report,
        )
    if onnx:
        from diorama.learn.export import export_onnx

        export_onnx(done.classifier, out / "model.onnx")
    console, about = Console(), done.classifier.training_config
    kept = about["kept"]
    names = [name for name in ("epoch", "loss", "accuracy", "held_out_accuracy") if name in kept]
    heads = ("head", *(name.replace("_", " ") for name in names))
    table = Table(*heads, box=None, pad_edge=False)
    for number, row in enumerate(zip(*(kept[name] for name in names), strict=True), 1):
        table.add_row(str(number), *(_cell(name, value) for name, value in zip(names, row, strict=True)))
    console.print(table)
    console.print(f"Epoch kept: {done.classifier.selection}.", markup=False)
    if done.skipped:
        console.print(
            f"Left out {len(done.skipped)} images that cannot be read, such as {done.skipped[0]}", markup=False
        )
    state = "" if done.new else " (finished already)"
    console.print(f"{out}: a classifier of {', '.join(done.classifier.labels)}{state}", markup=False, soft_wrap=True)


def _cell(name: str, value: float) -> str:
    return f"{value:.0f}" if name == "epoch" else f"{value:.3f}" if name == "loss" else f"{value:.1%}"
