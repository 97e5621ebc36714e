"""Paints of `caster`'s things: what makes a box a shelf of books, a curtain, a row of drawers or a house front.

Each is a function of the spots that are seen and of two linear colours. Their noises are looked up in one small tile:
a room has a hundred things, and each only a few hundred spots.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural import noise
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.skies import linear

SIDE = 256


@dataclass(frozen=True, eq=False)
class Spots:
    """N places on a thing."""

    a: F32  # (N,) metres along it
    b: F32  # (N,) metres up its sides; across, on its top
    upright: NDArray[np.bool_]  # (N,) whether it is a side
    width: float  # metres
    height: float
    number: int  # of the thing: no two are alike

    def noise(self, size: float, stretch: float = 1.0) -> F32:
        """Fractal noise whose largest swings are `size` metres long, and `stretch` times as long along as across."""
        shift = 37 * self.number
        u = np.floor(self.a * np.float32(SIDE / (4 * size * stretch))).astype(np.int32) + shift
        v = np.floor(self.b * np.float32(SIDE / (4 * size))).astype(np.int32) + 3 * shift
        return np.asarray(_fractal()[v % SIDE, u % SIDE], np.float32)

    def drawn(self, item: NDArray[np.integer], channel: int = 0) -> F32:
        """A uniform for each numbered item."""
        return np.asarray(_uniforms()[(item * 31 + self.number * 131 + channel * 977) % 4096], np.float32)


class Painted(NamedTuple):
    """What a paint gives."""

    color: F32  # (N, 3) linear
    tilt: NDArray[np.floating] | None = None  # (N,) tangent of the angle by which the face is turned sideways
    shown: NDArray[np.bool_] | None = None  # (N,) False where one sees through it


@lru_cache
def _fractal() -> F32:
    return noise.fbm("paints.fractal", *noise.grid(SIDE, SIDE), 4, 6, 0.62)


@lru_cache
def _uniforms() -> F32:
    return noise.uniforms("paints.items", 4096)


def _mixed(a: F32, b: F32, share: NDArray[np.generic] | F32) -> F32:
    return np.asarray(a + (b - a) * np.clip(share, 0, 1)[:, None], np.float32)


def _toned(color: F32, tone: NDArray[np.floating]) -> F32:
    return np.asarray(color * np.maximum(tone, 0)[:, None], np.float32)


def _line(x: F32, period: float, half: float) -> NDArray[np.bool_]:
    """Where x is within `half` of a multiple of the period."""
    return np.asarray(np.abs(np.mod(x / np.float32(period) + 0.5, 1) - 0.5) * period < half)


def plain(s: Spots, color: F32, other: F32) -> Painted:
    """Paint or plaster, a little stained."""
    return Painted(_toned(color, 1 + 0.1 * s.noise(0.5) + 0.04 * s.noise(0.06)))


def wood(s: Spots, color: F32, other: F32) -> Painted:
    """Sawn wood, its grain along the longer side."""
    turned = s if s.width >= s.height else Spots(s.b, s.a, s.upright, s.height, s.width, s.number)
    return Painted(_mixed(color, other, 0.35 + 0.5 * turned.noise(0.05, 10) + 0.1 * turned.noise(0.3)))


def cloth(s: Spots, color: F32, other: F32) -> Painted:
    """Upholstery or bedding: soft creases, a little nap."""
    crease = s.noise(0.35)
    return Painted(_toned(color, 1 + 0.22 * crease + 0.1 * s.noise(0.03)), 0.5 * s.noise(0.25, 0.6))


def striped(s: Spots, color: F32, other: F32) -> Painted:
    """Stripes of two colours."""
    stripe = np.mod(s.a + 0.02 * s.noise(0.3), 0.12) < 0.05
    return Painted(_toned(_mixed(color, other, stripe), 1 + 0.15 * s.noise(0.3)), 0.3 * s.noise(0.25))


def plaid(s: Spots, color: F32, other: F32) -> Painted:
    """Crossing bands."""
    bands = 0.5 * (np.mod(s.a, 0.2) < 0.08) + 0.5 * (np.mod(s.b, 0.2) < 0.08)
    return Painted(_toned(_mixed(color, other, bands), 1 + 0.15 * s.noise(0.3)), 0.3 * s.noise(0.25))


def floral(s: Spots, color: F32, other: F32) -> Painted:
    """A printed pattern of blotches."""
    print_ = smoothstep(0.1, 0.35, s.noise(0.09))
    leaf = smoothstep(0.15, 0.4, -s.noise(0.07))
    return Painted(
        _toned(_mixed(_mixed(color, other, print_), linear(0, "#5c6b4a"), 0.6 * leaf), 1 + 0.15 * s.noise(0.3))
    )


def patchwork(s: Spots, color: F32, other: F32) -> Painted:
    """A quilt of squares."""
    square = np.floor(s.a / 0.18).astype(np.int32) + 17 * np.floor(s.b / 0.18).astype(np.int32)
    shade = linear(s.drawn(square), "#a8505a", "#d9c9a8", "#5b7a99", "#e6e0d2", "#7f9a6b", "#c98f5a")
    seam = _line(s.a, 0.18, 0.006) | _line(s.b, 0.18, 0.006)
    return Painted(_toned(shade, (1 + 0.2 * s.noise(0.2)) * np.where(seam, 0.7, 1)), 0.4 * s.noise(0.2))


def curtain(s: Spots, color: F32, other: F32) -> Painted:
    """Hanging cloth in folds."""
    phase = s.a * np.float32(2 * np.pi / 0.16) + 1.6 * s.noise(0.7, 0.25)
    pattern = 0.5 * smoothstep(0.2, 0.4, s.noise(0.12))
    return Painted(
        _toned(_mixed(color, other, pattern * 0.5), 0.85 + 0.25 * portable.sin(phase)), 1.1 * portable.cos(phase)
    )


def doors(s: Spots, color: F32, other: F32) -> Painted:
    """Cupboard doors with panels and handles."""
    step = s.width / max(round(s.width / 0.5), 1)
    gap, place = _line(s.a, step, 0.012), np.mod(s.a, step)
    inset = np.minimum(np.minimum(place, step - place), np.minimum(s.b, s.height - s.b))
    tone = np.where(gap, 0.3, np.where(np.abs(inset - 0.07) < 0.012, 0.72, 1.0))
    handle = (np.abs(place - 0.06) < 0.014) & (np.abs(s.b - 0.6 * s.height) < 0.07)
    base = _toned(wood(s, color, color * np.float32(0.75)).color, np.where(s.upright, tone, 1))
    return Painted(_mixed(base, linear(0, "#b8b8b4"), handle & s.upright))


def drawers(s: Spots, color: F32, other: F32) -> Painted:
    """A chest: drawers with knobs."""
    step = s.height / max(round(s.height / 0.22), 1)
    gap = _line(s.b, step, 0.01) & s.upright
    knob = (
        portable.hypot(np.abs(s.a - s.width / 2) - 0.25 * s.width, np.mod(s.b, step) - step / 2) < 0.025
    ) & s.upright
    base = _toned(wood(s, color, color * np.float32(0.7)).color, np.where(gap, 0.35, 1))
    return Painted(_mixed(base, linear(0, "#c9b98a"), knob))


def books(s: Spots, color: F32, other: F32) -> Painted:
    """Shelves of books and odds and ends."""
    step = s.height / max(round(s.height / 0.32), 1)
    shelf = np.floor(s.b / step).astype(np.int32)
    up = np.mod(s.b, step)
    volume = np.floor(s.a / np.float32(0.035)).astype(np.int32) + 211 * shelf
    group = np.floor(s.a / np.float32(0.3)).astype(np.int32) + 97 * shelf
    empty = s.drawn(group, 2) < 0.22
    tall = (0.5 + 0.4 * s.drawn(volume)) * (step - 0.03)
    spines = ("#7d2f26", "#2f4a6b", "#d8cfb8", "#3f5a3a", "#b0843c", "#4a3a52", "#8b8b86", "#1f2326", "#c7c2b5")
    hue = np.where(empty, s.drawn(group, 1), s.drawn(volume, 1))
    tall = np.where(empty, 0.55 * step * s.drawn(group), tall)
    lower = up < tall + 0.03
    inside = (up > 0.025) & s.upright & (s.a > 0.025) & (s.a < s.width - 0.025)
    item = _toned(linear(hue, *spines), 0.85 + 0.3 * s.noise(0.05))
    back = np.where((lower & inside)[:, None], item, np.where(inside[:, None], color * np.float32(0.22), color))
    return Painted(np.asarray(back, np.float32))


def tiles(s: Spots, color: F32, other: F32) -> Painted:
    """Glazed tiles to the wall."""
    number = np.floor(s.a / 0.15).astype(np.int32) + 61 * np.floor(s.b / 0.15).astype(np.int32)
    joint = _line(s.a, 0.15, 0.005) | _line(s.b, 0.15, 0.005)
    return Painted(_mixed(_toned(color, 0.94 + 0.1 * s.drawn(number) + 0.04 * s.noise(0.4)), other, joint))


def brick(s: Spots, color: F32, other: F32) -> Painted:
    """Bricks in stretcher bond."""
    row = np.floor(s.b / 0.11).astype(np.int32)
    a = s.a + 0.14 * (row % 2)
    number = np.floor(a / 0.28).astype(np.int32) + 53 * row
    joint = _line(a, 0.28, 0.01) | _line(s.b, 0.11, 0.01)
    return Painted(_mixed(_toned(color, 0.75 + 0.5 * s.drawn(number) + 0.15 * s.noise(0.2)), other, joint))


def slats(s: Spots, color: F32, other: F32) -> Painted:
    """Upright boards or slats with dark gaps."""
    number = np.floor(s.a / 0.1).astype(np.int32)
    tone = (0.8 + 0.35 * s.drawn(number)) * (1 + 0.15 * s.noise(0.06, 0.15))
    return Painted(_toned(color, np.where(_line(s.a, 0.1, 0.008), 0.25, tone)))


def ribs(s: Spots, color: F32, other: F32) -> Painted:
    """A radiator's or a blind's ribs."""
    phase = s.a * np.float32(2 * np.pi / 0.06)
    return Painted(_toned(color, 0.85 + 0.15 * portable.sin(phase)), 0.6 * portable.cos(phase))


def blind(s: Spots, color: F32, other: F32) -> Painted:
    """Level slats, light between them."""
    return Painted(_toned(color, 0.55 + 0.45 * (0.5 + 0.5 * portable.sin(s.b * np.float32(2 * np.pi / 0.07)))))


def bars(s: Spots, color: F32, other: F32) -> Painted:
    """A cage's front: upright wires and a few level ones, seen through."""
    wire = _line(s.a, 0.08, 0.011) | _line(s.b, 0.35, 0.012)
    return Painted(_toned(color, 0.9 + 0.2 * s.noise(0.1)), None, wire)


def mesh(s: Spots, color: F32, other: F32) -> Painted:
    """A chain-link fence."""
    wire = _line(s.a + s.b, 0.2, 0.02) | _line(s.a - s.b, 0.2, 0.02) | _line(s.a, 2.0, 0.03)
    return Painted(_toned(color, 0.9 + 0.2 * s.noise(0.1)), None, wire)


def picket(s: Spots, color: F32, other: F32) -> Painted:
    """A garden fence of pointed pales."""
    place = np.abs(np.mod(s.a, 0.14) - 0.07)
    pale = (place < 0.045) & (s.b < s.height - place)
    rail = (np.abs(s.b - 0.25 * s.height) < 0.04) | (np.abs(s.b - 0.75 * s.height) < 0.04)
    return Painted(_toned(color, np.where(pale, 1, 0.6) * (1 + 0.1 * s.noise(0.1))), None, pale | rail)


def leaves(s: Spots, color: F32, other: F32) -> Painted:
    """A plant, a bush or a tree's crown: ragged, light and dark."""
    size = 0.12 * max(s.height, 0.4)
    tone = s.noise(size)
    return Painted(_mixed(other, color, 0.5 + 0.9 * tone), 0.8 * s.noise(size / 2), s.noise(1.7 * size) > -0.2)


def picture(s: Spots, color: F32, other: F32) -> Painted:
    """A framed picture."""
    edge = np.minimum(np.minimum(s.a, s.width - s.a), np.minimum(s.b, s.height - s.b))
    hue = 0.5 + 0.8 * s.noise(0.25)
    inside = linear(hue, "#2d3b44", "#6f7f6a", "#c9b48a", "#e8e2d2", "#a5563f")
    mount = linear(0, "#f0ede4")
    return Painted(np.where((edge < 0.03)[:, None], color, np.where((edge < 0.08)[:, None], mount, inside)))


def window(s: Spots, color: F32, other: F32) -> Painted:
    """The light of day behind panes, with sky above and green or walls below."""
    rise = s.b / s.height
    outside = _mixed(
        color * np.float32(0.35) * linear(0, "#a9b08f"), color, smoothstep(0.25, 0.55, rise + 0.25 * s.noise(0.3))
    )
    frame = _line(s.a, s.width / max(round(s.width / 0.7), 1), 0.03) | _line(s.b, s.height / 2, 0.02)
    return Painted(_mixed(outside, np.full(3, 0.05, np.float32), frame))


def front(s: Spots, color: F32, other: F32) -> Painted:
    """A house: rows of windows with frames, doors below."""
    storey, bay = np.floor(s.b / 2.8).astype(np.int32), np.floor(s.a / 2.1).astype(np.int32)
    u, v = np.mod(s.a, 2.1) - 1.05, np.mod(s.b, 2.8)
    wide = 0.35 + 0.25 * s.drawn(bay, 1)
    door = (storey == 0) & (s.drawn(bay) < 0.3)
    pane = (np.abs(u) < wide) & (v > 0.95) & (v < 2.25) & ~door
    frame = (np.abs(u) < wide + 0.09) & (v > 0.85) & (v < 2.33) & ~door
    cross = pane & ((np.abs(u) < 0.03) | (np.abs(v - 1.7) < 0.03))
    wall = brick(s, color, other).color if s.number % 2 else plain(s, color, other).color
    glass = _toned(linear(0.5 + 0.5 * s.noise(0.8), "#1b2126", "#4d5a63", "#8fa0ab"), 1 + 0 * u)
    wall = np.where((frame & ~pane | cross)[:, None], linear(0, "#e4e1d8"), np.where(pane[:, None], glass, wall))
    leaf = linear(s.drawn(bay, 2), "#3b2a20", "#26423a", "#6b1f1c", "#2b3d5b", "#d0cabb")
    wall = np.where((door & (np.abs(u) < 0.45) & (v < 2.05))[:, None], leaf, wall)
    return Painted(np.where(s.upright[:, None], wall, linear(0, "#5b4238")))


def shop(s: Spots, color: F32, other: F32) -> Painted:
    """A shop: a sign over large panes with goods behind."""
    sign = (s.b > 2.5) & (s.b < 3.1)
    letters = sign & (np.abs(s.b - 2.8) < 0.15) & (s.noise(0.1, 0.4) > 0)
    glass = (s.b > 0.45) & (s.b < 2.4) & ~_line(s.a, 1.6, 0.06)
    goods = linear(s.drawn(np.floor(s.a / 0.3).astype(np.int32) + 7 * np.floor(s.b / 0.35).astype(np.int32)),
                   "#2b2a28", "#8a6a48", "#c9bda5", "#7a3f3a", "#3f5566", "#d8d2c2")  # fmt: skip
    goods = _toned(goods, 0.6 + 0.5 * s.noise(0.2))
    upper = front(s, other, other * np.float32(0.7)).color
    wall = np.where((s.b > 3.1)[:, None], upper, np.where(glass[:, None], goods, color * np.float32(0.7)))
    return Painted(np.where(letters[:, None], linear(0, "#f0ead8"), np.where(sign[:, None], color, wall)))


def car(s: Spots, color: F32, other: F32) -> Painted:
    """A parked car from the side: body, windows, wheels."""
    u, v = s.a / s.width, s.b / s.height
    roof = np.interp(u, [0, 0.03, 0.27, 0.4, 0.68, 0.86, 0.97, 1], [0.45, 0.55, 0.62, 1.0, 1.0, 0.64, 0.55, 0.4])
    wheel = np.minimum(portable.hypot(s.a - 0.19 * s.width, s.b - 0.3), portable.hypot(s.a - 0.8 * s.width, s.b - 0.3))
    glass = (v > 0.63) & (v < roof - 0.06) & (np.abs(u - 0.54) > 0.012)
    base = _toned(color, 0.7 + 0.5 * v + 0.08 * s.noise(0.5))
    base = np.where(glass[:, None], _toned(linear(0.5 + 0.5 * s.noise(0.4), "#15191c", "#56646e"), 1 + 0 * u), base)
    lamp = ((u < 0.05) | (u > 0.95)) & (np.abs(v - 0.48) < 0.06)
    base = np.where(lamp[:, None], linear(0, "#d8d0c0"), base)
    base = np.where((wheel < 0.31)[:, None], np.where((wheel < 0.19)[:, None], 0.35, 0.012), base)
    return Painted(np.asarray(base, np.float32), None, ((v < roof) & (s.b > 0.22)) | (wheel < 0.31))


PAINTS: dict[str, Callable[[Spots, F32, F32], Painted]] = {
    paint.__name__: paint
    for paint in (
        plain, wood, cloth, striped, plaid, floral, patchwork, curtain, doors, drawers, books, tiles, brick, slats,
        ribs, blind, bars, mesh, picket, leaves, picture, window, front, shop, car,
    )
}  # fmt: skip
"""By name."""
