"""Every rigged model of other people's, in every clip, has its vertices where pygfx has them."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import KDTree

from diorama.assets.gltf import read_gltf
from diorama.assets.gltf_container import read_container
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

pytestmark = pytest.mark.skipif(not RIGGED, reason="the shared models are not beside the checkout")


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
