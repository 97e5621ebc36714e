"""What the device needs of subjects, surfaces and skies, as plain data ready for upload; worked out once and cached."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.cache import cached_data
from diorama.assets.procedural.fur import charts, flow, lengths, packed_angle
from diorama.assets.subject import HAIR, Mesh, Subject
from diorama.assets.surroundings import Sky, Surface
from diorama.render.lighting import octahedral, sky_harmonics
from diorama.render.mipmaps import encode_root, mip_chain, srgb_to_linear

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
Chain = tuple[U8, ...]
"""A layer's mip levels, finest first, each (H, W, 4)."""

REST = np.dtype(
    {
        "names": ["position", "normal", "color", "joints", "weights", "coat", "amount", "look"],
        "formats": [("<f4", 3), ("<i2", 4), ("u1", 4), ("<u2", 4), ("<u2", 4), ("u1", 8), "u1", "<u2"],
        "offsets": [0, 12, 20, 24, 32, 40, 48, 49],
        "itemsize": 52,
    }
)
"""A vertex at rest as pose.wgsl's `Rest` has it."""


UV = np.dtype([("uv", "<f4", 2), ("look", "<u4")])
"""What a vertex adds when it is shaded: uv, look and, in its last byte, the hair's length."""

SECOND_UV = np.dtype([*UV.descr, ("second", "<f4", 2)])
"""The same where materials have textures in a second set of coordinates."""

TEXTURES = ("base_color", "normal", "metallic_roughness", "emissive", "occlusion")
"""The textures of a material, by the bits of subject.wgsl's `more`."""

MORE = np.dtype([("joints", "<u2", 4), ("weights", "<u2", 4)])
"""The fifth to eighth joint of a vertex, as pose.wgsl's `More` has them."""


@dataclass(frozen=True, eq=False)
class PreparedMesh:
    """One level of detail: V vertices, of which those at borders of materials or of charts of hair are copies."""

    rest: U8  # (V, REST.itemsize)
    uvs: U8  # (V, UV.itemsize), or that of SECOND_UV
    indices: NDArray[np.uint32]  # (3 T,)
    furred: int  # how many of them, from the first, belong to furred materials
    morphs: F32  # (T, V, 6) what each morph target adds to position and normal
    more: U8  # (V, MORE.itemsize); none where no vertex follows more than four joints


@dataclass(frozen=True, eq=False)
class PreparedSubject:
    """All levels, finest first, and materials."""

    levels: tuple[PreparedMesh, ...]
    looks: F32  # (M, 16) subject.wgsl's Look
    base_colors: F32  # (M, 4)
    textures: tuple[Chain, ...]  # colours, sRGB
    linear_textures: tuple[Chain, ...]  # normals and roughness
    features: tuple[str, ...]  # the maps that its pipeline must read
    hair_length: float  # metres; 0 where there is no fur


@dataclass(frozen=True, eq=False)
class PreparedSurface:
    """A tiling material."""

    color: Chain  # albedo, sRGB, and metalness
    detail: Chain  # normal's x and y, roughness, light that hollows get
    albedo: F32  # (3,) mean, linear RGB


@dataclass(frozen=True, eq=False)
class PreparedSky:
    """A sky as an octahedral map."""

    roots: Chain  # √(radiance / peak)
    peak: float  # radiance of its brightest texel
    harmonics: F32  # (9, 3)
    irradiance: F32  # (3,) on the ground


BRIGHTEST = 25.0
"""Radiance of a sky's picture, at most, for a mean of about one: a brighter lamp would leave few codes for its dark.

The light that it sheds is told by the harmonics, which know all of it."""


def prepared_subject(subject: Subject) -> PreparedSubject:
    """The subject, from the cache if it has it."""
    return cached_data(PreparedSubject, f"{subject.id} {subject.hash}", partial(_subject, subject))


def prepared_surface(surface: Surface) -> PreparedSurface:
    """The surface, from the cache if it has it."""
    return cached_data(PreparedSurface, f"{surface.id} {surface.hash}", partial(_surface, surface))


def prepared_sky(sky: Sky) -> PreparedSky:
    """The sky, from the cache if it has it."""
    return cached_data(PreparedSky, f"{sky.id} {sky.hash}", partial(_sky, sky))


def prepare(asset: object) -> None:
    """Puts a subject, a surface or a sky into the cache as it is uploaded; anything else is left alone."""
    if isinstance(asset, Subject):
        prepared_subject(asset)
    elif isinstance(asset, Surface):
        prepared_surface(asset)
    elif isinstance(asset, Sky):
        prepared_sky(asset)


def _surface(surface: Surface) -> PreparedSurface:
    color = np.concatenate([surface.albedo, surface.metalness[..., None]], axis=2)
    hollows = np.full_like(surface.roughness, 255) if surface.occlusion is None else surface.occlusion
    detail = np.dstack([surface.normal[..., :2], surface.roughness, hollows])
    mean = srgb_to_linear(surface.albedo).mean((0, 1)).astype(np.float32)
    return PreparedSurface(tuple(mip_chain(color, srgb=True)), tuple(mip_chain(detail, srgb=False)), mean)


def _sky(sky: Sky) -> PreparedSky:
    # Eight bits of the root of the radiance take half the memory of half floats and sample as fast.
    peak = max(float(np.quantile(sky.radiance, 0.9995)), float(sky.radiance.max()) / 64, 1e-6)
    peak = min(peak, BRIGHTEST)
    roots = tuple(encode_root(level, peak) for level in mip_chain(octahedral(sky.radiance)))
    return PreparedSky(roots, peak, *sky_harmonics(sky.radiance))


def _subject(subject: Subject) -> PreparedSubject:
    looks = np.zeros((len(subject.materials), 16), np.float32)
    for row, m in zip(looks, subject.materials, strict=True):
        row[:4] = m.base_color_texture, m.normal_texture, m.metallic_roughness_texture, m.emissive_texture
        row[4:8] = m.metallic, m.roughness, m.alpha_cutoff, m.fur
        row[8:15] = *m.emissive, m.occlusion_texture, HAIR.index(m.hair), m.hair_length, m.wet
        row[15] = sum(1 << k for k, name in enumerate(TEXTURES) if f"{name}_texture" in m.second)
    maps = ("COLOR", "NORMAL", "ROUGHNESS", "EMISSIVE", "OCCLUSION")
    columns = looks[:, [0, 1, 2, 3, 11]].T
    features = {name for name, column in zip(maps, columns, strict=True) if (column >= 0).any()}
    if looks[:, 15].any():
        features.add("SECOND")
    if (looks[:, 6] > 0).any():
        features |= {"CUTOFF", "COLOR"}
    if any(m.fur > 0 for m in subject.materials):
        features.add("FUR")
    if any(mesh.coat_amount.any() for mesh in subject.levels):
        features.add("COAT")
    if any(m.double_sided for m in subject.materials):
        features.add("DOUBLE_SIDED")
    base = np.array([m.base_color for m in subject.materials], np.float32)
    textures, looks[:, [0, 3]] = _textures(subject.textures, looks[:, [0, 3]], srgb=True)
    linear_textures, looks[:, [1, 2, 11]] = _textures(subject.textures, looks[:, [1, 2, 11]], srgb=False)
    return PreparedSubject(
        levels=tuple(_mesh(mesh, subject, "SECOND" in features) for mesh in subject.levels),
        looks=looks,
        base_colors=base,
        textures=textures,
        linear_textures=linear_textures,
        features=tuple(sorted(features)),
        hair_length=max((m.hair_length for m in subject.materials if m.fur > 0), default=0.0),
    )


def _textures(textures: tuple[U8, ...], wanted: F32, srgb: bool) -> tuple[tuple[Chain, ...], F32]:
    """The layers that `wanted` names, all of one size, and `wanted` with layers in place of names."""
    used = [int(k) for k in np.unique(wanted) if k >= 0]
    chosen = [textures[k] for k in used] or [np.full((1, 1, 4), 255, np.uint8)]
    side = max(max(t.shape[:2]) for t in chosen)
    layer = {-1: -1} | {name: k for k, name in enumerate(used)}
    chains = tuple(tuple(mip_chain(_square(texture, side), srgb)) for texture in chosen)
    return chains, np.vectorize(layer.__getitem__, otypes=[np.float32])(wanted)


def _mesh(mesh: Mesh, subject: Subject, second: bool) -> PreparedMesh:
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
    weights = _weights(mesh.weights[v])
    rest["color"], rest["joints"], rest["weights"] = mesh.colors[v], mesh.joints[v, :4], weights[:, :4]
    more = np.zeros(len(v) if weights.shape[1] > 4 else 0, MORE)
    if len(more):
        more["joints"], more["weights"] = mesh.joints[v, 4:], weights[:, 4:]
    rest["coat"], rest["amount"], rest["look"] = mesh.coat[v], mesh.coat_amount[v], looks
    uvs = np.zeros(len(v), SECOND_UV if second else UV)
    uvs["uv"], uvs["look"] = np.concatenate(places), looks
    if second and mesh.second_uvs is not None:
        uvs["second"] = mesh.second_uvs[v]
    if any(furred):
        uvs["look"] |= np.rint(lengths(mesh, subject.skeleton)[v] * 255).astype(np.uint32) << 24
    raw = rest.view(np.uint8).reshape(len(v), REST.itemsize), uvs.view(np.uint8).reshape(len(v), uvs.itemsize)
    morphs = np.zeros((len(v), 0, 6), np.float32) if mesh.morphs is None else mesh.morphs[v]
    return PreparedMesh(
        *raw,
        np.concatenate(indices),
        sum(runs),
        np.ascontiguousarray(morphs.transpose(1, 0, 2)),
        more.view(np.uint8).reshape(len(more), MORE.itemsize),
    )


def _weights(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """(V, 4) or (V, 8) weights as unorm16 that still sum to one exactly: the largest takes what rounding left over."""
    units = np.rint(weights * 65535).astype(np.int64)
    rows = np.arange(len(units))
    units[rows, units.argmax(1)] += 65535 - units.sum(1)
    return units.astype(np.uint16)


def _square(texture: U8, side: int) -> U8:
    if texture.shape[:2] == (side, side):
        return texture
    return np.asarray(Image.fromarray(texture, "RGBA").resize((side, side), Image.Resampling.BOX))
