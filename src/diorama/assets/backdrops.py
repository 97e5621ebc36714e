"""Meshes of what stands close behind a subject: a wall, a corner, a curtain, the back of a sofa, hung cloth, bars.

Unit meshes like those of `shapes`, but open, and seen from +Z: they lie at z ≤ 0, all but the corner, whose walls meet
at z = 0 and open by a right angle towards +Z. They are one unit wide and reach from y = -½ to ½; they are meant to be
drawn many times the subject's size, with the lower part under the ground. Texture coordinates count tiles, one per unit
of length.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diorama.assets.shapes import ShapeMesh, grid_mesh, join_meshes

F64 = NDArray[np.float64]

FOLDS, SEATS, BARS = 36, 7, 56
"""Folds of a curtain, cushions of a sofa, bars of a cage, to the unit of width."""


@lru_cache
def backdrop_mesh(name: str) -> ShapeMesh:
    """The mesh of one of the backdrops named in `diorama.scene.batch.BACKDROPS`.

    Raises:
        KeyError: For a name that is not among them.
    """
    return _BUILDERS[name]()


def _wall(thick: float = 0.1) -> ShapeMesh:
    """Its front, top and ends."""
    front = np.array([[[-0.5, y, 0.0], [0.5, y, 0.0]] for y in (-0.5, 0.5)])
    parts = [_flat(front, (0, 0, 1)), _ledge(0.5, 0.0, -thick)]
    for x in (-0.5, 0.5):
        end = np.array([[[x, y, 0.0], [x, y, -thick]] for y in (-0.5, 0.5)])
        parts.append(_flat(end, (2 * x, 0, 0)))
    return join_meshes(parts)


def _corner() -> ShapeMesh:
    """Two walls."""
    across = np.array([[-0.5, 0.5], [0.0, 0.0], [0.5, 0.5]])  # x, z
    walls = []
    for a, b in ((across[0], across[1]), (across[1], across[2])):
        points = np.array([[[x, y, z] for x, z in (a, b)] for y in (-0.5, 0.5)])
        along = b - a
        walls.append(_flat(points, (-along[1], 0.0, along[0])))
    return join_meshes(walls)


def _curtain(amplitude: float = 0.007) -> ShapeMesh:
    """Upright folds, deeper and shallower by turns."""
    x = np.linspace(-0.5, 0.5, FOLDS * 6 + 1)
    phase = 2 * np.pi * FOLDS * x + 1.3 * np.sin(2 * np.pi * 5 * x)
    depth = amplitude * (0.7 + 0.3 * np.sin(2 * np.pi * 7 * x))
    return _sheet(x, np.array([-0.5, 0.5]), lambda a, b: -np.interp(a, x, depth * (1 + np.cos(phase))) + 0 * b)


def _sofa() -> ShapeMesh:
    """The back of a sofa: upholstered squares that end in a rounded edge."""
    rows = np.concatenate([[-0.5], np.linspace(0.2, 0.47, 13), 0.47 + 0.03 * np.sin(np.linspace(0.2, np.pi / 2, 5))])
    x = np.linspace(-0.5, 0.5, SEATS * 10 + 1)

    def depth(a: F64, b: F64) -> F64:
        cushion = np.abs(np.sin(np.pi * SEATS * a)) ** 0.4 * np.abs(np.sin(np.pi * (b - 0.47) / 0.11)) ** 0.3
        edge = 0.03 - np.sqrt(np.maximum(0.03**2 - np.maximum(b - 0.47, 0) ** 2, 0))
        return np.asarray(0.008 * (cushion - 1) - edge)

    return join_meshes([_sheet(x, rows, depth), _ledge(0.5, -0.03, -0.12)])


def _cloth() -> ShapeMesh:
    """Cloth that hangs from above and runs out on the ground towards +Z, in soft folds; it ends at z = 0."""
    turn = np.linspace(0, np.pi / 2, 9)
    r = 0.12
    bend = np.stack([-0.5 + r - r * np.cos(turn), -r * np.sin(turn)], -1)
    profile = np.array([*bend, [-0.25, -r], [-0.1, -r], [0.1, -r], [0.5, -r]])  # y, z
    x = np.linspace(-0.5, 0.5, 73)
    a, k = np.meshgrid(x, np.arange(len(profile)), indexing="xy")
    y, z = profile[k, 0], profile[k, 1]
    lift = np.clip((y + 0.5) / 0.1, 0, 1)
    fold = 0.010 * (np.sin(2 * np.pi * (9 * a + 1.5 * y)) + 0.6 * np.sin(2 * np.pi * (17 * a - 2 * y) + 1)) - 0.016
    points = np.stack([a, y, z + lift * fold], -1)
    length = np.cumsum([0.0, *np.hypot(*np.diff(profile, axis=0).T)])
    return grid_mesh(points, _normals(points), np.stack([a + 0.5, -length[k]], -1))


def _bars(half: float = 0.0012) -> ShapeMesh:
    """A cage's front: upright bars with two faces each, and level ones behind."""
    side, over = np.array([half, 0, 0]), np.array([0, half, 0])
    columns, rows = (np.arange(BARS) + 0.5) / BARS - 0.5, np.arange(-0.5, 0.5, 0.09)
    upright = [_rod(np.array([x, -0.5, 0.0]), np.array([x, 0.5, 0.0]), side, half) for x in columns]
    level = [_rod(np.array([0.5, y, -half]), np.array([-0.5, y, -half]), over, half) for y in rows]
    return join_meshes([*upright, *level])


def _ledge(y: float, front: float, back: float) -> ShapeMesh:
    """A level strip that looks up."""
    strip = np.array([[[-0.5, y, z], [0.5, y, z]] for z in (front, back)])
    return grid_mesh(strip, np.broadcast_to([0.0, 1.0, 0.0], strip.shape), strip[..., [0, 2]])


def _flat(points: F64, normal: tuple[float, float, float]) -> ShapeMesh:
    """An upright rectangle (2, 2, 3), its lower row first."""
    return grid_mesh(points, np.broadcast_to(np.array(normal, np.float64), points.shape), _chart(points))


def _rod(start: F64, end: F64, side: F64, half: float) -> ShapeMesh:
    """Two faces that meet in front."""
    back = np.array([0, 0, -half])
    points = np.array([[start - side + back, start, start + side + back], [end - side + back, end, end + side + back]])
    normals = np.broadcast_to(np.stack([-side - back, -1.5 * back, side - back]), points.shape)
    across, along = np.meshgrid([0, 1.5 * half, 3 * half], [0, float(np.linalg.norm(end - start))])
    return grid_mesh(points, normals, np.stack([across, along], -1))


def _sheet(x: F64, y: F64, depth: Callable[[F64, F64], F64]) -> ShapeMesh:
    """A face towards +Z at z = depth(x, y) over a lattice."""
    a, b = np.meshgrid(x, y, indexing="xy")
    points = np.stack([a, b, depth(a, b)], -1)
    return grid_mesh(points, _normals(points), _chart(points))


def _normals(points: F64) -> F64:
    """(R, C, 3) normals of a grid whose rows run up and whose columns run right."""
    up, right = (np.gradient(points, axis=axis) for axis in (0, 1))
    return np.cross(right, up)


def _chart(points: F64) -> F64:
    """(R, C, 2): lengths along the first row, heights."""
    along = np.cumsum([0.0, *np.linalg.norm(np.diff(points[0], axis=0), axis=-1)])
    return np.stack(np.broadcast_arrays(along, -points[..., 1]), -1)


_BUILDERS: dict[str, Callable[[], ShapeMesh]] = {
    "wall": _wall,
    "corner": _corner,
    "curtain": _curtain,
    "sofa": _sofa,
    "cloth": _cloth,
    "bars": _bars,
}
