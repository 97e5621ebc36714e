"""UsdPreviewSurface materials as glTF's."""

import zipfile
from pathlib import Path
from typing import Any

from pxr import UsdShade

from diorama.assets.foreign.beside import MAX_BYTES, Beside
from diorama.assets.foreign.glb import Glb
from diorama.assets.foreign.pictures import channel, packed, usable


class StageMaterials:
    """The materials that have been asked for."""

    def __init__(self, glb: Glb, path: Path, beside: Beside) -> None:
        self._glb, self._path, self._beside = glb, path, beside
        self._materials: dict[Any, tuple[int, bool]] = {}
        self._textures: dict[bytes, int] = {}

    def use(self, material: Any, double_sided: bool) -> tuple[int, bool]:
        """The place of a material in the document, and whether its colour comes from a picture."""
        key = (str(material.GetPath()) if material else "", double_sided)
        if key not in self._materials:
            entry = self._read(material) if material else {}
            pbr = entry.setdefault("pbrMetallicRoughness", {"metallicFactor": 0.0, "roughnessFactor": 0.7})
            entry["doubleSided"] = double_sided
            self._materials[key] = self._glb.add("materials", entry), "baseColorTexture" in pbr
        return self._materials[key]

    def _read(self, material: Any) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": material.GetPrim().GetName()}
        shader = material.ComputeSurfaceSource()[0]
        if not shader or shader.GetShaderId() != "UsdPreviewSurface":
            self._glb.note("materials other than UsdPreviewSurface are shown plain", entry["name"])
            return entry
        base, color = self._value(shader, "diffuseColor", (0.18, 0.18, 0.18))
        rough, roughness = self._value(shader, "roughness", 0.5)
        metal, metalness = self._value(shader, "metallic", 0.0)
        holes, opacity = self._value(shader, "opacity", 1.0)
        glow, emission = self._value(shader, "emissiveColor", (0.0, 0.0, 0.0))
        bumps, _ = self._value(shader, "normal", (0.0, 0.0, 1.0))
        pbr: dict[str, Any] = {"baseColorFactor": [*_clipped(color), min(max(float(opacity), 0.0), 1.0)]}
        if base is not None:
            pbr |= {"baseColorTexture": {"index": self._texture(base[0])}, "baseColorFactor": [1.0] * 4}
        both = packed(*(None if picture is None else channel(*picture) for picture in (rough, metal)))
        if both is not None:
            pbr["metallicRoughnessTexture"] = {"index": self._texture(both)}
        pbr["roughnessFactor"] = 1.0 if rough else _clipped([roughness])[0]
        pbr["metallicFactor"] = 1.0 if metal else _clipped([metalness])[0]
        entry["pbrMetallicRoughness"] = pbr
        if bumps is not None:
            entry["normalTexture"] = {"index": self._texture(bumps[0])}
        if glow is not None:
            entry |= {"emissiveTexture": {"index": self._texture(glow[0])}, "emissiveFactor": [1.0, 1.0, 1.0]}
        elif any(_clipped(emission)):
            entry["emissiveFactor"] = _clipped(emission)
        _, cutoff = self._value(shader, "opacityThreshold", 0.0)
        if cutoff > 0 and base is not None:
            entry |= {"alphaMode": "MASK", "alphaCutoff": float(cutoff)}
        elif holes is not None or float(opacity) < 0.999:
            entry["alphaMode"] = "BLEND"
        return entry

    def _value(self, shader: Any, name: str, default: Any) -> tuple[tuple[bytes, str] | None, Any]:
        """The picture that an input shows, with the name of the channel, and its value where it has none."""
        entry = shader.GetInput(name)
        if not entry:
            return None, default
        for attribute in UsdShade.Utils.GetValueProducingAttributes(entry):
            source = UsdShade.Shader(attribute.GetPrim())
            if source and source.GetShaderId() == "UsdUVTexture":
                file = source.GetInput("file")
                asset = file.Get() if file else None
                data = self._picture(asset.path) if asset else None
                return (None, default) if data is None else ((data, attribute.GetBaseName()), default)
            value = attribute.Get()
            if value is not None:
                return None, value
        return None, default

    def _picture(self, name: str) -> bytes | None:
        data = self._packed(name) or self._beside.read(name)
        if data is None:
            self._glb.note("textures are missing: put them beside the model", name.rsplit("/", 1)[-1][:80])
            return None
        found = usable(data)
        if found is None:
            self._glb.note("textures cannot be read: save them as PNG", name.rsplit("/", 1)[-1][:80])
        return found

    def _packed(self, name: str) -> bytes | None:
        """A file of the package, which USDZ keeps uncompressed."""
        if self._path.suffix.lower() != ".usdz":
            return None
        with zipfile.ZipFile(self._path) as package:
            for info in package.infolist():
                same = f"/{info.filename}".endswith("/" + name.removeprefix("./"))
                if same and info.compress_type == zipfile.ZIP_STORED and info.file_size <= MAX_BYTES:
                    return package.read(info)
        return None

    def _texture(self, picture: bytes) -> int:
        if picture not in self._textures:
            self._textures[picture] = self._glb.image(picture)
        return self._textures[picture]


def _clipped(values: Any) -> list[float]:
    return [min(max(float(value), 0.0), 1.0) for value in values]
