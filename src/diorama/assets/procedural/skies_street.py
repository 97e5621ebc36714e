"""Skies of streets and yards: houses, shops, parked cars, fences and bushes under the sky, about a low eye."""

from functools import partial

from diorama.assets.procedural import noise
from diorama.assets.procedural.caster import Thing, Vector, seen
from diorama.assets.procedural.furniture import Things, chair, clutter, door, pane, plant, put, table
from diorama.assets.procedural.noise import F32
from diorama.assets.procedural.skies import Dome, gradient, grounded, linear, sky
from diorama.assets.procedural.skies_outdoor import clouded, trees

WALLS = ("#c9b79a", "#a5614c", "#d9d2c2", "#8c4a3a", "#b9b9b4", "#9a6a55", "#e3ddd0", "#7d8a93")
PAINT = ("#8f1f22", "#2b3d5b", "#b9bcbe", "#1f2123", "#e6e6e2", "#47605a", "#7d8086", "#c9b27a")


def row(name: str, z: float, start: float, stop: float, width: tuple[float, float], paint: str = "front") -> Things:
    """Houses or shops side by side, their fronts at z = `z`."""
    out: list[Thing] = []
    x = start
    for u in noise.uniforms(f"row.{name}", 40, 4).astype(float):
        if x >= stop:
            break
        w = width[0] + (width[1] - width[0]) * u[0]
        high, color = 5.8 + 3.5 * u[1], WALLS[int(u[2] * len(WALLS))]
        out.append(Thing((x, 0, z), (x + w, high, z + 7), color, paint, WALLS[int(u[3] * len(WALLS))]))
        out.append(Thing((x - 0.2, high, z - 0.25), (x + w + 0.2, high + 1.8, z + 7), "#5b4238", "slats"))
        x += w + (0.0 if u[3] < 0.6 else 1.5)
    return tuple(out)


def parked(name: str, z: float, start: float, stop: float, gap: float = 1.5) -> Things:
    """Cars one behind the other, seen from the side."""
    out: list[Thing] = []
    x = start
    for u in noise.uniforms(f"parked.{name}", 30, 4).astype(float):
        long = 3.7 + 0.9 * u[0]
        if x + long > stop:
            break
        color = PAINT[int(u[1] * len(PAINT))]
        if u[2] < 0.8:
            out.append(
                Thing((x + 0.4, 0.18, z + 0.1), (x + long - 0.4, 0.5, z + 1.6), "#0c0c0d")
            )  # what is dark under it
            out.append(Thing((x, 0, z), (x + long, 1.4 + 0.3 * u[3], z + 0.06), color, "car"))
        x += long + gap * (0.4 + u[3])
    return tuple(out)


def bushes(name: str, z: float, start: float, stop: float, height: float, count: int, color: str = "#66843c") -> Things:
    """A line of rounded bushes or crowns."""
    out = []
    for u in noise.uniforms(f"bushes.{name}", count, 4).astype(float):
        x, r, h = start + (stop - start) * u[0], height * (0.35 + 0.4 * u[1]), height * (0.6 + 0.5 * u[2])
        out.append(Thing((x - r, -0.2, z - r), (x + r, h, z + r), color, "leaves", "#1b2b14", oval=True))
    return tuple(out)


def tree(x: float, z: float, height: float = 7.0) -> Things:
    """A trunk and a crown."""
    r = 0.035 * height
    return (
        Thing((x - r * 0.6, 0, z - r * 0.6), (x + r * 0.6, 0.6 * height, z + r * 0.6), "#57493a", "wood", "#2a2119"),
        Thing((x - 0.33 * height, 0.35 * height, z - 0.33 * height), (x + 0.33 * height, height, z + 0.33 * height),
              "#7d9446", "leaves", "#22381a", oval=True),
    )  # fmt: skip


def fence(z: float, start: float, stop: float, height: float, color: str, paint: str = "slats") -> Things:
    """A fence or wall across the view."""
    return (Thing((start, 0, z), (stop, height, z + 0.08), color, paint, "#b9b1a5"),)


def kennel(color: str = "#9a6a45") -> Things:
    """A dog's house: boards, a dark entrance, a roof."""
    return (
        Thing((-0.45, 0, 0), (0.45, 0.7, 0.9), color, "slats"), Thing((-0.2, 0.05, 0.9), (0.2, 0.5, 0.92), "#120f0d"),
        Thing((-0.55, 0.7, -0.05), (0.55, 0.8, 1.05), "#4a4a4e", "slats"),
        Thing((-0.3, 0.8, 0), (0.3, 0.95, 1.0), "#4a4a4e"),
    )  # fmt: skip


STREETS: dict[str, tuple[str, str, float, Vector, Things]] = {  # by id: zenith, horizon, cloud, sun, what stands there
    "street": (
        "#6d99cf", "#dbe5ec", 0.15, (0.4, 0.8, -0.6),
        (
            *put(row("far", 0, -24, 24, (6, 9)), 0, 9), *put(row("near", 0, -24, 24, (7, 10)), 0, -8, 2),
            *put(parked("far", 0, -18, 18), 0, 5.2), *put(parked("near", 0, -18, 16), 0, -4.4, 2),
            *tree(-4, 6.5), *tree(5, 6.5, 6), *tree(9, -6, 8), *put(fence(0, -12, 12, 0.9, "#e8e6e0", "picket"), 0, 8),
            Thing((-9, 0, -30), (9, 7, -29), "#a5614c", "front"), Thing((22, 0, -3), (24, 6, 5), "#b9b9b4", "front"),
        ),
    ),
    "shops": (
        "#8aa8cc", "#e6e8e6", 0.5, (-0.5, 0.9, -0.3),
        (
            *put(row("shops", 0, -20, 20, (5, 8), "shop"), 0, 5.5),
            *put(row("over", 0, -20, 20, (6, 9), "shop"), 0, -11, 2),
            *put(parked("kerb", 0, -18, 18, 3.0), 0, -5.5, 2), Thing((2.2, 0, 2.5), (2.3, 3.2, 2.6), "#4a4d4f"),
            *tree(-3.4, 3.2, 5),
            *put(table("#8a8d90", 0.7), -1.4, 3.2), *put(chair("#8a8d90"), -2.0, 3.3, 1),
            *put(chair("#8a8d90"), -0.8, 3.3, 3),
            Thing((1.2, 0, 3.6), (1.7, 0.9, 4.0), "#2f5a45", "slats"),
            Thing((20, 0, -4), (23, 8, 4), "#a5614c", "front"),
        ),
    ),
    "suburb": (
        "#5b8ccc", "#d3e1ea", -0.1, (0.6, 0.9, -0.3),
        (
            *put(row("villas", 0, -22, 22, (8, 11)), 0, 12), *bushes("hedge", 5.5, -9, 9, 1.6, 26),
            *put(row("back", 0, -20, 20, (9, 12)), 0, -13, 2),
            *put(fence(0, -9, 9, 1.0, "#ece9e0", "picket"), 0, -4.5, 2),
            *bushes("beds", -5.5, -8, 8, 1.3, 14, "#8a9a4a"), *tree(-6, 8), *tree(7, 4, 6),
            *put(parked("drive", 0, -3, 5), 7.5, 1.0, 3), *tree(-7, -7, 8), *bushes("side", 0.5, -9, -5, 2.2, 9),
        ),
    ),
    "yard": (
        "#7fa0c8", "#dfe4e6", 0.3, (-0.3, 0.8, -0.5),
        (
            *put(fence(0, -5, 5, 1.8, "#94714d"), 0, 3.4), *put(fence(0, -5, 5, 1.6, "#9a9ea0", "mesh"), 3.6, 0, 3),
            *bushes("wild", 4.6, -6, 6, 3.2, 16),
            *put(fence(0, -5, 5, 2.6, "#a5614c", "brick"), -3.8, 0, 1), *put(door("#5a6f5d"), -3.7, 0.8, 1),
            *put(pane(1.1, 0.9, 2.0, 1.0), -3.7, -1.2, 1),
            *put(kennel(), -1.2, 3.0, 2), *put(clutter("yard", 9, 5.0, 1.2, size=0.45), 0, 1.8), *tree(2.6, 5.0, 6),
            *bushes("over", 0.0, 5.5, 9, 3.0, 10),
            *put(fence(0, -6, 6, 1.7, "#8d8377"), 0, -4.2, 2), *tree(-2, -6, 7), *put(table("#7a6a55"), 1.5, -3.2),
            *put(row("beyond", 0, -20, 20, (8, 11)), 0, 16),
        ),
    ),
    "patio": (
        "#6d96cc", "#dfe6ea", 0.0, (0.2, 0.9, 0.5),
        (
            *put(fence(0, -5, 5, 2.9, "#b5705a", "brick"), 0, -2.6, 2),
            *put(pane(2.2, 0.1, 2.1, 0.7, "#8fa3b0", cloth="#e6e2d8"), 0.4, -2.5),
            *put(plant(1.0), -1.3, -2.4), *put(plant(1.3, "#8a8d90", "#8aa85a"), 2.3, -2.2),
            *put(table("#c9b48a"), 1.9, 1.4), *put(chair("#c9b48a"), 1.2, 2.0, 1),
            *put(fence(0, -5, 5, 1.5, "#ab8a66"), -3.2, 0, 1), *bushes("roses", 4.0, -4, 4, 1.5, 14, "#7d9446"),
            *tree(3.5, 6.0, 6), *put(chair("#c9b48a"), 2.6, 1.9, 3),
            *put(fence(0, -6, 6, 1.7, "#8d8377"), 0, 6), *bushes("back", 8, -9, 9, 4.5, 18),
            *put(clutter("patio", 5, 3.0, 0.6), -1.4, 1.8), *put(row("back", 0, -20, 20, (8, 11)), 0, 18),
        ),
    ),
    "car-park": (
        "#9ab0c8", "#e3e5e6", 0.7, (-0.6, 0.7, 0.2),
        (
            *put(parked("front", 0, -12, 12, 0.8), 0, 3.2), *put(parked("second", 0, -14, 14, 0.8), 0, 8.5),
            *put(parked("rear", 0, -12, 12, 1.0), 0, -5, 2),
            *put(row("mall", 0, -30, 30, (14, 20), "shop"), 0, 20), Thing((5, 0, 6), (5.15, 6, 6.15), "#6f7375"),
            Thing((-7, 0, -3), (-6.85, 6, -2.85), "#6f7375"),
            *bushes("verge", -9, -12, 12, 2.5, 18), *put(parked("left", 0, -6, 6), -7, 0, 1), *tree(-5, 12, 6),
            *put(row("flats", 0, -24, 24, (9, 14)), 0, -17, 2),
        ),
    ),
}  # fmt: skip


def _street(zenith: str, horizon: str, cover: float, sun: Vector, things: Things, d: Dome) -> F32:
    white, shade = linear(0, "#ffffff") * 1.25, linear(0, "#b4bcc6")
    above = trees(
        d, clouded(d, gradient(d, zenith, horizon), cover, white, shade), "far", 2, 3, ("#2b3d22", "#5c7040"), 0.5
    )
    behind = grounded(d, above, "#77757a", "#8b8985", 0.45)
    return seen(d, things, behind=behind, eye=0.35, ambient=0.7, sun=(sun, 0.7))


for _id, _row in STREETS.items():
    _radiance = partial(_street, *_row)  # not a closure: it goes to the processes that build
    _radiance.__module__ = __name__
    sky(_id)(_radiance)
