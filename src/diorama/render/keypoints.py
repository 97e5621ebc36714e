"""Where the keypoints of a batch appear, and which of them are seen.

A keypoint is *seen* (2) where nothing lies in front of it, *hidden* (1) where something does, and *outside* (0) where
it does not fall into the image, or the subject has no such thing. What lies in front is read off the depth and the ids
of the pixel that it falls into:

- an obstructor or a backdrop hides it as soon as it is nearer;
- the subject itself hides it where its surface is nearer by more than the keypoint lies under the skin: by more than
  DEEP times its distance from the nearest vertex, which allows for rays that enter aslant, plus CLOSE of the subject's
  radius, and the length of the hair where that is drawn. So an elbow is seen from its own side, and the eye, but not
  through the body or the head.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.keypoints import keypoints
from diorama.render.frames import OBJECT, Frames
from diorama.scene.batch import SceneBatch

OUTSIDE, HIDDEN, SEEN = 0, 1, 2
"""Values of `Located.visible`, those of COCO."""

DEEP, CLOSE = 2.0, 0.02
"""See above."""


@dataclass(frozen=True, eq=False)
class Located:
    """The K keypoints of one image."""

    names: tuple[str, ...]
    xy: NDArray[np.float32]  # (K, 2) pixels from the upper left corner; zeros outside the image
    visible: NDArray[np.int8]  # (K,) OUTSIDE, HIDDEN or SEEN
    world: NDArray[np.float32]  # (K, 3) metres; NaN where the subject has no such thing


def project(scene: SceneBatch, images: NDArray[np.integer], points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Where points of the world appear.

    Args:
        scene: The scenes.
        images: (n,) which of them.
        points: (n, K, 3) in the world of each, metres.

    Returns:
        (n, K, 3) x and y in pixels from the upper left corner of the image, and depth in metres. What is not before the
        camera has no place.
    """
    view = scene.view[images].astype(np.float64)
    seen = np.einsum("nrc,nkc->nkr", view[:, :, :3], points) + view[:, None, :, 3]
    depth, half = -seen[..., 2], scene.size / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = half / exact.tan(scene.fov[images].astype(np.float64) / 2)[:, None] / depth
        return np.stack([half + scale * seen[..., 0], half - scale * seen[..., 1], depth], axis=-1)


def locate(scene: SceneBatch, frames: Frames) -> list[Located]:
    """The keypoints of each image.

    Args:
        scene: The scenes.
        frames: Their frames, with ids and depth.
    """
    assert frames.ids is not None
    assert frames.depth is not None
    found: dict[int, Located] = {}
    for k, subject in enumerate(scene.subjects):
        images = np.flatnonzero(scene.subject == k)
        if not len(images):
            continue
        points = keypoints(subject)
        world, deep = points.posed(scene.palette[images])
        place = project(scene, images, world)
        hair = max((m.hair_length for m in subject.materials if m.fur > 0), default=0.0) if scene.hair else 0.0
        slack = DEEP * deep + CLOSE * scene.radius[images, None] + hair
        visible = _visible(scene, frames.ids[images], frames.depth[images], images, place, slack)
        xy = np.where(visible[..., None] == OUTSIDE, 0, place[..., :2]).astype(np.float32)
        for row, image in enumerate(images.tolist()):
            found[image] = Located(points.names, xy[row], visible[row], world[row].astype(np.float32))
    return [found[image] for image in range(len(scene))]


def columns(located: list[Located]) -> dict[str, list[NDArray[Any]]]:
    """The lists of the labels' columns, an entry per image."""
    return {
        "keypoints.name": [np.array(one.names) for one in located],
        "keypoints.x": [one.xy[:, 0] for one in located],
        "keypoints.y": [one.xy[:, 1] for one in located],
        "keypoints.visible": [one.visible for one in located],
        **{f"keypoints.world_{axis}": [one.world[:, k] for one in located] for k, axis in enumerate("xyz")},
    }


def _visible(
    scene: SceneBatch,
    ids: NDArray[np.uint8],
    depth: NDArray[np.float32],
    images: NDArray[np.integer],
    place: NDArray[np.float64],
    slack: NDArray[np.float64],
) -> NDArray[np.int8]:
    """(n, K) of keypoints at `place` (n, K, 3), which the subject hides if it is nearer by more than `slack` (n, K)."""
    with np.errstate(invalid="ignore"):
        within = (place[..., :2] >= 0).all(axis=-1) & (place[..., :2] < scene.size).all(axis=-1)
        inside = within & (place[..., 2] > scene.near[images, None])  # also False for NaN
    x, y = (np.where(inside, place[..., k], 0).astype(np.int64) for k in (0, 1))
    row = np.arange(len(images))[:, None]
    other = ids[row, y, x] >= OBJECT
    hidden = depth[row, y, x] < np.where(inside, place[..., 2], 0) - np.where(other, 0, slack)
    return np.where(inside, np.where(hidden, HIDDEN, SEEN), OUTSIDE).astype(np.int8)
