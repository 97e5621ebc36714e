"""A small catalogue made on the spot: boxes on one joint, a tube on many, plain surfaces and skies."""

from dataclasses import replace
from functools import cache

import numpy as np
import simplejpeg

from diorama.assets.coat import Coat
from diorama.assets.subject import Clip, Subject
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Photo, Sky, Surface
from diorama.draws import Draws
from tests.reference import rigs

MODELS = {"cat": ("cat/a", "cat/b", "cat/c"), "dog": ("dog/a", "dog/b"), "bike": ("bike/a",)}


class FakeCatalogue:
    """Three classes: every model has the same clips and coats, so that which model is shown decides nothing else."""

    surfaces = tuple(f"surface{i}" for i in range(5))
    skies = ("sky0", "sky1", "sky2")
    photos = ("photo0", "photo1")

    def subjects(self, class_name: str, /) -> tuple[str, ...]:
        return MODELS[class_name]

    def usable(self, id: str, /) -> bool:
        return True

    def subject(self, id: str, /) -> Subject:
        return _subject(id)

    def surface(self, id: str, /) -> Surface:
        return _surface(id)

    def sky(self, id: str, /) -> Sky:
        return _sky(id)

    def photo(self, id: str, /) -> Photo:
        return _photo(id)


def _chain(joints: int = 38) -> Subject:
    """A tube bound to as many joints as an animal has, each vertex to four of them."""
    tube = rigs.tube()
    mesh, skeleton = tube.levels[0], tube.skeleton
    count = len(mesh.positions)
    u = Draws(0).uniform("weights", np.arange(count), np.zeros(count), 8).astype(np.float32)
    mesh = replace(
        mesh,
        joints=(u[:, :4] * joints).astype(np.uint16),
        weights=u[:, 4:] / u[:, 4:].sum(axis=1, keepdims=True),
    )
    still = np.concatenate([skeleton.rotation[:1]] * joints)
    skeleton = replace(
        skeleton,
        names=tuple(f"joint{k}" for k in range(joints)),
        parents=np.arange(-1, joints - 1, dtype=np.int32),
        translation=np.full((joints, 3), 0.01, np.float32),
        rotation=still,
        scale=np.ones((joints, 3), np.float32),
        inverse_bind=np.tile(np.eye(4, dtype=np.float32), (joints, 1, 1)),
        proportion=np.arange(joints, dtype=np.int32) % 7,
        across=np.zeros((joints, 3), np.float32),
    )
    return replace(tube, levels=(mesh,), skeleton=skeleton)


WAYS = {"hop": (0.0, 1.0, 0.0), "slide": (2.0, 0.0, 1.0), "stay": (0.0, 0.0, 0.0)}


@cache
def _subject(id: str) -> Subject:
    rank = [model for models in MODELS.values() for model in models].index(id)
    rig = _chain() if id == "bike/a" else rigs.box(size=(0.3 + 0.2 * rank, 0.5, 1.0))
    joints = len(rig.skeleton.parents)
    return replace(
        rig,
        id=id,
        clips=tuple(_clip(name, way, joints) for name, way in WAYS.items()),
        rest_clip=2,
        coats=(Coat("plain", (0.5, 0.4, 0.3)), Coat("patched", (0.2, 0.2, 0.2), patch_amount=0.6, white_amount=0.3)),
    )


def _clip(name: str, way: tuple[float, float, float], joints: int) -> Clip:
    """Each joint goes straight from its parent, and turns about +Y and +Z on its way."""
    part = np.linspace(0, 1, 5, dtype=np.float32)[:, None, None]
    half = part[..., 0] * 0.5 * (np.linalg.norm(way) > 0)
    rotation = np.stack([0 * half, np.sin(half) * 0.8, np.sin(half) * 0.6, np.cos(half)], axis=-1)
    tracks = (part * np.array(way, np.float32), rotation, np.ones((5, 1, 3)))
    return Clip(name, 1.0, *(np.repeat(track, joints, axis=1).astype(np.float32) for track in tracks))


@cache
def _surface(id: str) -> Surface:
    grey = np.full((SURFACE_SIZE, SURFACE_SIZE), 40 * int(id[-1]) + 20, np.uint8)
    rgb = np.stack([grey] * 3, axis=-1)
    return Surface(id, rgb, np.full_like(rgb, 128), grey, 0 * grey, metres=0.5 + int(id[-1]))


@cache
def _sky(id: str) -> Sky:
    return Sky(id, np.ones((SKY_HEIGHT, 2 * SKY_HEIGHT, 3), np.float32))


@cache
def _photo(id: str) -> Photo:
    grey = 60 + 120 * int(id[-1])
    pixels = np.full((96, 160, 3), grey, np.uint8)
    mean = np.full(3, (grey / 255) ** 2.2, np.float32)
    return Photo(id, np.frombuffer(simplejpeg.encode_jpeg(pixels, 95, "RGB"), np.uint8), 160, 96, mean)
