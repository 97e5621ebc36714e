"""Surfaces made by code. Each is a short function of a `Tile` that returns a `Look`, registered under its id:

    @surface("gravel", metres=0.7)
    def gravel(t: Tile) -> Look: ...

The functions are in the modules `surfaces_*`; the catalogue of them all is `SURFACES` in the package.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets.procedural import noise
from diorama.assets.procedural.noise import F32, Cells, Frequency, Strokes
from diorama.assets.subject import Credit
from diorama.assets.surroundings import SURFACE_SIZE, Surface

CREDIT = Credit(licence="Apache-2.0", author="The Diorama authors", source="diorama")


@dataclass(frozen=True, eq=False)
class Look:
    """How a tile looks, on S × S texels."""

    color: F32  # (S, S, 3) sRGB in [0, 1]
    height: NDArray[np.floating]  # (S, S) in tiles: 0.01 is a centimetre on a tile of one metre
    roughness: ArrayLike  # (S, S) or a number
    metalness: ArrayLike = 0.0


@dataclass(frozen=True, eq=False)
class Tile:
    """A unit square that repeats, and noise on it. Each noise is named, and differs from one surface to another."""

    id: str
    x: F32  # (1, S) to the right, in [0, 1); (S, S) where it is bent
    y: F32  # (S, 1) down, likewise

    @property
    def size(self) -> int:
        """Texels to a side."""
        return len(self.y)

    def fbm(self, name: str, frequency: Frequency, octaves: int = 5, gain: float = 0.5) -> F32:
        """Fractal noise, about within [-1, 1]."""
        return noise.fbm(f"{self.id}.{name}", self.x, self.y, frequency, octaves, gain)

    def cells(self, name: str, frequency: Frequency, jitter: float = 1.0) -> Cells:
        """Cellular noise."""
        return noise.cells(f"{self.id}.{name}", self.x, self.y, frequency, jitter)

    def scatter(self, name: str, frequency: Frequency, jitter: float = 1.0) -> tuple[F32, F32, NDArray[np.int32]]:
        """The points about each place, see `noise.scatter`."""
        return noise.scatter(f"{self.id}.{name}", self.x, self.y, frequency, jitter)

    def uniforms(self, name: str, *shape: int) -> F32:
        """Uniforms in [0, 1)."""
        return noise.uniforms(f"{self.id}.{name}", *shape)

    def warped(self, name: str, frequency: Frequency, amount: float, octaves: int = 3) -> "Tile":
        """This tile, its coordinates pushed about by noise."""
        x, y = noise.warp(f"{self.id}.{name}", self.x, self.y, frequency, amount, octaves)
        return replace(self, x=x, y=y)

    def strewn(
        self,
        name: str,
        count: int,
        length: tuple[float, float],
        width: tuple[float, float],
        *,
        outline: str = "blade",
        angle: tuple[float, float] = (0.0, 2 * np.pi),
        bend: float = 0.0,
        rise: float = 0.0,
        layers: float = 1.0,
    ) -> Strokes:
        """`count` strokes at places, angles, lengths and half widths uniform in the ranges, up to `layers` high."""
        u = self.uniforms(name, 7, count)

        def within(bounds: tuple[float, float], row: F32) -> F32:
            return np.asarray(bounds[0] + (bounds[1] - bounds[0]) * row, np.float32)

        return noise.strokes(
            self.size,
            u[:2].T,
            within(angle, u[2]),
            within(length, u[3]),
            within(width, u[4]),
            within((0, layers), u[5]),
            outline=outline,
            bend=(2 * u[6] - 1) * np.float32(bend),
            rise=rise,
        )

    def of(self, owner: NDArray[np.int32], name: str, count: int) -> F32:
        """(S, S) a uniform of its own for each of `count` points, strokes or bricks; -1 counts as the last."""
        return np.asarray(self.uniforms(name, count)[owner], np.float32)


_REGISTRY: dict[str, tuple[str, Callable[[], Surface]]] = {}  # module and builder by id


def surface(
    id: str, *, metres: float, realistic: bool = True, oversample: int = 1
) -> Callable[[Callable[[Tile], Look]], Callable[[Tile], Look]]:
    """Registers a surface.

    Args:
        id: Its name.
        metres: The natural length of the tile's side.
        realistic: Whether such a material exists.
        oversample: Drawn this many times finer and averaged: for what has hard edges.

    Raises:
        ValueError: If the id is taken.
    """

    def register(look: Callable[[Tile], Look]) -> Callable[[Tile], Look]:
        if id in _REGISTRY:
            raise ValueError(f"there is a surface {id} already")
        _REGISTRY[id] = look.__module__, partial(build, look, id, metres, realistic, oversample)
        return look

    return register


def registered(module: str) -> dict[str, Callable[[], Surface]]:
    """The builders of the surfaces that a module registers."""
    return {id: build for id, (home, build) in _REGISTRY.items() if home == module}


def build(look: Callable[[Tile], Look], id: str, metres: float, realistic: bool, oversample: int) -> Surface:
    """The finished maps of a surface."""
    size = SURFACE_SIZE * oversample
    seen = look(Tile(id, *noise.grid(size, size)))

    def shrunk(field: ArrayLike) -> F32:
        whole = np.broadcast_to(np.asarray(field, np.float32), (size, size, *np.shape(field)[2:]))
        parts = [whole[i::oversample, j::oversample] for i in range(oversample) for j in range(oversample)]
        return np.asarray(sum(parts[1:], parts[0]) / np.float32(len(parts)), np.float32)

    return Surface(
        id,
        _bytes(shrunk(seen.color)),
        normal_map(shrunk(seen.height)),
        _bytes(shrunk(seen.roughness)),
        _bytes(shrunk(seen.metalness)),
        metres,
        realistic,
        CREDIT,
    )


def normal_map(height: F32) -> NDArray[np.uint8]:
    """(S, S, 3) tangent-space normals, +Y up the image, of a height in tiles; by central differences."""
    slope = np.float32(len(height) / 2)
    right = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * slope
    up = (np.roll(height, 1, 0) - np.roll(height, -1, 0)) * slope
    normal = np.stack([-right, -up, np.ones_like(height)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.round(normal * 127 + 128).astype(np.uint8)


def ramp(t: ArrayLike, *colors: str) -> F32:
    """(…, 3) colours at t in [0, 1] along evenly spaced hexadecimal ones ("#a08060"), all sRGB."""
    table = _colors(colors)
    return table.take((np.clip(t, 0, 1) * np.float32(len(table) - 1) + np.float32(0.5)).astype(np.int32), 0)


@lru_cache
def _colors(colors: tuple[str, ...]) -> F32:
    """(256 (n - 1) + 1, 3) steps between n colours: to look up is several times as fast as to interpolate."""
    stops = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colors])
    at, places = np.linspace(0, 1, 256 * (len(colors) - 1) + 1), np.linspace(0, 1, len(colors))
    return np.stack([np.interp(at, places, stops[:, k]) for k in range(3)], -1).astype(np.float32)


def mix(a: ArrayLike, b: ArrayLike, share: ArrayLike) -> F32:
    """`a` where the share is 0, `b` where it is 1; a share (S, S) also mixes colours (…, 3)."""
    a, b, share = (np.asarray(value, np.float32) for value in (a, b, share))
    if max(a.ndim, b.ndim) in (1, 3) and share.ndim == 2:
        share = share[..., None]
    return np.asarray(a + (b - a) * share, np.float32)


def shaded(color: F32, light: ArrayLike) -> F32:
    """A colour made lighter or darker by a factor (S, S)."""
    return color * np.asarray(light, np.float32)[..., None]


def hollows(height: F32, radius: float, depth: float) -> F32:
    """How much light each place gets, 0.5 to 1.15: half where it lies `depth` (in tiles) under its surroundings."""
    return np.asarray(np.clip(1 + (height - noise.blur(height, radius)) / np.float32(2 * depth), 0.5, 1.15), np.float32)


def _bytes(value: F32) -> NDArray[np.uint8]:
    return np.round(np.clip(value, 0, 1) * 255).astype(np.uint8)
