"""Which part of an animal each of its pixels shows: head, body, legs or tail, exactly, from the posed mesh.

A pixel of the subject is put back into the world by its depth; it shows the part whose joint moves the mesh's nearest
vertex most. Whatever is hidden by an obstructor or by the animal itself is therefore never counted.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import animate
from diorama.assets.proportions import named_groups
from diorama.assets.subject import PROPORTIONS, Skeleton, Subject
from diorama.render.frames import SUBJECT, Frames
from diorama.scene.batch import SceneBatch

PARTS = ("head", "body", "legs", "tail")
"""The parts that are told apart; the neck belongs to the body."""

_PART_OF = {"head": 0, "ears": 0, "muzzle": 0, "neck": 1, "body": 1, "legs": 2, "tail": 3}


def parts(scene: SceneBatch, frames: Frames) -> NDArray[np.uint8]:
    """(B, S, S) uint8: 1 + index into PARTS; 0 off the subject, and all over one that names no parts (a bicycle).

    Args:
        scene: The scenes.
        frames: Their frames, with ids and depth.
    """
    from scipy.spatial import cKDTree

    assert frames.ids is not None
    assert frames.depth is not None
    found = np.zeros(frames.ids.shape, np.uint8)
    for image in range(len(scene)):
        subject = scene.subjects[scene.subject[image]]
        of_vertex = vertex_parts(subject)
        seen = frames.ids[image] == SUBJECT
        if of_vertex is None or not seen.any():
            continue
        morphs = None if scene.morphs is None else scene.morphs[image, : subject.morphs]
        posed, _ = animate.skin(subject, scene.palette[image], morphs=morphs)
        _, nearest = cKDTree(posed).query(world(scene, image, seen, frames.depth[image][seen]))
        found[image][seen] = 1 + of_vertex[nearest]
    return found


def world(scene: SceneBatch, image: int, where: NDArray[np.bool_], depth: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, 3) world positions of pixels.

    Args:
        scene: The scenes.
        image: Which of them.
        where: (S, S) the pixels, n of them.
        depth: (n,) metres along the camera's axis.
    """
    y, x = np.nonzero(where)
    half = np.tan(scene.fov[image] / 2)
    right = ((x + 0.5) / scene.size * 2 - 1) * half
    up = (1 - (y + 0.5) / scene.size * 2) * half
    camera = np.stack([right, up, -np.ones(len(x))], axis=1) * depth[:, None]
    view = scene.view[image].astype(np.float64)
    return np.asarray((camera - view[:, 3]) @ view[:, :3])  # the inverse of a rotation is its transpose


def joint_parts(skeleton: Skeleton) -> NDArray[np.int64] | None:
    """(J,) index into PARTS of each joint; None where no joint is known to be a head's.

    A joint that belongs to no group belongs to the part of the one that it hangs from; the root is body.
    """
    named = named_groups(skeleton.names)
    found = np.ones(len(skeleton.names), np.int64)
    for joint, parent in enumerate(skeleton.parents.tolist()):  # parents come first
        group = PROPORTIONS[skeleton.proportion[joint]] if skeleton.proportion[joint] >= 0 else named[joint]
        found[joint] = _PART_OF[group] if group else found[parent] if parent >= 0 else 1
    return found if (found == 0).any() else None


def vertex_parts(subject: Subject) -> NDArray[np.uint8] | None:
    """(V,) index into PARTS of each vertex of the finest level, by the joint that moves it most; None as above."""
    of_joint = joint_parts(subject.skeleton)
    if of_joint is None:
        return None
    mesh = subject.levels[0]
    most = np.take_along_axis(mesh.joints, mesh.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    return of_joint[most].astype(np.uint8)
