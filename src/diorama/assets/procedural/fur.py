"""Fur as a tiling map of locks, which the renderer lays over any material that has `fur`."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.noise import fbm, grid, perlin, warp
from diorama.assets.surroundings import SURFACE_SIZE


def fur_map() -> NDArray[np.uint8]:
    """(S, S, 4): slope across (x) and along (y) the locks, with 128 for none; brightness, with mean 128; 255.

    Hairs run along y. Three sizes of locks, since a picture shows the large ones from afar and the small ones close by.
    """
    x, y = grid(SURFACE_SIZE, SURFACE_SIZE)
    x, y = warp("fur.warp", x, y, 4, 0.035)
    height = (
        0.5 * perlin("fur.locks", x, y, (9, 4))
        + 0.32 * perlin("fur.strands", x, y, (26, 9))
        + 0.2 * perlin("fur.hairs", x, y, (64, 18))
    )
    slope_x, slope_y = (np.roll(height, -1, k) - np.roll(height, 1, k) for k in (1, 0))
    steepness = 0.45 / max(float(np.abs(slope_x).std()), 1e-6)
    bright = 0.16 * height / height.std() + 0.07 * fbm("fur.tone", x, y, 5)
    bright -= bright.mean()
    planes = [128 + 60 * steepness * slope_x, 128 + 60 * steepness * slope_y, 128 + 128 * bright, 255 + 0 * x]
    texels: NDArray[np.uint8] = np.rint(np.clip(np.stack(planes, axis=-1), 0, 255)).astype(np.uint8)
    return texels
