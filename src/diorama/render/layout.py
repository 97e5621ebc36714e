"""From a SceneBatch to the bytes of the shaders' structures, vectorized over the batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.coat import ROWS, speckled
from diorama.render.frames import OBJECT
from diorama.render.lighting import scene_harmonics, sun_projection
from diorama.render.pool import DeviceMesh, DeviceSubject, Pool
from diorama.scene.batch import SceneBatch

F32 = NDArray[np.float32]

_FIELDS = (
    [("view_projection", (4, 4)), ("sun_projection", (4, 4)), ("irradiance", (9, 4))]
    + [(name, (4,)) for name in ("camera", "sun", "ray_x", "ray_y", "ray_0", "center", "ground", "subject")]
    + [("coat", (ROWS, 4)), ("collar", (2, 4))]
)
SCENE_STRIDE = 768
"""Bytes from one scene's uniforms to the next: the structure, rounded up to WebGPU's alignment of dynamic offsets."""
SCENE = np.dtype(
    {
        "names": [name for name, _ in _FIELDS],
        "formats": [("<f4", shape) for _, shape in _FIELDS],
        "offsets": list(np.cumsum([0, *(4 * int(np.prod(shape)) for _, shape in _FIELDS[:-1])])),
        "itemsize": SCENE_STRIDE,
    }
)
"""scene.wgsl's `Scene`. WGSL stores matrices by columns, so they are written transposed."""

OBJECT_TYPE = np.dtype([("transform", "<f4", (3, 4)), ("normal", "<f4", (3, 4)), ("surface", "<f4", 4)])
"""scene.wgsl's `Object`, its matrices by rows."""

JOB = np.dtype(
    [
        ("palette", "<u4"),
        ("first", "<u4"),
        ("stature", "<f4"),
        ("morphs", "<u4"),
        ("tint", "<f4", 4),
        ("coat", "<f4", (ROWS, 4)),
    ]
)
"""pose.wgsl's `Job`."""

EXTENT = np.dtype(
    [("view_projection", "<f4", (4, 4)), ("first", "<u4"), ("count", "<u4"), ("size", "<f4"), ("near", "<f4")]
)
"""extent.wgsl's `Shown`."""

POSED_BYTES = 52
"""Bytes of a posed vertex, pose.wgsl's `Posed`."""


@dataclass(frozen=True)
class Group:
    """The images of a batch that show the same mesh."""

    subject: DeviceSubject
    mesh: DeviceMesh
    scenes: NDArray[np.intp]  # (n,)
    first_job: int
    first_vertex: int  # image i of the group has its posed vertices from first_vertex + i · mesh.vertices


@dataclass(frozen=True)
class Layout:
    """A batch, ready for the device."""

    scenes: NDArray[np.void]  # (B,) SCENE
    objects: NDArray[np.void]  # (K,) OBJECT_TYPE
    object_shape: NDArray[np.int32]  # (K,)
    object_range: NDArray[np.intp]  # (B + 1,) scene b has objects object_range[b] : object_range[b + 1]
    jobs: NDArray[np.void]  # (B,) JOB
    palette: F32  # (N, 4) rows of the joint matrices of all images, then the weights of their morph targets
    groups: tuple[Group, ...]
    shown: tuple[tuple[DeviceSubject, DeviceMesh, int], ...]  # (B,) of each image, with its first posed vertex
    vertices: int  # posed vertices of all images
    hair: tuple[int, ...]  # (B,) layers of hair to draw
    speckled: NDArray[np.bool_]  # (B,) coats that need noise per pixel
    collared: NDArray[np.bool_]  # (B,) subjects that wear a collar

    def extents(self, batch: SceneBatch) -> NDArray[np.void]:
        """(B,) EXTENT."""
        out = np.zeros(len(batch), EXTENT)
        out["view_projection"] = self.scenes["view_projection"]
        out["first"] = [vertex for _, _, vertex in self.shown]
        out["count"] = [mesh.vertices for _, mesh, _ in self.shown]
        out["size"], out["near"] = batch.size, batch.near
        return out


PIXELS_PER_TRIANGLE = {False: 24, True: 16}
"""Of the square about a subject's bounding sphere, by whether a pixel has several samples. A body fills a third of it
and shows half its triangles: 16 or 10 of its own pixels to each. One sample shows whiskers, say, as mere dots."""

PIXELS_PER_LAYER = 1.5
"""Distance between layers of hair: what lies closer cannot be told apart."""


def pack(batch: SceneBatch, pool: Pool, fine: bool) -> Layout:
    """Uploads what the batch newly needs and lays out its structures; `fine` as in PIXELS_PER_TRIANGLE.

    Raises:
        BatchError: If it shows more than the pool may keep.
    """
    pool.load(batch)
    hair = _hair(batch, pool)
    groups, jobs, vertices = _pack_jobs(batch, pool, PIXELS_PER_TRIANGLE[fine])
    objects, shapes, ranges = _pack_objects(batch, pool)
    return Layout(
        scenes=_pack_scenes(batch, pool, hair),
        objects=objects,
        object_shape=shapes,
        object_range=ranges,
        jobs=jobs,
        palette=_palette(batch),
        groups=groups,
        shown=_shown(groups, len(batch)),
        vertices=vertices,
        hair=tuple(hair.tolist()),
        speckled=speckled(batch.coat),
        collared=np.zeros(len(batch), np.bool_) if batch.collar is None else batch.collar[:, 3] > 0,
    )


def _palette(batch: SceneBatch) -> F32:
    rows = batch.palette.reshape(-1, 4).astype(np.float32, copy=False)
    if batch.morphs is None or not batch.morphs.size:
        return np.ascontiguousarray(rows)
    padded = np.pad(batch.morphs, ((0, 0), (0, -batch.morphs.shape[1] % 4)))
    return np.concatenate([rows, padded.reshape(-1, 4).astype(np.float32)])


def _shown(groups: tuple[Group, ...], images: int) -> tuple[tuple[DeviceSubject, DeviceMesh, int], ...]:
    rows = {
        int(scene): (group.subject, group.mesh, group.first_vertex + i * group.mesh.vertices)
        for group in groups
        for i, scene in enumerate(group.scenes)
    }
    return tuple(rows[k] for k in range(images))


def projected_diameter(batch: SceneBatch) -> F32:
    """(B,) pixels across which each subject's bounding sphere appears."""
    in_view = np.einsum("brc,bc->br", batch.view[:, :, :3], batch.center) + batch.view[:, :, 3]
    distance = np.maximum(np.linalg.norm(in_view, axis=1), batch.near)
    diameter: F32 = (batch.radius / distance / exact.tan(batch.fov / 2) * batch.size).astype(np.float32)
    return diameter


def _hair(batch: SceneBatch, pool: Pool) -> NDArray[np.int64]:
    """(B,) layers of hair: as many as its length has pixels, where a subject wears its own coat."""
    length = np.array([pool.subject(subject).hair_length for subject in batch.subjects])[batch.subject]
    pixels = length * projected_diameter(batch) / (2 * batch.radius)
    layers = np.minimum(np.ceil(pixels / PIXELS_PER_LAYER), batch.hair)
    return np.where((pixels < 0.5) | (batch.subject_surface >= 0), 0, layers).astype(np.int64)


def _level(subject: DeviceSubject, diameter: float, pixels: int) -> int:
    """The coarsest level with a triangle for every so many pixels of the sphere's square."""
    wanted = diameter * diameter / pixels
    fine = [k for k, mesh in enumerate(subject.levels) if mesh.count // 3 >= wanted]
    return fine[-1] if fine else 0


def _pack_jobs(batch: SceneBatch, pool: Pool, pixels: int) -> tuple[tuple[Group, ...], NDArray[np.void], int]:
    diameter = projected_diameter(batch)
    on_device = [pool.subject(subject) for subject in batch.subjects]
    levels = [_level(on_device[s], d, pixels) for s, d in zip(batch.subject, diameter, strict=True)]
    keys = batch.subject.astype(np.int64) * 64 + np.array(levels, np.int64)
    jobs = np.zeros(len(batch), JOB)
    order = np.argsort(keys, kind="stable")
    joint_rows = batch.palette.shape[1] * 3
    morph_rows = 0 if batch.morphs is None else -(-batch.morphs.shape[1] // 4)
    groups, first_job, vertex = [], 0, 0
    for scenes in np.split(order, np.flatnonzero(np.diff(keys[order])) + 1):
        subject = on_device[batch.subject[scenes[0]]]
        mesh = subject.levels[levels[scenes[0]]]
        n = len(scenes)
        rows = slice(first_job, first_job + n)
        jobs["palette"][rows] = scenes * joint_rows
        jobs["morphs"][rows] = len(batch) * joint_rows + scenes * morph_rows
        jobs["first"][rows] = vertex + np.arange(n) * mesh.vertices
        jobs["tint"][rows, :3] = batch.tint[scenes]
        jobs["stature"][rows] = subject.stature
        jobs["coat"][rows] = batch.coat[scenes]
        groups.append(Group(subject, mesh, scenes, first_job, vertex))
        first_job, vertex = first_job + n, vertex + n * mesh.vertices
    return tuple(groups), jobs, vertex


def _pack_objects(batch: SceneBatch, pool: Pool) -> tuple[NDArray[np.void], NDArray[np.int32], NDArray[np.intp]]:
    layers = np.array([pool.surface(s)[0] for s in batch.surfaces], np.float32)
    b, slot = np.nonzero(batch.shape >= 0)
    out = np.zeros(max(len(b), 1), OBJECT_TYPE)
    rows = out[: len(b)]
    transform = batch.transform[b, slot]
    rows["transform"] = transform
    x, y, z = (transform[:, k, :3] for k in range(3))
    cofactor = np.stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)], axis=1)
    rows["normal"][:, :, :3] = cofactor / np.maximum(np.linalg.norm(cofactor, axis=(1, 2), keepdims=True), 1e-30)
    tiles, turn = batch.surface_uv[b, slot].T
    rows["surface"] = np.stack(
        [layers[batch.surface[b, slot]], tiles * np.cos(turn), tiles * np.sin(turn), OBJECT + slot], axis=1
    )
    return out, batch.shape[b, slot], np.searchsorted(b, np.arange(len(batch) + 1))


def _pack_scenes(batch: SceneBatch, pool: Pool, hair: NDArray[np.int64]) -> NDArray[np.void]:
    n = len(batch)
    out = np.zeros(n, SCENE)
    skies = [pool.sky(sky) for sky in batch.skies]
    surfaces = [pool.surface(surface) for surface in batch.surfaces]
    layer = np.array([s[0] for s in surfaces], np.float32)
    albedo = np.stack([s[1] for s in surfaces])
    tint = np.ones((n, 3), np.float32) if batch.sky_tint is None else batch.sky_tint
    shed = batch.sky_exposure[:, None] * tint
    harmonics = np.stack([s[2] for s in skies])[batch.sky] * shed[:, None]
    from_sky = np.stack([s[3] for s in skies])[batch.sky] * shed
    from_sun = batch.sun * np.maximum(batch.sun_direction[:, 1:2], 0)
    below = (albedo[batch.ground] * (from_sky + from_sun) / np.pi).astype(np.float32)

    rotation, offset = batch.view[:, :, :3], batch.view[:, :, 3]
    camera = -np.einsum("brc,br->bc", rotation, offset)
    half = exact.tan(batch.fov / 2).astype(np.float32)
    projection = np.zeros((n, 4, 4), np.float32)  # reversed depth without a far plane: depth = near / distance
    projection[:, 0, 0] = projection[:, 1, 1] = 1 / half
    projection[:, 2, 3] = batch.near
    projection[:, 3, 2] = -1
    view = np.concatenate([batch.view, np.tile(np.eye(4, dtype=np.float32)[3:], (n, 1, 1))], axis=1)
    out["view_projection"] = (projection @ view).transpose(0, 2, 1)
    sun = sun_projection(batch.sun_direction, batch.center, batch.radius)
    out["sun_projection"] = sun.transpose(0, 2, 1)
    out["irradiance"][:, :, :3] = scene_harmonics(harmonics, batch.sky_rotation, below)
    out["camera"][:, :3], out["camera"][:, 3] = camera, batch.radius
    out["ray_x"][:, :3] = rotation[:, 0] * half[:, None]
    out["ray_y"][:, :3] = rotation[:, 1] * half[:, None]
    out["ray_0"][:, :3] = -rotation[:, 2]
    out["sun"][:, :3] = batch.sun / np.pi
    out["center"][:, :3], out["center"][:, 3] = batch.center, batch.radius
    metres, turn = batch.ground_uv.T
    out["ground"] = np.stack([layer[batch.ground], np.cos(turn) / metres, np.sin(turn) / metres, metres], axis=1)
    tiles, turn = batch.subject_uv.T / np.stack([batch.radius, np.ones(n, np.float32)])
    chosen = np.where(batch.subject_surface >= 0, layer[np.maximum(batch.subject_surface, 0)], -1)
    out["subject"] = np.stack([chosen, tiles * np.cos(turn), tiles * np.sin(turn), hair], axis=1)
    out["coat"] = batch.coat
    if batch.flash is not None:
        out["sun"][:, 3] = batch.flash
    if batch.collar is not None:
        out["collar"] = batch.collar.reshape(n, 2, 4)
    sky_layer, peak = np.array([s[:2] for s in skies], np.float32)[batch.sky].T
    levels = np.full(n, pool.sky_levels - 3, np.float32)
    turn = np.cos(batch.sky_rotation), np.sin(batch.sky_rotation)
    fourth = [*turn, sky_layer, batch.sky_exposure * peak, levels, np.arange(n), *batch.sun_direction.T]
    out["irradiance"][:, :, 3] = np.stack(fourth, axis=1)
    return out
