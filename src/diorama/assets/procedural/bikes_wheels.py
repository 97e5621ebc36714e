"""Wheels: tyres, rims, spokes, hubs and brake discs."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.bikes_geometry import ALLOY, AMBER, BLACK, CHROME, DARK, STEEL, Detail, Wheel, matt
from diorama.assets.procedural.solids import F64, Solid, box, lathe, wires


def wheel(w: Wheel, detail: Detail, rear: bool, reflectors: bool = False) -> list[Solid]:
    """A wheel about the X axis at the origin, its brake disc on the left."""
    segments = detail.n(72 if w.knobs else 56 if w.radius > 0.28 else 44, 20)
    inner = w.radius - w.tyre  # where tyre and rim meet
    parts = _tyre(w, segments, detail)
    wide = min(0.5 * w.tyre + 0.004, 0.026)
    low = inner - w.rim
    rim = [(inner + 0.006, -wide), (inner + 0.006, wide), (inner - 0.006, wide), (low, 0.45 * wide),
           (low, -0.45 * wide), (inner - 0.006, -wide)]  # fmt: skip
    rim = rim if detail.level < 2 else [rim[1], rim[3], rim[4], rim[0]]
    parts.append(lathe(rim, segments, closed=True).of(w.rim_finish))
    half = 0.058 if rear else 0.045
    left = [(0.8 * w.hub, half - 0.02), (1.3 * w.hub, half - 0.016), (1.3 * w.hub, half - 0.013), (0.008, half - 0.012),
            (0.008, half), (0.001, half)]  # fmt: skip
    hub = [*((r, -x) for r, x in left[::-1]), *left]
    hub = hub if detail.level == 0 else [hub[0], (w.hub, 0.012 - half), (w.hub, half - 0.012), hub[-1]]
    parts.append(lathe(hub, detail.n(14, 6)).of(ALLOY if w.rim_finish != BLACK else DARK))
    if w.spokes:
        parts.append(_spokes(w, low + 0.004, half - 0.0145, detail))
    else:
        cover = [(0.02, -0.022), (low + 0.01, -0.008), (low + 0.01, 0.008), (0.02, 0.022)]
        parts.append(lathe(cover, segments).of(BLACK))
    if w.brake_disc:
        r = w.brake_disc
        ring = [(r, half - 0.006), (r, half - 0.004), (0.78 * r, half - 0.004), (0.78 * r, half - 0.006)]
        parts.append(lathe(ring, detail.n(28, 12), closed=True).of(CHROME))
        angle = np.arange(5) * 2 * np.pi / 5
        spread = np.stack([0 * angle, portable.cos(angle), portable.sin(angle)], -1)
        side = np.array([half - 0.005, 0, 0])
        parts.append(wires(side + 0.01 * spread, side + 0.8 * r * spread, detail.thin(0.003), 4).of(CHROME))
    if reflectors:
        parts.append(box((0.008, 0.022, 0.07)).moved((0.012, 0.62 * w.radius, 0)).of(AMBER))
    if w.spokes and detail.level < 2:
        valve = wires([(0, low - 0.03, 0.01)], [(0, low + 0.01, 0.01)], detail.thin(0.0025), 4)
        parts.append(valve.of(ALLOY))
    return parts


def _tyre(w: Wheel, segments: int, detail: Detail) -> list[Solid]:
    """The tyre, and bands on its walls where they have a colour of their own."""
    half, middle = w.tyre / 2, w.radius - w.tyre / 2
    sides = detail.n(10, 4 if w.tyre < 0.03 else 6)
    angle = np.arange(sides) * 2 * np.pi / sides  # from the tread over +X
    tyre = lathe(_ring(middle, half, angle), segments, closed=True)
    if w.knobs and detail.level < 2:
        tyre = _knobbed(tyre, middle, half, segments, w.knobs)
    parts = [tyre.of(matt(w.rubber))]
    if w.wall is not None:
        side = angle[(angle > np.radians(50)) & (angle < np.radians(150))]
        band = np.concatenate([_ring(middle, 1.05 * half, side), _ring(middle, 0.7 * half, side[::-1])])
        wall = lathe(band, segments, closed=True).of(matt(w.wall))
        parts += [wall, wall.mirrored()]
    return parts


def _ring(middle: float, radius: float, angle: F64) -> F64:
    """(M, 2) points of a tyre's section."""
    return np.stack([middle + radius * portable.cos(angle), radius * portable.sin(angle)], -1)


def _knobbed(tyre: Solid, middle: float, half: float, segments: int, height: float) -> Solid:
    """The tyre with every second step of its tread lowered."""
    p = tyre.positions.copy()
    reach = portable.hypot(p[:, 1], p[:, 2])
    step = np.rint(portable.arctan2(p[:, 2], p[:, 1]) / (2 * np.pi) * segments).astype(int)
    tread = np.clip((reach - middle) / half, 0, 1)
    p[:, 1:] *= (1 - height * np.abs(step % 2) * tread / reach)[:, None]
    return Solid(p, tyre.triangles, 25)


def _spokes(w: Wheel, reach: float, flange: float, detail: Detail) -> Solid:
    """Tangential spokes, half of them to each flange, half of these leading and half trailing."""
    count = 4 * round(w.spokes * (1.0, 0.8, 0.6)[detail.level] / 4)
    k = np.arange(count)
    angle = 2 * np.pi * k / count
    lean = np.where(k // 2 % 2 == 0, 1.0, -1.0) * (1.1 if count >= 20 else 0.6)
    side = np.where(k % 2 == 0, 1.0, -1.0)
    hub = np.stack(
        [side * flange, 1.2 * w.hub * portable.cos(angle + lean), 1.2 * w.hub * portable.sin(angle + lean)], -1
    )
    rim = np.stack([side * 0.004, reach * portable.cos(angle), reach * portable.sin(angle)], -1)
    return wires(hub, rim, detail.thin(0.0013)).of(STEEL)
