"""Equipment: mudguards, lamps, bottles, stands, brakes and cables, and the table of all that a row can list."""

from collections.abc import Callable

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import bikes_loads
from diorama.assets.procedural.bikes_geometry import (
    ALLOY,
    AMBER,
    BLACK,
    CHROME,
    DARK,
    GLASS,
    RED,
    Bike,
    Detail,
    Places,
    Wheel,
    both,
    gloss,
    vec,
)
from diorama.assets.procedural.solids import F64, Finish, Solid, box, lathe, spline, tube, turn, wires


def extras(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """What a bicycle's row lists."""
    parts: list[Solid] = []
    for name in b.extras:
        if name in EXTRAS:
            parts += EXTRAS[name](b, p, detail)
    return parts


def _mudguard(w: Wheel, at: F64, start: float, sweep: float, finish: Finish, joint: str, detail: Detail) -> Solid:
    """A shell over a wheel from `start`, in degrees ahead of straight up."""
    radius, half = w.radius + 0.012, 0.5 * w.tyre + 0.008
    angle = np.linspace(-1.2, 1.2, (5, 3, 3)[detail.level])
    outer = np.stack(
        [
            radius - 0.35 * half * (1 - portable.cos(angle)) / (1 - portable.cos(1.2)),
            half * portable.sin(angle) / portable.sin(1.2),
        ],
        -1,
    )
    inner = outer[::-1] - vec(0.0025, 0)
    shell = lathe(np.concatenate([outer, inner]), detail.n(24, 10), closed=True, turn=sweep, caps=False, crease=60)
    return shell.moved(at, turn((1, 0, 0), start)).of(finish, joint)


def _mudguards(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    rear = _mudguard(b.rear, p.rear, -118, 178, b.guard_finish, "root", detail)
    front = _mudguard(b.front, p.front, -112, 140, b.guard_finish, "steer", detail)
    parts = [front]
    if b.track:
        parts += both(rear.moved((b.track / 2, 0, 0)))
    else:
        parts.append(rear)
    for w, at, joint in ((b.rear, p.rear, "root"), (b.front, p.front, "steer")):
        if b.track and joint == "root":
            continue
        far = np.radians(205)
        tip = at + (w.radius + 0.01) * np.array([0, portable.sin(far), portable.cos(far)])
        stay = wires([at + vec(0.055, 0, 0)], [tip + vec(w.tyre / 2 + 0.006, 0, 0)], detail.thin(0.0025), 4)
        parts += both(stay.of(CHROME, joint))
    return parts


def _short_guard(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A plastic blade behind the saddle, as on mountain bicycles."""
    at = p.seat(1.0) + vec(0, -0.02, -0.03)
    line = spline([at, at + vec(0, 0.015, -0.17), at + vec(0, -0.01, -0.40)], 8)
    half = np.stack([np.interp(np.linspace(0, 1, 8), [0, 0.3, 1], [0.012, 0.035, 0.05]), np.full(8, 0.004)], -1)
    return [tube(line, half, 6, crease=40).of(b.guard_finish)]


def _lamp(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A round head lamp at the head tube."""
    at = p.head_top + vec(0, 0.01, 0.075)
    upright = np.array([[0, -1.0, 0], [0, 0, 1], [1, 0, 0]])  # the axis ahead
    upright = np.array([[0, 1.0, 0], [0, 0, 1], [1, 0, 0]])
    shell = lathe([(0.001, -0.04), (0.02, -0.035), (0.034, -0.005), (0.036, 0.022), (0.032, 0.024)], detail.n(14, 8))
    lens = lathe([(0.033, 0.018), (0.025, 0.026), (0.001, 0.030)], detail.n(14, 8))
    parts = [shell.moved(at, upright).of(CHROME if b.metal == ALLOY else BLACK, "steer")]
    parts.append(lens.moved(at, upright).of(GLASS, "steer"))
    parts.append(wires([p.head_top], [at], 0.008, 5).of(DARK, "steer"))
    return parts


def _rear_lamp(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    a = np.radians(155)
    at = p.rear + (b.rear.radius + 0.03) * np.array([0, portable.sin(a), portable.cos(a)])
    if "mudguards" not in b.extras:
        at = p.seat_top + 0.06 * p.seat_up + vec(0, 0, -0.03)
    return [box((0.04, 0.055, 0.03), detail.bevel(0.008)).moved(at).of(RED)]


def _bottle(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A bottle in its cage on the down tube."""
    along = p.head(0.2) - p.bb
    along = along / portable.norm(along)
    out = np.array([0.0, -along[2], along[1]])
    out = out if out[1] > 0 else -out
    foot = p.bb + 0.14 * along + (1.3 * b.tube + 0.04) * out
    color = gloss((0.62, 0.63, 0.65)) if len(b.name) % 2 else gloss((0.03, 0.09, 0.32))
    profile = [(0.0, 0.036), (0.12, 0.036), (0.135, 0.03), (0.145, 0.036), (0.165, 0.034), (0.18, 0.015), (0.20, 0.012)]
    body = tube([foot + y * along for y, _ in profile], [r for _, r in profile], detail.n(12, 6), crease=50)
    cage = tube([foot - 0.008 * along, foot + 0.0 * along], 0.039, 8)
    ring = tube([foot + 0.085 * along, foot + 0.095 * along], 0.039, detail.n(12, 6))
    return [body.of(color), cage.of(BLACK), ring.of(BLACK)]


FOLDED = 80.0
"""Degrees by which a side stand is folded back while it is not in use."""


def lean(b: Bike) -> float:
    """Degrees by which a parked bicycle leans to its left, onto its side stand or against a wall."""
    return 0.0 if b.track or "stabilisers" in b.extras else 8.0


def stand_foot(b: Bike, p: Places) -> tuple[F64, F64]:
    """The side stand's hinge, and where its foot reaches the ground when it is down and the bicycle leans."""
    hinge = p.bb + vec(0.045, 0.0, -0.075)
    x = hinge[0] + 0.145
    return hinge, np.array([x, x * portable.tan(np.radians(lean(b))), hinge[2] - 0.03])


def stand(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The side stand, folded."""
    hinge, foot = stand_foot(b, p)
    knee = hinge + 0.15 * (foot - hinge)
    leg = tube([hinge, knee, foot + vec(0, 0.022, 0), foot + vec(0.01, 0.009, 0)], [0.011, 0.009, 0.0075, 0.009], 6)
    return [leg.moved(-hinge).moved(hinge, turn((1, 0, 0), FOLDED)).of(ALLOY if b.metal == ALLOY else BLACK, "stand")]


def _bell(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """A bell beside the stem."""
    dome = lathe([(0.026, 0), (0.024, 0.012), (0.014, 0.022), (0.001, 0.025)], detail.n(12, 6))
    upright = np.array([[0, -1.0, 0], [1, 0, 0], [0, 0, 1]])
    return [dome.moved(p.bar + vec(0.1, 0.015, 0), upright).of(CHROME, "bars")]


def _reflectors(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    plate = box((0.045, 0.03, 0.012))
    back = plate.moved(p.seat_top + 0.09 * p.seat_up + vec(0, 0, -0.03))
    return [back.of(RED, "seatpost"), plate.moved(p.bar + vec(0, -0.006, 0.024)).of(AMBER, "bars")]


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
        (b.rear, p.rear, back / portable.norm(back), "root"),
    ):
        over, rim = at + (w.radius + 0.022) * way, at + (w.radius - w.tyre - 0.006) * way
        out = w.tyre / 2 + 0.016
        bow = [over, over + vec(out, -0.006, 0), rim + vec(out, 0, 0.012), rim + vec(0.028, 0, 0.012)]
        arm = spline(bow, detail.n(6)) + vec(0, 0, 0.012)
        parts += both(tube(arm, 0.007, detail.sides(6)).of(b.metal if b.metal != BLACK else DARK, joint))
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
    "rack": bikes_loads.rack,
    "front_rack": bikes_loads.front_rack,
    "wicker": bikes_loads.wicker,
    "wire_basket": bikes_loads.front_wire,
    "rear_basket": bikes_loads.rear_wire,
    "crate": bikes_loads.crate,
    "panniers": bikes_loads.panniers,
    "lamp": _lamp,
    "rear_lamp": _rear_lamp,
    "bottle": _bottle,
    "battery": bikes_loads.battery,
    "rack_battery": bikes_loads.rack_battery,
    "skirt": bikes_loads.skirt,
    "stabilisers": bikes_loads.stabilisers,
    "bell": _bell,
    "load_box": bikes_loads.load_box,
    "deck": bikes_loads.deck,
    "reflectors": _reflectors,
    "cables": _cables,
    "rim_brakes": _rim_brakes,
    "disc_brakes": _disc_brakes,
}
