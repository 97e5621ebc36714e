from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh

from diorama.assets.gltf import read_gltf
from diorama.assets.models import load_model
from diorama.assets.simplify import TRIANGLES, with_levels
from diorama.assets.subject import Mesh, Subject
from diorama.assets.welding import compact, weld
from tests.assets.glb import Model


def ball(folder: Path, fine: int = 5, half: bool = False) -> Subject:
    """A sphere, in two materials above and below the equator if `half`."""
    sphere = trimesh.creation.icosphere(fine)
    model = Model()
    model.json["materials"] = [{"name": "upper"}, {"name": "lower"}]
    above = sphere.triangles_center[:, 1] > 0
    normals = model.accessor(sphere.vertices)
    runs = [sphere.faces[above], sphere.faces[~above]] if half else [sphere.faces]
    for material, faces in enumerate(runs):
        model.node(mesh=model.mesh(sphere.vertices, faces, NORMAL=normals, material=material))
    return read_gltf(model.save(folder / "ball.glb"), "a/ball")


def area(mesh: Mesh) -> float:
    a, b, c = mesh.positions[mesh.indices].transpose(1, 0, 2).astype(np.float64)
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_levels_keep_their_limits_and_the_shape(tmp_path: Path) -> None:
    subject = with_levels(ball(tmp_path))
    assert [len(level.indices) <= limit for level, limit in zip(subject.levels, TRIANGLES, strict=True)] == [True] * 3
    for level in subject.levels:
        assert len(level.indices) > 500
        assert area(level) == pytest.approx(4 * np.pi, rel=0.02)
        np.testing.assert_allclose(np.linalg.norm(level.positions, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(level.normals, level.positions, atol=1e-5)  # the vertices' own, not moved


def test_levels_hold_no_vertex_in_vain(tmp_path: Path) -> None:
    for level in with_levels(ball(tmp_path)).levels:
        assert np.array_equal(np.unique(level.indices), np.arange(len(level.positions)))
        assert all(len(getattr(level, name)) == len(level.positions) for name in ("uvs", "joints", "weights", "coat"))


def test_materials_stay_on_their_sides_and_the_seam_stays_closed(tmp_path: Path) -> None:
    subject = with_levels(ball(tmp_path, half=True))
    for level in subject.levels:
        flat = level.indices.reshape(-1)
        assert sum(part.count for part in level.parts) == len(flat)
        for part in level.parts:
            heights = level.positions[flat[part.first : part.first + part.count]].reshape(-1, 3, 3).mean(1)[:, 1]
            side = 1 if subject.materials[part.material].name == "upper" else -1
            assert (side * heights > -0.1).all()
        merged = trimesh.Trimesh(level.positions, level.indices, process=True)
        merged.merge_vertices(merge_norm=True, merge_tex=True)
        assert merged.is_watertight


def test_small_models_have_one_level(tmp_path: Path) -> None:
    subject = with_levels(ball(tmp_path, fine=2))
    assert [len(level.indices) for level in subject.levels] == [320]


def test_nothing_vanishes_from_a_model_of_many_parts(tmp_path: Path) -> None:
    """Nine balls, of which eight are small: pruning would take a car's wheels."""
    large, small = trimesh.creation.icosphere(4), trimesh.creation.icosphere(2)
    model = Model()
    model.node(mesh=model.mesh(large.vertices, large.faces, NORMAL=model.accessor(large.vertices)))
    wheel = model.mesh(small.vertices * 0.1, small.faces, NORMAL=model.accessor(small.vertices))
    for k in range(8):
        model.node(mesh=wheel, translation=[2, 0.5 * k, 0])
    subject = load_model(model.save(tmp_path / "a.glb"), "a/a")
    assert len(subject.levels) > 1
    for level in subject.levels:
        pieces = trimesh.Trimesh(level.positions, level.indices).split(only_watertight=False)
        assert len(pieces) == 9


def test_weld_joins_equal_vertices_and_parts_share_none(tmp_path: Path) -> None:
    mesh = ball(tmp_path, fine=2).levels[0]
    corners = mesh.indices.reshape(-1)
    loose: dict[str, np.ndarray] = {
        name: getattr(mesh, name)[corners]
        for name in ("positions", "normals", "uvs", "colors", "joints", "weights", "coat", "coat_amount")
    }
    apart = replace(mesh, **loose, indices=np.arange(len(corners), dtype=np.uint32).reshape(-1, 3))  # type: ignore[arg-type]
    joined = weld(apart)
    assert len(joined.positions) == 162
    np.testing.assert_array_equal(joined.positions[joined.indices], apart.positions[apart.indices])
    half = replace(
        mesh, parts=(replace(mesh.parts[0], count=480), replace(mesh.parts[0], first=480, count=480, material=1))
    )
    split = weld(half)
    assert not set(split.indices[:160].ravel().tolist()) & set(split.indices[160:].ravel().tolist())


def test_compact_changes_no_triangle(tmp_path: Path) -> None:
    mesh = ball(tmp_path, fine=3, half=True).levels[0]
    small = compact(mesh)
    for part, again in zip(mesh.parts, small.parts, strict=True):
        assert part == again or (part.first, part.count) == (again.first, again.count)
        run = slice(part.first // 3, (part.first + part.count) // 3)
        before = np.sort(mesh.positions[mesh.indices[run]].mean(1), axis=0)
        after = np.sort(small.positions[small.indices[run]].mean(1), axis=0)
        np.testing.assert_allclose(after, before, atol=1e-6)


def test_levels_are_the_same_every_time(tmp_path: Path) -> None:
    assert with_levels(ball(tmp_path)).hash == with_levels(ball(tmp_path)).hash
