"""Materials and textures of a glTF 2.0 model, mended where common exporters go wrong."""

from dataclasses import dataclass, replace

import numpy as np

from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.gltf_glossy import DIELECTRIC, from_glossy, glossy_textures
from diorama.assets.gltf_images import decode_image
from diorama.assets.subject import U8, Material

MAX_TEXTURES = 256
"""A model with more is refused: they would not fit one texture array of every adapter."""


BEHIND = 0.03
"""Albedo of what is seen through glass: cars' insides and bottles are dark in most photos, and what mirrors on them is
what shows."""

UNSEEN = 0.04
"""Alpha below which a part is left out: bodies for collisions, planes for shadows."""


@dataclass(frozen=True)
class Mapping:
    """How textures of a material lie on a primitive: in which set of coordinates, and KHR_texture_transform."""

    uv_set: int = 0
    offset: tuple[float, ...] = (0.0, 0.0)
    rotation: float = 0.0
    scale: tuple[float, ...] = (1.0, 1.0)

    @property
    def changes(self) -> bool:
        """Whether the coordinates must be transformed."""
        return (self.offset, self.rotation, self.scale) != ((0.0, 0.0), 0.0, (1.0, 1.0))


class Materials:
    """The materials and textures that have been asked for, in the order of asking."""

    def __init__(self, file: GltfFile) -> None:
        self._file = file
        self._images: dict[tuple[int, bool], int] = {}
        self._found: dict[int, tuple[int, Mapping, Mapping | None]] = {}
        self.textures: list[U8] = []
        self.materials: list[Material] = []
        self.infos: dict[int, list[tuple[str, Fields]]] = {}  # the textures of each material, by its place
        self.unseen: set[int] = set()  # places of materials that can hardly be seen

    def use(self, index: int) -> tuple[int, Mapping, Mapping | None]:
        """The place in `materials` of one of the file's materials (-1: glTF's default), and its mappings.

        The second one is that of the textures which lie in another set of coordinates than the first.
        """
        if index not in self._found:
            self._found[index] = (len(self.materials), *self._read(index))
        return self._found[index]

    def _read(self, index: int) -> tuple[Mapping, Mapping | None]:
        root = self._file.root
        at = self._file.items("materials")[index] if index >= 0 else Fields(root.file, "materials", {}, root.values)
        extensions = at.child("extensions")
        glossy = "KHR_materials_pbrSpecularGlossiness" in extensions
        pbr = extensions.child("KHR_materials_pbrSpecularGlossiness") if glossy else at.child("pbrMetallicRoughness")
        color_info = pbr.child("diffuseTexture" if glossy else "baseColorTexture")
        color = pbr.numbers("diffuseFactor" if glossy else "baseColorFactor", (1.0, 1.0, 1.0, 1.0))
        mode = at.text("alphaMode", "OPAQUE")
        color_texture = self._texture(color_info, keep_alpha=mode in ("MASK", "BLEND"))
        if glossy:
            color, metallic, rough, color_texture, rough_texture = self._glossy(at, pbr, color, color_texture)
        else:
            metallic, rough = pbr.number("metallicFactor", 1.0), pbr.number("roughnessFactor", 1.0)
            rough_texture = self._texture(pbr.child("metallicRoughnessTexture"))
            if rough_texture < 0 and self._is_default(metallic):
                # An exporter that leaves the factor out means plastic, and gets metal, which mirrors the dark ground.
                metallic = 0.0
                self._file.note("metalness is an exporter's default, set to 0", _named(at))
        strength = extensions.child("KHR_materials_emissive_strength").number("emissiveStrength", 1.0)
        emissive = np.clip(at.numbers("emissiveFactor", (0.0, 0.0, 0.0)), 0.0, 1.0) * float(
            np.clip(strength, 0.0, 50.0)
        )
        if "KHR_materials_unlit" in extensions:
            metallic, rough = 0.0, 1.0
            self._file.note("unlit is shown as a matt surface", _named(at))
        red, green, blue, alpha = (min(max(c, 0.0), 1.0) for c in color)
        material = Material(
            name=at.text("name"),
            base_color=(red, green, blue, alpha),
            metallic=min(max(metallic, 0.0), 1.0),
            roughness=min(max(rough, 0.0), 1.0),
            emissive=(float(emissive[0]), float(emissive[1]), float(emissive[2])),
            base_color_texture=color_texture,
            normal_texture=self._texture(at.child("normalTexture")),
            metallic_roughness_texture=rough_texture,
            emissive_texture=self._texture(at.child("emissiveTexture")) if emissive.any() else -1,
            double_sided=at.flag("doubleSided"),
            occlusion_texture=self._occlusion(at.child("occlusionTexture")),
        )
        infos = [
            ("base_color_texture", color_info),
            ("normal_texture", at.child("normalTexture")),
            ("metallic_roughness_texture", color_info if glossy else pbr.child("metallicRoughnessTexture")),
            ("emissive_texture", at.child("emissiveTexture")),
            ("occlusion_texture", at.child("occlusionTexture")),
        ]
        shown = [(field, info) for field, info in infos if getattr(material, field) >= 0 and "index" in info]
        lies = {field: _mapping(info) for field, info in shown}
        sets = list(dict.fromkeys(lie.uv_set for lie in lies.values()))
        others = {field: -1 for field, lie in lies.items() if lie.uv_set in sets[2:]}
        if others:
            self._file.note("textures in a third set of coordinates are left out", _named(at))
        second = tuple(field for field, lie in lies.items() if lie.uv_set in sets[1:2])
        material = replace(material, second=second, **others)  # type: ignore[arg-type]  # texture fields are numbers
        self.infos[len(self.materials)] = [(field, info) for field, info in shown if field not in others]
        self.materials.append(self._with_alpha(at, material, mode))
        first = next((lie for lie in lies.values()), Mapping())
        return first, lies[second[0]] if second else None

    def _glossy(
        self, at: Fields, pbr: Fields, color: tuple[float, ...], color_texture: int
    ) -> tuple[tuple[float, ...], float, float, int, int]:
        """Base colour, metalness, roughness and the textures of the first and the latter two, of a glossy material."""
        self._file.note("specular-glossiness is converted", _named(at))
        shine_texture = self._texture(pbr.child("specularGlossinessTexture"), keep_alpha=True)
        unsaid = "specularFactor" not in pbr and shine_texture < 0  # the format's default would be a mirror
        shine = pbr.numbers("specularFactor", (DIELECTRIC,) * 3 if unsaid else (1.0, 1.0, 1.0))
        gloss = pbr.number("glossinessFactor", 1.0)
        factors = np.clip([color, (*shine, gloss)], 0.0, 1.0)
        texture = self.textures[color_texture] if color_texture >= 0 else None
        if shine_texture >= 0:
            made = glossy_textures(texture, self.textures[shine_texture], *factors)
        elif texture is not None and max(shine) > DIELECTRIC + 0.02:  # how metallic it is depends on the colour
            even = np.full((1, 1, 4), 255, np.uint8)
            made = glossy_textures(texture, even, *factors)
        else:
            base, metallic = from_glossy(factors[0, :3], factors[1, :3])
            if texture is not None:
                return color, 0.0, 1.0 - gloss, color_texture, -1
            return (*base.tolist(), color[3]), float(metallic), 1.0 - gloss, -1, -1
        self.textures.extend(made)
        return (1.0, 1.0, 1.0, 1.0), 1.0, 1.0, len(self.textures) - 2, len(self.textures) - 1

    def _is_default(self, metallic: float) -> bool:
        """Whether metalness without a texture is one that nobody chose: glTF's default, or FBX2glTF's for Phong."""
        converted = "FBX2glTF" in self._file.root.child("asset").text("generator")
        return metallic > 0.99 or (converted and abs(metallic - 0.4) < 0.01)

    def _with_alpha(self, at: Fields, material: Material, mode: str) -> Material:
        """Alpha modes in terms of a cut-off: nothing is drawn half transparent, glass as dark as what is behind it."""
        textured = material.base_color_texture >= 0
        solid = replace(material, base_color=(*material.base_color[:3], 1.0))
        if mode == "MASK":
            cutoff = at.number("alphaCutoff", 0.5)
            if material.base_color[3] >= cutoff:
                return replace(material, alpha_cutoff=cutoff)
            # Nothing of it could ever be seen, which nobody means.
            self._file.note("its alpha lies under its cut-off, drawn opaque", _named(at))
            return solid
        if mode == "BLEND":
            if textured and bool((self.textures[material.base_color_texture][..., 3] < 128).any()):
                return replace(solid, alpha_cutoff=0.5)
            if not textured and material.base_color[3] < UNSEEN:
                self.unseen.add(len(self.materials))
        through = at.child("extensions", "KHR_materials_transmission").number("transmissionFactor", 0.0)
        clear = 1.0 - (material.base_color[3] if mode == "BLEND" else 1.0) * (1.0 - min(max(through, 0.0), 1.0))
        if clear > 0.01:
            self._file.note("glass is drawn dark instead of clear", _named(at))
            red, green, blue = (color + (BEHIND - color) * clear for color in material.base_color[:3])
            return replace(solid, base_color=(red, green, blue, 1.0))
        return solid

    def _occlusion(self, info: Fields) -> int:
        """The place of an occlusion texture, as strong as its material says; -1 where it has none."""
        place, strength = self._texture(info), min(max(info.number("strength", 1.0), 0.0), 1.0)
        if place < 0 or strength == 1.0:
            return place
        self.textures.append(np.rint(255 + strength * (self.textures[place].astype(np.float32) - 255)).astype(np.uint8))
        return len(self.textures) - 1

    def _texture(self, info: Fields, keep_alpha: bool = False) -> int:
        """The place in `textures` of a texture that a material names, or -1."""
        index = info.reference("index", "textures")
        if index < 0:
            return -1
        at = self._file.items("textures")[index]
        extensions = at.child("extensions")
        named = (extensions.child(name) for name in ("KHR_texture_basisu", "EXT_texture_webp"))
        image = next((k for k in (info.reference("source", "images") for info in (*named, at)) if k >= 0), -1)
        if image < 0:
            self._file.note("textures without an image in a known format are left out", at.path)
            return -1
        key = (image, keep_alpha)
        if key not in self._images:
            if len(self.textures) == MAX_TEXTURES:
                mend = f"Join textures to atlases: at most {MAX_TEXTURES}"
                raise self._file.root.error("images", f"more than {MAX_TEXTURES} are used", mend)
            self._images[key] = len(self.textures)
            self.textures.append(self._image(self._file.items("images")[image], keep_alpha))
        return self._images[key]

    def _image(self, at: Fields, keep_alpha: bool) -> U8:
        if "uri" in at:
            data = self._file.resource(at, at.text("uri"))
        else:
            data = self._file.view(at.required("bufferView", "bufferViews"))
        return decode_image(data, at, keep_alpha)


def _mapping(info: Fields) -> Mapping:
    """The mapping of a texture that a material names."""
    transform = info.child("extensions", "KHR_texture_transform")
    uv_set = transform.integer("texCoord", info.integer("texCoord", 0, high=7), high=7)
    offset, scale = transform.numbers("offset", (0.0, 0.0)), transform.numbers("scale", (1.0, 1.0))
    return Mapping(uv_set, offset, transform.number("rotation", 0.0), scale)


def _named(at: Fields) -> str:
    return at.text("name") or at.path
