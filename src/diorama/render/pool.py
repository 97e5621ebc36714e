"""Meshes, textures and skies on the device: uploaded when a batch shows them, taken away when others need the room."""

import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diorama.assets.archive import let_go
from diorama.assets.backdrops import backdrop_mesh
from diorama.assets.procedural.fur import maps
from diorama.assets.shapes import shape_mesh
from diorama.assets.subject import HAIR, Subject
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Sky, Surface
from diorama.errors import BatchError, DeviceError
from diorama.render.device import Device
from diorama.render.layers import Layers
from diorama.render.mipmaps import mip_chain
from diorama.render.prepare import (
    Chain,
    PreparedMesh,
    PreparedSubject,
    prepared_sky,
    prepared_subject,
    prepared_surface,
)
from diorama.scene.batch import BACKDROPS, SHAPES, SceneBatch


@dataclass(frozen=True, eq=False)
class DeviceMesh:
    """One level of detail of one subject on the device."""

    rest: Any  # buffer of REST
    uvs: Any  # buffer of prepare.UV, or of SECOND_UV
    indices: Any
    vertices: int
    count: int  # indices
    furred: int  # how many of them, from the first, belong to furred materials
    morphs: Any  # buffer of what each morph target adds to position and normal
    targets: int  # how many of them
    more: Any  # buffer of prepare.MORE
    wide: bool  # whether vertices follow more than four joints


@dataclass(frozen=True, eq=False)
class DeviceSubject:
    """One subject on the device."""

    levels: tuple[DeviceMesh, ...]
    looks: Any  # buffer of subject.wgsl's Look
    base_colors: Any  # buffer of vec4
    textures: Any  # texture array of colours, sRGB codes
    linear_textures: Any  # texture array of normals and roughness
    features: frozenset[str]  # the maps that its pipeline must read
    stature: float  # metres
    hair_length: float  # metres; 0 where there is no fur
    bytes: int


@dataclass(frozen=True)
class DeviceShapes:
    """All obstructor shapes in one pair of buffers."""

    vertices: Any  # position, normal, uv: 32 bytes a vertex
    indices: Any
    ranges: tuple[tuple[int, int, int], ...]  # per shape: index count, first index, base vertex


MEMORY = "DIORAMA_DEVICE_MEMORY"
"""The environment's variable: how many megabytes of models, surfaces and skies a process keeps on its device."""

_SHARES = {"models": 0.5, "surfaces": 0.25, "skies": 0.25}
"""Of those bytes."""

_SURFACE_BYTES = 2 * 4 * SURFACE_SIZE**2 * 4 // 3  # colour and detail, with mip levels
_SKY_BYTES = 4 * (2 * SKY_HEIGHT) ** 2 * 4 // 3


UNSETTLED = 16 << 20
"""Bytes that are uploaded in one go."""


def allowance(device: Device) -> int:
    """Bytes of models, surfaces and skies that a process keeps on the device.

    Raises:
        DeviceError: If the environment's variable is no number.
    """
    said = os.environ.get(MEMORY, "")
    if said and not (said.isdecimal() and int(said)):
        raise DeviceError(MEMORY, f"is {said!r}", "Give megabytes as a whole number, such as 512, or unset it")
    return (int(said) << 20) if said else device.default_memory


class Pool:
    """What the renderer has uploaded: no more than the allowance, of which what was used longest ago goes first.

    `load` what a batch shows; until the next `load` all of it can be asked for.
    """

    def __init__(self, device: Device) -> None:
        self._device = device.handle
        bytes = allowance(device)
        most = {kind: int(bytes * share) for kind, share in _SHARES.items()}
        self._room = most["models"]
        self._unsettled = 0
        self._subjects: OrderedDict[str, DeviceSubject] = OrderedDict()  # the one used longest ago comes first
        self._none = self.buffer(np.zeros(6, np.float32), "STORAGE|COPY_SRC")
        self.shapes = self._upload_shapes()
        layers = len(HAIR) + max(1, most["surfaces"] // _SURFACE_BYTES)
        self._surfaces = Layers(self._device, ("rgba8unorm", "rgba8unorm"), min(layers, device.max_layers))
        layers = min(max(1, most["skies"] // _SKY_BYTES), device.max_layers)
        self._skies = Layers(self._device, ("rgba8unorm",), layers)
        self._albedo: dict[str, NDArray[np.float32]] = {}
        self._light: dict[str, tuple[float, NDArray[np.float32], NDArray[np.float32]]] = {}

    def load(self, batch: SceneBatch) -> None:
        """Uploads what the batch shows and is not there yet, in place of what it does not show if need be.

        Raises:
            BatchError: If that is more than the allowance.
        """
        self._load_subjects({subject.hash: subject for subject in batch.subjects})
        if not self._surfaces.textures:
            self._add_hair(len(batch.surfaces))
        _fill(self._surfaces, {s.hash: s for s in batch.surfaces}, self._add_surface, HAIR, "surfaces")
        _fill(self._skies, {s.hash: s for s in batch.skies}, self._add_sky, (), "skies")

    def subject(self, subject: Subject) -> DeviceSubject:
        """The subject on the device."""
        return self._subjects[subject.hash]

    def surface(self, surface: Surface) -> tuple[int, NDArray[np.float32]]:
        """The surface's layer and its mean albedo, linear RGB (3,)."""
        return self._surfaces[surface.hash], self._albedo[surface.hash]

    def sky(self, sky: Sky) -> tuple[int, float, NDArray[np.float32], NDArray[np.float32]]:
        """The sky's layer, the radiance of its brightest texel, harmonics (9, 3) and irradiance on the ground (3,)."""
        return self._skies[sky.hash], *self._light[sky.hash]

    @property
    def sky_levels(self) -> int:
        """Mip levels of a sky."""
        return self._skies.levels

    @property
    def textures(self) -> tuple[Any, Any, Any]:
        """Texture arrays of the surfaces' colours and details, and of skies. They may be others after a `load`."""
        return *self._surfaces.textures, *self._skies.textures

    def _load_subjects(self, wanted: Mapping[str, Subject]) -> None:
        for key in wanted:
            if key in self._subjects:
                self._subjects.move_to_end(key)
        used = sum(subject.bytes for subject in self._subjects.values())
        for key, subject in wanted.items():
            if key in self._subjects:
                continue
            ready = prepared_subject(subject)
            used += _bytes(ready)
            while used > self._room:
                oldest = next(iter(self._subjects), key)
                if oldest in wanted:
                    raise _too_much("models", self._room)
                used -= self._subjects.pop(oldest).bytes
            self._subjects[key] = self._upload_subject(subject, ready)
            self._settle(self._subjects[key].bytes)
            let_go(subject.levels[0].positions)  # it has been posed and uploaded: little more of its file is read

    def _settle(self, more: int) -> None:
        """Hands over what is uploaded every UNSETTLED bytes: else the copies on the way all take memory at once, which
        the driver does not give back."""
        self._unsettled += more
        if self._unsettled > UNSETTLED:
            self._unsettled = 0
            self._device.queue.read_buffer(self._none, 0, 4)  # submits, and waits for what was submitted

    def _add_hair(self, more: int) -> None:
        """Kinds of hair are the first layers of surfaces; no scene names them. `more` layers will follow at once."""
        self._surfaces.reserve(len(HAIR) + more)
        for kind, texels in zip(HAIR, maps(), strict=True):
            plain = mip_chain(np.full((SURFACE_SIZE, SURFACE_SIZE, 4), 128, np.uint8), srgb=True)
            self._surfaces.add(kind, plain, mip_chain(texels, srgb=False))

    def _add_surface(self, key: str, surface: Surface) -> None:
        ready = prepared_surface(surface)
        self._albedo.pop(self._surfaces.add(key, ready.color, ready.detail) or "", None)
        self._settle(_SURFACE_BYTES)
        self._albedo[key] = ready.albedo.copy()  # lest it keep the whole file mapped

    def _add_sky(self, key: str, sky: Sky) -> None:
        ready = prepared_sky(sky)
        self._light.pop(self._skies.add(key, ready.roots) or "", None)
        self._settle(_SKY_BYTES)
        self._light[key] = (ready.peak, ready.harmonics.copy(), ready.irradiance.copy())

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

    def _upload_subject(self, subject: Subject, ready: PreparedSubject) -> DeviceSubject:
        return DeviceSubject(
            levels=tuple(map(self._upload_mesh, ready.levels)),
            looks=self.buffer(ready.looks, "STORAGE"),
            base_colors=self.buffer(ready.base_colors, "STORAGE"),
            textures=self._upload_textures(ready.textures),
            linear_textures=self._upload_textures(ready.linear_textures),
            features=frozenset(ready.features),
            stature=subject.stature,
            hair_length=ready.hair_length,
            bytes=_bytes(ready),
        )

    def _upload_textures(self, chains: tuple[Chain, ...]) -> Any:
        """An array of textures that are all of one size."""
        layers = Layers(self._device, ("rgba8unorm",), len(chains), capacity=len(chains))
        for k, chain in enumerate(chains):
            layers.add(str(k), chain)
        return layers.textures[0]

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
            self.buffer(mesh.more, "STORAGE") if mesh.more.size else self._none,
            bool(mesh.more.size),
        )


A = TypeVar("A")


def _fill(
    layers: Layers, wanted: Mapping[str, A], add: Callable[[str, A], None], always: Collection[str], kind: str
) -> None:
    """Adds to the layers what they lack of a batch's surfaces or skies; those of `always` stay."""
    if len(wanted) + len(always) > layers.most:
        raise _too_much(kind, layers.most - len(always), "of them ")
    layers.use([*always, *wanted])
    layers.reserve(len(layers) + sum(key not in layers for key in wanted))
    for key, value in wanted.items():
        if key not in layers:
            add(key, value)


def _too_much(kind: str, most: int, unit: str = "") -> BatchError:
    amount = f"{most} {unit}" if unit else f"{most >> 20} MB "
    problem = f"the {kind} of one batch are more than the {amount}that the device may keep"
    return BatchError("--batch", problem, f"Use a smaller batch, or set {MEMORY} to more megabytes")


def _bytes(subject: PreparedSubject) -> int:
    """Bytes that a subject takes on the device."""
    chains = (*subject.textures, *subject.linear_textures)
    arrays = (array for mesh in subject.levels for array in (mesh.rest, mesh.uvs, mesh.indices, mesh.morphs, mesh.more))
    return sum(array.nbytes for array in arrays) + sum(level.nbytes for chain in chains for level in chain)
