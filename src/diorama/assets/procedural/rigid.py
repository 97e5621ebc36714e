"""From solids to a subject: normals, meshes, joints, clips, and the vertices that bound a pose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets import portable
from diorama.assets.coat import Coat
from diorama.assets.procedural.solids import F64, I64, Finish, Solid
from diorama.assets.resample import one_hemisphere
from diorama.assets.subject import PROPORTIONS, U32, Clip, Credit, Material, Mesh, Part, Skeleton, Subject
from diorama.assets.welding import compact

Joint = tuple[str, str, ArrayLike]  # its name, its parent's or "" for the root, where it is


def build(
    id: str,
    levels: Sequence[Sequence[Solid]],
    skeleton: Skeleton,
    clips: Sequence[Clip],
    coats: Sequence[Coat] = (),
    rest_clip: int = -1,
) -> Subject:
    """The subject whose levels of detail, finest first, are these solids."""
    materials = tuple(dict.fromkeys(finish(solid).material for solids in levels for solid in solids))
    meshes = tuple(mesh(solids, skeleton, materials) for solids in levels)
    return Subject(
        id=id,
        levels=meshes,
        materials=materials,
        textures=(),
        skeleton=skeleton,
        clips=tuple(clips),
        frame=np.eye(4, dtype=np.float32),
        support=outermost(meshes[0]),
        rest_clip=rest_clip,
        coats=tuple(replace(coat, unevenness=0.0) for coat in coats),
        credit=Credit(licence="Apache-2.0", author="The Diorama authors", source="diorama"),
    )


def finish(solid: Solid) -> Finish:
    """The finish of a solid that has one."""
    if solid.finish is None:
        raise ValueError("a solid has no finish")
    return solid.finish


def mesh(solids: Sequence[Solid], skeleton: Skeleton, materials: Sequence[Material]) -> Mesh:
    """One mesh of solids, a part for each material."""
    order = sorted(solids, key=lambda solid: materials.index(finish(solid).material))
    finishes = [finish(solid) for solid in order]
    sizes = [len(solid.positions) for solid in order]
    starts = np.cumsum([0, *sizes[:-1]])
    positions = np.concatenate([solid.positions for solid in order])
    triangles = np.concatenate([solid.triangles + start for solid, start in zip(order, starts, strict=True)])
    faces = [len(solid.triangles) for solid in order]
    own = np.repeat([solid.normals is not None for solid in order], faces)
    angles = np.repeat([solid.crease for solid in order], faces)
    source, normals, triangles[~own] = creased(positions, triangles[~own], angles[~own])
    given = np.flatnonzero(np.repeat([solid.normals is not None for solid in order], sizes))
    triangles[own] = np.searchsorted(given, triangles[own]) + len(source)
    source = np.concatenate([source, given])
    normals = np.concatenate([normals, *(solid.normals for solid in order if solid.normals is not None)])

    def spread(rows: ArrayLike) -> NDArray[np.float64]:
        """One row per solid as one per vertex."""
        return np.repeat(np.asarray(rows, float), sizes, axis=0)[source]

    counts = np.bincount([materials.index(f.material) for f in finishes], [3 * len(s.triangles) for s in order])
    firsts = np.cumsum([0, *counts[:-1]])
    linear = np.clip(spread([f.color for f in finishes]), 0, 1)
    srgb = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * portable.power(np.maximum(linear, 1e-9), 1 / 2.4) - 0.055
    )
    coat = np.rint(255 * np.concatenate([_coat(solid) for solid in order])[source]).astype(np.uint8)
    joints = np.zeros((len(source), 4), np.uint16)
    joints[:, 0] = spread([skeleton.names.index(solid.joint) for solid in order])
    return compact(
        Mesh(
            positions=positions[source].astype(np.float32),
            normals=normals.astype(np.float32),
            uvs=np.zeros((len(source), 2), np.float32),
            colors=np.rint(255 * np.concatenate([srgb, np.ones((len(srgb), 1))], axis=1)).astype(np.uint8),
            joints=joints,
            weights=np.tile(np.array([1, 0, 0, 0], np.float32), (len(source), 1)),
            indices=triangles.astype(np.uint32),
            parts=tuple(Part(int(a), int(n), k) for k, (a, n) in enumerate(zip(firsts, counts, strict=True)) if n),
            coat=np.pad(coat[:, :4], ((0, 0), (0, 4))),
            coat_amount=coat[:, 4],
        )
    )


def _coat(solid: Solid) -> F64:
    """(V, 5) coat fields and amount: paint has one colour, or the coat's `patch` as a second one."""
    own = [1.0, 0.0, 0.0 if finish(solid).second else 1.0, 0.0, finish(solid).coat]  # the first: never white
    return np.tile(np.array(own), (len(solid.positions), 1)) if solid.coat is None else solid.coat


def creased(positions: F64, triangles: I64, angles: F64) -> tuple[I64, F64, I64]:
    """Normals that are smooth but for creases.

    Args:
        positions: (V, 3).
        triangles: (T, 3).
        angles: (T,) degrees; two triangles at a vertex are smooth where their normals lie within the smaller one.

    Returns:
        (W,) the vertex that each new one copies, (W, 3) unit normals, (T, 3) triangles of the new vertices.
    """
    corner = positions[triangles]
    edges = np.roll(corner, -1, 1) - corner
    face = np.cross(edges[:, 0], edges[:, 1])
    area = np.linalg.norm(face, axis=1, keepdims=True)
    unit = face / np.maximum(area, 1e-30)
    length = np.linalg.norm(edges, axis=2)
    cosine = -(edges * np.roll(edges, 1, 1)).sum(2) / np.maximum(length * np.roll(length, 1, 1), 1e-30)
    # By angle a quad counts alike whichever way it is cut; by area flat faces stay flat beside their bevels.
    weight = portable.arccos(np.clip(cosine, -1, 1)) * area
    vertex = triangles.reshape(-1)
    order = np.argsort(vertex, kind="stable")
    valence = np.bincount(vertex, minlength=len(positions))
    starts = np.cumsum(valence) - valence
    near = valence[vertex[order]]  # of each corner, in order, how many share its vertex
    a = np.repeat(order, near)
    b = order[np.arange(len(a)) + np.repeat(starts[vertex[order]] - (np.cumsum(near) - near), near)]
    one, two = a // 3, b // 3
    x, y, z = (axis.take(one) * axis.take(two) for axis in np.ascontiguousarray(unit.T))
    limit = portable.cos(np.radians(angles)).take(np.where(angles.take(one) < angles.take(two), one, two))
    smooth = x + y + z >= limit - 1e-9
    a, b = a[smooth], b[smooth]
    pulls = (weight[..., None] * unit[:, None]).reshape(-1, 3).T
    total = np.stack([np.bincount(a, pull.take(b), len(vertex)) for pull in pulls], -1)
    normal = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-30)
    steps = np.rint((normal + 1) * 1000).astype(np.int64)
    keys = ((vertex * 2048 + steps[:, 0]) * 2048 + steps[:, 1]) * 2048 + steps[:, 2]
    _, chosen, place = np.unique(keys, return_index=True, return_inverse=True)
    return vertex[chosen], normal[chosen], place.reshape(-1, 3)


def rig(joints: Sequence[Joint], groups: Mapping[str, str] | None = None) -> Skeleton:
    """Joints, parents first, that are not turned at rest. `groups` names the proportion that scales some of them."""
    names = tuple(name for name, _, _ in joints)
    parents = np.array([names.index(parent) if parent else -1 for _, parent, _ in joints], np.int32)
    heads = np.array([np.asarray(at, float) for _, _, at in joints])
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(names), 1, 1))
    inverse[:, :3, 3] = -heads
    chosen = [(groups or {}).get(name, "") for name in names]
    return Skeleton(
        names=names,
        parents=parents,
        translation=np.where(parents[:, None] < 0, heads, heads - heads[parents]).astype(np.float32),
        rotation=np.tile(np.array([0, 0, 0, 1], np.float32), (len(names), 1)),
        scale=np.ones((len(names), 3), np.float32),
        inverse_bind=inverse,
        proportion=np.array([PROPORTIONS.index(group) if group else -1 for group in chosen], np.int32),
        across=np.zeros((len(names), 3), np.float32),
    )


def clip(skeleton: Skeleton, name: str, duration: float, turns: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Clip:
    """A clip in which joints turn, each about an axis of the subject frame by angles (F,) in degrees.

    Steps between frames must stay below 90 degrees. Joints that are not named keep still.
    """
    frames = max(np.size(angles) for _, angles in turns.values())
    rotation = np.tile(skeleton.rotation.astype(np.float64), (frames, 1, 1))
    for joint, (axis, angles) in turns.items():
        half = np.radians(np.broadcast_to(np.asarray(angles, float), (frames,)))[:, None] / 2
        unit = np.asarray(axis, float) / portable.norm(axis)
        rotation[:, skeleton.names.index(joint)] = np.concatenate(
            [portable.sin(half) * unit, portable.cos(half)], axis=1
        )
    return Clip(
        name=name,
        duration=duration,
        translation=np.tile(skeleton.translation, (frames, 1, 1)),
        rotation=one_hemisphere(rotation),
        scale=np.tile(skeleton.scale, (frames, 1, 1)),
    )


def outermost(mesh: Mesh) -> U32:
    """The outermost vertices of each joint: along 48 directions around the X axis, upright and leaning to both sides.

    A wheel keeps enough of them to touch the ground at any angle.
    """
    around, lean = np.meshgrid(np.arange(48) * 2 * np.pi / 48, np.radians([-80, -40, 0, 40, 80]))
    directions = np.stack(
        [portable.sin(lean), portable.cos(lean) * portable.cos(around), portable.cos(lean) * portable.sin(around)], -1
    )
    chosen: list[NDArray[np.intp]] = []
    for joint in np.unique(mesh.joints[:, 0]):
        own = np.flatnonzero(mesh.joints[:, 0] == joint)
        chosen.append(
            own[(portable.matmul(directions.reshape(-1, 3).astype(np.float32), mesh.positions[own].T)).argmax(1)]
        )
    return np.unique(np.concatenate(chosen)).astype(np.uint32)
