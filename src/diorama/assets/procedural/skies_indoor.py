"""Skies of rooms and studios: a small ray caster sees walls, lights and furniture from the middle of the room.

Lengths are metres; the eye is the origin, so that the floor lies at y < 0. Nothing casts a shadow: the light of a
window or a lamp falls off with the distance and the angle, and corners are darker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.skies import Dome, linear, lit, sky
from diorama.assets.procedural.surfaces import mix

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Block:
    """A piece of furniture: a box. With `rows` it is a shelf of so many rows of books; below 0, of so many doors."""

    low: Vector
    high: Vector
    color: str
    rows: int = 0


@dataclass(frozen=True)
class Panel:
    """A bright rectangle on the wall or ceiling across `axis`, on the side of `sign`; where `light` is 0, a picture."""

    axis: int
    sign: int
    middle: tuple[float, float]  # along the two other axes, in their order
    size: tuple[float, float]
    color: str
    light: float
    bars: int = 0  # panes across
    power: float = 1.0  # how much more it lights the room than its brightness tells: a lamp burns out any picture


@dataclass(frozen=True)
class Room:
    """An empty box with things in it."""

    low: Vector
    high: Vector
    walls: str
    ceiling: str
    floor: str
    panels: Sequence[Panel]
    blocks: Sequence[Block] = field(default_factory=tuple)
    ambient: float = 0.5
    skirting: str = ""
    pattern: float = 0.0  # strength of a stripe on the walls


def seen(d: Dome, room: Room) -> F32:
    """(H, W, 3) radiance of the room from its origin."""
    ray = np.stack(np.broadcast_arrays(d.x, d.y, d.z), -1)
    ray = np.where(np.abs(ray) < 1e-5, np.float32(1e-5), ray)
    low, high = np.array(room.low, np.float32), np.array(room.high, np.float32)

    reach = np.where(ray > 0, high, low) / ray  # to the three walls ahead
    axis = reach.argmin(-1)
    distance = reach.min(-1)
    sign = np.sign(np.take_along_axis(ray, axis[..., None], -1)[..., 0]).astype(np.int32)
    point = ray * distance[..., None]
    normal = -(np.eye(3, dtype=np.float32)[axis] * sign[..., None])

    side = axis != 1
    stripes = 1 + room.pattern * np.sign(np.sin(20 * (point[..., 0] + point[..., 2])))
    color = lit(np.broadcast_to(linear(0, room.walls), ray.shape), np.where(side, stripes, 1.0))
    color = mix(color, linear(0, room.ceiling), ~side & (sign > 0))
    color = mix(color, lit(linear(0.5 + 0.5 * d.fbm("floor", 24, 4), room.floor), 1.0), ~side & (sign < 0))
    if room.skirting:
        color = mix(color, linear(0, room.skirting), side & (point[..., 1] < low[1] + 0.12))
    glow = np.zeros_like(color)
    for panel in room.panels:
        inside, u = _on(panel, point, axis, sign)
        if panel.light > 0:
            frame = np.abs(u * panel.bars % 1 - 0.5) > 0.46 if panel.bars else np.zeros_like(inside)
            color = mix(color, linear(0, "#e8e6e0"), inside & frame)
            glow = mix(glow, linear(0, panel.color) * np.float32(panel.light), inside & ~frame)
        else:
            color = mix(color, linear(0.5 + 0.5 * d.fbm(panel.color, 20, 3), panel.color, "#d8cdb4"), inside)

    corner = np.ones_like(distance)
    for k in range(3):
        gap = np.minimum(point[..., k] - low[k], high[k] - point[..., k])
        corner *= np.where(axis == k, 1, 1 - 0.35 * np.exp(-gap / 0.35))

    for number, block in enumerate(room.blocks):
        near, hit, face, way = _box(ray, block)
        front = hit & (near < distance)
        distance[front] = near[front]
        side, part = face[front], d.part(front)
        point[front] = ray[front] * near[front][:, None]
        normal[front] = -(np.eye(3, dtype=np.float32)[side] * way[front][:, None])
        color[front] = _painted(part, point[front], block, side, number)
        glow[front] = 0
        corner[front] = 0.55 + 0.45 * smoothstep(low[1], low[1] + 0.5, point[front][:, 1])

    light = np.full(color.shape, room.ambient, np.float32) * corner[..., None]
    for panel in room.panels:
        if panel.light > 0:
            light = light + _falling(panel, room, point, normal) * linear(0, panel.color)
    return np.asarray(color * light + glow, np.float32)


def _on(panel: Panel, point: F32, axis: NDArray[np.intp], sign: NDArray[np.int32]) -> tuple[NDArray[np.bool_], F32]:
    """Whether the points of the walls lie on the panel, and how far along it."""
    a, b = (k for k in range(3) if k != panel.axis)
    u = (point[..., a] - panel.middle[0]) / panel.size[0] + 0.5
    v = (point[..., b] - panel.middle[1]) / panel.size[1] + 0.5
    on = (axis == panel.axis) & (sign == panel.sign) & (u > 0) & (u < 1) & (v > 0) & (v < 1)
    return on, u


def _box(ray: F32, block: Block) -> tuple[F32, NDArray[np.bool_], NDArray[np.intp], F32]:
    """Distance to a box, whether it is hit, the axis of the face hit and the ray's sign along it (Kay, Kajiya 1986)."""
    ends = np.stack([np.array(block.low, np.float32) / ray, np.array(block.high, np.float32) / ray])
    entry, leave = ends.min(0), ends.max(0)
    face = entry.argmax(-1)
    near = entry.max(-1)
    way = np.sign(np.take_along_axis(ray, face[..., None], -1)[..., 0])
    return near, (near < leave.min(-1)) & (near > 0), face, way


def _painted(d: Dome, at: F32, block: Block, face: NDArray[np.intp], number: int) -> F32:
    """(N, 3) colours of points on a block."""
    wood = np.broadcast_to(linear(0, block.color), at.shape)
    upright = face != 1
    along = np.where(face == 0, at[:, 2], at[:, 0])
    if block.rows > 0:
        height = (at[:, 1] - block.low[1]) / (block.high[1] - block.low[1]) * block.rows
        shelf = np.floor(height).astype(np.int32)
        volume = (np.floor(along * 22).astype(np.int32) + 37 * shelf) % 64
        tall, hue = d.uniforms(f"books{number}", 2, 64)[:, volume]
        colors = ("#7d2f26", "#2f4a6b", "#d8cfb8", "#3f5a3a", "#b0843c", "#4a3a52", "#8b8b86", "#1f2326")
        inside = (height - shelf > 0.1) & upright
        back = inside & (height - shelf < 0.55 + 0.35 * tall)
        wood = np.where(back[:, None], linear(hue, *colors), np.where(inside[:, None], linear(0, "#1a1512"), wood))
    tone = 1 + 0.07 * d.fbm(f"block{number}", 40, 3)
    if block.rows < 0:
        door = along * -block.rows / (block.high[0] - block.low[0]) % 1
        tone *= np.where((np.abs(door - 0.5) > 0.46) & upright, 0.6, 1.0)
    return np.asarray(wood * tone[:, None], np.float32)


def _falling(panel: Panel, room: Room, point: F32, normal: F32) -> F32:
    """(H, W, 1) light that falls from a panel on surfaces, as from a point at its middle that emits by the cosine."""
    source = np.zeros(3, np.float32)
    a, b = (k for k in range(3) if k != panel.axis)
    source[a], source[b] = panel.middle
    source[panel.axis] = (room.high if panel.sign > 0 else room.low)[panel.axis]
    way = source - point
    square = (way**2).sum(-1) + 0.25 * panel.size[0] * panel.size[1]
    facing = np.clip((way * normal).sum(-1), 0, None)
    leaving = np.clip(way[..., panel.axis] * panel.sign, 0, None)
    area = panel.size[0] * panel.size[1]
    return np.asarray((panel.light * panel.power * area / np.pi * facing * leaving / square**2)[..., None], np.float32)


@sky("living-room")
def living_room(d: Dome) -> F32:
    """A day-lit living room: two windows, a sofa, shelves, a table, pictures."""
    return seen(d, Room(
        (-2.6, -0.5, -2.2), (2.4, 2.1, 2.8), "#d9cfbb", "#efece4", "#a9814f",
        (
            Panel(0, -1, (0.9, 0.2), (1.3, 1.4), "#e3eefb", 9.0, 2),
            Panel(0, -1, (0.9, -1.3), (1.3, 0.9), "#e3eefb", 9.0, 2),
            Panel(2, 1, (1.2, -0.9), (0.7, 0.9), "#56708a", 0.0),
            Panel(0, 1, (1.2, -0.7), (0.6, 0.5), "#8a5a3c", 0.0),
            Panel(2, -1, (-1.0, 0.6), (0.9, 2.1), "#c8bda8", 0.0),
        ),
        (
            Block((-1.3, -0.5, 1.7), (0.9, -0.05, 2.6), "#6b7f8f"),
            Block((-1.3, -0.05, 2.3), (0.9, 0.42, 2.7), "#62778a"),
            Block((1.75, -0.5, -1.7), (2.3, 1.4, -0.2), "#6b4a2f", 5),
            Block((1.2, -0.5, 0.6), (2.1, -0.05, 1.4), "#7a5636"),
            Block((-0.9, -0.5, -2.2), (0.5, 0.1, -1.8), "#5a4030"),
            Block((-0.7, 0.15, -2.15), (0.3, 0.7, -2.05), "#15171a"),
            Block((-2.4, -0.5, 1.9), (-1.9, 0.6, 2.4), "#3f5a34"),
        ), 0.55, "#efe9dc",
    ))  # fmt: skip


@sky("bedroom")
def bedroom(d: Dome) -> F32:
    """A small room with one window behind a white curtain, a bed and a wardrobe."""
    return seen(d, Room(
        (-1.9, -0.45, -1.7), (1.8, 2.05, 1.9), "#c9d2da", "#f0f0ee", "#b7a68e",
        (
            Panel(2, 1, (0.3, 0.9), (1.5, 1.2), "#f6f4ee", 7.0, 3),
            Panel(0, -1, (1.0, -0.2), (0.5, 0.8), "#a04a44", 0.0),
        ),
        (
            Block((-1.8, -0.45, -1.6), (0.2, 0.05, -0.5), "#b8606a"),
            Block((-1.8, 0.05, -1.6), (-1.3, 0.2, -0.6), "#efece6"),
            Block((1.15, -0.45, -1.5), (1.75, 1.6, -0.1), "#8c6a48", -1),
            Block((-1.8, -0.45, 0.4), (-1.3, 0.1, 0.9), "#7d5f44"),
            Block((0.9, -0.45, 1.0), (1.5, 0.0, 1.6), "#d9b54a"),
        ), 0.6, "#f3f1ec",
    ))  # fmt: skip


@sky("kitchen")
def kitchen(d: Dome) -> F32:
    """White cupboards, a steel refrigerator, a strip light on the ceiling and a window."""
    return seen(d, Room(
        (-2.0, -0.5, -1.6), (2.0, 2.0, 2.2), "#e6dfc9", "#f2f1ec", "#8f7f6c",
        (
            Panel(1, 1, (0.0, 0.3), (1.3, 0.35), "#f4f8f2", 12.0),
            Panel(2, 1, (0.4, 0.8), (1.0, 0.9), "#e8f0fa", 7.0, 2),
        ),
        (
            Block((-2.0, -0.5, 1.6), (1.2, 0.38, 2.2), "#e4e2dc", -6),
            Block((-2.0, 0.38, 1.55), (1.2, 0.43, 2.2), "#3c3a38"),
            Block((1.25, -0.5, 1.5), (1.95, 1.3, 2.2), "#b6babd"),
            Block((-2.0, 0.95, 1.85), (-0.3, 1.6, 2.2), "#e4e2dc", -4),
            Block((-2.0, -0.5, -1.2), (-1.4, 0.38, 0.9), "#d8d6d0"),
            Block((0.8, -0.5, -1.1), (1.7, 0.2, -0.2), "#a5743f"),
            Block((0.2, -0.5, -1.5), (0.5, 0.0, -1.2), "#b03a2e"),
        ), 0.6,
    ))  # fmt: skip


@sky("warm-lamp")
def warm_lamp(d: Dome) -> F32:
    """A room in the evening: two warm lamps, dark windows, a red sofa."""
    return seen(d, Room(
        (-2.2, -0.5, -2.0), (2.2, 2.0, 2.4), "#c9a877", "#d9c6a2", "#6d4628",
        (
            Panel(1, 1, (0.3, 0.4), (0.5, 0.5), "#ffcf8a", 4.0, 0, 9.0),
            Panel(0, 1, (0.75, 1.2), (0.4, 0.4), "#ffb765", 3.5, 0, 7.0),
            Panel(2, -1, (-0.6, 0.9), (1.2, 1.1), "#1a2130", 0.0),
            Panel(0, -1, (1.1, 0.4), (0.9, 0.7), "#5a3a2a", 0.0),
        ),
        (
            Block((-1.4, -0.5, 1.5), (0.8, -0.05, 2.3), "#7d2a24"),
            Block((-1.4, -0.05, 2.0), (0.8, 0.4, 2.35), "#742621"),
            Block((1.7, -0.5, -1.4), (2.15, 1.5, 0.2), "#4d3220", 6),
            Block((-2.1, -0.5, -0.9), (-1.5, 0.15, 0.5), "#5c3d25"),
            Block((0.9, -0.5, -1.9), (1.5, 0.3, -1.5), "#3a4a38"),
        ), 0.28, "#e3d4b4", 0.05,
    ))  # fmt: skip


@sky("office")
def office(d: Dome) -> F32:
    """A shelter's or a vet's room: fluorescent tubes, bare walls, cages along one side, a steel table."""
    tubes = tuple(Panel(1, 1, (x, z), (0.3, 1.2), "#f0f7f4", 9.0) for x in (-1.0, 1.0) for z in (-1.2, 1.2))
    cages = tuple(
        Block((-2.35, -0.5 + 0.62 * row, -1.9 + 0.7 * k), (-1.8, 0.07 + 0.62 * row, -1.28 + 0.7 * k), color)
        for row in range(3)
        for k, color in enumerate(("#5d6163", "#74787a", "#4c5052", "#66696b", "#5a5e60"))
    )
    furniture = (
        Block((0.6, 0.25, 1.2), (2.2, 0.33, 2.0), "#b9bec1"), Block((0.7, -0.5, 1.3), (2.1, 0.25, 1.9), "#7f878c"),
        Block((1.6, -0.5, -2.1), (2.3, 1.4, -1.4), "#4a6f8f"), Block((0.2, -0.5, -2.2), (0.9, 0.2, -1.7), "#c9c3b2"),
    )  # fmt: skip
    return seen(
        d, Room((-2.4, -0.5, -2.3), (2.4, 2.2, 2.3), "#c8cfc6", "#e6e8e4", "#8d8f8a", tubes, (*cages, *furniture), 0.6)
    )


@sky("studio")
def studio(d: Dome) -> F32:
    """A photographer's studio: grey backdrop, two large soft boxes and one overhead."""
    return seen(d, Room(
        (-3.0, -0.5, -3.0), (3.0, 3.0, 3.0), "#5c5d60", "#2a2a2c", "#6a6a6c",
        (
            Panel(0, -1, (1.3, 1.2), (1.7, 1.9), "#ffffff", 11.0), Panel(0, 1, (1.3, 1.0), (1.7, 1.9), "#fff6ea", 6.0),
            Panel(1, 1, (0.0, 0.0), (2.2, 1.4), "#ffffff", 5.0),
        ), (), 0.35,
    ))  # fmt: skip


@sky("white-cove")
def white_cove(d: Dome) -> F32:
    """A product shot's white cove: a bright backdrop all around, dimmer above."""
    backdrop = 1.2 - 0.75 * smoothstep(0.15, 1.0, np.abs(d.y)) + 0.03 * d.fbm("unevenness", (4, 4), 3)
    lamps = np.maximum(d.toward(-50, 60), d.toward(70, 55))
    return lit(np.broadcast_to(linear(0, "#f6f5f2"), (*d.y.shape, 3)), backdrop + 3 * smoothstep(0.94, 0.97, lamps))
