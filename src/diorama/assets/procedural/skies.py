"""Skies made by code: light from all around, and what stands on the horizon. Each is a short function of a `Dome`:

    @sky("overcast")
    def overcast(d: Dome) -> F32: ...        # (H, W, 3) linear radiance, of any scale

The functions are in `skies_outdoor`, `skies_street` and `skies_indoor`; the catalogue of them all is `SKIES` in the
package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural import noise
from diorama.assets.procedural.noise import F32, Frequency, smoothstep
from diorama.assets.procedural.surfaces import CREDIT, mix, ramp
from diorama.assets.surroundings import SKY_HEIGHT, Sky

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of linear RGB, Rec. 709


@dataclass(frozen=True, eq=False)
class Dome:
    """All directions, as an equirectangular map has them (see `Sky`)."""

    id: str
    turn: F32  # (1, W) azimuth in [0, 1): 0 is -Z, a half +Z
    rise: F32  # (H, 1) elevation in degrees
    x: F32  # (H, W) unit direction
    y: F32  # (H, 1)
    z: F32  # (H, W)

    def fbm(self, name: str, frequency: Frequency, octaves: int = 5, gain: float = 0.5) -> F32:
        """Noise on the map, with twice as many cells around as up and down for equal cells at the horizon."""
        return noise.fbm(f"{self.id}.{name}", self.turn, self.rise / np.float32(180), frequency, octaves, gain)

    def around(self, name: str, frequency: int, octaves: int = 5, gain: float = 0.5) -> F32:
        """Noise that depends on the azimuth alone."""
        return noise.fbm(f"{self.id}.{name}", self.turn, np.full_like(self.turn, 0.37), (frequency, 1), octaves, gain)

    def overhead(self, name: str, frequency: Frequency, octaves: int = 6, gain: float = 0.5, warp: float = 0.0) -> F32:
        """Noise on a level layer high above, foreshortened towards the horizon; a unit of frequency is ten heights.

        It is 0 from two degrees below the horizon down.
        """
        up = int((self.rise[:, 0] > -2).sum())
        scale = np.float32(0.1) / np.maximum(self.y[:up] + np.float32(0.12), np.float32(0.05))
        x, y = self.x[:up] * scale, self.z[:up] * scale
        if warp:
            x, y = noise.warp(f"{self.id}.{name}.warp", x, y, frequency, warp)
        out = np.zeros_like(self.x)
        out[:up] = noise.fbm(f"{self.id}.{name}", x, y, frequency, octaves, gain)
        return out

    def uniforms(self, name: str, *shape: int) -> F32:
        """Uniforms in [0, 1)."""
        return noise.uniforms(f"{self.id}.{name}", *shape)

    def part_rows(self, first: int) -> "Dome":
        """The rows from the first on: what lies below."""
        return Dome(self.id, self.turn, self.rise[first:], self.x[first:], self.y[first:], self.z[first:])

    def toward(self, azimuth: float, elevation: float) -> F32:
        """(H, W) cosine of the angle to a direction given in degrees; azimuth 0 is +Z, 90 is +X."""
        (sa, se), (ca, ce) = (part.tolist() for part in portable.sin_cos(np.radians([azimuth, elevation])))
        return np.asarray(self.x * (ce * sa) + self.y * se + self.z * (ce * ca), np.float32)


_REGISTRY: dict[str, tuple[str, Callable[[], Sky]]] = {}  # module and builder by id


def sky(id: str) -> Callable[[Callable[[Dome], F32]], Callable[[Dome], F32]]:
    """Registers a sky.

    Raises:
        ValueError: If the id is taken.
    """

    def register(radiance: Callable[[Dome], F32]) -> Callable[[Dome], F32]:
        if id in _REGISTRY:
            raise ValueError(f"there is a sky {id} already")
        _REGISTRY[id] = radiance.__module__, partial(build, radiance, id)
        return radiance

    return register


def registered(module: str) -> dict[str, Callable[[], Sky]]:
    """The builders of the skies that a module registers."""
    return {id: build for id, (home, build) in _REGISTRY.items() if home == module}


def build(radiance: Callable[[Dome], F32], id: str) -> Sky:
    """The finished map of a sky: edges softened, scaled to mean luminance 1 over the upper hemisphere."""
    turn, down = noise.grid(SKY_HEIGHT, 2 * SKY_HEIGHT)
    azimuth, elevation = 2 * np.pi * (turn - 0.5), np.pi * (0.5 - down)
    flat = portable.cos(elevation)
    dome = Dome(
        id,
        turn,
        np.degrees(elevation),
        flat * portable.sin(azimuth),
        portable.sin(elevation),
        flat * portable.cos(azimuth),
    )
    map_ = np.broadcast_to(np.maximum(radiance(dome), 0), (SKY_HEIGHT, 2 * SKY_HEIGHT, 3))
    map_ = (np.roll(map_, 1, 1) + 2 * map_ + np.roll(map_, -1, 1)) / 4
    padded = np.concatenate([map_[:1], map_, map_[-1:]])
    map_ = (padded[:-2] + 2 * map_ + padded[2:]) / 4
    return Sky(id, (map_ / mean_luminance(map_)).astype(np.float32), CREDIT)


def mean_luminance(radiance: NDArray[np.floating]) -> float:
    """Mean luminance of an equirectangular map over the directions above the horizon, by solid angle."""
    rows = len(radiance) // 2
    weight = portable.cos(np.pi * (0.5 - (np.arange(rows) + 0.5) / len(radiance)))
    return float(
        portable.matmul((portable.matmul(radiance[:rows], LUMINANCE.astype(np.float64))).mean(1), weight) / weight.sum()
    )


def linear(t: object, *colors: str) -> F32:
    """Like `ramp`, but as linear light (IEC 61966-2-1, with the power 2.2)."""
    return np.asarray(portable.power(ramp(np.asarray(t, np.float32), *colors), 2.2), np.float32)


def gradient(d: Dome, zenith: str, horizon: str, power: float = 0.5) -> F32:
    """A sky between two colours; a smaller power keeps the horizon's to a narrower band."""
    return linear(1 - portable.power(np.clip(d.y, 0, 1), power), zenith, horizon)


def grounded(d: Dome, above: F32, near: str, far: str, light: float) -> F32:
    """The map with a ground below the horizon, from the colour underfoot to that far off, mottled."""
    depth = portable.power(np.clip(-d.rise / 90, 0, 1), 0.4)
    ground = linear(depth, far, near) * (1 + 0.15 * d.fbm("ground", (24, 24), 4))[..., None]
    return mix(above, ground * np.float32(light), smoothstep(0.3, -0.3, d.rise))


def lit(color: F32, light: object) -> F32:
    """(H, W, 3) a colour under a light that is a number, (3,) or (H, W)."""
    factor = np.asarray(light, np.float32)
    return np.asarray(color * (factor[..., None] if factor.ndim == 2 else factor), np.float32)
