"""Every rigged model of other people's, in every clip, has its vertices where pygfx has them."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import KDTree

from diorama.assets.gltf import read_gltf
from diorama.assets.gltf_container import read_container
from tests.assets.glb import Model
from tests.assets.posing import posed
from tests.reference.gltf_peer import Peer

SHARED = Path(__file__).parents[3] / "shared" / "models"


def _animated(path: Path) -> bool:
    try:
        return "animations" in json.loads(read_container(path, path.read_bytes())[0])
    except ValueError:
        return False


RIGGED = [
    path
    for path in sorted(SHARED.rglob("*.gl*"))
    if _animated(path) and path.stem != "shiba_quander_meshopt"  # pygfx knows no meshopt; it equals the decoded one
]


@pytest.mark.skipif(not RIGGED, reason="the shared models are not beside the checkout")
@pytest.mark.parametrize("path", RIGGED, ids=lambda path: path.stem)
def test_vertices_of_all_clips(path: Path) -> None:
    """At a third of each clip, each vertex to 1e-4 of the box."""
    pytest.importorskip("pygfx")
    ours, peer = read_gltf(path, "a/a"), Peer(path)
    worst = 0.0
    assert len(ours.clips) == len(peer.gltf.animations)
    for clip, theirs in enumerate(peer.gltf.animations):
        start, end = (pick([np.ravel(t.times)[k] for t in theirs.tracks]) for pick, k in ((min, 0), (max, -1)))
        frames = len(ours.clips[clip].translation)
        share = (frames // 3) / max(frames - 1, 1)
        a = posed(ours, clip, share)[np.unique(ours.levels[0].indices)]
        b = peer.posed(clip, float(start + share * (end - start)))
        size = np.ptp(b, axis=0).max()
        worst = max(worst, KDTree(a).query(b)[0].max() / size, KDTree(b).query(a)[0].max() / size)
    print(path.stem, len(ours.clips), worst)
    assert worst < 1e-4


def test_vertices_that_follow_eight_joints_each(tmp_path: Path) -> None:
    """Of a chain of 40 that twists. pygfx reads four influences: it gives the joints, the file tells their shares."""
    pytest.importorskip("pygfx")
    rng = np.random.default_rng(6)
    model, count = Model(), 90
    points = np.column_stack([rng.uniform(0, 20, count), rng.normal(0, 0.5, (count, 2))])
    nearest = np.abs(points[:, :1] - np.arange(40) / 2).argsort(axis=1)[:, :8]
    weights = rng.dirichlet(np.full(8, 2.0), count).astype(np.float32)
    sets = {f"JOINTS_{k}": model.accessor(nearest[:, 4 * k : 4 * k + 4], "u1") for k in range(2)}
    sets |= {f"WEIGHTS_{k}": model.accessor(weights[:, 4 * k : 4 * k + 4]) for k in range(2)}
    mesh = model.mesh(
        points, np.arange(count).reshape(-1, 3), NORMAL=model.accessor(np.tile([0, 0, 1.0], (count, 1))), **sets
    )
    bind = np.tile(np.eye(4), (40, 1, 1))
    bind[:, 0, 3] = -np.arange(40) / 2
    chain = [model.node(translation=[0.5 * (k > 0), 0, 0], children=[k + 1] if k < 39 else []) for k in range(40)]
    for node in chain:
        turn = np.concatenate([rng.normal(0, 0.15, 3), [1.0]])
        model.animate(node, "rotation", [0.0, 1.0], [[0, 0, 0, 1], turn / np.linalg.norm(turn)])
    model.node(mesh=mesh, skin=0)
    model.json["nodes"][39].pop("children")
    model.json["scenes"] = [{"nodes": [0, 40]}]
    model.json["scene"] = 0
    model.json["skins"] = [{"joints": chain, "inverseBindMatrices": model.accessor(bind.transpose(0, 2, 1))}]
    path = model.save(tmp_path / "chain.glb")
    ours = read_gltf(path, "a/a")
    frames = len(ours.clips[0].translation)
    share = (2 * frames // 3) / (frames - 1)
    bones = Peer(path).bones(0, share)
    at_rest = np.insert(points, 3, 1.0, axis=1)
    expected = np.einsum("vk,vkij,vj->vi", weights, bones[nearest], at_rest)[:, :3]
    size = np.ptp(expected, axis=0).max()
    assert np.abs(posed(ours, 0, share) - expected).max() < 1e-4 * size
    heaviest = np.where(weights >= np.sort(weights, axis=1)[:, 4:5], weights, 0)
    four = np.einsum("vk,vkij,vj->vi", heaviest / heaviest.sum(1, keepdims=True), bones[nearest], at_rest)[:, :3]
    assert np.abs(four - expected).max() > 1e-2 * size  # the other four do count
