"""Cars: of their measures, on their wheels, closed and alike on both sides, with doors that open outwards."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.procedural import SUBJECTS
from diorama.assets.procedural.cars import CARS, build
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_rows import CARS as ROWS
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.subject import Subject
from tests.assets.posing import posed

each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
closed = pytest.mark.parametrize("row", [row for row in ROWS if not row.open], ids=lambda row: row.id)


@cache
def subject(row: Car) -> Subject:
    return SUBJECTS["car"][row.id]()


def of_joint(car: Subject, joint: str) -> NDArray[np.intp]:
    return np.flatnonzero(car.levels[0].joints[:, 0] == car.skeleton.names.index(joint))


def at(car: Subject, clip: str, time: float) -> NDArray[np.float32]:
    return posed(car, [c.name for c in car.clips].index(clip), time)


def corners(car: Subject, material: str) -> NDArray[np.uint32]:
    mesh = car.levels[0]
    [part] = [p for p in mesh.parts if car.materials[p.material].name == material]
    return mesh.indices.reshape(-1)[part.first : part.first + part.count].reshape(-1, 3)


def test_there_are_at_least_sixteen_and_no_two_are_alike() -> None:
    assert len(CARS) >= 16
    assert len({subject(row).hash for row in ROWS}) == len(ROWS)


def test_a_build_is_the_same_every_time() -> None:
    assert build(ROWS[0]).hash == subject(ROWS[0]).hash


@each
def test_the_skin_has_the_measures_of_the_row(row: Car) -> None:
    points = Body(row).shell().positions
    assert np.ptp(points[:, 2]) == pytest.approx(row.length, rel=0.01)
    assert 2 * points[:, 0].max() == pytest.approx(row.width, rel=0.01)
    if not row.open:
        assert points[:, 1].max() == pytest.approx(row.height, rel=0.01)


@each
def test_the_whole_car_has_the_measures_of_the_row(row: Car) -> None:
    car = subject(row)
    panes = car.levels[0].positions[np.unique(corners(car, "glass"))]
    assert panes[:, 1].max() <= 1.01 * row.height
    paint = car.levels[0].positions[np.unique(corners(car, "paint"))]
    assert np.abs(paint[:, 2]).max() == pytest.approx(row.length / 2, rel=0.02)


@closed
def test_the_body_is_closed_and_faces_outwards(row: Car) -> None:
    shell = Body(row).shell()
    half = shell.positions[shell.triangles]
    volume = 2 * np.einsum("ti,ti->t", half[:, 0], np.cross(half[:, 1], half[:, 2])).sum() / 6
    assert 0.35 < volume / (row.length * row.width * row.height) < 0.95
    edges = np.sort(np.stack([shell.triangles, np.roll(shell.triangles, -1, 1)], -1).reshape(-1, 2), 1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    assert (count > 2).sum() <= 12  # surface nets may join two sheets at an edge
    assert np.abs(shell.positions[unique[count == 1]][..., 0]).max() < 1e-9  # open on the middle plane alone
    face = np.cross(half[:, 1] - half[:, 0], half[:, 2] - half[:, 0])
    assert ((face * shell.data[shell.triangles, 3:6].mean(1)).sum(1) > 0).mean() > 0.999


@each
def test_levels_are_of_their_sizes_and_no_face_is_inside_out(row: Car) -> None:
    car = subject(row)
    counts = [len(mesh.indices) for mesh in car.levels]
    assert 6_000 <= counts[0] <= 21_000
    assert counts[1] < 0.8 * counts[0]
    assert counts[2] < 0.5 * counts[1]
    for mesh in car.levels:
        assert np.isfinite(mesh.positions).all()
        assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 3e-3
        a, b, c = mesh.positions[mesh.indices].transpose(1, 0, 2)
        face = np.cross(b - a, c - a)
        turned = (face * mesh.normals[mesh.indices].mean(1)).sum(1) < 0
        assert np.linalg.norm(face[turned], axis=1).sum() < 4e-3 * np.linalg.norm(face, axis=1).sum()


@each
def test_paint_and_glass_are_alike_on_both_sides(row: Car) -> None:
    car = subject(row)
    for material in ("paint", "glass"):
        used = np.unique(corners(car, material))
        points = np.rint(car.levels[0].positions[used] * 2000).astype(int)
        left = {tuple(p) for p in points.tolist()}
        right = {(-x, y, z) for x, y, z in left}
        assert len(left - right) < 0.02 * len(left)


@each
def test_wheels_touch_the_ground_and_sit_in_the_middle_of_their_arches(row: Car) -> None:
    car = subject(row)
    points = car.levels[0].positions
    assert points[:, 1].min() == pytest.approx(0, abs=0.002)
    paint = points[np.unique(corners(car, "paint"))]
    for joint, s in (("wheel_fl", row.front), ("wheel_rr", row.front + row.wheelbase)):
        tyre = points[of_joint(car, joint)]
        middle = (tyre.min(0) + tyre.max(0)) / 2
        assert middle[1:] == pytest.approx([row.wheel / 2, row.length / 2 - s], abs=0.01)
        assert np.abs(tyre[:, 0]).max() < row.width / 2 + 0.02
        outside = paint[np.abs(paint[:, 0]) > row.width / 2 - 0.6 * row.tyre]
        reach = np.hypot(outside[:, 1] - row.wheel / 2, outside[:, 2] - middle[2])
        bare = reach[reach < row.arch - 0.03]  # only a rim in the car's colour
        assert len(bare) == 0 or row.rim in ("moon",)


@each
def test_wheels_roll_on_the_ground(row: Car) -> None:
    car = subject(row)
    for time in (0.13, 0.5, 0.81):
        rolled = at(car, "roll", time)
        for joint in ("wheel_fl", "wheel_fr", "wheel_rl", "wheel_rr"):
            assert rolled[of_joint(car, joint), 1].min() == pytest.approx(0, abs=0.006)


@each
def test_front_wheels_steer_together_and_stay_inside(row: Car) -> None:
    car = subject(row)
    turned = at(car, "park", 1.0)
    for joint in ("wheel_fl", "wheel_fr"):
        rest = car.levels[0].positions[of_joint(car, joint)]
        now = turned[of_joint(car, joint)]
        assert np.ptp(now[:, 0]) > np.ptp(rest[:, 0]) + 0.1
        assert now[:, 1].min() == pytest.approx(0, abs=0.002)


@each
def test_doors_open_outwards(row: Car) -> None:
    car = subject(row)
    wide = at(car, "doors", 1.0)
    rest = car.levels[0].positions
    for joint, side in (("door_l", 1), ("door_r", -1)):
        own = of_joint(car, joint)
        assert (side * wide[own, 0]).max() > (side * rest[own, 0]).max() + 0.35
        assert (side * (wide - rest)[own, 0]).mean() > 0.1
    still = of_joint(car, "root")
    assert np.allclose(wide[still], rest[still], atol=1e-4)


@pytest.mark.parametrize("row", [row for row in ROWS if row.boot], ids=lambda row: row.id)
def test_boots_open_outwards(row: Car) -> None:
    car = subject(row)
    own = of_joint(car, "boot")
    moved = (at(car, "boot", 1.0) - car.levels[0].positions)[own]
    assert moved[:, 2 if row.hinge != "top" else 1].min() < (-0.3 if row.hinge != "top" else 0.05)
    if row.hinge == "top":
        assert moved[:, 1].max() > 0.3


@each
def test_paint_alone_takes_the_coat(row: Car) -> None:
    car = subject(row)
    assert len({coat.name for coat in car.coats}) == len(car.coats) >= 14
    mesh = car.levels[0]
    painted = np.unique(corners(car, "paint"))
    assert (mesh.coat_amount[painted] > 0).all()
    assert not np.delete(mesh.coat_amount, painted).any()
