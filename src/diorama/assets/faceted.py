"""Meshes whose edges are hard, as those of CAD, low-poly models and faceted scans are, made fit for fewer triangles.

Where triangles with normals of their own meet, each has vertices of its own, and nothing may be taken away without
tearing them apart. Here vertices at one place become one, whatever their normals, and lose triangles like any others.
What is left takes its vertices back: each corner the one whose normal and triangles are nearest. Normals that differ by
less than CREASE are averaged: facets so small that they must be thrown together were not meant to be seen.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets.subject import F32, F64, U32, Material, Mesh, Part, Subject
from diorama.assets.welding import as_bytes, equal_rows, fields_of, taken, weld, worn

CREASE = np.cos(np.radians(40))
"""Cosine of the angle between normals from which an edge is seen as one."""

GRID = 1e5
"""Steps to the size of the model by which places are told apart: files round their numbers."""

MOST_SIDES = 48
"""Directions CREASE apart, more than a sphere has room for: what is left after so many has no direction."""

MOST_CHOICES = 5_000_000
"""Vertices to choose among, of all corners together."""

I64 = NDArray[np.int64]


class Places:
    """The places of a welded mesh: vertices that differ in their normals alone, as one.

    Attributes:
        indices: (T, 3) the mesh's triangles by places.
        textured: (V,) whether a vertex has a texture.
        positions: (P, 3) posed.
        attributes: (P, A) what a place should keep, and (A,) how much that counts.
    """

    def __init__(self, subject: Subject, mesh: Mesh, posed: F32, normals: F32, apart: bool) -> None:
        """`apart` says that texture coordinates and colours tell places apart, too.

        Args:
            subject: Whose materials say what is textured.
            mesh: Welded.
            posed: (V, 3) with a longest side of 1.
            normals: (V, 3) posed.
            apart: As above. Where they do not, a triangle has the one colour that was nearest to its middle: what lies
                at one place may lie anywhere in a picture, and between two such places is something else.
        """
        self._apart = apart
        self._look = worn(mesh)
        self.textured = np.array([_is_textured(material) for material in subject.materials])[self._look]
        uvs = np.where(self.textured[:, None], mesh.uvs, 0).astype(np.float32)
        self._mesh = replace(mesh, uvs=uvs)
        together = {"positions", "normals", "morphs", *(() if apart else ("uvs", "second_uvs", "colors"))}
        held = [getattr(self._mesh, name) for name in fields_of(self._mesh) if name not in together]
        if mesh.morphs is not None:
            held.append(np.ascontiguousarray(mesh.morphs[..., :3]))
        grid = np.rint(posed * GRID).astype(np.int64)
        self._first, self._place = equal_rows(as_bytes(grid, self._look, *held))
        corners = posed[mesh.indices].astype(np.float64)
        doubled = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) + 1e-18
        self._area = np.bincount(mesh.indices.reshape(-1), np.repeat(doubled, 3), len(posed))
        self._middle = self._about(doubled, posed)
        self._tones = {name: self._about(doubled, getattr(self._mesh, name)) for name in self._colored()}
        self._lead = self._led(normals)
        self._facing = self._mean(normals)
        self.positions: F32 = np.ascontiguousarray(posed[self._first])
        colors = mesh.colors[self._first, :3].astype(np.float32) / 255 * np.float32(apart)
        self.attributes: tuple[F32, F32] = np.ascontiguousarray(colors, np.float32), np.full(3, 0.1, np.float32)
        triangles = self._place[mesh.indices]
        a, b, c = triangles.T
        self.indices: U32 = triangles[(a != b) & (b != c) & (c != a)].astype(np.uint32)

    def _led(self, normals: F32) -> I64:
        """(V,) a vertex for each, the same where normals of one place belong together.

        The vertex of the largest triangles leads those whose normals lie within CREASE of its own; of the others again.
        """
        lead = np.arange(len(normals))
        left = np.lexsort((-self._area, self._place))
        for _ in range(MOST_SIDES):
            if not len(left):
                break
            _, first, group = np.unique(self._place[left], return_index=True, return_inverse=True)
            leader = left[first[group.reshape(-1)]]
            near = ((normals[left] * normals[leader]).sum(1) > CREASE) | (left == leader)
            lead[left[near]] = leader[near]
            left = left[~near]
        return lead

    def _mean(self, normals: F32) -> F32:
        """(V, 3) the mean of the normals that belong together, by the area of the triangles about them."""
        weight = np.maximum(self._area, 1e-12)
        sums = np.stack([np.bincount(self._lead, normals[:, k] * weight, len(weight)) for k in range(3)], 1)[self._lead]
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.where(length > 1e-20, sums / np.maximum(length, 1e-20), normals).astype(np.float32)

    def mesh(self, triangles: U32) -> Mesh:
        """The mesh of some triangles (T, 3) between places."""
        triangles = triangles[np.argsort(self._look[self._first[triangles[:, 0]]], kind="stable")]
        corners = triangles.reshape(-1).astype(np.int64)
        chosen = self._chosen(corners, self.positions[triangles].astype(np.float64))
        positions = self._mesh.positions[self._first[corners]]
        normals = self._mean(self._mesh.normals)[chosen]
        flat = np.repeat(_faces(positions.astype(np.float64).reshape(-1, 3, 3)), 3, axis=0).astype(np.float32)
        across = (normals * flat).sum(1) < CREASE  # the triangle spans what was an edge: it has a side of its own now
        materials, counts = np.unique(self._look[chosen[::3]], return_counts=True)
        ends = 3 * np.cumsum(counts)
        rows = zip((ends - 3 * counts).tolist(), (3 * counts).tolist(), materials.tolist(), strict=True)
        back = taken(self._mesh, chosen)
        if not self._apart:
            back = self._in_one_tone(back, chosen.reshape(-1, 3), self.positions[triangles].mean(1))
        return weld(
            replace(
                back,
                positions=positions,
                normals=np.where(across[:, None], flat, normals),
                indices=np.arange(len(corners), dtype=np.uint32).reshape(-1, 3),
                parts=tuple(Part(*row) for row in rows),
            )
        )

    def _in_one_tone(self, mesh: Mesh, chosen: I64, middles: F32) -> Mesh:
        """The mesh, all corners of each triangle in the colour of the one (T, 3) whose own triangles are nearest."""
        distance = np.linalg.norm(self._middle[chosen] - middles[:, None], axis=2)
        nearest = np.repeat(chosen[np.arange(len(chosen)), distance.argmin(1)], 3)
        tones: dict[str, Any] = {name: tone[nearest].astype(np.float32) for name, tone in self._tones.items()}
        return replace(mesh, colors=self._mesh.colors[nearest], **tones)

    def _colored(self) -> list[str]:
        return [name for name in ("uvs", "second_uvs") if getattr(self._mesh, name) is not None]

    def _about(self, area: F64, values: NDArray[Any]) -> F64:
        """(V, k) the mean of values (V, k) over the triangles about each vertex, whose areas are given."""
        corners = self._mesh.indices.reshape(-1)
        means = values[self._mesh.indices].astype(np.float64).mean(1) * area[:, None]
        sums = [np.bincount(corners, np.repeat(column, 3), len(values)) for column in means.T]
        return np.stack(sums, 1) / np.maximum(self._area, 1e-30)[:, None]

    def _chosen(self, corners: I64, points: F64) -> I64:
        """(C,) vertices at the places of corners (C,), whose triangles are points (C / 3, 3, 3).

        Of a place the one whose normals agree best with the triangle's; of several such the one whose own triangles
        lay nearest.
        """
        members = np.argsort(self._place, kind="stable")
        counts = np.bincount(self._place, minlength=len(self._first))
        many = counts[corners]
        if many.sum() > MOST_CHOICES:
            return self._first[corners]
        starts = np.cumsum(counts) - counts
        owner = np.repeat(np.arange(len(corners)), many)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
        vertex = members[np.repeat(starts[corners], many) + within]
        agreement = (self._facing[vertex] * _faces(points)[owner // 3]).sum(1)
        distance = np.linalg.norm(self._middle[vertex] - points.mean(1)[owner // 3], axis=1)
        order = np.lexsort((distance, -agreement, owner))
        first = np.cumsum(many) - many
        chosen: I64 = vertex[order[first]]
        return chosen


def _faces(points: F64) -> F64:
    """(T, 3) unit normals of triangles (T, 3, 3)."""
    normals = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30), np.float64)


def _is_textured(material: Material) -> bool:
    return any(value >= 0 for name, value in vars(material).items() if name.endswith("_texture"))
