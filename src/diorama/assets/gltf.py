"""Reads a glTF 2.0 model (.glb, .gltf) into a `Subject`: static, skinned, or with moving parts.

    gltf_container    .glb, .gltf → JSON                gltf_fields      checked access to the JSON
    gltf_file         buffers, accessors                gltf_compressed  meshopt, Draco
    gltf_nodes        node graph, animations            gltf_mesh        primitives as arrays
    gltf_attributes   vertex attributes, indices        gltf_rig         skins and moving nodes → one skeleton
    gltf_morphs       morph targets                     gltf_glossy      specular-glossiness
    gltf_materials    materials
    gltf_images       PNG, JPEG, WebP, KTX 2            proportions      which bones may vary, by their names
    resample          keyframes → dense clips           gltf_layers      textures that lie in several ways

What glTF can say and a subject cannot is left out, and `Subject.notes` tells so: cameras, lights, blended glass. What
common exporters get wrong is mended, and noted too.
"""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.gltf_layers import Layer, merged
from diorama.assets.gltf_materials import MAX_TEXTURES, Materials
from diorama.assets.gltf_mesh import LINES, Piece, read_pieces
from diorama.assets.gltf_morphs import Morphs
from diorama.assets.gltf_nodes import Nodes, animations
from diorama.assets.gltf_rig import Rig
from diorama.assets.proportions import with_proportions
from diorama.assets.resample import Track, resample, seconds_of
from diorama.assets.settings import matches
from diorama.assets.subject import F32, Clip, Credit, Material, Mesh, Part, Skeleton, Subject

T = TypeVar("T", bound=np.generic)

MAX_TRIANGLES = 4_000_000
"""A larger model is refused: it would take minutes to simplify, and the picture would be the same."""

MAX_SAMPLES = 4_000_000
"""Frames times joints of all clips together; where a file holds more, clips get fewer frames."""


def read_gltf(path: Path, subject_id: str, data: bytes | None = None, drop: tuple[str, ...] = ()) -> Subject:
    """A model as its file has it: one level of detail, not yet normalised (`frame` is the identity, no `support`).

    Args:
        path: The file.
        subject_id: The subject's id.
        data: The conversion of a file in another format (`diorama.assets.convert`).
        drop: Patterns of the names of nodes, meshes and materials that are not shown.

    Raises:
        AssetError: Where the file is damaged, is not glTF 2.0, requires what is not supported, or shows no triangles.
    """
    file = GltfFile(path, data)
    if data is not None:
        said = file.root.child("asset", "extras", "notes")
        for note in said.values:
            for about in said.texts(note) or [""]:
                file.note(note, about)
    nodes = Nodes(file)
    materials = Materials(file)
    moves = animations(file)
    every = [track for _, tracks in moves for track in tracks]
    morphs = Morphs(file, every)
    rig = Rig(file, nodes, {track.joint for track in every if track.path != "weights"})
    triangles = vertices = 0
    for node in nodes.shown:
        at = nodes.fields[node]
        if "mesh" not in at:
            continue
        skin = at.reference("skin", "skins")
        mesh = file.items("meshes")[at.reference("mesh", "meshes")]
        if drop and (matches(nodes.names[node], drop) or matches(mesh.text("name"), drop)):
            continue
        for piece in read_pieces(file, node, materials, morphs):
            if drop and matches(materials.materials[piece.material].name, drop):
                continue
            triangles, vertices = triangles + len(piece.indices), vertices + len(piece.positions)
            file.spend(6 * morphs.count * len(piece.positions), at)
            if triangles > MAX_TRIANGLES or vertices > 2 * MAX_TRIANGLES:
                mend = f"Simplify the model below {MAX_TRIANGLES:,} triangles"
                raise file.root.error("meshes", "the model is too large", mend)
            if skin >= 0:
                rig.add_skinned(piece, skin)
            else:
                rig.add_rigid(piece, node)
    # Where nothing else is there, it is the file's alpha that is wrong.
    rig.pieces = [piece for piece in rig.pieces if piece.material not in materials.unseen] or rig.pieces
    if not rig.pieces:
        mend = "Drop less of it" if drop else "Export the model with its mesh"
        shown = "shows points and lines, and" if file.noted(LINES) else "shows"
        raise file.root.error("meshes", f"the scene {shown} no triangles", mend)
    layers = {
        place: [Layer.of(file, info, field, field in materials.materials[place].second) for field, info in infos]
        for place, infos in materials.infos.items()
        if infos
    }
    pieces = merged(file, layers, materials.materials, materials.textures, rig.pieces, MAX_TEXTURES)
    pieces = _sided(pieces, materials.materials)
    skeleton, slot_joints, joint_of = rig.skeleton()
    whole = _join(pieces, np.array(slot_joints), morphs.count)
    if not np.isfinite(whole.positions).all() or not (whole.morphs is None or np.isfinite(whole.morphs).all()):
        raise file.root.error("meshes", "positions are not finite once placed", "Reduce the model's size or distance")
    _note_missing_colour(file, whole, materials.materials)
    return Subject(
        id=subject_id,
        levels=(whole,),
        materials=tuple(materials.materials),
        textures=tuple(materials.textures),
        skeleton=with_proportions(skeleton),
        clips=_clips(moves, skeleton, joint_of, morphs),
        frame=np.eye(4, dtype=np.float32),
        support=np.zeros(0, np.uint32),
        credit=credit_of(file.root),
        notes=tuple(file.notes),
    )


def _sided(pieces: list[Piece], materials: list[Material]) -> list[Piece]:
    """The pieces, with a back of its own for each that is seen from behind, where others are not.

    A subject is drawn from behind as a whole or not at all, and what is to be seen from one side only, such as the
    outlines of a cartoon, would hide it.
    """
    worn = {piece.material for piece in pieces}
    if len({materials[k].double_sided for k in worn}) < 2:
        return pieces
    backs = [piece.inverted() for piece in pieces if materials[piece.material].double_sided]
    for k in worn:
        materials[k] = replace(materials[k], double_sided=False)
    return [*pieces, *backs]


def _join(pieces: list[Piece], slot_joints: NDArray[np.int64], morphs: int) -> Mesh:
    """All pieces as one mesh, sorted by material."""
    pieces = sorted(pieces, key=lambda piece: piece.material)
    firsts = np.cumsum([0, *(len(piece.positions) for piece in pieces)])
    indices = [piece.indices + np.uint32(first) for piece, first in zip(pieces, firsts[:-1], strict=True)]
    parts = []
    start = 0
    for material in dict.fromkeys(piece.material for piece in pieces):
        count = 3 * sum(len(piece.indices) for piece in pieces if piece.material == material)
        parts.append(Part(start, count, material))
        start += count
    total, wide = int(firsts[-1]), max(piece.joints.shape[1] for piece in pieces)
    with np.errstate(over="ignore"):
        positions = np.concatenate([piece.positions for piece in pieces]).astype(np.float32)
    return Mesh(
        positions=positions,
        normals=np.concatenate([piece.normals for piece in pieces]).astype(np.float32),
        uvs=np.concatenate([piece.uvs for piece in pieces]),
        colors=np.concatenate([piece.colors for piece in pieces]),
        joints=slot_joints[np.concatenate([_widened(piece.joints, wide) for piece in pieces])].astype(np.uint16),
        weights=np.concatenate([_widened(piece.weights, wide) for piece in pieces]),
        indices=np.concatenate(indices).astype(np.uint32),
        parts=tuple(parts),
        coat=np.zeros((total, 8), np.uint8),
        coat_amount=np.zeros(total, np.uint8),
        second_uvs=_seconds(pieces),
        morphs=np.concatenate([_spread(piece, morphs) for piece in pieces]) if morphs else None,
    )


def _widened(influences: NDArray[T], wide: int) -> NDArray[T]:
    """(V, wide) joints or weights, the added ones 0."""
    return np.pad(influences, ((0, 0), (0, wide - influences.shape[1])))


def _seconds(pieces: list[Piece]) -> F32 | None:
    """(V, 2) second coordinates of all pieces, 0 of those that have none; None where none has."""
    if all(piece.second_uvs is None for piece in pieces):
        return None
    every = [np.zeros_like(piece.uvs) if piece.second_uvs is None else piece.second_uvs for piece in pieces]
    return np.concatenate(every)


def _spread(piece: Piece, morphs: int) -> F32:
    """(V, T, 6) what each of the model's morph targets adds to a piece's vertices."""
    spread = np.zeros((len(piece.positions), morphs, 6), np.float32)
    spread[:, list(piece.columns)] = piece.morphs
    return spread


def _clips(
    moves: list[tuple[str, list[Track]]], skeleton: Skeleton, joint_of: dict[int, int], morphs: Morphs
) -> tuple[Clip, ...]:
    clips = []
    for name, tracks in moves:
        bound = [replace(t, joint=joint_of[t.joint]) for t in tracks if t.joint in joint_of and t.path != "weights"]
        shaped = [track for track in tracks if track.path == "weights" and morphs.moving(track.joint)]
        if bound or shaped:
            most = max(MAX_SAMPLES // ((len(skeleton.names) + morphs.count) * len(moves)), 2)
            seconds = seconds_of([*bound, *shaped], most=most)
            clip = resample(name.rsplit("|", 1)[-1] or name, skeleton, bound, seconds)
            clips.append(replace(clip, morphs=morphs.frames(shaped, seconds)))
    return tuple(clips)


def credit_of(root: Fields) -> Credit:
    """What the file says of itself: Sketchfab writes author and licence into asset.extras, others a copyright."""
    asset = root.child("asset").values
    extras = asset.get("extras") if isinstance(asset.get("extras"), dict) else {}
    assert isinstance(extras, dict)

    def said(key: str) -> str:
        return " ".join(str(extras.get(key) or "").split())[:300]

    copyright_line = " ".join(str(asset.get("copyright") or "").split())[:300]
    return Credit(licence=said("license") or copyright_line, author=said("author"), source=said("source"))


def _note_missing_colour(file: GltfFile, mesh: Mesh, materials: list[Material]) -> None:
    plain = all(m.base_color_texture < 0 and m.emissive_texture < 0 for m in materials)
    alike = len({m.base_color[:3] for m in materials}) == 1
    if plain and alike and (mesh.colors[:, :3] == 255).all():
        file.note("the model has one plain colour: its textures or colours may have been lost")
