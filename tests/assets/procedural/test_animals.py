"""The procedural cats and dogs: sound meshes, sound rigs, feet on the ground, faces in order."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.animate import bounds, pose, skin
from diorama.assets.procedural import SUBJECTS
from diorama.assets.procedural.build import build
from diorama.assets.procedural.cat import SHORTHAIR
from diorama.assets.procedural.cats_mixed import CATS
from diorama.assets.procedural.dog import DACHSHUND, RETRIEVER
from diorama.assets.procedural.head import Clay, head
from diorama.assets.procedural.implicit import Blob, distance, gradient, project
from diorama.assets.procedural.lattice import noise
from diorama.assets.procedural.polygonize import simplify, surface_nets
from diorama.assets.procedural.primitives import Ellipsoid, Limb, rows
from diorama.assets.procedural.quadruped import landmarks
from diorama.assets.procedural.sampling import sample, trace
from diorama.assets.procedural.skeleton import quaternion, rig
from diorama.assets.procedural.turns import swing, turn
from diorama.assets.subject import PROPORTIONS, Mesh, Subject

F64 = NDArray[np.float64]

IDS = [(kind, id) for kind in ("cat", "dog") for id in SUBJECTS[kind]]
SPREAD = [
    *(("cat", f"cat/{name}") for name in ("shorthair", "persian", "sphynx")),
    *(
        ("dog", f"dog/{name}")
        for name in ("labrador", "dachshund", "pug", "greyhound", "chihuahua", "old_english_sheepdog")
    ),
]
"""Builds far apart: flat and long faces, bare and shaggy coats, short and long legs."""
TYPICAL = [("cat", SHORTHAIR.id), ("dog", RETRIEVER.id), ("dog", DACHSHUND.id)]


@cache
def subject(kind: str, id: str) -> Subject:
    return SUBJECTS[kind][id]()


def moved_by(animal: Subject, *stems: str) -> NDArray[np.intp]:
    """Vertices of level 0 that move mainly with the joints of these names."""
    mesh = animal.levels[0]
    main = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(axis=1)]
    wanted = [i for i, name in enumerate(animal.skeleton.names) if name.removesuffix("_l").removesuffix("_r") in stems]
    return np.flatnonzero(np.isin(main, wanted))


def largest_component(mesh: Mesh) -> NDArray[np.int64]:
    """Triangles (T, 3) of the biggest connected run of the fur: the body itself, apart from ears and jaw."""
    fur = mesh.indices[: mesh.parts[0].count // 3].astype(np.int64)
    label = np.arange(len(mesh.positions))
    while True:
        least = label[fur].min(axis=1)
        new = label.copy()
        np.minimum.at(new, fur.reshape(-1), least.repeat(3))
        if (new == label).all():
            break
        label = new[new]
    names, counts = np.unique(label[fur[:, 0]], return_counts=True)
    return np.asarray(fur[label[fur[:, 0]] == names[counts.argmax()]])


@pytest.mark.parametrize(("kind", "id"), IDS)
def test_every_animal_keeps_the_contract(kind: str, id: str) -> None:
    animal = subject(kind, id)
    for mesh, budget in zip(animal.levels, (9000, 5000, 2700, 1200), strict=True):
        assert len(mesh.indices) <= budget
        assert np.abs(mesh.weights.sum(axis=1) - 1).max() < 1e-5
        assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-3
        assert mesh.indices.max() == len(mesh.positions) - 1
        assert sum(part.count for part in mesh.parts) == mesh.indices.size
        assert np.isfinite(mesh.positions).all()
    assert len(animal.coats) >= 1
    assert len({coat.name for coat in animal.coats}) == len(animal.coats)
    assert 30 <= len(animal.skeleton.names) <= 45
    assert (animal.skeleton.parents < np.arange(len(animal.skeleton.names))).all()


@pytest.mark.parametrize(("kind", "id"), SPREAD)
def test_the_body_is_closed_and_seen_from_outside(kind: str, id: str) -> None:
    mesh = subject(kind, id).levels[0]
    faces = largest_component(mesh)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    forward = np.sort(edges[:, 0] * 100_000 + edges[:, 1])
    backward = np.sort(edges[:, 1] * 100_000 + edges[:, 0])
    assert (forward == backward).all()  # every edge is used as often one way as the other: closed
    corner = mesh.positions[faces].astype(np.float64)
    volume = np.einsum("ti,ti->t", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])).sum() / 6
    size = np.prod(np.ptp(corner.reshape(-1, 3), axis=0))
    assert 0.05 * size < volume < 0.6 * size
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    agree = np.einsum("ti,ti->t", face, mesh.normals[faces].sum(axis=1))
    assert (agree > 0).mean() > 0.8  # shading agrees with the winding, but for the sides of locks


@pytest.mark.parametrize(("kind", "id"), TYPICAL)
def test_left_and_right_are_mirror_images(kind: str, id: str) -> None:
    animal = subject(kind, id)
    points = animal.levels[0].positions.astype(np.float64)
    size = float(np.ptp(points, axis=0).max())
    mirrored = points * [-1, 1, 1]
    far = np.array([np.sqrt(((points - p) ** 2).sum(axis=1).min()) for p in mirrored[::7]])
    assert np.quantile(far, 0.95) < 0.03 * size
    assert np.allclose(points[:, 0].max(), -points[:, 0].min(), atol=0.01 * size)
    names = animal.skeleton.names
    places = -np.einsum("jba,jb->ja", animal.skeleton.inverse_bind[:, :3, :3], animal.skeleton.inverse_bind[:, :3, 3])
    for j, name in enumerate(names):
        if name.endswith("_l"):
            other = places[names.index(name[:-2] + "_r")]
            assert places[j] * [-1, 1, 1] == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize(("kind", "id"), SPREAD)
def test_the_face_is_in_order(kind: str, id: str) -> None:
    """Ears and eyes over the muzzle; the muzzle foremost; the animal looks along +Z; left parts lie at +X."""
    animal = subject(kind, id)
    mesh = animal.levels[0]
    part = mesh.parts[1]
    wet = np.unique(mesh.indices.reshape(-1)[part.first : part.first + part.count])
    eyes = mesh.positions[np.intersect1d(wet, moved_by(animal, "head"))]
    muzzle = mesh.positions[moved_by(animal, "muzzle")]
    ears, tail = mesh.positions[moved_by(animal, "ear", "ear_tip")], mesh.positions[moved_by(animal, "hips")]
    assert eyes[:, 1].mean() > muzzle[:, 1].mean()
    assert ears[:, 1].max() > muzzle[:, 1].mean()
    assert muzzle[:, 2].max() > eyes[:, 2].mean() > ears[:, 2].mean() > tail[:, 2].mean()
    left = animal.skeleton.names.index("front_toes_l")
    main = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(axis=1)]
    assert mesh.positions[main == left][:, 0].min() >= 0


@pytest.mark.parametrize(("kind", "id"), TYPICAL)
def test_supporting_vertices_bound_the_pose(kind: str, id: str) -> None:
    animal = subject(kind, id)
    for number in range(len(animal.clips)):
        palette = pose(animal, np.array([number]), np.array([0.3]), np.ones((1, len(PROPORTIONS))))
        lo, hi = bounds(animal, palette)
        positions, _ = skin(animal, palette[0])
        size = float(np.ptp(positions, axis=0).max())
        assert np.abs(lo[0] - positions.min(axis=0)).max() < 0.015 * size
        assert np.abs(hi[0] - positions.max(axis=0)).max() < 0.015 * size


@pytest.mark.parametrize(("kind", "id"), TYPICAL)
@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_no_proportion_tears_the_skin(kind: str, id: str, factor: float) -> None:
    animal = subject(kind, id)
    faces = largest_component(animal.levels[0])
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    rest = np.linalg.norm(np.diff(animal.levels[0].positions[edges], axis=1), axis=2).reshape(-1)
    for i in range(len(PROPORTIONS)):
        values = np.ones((1, len(PROPORTIONS)))
        values[0, i] = factor
        palette = pose(animal, np.array([-1]), np.zeros(1), values)[0]
        positions, _ = skin(animal, palette)
        now = np.linalg.norm(np.diff(positions[edges], axis=1), axis=2).reshape(-1)
        assert (now - max(1.0, factor) * rest).max() < 0.06 * animal.levels[0].positions[:, 1].max()


def test_a_build_is_the_same_twice_and_follows_its_measures() -> None:
    first, again = build(SHORTHAIR, ()), build(SHORTHAIR, ())
    assert first.hash == again.hash
    taller = build(replace(SHORTHAIR, height=0.3), ())
    assert taller.hash != first.hash
    ratio = np.ptp(taller.levels[0].positions[:, 1]) / np.ptp(first.levels[0].positions[:, 1])
    assert ratio == pytest.approx(0.3 / SHORTHAIR.height, rel=0.02)


def test_surface_nets_of_a_sphere() -> None:
    blobs = [Blob(Ellipsoid(np.zeros(3), np.ones(3)), 0.0, (("a", 0.0),))]
    axis = np.linspace(-1.3, 1.3, 41)
    coarse = np.concatenate([axis[:20], axis[20::2]])  # spacing may change along an axis
    vertices, triangles = surface_nets(sample(blobs, (axis, coarse, axis)), (axis, coarse, axis))
    assert np.abs(np.linalg.norm(vertices, axis=1) - 1).max() < 0.02
    corner = vertices[triangles]
    volume = np.einsum("ti,ti->t", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])).sum() / 6
    assert volume == pytest.approx(4 / 3 * np.pi, rel=0.02)
    exact = project(blobs, vertices, 0.05)
    assert np.abs(np.linalg.norm(exact, axis=1) - 1).max() < 1e-3
    assert np.abs(gradient(blobs, exact, 0.01) - exact).max() < 5e-3
    few = simplify(vertices, triangles, 300, vertices * 0.1)
    assert 200 <= len(few) <= 300
    edges = np.concatenate([few[:, [0, 1]], few[:, [1, 2]], few[:, [2, 0]]]).astype(np.int64)
    assert (np.sort(edges @ [10**6, 1]) == np.sort(edges @ [1, 10**6])).all()


def test_rays_stop_at_the_skin() -> None:
    blobs = [Blob(Ellipsoid(np.zeros(3), np.ones(3)), 0.0, (("a", 0.0),))]
    origins = np.array([[0.0, 0.0, -2.0], [0.6, 0.0, -2.0], [1.5, 0.0, -2.0], [0.0, 0.0, -0.5]])
    met = trace(blobs, origins, np.array([0.0, 0.0, 1.0]), 3.0)
    expected = [-1.0, -0.8, 1.0, -0.5]  # hits twice, misses, begins inside
    assert met[:, 2] == pytest.approx(expected, abs=1e-3)
    assert met[:, :2] == pytest.approx(origins[:, :2])


def test_sampling_by_blocks_agrees_with_the_distance() -> None:
    """Near the surface the grid holds distances, and everywhere the right sign, cuts and locks included."""
    blobs = [
        Blob(Ellipsoid(np.zeros(3), np.array([0.5, 0.3, 0.4])), 0.0, (("a", 0.0),), tousle=0.03, lock=0.1),
        Blob(Limb(np.zeros(3), np.array([0.0, 0.6, 0.5]), 0.12, 0.05), 0.1, (("a", 0.0),)),
        Blob(Ellipsoid(np.array([0.35, 0.2, 0.2]), np.full(3, 0.15)), 0.05, (("a", 0.0),), cut=True),
    ]
    axis = np.linspace(-0.9, 0.9, 61)
    grid = sample(blobs, (axis, axis, axis))
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    exact = distance(blobs, points).reshape(grid.shape)
    assert ((grid < 0) == (exact < 0))[np.abs(exact) > 1e-6].all()
    near = np.abs(exact) < 0.04
    assert near.sum() > 5000
    assert np.abs(grid - exact)[near].max() < 1e-4


def test_a_limb_has_its_radii() -> None:
    limb = Limb(np.zeros(3), np.array([0.0, 2.0, 0.0]), 0.5, 0.25)
    probes = np.array([[0.5, 0, 0], [0, 2.25, 0], [0.375, 1, 0], [0, -0.5, 0]])
    assert limb.distance(rows(probes)) == pytest.approx(np.zeros(4), abs=1e-6)
    lo, hi = limb.bounds()
    assert (lo <= [-0.5, -0.5, -0.5]).all()
    assert (hi >= [0.5, 2.25, 0.5]).all()


def test_noise_is_smooth_and_spread() -> None:
    line = np.stack([np.linspace(-20, 20, 4001), np.full(4001, 0.3), np.full(4001, -7.2)], axis=1)
    values = noise(line, 3)
    assert 0 <= values.min() < 0.15
    assert 0.85 < values.max() <= 1
    assert np.abs(np.diff(values)).max() < 0.03
    assert not np.allclose(values, noise(line, 4))


def test_turns_and_quaternions_agree() -> None:
    pitch = turn(90.0)
    assert pitch @ np.array([0, 0, 1]) == pytest.approx([0, -1, 0], abs=1e-12)  # the nose goes down
    assert turn(0.0, 90.0) @ np.array([0, 0, 1]) == pytest.approx([1, 0, 0], abs=1e-12)  # to the left
    assert turn(0.0, 0.0, 90.0) @ np.array([1, 0, 0]) == pytest.approx([0, -1, 0], abs=1e-12)  # left side down
    assert quaternion(pitch) == pytest.approx([np.sqrt(0.5), 0, 0, np.sqrt(0.5)], abs=1e-9)
    a, b = np.array([[1.0, 0, 0]]), np.array([[0.6, 0.8, 0]])
    assert np.einsum("fij,fj->fi", swing(a, b), a) == pytest.approx(b)


def test_the_rest_pose_is_the_bind_pose() -> None:
    skeleton = rig(landmarks(RETRIEVER)).skeleton
    assert skeleton.names[0] == "root"
    animal = subject("dog", RETRIEVER.id)
    palette = pose(animal, np.array([-1]), np.zeros(1), np.ones((1, len(PROPORTIONS))))[0]
    assert palette == pytest.approx(np.tile(np.eye(4)[:3], (len(palette), 1, 1)), abs=1e-5)


@pytest.mark.parametrize("id", sorted(CATS))
def test_the_muzzle_is_solid(id: str) -> None:
    """From the lips to the bridge of the nose, from the eyes nearly to the nose, on the middle plane and beside it."""
    a = CATS[id].args[0]  # type: ignore[attr-defined]
    points, h = landmarks(a), a.head
    clay, body = Clay(a, points), head(a, points)
    front = h.skull_length + h.muzzle_length
    for share in np.linspace(0, 1, 6):
        z = (1 - share) * 0.8 * h.skull_length + share * (front - 0.14)
        bridge = (1 - share) * (h.eye_y - 0.04) + share * (h.nose_y + 0.01)
        places = np.array([clay.at((x, y, z)) for x in (0, 0.03) for y in np.linspace(h.nose_y - 0.08, bridge, 7)])
        assert distance(body, places).max() < 0
