"""Small closed surfaces from blobs: the lower jaw, the nose leather."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import Blob, gradient, project
from diorama.assets.procedural.polygonize import compact, simplify, surface_nets
from diorama.assets.procedural.sampling import sample

F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]


def shell(blobs: Sequence[Blob], step: float, budget: int) -> tuple[F64, F64, U32]:
    """Positions (V, 3), normals (V, 3) and at most about `budget` triangles of a body that is the same left and right.

    `step` is the distance of grid lines, in metres.
    """
    solid = [blob for blob in blobs if not blob.cut]
    lo = np.min([blob.bounds()[0] for blob in solid], axis=0) - 2.5 * step
    hi = np.max([blob.bounds()[1] for blob in solid], axis=0) + 2.5 * step
    half = (np.arange(int(hi[0] / step) + 2) + 0.5) * step
    axes = (np.concatenate([-half[::-1], half]), np.arange(lo[1], hi[1], step), np.arange(lo[2], hi[2], step))
    vertices, triangles = surface_nets(sample(blobs, axes), axes)
    looks = gradient(blobs, vertices, 0.5 * step) * 0.1
    kept, triangles = compact(simplify(vertices, triangles, budget, looks), len(vertices))
    positions = project(blobs, vertices[kept], 0.3 * step, 2)
    return positions, gradient(blobs, positions, 0.3 * step), triangles
