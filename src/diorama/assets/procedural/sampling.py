"""Where a body's surface lies: along rays, and on a grid."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.implicit import Blob, blend, distance

Array = NDArray[np.floating]
F64 = NDArray[np.float64]


def trace(blobs: Sequence[Blob], origins: F64, direction: F64, reach: float, steps: int = 40) -> F64:
    """Points (N, 3) where rays from `origins` along one unit `direction` first meet the body (or their end).

    What is thinner along a ray than reach / steps may be missed. A ray that begins within the body stays there.
    """
    rows, within = np.arange(len(origins)), 1.5 * reach / steps
    low, share, gap = np.zeros(len(origins)), np.zeros(len(origins)), reach
    for count in (steps, 12):  # the second time within the interval that the first has found
        gap /= count
        t = low[:, None] + gap * np.arange(count + 1)
        probes = origins[:, None] + t[..., None] * direction
        values = distance(blobs, probes.reshape(-1, 3), within=within).reshape(t.shape)
        inside = values < 0
        first = np.where(inside.any(axis=1), inside.argmax(axis=1), count)
        before = np.maximum(first - 1, 0)
        low = low + gap * before
        outer, inner = values[rows, before], values[rows, first]
        share = np.where((outer >= 0) & (inner < 0), outer / np.where(outer > inner, outer - inner, 1), first > 0)
    return origins + (low + gap * share)[:, None] * direction


_BLOCK = 4  # grid lines to a side of the blocks that are passed over where no surface is near


def sample(blobs: Sequence[Blob], axes: tuple[Array, Array, Array]) -> NDArray[np.float32]:
    """Signed distances on a rectilinear grid, float32 (nx, ny, nz), right near the surface; elsewhere only their sign.

    The body is first judged at the centres of blocks of 4³ points. Only blocks that the surface may cross are filled,
    each with those blobs alone that may shape the surface there.
    """
    shape = tuple(len(axis) for axis in axes)
    counts = tuple(-(-n // _BLOCK) for n in shape)
    lines = [_padded(axis).astype(np.float32).reshape(-1, _BLOCK) for axis in axes]
    centres = np.stack(np.meshgrid(*(rows.mean(axis=1) for rows in lines), indexing="ij")).reshape(3, -1)
    halves = np.stack(np.meshgrid(*(np.ptp(rows, axis=1) / 2 for rows in lines), indexing="ij")).reshape(3, -1)
    # First-order distances may be out by a third or so; locks are left out at first. Beside a block that the surface
    # crosses, the values must be right for as much as a step: lines are three to a block, and nearly even.
    slack = (1.4 * np.sqrt((halves * halves).sum(axis=0)) + 1.6 * halves.max(axis=0)).astype(np.float32)
    total = np.ones(centres.shape[1], np.float32)
    found = []
    for blob in blobs:
        near = blob.near(centres, 2 * slack)
        gap = blob.shape.distance(centres.take(near, axis=1))
        total[near] = blend(total[near], gap, blob.blend, blob.cut)
        found.append((near, gap))
    rough = max(blob.tousle for blob in blobs)
    active = np.abs(total) < slack + 1.3 * rough
    place = np.cumsum(active) - 1
    x, y, z = np.unravel_index(np.flatnonzero(active), counts)
    cells = np.empty((3, len(x), _BLOCK, _BLOCK, _BLOCK), np.float32)
    cells[0], cells[1] = lines[0][x][:, :, None, None], lines[1][y][:, None, :, None]
    cells[2] = lines[2][z][:, None, None, :]
    values = np.ones((len(x), _BLOCK**3), np.float32)
    for blob, (near, gap) in zip(blobs, found, strict=True):
        reach = 2 * slack[near] + blob.blend + 1.3 * (blob.tousle + rough)
        used = place[near[active[near] & (gap < np.abs(total[near]) + reach)]]
        if len(used):
            fine = blob.distance(cells.take(used, axis=1).reshape(3, -1)).reshape(len(used), -1)
            values[used] = blend(values[used], fine, blob.blend, blob.cut)
    grid = np.repeat(np.sign(total)[:, None], _BLOCK**3, axis=1)
    grid[active] = values
    grid = grid.reshape(*counts, _BLOCK, _BLOCK, _BLOCK).transpose(0, 3, 1, 4, 2, 5)
    whole = grid.reshape([_BLOCK * n for n in counts])
    return np.ascontiguousarray(whole[tuple(slice(n) for n in shape)])


def _padded(axis: Array) -> F64:
    """Grid lines continued so that their count is a multiple of the blocks'."""
    more = -len(axis) % _BLOCK
    return np.concatenate([axis, axis[-1] + (axis[-1] - axis[-2]) * np.arange(1, more + 1)])
