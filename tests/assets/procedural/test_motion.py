"""A motion tells where joints are, whatever has been asked of it before."""

from collections.abc import Callable

import numpy as np
import pytest

from diorama.assets.procedural.cat import SHORTHAIR
from diorama.assets.procedural.motion import LEGS, TAIL, Motion, Skin
from diorama.assets.procedural.quadruped import landmarks
from diorama.assets.procedural.skeleton import rig

RIG = rig(landmarks(SHORTHAIR))
ALL = RIG.family(*RIG.names)
SKIN = Skin(RIG.heads, np.eye(len(RIG.names)))

STEPS: dict[str, Callable[[Motion], None]] = {
    "root": lambda m: m.set("root", pitch=20, roll=5),
    "chest": lambda m: m.set("chest", yaw=np.linspace(-20, 20, m.frames)),
    "rise": lambda m: m.rise(-0.1),
    "plant": lambda m: m.plant(LEGS, m.footing(LEGS), 5.0, lift=10.0),
    "tail": lambda m: m.lay_tail(60.0, 0.01),
}


@pytest.mark.parametrize("step", STEPS)
def test_what_was_asked_before_a_turn_is_not_told_after_it(step: str) -> None:
    asking, silent = Motion(RIG, 3, SKIN), Motion(RIG, 3, SKIN)
    for make in (STEPS["root"], STEPS["tail"], STEPS[step]):
        asking.globals(ALL)
        make(asking)
        make(silent)
    for one, two in zip(asking.globals(ALL), silent.globals(ALL), strict=True):
        assert (one == two).all()


def test_joints_hang_on_their_parents_by_their_bones() -> None:
    m = Motion(RIG, 3, SKIN)
    for make in STEPS.values():
        m.globals(ALL)
        make(m)
    turns, places = m.globals(ALL)
    np.testing.assert_allclose(turns @ turns.swapaxes(-1, -2), np.broadcast_to(np.eye(3), turns.shape), atol=1e-9)
    np.testing.assert_allclose(places[:, 0], np.broadcast_to(RIG.heads[0] - [0, 0.1, 0], (3, 3)), atol=1e-12)
    over, joints = RIG.skeleton.parents[1:], np.arange(1, len(RIG.names))
    bones = np.einsum("fjab,jb->fja", turns[:, over], RIG.heads[joints] - RIG.heads[over])
    np.testing.assert_allclose(places[:, joints] - places[:, over], bones, atol=1e-12)
    np.testing.assert_allclose(m.lowest(*TAIL), places[:, RIG.family(*TAIL), 1].min(axis=1), atol=1e-12)
