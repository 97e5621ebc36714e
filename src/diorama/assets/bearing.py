"""How an animal carries itself, on top of what it does: small turns of head, ears, tail, jaw and lids.

A turn is about an axis of the subject frame (x left, y up, z forward) as the joint's parent carries it, in the pose in
which the subject stands at ease. It is put before the joint's own rotation of the moment, so that it adds to any clip.

Which joints turn follows from the groups of proportions, which hold only what is safe to change: heads, necks that
carry a head, ears, tails. Jaws and lids go by their names, `jaw`, `eyelid_l` and `eyelid_r`. What a rig lacks is left.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.rotations import rotation_matrices
from diorama.assets.subject import F32, PROPORTIONS, Skeleton

BEARING = ("head_yaw", "head_pitch", "head_tilt", "ears", "tail_lift", "tail_side", "mouth", "eyelids")
"""In the order of every array of bearings. Degrees, but for `eyelids`: the share of what is open that is closed.

Positive: head to its left; head up; head's left side down; ears forward; tail up; tail to the left; jaw down.
"""

LID_CLOSED = 104.0
"""Degrees of pitch by which the joints eyelid_l and eyelid_r shut the eyes."""

_AXES = {
    "head_yaw": (0, 1, 0), "head_pitch": (-1, 0, 0), "head_tilt": (0, 0, -1), "ears": (1, 0, 0),
    "tail_lift": (1, 0, 0), "tail_side": (0, -1, 0), "mouth": (1, 0, 0), "eyelids": (LID_CLOSED, 0, 0),
}  # fmt: skip


class Bearing:
    """The turns that bearings give the joints of one rig."""

    def __init__(self, skeleton: Skeleton, parent_axes: F32) -> None:
        """`parent_axes` (J, 3, 3) take the space of each joint's parent to the subject frame, standing at ease."""
        shares = _shares(skeleton)
        self.joints = np.array(sorted({joint for joint, _ in shares}), np.int64)
        self.lids = np.array(
            [k for k, j in enumerate(self.joints.tolist()) if skeleton.names[j].startswith("eyelid")], np.int64
        )
        place = {joint: k for k, joint in enumerate(self.joints.tolist())}
        self._table = np.zeros((len(BEARING), len(self.joints), 3), np.float32)
        for (joint, name), share in shares.items():
            axes = parent_axes[joint] / np.linalg.norm(parent_axes[joint], axis=0)
            self._table[BEARING.index(name), place[joint]] = portable.matmul(
                share * np.array(_AXES[name], np.float32), axes
            )
        self._table = np.radians(self._table)

    def turns(self, values: F32, open_lids: F32) -> F32:
        """(n, K, 3, 3) rotations to put before those of `joints` (K,).

        Args:
            values: (n, len(BEARING)).
            open_lids: (n, lids) how far the clip has left each lid open, 1 for wholly.
        """
        vector = np.einsum("ng,gkx->nkx", values, self._table)
        vector[:, self.lids] *= open_lids[..., None]
        angle = np.linalg.norm(vector, axis=-1, keepdims=True)
        unit = vector / np.maximum(angle, 1e-12)
        return rotation_matrices(np.concatenate([portable.sin(angle / 2) * unit, portable.cos(angle / 2)], axis=-1))


def _shares(skeleton: Skeleton) -> dict[tuple[int, str], float]:
    """How much of each of `BEARING` each joint takes."""
    group = [PROPORTIONS[g] if g >= 0 else "" for g in skeleton.proportion.tolist()]
    parents = skeleton.parents.tolist()

    def above(joint: int) -> list[int]:
        found = []
        while parents[joint] >= 0:
            joint = parents[joint]
            found.append(joint)
        return found

    def topmost(name: str) -> list[int]:
        return [j for j, g in enumerate(group) if g == name and name not in [group[p] for p in above(j)]]

    shares: dict[tuple[int, str], float] = {}
    for head in topmost("head"):
        necks = [j for j in above(head) if group[j] == "neck"]
        for name in ("head_yaw", "head_pitch"):
            shares[head, name] = 0.5 if necks else 1.0
            shares |= {(neck, name): 0.5 / len(necks) for neck in necks}
        shares[head, "head_tilt"] = 1.0
    shares |= {(ear, "ears"): 1.0 for ear in topmost("ears")}
    for root in topmost("tail"):
        chain = [root, *(j for j, g in enumerate(group) if g == "tail" and root in above(j))]
        shares |= {(j, "tail_side"): 1 / len(chain) for j in chain}
        shares |= {(j, "tail_lift"): 0.4 / len(chain) for j in chain}
        shares[root, "tail_lift"] += 0.6
    for joint, name in enumerate(skeleton.names):
        if name == "jaw":
            shares[joint, "mouth"] = 1.0
        if name in ("eyelid_l", "eyelid_r"):
            shares[joint, "eyelids"] = 1.0
    return shares


def freedom(heights: NDArray[np.floating], skeleton: Skeleton, at_ease: NDArray[np.floating]) -> F32:
    """(F, 3) in [0, 1]: how freely head, tail and legs may change in poses without leaving or entering the ground.

    Args:
        heights: (F, J) of the joints over each pose's lowest joint.
        skeleton: The joints.
        at_ease: (J,) the same of the subject standing at ease.

    A head or tail is free if it is as high as when standing, and nearly bound where it lies on the ground. Legs and
    trunk are free if shoulders and hips are as high as when standing: the legs of one that sits or lies are folded by
    its clip to fit the ground, and longer ones would lift it off.
    """
    columns = []
    for name, least, low, high in (("head", 0.1, 0.3, 0.65), ("tail", 0.1, 0.35, 0.75), ("legs", 0.0, 0.7, 0.95)):
        group = PROPORTIONS.index(name)
        member = skeleton.proportion == group
        inherits = (skeleton.parents >= 0) & member[skeleton.parents]
        tops = np.flatnonzero(member & ~inherits & (at_ease > 0.05 * at_ease.max(initial=1e-9)))
        share = heights[:, tops] / at_ease[tops] if len(tops) else np.ones((len(heights), 1))
        columns.append(np.clip((share.min(axis=1) - low) / (high - low), least, 1))
    return np.stack(columns, axis=1).astype(np.float32)
