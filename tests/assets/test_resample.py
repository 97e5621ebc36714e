import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline
from scipy.spatial.transform import Rotation, Slerp

from diorama.assets.resample import MAX_FRAMES, Track, one_hemisphere, resample, slerp
from diorama.assets.subject import Skeleton

STILL = Skeleton(
    names=("only",),
    parents=np.array([-1], np.int32),
    translation=np.array([[1, 2, 3]], np.float32),
    rotation=np.array([[0, 0, 0, 1]], np.float32),
    scale=np.ones((1, 3), np.float32),
    inverse_bind=np.eye(4, dtype=np.float32)[None],
    proportion=np.array([-1], np.int32),
    across=np.zeros((1, 3), np.float32),
)


def test_linear_holds_outside_its_keys_and_blends_within() -> None:
    track = Track(0, "translation", "LINEAR", np.array([1.0, 2.0]), np.array([[0.0, 0, 0], [10, 20, 30]]))
    values = track.at(np.array([0.0, 1.0, 1.25, 2.0, 9.0]))
    assert values[:, 1].tolist() == [0, 0, 5, 20, 20]


def test_step_keeps_the_earlier_key() -> None:
    track = Track(0, "scale", "STEP", np.array([0.0, 1.0, 2.0]), np.array([[1.0] * 3, [2.0] * 3, [3.0] * 3]))
    assert track.at(np.array([0.0, 0.99, 1.0, 1.5, 2.0]))[:, 0].tolist() == [1, 1, 2, 2, 3]


def test_cubic_spline_is_scipys_hermite_spline() -> None:
    times = np.array([0.5, 1.5, 4.0])
    values = np.array([[[k * 3.0 + j + i for i in range(3)] for j in range(3)] for k in range(3)]) ** 1.3
    track = Track(0, "translation", "CUBICSPLINE", times, values)
    at = np.linspace(0.5, 4.0, 41)
    for first in (0, 1):  # in- and out-tangents differ: one spline per span
        span = slice(first, first + 2)
        slopes = np.stack([values[first, 2], values[first + 1, 0]])
        peer = CubicHermiteSpline(times[span], values[span, 1], slopes)
        inside = at[(at >= times[first]) & (at <= times[first + 1])]
        np.testing.assert_allclose(track.at(inside), peer(inside), atol=1e-9)


@given(st.integers(0, 2**31), st.floats(0, 1))
def test_slerp_is_scipys(seed: int, share: float) -> None:
    angles = np.array([[np.sin(seed + k * 7 + j) * 3 for j in range(3)] for k in range(2)])
    both = Rotation.from_rotvec(angles)
    ours = Rotation.from_quat(slerp(both.as_quat()[:1], both.as_quat()[1:], np.array([[share]]))[0])
    assert (ours * Slerp([0, 1], both)(share).inv()).magnitude() < 1e-5


def test_clip_begins_at_its_first_key_and_ends_at_its_last() -> None:
    track = Track(0, "translation", "LINEAR", np.array([2.0, 4.0]), np.array([[0.0, 0, 0], [1, 0, 0]]))
    clip = resample("walk", STILL, [track])
    assert clip.duration == pytest.approx(2.0)
    assert len(clip.translation) == 61
    assert clip.translation[[0, 30, 60], 0, 0].tolist() == [0, 0.5, 1]
    assert (clip.scale == 1).all()  # no track: the rest pose
    assert (clip.rotation == [0, 0, 0, 1]).all()


def test_a_pose_of_one_key_has_one_frame_and_a_duration() -> None:
    clip = resample("pose", STILL, [Track(0, "scale", "STEP", np.array([5.0]), np.array([[2.0, 2, 2]]))])
    assert clip.scale.shape == (1, 1, 3)
    assert clip.scale[0, 0, 0] == 2
    assert clip.duration > 0


def test_long_clips_are_thinned_not_cut() -> None:
    track = Track(0, "translation", "LINEAR", np.array([0.0, 1e5]), np.array([[0.0, 0, 0], [1, 0, 0]]))
    clip = resample("long", STILL, [track])
    assert len(clip.translation) == MAX_FRAMES
    assert clip.translation[-1, 0, 0] == 1


def test_neighbouring_rotations_take_the_shorter_way() -> None:
    angle = np.radians(np.arange(0, 720, 10))
    turns = np.stack([0 * angle, 0 * angle, np.sin(angle / 2), np.cos(angle / 2)], 1)[:, None]
    turns[::3] *= -1
    even = one_hemisphere(turns)
    assert ((even[1:] * even[:-1]).sum(-1) > 0.99).all()
