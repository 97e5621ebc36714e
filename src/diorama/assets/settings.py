"""assets.yaml: what people know of their assets and the files do not say.

# assets.yaml, in any folder of assets; patterns are of the paths below it, later and deeper ones win
"truck*.glb": {yaw: 90, class: car}
"*.stl": {up: y}
"Wolf*": {clips: {exclude: ["Death*", "*_Hit"]}, drop: ["Shadow*"], licence: CC0-1.0, author: Quaternius}
"broken.fbx": {skip: true}
"tiles/*": {metres: 2, normals: directx}
"overcast*.jpg": {sun: false}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from diorama.assets.gltf_container import read_bytes
from diorama.errors import AssetError
from diorama.strict_yaml import parse

NAME = "assets.yaml"

MAX_BYTES = 1 << 20
"""A larger file is refused."""

Axis = Literal["x", "-x", "y", "-y", "z", "-z"]


class Clips(BaseModel):
    """Which clips are used, by patterns of their names, ignoring case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()

    def keeps(self, name: str) -> bool:
        """Whether a clip of this name is used."""
        return matches(name, self.include) and not matches(name, self.exclude)


class Settings(BaseModel):
    """What holds for one model, surface, sky or photo."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    up: Axis | None = None  # the file's axis that points up; None: y, or what the format has
    yaw: float = Field(default=0.0, ge=-360, le=360)  # degrees by which it is turned to its left, so as to look along z
    scale: float = Field(default=1.0, ge=0.01, le=100)  # metres of its longest side
    clips: Clips = Clips()
    drop: tuple[str, ...] = ()  # patterns of the names of nodes, meshes and materials that are not shown
    class_name: str | None = Field(default=None, alias="class")
    licence: str = ""
    author: str = ""
    source: str = ""
    skip: bool = False  # it is left out
    metres: float = Field(default=0.0, ge=0, le=1000)  # natural length of a surface's side; 0: a metre
    normals: Literal["opengl", "directx"] | None = None  # which way the green of a surface's normals goes
    sun: bool = True  # whether a sun is looked for in a sky

    @field_validator("class_name")
    @classmethod
    def _names_a_folder(cls, name: str | None) -> str | None:
        if name is not None and (not name or name.startswith(".") or set(name) & set('/\\:*?"<>|\0')):
            raise ValueError("is no name of a class")
        return name

    def turn(self, default: Axis) -> NDArray[np.float64]:
        """(3, 3) rotation that makes the model stand upright and look along +Z."""
        angle = np.radians(self.yaw)
        cos, sin = np.cos(angle), np.sin(angle)
        return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]) @ _UPRIGHT[self.up or default]


_UPRIGHT: dict[Axis, NDArray[np.float64]] = {
    "y": np.eye(3),
    "-y": np.diag([1.0, -1, -1]),
    "z": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "-z": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "x": np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
    "-x": np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]),
}
"""Rotations that take an axis to +Y."""


@dataclass(frozen=True)
class _File:
    """One assets.yaml: the folder that it lies in, and its patterns with what they set."""

    path: Path
    rules: Mapping[str, Mapping[str, Any]]


class SettingsFiles:
    """All assets.yaml from a folder down, looked for when first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[Path, _File | None] = {}
        self._met: set[tuple[Path, str]] = set()

    def of(self, model: Path) -> Settings:
        """What holds for a model.

        Raises:
            AssetError: Where a file that speaks of it is damaged, or sets what there is not.
        """
        merged: dict[str, Any] = {}
        below = model.relative_to(self._root).parts[:-1]
        for depth in range(len(below) + 1):
            file = self._read(self._root.joinpath(*below[:depth]))
            if file is None:
                continue
            for pattern, values in file.rules.items():
                if model.relative_to(file.path.parent).match(pattern):
                    self._met.add((file.path, pattern))
                    merged |= values
        return Settings(**merged)

    def unmet(self) -> list[str]:
        """Notes on patterns that no model has matched so far."""
        files = [file for file in self._files.values() if file is not None]
        return [
            f"{file.path.relative_to(self._root)}: {pattern!r} matches no model"
            for file in files
            for pattern in file.rules
            if (file.path, pattern) not in self._met
        ]

    def _read(self, folder: Path) -> _File | None:
        if folder not in self._files:
            path = folder / NAME
            self._files[folder] = _File(path, read_settings(path)) if path.is_file() else None
        return self._files[folder]


def read_settings(path: Path) -> dict[str, dict[str, Any]]:
    """The patterns of an assets.yaml and what they set, all of it checked.

    Raises:
        AssetError: Where it cannot be read, is not YAML, or sets what there is not.
    """
    data = read_bytes(path, str(path), "the file")
    if len(data) > MAX_BYTES:
        raise AssetError(str(path), "it is larger than 1 MiB", "Join patterns: `*` stands for any part of a name")
    rules, line, problem = parse(data.decode("utf-8-sig", errors="replace"))
    if problem:
        raise AssetError(f"{path}{line}", problem, "Correct it")
    if not isinstance(rules or {}, dict):
        raise AssetError(
            str(path), "it is not a list of patterns with settings", 'Write lines such as "*.stl": {up: z}'
        )
    for pattern, values in (rules or {}).items():
        where = f"{path}: {pattern}"
        if not isinstance(pattern, str) or not pattern or not isinstance(values, dict):
            raise AssetError(where, "it is not a pattern with settings", 'Write lines such as "*.stl": {up: z}')
        try:
            Settings(**{str(key): value for key, value in values.items()})
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            known = ", ".join(field.alias or name for name, field in Settings.model_fields.items())
            mend = f"Choose from: {known}" if first["type"] == "extra_forbidden" else "Correct it"
            raise AssetError(f"{where}.{field}", first["msg"][:200], mend) from None
    return dict(rules or {})


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether any of the patterns fits a name, ignoring case."""
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)
