"""Scenes for tests: plain ones with one thing to look at, and random ones."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets.coat import ROWS
from diorama.assets.subject import F32, Subject
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Sky, Surface
from diorama.scene.batch import SHAPES, SceneBatch
from tests.reference.raycast import posed_triangles
from tests.reference.rigs import about, bent_palette, box, identity_palette, tube

EMPTY_SLOTS = 6


def flat_surface(color: Sequence[int] = (128, 128, 128), roughness: int = 255) -> Surface:
    """A surface of one sRGB colour, without relief."""
    albedo = np.empty((SURFACE_SIZE, SURFACE_SIZE, 3), np.uint8)
    albedo[:] = color
    grey = np.full((SURFACE_SIZE, SURFACE_SIZE), roughness, np.uint8)
    normal = np.empty_like(albedo)
    normal[:] = (128, 128, 255)
    return Surface(f"flat-{color}", albedo, normal, grey, np.zeros_like(grey))


def checks(tiles: int = 8) -> Surface:
    """Black and white squares, `tiles` to a side."""
    flat = flat_surface()
    square = np.arange(SURFACE_SIZE) * tiles // SURFACE_SIZE % 2
    albedo = np.where((square[:, None] ^ square)[..., None] == 1, 255, 0) * np.ones(3)
    return Surface("checks", albedo.astype(np.uint8), flat.normal, flat.roughness, flat.metalness)


def uniform_sky(radiance: Sequence[float] = (1.0, 1.0, 1.0)) -> Sky:
    """The same radiance from everywhere."""
    return Sky("uniform", np.full((SKY_HEIGHT, 2 * SKY_HEIGHT, 3), radiance, np.float32))


def look_at(eye: ArrayLike, target: ArrayLike) -> F32:
    """(3, 4) world → camera, upright."""
    back = np.subtract(eye, target)
    back = back / np.linalg.norm(back)
    right = np.cross([0, 1, 0], back)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(back, right), back])
    return np.concatenate([rotation, -(rotation @ np.asarray(eye, float))[:, None]], axis=1).astype(np.float32)


def take(batch: SceneBatch, rows: Sequence[int]) -> SceneBatch:
    """These scenes of a batch, as a batch."""
    arrays: dict[str, Any] = {f.name: getattr(batch, f.name) for f in fields(batch)}
    chosen: dict[str, Any] = {name: v[list(rows)] if isinstance(v, np.ndarray) else v for name, v in arrays.items()}
    return SceneBatch(**chosen)


def plain(
    subject: Subject | None = None,
    eye: ArrayLike = (0.0, 1.0, 4.0),
    target: ArrayLike = (0.0, 0.5, 0.0),
    fov: float = 0.6,
    sun: ArrayLike = (0, 0, 0),
    toward_sun: ArrayLike = (0, 1, 0),
    sky: Sky | None = None,
    ground: Surface | None = None,
    place: ArrayLike = (0, 0, 0),
    size: int = 64,
    samples: int = 1,
) -> SceneBatch:
    """One scene: a white box of 1 m on grey ground under a uniform sky, without sun or obstructors."""
    subject = subject or box()
    scene = empty(1, (subject,), (sky or uniform_sky(),), (ground or flat_surface(),), size, samples)
    scene.palette[0] = identity_palette(subject, place)
    scene.view[0], scene.fov[0] = look_at(eye, target), fov
    scene.sun[0] = sun
    scene.sun_direction[0] = np.asarray(toward_sun) / np.linalg.norm(toward_sun)
    frame_subject(scene)
    return scene


def empty(
    count: int,
    subjects: tuple[Subject, ...],
    skies: tuple[Sky, ...],
    surfaces: tuple[Surface, ...],
    size: int = 64,
    samples: int = 1,
) -> SceneBatch:
    """`count` scenes whose subject is unposed and whose camera is unset; everything else is plain."""
    joints = max(len(subject.skeleton.names) for subject in subjects)

    def zeros(*shape: int) -> F32:
        return np.zeros((count, *shape), np.float32)

    def whole(*shape: int) -> NDArray[np.int32]:
        return np.zeros((count, *shape), np.int32)

    return SceneBatch(
        size=size,
        samples=samples,
        subjects=subjects,
        subject=whole(),
        palette=zeros(joints, 3, 4),
        center=zeros(3),
        radius=zeros() + 1,
        coat=zeros(ROWS, 4),
        tint=zeros(3) + 1,
        subject_surface=whole() - 1,
        subject_uv=zeros(2) + np.array([1, 0], np.float32),
        view=zeros(3, 4),
        fov=zeros() + np.float32(0.6),
        near=zeros() + np.float32(0.05),
        sun_direction=zeros(3) + np.array([0, 1, 0], np.float32),
        sun=zeros(3),
        skies=skies,
        sky=whole(),
        sky_rotation=zeros(),
        sky_exposure=zeros() + 1,
        surfaces=surfaces,
        ground=whole(),
        ground_uv=zeros(2) + np.array([1, 0], np.float32),
        shape=whole(EMPTY_SLOTS) - 1,
        transform=zeros(EMPTY_SLOTS, 3, 4),
        surface=whole(EMPTY_SLOTS),
        surface_uv=zeros(EMPTY_SLOTS, 2) + np.array([1, 0], np.float32),
    )


def frame_subject(scene: SceneBatch) -> None:
    """Sets center and radius from the posed vertices."""
    for i in range(len(scene)):
        points = posed_triangles(scene, i).reshape(-1, 3)
        low, high = points.min(0), points.max(0)
        scene.center[i], scene.radius[i] = (low + high) / 2, np.linalg.norm(high - low) / 2


def random(seed: int, count: int = 8, size: int = 64, samples: int = 1) -> SceneBatch:
    """Boxes and bent tubes among up to six shapes of every kind, seen from random places above the ground."""
    rng = np.random.default_rng(seed)
    subjects = (box((0.8, 0.6, 1.1)), tube())
    scene = empty(count, subjects, (uniform_sky(),), (flat_surface(), checks()), size, samples)
    scene.subject[:] = rng.integers(0, 2, count)
    for i in range(count):
        subject = subjects[scene.subject[i]]
        turn, bend = rng.uniform(-np.pi, np.pi), rng.uniform(-0.5, 0.5)
        posed = bent_palette(subject, turn, bend, (*rng.uniform(-0.2, 0.2, 1), 0.05, *rng.uniform(-0.2, 0.2, 1)))
        scene.palette[i, : len(posed)] = posed
        azimuth, height = rng.uniform(-np.pi, np.pi), rng.uniform(0.15, 0.95)
        flat = np.sqrt(1 - height**2)
        eye = rng.uniform(2.5, 4.5) * np.array([flat * np.sin(azimuth), height, flat * np.cos(azimuth)])
        scene.view[i] = look_at(eye, rng.uniform((-0.2, 0.3, -0.2), (0.2, 0.7, 0.2)))
        scene.view[i] = about(2, rng.uniform(-0.4, 0.4)) @ scene.view[i]  # a camera held askew
        scene.fov[i] = rng.uniform(0.4, 0.9)
        sun = rng.normal(size=3)
        sun[1] = abs(sun[1]) + 0.2
        scene.sun_direction[i], scene.sun[i] = sun / np.linalg.norm(sun), rng.uniform(0, 3)
        for k in range(rng.integers(2, EMPTY_SLOTS + 1)):
            scene.shape[i, k] = rng.integers(len(SHAPES))
            scene.transform[i, k] = _random_place(rng)
    scene.ground[:] = rng.integers(0, 2, count)
    frame_subject(scene)
    return scene


def _random_place(rng: np.random.Generator) -> F32:
    """A rotation with a scale per axis, around the subject or above the ground."""
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    rotation *= np.linalg.det(rotation)
    where = rng.uniform((-1.3, 0.1, -1.3), (1.3, 1.2, 1.3))
    return np.concatenate([rotation * rng.uniform(0.2, 0.9, 3), where[:, None]], axis=1).astype(np.float32)
