"""What only some cars have: antennas, rails, spoilers, signs, spare wheels, bars, boards, scoops."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.cars_wheels import wheel
from diorama.assets.procedural.solids import Solid, box, joined, loft, tube, turn


def extras(car: Car, body: Body) -> list[Solid]:
    """What the row names."""
    return [solid for name in car.extras if name in EXTRAS for solid in EXTRAS[name](car, body)]


def both(solids: list[Solid]) -> list[Solid]:
    """Solids of the left side, and the same of the right one."""
    return [*solids, *(s.mirrored(s.joint.replace("_l", "_r")) for s in solids)]


def placed(car: Car, s: float) -> float:
    """z of a place behind the nose."""
    return car.length / 2 - s


def _antenna(car: Car, body: Body) -> list[Solid]:
    if car.open:
        return []
    s = car.cabin[-2][0] - 0.1
    y = float(body.above(0.0, s))
    outline = (
        (0.004, 0.09, -0.01, 0.0),
        (0.025, 0.0, 0.045, 0.0),
        (0.02, -0.06, 0.065, 0.01),
        (0.01, -0.075, 0.0, 0.0),
    )
    z = placed(car, s)
    fin = loft([[(w, y - 0.02, z + a), (0, y + h, z + a - b), (-w, y - 0.02, z + a)] for w, a, h, b in outline])
    return [fin.of(finish.PAINT)]


def _mast(car: Car, body: Body) -> list[Solid]:
    s = car.cabin[1][0] + 0.1
    y = float(body.above(0.0, s))
    return [tube([(0, y - 0.01, placed(car, s)), (0, y + 0.32, placed(car, s) - 0.22)], 0.004, 4).of(finish.SEAL)]


def _rails(car: Car, body: Body) -> list[Solid]:
    first, last = car.cabin[1][0] + 0.15, car.cabin[-2][0] - 0.05
    s = np.linspace(first, last, 9)
    x = float(body.cabin_half(np.array(car.cabin[2][0]), np.array(car.height - 0.12))) - 0.12
    y = body.above(x, s) + 0.045
    y[[0, -1]] -= 0.045
    path = np.stack([np.full(9, x), y, car.length / 2 - s], -1)
    return both([tube(path, [[0.014, 0.02]], 6, up=(1, 0, 0)).of(finish.ALLOY if not car.cladding else finish.PLASTIC)])


def _spoiler(car: Car, body: Body) -> list[Solid]:
    """A lip on the boot, or over the rear screen."""
    rear = car.cabin[-2] if car.boot and car.boot[0] < car.cabin[-1][0] - 0.05 else (car.length - 0.12, 0)
    s = rear[0] + 0.02
    half = 0.72 * float(body.cabin_half(np.array(s), np.array(rear[1] or 1.0))) if rear[1] else 0.36 * car.width
    x = np.linspace(-half, half, 9)
    y = body.above(np.abs(x), s) + 0.012
    path = np.stack([x, y, placed(car, s) - 0.05 + 0.10 * (x / half) ** 2], -1)
    return [tube(path, [[0.020, 0.10]], 6, up=(0, 1, 0)).of(finish.PAINT, "boot" if car.boot else "root")]


def _wing(car: Car, body: Body) -> list[Solid]:
    s = car.length - 0.22
    y = float(body.above(0.3, s))
    blade = box((0.78 * car.width, 0.025, 0.22), bevel=0.01).moved((0, y + 0.15, placed(car, s)), turn((1, 0, 0), 6.0))
    posts = [box((0.03, 0.17, 0.12)).moved((x, y + 0.06, placed(car, s) + 0.02)) for x in (-0.45, 0.45)]
    return [blade.of(finish.PAINT, "boot"), joined(posts).of(finish.PAINT, "boot")]


def _taxi(car: Car, body: Body) -> list[Solid]:
    s = car.cabin[2][0] - 0.15
    y = float(body.above(0.0, s))
    sign = box((0.62, 0.15, 0.20), bevel=0.03, taper=(0.9, 0.6)).moved((0, y + 0.075, placed(car, s)))
    marks = [box((0.05, 0.08, 0.004)).moved((x, y + 0.075, placed(car, s) + w * 0.086), turn((1, 0, 0), -w * 14.0))
             for x in (-0.15, -0.05, 0.05, 0.15) for w in (1.0, -1.0)]  # fmt: skip
    return [sign.of(finish.SIGN), joined(marks).of(finish.INK)]


def _spare(car: Car, body: Body) -> list[Solid]:
    y = car.wheel / 2 + 0.52
    z = float(body.front(0.0, y, back=True)) - car.tyre / 2 - 0.03
    solids = [s.moved((0.0, y, z), turn((0, 1, 0), 90.0)) for s in wheel(car, 0.6)]
    return [s.of(s.finish, "boot") for s in solids if s.finish is not None]


def _rollbar(car: Car, body: Body) -> list[Solid]:
    s = car.doors[1] + 0.18
    half = 0.5 * car.width - car.shoulder - 0.10
    y = float(body.belt(s))
    hoops = []
    for x in (0.5 * half + 0.05, -0.5 * half - 0.05):
        a = np.linspace(0, np.pi, 9)
        path = np.stack(
            [
                x + 0.2 * portable.cos(a),
                y - 0.05 + 0.26 * portable.power(portable.sin(a), 0.7),
                np.full(9, placed(car, s)),
            ],
            -1,
        )
        hoops.append(tube(path, 0.025, 6, up=(0, 0, 1)))
    return [joined(hoops).of(finish.CHROME)]


def _boards(car: Car, body: Body) -> list[Solid]:
    """Running boards between the mudguards."""
    first, last = car.front + car.arch + 0.02, car.front + car.wheelbase - car.arch - 0.02
    x = car.width / 2 - 0.10 if car.fender else car.width / 2 - 0.02
    board = box((0.22, 0.05, last - first), bevel=0.015).moved(
        (x, car.clearance + 0.08, placed(car, (first + last) / 2))
    )
    return both([board.of(finish.PAINT if car.fender else finish.PLASTIC)])


def _scoop(car: Car, body: Body) -> list[Solid]:
    s = 0.5 * (car.bonnet[0] + car.bonnet[1])
    y = float(body.above(0.0, s))
    shape = box((0.46, 0.07, 0.55), bevel=0.025, taper=(0.85, 0.8)).moved(
        (0, y + 0.01, placed(car, s)), turn((1, 0, 0), 4.0)
    )
    mouth = box((0.34, 0.028, 0.02)).moved((0, y + 0.012, placed(car, s) + 0.262))
    return [shape.of(finish.PAINT), mouth.of(finish.GAP)]


def _strip(car: Car, body: Body) -> list[Solid]:
    """A rubbing strip along the sides."""
    y = 0.5 * (car.clearance + float(body.belt(2.0)))
    runs = []
    for first, last in ((car.front + car.arch + 0.06, car.front + car.wheelbase - car.arch - 0.06),):
        s = np.linspace(first, last, 9)
        path = np.stack([body.side(s, y) + 0.004, np.full(9, y), car.length / 2 - s], -1)
        runs.append(tube(path, [[0.022, 0.012]], 4, up=(0, 1, 0)).of(finish.CHROME if car.shiny else finish.PLASTIC))
    return both(runs)


EXTRAS = {
    "antenna": _antenna, "mast": _mast, "rails": _rails, "spoiler": _spoiler, "wing": _wing, "taxi": _taxi,
    "spare": _spare, "rollbar": _rollbar, "boards": _boards, "scoop": _scoop, "strip": _strip,
}  # fmt: skip
