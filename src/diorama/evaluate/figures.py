"""The figures of an evaluation, as PNG and SVG. They draw what they are given and compute nothing.

No window system and no global state: `matplotlib.figure.Figure` throughout. The same scores give the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from diorama.dataset import files
from diorama.evaluate.curves import Curve
from diorama.evaluate.factors import FactorErrors
from diorama.evaluate.scores import Scores, Transfer
from diorama.evaluate.statistics import F64, Interval

INK, QUIET, RULE = "#222222", "#777777", "#dddddd"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
"""Told apart by people of any colour vision: M. Okabe, K. Ito, "Color universal design", 2008."""
HEAT = "Blues"
STYLE: dict[Any, Any] = {  # matplotlib's keys are a type of their own
    "font.size": 9,
    "axes.edgecolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "text.color": INK,
    "svg.hashsalt": "diorama",
    "svg.fonttype": "none",
}


def save(figure: Figure, path: Path) -> list[Path]:
    """Writes a figure twice: `path`.png, 160 dots per inch, and `path`.svg.

    Raises:
        OutputError: If it cannot be written.
    """
    out = []
    for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
        target = path.with_name(f"{path.name}.{kind}")
        with files.replacing(target) as temporary, mpl.rc_context(STYLE):
            figure.savefig(temporary, format=kind, dpi=160, metadata=metadata, facecolor="white", bbox_inches="tight")
        out.append(target)
    return out


def confusion(scores: Scores) -> Figure:
    """Images by true and predicted class: the share of each true class, and the number of images."""
    shown = scores.confusion.sum(1) > 0
    counts, truths = scores.confusion[shown], [name for name, row in zip(scores.labels, shown, strict=True) if row]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(1.6 + 0.85 * len(scores.labels), 1.3 + 0.65 * len(truths)), layout="constrained")
        axes = figure.subplots()
        _heat(
            axes,
            counts / counts.sum(1, keepdims=True),
            [[f"{n:.1f}".removesuffix(".0") for n in row] for row in counts],
        )
        axes.set_xticks(range(len(scores.labels)), scores.labels)
        axes.set_yticks(range(len(truths)), truths)
        axes.set(xlabel="predicted", ylabel="true")
        axes.set_title(f"{scores.model} on {scores.set}: {percent(scores.accuracy)} right")
    return figure


def per_class(scores: Sequence[Scores]) -> Figure:
    """Recall and precision of each class, with intervals, of one or more models on one set."""
    nothing = Interval(np.nan, np.nan, np.nan)
    rates = ((name, (one.recall[name].value, one.precision[name].value)) for one in scores for name in one.labels)
    names = list(dict.fromkeys(name for name, both in rates if not np.isnan(both).all()))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.2 + 0.3 * len(names) * len(scores)), layout="constrained")
        panels = figure.subplots(1, 2, sharex=True, sharey=True)
        for axes, kind in zip(panels, ("recall", "precision"), strict=True):
            for k, one in enumerate(scores):
                places = np.arange(len(names)) + (k - (len(scores) - 1) / 2) * 0.7 / len(scores)
                values = [getattr(one, kind).get(name, nothing) for name in names]
                _dots(axes, values, places, COLOURS[k % len(COLOURS)], one.model)
            axes.set(xlabel=f"{kind}, %", yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.5, -0.5))
            axes.grid(axis="x", color=RULE)
            axes.set_axisbelow(True)
        panels[0].set_title(f"on {scores[0].set}, with 95 % intervals")
        if len(scores) > 1:
            figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def calibration(scores: Sequence[Scores]) -> Figure:
    """Accuracy by confidence: on the diagonal, a model is right as often as it says. Areas are numbers of images."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(3.8, 3.8), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 100], [0, 100], color=RULE, zorder=0)
        for k, one in enumerate(scores):
            count, sure, right = one.reliability[:, one.reliability[0] > 0]
            area = 4 + 180 * count / count.sum()
            label = f"{one.model}: {100 * one.calibration_error:.1f} % off"
            axes.plot(100 * sure / count, 100 * right / count, color=COLOURS[k % len(COLOURS)], lw=0.8, alpha=0.6)
            axes.scatter(
                100 * sure / count, 100 * right / count, area, COLOURS[k % len(COLOURS)], label=label, clip_on=False
            )
        low = 100 / len(scores[0].labels) - 5
        axes.set(xlabel="confidence, %", ylabel="right, %", xlim=(low, 102), ylim=(-2, 102))
        axes.set_title(f"on {scores[0].set}")
        legend = axes.legend(frameon=False, loc="lower right")
        for handle in legend.legend_handles:
            handle.set_sizes([25])  # type: ignore[union-attr]
    return figure


def errors_by_factor(factors: Sequence[FactorErrors], title: str) -> Figure:
    """For each of some factors, the share misread at each level, and what is expected if the factor did not matter."""
    shown = [(factor, factor.levels[:8]) for factor in factors]
    with mpl.rc_context(STYLE):
        heights = [len(levels) + 1.6 for _, levels in shown]
        figure = Figure(figsize=(6.4, 0.6 + 0.21 * sum(heights)), layout="constrained")
        panels = figure.subplots(len(shown), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for axes, (factor, levels) in zip(panels, shown, strict=True):
            places = np.arange(len(levels), dtype=np.float64)
            expected = [100 * level.expected for level in levels]
            axes.scatter(expected, places, 60, marker="|", color=QUIET, label="expected of its classes", zorder=3)
            _dots(axes, [level.error for level in levels], places, COLOURS[1], "misread, with 95 % interval")
            names = [f"{level.name}  ({level.images})" for level in levels]
            axes.set(yticks=places, yticklabels=names, ylim=(len(levels) - 0.4, -0.6))
            more = len(factor.levels) - len(levels)
            unit = f" [{factor.unit}]" if factor.unit else ""
            axes.set_title(f"{factor.column}{unit}, {p_text(factor.p_holm)}{f', and {more} more' if more else ''}")
            axes.grid(axis="x", color=RULE)
            axes.set_axisbelow(True)
        panels[-1].set(xlabel="misread, % (in brackets: images)")
        panels[-1].set_xlim(left=0)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower right", ncols=2, frameon=False)
    return figure


def matrix(scores: Sequence[Scores], transfer: Transfer) -> Figure:
    """Accuracy of each model on each set, and the means over all sets and over those out of every model's domain."""
    found = {(one.model, one.set): one.accuracy for one in scores}
    heads = [*transfer.sets, "mean", *(["out of domain"] if transfer.common else [])]
    cells = [
        [*(found[model, name] for name in transfer.sets), transfer.mean[model]]
        + ([transfer.out_of_domain[model]] if transfer.common else [])
        for model in transfer.models
    ]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(1.8 + 1.15 * len(heads), 1.1 + 0.65 * len(cells)), layout="constrained")
        axes = figure.subplots()
        values = np.array([[cell.value for cell in row] for row in cells])
        texts = [
            [f"{100 * cell.value:.1f}\n{100 * cell.low:.1f}–{100 * cell.high:.1f}" for cell in row] for row in cells
        ]
        _heat(axes, values, texts, low=min(1 / len(one.labels) for one in scores))
        axes.set_xticks(range(len(heads)), heads)
        axes.set_yticks(range(len(cells)), transfer.models)
        axes.axvline(len(transfer.sets) - 0.5, color="white", lw=5)
        axes.set(xlabel="tested on", ylabel="trained on")
        axes.set_title("accuracy, %, with 95 % intervals")
    return figure


def learning(real: Curve, mixture: Curve | None, accuracy: Interval, photos: Interval, name: str) -> Figure:
    """Accuracy by real photos per class, the classifier's own as a line across, and where the two meet."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 4.0), layout="constrained")
        axes = figure.subplots()
        level, low, high = (100 * end for end in accuracy)
        axes.axhspan(low, high, color=COLOURS[1], alpha=0.12, lw=0)
        axes.axhline(level, color=COLOURS[1], label=f"{name}, no real photo")
        lines = [(real, COLOURS[0], "real photos alone")]
        if mixture is not None:
            lines.append((mixture, COLOURS[2], f"data of {name} and real photos"))
        for line, colour, label in lines:
            values, lows, highs = (np.array([point[k] for point in line.accuracy]) * 100 for k in range(3))
            axes.fill_between(line.counts, lows, highs, color=colour, alpha=0.15, lw=0)
            axes.plot(line.counts, values, "o-", color=colour, ms=4, label=label)
            places = np.repeat(line.counts, line.draws.shape[1])
            axes.scatter(places, 100 * line.draws.ravel(), 6, colour, alpha=0.35, lw=0)
        if 0 < photos.value < np.inf:
            axes.plot([photos.value] * 2, [axes.get_ylim()[0], level], ":", color=INK, lw=1)
        ends = [max(photos.low, real.counts[0]), min(photos.high, real.counts[-1])]
        if ends[0] < ends[1]:
            axes.plot(ends, [level, level], color=INK, lw=3, solid_capstyle="butt")
        axes.set(xscale="log", xlabel="real photos per class", ylabel="accuracy on real photos, %")
        axes.set_xticks(real.counts, [str(k) for k in real.counts])
        axes.minorticks_off()
        axes.grid(color=RULE)
        axes.set_axisbelow(True)
        axes.set_title(f"{name} is worth {photos_text(photos, real.counts)} real photos per class")
        axes.legend(frameon=False, loc="lower right")
    return figure


def photos_text(photos: Interval, counts: Sequence[int]) -> str:
    """ "12 (8 to 20)"; what lies beyond the curve is told by its end."""

    def text(end: float) -> str:
        if end == 0 or np.isinf(end):
            return f"more than {counts[-1]}" if end else f"fewer than {counts[0]}"
        return f"{end:.2g}" if end < 10 else f"{end:.0f}"

    value, low, high = map(text, photos)
    return value if low == value == high else f"{value} ({low} to {high})"


def percent(interval: Interval, digits: int = 1) -> str:
    """ "97.2 % (96.1–98.0)"; a dash for NaN."""
    if np.isnan(interval.value):
        return "–"
    value, low, high = (f"{100 * end:.{digits}f}" for end in interval)
    return f"{value} % ({low}–{high})"


def p_text(p: float) -> str:
    """ "p = 0.03", as people write it."""
    return "too few errors to tell" if np.isnan(p) else "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def _heat(axes: Axes, values: F64, texts: Sequence[Sequence[str]], low: float = 0.0) -> None:
    """A table whose fields are coloured from `low` to 1."""
    axes.imshow(values, cmap=HEAT, vmin=low - 0.15 * (1 - low), vmax=1.15, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        dark = value > low + 0.65 * (1 - low)
        axes.text(column, row, texts[row][column], ha="center", va="center", color="white" if dark else INK)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _dots(axes: Axes, values: Sequence[Interval], places: ArrayLike, colour: str, label: str) -> None:
    """Horizontal intervals in percent."""
    value, low, high = (np.array([interval[k] for interval in values]) * 100 for k in range(3))
    there = ~np.isnan(value)
    value, low, high, at = value[there], low[there], high[there], np.asarray(places)[there]
    reach = [np.maximum(value - low, 0), np.maximum(high - value, 0)]
    axes.errorbar(value, at, xerr=reach, fmt="o", color=colour, ms=4, lw=1.2, label=label)
