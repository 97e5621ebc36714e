"""Pictures of all that is around, to the map that `Sky` describes: panoramas and the six faces of a cube.

A panorama shows its middle column in front of whoever looks, and what is to his right further right. `Sky`'s columns
run the other way about the vertical, so panoramas are mirrored on reading: what is written in them stays readable.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.own.pixels import Rows, reduced

F32 = NDArray[np.float32]

HEIGHT = 512
"""Rows of the map in which a sun is looked for: its disc then has 0.35° to a texel."""

FACES = {
    "px": ("px", "posx", "right", "rt", "+x", "xpos", "x+"),
    "nx": ("nx", "negx", "left", "lf", "-x", "xneg", "x-"),
    "py": ("py", "posy", "top", "up", "+y", "ypos", "y+"),
    "ny": ("ny", "negy", "bottom", "down", "dn", "bt", "-y", "yneg", "y-"),
    "pz": ("pz", "posz", "front", "ft", "+z", "zpos", "z+"),
    "nz": ("nz", "negz", "back", "bk", "-z", "zneg", "z-"),
}
"""Names of the faces of a cube, as people call them."""


def directions(height: int) -> tuple[F32, F32]:
    """(H, 2H, 3) unit directions of the texels of a map as `Sky` has it, and (H, 1) their solid angles."""
    azimuth = 2 * np.pi * ((np.arange(2 * height) + 0.5) / (2 * height) - 0.5)
    elevation = np.pi * (0.5 - (np.arange(height) + 0.5) / height)
    flat, rise = np.cos(elevation)[:, None], np.sin(elevation)[:, None]
    there = np.stack(np.broadcast_arrays(flat * np.sin(azimuth), rise, flat * np.cos(azimuth)), axis=-1)
    edges = np.sin(np.pi * (0.5 - np.arange(height + 1) / height))
    solid = (edges[:-1] - edges[1:]) * (np.pi / height)
    return there.astype(np.float32), solid[:, None].astype(np.float32)


def from_panorama(picture: Rows, where: str) -> F32:
    """(HEIGHT, 2 · HEIGHT, 3) radiance of an equirectangular picture.

    Raises:
        AssetError: Where it cannot be read.
    """
    return np.ascontiguousarray(reduced(picture, HEIGHT, 2 * HEIGHT, where)[:, ::-1])


def from_cube(faces: dict[str, Rows], where: str) -> F32:
    """(HEIGHT, 2 · HEIGHT, 3) radiance of the six faces of a cube, named as the keys of FACES.

    The faces lie as in OpenGL's cube maps, whose axes are left-handed: "pz" in front, "px" to the right of it.

    Raises:
        AssetError: Where one cannot be read.
    """
    side = HEIGHT  # a face covers a quarter of the columns: twice as fine as the map
    planes = {name: reduced(picture, side, side, where) for name, picture in faces.items()}
    x, y, z = np.moveaxis(directions(HEIGHT)[0], -1, 0)
    x = -x
    size = np.abs(np.stack([x, y, z]))
    major = size.argmax(0)
    out = np.zeros((*x.shape, 3), np.float32)
    for axis, names in enumerate(("px nx", "py ny", "pz nz")):
        for name, sign in zip(names.split(), (1, -1), strict=True):
            value = (x, y, z)[axis]
            rows, columns = np.nonzero((major == axis) & (value * sign > 0))
            a, b, c = x[rows, columns], y[rows, columns], z[rows, columns]
            across, down = {  # OpenGL 4.6, table 8.19
                "px": (-c, -b), "nx": (c, -b), "py": (a, c), "ny": (a, -c), "pz": (a, -b), "nz": (-a, -b),
            }[name]  # fmt: skip
            far = np.abs(value[rows, columns])
            out[rows, columns] = _sampled(planes[name], (across / far + 1) / 2, (down / far + 1) / 2)
    return out


def _sampled(plane: F32, u: F32, v: F32) -> F32:
    """(N, 3) of a picture between its texels."""
    height, width = plane.shape[:2]
    x, y = np.clip(u * width - 0.5, 0, width - 1.001), np.clip(v * height - 0.5, 0, height - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    s, t = (x - left)[:, None], (y - top)[:, None]
    upper = plane[top, left] * (1 - s) + plane[top, left + 1] * s
    lower = plane[top + 1, left] * (1 - s) + plane[top + 1, left + 1] * s
    return np.asarray(upper * (1 - t) + lower * t, np.float32)
