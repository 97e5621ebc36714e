"""Eight influences on the device: vertices are drawn where NumPy has them."""

from dataclasses import replace
from typing import Any

import numpy as np

from diorama.assets.subject import Subject
from diorama.render.renderer import Renderer
from tests.reference import scenes
from tests.reference.rigs import tube, turned


def eightfold() -> Subject:
    """The tube, each of whose vertices follows eight of twelve joints."""
    rng = np.random.default_rng(4)
    subject = tube()
    mesh, skeleton = subject.levels[0], subject.skeleton
    count = len(mesh.positions)
    weights = np.sort(rng.dirichlet(np.ones(8), count), axis=1)[:, ::-1].astype(np.float32)
    joints = np.stack([rng.permutation(12)[:8] for _ in range(count)]).astype(np.uint16)
    many: dict[str, Any] = {
        "names": tuple(f"joint{k}" for k in range(12)),
        "parents": np.full(12, -1, np.int32),
        **{name: np.repeat(getattr(skeleton, name)[:1], 12, axis=0) for name in ("translation", "rotation", "scale")},
        **{name: np.repeat(getattr(skeleton, name)[:1], 12, axis=0) for name in ("inverse_bind", "across")},
        "proportion": np.full(12, -1, np.int32),
    }
    return replace(subject, levels=(replace(mesh, joints=joints, weights=weights),), skeleton=replace(skeleton, **many))


def test_all_eight_joints_move_a_vertex(renderer: Renderer) -> None:
    subject = eightfold()
    scene = scenes.plain(subject, size=96)
    rng = np.random.default_rng(5)
    scene.palette[0] = [turned(rng.normal(0, 0.2, 3).tolist(), rng.normal(0, 0.2, 3), 1.0) for _ in range(12)]
    scenes.frame_subject(scene)
    mesh = subject.levels[0]
    blended = np.einsum("vk,vkij->vij", mesh.weights.astype(float), scene.palette[0][mesh.joints].astype(float))
    cofactors = np.stack([np.cross(blended[:, i - 2, :3], blended[:, i - 1, :3]) for i in range(3)], 1)
    normals = np.einsum("vij,vj->vi", cofactors, mesh.normals)
    one = np.tile(np.array([1, 0, 0, 0], np.float32), (len(mesh.positions), 1))
    baked = replace(
        mesh,
        positions=(np.einsum("vij,vj->vi", blended[..., :3], mesh.positions) + blended[..., 3]).astype(np.float32),
        normals=(normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype(np.float32),
        joints=np.zeros((len(one), 4), np.uint16),
        weights=one,
    )
    still = scenes.plain(replace(subject, id="baked", levels=(baked,)), size=96)
    still.center, still.radius = scene.center, scene.radius
    a, b = (renderer.render(each, ids=True, depth=True) for each in (scene, still))
    assert a.ids is not None
    assert b.ids is not None
    assert a.depth is not None
    assert b.depth is not None
    assert (a.ids == 2).mean() > 0.05
    assert (a.ids != b.ids).mean() < 2e-3
    both = np.isfinite(a.depth) & np.isfinite(b.depth)
    assert (np.abs(a.depth[both] - b.depth[both]) > 1e-3).mean() < 2e-3
