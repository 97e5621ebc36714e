"""From a clip and a time to joint matrices: one subject, many poses at once.

The matrices of joint j with parent p, on column vectors:

    global_j  = global_p · T(d_p ∘ t_j) · R(q_j) · S(s_j · u_j)
    palette_j = frame · global_j · S(d_j) · inverse_bind_j

`t`, `q`, `s` are translation, rotation and scale at the wanted time. The individual's proportions enter as two factors:

- `u` (one number) is the size of a head, ears or muzzle. It is uniform, sits on the topmost joint of its group and is
  inherited, so that ears grow with the head they sit on and nothing shears.
- `d` (one number per axis) stretches the bone of a joint: along the bone by the length of its group (neck, body, legs,
  tail), across it by `girth`. It acts on the joint's own vertices and on where its children are attached, and is not
  inherited (as Maya's segment scale compensation): the skin stays whole at every joint, and a long neck does not
  stretch the head. Where `Skeleton.across` names no axis, the length acts on all three.
"""

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.bearing import BEARING, LID_CLOSED, Bearing, freedom
from diorama.assets.rotations import rotation_matrices
from diorama.assets.subject import F32, I32, PROPORTIONS, Subject

SIZES = tuple(PROPORTIONS.index(name) for name in ("head", "ears", "muzzle"))
"""The proportions that scale a joint and all below it."""

GIRTH = PROPORTIONS.index("girth")
STANDING = [PROPORTIONS.index(name) for name in ("body", "legs")]
HEAD = [BEARING.index(name) for name in ("head_yaw", "head_pitch", "head_tilt")]
TAIL = [BEARING.index(name) for name in ("tail_lift", "tail_side")]


def pose(
    subject: Subject,
    clip: NDArray[np.integer],
    time: NDArray[np.floating],
    proportions: NDArray[np.floating],
    bearing: NDArray[np.floating] | None = None,
) -> F32:
    """Joint matrices of n poses of one subject.

    Args:
        subject: The subject.
        clip: (n,) index into `subject.clips`, -1 for the skeleton's rest pose.
        time: (n,) fraction in [0, 1] of the clip's duration.
        proportions: (n, len(PROPORTIONS)) multipliers. Those of trunk and legs count in full where it stands on its
            legs, and not at all where it sits or lies.
        bearing: (n, len(BEARING)) turns of head, ears, tail, jaw and lids; none if not given. What lies on the ground
            turns less.

    Returns:
        (n, J, 3, 4) float32, bind space → subject frame; neither grounded nor centred.
    """
    rig = _rig(subject)
    row, share = rig.frames(np.asarray(clip), np.asarray(time))
    tracks = rig.sample(row, share)
    values = np.array(proportions, np.float32)
    free = np.ones((len(values), 3), np.float32)
    if bearing is not None or (values[:, STANDING] != 1).any():  # else how free it is to move makes no difference
        free = rig.freedom[row[0]] * (1 - share[:, None]) + rig.freedom[row[1]] * share[:, None]
        values[:, STANDING] = 1 + (values[:, STANDING] - 1) * free[:, 2:]
    size, stretch = rig.proportions(values)
    translation = tracks[:, :, 0:3]
    translation[:, rig.child] *= stretch[:, rig.parent_of_child]
    local = _affine(translation, tracks[:, :, 3:7], tracks[:, :, 7:10] * size[:, :, None])
    if bearing is not None and len(rig.bearing.joints):
        joints = rig.bearing.joints
        local[:, joints, :3, :3] = portable.matmul(
            rig.borne(np.array(bearing, np.float32), free, tracks), local[:, joints, :3, :3]
        )
    for joints, parents in rig.levels:
        local[:, joints] = portable.matmul(local[:, parents], local[:, joints])  # from here on global
    local[..., :3] *= stretch[:, :, None, :]
    palette: F32 = (portable.matmul(rig.frame, portable.matmul(local, rig.inverse_bind)))[..., :3, :]
    return palette


def shape(subject: Subject, clip: NDArray[np.integer], time: NDArray[np.floating]) -> F32:
    """(n, T) weights of the morph targets in n poses of one subject; clip and time as for `pose`."""
    row, share = _rig(subject).frames(np.asarray(clip), np.asarray(time))
    before, after = (_rig(subject).morphs[k] for k in row)
    weights: F32 = before + (after - before) * share[:, None]
    return weights


def bounds(subject: Subject, palette: F32, morphs: F32 | None = None) -> tuple[F32, F32]:
    """Bounding boxes of poses, from the `support` vertices: exact to about 1 % of the size.

    Args:
        subject: The subject.
        palette: (n, ≥ J, 3, 4) joint matrices from bind space to any frame; the boxes lie in that frame.
        morphs: (n, T) weights of the morph targets, see `shape`; 0 if not given.

    Returns:
        (n, 3) lowest and (n, 3) highest corners.
    """
    rig = _rig(subject)
    columns = np.ascontiguousarray(palette[:, : rig.joints].transpose(3, 2, 0, 1))  # (4, 3, n, J)
    moved = columns.take(rig.support.joints.reshape(-1), axis=3)

    def posed(weighted: F32) -> F32:
        """(3, n, S) what the joint matrices make of the support's vertices."""
        parts = np.add.reduce(moved * weighted.reshape(4, 1, 1, -1), axis=0)
        return np.asarray(np.add.reduce(parts.reshape(*parts.shape[:2], *rig.support.joints.shape), axis=2))

    places = posed(rig.support.places)
    if morphs is not None:
        for weight, offsets in zip(morphs.T, rig.support.offsets, strict=True):
            places += weight[:, None] * posed(offsets)
    return places.min(2).T, places.max(2).T


def skin(subject: Subject, palette: F32, level: int = 0, morphs: F32 | None = None) -> tuple[F32, F32]:
    """Linear blend skinning of one pose, in NumPy: for tests and tools, the renderer does the same on the device.

    Args:
        subject: The subject.
        palette: (J, 3, 4) joint matrices of one pose.
        level: Index into `subject.levels`.
        morphs: (T,) weights of the morph targets in this pose; 0 if not given.

    Returns:
        (V, 3) positions and (V, 3) unit normals in the frame of the palette.
    """
    mesh = subject.levels[level]
    blended = np.einsum("vk,vkij->vij", mesh.weights, palette[mesh.joints])
    linear = blended[..., :3]
    place, turned = mesh.positions, mesh.normals
    if morphs is not None and mesh.morphs is not None:
        added = np.einsum("vtc,t->vc", mesh.morphs, morphs)
        place, turned = place + added[:, :3], turned + added[:, 3:]
    positions = np.einsum("vij,vj->vi", linear, place) + blended[..., 3]
    # A normal goes by the cofactors: right under unequal scaling too, and defined where the matrix is singular.
    cofactors = np.stack([np.cross(linear[:, i - 2], linear[:, i - 1]) for i in range(3)], 1)
    normals = np.einsum("vij,vj->vi", cofactors, turned)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    return positions.astype(np.float32), normals.astype(np.float32)


class _Rig:
    """What posing a subject needs again and again, computed once."""

    def __init__(self, subject: Subject) -> None:
        # Nothing here may refer to the subject, or it would never be freed.
        skeleton = subject.skeleton
        self.joints = len(skeleton.parents)
        self.frame = subject.frame
        self.inverse_bind = skeleton.inverse_bind
        self._skeleton = skeleton
        self._rest_clip = subject.rest_clip
        self._group = skeleton.proportion
        self._parents = skeleton.parents
        self._across = skeleton.across
        self.child = np.flatnonzero(skeleton.parents >= 0)
        self.parent_of_child = skeleton.parents[self.child]
        self.levels = _levels(skeleton.parents)
        rest = np.concatenate([skeleton.translation, skeleton.rotation, skeleton.scale], 1)[None]
        dense = [np.concatenate([clip.translation, clip.rotation, clip.scale], 2) for clip in subject.clips]
        frames = np.concatenate([rest, *dense]).astype(np.float32).reshape(-1, self.joints * 10)
        # Most tracks stand still in all clips (bones keep lengths and sizes), and would take most of the memory.
        self._still: F32 = frames[0].copy()  # (J · 10,)
        self._moves = np.flatnonzero((frames != self._still).any(0))  # (M,) indices of the others
        self._moving = np.ascontiguousarray(frames[:, self._moves])  # (all frames, M)
        self._counts = np.array([1, *(len(clip) for clip in dense)])
        self._firsts = np.cumsum(self._counts) - self._counts
        self.support = _Support.of(subject)
        self.morphs: F32 = np.zeros((len(frames), subject.morphs), np.float32)  # (all frames, T)
        for first, clip in zip(self._firsts[1:], subject.clips, strict=True):
            if clip.morphs is not None:
                self.morphs[first : first + len(clip.morphs)] = clip.morphs

    def frames(
        self, clip: NDArray[np.integer], time: NDArray[np.floating]
    ) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], F32]:
        """(n,) the frames before and after the wanted times, and (n,) how far these are from the one to the other."""
        last = self._counts[clip + 1] - 1
        at = np.clip(time, 0.0, 1.0) * last
        before = np.minimum(at.astype(np.int64), np.maximum(last - 1, 0))
        row = self._firsts[clip + 1] + before
        return (row, row + (last > 0)), (at - before).astype(np.float32)

    def sample(self, row: tuple[NDArray[np.int64], NDArray[np.int64]], share: F32) -> F32:
        """(n, J, 10) translation, rotation (normalised linear interpolation) and scale between two frames."""
        tracks = self._frames(row[0])
        tracks += (self._frames(row[1]) - tracks) * share[:, None, None]
        rotation = tracks[:, :, 3:7]
        rotation /= np.sqrt((rotation * rotation).sum(2, keepdims=True))
        return tracks

    def _frames(self, rows: NDArray[np.integer] | slice) -> F32:
        """(n, J, 10) the tracks in these frames."""
        moving = self._moving[rows]
        tracks = np.repeat(self._still[None], len(moving), 0)
        tracks[:, self._moves] = moving
        return tracks.reshape(len(moving), self.joints, 10)

    def placed(self, tracks: F32) -> F32:
        """(n, J, 4, 4) from joint space to the subject frame, without proportions."""
        local = _affine(tracks[:, :, 0:3], tracks[:, :, 3:7], tracks[:, :, 7:10])
        for joints, parents in self.levels:
            local[:, joints] = portable.matmul(local[:, parents], local[:, joints])
        place: F32 = portable.matmul(self.frame, local)
        return place

    @cached_property
    def at_ease(self) -> F32:
        """(J, 10) the tracks of the default pose."""
        first: int = self._firsts[self._rest_clip + 1]
        pose: F32 = self._frames(slice(first, first + 1))[0]
        return pose

    @cached_property
    def bearing(self) -> Bearing:
        """The turns of this rig's joints."""
        axes = self.placed(self.at_ease[None])[0, :, :3, :3]
        roots = np.broadcast_to(self.frame[:3, :3], axes.shape)
        above = np.where(self._parents[:, None, None] < 0, roots, axes[self._parents])
        return Bearing(self._skeleton, above)

    def borne(self, values: F32, free: F32, tracks: F32) -> F32:
        """(n, K, 3, 3) turns of the joints that bearings move, less of what lies on the ground or is shut already."""
        values[:, HEAD] *= free[:, 0:1]
        values[:, TAIL] *= free[:, 1:2]
        lids = self.bearing.joints[self.bearing.lids]
        alike = np.abs((tracks[:, lids, 3:7] * self.at_ease[lids, 3:7]).sum(2))
        shut = 2 * portable.arccos(np.minimum(alike, 1)) / np.radians(LID_CLOSED)
        return self.bearing.turns(values, np.maximum(1 - shut, 0))

    @cached_property
    def freedom(self) -> F32:
        """(all frames, 3) of head, tail and legs in every frame of every clip."""
        heights = self.placed(np.concatenate([self.at_ease[None], self._frames(slice(None))]))[:, :, 1, 3]
        heights = heights - heights.min(axis=1, keepdims=True)
        return freedom(heights[1:], self._skeleton, heights[0])

    def proportions(self, values: F32) -> tuple[F32, F32]:
        """(n, J) sizes `u` and (n, J, 3) stretches `d`."""
        ones = np.ones((len(values), 1), np.float32)
        table = np.concatenate([values, ones], 1)  # index -1 is the last column: no group
        length = table[:, self._stretch_group, None]
        stretch = np.where(self._across > 0, table[:, GIRTH, None, None], length)
        return table[:, self._size_group], stretch

    @cached_property
    def _size_group(self) -> I32:
        """(J,) the group whose size enters at this joint: -1 unless it is the topmost of its group."""
        above: list[frozenset[int]] = []
        for group, parent in zip(self._group.tolist(), self._parents.tolist(), strict=True):
            inherited = above[parent] if parent >= 0 else frozenset()
            above.append(inherited | {group})
        topmost = [
            group if group in SIZES and (parent < 0 or group not in above[parent]) else -1
            for group, parent in zip(self._group.tolist(), self._parents.tolist(), strict=True)
        ]
        return np.array(topmost, np.int32)

    @cached_property
    def _stretch_group(self) -> I32:
        """(J,) the group whose length stretches the bone of this joint."""
        return np.where(np.isin(self._group, SIZES), -1, self._group).astype(np.int32)


_rigs: "WeakKeyDictionary[Subject, _Rig]" = WeakKeyDictionary()


def _rig(subject: Subject) -> _Rig:
    rig = _rigs.get(subject)
    if rig is None:
        rig = _rigs[subject] = _Rig(subject)
    return rig


def _levels(parents: I32) -> list[tuple[NDArray[np.int64], I32]]:
    """Joints by depth, without the roots: each level's joints and their parents."""
    depth = np.zeros(len(parents), np.int64)
    for joint, parent in enumerate(parents.tolist()):
        depth[joint] = depth[parent] + 1 if parent >= 0 else 0
    levels = [np.flatnonzero(depth == d) for d in range(1, depth.max(initial=0) + 1)]
    return [(joints, parents[joints]) for joints in levels]


def _affine(translation: F32, rotation: F32, scale: F32) -> F32:
    """(n, J, 4, 4) matrices T · R · S."""
    matrix = np.empty((*translation.shape[:2], 4, 4), np.float32)
    matrix[..., :3, :3] = rotation_matrices(rotation) * scale[:, :, None, :]
    matrix[..., :3, 3] = translation
    matrix[..., 3, :] = (0, 0, 0, 1)
    return matrix


@dataclass(frozen=True, eq=False)
class _Support:
    """The K influences on the support's S vertices: homogeneous coordinates in bind space, times their weights."""

    joints: NDArray[np.intp]  # (K, S)
    places: F32  # (4, K, S)
    offsets: list[F32]  # the same of what each morph target adds

    @classmethod
    def of(cls, subject: Subject) -> "_Support":
        mesh, chosen = subject.levels[0], subject.support
        used = max(np.flatnonzero((mesh.weights[chosen] > 0).any(axis=0)), default=0) + 1
        weights = np.ascontiguousarray(mesh.weights[chosen, :used].T)
        points = [np.insert(mesh.positions[chosen], 3, 1.0, axis=1)]
        if mesh.morphs is not None:
            points += [np.insert(offset, 3, 0.0, axis=1) for offset in mesh.morphs[chosen, :, :3].transpose(1, 0, 2)]
        places, *offsets = [weights * point.T[:, None].astype(np.float32) for point in points]
        return cls(np.ascontiguousarray(mesh.joints[chosen, :used].T.astype(np.intp)), places, offsets)
