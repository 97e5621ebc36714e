"""Frames and forks, as lists of tubes between named places."""

from collections.abc import Callable

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.bikes_geometry import BLACK, CHROME, DARK, PAINT, SECOND, Bike, Detail, Places, vec
from diorama.assets.procedural.solids import F64, Finish, Solid, box, spline, tube

Lines = list[tuple[list[F64], float, float]]  # points that a tube goes through, its radius at the start and at the end


DECAL = (0.45, 0.82)
"""Where a band of the second colour lies on the down tube, as shares from the bottom bracket to the head."""


def frame(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The frame without its fork, moving with the root."""
    parts = []
    for points, first, last in FRAMES[b.frame](b, p):
        count = 2 if len(points) == 2 else max(len(points), detail.n(10))
        path = np.array(points) if len(points) == 2 else spline(points, count)
        parts.append(tube(path, np.linspace(first, last, count), detail.sides(10)).of(PAINT))
    along = p.steer_up * (b.tube * 1.3)
    parts.append(tube([p.crown, p.head_top], 1.2 * b.tube, detail.sides(12)).of(SECOND if b.fork_second else PAINT))
    cups = [
        tube([end - 0.3 * along, end + 0.3 * along], 1.32 * b.tube, detail.sides(12)) for end in (p.crown, p.head_top)
    ]
    parts += [cup.of(DARK) for cup in cups]
    if b.frame != "penny_farthing":
        parts.append(tube([p.bb - vec(0.035, 0, 0), p.bb + vec(0.035, 0, 0)], 1.3 * b.tube, detail.sides(12)).of(PAINT))
    if b.track:
        half = np.array([b.track / 2, 0, 0])
        parts.append(tube([p.rear - half, p.rear + half], b.tube, detail.sides(10)).of(PAINT))
    if b.frame == "full_suspension":
        parts += _shock(p, detail)
    if b.decal:
        start, end = np.array(DECAL) + (0.05 if "bottle" in b.extras else 0)
        foot, top = p.bb, p.head(0.2)
        band = [foot + share * (top - foot) for share in (start, end)]
        parts.append(tube(band, b.decal * b.tube, detail.sides(10)).of(SECOND))
    return parts


def _stays(b: Bike, p: Places, top: F64, low: F64, near: float = 0.03, thick: float = 1.0) -> Lines:
    """Seat stays from `top` and chain stays from `low`, both to the rear axle."""
    out = 0.062
    lines: Lines = []
    for side in (-1.0, 1.0):
        axle = p.rear + vec(side * out, 0, 0)
        middle = 0.55 * low + 0.45 * p.rear + vec(side * max(0.5 * b.rear.tyre + 0.018, 0.035), 0, 0)
        upper = 0.6 * top + 0.4 * p.rear + vec(side * max(0.5 * b.rear.tyre + 0.015, 0.035), 0, 0)
        lines.append(([low + vec(side * near, 0, 0), middle, axle], 0.011 * thick, 0.008 * thick))
        lines.append(([top + vec(side * 0.014, 0, 0), upper, axle], 0.0085 * thick, 0.007 * thick))
    return lines


def _seat_tube(b: Bike, p: Places) -> Lines:
    return [([p.bb, p.seat_top], 0.95 * b.tube, 0.95 * b.tube)]


def _diamond(b: Bike, p: Places) -> Lines:
    down = ([p.head(0.2), p.bb], 1.2 * b.tube, 1.25 * b.tube)
    top = ([p.head(0.85), p.seat(0.94)], b.tube, 0.85 * b.tube)
    return [*_seat_tube(b, p), down, top, *_stays(b, p, p.seat(0.93), p.bb)]


def _step_through(b: Bike, p: Places) -> Lines:
    """One low beam that swings down from the head and up to the seat tube."""
    low = p.bb + 0.5 * (p.head(0.0) - p.bb) + vec(0, -0.01, -0.02)
    beam = ([p.head(0.45), 0.45 * p.head(0.3) + 0.55 * low, low - vec(0, 0.03, 0.03), p.bb], 1.6 * b.tube, 1.6 * b.tube)
    return [*_seat_tube(b, p), beam, *_stays(b, p, p.seat(0.72), p.bb)]


def _swan(b: Bike, p: Places) -> Lines:
    """Two tubes that swing down side by side, as on a Dutch lady's bicycle."""
    seat = p.seat(0.42)
    sag = 0.5 * (p.head(0.8) + seat) + vec(0, -0.085, -0.03)
    upper = ([p.head(0.85), sag, seat], b.tube, b.tube)
    lower_sag = 0.5 * (p.head(0.15) + p.bb) + vec(0, -0.075, -0.03)
    lower = ([p.head(0.2), lower_sag, p.bb], 1.1 * b.tube, 1.1 * b.tube)
    return [*_seat_tube(b, p), upper, lower, *_stays(b, p, p.seat(0.95), p.bb)]


def _mixte(b: Bike, p: Places) -> Lines:
    """Two thin tubes from the head past the seat tube to the rear axle."""
    lines = [*_seat_tube(b, p), ([p.head(0.2), p.bb], 1.1 * b.tube, 1.1 * b.tube), *_stays(b, p, p.seat(0.94), p.bb)]
    for side in (-1.0, 1.0):
        past = p.head(0.85) + 0.58 * (p.rear - p.head(0.85)) + vec(side * 0.03, 0.02, 0)
        lines.append(([p.head(0.85) + vec(side * 0.012, 0, 0), past, p.rear + vec(side * 0.06, 0, 0)], 0.009, 0.008))
    return lines


def _cruiser(b: Bike, p: Places) -> Lines:
    """Curved tubes; a second one runs under the upper tube and on to the rear axle (the cantilever frame)."""
    mid = 0.5 * (p.head(0.9) + p.seat(0.9))
    upper = ([p.head(0.9), mid + vec(0, 0.05, 0.05), p.seat(0.92)], b.tube, b.tube)
    down = ([p.head(0.15), 0.5 * (p.head(0.15) + p.bb) + vec(0, 0.01, 0.06), p.bb], 1.1 * b.tube, 1.1 * b.tube)
    lines = [*_seat_tube(b, p), upper, down, *_stays(b, p, p.seat(0.9), p.bb)]
    for side in (-1.0, 1.0):
        inner = [
            p.head(0.5) + vec(side * 0.01, 0, 0),
            mid + vec(side * 0.02, -0.06, 0.03),
            p.seat(0.62) + vec(side * 0.028, 0, 0),
        ]
        lines.append(([*inner, p.rear + vec(side * 0.062, 0.01, 0)], 0.01, 0.008))
    return lines


def _full_suspension(b: Bike, p: Places) -> Lines:
    """A front triangle, and a swing arm that a damper holds."""
    pivot = p.bb + vec(0, 0.055, 0.02)
    knee = 0.62 * p.rear + 0.38 * p.seat(0.62) + vec(0, 0.05, 0)
    lines = [
        *_seat_tube(b, p),
        ([p.head(0.15), p.bb], 1.4 * b.tube, 1.5 * b.tube),
        ([p.head(0.9), p.seat(0.62) + vec(0, 0.02, 0.02), p.seat(0.9)], 1.2 * b.tube, 0.8 * b.tube),
    ]
    for side in (-1.0, 1.0):
        out = [side * (b.rear.tyre / 2 + 0.02), 0, 0]
        axle = p.rear + vec(side * 0.065, 0, 0)
        lines.append(([pivot + vec(side * 0.03, 0, 0), 0.5 * (pivot + p.rear) + out, axle], 0.014, 0.011))
        rocker = [p.seat(0.6) + vec(side * 0.03, 0, 0.05), p.seat(0.62) + vec(side * 0.045, 0.02, -0.07)]
        lines.append(([*rocker, knee + out, axle], 0.011, 0.010))
    return lines


def _shock(p: Places, detail: Detail) -> list[Solid]:
    """A damper with its coil, from the swing arm's upper end to the down tube."""
    upper, lower = p.seat(0.6) + vec(0, 0, 0.05), 0.6 * p.bb + 0.4 * p.head(0.15) + vec(0, 0.04, 0)
    body = tube([upper, lower], 0.012, detail.sides(10)).of(DARK)
    turns = np.linspace(0, 1, detail.n(72, 24))
    ahead = (lower - upper) / portable.norm(lower - upper)
    side = np.array([1.0, 0, 0])
    across = np.cross(ahead, side)
    angle = turns[:, None] * 2 * np.pi * 7
    coil = (
        upper
        + (0.12 + 0.7 * turns[:, None]) * (lower - upper)
        + 0.026 * (portable.cos(angle) * side + portable.sin(angle) * across)
    )
    return [body, tube(coil, detail.thin(0.0045), 4).of(SECOND)]


def _beam(b: Bike, p: Places) -> Lines:
    """One low, thick beam, as on a folding bicycle."""
    waist = 0.45 * p.bb + 0.55 * p.head(0.3) + vec(0, -0.05, 0)
    beam = ([p.head(0.5), waist, p.seat(0.28)], 1.75 * b.tube, 1.75 * b.tube)
    tail = ([p.seat(0.28), p.bb - vec(0, 0, 0.01)], 1.2 * b.tube, 1.2 * b.tube)
    return [*_seat_tube(b, p), beam, tail, *_stays(b, p, p.seat(0.6), p.bb)]


def stoker(b: Bike, p: Places) -> tuple[F64, F64]:
    """The tandem's captain: bottom bracket and the direction of his seat tube. The stoker sits on the main one."""
    return p.bb + vec(0.0, 0.0, 0.66), p.seat_up


def _tandem(b: Bike, p: Places) -> Lines:
    bb, up = stoker(b, p)
    top = bb + (b.seat_tube + 0.02) * up
    near, far = bb + 0.93 * (top - bb), p.seat(0.9)
    return [
        *_seat_tube(b, p),
        ([bb, top], b.tube, b.tube),
        ([p.bb, bb], 1.2 * b.tube, 1.2 * b.tube),
        ([p.head(0.2), bb], 1.25 * b.tube, 1.25 * b.tube),
        ([p.head(0.85), near], b.tube, b.tube),
        ([near, far], b.tube, b.tube),
        ([p.head(0.5), bb + 0.5 * (top - bb), p.bb + 0.06 * (p.seat_top - p.bb)], 0.9 * b.tube, 0.9 * b.tube),
        *_stays(b, p, p.seat(0.93), p.bb),
    ]


def column(b: Bike, p: Places) -> F64:
    """Where the handlebar of a long cargo bicycle turns: the foot of its column."""
    return p.bb + vec(0.0, 0.12, 0.42)


def _long_john(b: Bike, p: Places) -> Lines:
    """A low beam under the load, up to the head far in front, and a column for the handlebar behind the load."""
    foot = column(b, p)
    near = np.array([0.0, p.bb[1] - 0.04, foot[2] + 0.06])
    far = np.array([0.0, p.bb[1] - 0.06, p.head(0)[2] - 0.16])
    lines = [
        *_seat_tube(b, p),
        ([p.bb, near, 0.5 * (near + far), far, p.head(0.5)], 1.5 * b.tube, 1.5 * b.tube),
        ([near - vec(0, 0.02, 0), foot, foot + 0.3 * p.steer_up], 1.2 * b.tube, 1.2 * b.tube),
        ([foot + 0.22 * p.steer_up, p.seat(0.5)], b.tube, b.tube),
        *_stays(b, p, p.seat(0.9), p.bb),
    ]
    for side in (-1.0, 1.0):
        rail = [
            near + vec(side * 0.02, 0.03, 0),
            near + vec(side * 0.2, 0.05, 0.08),
            far + vec(side * 0.2, 0.07, -0.06),
        ]
        lines.append(([*rail, far + vec(side * 0.02, 0.1, 0.08)], 0.011, 0.011))
    return lines


def _recumbent(b: Bike, p: Places) -> Lines:
    """A long boom from the rear wheel under the seat to the cranks before the front wheel."""
    seat = np.array([0.0, 0.40, p.rear[2] + 0.52])
    back = np.array([0.0, 0.48, p.rear[2] + 0.24])
    lines: Lines = [([back, seat, p.head(0.4), p.bb], 1.6 * b.tube, 1.6 * b.tube)]
    lines.append(
        (
            [seat + vec(0, -0.01, 0.1), seat + vec(0, -0.06, -0.1), p.rear + vec(0, 0.03, 0.26)],
            1.2 * b.tube,
            1.0 * b.tube,
        )
    )
    for side in (-1.0, 1.0):
        axle = p.rear + vec(side * 0.06, 0, 0)
        lines.append(([p.rear + vec(side * 0.02, 0.03, 0.27), p.rear + vec(side * 0.05, 0, 0.14), axle], 0.011, 0.009))
        lines.append(([back + vec(side * 0.015, 0, 0), axle], 0.009, 0.008))
    return lines


def _penny_farthing(b: Bike, p: Places) -> Lines:
    """One spine that follows the large wheel down to the small one."""
    r = b.front.radius + 0.045
    angle = np.radians([100, 125, 150, 172])
    spine = [p.front + np.array([0.0, r * portable.sin(a), r * portable.cos(a)]) for a in angle]
    lines: Lines = [([p.head(0.6), *spine[0:], p.rear + vec(0, b.rear.radius + 0.03, 0.03)], b.tube, 0.8 * b.tube)]
    for side in (-1.0, 1.0):
        fork = [p.rear + vec(side * 0.012, b.rear.radius + 0.04, 0.03), p.rear + vec(side * 0.035, b.rear.radius, 0.01)]
        lines.append(([*fork, p.rear + vec(side * 0.04, 0, 0)], 0.009, 0.008))
    return lines


FRAMES: dict[str, Callable[[Bike, Places], Lines]] = {
    "diamond": _diamond,
    "step_through": _step_through,
    "swan": _swan,
    "mixte": _mixte,
    "cruiser": _cruiser,
    "full_suspension": _full_suspension,
    "beam": _beam,
    "tandem": _tandem,
    "long_john": _long_john,
    "recumbent": _recumbent,
    "penny_farthing": _penny_farthing,
}


def fork(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The fork, moving with the steering."""
    out = max(b.front.tyre / 2 + 0.014, 0.03)
    ends = max(out, 0.05)
    low = p.crown - 0.012 * p.steer_up
    ahead = np.array([0.0, -p.steer_up[2], p.steer_up[1]])
    legs: list[Solid] = []
    finish: Finish = SECOND if b.fork_second else PAINT
    axle = p.front + vec(ends, 0, 0)
    if b.fork == "suspension":
        ahead = (b.rake - 0.012) * ahead
        top = low + vec(ends, 0.01, 0) + ahead
        waist = 0.5 * (top + axle)
        arch = spline(
            [waist + vec(0, 0.012, 0), waist + vec(0.03 - ends, 0.08, 0.03), waist * [0, 1, 1] + vec(0, 0.085, 0.03)], 7
        )
        legs = [
            tube([top, waist], 0.016, detail.sides(10)).of(CHROME),
            tube([waist, axle], [0.023, 0.019], detail.sides(10)).of(BLACK),
            tube(arch, 0.012, detail.sides(8)).of(BLACK),
        ]
        crown = box((2 * ends + 0.05, 0.03, 0.05), detail.bevel(0.008)).moved(low + ahead + vec(0, 0.008, 0))
        return [crown.of(BLACK, "steer"), *_both(legs)]
    shoulder = low + vec(out, -0.012, 0)
    if b.fork == "curved":
        straight = shoulder + 0.62 * (axle - b.rake * ahead - shoulder)
        points = [low + vec(0.006, 0, 0), shoulder - 0.02 * p.steer_up, straight, axle]
    else:
        points = [low + vec(0.006, 0, 0), shoulder - 0.02 * p.steer_up, 0.5 * (shoulder + axle), axle]
    count = detail.n(12)
    radius = np.interp(np.linspace(0, 1, count), [0, 0.3, 1], [0.014, 0.0145, 0.008]) * (b.tube / 0.016) ** 0.5
    legs.append(tube(spline(points, count), radius, detail.sides(9)).of(finish))
    return [
        tube([low - 0.006 * p.steer_up, p.crown], 1.15 * b.tube, detail.sides(10)).of(finish, "steer"),
        *_both(legs),
    ]


def _both(solids: list[Solid]) -> list[Solid]:
    """The left ones with their mirror images, moving with the steering."""
    left = [s if s.finish is None else s.of(s.finish, "steer") for s in solids]
    return left + [s.mirrored() for s in left]
