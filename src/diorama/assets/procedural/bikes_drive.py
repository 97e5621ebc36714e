"""The drive: cranks, pedals, chain rings, chain, cassette, derailleur and chain guard, on the right side (-X)."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.bikes_frame import stoker
from diorama.assets.procedural.bikes_geometry import BLACK, CHROME, DARK, RUBBER, Bike, Detail, Places, vec
from diorama.assets.procedural.solids import F64, Solid, box, lathe, plate, spline, tube, wires

LINE = -0.046
"""Where the chain runs along X."""

CRANK_ANGLE = 20.0
"""Of the right crank at rest: degrees below straight ahead."""


def crank_ends(b: Bike, at: F64) -> tuple[F64, F64]:
    """The middle of the left and of the right pedal at rest."""
    a = np.radians(CRANK_ANGLE)
    along = b.crank * np.array([0.0, -portable.sin(a), portable.cos(a)])
    out = np.array([0.12 if b.crank > 0.14 else 0.1, 0, 0])
    return at + out - along, at - out + along


def crank_centre(b: Bike, p: Places) -> F64:
    """The axis of the cranks: the bottom bracket, or the front hub."""
    return p.front if b.frame == "penny_farthing" else p.bb


def drive(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """All of it."""
    centre = crank_centre(b, p)
    parts = _cranks(b, centre, detail, "crank", "pedal")
    if b.frame == "penny_farthing":
        return parts
    parts += _ring(b, p.bb, detail)
    if b.frame == "tandem":
        front, _ = stoker(b, p)
        parts += _cranks(b, front, detail, "crank_front", "pedal_front")
        ring = lathe(_washer(0.6 * b.ring, 0.3 * b.ring, 0.004), detail.n(24, 12), closed=True)
        for at, joint in ((front, "crank_front"), (p.bb, "crank")):
            parts.append(ring.moved(at + vec(-LINE, 0, 0)).of(DARK, joint))
        parts.append(_loop(front, 0.6 * b.ring, p.bb, 0.6 * b.ring, -LINE, detail))
    if b.chain_guard == "case":
        return [*parts, *_case(b, p, detail)]
    parts += _cogs(b, p, detail)
    if b.gears:
        parts += _derailleur(b, p, detail)
    else:
        parts.append(_loop(p.bb, b.ring, p.rear, b.cog, LINE, detail))
    if b.chain_guard == "guard":
        parts.append(_guard(b, p, detail))
    return parts


def _washer(outer: float, inner: float, thickness: float) -> list[tuple[float, float]]:
    h = thickness / 2
    return [(outer, -h), (outer, h), (inner, h), (inner, -h)]


def _cranks(b: Bike, at: F64, detail: Detail, crank: str, pedal: str) -> list[Solid]:
    left, right = crank_ends(b, at)
    parts = []
    for end, name in ((left, "left"), (right, "right")):
        side = 1.0 if name == "left" else -1.0
        x = side * (abs(end[0]) - 0.052)
        root, tip = at + vec(side * 0.05, 0, 0), np.array([x, end[1], end[2]])
        over = tip + 0.012 * (tip - root) / portable.norm(tip - root)
        arm = tube([root, over], [(0.0075, 0.016), (0.0065, 0.012)], detail.sides(8), crease=50)
        parts.append(arm.of(b.metal, crank))
        parts.append(
            tube([end * [0, 1, 1] + vec(x, 0, 0), end + vec(side * 0.045, 0, 0)], 0.007, 6).of(DARK, f"{pedal}_{name}")
        )
        size = (0.085, 0.018, 0.075) if b.crank > 0.14 else (0.07, 0.02, 0.055)
        tread = DARK if b.metal != BLACK else BLACK
        parts.append(box(size, detail.bevel(0.004)).moved(end).of(tread, f"{pedal}_{name}"))
        for z in (-1, 1) if detail.level < 2 else ():
            block = box((0.9 * size[0], 0.026, 0.014), detail.bevel(0.003)).moved(end + vec(0, 0, z * 0.42 * size[2]))
            parts.append(block.of(RUBBER, f"{pedal}_{name}"))
    parts.append(tube([at - vec(0.06, 0, 0), at + vec(0.06, 0, 0)], 0.015, detail.sides(10)).of(b.metal, crank))
    return parts


def _ring(b: Bike, at: F64, detail: Detail) -> list[Solid]:
    """The chain ring and its spider; touring and mountain bicycles of the older kind have smaller ones inside."""
    ring = lathe(_washer(b.ring, 0.72 * b.ring, 0.005), detail.n(36, 14), closed=True)
    finish = b.metal if b.metal != BLACK else DARK
    parts = [ring.moved(at + vec(LINE, 0, 0)).of(finish, "crank")]
    if b.gears and b.ring > 0.085:
        inner = lathe(_washer(0.8 * b.ring, 0.62 * b.ring, 0.004), detail.n(28, 12), closed=True)
        parts.append(inner.moved(at + vec(LINE + 0.008, 0, 0)).of(DARK, "crank"))
    angle = np.radians(CRANK_ANGLE + 90) + np.arange(5) * 2 * np.pi / 5
    spread = np.stack([0 * angle, portable.cos(angle), portable.sin(angle)], -1)
    centre = at + vec(LINE - 0.002, 0, 0)
    parts.append(wires(centre + 0.01 * spread, centre + 0.78 * b.ring * spread, 0.008, 4).of(b.metal, "crank"))
    return parts


def _cogs(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The cassette as one stepped cone, or a single cog."""
    if not b.gears:
        cog = lathe([(0.001, -0.003), (b.cog, -0.003), (b.cog, 0.003), (0.001, 0.003)], detail.n(18, 10))
        return [cog.moved(p.rear + vec(LINE, 0, 0)).of(DARK, "wheel_rear")]
    steps = (5, 3, 1)[detail.level]
    radii = np.linspace(0.024, b.cog, steps)
    x = np.linspace(LINE - 0.012, LINE + 0.022, steps + 1)
    profile = [(0.001, x[0])]
    for k, r in enumerate(radii):
        profile += [
            (r, x[k]),
            (r, x[k] + 0.45 * (x[k + 1] - x[k])),
            (0.9 * r, x[k] + 0.5 * (x[k + 1] - x[k])),
            (0.9 * r, x[k + 1]),
        ]
    profile.append((0.001, x[-1]))
    return [lathe(profile, detail.n(24, 10)).moved(p.rear * [0, 1, 1]).of(DARK, "wheel_rear")]


def _loop(a: F64, ra: float, c: F64, rc: float, x: float, detail: Detail) -> Solid:
    """A chain around two wheels, a ahead of c."""
    return _chain(_belt([(a[1:], ra), (c[1:], rc)], detail.n(24, 12)), x, detail)


def _belt(circles: list[tuple[F64, float]], around: int) -> F64:
    """(N, 2) y, z of the convex hull of circles (y, z), radius (Andrew 1979): counter-clockwise in z, y."""
    angle = np.arange(around) * 2 * np.pi / around
    cloud = np.concatenate(
        [centre + r * np.stack([portable.sin(angle), portable.cos(angle)], -1) for centre, r in circles]
    )
    points = sorted({(round(float(z), 6), round(float(y), 6)) for y, z in cloud})
    halves = []
    for line in (points, points[::-1]):
        hull: list[tuple[float, float]] = []
        for z, y in line:
            while len(hull) > 1 and (hull[-1][0] - hull[-2][0]) * (y - hull[-2][1]) <= (hull[-1][1] - hull[-2][1]) * (
                z - hull[-2][0]
            ):
                hull.pop()
            hull.append((z, y))
        halves += hull[:-1]
    return np.array(halves)[:, ::-1]


def _chain(line: F64, x: float, detail: Detail, closed: bool = True) -> Solid:
    path = np.concatenate([np.full((len(line), 1), x), line], axis=1)
    thick = (0.0045, 0.005, 0.006)[detail.level]
    return tube(path, np.full((len(path), 2), (0.004, thick)), 4, closed=closed).of(DARK)


def _derailleur(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Two jockey wheels in a cage below the axle, and the chain that runs round them."""
    mid = 0.65 * b.cog
    drop = min(0.5 * b.rear.radius, 0.075 + 0.5 * b.cog)
    upper = p.rear[1:] + vec(-0.55 * drop - 0.012, 0.022)
    lower = upper + vec(-0.45 * drop, -0.004)
    front = p.bb[1:]
    a, c = np.radians(np.linspace(100, -95, detail.n(14, 6))), np.radians(np.linspace(85, 250, detail.n(10, 6)))
    ring = front + b.ring * np.stack([portable.sin(a), portable.cos(a)], -1)
    cog = p.rear[1:] + mid * np.stack([portable.sin(c), portable.cos(c)], -1)
    jockeys = [lower + vec(-0.02, 0.008), lower + vec(-0.012, -0.018), lower + vec(0.006, -0.018)]
    jockeys += [upper + vec(-0.006, 0.016), upper + vec(0.012, 0.012)]
    line = np.concatenate([cog[::-1], ring, jockeys])
    parts = [_chain(line[::-1], LINE, detail)]
    for middle in (upper, lower):
        wheel = lathe([(0.001, -0.004), (0.019, -0.004), (0.019, 0.004), (0.001, 0.004)], detail.n(14, 8))
        parts.append(wheel.moved([LINE, *middle]).of(BLACK))
    for x in (LINE - 0.009, LINE + 0.009):
        cage = tube(
            [[x, *(upper + vec(0.02, 0.002))], [x, *(lower - vec(0.02, -0.002))]], [(0.002, 0.012)] * 2, 6, crease=50
        )
        parts.append(cage.of(b.metal if b.metal != BLACK else DARK))
    hanger = [
        p.rear + vec(LINE - 0.018, -0.01, 0.0),
        vec(LINE - 0.022, *(p.rear[1:] + vec(-0.035, 0.016))),
        vec(LINE - 0.016, *upper),
    ]
    parts.append(tube(spline(hanger, 5), 0.012, 6).of(DARK))
    return parts


def _outline(b: Bike, p: Places, grow: float, detail: Detail) -> F64:
    return _belt([(p.bb[1:], b.ring + grow), (p.rear[1:], b.cog + grow + 0.01)], detail.n(28, 12))[:, ::-1]


def _case(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A case that hides chain and ring."""
    case = plate(_outline(b, p, 0.02, detail), 0.04, 0.01, crease=50).moved((LINE - 0.004, 0, 0))
    return [case.of(b.guard_finish), _hub_cap(p, detail)]


def _hub_cap(p: Places, detail: Detail) -> Solid:
    cap = lathe([(0.001, -0.032), (0.02, -0.03), (0.026, -0.02), (0.026, 0.0)], detail.n(14, 8))
    return cap.moved(p.bb + vec(LINE, 0, 0)).of(CHROME, "crank")


def _guard(b: Bike, p: Places, detail: Detail) -> Solid:
    """A strip over the chain's upper run."""
    angle = np.radians([40.0, 65.0, 90.0])
    front = [p.bb + (b.ring + 0.012) * np.array([0, portable.sin(a), portable.cos(a)]) for a in angle]
    line = spline([*front, p.rear + vec(0, b.cog + 0.025, 0.0)], detail.n(12)) + vec(LINE - 0.012, 0, 0)
    half = np.stack(
        [np.full(len(line), 0.011), np.interp(np.linspace(0, 1, len(line)), [0, 0.2, 1], [0.012, 0.026, 0.02])], -1
    )
    return tube(line, half, 6, crease=30).of(b.guard_finish)
