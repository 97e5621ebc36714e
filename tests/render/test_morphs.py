"""Morph targets on the device: what they move is drawn where it is, with the normals that it then has."""

from dataclasses import replace

import numpy as np

from diorama.assets.subject import F32, Subject
from diorama.render.renderer import Renderer
from tests.reference import scenes
from tests.reference.rigs import tube

WEIGHTS = np.array([[0.0, 0.0, 0.7, 0.0, 0.0], [0.5, 0.0, -0.3, 0.0, 0.9], [0.0, 0.0, 0.0, 0.0, 0.0]], np.float32)
"""Of five targets, more than fit one row of the palette."""


def morphing(subject: Subject) -> Subject:
    """The subject with five targets that move every vertex elsewhere."""
    rng = np.random.default_rng(3)
    mesh = subject.levels[0]
    offsets = rng.normal(0, 0.1, (len(mesh.positions), 5, 6)).astype(np.float32)
    return replace(subject, levels=(replace(mesh, morphs=offsets),))


def baked(subject: Subject, weights: F32) -> Subject:
    """The subject as the targets shape it."""
    mesh = subject.levels[0]
    assert mesh.morphs is not None
    added = np.einsum("vtc,t->vc", mesh.morphs, weights)
    normals = mesh.normals + added[:, 3:]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    shaped = replace(mesh, positions=mesh.positions + added[:, :3], normals=normals, morphs=None)
    return replace(subject, id=f"{subject.id} {weights}", levels=(shaped,))


def test_a_morphed_subject_looks_like_one_of_that_shape(renderer: Renderer) -> None:
    subject = morphing(tube())
    one = scenes.plain(subject, size=96)
    batch = scenes.take(one, [0, 0, 0])
    batch.morphs = WEIGHTS
    drawn = renderer.render(batch, ids=True, depth=True)
    for k, weights in enumerate(WEIGHTS):
        alone = scenes.plain(baked(subject, weights), size=96)
        alone.palette, alone.center, alone.radius = one.palette, one.center, one.radius
        expected = renderer.render(alone, ids=True, depth=True)
        assert drawn.ids is not None
        assert expected.ids is not None
        assert drawn.depth is not None
        assert expected.depth is not None
        assert (drawn.ids[k] != expected.ids[0]).mean() < 1e-3
        both = np.isfinite(drawn.depth[k]) & np.isfinite(expected.depth[0])
        assert (np.abs(drawn.depth[k][both] - expected.depth[0][both]) > 1e-4).mean() < 1e-3
        assert (np.abs(drawn.rgba[k].astype(int) - expected.rgba[0]).max(2) > 2).mean() < 2e-3
    assert drawn.ids is not None
    assert (drawn.ids[0] != drawn.ids[2]).mean() > 0.01  # they do move it
