"""Equipment: mudguards, racks, baskets, lamps, bottles, stands, loads, batteries, cables."""

from collections.abc import Callable

import numpy as np

from diorama.assets.procedural.bikes_frame import column
from diorama.assets.procedural.bikes_geometry import (
    ALLOY,
    AMBER,
    BLACK,
    CHROME,
    DARK,
    GLASS,
    PAINT,
    RED,
    RUBBER,
    SECOND,
    WICKER,
    WOOD,
    Bike,
    Detail,
    Places,
    Wheel,
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


def extras(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """What a bicycle's row lists."""
    parts: list[Solid] = []
    for name in b.extras:
        if name in EXTRAS:
            parts += EXTRAS[name](b, p, detail)
    return parts


def pair(solid: Solid) -> list[Solid]:
    """It and its mirror image."""
    return [solid, solid.mirrored()]


def _mudguard(w: Wheel, at: F64, start: float, sweep: float, finish: Finish, joint: str, detail: Detail) -> Solid:
    """A shell over a wheel from `start`, in degrees ahead of straight up."""
    radius, half = w.radius + 0.012, 0.5 * w.tyre + 0.008
    angle = np.linspace(-1.2, 1.2, (5, 3, 3)[detail.level])
    outer = np.stack(
        [radius - 0.35 * half * (1 - np.cos(angle)) / (1 - np.cos(1.2)), half * np.sin(angle) / np.sin(1.2)], -1
    )
    inner = outer[::-1] - vec(0.0025, 0)
    shell = lathe(np.concatenate([outer, inner]), detail.n(24, 10), closed=True, turn=sweep, caps=False, crease=60)
    return shell.moved(at, turn((1, 0, 0), start)).of(finish, joint)


def _mudguards(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    rear = _mudguard(b.rear, p.rear, -118, 178, b.guard_finish, "root", detail)
    front = _mudguard(b.front, p.front, -112, 140, b.guard_finish, "steer", detail)
    parts = [front]
    if b.track:
        parts += pair(rear.moved((b.track / 2, 0, 0)))
    else:
        parts.append(rear)
    for w, at, joint in ((b.rear, p.rear, "root"), (b.front, p.front, "steer")):
        if b.track and joint == "root":
            continue
        far = np.radians(205)
        tip = at + (w.radius + 0.01) * np.array([0, np.sin(far), np.cos(far)])
        stay = wires([at + vec(0.055, 0, 0)], [tip + vec(w.tyre / 2 + 0.006, 0, 0)], detail.thin(0.0025), 4)
        parts += pair(stay.of(CHROME, joint))
    return parts


def _short_guard(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A plastic blade behind the saddle, as on mountain bicycles."""
    at = p.seat(1.0) + vec(0, -0.02, -0.03)
    line = spline([at, at + vec(0, 0.015, -0.17), at + vec(0, -0.01, -0.40)], 8)
    half = np.stack([np.interp(np.linspace(0, 1, 8), [0, 0.3, 1], [0.012, 0.035, 0.05]), np.full(8, 0.004)], -1)
    return [tube(line, half, 6, crease=40).of(b.guard_finish)]


def _rack(b: Bike, p: Places, detail: Detail, back: float = 0.36) -> list[Solid]:
    """A carrier over the rear wheel."""
    top = 2 * b.rear.radius + 0.045
    front, end, half = p.rear[2] + 0.12, p.rear[2] + 0.12 - back, 0.062
    finish = b.metal if b.metal is not ALLOY else DARK
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
        parts += pair(leg.of(finish))
    parts += pair(
        wires([[half * 0.8, top, front]], [p.seat(0.85) + vec(0.02, 0, 0)], detail.thin(0.0045), 5).of(finish)
    )
    return parts


def _front_rack(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A carrier before the handlebar, on two stays from the front axle."""
    y, z = 2 * b.front.radius + 0.05, p.front[2] + 0.02
    loop = [(0.15, z - 0.12), (0.15, z + 0.16), (-0.15, z + 0.16), (-0.15, z - 0.12)]
    parts = [tube([(x, y, d) for x, d in loop], 0.007, 6, closed=True, up=(0, 1, 0)).of(BLACK, "steer")]
    rows = np.array([[0.0, y, d] for d in np.linspace(z - 0.06, z + 0.1, 4)])
    parts.append(wires(rows - vec(0.15, 0, 0), rows + vec(0.15, 0, 0), detail.thin(0.005), 4).of(BLACK, "steer"))
    parts += pair(wires([p.front + vec(0.07, 0, 0)], [[0.14, y, z + 0.05]], detail.thin(0.0055), 5).of(BLACK, "steer"))
    parts.append(wires([p.head(0.6)], [[0, y, z - 0.12]], 0.009, 6).of(BLACK, "steer"))
    return parts


def _basket(size: tuple[float, float, float], at: F64, finish: Finish, joint: str, detail: Detail) -> list[Solid]:
    """A woven basket with round corners: rows that bulge and give way in turn, and a thick rim."""
    count, rows = detail.n(28, 12), (11, 5, 2)[detail.level]
    angle = np.arange(count) * 2 * np.pi / count
    corner = np.stack([np.sin(angle), np.cos(angle)], -1)
    outline = np.sign(corner) * np.abs(corner) ** 0.5 * (size[0] / 2, size[2] / 2)

    def ring(share: float, inset: float) -> F64:
        flat = outline * (1 + 0.17 * share) * (1 - 2 * inset / min(size[0], size[2]))
        return np.stack([flat[:, 0], np.full(count, (share - 0.5) * size[1]), flat[:, 1]], -1) + at

    shares = np.linspace(0, 1, rows)
    outside = [ring(float(share), 0.006 * (k % 2)) for k, share in enumerate(shares)]
    inside = [ring(1.0, 0.012), ring(0.04, 0.012)]
    rim = tube(ring(1.0, 0.004), 0.010, detail.sides(8), closed=True, up=(0, 1, 0))
    return [loft([*outside, *inside], crease=70).of(finish, joint), rim.of(finish, joint)]


def _wicker(b: Bike, p: Places, detail: Detail) -> list[Solid]:
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


def _front_wire(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    at = np.array([0.0, p.bar[1] - 0.10, p.bar[2] + 0.19])
    return _wire_basket(BLACK, at, (0.32, 0.20, 0.22), "bars", detail)


def _rear_wire(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A wire basket between the rear wheels of a tricycle, on struts from the axle."""
    at = p.rear + vec(0.0, 0.24, -0.03)
    struts = [
        wires([p.rear + vec(x, 0, 0)], [at + vec(x, -0.13, z)], 0.007, 5) for x in (-0.15, 0.15) for z in (-0.15, 0.15)
    ]
    return [*(s.of(DARK) for s in struts), *_wire_basket(CHROME, at, (0.42, 0.26, 0.42), "root", detail)]


def _crate(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    at = np.array([0.0, 2 * b.front.radius + 0.19, p.front[2] + 0.02])
    return [tray((0.38, 0.26, 0.30), 0.014, (1.06, 1.06)).moved(at).of(SECOND, "steer")]


def _panniers(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    color = matt((0.03, 0.03, 0.035)) if b.name != "postal" else SECOND
    size = (0.13, 0.30, 0.29)
    bag = box(size, detail.bevel(0.03)).moved((0.145, 2 * b.rear.radius - 0.11, p.rear[2] - 0.06))
    flap = box((0.145, 0.10, 0.305), detail.bevel(0.03)).moved((0.147, 2 * b.rear.radius - 0.005, p.rear[2] - 0.06))
    return [*pair(bag.of(color)), *pair(flap.of(color))]


def _lamp(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A round head lamp at the head tube."""
    at = p.head_top + vec(0, 0.01, 0.075)
    upright = np.array([[0, -1.0, 0], [0, 0, 1], [1, 0, 0]])  # the axis ahead
    upright = np.array([[0, 1.0, 0], [0, 0, 1], [1, 0, 0]])
    shell = lathe([(0.001, -0.04), (0.02, -0.035), (0.034, -0.005), (0.036, 0.022), (0.032, 0.024)], detail.n(14, 8))
    lens = lathe([(0.033, 0.018), (0.025, 0.026), (0.001, 0.030)], detail.n(14, 8))
    parts = [shell.moved(at, upright).of(CHROME if b.metal is ALLOY else BLACK, "steer")]
    parts.append(lens.moved(at, upright).of(GLASS, "steer"))
    parts.append(wires([p.head_top], [at], 0.008, 5).of(DARK, "steer"))
    return parts


def _rear_lamp(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    a = np.radians(155)
    at = p.rear + (b.rear.radius + 0.03) * np.array([0, np.sin(a), np.cos(a)])
    if "mudguards" not in b.extras:
        at = p.seat_top + 0.06 * p.seat_up + vec(0, 0, -0.03)
    return [box((0.04, 0.055, 0.03), detail.bevel(0.008)).moved(at).of(RED)]


def _bottle(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A bottle in its cage on the down tube."""
    along = p.head(0.2) - p.bb
    along = along / np.linalg.norm(along)
    out = np.array([0.0, -along[2], along[1]])
    out = out if out[1] > 0 else -out
    foot = p.bb + 0.14 * along + (1.3 * b.tube + 0.04) * out
    color = gloss((0.62, 0.63, 0.65)) if len(b.name) % 2 else gloss((0.03, 0.09, 0.32))
    profile = [(0.0, 0.036), (0.12, 0.036), (0.135, 0.03), (0.145, 0.036), (0.165, 0.034), (0.18, 0.015), (0.20, 0.012)]
    body = tube([foot + y * along for y, _ in profile], [r for _, r in profile], detail.n(12, 6), crease=50)
    cage = tube([foot - 0.008 * along, foot + 0.0 * along], 0.039, 8)
    ring = tube([foot + 0.085 * along, foot + 0.095 * along], 0.039, detail.n(12, 6))
    return [body.of(color), cage.of(BLACK), ring.of(BLACK)]


def _battery(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """An electric drive's battery on the down tube, its motor at the cranks and its display."""
    foot, top = p.bb + 0.24 * (p.head(0.2) - p.bb), p.bb + 0.80 * (p.head(0.2) - p.bb)
    along = top - foot
    out = np.array([0.0, -along[2], along[1]]) / np.linalg.norm(along)
    out = out if out[1] > 0 else -out
    lift = (1.25 * b.tube + 0.022) * out
    pack = tube([foot + lift, foot + 0.04 * along + lift, top - 0.06 * along + lift, top + lift],
                [(0.03, 0.022), (0.038, 0.034), (0.038, 0.034), (0.03, 0.02)], 8, crease=50)  # fmt: skip
    motor = tube([p.bb - vec(0.042, 0, 0), p.bb + vec(0.042, 0, 0)], 0.072, detail.n(16, 8), up=(0, 1, 0))
    display = box((0.06, 0.045, 0.012)).moved(p.bar + vec(0.05, 0.03, -0.01), turn((1, 0, 0), -35))
    return [pack.of(BLACK), motor.moved((0, 0.015, 0.02)).of(BLACK), display.of(BLACK, "bars")]


def _rack_battery(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    at = np.array([0.0, 2 * b.rear.radius + 0.08, p.rear[2] - 0.06])
    lamp = box((0.1, 0.03, 0.01)).moved(at - vec(0, 0, 0.168))
    return [box((0.11, 0.05, 0.33), detail.bevel(0.012)).moved(at).of(BLACK), lamp.of(RED)]


def _skirt(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Coat guards beside the rear wheel."""
    a = np.radians(np.linspace(55, 165, detail.n(10, 6)))
    r = b.rear.radius - 0.005
    arc = np.stack([p.rear[2] + r * np.cos(a), p.rear[1] + r * np.sin(a)], -1)
    low = np.array([[p.rear[2] - 0.06, p.rear[1] + 0.03], [p.rear[2] + 0.04, p.rear[1] + 0.03]])
    guard = plate(np.concatenate([arc, low]), 0.006).moved((0.5 * b.rear.tyre + 0.016, 0, 0))
    return pair(guard.of(b.guard_finish))


FOLDED = 80.0
"""Degrees by which a side stand is folded back while it is not in use."""


def lean(b: Bike) -> float:
    """Degrees by which a parked bicycle leans to its left, onto its side stand or against a wall."""
    return 0.0 if b.track or "stabilisers" in b.extras else 8.0


def stand_foot(b: Bike, p: Places) -> tuple[F64, F64]:
    """The side stand's hinge, and where its foot reaches the ground when it is down and the bicycle leans."""
    hinge = p.bb + vec(0.045, 0.0, -0.075)
    x = hinge[0] + 0.145
    return hinge, np.array([x, x * np.tan(np.radians(lean(b))), hinge[2] - 0.03])


def stand(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The side stand, folded."""
    hinge, foot = stand_foot(b, p)
    knee = hinge + 0.15 * (foot - hinge)
    leg = tube([hinge, knee, foot + vec(0, 0.022, 0), foot + vec(0.01, 0.009, 0)], [0.011, 0.009, 0.0075, 0.009], 6)
    return [leg.moved(-hinge).moved(hinge, turn((1, 0, 0), FOLDED)).of(ALLOY if b.metal is ALLOY else BLACK, "stand")]


def _stabilisers(b: Bike, p: Places, detail: Detail) -> list[Solid]:
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
    return [*pair(small.moved(at).of(RUBBER)), *pair(flat.moved(at).of(WHITE_PLASTIC)), *pair(arm.of(CHROME))]


WHITE_PLASTIC = gloss((0.6, 0.6, 0.58))


def _streamers(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A child's flag or bell: here a bell."""
    dome = lathe([(0.026, 0), (0.024, 0.012), (0.014, 0.022), (0.001, 0.025)], detail.n(12, 6))
    upright = np.array([[0, -1.0, 0], [1, 0, 0], [0, 0, 1]])
    return [dome.moved(p.bar + vec(0.1, 0.015, 0), upright).of(CHROME, "bars")]


def _load_box(b: Bike, p: Places, detail: Detail) -> list[Solid]:
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


def _deck(b: Bike, p: Places, detail: Detail) -> list[Solid]:
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
    parts += pair(tube(spline(rail, detail.n(24, 10)), 0.012, detail.sides(8)).of(PAINT))
    parts += pair(box((0.10, 0.02, 0.42), detail.bevel(0.006)).moved((0.20, p.rear[1] - 0.075, mid + 0.02)).of(WOOD))
    parts += pair(wires([p.rear + vec(0.07, 0, 0)], [(0.09, top, p.rear[2])], 0.008, 6).of(PAINT))
    hoop = spline([(0.085, top + 0.03, end + 0.06), (0.085, top + 0.22, end + 0.02), (0, top + 0.24, end + 0.01)], 8)
    return parts + pair(tube(hoop, 0.009, 6).of(BLACK))


def _reflectors(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    plate = box((0.045, 0.03, 0.012))
    back = plate.moved(p.seat_top + 0.09 * p.seat_up + vec(0, 0, -0.03))
    return [back.of(RED, "seatpost"), plate.moved(p.bar + vec(0, -0.04, 0.03)).of(AMBER, "bars")]


def _cables(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Brake cables in a bow from the handlebar to the head."""
    reach = 0.6 * {"drop": 0.2, "bullhorn": 0.2}.get(b.bar, 0.3)
    parts = []
    for side, low, ahead in ((1.0, p.head(0.3), 0.11), (-1.0, p.head(0.1), 0.09)):
        start = p.bar + vec(side * reach, 0.01, 0.02)
        bow = 0.5 * (start + low) + vec(side * 0.02, 0.02, ahead)
        line = spline(
            [start, bow, low + vec(side * 0.02, 0.02, 0.05), low + vec(side * 0.022, -0.05, -0.01)], detail.n(14, 6)
        )
        parts.append(tube(line, detail.thin(0.0026), 4).of(BLACK, "steer"))
    return parts


def _rim_brakes(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Callipers over both wheels."""
    parts: list[Solid] = []
    back = p.seat(0.9) - p.rear
    for w, at, way, joint in (
        (b.front, p.front, p.steer_up, "steer"),
        (b.rear, p.rear, back / np.linalg.norm(back), "root"),
    ):
        over, rim = at + (w.radius + 0.022) * way, at + (w.radius - w.tyre - 0.006) * way
        out = w.tyre / 2 + 0.016
        bow = [over, over + vec(out, -0.006, 0), rim + vec(out, 0, 0.012), rim + vec(0.028, 0, 0.012)]
        arm = spline(bow, detail.n(6)) + vec(0, 0, 0.012)
        parts += pair(tube(arm, 0.007, detail.sides(6)).of(b.metal if b.metal is not BLACK else DARK, joint))
    return parts


def _disc_brakes(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Callipers of disc brakes on the left."""
    parts = []
    for w, at, joint, ahead, half in ((b.front, p.front, "steer", -0.5, 0.04), (b.rear, p.rear, "root", 0.3, 0.053)):
        if w.brake_disc:
            size = (0.03, 0.055, 0.035)
            place = at + vec(half, 0.85 * w.brake_disc, ahead * w.brake_disc)
            parts.append(box(size, detail.bevel(0.006)).moved(place).of(BLACK, joint))
    return parts


EXTRAS: dict[str, Callable[[Bike, Places, Detail], list[Solid]]] = {
    "mudguards": _mudguards,
    "short_guard": _short_guard,
    "rack": _rack,
    "front_rack": _front_rack,
    "wicker": _wicker,
    "wire_basket": _front_wire,
    "rear_basket": _rear_wire,
    "crate": _crate,
    "panniers": _panniers,
    "lamp": _lamp,
    "rear_lamp": _rear_lamp,
    "bottle": _bottle,
    "battery": _battery,
    "rack_battery": _rack_battery,
    "skirt": _skirt,
    "stabilisers": _stabilisers,
    "bell": _streamers,
    "load_box": _load_box,
    "deck": _deck,
    "reflectors": _reflectors,
    "cables": _cables,
    "rim_brakes": _rim_brakes,
    "disc_brakes": _disc_brakes,
}
