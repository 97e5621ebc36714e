"""What is mounted on a car's body: mirrors, handles, plates, wipers, bars, bumpers, lamps, spare wheel, seats."""

import numpy as np

from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.cars_wheels import steering_wheel, wheel
from diorama.assets.procedural.solids import Solid, box, joined, lathe, loft, tube, turn

LETTERS = np.array([-0.19, -0.13, -0.04, 0.02, 0.08, 0.17])
"""Places of a number plate's characters along it, metres."""


def parts(car: Car, body: Body, detail: float) -> list[Solid]:
    """All of them; `detail` 1 is the finest level, 0 the coarsest."""
    solids = [*_mirrors(car, body), *_plates(car, body, detail), *interior(car, body, detail), *_bumpers(car, body)]
    if detail > 0:
        solids += [*_handles(car, body), *_bars(car, body), *_trifles(car, body)]
    if car.open:
        solids += _windscreen(car, body)
    for name in car.extras:
        if name in _EXTRAS:
            solids += _EXTRAS[name](car, body)
    return solids


def _both(solids: list[Solid]) -> list[Solid]:
    return [*solids, *(s.mirrored(s.joint.replace("_l", "_r")) for s in solids)]


def _z(car: Car, s: float) -> float:
    return car.length / 2 - s


def _mirrors(car: Car, body: Body) -> list[Solid]:
    foot, head = car.cabin[0], car.cabin[1]
    y = float(body.belt(foot[0])) + 0.085
    s = foot[0] + (head[0] - foot[0]) * 0.30 + 0.12
    x = body.side(s, y - 0.05 - 0.12 * car.open)
    tall, long = (0.24, 0.13) if "big_mirrors" in car.extras else (0.135, 0.12)
    case = finish.PAINT if car.bumpers != "black" and "big_mirrors" not in car.extras else finish.PLASTIC
    if car.shiny:
        case = finish.CHROME
    wide = 0.17 if "big_mirrors" in car.extras else 0.20
    shape = box((wide, tall, long), bevel=0.035, taper=(0.9, 0.8), crease=70)
    place = np.array([x + 0.06 + wide / 2, y + tall / 2 - 0.06, _z(car, s)])
    glass = box((0.78 * wide, 0.72 * tall, 0.008)).moved(place - (0, 0.004, long / 2 - 0.001))
    arm = box((0.12, 0.03, 0.06), bevel=0.008).moved((x + 0.03, y - 0.035, _z(car, s)))
    return _both(
        [shape.moved(place).of(case, "door_l"), glass.of(finish.BOWL, "door_l"), arm.of(finish.PLASTIC, "door_l")]
    )


def _handles(car: Car, body: Body) -> list[Solid]:
    what = finish.CHROME if car.shiny else finish.PAINT if car.bumpers != "black" else finish.PLASTIC
    solids = []
    for k, last in enumerate(car.doors[1:]):
        s = last - 0.17 - (0.12 if k == 1 else 0)
        y = float(body.belt(s)) - 0.11
        x = body.side(s, y)
        joint = "door_l" if k == 0 else "root"
        solids.append(box((0.035, 0.026, 0.19), bevel=0.009).moved((x + 0.014, y, _z(car, s))).of(what, joint))
        solids.append(box((0.006, 0.045, 0.11)).moved((x - 0.001, y, _z(car, s))).of(finish.GAP, joint))
    return _both(solids)


def _plates(car: Car, body: Body, detail: float) -> list[Solid]:
    solids = []
    for way, y in zip((1.0, -1.0), car.plates, strict=True):
        z = max(abs(body.front(0.0, y + dy, back=way < 0)) for dy in (-0.05, 0.0, 0.05)) + 0.012
        if car.bumpers:
            z += 0.02
        joint = "boot" if way < 0 and car.boot and y > car.boot[1] else "root"
        solids.append(box((0.50, 0.115, 0.014)).moved((0, y, way * z)).of(finish.PLATE, joint))
        if detail > 0:
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
        path = np.array([(a, y, body.front(abs(a), y) - 0.004) for a in x])
        solids.append(tube(path, [[0.22 * (high - low) / level, 0.012]], 4, up=(0, 1, 0)).of(what))
    for x in np.linspace(-half, half, upright + 2)[1:-1]:
        ys = np.linspace(low + 0.01, high - 0.01, 4)
        path = np.array([(x, y, body.front(abs(x), y) - 0.004) for y in ys])
        solids.append(tube(path, [[0.012, 0.012]], 4, up=(1, 0, 0)).of(what))
    y = (low + high) / 2 if high - low > 0.1 else high + 0.06
    badge = lathe([(0.05, 0.0), (0.045, 0.012), (0.0, 0.014)], 12).moved((0, 0, 0), turn((0, 1, 0), -90))
    solids.append(badge.moved((0, y, body.front(0.0, y) + 0.008)).of(finish.CHROME))
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
            points = np.stack([x, up, [body.front(abs(a), b) + 0.014 for a, b in zip(x, up, strict=True)]], -1)
            solids.append(tube(points, 0.009, 4).of(finish.SEAL))
    if "electric" not in car.extras:
        y = car.clearance + 0.03
        z = -car.length / 2 + car.bow[1] * 0.4 + 0.09
        sides = (-1, 1) if "twin_exhaust" in car.extras else (-1,)
        for side in sides:
            pipe = tube([(side * 0.5, y, z + 0.25), (side * 0.5, y, z - 0.06)], 0.032, 10, caps=False)
            hole = tube([(side * 0.5, y, z - 0.05), (side * 0.5, y, z - 0.057)], 0.027, 10)
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
        z = np.array([body.front(abs(a), car.bumper, back=way < 0) for a in x]) + way * 0.055
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
        width = half - np.tan(np.radians(car.tumblehome)) * max(y - float(body.belt(foot[0])), 0)
        rows.append(np.stack([x * width, np.full(13, y), _z(car, s) - car.screen_bow[0] * x * x], -1))
    pane = loft(rows[::-1], around=False, crease=60)
    back = Solid(pane.positions - (0, 0, 0.006), pane.triangles[:, ::-1], 60.0)
    frame = np.concatenate([[r[0] for r in rows], rows[-1][1:-1], [r[-1] for r in rows[::-1]]])
    return [pane.of(finish.GLASS), back.of(finish.GLASS), tube(frame - (0, 0.022, 0), 0.022, 6).of(finish.PAINT)]


def interior(car: Car, body: Body, detail: float) -> list[Solid]:
    """Seats, dashboard, steering wheel, and the cabin's floor."""
    if not car.open and detail == 0:
        return []
    cloth = finish.TAN if "tan" in car.extras else finish.TRIM
    foot = car.cabin[0]
    front = 0.5 * (car.doors[0] + car.doors[1]) + 0.22
    floor = car.clearance + 0.13
    solids = []
    rows = [front] if len(car.doors) < 3 and "back_seat" not in car.extras else [front, front + 0.85]
    wide = 0.5 * car.width - car.shoulder - 0.16
    for s in rows:
        for x in (0.5 * wide + 0.06, -0.5 * wide - 0.06):
            solids += [p.of(cloth) for p in _seat(x, floor, _z(car, s), 0.5 * wide + 0.02, car.seat)]
    y = min(float(body.belt(foot[0])) - 0.03, float(foot[1]))
    s = foot[0] + 0.42
    solids.append(box((2 * wide + 0.14, 0.26, 0.40), bevel=0.05).moved((0, y - 0.12, _z(car, s))).of(finish.TRIM))
    column = steering_wheel().moved((0, 0, 0), turn((1, 0, 0), 25.0))
    solids.append(column.moved((0.5 * wide + 0.06, y + 0.0, _z(car, s + 0.33))).of(finish.UNDER, "column"))
    return solids


def _seat(x: float, floor: float, z: float, width: float, rise: float) -> list[Solid]:
    cushion = box((width, 0.16, 0.52), bevel=0.05).moved((x, floor + rise, z + 0.18), turn((1, 0, 0), -8.0))
    back = box((width, 0.62, 0.15), bevel=0.055, taper=(0.82, 0.8)).moved((0, 0.31, 0))
    head = box((0.25, 0.17, 0.10), bevel=0.04).moved((0, 0.71, 0))
    tilt = turn((1, 0, 0), -17.0)
    return [cushion, back.moved((x, floor + rise, z - 0.06), tilt), head.moved((x, floor + rise, z - 0.06), tilt)]


def _antenna(car: Car, body: Body) -> list[Solid]:
    if car.open:
        return []
    s = car.cabin[-2][0] - 0.1
    y = body.above(0.0, s)
    outline = (
        (0.004, 0.09, -0.01, 0.0),
        (0.025, 0.0, 0.045, 0.0),
        (0.02, -0.06, 0.065, 0.01),
        (0.01, -0.075, 0.0, 0.0),
    )
    z = _z(car, s)
    fin = loft([[(w, y - 0.02, z + a), (0, y + h, z + a - b), (-w, y - 0.02, z + a)] for w, a, h, b in outline])
    return [fin.of(finish.PAINT)]


def _mast(car: Car, body: Body) -> list[Solid]:
    s = car.cabin[1][0] + 0.1
    y = body.above(0.0, s)
    return [tube([(0, y - 0.01, _z(car, s)), (0, y + 0.32, _z(car, s) - 0.22)], 0.004, 4).of(finish.SEAL)]


def _rails(car: Car, body: Body) -> list[Solid]:
    first, last = car.cabin[1][0] + 0.15, car.cabin[-2][0] - 0.05
    s = np.linspace(first, last, 9)
    x = float(body.cabin_half(np.array(car.cabin[2][0]), np.array(car.height - 0.12))) - 0.12
    y = np.array([body.above(x, float(a)) for a in s]) + 0.045
    y[[0, -1]] -= 0.045
    path = np.stack([np.full(9, x), y, car.length / 2 - s], -1)
    return _both(
        [tube(path, [[0.014, 0.02]], 6, up=(1, 0, 0)).of(finish.ALLOY if not car.cladding else finish.PLASTIC)]
    )


def _spoiler(car: Car, body: Body) -> list[Solid]:
    """A lip on the boot, or over the rear screen."""
    rear = car.cabin[-2] if car.boot and car.boot[0] < car.cabin[-1][0] - 0.05 else (car.length - 0.12, 0)
    s = rear[0] + 0.02
    half = 0.72 * float(body.cabin_half(np.array(s), np.array(rear[1] or 1.0))) if rear[1] else 0.36 * car.width
    x = np.linspace(-half, half, 9)
    y = np.array([body.above(abs(a), s) for a in x]) + 0.012
    path = np.stack([x, y, _z(car, s) - 0.05 + 0.10 * (x / half) ** 2], -1)
    return [tube(path, [[0.020, 0.10]], 6, up=(0, 1, 0)).of(finish.PAINT, "boot" if car.boot else "root")]


def _wing(car: Car, body: Body) -> list[Solid]:
    s = car.length - 0.22
    y = body.above(0.3, s)
    blade = box((0.78 * car.width, 0.025, 0.22), bevel=0.01).moved((0, y + 0.15, _z(car, s)), turn((1, 0, 0), 6.0))
    posts = [box((0.03, 0.17, 0.12)).moved((x, y + 0.06, _z(car, s) + 0.02)) for x in (-0.45, 0.45)]
    return [blade.of(finish.PAINT, "boot"), joined(posts).of(finish.PAINT, "boot")]


def _taxi(car: Car, body: Body) -> list[Solid]:
    s = car.cabin[2][0] - 0.15
    y = body.above(0.0, s)
    sign = box((0.62, 0.15, 0.20), bevel=0.03, taper=(0.9, 0.6)).moved((0, y + 0.075, _z(car, s)))
    marks = [box((0.05, 0.08, 0.004)).moved((x, y + 0.075, _z(car, s) + w * 0.086), turn((1, 0, 0), -w * 14.0))
             for x in (-0.15, -0.05, 0.05, 0.15) for w in (1.0, -1.0)]  # fmt: skip
    return [sign.of(finish.SIGN), joined(marks).of(finish.INK)]


def _spare(car: Car, body: Body) -> list[Solid]:
    y = car.wheel / 2 + 0.52
    z = body.front(0.0, y, back=True) - car.tyre / 2 - 0.03
    solids = [s.moved((0.0, y, z), turn((0, 1, 0), 90.0)) for s in wheel(car, 0.6)]
    return [s.of(s.finish, "boot") for s in solids if s.finish is not None]


def _rollbar(car: Car, body: Body) -> list[Solid]:
    s = car.doors[1] + 0.18
    half = 0.5 * car.width - car.shoulder - 0.10
    y = float(body.belt(s))
    hoops = []
    for x in (0.5 * half + 0.05, -0.5 * half - 0.05):
        a = np.linspace(0, np.pi, 9)
        path = np.stack([x + 0.2 * np.cos(a), y - 0.05 + 0.26 * np.sin(a) ** 0.7, np.full(9, _z(car, s))], -1)
        hoops.append(tube(path, 0.025, 6, up=(0, 0, 1)))
    return [joined(hoops).of(finish.CHROME)]


def _boards(car: Car, body: Body) -> list[Solid]:
    """Running boards between the mudguards."""
    first, last = car.front + car.arch + 0.02, car.front + car.wheelbase - car.arch - 0.02
    x = car.width / 2 - 0.10 if car.fender else car.width / 2 - 0.02
    board = box((0.22, 0.05, last - first), bevel=0.015).moved((x, car.clearance + 0.08, _z(car, (first + last) / 2)))
    return _both([board.of(finish.PAINT if car.fender else finish.PLASTIC)])


def _scoop(car: Car, body: Body) -> list[Solid]:
    s = 0.5 * (car.bonnet[0] + car.bonnet[1])
    y = body.above(0.0, s)
    shape = box((0.46, 0.07, 0.55), bevel=0.025, taper=(0.85, 0.8)).moved(
        (0, y + 0.01, _z(car, s)), turn((1, 0, 0), 4.0)
    )
    mouth = box((0.34, 0.028, 0.02)).moved((0, y + 0.012, _z(car, s) + 0.262))
    return [shape.of(finish.PAINT), mouth.of(finish.GAP)]


def _strip(car: Car, body: Body) -> list[Solid]:
    """A rubbing strip along the sides."""
    y = 0.5 * (car.clearance + float(body.belt(2.0)))
    runs = []
    for first, last in ((car.front + car.arch + 0.06, car.front + car.wheelbase - car.arch - 0.06),):
        s = np.linspace(first, last, 9)
        path = np.array([(body.side(float(a), y) + 0.004, y, _z(car, float(a))) for a in s])
        runs.append(tube(path, [[0.022, 0.012]], 4, up=(0, 1, 0)).of(finish.CHROME if car.shiny else finish.PLASTIC))
    return _both(runs)


_EXTRAS = {
    "antenna": _antenna, "mast": _mast, "rails": _rails, "spoiler": _spoiler, "wing": _wing, "taxi": _taxi,
    "spare": _spare, "rollbar": _rollbar, "boards": _boards, "scoop": _scoop, "strip": _strip,
}  # fmt: skip
