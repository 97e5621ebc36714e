"""Levels of detail: fewer triangles, chosen so that the silhouette stays."""

import ctypes
from dataclasses import replace
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from diorama.assets.animate import pose, shape, skin
from diorama.assets.subject import F32, PROPORTIONS, U32, Mesh, Part, Subject
from diorama.errors import AssetError

TRIANGLES = (6_000, 2_500, 1_000)
"""The most triangles of each level. A subject that fills an image of 256 pixels shows no more than the finest."""

COARSEST = 0.02
"""How far a coarser level may leave the surface, as a share of the size: about a pixel where it is shown. A model
whose hard edges allow no reduction within it has fewer levels."""

WORTHWHILE = 0.75
"""A level is made if it has at most this share of the triangles of the one before."""


def with_levels(subject: Subject, triangles: tuple[int, ...] = TRIANGLES) -> Subject:
    """The subject with levels of detail made from its finest mesh, which itself is reduced to the first limit.

    Vertices keep their attributes and are never moved; each level holds only those that it needs, ordered for the
    device's caches. Indices into level 0 (`support`) do not survive: normalise afterwards.

    Raises:
        AssetError: Where the mesh has no triangle with three different corners.
    """
    finest = weld(subject.levels[0])
    if not len(finest.indices):
        raise AssetError(subject.id, "all its triangles are collapsed", "Export the model again")
    clip = np.array([subject.rest_clip])
    palette = pose(subject, clip, np.zeros(1), np.ones((1, len(PROPORTIONS))))[0]
    shaped = shape(subject, clip, np.zeros(1))[0]
    posed, normals = skin(replace(subject, levels=(finest,), support=np.zeros(0, np.uint32)), palette, morphs=shaped)
    size = float(np.ptp(posed, axis=0).max()) or 1.0
    levels: list[Mesh] = []
    for limit in triangles:
        if len(finest.indices) <= limit:
            mesh = finest
        else:
            indices = _simplified(finest, (posed / size).astype(np.float32), normals, limit, finest=not levels)
            mesh = finest if len(indices) == 0 else _parted(finest, indices)
        if not levels or len(mesh.indices) <= WORTHWHILE * len(levels[-1].indices):
            levels.append(compact(mesh))
    return replace(subject, levels=tuple(levels), support=np.zeros(0, np.uint32))


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
    columns = [getattr(mesh, name)[source].reshape(len(source), -1) for name in _fields(mesh)]
    rows = np.concatenate(
        [np.ascontiguousarray(c).view(np.uint8).reshape(len(source), -1) for c in [*columns, look]], 1
    )
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).reshape(-1)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # keep the file's order
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    indices = rank[place.reshape(-1)[corner_vertex.reshape(-1)]].reshape(-1, 3).astype(np.uint32)
    a, b, c = indices.T
    return _taken(_sound(mesh, indices, (a != b) & (b != c) & (c != a)), source[first[order]])


def compact(mesh: Mesh) -> Mesh:
    """The mesh with its triangles and vertices in the order that a device reads fastest, without unused vertices."""
    indices = mesh.indices.reshape(-1).copy()
    for part in mesh.parts:
        run = np.ascontiguousarray(indices[part.first : part.first + part.count])
        ordered = np.empty_like(run)
        meshoptimizer.optimize_vertex_cache(ordered, run, len(run), len(mesh.positions))
        indices[part.first : part.first + part.count] = ordered
    used, first, place = np.unique(indices, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return _taken(replace(mesh, indices=rank[place.reshape(-1)].reshape(-1, 3).astype(np.uint32)), used[order])


VERTEX_FIELDS = (
    *("positions", "normals", "uvs", "second_uvs", "colors", "joints", "weights", "coat", "coat_amount", "morphs"),
)


def _fields(mesh: Mesh) -> list[str]:
    return [name for name in VERTEX_FIELDS if getattr(mesh, name) is not None]


def _taken(mesh: Mesh, vertices: NDArray[np.integer]) -> Mesh:
    taken: dict[str, Any] = {name: np.ascontiguousarray(getattr(mesh, name)[vertices]) for name in _fields(mesh)}
    return replace(mesh, **taken)


def _simplified(mesh: Mesh, posed: F32, normals: F32, limit: int, finest: bool) -> U32:
    """(T, 3) at most `limit` triangles by quadric error (Garland & Heckbert 1998) in the rest pose."""
    source = np.ascontiguousarray(mesh.indices.reshape(-1))
    attributes = np.ascontiguousarray(
        np.concatenate([normals, mesh.colors[:, :3] / 255.0, mesh.coat / 255.0], 1).astype(np.float32)
    )
    weights = np.array([0.15] * 3 + [0.1] * 3 + [0.1] * mesh.coat.shape[1], np.float32)
    target = np.empty_like(source)
    # The binding does not declare these functions' argument types: without them counts are passed as 32-bit integers,
    # and the upper halves that the library reads are whatever lay on the stack.
    counts = {
        "index_count": ctypes.c_size_t(len(source)),
        "vertex_count": ctypes.c_size_t(len(posed)),
        "vertex_positions_stride": ctypes.c_size_t(posed.strides[0]),
        "target_index_count": ctypes.c_size_t(3 * limit),
    }
    count: int = meshoptimizer.simplify_with_attributes(
        target,
        source,
        posed,
        attributes,
        weights,
        **counts,
        vertex_attributes_stride=ctypes.c_size_t(attributes.strides[0]),
        attribute_count=ctypes.c_size_t(len(weights)),
        target_error=ctypes.c_float(1.0 if finest else COARSEST),
        options=ctypes.c_uint(0),  # parts are never pruned: at a thousand triangles a car would lose its wheels
    )
    if finest and count > 3 * limit * 1.25:
        # Seams and hard edges everywhere stop the careful way; the other one works on a grid.
        count = meshoptimizer.simplify_sloppy(target, source, posed, **counts, target_error=1.0)
    return target[:count].reshape(-1, 3).copy()


def _parted(mesh: Mesh, indices: U32) -> Mesh:
    """The mesh with other triangles, whose vertices each belong to one material."""
    look = np.zeros(len(mesh.positions), np.int64)
    flat = mesh.indices.reshape(-1)
    for part in mesh.parts:
        look[flat[part.first : part.first + part.count]] = part.material
    materials = look[indices[:, 0]]
    parts, runs = [], []
    start = 0
    for material in dict.fromkeys(part.material for part in mesh.parts):
        run = indices[materials == material]
        if len(run):
            parts.append(Part(start, run.size, material))
            runs.append(run)
            start += run.size
    return replace(mesh, indices=np.concatenate(runs).astype(np.uint32), parts=tuple(parts))


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
