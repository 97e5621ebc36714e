"""The joints of a quadruped, 40 of them, the same for every breed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.quadruped import Landmarks
from diorama.assets.subject import PROPORTIONS, Skeleton

F64 = NDArray[np.float64]
K = TypeVar("K")
V = TypeVar("V")

#: name, parent, where its bone points to, group of proportions
_MIDDLE = (
    ("root", "", "", ""),
    ("hips", "root", "spine1", "body"),
    ("spine1", "hips", "spine2", "body"),
    ("spine2", "spine1", "chest", "body"),
    ("chest", "spine2", "neck1", "body"),
    ("neck1", "chest", "neck2", "neck"),
    ("neck2", "neck1", "head", "neck"),
    ("head", "neck2", "", "head"),
    ("muzzle", "head", "", "muzzle"),
    ("jaw", "head", "", "muzzle"),
    ("tongue", "jaw", "", "muzzle"),
    ("tail1", "hips", "tail2", "tail"),
    ("tail2", "tail1", "tail3", "tail"),
    ("tail3", "tail2", "tail4", "tail"),
    ("tail4", "tail3", "tail5", "tail"),
    ("tail5", "tail4", "tail_tip", "tail"),
)
_SIDE = (
    ("eyelid", "head", "", ""),
    ("ear", "head", "", "ears"),
    ("ear_tip", "ear", "", "ears"),
    ("scapula", "chest", "humerus", ""),
    ("humerus", "scapula", "radius", "legs"),
    ("radius", "humerus", "carpus", "legs"),
    ("carpus", "radius", "front_toes", "legs"),
    ("front_toes", "carpus", "front_tip", "legs"),
    ("femur", "hips", "tibia", "legs"),
    ("tibia", "femur", "metatarsus", "legs"),
    ("metatarsus", "tibia", "hind_toes", "legs"),
    ("hind_toes", "metatarsus", "hind_tip", "legs"),
)
_ALONG = {"body", "neck", "legs", "tail"}  # groups whose joints lie along a bone, with +Y towards its end


Level = tuple[NDArray[np.intp], NDArray[np.intp] | None]
"""Joints (K,), and their parents (K,) or None for roots."""


@dataclass(frozen=True, eq=False)
class Tree:
    """Names of joints and their parents (-1 for a root). Animals share one: what it tells is worked out once for all.

    Sets of joints are whole numbers, whose bit k stands for joint k.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """The joints by name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def mirror(self) -> NDArray[np.int64]:
        """(J,) the joint on the other side; itself for one in the middle."""
        swap = {"_l": "_r", "_r": "_l"}
        return np.array([self.places[name[:-2] + swap.get(name[-2:], name[-2:])] for name in self.names])

    def family(self, stems: tuple[str, ...]) -> tuple[int, ...]:
        """The joints of these names; of a name without side, those on both sides."""
        return _family(self, stems)

    def above(self, joints: tuple[int, ...]) -> int:
        """The set of these joints and all above them."""
        return _above(self, joints)

    def below(self, joints: tuple[int, ...]) -> int:
        """The set of these joints and all below them."""
        return _below(self, joints)

    def levels(self, joints: int) -> tuple[Level, ...]:
        """A set of joints by depth, the uppermost first."""
        return _levels(self, joints)


_tree = lru_cache(Tree)
_kept = lru_cache(maxsize=4096)


@_kept
def _family(tree: Tree, stems: tuple[str, ...]) -> tuple[int, ...]:
    named = ((j, {name, name.removesuffix("_l").removesuffix("_r")}) for j, name in enumerate(tree.names))
    return tuple(j for j, names in named if names & {*stems})


@_kept
def _above(tree: Tree, joints: tuple[int, ...]) -> int:
    found = 0
    for joint in joints:
        while joint >= 0:
            found |= 1 << joint
            joint = tree.parents[joint]
    return found


@_kept
def _below(tree: Tree, joints: tuple[int, ...]) -> int:
    wanted = sum(1 << joint for joint in {*joints})
    return sum(1 << joint for joint in range(len(tree.names)) if tree.above((joint,)) & wanted)


@_kept
def _levels(tree: Tree, joints: int) -> tuple[Level, ...]:
    depths: dict[int, list[int]] = {}
    for joint in range(len(tree.names)):
        if joints >> joint & 1:
            depths.setdefault(tree.above((joint,)).bit_count(), []).append(joint)
    found = [np.array(depths[depth]) for depth in sorted(depths)]
    parents = np.array(tree.parents)
    return tuple((level, parents[level] if parents[level[0]] >= 0 else None) for level in found)


@dataclass(frozen=True, eq=False)
class Rig:
    """A skeleton with its rest pose in model space: heads (J, 3) and axes (J, 3, 3), columns x, y, z of each joint."""

    skeleton: Skeleton
    heads: F64
    axes: F64

    @property
    def names(self) -> tuple[str, ...]:
        """The joints' names."""
        return self.skeleton.names

    @cached_property
    def tree(self) -> Tree:
        """The joints' names and parents."""
        return _tree(self.names, tuple(self.skeleton.parents.tolist()))

    @property
    def mirror(self) -> NDArray[np.int64]:
        """(J,) the joint on the other side; itself for one in the middle."""
        return self.tree.mirror

    @cached_property
    def bones(self) -> F64:
        """(J, 3) the way to each joint from its parent, or from the origin, at rest in model space."""
        parents = self.skeleton.parents[:, None]
        return np.asarray(self.heads - np.where(parents < 0, 0.0, self.heads[parents[:, 0]]))

    @cached_property
    def tips(self) -> dict[str, F64]:
        """From each joint with one child to that child, and from the last of a chain on by as much, (3,) metres."""
        parents = self.skeleton.parents
        found: dict[str, F64] = {}
        for j, name in enumerate(self.names):
            children = np.flatnonzero(parents == j)
            if len(children) == 1:
                found[name] = self.heads[children[0]] - self.heads[j]
            elif len(children) == 0 and parents[j] >= 0:
                found[name] = self.heads[j] - self.heads[parents[j]]
        return found

    def family(self, *stems: str) -> tuple[int, ...]:
        """The joints of these names; of a name without side, those on both sides."""
        return self.tree.family(stems)

    def kept(self, function: "Callable[[Rig, K], V]", key: K) -> V:
        """What a function makes of this rig and a key, made once: motions ask for the same things again and again."""
        if (function, key) not in self._kept:
            self._kept[function, key] = function(self, key)
        found: V = self._kept[function, key]
        return found

    @cached_property
    def _kept(self) -> dict[Any, Any]:
        return {}

    def index(self, name: str) -> int:
        """The joint of that name."""
        return self.tree.places[name]


def sided(name: str, side: float) -> str:
    """The name of a joint on the left (side > 0) or right."""
    return name + ("_l" if side > 0 else "_r")


def rig(points: Landmarks) -> Rig:
    """The skeleton of an animal with these landmarks (which include `ear` and `ear_tip`)."""
    rows = [(name, parent, points[name], points.get(tip), group) for name, parent, tip, group in _MIDDLE]
    middle = {name for name, *_ in _MIDDLE}
    for side in (1.0, -1.0):
        mirror = np.array([side, 1, 1])
        for name, parent, tip, group in _SIDE:
            end = mirror * points[tip] if tip else None
            above = parent if parent in middle else sided(parent, side)
            rows.append((sided(name, side), above, mirror * points[name], end, group))
    names = tuple(row[0] for row in rows)
    parents = np.array([names.index(row[1]) if row[1] else -1 for row in rows], np.int32)
    heads = np.array([row[2] for row in rows])
    axes = np.array([bone_axes(row[2], row[3]) for row in rows])
    translation, turns = heads.copy(), axes.copy()
    joined = np.flatnonzero(parents >= 0)
    over = axes[parents[joined]].transpose(0, 2, 1)
    translation[joined] = portable.matmul(over, (heads[joined] - heads[parents[joined]])[..., None])[..., 0]
    turns[joined] = portable.matmul(over, axes[joined])
    inverse = np.zeros((len(rows), 4, 4))
    inverse[:, :3, :3] = axes.transpose(0, 2, 1)
    inverse[:, :3, 3] = -np.einsum("jba,jb->ja", axes, heads)
    inverse[:, 3, 3] = 1
    groups = [PROPORTIONS.index(row[4]) if row[4] else -1 for row in rows]
    across = np.array([(1, 0, 1) if row[4] in _ALONG else (0, 0, 0) for row in rows])
    skeleton = Skeleton(
        names=names,
        parents=parents,
        translation=translation.astype(np.float32),
        rotation=quaternion(turns).astype(np.float32),
        scale=np.ones((len(rows), 3), np.float32),
        inverse_bind=inverse.astype(np.float32),
        proportion=np.array(groups, np.int32),
        across=across.astype(np.float32),
    )
    return Rig(skeleton, heads, axes)


def bone_axes(start: F64, end: F64 | None) -> F64:
    """(3, 3) columns x, y, z of a joint whose +Y points along its bone, with x as near to the left as may be."""
    if end is None:
        return np.eye(3)
    y = (end - start) / portable.norm(end - start)
    x = np.array([1.0, 0.0, 0.0]) - y[0] * y
    x /= portable.norm(x)
    return np.stack([x, y, np.cross(x, y)], axis=1)


def quaternion(matrix: F64) -> F64:
    """(..., 4) unit quaternions x, y, z, w, with w ≥ 0, of rotations (..., 3, 3) (Shepperd 1978)."""
    m = np.asarray(matrix, np.float64)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    p, q, r = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    u, v, w = m[..., 1, 0] + m[..., 0, 1], m[..., 2, 0] + m[..., 0, 2], m[..., 2, 1] + m[..., 1, 2]
    # Four multiples of the same quaternion: each by 4 times one of its parts; the longest is the most exact.
    rows = [1 + xx - yy - zz, u, v, p, u, 1 + yy - xx - zz, w, q, v, w, 1 + zz - xx - yy, r,
            p, q, r, 1 + xx + yy + zz]  # fmt: skip
    table = np.stack(rows, axis=-1).reshape(-1, 4, 4)
    found = table[np.arange(len(table)), table[:, range(4), range(4)].argmax(axis=1)].reshape(*m.shape[:-2], 4)
    found = found / np.linalg.norm(found, axis=-1, keepdims=True)
    return np.asarray(np.where(found[..., 3:] < 0, -found, found))
