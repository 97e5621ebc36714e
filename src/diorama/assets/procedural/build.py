"""From an anatomy to a subject: surface, pieces, skin weights, markings, levels of detail, clips."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.coat import FIELDS, Coat
from diorama.assets.normalize import support
from diorama.assets.procedural import mouth
from diorama.assets.procedural.body import body, true_to_height
from diorama.assets.procedural.clips import clips
from diorama.assets.procedural.features import features
from diorama.assets.procedural.head import sockets
from diorama.assets.procedural.implicit import Blob, distance, gradient, project
from diorama.assets.procedural.levels import BUDGETS, levels, outermost, skin
from diorama.assets.procedural.limbs import claws
from diorama.assets.procedural.markings import Places, fields
from diorama.assets.procedural.pieces import Face, Piece, vertex_normals
from diorama.assets.procedural.polygonize import compact, simplify, surface_nets
from diorama.assets.procedural.primitives import MIRROR, rows
from diorama.assets.procedural.quadruped import Anatomy, Landmarks, landmarks
from diorama.assets.procedural.sampling import sample
from diorama.assets.procedural.skeleton import Rig, rig
from diorama.assets.subject import Credit, Material, Subject

F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]

MATERIALS = (
    Material(name="fur", roughness=0.85, fur=1.0),
    Material(name="wet", roughness=0.16, wet=1.0),
    Material(name="skin", roughness=0.55),
)


def _coat_material(a: Anatomy) -> Material:
    kind = a.hair or ("long" if a.tousle > 0.01 else "short")
    length = (0.006 + 1.1 * a.tousle + 0.12 * a.ruff) * a.height
    return replace(MATERIALS[0], fur=max(a.fur, 0.8) if a.fur else 0.25, hair=kind, hair_length=length)


def build(a: Anatomy, coats: Sequence[Coat]) -> Subject:
    """The subject of an anatomy in its coats; a pure function."""
    a = true_to_height(a)
    points = landmarks(a)
    skeleton = rig(points)
    blobs = body(a, points)
    face = Face(a, points, blobs)
    blobs += sockets(a, points)
    pieces = [*features(a, face, points), *claws(a, points)]
    budget = BUDGETS[0] - sum(len(piece.triangles) for piece in pieces)
    pieces.insert(0, _hide(a, blobs, points, face, skeleton, budget))
    weights = [_dense(piece, skeleton) for piece in pieces]
    at, normals = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("positions", "normals"))
    marked = fields(a, _places(a, points, skeleton, face, at, normals, np.concatenate(weights)))
    coated = np.split(marked, np.cumsum([len(piece.positions) for piece in pieces])[:-1])
    for piece, marks in zip(pieces, coated, strict=True):
        marks[piece.coat_amount == 0, FIELDS.index("flank")] = 255 * (piece.name == "nose")  # leather
    meshes = levels(pieces, weights, coated)
    outer = outermost(meshes[0], skeleton)
    subject = Subject(
        id=a.id,
        levels=meshes,
        materials=(_coat_material(a), *MATERIALS[1:]),
        textures=(),
        skeleton=skeleton.skeleton,
        clips=clips(a, skeleton, skin(meshes[0], skeleton)),
        frame=np.eye(4, dtype=np.float32),
        support=outer,
        coats=tuple(coats),
        stature=a.height,
        credit=Credit(licence="Apache-2.0", author="The Diorama authors", source="diorama"),
    )
    return replace(subject, support=support(subject, outer))


def _dense(piece: Piece, skeleton: Rig) -> F64:
    weights = np.zeros((len(piece.positions), len(skeleton.names)))
    for name, column in piece.joints.items():
        weights[:, skeleton.index(name)] = column
    return weights


def _hide(a: Anatomy, blobs: list[Blob], points: Landmarks, face: Face, skeleton: Rig, budget: int) -> Piece:
    """The body's surface, fine on the face and the paws: the left half is made, the right one mirrors it."""
    fine = a.height * a.head.width / 34
    coarse = max(1.6 * fine, 0.015 * a.height)
    lo = np.min([blob.bounds()[0] for blob in blobs], axis=0) - 2 * coarse
    hi = np.max([blob.bounds()[1] for blob in blobs], axis=0) + 2 * coarse
    half = (np.arange(int(hi[0] / fine) + 1) + 0.5) * fine
    y = _axis(lo[1], hi[1], fine, coarse, [(lo[1], 0.09 * a.height), (face.place((0, -0.55, 0.5))[1], hi[1])])
    z = _axis(lo[2], hi[2], fine, coarse, [(face.place((0, 0, 0.1))[2], hi[2])])
    left = sample(blobs, (half, y, z))
    # With one more layer from the right, the cells between lie across the middle: there the halves meet, at x = 0.
    vertices, triangles = surface_nets(np.concatenate([left[:1], left]), (np.concatenate([-half[:1], half]), y, z))
    vertices[np.abs(vertices[:, 0]) < 1e-3 * fine, 0] = 0.0
    vertices, triangles = _simplified(a, blobs, vertices, triangles, points, face, skeleton, budget // 2)
    middle = vertices[:, 0] == 0
    vertices = project(blobs, vertices, 0.3 * fine, 2)
    vertices[middle, 0] = 0.0
    sleek = [replace(blob, tousle=0.0) for blob in blobs]
    normals = gradient(blobs, vertices, 0.3 * fine)
    if a.tousle:  # The mesh is too coarse for the shading of single locks.
        normals = 0.15 * normals + 0.85 * gradient(sleek, vertices, fine)
    normals[middle, 0] = 0.0
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    shade = _occlusion(sleek, project(sleek, vertices, fine, 1) if a.tousle else vertices, normals, a.height)
    weights = _weights(blobs, vertices, skeleton)
    other = np.flatnonzero(~middle)
    positions = np.concatenate([vertices, vertices[other] * MIRROR])
    normals = np.concatenate([normals, normals[other] * MIRROR])
    shade = np.concatenate([shade, shade[other]])
    weights = np.concatenate([weights, weights[other][:, skeleton.mirror]])
    twin = np.arange(len(vertices), dtype=np.uint32)
    twin[other] = len(vertices) + np.arange(len(other))
    triangles = np.concatenate([triangles, twin[triangles][:, ::-1]])
    weights = _smooth(weights, positions, triangles, 12)
    under = mouth.palate(a, points, positions)
    colors = np.array([0.01, 0.007, 0.006])[None] * (1 - under[:, None]) + under[:, None] * np.array([0.16, 0.04, 0.04])
    joints = {name: weights[:, i] for i, name in enumerate(skeleton.names) if weights[:, i].any()}
    return Piece("hide", positions, normals, triangles, colors, (1 - under) * shade, joints)


def _simplified(
    a: Anatomy,
    blobs: list[Blob],
    vertices: F64,
    triangles: U32,
    points: Landmarks,
    face: Face,
    skeleton: Rig,
    budget: int,
) -> tuple[F64, U32]:
    """The left half with at most `budget` triangles, more of them on the face and along the edges of markings."""
    local = face.local(vertices)
    local[:, 2] -= np.clip(local[:, 2], 0.4 * a.head.skull_length, a.head.skull_length + 0.7 * a.head.muzzle_length)
    near = np.clip(3.0 - np.linalg.norm(local, axis=1) / 0.3, 0, 1)[:, None]  # the head, not the neck
    # The face is simplified as though it were larger, so that it keeps more of its triangles.
    drawn = vertices + 0.9 * near * (vertices - face.place((0, 0, 0.2)))
    looks = vertex_normals(vertices, triangles) * (0.03 + 0.05 * near)
    # At first by shape alone: markings need be known at a few thousand places only.
    kept, triangles = compact(simplify(drawn, triangles, 3 * budget, looks), len(vertices))
    vertices, drawn, looks = vertices[kept], drawn[kept], looks[kept]
    normals = vertex_normals(vertices, triangles)
    weights = _weights(blobs, vertices, skeleton)
    for flip, w in ((np.ones(3), weights), (MIRROR, weights[:, skeleton.mirror])):  # markings differ on the two sides
        marks = fields(a, _places(a, points, skeleton, face, vertices * flip, normals * flip, w))
        looks = np.concatenate([looks, marks * (0.035 / 255)], axis=1)
    kept, triangles = compact(simplify(drawn, triangles, budget, looks), len(vertices))
    return vertices[kept], triangles


def _axis(low: float, high: float, fine: float, coarse: float, bands: list[tuple[float, float]]) -> F64:
    """Grid lines from low to high: `fine` apart within the bands, growing to `coarse` away from them."""
    lines = [low]
    while lines[-1] < high:
        away = min(max(b[0] - lines[-1], lines[-1] - b[1], 0.0) for b in bands)
        lines.append(lines[-1] + float(np.clip(fine + 0.12 * away, fine, coarse)))
    return np.array(lines)


def _weights(blobs: Sequence[Blob], points: F64, skeleton: Rig) -> F64:
    """(V, J) of each joint: a soft choice of the nearest blobs, each moving with its joints."""
    softness = 0.012 * float(np.ptp(skeleton.heads[:, 1]))
    gaps, at = np.full((len(blobs), len(points)), np.inf), rows(points)
    for blob, gap in zip(blobs, gaps, strict=True):
        if not blob.cut:
            close = blob.near(at, 14 * softness)
            gap[close] = blob.shape.distance(at.take(close, axis=1))
    behind = (gaps - gaps.min(axis=0)) / softness
    share, counts = np.zeros(gaps.shape), behind < 14  # of what is farther behind there is less than a millionth
    share[counts] = portable.exp(-behind[counts])
    weights = np.zeros((len(points), len(skeleton.names)))
    for blob, part in zip(blobs, share, strict=True):
        used = np.flatnonzero(part > 1e-6)
        for name, w in blob.joint_weights(points[used]).items():
            weights[used, skeleton.index(name)] += part[used] * w
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _smooth(weights: F64, positions: F64, triangles: U32, rounds: int) -> F64:
    """Weights spread over the surface, so that joints bend without creases."""
    a = triangles[:, [0, 1, 2]].reshape(-1).astype(np.int64)
    b = triangles[:, [1, 2, 0]].reshape(-1).astype(np.int64)
    pull = 1 / (np.linalg.norm(positions[a] - positions[b], axis=1) + 1e-9)
    order = np.argsort(a, kind="stable")
    a, b, pull = a[order], b[order], pull[order]
    starts = np.flatnonzero(np.r_[True, a[1:] != a[:-1]])
    share = (0.6 * pull / np.repeat(np.add.reduceat(pull, starts), np.diff(np.r_[starts, len(a)])))[:, None]
    used = weights.any(axis=0)  # the other joints move none of it
    spread, share = weights[:, used].astype(np.float32), share.astype(np.float32)
    for _ in range(rounds):
        near = spread.take(b, axis=0)
        near *= share
        spread = np.float32(0.4) * spread + np.add.reduceat(near, starts, axis=0)
    out = np.zeros_like(weights)
    out[:, used] = spread
    return out


def _occlusion(blobs: Sequence[Blob], points: F64, normals: F64, height: float) -> F64:
    """(V,) in (0, 1]: how open the surface is, from the distance field along the normal (Evans 2006)."""
    closed = np.zeros(len(points))
    for i, reach in enumerate((0.02, 0.05, 0.11)):
        step = reach * height
        closed += (
            0.5**i * np.clip(step - distance(blobs, points + step * normals, within=0.15 * height), 0, None) / step
        )
    return np.asarray(np.clip(1 - 0.45 * closed, 0.45, 1))


def _places(a: Anatomy, points: Landmarks, skeleton: Rig, face: Face, at: F64, normals: F64, weights: F64) -> Places:
    def share(*stems: str) -> F64:
        chosen = [i for i, name in enumerate(skeleton.names) if name.removesuffix("_l").removesuffix("_r") in stems]
        return np.asarray(weights[:, chosen].sum(axis=1))

    h = a.height
    fore = share("humerus", "radius", "carpus", "front_toes")
    hind = share("tibia", "metatarsus", "hind_toes", "femur")
    elbow, stifle = a.elbow * h, 0.9 * a.elbow * h
    down = np.where(fore > hind, 1 - at[:, 1] / elbow, 1 - at[:, 1] / stifle)
    chain = np.array([points[f"tail{i}"] for i in range(1, 6)] + [points["tail_tip"]])
    on_tail = share("tail1", "tail2", "tail3", "tail4", "tail5")
    run = np.zeros(len(at))
    best = np.full(len(at), np.inf)
    for i in range(5):
        bone = chain[i + 1] - chain[i]
        t = np.clip(portable.matmul(at - chain[i], bone) / (portable.matmul(bone, bone)), 0, 1)
        far = np.linalg.norm(at - chain[i] - t[:, None] * bone, axis=1)
        run = np.where(far < best, (i + t) / 5, run)
        best = np.minimum(best, far)
    return Places(
        along=at[:, 2] / (h * a.length) + 0.5,
        height=at[:, 1] / h,
        side=at[:, 0] / h,
        up=normals[:, 1],
        head=face.local(at),
        on_head=share("head", "muzzle", "jaw", "ear", "ear_tip", "eyelid"),
        leg=fore + hind,
        down_leg=np.clip(down, 0, 1),
        on_ear=share("ear", "ear_tip"),
        tail=run * on_tail,
        on_tail=on_tail,
        metres=at,
    )
