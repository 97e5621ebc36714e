from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diorama.assets.animate import bounds, pose, skin
from diorama.assets.gltf import read_gltf
from diorama.assets.models import load_model
from diorama.assets.normalize import DIRECTIONS, MAX_SUPPORT, normalize, rest_clip
from diorama.assets.subject import PROPORTIONS
from tests.assets.glb import CORNERS, CUBE, Model, arm
from tests.assets.posing import posed


@pytest.mark.parametrize("scale", [0.0013, 1.0, 365.0])
def test_longest_posed_side_is_one_metre(tmp_path: Path, scale: float) -> None:
    model = Model()
    model.node(mesh=model.cube(), scale=[scale, 4 * scale, 2 * scale], translation=[1000 * scale, 5, 0])
    subject = load_model(model.save(tmp_path / "a.glb"), "a/a")
    np.testing.assert_allclose(np.ptp(posed(subject), axis=0), [0.25, 1, 0.5], atol=1e-4)
    assert np.abs(posed(subject)).max() < 1  # and close to the origin


def test_size_is_that_of_the_posed_skin_not_of_the_bind_pose(tmp_path: Path) -> None:
    model = arm(clip=False)
    model.json["nodes"][0]["scale"] = [40, 40, 40]
    subject = load_model(model.save(tmp_path / "a.glb"), "a/a")
    np.testing.assert_allclose(np.ptp(posed(subject), axis=0), [0.5, 1, 0], atol=1e-5)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["Death", "Walk", "Idle_HitReact", "Idle"], "Idle"),
        (["play_dead_0", "sitting_0", "standing_0"], "standing_0"),
        (["Death", "Walk"], "Walk"),
        (["Survey", "Walk", "Run"], "Survey"),
        (["Death"], None),
        ([], None),
    ],
)
def test_rest_clip_keeps_its_feet(tmp_path: Path, names: list[str], chosen: str | None) -> None:
    subject = read_gltf(arm().save(tmp_path / "a.glb"), "a/a")
    subject = replace(subject, clips=tuple(replace(subject.clips[0], name=name) for name in names))
    index = rest_clip(subject)
    assert (names[index] if index >= 0 else None) == chosen


def test_support_bounds_the_mesh_between_the_sampled_poses_too(tmp_path: Path) -> None:
    model = arm()
    model.json["nodes"][1]["scale"] = [1.5, 1, 1]
    subject = load_model(model.save(tmp_path / "a.glb"), "a/a")
    times = np.linspace(0, 1, 53)
    matrices = pose(subject, np.zeros(53, int), times, np.ones((53, len(PROPORTIONS))))
    low, high = bounds(subject, matrices)
    for k in range(53):
        vertices, _ = skin(subject, matrices[k])
        size = np.ptp(vertices, axis=0).max()
        np.testing.assert_allclose(low[k], vertices.min(0), atol=0.01 * size)
        np.testing.assert_allclose(high[k], vertices.max(0), atol=0.01 * size)


def test_support_of_a_round_mesh_is_small(tmp_path: Path) -> None:
    import trimesh

    ball = trimesh.creation.icosphere(4)
    model = Model()
    model.node(mesh=model.mesh(ball.vertices, ball.faces))
    subject = load_model(model.save(tmp_path / "a.glb"), "a/a")
    assert 8 <= len(subject.support) <= MAX_SUPPORT
    low, high = bounds(subject, pose(subject, np.array([-1]), np.zeros(1), np.ones((1, len(PROPORTIONS)))))
    np.testing.assert_allclose(high - low, 1, atol=0.01)


def test_directions_are_those_of_a_cube() -> None:
    assert len(np.unique(DIRECTIONS.round(5), axis=0)) == 26
    np.testing.assert_allclose(DIRECTIONS.sum(0), 0, atol=1e-6)


def test_made_in_metres_stays_in_metres(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.mesh(CORNERS * 0.3, CUBE))
    subject = normalize(read_gltf(model.save(tmp_path / "a.glb"), "a/a"), longest=None)
    np.testing.assert_allclose(np.ptp(posed(subject), axis=0), 0.3, atol=1e-6)
    assert len(subject.support)
