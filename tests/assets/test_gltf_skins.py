"""Skins and clips from glTF move as the format says."""

from pathlib import Path

import numpy as np
import pytest

from diorama.assets.models import load_model
from tests.assets.glb import CORNERS, CUBE, Model, arm, arm_bent
from tests.assets.posing import posed
from tests.assets.reading import read


def test_skinned_pose_is_the_one_by_hand(tmp_path: Path) -> None:
    subject = read(arm(), tmp_path)
    assert [clip.name for clip in subject.clips] == ["bend"]
    assert subject.clips[0].duration == pytest.approx(1)  # from 2 s to 3 s
    for time, degrees in ((0.0, 0), (0.5, 45), (1.0, 90)):
        np.testing.assert_allclose(posed(subject, clip=0, time=time), arm_bent(degrees), atol=1e-5)
    np.testing.assert_allclose(posed(subject), arm_bent(0), atol=1e-6)


def eight(third: bool = False) -> Model:
    """A cube whose vertices follow eight joints: 7 down to 0 with weights 1 to 8, of 36; in two sets, of bytes and of
    16 bits, normalised and not."""
    model = Model()
    weights = np.arange(1, 9)
    mesh = model.mesh(
        CORNERS,
        CUBE,
        JOINTS_0=model.accessor(np.tile([7, 6, 5, 4], (8, 1)), "u1"),
        JOINTS_1=model.accessor(np.tile([3, 2, 1, 0], (8, 1)), "u2"),
        WEIGHTS_0=model.accessor(np.tile(weights[:4] / 36, (8, 1))),
        WEIGHTS_1=model.accessor(np.tile(np.rint(weights[4:] / 36 * 65535), (8, 1)), "u2", normalized=True),
    )
    joints = [model.node(name=f"joint{k}", translation=[2.0**k, 0, 0]) for k in range(8)]
    model.json["skins"] = [{"joints": joints}]  # bound where they would be at the origin
    model.node(mesh=mesh, skin=0)
    if third:
        attributes = model.json["meshes"][mesh]["primitives"][0]["attributes"]
        attributes["JOINTS_2"] = model.accessor(np.tile([0, 1, 2, 3], (8, 1)), "u2")
        attributes["WEIGHTS_2"] = model.accessor(np.tile([1e-3, 2e-3, 3e-3, 0], (8, 1)))
    return model


def test_all_of_eight_influences_count(tmp_path: Path) -> None:
    subject = read(eight(), tmp_path)
    expected = sum(weight * 2.0 ** (8 - weight) for weight in range(1, 9)) / 36
    np.testing.assert_allclose(posed(subject)[:, 0].min(), expected, rtol=1e-4)
    assert subject.levels[0].joints[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]  # heaviest first
    finished = load_model(eight().save(tmp_path / "a.glb"), "a/a")
    np.testing.assert_allclose(np.ptp(posed(finished), axis=0), 1, atol=1e-5)


def test_of_more_than_eight_influences_the_heaviest_count(tmp_path: Path) -> None:
    subject = read(eight(third=True), tmp_path)
    assert subject.levels[0].joints[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert any("more than eight" in note for note in subject.notes)
    assert not any("more than eight" in note for note in read(eight(), tmp_path).notes)


def test_parts_of_four_and_of_eight_influences_lie_in_one_model(tmp_path: Path) -> None:
    model = eight()
    model.node(mesh=model.cube(), translation=[0, 50, 0])
    mesh = read(model, tmp_path).levels[0]
    assert mesh.joints.shape == mesh.weights.shape == (len(mesh.positions), 8)
    np.testing.assert_allclose(mesh.weights.sum(1), 1, atol=1e-6)
    assert sorted(set((mesh.weights > 0).sum(1).tolist())) == [1, 8]


def test_a_mesh_with_weights_on_a_node_without_a_skin_is_rigid(tmp_path: Path) -> None:
    model = arm()
    del model.json["nodes"][2]["skin"]
    np.testing.assert_allclose(posed(read(model, tmp_path)), arm_bent(0) * 5 + [70, 80, 90], atol=1e-4)


def test_a_root_rotation_turns_the_skin(tmp_path: Path) -> None:
    model = arm()
    half = np.sqrt(0.5)
    model.node(children=[0], rotation=[-half, 0, 0, half])  # Z up made Y up
    straight = arm_bent(0)
    np.testing.assert_allclose(posed(read(model, tmp_path)), straight[:, [0, 2, 1]] * [1, 1, -1], atol=1e-5)


def test_two_skins_with_their_own_bind_spaces_share_the_joints(tmp_path: Path) -> None:
    model = arm()
    shift = np.eye(4)
    shift[:3, 3] = (3, 0, 0)
    bind = np.tile(np.eye(4), (2, 1, 1))
    bind[1, 1, 3] = -1
    second = model.json["meshes"][0]["primitives"][0]
    model.json["meshes"].append({"primitives": [second]})
    matrices = (bind @ shift).transpose(0, 2, 1)
    model.json["skins"].append({"joints": [0, 1], "inverseBindMatrices": model.accessor(matrices)})
    model.node(mesh=1, skin=1)
    subject = read(model, tmp_path)
    assert len(subject.skeleton.names) == 2
    vertices = posed(subject, clip=0, time=1.0)
    lower = np.repeat(np.arange(5) / 2, 2) <= 0.5
    np.testing.assert_allclose(vertices[:10], arm_bent(90), atol=1e-5)
    np.testing.assert_allclose(vertices[10:][lower], arm_bent(90)[lower] + [3, 0, 0], atol=1e-5)


def test_incompatible_bindings_get_joints_of_their_own(tmp_path: Path) -> None:
    model = arm()
    bind = np.tile(np.eye(4), (2, 1, 1))
    bind[0, :3, 3], bind[1, :3, 3] = (1, 0, 0), (0, 5, 0)
    model.json["meshes"].append(model.json["meshes"][0])
    accessor = model.accessor(bind.transpose(0, 2, 1))
    model.json["skins"].append({"joints": [0, 1], "inverseBindMatrices": accessor})
    model.node(mesh=1, skin=1)
    vertices = posed(read(model, tmp_path))
    upper = np.clip(np.repeat(np.arange(5) / 2, 2) - 0.5, 0, 1)[:, None]
    np.testing.assert_allclose(vertices[:10], arm_bent(0), atol=1e-5)
    expected = arm_bent(0) + (1 - upper) * [1, 0, 0] + upper * [0, 6, 0]
    np.testing.assert_allclose(vertices[10:], expected, atol=1e-5)


def test_a_rigid_part_on_a_bone_moves_with_it(tmp_path: Path) -> None:
    model = arm()
    hat = model.node(mesh=model.cube(), translation=[0, 1, 0])
    model.json["nodes"][1]["children"] = [hat]
    subject = read(model, tmp_path)
    assert len(subject.skeleton.names) == 2
    cube = np.unique(posed(subject, clip=0, time=1.0)[:36].round(4) + 0.0, axis=0)
    turned = CORNERS[:, [1, 0, 2]] * [-1, 1, 1] + [-1, 1, 0]
    np.testing.assert_allclose(cube, np.unique(turned.round(4) + 0.0, axis=0), atol=1e-4)


def test_moving_nodes_become_joints_and_still_ones_do_not(tmp_path: Path) -> None:
    model = Model()
    mesh = model.cube()
    wheel = model.node(mesh=mesh, name="wheel", translation=[1, 0, 0])
    model.node(mesh=mesh, name="body", children=[wheel])
    model.node(mesh=mesh, name="lamp")
    model.animate(wheel, "translation", [0, 1], [[1, 0, 0], [1, 0, 8]])
    subject = read(model, tmp_path)
    assert sorted(subject.skeleton.names) == ["body", "still", "wheel"]
    spread = np.ptp(posed(subject, clip=0, time=0.5), axis=0)
    np.testing.assert_allclose(spread, [2, 1, 5], atol=1e-5)


def test_the_heaviest_weight_comes_first_and_what_has_none_follows_the_first_joint(tmp_path: Path) -> None:
    model = arm(clip=False)
    attributes = model.json["meshes"][0]["primitives"][0]["attributes"]
    weights = np.tile([0.05, 0.05, 0.05, 0.05], (10, 1))
    weights[0] = 0
    attributes["WEIGHTS_0"] = model.accessor(weights)
    attributes["JOINTS_1"] = model.accessor(np.tile([1, 0, 0, 0], (10, 1)), "u2")
    second = np.tile([0.8, 0, 0, 0], (10, 1))
    second[0] = 0
    attributes["WEIGHTS_1"] = model.accessor(second)
    mesh = read(model, tmp_path).levels[0]
    np.testing.assert_allclose(mesh.weights.sum(1), 1, atol=1e-6)
    assert mesh.weights[0].tolist() == [1] + [0] * 7
    assert mesh.weights[1, 0] == pytest.approx(0.8)
    assert mesh.joints[1, 0] == 1


def test_normalized_weights_and_cubic_splines(tmp_path: Path) -> None:
    model = arm(clip=False)
    attributes = model.json["meshes"][0]["primitives"][0]["attributes"]
    upper = np.clip(np.repeat(np.arange(5) / 2, 2) - 0.5, 0, 1)
    bytes_ = np.rint(np.stack([1 - upper, upper, 0 * upper, 0 * upper], 1) * 255)
    attributes["WEIGHTS_0"] = model.accessor(bytes_, "u1", normalized=True)
    half = np.sqrt(0.5)
    still = [0, 0, 0, 0]
    keys = [still, [0, 0, 0, 1], still, still, [0, 0, half, half], still]
    model.animate(1, "rotation", [0.0, 1.0], keys, "CUBICSPLINE")
    np.testing.assert_allclose(posed(read(model, tmp_path), clip=0, time=1.0), arm_bent(90), atol=0.01)
    np.testing.assert_allclose(posed(read(model, tmp_path), clip=0, time=0.5), arm_bent(45), atol=0.01)
