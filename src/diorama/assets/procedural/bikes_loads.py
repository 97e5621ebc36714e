"""What bicycles carry: racks, baskets, crates, panniers, cargo boxes, benches, batteries, side wheels."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.bikes_frame import column
from diorama.assets.procedural.bikes_geometry import (
    ALLOY,
    BLACK,
    CHROME,
    DARK,
    PAINT,
    RED,
    RUBBER,
    SECOND,
    WICKER,
    WOOD,
    Bike,
    Detail,
    Places,
    both,
    gloss,
    matt,
    vec,
)
from diorama.assets.procedural.solids import (
    F64,
    Finish,
    Solid,
    box,
    lathe,
    loft,
    plate,
    spline,
    tray,
    tube,
    turn,
    wires,
)

WHITE_PLASTIC = gloss((0.6, 0.6, 0.58))


def rack(b: Bike, p: Places, detail: Detail, back: float = 0.36) -> list[Solid]:
    """A carrier over the rear wheel."""
    top = 2 * b.rear.radius + 0.045
    front, end, half = p.rear[2] + 0.12, p.rear[2] + 0.12 - back, 0.062
    finish = b.metal if b.metal != ALLOY else DARK
    loop = [
        (half, front),
        (half, end + 0.03),
        (0.6 * half, end),
        (-0.6 * half, end),
        (-half, end + 0.03),
        (-half, front),
    ]
    parts = [tube([(x, top, z) for x, z in loop], detail.thin(0.006), 6, closed=True, up=(0, 1, 0)).of(finish)]
    rows = np.linspace(front - 0.04, end + 0.05, 4)
    slats = np.array([[0.0, top, z] for z in rows])
    parts.append(wires(slats - vec(half, 0, 0), slats + vec(half, 0, 0), detail.thin(0.004), 4).of(finish))
    for z in (0.06, -0.08, -0.02):
        foot = p.rear + vec(0.07, 0.02, 0)
        leg = wires([foot], [[half, top, p.rear[2] + z]], detail.thin(0.005), 5)
        parts += both(leg.of(finish))
    parts += both(
        wires([[half * 0.8, top, front]], [p.seat(0.85) + vec(0.02, 0, 0)], detail.thin(0.0045), 5).of(finish)
    )
    return parts


def front_rack(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A carrier before the handlebar, on two stays from the front axle."""
    y, z = 2 * b.front.radius + 0.05, p.front[2] + 0.02
    loop = [(0.15, z - 0.12), (0.15, z + 0.16), (-0.15, z + 0.16), (-0.15, z - 0.12)]
    parts = [tube([(x, y, d) for x, d in loop], 0.007, 6, closed=True, up=(0, 1, 0)).of(BLACK, "steer")]
    rows = np.array([[0.0, y, d] for d in np.linspace(z - 0.06, z + 0.1, 4)])
    parts.append(wires(rows - vec(0.15, 0, 0), rows + vec(0.15, 0, 0), detail.thin(0.005), 4).of(BLACK, "steer"))
    parts += both(wires([p.front + vec(0.07, 0, 0)], [[0.14, y, z + 0.05]], detail.thin(0.0055), 5).of(BLACK, "steer"))
    parts.append(wires([p.head(0.6)], [[0, y, z - 0.12]], 0.009, 6).of(BLACK, "steer"))
    return parts


def _basket(size: tuple[float, float, float], at: F64, finish: Finish, joint: str, detail: Detail) -> list[Solid]:
    """A woven basket with round corners: rows that bulge and give way in turn, and a thick rim."""
    count, rows = detail.n(28, 12), (11, 5, 2)[detail.level]
    angle = np.arange(count) * 2 * np.pi / count
    corner = np.stack([portable.sin(angle), portable.cos(angle)], -1)
    outline = np.sign(corner) * np.abs(corner) ** 0.5 * (size[0] / 2, size[2] / 2)

    def ring(share: float, inset: float) -> F64:
        flat = outline * (1 + 0.17 * share) * (1 - 2 * inset / min(size[0], size[2]))
        return np.stack([flat[:, 0], np.full(count, (share - 0.5) * size[1]), flat[:, 1]], -1) + at

    shares = np.linspace(0, 1, rows)
    outside = [ring(float(share), 0.006 * (k % 2)) for k, share in enumerate(shares)]
    inside = [ring(1.0, 0.012), ring(0.04, 0.012)]
    rim = tube(ring(1.0, 0.004), 0.010, detail.sides(8), closed=True, up=(0, 1, 0))
    return [loft([*outside, *inside], crease=70).of(finish, joint), rim.of(finish, joint)]


def wicker(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A wicker basket on the handlebar."""
    at = np.array([0.0, p.bar[1] - 0.12, p.bar[2] + 0.20])
    return _basket((0.32, 0.22, 0.22), at, WICKER, "bars", detail)


def _wire_basket(finish: Finish, at: F64, size: tuple[float, float, float], joint: str, detail: Detail) -> list[Solid]:
    """A basket of wire."""
    x, y, z = np.array(size) / 2
    count = (9, 6, 4)[detail.level]
    radius = max(0.0022, detail.thin(0.0022))
    corners = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1.0)])
    parts = []
    for height, grow, thick in ((-1.0, 1.0, 0.004), (-0.33, 1.06, radius), (0.33, 1.12, radius), (1.0, 1.18, 0.006)):
        loop = np.stack([corners[:, 0] * x * grow, np.full(4, height * y), corners[:, 1] * z * grow], -1)
        parts.append(tube(at + loop, max(thick, radius), 5, closed=True, up=(0, 1, 0)))
    k = np.linspace(-1, 1, count)
    edge = np.concatenate(
        [np.stack([0 * k + s, k], -1) for s in (-1.0, 1.0)] + [np.stack([k, 0 * k + s], -1) for s in (-1.0, 1.0)]
    )
    low = np.stack([edge[:, 0] * x, np.full(len(edge), -y), edge[:, 1] * z], -1)
    high = np.stack([edge[:, 0] * 1.18 * x, np.full(len(edge), y), edge[:, 1] * 1.18 * z], -1)
    floor = np.stack([k * x, 0 * k - y, 0 * k - z], -1)
    parts += [wires(at + low, at + high, radius, 3), wires(at + floor, at + floor + vec(0, 0, 2 * z), radius, 3)]
    return [part.of(finish, joint) for part in parts]


def front_wire(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A wire basket on the handlebar."""
    at = np.array([0.0, p.bar[1] - 0.10, p.bar[2] + 0.19])
    return _wire_basket(BLACK, at, (0.32, 0.20, 0.22), "bars", detail)


def rear_wire(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A wire basket between the rear wheels of a tricycle, on struts from the axle."""
    at = p.rear + vec(0.0, 0.24, -0.03)
    struts = [
        wires([p.rear + vec(x, 0, 0)], [at + vec(x, -0.13, z)], 0.007, 5) for x in (-0.15, 0.15) for z in (-0.15, 0.15)
    ]
    return [*(s.of(DARK) for s in struts), *_wire_basket(CHROME, at, (0.42, 0.26, 0.42), "root", detail)]


def crate(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A crate on the front rack."""
    at = np.array([0.0, 2 * b.front.radius + 0.19, p.front[2] + 0.02])
    return [tray((0.38, 0.26, 0.30), 0.014, (1.06, 1.06)).moved(at).of(SECOND, "steer")]


def panniers(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Bags at both sides of the rear rack."""
    color = matt((0.03, 0.03, 0.035)) if b.name != "postal" else SECOND
    size = (0.13, 0.30, 0.29)
    bag = box(size, detail.bevel(0.03)).moved((0.145, 2 * b.rear.radius - 0.11, p.rear[2] - 0.06))
    flap = box((0.145, 0.10, 0.305), detail.bevel(0.03)).moved((0.147, 2 * b.rear.radius - 0.005, p.rear[2] - 0.06))
    return [*both(bag.of(color)), *both(flap.of(color))]


def battery(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """An electric drive's battery on the down tube, its motor at the cranks and its display."""
    foot, top = p.bb + 0.24 * (p.head(0.2) - p.bb), p.bb + 0.80 * (p.head(0.2) - p.bb)
    along = top - foot
    out = np.array([0.0, -along[2], along[1]]) / portable.norm(along)
    out = out if out[1] > 0 else -out
    lift = (1.25 * b.tube + 0.022) * out
    pack = tube([foot + lift, foot + 0.04 * along + lift, top - 0.06 * along + lift, top + lift],
                [(0.03, 0.022), (0.038, 0.034), (0.038, 0.034), (0.03, 0.02)], 8, crease=50)  # fmt: skip
    motor = tube([p.bb - vec(0.042, 0, 0), p.bb + vec(0.042, 0, 0)], 0.072, detail.n(16, 8), up=(0, 1, 0))
    display = box((0.06, 0.045, 0.012)).moved(p.bar + vec(0.05, 0.03, -0.01), turn((1, 0, 0), -35))
    return [pack.of(BLACK), motor.moved((0, 0.015, 0.02)).of(BLACK), display.of(BLACK, "bars")]


def rack_battery(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """An electric drive's battery on the rear rack."""
    at = np.array([0.0, 2 * b.rear.radius + 0.08, p.rear[2] - 0.06])
    lamp = box((0.1, 0.03, 0.01)).moved(at - vec(0, 0, 0.168))
    return [box((0.11, 0.05, 0.33), detail.bevel(0.012)).moved(at).of(BLACK), lamp.of(RED)]


def skirt(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Coat guards beside the rear wheel."""
    a = np.radians(np.linspace(55, 165, detail.n(10, 6)))
    r = b.rear.radius - 0.005
    arc = np.stack([p.rear[2] + r * portable.cos(a), p.rear[1] + r * portable.sin(a)], -1)
    low = np.array([[p.rear[2] - 0.06, p.rear[1] + 0.03], [p.rear[2] + 0.04, p.rear[1] + 0.03]])
    guard = plate(np.concatenate([arc, low]), 0.006).moved((0.5 * b.rear.tyre + 0.016, 0, 0))
    return both(guard.of(b.guard_finish))


def stabilisers(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A child's side wheels, a little above the ground."""
    r = 0.062
    small = lathe([(r, -0.014), (r, 0.014), (0.7 * r, 0.016), (0.001, 0.016)], detail.n(18, 10))
    flat = lathe([(0.001, -0.016), (0.7 * r, -0.016), (r, -0.014)], detail.n(18, 10))
    at = np.array([0.21, r + 0.006, p.rear[2] - 0.03])
    arm = tube(
        spline(
            [p.rear + vec(0.07, 0, 0), p.rear + vec(0.15, -0.01, -0.01), at + vec(-0.045, 0.03, 0), at], detail.n(8)
        ),
        0.009,
        6,
    )
    return [*both(small.moved(at).of(RUBBER)), *both(flat.moved(at).of(WHITE_PLASTIC)), *both(arm.of(CHROME))]


def load_box(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The box between the handlebar and the front wheel of a long cargo bicycle."""
    start, end = column(b, p)[2] + 0.09, p.head(0)[2] - 0.13
    size = (0.50, 0.40, (end - start) / 1.18)
    at = np.array([0.0, p.bb[1] + 0.235, 0.5 * (start + end)])
    x, y, z = 0.57 * size[0], 0.5 * size[1], 0.58 * size[2]
    edge = np.array([(x, y, z), (x, y, -z), (-x, y, -z), (-x, y, z)]) + at
    rim = tube(edge, 0.012, detail.sides(8), closed=True, up=(0, 1, 0))
    low = 0.5 * size[0] + 0.02
    boards = [at + vec(side * low, -0.5 * size[1] + 0.03, 0) for side in (-1, 1)]
    rails = [box((0.025, 0.05, 0.98 * size[2])).moved(place).of(DARK) for place in boards]
    return [tray(size, 0.014, (1.14, 1.16)).moved(at).of(WOOD if "wood" in b.extras else BLACK), rim.of(ALLOY), *rails]


def deck(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The long bench of a longtail, its rails and running boards."""
    top = 2 * b.rear.radius + 0.06
    front, end = p.seat(0.9)[2] - 0.02, p.rear[2] - 0.26
    mid, length = 0.5 * (front + end), front - end
    parts = [box((0.17, 0.045, length), detail.bevel(0.015)).moved((0, top + 0.03, mid)).of(matt((0.02, 0.02, 0.022)))]
    rail = [
        (0.09, top, front),
        (0.09, top, end),
        (0.09, p.rear[1] + 0.05, end + 0.05),
        (0.11, p.rear[1] - 0.06, mid - 0.1),
    ]
    rail += [(0.11, p.rear[1] - 0.08, mid + 0.15), (0.05, p.bb[1] + 0.03, p.bb[2] - 0.05)]
    parts += both(tube(spline(rail, detail.n(24, 10)), 0.012, detail.sides(8)).of(PAINT))
    parts += both(box((0.10, 0.02, 0.42), detail.bevel(0.006)).moved((0.20, p.rear[1] - 0.075, mid + 0.02)).of(WOOD))
    parts += both(wires([p.rear + vec(0.07, 0, 0)], [(0.09, top, p.rear[2])], 0.008, 6).of(PAINT))
    hoop = spline([(0.085, top + 0.03, end + 0.06), (0.085, top + 0.22, end + 0.02), (0, top + 0.24, end + 0.01)], 8)
    return parts + both(tube(hoop, 0.009, 6).of(BLACK))
