"""Bicycles: on their wheels, sound, moving as they should, and of real proportions."""

from copy import deepcopy
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.procedural import SUBJECTS
from diorama.assets.procedural.bikes import BIKES, build, solids
from diorama.assets.procedural.bikes_geometry import Bike, Detail, places
from diorama.assets.procedural.bikes_paints import PAINTS
from diorama.assets.procedural.bikes_rows import ROWS
from diorama.assets.subject import Subject
from tests.assets.posing import palette, posed

F32 = NDArray[np.float32]
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@cache
def subject(row: Bike) -> Subject:
    return SUBJECTS["bike"][f"bike/{row.name}"]()


def of_joint(bike: Subject, joint: str) -> NDArray[np.intp]:
    return np.flatnonzero(bike.levels[0].joints[:, 0] == bike.skeleton.names.index(joint))


def clip(bike: Subject, name: str) -> int:
    return [c.name for c in bike.clips].index(name)


def test_there_are_at_least_twenty_four_and_no_two_are_alike() -> None:
    assert len(BIKES) >= 24
    assert len({subject(row).hash for row in ROWS}) == len(ROWS)
    assert len({paint.name for paint in PAINTS}) == len(PAINTS) >= 12


def test_a_build_is_the_same_every_time() -> None:
    assert build(ROWS[0]).hash == subject(ROWS[0]).hash


def test_a_build_is_the_same_from_a_copy_of_the_row_as_a_process_is_sent_one() -> None:
    assert build(deepcopy(ROWS[0])).hash == subject(ROWS[0]).hash


@each
def test_its_parts_have_the_same_finishes_from_such_a_copy(row: Bike) -> None:
    own, sent = ([part.finish for part in solids(r, places(r), Detail(2))] for r in (row, deepcopy(row)))
    assert own == sent


@each
def test_levels_are_of_their_sizes_and_sound(row: Bike) -> None:
    bike = subject(row)
    counts = [len(mesh.indices) for mesh in bike.levels]
    assert 4_000 <= counts[0] <= 20_000
    assert counts[1] < 0.55 * counts[0]
    assert counts[2] < 0.8 * counts[1]
    for mesh in bike.levels:
        assert np.isfinite(mesh.positions).all()
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-4)
        a, b, c = mesh.positions[mesh.indices].transpose(1, 0, 2)
        face = np.cross(b - a, c - a)
        turned = (face * mesh.normals[mesh.indices].mean(1)).sum(1) < 0
        assert np.linalg.norm(face[turned], axis=1).sum() < 1e-3 * np.linalg.norm(face, axis=1).sum()
        assert np.abs(np.ptp(mesh.positions, axis=0) - np.ptp(bike.levels[0].positions, axis=0)).max() < 0.04


@each
def test_no_part_is_inside_out(row: Bike) -> None:
    for solid in solids(row, places(row), Detail(0)):
        a, b, c = (solid.positions - solid.positions.mean(0))[solid.triangles].transpose(1, 0, 2)
        assert (np.cross(a, b) * c).sum() > 0


@each
def test_wheels_stand_on_the_ground_a_wheelbase_apart(row: Bike) -> None:
    points = subject(row).levels[0].positions
    assert points[:, 1].min() == pytest.approx(0, abs=0.002)
    touching = points[points[:, 1] < 0.001]
    assert np.ptp(touching[:, 2]) == pytest.approx(row.wheelbase, abs=0.01)
    assert np.abs(touching[:, 2]).min() > 0.2  # nothing but wheels


@each
def test_wheels_are_round_about_their_joints(row: Bike) -> None:
    bike = subject(row)
    for joint, wheel in (("wheel_front", row.front), ("wheel_rear", row.rear)):
        hub = -bike.skeleton.inverse_bind[bike.skeleton.names.index(joint)][:3, 3]
        points = bike.levels[0].positions[of_joint(bike, joint)]
        reach = np.hypot(points[:, 1] - hub[1], points[:, 2] - hub[2])
        assert reach.max() == pytest.approx(wheel.radius, abs=1e-4)
        for axis in (1, 2):
            assert points[:, axis].min() + points[:, axis].max() == pytest.approx(2 * hub[axis], abs=2e-3)


@each
def test_wheels_stay_on_the_ground_in_clips(row: Bike) -> None:
    bike = subject(row)
    for number, played in enumerate(bike.clips):
        for time in (0.3, 0.77):
            points = posed(bike, number, time)
            lowest = [points[of_joint(bike, joint), 1].min() for joint in ("wheel_front", "wheel_rear")]
            assert max(np.abs(lowest)) < (0.004 if played.name == "rolling" else 0.03)
            assert points[:, 1].min() > -0.03


@each
def test_rolling_turns_wheels_and_cranks_and_keeps_pedals_level(row: Bike) -> None:
    bike = subject(row)
    still, moved = palette(bike), palette(bike, clip(bike, "rolling"), 0.1)
    names = bike.skeleton.names
    turned = {name: (moved[j, :, :3] @ still[j, :, :3].T) for j, name in enumerate(names)}
    assert np.allclose(turned["pedal_left"], np.eye(3), atol=1e-3)
    assert np.allclose(turned["pedal_right"], np.eye(3), atol=1e-3)
    for name in ("wheel_front", "wheel_rear", "crank"):
        assert not np.allclose(turned[name], np.eye(3), atol=0.1)
        assert np.allclose(turned[name][0], [1, 0, 0], atol=1e-5)
    # Rolling ahead, a wheel's top goes ahead: a quarter turn about +X takes +Y to +Z.
    early = palette(bike, clip(bike, "rolling"), 0.02)
    j = names.index("wheel_rear")
    assert (early[j, :, :3] @ np.array([0, 1.0, 0]))[2] > 0
    crank = names.index("crank")
    pedal = posed(bike, clip(bike, "rolling"), 0.1)[of_joint(bike, "pedal_left")].mean(0)
    centre = -bike.skeleton.inverse_bind[crank][:3, 3]
    assert np.hypot(*(pedal - centre)[1:]) == pytest.approx(row.crank, abs=0.01)


@each
def test_a_side_stand_reaches_the_ground_when_parked_and_not_before(row: Bike) -> None:
    if not row.stand:
        return
    bike = subject(row)
    foot = of_joint(bike, "stand")
    assert posed(bike)[foot, 1].min() > 0.08
    down = posed(bike, clip(bike, "parked"), 0.5)[foot, 1].min()
    assert down == pytest.approx(0, abs=0.02)


@each
def test_saddle_and_handlebar_can_be_set_higher(row: Bike) -> None:
    bike = subject(row)
    high = posed(bike, legs=1.15, neck=1.15)
    low = posed(bike)
    for joint in ("bars", "saddle"):
        moved = (high - low)[of_joint(bike, joint)]
        assert np.allclose(moved, moved[:1], atol=1e-5)  # as a whole
        assert (moved[:, 1] > -0.01).all()
    rest = np.concatenate([of_joint(bike, joint) for joint in ("root", "wheel_front", "crank")])
    assert np.allclose(high[rest], low[rest], atol=1e-5)


@each
def test_paint_colours_the_frame_and_nothing_that_rolls(row: Bike) -> None:
    mesh = subject(row).levels[0]
    painted = mesh.coat_amount == 255
    assert painted.mean() > 0.02
    tread = of_joint(subject(row), "wheel_front")
    outer = tread[mesh.positions[tread, 1] < 0.005]
    assert not painted[outer].any()


@each
def test_proportions_are_those_of_real_bicycles(row: Bike) -> None:
    p = places(row)
    assert 0.68 < row.front.radius * 2 / 0.7 < 2.0 or 0.35 < row.front.radius * 2 < 0.8
    assert 0.7 < row.wheelbase < 2.0
    assert 0.24 < p.bb[1] < 0.55 or row.name in ("child", "penny_farthing")
    assert p.bb[1] - row.crank > 0.06
    # The front wheel clears the frame: behind it stands the down tube's foot or the crank.
    clear = np.hypot(*(p.front - p.bb)[1:]) - row.front.radius
    assert clear > 0.1 or row.name in ("recumbent", "penny_farthing")
