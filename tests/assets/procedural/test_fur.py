"""Hair lies in the skin, and the coordinates of its maps run along it."""

from dataclasses import replace

import numpy as np
import pytest

from diorama.assets.procedural import fur
from diorama.assets.subject import HAIR
from tests.reference import rigs

TUBE = rigs.tube()
MESH = TUBE.levels[0]
FLOW = fur.flow(MESH, TUBE.skeleton)


@pytest.mark.parametrize("kind", HAIR)
def test_maps_tile_and_have_neutral_means(kind: str) -> None:
    texels = fur.fur_map(kind).astype(float)
    assert np.abs(texels.mean((0, 1)) - 128).max() < 3
    for axis in (0, 1):
        seam = np.abs(np.take(texels, 0, axis) - np.take(texels, -1, axis)).mean()
        assert seam < 1.5 * np.abs(np.diff(texels, axis=axis)).mean()


def test_hairs_are_longer_than_wide() -> None:
    for kind in ("short", "long", "wire"):
        height = fur.fur_map(kind)[..., 3].astype(float)
        assert np.abs(np.diff(height, axis=1)).mean() > 1.5 * np.abs(np.diff(height, axis=0)).mean()


def test_hair_lies_in_the_skin() -> None:
    np.testing.assert_allclose(np.linalg.norm(FLOW, axis=1), 1, atol=1e-5)
    assert np.abs((FLOW * MESH.normals).sum(1)).max() < 1e-3


def test_hair_runs_from_the_nose_backwards_and_down_the_limbs() -> None:
    names = ("chest", "head", "leg")
    skeleton = replace(TUBE.skeleton, names=names)
    up = np.tile(np.array([1.0, 0, 0], np.float32), (len(MESH.normals), 1))
    assert (fur.flow(replace(MESH, normals=up), skeleton)[:, 2] < -0.5).mean() > 0.5
    limbs = replace(TUBE.skeleton, names=("a", "b", "c"))  # without a head, joints point along the hair: here upwards
    assert (fur.flow(replace(MESH, normals=up), limbs)[:, 1] > 0.9).all()


def test_coordinates_run_along_the_hair_unstretched() -> None:
    vertex, uv, triangles = fur.charts(MESH, FLOW, MESH.indices, unit=1.0)
    np.testing.assert_array_equal(vertex[triangles], MESH.indices)
    p, q = MESH.positions[vertex][triangles], uv[triangles].astype(float)
    edges, steps = p[:, 1:] - p[:, :1], q[:, 1:] - q[:, :1]
    area = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1)
    flat = area > 1e-5
    # the change of the coordinates along the hair, from each triangle's two edges
    gradient = np.linalg.solve(
        np.concatenate([edges, np.cross(edges[:, 0], edges[:, 1])[:, None] / area.clip(1e-12)[:, None, None]], 1)[flat],
        np.concatenate([steps, np.zeros((len(steps), 1, 2))], axis=1)[flat],
    )
    along = np.einsum("ti,tij->tj", FLOW[MESH.indices].mean(1)[flat], gradient) * fur.TILE
    assert (along[:, 1] < -0.5).mean() > 0.95
    assert np.abs(along[:, 0]).mean() < 0.35


def test_angles_stand_for_directions() -> None:
    half = fur.packed_angle(MESH.normals, FLOW)
    assert (np.abs(half) <= 1).all()
    axis, quarter = (fur.packed_angle(MESH.normals, d) for d in (FLOW, np.cross(MESH.normals, FLOW)))
    np.testing.assert_allclose((quarter - axis) % 2, 0.5, atol=1e-3)


def test_faces_and_paws_have_short_hair() -> None:
    skeleton = replace(TUBE.skeleton, names=("chest", "neck1", "muzzle"))
    length = fur.lengths(MESH, skeleton)
    high = MESH.positions[:, 1].argmax()
    assert length[high] < 0.2 < 0.9 < length[MESH.positions[:, 1].argmin()] <= 1
