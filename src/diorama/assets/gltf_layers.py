"""How each texture of a glTF 2.0 material lies on the mesh, brought to one for each set of coordinates.

The textures of a material may differ in their transforms and in what happens beyond their edges. Where they do, all are
drawn anew over the part of the plane that the mesh uses, in the coordinates of the first, and repeat from there on.
Those that lie in a second set of coordinates are brought to one lie by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.gltf_mesh import Piece
from diorama.assets.subject import F32, U8, Material

F64 = NDArray[np.float64]

REPEAT, CLAMP, MIRROR = 10497, 33071, 33648
"""Numbers of wrap modes (glTF 2.0, section 3.8.2.2)."""

MOST_TILES = 8.0
"""Sides of a texture by which a mesh may leave it for its wrap mode to be shown."""

TEXELS = 512
LARGEST = 1024
"""Texels of what is drawn anew: per side of the first texture, and altogether."""


@dataclass(frozen=True)
class Layer:
    """How one texture lies: its material's field, wrap modes, and matrix from its set of coordinates to the image.

    `second` says that its set is the second one.
    """

    field: str
    wraps: tuple[int, int]
    matrix: F64  # (3, 3)
    second: bool

    @classmethod
    def of(cls, file: GltfFile, info: Fields, field: str, second: bool) -> "Layer":
        """The layer of a texture that a material names."""
        texture = file.items("textures")[info.reference("index", "textures")]
        sampler = texture.reference("sampler", "samplers")
        at = file.items("samplers")[sampler] if sampler >= 0 else None
        wraps = (at.integer("wrapS", REPEAT), at.integer("wrapT", REPEAT)) if at else (REPEAT, REPEAT)
        return cls(field, wraps, transform(info.child("extensions", "KHR_texture_transform")), second)


def transform(at: Fields) -> F64:
    """(3, 3) of KHR_texture_transform: T · R · S."""
    offset, scale = at.numbers("offset", (0.0, 0.0)), at.numbers("scale", (1.0, 1.0))
    turn = at.number("rotation", 0.0)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.array([[cos, sin, offset[0]], [-sin, cos, offset[1]], [0, 0, 1.0]]) @ np.diag([*scale, 1.0])


def merged(
    file: GltfFile,
    layers: Mapping[int, Sequence[Layer]],
    materials: list[Material],
    textures: list[U8],
    pieces: list[Piece],
    most: int,
) -> list[Piece]:
    """Brings the textures of each material to one lie.

    Args:
        file: Takes notes.
        layers: Of each material's textures, by its place; the pieces' coordinates are in the first one's of each set.
        materials: Are changed.
        textures: Get what is drawn anew.
        pieces: Of the whole model.
        most: Textures that there may be.

    Returns:
        The pieces, with coordinates for what was drawn anew.
    """
    sets = [(place, second) for place in layers for second in (False, True)]
    for place, second in sets:
        found = [layer for layer in layers[place] if layer.second == second]
        if all(layer.wraps == (REPEAT, REPEAT) and np.allclose(layer.matrix, found[0].matrix) for layer in found):
            continue
        field = "second_uvs" if second else "uvs"
        worn = [k for k, piece in enumerate(pieces) if piece.material == place]
        used = [getattr(pieces[k], field)[np.unique(pieces[k].indices)] for k in worn]
        if not used:
            continue
        low, high = np.concatenate(used).min(0), np.concatenate(used).max(0)
        side = np.maximum(high - low, 1e-3)
        low, side = low - 0.004 * side, 1.008 * side  # so that repeating does not bleed over the edge
        within = bool((low > -0.02).all() and (low + side < 1.02).all())
        if within and all(np.allclose(layer.matrix, found[0].matrix) for layer in found):
            continue  # no edge is passed
        singular = abs(np.linalg.det(found[0].matrix)) < 1e-9
        if side.max() > MOST_TILES or len(textures) + len(found) > most or singular:
            file.note(
                "textures lie otherwise than their material says: they are repeated too often", materials[place].name
            )
            continue
        changed = {}
        for layer in found:
            relative = layer.matrix @ np.linalg.inv(found[0].matrix)
            changed[layer.field] = len(textures)
            textures.append(_drawn(textures[getattr(materials[place], layer.field)], layer.wraps, relative, low, side))
        materials[place] = replace(materials[place], **changed)  # type: ignore[arg-type]  # texture fields are numbers
        for k in worn:
            moved: F32 = ((getattr(pieces[k], field) - low) / side).astype(np.float32)
            pieces[k] = replace(pieces[k], second_uvs=moved) if second else replace(pieces[k], uvs=moved)
    return pieces


def _drawn(texture: U8, wraps: tuple[int, int], matrix: F64, low: F32, side: F32) -> U8:
    """(H, W, 4) a texture as it is seen over a part of the plane."""
    width, height = (int(min(LARGEST, max(1, np.ceil(TEXELS * length)))) for length in side)
    u, v = np.meshgrid(
        low[0] + (np.arange(width) + 0.5) / width * side[0], low[1] + (np.arange(height) + 0.5) / height * side[1]
    )
    x = matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2]
    y = matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2]
    columns, rows = (
        np.clip((_wrapped(at, wrap) * count).astype(np.int64), 0, count - 1)
        for at, wrap, count in ((x, wraps[0], texture.shape[1]), (y, wraps[1], texture.shape[0]))
    )
    return np.ascontiguousarray(texture[rows, columns])


def _wrapped(at: F64, wrap: int) -> F64:
    """Places in [0, 1] on the image."""
    if wrap == CLAMP:
        return np.clip(at, 0.0, 1.0)
    if wrap == MIRROR:
        return 1.0 - np.abs(np.mod(at, 2.0) - 1.0)
    return np.mod(at, 1.0)
