"""From pieces to meshes: levels of detail, packed vertices, and the vertices that bound a pose."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.motion import Skin
from diorama.assets.procedural.pieces import FUR, SKIN, WET, Piece
from diorama.assets.procedural.polygonize import compact, simplify
from diorama.assets.procedural.skeleton import Rig
from diorama.assets.subject import Mesh, Part
from diorama.assets.welding import compact as pack

F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]
U8 = NDArray[np.uint8]

BUDGETS = (9000, 5000, 2500, 1000)
"""Triangles of the levels of detail."""

SLICES = 10
"""Slices of the trunk: where it bends, no one vertex of a joint is the lowest in every pose."""


def levels(pieces: list[Piece], weights: list[F64], coats: list[U8]) -> tuple[Mesh, ...]:
    """The pieces, with their skin weights (V, J) and coat fields (V, 8), as one mesh for each budget."""
    finest = sum(len(piece.triangles) for piece in pieces)
    meshes = []
    for level, budget in enumerate(BUDGETS):
        triangles = []
        for piece, marks in zip(pieces, coats, strict=True):
            if level == 0:
                triangles.append(piece.triangles)
                continue
            if level == len(BUDGETS) - 1 and piece.name.split("_")[0] in ("line", "teeth", "tuft", "whisker"):
                triangles.append(piece.triangles[:0])
                continue
            small = max(4, int(len(piece.triangles) * budget / finest * 0.98))
            look = np.concatenate([piece.normals * 0.05, piece.colors * 0.3, marks / 255 * 0.03], axis=1)
            triangles.append(simplify(piece.positions, piece.triangles, small, look))
        meshes.append(pack(_mesh(pieces, triangles, weights, coats)))
    return tuple(meshes)


def _mesh(pieces: list[Piece], triangles: list[U32], weights: list[F64], coats: list[U8]) -> Mesh:
    parts, runs, rows, at, first = [], [], [], 0, 0
    for material in (FUR, WET, SKIN):
        for piece, faces, w, marks in zip(pieces, triangles, weights, coats, strict=True):
            if piece.material != material or len(faces) == 0:
                continue
            kept, faces = compact(faces, len(piece.positions))
            runs.append(faces + np.uint32(at))
            at += len(kept)
            columns = (piece.positions, piece.normals, piece.colors, piece.coat_amount, w, marks)
            rows.append(tuple(column[kept] for column in columns))
        count = 3 * sum(len(run) for run in runs) - first
        parts.append(Part(first, count, material))
        first += count
    positions, normals, colors, amount, weight, coat = (np.concatenate(column) for column in zip(*rows, strict=True))
    chosen = np.argsort(-weight, axis=1, kind="stable")[:, :4]
    heaviest = np.take_along_axis(weight, chosen, 1)
    heaviest /= heaviest.sum(axis=1, keepdims=True)
    srgb = np.where(
        colors <= 0.0031308, 12.92 * colors, 1.055 * portable.power(np.clip(colors, 1e-9, 1), 1 / 2.4) - 0.055
    )
    rgba = np.concatenate([np.clip(srgb, 0, 1), np.ones((len(srgb), 1))], axis=1)
    normals = normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)
    return Mesh(
        positions=positions.astype(np.float32),
        normals=normals.astype(np.float32),
        uvs=np.zeros((len(positions), 2), np.float32),
        colors=np.rint(255 * rgba).astype(np.uint8),
        joints=chosen.astype(np.uint16),
        weights=heaviest.astype(np.float32),
        indices=np.concatenate(runs).astype(np.uint32),
        parts=tuple(parts),
        coat=coat,
        coat_amount=np.rint(255 * np.clip(amount, 0, 1)).astype(np.uint8),
    )


def outermost(mesh: Mesh, skeleton: Rig) -> U32:
    """The outermost vertices of each joint along 98 directions of its own space, and of slices across the trunk.

    Whatever the pose, the mesh ends at or very near one of them.
    """
    main = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(axis=1)]
    steps = np.array([step for step in product(range(-2, 3), repeat=3) if 2 in np.abs(step)], float)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    trunk = np.isin(main, skeleton.family("hips", "spine1", "spine2", "chest"))
    along = mesh.positions[:, 2]
    edges = np.linspace(along[trunk].min(), along[trunk].max(), SLICES + 1)[1:-1]
    slices = np.where(trunk, np.digitize(along, edges), -1)
    groups = [main == joint for joint in range(len(skeleton.names))] + [slices == i for i in range(SLICES)]
    chosen: set[int] = set()
    for group in groups:
        own = np.flatnonzero(group)
        if len(own):
            reach = portable.matmul(mesh.positions[own].astype(np.float64), steps.T)
            chosen.update(own[reach.argmax(axis=0)].tolist())
    return np.array(sorted(chosen), np.uint32)


def skin(mesh: Mesh, skeleton: Rig) -> Skin:
    """All vertices with dense weights, for the clips: a folded elbow ends at one that bounds it in no other pose."""
    weights = np.zeros((len(mesh.positions), len(skeleton.names)))
    np.put_along_axis(weights, mesh.joints.astype(np.int64), mesh.weights, axis=1)
    return Skin(mesh.positions.astype(np.float64), weights)
