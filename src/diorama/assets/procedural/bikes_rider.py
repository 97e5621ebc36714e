"""Where the rider touches a bicycle: saddle and post, stem, handlebar with grips and levers."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural.bikes_frame import column, stoker
from diorama.assets.procedural.bikes_geometry import ALLOY, BLACK, CHROME, DARK, Bike, Detail, Places, matt, vec
from diorama.assets.procedural.solids import F64, Finish, Rgb, Solid, box, lathe, loft, spline, tube, wires

#: Half handlebars from the stem outwards: x to the side, y up, z ahead. The grip begins at the share.
BARS: dict[str, tuple[list[tuple[float, float, float]], float]] = {
    "drop": ([(0, 0, 0), (0.15, 0, 0), (0.196, 0, 0.012), (0.206, -0.004, 0.07), (0.209, -0.035, 0.102),
              (0.211, -0.09, 0.088), (0.214, -0.125, 0.04), (0.216, -0.13, -0.02)], 0.22),
    "flat": ([(0, 0, 0), (0.1, 0, 0), (0.22, 0, -0.012), (0.335, 0.002, -0.04)], 0.62),
    "riser": ([(0, 0, 0), (0.06, 0, 0), (0.13, 0.035, 0), (0.24, 0.042, -0.015), (0.37, 0.045, -0.05)], 0.66),
    "swept": ([(0, 0, 0), (0.05, 0.005, 0.03), (0.14, 0.05, 0.06), (0.23, 0.065, 0.02), (0.27, 0.055, -0.09),
               (0.285, 0.04, -0.2)], 0.66),
    "cruiser": ([(0, 0, 0), (0.05, 0.01, 0.02), (0.15, 0.10, 0.05), (0.27, 0.14, 0.0), (0.33, 0.12, -0.12),
                 (0.35, 0.09, -0.26)], 0.70),
    "bullhorn": ([(0, 0, 0), (0.15, 0, 0), (0.19, 0, 0.02), (0.2, 0.0, 0.10), (0.2, 0.035, 0.17)], 0.45),
    "bmx": ([(0, 0, 0), (0.06, 0, 0), (0.1, 0.09, -0.01), (0.15, 0.205, -0.02), (0.24, 0.215, -0.035),
             (0.36, 0.22, -0.06)], 0.74),
    "moustache": ([(0, 0, 0), (0.12, 0.0, 0.0), (0.24, -0.03, -0.04), (0.29, -0.08, -0.11)], 0.7),
    "upright": ([(0, 0, 0), (0.06, 0.01, 0.0), (0.13, 0.06, 0.0), (0.19, 0.13, -0.04), (0.235, 0.15, -0.12),
                 (0.245, 0.145, -0.18)], 0.62),
}  # fmt: skip

#: Length, half widths at the back, middle and nose, height of the cushion, springs.
SADDLES: dict[str, tuple[float, float, float, float, float, bool]] = {
    "racing": (0.275, 0.068, 0.032, 0.019, 0.022, False),
    "sport": (0.275, 0.080, 0.040, 0.024, 0.032, False),
    "leather": (0.27, 0.085, 0.040, 0.022, 0.030, True),
    "city": (0.255, 0.108, 0.062, 0.034, 0.048, True),
    "bmx": (0.235, 0.060, 0.033, 0.021, 0.032, False),
    "child": (0.20, 0.070, 0.040, 0.028, 0.036, False),
}


def rider(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """Saddle, post, stem and handlebar."""
    if b.saddle == "seat":
        parts = _recumbent_seat(p, b, detail)
    else:
        parts = saddle(b.saddle, b.saddle_color, p.saddle, detail, "saddle")
        post = [p.seat_top - 0.02 * p.seat_up, p.saddle - 0.05 * p.seat_up]
        wide = 0.82 if b.saddle_height - b.seat_tube > 0.08 else 0.9
        parts.append(tube(post, wide * b.tube, detail.sides(10)).of(b.metal, "seatpost"))
        collar = [p.seat_top - 0.022 * p.seat_up, p.seat_top + 0.003 * p.seat_up]
        parts.append(tube(collar, 1.12 * b.tube, detail.sides(10)).of(DARK))
    foot, bar = stem(b, p)
    up = p.steer_up
    quill = foot + b.stem_rise * up
    metal = b.metal
    thick = 0.019 if b.stem_rise > 0.1 else 0.016
    parts.append(tube([foot - 0.01 * up, quill + 0.012 * up], thick, detail.sides(10)).of(metal, "stem"))
    parts.append(tube([quill, bar], 0.0155, detail.sides(10)).of(metal, "stem"))
    parts.append(tube([bar - vec(0.03, 0, 0), bar + vec(0.03, 0, 0)], 0.02, detail.sides(10)).of(metal, "bars"))
    parts += _handlebar(b, bar, detail)
    if b.frame == "tandem":
        parts += _captain(b, p, detail)
    return parts


def stem(b: Bike, p: Places) -> tuple[F64, F64]:
    """Where the stem leaves the head or the column, and the middle of the handlebar."""
    foot = column(b, p) + 0.3 * p.steer_up if b.frame == "long_john" else p.head_top
    if b.frame == "recumbent":
        return foot, foot + b.stem_rise * p.steer_up + vec(0, 0.28, -0.22)
    return foot, foot + p.bar - p.head_top


def saddle(kind: str, color: Rgb, at: F64, detail: Detail, joint: str) -> list[Solid]:
    """A saddle whose rails are clamped just below the point given."""
    length, back, middle, nose, thick, springs = SADDLES[kind]
    share = np.array([0.0, 0.03, 0.12, 0.3, 0.48, 0.65, 0.85, 0.96, 1.0])
    half = np.interp(share, [0, 0.03, 0.12, 0.3, 0.48, 0.65, 0.96, 1.0],
                     [0.55 * back, 0.85 * back, back, 0.82 * back, middle, 1.15 * nose, nose, 0.3 * nose])  # fmt: skip
    top = thick * np.interp(share, [0, 0.1, 0.4, 0.9, 1.0], [0.75, 1.15, 0.72, 0.82, 0.4])
    low = -np.interp(share, [0, 0.12, 0.4, 1.0], [0.6, 1.0, 0.85, 0.35]) * (0.5 * thick + 0.008)
    angle = np.arange(detail.n(12, 6)) * 2 * np.pi / detail.n(12, 6)
    up, out = portable.sin_cos(angle)
    out = np.sign(out) * portable.power(np.abs(out), 0.8)
    rings = [
        np.stack([w * out, np.where(up > 0, t * up, -d * up), np.full_like(angle, z)], -1)
        for w, t, d, z in zip(half, top, low, (share - 0.46) * length, strict=True)
    ]  # fmt: skip
    parts = [loft(rings, crease=65).moved(at).of(matt(color), joint)]
    sides = np.array([[-1.0, 0, 0], [1.0, 0, 0]])
    rail = at + vec(0, -0.035, -0.02)
    for tip, x in (((0, -0.008, 0.42 * length), 0.012), ((0, -0.01, -0.4 * length), 0.035)):
        parts.append(
            wires(rail + 0.02 * sides + vec(0, 0, 0), at + tip + x * sides, detail.thin(0.0035), 4).of(CHROME, joint)
        )
    parts.append(box((0.045, 0.026, 0.045), detail.bevel(0.006)).moved(rail + vec(0, -0.004, 0.01)).of(DARK, joint))
    if springs:
        spring = lathe(
            [(0.001, 0), (0.017, 0), (0.019, 0.015), (0.015, 0.03), (0.019, 0.045), (0.001, 0.047)], detail.n(10, 6)
        )
        upright = np.array([[0, -1.0, 0], [1, 0, 0], [0, 0, 1]])
        left = spring.moved(at + vec(0.6 * back, -0.062, -0.36 * length), upright).of(CHROME, joint)
        parts += [left, left.mirrored()]
    return parts


def _recumbent_seat(p: Places, b: Bike, detail: Detail) -> list[Solid]:
    """A shell to lie back in."""
    low = np.array([0.0, 0.45, p.rear[2] + 0.60])
    profile = [(0.0, 0.13), (0.02, 0.02), (0.05, -0.06), (0.2, -0.18), (0.38, -0.30), (0.52, -0.36), (0.60, -0.37)]
    line = spline([low + vec(0, y, z) for y, z in profile], detail.n(14, 8))
    half = np.interp(np.linspace(0, 1, len(line)), [0, 0.3, 0.8, 1], [0.14, 0.19, 0.18, 0.10])
    shell = tube(line, np.stack([half, np.full(len(line), 0.022)], -1), detail.n(12, 8)).of(matt(b.saddle_color))
    brace = tube([low + vec(0, 0.3, -0.27), p.rear + vec(0, 0.05, 0.26)], 0.011, detail.sides(8)).of(b.metal)
    return [shell, brace]


def _handlebar(b: Bike, at: F64, detail: Detail, joint: str = "bars", tape: bool = True) -> list[Solid]:
    """The bar, its grips, brake levers and, on a racing bicycle, extensions."""
    half, grip_from = BARS[b.bar]
    curve = spline(np.array(half) * [b.bar_width, 1, 1], detail.n(26, 10)) + at
    first = round(grip_from * (len(curve) - 1))
    grip: Finish = matt(b.grip)
    parts = [tube(curve, 0.0115, detail.sides(9)).of(b.bar_finish, joint)]
    parts.append(tube(curve[first:], 0.016, detail.sides(9)).of(grip, joint))
    if tape:
        parts += _levers(b, curve, first, detail, joint)
    parts += [s.mirrored() for s in parts]
    if b.bar == "bmx":
        low, high = curve[round(0.48 * (len(curve) - 1))] * [-1, 1, 1], curve[round(0.48 * (len(curve) - 1))]
        parts.append(tube([low, high], 0.01, detail.sides(8)).of(b.bar_finish, joint))
    if "aero" in b.extras:
        parts += _extensions(at, detail, joint)
    return parts


def _levers(b: Bike, curve: F64, first: int, detail: Detail, joint: str) -> list[Solid]:
    """The left brake lever."""
    if b.bar == "drop":
        hood = curve[round(0.47 * (len(curve) - 1))]
        body = spline(
            [
                hood + vec(0, -0.012, -0.035),
                hood + vec(0, 0.012, 0.01),
                hood + vec(0, 0.03, 0.045),
                hood + vec(0, 0.062, 0.062),
            ],
            6,
        )
        lever = spline(
            [hood + vec(0, 0.03, 0.05), hood + vec(0.004, -0.03, 0.075), hood + vec(0.006, -0.09, 0.045)], detail.n(8)
        )
        return [
            tube(body, [0.014, 0.017, 0.018, 0.012, 0.013, 0.010], detail.sides(8)).of(matt(b.grip), joint),
            tube(lever, np.full((len(lever), 2), (0.007, 0.004)), 6).of(b.metal, joint),
        ]
    if b.bar == "bullhorn":
        return []
    near, far = curve[first], curve[-1]
    along = (far - near) / portable.norm(far - near)
    drop = np.array([0.0, -0.02, 0.035]) if abs(along[0]) > 0.5 else np.array([-0.02, -0.045, 0.0])
    start = near - 0.02 * along
    lever = np.array([start + 0.6 * drop, start + drop + 0.02 * along, near + drop + 0.09 * along])
    clamp = tube([start - 0.012 * along, start + 0.012 * along], 0.0165, 8).of(DARK, joint)
    mount = tube([start, start + 0.75 * drop], 0.008, 6).of(DARK, joint)
    return [clamp, mount, tube(lever, detail.thin(0.0055), 6).of(b.metal if b.metal == ALLOY else DARK, joint)]


def _extensions(at: F64, detail: Detail, joint: str) -> list[Solid]:
    """Bars to lie on, with pads for the elbows."""
    points = [vec(0.05, 0.035, -0.06), vec(0.048, 0.04, 0.12), vec(0.045, 0.06, 0.24), vec(0.045, 0.10, 0.29)]
    line = spline([at + point for point in points], detail.n(12))
    parts = [tube(line, 0.011, detail.sides(8)).of(BLACK, joint)]
    parts.append(box((0.075, 0.022, 0.10), detail.bevel(0.008)).moved(at + vec(0.075, 0.055, -0.045)).of(BLACK, joint))
    parts.append(tube([at + vec(0.06, 0, 0), at + vec(0.06, 0.05, -0.03)], 0.010, detail.sides(8)).of(BLACK, joint))
    return parts + [s.mirrored() for s in parts]


def _captain(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """The front rider's saddle; the stoker's handlebar is clamped to its post."""
    bb, up = stoker(b, p)
    at = bb + b.saddle_height * up
    parts = saddle(b.saddle, b.saddle_color, at, detail, "root")
    parts.append(tube([bb + b.seat_tube * up, at - 0.05 * up], 0.0135, detail.sides(10)).of(b.metal))
    clamp = bb + (b.seat_tube + 0.06) * up
    parts.append(tube([clamp, clamp + vec(0, 0.05, -0.14)], 0.0145, detail.sides(10)).of(b.metal))
    return parts + _handlebar(b, clamp + vec(0, 0.05, -0.14), detail, "root", tape=False)
