"""Ray casting by Möller and Trumbore (1997): ids, the whole subject and depth of a scene, written to be read.

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


def cast(scene: SceneBatch, i: int, offset: tuple[float, float] = CENTRE[0]) -> Truth:
    """Scene i, seen through the point `offset` (x right, y down) of every pixel."""
    origin, rays = camera_rays(scene, i, offset)
    near = float(scene.near[i])
    subject = nearest_hit(origin, rays, posed_triangles(scene, i), near)
    depth, ids = np.full(len(rays), np.inf), np.full(len(rays), SKY, np.uint8)
    hits = [(SUBJECT, subject), (GROUND, ground_hit(origin, rays, near, GROUND_REACH * float(scene.radius[i])))]
    for k, shape in enumerate(scene.shape[i]):
        if shape >= 0:
            triangles = object_triangles(SHAPES[shape], scene.transform[i, k])
            hits.append((OBJECT + k, nearest_hit(origin, rays, triangles, near)))
    for name, distance in hits:
        closer = distance < depth
        depth[closer], ids[closer] = distance[closer], name
    square = (scene.size, scene.size)
    return Truth(ids.reshape(square), np.isfinite(subject).reshape(square), depth.reshape(square))


def camera_rays(scene: SceneBatch, i: int, offset: tuple[float, float]) -> tuple[F64, F64]:
    """The camera's place (3,) and a ray (S·S, 3) per pixel, row by row, of length 1 along the camera's axis."""
    rotation, translation = scene.view[i, :, :3].astype(np.float64), scene.view[i, :, 3].astype(np.float64)
    reach = np.tan(float(scene.fov[i]) / 2)
    x = ((np.arange(scene.size) + offset[0]) / scene.size * 2 - 1) * reach
    y = (1 - (np.arange(scene.size) + offset[1]) / scene.size * 2) * reach
    rays = np.stack([*np.broadcast_arrays(x[None, :], y[:, None], -1.0)], axis=-1).reshape(-1, 3)
    return -(translation @ rotation), rays @ rotation  # rows times R is R⁻¹ times columns


def posed_triangles(scene: SceneBatch, i: int) -> F64:
    """The subject's finest mesh, skinned (T, 3, 3): triangle, corner, world axis."""
    mesh = scene.subjects[scene.subject[i]].levels[0]
    palette = scene.palette[i].astype(np.float64)
    points = np.concatenate([mesh.positions, np.ones((len(mesh.positions), 1))], axis=1)
    by_joint = np.einsum("vkrc,vc->vkr", palette[mesh.joints], points)
    skinned: F64 = np.einsum("vkr,vk->vr", by_joint, mesh.weights.astype(np.float64))
    return np.asarray(skinned[mesh.indices])


def object_triangles(shape: str, transform: NDArray[np.float32]) -> F64:
    """An obstructor's triangles (T, 3, 3) in the world."""
    mesh = shape_mesh(shape)
    matrix = transform.astype(np.float64)
    return (mesh.positions @ matrix[:, :3].T + matrix[:, 3])[mesh.indices]


def nearest_hit(origin: F64, rays: F64, triangles: F64, near: float) -> F64:
    """(R,) how many lengths of its ray the first hit beyond `near` lies away; inf for a miss. Both sides count."""
    low, high = triangles.min((0, 1)), triangles.max((0, 1))
    to_middle, reach = (low + high) / 2 - origin, np.linalg.norm(high - low) / 2
    passing = np.linalg.norm(np.cross(rays, to_middle), axis=1) <= reach * np.linalg.norm(rays, axis=1)
    out = np.full(len(rays), np.inf)
    out[passing] = _nearest_of_all(origin, rays[passing], triangles, near)
    return out


def _nearest_of_all(origin: F64, rays: F64, triangles: F64, near: float) -> F64:
    first = triangles[:, 0]
    e1, e2, s = triangles[:, 1] - first, triangles[:, 2] - first, origin - first
    q = np.cross(s, e1)
    determinant = rays @ np.cross(e2, e1).T
    with np.errstate(divide="ignore", invalid="ignore"):
        u = rays @ np.cross(e2, s).T / determinant
        v = rays @ q.T / determinant
        t = np.einsum("ti,ti->t", e2, q) / determinant
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t >= near)
    return np.asarray(np.where(hit, t, np.inf).min(axis=1))


def ground_hit(origin: F64, rays: F64, near: float, reach: float) -> F64:
    """(R,) the same for a square of the plane y = 0, `reach` metres to each side of the camera, seen from above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = -origin[1] / rays[:, 1]
        inside = np.abs(rays[:, [0, 2]] * t[:, None]).max(axis=1) <= reach
    return np.where((rays[:, 1] < 0) & (t >= near) & inside, t, np.inf)


def box_of(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """(4,) left, top, right, bottom of the pixels set, the last two exclusive; zeros where none is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return np.zeros(4, np.int32)
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.int32)
