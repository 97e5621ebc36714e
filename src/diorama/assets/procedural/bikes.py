"""Bicycles: from a row of parameters to a subject that rolls, steers and is parked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import rigid
from diorama.assets.procedural.bikes_drive import crank_centre, crank_ends, drive
from diorama.assets.procedural.bikes_extras import FOLDED, extras, lean, stand, stand_foot
from diorama.assets.procedural.bikes_frame import column, fork, frame, stoker
from diorama.assets.procedural.bikes_geometry import Bike, Detail, Places, places, vec
from diorama.assets.procedural.bikes_paints import PAINTS
from diorama.assets.procedural.bikes_rider import rider, stem
from diorama.assets.procedural.bikes_rows import ROWS
from diorama.assets.procedural.bikes_wheels import wheel
from diorama.assets.procedural.solids import F64, Solid
from diorama.assets.subject import Clip, Skeleton, Subject

GEAR = 2.0
"""Turns of the rear wheel for each of the cranks."""


def build(b: Bike) -> Subject:
    """The subject of a row; a pure function."""
    p = places(b)
    skeleton = _skeleton(b, p)
    levels = [solids(b, p, Detail(level)) for level in range(3)]
    return rigid.build(f"bike/{b.name}", levels, skeleton, _clips(b, p, skeleton), PAINTS)


def solids(b: Bike, p: Places, detail: Detail) -> list[Solid]:
    """All parts of a bicycle at a level of detail."""
    parts = [*frame(b, p, detail), *fork(b, p, detail), *rider(b, p, detail), *drive(b, p, detail)]
    parts += extras(b, p, detail)
    if b.stand:
        parts += stand(b, p, detail)
    shown = "reflectors" in b.extras
    for solid in wheel(b.front, detail, rear=False, reflectors=shown):
        parts.append(solid.moved(p.front).of(rigid.finish(solid), "wheel_front"))
    for side in (-1.0, 1.0) if b.track else (0.0,):
        for solid in wheel(b.rear, detail, rear=True, reflectors=shown):
            parts.append(solid.moved(p.rear + vec(side * b.track / 2, 0, 0)).of(rigid.finish(solid), "wheel_rear"))
    return [_soiled(part) if rigid.finish(part).coat else part for part in parts]


def _soiled(part: Solid) -> Solid:
    """Painted parts, the lower the dirtier: where the coat's marks, dust, lie."""
    second = rigid.finish(part).second
    dust = portable.power(np.clip((0.62 - part.positions[:, 1]) / 0.5, 0, 1), 1.5)
    one = np.ones(len(dust))
    return replace(part, coat=np.stack([one, dust, 0 * one if second else one, 0 * one, one], axis=1))


def _skeleton(b: Bike, p: Places) -> Skeleton:
    """Saddle and handlebar go up and down with the proportions `legs` and `neck`, as an owner sets them."""
    cranks = [("crank", "pedal", crank_centre(b, p))]
    if b.frame == "tandem":
        cranks.append(("crank_front", "pedal_front", stoker(b, p)[0]))
    joints: list[rigid.Joint] = [
        ("root", "", np.zeros(3)),
        ("steer", "root", p.crown),
        ("wheel_front", "steer", p.front),
        ("wheel_rear", "root", p.rear),
        ("seatpost", "root", p.seat_top),
        ("saddle", "seatpost", p.saddle),
    ]
    column_of = "steer"
    if b.frame == "long_john":
        joints.append(("column", "root", column(b, p)))
        column_of = "column"
    foot, bar = stem(b, p)
    joints += [("stem", column_of, foot), ("bars", "stem", bar)]
    for crank, pedal, centre in cranks:
        left, right = crank_ends(b, centre)
        above = "steer" if b.frame == "penny_farthing" else "root"
        joints += [(crank, above, centre), (f"{pedal}_left", crank, left), (f"{pedal}_right", crank, right)]
    if b.stand:
        joints.append(("stand", "root", stand_foot(b, p)[0]))
    return rigid.rig(joints, {"stem": "neck", "seatpost": "" if b.saddle == "seat" else "legs"})


def _clips(b: Bike, p: Places, skeleton: Skeleton) -> list[Clip]:
    ahead, across = np.array([0.0, 0, 1]), np.array([1.0, 0, 0])
    wheels = np.linspace(0, 360 * GEAR, 43)
    fixed = b.frame == "penny_farthing"
    front = wheels * (1 if fixed else b.rear.radius / b.front.radius)
    rear = wheels * (b.front.radius / b.rear.radius if fixed else 1)
    crank = front if fixed else wheels / GEAR
    steers = [name for name in ("steer", "column") if name in skeleton.names]

    def steered(angles: F64) -> dict[str, tuple[F64, F64]]:
        return dict.fromkeys(steers, (p.steer_up, angles))

    rolling = {"wheel_front": (across, front), "wheel_rear": (across, rear)}
    for name in skeleton.names:
        if name.startswith("crank"):
            rolling[name] = (across, crank)
        if name.startswith("pedal"):
            rolling[name] = (across, -crank)
    swing = portable.sin(np.linspace(0, 2 * np.pi, 17))
    parked = {"root": (ahead, np.full(9, -lean(b))), **steered(np.linspace(-8, 40, 9))}
    if b.stand:
        parked["stand"] = (across, np.full(9, -FOLDED))
    clips = [
        rigid.clip(skeleton, "rolling", 2.0, rolling),
        rigid.clip(skeleton, "steering", 2.0, steered(38 * swing)),
        rigid.clip(skeleton, "parked", 1.0, parked),
    ]
    if lean(b):
        corner = {"root": (ahead, -14 * swing), **steered(6 * swing), "crank": (across, -60 + 0 * swing)}
        corner |= dict.fromkeys(("pedal_left", "pedal_right"), (across, 60 + 0 * swing))
        clips.append(rigid.clip(skeleton, "cornering", 2.0, corner))
    return clips


BIKES: dict[str, Callable[[], Subject]] = {f"bike/{b.name}": partial(build, b) for b in ROWS}
"""Builders by id."""
