"""The sun in a picture of all that is around: where it stands, and what of the light is its own.

What a spot about the brightest place sends beyond the sky around it is taken out of the map and given to the scene's
sun, which casts the shadow: the light is the same as before, and is not counted twice. The spot stays white in the map,
as bright as the sky may show it. Where cameras have clipped the sun, its strength is lost; it is then given the share
of the light that it has under a clear sky.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets.own.panorama import directions

F32 = NDArray[np.float32]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear RGB, Rec. 709."""

SPOT, RIM = 5.0, 6.0
"""Degrees from the brightest place: the sun and its glare within one, the sky beside it up to the other."""

VISIBLE = 6.0
"""How many times brighter than the mean of the sky the disc stays in the map."""

LEAST = 0.12
"""A sun that adds less than this share to the light of the sky is none."""

CLIPPED = 0.985
"""Of the largest value of an 8-bit picture: brighter texels may have been brighter still."""

WIDE, MOST, ROUND = 20.0, 0.65, 0.7
"""A clipped sun and its glare lie within so many degrees, which hold most of all that is white; they are round."""

CLEAR = 2.5
"""Irradiance of a clipped sun, facing it, over that of its sky: between haze and a clear noon."""


@dataclass(frozen=True, eq=False)
class Split:
    """A map, and the sun that was in it.

    Attributes:
        sky: (H, 2H, 3) radiance without what the sun sends beyond it.
        direction: (3,) unit, to the sun; up where there is none.
        sun: (3,) irradiance on a plane that faces it; zeros where there is none.
        clipped: Whether the picture does not hold the sun's strength, so that it is assumed.
    """

    sky: F32
    direction: F32
    sun: F32
    clipped: bool = False


def whole(radiance: F32) -> Split:
    """The map as it is, without a sun."""
    return Split(radiance, np.array([0, 1, 0], np.float32), np.zeros(3, np.float32))


def split(radiance: F32, limited: bool) -> Split:
    """Parts a map (H, 2H, 3) as `Sky` has it.

    Args:
        radiance: Of any scale; of a limited picture in [0, 1].
        limited: Whether the picture ends at white, as 8-bit ones do.
    """
    there, solid = directions(len(radiance))
    light = radiance @ LUMINANCE.astype(np.float32)
    upper = len(radiance) // 2
    around = _ground_light(light[:upper], there[:upper], solid[:upper])  # irradiance on the ground
    none = whole(radiance)
    if around <= 0:
        return none
    if limited:
        return _clipped(radiance, light, there, solid, around) or none
    row, column = np.unravel_index(int(_blurred(light[:upper]).argmax()), (upper, light.shape[1]))
    away = _away(there, there[row, column])
    above = there[..., 1] > 0
    spot, rim = (away <= SPOT) & above, (away > SPOT) & (away <= RIM) & above
    beside = np.quantile(radiance[rim], 0.75, axis=0) if rim.any() else np.zeros(3)  # no hole in the glare
    mean = around / np.pi
    floor = np.maximum(beside, VISIBLE * mean).astype(np.float32)
    excess = np.where(spot[..., None], np.maximum(radiance - floor, 0), 0).astype(np.float32)
    weighted = excess * solid[..., None]
    sun = weighted.sum((0, 1), dtype=np.float64)
    strength = float(sun @ LUMINANCE)
    toward = np.einsum("hwc,hwi->i", weighted, there, dtype=np.float64)
    share = strength / max(around - strength * max(there[row, column, 1], 0), 1e-9 * around)
    if share < LEAST:
        return none
    return Split(radiance - excess, _unit(toward), sun.astype(np.float32))


def _clipped(radiance: F32, light: F32, there: F32, solid: F32, around: float) -> Split | None:
    """The sun of a picture that ends at white: its white texels above the horizon, if they lie together."""
    white = (radiance.min(-1) >= CLIPPED) & (there[..., 1] > 0)
    weight = np.where(white, solid, 0.0)
    whole = float(weight.sum())
    if whole <= 0:
        return None
    upper = len(radiance) // 2
    density = _blurred(white[:upper].astype(np.float32), WIDE)
    row, column = np.unravel_index(int(density.argmax()), density.shape)
    near = weight * (_away(there, there[row, column]) <= WIDE)
    toward = _unit(np.einsum("hw,hwi->i", near, there, dtype=np.float64))
    away = _away(there, toward)
    above = there[..., 1] > 0
    glow = (away > WIDE) & (away <= 2 * WIDE) & above
    # the share of the disc about its middle, as large as the white itself, that is white
    order = np.argsort(away[above])
    within = np.cumsum(np.broadcast_to(solid, away.shape)[above][order]) <= near.sum()
    disc = float(weight[above][order][within].sum() / max(near.sum(), 1e-9))
    if near.sum() < MOST * whole or disc < ROUND or np.median(light[glow]) > 0.8:
        return None  # white clouds, windows, lamps here and there
    sun = CLEAR * around * _tint(radiance, away)
    return Split(radiance, toward, sun.astype(np.float32), clipped=True)


def _tint(radiance: F32, away: F32) -> NDArray[np.float64]:
    """(3,) colour of luminance 1 of the glare: of what is bright about a sun, but not white."""
    bright = (away <= WIDE) & (radiance.min(-1) > 0.55) & (radiance.min(-1) < CLIPPED)
    color = radiance[bright].mean(0, dtype=np.float64) if bright.sum() > 20 else np.ones(3)
    color = 0.5 + 0.5 * color / max(float(color @ LUMINANCE), 1e-6)  # the disc itself is whiter than its glare
    return np.asarray(color / float(color @ LUMINANCE))


def _away(there: F32, direction: F32) -> F32:
    """(H, W) degrees from each texel to a direction."""
    return np.asarray(np.degrees(np.arccos(np.clip(there @ direction, -1, 1))), np.float32)


def _ground_light(light: F32, there: F32, solid: F32) -> float:
    return float((light * there[..., 1] * solid).sum(dtype=np.float64))


def _blurred(values: F32, degrees: float = 1.0) -> F32:
    """Means over about so many degrees, by rows and columns: one hot pixel is no sun."""
    reach = max(1, round(degrees * 2 * len(values) / 180 / 2))
    for axis, mode in ((0, "edge"), (1, "wrap")):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (reach + 1, reach)
        total = np.cumsum(np.pad(values, pad, mode=mode), axis=axis, dtype=np.float64)  # type: ignore[call-overload]
        size, moved = 2 * reach + 1, np.moveaxis(total, axis, 0)
        values = np.moveaxis((moved[size:] - moved[:-size]) / size, 0, axis).astype(np.float32)
    return values


def _unit(vector: NDArray[np.float64]) -> F32:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-30), np.float32)
