"""Materials that ufbx has read, as glTF's: their base colour, metalness, roughness, glow, bumps and holes."""

from typing import Any

from diorama.assets.foreign.beside import Beside
from diorama.assets.foreign.glb import Glb
from diorama.assets.foreign.pictures import packed, usable


class Surfaces:
    """The materials that have been asked for."""

    def __init__(self, glb: Glb, beside: Beside) -> None:
        self._glb, self._beside = glb, beside
        self._materials: dict[int, int] = {}
        self._pictures: dict[str, bytes | None] = {}
        self._textures: dict[bytes, int] = {}

    def use(self, material: Any) -> int:
        """The place of a material in the document."""
        key = int(material.typed_id)
        if key not in self._materials:
            self._materials[key] = self._glb.add("materials", self._read(material))
        return self._materials[key]

    def plain(self) -> int:
        """The place of the material of what has none."""
        if -1 not in self._materials:
            pbr = {"baseColorFactor": [0.8, 0.8, 0.8, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.8}
            self._materials[-1] = self._glb.add("materials", {"pbrMetallicRoughness": pbr, "doubleSided": True})
        return self._materials[-1]

    def _read(self, material: Any) -> dict[str, Any]:
        maps = material.pbr
        base = self._texture(maps.base_color)
        strength = _number(maps.base_factor, 1.0)
        color = [1.0, 1.0, 1.0] if base is not None else [strength * c for c in _color(maps.base_color, 0.8)]
        pbr: dict[str, Any] = {"baseColorFactor": [*_clipped(color), 1.0]}
        entry: dict[str, Any] = {"name": material.name, "pbrMetallicRoughness": pbr}
        entry["doubleSided"] = True  # these formats do not say: what is seen from behind must not vanish
        if base is not None:
            pbr["baseColorTexture"] = {"index": base}
        rough, metal = self._picture(maps.roughness), self._picture(maps.metalness)
        if material.features.roughness_as_glossiness.enabled:
            rough = None
        both = packed(rough, metal)
        if both is not None:
            pbr["metallicRoughnessTexture"] = {"index": self._added(both)}
        pbr["roughnessFactor"] = 1.0 if rough else _clipped([_number(maps.roughness, 0.8)])[0]
        pbr["metallicFactor"] = 1.0 if metal else _clipped([_number(maps.metalness, 0.0)])[0]
        bumps = self._texture(maps.normal_map)
        if bumps is not None:
            entry["normalTexture"] = {"index": bumps}
        self._glow(entry, maps)
        holes = self._picture(maps.opacity)
        opacity = _number(maps.opacity, 1.0)
        if holes is not None or opacity < 0.999:
            entry["alphaMode"] = "BLEND"
            pbr["baseColorFactor"][3] = 1.0 if holes else min(max(opacity, 0.0), 1.0)
        return entry

    def _glow(self, entry: dict[str, Any], maps: Any) -> None:
        strength = _number(maps.emission_factor, 1.0)
        glow = self._texture(maps.emission_color)
        if glow is None and maps.emission_color.texture is not None:
            return  # its picture is missing: all of it would glow
        color = _clipped([strength * c for c in ([1.0] * 3 if glow is not None else _color(maps.emission_color, 0.0))])
        if any(color):
            entry["emissiveFactor"] = color
            if glow is not None:
                entry["emissiveTexture"] = {"index": glow}

    def _texture(self, map: Any) -> int | None:
        picture = self._picture(map)
        return None if picture is None else self._added(picture)

    def _added(self, picture: bytes) -> int:
        if picture not in self._textures:
            self._textures[picture] = self._glb.image(picture)
        return self._textures[picture]

    def _picture(self, map: Any) -> bytes | None:
        """The picture that a map shows: one within the file, or one that lies beside it."""
        texture = map.texture
        if texture is None or not map.texture_enabled:
            return None
        files = [texture, *texture.file_textures]
        for file in files:
            name = file.relative_filename or file.filename or file.name
            key = f"{file.element_id} {name}"
            if key not in self._pictures:
                content = bytes(file.content or b"") or self._beside.read(name)
                self._pictures[key] = usable(content) if content else None
                if not content:
                    self._glb.note("textures are missing: put them beside the model", _basename(name))
                elif self._pictures[key] is None:
                    self._glb.note("textures cannot be read: save them as PNG", _basename(name))
            if self._pictures[key] is not None:
                return self._pictures[key]
        return None


def _basename(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1][:80]


def _number(map: Any, default: float) -> float:
    return float(map.value_vec4.x) if map.has_value else default


def _color(map: Any, default: float) -> list[float]:
    return list(map.value_vec4)[:3] if map.has_value else [default] * 3


def _clipped(values: list[float]) -> list[float]:
    return [min(max(float(value), 0.0), 1.0) for value in values]
