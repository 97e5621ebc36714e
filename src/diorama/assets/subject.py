"""A subject as plain data: what every importer and every procedural builder makes, and the pool uploads.

Frames and units. A mesh lies in its own *bind space*. A joint's global matrix takes joint space to *model space*; the
inverse bind matrix takes bind space to joint space. `Subject.frame` takes model space to the *subject frame*: metres,
right-handed, +Y up, the subject looking along +Z. Everything rigid is a rig too: a static model has one joint, and a
model whose nodes move without skins has one joint per node, each vertex bound to its node with weight 1.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diorama.assets.coat import ROWS, Coat
from diorama.assets.hashing import content_hash

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]

PROPORTIONS = ("head", "ears", "muzzle", "neck", "body", "legs", "tail", "girth")
"""The proportions an individual may vary, in the order of every array of proportions.

The first seven scale the length (all three axes, for head, ears and muzzle) of the joints in the group of that name;
`girth` scales the thickness, across the bone, of neck, body, legs and tail.
"""


_HEAD = re.compile(r"(?<![A-Za-z])(?:head|Head|HEAD)(?![A-Za-z])|(?<=[a-z])Head(?![a-z])")
"""A joint's name that says head: "head", "Head_01", "CatHead"; not "headlight" or "Forehead"."""


HAIR = ("short", "long", "curly", "wire")
"""Kinds of hair."""


@dataclass(frozen=True)
class Material:
    """How a part reflects light, in glTF's metallic-roughness terms (glTF 2.0, section 3.9).

    Colours are linear RGB. A texture is an index into `Subject.textures`, or -1 for none.
    """

    name: str = ""
    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 0.8
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha_cutoff: float = 0.0  # fragments whose alpha is below it are not drawn; 0 draws all
    base_color_texture: int = -1  # sRGB colour, linear alpha
    normal_texture: int = -1  # tangent space, +Y up (OpenGL style)
    metallic_roughness_texture: int = -1  # green: roughness, blue: metalness, linear
    emissive_texture: int = -1  # sRGB
    double_sided: bool = False  # drawn from behind too; where no material is, half the triangles need no drawing
    fur: float = 0.0  # strength in [0, 1] of the hairs and locks that are seen; 0 is smooth
    hair: str = "short"  # of what kind they are: one of HAIR
    wet: float = 0.0  # strength of the light that wet eyes and noses throw back wherever they look
    hair_length: float = 0.0  # metres by which they stand beyond the mesh, where a recipe asks for layers of hair
    occlusion_texture: int = -1  # red: share of the light from all around that gets there, linear
    second: tuple[str, ...] = ()  # names of the fields above whose textures lie in the mesh's second set of coordinates


@dataclass(frozen=True, eq=False)
class Part:
    """A run of a mesh's triangles that share a material: `indices[first : first + count]` (flattened)."""

    first: int
    count: int
    material: int


@dataclass(frozen=True, eq=False)
class Mesh:
    """One level of detail: V vertices, T triangles, counter-clockwise seen from outside.

    `colors` multiply the material's base colour; they are sRGB-encoded RGB with linear alpha. `coat` holds eight
    fields, 255 for 1, that say where a coat's layers lie on an embedded animal (`diorama.assets.coat.FIELDS`);
    its effect on a vertex is scaled by `coat_amount`, which is 0 for eyes, noses, claws, and for every imported model.
    """

    positions: F32  # (V, 3) bind space
    normals: F32  # (V, 3) unit, bind space
    uvs: F32  # (V, 2) in glTF's convention: (0, 0) is the image's upper left
    colors: U8  # (V, 4)
    joints: U16  # (V, 4) indices into the skeleton; (V, 8), heaviest first, where a vertex follows more than four
    weights: F32  # (V, 4) or (V, 8), sum to 1
    indices: U32  # (T, 3)
    parts: tuple[Part, ...]
    coat: U8  # (V, 8) FIELDS
    coat_amount: U8  # (V,) 255: coloured by the coat alone; 0: not at all
    second_uvs: F32 | None = None  # (V, 2) where a material has textures in a second set; None where none has
    morphs: F32 | None = None  # (V, T, 6) what each morph target adds to position and normal; None where there is none


@dataclass(frozen=True, eq=False)
class Skeleton:
    """J joints, parents before children."""

    names: tuple[str, ...]
    parents: I32  # (J,) -1 for a root
    translation: F32  # (J, 3) rest pose, relative to the parent
    rotation: F32  # (J, 4) unit quaternion x, y, z, w
    scale: F32  # (J, 3)
    inverse_bind: F32  # (J, 4, 4) bind space → joint space
    proportion: I32  # (J,) index into PROPORTIONS[:7] of the group the joint belongs to, -1 for none
    #: (J, 3) 1 where an axis of the joint's space lies across the bone, so that girth scales it; 0 where it must not
    across: F32


@dataclass(frozen=True, eq=False)
class Clip:
    """An animation resampled to F equidistant frames, the first at the clip's own start; time 0 is the first frame."""

    name: str
    duration: float  # seconds, > 0
    translation: F32  # (F, J, 3)
    rotation: F32  # (F, J, 4) unit quaternions, neighbours in one hemisphere
    scale: F32  # (F, J, 3)
    morphs: F32 | None = None  # (F, T) weights of the morph targets, 0 for what the mesh is without; None: all 0


@dataclass(frozen=True, eq=False)
class Credit:
    """Who made a model and under what terms; empty where unknown."""

    licence: str = ""
    author: str = ""
    source: str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """A model that can be posed: levels of detail (finest first), materials, textures, skeleton and clips.

    `support` are indices of vertices of level 0 whose posed positions bound the whole posed mesh closely in every clip:
    enough to ground and frame a pose without skinning every vertex.
    """

    id: str  # unique in a library: "cat/embedded", "cat/toon_cat_free"
    levels: tuple[Mesh, ...]
    materials: tuple[Material, ...]
    textures: tuple[U8, ...]  # each (H, W, 4)
    skeleton: Skeleton
    clips: tuple[Clip, ...]  # empty for a static model
    frame: F32  # (4, 4) model space → subject frame
    support: U32  # (S,)
    rest_clip: int = -1  # the clip, at time 0, that shows the default pose; -1: the skeleton's rest pose
    coats: tuple[Coat, ...] = ()
    stature: float = 1.0  # metres: the unit of length of the coat's patterns, an animal's height at the withers
    credit: Credit = field(default_factory=Credit)
    notes: tuple[str, ...] = ()  # what the importer mended or left out, for `assets check`

    @cached_property
    def hash(self) -> str:
        """Content hash of everything that a picture depends on (not of the id or the credit)."""
        return content_hash(
            self.levels, self.materials, self.textures, self.skeleton, self.clips, self.frame, self.stature
        )

    @property
    def morphs(self) -> int:
        """How many morph targets its clips move."""
        morphs = self.levels[0].morphs
        return 0 if morphs is None else morphs.shape[1]

    @cached_property
    def head(self) -> tuple[int, NDArray[np.float64]] | None:
        """The head's joint and the middle of the head in bind space (3,); None where no joint is named a head.

        The middle is that of the vertices of the coarsest level that the joint and those below it move.
        """
        skeleton = self.skeleton
        named = [i for i, name in enumerate(skeleton.names) if _HEAD.search(name)]
        if not named:
            return None
        under = np.zeros(len(skeleton.names), bool)
        under[named[0]] = True
        for i, parent in enumerate(skeleton.parents):  # parents come first
            under[i] |= parent >= 0 and under[parent]
        mesh = self.levels[-1]
        moved = (mesh.weights * under[mesh.joints]).sum(axis=1) > 0.5
        if not moved.any():
            return None
        points = mesh.positions[moved].astype(np.float64)
        return named[0], (points.min(axis=0) + points.max(axis=0)) / 2

    def coat_arrays(self) -> F64:
        """(C, ROWS, 4), the arrays of all coats; C is 0 where the subject has none."""
        return np.array([coat.as_array() for coat in self.coats]).reshape(-1, ROWS, 4)
