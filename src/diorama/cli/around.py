"""`diorama assets check` and `render` of skies, surfaces and photos."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

if TYPE_CHECKING:
    from diorama.assets.own.check import AroundReport
    from diorama.assets.own.found import Kind


def kind_of(path: Path, said: str | None) -> "Kind | None":
    """What a folder is taken for: what was said, else what its files look like; None for models.

    Raises:
        AssetError: Where there is no such kind, file or folder.
    """
    from diorama.assets.own.check import guess
    from diorama.assets.own.found import KINDS
    from diorama.errors import AssetError

    if said is None:
        return guess(path)
    for kind in KINDS:
        if said == kind:
            return kind
    if said != "models":
        raise AssetError("--as", f"there is nothing called {said!r}", f"Choose from: models, {', '.join(KINDS)}")
    return None


def check(path: Path, kind: "Kind", as_json: bool, strict: bool) -> bool:
    """Prints what there is to say of each; whether all is well."""
    from diorama.assets.own.check import check_around

    console = Console(stderr=True)
    found = check_around(path, kind)
    shown = track(found, kind, console=console, transient=True) if console.is_terminal else found
    reports = [report for report, _ in shown]
    if as_json:
        print(json.dumps([asdict(report) for report in reports], indent=2, ensure_ascii=False))
    else:
        _print(reports, kind)
    return all(report.usable and not (strict and report.warnings) for report in reports)


def render(path: Path, kind: "Kind", out: Path, size: int) -> bool:
    """Draws the sheet, and names what cannot be used; whether all can."""
    from diorama.showroom import showroom

    reports = showroom(path, out, kind, size)
    assets, bad = [r for r in reports if r.files], [r for r in reports if not r.usable]
    print(f"{sum(report.usable for report in assets)} of {len(assets)} {kind} in {out}")
    for report in bad:
        print(f"{report.file}: {report.problem}. {report.mend}")
    return not bad


def _print(reports: list["AroundReport"], kind: str) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)  # a file or a pipe has no edge
    table = Table(box=None, pad_edge=False)
    table.add_column(kind, overflow="fold")
    table.add_column("pixels", justify="right", no_wrap=True)
    more = {"skies": ("exposure", "sun"), "surfaces": ("maps",), "photos": ()}[kind]
    for name in (*more, "licence"):
        table.add_column(name, overflow="fold")
    table.add_column("verdict", no_wrap=True)
    assets = [report for report in reports if report.files]
    for report in assets:
        size = f"{report.size[0]} × {report.size[1]}" if report.usable else ""
        count = len(report.warnings)
        verdict = f"{count} warning{'s' * (count > 1)}" if count else "good"
        cells = (report.file, size, *_more(report), report.licence or "unknown")
        cells = (*cells, verdict if report.usable else "cannot be used")
        table.add_row(*(escape(cell) for cell in cells), style="" if report.usable else "bold red")
    console.print(table)
    bad = [f"{report.file}: {report.problem}. {report.mend}" for report in reports if not report.usable]
    said = [f"{report.file}: {warning}" for report in reports if report.usable for warning in report.warnings]
    sections(console, {"cannot be used": bad, "warnings": said})
    good = sum(report.usable for report in assets)
    console.print(f"\n{good} of {len(assets)} {kind} can be used", highlight=False)


def sections(console: Console, lines: Mapping[str, Sequence[str]]) -> None:
    """Prints lines below their titles, those that have any."""
    for title, below in lines.items():
        if below:
            console.print(f"\n[bold]{title}[/]")
            for line in below:
                console.print(line, markup=False, highlight=False, soft_wrap=True)


def _more(report: "AroundReport") -> tuple[str, ...]:
    if report.kind == "surfaces":
        return (", ".join(report.files or {}),)
    if report.kind == "photos":
        return ()
    if not report.usable:
        return ("", "")
    sun = report.sun
    if sun is None:
        return (f"{report.exposure:+.1f} stops", "none")
    about = ", assumed" if sun.assumed else ""
    return (
        f"{report.exposure:+.1f} stops",
        f"at {sun.azimuth:.0f}°, {sun.elevation:.0f}° high, {sun.share:.0%} of the light{about}",
    )
