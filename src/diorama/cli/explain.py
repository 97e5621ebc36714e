"""`diorama explain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from diorama.cli import stages
from diorama.errors import RecipeError

if TYPE_CHECKING:
    from diorama.evaluate.statistics import Interval
    from diorama.explain.counterfactual import Counterfactuals
    from diorama.explain.truth import MapScores


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("explain")(_explain)


def _explain(
    model: Annotated[str, typer.Argument(metavar="[NAME=]MODEL", help="A folder that `diorama train` has made.")],
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME=]IMAGES…", help="Files, folders of images, or folders with one sub-folder per class."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where figures and tables go.")] = ...,  # type: ignore[assignment]
    beside: Annotated[
        list[str] | None, typer.Option(metavar="[NAME=]MODEL", help="Another model, shown beside it. May be repeated.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="CLASS", help="The class to explain.", show_default="what each model sees"),
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="Images in the figure of each folder or class: the first.")] = 4,
    method: Annotated[
        list[str] | None,
        typer.Option(metavar="gradcam|occlusion", help="Heat maps. May be repeated.", show_default="both"),
    ] = None,
    score: Annotated[
        bool, typer.Option("--score", help="Score the maps against exact masks. IMAGES: one dataset of Diorama.")
    ] = False,
    counterfactual: Annotated[
        bool,
        typer.Option("--counterfactual", help="Change one factor at a time. IMAGES: one dataset of Diorama."),
    ] = False,
    change: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACTOR[.KEY][=VALUE]",
            help="What --counterfactual changes: sky (drawn anew), subject.model (another breed), obstructors=omit, "
            "light.intensity=0.2, subject=none. May be repeated.",
            show_default="eleven changes",
        ),
    ] = None,
    count: Annotated[int, typer.Option("--images", min=1, help="Images to score and to change: the first.")] = 64,
    models: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder of 3D models that the dataset was made from.", show_default=False),
    ] = None,
) -> None:
    """Show where a classifier looks, and why it says what it says.

    The figure has each image, its heat maps (Grad-CAM, occlusion) and the predictions, of one model or several.

    On a dataset that Diorama has made, --score tells which share of the maps lies on the subject, its head, body and
    legs, and --counterfactual draws the same images with one factor changed, and tells how the prediction moves.

    [bold]Examples[/bold]

    diorama explain model cat.jpg dog.jpg --out why

    diorama explain real=model-a photos data --beside synthetic=model-b --target cat --out figure5

    diorama explain model data --score --counterfactual --out why

    diorama explain model data --change sky --change subject.model --change light.intensity=0.2 --out why
    """
    from diorama.explain.changes import DEFAULTS
    from diorama.explain.counterfactual import counterfactuals
    from diorama.explain.heat import explain, explained_by
    from diorama.explain.maps import METHODS
    from diorama.explain.replay import Replay
    from diorama.explain.truth import score_maps

    methods = tuple(method or METHODS)
    console = Console()
    data = _dataset(images) if score or counterfactual or change else None
    shown = explained_by([model, *(beside or ())])
    with stages.shown() as report:
        found = explain(
            shown[0], images, out, beside=shown[1:], target=target, each=each, methods=methods, report=report
        )
    written = list(found.written)
    if data is not None:
        replay = Replay(data, models)
        for one in shown:
            folder = out / one.name if len(shown) > 1 else out
            if score:
                with stages.shown() as report:
                    scores = score_maps(
                        one, replay, folder, target=target, images=count, methods=methods, report=report
                    )
                console.print(_scores(scores, one.name, replay.root.name))
                written += [folder / "scores.parquet", folder / "scores.json"]
            if counterfactual or change:
                with stages.shown() as report:
                    moved = counterfactuals(
                        one, replay, folder, changes=change or DEFAULTS, images=count, report=report
                    )
                console.print(_effects(moved, one.name, replay.root.name))
                if moved.idle:
                    console.print(f"without effect on these images: {', '.join(moved.idle)}", markup=False)
                written += moved.written
    for one in shown if data is not None else ():
        console.print(f"{one.name}: epoch: {one.classifier.selection}", markup=False)
    for path in written:
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)


def _dataset(images: list[str]) -> Path:
    """The one dataset among what is to be explained."""
    from diorama.explain.replay import is_dataset

    folders = [Path(item if Path(item).exists() else item.partition("=")[2]) for item in images]
    found = [folder for folder in folders if is_dataset(folder)]
    if len(found) != 1:
        problem = f"{len(found)} of the {len(images)} given are datasets that `diorama generate` has finished"
        raise RecipeError("images", problem, "Give one: --score and --counterfactual draw its images again")
    return found[0]


def _scores(found: "MapScores", model: str, data: str) -> Table:
    from diorama.explain.scores import REGIONS

    count = len(set(found.rows["index"].to_pylist()))
    parts = [part for part in REGIONS if found.areas[_key("area", part)].value == found.areas[_key("area", part)].value]
    maps = found.means.values()
    title = f"{model} on {data}: heat maps against exact masks, {count} images (95 % intervals)"
    table = _table(title, "score", "by chance", *found.means)
    for name in ("mass", "pointing"):
        for part in parts:
            what = f"{'share on' if name == 'mass' else 'highest on'} {part}"
            table.add_row(
                what,
                *(_percent(one) for one in (found.areas[_key("area", part)], *(row[_key(name, part)] for row in maps))),
            )
    for name in ("deletion", "insertion"):
        if name in found.rows.column_names:
            table.add_row(name, "", *(_range(row[name]) for row in maps))
    return table


def _effects(found: "Counterfactuals", model: str, data: str) -> Table:
    table = _table(
        f"{model} on {data}: what moves the log-odds of the true class (nats)",
        *("change", "images changed", "size", "moved (95 % interval)", "probability", "lost", "won", "p (McNemar)"),
    )
    for one in found.effects:
        table.add_row(
            escape(one.change),
            str(one.images),
            f"{one.size.value:.2f}",
            f"{one.moved.value:+.2f} ({one.moved.low:+.2f} to {one.moved.high:+.2f})",
            f"{100 * one.before:.1f} → {100 * one.after:.1f} %",
            str(one.lost),
            str(one.won),
            f"{one.p:.2g}",
        )
    return table


def _table(title: str, *heads: str) -> Table:
    return Table(*map(escape, heads), title=escape(title), title_justify="left", box=None, pad_edge=False)


def _key(score: str, region: str) -> str:
    return score if region == "subject" else f"{score}_{region}"


def _percent(interval: "Interval") -> str:
    value, low, high = (100 * end for end in interval)
    return "–" if value != value else f"{value:.0f} % ({low:.0f}–{high:.0f})"


def _range(interval: "Interval") -> str:
    return "{:.3f} ({:.3f}–{:.3f})".format(*interval)
