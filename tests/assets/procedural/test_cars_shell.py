"""Cutting a skin along a figure: sharp edges, nothing lost."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.cars_shell import COLUMNS, Columns, Shell, border


def sheet(n: int = 9) -> Shell:
    """A square sheet of side 2 about the origin, across z."""
    axis = np.linspace(-1, 1, n)
    x, y = (v.reshape(-1) for v in np.meshgrid(axis, axis))
    data = np.zeros((n * n, len(COLUMNS)))
    data[:, 0], data[:, 1], data[:, 5] = x, y, 1.0
    i = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).reshape(-1)
    quads = np.concatenate([np.stack([i, i + 1, i + n + 1], 1), np.stack([i, i + n + 1, i + n], 1)])
    return Shell(data, quads)


def disc(p: Columns) -> NDArray[np.float64]:
    return np.asarray(np.hypot(p.x, p.y) - 0.61)


def areas(shell: Shell) -> NDArray[np.float64]:
    a, b, c = shell.positions[shell.triangles].transpose(1, 0, 2)
    return np.asarray(np.cross(b - a, c - a)[:, 2] / 2)


def test_a_cut_follows_the_figure_and_keeps_the_area() -> None:
    shell = sheet()
    inside = shell.cut(disc)
    assert abs(areas(shell).sum() - 4) < 1e-9
    assert (areas(shell) > 0).all()
    assert abs(areas(shell)[inside].sum() - np.pi * 0.61**2) < 0.02
    edge = shell.positions[np.unique(border(shell.triangles, inside))]
    assert np.abs(np.hypot(edge[:, 0], edge[:, 1]) - 0.61).max() < 0.01


def test_labels_go_with_their_triangles() -> None:
    shell = sheet()
    inside = shell.cut(lambda p: p.x - 0.07)
    shell.panel[inside] = 3
    shell.cut(disc)
    middle = shell.positions[shell.triangles].mean(1)
    clear = np.abs(middle[:, 0] - 0.07) > 0.01
    assert ((shell.panel == 3) == (middle[:, 0] < 0.07))[clear].all()


def test_a_border_runs_around_what_is_chosen_and_not_along_open_edges() -> None:
    shell = sheet()
    shell.cut(lambda p: p.x)
    left = shell.positions[shell.triangles].mean(1)[:, 0] < 0
    edges = border(shell.triangles, left)
    ends = shell.positions[edges]
    assert np.abs(ends[..., 0]).max() < 1e-9
    assert (ends[:, 1, 1] > ends[:, 0, 1]).all()  # what is chosen lies on the left of its edges
    assert abs((ends[:, 1, 1] - ends[:, 0, 1]).sum() - 2) < 1e-9
