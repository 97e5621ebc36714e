"""A small ray caster for surroundings: boxes and ovals seen from near the floor, painted, then lit by what glows.

    things = (Thing((-1, 0, 1.5), (1, 0.4, 2.2), "#6b7f8f", "cloth"), …)
    radiance = seen(dome, things, shell=Shell(…), eye=0.2, ambient=0.5)

Lengths are metres, y counts from the floor. The eye is low: a renderer puts its own ground before all that lies below
the horizon, and a floor that ends at the horizon wants what stands on it to begin there too.

The light of each glowing thing falls off with distance and angle (a small facet's form factor, with its area added to
the square of the distance so that it stays finite); nothing casts a shadow, but corners and what is near the floor are
darker.

Sources: T. Kay and J. Kajiya, "Ray tracing complex scenes", 1986 (slabs); T. Saito and T. Takahashi, "Comprehensible
rendering of 3-D shapes", 1990 (first what is seen, then its light).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.paints import PAINTS, Spots
from diorama.assets.procedural.skies import Dome, linear

Vector = tuple[float, float, float]
BELOW = 6
"""Degrees under the horizon that are cast; a renderer shows nothing of the rest but its mean."""


@dataclass(frozen=True)
class Thing:
    """A box from `low` to `high`, or the oval that fills it."""

    low: Vector
    high: Vector
    color: str
    paint: str = "plain"  # a name of PAINTS
    other: str = ""  # the paint's second colour; by default a darker one
    oval: bool = False
    glow: float = 0.0  # radiance of its own, times its colour
    lights: float = 1.0  # how much more it lights the rest than its radiance tells: a lamp burns out any picture


@dataclass(frozen=True)
class Shell:
    """Four walls, floor and ceiling."""

    low: tuple[float, float]  # x, z
    high: tuple[float, float]
    height: float
    walls: str
    paint: str = "plain"
    other: str = ""
    ceiling: str = "#eeeeea"
    floor: str = "#8a6a48"


@dataclass(eq=False)
class _Seen:
    """What each of R × W rays meets first."""

    ray: F32  # (R, W, 3)
    depth: F32  # (R, W)
    normal: F32  # (R, W, 3)
    albedo: F32
    glow: F32
    open: F32  # (R, W) share of the ambient light


def seen(
    d: Dome,
    things: Sequence[Thing],
    *,
    shell: Shell | None = None,
    behind: F32 | None = None,
    eye: float = 0.2,
    ambient: float = 0.5,
    sun: tuple[Vector, float] | None = None,
) -> F32:
    """(H, W, 3) radiance.

    Args:
        d: The directions.
        things: What stands there, in any order.
        shell: The room, or
        behind: (H, W, 3) radiance of what lies behind the things out of doors.
        eye: Height of the eye above the floor.
        ambient: Light from all around.
        sun: Direction and strength of a light from afar.
    """
    rows = int((d.rise[:, 0] > -BELOW).sum())
    ray = np.stack(np.broadcast_arrays(d.x[:rows], d.y[:rows], d.z[:rows]), -1)
    ray = np.where(np.abs(ray) < 1e-5, np.float32(1e-5), ray)
    shape = ray.shape[:2]
    zeros = np.zeros(ray.shape, np.float32)
    s = _Seen(ray, np.full(shape, 1e4, np.float32), zeros, zeros.copy(), zeros.copy(), np.ones(shape, np.float32))
    if shell is not None:
        _draw_shell(s, shell, eye)
    elif behind is not None:
        s.glow[:] = np.broadcast_to(behind, (*d.x.shape, 3))[:rows]
    for number, thing in enumerate(things):
        _draw(s, thing, number, eye)
    upper = _lit(s, things, eye, ambient, sun)
    out = np.empty((*d.x.shape, 3), np.float32)
    out[:rows] = upper
    if behind is not None:
        out[rows:] = np.broadcast_to(behind, out.shape)[rows:]
    else:
        mottle = 1 + 0.15 * d.part_rows(rows).fbm("floor", 24, 3)[..., None]
        out[rows:] = linear(0, shell.floor if shell else "#777777") * np.float32(0.6 * ambient) * mottle
    return out


def _draw_shell(s: _Seen, shell: Shell, eye: float) -> None:
    low = np.array([shell.low[0], -eye, shell.low[1]], np.float32)
    high = np.array([shell.high[0], shell.height - eye, shell.high[1]], np.float32)
    reach = np.where(s.ray > 0, high, low) / s.ray  # to the three walls ahead
    s.depth[:] = reach.min(-1)
    axis = reach.argmin(-1)
    point = s.ray * s.depth[..., None]
    s.normal[:] = np.eye(3, dtype=np.float32)[axis] * -np.sign(s.ray)
    for k in range(3):
        on = axis == k
        gap = np.minimum(point - low, high - point)
        gap[..., k] = 9
        s.open[on] = (1 - 0.4 * portable.exp(-gap[on] / np.float32(0.3))).prod(-1)
        if k == 1:
            s.albedo[on] = np.where(point[on][:, 1:2] > 0, linear(0, shell.ceiling), linear(0, shell.floor))
        else:
            along = point[on][:, 2 - k] + np.float32(3 * k) * np.sign(point[on][:, k])
            spots = Spots(
                along, point[on][:, 1] + np.float32(eye), np.ones(len(along), bool), 6.0, shell.height, 90 + k
            )
            painted = PAINTS[shell.paint](spots, linear(0, shell.walls), linear(0, shell.other or shell.walls))
            skirting = spots.b < 0.09
            s.albedo[on] = np.where(skirting[:, None], linear(0, "#ddd8cc"), painted.color)
            s.open[on] *= np.where(np.abs(spots.b - np.float32(0.09)) < 0.012, 0.7, 1)


def _draw(s: _Seen, thing: Thing, number: int, eye: float) -> None:
    low, high = _from_eye(thing, eye)
    window = _window(low, high, *s.depth.shape)
    if window is None:
        return
    ray = s.ray[window]
    with np.errstate(invalid="ignore"):
        near, normal = _oval(ray, low, high) if thing.oval else _box(ray, low, high)
    front = near < s.depth[window]
    if not front.any():
        return
    depth, normal, ray = near[front], normal[front], ray[front]
    point = ray * depth[:, None]
    up = np.abs(normal[:, 1]) < 0.7
    size = high - low
    along = np.where(np.abs(normal[:, 0]) > np.abs(normal[:, 2]), point[:, 2] - low[2], point[:, 0] - low[0])
    spots = Spots(
        along, np.where(up, point[:, 1] - low[1], point[:, 2] - low[2]), up, float(max(size[0], size[2])),
        float(size[1]), number,
    )  # fmt: skip
    color = linear(0, thing.color)
    painted = PAINTS[thing.paint](spots, color, linear(0, thing.other) if thing.other else color * np.float32(0.45))
    shown = painted.shown if painted.shown is not None else np.ones(len(depth), bool)
    rows, columns = (index[shown] for index in np.nonzero(front))
    at = window[0].ravel()[rows], window[1].ravel()[columns]
    if painted.tilt is not None:  # a fold turns the face sideways
        side = np.stack([normal[:, 2], np.zeros_like(depth), -normal[:, 0]], -1)
        normal = normal + side * painted.tilt[:, None]
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    s.depth[at], s.normal[at], s.albedo[at] = depth[shown], normal[shown], painted.color[shown]
    s.glow[at] = painted.color[shown] * np.float32(thing.glow)
    base = point[shown, 1] + np.float32(eye)
    s.open[at] = 0.5 + 0.5 * smoothstep(-0.05, 0.35, base) * (0.75 + 0.25 * smoothstep(-0.6, 0.6, normal[shown, 1]))


def _from_eye(thing: Thing, eye: float) -> tuple[F32, F32]:
    """Its corners (3,), counted from the eye."""
    low, high = (np.array([x, y - eye, z], np.float32) for x, y, z in (thing.low, thing.high))
    return low, high


def _window(low: F32, high: F32, rows: int, columns: int) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    """Rows (R, 1) and columns (1, C) of the map between which a box is seen."""
    x, z = (np.array([low[k], high[k]]) for k in (0, 2))
    nearest = float(portable.hypot(*(max(c[0], -c[1], 0.0) for c in (x, z))))
    farthest = float(portable.hypot(np.abs(x).max(), np.abs(z).max()))
    texel = 2 * np.pi / columns
    top = portable.arctan2(high[1], nearest if high[1] > 0 else farthest)
    bottom = portable.arctan2(low[1], farthest if low[1] > 0 else nearest)
    first, last = int((np.pi / 2 - top) / texel) - 1, int((np.pi / 2 - bottom) / texel) + 2
    if nearest < 1e-3:
        between = np.arange(columns)
    else:
        azimuth = portable.arctan2(np.repeat(x, 2), np.tile(z, 2))
        middle = portable.arctan2(x.mean(), z.mean())
        off = (azimuth - middle + np.pi) % (2 * np.pi) - np.pi
        left, right = ((middle + edge) / texel + columns / 2 for edge in (off.min(), off.max()))
        between = np.arange(int(np.floor(left)) - 1, int(np.ceil(right)) + 2) % columns
    span = np.arange(max(first, 0), min(last, rows))
    return (span[:, None], between[None]) if len(span) else None


def _box(ray: F32, low: F32, high: F32) -> tuple[F32, F32]:
    """Distances to a box, infinite where it is missed, and its normals there."""
    entry, leave = np.minimum(low / ray, high / ray), np.maximum(low / ray, high / ray)
    near = entry.max(-1)
    normal = np.where(entry == near[..., None], -np.sign(ray), np.float32(0))
    return np.where((near < leave.min(-1)) & (near > 0.05), near, np.float32(np.inf)), normal


def _oval(ray: F32, low: F32, high: F32) -> tuple[F32, F32]:
    """The same for the ellipsoid within a box."""
    middle, half = (low + high) / 2, (high - low) / 2
    a, b = ray / half, middle / half
    square = (a * a).sum(-1)
    along = (a * b).sum(-1)
    root = along * along - square * ((b * b).sum() - 1)
    near = (along - np.sqrt(np.maximum(root, 0))) / square
    normal = (ray * near[..., None] - middle) / (half * half)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.where((root > 0) & (near > 0.05), near, np.float32(np.inf)), normal.astype(np.float32)


def _lit(s: _Seen, things: Sequence[Thing], eye: float, ambient: float, sun: tuple[Vector, float] | None) -> F32:
    """Radiance of what is seen."""
    upward = np.float32(0.8) + np.float32(0.2) * s.normal[..., 1]
    light = (np.float32(ambient) * s.open * upward)[..., None] * np.ones(3, np.float32)
    point = s.ray * s.depth[..., None]
    for thing in things:
        if thing.glow > 0:
            low, high = _from_eye(thing, eye)
            size = np.sort(high - low)
            area = float(size[1] * size[2])
            to = (low + high) / 2 - point
            square = (to * to).sum(-1)
            facing = np.clip((s.normal * to).sum(-1) / np.sqrt(square), 0, 1)
            thin = int(np.argmin(high - low))  # a window sends its light ahead, a lamp to all sides
            ahead = np.abs(to[..., thin]) / np.sqrt(square) if not thing.oval else np.float32(0.5)
            share = area * ahead * (0.15 + 0.85 * facing) / (np.pi * square + area)
            light += (thing.glow * thing.lights * share)[..., None] * linear(0, thing.color)
    if sun is not None:
        toward = np.array(sun[0], np.float32) / np.float32(portable.norm(sun[0]))
        light += (np.float32(sun[1]) * np.clip(portable.matmul(s.normal, toward), 0, 1))[..., None]
    return np.asarray(s.albedo * light * (s.glow.max(-1, keepdims=True) <= 0) + s.glow, np.float32)
