"""Surfaces and skies as plain data: what lies under, stands around and shines on a subject."""

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

    @cached_property
    def hash(self) -> str:
        """Content hash of the maps."""
        return content_hash(self.albedo, self.normal, self.roughness, self.metalness)


@dataclass(frozen=True, eq=False)
class Sky:
    """Light from all around, without the sun's disc (the scene's sun is a factor of its own).

    `radiance` is linear RGB, equirectangular: row 0 looks up (+Y), the last row down; column 0 looks along -Z, the
    middle column along +Z, and columns run from -Z over -X, +Z, +X back to -Z. That is, for column fraction u and row
    fraction v in [0, 1]: azimuth φ = 2π(u - ½), elevation θ = π(½ - v), direction = (cos θ sin φ, sin θ, cos θ cos φ).
    It is scaled so that the mean luminance over the upper hemisphere is 1.
    """

    id: str
    radiance: NDArray[np.float32]  # (SKY_HEIGHT, 2 · SKY_HEIGHT, 3)
    credit: Credit = field(default_factory=Credit)

    @cached_property
    def hash(self) -> str:
        """Content hash of the map."""
        return content_hash(self.radiance)
