"""Where what is shown comes from: models, skies, surfaces and photos, each embedded or a user's own."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from diorama.assets.gltf_container import read_bytes
from diorama.errors import AssetError
from diorama.strict_yaml import parse

EMBEDDED = "embedded"
"""Stands for what the package makes itself, beside names of folders."""

MAX_BYTES = 1 << 20
"""A larger set-up file is refused."""

_EXAMPLE = "Write lines such as skies: [my-skies, embedded]"


@dataclass(frozen=True)
class Assets:
    """Folders of what is to be shown; what is not given is the embedded catalogue.

        Assets(models="models", skies=["hdri", "embedded"])

    Attributes:
        models: A folder with one sub-folder of 3D models per class.
        skies, surfaces: Folders, or the word "embedded" for those that come with Diorama.
        photos: Folders of photos that stand behind everything where the factor `photo` asks for it.
    """

    models: Path | None = None
    skies: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.models is not None:
            object.__setattr__(self, "models", Path(self.models))
        for name in ("skies", "surfaces", "photos"):
            given: Any = getattr(self, name)
            given = (given,) if isinstance(given, str | Path) else tuple(given or ())
            object.__setattr__(self, name, tuple(dict.fromkeys(str(part) for part in given)))
        if EMBEDDED in self.photos:
            raise AssetError("photos", "no photos come with Diorama", "Name a folder of photos")

    @classmethod
    def of(cls, given: "str | Path | Assets | None") -> "Assets":
        """What is meant by a folder of models, a set-up file (.yaml) or nothing.

        Raises:
            AssetError: Where a set-up file cannot be read, or says what it cannot.
        """
        if isinstance(given, Assets):
            return given
        path = Path(given) if given is not None else None
        if path is not None and path.suffix.lower() in (".yaml", ".yml") and not path.is_dir():
            return read_setup(path)
        return cls(path)

    def absolute(self) -> "Assets":
        """The same from whatever folder a process works in."""
        models = None if self.models is None else self.models.absolute()
        given = (self.skies, self.surfaces, self.photos)
        full = (tuple(part if part == EMBEDDED else str(Path(part).absolute()) for part in parts) for parts in given)
        return Assets(models, *full)

    def places(self, kind: str) -> tuple[Path, ...]:
        """The folders of a kind, "skies", "surfaces" or "photos"."""
        return tuple(Path(part) for part in getattr(self, kind) if part != EMBEDDED)

    def has_embedded(self, kind: str) -> bool:
        """Whether the embedded ones of a kind are shown."""
        given = getattr(self, kind)
        return not given or EMBEDDED in given


def read_setup(path: Path) -> Assets:
    """A set-up file: models, skies, surfaces and photos, a folder or a list of them each, relative to the file.

    Raises:
        AssetError: Where it cannot be read, is not YAML, or says what it cannot.
    """
    data = read_bytes(path, str(path), "the set-up file")
    if len(data) > MAX_BYTES:
        raise AssetError(str(path), "it is larger than 1 MiB", _EXAMPLE)
    said, line, problem = parse(data.decode("utf-8-sig", errors="replace"))
    if problem:
        raise AssetError(f"{path}{line}", problem, "Correct it")
    names = [field.name for field in fields(Assets)]
    if not isinstance(said, dict):
        raise AssetError(str(path), "it names no folders", _EXAMPLE)
    given: dict[str, Any] = {}
    for name, value in said.items():
        if name not in names:
            raise AssetError(f"{path}: {name}", "there is no such field", f"Choose from: {', '.join(names)}")
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str) and part for part in parts) or (name == "models" and len(parts) != 1):
            raise AssetError(f"{path}: {name}", f"{value!r} is not a folder's name", _EXAMPLE)
        given[name] = [part if part == EMBEDDED else str(path.parent / part) for part in parts]
    models = given.pop("models", [EMBEDDED])[0]
    return Assets(None if models == EMBEDDED else Path(models), **given)


Models = str | Path | Assets
"""Where models come from, and all else: a folder of models, a set-up file, or `Assets`."""
