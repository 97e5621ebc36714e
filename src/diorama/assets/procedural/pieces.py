"""Pieces of an animal's mesh, and the means to lay them on the skin of its head."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.implicit import Blob
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, head_frame
from diorama.assets.procedural.sampling import trace

F64 = NDArray[np.float64]
FUR, WET, SKIN = 0, 1, 2  # materials: coat; eyes and nose; mouth, whiskers and lines


@dataclass(eq=False)
class Piece:
    """A run of triangles with what the mesh needs per vertex. `joints` maps a joint's name to weights (V,)."""

    name: str
    positions: F64
    normals: F64
    triangles: NDArray[np.uint32]
    colors: F64  # (V, 3) linear RGB
    coat_amount: F64  # (V,) in [0, 1]
    joints: dict[str, F64]
    material: int = FUR

    def mirrored(self, name: str) -> "Piece":
        """The same on the other side, left joints becoming right ones."""
        flip = np.array([-1.0, 1, 1])
        joints = {joint[:-2] + "_r" if joint.endswith("_l") else joint: w for joint, w in self.joints.items()}
        return Piece(
            name, self.positions * flip, self.normals * flip, self.triangles[:, ::-1].copy(), self.colors,
            self.coat_amount, joints, self.material,
        )  # fmt: skip


class Face:
    """The head's axes and its skin, on which pieces are placed. Lengths are in skull widths."""

    def __init__(self, a: Anatomy, points: Landmarks, blobs: Sequence[Blob]) -> None:
        self.unit = a.height * a.head.width
        self.origin = points["head"]
        self.turn = head_frame(a)
        reach = 1.6 * self.unit * (a.head.skull_length + a.head.muzzle_length)
        lo, hi = self.origin - reach, self.origin + reach
        self.blobs = [b for b in blobs if (b.bounds()[0] < hi).all() and (b.bounds()[1] > lo).all()]

    def place(self, where: Sequence[float] | F64) -> F64:
        """Model-space points (..., 3) of points in the head's axes."""
        return np.asarray(self.origin + portable.matmul(self.unit * np.asarray(where, float), self.turn.T))

    def direction(self, where: Sequence[float] | F64) -> F64:
        """Unit model-space direction of one in the head's axes."""
        d = portable.matmul(self.turn, np.asarray(where, float))
        return np.asarray(d / portable.norm(d))

    def local(self, points: F64) -> F64:
        """Points (N, 3) in the head's axes, skull widths."""
        return np.asarray(portable.matmul(points - self.origin, self.turn) / self.unit)

    def onto_skin(self, points: F64, toward: F64) -> F64:
        """Points (N, 3) moved along the unit direction `toward` from outside until they meet the skin."""
        reach = 1.2 * self.unit
        return trace(self.blobs, points - 0.6 * self.unit * toward, toward, reach)


def grid_triangles(rows: int, columns: int, closed: bool = False) -> NDArray[np.uint32]:
    """Triangles of a rows × columns grid of vertices (row-major); `closed` joins the last column to the first."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    a, b = r * columns + c, r * columns + (c + 1) % columns
    quad = np.stack([a, b, b + columns, a + columns], axis=-1).reshape(-1, 4)
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]).astype(np.uint32)


def vertex_normals(positions: F64, triangles: NDArray[np.uint32]) -> F64:
    """(V, 3) unit normals: the area-weighted mean of the triangles around each vertex."""
    corner = positions[triangles]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.zeros_like(positions)
    for axis in range(3):
        for i in range(3):
            total[:, axis] += np.bincount(triangles[:, i], face[:, axis], len(positions))
    return np.asarray(total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-20))
