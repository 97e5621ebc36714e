"""The primitives of a glTF 2.0 mesh as plain arrays."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_attributes import Attributes
from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.gltf_materials import Mapping, Materials
from diorama.assets.gltf_morphs import Morphs, Targets, blended, offsets
from diorama.assets.subject import F32, U8, U32

FLAT_TRIANGLES = 6_000
"""A primitive without normals is shaded flat, as glTF 2.0 asks (section 3.7.2.1), up to this many triangles. A larger
one, a scan for instance, is shaded smooth: its facets are too small to be meant, and shared vertices simplify well."""

LINES = "points and lines are left out"

F64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Piece:
    """A primitive: V vertices and T triangles of one material. `joints` index the slots of its skin."""

    positions: F64  # (V, 3)
    normals: F64  # (V, 3) unit
    uvs: F32  # (V, 2)
    colors: U8  # (V, 4) sRGB, linear alpha
    joints: NDArray[np.int64]  # (V, 4), or (V, 8) where a vertex follows more than four
    weights: F32  # the same
    indices: U32  # (T, 3)
    material: int
    morphs: F32  # (V, M, 6) what the targets that move add to position and normal
    columns: tuple[int, ...] = ()  # (M,) the targets' places among the model's
    second_uvs: F32 | None = None  # (V, 2) where the material has textures in a second set of coordinates

    def transformed(self, matrix: F64) -> "Piece":
        """The piece in another space. A mirror turns the triangles around, so that they face outwards still."""
        linear = matrix[:3, :3]
        mirrored = np.linalg.det(linear) < 0
        cofactors = np.stack([np.cross(linear[i - 2], linear[i - 1]) for i in range(3)])
        turned = self.normals @ cofactors.T
        morphs = self.morphs
        if self.columns:
            length = np.maximum(np.linalg.norm(turned, axis=1), 1e-30)[:, None, None] * (-1 if mirrored else 1)
            parts = morphs[..., :3] @ linear.T, morphs[..., 3:] @ cofactors.T / length
            morphs = np.concatenate(parts, 2).astype(np.float32)
        return replace(
            self,
            positions=self.positions @ linear.T + matrix[:3, 3],
            normals=-unit(turned) if mirrored else unit(turned),
            morphs=morphs,
            indices=self.indices[:, ::-1] if mirrored else self.indices,
        )

    def inverted(self) -> "Piece":
        """The piece inside out: for joints whose matrices mirror, which then turn it right."""
        morphs = self.morphs * np.array([1, 1, 1, -1, -1, -1], np.float32)
        return replace(self, normals=-self.normals, indices=self.indices[:, ::-1], morphs=morphs)


def read_pieces(file: GltfFile, node: int, materials: Materials, morphs: Morphs) -> Iterator[Piece]:
    """The primitives with triangles of the mesh that a node shows, in the mesh's own space, one by one."""
    mesh = file.items("meshes")[file.items("nodes")[node].reference("mesh", "meshes")]
    weights, moving = morphs.defaults(node), morphs.moving(node)
    for primitive in mesh.children("primitives"):
        piece = _piece(file, primitive, weights, moving, materials)
        if piece is not None and len(piece.indices):
            yield piece


def _piece(file: GltfFile, at: Fields, still: F64, moving: dict[int, int], materials: Materials) -> Piece | None:
    mode = at.integer("mode", 4, high=6)
    if mode < 4:
        file.note(LINES)
        return None
    attributes = Attributes(file, at)
    if "POSITION" not in attributes.names:
        file.note("primitives without positions are left out", at.path)
        return None
    targets = [dict(target.named_references("accessors")) for target in at.children("targets")]
    positions = blended(file, at, attributes.positions(), "POSITION", targets, still)
    count = len(positions)
    indices = _triangles(attributes.indices(count), 4 if attributes.packed else mode)
    material, first, second = materials.use(at.reference("material", "materials"))
    normals = attributes.finite("NORMAL", count, "VEC3")
    if normals is not None and any("NORMAL" in target for target in targets) and still.any():
        normals = blended(file, at, normals, "NORMAL", targets, still).astype(np.float32)
    joints, weights = _skinning(file, at, attributes, count)
    piece = Piece(
        positions=positions,
        normals=np.zeros((count, 3)) if normals is None else unit(normals.astype(np.float64)),
        uvs=_uvs(attributes, first, count),
        colors=_colors(attributes.finite("COLOR_0", count, "VEC3", "VEC4"), count),
        joints=joints,
        weights=weights,
        indices=indices,
        material=material,
        morphs=_moved(file, at, targets, moving, count),
        columns=tuple(column for target, column in moving.items() if target < len(targets)),
        second_uvs=_uvs(attributes, second, count) if second else None,
    )
    used = np.unique(indices)
    if normals is None or not piece.normals[used].any(1).all():
        file.note("normals are missing, computed", at.path)
        return _with_normals(piece)
    return piece


def _triangles(flat: U32, mode: int) -> U32:
    """(T, 3) of triangles, a strip or a fan; without those that have no area by their corners' numbers."""
    if mode == 4:
        triangles = flat[: len(flat) // 3 * 3].reshape(-1, 3)
    elif len(flat) < 3:
        triangles = flat[:0].reshape(0, 3)
    elif mode == 5:  # every other triangle of a strip is turned around
        triangles = np.stack([flat[:-2], flat[1:-1], flat[2:]], 1)
        triangles[1::2] = triangles[1::2, [1, 0, 2]]
    else:
        triangles = np.stack([np.full(len(flat) - 2, flat[0]), flat[1:-1], flat[2:]], 1)
    a, b, c = triangles.T
    sound: U32 = triangles[(a != b) & (b != c) & (c != a)].astype(np.uint32)
    return sound


def _moved(file: GltfFile, at: Fields, targets: Targets, moving: dict[int, int], count: int) -> F32:
    """(V, M, 6) offsets of position and normal of the targets that move."""
    found = [targets[k] for k in moving if k < len(targets)]
    file.spend(6 * len(found) * count, at)
    both = [np.concatenate([offsets(file, at, t, name, count) for name in ("POSITION", "NORMAL")], 1) for t in found]
    return np.stack(both, 1) if both else np.zeros((count, 0, 6), np.float32)


def _skinning(file: GltfFile, at: Fields, attributes: Attributes, count: int) -> tuple[NDArray[np.int64], F32]:
    """(V, 4) joints and weights, heaviest first, adding up to 1; (V, 8) where a vertex has more than four."""
    joints, weights = [], []
    for k in range(4):
        if f"JOINTS_{k}" not in attributes.names or f"WEIGHTS_{k}" not in attributes.names:
            break
        indices = attributes.raw(f"JOINTS_{k}", "VEC4")
        if indices.dtype.kind != "u" or len(indices) != count:
            raise at.error(f"attributes.JOINTS_{k}", f"it must hold unsigned whole numbers for {count} vertices")
        joints.append(indices.astype(np.int64))
        heavy = attributes.finite(f"WEIGHTS_{k}", count, "VEC4")
        assert heavy is not None
        weights.append(np.clip(heavy, 0.0, 1e6))
    if not joints:
        return np.zeros((count, 4), np.int64), np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1))
    every, heaviness = np.concatenate(joints, 1), np.concatenate(weights, 1)
    order = np.argsort(-heaviness, axis=1, kind="stable")
    fifth = np.take_along_axis(heaviness, order[:, 4:5], 1)
    top = order[:, : 8 if fifth.any() else 4]
    if heaviness.shape[1] > 8 and (np.sort(heaviness, 1)[:, :-8] > 0).any():
        file.note("of more than eight influences the eight heaviest count", at.path)
    every, heaviness = np.take_along_axis(every, top, 1), np.take_along_axis(heaviness, top, 1)
    total = heaviness.sum(1, keepdims=True)
    if (total <= 0).any():
        file.note("vertices without weights follow their first joint", at.path)
    heaviness = np.where(total > 0, heaviness / np.maximum(total, 1e-12), np.arange(top.shape[1]) == 0)
    return np.where(heaviness > 0, every, every[:, :1]), heaviness.astype(np.float32)


def _uvs(attributes: Attributes, mapping: Mapping, count: int) -> F32:
    uvs = attributes.finite(f"TEXCOORD_{mapping.uv_set}", count, "VEC2")
    if uvs is None:
        return np.zeros((count, 2), np.float32)
    if mapping.changes:  # KHR_texture_transform: T · R · S
        u, v = (uvs * np.array(mapping.scale, np.float32)).T
        cos, sin = np.cos(mapping.rotation), np.sin(mapping.rotation)
        uvs = np.stack([cos * u + sin * v + mapping.offset[0], cos * v - sin * u + mapping.offset[1]], 1)
    return np.clip(uvs, -1e4, 1e4).astype(np.float32)


def _colors(colors: F32 | None, count: int) -> U8:
    if colors is None:
        return np.full((count, 4), 255, np.uint8)
    linear = np.clip(colors[:, :3], 0.0, 1.0)
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    alpha = np.clip(colors[:, 3:], 0.0, 1.0) if colors.shape[1] == 4 else np.ones((count, 1))
    coded: U8 = np.rint(np.concatenate([curved, alpha], 1) * 255).astype(np.uint8)
    return coded


def _with_normals(piece: Piece) -> Piece:
    if len(piece.indices) <= FLAT_TRIANGLES:
        corners = piece.indices.reshape(-1)
        piece = replace(
            piece,
            positions=piece.positions[corners],
            uvs=piece.uvs[corners],
            colors=piece.colors[corners],
            joints=piece.joints[corners],
            weights=piece.weights[corners],
            morphs=piece.morphs[corners],
            second_uvs=None if piece.second_uvs is None else piece.second_uvs[corners],
            indices=np.arange(len(corners), dtype=np.uint32).reshape(-1, 3),
        )
        place = np.arange(len(corners))
    else:
        place = np.unique(piece.positions, axis=0, return_inverse=True)[1].reshape(-1)
    normals = _computed(piece.positions, piece.indices, place)
    morphs = piece.morphs.copy()
    for k in range(len(piece.columns)):
        moved = _computed(piece.positions + piece.morphs[:, k, :3], piece.indices, place)
        morphs[:, k, 3:] = moved - normals
    return replace(piece, normals=normals, morphs=morphs)


def _computed(positions: F64, triangles: U32, place: NDArray[np.int64]) -> F64:
    """(V, 3) unit normals, each the mean of the triangles about its place."""
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)  # twice the area long, so that large triangles count for more
    sums = np.zeros((int(place.max(initial=0)) + 1, 3))
    for k in range(3):
        np.add.at(sums, place[triangles[:, k]], faces)
    return unit(sums[place])


def unit(vectors: F64) -> F64:
    """(V, 3) vectors of length 1; zero ones stay."""
    largest = np.abs(vectors).max(1, keepdims=True, initial=0.0)
    scaled = vectors / np.where(largest > 0, largest, 1.0)  # no underflow of tiny triangles
    length = np.linalg.norm(scaled, axis=1, keepdims=True)
    result: F64 = scaled / np.where(length > 0, length, 1.0)
    return result
