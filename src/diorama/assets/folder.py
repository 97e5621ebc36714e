"""A user's folder of models: one sub-folder per class, found and looked over without loading any model."""

import csv
import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from diorama.assets.convert import SUFFIXES, require_reader
from diorama.assets.foreign.beside import files_beside
from diorama.assets.gltf import credit_of
from diorama.assets.gltf_container import MAX_FILE_BYTES, TRUNCATED, parse_json, read_bytes, unsupported
from diorama.assets.gltf_fields import Fields
from diorama.assets.settings import Settings, SettingsFiles
from diorama.assets.subject import Credit
from diorama.errors import AssetError

GLTF = (".glb", ".gltf")
READABLE = (*GLTF, *SUFFIXES)
"""Suffixes of the formats that can be read, the preferred one first."""

MODELS = (*READABLE, ".dae", ".3ds", ".blend", ".vrm", ".max", ".ma", ".mb", ".c4d")
"""Suffixes that are worth a note when they are passed over."""


@dataclass(frozen=True)
class ModelFile:
    """One usable model of a folder."""

    id: str  # class/path within the class's folder, without the suffix
    path: Path
    credit: Credit
    resources: tuple[Path, ...]  # other files in its folder that it names, or may
    settings: Settings = field(default_factory=Settings)

    def digest(self) -> str:
        """Hash of the model's bytes, of the files that it names, wherever they lie, and of its settings."""
        digest = blake2b(self.settings.model_dump_json().encode(), digest_size=16)
        for path in (self.path, *self.resources):
            stat = path.stat()
            digest.update(_file_digest(path, stat.st_size, stat.st_mtime_ns))
        return digest.hexdigest()


@lru_cache(maxsize=1 << 16)
def _file_digest(path: Path, size: int, changed: int) -> bytes:
    """Of a file as it was when it had this size and time: many models share textures."""
    return blake2b(read_bytes(path, str(path), "the file"), digest_size=16).digest()


@dataclass(frozen=True)
class ModelFolder:
    """The classes of a folder, each with its models sorted by id, and notes on what was passed over."""

    classes: dict[str, tuple[ModelFile, ...]]
    notes: tuple[str, ...]


def scan(folder: Path, classes: Sequence[str] | None, strict: bool = False) -> ModelFolder:
    """Finds the models of each class.

    Args:
        folder: Holds one sub-folder per class; models may lie deeper in it. An assets.yaml may say otherwise.
        classes: Names of classes, in the order wanted. None takes all that hold a usable model, by name.
        strict: Whether a model that is seen to be unusable is an error; otherwise it is noted.

    Raises:
        AssetError: Where the folder, a class, or any usable model of a class is missing, or an assets.yaml is wrong.
    """
    if not folder.is_dir():
        raise AssetError(
            str(folder), "there is no such folder", "Name a folder with one sub-folder of models per class"
        )
    names = sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    known = ModelFolderFiles(folder)
    notes: list[str] = []
    errors: dict[str, AssetError] = {}  # the first of each class
    found: dict[str, dict[str, ModelFile]] = {}
    loose = False
    for path in model_files(folder):
        chosen = known.settings.of(path)
        parts = path.relative_to(folder).parts
        name = chosen.class_name or (parts[0] if len(parts) > 1 else "")
        loose |= not name and path.suffix.lower() in READABLE
        if not name or chosen.skip or (classes is not None and name not in classes):
            continue
        inner = Path(*parts[1:]) if parts[0] == name else Path(*parts)
        subject_id = f"{name}/{inner.with_suffix('').as_posix()}"
        models = found.setdefault(name, {})
        try:
            passed = _passed_over(path, models.get(subject_id))
            if not passed:
                models[subject_id] = known.model(path, subject_id)
        except AssetError as error:
            if strict:
                raise
            errors.setdefault(name, error)
            passed = f"skipped, {error.problem}. {error.mend}"
        if passed and not (path.suffix.lower() not in READABLE and subject_id in models):
            notes.append(f"{path.relative_to(folder).as_posix()}: {passed}")
    notes += known.settings.unmet() if classes is None else []
    usable = {name: tuple(models[i] for i in sorted(models)) for name, models in sorted(found.items()) if models}
    if classes is not None:
        for name in classes:
            if name not in usable and name in errors:
                raise errors[name]
        usable = {name: _wanted(folder, name, names, usable) for name in dict.fromkeys(classes)}
    if not usable:
        if errors:
            raise next(iter(errors.values()))
        mend = f"Add sub-folders with models ({', '.join(READABLE)}); there are: {', '.join(names) or 'none'}"
        if loose:
            mend = "The models lie directly in it: move them to a sub-folder that is named after their class"
        raise AssetError(str(folder), "no sub-folder holds a usable model", mend)
    return ModelFolder(usable, tuple(notes))


def _wanted(
    folder: Path, name: str, names: Sequence[str], usable: Mapping[str, tuple[ModelFile, ...]]
) -> tuple[ModelFile, ...]:
    """The models of a class that was asked for."""
    if name in usable:
        return usable[name]
    where = f"{folder}: class {name}"
    if name not in names:
        listed = ", ".join(sorted({*names, *usable})) or "none at all"
        raise AssetError(where, "there is no such sub-folder", f"Choose from: {listed}")
    passed = [path.name for path in model_files(folder / name)]
    listed = f"Found only: {', '.join(passed[:10])}" if passed else "The folder holds no models"
    raise AssetError(where, "it has no usable model", f"{listed}. `diorama assets check` says what is wrong with them")


def model_files(folder: Path) -> list[Path]:
    """All files below that look like models, by their path's parts, preferred formats first."""
    files = [path for path in folder.rglob("*") if path.suffix.lower() in MODELS and path.is_file()]
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(
        files, key=lambda p: (p.relative_to(folder).with_suffix("").parts, MODELS.index(p.suffix.lower()), p.name)
    )


def _passed_over(path: Path, twin: ModelFile | None) -> str:
    """Why a file is not used; empty where it is."""
    if path.suffix.lower() not in READABLE:
        return unreadable(path)
    return f"skipped, {twin.path.name} is used" if twin else ""


def unreadable(path: Path) -> str:
    """What to say of a model in a format that is not read."""
    return f"skipped, {path.suffix} is not read; convert it to .glb"


class ModelFolderFiles:
    """What a folder says of the models in it: its assets.yaml, tables of provenance and licences.

    Attributes:
        root: The folder.
        settings: Its assets.yaml and those below.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.settings = root, SettingsFiles(root)
        self._licences: dict[Path, str] = {}
        # a table that lies above, and lists files of this folder, speaks of them too
        self._provenance = _provenance(root.parent) | _provenance(root)

    def check(self, paths: Sequence[Path]) -> None:
        """Reads all assets.yaml that speak of these models.

        Raises:
            AssetError: Where one is wrong.
        """
        for path in paths:
            self.settings.of(path)

    def model(self, path: Path, subject_id: str) -> ModelFile:
        """A model of the folder.

        Raises:
            AssetError: Where its header is damaged, or requires what is not supported.
        """
        settings = self.settings.of(path)
        if path.suffix.lower() in GLTF:
            header = read_header(path)
            extension = unsupported(header)
            if extension:
                raise AssetError(str(path), f"it requires {extension[0]}", extension[1])
            resources, own = _resources(path, header), credit_of(header)
        else:
            require_reader(path)
            resources, own = tuple(file for file in files_beside(path) if file != path), Credit()
        return ModelFile(subject_id, path, self.credit(path, own, settings), resources, settings)

    def credit(self, path: Path, own: Credit, settings: Settings) -> Credit:
        """Who made a file, under which terms; `own` is what the file says of itself."""
        credit = self._provenance.get(path.resolve()) or self._licensed(path, own)
        return Credit(*(getattr(settings, name) or getattr(credit, name) for name in ("licence", "author", "source")))

    def _licensed(self, path: Path, own: Credit) -> Credit:
        """What the file says of itself, else which licence file lies beside it, or above it in the folder."""
        if own.licence:
            return own
        places = [path.parent]
        while places[-1] != self.root and places[-1].parent != places[-1]:
            places.append(places[-1].parent)
        for place in places:
            if place not in self._licences:
                self._licences[place] = _licence_in(place, self.root)
            if self._licences[place]:
                return Credit(self._licences[place], own.author, own.source)
        return own


def _licence_in(place: Path, root: Path) -> str:
    """The first line of a folder's licence file, and its name; empty where there is none."""
    for beside in sorted(place.iterdir()):
        if beside.stem.lower() in ("license", "licence", "copying") and beside.is_file():
            return f"{_first_line(beside)[:120]} ({beside.relative_to(root).as_posix()})"
    return ""


def read_header(path: Path) -> Fields:
    """The JSON of a .glb or .gltf file, without its geometry.

    Raises:
        AssetError: Where the file is truncated or is not glTF.
    """
    try:
        with path.open("rb") as file:
            start = file.read(20)
            if start[:4] == b"glTF" and len(start) == 20:
                length, size = struct.unpack_from("<II", start, 8)
                actual = path.stat().st_size
                if length > actual or size > actual - 20:
                    problem = f"{length} bytes are declared, but there are only {actual}"
                    raise AssetError(str(path), problem, TRUNCATED)
                if size > MAX_FILE_BYTES:
                    raise AssetError(str(path), f"its JSON has {size >> 20} MiB", "Reduce the model below 1 GiB")
                text = file.read(size)
            else:
                text = read_bytes(path, str(path), "the model")
    except OSError as error:
        raise AssetError(str(path), f"it cannot be read ({error.strerror})", "Check its permissions") from None
    root = parse_json(path, text)
    return Fields(str(path), "", root, root)


def _resources(path: Path, header: Fields) -> tuple[Path, ...]:
    """The files that a model names and that exist, in the order of their names."""
    folder = path.parent.resolve()
    uris = {item.text("uri") for kind in ("buffers", "images") for item in header.children(kind) if "uri" in item}
    files = []
    for uri in sorted(uris):
        if uri.startswith("data:") or "\0" in unquote(uri):
            continue
        target = (folder / unquote(uri)).resolve()
        if target.is_relative_to(folder) and target.is_file():
            files.append(target)
    return tuple(files)


def _first_line(path: Path) -> str:
    """The first line that is not blank of a file of any size; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            lines = file.read(10_000).decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((" ".join(line.split()) for line in lines if line.strip()), "")


def _provenance(folder: Path) -> dict[Path, Credit]:
    """Rows of provenance.csv: columns file (relative to it), licence, author, repository."""
    path = folder / "provenance.csv"
    if not path.is_file():
        return {}
    text = read_bytes(path, str(path), "the table").decode("utf-8-sig", errors="replace")
    rows: dict[Path, Credit] = {}
    try:
        for row in csv.DictReader(io.StringIO(text)):
            said = {key: (row.get(key) or "").strip() for key in ("file", "licence", "author", "repository")}
            if said["file"] and "\0" not in said["file"]:
                place = (folder / said["file"]).resolve()
                rows[place] = Credit(said["licence"], said["author"], said["repository"])
    except csv.Error as error:
        raise AssetError(str(path), f"it is not a table ({error})", "Save it as comma-separated values") from None
    return rows
