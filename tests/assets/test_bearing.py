"""Small turns of head, ears, tail, jaw and lids on top of any clip."""

from functools import cache

import numpy as np
import pytest

from diorama.assets.animate import pose
from diorama.assets.bearing import BEARING
from diorama.assets.procedural import SUBJECTS
from diorama.assets.subject import F32, PROPORTIONS, Subject
from tests.assets.test_animate import puppet

FREE = {"clip": "stand", "time": 0.0}


@cache
def cat() -> Subject:
    return SUBJECTS["cat"]["cat/shorthair"]()


def matrices(subject: Subject, clip: str = "stand", time: float = 0.0, **bearing: float) -> F32:
    """(J, 3, 4) joint matrices of one pose."""
    number = [c.name for c in subject.clips].index(clip)
    values = np.array([[bearing.get(name, 0.0) for name in BEARING]])
    found: F32 = pose(subject, np.array([number]), np.array([time]), np.ones((1, len(PROPORTIONS))), values)[0]
    return found


def axes(subject: Subject, joint: str, palette: F32) -> F32:
    """(3, 3) what has become of left, up and forward of the rest pose at a joint."""
    return palette[subject.skeleton.names.index(joint), :, :3]


def place(subject: Subject, joint: str, palette: F32) -> F32:
    """(3,) where a joint is."""
    j = subject.skeleton.names.index(joint)
    bind = np.linalg.inv(subject.skeleton.inverse_bind[j].astype(np.float64))
    return np.asarray(palette[j, :, :3] @ bind[:3, 3] + palette[j, :, 3], np.float32)


@pytest.mark.parametrize("clip", ["stand", "walk", "sit", "curl"])
def test_no_bearing_changes_nothing(clip: str) -> None:
    number = np.array([[c.name for c in cat().clips].index(clip)] * 2)
    times, ones = np.array([0.2, 0.7]), np.ones((2, len(PROPORTIONS)))
    plain = pose(cat(), number, times, ones)
    np.testing.assert_array_equal(plain, pose(cat(), number, times, ones, np.zeros((2, len(BEARING)))))


def test_every_bearing_moves_what_its_name_says_and_the_way_it_says() -> None:
    still = matrices(cat())
    forward = axes(cat(), "head", matrices(cat(), head_yaw=20)) @ [0, 0, 1]
    assert forward[0] > 0.25  # to its left
    assert (axes(cat(), "head", matrices(cat(), head_pitch=15)) @ [0, 0, 1])[1] > 0.15  # up
    assert (axes(cat(), "head", matrices(cat(), head_tilt=15)) @ [1, 0, 0])[1] < -0.15  # left side down
    assert (axes(cat(), "ear_l", matrices(cat(), ears=15)) @ [0, 1, 0])[2] > 0.15  # tips forward
    assert (axes(cat(), "jaw", matrices(cat(), mouth=15)) @ [0, 0, 1])[1] < -0.15  # down
    assert (axes(cat(), "eyelid_l", matrices(cat(), eyelids=0.5)) @ [0, 0, 1])[1] < -0.6  # half way down
    tip = place(cat(), "tail5", still)
    assert place(cat(), "tail5", matrices(cat(), tail_lift=30))[1] > tip[1] + 0.02
    assert place(cat(), "tail5", matrices(cat(), tail_side=30))[0] > tip[0] + 0.02


@pytest.mark.parametrize("name", BEARING)
def test_a_bearing_leaves_trunk_and_feet_alone(name: str) -> None:
    before, after = (
        matrices(cat(), "walk", 0.3),
        matrices(cat(), "walk", 0.3, **{name: 0.5 if name == "eyelids" else 10.0}),
    )
    assert np.abs(after - before).max() > 1e-3
    groups = (
        "hips",
        "spine",
        "chest",
        "scapula",
        "humerus",
        "radius",
        "carpus",
        "front",
        "femur",
        "tibia",
        "meta",
        "hind",
    )
    kept = [j for j, joint in enumerate(cat().skeleton.names) if joint.startswith(groups)]
    np.testing.assert_array_equal(before[kept], after[kept])


def test_what_lies_on_the_ground_turns_less() -> None:
    def turned(clip: str) -> float:
        moved = matrices(cat(), clip, 0.0, head_pitch=-10) - matrices(cat(), clip, 0.0)
        return float(np.abs(moved[cat().skeleton.names.index("head"), :, :3]).max())

    assert turned("curl") < 0.4 * turned("stand")


def test_shut_eyes_are_not_shut_twice() -> None:
    asleep, more = matrices(cat(), "curl"), matrices(cat(), "curl", eyelids=1.0)
    np.testing.assert_allclose(axes(cat(), "eyelid_l", asleep), axes(cat(), "eyelid_l", more), atol=0.15)
    awake, shut = matrices(cat()), matrices(cat(), eyelids=1.0)
    assert np.abs(axes(cat(), "eyelid_l", awake) - axes(cat(), "eyelid_l", shut)).max() > 0.8


def test_a_rig_takes_what_it_has() -> None:
    values = np.full((1, len(BEARING)), 8.0)
    number, ones = np.array([-1]), np.ones((1, len(PROPORTIONS)))
    before, after = (pose(puppet(), number, np.zeros(1), ones, bearing)[0] for bearing in (None, values))
    changed = [name for name, a, b in zip(puppet().skeleton.names, before, after, strict=True) if not np.allclose(a, b)]
    assert changed == ["head", "ear", "ear_tip"]


def test_legs_that_a_clip_has_folded_keep_their_length() -> None:
    """Longer legs raise who stands; who sits or lies would hover on them."""

    def rise(clip: str, name: str) -> float:
        number = np.array([[c.name for c in cat().clips].index(clip)])
        heights = []
        for legs in (1.0, 1.2):
            values = np.ones((1, len(PROPORTIONS)))
            values[0, PROPORTIONS.index("legs")] = legs
            palette = pose(cat(), number, np.zeros(1), values)[0]
            heights.append(place(cat(), name, palette)[1] - place(cat(), "hind_toes_l", palette)[1])
        return float(heights[1] - heights[0])

    assert rise("stand", "hips") > 0.02
    assert abs(rise("sit", "hips")) < 0.005
    assert abs(rise("lie", "hips")) < 0.005
