from pathlib import Path

import numpy as np
import pytest
import trimesh

from diorama.assets.animate import shape, skin
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE, Model
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
