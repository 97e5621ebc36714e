"""What is mounted on every car: mirrors, handles, plates, wipers, bars, bumpers, windscreens, seats."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_extras import both, extras, placed
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.cars_wheels import steering_wheel
from diorama.assets.procedural.solids import Solid, box, joined, lathe, loft, tube, turn

LETTERS = np.array([-0.19, -0.13, -0.04, 0.02, 0.08, 0.17])
"""Places of a number plate's characters along it, metres."""


def parts(car: Car, body: Body, near: bool) -> list[Solid]:
    """All of them, or those that are seen from afar."""
    solids = [*_mirrors(car, body), *_plates(car, body, near), *interior(car, body, near), *_bumpers(car, body)]
    if near:
        solids += [*_handles(car, body), *_bars(car, body), *_trifles(car, body)]
    if car.open:
        solids += _windscreen(car, body)
    return [*solids, *extras(car, body)]


def _mirrors(car: Car, body: Body) -> list[Solid]:
    foot, head = car.cabin[0], car.cabin[1]
    y = float(body.belt(foot[0])) + 0.085
    s = foot[0] + (head[0] - foot[0]) * 0.30 + 0.12
    x = float(body.side(s, y - 0.05 - 0.12 * car.open))
    tall, long = (0.24, 0.13) if "big_mirrors" in car.extras else (0.135, 0.12)
    case = finish.PAINT if car.bumpers != "black" and "big_mirrors" not in car.extras else finish.PLASTIC
    if car.shiny:
        case = finish.CHROME
    wide = 0.17 if "big_mirrors" in car.extras else 0.20
    shape = box((wide, tall, long), bevel=0.035, taper=(0.9, 0.8), crease=70)
    place = np.array([x + 0.06 + wide / 2, y + tall / 2 - 0.06, placed(car, s)])
    glass = box((0.66 * wide, 0.58 * tall, 0.006)).moved(place - (0, 0.004, long / 2))
    arm = box((0.12, 0.03, 0.06), bevel=0.008).moved((x + 0.03, y - 0.035, placed(car, s)))
    return both(
        [shape.moved(place).of(case, "door_l"), glass.of(finish.BOWL, "door_l"), arm.of(finish.PLASTIC, "door_l")]
    )


def _handles(car: Car, body: Body) -> list[Solid]:
    what = finish.CHROME if car.shiny else finish.PAINT if car.bumpers != "black" else finish.PLASTIC
    solids = []
    for k, last in enumerate(car.doors[1:]):
        s = last - 0.17 - (0.12 if k == 1 else 0)
        y = float(body.belt(s)) - 0.11
        x = float(body.side(s, y))
        joint = "door_l" if k == 0 else "root"
        solids.append(box((0.035, 0.026, 0.19), bevel=0.009).moved((x + 0.014, y, placed(car, s))).of(what, joint))
        solids.append(box((0.006, 0.045, 0.11)).moved((x - 0.001, y, placed(car, s))).of(finish.GAP, joint))
    return both(solids)


def _plates(car: Car, body: Body, near: bool) -> list[Solid]:
    solids = []
    for way, y in zip((1.0, -1.0), car.plates, strict=True):
        z = float(np.abs(body.front(0.0, y + np.array([-0.05, 0.0, 0.05]), back=way < 0)).max()) + 0.012
        if car.bumpers and abs(y - car.bumper) < 0.13:
            z += 0.085
        joint = "boot" if way < 0 and car.boot and y > car.boot[1] else "root"
        solids.append(box((0.50, 0.115, 0.014)).moved((0, y, way * z)).of(finish.PLATE, joint))
        if near and way < 0:
            badge = lathe([(0.042, 0.0), (0.038, 0.01), (0.0, 0.012)], 10).moved((0, 0, 0), turn((0, 1, 0), 90))
            high = y + 0.14
            solids.append(
                badge.moved((0, high, float(body.front(0.0, high, back=True)) - 0.004)).of(finish.CHROME, joint)
            )
        if near:
            marks = [box((0.036, 0.07, 0.004)).moved((x, y, way * (z + 0.0085))) for x in LETTERS]
            solids.append(joined(marks).of(finish.INK, joint))
    return solids


def _bars(car: Car, body: Body) -> list[Solid]:
    """The grille's bars, laid along the nose."""
    half, low, high, taper = car.grille
    level, upright, shiny = car.bars
    what = finish.CHROME if shiny else finish.PLASTIC
    solids: list[Solid] = []
    if not half:
        return solids
    for k in range(level):
        y = low + (high - low) * (k + 0.5) / level
        reach = half + taper * (2 * (k + 0.5) / level - 1) - 0.01
        x = np.linspace(-reach, reach, 9)
        path = np.stack([x, np.full(9, y), body.front(np.abs(x), y) - 0.004], -1)
        solids.append(tube(path, [[0.22 * (high - low) / level, 0.012]], 4, up=(0, 1, 0)).of(what))
    for x in np.linspace(-half, half, upright + 2)[1:-1]:
        ys = np.linspace(low + 0.01, high - 0.01, 4)
        path = np.stack([np.full(4, x), ys, body.front(abs(x), ys) - 0.004], -1)
        solids.append(tube(path, [[0.012, 0.012]], 4, up=(1, 0, 0)).of(what))
    y = (low + high) / 2 if high - low > 0.1 else high + 0.06
    badge = lathe([(0.05, 0.0), (0.045, 0.012), (0.0, 0.014)], 12).moved((0, 0, 0), turn((0, 1, 0), -90))
    solids.append(badge.moved((0, y, float(body.front(0.0, y)) + 0.008)).of(finish.CHROME))
    return solids


def _trifles(car: Car, body: Body) -> list[Solid]:
    """Wipers, exhaust."""
    solids = []
    foot = car.cabin[0]
    if not car.open:
        for x0, x1 in ((0.12, 0.58), (-0.50, -0.02)):
            t = np.linspace(0, 1, 6)
            x = x0 + (x1 - x0) * t
            up = max(float(body.belt(foot[0])), foot[1]) + 0.06 + 0.05 * t
            points = np.stack([x, up, body.front(np.abs(x), up) + 0.014], -1)
            solids.append(tube(points, 0.009, 4).of(finish.SEAL))
    if "electric" not in car.extras:
        y = car.clearance + 0.03
        z = float(body.front(0.5, car.clearance + 0.10, back=True))
        sides = (-1, 1) if "twin_exhaust" in car.extras else (-1,)
        for side in sides:
            pipe = tube([(side * 0.5, y, z + 0.25), (side * 0.5, y, z - 0.03)], 0.032, 10, caps=False)
            hole = tube([(side * 0.5, y, z - 0.02), (side * 0.5, y, z - 0.027)], 0.027, 10)
            solids += [pipe.of(finish.CHROME), hole.of(finish.GAP)]
    return solids


def _bumpers(car: Car, body: Body) -> list[Solid]:
    if not car.bumpers:
        return []
    what = finish.CHROME if car.bumpers == "chrome" else finish.PLASTIC
    solids = []
    for way in (1.0, -1.0):
        reach = car.width / 2 - 0.04 - 0.5 * car.pinch
        x = np.linspace(-reach, reach, 13)
        z = body.front(np.abs(x), car.bumper, back=way < 0) + way * 0.055
        most = np.abs(z).max()
        bow = float(np.clip(most - np.abs(z[2]), 0.02, 0.16)) / 0.45
        z = way * (most - bow * (x / reach) ** 2)
        path = np.stack([x, np.full(13, car.bumper), z], -1)
        axle = car.front if way > 0 else car.length - car.front - car.wheelbase
        back = float(np.clip(axle - car.arch - 0.10 - (car.length / 2 - abs(z[0])), 0.06, 0.30))
        wrap = path[[0, -1]] + np.array([[-0.05, 0, -way * back], [0.05, 0, -way * back]])
        path = np.concatenate([wrap[:1], path, wrap[1:]])
        solids.append(tube(path, [[0.065, 0.035]], 8, up=(0, 1, 0)).of(what))
    return solids


def _windscreen(car: Car, body: Body) -> list[Solid]:
    """The pane and the frame before an open cockpit."""
    foot, head = car.cabin[0], car.cabin[1]
    half = float(body.cabin_half(np.array(foot[0] + 0.3), np.array(float(body.belt(foot[0])))))
    x = np.linspace(-1, 1, 13)
    rows = []
    for t in (0.0, 0.5, 1.0):
        s, y = foot[0] + (head[0] - foot[0]) * t, foot[1] + (car.screen - foot[1]) * t
        width = half - portable.tan(np.radians(car.tumblehome)) * max(y - float(body.belt(foot[0])), 0)
        rows.append(np.stack([x * width, np.full(13, y), placed(car, s) - car.screen_bow[0] * x * x], -1))
    pane = loft(rows[::-1], around=False, crease=60)
    back = Solid(pane.positions - (0, 0, 0.006), pane.triangles[:, ::-1], 60.0)
    frame = np.concatenate([[r[0] for r in rows], rows[-1][1:-1], [r[-1] for r in rows[::-1]]])
    return [pane.of(finish.GLASS), back.of(finish.GLASS), tube(frame - (0, 0.022, 0), 0.022, 6).of(finish.PAINT)]


def interior(car: Car, body: Body, near: bool) -> list[Solid]:
    """Seats, dashboard, steering wheel, and the cabin's floor."""
    if not car.open and not near:
        return []
    cloth = finish.TAN if "tan" in car.extras else finish.TRIM
    foot = car.cabin[0]
    front = 0.5 * (car.doors[0] + car.doors[1]) + 0.22
    floor = car.clearance + 0.13
    solids = []
    rows = [front] if len(car.doors) < 3 and "back_seat" not in car.extras else [front, front + 0.85]
    wide = car.room
    for s in rows:
        for x in (0.5 * wide + 0.06, -0.5 * wide - 0.06):
            solids += [p.of(cloth) for p in _seat(x, floor, placed(car, s), 0.5 * wide + 0.02, car.seat)]
    y = min(float(body.belt(foot[0])) - 0.03, float(foot[1]))
    s = foot[0] + 0.42
    solids.append(box((2 * wide + 0.14, 0.26, 0.40), bevel=0.05).moved((0, y - 0.12, placed(car, s))).of(finish.TRIM))
    column = steering_wheel().moved((0, 0, 0), turn((1, 0, 0), 25.0))
    solids.append(column.moved((0.5 * wide + 0.06, y + 0.0, placed(car, s + 0.33))).of(finish.UNDER, "column"))
    return solids


def _seat(x: float, floor: float, z: float, width: float, rise: float) -> list[Solid]:
    cushion = box((width, 0.16, 0.52), bevel=0.05).moved((x, floor + rise, z + 0.18), turn((1, 0, 0), -8.0))
    back = box((width, 0.62, 0.15), bevel=0.055, taper=(0.82, 0.8)).moved((0, 0.31, 0))
    head = box((0.25, 0.17, 0.10), bevel=0.04).moved((0, 0.71, 0))
    tilt = turn((1, 0, 0), -17.0)
    return [cushion, back.moved((x, floor + rise, z - 0.06), tilt), head.moved((x, floor + rise, z - 0.06), tilt)]
