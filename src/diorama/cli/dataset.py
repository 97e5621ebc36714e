"""`diorama dataset check`, `diorama dataset stats` and `diorama dataset export`."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from diorama.cli import stages

Root = Annotated[
    str, typer.Argument(metavar="DIR", help="A dataset that `diorama generate` has finished, of any format.")
]
Models = Annotated[
    Path | None,
    typer.Option(
        metavar="MODELS",
        help="The folder of models that it was made from. Without it: the embedded catalogue.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Verify, describe or convert a finished dataset.")
    group.command("check")(_check)
    group.command("stats")(_stats)
    group.command("export")(_export)
    app.add_typer(group, name="dataset")


def _check(
    root: Root,
    models: Models = None,
    sample: Annotated[int, typer.Option(help="Images that are drawn again and compared; 0 for none.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the choice of these images.")] = 0,
    as_json: Json = False,
) -> None:
    """Verify a dataset: files against the manifest, label rows against the recipe, a sample against images drawn again.

    Finds any changed byte, and any swapped file or label. The exit status is 0 if the dataset is whole; else 1, after
    the faults by file.

    [bold]Examples[/bold]

    diorama dataset check data

    diorama dataset check data --sample 200 --models my-models --json
    """
    from diorama.inspection.check import check

    with stages.shown() as report:
        found = check(root, models, sample=sample, seed=seed, report=report)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), indent=2, ensure_ascii=False))
    else:
        for fault in found.faults:
            print(f"{fault.file}: {fault.problem}")
        for note in found.notes:
            print(f"note: {note}")
        told = f"{found.files} files, {found.images} images, {found.again} of them drawn again"
        files = len({fault.file for fault in found.faults})
        print(f"{root} is damaged: faults in {files} of its files" if files else f"{root} is whole: {told}")
    if found.faults:
        raise typer.Exit(1)


def _stats(
    root: Root,
    models: Models = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw a figure: .png, .svg or .pdf.")] = None,
    alpha: Annotated[
        float, typer.Option(help="The chance that anything is called wrong though all is well, of all tests together.")
    ] = 0.01,
    as_json: Json = False,
) -> None:
    """Show the balance of classes and models and the distribution of each factor, against what the recipe promised.

    Tests: Kolmogorov-Smirnov for numbers, chi-squared for choices, corrected for their number (Holm). Cameras and
    obstructors that were drawn again are tested by their first attempts, since what images show of them depends on what
    could be seen. Ends with exit status 1 if anything is not as promised.

    [bold]Examples[/bold]

    diorama dataset stats data --out stats.png

    diorama dataset stats data --models my-models --json
    """
    from diorama.inspection.stats import stats

    found = stats(root, models, alpha=alpha)
    if out is not None:
        from diorama.inspection.figures import draw

        draw(found, out)
    if as_json:
        print(json.dumps(_plain(found), indent=2, ensure_ascii=False))
    else:
        _print(found)
        if out is not None:
            print(out)
    if found.wrong:
        raise typer.Exit(1)


def _export(
    root: Root,
    to: Annotated[str, typer.Option("--to", metavar="coco|yolo", help="The layout.")] = ...,  # type: ignore[assignment]
    out: Annotated[Path, typer.Option(metavar="OUT", help="The folder to make: new or empty.")] = ...,  # type: ignore[assignment]
    masks: Annotated[bool, typer.Option(help="COCO: with masks, drawn again where DIR holds none.")] = True,
    models: Models = None,
) -> None:
    """Copy a dataset to the layout of other trainers.

    coco: data/*.jpg and labels.json with boxes, run-length masks, and keypoints where DIR has them, as pycocotools,
    detectron2 and FiftyOne read it. yolo: images/, labels/ and data.yaml with boxes. Splits are kept.

    [bold]Examples[/bold]

    diorama dataset export data --to coco --out data-coco

    diorama dataset export data --to yolo --out data-yolo
    """
    from diorama.inspection.export import export

    with stages.shown() as report:
        count = export(root, out, to, models=models, masks=masks, report=report)
    print(f"{count} images in {out}")


def _plain(found: Any) -> dict[str, Any]:
    """Statistics as JSON, without the histograms."""
    plain = {
        name: getattr(found, name) for name in ("root", "images", "looked", "classes", "subjects", "again", "alpha")
    }
    fields = ("name", "promised", "values", "test", "p", "adjusted", "agrees", "note", "classes")
    return plain | {"findings": [{name: getattr(finding, name) for name in fields} for finding in found.findings]}


def _print(found: Any) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    table = Table("column", "promised", "values", "test", "p, corrected", "", box=None, pad_edge=False)
    constant = [finding for finding in found.findings if finding.test == "exact" and finding.agrees]
    for finding in found.findings:
        if finding in constant:
            continue
        p = "" if finding.adjusted is None else f"{finding.adjusted:.2g}"
        verdict = {True: "", False: "[bold red]not as promised[/]", None: ""}[finding.agrees]
        told = " ".join(part for part in (verdict, escape(finding.note)) if part)
        table.add_row(escape(finding.title), escape(finding.promised[:48]), str(finding.values), finding.test, p, told)
    console.print(table)
    classes = ", ".join(f"{name} {count}" for name, count in found.classes.items())
    console.print(f"and {len(constant)} columns that are exactly as promised")
    console.print(f"\n{found.images} images: {classes}", markup=False)
    for name, counts in found.subjects.items():
        if counts:
            rarest, commonest = min(counts.values()), max(counts.values())
            console.print(f"{name}: {len(counts)} models, {rarest} to {commonest} images of each", markup=False)
    again = ", ".join(f"{name.partition('.')[2]} {share:.1%}" for name, share in found.again.items())
    console.print(f"drawn again to show the subject: {again}", markup=False)
    wrong = ", ".join(finding.title for finding in found.wrong)
    console.print(f"not as promised: {wrong}" if wrong else "all as the recipe promised", markup=False)
