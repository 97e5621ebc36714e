"""The backdrops' meshes: one unit wide, wholly behind their plane, normals towards who looks."""

import numpy as np
import pytest

from diorama.assets.backdrops import backdrop_mesh
from diorama.assets.shapes import ShapeMesh
from diorama.scene.batch import BACKDROPS


@pytest.fixture(params=BACKDROPS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mesh(name: str) -> ShapeMesh:
    return backdrop_mesh(name)


def test_it_spans_one_unit(mesh: ShapeMesh) -> None:
    low, high = mesh.positions.min(0), mesh.positions.max(0)
    np.testing.assert_allclose([low[0], high[0]], [-0.5, 0.5], atol=0.01)
    np.testing.assert_allclose([low[1], high[1]], [-0.5, 0.5], atol=0.01)


def test_it_lies_behind_its_plane(name: str, mesh: ShapeMesh) -> None:
    x, _, z = mesh.positions.T
    ahead = z - np.abs(x) if name == "corner" else z  # a corner's walls are two planes that open towards +Z
    assert ahead.max() < 1e-6
    assert ahead.max() > -0.05  # and not far behind it


def test_normals_are_unit_and_look_out(mesh: ShapeMesh) -> None:
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-5)
    assert (mesh.normals[:, 2] >= -0.1).mean() > 0.97
    assert len(mesh.indices) < 4000


def test_the_texture_is_about_one_tile_per_unit_length(mesh: ShapeMesh) -> None:
    corners, uvs = mesh.positions[mesh.indices], mesh.uvs[mesh.indices]
    edges = np.linalg.norm(corners - np.roll(corners, 1, 1), axis=-1).sum()
    assert np.linalg.norm(uvs - np.roll(uvs, 1, 1), axis=-1).sum() == pytest.approx(edges, rel=0.15)
