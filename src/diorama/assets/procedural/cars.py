"""Cars: from the measures of a row to a subject with rolling, steered wheels, doors and a boot that open."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural import rigid
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_paints import paints
from diorama.assets.procedural.cars_panels import Panels, lining
from diorama.assets.procedural.cars_parts import parts
from diorama.assets.procedural.cars_rows import CARS as ROWS
from diorama.assets.procedural.cars_skin import Skin
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.cars_wheels import wheel
from diorama.assets.procedural.solids import F64, Solid
from diorama.assets.subject import Clip, Skeleton, Subject

LEVELS = ((9000, 1.0), (5500, 0.6), (1500, 0.0))
"""Triangles of the skin and detail of all else, finest first."""


def build(car: Car) -> Subject:
    """The subject of a row; a pure function."""
    body = Body(car)
    skin = Skin(car, body)
    skin.draw()
    panels = Panels(skin)
    levels = []
    mounted = {True: [*parts(car, body, True), *_lining(skin)], False: parts(car, body, False)}
    for budget, detail in LEVELS:
        near = detail > 0
        levels.append([*panels.solids(budget, near), *mounted[near], *_wheels(car, detail)])
    skeleton = _rig(car, body)
    return rigid.build(car.id, levels, skeleton, _clips(car, skeleton), paints(car))


def _wheels(car: Car, detail: float) -> list[Solid]:
    solids = []
    y = car.wheel / 2
    left = wheel(car, detail)
    for s, end in ((car.front, "f"), (car.front + car.wheelbase, "r")):
        hub = np.array([car.width / 2 - car.tyre / 2 - car.inset, y, car.length / 2 - s])
        for solid in left:
            assert solid.finish is not None
            placed = solid.moved(hub).of(solid.finish, f"wheel_{end}l")
            solids += [placed, placed.mirrored(f"wheel_{end}r")]
    return solids


def _lining(skin: Skin) -> list[Solid]:
    """The inner faces of the body, seen through open doors."""
    half = lining(skin)
    return [half.of(finish.TRIM), half.mirrored().of(finish.TRIM)] if len(half.triangles) else []


def _rig(car: Car, body: Body) -> Skeleton:
    top = car.length / 2
    y, x = car.wheel / 2, car.width / 2 - car.tyre / 2 - car.inset
    joints: list[rigid.Joint] = [("root", "", (0, 0, 0))]
    for side, sign in (("l", 1.0), ("r", -1.0)):
        joints.append((f"steer_{side}", "root", (sign * x, y, top - car.front)))
        joints.append((f"wheel_f{side}", f"steer_{side}", (sign * x, y, top - car.front)))
        joints.append((f"wheel_r{side}", "root", (sign * x, y, top - car.front - car.wheelbase)))
        hinge = car.doors[0] + 0.02
        edge = float(body.side(hinge, 0.6 * float(body.belt(hinge)))) - 0.03
        joints.append((f"door_{side}", "root", (sign * edge, 0.5, top - hinge)))
    first, low = car.boot or (car.length, 0.5)
    if car.hinge == "low":
        joints.append(("boot", "root", (0, low, -top + 0.06)))
    elif car.hinge == "side":
        joints.append(("boot", "root", (-0.44 * car.width, low, float(body.front(0.0, low + 0.1, back=True)))))
    else:
        joints.append(("boot", "root", (0, float(body.above(0.0, first + 0.02)) - 0.02, top - first - 0.02)))
    foot = car.cabin[0]
    height = min(float(body.belt(foot[0])) - 0.03, float(foot[1]))
    joints.append(("column", "root", (0.5 * car.room + 0.06, height, top - foot[0] - 0.75)))
    # A larger body on the same wheels is as good as smaller wheels.
    return rigid.rig(joints, dict.fromkeys(("root", "door_l", "door_r", "boot", "column"), "body"))


def _clips(car: Car, skeleton: Skeleton) -> list[Clip]:
    wheels = [f"wheel_{end}{side}" for end in "fr" for side in "lr"]
    up, left = (0, 1, 0), (1, 0, 0)
    turn = np.linspace(0, 360, 13)
    swing = portable.sin(np.linspace(0, 2 * np.pi, 13))
    opening = np.array([0.0, 0.0, 0.5, 1.0])  # closed for a while: so are most cars

    def steered(angle: F64) -> dict[str, tuple[ArrayLike, ArrayLike]]:
        column = np.array([0.0, portable.sin(np.radians(25)), -portable.cos(np.radians(25))])
        return {"steer_l": (up, angle), "steer_r": (up, angle), "column": (column, -3 * angle)}

    rolling: dict[str, tuple[ArrayLike, ArrayLike]] = dict.fromkeys(wheels, (left, turn))
    clips = [
        rigid.clip(skeleton, "roll", 1.0, rolling),
        rigid.clip(skeleton, "corner", 1.5, {**rolling, **steered(22 * swing)}),
        rigid.clip(skeleton, "steer", 3.0, steered(34 * swing)),
        rigid.clip(skeleton, "park", 2.0, steered(np.linspace(-30, 30, 7))),
    ]
    if not car.open or len(car.doors) > 1:
        doors = {"door_l": (up, -62 * opening), "door_r": (up, 62 * opening)}
        clips.append(rigid.clip(skeleton, "doors", 2.0, doors))
    if car.boot:
        axis, angle = {"top": (left, 72.0), "low": (left, -86.0), "side": (up, 80.0)}[car.hinge]
        clips.append(rigid.clip(skeleton, "boot", 2.0, {"boot": (axis, angle * opening)}))
    return clips


CARS: dict[str, Callable[[], Subject]] = {car.id: partial(build, car) for car in ROWS}
"""Builders by id."""
