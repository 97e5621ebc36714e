"""Meshes, textures and skies on the device: uploaded once, keyed by content hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets.backdrops import backdrop_mesh
from diorama.assets.procedural.fur import maps
from diorama.assets.shapes import shape_mesh
from diorama.assets.subject import HAIR, Subject
from diorama.assets.surroundings import SURFACE_SIZE, Sky, Surface
from diorama.render.mipmaps import mip_chain
from diorama.render.prepare import Chain, PreparedMesh, prepared_sky, prepared_subject, prepared_surface
from diorama.scene.batch import BACKDROPS, SHAPES


@dataclass(frozen=True, eq=False)
class DeviceMesh:
    """One level of detail of one subject on the device."""

    rest: Any  # buffer of REST
    uvs: Any  # buffer of uv, look and, in its last byte, the hair's length: 12 bytes a vertex
    indices: Any
    vertices: int
    count: int  # indices
    furred: int  # how many of them, from the first, belong to furred materials
    morphs: Any  # buffer of what each morph target adds to position and normal
    targets: int  # how many of them


@dataclass(frozen=True, eq=False)
class DeviceSubject:
    """One subject on the device."""

    levels: tuple[DeviceMesh, ...]
    looks: Any  # buffer of subject.wgsl's Look
    base_colors: Any  # buffer of vec4
    textures: Any  # texture array of colours, sRGB
    linear_textures: Any  # texture array of normals and roughness
    features: frozenset[str]  # the maps that its pipeline must read
    stature: float  # metres
    hair_length: float  # metres; 0 where there is no fur


@dataclass(frozen=True)
class DeviceShapes:
    """All obstructor shapes in one pair of buffers."""

    vertices: Any  # position, normal, uv: 32 bytes a vertex
    indices: Any
    ranges: tuple[tuple[int, int, int], ...]  # per shape: index count, first index, base vertex


class Pool:
    """What the renderer has uploaded. Layers of surfaces and skies are handed out in order of first use."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._subjects: dict[str, DeviceSubject] = {}
        self._none = self.buffer(np.zeros(6, np.float32), "STORAGE")
        self.shapes = self._upload_shapes()
        self.surfaces = _Layers(device, "rgba8unorm-srgb")
        self.details = _Layers(device, "rgba8unorm")
        # The first layers of both are kinds of hair, which no scene names as surfaces.
        for kind, texels in zip(HAIR, maps(), strict=True):
            self.surfaces.add(kind, mip_chain(np.full((SURFACE_SIZE, SURFACE_SIZE, 4), 128, np.uint8), srgb=True))
            self.details.add(kind, mip_chain(texels, srgb=False))
        self.skies = _Layers(device, "rgba8unorm")
        self._albedo: dict[str, NDArray[np.float32]] = {}
        self._skies: dict[str, tuple[float, NDArray[np.float32], NDArray[np.float32]]] = {}

    def subject(self, subject: Subject) -> DeviceSubject:
        """The subject on the device, uploaded when first asked for."""
        found = self._subjects.get(subject.hash)
        if found is None:
            found = self._subjects[subject.hash] = self._upload_subject(subject)
        return found

    def surface(self, surface: Surface) -> tuple[int, NDArray[np.float32]]:
        """The surface's layer and its mean albedo, linear RGB (3,)."""
        if surface.hash not in self._albedo:
            ready = prepared_surface(surface)
            self.surfaces.add(surface.hash, ready.color)
            self.details.add(surface.hash, ready.detail)
            self._albedo[surface.hash] = ready.albedo
        return self.surfaces.layer[surface.hash], self._albedo[surface.hash]

    def sky(self, sky: Sky) -> tuple[int, float, NDArray[np.float32], NDArray[np.float32]]:
        """The sky's layer, the radiance of its brightest texel, harmonics (9, 3) and irradiance on the ground (3,)."""
        if sky.hash not in self._skies:
            ready = prepared_sky(sky)
            self.skies.add(sky.hash, ready.roots)
            self._skies[sky.hash] = (ready.peak, ready.harmonics, ready.irradiance)
        return self.skies.layer[sky.hash], *self._skies[sky.hash]

    def buffer(self, data: NDArray[Any], usage: str) -> Any:
        """A buffer that holds the array."""
        import wgpu

        flags = wgpu.BufferUsage.COPY_DST
        for name in usage.split("|"):
            flags |= getattr(wgpu.BufferUsage, name)
        raw = np.ascontiguousarray(data).view(np.uint8).reshape(-1)
        raw = np.pad(raw, (0, -len(raw) % 16))
        return self._device.create_buffer_with_data(data=raw, usage=flags)

    def _upload_shapes(self) -> DeviceShapes:
        vertices, indices, ranges = [], [], []
        first = base = 0
        for mesh in (*map(shape_mesh, SHAPES), *map(backdrop_mesh, BACKDROPS)):
            vertices.append(np.concatenate([mesh.positions, mesh.normals, mesh.uvs], axis=1).astype(np.float32))
            indices.append(mesh.indices.reshape(-1).astype(np.uint32))
            ranges.append((len(indices[-1]), first, base))
            first, base = first + len(indices[-1]), base + len(vertices[-1])
        return DeviceShapes(
            self.buffer(np.concatenate(vertices), "VERTEX"),
            self.buffer(np.concatenate(indices), "INDEX"),
            tuple(ranges),
        )

    def _upload_subject(self, subject: Subject) -> DeviceSubject:
        ready = prepared_subject(subject)
        return DeviceSubject(
            levels=tuple(map(self._upload_mesh, ready.levels)),
            looks=self.buffer(ready.looks, "STORAGE"),
            base_colors=self.buffer(ready.base_colors, "STORAGE"),
            textures=self._upload_textures(ready.textures, srgb=True),
            linear_textures=self._upload_textures(ready.linear_textures, srgb=False),
            features=frozenset(ready.features),
            stature=subject.stature,
            hair_length=ready.hair_length,
        )

    def _upload_textures(self, chains: tuple[Chain, ...], srgb: bool) -> Any:
        """An array of textures that are all of one size."""
        layers = _Layers(self._device, "rgba8unorm-srgb" if srgb else "rgba8unorm", capacity=len(chains))
        for k, chain in enumerate(chains):
            layers.add(str(k), chain)
        return layers.texture

    def _upload_mesh(self, mesh: PreparedMesh) -> DeviceMesh:
        return DeviceMesh(
            self.buffer(mesh.rest, "STORAGE"),
            self.buffer(mesh.uvs, "VERTEX"),
            self.buffer(mesh.indices, "INDEX"),
            len(mesh.rest),
            len(mesh.indices),
            mesh.furred,
            self.buffer(mesh.morphs, "STORAGE") if mesh.morphs.size else self._none,
            len(mesh.morphs),
        )


class _Layers:
    """A texture array with mip maps that doubles when it is full."""

    def __init__(self, device: Any, kind: str, capacity: int = 32) -> None:
        self._device, self._kind, self._capacity = device, kind, capacity
        self.layer: dict[str, int] = {}
        self.texture: Any = None
        self.levels = 1

    def add(self, key: str, chain: Sequence[NDArray[Any]]) -> None:
        """Uploads one layer's mip levels, finest first, each (H, W, 4)."""
        if self.texture is None:
            self.levels = len(chain)
            self.texture = self._create(chain[0].shape[:2])
        elif len(self.layer) == self._capacity:
            self._grow()
        k = self.layer[key] = len(self.layer)
        for level, pixels in enumerate(chain):
            height, width = pixels.shape[:2]
            where = {"texture": self.texture, "mip_level": level, "origin": (0, 0, k)}
            how = {"offset": 0, "bytes_per_row": width * 4 * pixels.itemsize, "rows_per_image": height}
            self._device.queue.write_texture(where, np.ascontiguousarray(pixels), how, (width, height, 1))

    def _create(self, size: tuple[int, ...]) -> Any:
        import wgpu

        use = wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST | wgpu.TextureUsage.COPY_SRC
        return self._device.create_texture(
            size=(size[1], size[0], self._capacity),
            format=self._kind,
            mip_level_count=self.levels,
            usage=use,
        )

    def _grow(self) -> None:
        old, width, height = self.texture, self.texture.size[0], self.texture.size[1]
        self._capacity *= 2
        self.texture = self._create((height, width))
        encoder = self._device.create_command_encoder()
        for level in range(self.levels):
            size = (max(width >> level, 1), max(height >> level, 1), len(self.layer))
            encoder.copy_texture_to_texture(
                {"texture": old, "mip_level": level}, {"texture": self.texture, "mip_level": level}, size
            )
        self._device.queue.submit([encoder.finish()])
