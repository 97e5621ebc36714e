"""Skies of rooms and studios: walls, windows, lamps and furniture about a low eye."""

from functools import partial

import numpy as np

from diorama.assets.procedural.caster import Shell, Thing, seen
from diorama.assets.procedural.furniture import (
    Things,
    armchair,
    bed,
    chair,
    chest,
    clutter,
    counter,
    door,
    frame,
    kennels,
    lamp,
    pane,
    plant,
    post,
    put,
    screen,
    shelf,
    sofa,
    table,
)
from diorama.assets.procedural.noise import F32, smoothstep
from diorama.assets.procedural.skies import Dome, linear, lit, sky

ROOMS: dict[str, tuple[Shell, float, Things]] = {  # by id: walls, light from all around, what stands there
    "living-room": (
        Shell((-2.2, -2.3), (2.3, 2.4), 2.4, "#cfc4ae", "plain", floor="#9a7148"), 0.45,
        (
            *put(pane(1.7, 0.1, 2.0, 7.0, cloth="#a89878"), 2.28, 0.1, 3), *put(plant(1.3), 1.9, 1.5, 3),
            *put(sofa("#6b7f8f", 2.0, cushions="#c98f5a"), -0.4, 2.35, 2), *put(frame(1.1, 1.2, 1.8), -0.4, 2.38, 2),
            *put(shelf("#6b4a2f", 1.2), 0.2, -2.28), *put(screen(1.0), -1.2, -2.25), *put(lamp(light=1.5), 1.5, -2.0),
            *put(armchair("#8a5a48", "plaid", "#c9b088"), -2.15, 0.6, 1),
            *put(table("#7a5636", 0.9, 0.5, 0.4), 0.9, 1.2),
            *put(clutter("living", 7, 2.4, 0.8), 0, -1.6),
        ),
    ),
    "sofa-corner": (
        Shell((-1.5, -2.6), (1.7, 1.5), 2.4, "#b8a48c", "striped", "#c4b29a", floor="#7d5a3c"), 0.4,
        (
            *put(sofa("#8f6a50", 2.3, "cloth", cushions="#d9c9a8"), 0.1, 1.48, 2),
            *put(sofa("#8f6a50", 1.6, cushions="#7f9a6b"), -1.48, -0.3, 1),
            Thing((-0.5, 0.44, 0.5), (0.5, 0.95, 1.3), "#a8505a", "patchwork"),
            *put(lamp(light=4, lights=10), 1.3, 1.0, 3),
            *put(frame(0.7, 1.2, 1.9), 0.5, 1.48, 2), *put(pane(1.2, 0.8, 2.0, 6.0, cloth="#7d3f3a"), 1.68, -0.8, 3),
            *put(shelf("#4d3524"), -0.4, -2.58), *put(door("#8a6240"), 1.0, -2.58),
            *put(clutter("corner", 5, 1.6, 0.7), 0, -1.8),
        ),
    ),
    "bedroom": (
        Shell((-2.0, -1.9), (2.0, 2.1), 2.4, "#c3cdd8", "floral", "#b2bfce", floor="#b7a68e"), 0.5,
        (
            *put(bed("#c98a92", "#8c6a48", "floral", "#efe3d8", 1.3), 1.0, 2.08, 2),
            *put(chest("#8c6a48", 0.5, 0.6), 0.0, 2.08, 2),
            *put(lamp("#ffe2b0", 2.5, height=1.0), 0.0, 1.95, 2, 0.6),
            *put(pane(1.3, 0.7, 2.0, 7.0, cloth="#f0ece2"), -1.98, 0.4, 1),
            Thing((1.35, 0, -1.4), (1.98, 2.1, -0.1), "#d8d2c4", "doors"), *put(chest("#c9b79a", 1.0), 0.1, -1.88),
            *put(frame(0.5, 1.1, 1.6), 0.1, -1.88), *put(clutter("bedroom", 8, 2.2, 0.9), 0, -1.5),
            *put(door(), -1.1, -1.88),
        ),
    ),
    "bedside": (
        Shell((-1.6, -2.2), (1.5, 1.9), 2.4, "#d8cfbd", "plain", floor="#a58a68"), 0.5,
        (
            *put(bed("#7b93b0", "#5a3e28", "patchwork"), -1.55, 0.2, 1),
            *put(bed("#d9d2c2", "#5a3e28", "plaid", "#8a5560", 1.0), 0.9, 1.88, 2),
            *put(pane(1.1, 0.75, 2.0, 6.0, cloth="#8fa06a"), -0.4, 1.88, 2),
            *put(chest("#5a3e28", 0.5, 0.55), -0.1, 1.85, 2),
            *put(shelf("#c9b79a", 0.8, 1.2), 1.48, -0.6, 3), *put(door("#cabb9c"), 0.5, -2.18),
            *put(clutter("bedside", 7, 2.0, 0.8), 0, -1.9), *put(frame(0.6, 1.0, 1.5), -0.7, -2.18),
        ),
    ),
    "kitchen": (
        Shell((-1.9, -1.8), (2.1, 2.2), 2.4, "#e6dfc9", "plain", floor="#b39c80"), 0.55,
        (
            *put(counter("#e4e2dc", "#3c3a38", 2.4), -0.6, 2.18, 2),
            Thing((0.75, 0, 1.5), (1.4, 1.75, 2.15), "#c6c9ca", "doors", "#9a9c9e"),
            *put(counter("#e4e2dc", "#3c3a38", 1.6), -1.88, 0.3, 1), *put(pane(1.2, 0.95, 2.0, 8.0), 2.08, 0.2, 3),
            *put(table("#a5743f", 1.1), 1.2, -1.2), *put(chair("#a5743f", "#b03a2e"), 0.5, -0.95, 1),
            *put(chair("#a5743f", "#b03a2e"), 1.3, -0.3, 2),
            Thing((-0.5, 2.3, -0.4), (0.7, 2.38, 0.3), "#f4f8f2", glow=9),
            *put(door("#d8d0bc"), -0.7, -1.78), *put(chest("#b98a58", 0.8, 0.9, "doors"), 0.3, -1.78),
            *put(clutter("kitchen", 6, 2.6, 0.6, size=0.22), 0.1, 1.1),
        ),
    ),
    "bathroom": (
        Shell((-1.3, -1.5), (1.4, 1.6), 2.4, "#dfe6e6", "tiles", "#b5bcbc", floor="#9fb0b5"), 0.6,
        (
            Thing((-1.28, 0, -0.9), (-0.6, 0.55, 0.8), "#f2f2ee", "plain"),
            Thing((-1.26, 0.1, 0.7), (-0.6, 2.0, 0.78), "#7fa3b8", "curtain", "#e9eef0"),
            Thing((0.1, 0.25, 1.1), (0.62, 0.42, 1.58), "#f4f4f0", oval=True),
            Thing((0.24, 0, 1.25), (0.48, 0.35, 1.55), "#eceae6"),
            Thing((0.12, 0.4, 1.38), (0.6, 0.8, 1.58), "#f2f2ee"),
            Thing((0.9, 0.0, -0.5), (1.38, 0.8, 0.5), "#cfc4b0", "doors"),
            Thing((0.85, 0.8, -0.55), (1.38, 0.86, 0.55), "#f4f4f0"), *put(frame(0.7, 1.1, 1.9, "#d0d4d6"), 1.38, 0, 3),
            Thing((1.2, 1.95, -0.4), (1.3, 2.05, 0.4), "#fff4e0", glow=10, lights=2),
            *put(pane(0.6, 1.2, 1.9, 6.0), -0.4, 1.58, 2),
            Thing((-0.45, 0.5, 1.5), (0.0, 1.1, 1.58), "#c86a6a", "cloth"), *put(door(), 0.3, -1.48),
            Thing((-0.9, 0.4, -1.48), (-0.5, 1.2, -1.4), "#e2c45a", "cloth"),
            *put(clutter("bath", 5, 1.4, 0.4, size=0.2), 0.4, -1.2),
        ),
    ),
    "hallway": (
        Shell((-0.9, -3.4), (0.95, 3.0), 2.4, "#d3c19a", "plain", floor="#8f6a48"), 0.45,
        (
            *put(door("#f0ece2"), 0, 2.98, 2), Thing((-0.3, 1.45, 2.9), (0.3, 1.9, 2.93), "#eaf2fa", "window", glow=6),
            *put(door("#8a6240"), -0.88, 0.9, 1), *put(door("#8a6240"), 0.93, -0.6, 3),
            *put(chest("#6b4a2f", 0.8, 0.8), 0.93, 1.0, 3),
            *put(door("#8a6240"), -0.88, -1.4, 1), *put(frame(0.5, 1.3, 1.9), 0.93, 0.3, 3),
            *put(frame(0.4, 1.2, 1.7), -0.88, 0.0, 1),
            Thing((-0.15, 2.2, -0.15), (0.15, 2.38, 0.15), "#ffe6c0", oval=True, glow=4, lights=9),
            Thing((-0.88, 0.9, 1.7), (-0.7, 1.8, 2.6), "#3f5a6b", "cloth"),
            *put(clutter("shoes", 9, 1.5, 0.5, size=0.24), 0, 2.2), *put(shelf("#c9b79a", 0.8, 1.0), 0, -3.38),
            Thing((-0.88, 0.1, -0.75), (-0.78, 0.75, -0.1), "#ece8de", "ribs"),
        ),
    ),
    "warm-lamp": (
        Shell((-2.2, -2.0), (2.2, 2.4), 2.3, "#c9a877", "striped", "#bf9c6a", ceiling="#d9c6a2", floor="#6d4628"), 0.22,
        (
            *put(sofa("#7d2a24", 2.1, "cloth", cushions="#c9a64a"), -0.3, 2.38, 2),
            *put(lamp("#ffcf8a", 4.5, 22), 1.3, 2.2, 2),
            *put(lamp("#ffb765", 3.5, 14, 1.2), -2.1, -0.9, 1), *put(shelf("#4d3220", 1.4, 2.0), 2.18, -0.5, 3),
            Thing((-0.9, 0.7, -1.98), (0.6, 2.0, -1.95), "#131a28", "window", glow=0.03),
            *put(frame(0.8, 1.1, 1.8), -0.6, 2.38, 2),
            Thing((-1.3, 0, -1.95), (-0.85, 2.1, -1.85), "#7a4a30", "curtain", "#8a5a3c"),
            Thing((0.55, 0, -1.95), (1.0, 2.1, -1.85), "#7a4a30", "curtain", "#8a5a3c"),
            *put(armchair("#4a5a48"), 1.4, -1.9), *put(table("#5c3d25", 0.8, 0.5, 0.42), 0.3, 1.1),
            *put(chest("#5c3d25"), -2.18, 1.0, 1),
        ),
    ),
    "sunroom": (
        Shell((-2.0, -1.9), (2.0, 2.0), 2.5, "#e8e2d2", "plain", floor="#c08a62"), 0.6,
        (
            *put(pane(3.2, 0.35, 2.2, 6.0, "#eef2e2"), 0, 1.98, 2),
            *put(pane(2.8, 0.35, 2.2, 5.0, "#f0f2ea"), -1.98, 0, 1),
            *put(plant(1.5), 1.5, 1.8, 2), *put(plant(0.9, "#4a6a7a"), 0.6, 1.85, 2),
            *put(plant(1.1, "#d8cfc0", "#8aa85a"), -1.7, 1.3, 1),
            *put(armchair("#c9b288", "floral", "#8f6a50"), 1.98, 0.2, 3),
            *put(table("#d8c8a0", 0.8, 0.6, 0.5), -1.1, 0.6),
            *put(door(), 1.0, -1.88), *put(chest("#d9d2c0", 1.0, 0.75), -0.5, -1.88),
            *put(clutter("sunroom", 6, 2.6, 0.5), 0, -1.5),
        ),
    ),
    "playroom": (
        Shell((-2.0, -1.9), (2.0, 2.0), 2.4, "#c8d6c0", "plain", floor="#b59a78"), 0.55,
        (
            *put(clutter("toys", 26, 3.4, 0.9), 0, 1.0), *put(clutter("more", 14, 3.0, 0.8), 0, -1.7),
            *put(post(), -1.4, 1.98, 2),
            *put(shelf("#e6e2d8", 1.4, 1.1), 0.3, 1.98, 2),
            *put(pane(1.4, 0.75, 2.0, 7.0, cloth="#d98a52"), 1.98, -0.2, 3),
            *put(bed("#d9b54a", "#e6e2d8", "striped", "#5b7a99", 0.9), -1.2, -1.88),
            *put(frame(0.8, 1.3, 1.9, "#c8452f"), 0.3, 1.98, 2),
            Thing((-0.2, 2.2, -0.2), (0.2, 2.38, 0.2), "#fff2d8", oval=True, glow=10, lights=3),
            *put(chest("#8fb0c0"), 0.9, -1.88),
        ),
    ),
    "office": (
        Shell((-2.2, -2.2), (2.3, 2.3), 2.5, "#c8cfc6", "plain", ceiling="#e6e8e4", floor="#6d7278"), 0.5,
        (
            *(
                Thing((x, 2.44, z), (x + 0.3, 2.49, z + 1.2), "#f0f7f4", glow=9)
                for x in (-1.1, 0.9) for z in (-1.6, 0.5)
            ),
            *put(table("#c9b48a", 1.5), -0.8, 1.5), *put(chair("#2b2d30", "#34404c"), -0.7, 0.9),
            *put(screen(0.5, 0.9), -0.8, 1.75),
            *put(shelf("#b5b8ba", 1.1), 0.9, 2.28, 2), *put(chest("#8b9094", 0.5, 1.2), 1.9, 2.25, 2),
            Thing((-2.18, 0.8, -1.3), (-2.14, 2.1, 1.1), "#dfe3e2", "blind", glow=3.0),
            *put(chair("#2b2d30", "#7a3f3a"), 1.4, -0.6, 3),
            *put(table("#c9b48a", 1.4), 1.3, -1.9), *put(door("#9aa3a0"), -0.5, -2.18),
            *put(clutter("office", 6, 2.5, 0.5), 0.5, -1.7),
        ),
    ),
    "shelter": (
        Shell((-1.8, -2.0), (1.9, 1.9), 2.4, "#b9c9c4", "brick", "#a8b8b3", floor="#8d8f8a"), 0.5,
        (
            *put(kennels(5, 3, "#c9ccca"), 0, 1.88, 2), *put(kennels(4, 3, "#8fa3a8", "#5d6163"), -1.78, -0.2, 1),
            *(Thing((-0.7, 2.34, z), (-0.4, 2.39, z + 1.2), "#f2f6f0", glow=10, lights=1.5) for z in (-1.5, 0.3)),
            Thing((1.86, 0, -1.5), (1.88, 2.0, 1.0), "#7f8688", "mesh"), *put(door("#5a6f7d"), 0.6, -1.98),
            *put(table("#b9bec1", 1.0), 1.3, -1.6),
            *put(clutter("shelter", 5, 2.2, 0.5), 0, -1.7),
        ),
    ),
    "cage": (
        Shell((-2.3, -2.2), (2.2, 2.3), 2.5, "#a9c4bd", "plain", floor="#77797a"), 0.5,
        (
            Thing((-0.75, 0, 0.7), (0.8, 0.95, 0.72), "#8d9194", "bars"),
            Thing((0.8, 0, -0.8), (0.82, 0.95, 0.72), "#8d9194", "bars"),
            Thing((-0.77, 0, -0.8), (-0.75, 0.95, 0.72), "#8d9194", "bars"),
            Thing((-0.75, 0, -0.8), (0.8, 0.95, -0.78), "#c9ccca", "plain"),
            *put(counter("#c8d0d4", "#e6e6e2", 2.0), 0.2, 2.28, 2), *put(chair("#38383a", "#4f7a8f"), -1.6, 1.2, 1),
            *put(kennels(3, 3, "#b5b8b5"), 2.18, 0.2, 3), *put(door("#d9d4c4"), -2.28, 0.2, 1),
            *put(pane(1.2, 0.9, 2.0, 7.0), -1.0, 2.28, 2),
            Thing((-0.6, 2.4, -0.6), (0.6, 2.46, -0.3), "#f2f6f0", glow=10, lights=1.5),
        ),
    ),
    "clinic": (
        Shell((-2.0, -2.0), (2.0, 2.1), 2.5, "#dfe3d8", "plain", floor="#9aa5a8"), 0.55,
        (
            Thing((0.2, 0.82, 0.9), (1.5, 0.87, 1.5), "#c2c6c8"), Thing((0.75, 0, 1.1), (0.95, 0.82, 1.3), "#9a9ea0"),
            *put(counter("#8fb3b0", "#e9e9e4", 2.2), -0.7, 2.08, 2), *put(kennels(3, 2, "#b9bcba"), -1.98, -0.3, 1),
            Thing((-0.2, 2.43, -0.9), (0.1, 2.48, 0.9), "#f0f6f2", glow=10),
            Thing((0.7, 2.43, -0.9), (1.0, 2.48, 0.9), "#f0f6f2", glow=10),
            *put(frame(0.6, 1.2, 2.0, "#8fb3b0"), 1.98, 0.6, 3), *put(chair("#55585a", "#3f6a8f"), 1.95, -0.6, 3),
            *put(chair("#55585a", "#3f6a8f"), 1.95, -1.2, 3),
            *put(door("#b9a283"), 0.6, -1.98), *put(shelf("#dcdcd8", 1.0, 1.6), -0.8, -1.98),
        ),
    ),
    "garage": (
        Shell((-2.4, -2.3), (2.3, 2.4), 2.4, "#a8a398", "brick", "#8f8a80", ceiling="#b5b0a5", floor="#7d7b76"), 0.4,
        (
            Thing((-1.3, 0, 2.3), (1.3, 2.1, 2.38), "#d8d6d0", "blind"),
            Thing((-0.5, 1.5, 2.28), (0.5, 1.9, 2.3), "#eaf2fa", "window", glow=5, lights=3),
            *put(shelf("#7a6a55", 1.6, 1.8), -2.38, 0.2, 1), *put(table("#8a6a48", 1.4, 0.6, 0.85), 2.28, 0.6, 3),
            *put(clutter("boxes", 16, 3.6, 0.7, size=0.5), 0, 1.5),
            *put(clutter("tools", 9, 3.6, 0.6, size=0.5), 0, -2.0), *put(door("#6b7f6b"), 0.8, -2.28),
            Thing((-0.6, 2.3, 0.4), (0.6, 2.37, 0.6), "#f4f4e8", glow=4, lights=8),
            *put(clutter("bench", 6, 1.2, 0.5, 0.85), 2.0, 0.6),
        ),
    ),
    "studio": (
        Shell((-3.0, -3.0), (3.0, 3.0), 3.0, "#5c5d60", ceiling="#2a2a2c", floor="#6a6a6c"), 0.35,
        (
            Thing((-2.95, 0.2, 0.3), (-2.9, 2.2, 2.2), "#ffffff", glow=11),
            Thing((2.9, 0.1, 0.1), (2.95, 2.0, 2.0), "#fff6ea", glow=6),
            Thing((-1.1, 2.9, -0.7), (1.1, 2.95, 0.7), "#ffffff", glow=5),
            Thing((-1.6, 0, 2.2), (1.6, 2.6, 2.25), "#7d7f84", "cloth"),
            *put(chair("#2b2d30"), 1.8, -2.4), Thing((-2.4, 0, 2.0), (-2.36, 2.4, 2.04), "#1d1d1f"),
            *put(clutter("studio", 6, 3.0, 0.6), 0, -2.6),
        ),
    ),
}  # fmt: skip


def _room(shell: Shell, ambient: float, things: Things, d: Dome) -> F32:
    return seen(d, things, shell=shell, ambient=ambient)


for _id, _row in ROOMS.items():
    _radiance = partial(_room, *_row)  # not a closure: it goes to the processes that build
    _radiance.__module__ = __name__
    sky(_id)(_radiance)


@sky("white-cove")
def white_cove(d: Dome) -> F32:
    """A product shot's white cove: a bright backdrop all around, dimmer above."""
    backdrop = 1.2 - 0.75 * smoothstep(0.15, 1.0, np.abs(d.y)) + 0.03 * d.fbm("unevenness", (4, 4), 3)
    lamps = np.maximum(d.toward(-50, 60), d.toward(70, 55))
    return lit(
        np.broadcast_to(linear(0, "#f6f5f2"), (*backdrop.shape, 3)), backdrop + 3 * smoothstep(0.94, 0.97, lamps)
    )
