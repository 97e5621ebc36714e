"""Meshes, textures and skies on the device: uploaded once, keyed by content hash."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.backdrops import backdrop_mesh
from diorama.assets.procedural.fur import charts, flow, lengths, maps, packed_angle
from diorama.assets.shapes import shape_mesh
from diorama.assets.subject import HAIR, Mesh, Subject
from diorama.assets.surroundings import SURFACE_SIZE, Sky, Surface
from diorama.render.lighting import octahedral, sky_harmonics
from diorama.render.mipmaps import encode_root, mip_chain, srgb_to_linear
from diorama.scene.batch import BACKDROPS, SHAPES

U8 = NDArray[np.uint8]

REST = np.dtype(
    {
        "names": ["position", "normal", "color", "joints", "weights", "coat", "amount", "look"],
        "formats": [("<f4", 3), ("<i2", 4), ("u1", 4), ("<u2", 4), ("<u2", 4), ("u1", 8), "u1", "<u2"],
        "offsets": [0, 12, 20, 24, 32, 40, 48, 49],
        "itemsize": 52,
    }
)
"""A vertex at rest as pose.wgsl's `Rest` has it."""


@dataclass(frozen=True, eq=False)
class DeviceMesh:
    """One level of detail of one subject on the device."""

    rest: Any  # buffer of REST
    uvs: Any  # buffer of uv, look and, in its last byte, the hair's length: 12 bytes a vertex
    indices: Any
    vertices: int
    count: int  # indices
    furred: int  # how many of them, from the first, belong to furred materials


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
        self.shapes = self._upload_shapes()
        self.surfaces = _Layers(device, "rgba8unorm-srgb")
        self.details = _Layers(device, "rgba8unorm")
        # The first layers of both are kinds of hair, which no scene names as surfaces.
        for kind, texels in zip(HAIR, maps(), strict=True):
            self.surfaces.add(kind, mip_chain(np.full((SURFACE_SIZE, SURFACE_SIZE, 4), 128, np.uint8), srgb=True))
            self.details.add(kind, mip_chain(texels, srgb=False))
        self.skies = _Layers(device, "rgba8unorm")
        self._albedo: dict[str, NDArray[np.float32]] = {}
        self._peak: dict[str, float] = {}
        self._harmonics: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}

    def subject(self, subject: Subject) -> DeviceSubject:
        """The subject on the device, uploaded when first asked for."""
        found = self._subjects.get(subject.hash)
        if found is None:
            found = self._subjects[subject.hash] = self._upload_subject(subject)
        return found

    def surface(self, surface: Surface) -> tuple[int, NDArray[np.float32]]:
        """The surface's layer and its mean albedo, linear RGB (3,)."""
        if surface.hash not in self._albedo:
            albedo = srgb_to_linear(surface.albedo)
            color = np.concatenate([surface.albedo, surface.metalness[..., None]], axis=2)
            detail = np.dstack([surface.normal[..., :2], surface.roughness, np.full_like(surface.roughness, 255)])
            self.surfaces.add(surface.hash, mip_chain(color, srgb=True))
            self.details.add(surface.hash, mip_chain(detail, srgb=False))
            self._albedo[surface.hash] = albedo.mean((0, 1)).astype(np.float32)
        return self.surfaces.layer[surface.hash], self._albedo[surface.hash]

    def sky(self, sky: Sky) -> tuple[int, float, NDArray[np.float32], NDArray[np.float32]]:
        """The sky's layer, the radiance of its brightest texel, harmonics (9, 3) and irradiance on the ground (3,)."""
        if sky.hash not in self._harmonics:
            self._harmonics[sky.hash] = sky_harmonics(sky.radiance)
            # Eight bits of the root of the radiance take half the memory of half floats and sample as fast.
            peak = max(float(np.quantile(sky.radiance, 0.9995)), float(sky.radiance.max()) / 64, 1e-6)
            roots = [encode_root(level, peak) for level in mip_chain(octahedral(sky.radiance))]
            self.skies.add(sky.hash, roots)
            self._peak[sky.hash] = peak
        return self.skies.layer[sky.hash], self._peak[sky.hash], *self._harmonics[sky.hash]

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
        looks = np.zeros((len(subject.materials), 16), np.float32)
        for row, m in zip(looks, subject.materials, strict=True):
            row[:4] = m.base_color_texture, m.normal_texture, m.metallic_roughness_texture, m.emissive_texture
            row[4:8] = m.metallic, m.roughness, m.alpha_cutoff, m.fur
            row[8:15] = *m.emissive, 0, HAIR.index(m.hair), m.hair_length, m.wet
        maps = ("COLOR", "NORMAL", "ROUGHNESS", "EMISSIVE")
        features = {name for name, column in zip(maps, looks.T, strict=False) if (column >= 0).any()}
        if (looks[:, 6] > 0).any():
            features |= {"CUTOFF", "COLOR"}
        if any(m.fur > 0 for m in subject.materials):
            features.add("FUR")
        if any(mesh.coat_amount.any() for mesh in subject.levels):
            features.add("COAT")
        if any(m.double_sided for m in subject.materials):
            features.add("DOUBLE_SIDED")
        base = np.array([m.base_color for m in subject.materials], np.float32)
        textures, looks[:, [0, 3]] = self._upload_textures(subject.textures, looks[:, [0, 3]], srgb=True)
        linear_textures, looks[:, [1, 2]] = self._upload_textures(subject.textures, looks[:, [1, 2]], srgb=False)
        return DeviceSubject(
            levels=tuple(self._upload_mesh(mesh, subject) for mesh in subject.levels),
            looks=self.buffer(looks, "STORAGE"),
            base_colors=self.buffer(base, "STORAGE"),
            textures=textures,
            linear_textures=linear_textures,
            features=frozenset(features),
            stature=subject.stature,
            hair_length=max((m.hair_length for m in subject.materials if m.fur > 0), default=0.0),
        )

    def _upload_textures(
        self, textures: tuple[U8, ...], wanted: NDArray[np.float32], srgb: bool
    ) -> tuple[Any, NDArray[np.float32]]:
        """An array of the textures that `wanted` names, all of one size, and `wanted` with layers in place of names."""
        used = [int(k) for k in np.unique(wanted) if k >= 0]
        chosen = [textures[k] for k in used] or [np.full((1, 1, 4), 255, np.uint8)]
        side = max(max(t.shape[:2]) for t in chosen)
        layers = _Layers(self._device, "rgba8unorm-srgb" if srgb else "rgba8unorm", capacity=len(chosen))
        for k, texture in enumerate(chosen):
            layers.add(str(k), mip_chain(_square(texture, side), srgb))
        layer = {-1: -1} | {name: k for k, name in enumerate(used)}
        return layers.texture, np.vectorize(layer.__getitem__, otypes=[np.float32])(wanted)

    def _upload_mesh(self, mesh: Mesh, subject: Subject) -> DeviceMesh:
        # A vertex has one look: where parts of different materials share vertices, each gets its own copies.
        flat = mesh.indices.reshape(-1)
        kept, look, indices, places, runs = [], [], [], [], []
        start = 0
        furred = [m.fur > 0 for m in subject.materials]
        hair = flow(mesh, subject.skeleton) if any(furred) else np.zeros_like(mesh.normals)
        for part in sorted(mesh.parts, key=lambda part: not furred[part.material]):
            corners = flat[part.first : part.first + part.count]
            if furred[part.material]:
                used, uv, local = charts(mesh, hair, corners.reshape(-1, 3), subject.stature)
            else:
                used, local = np.unique(corners, return_inverse=True)
                uv = mesh.uvs[used]
            kept.append(used)
            places.append(uv)
            look.append(np.full(len(used), part.material, np.uint16))
            indices.append((local.reshape(-1) + start).astype(np.uint32))
            runs.append(len(corners) * furred[part.material])
            start += len(used)
        v, looks = np.concatenate(kept), np.concatenate(look)
        rest = np.zeros(len(v), REST)
        rest["position"] = mesh.positions[v]
        rest["normal"][:, :3] = np.rint(mesh.normals[v] * 32767)
        if any(furred):
            rest["normal"][:, 3] = np.rint(packed_angle(mesh.normals[v], hair[v]) * 32767)
        rest["color"], rest["joints"] = mesh.colors[v], mesh.joints[v]
        rest["weights"] = _weights(mesh.weights[v])
        rest["coat"], rest["amount"], rest["look"] = mesh.coat[v], mesh.coat_amount[v], looks
        uvs = np.zeros(len(v), [("uv", "<f4", 2), ("look", "<u4")])
        uvs["uv"], uvs["look"] = np.concatenate(places), looks
        if any(furred):
            uvs["look"] |= np.rint(lengths(mesh, subject.skeleton)[v] * 255).astype(np.uint32) << 24
        joined = np.concatenate(indices)
        return DeviceMesh(
            self.buffer(rest, "STORAGE"),
            self.buffer(uvs, "VERTEX"),
            self.buffer(joined, "INDEX"),
            len(v),
            len(joined),
            sum(runs),
        )


def _weights(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """(V, 4) weights as unorm16 that still sum to one exactly: the largest takes what rounding left over."""
    units = np.rint(weights * 65535).astype(np.int64)
    rows = np.arange(len(units))
    units[rows, units.argmax(1)] += 65535 - units.sum(1)
    return units.astype(np.uint16)


def _square(texture: U8, side: int) -> U8:
    if texture.shape[:2] == (side, side):
        return texture
    return np.asarray(Image.fromarray(texture, "RGBA").resize((side, side), Image.Resampling.BOX))


class _Layers:
    """A texture array with mip maps that doubles when it is full."""

    def __init__(self, device: Any, kind: str, capacity: int = 32) -> None:
        self._device, self._kind, self._capacity = device, kind, capacity
        self.layer: dict[str, int] = {}
        self.texture: Any = None
        self.levels = 1

    def add(self, key: str, chain: list[NDArray[Any]]) -> None:
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
