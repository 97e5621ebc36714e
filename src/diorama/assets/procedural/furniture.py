"""What stands in rooms and streets, as a few `Thing`s each: back at z = 0, front towards +Z, middle at x = 0.

things = (*put(sofa("#7d2a24"), x=0, z=2.2, turn=2), …)      # against the far wall, facing the eye
"""

from collections.abc import Iterable
from dataclasses import replace

from diorama.assets.procedural import noise
from diorama.assets.procedural.caster import Thing

Things = tuple[Thing, ...]


def put(things: Iterable[Thing], x: float, z: float, turn: int = 0, y: float = 0.0) -> Things:
    """The things moved, after `turn` quarter turns: 0 faces +Z, 1 +X, 2 -Z, 3 -X."""
    out = []
    for thing in things:
        corners = []
        for a, b, c in (thing.low, thing.high):
            for _ in range(turn % 4):
                a, c = c, -a
            corners.append((a + x, b + y, c + z))
        (a, b, c), (d, e, f) = corners
        out.append(replace(thing, low=(min(a, d), b, min(c, f)), high=(max(a, d), e, max(c, f))))
    return tuple(out)


def legs(width: float, depth: float, height: float, color: str, thick: float = 0.05) -> Things:
    """Four legs under a board of that size."""
    x, t = width / 2, thick
    return tuple(
        Thing((a, 0, b), (a + t, height, b + t), color, "wood") for a in (-x, x - t) for b in (0.02, depth - t - 0.02)
    )


def sofa(color: str, width: float = 1.9, paint: str = "cloth", other: str = "", cushions: str = "") -> Things:
    """Base, back, arms, seat cushions, and two scatter cushions of another colour."""
    x, seats = width / 2, max(round(width / 0.75), 1)
    step = (width - 0.36) / seats
    out = [
        Thing((-x, 0.06, 0.0), (x, 0.3, 0.85), color, paint, other),
        Thing((-x, 0.3, 0.0), (x, 0.82, 0.24), color, paint, other),
        Thing((-x, 0.06, 0.0), (-x + 0.18, 0.6, 0.88), color, paint, other),
        Thing((x - 0.18, 0.06, 0.0), (x, 0.6, 0.88), color, paint, other),
    ]
    for k in range(seats):
        left = -x + 0.18 + k * step
        out.append(Thing((left + 0.01, 0.28, 0.16), (left + step - 0.01, 0.45, 0.9), color, paint, other))
        out.append(Thing((left - 0.02, 0.38, 0.1), (left + step + 0.02, 0.92, 0.4), color, paint, other, oval=True))
    if cushions:
        out.append(Thing((-x + 0.2, 0.42, 0.3), (-x + 0.62, 0.8, 0.52), cushions, "floral", color, oval=True))
        out.append(Thing((x - 0.66, 0.42, 0.32), (x - 0.22, 0.82, 0.54), cushions, "striped", "#efe9dc", oval=True))
    return tuple(out)


def bed(spread: str, wood: str, paint: str = "floral", other: str = "", width: float = 1.5) -> Things:
    """A headboard at the back, a mattress, a spread that hangs down, pillows."""
    x = width / 2
    return (
        Thing((-x - 0.05, 0, 0), (x + 0.05, 1.0, 0.07), wood, "wood"),
        Thing((-x, 0.08, 0.07), (x, 0.5, 2.05), spread, paint, other),
        Thing((-x - 0.04, 0.1, 0.75), (x + 0.04, 0.55, 2.1), spread, paint, other),
        Thing((-x + 0.05, 0.42, 0.08), (-0.04, 0.72, 0.6), "#f0eee8", "cloth", oval=True),
        Thing((0.04, 0.42, 0.08), (x - 0.05, 0.74, 0.6), "#ece6da", "cloth", oval=True),
        Thing((-0.35, 0.5, 0.35), (0.4, 0.8, 0.7), other or "#a8505a", "plaid", "#d9c9a8", oval=True),
    )


def table(color: str, width: float = 1.2, depth: float = 0.7, height: float = 0.72) -> Things:
    """A board on four legs."""
    board = Thing((-width / 2, height - 0.05, 0), (width / 2, height, depth), color, "wood")
    return (board, *legs(width, depth, height - 0.05, color, 0.06))


def chair(color: str, seat: str = "") -> Things:
    """A seat on legs, a slatted back."""
    return (
        Thing((-0.21, 0.42, 0), (0.21, 0.47, 0.42), seat or color, "cloth" if seat else "wood"),
        Thing((-0.21, 0.6, 0), (0.21, 0.92, 0.04), color, "slats"),
        *legs(0.42, 0.42, 0.42, color, 0.035),
        Thing((-0.21, 0.42, 0), (-0.175, 0.95, 0.04), color, "wood"),
        Thing((0.175, 0.42, 0), (0.21, 0.95, 0.04), color, "wood"),
    )


def armchair(color: str, paint: str = "cloth", other: str = "") -> Things:
    """A sofa for one."""
    return sofa(color, 0.95, paint, other)


def shelf(color: str, width: float = 0.9, height: float = 1.9) -> Things:
    """A bookcase."""
    return (Thing((-width / 2, 0, 0), (width / 2, height, 0.3), color, "books"),)


def chest(color: str, width: float = 0.9, height: float = 0.8, paint: str = "drawers") -> Things:
    """A chest of drawers or a sideboard, with a bowl and a vase on it."""
    return (
        Thing((-width / 2, 0.04, 0), (width / 2, height, 0.45), color, paint),
        Thing((-width / 2 - 0.02, height, 0), (width / 2 + 0.02, height + 0.025, 0.48), color, "wood"),
        Thing((-0.3, height + 0.02, 0.12), (-0.14, height + 0.34, 0.28), "#5b7a99", oval=True),
        Thing((0.05, height + 0.02, 0.1), (0.33, height + 0.14, 0.36), "#c98f5a", oval=True),
    )


def counter(color: str, top: str, width: float, paint: str = "doors") -> Things:
    """Kitchen cupboards under a worktop, with some things on it, and cupboards above."""
    x = width / 2
    return (
        Thing((-x, 0.0, 0.05), (x, 0.1, 0.52), "#2f2d2b"),
        Thing((-x, 0.1, 0), (x, 0.86, 0.58), color, paint),
        Thing((-x, 0.86, 0), (x, 0.9, 0.62), top, "plain"),
        Thing((-x + 0.2, 0.9, 0.12), (-x + 0.5, 1.15, 0.35), "#b0aca4", oval=True),
        Thing((-0.1, 0.9, 0.1), (0.02, 1.22, 0.22), "#a8503c"),
        Thing((x - 0.6, 0.9, 0.1), (x - 0.2, 1.1, 0.42), "#1f2022"),
        Thing((-x, 1.4, 0), (x, 2.05, 0.33), color, paint),
    )


def lamp(shade: str = "#ffd9a0", light: float = 4.0, lights: float = 6.0, height: float = 1.5) -> Things:
    """A standard lamp."""
    return (
        Thing((-0.02, 0, 0.18), (0.02, height - 0.3, 0.22), "#3a3530"),
        Thing((-0.14, 0, 0.06), (0.14, 0.04, 0.34), "#3a3530", oval=True),
        Thing((-0.2, height - 0.35, 0), (0.2, height, 0.4), shade, oval=True, glow=light, lights=lights),
    )


def plant(height: float = 1.2, pot: str = "#b0603c", color: str = "#6f9a4a") -> Things:
    """A leafy plant in a pot."""
    return (
        Thing((-0.17, 0, 0.03), (0.17, 0.32, 0.37), pot, oval=True),
        Thing((-0.35, 0.2, -0.05), (0.35, height, 0.55), color, "leaves", "#16260f", oval=True),
        Thing((-0.2, 0.5, 0.0), (0.5, height * 0.9, 0.4), color, "leaves", "#22381a", oval=True),
    )


def pane(width: float, low: float, high: float, light: float, color: str = "#eef3fa", cloth: str = "") -> Things:
    """A window, or a garden door where `low` is 0.1, with curtains to its sides."""
    x = width / 2
    out = [
        Thing((-x - 0.07, low - 0.07, 0), (x + 0.07, high + 0.07, 0.02), "#e9e6de"),
        Thing((-x, low, 0.0), (x, high, 0.03), color, "window", glow=light),
    ]
    if cloth:
        out += [
            Thing((-x - 0.35, 0.05, 0.06), (-x + 0.12, high + 0.2, 0.16), cloth, "curtain", "#e9e2d2"),
            Thing((x - 0.14, 0.05, 0.06), (x + 0.33, high + 0.2, 0.16), cloth, "curtain", "#e9e2d2"),
        ]
    return tuple(out)


def door(color: str = "#e6e2d8", width: float = 0.85) -> Things:
    """A panelled door in its frame."""
    x = width / 2
    return (
        Thing((-x - 0.08, 0, 0), (x + 0.08, 2.1, 0.03), color, "plain"),
        Thing((-x, 0.01, 0), (x, 2.02, 0.05), color, "doors"),
    )


def frame(width: float, low: float, high: float, color: str = "#3a2c20") -> Things:
    """A picture on the wall."""
    return (Thing((-width / 2, low, 0), (width / 2, high, 0.03), color, "picture"),)


def screen(width: float = 1.0, low: float = 0.55) -> Things:
    """A television on a low cabinet."""
    return (
        Thing((-width * 0.7, 0.05, 0), (width * 0.7, low - 0.08, 0.45), "#4a3626", "doors"),
        Thing((-width / 2, low, 0.15), (width / 2, low + width * 0.58, 0.2), "#101214"),
        Thing((-0.15, low - 0.08, 0.1), (0.15, low, 0.3), "#151515"),
    )


def post(height: float = 1.3, color: str = "#b9a283") -> Things:
    """A cat's tree: carpeted platforms on posts."""
    return (
        Thing((-0.3, 0, 0), (0.3, 0.06, 0.55), color, "cloth"),
        Thing((-0.06, 0.06, 0.1), (0.06, height, 0.22), "#a58a60", "blind"),
        Thing((-0.25, 0.5, 0.02), (0.28, 0.56, 0.5), color, "cloth"),
        Thing((-0.24, height, 0), (0.24, height + 0.06, 0.42), color, "cloth"),
        Thing((-0.2, 0.06, 0.15), (0.2, 0.42, 0.52), color, "cloth"),
    )


def clutter(name: str, count: int, width: float, depth: float, y: float = 0.0, size: float = 0.28) -> Things:
    """Toys, shoes, parcels and bowls, strewn over a place."""
    colors = (
        "#c8452f",
        "#2f6fa8",
        "#e0b23c",
        "#5a8f4a",
        "#d9d4c8",
        "#6b4a3a",
        "#a8618f",
        "#38383a",
        "#d98a52",
        "#8fb0c0",
    )
    paints = ("plain", "cloth", "striped", "plain", "floral", "plaid")
    out = []
    for u in noise.uniforms(f"clutter.{name}", count, 8).astype(float):
        x, z = (u[0] - 0.5) * width, u[1] * depth
        w, h, d = (size * (0.3 + 0.9 * v) for v in u[2:5])
        color, paint = colors[int(u[5] * len(colors))], paints[int(u[6] * len(paints))]
        low, high = (x - w / 2, y, z - d / 2), (x + w / 2, y + 0.8 * h, z + d / 2)
        out.append(Thing(low, high, color, paint, "#e9e2d2", oval=bool(u[7] < 0.5)))
    return tuple(out)


def kennels(columns: int, rows: int, wall: str, wire: str = "#a9adb0", size: float = 0.75) -> Things:
    """Cages side by side and above each other: walls, a blanket, now and then a bowl or a sleeper, wire in front."""
    out: list[Thing] = []
    u = noise.uniforms(f"kennels.{columns}.{rows}.{wall}", rows, columns, 4).astype(float)
    blankets, coats = ("#7d94b0", "#b0707a", "#d9d0b8", "#6f8f74"), ("#2a2624", "#b98a58", "#8a8580", "#e6dfd2")
    for row in range(rows):
        for column in range(columns):
            x, y, (a, b, c, e) = (column - columns / 2) * size, row * size * 0.85, u[row, column]
            out += [
                Thing((x, y, 0), (x + size, y + size * 0.85, 0.03), wall, "plain"),
                Thing((x, y, 0), (x + 0.03, y + size * 0.85, size), wall),
                Thing((x, y, 0), (x + size, y + 0.04, size), wall),
                Thing(
                    (x + 0.06, y + 0.04, 0.08), (x + size - 0.06, y + 0.1, size - 0.08), blankets[int(4 * a)], "cloth"
                ),
            ]
            if b < 0.5:
                low, high = (x + 0.12 + 0.2 * c, y + 0.08, 0.2), (x + 0.45 + 0.2 * c, y + 0.3, 0.55)
                out.append(Thing(low, high, coats[int(4 * e)], "cloth", oval=True))
    x, y = columns / 2 * size, rows * size * 0.85
    out.append(Thing((-x, 0, size), (x, y, size + 0.02), wire, "bars"))
    return tuple(out)
