"""Surfaces, skies and photos as plain data: what lies under, stands around and shines on a subject."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets.hashing import content_hash
from diorama.assets.subject import Credit

SURFACE_SIZE = 256
"""Texels along each side of a surface's maps: four to a pixel of a ground that fills the default image twice over."""

SKY_HEIGHT = 256
"""Rows of a sky's equirectangular map; it has twice as many columns."""

BRIGHTEST = 2.0
"""Radiance that white sends back under a sky of exposure 1 and its sun, at most."""

PHOTO_SIZE = 1024
"""Texels along the shorter side of a photo, at most: what the largest image shows of it."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A tiling material: maps of SURFACE_SIZE × SURFACE_SIZE texels that repeat without a seam."""

    id: str
    albedo: NDArray[np.uint8]  # (S, S, 3) sRGB
    normal: NDArray[np.uint8]  # (S, S, 3) tangent space, +Y up, 128 is zero
    roughness: NDArray[np.uint8]  # (S, S) linear
    metalness: NDArray[np.uint8]  # (S, S) linear
    metres: float = 1.0  # the natural length of the tile's side
    realistic: bool = True
    credit: Credit = field(default_factory=Credit)
    occlusion: NDArray[np.uint8] | None = None  # (S, S) linear: the light from all around that hollows still get
    notes: tuple[str, ...] = ()  # what was mended or left out
    size: tuple[int, int] = (0, 0)  # of the picture of its colours, in pixels

    @cached_property
    def hash(self) -> str:
        """Content hash of the maps."""
        own = () if self.occlusion is None else (self.occlusion,)
        return content_hash(self.albedo, self.normal, self.roughness, self.metalness, *own)


@dataclass(frozen=True, eq=False)
class Sun:
    """The sun of a sky, in the sky's own frame and scale."""

    direction: NDArray[np.float32]  # (3,) unit, towards it
    irradiance: NDArray[np.float32]  # (3,) linear RGB on a plane that faces it; zeros: the sky has none
    assumed: bool = False  # whether its strength is, since the picture ends at white


@dataclass(frozen=True, eq=False)
class Sky:
    """Light from all around, without the sun's own light (the scene's sun is drawn apart, with its shadow).

    `radiance` is linear RGB, equirectangular: row 0 looks up (+Y), the last row down; column 0 looks along -Z, the
    middle column along +Z, and columns run from -Z over -X, +Z, +X back to -Z. That is, for column fraction u and row
    fraction v in [0, 1]: azimuth φ = 2π(u - ½), elevation θ = π(½ - v), direction = (cos θ sin φ, sin θ, cos θ cos φ).
    It is scaled so that the mean luminance over the upper hemisphere is 1, or less where the sky has a strong sun: what
    is white and faces it then sends back a radiance of BRIGHTEST.
    """

    id: str
    radiance: NDArray[np.float32]  # (SKY_HEIGHT, 2 · SKY_HEIGHT, 3)
    credit: Credit = field(default_factory=Credit)
    sun: Sun | None = None  # None: not known, the scene's may be any
    scale: float = 1.0  # what the picture's radiance was multiplied by
    notes: tuple[str, ...] = ()  # what was mended or left out
    size: tuple[int, int] = (0, 0)  # of the picture, in pixels

    @cached_property
    def hash(self) -> str:
        """Content hash of the map."""
        return content_hash(self.radiance)


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo that may stand behind everything, upright, in sRGB."""

    id: str
    jpeg: NDArray[np.uint8]  # (N,) bytes of a JPEG file
    width: int
    height: int
    mean: NDArray[np.float32]  # (3,) linear RGB
    credit: Credit = field(default_factory=Credit)
    notes: tuple[str, ...] = ()  # what was mended or left out
    size: tuple[int, int] = (0, 0)  # of the file, in pixels

    @cached_property
    def hash(self) -> str:
        """Content hash of the picture."""
        return content_hash(self.jpeg)
