"""The figure of a dataset's statistics: balance on top, then a panel for each factor's key that varies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from diorama.dataset import files
from diorama.errors import OutputError
from diorama.inspection.findings import Finding
from diorama.inspection.stats import Stats

COLUMNS = 8
PANEL = (2.1, 1.55)  # inches
INK, QUIET, RULE = "#222222", "#777777", "#dddddd"
FIRST, SHOWN, PROMISED, WRONG = "#9ecae1", "#08519c", "#d55e00", "#c00000"
STYLE: dict[Any, Any] = {  # matplotlib's keys are a type of their own
    "font.size": 7,
    "axes.edgecolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 7,
    "axes.titlelocation": "left",
    "axes.titlepad": 3,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}


def draw(stats: Stats, out: str | Path) -> Path:
    """Writes the figure.

    Args:
        stats: What was found.
        out: The picture's file; its ending gives the format (.png, .svg, .pdf).

    Raises:
        OutputError: If it cannot be written.
    """
    out = Path(out)
    if out.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise OutputError(str(out), "is not a figure's name", "End it in .png, .svg or .pdf")
    shown = [finding for finding in stats.findings if finding.histogram is not None]
    rows = -(-len(shown) // COLUMNS)
    with mpl.rc_context(STYLE):
        tall = max(2.2, 0.13 * max((len(ids) for ids in stats.subjects.values()), default=0) + 0.8)
        height = rows * PANEL[1] + tall + 0.5
        figure = Figure(figsize=(COLUMNS * PANEL[0], height))  # matplotlib's own layouts take seconds here
        figure.text(0.01, 1 - 0.12 / height, _title(stats), ha="left", va="top", fontsize=9)
        parts: Any = figure.subfigures(2, 1, height_ratios=[tall + 0.5, rows * PANEL[1]])
        top, below = parts
        head = tall + 0.5
        _balance(top, stats, {"left": 0.05, "right": 0.99, "top": 1 - 0.6 / head, "bottom": 0.25 / head})
        places = {"left": 0.01, "right": 0.99, "top": 1 - 0.25 / (rows * PANEL[1]), "bottom": 0.02}
        kept = places | {"wspace": 0.1, "hspace": 0.5}
        panels = below.subplots(rows, COLUMNS, squeeze=False, gridspec_kw=kept).ravel()
        for axes, finding in zip(panels, shown, strict=False):
            _panel(axes, finding)
        for axes in panels[len(shown) :]:
            axes.set_axis_off()
        with files.replacing(out) as temporary:
            kind = out.suffix[1:].lower()
            metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
            figure.savefig(temporary, format=kind, dpi=120, metadata=metadata, facecolor="white")
    return out


def _title(stats: Stats) -> str:
    told = f"{stats.root}: {stats.images} images" + (f", {stats.looked} looked at" * (stats.looked < stats.images))
    wrong = ", ".join(finding.title for finding in stats.wrong)
    verdict = f"NOT as promised: {wrong}" if wrong else "as the recipe promised"
    return f"{told}; {verdict}.  Line: promised. Filled: first attempts. Outline: what the images show."


def _balance(figure: Any, stats: Stats, places: Mapping[str, float]) -> None:
    """Images per class, and per model of each class."""
    kept = {**places, "wspace": 0.3}
    panels = figure.subplots(1, 1 + len(stats.subjects), squeeze=False, gridspec_kw=kept)[0]
    _bars(panels[0], stats.classes, "images per class")
    for axes, (name, counts) in zip(panels[1:], stats.subjects.items(), strict=True):
        _bars(axes, {id.partition("/")[2] or id: count for id, count in counts.items()}, f"images per model of {name}")


def _bars(axes: Axes, counts: Mapping[Any, int], title: str) -> None:
    places = np.arange(len(counts))
    axes.barh(places, list(counts.values()), color=FIRST, height=0.8)
    axes.set_yticks(places, [str(name) for name in counts], fontsize=5 if len(counts) > 12 else 7)
    axes.set_ylim(len(counts) - 0.4, -0.6)
    axes.set_title(title)


def _panel(axes: Axes, finding: Finding) -> None:
    histogram = finding.histogram
    assert histogram is not None
    places = histogram.places
    counted = len(places) == len(histogram.promised)
    edges = np.arange(len(places) + 1) - 0.5 if counted else np.array(places, np.float64)
    axes.stairs(histogram.first, edges, fill=True, color=FIRST)
    if not np.array_equal(histogram.first, histogram.shown):
        axes.stairs(histogram.shown, edges, color=SHOWN, linewidth=0.8)
    axes.stairs(histogram.promised, edges, color=PROMISED, linewidth=1.0, baseline=None)
    if counted and sum(len(str(place)) for place in places) <= 36:
        axes.set_xticks(range(len(places)), [str(place)[:9] for place in places], fontsize=6)
    elif counted:
        axes.set_xticks([])
        axes.set_xlabel(f"{len(places)} names", color=QUIET)
    axes.set_ylim(0, None)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    wrong = finding.agrees is False
    axes.set_title(f"{finding.title}{_verdict(finding)}", color=WRONG if wrong else INK)


def _verdict(finding: Finding) -> str:
    if finding.agrees is False:
        return "\n≠ promised" + (f" (p = {finding.adjusted:.1g})" if finding.adjusted is not None else "")
    return "" if finding.agrees else "\nnot tested"
