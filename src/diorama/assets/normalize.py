"""Brings a model of any size and place to a metre: its frame, its default pose and the points that bound it."""

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diorama.assets.animate import pose, shape
from diorama.assets.subject import F32, PROPORTIONS, U32, Subject
from diorama.errors import AssetError

MAX_SUPPORT = 160
"""Points that stand for the whole mesh when a pose is grounded and framed."""

SAMPLED_FRAMES = 96
"""Poses over all clips in which the support must bound the mesh."""

TOLERANCE = 0.003
"""How far, as a share of the size, the mesh may reach beyond its support in a sampled pose."""

_STANDING = re.compile(r"idle|stand|rest\b|bind|tpose|t-pose|static", re.IGNORECASE)
_FALLEN = re.compile(r"death|dead|die|dying|faint|sleep|roll|lay|lie|sit", re.IGNORECASE)

AXES = np.array([s * np.eye(3)[i] for i in range(3) for s in (1, -1)])
DIRECTIONS: F32 = np.array(
    [*AXES, *((x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if abs(x) + abs(y) + abs(z) > 1)],
    np.float32,
)
DIRECTIONS /= np.linalg.norm(DIRECTIONS, axis=1, keepdims=True)
"""(26, 3) the axes of a cube first, then its edges and corners."""


def normalize(subject: Subject, longest: float | None = 1.0) -> Subject:
    """The subject with frame, rest clip and support set.

    Args:
        subject: The subject; its frame may hold a rotation (which way is up and forward), and is extended.
        longest: Metres of the longest side of its bounding box in the default pose. None keeps its frame, for models
            that are made in metres.

    Raises:
        AssetError: Where the posed mesh has no extent or is not finite.
    """
    subject = replace(subject, rest_clip=rest_clip(subject))
    if longest is not None:
        low, high = _box(_posed(subject, np.array([subject.rest_clip]), np.zeros(1))[:, 0].T)
        size = float((high - low).max())
        if not np.isfinite(size) or size < 1e-9 or size > 1e9:
            mend = "Check the model's scale and its joints' inverse bind matrices"
            raise AssetError(subject.id, f"the posed model measures {size:g} units", mend)
        # About the middle of the rest pose: numbers stay small wherever the model lay.
        shift = np.eye(4)
        shift[:3, 3] = -(low + high) / 2
        scale = np.diag([longest / size] * 3 + [1.0])
        subject = replace(subject, frame=(scale @ shift @ subject.frame.astype(np.float64)).astype(np.float32))
    return replace(subject, support=support(subject))


def rest_clip(subject: Subject) -> int:
    """The clip that shows the subject at ease: one named idle or stand, else the first in which it keeps its feet."""
    names = [clip.name for clip in subject.clips]
    standing = [k for k, name in enumerate(names) if _STANDING.search(name)]
    if standing:
        return min(standing, key=lambda k: (len(names[k]), k))  # "Idle" before "Idle_HitReact"
    upright = [k for k, name in enumerate(names) if not _FALLEN.search(name)]
    return upright[0] if upright else -1


def support(subject: Subject, among: U32 | None = None) -> U32:
    """Vertices of level 0 that bound the whole mesh in every clip, at most MAX_SUPPORT; chosen `among` some if given.

    Greedy: of all sampled poses and directions, the one in which the chosen vertices fall shortest gives the next
    vertex. The six axes count for more than the other directions, since boxes and the ground are along them.
    """
    clip, time = _samples(subject)
    posed = _posed(subject, clip, time, among)  # (3, F, V)
    reach = np.empty((posed.shape[1], len(DIRECTIONS), posed.shape[2]), np.float32)
    for k, way in enumerate(DIRECTIONS[:, :, None, None]):
        np.add.reduce(way * posed, axis=0, out=reach[:, k])
    furthest = reach.max(2)
    size = np.ptp(posed, axis=2).max(0)
    scale = np.maximum(size, 1e-12)[:, None] * np.where(np.arange(len(DIRECTIONS)) < len(AXES), 1.0, 3.0)
    got = np.full_like(furthest, -np.inf)
    chosen: list[int] = []
    while len(chosen) < min(MAX_SUPPORT, posed.shape[2]):
        lack = (furthest - got) / scale
        frame, direction = np.unravel_index(int(lack.argmax()), lack.shape)
        if lack[frame, direction] <= TOLERANCE:
            break
        vertex = int(reach[frame, direction].argmax())
        chosen.append(vertex)
        got = np.maximum(got, reach[:, :, vertex])
    found = np.array(sorted(set(chosen)), np.uint32)
    return found if among is None else among[found]


def _samples(subject: Subject) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Clips and times spread over all frames of all clips, the default pose first."""
    counts = np.array([len(clip.translation) for clip in subject.clips], np.int64)
    clip, time = [np.array([subject.rest_clip, -1])], [np.zeros(2)]
    share = max(min(1.0, SAMPLED_FRAMES / max(int(counts.sum()), 1)), 0.0)
    for k, count in enumerate(counts.tolist()):
        wanted = max(round(count * share), 2)
        clip.append(np.full(wanted, k))
        time.append(np.linspace(0.0, 1.0, wanted))
    return np.concatenate(clip), np.concatenate(time)


def _posed(subject: Subject, clip: NDArray[np.int64], time: NDArray[np.float64], among: U32 | None = None) -> F32:
    """(3, F, V) positions of level 0, or of the vertices `among` it, in the subject frame."""
    mesh = subject.levels[0]
    rows = slice(None) if among is None else among
    positions, joints, weights = mesh.positions[rows], mesh.joints[rows], mesh.weights[rows]
    palettes = pose(subject, clip, time, np.ones((len(clip), len(PROPORTIONS))))
    matrices = np.ascontiguousarray(palettes.transpose(2, 3, 0, 1))  # (3, 4, F, J)
    places: list[F32] = [positions[:, i][None] for i in range(3)]  # (1, V), or (F, V) where they change shape
    if mesh.morphs is not None:
        added = np.einsum("vtc,ft->cfv", mesh.morphs[rows, :, :3], shape(subject, clip, time))
        places = [place + more for place, more in zip(places, added, strict=True)]
    posed = np.zeros((3, len(clip), len(positions)), np.float32)
    for k in range(weights.shape[1]):
        if weights[:, k].any():
            for i in range(3):
                x, y, z, shift = (column.take(joints[:, k], axis=1) for column in matrices[i])
                posed[i] += weights[:, k] * (x * places[0] + y * places[1] + z * places[2] + shift)
    return posed


def _box(points: F32) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return points.min(0).astype(np.float64), points.max(0).astype(np.float64)
