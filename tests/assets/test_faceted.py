"""Levels of detail of models whose every triangle has vertices of its own."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
import trimesh

from diorama.assets.animate import pose
from diorama.assets.gltf import read_gltf
from diorama.assets.models import load_model
from diorama.assets.simplify import SLACK, TRIANGLES, with_levels
from diorama.assets.subject import PROPORTIONS, Mesh, Subject
from diorama.render.renderer import Renderer
from tests.assets.glb import Model
from tests.assets.posing import posed
from tests.assets.reading import png
from tests.reference import scenes

COLORS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255]], np.uint8)


def faceted(model: Model, mesh: trimesh.Trimesh, **attributes: int) -> int:
    """A mesh without shared vertices, each with its triangle's normal."""
    corners = mesh.triangles.reshape(-1, 3)
    attributes["NORMAL"] = model.accessor(np.repeat(mesh.face_normals, 3, axis=0))
    return model.mesh(corners, **attributes)


def cart() -> Model:
    """A body and four wheels, of 102,400 triangles, each thing in a colour of its own from one picture."""
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(COLORS[None].repeat(4, 0).repeat(4, 1)))}]
    model.json["textures"] = [{"source": 0}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    body, wheel = trimesh.creation.icosphere(6), trimesh.creation.icosphere(4)
    body.vertices *= (2, 0.5, 0.8) / np.abs(body.vertices).max(1, keepdims=True) ** 0.7
    things = [(body, (0.0, 1.0, 0.0))]
    wheel.vertices *= (0.4, 0.4, 0.1)
    things += [(wheel, (x, 0.4, z)) for x in (-1.2, 1.2) for z in (-1.0, 1.0)]
    for k, (mesh, place) in enumerate(things):
        uv = model.accessor(np.tile([(k + 0.5) / 5, 0.5], (3 * len(mesh.faces), 1)))
        model.node(mesh=faceted(model, mesh, TEXCOORD_0=uv, material=0), translation=place)
    return model


@pytest.fixture(scope="module")
def reduced(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return load_model(cart().save(tmp_path_factory.mktemp("cart") / "cart.glb"), "a/cart")


def test_there_are_levels_within_their_limits(reduced: Subject) -> None:
    assert len(reduced.levels) == len(TRIANGLES)
    for level, limit in zip(reduced.levels, TRIANGLES, strict=True):
        assert 0.5 * limit < len(level.indices) <= SLACK * limit
        assert len(level.positions) < 1.2 * len(level.indices)  # facets are thrown together: they share vertices


def test_nothing_vanishes_and_each_thing_keeps_its_colour(reduced: Subject) -> None:
    for level in reduced.levels:
        whole = trimesh.Trimesh(level.positions, level.indices, process=False)
        whole.merge_vertices(merge_norm=True, merge_tex=True)
        assert len(whole.split(only_watertight=False)) == 5
        worn = np.floor(level.uvs[:, 0] * 5).astype(int)
        assert (worn[level.indices] == worn[level.indices[:, :1]]).all()
        middle = level.positions[worn == 0].mean(0)
        assert {tuple(np.sign(level.positions[worn == k].mean(0) - middle)[[0, 2]].tolist()) for k in range(1, 5)} == {
            (x, z) for x in (-1, 1) for z in (-1, 1)
        }


@pytest.mark.parametrize("eye", [(2, 1, 2), (0, 0.6, 3), (-3, 0.6, 0.1), (0.5, 2.5, -1)])
def test_the_silhouette_stays(renderer: Renderer, reduced: Subject, eye: tuple[float, float, float]) -> None:
    full = with_all(reduced)
    masks = [mask(renderer, subject, eye) for subject in (full, *map(alone, [reduced] * 3, range(3)))]
    assert masks[0].mean() > 0.04
    for level in masks[1:]:
        assert (level & masks[0]).sum() / (level | masks[0]).sum() > 0.97


@cache
def with_all(subject: Subject) -> Subject:
    """The subject with all triangles there were."""
    with tempfile.TemporaryDirectory() as folder:
        every = read_gltf(cart().save(Path(folder) / "cart.glb"), "a/cart")
    return replace(subject, id="a/all", levels=every.levels, support=np.zeros(0, np.uint32))


def alone(subject: Subject, level: int) -> Subject:
    return replace(subject, id=f"a/{level}", levels=(subject.levels[level],), support=np.zeros(0, np.uint32))


def mask(renderer: Renderer, subject: Subject, eye: tuple[float, float, float]) -> np.ndarray:
    scene = scenes.plain(subject, eye=eye, target=(0, 0.2, 0), size=192)
    scene.palette[0] = pose(subject, np.array([-1]), np.zeros(1), np.ones((1, len(PROPORTIONS))))[0]
    scene.palette[0, :, 1, 3] += 0.3
    scenes.frame_subject(scene)
    ids = renderer.render(scene, ids=True).ids
    assert ids is not None
    seen: np.ndarray = ids[0] == 2
    return seen


def levels_of(model: Model, folder: Path, *limits: int) -> tuple[Mesh, ...]:
    return with_levels(read_gltf(model.save(folder / "model.glb"), "a/a"), limits).levels


def test_hard_edges_stay_hard(tmp_path: Path) -> None:
    """A box of many coplanar triangles: six directions, whatever the level."""
    box = trimesh.creation.box()
    for _ in range(5):
        box = box.subdivide()
    model = Model()
    model.node(mesh=faceted(model, box))
    for level in levels_of(model, tmp_path, 6000, 1000, 100):
        assert len(level.indices) <= 7500
        along = np.sort(np.abs(level.normals), axis=1)
        np.testing.assert_allclose(along, np.tile([0, 0, 1.0], (len(along), 1)), atol=1e-5)
        faces = trimesh.Trimesh(level.positions, level.indices, process=False)
        agree = (faces.face_normals[:, None] * level.normals[level.indices]).sum(2)
        assert (agree > 0.999).all()
        assert faces.volume == pytest.approx(1, abs=1e-5)


def test_fine_facets_become_round(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(5)
    model = Model()
    model.node(mesh=faceted(model, ball))
    for level in levels_of(model, tmp_path, *TRIANGLES):
        agree = (level.normals * level.positions).sum(1)
        assert np.quantile(agree, 0.01) > 0.999  # slivers have sides of their own


def test_each_half_keeps_its_material_and_what_it_follows(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(5)
    above = ball.triangles_center[:, 1] > 0
    model = Model()
    model.json["materials"] = [{"name": "upper"}, {"name": "lower"}]
    model.json["skins"] = [{"joints": [0, 1]}]
    model.node(name="a")
    model.node(name="b", translation=[0, 5, 0])
    for material, faces in enumerate((above, ~above)):
        part = ball.submesh([np.flatnonzero(faces)], append=True)
        count = 3 * len(part.faces)
        height = part.triangles.reshape(-1, 3)[:, 1:2]
        weights = np.concatenate([(1 - height) / 2, (1 + height) / 2, 0 * height, 0 * height], 1)
        skin = {
            "JOINTS_0": model.accessor(np.tile([0, 1, 0, 0], (count, 1)), "u1"),
            "WEIGHTS_0": model.accessor(weights),
        }
        model.node(mesh=faceted(model, part, material=material, **skin), skin=0)
    for level in levels_of(model, tmp_path, *TRIANGLES):
        assert len(level.indices) <= 7500
        share = (level.weights * (level.joints == 1)).sum(1)
        np.testing.assert_allclose(share, (1 + level.positions[:, 1]) / 2, atol=1e-4)
        flat = level.indices.reshape(-1)
        for part in level.parts:
            heights = level.positions[flat[part.first : part.first + part.count]].reshape(-1, 3, 3).mean(1)[:, 1]
            assert ((1 - 2 * part.material) * heights > -0.1).all()


def test_levels_are_the_same_every_time(reduced: Subject, tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(5)
    model = Model()
    model.node(mesh=faceted(model, ball))
    one, two = (levels_of(model, tmp_path, *TRIANGLES) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.positions[a.indices], b.positions[b.indices])
    assert np.ptp(posed(reduced), axis=0).max() == pytest.approx(1, abs=1e-4)


def test_a_heap_of_triangles_without_area_takes_no_longer(tmp_path: Path) -> None:
    """At one place, thousands of which have no direction: none of them is like another."""
    ball, model = trimesh.creation.icosphere(5), Model()
    model.node(mesh=faceted(model, ball))
    here = np.tile(ball.vertices[:1], (60_000, 1))
    different = model.accessor(np.random.default_rng(1).random((60_000, 2)))
    model.node(mesh=model.mesh(here, TEXCOORD_0=different))
    start = perf_counter()
    levels = levels_of(model, tmp_path, *TRIANGLES)
    assert perf_counter() - start < 30
    assert len(levels) == 3


def test_triangles_that_lie_anywhere_in_a_picture_keep_their_colours(tmp_path: Path) -> None:
    """Each of 20,480 has a patch of its own, shuffled: red above the equator, blue below."""
    ball, model, side = trimesh.creation.icosphere(5), Model(), 144
    place = np.random.default_rng(2).permutation(side * side)[: len(ball.faces)]
    above = ball.triangles_center[:, 1] > 0
    picture = np.zeros((side * side, 3), np.uint8)
    picture[place] = np.where(above[:, None], (255, 0, 0), (0, 0, 255))
    picture = picture.reshape(side, side, 3).repeat(3, 0).repeat(3, 1)
    corners = np.stack([place % side, place // side], 1)[:, None] + [[0.1, 0.1], [0.9, 0.1], [0.1, 0.9]]
    model.json["images"] = [{"bufferView": model.view(png(picture))}]
    model.json["textures"] = [{"source": 0}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    uv = model.accessor(corners.reshape(-1, 2) / side)
    model.node(mesh=faceted(model, ball, TEXCOORD_0=uv, material=0))
    (level,) = levels_of(model, tmp_path, 6000)
    assert len(level.indices) <= 7500
    assert (level.uvs[level.indices] == level.uvs[level.indices[:, :1]]).all()
    u, v = (level.uvs[level.indices[:, 0]] * 3 * side).astype(int).T
    heights = level.positions[level.indices].mean(1)[:, 1]
    clear = np.abs(heights) > 0.06
    assert ((picture[v, u, 0] > 0) == (heights > 0))[clear].mean() > 0.99
