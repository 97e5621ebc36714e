"""Meshes with their vertices joined, picked and put into another order; no triangle moves."""

from dataclasses import replace
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from diorama.assets.subject import U32, Mesh, Part

VERTEX_FIELDS = (
    *("positions", "normals", "uvs", "second_uvs", "colors", "joints", "weights", "coat", "coat_amount", "morphs"),
)


def weld(mesh: Mesh) -> Mesh:
    """The mesh with vertices of equal attributes joined, apart from those that parts of different materials share."""
    flat = mesh.indices.reshape(-1).astype(np.int64)
    corners = np.zeros(len(flat), np.int64)  # the material of every corner
    for part in mesh.parts:
        corners[part.first : part.first + part.count] = part.material
    # Vertices that several materials share are doubled, so that a vertex tells the material of its triangles.
    pairs, corner_vertex = np.unique(flat * 65536 + corners, return_inverse=True)
    source = (pairs // 65536).astype(np.int64)
    look = (pairs % 65536).astype(np.int64)
    rows = as_bytes(*(getattr(mesh, name)[source] for name in fields_of(mesh)), look)
    first, place = equal_rows(rows)
    indices = place[corner_vertex.reshape(-1)].reshape(-1, 3).astype(np.uint32)
    a, b, c = indices.T
    return taken(_sound(mesh, indices, (a != b) & (b != c) & (c != a)), source[first])


def as_bytes(*columns: NDArray[Any]) -> NDArray[np.uint8]:
    """(N, bytes) of columns (N, …)."""
    return np.concatenate([np.ascontiguousarray(c).view(np.uint8).reshape(len(c), -1) for c in columns], 1)


def equal_rows(rows: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(G,) the first of each kind of equal rows, in their order, and (N,) the kind of every row."""
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).reshape(-1)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[place.reshape(-1)]


def compact(mesh: Mesh) -> Mesh:
    """The mesh with its triangles and vertices in the order that a device reads fastest, without unused vertices."""
    indices = mesh.indices.reshape(-1).copy()
    for part in mesh.parts:
        run = np.ascontiguousarray(indices[part.first : part.first + part.count])
        ordered = np.empty_like(run)
        meshoptimizer.optimize_vertex_cache(ordered, run, len(run), len(mesh.positions))
        indices[part.first : part.first + part.count] = ordered
    first = np.full(len(mesh.positions), len(indices))
    first[indices[::-1]] = np.arange(len(indices))[::-1]  # of several assignments the last holds
    order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(indices))]
    rank = np.empty(len(first), np.uint32)
    rank[order] = np.arange(len(order))
    return taken(replace(mesh, indices=rank[indices].reshape(-1, 3)), order)


def fields_of(mesh: Mesh) -> list[str]:
    """Names of the arrays by vertex that a mesh has."""
    return [name for name in VERTEX_FIELDS if getattr(mesh, name) is not None]


def taken(mesh: Mesh, vertices: NDArray[np.integer]) -> Mesh:
    """The mesh with these of its vertices, and its indices as they are."""
    taken: dict[str, Any] = {name: np.ascontiguousarray(getattr(mesh, name)[vertices]) for name in fields_of(mesh)}
    return replace(mesh, **taken)


def parted(mesh: Mesh, indices: U32) -> Mesh:
    """The mesh with other triangles, whose vertices each belong to one material."""
    materials = worn(mesh)[indices[:, 0]]
    parts, runs = [], []
    start = 0
    for material in dict.fromkeys(part.material for part in mesh.parts):
        run = indices[materials == material]
        if len(run):
            parts.append(Part(start, run.size, material))
            runs.append(run)
            start += run.size
    return replace(mesh, indices=np.concatenate(runs).astype(np.uint32), parts=tuple(parts))


def worn(mesh: Mesh) -> NDArray[np.int64]:
    """(V,) the material of every vertex of a welded mesh."""
    look = np.zeros(len(mesh.positions), np.int64)
    flat = mesh.indices.reshape(-1)
    for part in mesh.parts:
        look[flat[part.first : part.first + part.count]] = part.material
    return look


def _sound(mesh: Mesh, indices: U32, keep: NDArray[np.bool_]) -> Mesh:
    """The mesh with other indices, without the triangles that are not kept."""
    parts = []
    start = 0
    for part in mesh.parts:
        count = 3 * int(keep[part.first // 3 : (part.first + part.count) // 3].sum())
        if count:
            parts.append(Part(start, count, part.material))
        start += count
    return replace(mesh, indices=indices[keep], parts=tuple(parts))
