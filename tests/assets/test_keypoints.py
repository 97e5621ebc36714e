"""Keypoints lie where their names say, on embedded models and on rigs of other people's."""

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.keypoints import ANIMAL, BICYCLE, CAR, Keypoints, bones, keypoints
from diorama.assets.library import Catalogue
from diorama.assets.subject import Subject
from tests.reference import rigs

AP10K = (
    *("left_eye", "right_eye", "nose", "neck", "root_of_tail"),
    *("left_shoulder", "left_elbow", "left_front_paw", "right_shoulder", "right_elbow", "right_front_paw"),
    *("left_hip", "left_knee", "left_back_paw", "right_hip", "right_knee", "right_back_paw"),
)
"""The keypoints of that dataset, in its order (Yu et al. 2021, table 2)."""

Places = dict[str, NDArray[np.float64]]


def embedded(id: str) -> tuple[Subject, Keypoints, Places]:
    """A model, its keypoints, and where they are in its rest pose."""
    subject = Catalogue.open(None, (id.partition("/")[0],)).subject(id)
    found = keypoints(subject)
    rest = np.tile(np.eye(3, 4), (1, len(subject.skeleton.names), 1, 1))
    places, _ = found.posed(rest)
    return subject, found, dict(zip(found.names, places[0], strict=True))


def mirrored(at: Places, subject: Subject) -> None:
    """Left is +X, and what has two sides has them alike."""
    tall = float(np.ptp(subject.levels[0].positions[:, 1]))
    for name, place in at.items():
        if name.startswith("left_"):
            other = at[name.replace("left", "right", 1)]
            assert place[0] > other[0], name
            np.testing.assert_allclose(place, other * (-1, 1, 1), atol=0.03 * tall, err_msg=name)


@pytest.mark.parametrize("id", ["cat/shorthair", "cat/manx", "dog/pug", "dog/labrador", "dog/dachshund"])
def test_an_animals_are_where_its_parts_are(id: str) -> None:
    subject, found, at = embedded(id)
    assert found.names == tuple(ANIMAL)
    assert found.names[:17] == AP10K
    mirrored(at, subject)
    x, y, z = (dict(zip(at, np.array(list(at.values()))[:, k], strict=True)) for k in range(3))
    assert z["nose"] > z["left_eye"] > z["left_shoulder"] > z["neck"] > z["left_hip"] > z["root_of_tail"]
    assert y["left_eye"] > y["chin"]
    assert y["nose"] > y["chin"]
    assert y["left_eye"] > y["left_shoulder"] > y["left_elbow"] > y["left_wrist"] > y["left_front_paw"]
    assert y["left_hip"] > y["left_knee"] > y["left_hock"] > y["left_back_paw"]
    low, high = subject.levels[0].positions.min(axis=0), subject.levels[0].positions.max(axis=0)
    tall = high[1] - low[1]
    assert max(y[f"{side}_{paw}_paw"] for side in ("left", "right") for paw in ("front", "back")) < low[1] + 0.15 * tall
    assert z["nose"] > high[2] - 0.03 * tall
    assert abs(x["nose"]) < 0.02 * tall
    if id == "cat/manx":
        assert np.isnan(at["tail_tip"]).all()
    else:
        ends = np.linalg.norm(subject.levels[0].positions - at["tail_tip"], axis=1)
        assert ends.min() < 0.06 * tall
        assert z["tail_tip"] < z["root_of_tail"]


@pytest.mark.parametrize("id", ["bike/road", "bike/child"])
def test_a_bicycles_are_where_its_parts_are(id: str) -> None:
    subject, found, at = embedded(id)
    assert found.names == tuple(BICYCLE)
    mirrored({name: at[name] for name in ("left_grip", "right_grip")}, subject)
    front, rear, crank = at["front_wheel"], at["rear_wheel"], at["bottom_bracket"]
    assert front[2] > crank[2] > rear[2]
    assert at["saddle"][1] > crank[1]
    assert at["handlebar"][1] > front[1]
    assert at["left_pedal"][0] > 0 > at["right_pedal"][0]
    np.testing.assert_allclose((at["left_pedal"] + at["right_pedal"])[1:] / 2, crank[1:], atol=0.02)


@pytest.mark.parametrize("id", ["car/hatchback", "car/camper", "car/beetle"])
def test_a_cars_are_where_its_parts_are(id: str) -> None:
    subject, found, at = embedded(id)
    assert found.names == tuple(CAR)
    mirrored(at, subject)
    high = subject.levels[0].positions.max(axis=0)
    for lamp, wheel, way in (("headlamp", "front_wheel", 1), ("tail_lamp", "rear_wheel", -1)):
        assert way * at[f"left_{lamp}"][2] > way * at[f"left_{wheel}"][2]
        assert at[f"left_{lamp}"][1] > at[f"left_{wheel}"][1]
    assert at["left_mirror"][0] > at["left_front_wheel"][0], "it stands out"
    assert 0 < at["left_mirror"][2] < at["left_headlamp"][2]
    assert at["left_mirror"][1] > 0.5 * high[1]


def test_points_of_joints_move_with_them_and_depth_grows_with_the_model() -> None:
    _, found, at = embedded("cat/shorthair")
    matrix = np.concatenate([2 * np.eye(3)[[2, 0, 1]], [[1], [2], [3]]], axis=1)
    joints = found.joints.max() + 1
    places, depth = found.posed(np.tile(matrix, (3, joints, 1, 1)))
    for name, place in zip(found.names, places[1], strict=True):
        np.testing.assert_allclose(place, 2 * at[name][[2, 0, 1]] + (1, 2, 3), atol=1e-5, err_msg=name)
    np.testing.assert_allclose(depth[2], 2 * found.depth, rtol=1e-5)


def test_another_rig_has_its_joints() -> None:
    found = keypoints(rigs.tube())
    assert found.names == ("joint0", "joint1", "joint2")
    np.testing.assert_allclose(found.places, [(0, 0, 0), (0, 0.4, 0), (0, 0.8, 0)], atol=1e-6)
    np.testing.assert_allclose(found.depth[1:], 0.22, atol=0.02)
    assert keypoints(rigs.box()).names == ("joint0",)


def test_bones_join_points_by_their_place_in_any_list_that_has_all() -> None:
    for table in (ANIMAL, BICYCLE, CAR):
        names = list(table)
        every = bones(names)
        assert {k for pair in every for k in pair} == set(range(len(names)))
        moved = bones(["another", *names[::-1]])
        assert [(["another", *names[::-1]][a], ["another", *names[::-1]][b]) for a, b in moved] == [
            (names[a], names[b]) for a, b in every
        ]
    assert bones(["joint0", "joint1"]) == []
