"""Real models from many exporters, where they are at hand: they load, stand and are right side out."""

from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial import KDTree

from diorama.assets.animate import bounds, pose, skin
from diorama.assets.gltf import read_gltf
from diorama.assets.models import load_model
from diorama.assets.subject import PROPORTIONS
from diorama.errors import AssetError
from tests.assets.posing import posed
from tests.reference.gltf_pose import Reference

SHARED = Path(__file__).parents[3] / "shared" / "models"
USABLE = [
    path
    for folder in ("cat", "dog", "bike", "car", "other_animals", "other_vehicles")
    for path in sorted((SHARED / folder).glob("*.gl*"))
]
CONFORMANCE = sorted((SHARED / "conformance").rglob("*.gl*"))
FBX = [path for path in sorted(SHARED.glob("*/*.fbx")) if path.parent.name != "conformance"]
UNUSABLE = {
    "BoxWithInfinites": "finite",
    "AllIndicesOutOfRange": "65535",
    "IndexOutOfRange": "255",
    **{f"Mesh_PrimitiveMode_0{mode}": "no triangles" for mode in (0, 1, 2, 3, 7)},
    "BoxTextured-glTF-techniqueWebGL": "KHR_technique_webgl",
    "MissingBin": "BoxTextured0.bin",
    "NoScene": "no triangles",
    "SceneWithoutNodes": "no triangles",
}
"""Conformance models, or their folders, that cannot be shown, and a word of the reason."""

pytestmark = pytest.mark.skipif(not USABLE, reason="the shared models are not beside the checkout")


@pytest.mark.parametrize("path", USABLE, ids=lambda path: path.stem)
def test_model_is_sound(path: Path) -> None:
    subject = load_model(path, f"{path.parent.name}/{path.stem}")
    clips = np.array([subject.rest_clip, *range(len(subject.clips))])
    matrices = pose(subject, clips, np.full(len(clips), 0.37), np.ones((len(clips), len(PROPORTIONS))))
    matrices[0] = pose(subject, clips[:1], np.zeros(1), np.ones((1, len(PROPORTIONS))))[0]
    low, high = bounds(subject, matrices)
    for k in range(len(clips)):
        vertices, normals = skin(subject, matrices[k])
        size = np.ptp(vertices, axis=0).max()
        np.testing.assert_allclose(low[k], vertices.min(0), atol=0.01 * size)
        np.testing.assert_allclose(high[k], vertices.max(0), atol=0.01 * size)
        assert 0.4 < size < 3
        np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-3)
    assert np.ptp(posed(subject, subject.rest_clip), axis=0).max() == pytest.approx(1, abs=0.002)
    assert len(subject.levels[0].indices) <= 6000
    for level in range(len(subject.levels)):
        vertices, normals = skin(subject, matrices[0], level)
        triangles = subject.levels[level].indices
        a, b, c = (vertices[triangles[:, k]] for k in range(3))
        faces = np.cross(b - a, c - a)
        agree = (faces * normals[triangles].mean(1)).sum(1)
        areas = np.linalg.norm(faces, axis=1)
        assert areas[agree > 0].sum() > 0.9 * areas.sum()


@pytest.mark.parametrize(
    "path",
    [p for p in USABLE if p.parent.name in ("bike", "car") or p.stem in ("pmndrs_dog",)],
    ids=lambda path: path.stem,
)
def test_static_models_equal_trimesh(path: Path) -> None:
    ours = read_gltf(path, "a/a")
    triangles = posed(ours)[ours.levels[0].indices].reshape(-1, 3)
    peer = trimesh.load_scene(path).to_geometry()
    assert isinstance(peer, trimesh.Trimesh)
    assert len(ours.levels[0].indices) == pytest.approx(len(peer.faces), abs=0.01 * len(peer.faces))
    np.testing.assert_allclose([triangles.min(0), triangles.max(0)], peer.bounds, atol=1e-4 * peer.scale)
    centre = peer.triangles_center.mean(0)
    np.testing.assert_allclose(triangles.mean(0), centre, atol=0.01 * peer.scale)


RIGGED = [
    "cat/toon_cat_free",
    "dog/quaternius_Husky",
    "other_animals/Fox_khronos_with_normals",
    "conformance/RiggedSimple",
]


@pytest.mark.parametrize("name", RIGGED)
def test_posed_vertices_equal_a_separate_reading_of_the_standard(name: str) -> None:
    """In the middle of the first and the last clip, every vertex to 1e-4 of the box."""
    path = SHARED / f"{name}.glb"
    ours, reference = read_gltf(path, "a/a"), Reference(path)
    for clip in sorted({0, len(ours.clips) - 1}):
        frames = len(ours.clips[clip].translation)
        share = (frames // 3) / max(frames - 1, 1)
        keys = [reference.values(s["input"]) for s in reference.json["animations"][clip]["samplers"]]
        start, end = min(min(times)[0] for times in keys), max(max(times)[0] for times in keys)
        theirs = reference.posed(clip, start + share * (end - start))
        mesh = ours.levels[0]
        skinned = posed(ours, clip, share)[np.unique(mesh.indices)]
        size = np.ptp(theirs, axis=0).max()
        assert KDTree(theirs).query(skinned)[0].max() < 1e-4 * size
        assert KDTree(skinned).query(theirs)[0].max() < 1e-4 * size


def test_meshopt_compression_changes_nothing_that_is_seen() -> None:
    packed, plain = (read_gltf(SHARED / "dog" / f"shiba_quander_{kind}.glb", "a/a") for kind in ("meshopt", "decoded"))
    assert len(packed.levels[0].indices) == len(plain.levels[0].indices)
    for clip in range(-1, len(plain.clips)):
        ours, theirs = (posed(subject, clip, 0.4) for subject in (packed, plain))
        size = np.ptp(theirs, axis=0).max()
        np.testing.assert_allclose([ours.min(0), ours.max(0)], [theirs.min(0), theirs.max(0)], atol=2e-3 * size)


@pytest.mark.parametrize("path", [p for p in FBX if p.with_suffix(".fromfbx.glb").exists()], ids=lambda path: path.stem)
def test_fbx_equals_what_another_reader_made_of_it(path: Path) -> None:
    """FBX2glTF's conversions: where the posed model's corners lie, on all sides, in every clip."""
    ours, peer = load_model(path, "a/a"), load_model(path.with_suffix(".fromfbx.glb"), "a/a")
    assert len(ours.levels[0].indices) == pytest.approx(len(peer.levels[0].indices), abs=10)
    assert [clip.name for clip in ours.clips] == [clip.name for clip in peer.clips]
    for clip in range(len(ours.clips)) if ours.clips else [-1]:
        for time in (0.0, 0.37, 1.0):
            a, b = (posed(subject, clip, time)[subject.levels[0].indices].reshape(-1, 3) for subject in (ours, peer))
            np.testing.assert_allclose([a.min(0), a.max(0)], [b.min(0), b.max(0)], atol=1e-4)
            np.testing.assert_allclose(a.mean(0), b.mean(0), atol=0.005)


@pytest.mark.parametrize(
    "path", sorted((SHARED / "conformance" / "fbx").iterdir()) if USABLE else [], ids=lambda p: p.stem
)
def test_conformance_fbx_loads_or_says_why(path: Path) -> None:
    if path.stem == "transparentTest":  # its bytes went through a text editor
        with pytest.raises(AssetError, match="cannot be read"):
            load_model(path, "a/a")
    else:
        assert np.isfinite(posed(load_model(path, "a/a"))).all()


@pytest.mark.parametrize("path", CONFORMANCE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_conformance_model_loads_or_says_why(path: Path) -> None:
    word = UNUSABLE.get(path.stem) or UNUSABLE.get(path.parent.name)
    if word:
        with pytest.raises(AssetError) as caught:
            load_model(path, "a/a")
        assert caught.value.where.startswith(path.name)
        assert word in str(caught.value)
    else:
        assert np.isfinite(posed(load_model(path, "a/a"))).all()
