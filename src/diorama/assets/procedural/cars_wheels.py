"""Wheels of cars: tyres, rims of several designs, brake discs. A wheel's axle is the X axis, its outer side +X."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.solids import F64, Finish, Solid, box, joined, lathe, loft, tube, turn

SHARE = {"steel": 0.62, "moon": 0.60, "cap": 0.64, "six": 0.60, "classic": 0.60, "wire": 0.66}
"""Radius of the rim as a share of the tyre's; 0.70 if not named."""


def wheel(car: Car, detail: float) -> list[Solid]:
    """A left wheel about its hub; `detail` 1 is the finest, less has fewer segments."""
    radius, width = car.wheel / 2, car.tyre
    rim = radius * SHARE.get(car.rim, 0.70)
    around = max(12, int(2 * round(18 * detail)))
    return [*_tyre(car, radius, rim, width, around, detail == 0), *_rim(car, rim, width, around, detail)]


def _tyre(car: Car, radius: float, rim: float, width: float, around: int, far: bool) -> list[Solid]:
    h = width / 2
    profile = [
        (rim, -0.80 * h), (rim + 0.45 * (radius - rim), -h), (radius - 0.02, -0.86 * h), (radius, -0.62 * h),
        (radius, 0.62 * h), (radius - 0.02, 0.86 * h), (rim + 0.45 * (radius - rim), h), (rim, 0.80 * h),
    ]  # fmt: skip
    if far:
        profile = [profile[0], (radius, -0.8 * h), (radius, 0.8 * h), profile[-1]]
    solids = [lathe(profile, around, closed=True, crease=30).of(finish.RUBBER)]
    if "whitewall" in car.extras:
        a, b = rim + 0.25 * (radius - rim), rim + 0.62 * (radius - rim)
        solids.append(lathe([(b, 1.005 * h), (a, 0.985 * h)], around).of(finish.PLATE))
    return solids


def _rim(car: Car, rim: float, width: float, around: int, detail: float) -> list[Solid]:
    h = width / 2
    metal = {"ten_dark": finish.DARK_ALLOY, "five_dark": finish.DARK_ALLOY, "steel": finish.STEEL,
             "moon": finish.CHROME, "classic": finish.CHROME, "wire": finish.CHROME, "steel_black": finish.DARK_ALLOY,
             "cap": finish.COVER}.get(car.rim, finish.ALLOY)  # fmt: skip
    lip = 0.80 * h
    face = lip - 0.028
    if detail == 0:
        edge = lathe([(rim + 0.004, lip), (rim - 0.018, lip)], around)
        solids = [edge.of(metal), lathe([(rim, face - 0.04), (0.0, face - 0.04)], around).of(finish.UNDER)]
    else:
        ring = [(rim, 0.3 * lip), (rim + 0.004, lip), (rim - 0.012, lip + 0.004), (rim - 0.018, lip - 0.02)]
        solids = [
            lathe(ring, around).of(metal),
            lathe([(rim - 0.018, lip - 0.02), (rim - 0.03, -0.5 * h)], around).of(finish.DISC),
            lathe([(rim, -0.4 * h), (0.0, -0.4 * h)], max(8, around // 2)).of(finish.UNDER),
            lathe([(rim * 0.74, 0.0), (rim * 0.74, 0.03), (0.0, 0.03)], around).of(finish.DISC),
        ]
    if car.rim in ("steel", "cap", "moon", "steel_black"):
        solids += _dish(car, rim, face, around, metal, detail)
    else:
        solids += _spokes(car.rim, rim, face, metal, detail)
    return solids


def _spokes(design: str, rim: float, face: float, metal: Finish, detail: float) -> list[Solid]:
    """Spokes from the hub to the rim's edge, and the hub's cap."""
    # spokes, width at the hub and at the rim as shares of the radius, how far the hub lies back, spread of a pair
    count, w0, w1, dish, spread = {
        "five": (5, 0.34, 0.30, 0.02, 0.0), "five_dark": (5, 0.30, 0.24, 0.03, 0.0),
        "twin": (5, 0.13, 0.12, 0.02, 14.0),
        "ten": (10, 0.12, 0.11, 0.015, 0.0), "ten_dark": (10, 0.12, 0.10, 0.02, 0.0),
        "mesh": (16, 0.10, 0.07, 0.01, 0.0),
        "seven": (7, 0.20, 0.17, 0.02, 0.0), "six": (6, 0.26, 0.28, 0.0, 0.0), "classic": (5, 0.34, 0.40, 0.03, 0.0),
        "wire": (28, 0.03, 0.03, 0.0, 0.0),
    }[design]  # fmt: skip
    half = 0.016
    angles = np.arange(count) * 360 / count
    if spread:
        angles = np.concatenate([angles - spread, angles + spread])
    sections = []
    for r, w, x in (
        (0.10 * rim, w0, face - dish),
        (0.55 * rim, (w0 + w1) / 2, face - 0.3 * dish),
        (rim - 0.014, w1, face + 0.012),
    ):
        a, b = w * rim / 2, w * rim / 2 * 0.8
        sections.append([(x - half, r, a), (x, r, b), (x, r, -b), (x - half, r, -a)])
    spoke = loft(sections[::-1], caps=False, crease=25)
    blades = [spoke.moved((0, 0, 0), turn((1, 0, 0), float(a))) for a in angles]
    hub = lathe([(0.28 * rim, face - dish - 0.02), (0.23 * rim, face - dish + 0.012), (0.0, face - dish + 0.016)], 12)
    solids = [joined(blades).of(metal), hub.of(metal)]
    if detail >= 1:
        s, c = portable.sin_cos(np.arange(5) * 2 * np.pi / 5)
        places = np.stack([np.full(5, face - dish + 0.008), 0.15 * rim * c, 0.15 * rim * s], axis=1)
        nuts = [box((0.012, 0.018, 0.018)).moved(place) for place in places]
        solids.append(joined(nuts).of(finish.SEAL))
    return solids


def _dish(car: Car, rim: float, face: float, around: int, metal: Finish, detail: float) -> list[Solid]:
    """A pressed wheel, or its cover, with dark openings and a cap."""
    edge = rim - 0.014
    profile = [
        (edge, face - 0.01),
        (0.80 * rim, face + 0.01),
        (0.55 * rim, face - 0.012),
        (0.30 * rim, face + 0.004),
        (0.0, face + 0.008),
    ]
    body = finish.PAINT if car.rim == "moon" else metal
    solids = [lathe(profile, around).of(body)]
    if car.rim == "moon":
        dome = [(0.62 * rim, face), (0.52 * rim, face + 0.022), (0.30 * rim, face + 0.038), (0.0, face + 0.044)]
        solids.append(lathe(dome, around).of(finish.CHROME))
        return solids
    count, inner, outer, wide = (9, 0.56, 0.84, 0.5) if car.rim == "cap" else (12, 0.62, 0.78, 0.42)
    if detail >= 0.5:
        half = np.pi / count * wide
        holes = []
        for k in range(count):
            a = 2 * np.pi * k / count
            corners: F64 = np.array(
                [(r * rim, a + s * half) for r, s in ((inner, -1), (outer, -1), (outer, 1), (inner, 1))]
            )
            r, turned = corners.T
            out = np.interp(r / rim, (0.55, 0.80), (face - 0.012, face + 0.010)) + 0.004
            ring = np.stack([out, r * portable.cos(turned), r * portable.sin(turned)], -1)
            holes.append(Solid(ring, np.array([[0, 1, 2], [0, 2, 3]]), 30.0))
        solids.append(joined(holes).of(finish.UNDER))
    cap = lathe([(0.22 * rim, face), (0.19 * rim, face + 0.022), (0.0, face + 0.026)], 12)
    solids.append(cap.of(metal if car.rim != "steel_black" else finish.CHROME))
    return solids


def steering_wheel(radius: float = 0.185) -> Solid:
    """A steering wheel about its column, the Z axis."""
    angle = np.linspace(0, 2 * np.pi, 17)[:-1]
    rim = tube(
        np.stack([radius * portable.cos(angle), radius * portable.sin(angle), 0 * angle], -1),
        0.016,
        5,
        closed=True,
        up=(0, 0, 1),
    )
    spoke = [box((0.035, 0.36, 0.015)), box((0.36, 0.035, 0.015)), box((0.12, 0.10, 0.04), bevel=0.01)]
    return joined([rim, *spoke])
