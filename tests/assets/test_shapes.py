"""The obstructors' shapes: closed, outward, inside their cube, evenly textured."""

import numpy as np
import pytest
import trimesh

from diorama.assets.shapes import ShapeMesh, shape_mesh
from diorama.scene.batch import SHAPES

VOLUMES = {  # of the ideal solids; a faceted one falls short by a few per cent
    "box": 1.0,
    "sphere": np.pi / 6,
    "cylinder": np.pi / 4,
    "cone": np.pi / 12,
    "torus": 2 * np.pi**2 * 0.34 * 0.16**2,
    "capsule": np.pi * 0.25**2 * 0.5 + 4 / 3 * np.pi * 0.25**3,
    "wedge": 0.5,
    "icosahedron": 5 / 12 * (3 + np.sqrt(5)) * (0.5 / np.sin(2 * np.pi / 5)) ** 3,
}
MOST_TRIANGLES = {"box": 12, "sphere": 320, "torus": 400, "wedge": 8, "icosahedron": 20}


@pytest.fixture(params=SHAPES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mesh(name: str) -> ShapeMesh:
    return shape_mesh(name)


def _welded(mesh: ShapeMesh) -> trimesh.Trimesh:
    """The same triangles with coincident vertices made one."""
    points, index = np.unique(np.round(mesh.positions, 5), axis=0, return_inverse=True)
    return trimesh.Trimesh(points, index.ravel()[mesh.indices], process=False)


def test_it_is_a_closed_solid_of_the_right_volume(name: str, mesh: ShapeMesh) -> None:
    solid = _welded(mesh)
    assert solid.is_watertight
    assert solid.is_winding_consistent
    assert 0.9 * VOLUMES[name] < solid.volume <= 1.0001 * VOLUMES[name]  # a positive volume is wound outward


def test_it_fills_its_cube_from_floor_to_ceiling(mesh: ShapeMesh) -> None:
    assert np.abs(mesh.positions).max() <= 0.5 + 1e-6
    assert mesh.positions[:, 1].min() == pytest.approx(-0.5)
    assert mesh.positions[:, 1].max() == pytest.approx(0.5)


def test_normals_are_unit_and_look_out(mesh: ShapeMesh) -> None:
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-5)
    a, b, c = mesh.positions[mesh.indices].transpose(1, 0, 2)
    facing = np.cross(b - a, c - a)
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    assert (np.einsum("td,tkd->tk", facing, mesh.normals[mesh.indices]) > 0.7).all()


def test_the_texture_is_about_one_tile_per_unit_length(mesh: ShapeMesh) -> None:
    a, b, c = mesh.positions[mesh.indices].transpose(1, 0, 2)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    p, q, r = mesh.uvs[mesh.indices].transpose(1, 0, 2)
    (ux, uy), (vx, vy) = (q - p).T, (r - p).T
    tiles = (uy * vx - ux * vy) / 2
    assert (tiles > 0).all()  # u runs right and v down, seen from outside: no chart is mirrored
    assert 0.75 < tiles.sum() / area.sum() < 1.4
    usual = (tiles > 0.4 * area) & (tiles < 3 * area)
    assert area[usual].sum() > 0.85 * area.sum()


def test_it_has_few_triangles(name: str, mesh: ShapeMesh) -> None:
    assert len(mesh.indices) <= MOST_TRIANGLES.get(name, 300)
    assert mesh.indices.max() == len(mesh.positions) - 1


def test_an_unknown_shape_is_an_error() -> None:
    with pytest.raises(KeyError):
        shape_mesh("teapot")
