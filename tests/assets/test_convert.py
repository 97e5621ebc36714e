"""Models in other formats than glTF: known answers on small files, and what strangers' files may not do."""

import sys
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from diorama.assets import convert
from diorama.assets.foreign.polygons import clip_ears, triangulate
from diorama.assets.models import read_model
from diorama.assets.subject import Subject
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE
from tests.assets.reading import corners, outward, volume

QUADS = [[1, 2, 4, 3], [5, 7, 8, 6], [1, 5, 6, 2], [3, 4, 8, 7], [1, 3, 7, 5], [2, 6, 8, 4]]


def read(path: Path) -> Subject:
    return read_model(path, "test/model")


def obj(folder: Path, materials: str = "", head: str = "") -> Path:
    """A unit cube of quads, its corners in the order of CORNERS."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [head, *(f"v {x} {y} {z}" for x, y, z in CORNERS.tolist()), "vt 0.25 1", "usemtl paint"]
    lines += ["f " + " ".join(f"{k}/1" for k in quad) for quad in QUADS]
    (folder / "box.obj").write_text("\n".join(lines) + "\n")
    (folder / "box.mtl").write_text("newmtl paint\n" + materials)
    return folder / "box.obj"


# OBJ


def test_obj_with_its_materials(tmp_path: Path) -> None:
    subject = read(obj(tmp_path, "Kd 0.8 0.4 0.2\nKe 0 0 0.5\n", "mtllib box.mtl"))
    assert volume(subject) == pytest.approx(1)
    assert outward(subject)
    [material] = subject.materials
    assert material.name == "paint"
    assert material.base_color == pytest.approx((0.8, 0.4, 0.2, 1), abs=1e-3)
    assert material.emissive == pytest.approx((0, 0, 0.5), abs=1e-3)
    assert material.metallic == 0
    assert material.double_sided


@pytest.mark.parametrize(
    ("name", "kind"), [("Textures/skin.tga", "tga"), ("C:\\work\\SKIN.png", "png"), ("/home/me/skin.png", "png")]
)
def test_textures_are_found_beside_the_model_whatever_their_path_was(tmp_path: Path, name: str, kind: str) -> None:
    path = obj(tmp_path, f"map_Kd {name}\n", "mtllib box.mtl")
    (tmp_path / "Textures").mkdir()
    Image.new("RGB", (4, 4), (9, 90, 200)).save(tmp_path / "Textures" / f"skin.{kind}")
    subject = read(path)
    [texture] = subject.textures
    assert texture[0, 0].tolist() == [9, 90, 200, 255]
    np.testing.assert_allclose(subject.levels[0].uvs[0], [0.25, 0])


def test_scans_without_normals_are_smooth_and_simplify_well(tmp_path: Path) -> None:
    trimesh.creation.icosphere(subdivisions=5).export(tmp_path / "ball.obj", include_normals=False)
    mesh = read(tmp_path / "ball.obj").levels[0]
    assert len(mesh.indices) == 20480
    np.testing.assert_allclose(mesh.normals, mesh.positions, atol=0.01)
    [material] = read(obj(tmp_path)).materials
    assert (material.metallic, material.double_sided) == (0, True)


def test_a_missing_texture_is_noted(tmp_path: Path) -> None:
    subject = read(obj(tmp_path, "map_Kd gone.png\n", "mtllib box.mtl"))
    assert any("gone.png" in note and "missing" in note for note in subject.notes)


def test_nothing_outside_the_models_folder_is_read(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "secret.png")
    (tmp_path / "secret.mtl").write_text("newmtl paint\nKd 1 0 0\n")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    for texture in ("../secret.png", str(tmp_path / "secret.png"), "link.png"):
        assert read(obj(inside, f"map_Kd {texture}\n", "mtllib box.mtl")).textures == ()
    for materials in ("../secret.mtl", str(tmp_path / "secret.mtl")):
        assert read(obj(inside, "", f"mtllib {materials}")).materials[0].base_color[1] > 0


# PLY, STL, OFF


@pytest.mark.parametrize("kind", ["ply", "stl", "off"])
def test_meshes(tmp_path: Path, kind: str) -> None:
    trimesh.Trimesh(CORNERS * (1, 2, 3), CUBE).export(tmp_path / f"box.{kind}")
    subject = read(tmp_path / f"box.{kind}")
    assert volume(subject) == pytest.approx(6, rel=1e-5)
    assert outward(subject)
    tall = 3 if kind == "stl" else 2  # z is up in the workshop
    assert np.ptp(corners(subject).reshape(-1, 3), 0)[1] == pytest.approx(tall)


def test_colours_of_scans(tmp_path: Path) -> None:
    colors = np.tile(np.array([200, 100, 50, 255], np.uint8), (8, 1))
    trimesh.Trimesh(CORNERS, CUBE, vertex_colors=colors).export(tmp_path / "box.ply")
    found = read(tmp_path / "box.ply").levels[0].colors
    assert np.abs(found.astype(int) - (200, 100, 50, 255)).max() <= 1


def test_a_cloud_of_points_shows_nothing(tmp_path: Path) -> None:
    lines = ["ply", "format ascii 1.0", "element vertex 8", *(f"property float {axis}" for axis in "xyz"), "end_header"]
    (tmp_path / "cloud.ply").write_text("\n".join([*lines, *(f"{x} {y} {z}" for x, y, z in CORNERS.tolist())]))
    with pytest.raises(AssetError, match=r"cloud\.ply.*no triangles"):
        read(tmp_path / "cloud.ply")


# FBX

FBX = """; FBX 7.4.0 project file
FBXHeaderExtension:  {{
	FBXHeaderVersion: 1003
	FBXVersion: 7400
	Creator: "a test"
}}
GlobalSettings:  {{
	Version: 1000
	Properties70:  {{
		P: "UpAxis", "int", "Integer", "",{up}
		P: "UpAxisSign", "int", "Integer", "",1
		P: "FrontAxis", "int", "Integer", "",{front}
		P: "FrontAxisSign", "int", "Integer", "",{sign}
		P: "CoordAxis", "int", "Integer", "",0
		P: "CoordAxisSign", "int", "Integer", "",1
		P: "UnitScaleFactor", "double", "Number", "",{unit}
	}}
}}
Objects:  {{
	Geometry: 1001, "Geometry::box", "Mesh" {{
		Vertices: *24 {{
			a: {vertices}
		}}
		PolygonVertexIndex: *24 {{
			a: {corners}
		}}
		GeometryVersion: 124
	}}
	Model: 1002, "Model::box", "Mesh" {{
		Version: 232
		Properties70:  {{
			P: "Lcl Translation", "Lcl Translation", "", "A",0,0,100
		}}
	}}
}}
Connections:  {{
	C: "OO",1002,0
	C: "OO",1001,1002
}}
"""


@pytest.mark.parametrize(("up", "front", "sign"), [(1, 2, 1), (2, 1, -1)])
def test_fbx_is_turned_and_measured_by_its_own_settings(tmp_path: Path, up: int, front: int, sign: int) -> None:
    """A box of 1 × 2 × 3 in units of 50 cm, moved by 100 of them along its z."""
    vertices = ",".join(str(x) for x in (CORNERS * (1, 2, 3)).reshape(-1).tolist())
    faces = ",".join(str(k - 1) if i < 3 else str(-k) for quad in QUADS for i, k in enumerate(quad))
    text = FBX.format(up=up, front=front, sign=sign, unit=50, vertices=vertices, corners=faces)
    (tmp_path / "box.fbx").write_text(text)
    subject = read(tmp_path / "box.fbx")
    assert volume(subject) == pytest.approx(6 / 8)
    assert outward(subject)
    low, high = corners(subject).reshape(-1, 3).min(0), corners(subject).reshape(-1, 3).max(0)
    expected = np.array([[0, 0, 50], [0.5, 1, 51.5]]) if up == 1 else np.array([[0, 50, -1], [0.5, 51.5, 0]])
    np.testing.assert_allclose([low, high], expected, atol=1e-4)


# Damage


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".fbx", b"Kaydara FBX Binary  \0\x1a\0" + bytes(40)),
        (".obj", b"v 1 2\nf 1 2 9999999999"),
        (".ply", b"ply\nformat binary_little_endian 1.0\nelement vertex 99999999999\nproperty float x\nend_header\n"),
        (".stl", bytes(80) + b"\xff\xff\xff\x7f"),
        (".off", b""),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(data)
    with pytest.raises(AssetError) as caught:
        read(path)
    assert caught.value.where.startswith(path.name)
    assert len(str(caught.value)) < 400
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize(("script", "word"), [("kill -SEGV $$", "failed on it"), ("sleep 60", "seconds")])
def test_a_library_that_crashes_or_hangs_costs_one_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, word: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/bash\n{script}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(convert, "TIMEOUT", 0.5)
    with pytest.raises(AssetError, match=rf"box\.obj.*{word}"):
        read(obj(tmp_path))


# Polygons


def area(polygon: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Areas of triangles as seen from +z."""
    a, b, c = (polygon[triangles[:, k]] for k in range(3))
    return np.cross(b - a, c - a)[:, 2] / 2


def test_polygons_that_bend_inwards_are_filled_and_no_more() -> None:
    star = np.array(
        [[np.cos(t) * r, np.sin(t) * r, 0] for t, r in zip(np.arange(10) * np.pi / 5, [2, 0.5] * 5, strict=True)]
    )
    exact = 5 * 2 * 0.5 * np.sin(np.pi / 5)
    for polygon in (star, star[::-1] * (1, 1, 0)):
        areas = area(polygon, clip_ears(polygon))
        assert len(areas) == 8
        assert (np.sign(areas) == np.sign(areas.sum())).all()
        assert abs(areas.sum()) == pytest.approx(exact)


def test_faces_of_all_sizes() -> None:
    dart = np.array([[0, 0, 0], [2, 0, 0], [0.5, 0.5, 0], [0, 2, 0]])
    for turn in range(4):
        quad = np.roll(dart, turn, 0)
        points = np.concatenate([quad, CORNERS[:3], CORNERS[:2]])
        triangles, owner = triangulate(np.array([0, 4, 7]), np.array([4, 3, 2]), points)
        assert owner.tolist() == [0, 0, 1]
        areas = area(points, triangles[:2])
        assert (areas > 0).all()
        assert areas.sum() == pytest.approx(1)
