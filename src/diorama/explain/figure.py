"""The pictures of explanations: heat maps over images, and images beside their changed selves.

They draw what they are given and compute nothing; the same arrays give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from diorama.evaluate.figures import COLOURS, INK, QUIET, RULE, STYLE
from diorama.evaluate.statistics import Interval

CELL, GAP, LINE = 1.05, 0.05, 0.16
"""Inches: side of a picture, space between two, height of a line of text."""
RIGHT, WRONG = "#00664b", "#b03a00"
TITLES = {"gradcam": "Grad-CAM", "occlusion": "occlusion"}


@dataclass(frozen=True, eq=False)
class Reading:
    """What one model makes of one image.

    Attributes:
        rgb: (S, S, 3) in 0..1, what of the image it sees.
        maps: (S', S') by method; what is below zero speaks against the target.
        says: What it predicts, "cat 98 %".
        right: Whether that is true; None where nobody knows.
    """

    rgb: NDArray[np.float32]
    maps: Mapping[str, NDArray[np.float32]]
    says: str
    right: bool | None = None


def heat_maps(
    panels: Mapping[str, Sequence[Sequence[Reading]]], models: Sequence[str], target: str, across: int = 2
) -> Figure:
    """The seed paper's figure 5: image, Grad-CAM and occlusion below each other, models beside each other.

    Args:
        panels: Under each title ("photos: cat") images, and for each of them what every model makes of it.
        models: The names of the models, in that order.
        target: What the maps explain, as the figure tells it.
        across: Panels beside each other.
    """
    first = next(iter(panels.values()))[0]
    methods = list(first[0].maps)
    most, count = max(len(examples) for examples in panels.values()), len(models)
    across = min(across, len(panels))
    wide = count * CELL + (count - 1) * GAP  # of one example
    panel = (most * (wide + 3 * GAP), (1 + len(methods)) * (CELL + GAP) + 2.6 * LINE)
    down = -(-len(panels) // across)
    margin, head = 0.75, 2.2 * LINE
    size = (margin + across * (panel[0] + 0.2), head + down * (panel[1] + LINE))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size)
        sides = (
            " · ".join(f"{place}: {name}" for place, name in zip(_places(count), models, strict=True) if count > 1)
            or models[0]
        )
        figure.text(
            margin / size[0], 1 - 0.7 * LINE / size[1], f"{sides}.  Maps explain {target}.", fontsize=8, va="top"
        )
        for number, (title, examples) in enumerate(panels.items()):
            left = margin + number % across * (panel[0] + 0.2)
            top = size[1] - head - number // across * (panel[1] + LINE)
            figure.text(left / size[0], (top - 0.8 * LINE) / size[1], title, fontsize=8, weight="bold")
            y = top - LINE - CELL
            if number % across == 0:
                for row, name in enumerate(["image", *(TITLES.get(method, method) for method in methods)]):
                    where = (y - row * (CELL + GAP) + CELL / 2) / size[1]
                    figure.text((margin - 0.1) / size[0], where, name, fontsize=8, ha="right", va="center", color=QUIET)
            for k, example in enumerate(examples):
                x = left + k * (wide + 3 * GAP)
                widest = max(example, key=lambda reading: len(reading.rgb))
                _picture(figure, (x + (wide - CELL) / 2, y), size, widest.rgb)
                for m, reading in enumerate(example):
                    place = x + m * (CELL + GAP)
                    for row, method in enumerate(methods, 1):
                        low = y - row * (CELL + GAP)
                        _picture(figure, (place, low), size, overlay(reading.rgb, reading.maps[method]))
                    colour = INK if reading.right is None else RIGHT if reading.right else WRONG
                    below = (y - len(methods) * (CELL + GAP) - 0.85 * LINE) / size[1]
                    middle = (place + CELL / 2) / size[0]
                    figure.text(middle, below, reading.says, fontsize=7, ha="center", color=colour)
    return figure


def overlay(rgb: NDArray[np.float32], heat: NDArray[np.float32]) -> NDArray[np.float64]:
    """(S, S, 3) a map over the greyed image: red where it speaks for the target, blue where against it.

    Args:
        rgb: (S, S, 3) in 0..1.
        heat: (S', S'), enlarged if it is smaller.
    """
    if heat.shape != rgb.shape[:2]:
        picture = Image.fromarray(np.asarray(heat, np.float32))
        heat = np.asarray(picture.resize((rgb.shape[1], rgb.shape[0]), Image.Resampling.BILINEAR))
    grey = 0.25 + 0.6 * np.repeat((rgb @ np.array([0.2126, 0.7152, 0.0722]))[..., None], 3, axis=-1)
    most = float(np.abs(heat).max())
    value = np.asarray(heat, np.float64) / most if most > 0 else np.zeros(heat.shape)
    colour = np.asarray(mpl.colormaps["RdYlBu_r"](0.5 + value / 2))[..., :3]
    alpha = np.abs(value)[..., None] ** 0.7 * 0.85
    return np.clip(grey * (1 - alpha) + colour * alpha, 0, 1)


def variants(
    rows: Sequence[Sequence[NDArray[np.uint8] | None]],
    heads: Sequence[str],
    captions: Sequence[Sequence[tuple[str, bool | None]]],
    title: str,
) -> Figure:
    """Images, one to a row, beside their changed selves.

    Args:
        rows: For each image the pictures (S, S, 3): itself, then each change; None where there is none.
        heads: What is above each column.
        captions: For each picture, what is below it, and whether the model is right.
        title: Above all.
    """
    margin, high = 0.2, CELL + GAP + 1.2 * LINE
    size = (margin * 2 + len(heads) * (CELL + GAP), 3.6 * LINE + len(rows) * high)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size)
        figure.text(margin / size[0], 1 - LINE / size[1], title, fontsize=8, weight="bold", va="center")
        for column, name in enumerate(heads):
            x = (margin + column * (CELL + GAP) + CELL / 2) / size[0]
            figure.text(
                x, 1 - 2.7 * LINE / size[1], name.replace(" or ", "\nor "), fontsize=7, ha="center", va="center"
            )
        for row, pictures in enumerate(rows):
            y = size[1] - 3.4 * LINE - row * high - CELL
            for column, picture in enumerate(pictures):
                x = margin + column * (CELL + GAP)
                if picture is None:
                    continue
                _picture(figure, (x, y), size, picture)
                text, right = captions[row][column]
                colour = INK if right is None else RIGHT if right else WRONG
                middle = (x + CELL / 2) / size[0]
                figure.text(middle, (y - 0.85 * LINE) / size[1], text, fontsize=7, ha="center", color=colour)
    return figure


def effects(names: Sequence[str], moved: Sequence[Interval], swing: Sequence[Interval], title: str) -> Figure:
    """How far each change moves the log-odds of the true class: on the mean, and without regard to direction."""
    places = np.arange(len(names), dtype=np.float64)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 1.3 + 0.3 * len(names)), layout="constrained")
        axes: Axes = figure.subplots()
        axes.axvline(0, color=QUIET, lw=0.8)
        axes.barh(places, [s.value for s in swing], 0.62, color=RULE, label="mean size of the change")
        value, low, high = (np.array([m[k] for m in moved]) for k in range(3))
        reach = [np.maximum(value - low, 0), np.maximum(high - value, 0)]
        label = "mean change, with 95 % interval"
        axes.errorbar(value, places, xerr=reach, fmt="o", color=COLOURS[1], ms=4, lw=1.2, label=label)
        axes.set(yticks=places, yticklabels=names, ylim=(len(names) - 0.5, -0.5))
        axes.set(xlabel="change of the true class's log-odds (nats)")
        axes.set_title(title)
        axes.grid(axis="x", color=RULE)
        axes.set_axisbelow(True)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure


def _picture(figure: Figure, corner: tuple[float, float], size: tuple[float, float], rgb: NDArray[np.generic]) -> None:
    """A picture with its lower left corner there, in inches."""
    axes = figure.add_axes((corner[0] / size[0], corner[1] / size[1], CELL / size[0], CELL / size[1]))
    axes.imshow(rgb, interpolation="antialiased")
    axes.set_axis_off()


def _places(count: int) -> Sequence[str]:
    return ("left", "right") if count == 2 else [f"column {k + 1}" for k in range(count)]
