"""`diorama assets check` and `diorama assets render`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from diorama.cli import around

if TYPE_CHECKING:
    from diorama.assets.check import Report

Source = Annotated[
    Path, typer.Argument(metavar="PATH", help="A 3D model or a folder of them; or of skies, surfaces or photos.")
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="models|skies|surfaces|photos",
        help="What the files are taken for.",
        show_default="what their names say",
    ),
]

UNUSABLE = 1
"""Exit status where a file cannot be used."""


def check_models(
    path: Source,
    kind: Kind = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with an object for each file.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail the check too.")] = False,
) -> None:
    """Look through 3D models: what is in each, what had to be mended, and whether it can be used.

    Reads glTF (.glb, .gltf), FBX, USD, OBJ, PLY, STL and OFF. Of skies it tells the sun and the exposure, of surfaces
    which maps were found. The exit status is 1 if any file cannot be used.

    [bold]Examples[/bold]

    diorama assets check models

    diorama assets check models/cat/tom.fbx --json

    diorama assets check my-skies
    """
    from diorama.assets.check import check

    taken = around.kind_of(path, kind)
    if taken is not None:
        if not around.check(path, taken, as_json, strict):
            raise typer.Exit(UNUSABLE)
        return
    console = Console(stderr=True)
    found = check(path)
    reports = list(track(found, "models", console=console, transient=True) if console.is_terminal else found)
    if as_json:
        print(json.dumps([asdict(report) for report in reports], indent=2, ensure_ascii=False))
    else:
        _print(reports)
    if any(not report.usable or (strict and report.warnings) for report in reports):
        raise typer.Exit(UNUSABLE)


def render_models(
    path: Source,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The picture: .png, .jpg or .webp.")] = ...,  # type: ignore[assignment]
    size: Annotated[int, typer.Option(help="Pixels along each side of a view: 64 to 512.")] = 160,
    kind: Kind = None,
) -> None:
    """Draw 3D models to one sheet: each from four sides at rest, and in the middle of each of its clips.

    Skies are drawn as panoramas with a ball in their light, surfaces and photos with a ball too.

    Look at it before you trust a folder: is every model upright, whole, right side out, in its colours, on the ground?

    [bold]Example[/bold]

    diorama assets render models --out sheet.png
    """
    from diorama.lineup import lineup

    taken = around.kind_of(path, kind)
    if taken is not None:
        if not around.render(path, taken, out, size):
            raise typer.Exit(UNUSABLE)
        return
    reports = lineup(path, out, size)
    bad = [report for report in reports if not report.usable]
    print(f"{len(reports) - len(bad)} of {len(reports)} models in {out}")
    for report in bad:
        print(f"{report.file}: {report.problem}. {report.mend}")
    if bad:
        raise typer.Exit(UNUSABLE)


def _print(reports: list["Report"]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)  # a file or a pipe has no edge
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    for name in ("triangles", "joints", "clips", "textures"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("metres", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for report in reports:
        numbers = (f"{report.triangles:,}", report.joints, len(report.clips), report.textures)
        measured = [str(number) for number in numbers] if report.triangles else [""] * 4
        size = " × ".join(f"{side:.2f}" for side in report.size) if report.triangles else ""
        count = len(report.warnings)
        verdict = f"{count} warning{'s' * (count > 1)}" if count else "good"
        cells = (report.file, *measured, size, verdict if report.usable else "cannot be used")
        table.add_row(*(escape(cell) for cell in cells), style="" if report.usable else "bold red")
    console.print(table)
    told = {"cannot be used": _problems(reports), "warnings": _warnings(reports), "licences": _licences(reports)}
    around.sections(console, told)
    good = sum(report.usable for report in reports)
    console.print(f"\n{good} of {len(reports)} files can be used", highlight=False)


def _problems(reports: list["Report"]) -> list[str]:
    return [f"{report.file}: {report.problem}. {report.mend}" for report in reports if not report.usable]


def _warnings(reports: list["Report"]) -> list[str]:
    """Each warning once, with the files that it is of."""
    files: dict[str, list[str]] = {}
    for report in reports:
        for warning in report.warnings:
            files.setdefault(warning, []).append(report.file)
    return [f"{warning} ({_some(names)})" for warning, names in files.items()]


def _licences(reports: list["Report"]) -> list[str]:
    """Each licence and author once, with their files."""
    files: dict[str, list[str]] = {}
    for report in reports:
        if report.usable:
            said = ", ".join(part for part in (report.licence or "unknown", report.author) if part)
            files.setdefault(said, []).append(report.file)
    return [f"{licence} ({_some(names)})" for licence, names in files.items()]


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
