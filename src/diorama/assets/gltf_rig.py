"""From skins and moving nodes to one skeleton that a whole glTF model shares.

A skin binds the same nodes with its own inverse bind matrices, and a mesh without a skin hangs on a single node. Here
every node gets one joint with one inverse bind matrix: a piece that was bound otherwise is moved, once, into the bind
space that fits (M = B⁻¹ · B', the same for all its joints). Only where no such M exists does it get joints of its own.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_file import GltfFile
from diorama.assets.gltf_mesh import F64, Piece
from diorama.assets.gltf_nodes import Nodes
from diorama.assets.subject import Skeleton

MAX_JOINTS = 4096
"""A model with more is refused: the joint matrices of a batch would not fit the buffers of every adapter."""

STILL = -1
"""In place of a node: the joint of all that never moves."""


class Rig:
    """Collects pieces and the joints that they need, then makes the skeleton."""

    def __init__(self, file: GltfFile, nodes: Nodes, moving: set[int]) -> None:
        self._file, self._nodes, self._moving = file, nodes, moving
        self._slots: list[tuple[int, F64]] = []  # (node, inverse bind); the first of a node is the node's own joint
        self._own: dict[int, int] = {}  # node → its slot
        self.pieces: list[Piece] = []  # with joints that index the slots

    def add_rigid(self, piece: Piece, node: int) -> None:
        """A piece that hangs on a node: on the nearest one above that moves, or on none."""
        count = len(piece.positions)
        one = np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1))
        piece = replace(piece, joints=np.zeros((count, 4), np.int64), weights=one)  # it may have some, for a skin
        matrix = np.eye(4)
        while node >= 0 and node not in self._moving:
            matrix = self._nodes.local[node] @ matrix
            node = int(self._nodes.parents[node])
        self._add(piece.transformed(matrix), np.array([node if node >= 0 else STILL]), np.eye(4)[None])

    def add_skinned(self, piece: Piece, skin: int) -> None:
        """A piece with a skin; the transform of its own node does not count (glTF 2.0, section 3.7.3.3)."""
        at = self._file.items("skins")[skin]
        joints = np.array(at.references("joints", "nodes"), np.int64)
        if not len(joints):
            raise at.error("joints", "the skin has no joints")
        if int(piece.joints.max(initial=0)) >= len(joints):
            raise at.error("joints", f"a vertex follows joint {int(piece.joints.max())} of {len(joints)}")
        accessor = at.reference("inverseBindMatrices", "accessors")
        if accessor < 0:
            inverse = np.tile(np.eye(4), (len(joints), 1, 1))
        else:
            inverse = self._file.floats(accessor, "MAT4").reshape(-1, 4, 4).transpose(0, 2, 1).astype(np.float64)
            if len(inverse) < len(joints):
                raise at.error("inverseBindMatrices", f"{len(inverse)} matrices for {len(joints)} joints")
            inverse[:, 3] = (0.0, 0.0, 0.0, 1.0)
        self._add(piece, joints, inverse[: len(joints)])

    def _add(self, piece: Piece, nodes: NDArray[np.int64], inverse: F64) -> None:
        used = np.unique(piece.joints[piece.weights > 0])
        known = [k for k in used.tolist() if int(nodes[k]) in self._own]
        move = np.eye(4)
        shared = True
        if known:
            own = np.stack([self._slots[self._own[int(nodes[k])]][1] for k in known])
            shared, move = _common(own, inverse[known])
        slots = np.zeros(len(nodes), np.int64)
        back = np.linalg.inv(move) if shared else np.eye(4)
        for k in used.tolist():
            node = int(nodes[k])
            if shared and node in self._own:
                slots[k] = self._own[node]
                continue
            self._own.setdefault(node, len(self._slots))
            slots[k] = len(self._slots)
            self._slots.append((node, inverse[k] @ back))
        if not np.array_equal(move, np.eye(4)) and shared:
            piece = piece.transformed(move)
        joints = slots[np.where(piece.weights > 0, piece.joints, piece.joints[:, :1])]
        self.pieces.append(self._facing(replace(piece, joints=joints)))

    def _facing(self, piece: Piece) -> Piece:
        """The piece, inside out where its joints mirror it."""
        heaviest = np.take_along_axis(piece.joints, piece.weights.argmax(1)[:, None], 1)
        slots, counts = np.unique(heaviest, return_counts=True)
        posed = [self._world(node) @ inverse for node, inverse in (self._slots[k] for k in slots.tolist())]
        signs = np.sign(np.linalg.det(np.array(posed).reshape(-1, 4, 4)[:, :3, :3]))
        return piece.inverted() if (signs * counts).sum() < 0 else piece

    def _world(self, node: int) -> F64:
        return np.eye(4) if node == STILL else self._nodes.world[node]

    def skeleton(self) -> tuple[Skeleton, list[int], dict[int, int]]:
        """The skeleton, the joint of every slot, and the joint of every node that has one."""
        nodes = self._nodes
        needed: set[int] = set()
        for node, _ in self._slots:
            while node >= 0 and node not in needed:
                needed.add(node)
                node = int(nodes.parents[node])
        rows: list[tuple[str, int, F64, F64, F64, F64]] = []  # name, parent, translation, rotation, scale, inverse bind
        joint_of: dict[int, int] = {}
        slot_joints = [-1] * len(self._slots)
        none, still, same = np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]), np.ones(3)
        for node in ([STILL] if STILL in self._own else []) + [n for n in nodes.order if n in needed]:
            slot = self._own.get(node, -1)
            inverse = self._slots[slot][1] if slot >= 0 else np.eye(4)
            joint_of[node] = len(rows)
            if slot >= 0:
                slot_joints[slot] = len(rows)
            if node == STILL:
                rows.append(("still", -1, none, still, same, inverse))
            else:
                parent = joint_of.get(int(nodes.parents[node]), -1) if nodes.parents[node] >= 0 else -1
                trs = nodes.translation[node], nodes.rotation[node], nodes.scale[node]
                rows.append((nodes.names[node], parent, *trs, inverse))
        for slot, (node, inverse) in enumerate(self._slots):
            if slot_joints[slot] < 0:  # a second binding of the node: a joint that follows it
                slot_joints[slot] = len(rows)
                rows.append(
                    (f"{nodes.names[node] if node >= 0 else 'still'}+", joint_of[node], none, still, same, inverse)
                )
        if len(rows) > MAX_JOINTS:
            mend = f"Join parts or remove bones: at most {MAX_JOINTS}"
            raise self._file.root.error("nodes", f"{len(rows)} moving parts and bones are too many", mend)
        names, parents, translation, rotation, scale, inverse_bind = zip(*rows, strict=True)
        count = len(rows)
        skeleton = Skeleton(
            names=names,
            parents=np.array(parents, np.int32),
            translation=np.array(translation, np.float32),
            rotation=np.array(rotation, np.float32),
            scale=np.array(scale, np.float32),
            inverse_bind=np.array(inverse_bind, np.float32),
            proportion=np.full(count, -1, np.int32),
            across=np.zeros((count, 3), np.float32),
        )
        return skeleton, slot_joints, {node: joint for node, joint in joint_of.items() if node >= 0}


def _common(own: F64, other: F64) -> tuple[bool, F64]:
    """Whether one M fulfils `own[k] @ M = other[k]` for all k, and M."""
    size = max(float(np.abs(other).max()), 1e-12)
    if min(abs(np.linalg.det(own[0])), abs(np.linalg.det(other[0]))) < 1e-30:
        return False, np.eye(4)
    move = np.linalg.solve(own[0], other[0])
    fits = bool(np.abs(own @ move - other).max() <= 1e-4 * size) and abs(np.linalg.det(move)) > 1e-30
    if fits and np.abs(move - np.eye(4)).max() < 1e-5:
        move = np.eye(4)
    return fits, move
