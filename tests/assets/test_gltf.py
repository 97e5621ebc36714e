from pathlib import Path

import numpy as np
import pytest
import trimesh

from diorama.assets.animate import shape, skin
from diorama.assets.models import load_model
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE, Model, arm, arm_bent
from tests.assets.posing import palette, posed
from tests.assets.reading import corners, outward, read, sorted_rows, volume

# Geometry


def test_static_model_has_one_joint_and_its_nodes_places(tmp_path: Path) -> None:
    model = Model()
    mesh = model.cube()
    inner = model.node(mesh=mesh, translation=[0, 0, 5], rotation=[0, np.sqrt(0.5), 0, np.sqrt(0.5)])
    model.json["scenes"] = [{"nodes": [model.node(mesh=mesh, scale=[2, 3, 4], children=[inner])]}]
    model.json["scene"] = 0
    subject = read(model, tmp_path)
    assert len(subject.skeleton.names) == 1
    scene = trimesh.load_scene(tmp_path / "model.glb")
    ours = corners(subject).reshape(-1, 9)
    whole = scene.to_geometry()
    assert isinstance(whole, trimesh.Trimesh)
    peer = whole.triangles.reshape(-1, 9)
    np.testing.assert_allclose(sorted_rows(ours), sorted_rows(peer), atol=1e-4)


@pytest.mark.parametrize("scale", [(-1, 1, 1), (1, -2, 1), (-1, -1, -1), (-1, -1, 1)])
def test_mirrored_nodes_stay_right_side_out(tmp_path: Path, scale: tuple[int, ...]) -> None:
    model = Model()
    model.node(mesh=model.cube(), scale=list(scale))
    subject = read(model, tmp_path)
    assert volume(subject) == pytest.approx(abs(np.prod(scale)))
    assert outward(subject)


def test_mirrored_moving_nodes_stay_right_side_out(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube(), scale=[-1, 1, 1])
    model.animate(0, "translation", [0, 1], [[0, 0, 0], [1, 0, 0]])
    subject = read(model, tmp_path)
    assert volume(subject) == pytest.approx(1)
    assert outward(subject)


def test_matrix_node_equals_its_parts(tmp_path: Path) -> None:
    matrix = np.array([[0, -2, 0, 1], [3, 0, 0, 2], [0, 0, -4, 3], [0, 0, 0, 1.0]])
    model = Model()
    model.node(mesh=model.cube(), matrix=matrix.T.ravel().tolist())
    expected = CORNERS @ matrix[:3, :3].T + matrix[:3, 3]
    static = read(model, tmp_path)
    np.testing.assert_allclose(np.unique(posed(static), axis=0), np.unique(expected, axis=0), atol=1e-5)
    model.animate(0, "scale", [0], [[3, 2, -4]])  # animated: taken apart into translation, rotation and scale
    moving = read(model, tmp_path)
    np.testing.assert_allclose(np.unique(posed(moving), axis=0), np.unique(expected, axis=0), atol=1e-5)


def test_every_component_type_means_the_same_texture_coordinates(tmp_path: Path) -> None:
    exact = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [1, 0], [1, 1], [0, 1.0]])
    for dtype, top in {"f4": 1, "u1": 255, "u2": 65535, "i1": 127, "i2": 32767}.items():
        model = Model()
        uv = model.accessor(exact * top, dtype, normalized=dtype != "f4")
        model.node(mesh=model.cube(TEXCOORD_0=uv, NORMAL=model.accessor(np.tile([0, 0, 1.0], (8, 1)))))
        np.testing.assert_allclose(read(model, tmp_path).levels[0].uvs, exact, atol=1e-6)


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4"])
def test_index_types(tmp_path: Path, dtype: str) -> None:
    model = Model()
    mesh = model.mesh(CORNERS)
    model.json["meshes"][mesh]["primitives"][0]["indices"] = model.accessor(CUBE.reshape(-1), dtype)
    model.node(mesh=mesh)
    assert volume(read(model, tmp_path)) == pytest.approx(1)


def test_interleaved_sparse_and_empty_accessors(tmp_path: Path) -> None:
    plain = Model()
    plain.node(mesh=plain.cube())
    model = Model()
    both = np.concatenate([CORNERS, np.full((8, 3), 7)], 1).astype("<f4")
    view = model.view(both.tobytes(), byteStride=24)
    accessors = model.json["accessors"]
    accessors.append({"bufferView": view, "componentType": 5126, "count": 8, "type": "VEC3"})
    interleaved = model.mesh(CORNERS, CUBE)
    model.json["meshes"][interleaved]["primitives"][0]["attributes"]["POSITION"] = 0
    model.node(mesh=interleaved)
    assert volume(read(model, tmp_path)) == pytest.approx(1)
    # Without a view all is zero; every corner but the first is then given sparsely.
    sparse = {
        "count": 7,
        "indices": {"bufferView": model.view(np.arange(1, 8, dtype="<u1").tobytes()), "componentType": 5121},
        "values": {"bufferView": model.view(CORNERS[1:].tobytes())},
    }
    accessors[0] = {"componentType": 5126, "count": 8, "type": "VEC3", "sparse": sparse}
    assert volume(read(model, tmp_path)) == pytest.approx(1)


def test_strips_and_fans_are_triangles_and_lines_are_left_out(tmp_path: Path) -> None:
    square = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]
    for mode, order in {5: [0, 1, 2, 3], 6: [0, 1, 3, 2], 4: [0, 1, 2, 2, 1, 3]}.items():
        model = Model()
        model.node(mesh=model.mesh(np.array(square)[order], mode=mode))
        triangles = corners(read(model, tmp_path))
        faces = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        assert (faces == [0, 0, 1]).all()
        assert len(faces) == 2
    model = Model()
    model.node(mesh=model.mesh(square, mode=1))
    with pytest.raises(AssetError, match="no triangles"):
        read(model, tmp_path)


def test_missing_normals_are_flat_as_the_format_asks(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube())
    subject = read(model, tmp_path)
    normals = subject.levels[0].normals
    assert np.allclose(np.abs(normals).max(1), 1)
    assert outward(subject)


def test_only_the_default_scene_is_shown(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube())
    model.node(mesh=0, translation=[9, 0, 0])
    model.json["scenes"] = [{"nodes": [0]}, {"nodes": [1]}]
    model.json["scene"] = 1
    subject = read(model, tmp_path)
    assert posed(subject)[:, 0].min() == 9
    assert len(subject.levels[0].indices) == 12


def test_quantized_positions_are_placed_by_their_node(tmp_path: Path) -> None:
    model = Model()
    mesh = model.mesh(CORNERS, CUBE)
    model.json["meshes"][mesh]["primitives"][0]["attributes"]["POSITION"] = model.accessor(CORNERS * 1000, "u2")
    model.json["extensionsRequired"] = ["KHR_mesh_quantization"]
    model.node(mesh=mesh, scale=[0.001] * 3)
    assert volume(read(model, tmp_path)) == pytest.approx(1, rel=1e-5)


def test_morph_targets_count_with_their_default_weights(tmp_path: Path) -> None:
    model = Model()
    mesh = model.cube()
    offsets = model.accessor(np.tile([0, 4.0, 0], (8, 1)))
    model.json["meshes"][mesh]["primitives"][0]["targets"] = [{"POSITION": offsets}]
    model.json["meshes"][mesh]["weights"] = [0.5]
    model.node(mesh=mesh)
    assert posed(read(model, tmp_path))[:, 1].min() == 2


def raised(weights: list[float], **fields: object) -> Model:
    """A cube with two targets, 4 up and 2 along x, whose weights an animation moves in a second."""
    model = Model()
    mesh = model.cube(**fields)
    targets = [{"POSITION": model.accessor(np.tile(offset, (8, 1)))} for offset in ([0, 4.0, 0], [2.0, 0, 0])]
    model.json["meshes"][mesh] |= {"weights": [0.5, 0.0]}
    model.json["meshes"][mesh]["primitives"][0]["targets"] = targets
    node = model.node(mesh=mesh)
    model.animate(node, "weights", [1.0, 2.0], weights)
    return model


@pytest.mark.parametrize(("time", "place"), [(0.0, [0, 0, 0]), (0.5, [2, 2, 0]), (1.0, [4, 4, 0])])
def test_animated_morph_targets_are_blended(tmp_path: Path, time: float, place: list[float]) -> None:
    subject = read(raised([0, 0, 1, 2]), tmp_path)
    assert [clip.name for clip in subject.clips] == ["move"]
    np.testing.assert_allclose(posed(subject, 0, time).min(0), place, atol=1e-6)
    np.testing.assert_allclose(posed(subject).min(0), [0, 2, 0], atol=1e-6)  # the default weights


def test_weights_that_never_move_cost_nothing(tmp_path: Path) -> None:
    subject = read(raised([0.5, 0, 0.5, 1]), tmp_path)
    assert subject.morphs == 1
    assert read(raised([0.5, 0, 0.5, 0]), tmp_path).morphs == 0


def test_morphed_normals_turn_with_the_shape(tmp_path: Path) -> None:
    """A flat square without normals that a target lifts on one side to 45°."""
    model = Model()
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 0, -1], [0, 0, -1]], np.float32)
    mesh = model.mesh(square, [[0, 1, 2], [0, 2, 3]])
    lifted = model.accessor(np.array([[0, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]], np.float32))
    model.json["meshes"][mesh]["primitives"][0]["targets"] = [{"POSITION": lifted}]
    model.animate(model.node(mesh=mesh, scale=[-2, 2, 2]), "weights", [0, 1], [0, 1])
    subject = read(model, tmp_path)
    end = shape(subject, np.array([0]), np.ones(1))[0]
    normals = skin(subject, palette(subject, 0, 1.0), morphs=end)[1]
    np.testing.assert_allclose(normals, np.tile([np.sqrt(0.5), np.sqrt(0.5), 0], (6, 1)), atol=1e-6)


@pytest.mark.parametrize("weights", [[0, 0, 1], [0, 1]])
def test_weights_of_other_targets_than_there_are_end_as_an_error(tmp_path: Path, weights: list[float]) -> None:
    with pytest.raises(AssetError, match=r"targets|values|nodes"):
        read(raised(weights), tmp_path)


# Skins and animation


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
