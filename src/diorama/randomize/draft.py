"""A batch of scenes in the making: what the factors fill in, in their order, until it is a SceneBatch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.subject import Subject
from diorama.assets.surroundings import Photo, Sky, Surface
from diorama.scene.batch import F32, I32, SceneBatch, is_plain

F64 = NDArray[np.float64]


class Catalogue(Protocol):
    """What there is to be shown, as far as factors ask: `diorama.assets.library.Catalogue`, or a stand-in for it."""

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Ids."""

    @property
    def skies(self) -> tuple[str, ...]:
        """Ids."""

    @property
    def photos(self) -> tuple[str, ...]:
        """Ids."""

    def subjects(self, class_name: str, /) -> tuple[str, ...]:
        """Ids of the class's models."""

    def usable(self, id: str, /) -> bool:
        """Whether a model can be shown."""

    def subject(self, id: str, /) -> Subject:
        """Load a model."""

    def surface(self, id: str, /) -> Surface:
        """Load a surface."""

    def sky(self, id: str, /) -> Sky:
        """Load a sky."""

    def photo(self, id: str, /) -> Photo:
        """Load a photo."""


@dataclass(slots=True, eq=False)
class Draft:
    """B scenes. Shapes, units and frames are those of `SceneBatch`, but surfaces and skies are catalogue indices.

    Each field is set by one factor and may be read by those after it. Arrays are double precision until the end.
    """

    catalogue: Catalogue
    classes: tuple[str, ...]
    label: I32  # (B,) index into `classes`
    size: int
    samples: int
    hair: int

    # subject
    subjects: tuple[Subject, ...] = field(init=False)
    subject: I32 = field(init=False)
    scale: F64 = field(init=False)  # (B,) of the whole subject
    proportions: F64 = field(init=False)  # (B, len(PROPORTIONS))
    coat: F64 = field(init=False)
    tint: F64 = field(init=False)
    collar: F64 = field(init=False)  # (B, len(COLLAR))

    # pose
    palette: F32 = field(init=False)
    morphs: F32 = field(init=False)
    center: F64 = field(init=False)
    radius: F64 = field(init=False)

    # camera
    view: F64 = field(init=False)
    fov: F64 = field(init=False)
    near: F64 = field(init=False)

    # light and sky; a sky that knows of its sun sets it anew, then a flash does, and a photo tints both
    sun_direction: F64 = field(init=False)
    sun: F64 = field(init=False)
    flash: F64 = field(init=False)  # (B,) metres from the camera to the subject; 0 for none
    sky: I32 = field(init=False)  # index into the catalogue's skies
    sky_rotation: F64 = field(init=False)
    sky_exposure: F64 = field(init=False)
    sky_tint: F64 = field(init=False)  # (B, 3)

    # surfaces: indices into the catalogue's surfaces
    ground: I32 = field(init=False)
    ground_uv: F64 = field(init=False)
    surface: I32 = field(init=False)
    surface_uv: F64 = field(init=False)

    # obstructors
    shape: I32 = field(init=False)
    transform: F64 = field(init=False)

    # backdrop
    backdrop_shape: I32 = field(init=False)  # (B,) like a slot of `shape` and its fellows, which `finish` adds
    backdrop_transform: F64 = field(init=False)
    backdrop_surface: I32 = field(init=False)
    backdrop_uv: F64 = field(init=False)

    # photo
    photo: I32 = field(init=False)  # (B,) index into the catalogue's photos, or -1
    photo_crop: F64 = field(init=False)
    floor: I32 = field(init=False)

    # texturize_subject
    subject_surface: I32 = field(init=False)
    subject_uv: F64 = field(init=False)

    # look
    look: F64 = field(init=False)  # (B, len(LOOK))

    def __len__(self) -> int:
        return len(self.label)

    def toward_camera(self) -> F64:
        """(B, 3) metres from the middle of each subject to its camera, once `view` and `center` are set."""
        rotation, offset = self.view[:, :, :3], self.view[:, :, 3]
        return np.asarray(-(rotation * offset[:, :, None]).sum(1) - self.center)

    def finish(self) -> SceneBatch:
        """The scenes, with the distinct skies and surfaces that they show; what no image shows is not loaded."""
        shape, transform, surface, surface_uv = self.shape, self.transform, self.surface, self.surface_uv
        if (self.backdrop_shape >= 0).any():
            shape = np.concatenate([shape, self.backdrop_shape[:, None]], axis=1)
            transform = np.concatenate([transform, self.backdrop_transform[:, None]], axis=1)
            surface = np.concatenate([surface, self.backdrop_surface[:, None]], axis=1)
            surface_uv = np.concatenate([surface_uv, self.backdrop_uv[:, None]], axis=1)
        surface = np.where(shape >= 0, surface, self.ground[:, None])
        used, (ground, objects, worn) = _distinct(self.ground, surface, self.subject_surface)
        skies, (sky,) = _distinct(self.sky)
        photos, (photo,) = _distinct(self.photo)
        return SceneBatch(
            size=self.size,
            samples=self.samples,
            hair=self.hair,
            subjects=self.subjects,
            subject=self.subject,
            palette=self.palette,
            morphs=self.morphs,
            center=_f32(self.center),
            radius=_f32(self.radius),
            coat=_f32(self.coat),
            tint=_f32(self.tint),
            collar=_f32(self.collar) if self.collar.any() else None,
            subject_surface=worn,
            subject_uv=_f32(self.subject_uv),
            view=_f32(self.view),
            fov=_f32(self.fov),
            near=_f32(self.near),
            sun_direction=_f32(self.sun_direction),
            sun=_f32(self.sun),
            flash=_f32(self.flash) if self.flash.any() else None,
            skies=tuple(self.catalogue.sky(self.catalogue.skies[i]) for i in skies),
            sky=sky,
            sky_rotation=_f32(self.sky_rotation),
            sky_exposure=_f32(self.sky_exposure),
            sky_tint=_f32(self.sky_tint),
            surfaces=tuple(self.catalogue.surface(self.catalogue.surfaces[i]) for i in used),
            ground=ground,
            ground_uv=_f32(self.ground_uv),
            shape=shape,
            transform=_f32(transform),
            surface=objects,
            surface_uv=_f32(surface_uv),
            photos=tuple(self.catalogue.photo(self.catalogue.photos[i]) for i in photos),
            photo=photo if photos else None,
            photo_crop=_f32(self.photo_crop) if photos else None,
            floor=self.floor if photos else None,
            look=None if is_plain(self.look).all() else _f32(self.look),
        )


def spherical(degrees: F64) -> F64:
    """(..., 2) azimuth and elevation to (..., 3) unit directions: azimuth 0 is +Z, 90° is +X."""
    azimuth, elevation = np.radians(degrees[..., 0]), np.radians(degrees[..., 1])
    flat = exact.cos(elevation)
    return np.stack([flat * exact.sin(azimuth), exact.sin(elevation), flat * exact.cos(azimuth)], axis=-1)


def _f32(values: F64) -> F32:
    return values.astype(np.float32)


def _distinct(*indices: I32) -> tuple[Sequence[int], list[I32]]:
    """The distinct values of some arrays, -1 aside, and the arrays as indices into them."""
    used = np.unique(np.concatenate([index.ravel() for index in indices]))
    used = used[used >= 0]
    found = [np.where(index < 0, -1, np.searchsorted(used, index)).astype(np.int32) for index in indices]
    return used.tolist(), found
