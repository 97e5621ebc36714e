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
    both, some = inside, inside
    for axis in range(3):
        low, high = (_part(slice(-1), axis), _part(slice(1, None), axis))
        both, some = both[low] & both[high], some[low] | some[high]
    mixed = np.zeros(grid.shape, bool)  # cells by their lowest corner
    mixed[:-1, :-1, :-1] = some & ~both
    strides = np.array([grid.shape[1] * grid.shape[2], grid.shape[2], 1])
    cells = np.flatnonzero(mixed)
    number = np.full(grid.size, -1, np.int32)
    number[cells] = np.arange(len(cells))

    flat = grid.reshape(-1)
    values = [flat[cells + corner].astype(np.float64) for corner in (_CORNERS * strides).sum(axis=1)]
    total = np.zeros((3, len(cells)))
    crossings = np.zeros(len(cells))
    for a, b in _EDGES:
        crossed = (values[a] < 0) != (values[b] < 0)
        t = np.where(crossed, values[a] / np.where(crossed, values[a] - values[b], 1), 0)
        for axis in range(3):  # an edge lies along one axis
            if _CORNERS[a, axis] != _CORNERS[b, axis]:
                total[axis] += t
            elif _CORNERS[a, axis]:
                total[axis] += crossed
        crossings += crossed
    place = np.unravel_index(cells, grid.shape) + total / crossings
    vertices = np.stack([np.interp(place[i], np.arange(len(axes[i])), axes[i]) for i in range(3)], axis=1)

    quads = []
    for axis in range(3):
        b, c = strides[(axis + 1) % 3], strides[(axis + 2) % 3]
        change = np.zeros(grid.shape, bool)  # edges by their lower end
        change[_part(slice(-1), axis)] = inside[_part(slice(-1), axis)] != inside[_part(slice(1, None), axis)]
        for other in {0, 1, 2} - {axis}:
            change[_part(slice(1), other)] = False
        edges = np.flatnonzero(change)
        quad = np.stack([number[edges - b - c], number[edges - c], number[edges], number[edges - b]], axis=1)
        flip = ~inside.reshape(-1)[edges]
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


def _part(part: slice, axis: int) -> tuple[slice, ...]:
    """A part of a grid along one axis."""
    return tuple(part if i == axis else slice(None) for i in range(3))
