"""From a signed distance grid to a mesh: naive surface nets (Gibson 1998), vectorized, on a rectilinear grid."""

import ctypes
import itertools

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]
Axes = tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]

_CORNERS = np.array(list(itertools.product((0, 1), repeat=3)))
_EDGES = [(a, b) for a, b in itertools.combinations(range(8), 2) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1]


def surface_nets(grid: NDArray[np.float32], axes: Axes) -> tuple[F64, U32]:
    """Vertices (V, 3) and triangles (T, 3), counter-clockwise from outside, of the zero level of `grid`.

    One vertex per cell that the surface crosses, at the mean of its edges' crossings; one quad per crossed edge. The
    surface must not reach the grid's border.
    """
    inside = grid < 0
    count = np.zeros(tuple(n - 1 for n in grid.shape), np.uint8)
    for corner in _CORNERS:
        count += inside[_window(corner, count.shape)]
    cells = np.argwhere((count > 0) & (count < 8))
    number = np.full(count.shape, -1, np.int64)
    number[tuple(cells.T)] = np.arange(len(cells))

    values = np.stack([grid[tuple((cells + corner).T)] for corner in _CORNERS], axis=1).astype(np.float64)
    total = np.zeros((len(cells), 3))
    crossings = np.zeros(len(cells))
    for a, b in _EDGES:
        crossed = (values[:, a] < 0) != (values[:, b] < 0)
        t = values[crossed, a] / (values[crossed, a] - values[crossed, b])
        total[crossed] += _CORNERS[a] + t[:, None] * (_CORNERS[b] - _CORNERS[a])
        crossings += crossed
    place = cells + total / crossings[:, None]
    vertices = np.stack([np.interp(place[:, i], np.arange(len(axes[i])), axes[i]) for i in range(3)], axis=1)

    quads = []
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        step = np.eye(3, dtype=int)
        size = list(grid.shape)
        size[axis] -= 1
        here = inside[_window(np.zeros(3, int), size)]
        there = inside[_window(step[axis], size)]
        edges = np.argwhere(here != there)
        edges = edges[(edges[:, b] > 0) & (edges[:, c] > 0)]
        around = [edges - step[b] - step[c], edges - step[c], edges, edges - step[b]]
        quad = np.stack([number[tuple(cell.T)] for cell in around], axis=1)
        flip = ~here[tuple(edges.T)]
        quad[flip] = quad[flip][:, ::-1]
        quads.append(quad)
    quad = np.concatenate(quads)
    # Split along the shorter diagonal, which follows the surface better.
    corner = vertices[quad]
    first = np.linalg.norm(corner[:, 0] - corner[:, 2], axis=1) <= np.linalg.norm(corner[:, 1] - corner[:, 3], axis=1)
    one = np.where(first[:, None], quad[:, [0, 1, 2]], quad[:, [0, 1, 3]])
    two = np.where(first[:, None], quad[:, [0, 2, 3]], quad[:, [1, 2, 3]])
    return vertices, np.concatenate([one, two]).astype(np.uint32)


def simplify(
    vertices: NDArray[np.floating], triangles: U32, target: int, attributes: NDArray[np.floating], error: float = 1.0
) -> U32:
    """At most about `target` triangles over the same vertices (quadric error with attributes, meshoptimizer).

    `attributes` (V, A) are weighted as they come: a difference of 1 counts as much as the mesh's whole extent.
    """
    if len(triangles) <= target:
        return triangles
    indices = np.ascontiguousarray(triangles.reshape(-1), np.uint32)
    places = np.ascontiguousarray(vertices, np.float32)
    looks = np.ascontiguousarray(attributes, np.float32)
    result = np.zeros_like(indices)
    size = ctypes.c_size_t  # the binding declares no argument types, so ours must be exact
    count = meshoptimizer.simplify_with_attributes(
        result,
        indices,
        places,
        looks,
        np.ones(looks.shape[1], np.float32),
        index_count=size(len(indices)),
        vertex_count=size(len(places)),
        vertex_positions_stride=size(places.strides[0]),
        vertex_attributes_stride=size(looks.strides[0]),
        attribute_count=size(looks.shape[1]),
        target_index_count=size(3 * target),
        target_error=ctypes.c_float(error),
        options=0,
    )
    return result[:count].reshape(-1, 3)


def compact(triangles: U32, total: int) -> tuple[NDArray[np.int64], U32]:
    """The vertices in use, as indices (K,) into the old ones, and the triangles renumbered to them."""
    used = np.zeros(total, bool)
    used[triangles.reshape(-1)] = True
    kept = np.flatnonzero(used)
    renumber = np.cumsum(used) - 1
    return kept, renumber[triangles].astype(np.uint32)


def _window(start: NDArray[np.int64], size: tuple[int, ...] | list[int]) -> tuple[slice, ...]:
    return tuple(slice(int(s), int(s) + n) for s, n in zip(start, size, strict=True))
