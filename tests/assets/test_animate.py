from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diorama.assets.animate import bounds, pose, skin
from diorama.assets.gltf import read_gltf
from diorama.assets.normalize import normalize
from diorama.assets.subject import PROPORTIONS, Clip, Mesh, Part, Skeleton, Subject
from tests.assets.glb import arm
from tests.assets.posing import palette, posed

NAMES = ("pelvis", "thigh", "shin", "head", "ear", "ear_tip")
PARENTS = (-1, 0, 1, 0, 3, 4)
OFFSETS = ((0, 5, 0), (0.5, 0, 0), (0, -2, 0), (0, 1, 2), (0, 1, 0), (0, 0.5, 0))
GROUPS = ("body", "legs", "legs", "head", "ears", "ears")
ACROSS = ((1, 1, 0), (1, 0, 1), (1, 0, 1), (0, 0, 0), (0, 0, 0), (0, 0, 0))


def puppet() -> Subject:
    """Six joints; at each joint j three vertices of weight 1: at it, and one unit from it along x and along y."""
    count = len(NAMES)
    world = np.zeros((count, 3))
    for j, parent in enumerate(PARENTS):
        world[j] = np.array(OFFSETS[j]) + (world[parent] if parent >= 0 else 0)
    inverse = np.tile(np.eye(4, dtype=np.float32), (count, 1, 1))
    inverse[:, :3, 3] = -world
    positions = (world[:, None] + [[0, 0, 0], [1, 0, 0], [0, 1, 0]]).reshape(-1, 3).astype(np.float32)
    vertices = len(positions)
    joints = np.zeros((vertices, 4), np.uint16)
    joints[:, 0] = np.repeat(np.arange(count), 3)
    mesh = Mesh(
        positions=positions,
        normals=np.tile(np.array([0, 0, 1], np.float32), (vertices, 1)),
        uvs=np.zeros((vertices, 2), np.float32),
        colors=np.full((vertices, 4), 255, np.uint8),
        joints=joints,
        weights=np.tile(np.array([1, 0, 0, 0], np.float32), (vertices, 1)),
        indices=np.arange(vertices, dtype=np.uint32).reshape(-1, 3),
        parts=(Part(0, vertices, 0),),
        coat=np.zeros((vertices, 8), np.uint8),
        coat_amount=np.zeros(vertices, np.uint8),
    )
    skeleton = Skeleton(
        names=NAMES,
        parents=np.array(PARENTS, np.int32),
        translation=np.array(OFFSETS, np.float32),
        rotation=np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
        scale=np.ones((count, 3), np.float32),
        inverse_bind=inverse,
        proportion=np.array([PROPORTIONS.index(g) for g in GROUPS], np.int32),
        across=np.array(ACROSS, np.float32),
    )
    turn = np.tile(skeleton.rotation, (2, 1, 1))
    turn[1, 1] = (0, 0, np.sqrt(0.5), np.sqrt(0.5))  # the thigh swings by 90° about z
    clip = Clip("swing", 1.0, np.tile(skeleton.translation, (2, 1, 1)), turn, np.ones((2, count, 3), np.float32))
    return Subject(
        "puppet", (mesh,), (), (), skeleton, (clip,), np.eye(4, dtype=np.float32), np.arange(vertices, dtype=np.uint32)
    )


def at(vertices: np.ndarray, name: str) -> np.ndarray:
    """The three vertices of a joint: at it, along x, along y."""
    return vertices[3 * NAMES.index(name) :][:3]


def test_rest_pose_leaves_the_bind_pose() -> None:
    subject = puppet()
    np.testing.assert_allclose(posed(subject), subject.levels[0].positions, atol=1e-6)


def test_longer_legs_move_the_shin_and_stretch_only_along_the_bone() -> None:
    before, after = posed(puppet()), posed(puppet(), legs=1.5)
    np.testing.assert_allclose(at(after, "thigh")[0], at(before, "thigh")[0])  # hung at the same hip
    np.testing.assert_allclose(at(after, "shin")[0], at(before, "shin")[0] - [0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "thigh")[1] - at(after, "thigh")[0], [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "thigh")[2] - at(after, "thigh")[0], [0, 1.5, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "head"), at(before, "head"))


def test_lengths_do_not_multiply_down_the_chain() -> None:
    after = posed(puppet(), legs=1.5)
    np.testing.assert_allclose(at(after, "shin")[2] - at(after, "shin")[0], [0, 1.5, 0], atol=1e-6)


def test_head_takes_its_ears_along_and_nothing_shears() -> None:
    before, after = posed(puppet()), posed(puppet(), head=2.0)
    middle = at(before, "head")[0]
    for name in ("head", "ear", "ear_tip"):
        np.testing.assert_allclose(at(after, name) - middle, 2 * (at(before, name) - middle), atol=1e-5)
    np.testing.assert_allclose(at(after, "shin"), at(before, "shin"))


def test_size_counts_once_for_a_chain_of_one_group() -> None:
    before, after = posed(puppet()), posed(puppet(), ears=3.0)
    root = at(before, "ear")[0]
    np.testing.assert_allclose(at(after, "ear_tip") - root, 3 * (at(before, "ear_tip") - root), atol=1e-5)
    np.testing.assert_allclose(at(after, "head"), at(before, "head"))


def test_girth_thickens_across_the_bone_and_is_not_inherited() -> None:
    before, after = posed(puppet()), posed(puppet(), girth=2.0)
    # The pelvis is wider, so the hip lies further out; the thigh itself is twice, not four times, as thick.
    np.testing.assert_allclose(at(after, "thigh")[0] - at(before, "thigh")[0], [0.5, 0, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "thigh")[1] - at(after, "thigh")[0], [2, 0, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "shin")[1] - at(after, "shin")[0], [2, 0, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "shin")[2] - at(after, "shin")[0], [0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(at(after, "head")[1] - at(after, "head")[0], [1, 0, 0], atol=1e-6)


def test_stretch_acts_in_the_turned_bone() -> None:
    subject = puppet()
    legs, neck = PROPORTIONS.index("legs"), PROPORTIONS.index("neck")
    groups = np.where(subject.skeleton.proportion == legs, neck, subject.skeleton.proportion)  # legs heed the ground
    subject = replace(subject, skeleton=replace(subject.skeleton, proportion=groups.astype(np.int32)))
    after = posed(subject, clip=0, time=1.0, neck=1.5)
    # The thigh's own -y, along which the shin hangs two units away, now points to +x.
    np.testing.assert_allclose(at(after, "shin")[0] - at(after, "thigh")[0], [3, 0, 0], atol=1e-5)


def test_time_blends_frames_and_clamps() -> None:
    subject = puppet()
    half = posed(subject, 0, 0.5)
    np.testing.assert_allclose(
        at(half, "shin")[0] - at(half, "thigh")[0], 2 * np.array([1, -1, 0]) / np.sqrt(2), atol=1e-5
    )
    np.testing.assert_array_equal(posed(subject, 0, 1.0), posed(subject, 0, 7.0))
    np.testing.assert_array_equal(posed(subject, 0, 0.0), posed(subject, 0, -7.0))


def test_a_pose_does_not_depend_on_its_batch() -> None:
    subject = puppet()
    clip, time = np.array([0, -1, 0, 0]), np.array([0.1, 0.2, 0.7, 1.0])
    proportions = 1 + 0.3 * np.sin(np.arange(4 * len(PROPORTIONS))).reshape(4, -1)
    together = pose(subject, clip, time, proportions)
    for k in range(4):
        alone = pose(subject, clip[[k]], time[[k]], proportions[[k]])[0]
        np.testing.assert_array_equal(together[k], alone)


def test_frame_is_applied_last() -> None:
    subject = puppet()
    frame = np.diag([2, 2, 2, 1]).astype(np.float32)
    frame[:3, 3] = (1, 2, 3)
    moved = Subject(**{**subject.__dict__, "frame": frame})
    np.testing.assert_allclose(posed(moved, 0, 0.3), 2 * posed(subject, 0, 0.3) + [1, 2, 3], atol=1e-5)


def test_bounds_are_those_of_the_skinned_vertices() -> None:
    subject = puppet()
    proportions = np.ones((3, len(PROPORTIONS)))
    proportions[2] = 1.3
    matrices = pose(subject, np.array([-1, 0, 0]), np.array([0, 0.4, 0.9]), proportions)
    padded = np.concatenate([matrices, np.zeros((3, 5, 3, 4), np.float32)], 1)  # as a batch of several subjects has it
    low, high = bounds(subject, padded)
    for k in range(3):
        vertices, _ = skin(subject, matrices[k])
        np.testing.assert_allclose(low[k], vertices.min(0), atol=1e-5)
        np.testing.assert_allclose(high[k], vertices.max(0), atol=1e-5)


def test_normals_stay_square_to_the_surface_under_girth() -> None:
    subject = puppet()
    mesh = subject.levels[0]
    tilted = Mesh(
        **{**mesh.__dict__, "normals": np.tile(np.array([0.6, 0, 0.8], np.float32), (len(mesh.positions), 1))}
    )
    subject = Subject(**{**subject.__dict__, "levels": (tilted,)})
    matrix = palette(subject, girth=2.0)
    _, normals = skin(subject, matrix)
    tangent = np.array([0.8, 0, -0.6])
    linear = matrix[0, :, :3]
    assert abs(normals[0] @ (linear @ tangent)) < 1e-6
    assert np.linalg.norm(normals[0]) == pytest.approx(1)


def test_posing_is_quick(tmp_path: Path) -> None:
    """Generous, for a busy machine: the target is 0.1 ms a pose; a loop in Python over joints would take 1 ms."""
    import time

    subject = normalize(read_gltf(arm().save(tmp_path / "arm.glb"), "arm"))
    clip, at_time, ones = np.zeros(64, int), np.linspace(0, 1, 64), np.ones((64, len(PROPORTIONS)))
    pose(subject, clip, at_time, ones)
    best = np.inf
    for _ in range(10):
        start = time.perf_counter()
        pose(subject, clip, at_time, ones)
        best = min(best, time.perf_counter() - start)
    assert best / 64 < 0.0005
