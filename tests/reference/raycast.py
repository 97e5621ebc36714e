"""Ray casting by Möller and Trumbore (1997): ids, the whole subject, depth and normals of a scene, written to be read.

It shares no code with the renderer beyond the shapes' meshes: skinning, camera and intersection are its own. All rays
leave the camera, so that the method's scalar triple products become products of matrices, rays × triangles. Alpha
cut-outs are not handled.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama.assets.shapes import shape_mesh
from diorama.render.frames import GROUND, OBJECT, SKY, SUBJECT
from diorama.scene.batch import SHAPES, SceneBatch

F64 = NDArray[np.float64]

GROUND_REACH = 1000.0
"""Half the side of the ground in subject radii: far enough that its edge lies within a pixel of the horizon."""

CENTRE = ((0.5, 0.5),)
FOUR = ((0.375, 0.125), (0.875, 0.375), (0.125, 0.625), (0.625, 0.875))
"""Where in a pixel the samples lie: Vulkan's and Direct3D's standard pattern of four."""


@dataclass(frozen=True)
class Truth:
    """What a scene shows at one sample of each pixel; S × S arrays."""

    ids: NDArray[np.uint8]  # as in render/frames.py
    whole: NDArray[np.bool_]  # the subject, were nothing in front of it
    depth: F64  # metres along the camera's axis; inf for the sky
    normals: F64  # (S, S, 3) unit, the camera's axes: the vertices' normals, interpolated; 0 for the sky


@dataclass(frozen=True)
class Faces:
    """T triangles in the world."""

    corners: F64  # (T, 3, 3): triangle, corner, axis
    normals: F64  # (T, 3, 3) of the corners


@dataclass(frozen=True)
class Hits:
    """What R rays meet first."""

    distance: F64  # (R,) in lengths of the ray; inf for a miss
    normals: F64  # (R, 3) in the world; any value for a miss


def cast(scene: SceneBatch, i: int, offset: tuple[float, float] = CENTRE[0]) -> Truth:
    """Scene i, seen through the point `offset` (x right, y down) of every pixel."""
    origin, rays = camera_rays(scene, i, offset)
    near = float(scene.near[i])
    subject = nearest_hit(origin, rays, posed_faces(scene, i), near)
    depth, ids = np.full(len(rays), np.inf), np.full(len(rays), SKY, np.uint8)
    normals = np.zeros((len(rays), 3))
    hits = [(SUBJECT, subject), (GROUND, ground_hit(origin, rays, near, GROUND_REACH * float(scene.radius[i])))]
    for k, faces in objects(scene, i).items():
        hits.append((OBJECT + k, nearest_hit(origin, rays, faces, near)))
    for name, hit in hits:
        closer = hit.distance < depth
        depth[closer], ids[closer], normals[closer] = hit.distance[closer], name, hit.normals[closer]
    normals = normals @ scene.view[i, :, :3].astype(np.float64).T
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    square = (scene.size, scene.size)
    whole = np.isfinite(subject.distance).reshape(square)
    return Truth(ids.reshape(square), whole, depth.reshape(square), normals.reshape(*square, 3))


def camera_rays(scene: SceneBatch, i: int, offset: tuple[float, float]) -> tuple[F64, F64]:
    """The camera's place (3,) and a ray (S·S, 3) per pixel, row by row, of length 1 along the camera's axis."""
    rotation, translation = scene.view[i, :, :3].astype(np.float64), scene.view[i, :, 3].astype(np.float64)
    reach = np.tan(float(scene.fov[i]) / 2)
    x = ((np.arange(scene.size) + offset[0]) / scene.size * 2 - 1) * reach
    y = (1 - (np.arange(scene.size) + offset[1]) / scene.size * 2) * reach
    rays = np.stack([*np.broadcast_arrays(x[None, :], y[:, None], -1.0)], axis=-1).reshape(-1, 3)
    return -(translation @ rotation), rays @ rotation  # rows times R is R⁻¹ times columns


def posed_triangles(scene: SceneBatch, i: int) -> F64:
    """The corners of `posed_faces`."""
    return posed_faces(scene, i).corners


def posed_faces(scene: SceneBatch, i: int) -> Faces:
    """The subject's finest mesh, skinned."""
    mesh = scene.subjects[scene.subject[i]].levels[0]
    palette = scene.palette[i].astype(np.float64)
    blended = np.einsum("vkrc,vk->vrc", palette[mesh.joints], mesh.weights.astype(np.float64))
    places = np.einsum("vrc,vc->vr", blended[..., :3], mesh.positions.astype(np.float64)) + blended[..., 3]
    normals = np.einsum("vc,vcr->vr", mesh.normals.astype(np.float64), np.linalg.inv(blended[..., :3]))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Faces(places[mesh.indices], normals[mesh.indices])


def objects(scene: SceneBatch, i: int) -> dict[int, Faces]:
    """The obstructors of scene i by slot, in the world."""
    found = {}
    for k, shape in enumerate(scene.shape[i]):
        if shape >= 0:
            mesh, matrix = shape_mesh(SHAPES[shape]), scene.transform[i, k].astype(np.float64)
            places = mesh.positions @ matrix[:, :3].T + matrix[:, 3]
            normals = mesh.normals.astype(np.float64) @ np.linalg.inv(matrix[:, :3])
            found[k] = Faces(places[mesh.indices], normals[mesh.indices])
    return found


def nearest_hit(origin: F64, rays: F64, faces: Faces, near: float) -> Hits:
    """The first hits beyond `near`. Both sides of a triangle count."""
    low, high = faces.corners.min((0, 1)), faces.corners.max((0, 1))
    to_middle, reach = (low + high) / 2 - origin, np.linalg.norm(high - low) / 2
    passing = np.linalg.norm(np.cross(rays, to_middle), axis=1) <= reach * np.linalg.norm(rays, axis=1)
    distance, normals = np.full(len(rays), np.inf), np.zeros((len(rays), 3))
    distance[passing], normals[passing] = _nearest_of_all(origin, rays[passing], faces, near)
    return Hits(distance, normals)


def _nearest_of_all(origin: F64, rays: F64, faces: Faces, near: float) -> tuple[F64, F64]:
    first = faces.corners[:, 0]
    e1, e2, s = faces.corners[:, 1] - first, faces.corners[:, 2] - first, origin - first
    q = np.cross(s, e1)
    determinant = rays @ np.cross(e2, e1).T
    with np.errstate(divide="ignore", invalid="ignore"):
        u = rays @ np.cross(e2, s).T / determinant
        v = rays @ q.T / determinant
        t = np.einsum("ti,ti->t", e2, q) / determinant
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t >= near)
    t = np.where(hit, t, np.inf)
    ray, triangle = np.arange(len(rays)), t.argmin(axis=1)
    u, v = np.where(hit, u, 0)[ray, triangle], np.where(hit, v, 0)[ray, triangle]
    corners = faces.normals[triangle]
    normals = (1 - u - v)[:, None] * corners[:, 0] + u[:, None] * corners[:, 1] + v[:, None] * corners[:, 2]
    return t[ray, triangle], normals


def ground_hit(origin: F64, rays: F64, near: float, reach: float) -> Hits:
    """The same for a square of the plane y = 0, `reach` metres to each side of the camera, seen from above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = -origin[1] / rays[:, 1]
        inside = np.abs(rays[:, [0, 2]] * t[:, None]).max(axis=1) <= reach
    distance = np.where((rays[:, 1] < 0) & (t >= near) & inside, t, np.inf)
    return Hits(distance, np.tile([0.0, 1.0, 0.0], (len(rays), 1)))


def box_of(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """(4,) left, top, right, bottom of the pixels set, the last two exclusive; zeros where none is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return np.zeros(4, np.int32)
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.int32)
