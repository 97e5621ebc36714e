"""Levels of detail: fewer triangles, chosen so that the silhouette stays."""

import ctypes
from dataclasses import replace

import meshoptimizer
import numpy as np

from diorama.assets.animate import pose, shape, skin
from diorama.assets.faceted import Places
from diorama.assets.subject import F32, PROPORTIONS, U32, Mesh, Subject
from diorama.assets.welding import compact, parted, weld
from diorama.errors import AssetError

TRIANGLES = (6_000, 2_500, 1_000)
"""The most triangles of each level. A subject that fills an image of 256 pixels shows no more than the finest."""

COARSEST = 0.02
"""How far a coarser level may leave the surface, as a share of the size: about a pixel where it is shown. A model
that allows no reduction within it has fewer levels."""

WORTHWHILE = 0.75
"""A level is made if it has at most this share of the triangles of the one before."""

SLACK = 1.25
"""A level with so many times its limit of triangles is as good as one within it."""


def with_levels(subject: Subject, triangles: tuple[int, ...] = TRIANGLES) -> Subject:
    """The subject with levels of detail made from its finest mesh, which itself is reduced to the first limit.

    Vertices are never moved; each level holds only those that it needs, ordered for the device's caches. They keep
    their attributes, but for normals across hard edges (`faceted`). Indices into level 0 (`support`) do not survive:
    normalise afterwards.

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
    fewer = _Fewer(subject, finest, (posed / size).astype(np.float32), normals)
    levels: list[Mesh] = []
    for limit in triangles:
        mesh = finest if len(finest.indices) <= limit else fewer.reduced(limit, finest=not levels)
        if not levels or len(mesh.indices) <= WORTHWHILE * len(levels[-1].indices):
            levels.append(compact(mesh))
    return replace(subject, levels=tuple(levels), support=np.zeros(0, np.uint32))


class _Fewer:
    """Reduces a welded mesh, as it is in its rest pose: `posed` (V, 3) has a longest side of 1."""

    def __init__(self, subject: Subject, mesh: Mesh, posed: F32, normals: F32) -> None:
        self._subject, self._mesh, self._posed, self._normals = subject, mesh, posed, normals
        self._attributes = _attributes(mesh, normals)
        self._hard = False
        self._known: dict[bool, Places] = {}

    def reduced(self, limit: int, finest: bool) -> Mesh:
        """At most `limit` triangles, or as near as it gets: no farther off than COARSEST unless it is the finest."""
        mesh, error = self._mesh, 1.0 if finest else COARSEST
        best = mesh
        if not self._hard:
            indices = simplified(mesh.indices, self._posed, self._attributes, limit, error)
            best = parted(mesh, indices) if len(indices) else mesh
            self._hard = len(best.indices) > SLACK * limit  # what could not be reduced so far, cannot be further
        for apart in (True, False):  # hard edges everywhere stop it: without them, then without seams
            if len(best.indices) <= SLACK * limit:
                break
            places = self._places(apart)
            if not (apart or finest) and places.textured.any():
                break  # triangles of one colour show sooner than that there are more of them
            found = simplified(places.indices, places.positions, places.attributes, limit, error)
            if 0 < len(found) <= WORTHWHILE * len(best.indices):
                best = places.mesh(found)
        if finest and len(best.indices) > SLACK * limit:
            indices = _sloppy(mesh.indices, self._posed, limit)
            best = parted(mesh, indices) if len(indices) else best
        return best

    def _places(self, apart: bool) -> Places:
        if apart not in self._known:
            self._known[apart] = Places(self._subject, self._mesh, self._posed, self._normals, apart)
        return self._known[apart]


def _attributes(mesh: Mesh, normals: F32) -> tuple[F32, F32]:
    """(V, A) what a vertex should keep besides its place, and (A,) how much that counts."""
    columns = np.concatenate([normals, mesh.colors[:, :3] / 255.0, mesh.coat / 255.0], 1)
    weights = np.array([0.15] * 3 + [0.1] * 3 + [0.1] * mesh.coat.shape[1], np.float32)
    return np.ascontiguousarray(columns.astype(np.float32)), weights


def simplified(indices: U32, positions: F32, attributes: tuple[F32, F32], limit: int, error: float) -> U32:
    """(T, 3) at most `limit` triangles by quadric error (Garland & Heckbert 1998), or as many as `error` allows."""
    source = np.ascontiguousarray(indices.reshape(-1))
    target = np.empty_like(source)
    columns, weights = attributes
    count: int = meshoptimizer.simplify_with_attributes(
        target,
        source,
        positions,
        columns,
        weights,
        **_counts(source, positions, limit),
        vertex_attributes_stride=ctypes.c_size_t(columns.strides[0]),
        attribute_count=ctypes.c_size_t(len(weights)),
        target_error=ctypes.c_float(error),
        options=ctypes.c_uint(0),  # parts are never pruned: at a thousand triangles a car would lose its wheels
    )
    return target[:count].reshape(-1, 3).copy()


def _sloppy(indices: U32, positions: F32, limit: int) -> U32:
    """(T, 3) about `limit` triangles by a grid, whatever their edges: what is small may vanish."""
    source = np.ascontiguousarray(indices.reshape(-1))
    target = np.empty_like(source)
    count: int = meshoptimizer.simplify_sloppy(
        target, source, positions, **_counts(source, positions, limit), target_error=1.0
    )
    return target[:count].reshape(-1, 3).copy()


def _counts(source: U32, positions: F32, limit: int) -> dict[str, ctypes.c_size_t]:
    # The binding does not declare these functions' argument types: without them counts are passed as 32-bit integers,
    # and the upper halves that the library reads are whatever lay on the stack.
    return {
        "index_count": ctypes.c_size_t(len(source)),
        "vertex_count": ctypes.c_size_t(len(positions)),
        "vertex_positions_stride": ctypes.c_size_t(positions.strides[0]),
        "target_index_count": ctypes.c_size_t(3 * limit),
    }
