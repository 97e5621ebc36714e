"""A user's folder of models: one sub-folder per class, found and looked over without loading any model."""

import csv
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from diorama.assets.gltf import credit_of
from diorama.assets.gltf_container import MAX_FILE_BYTES, TRUNCATED, parse_json, read_bytes, unsupported
from diorama.assets.gltf_fields import Fields
from diorama.assets.subject import Credit
from diorama.errors import AssetError

READABLE = (".glb", ".gltf")
"""Suffixes of the formats that can be read, the preferred one first."""

MODELS = (
    *READABLE,
    ".fbx",
    ".obj",
    ".dae",
    ".ply",
    ".stl",
    ".usd",
    ".usda",
    ".usdc",
    ".usdz",
    ".3ds",
    ".blend",
    ".vrm",
)
"""Suffixes that are worth a note when they are passed over."""


@dataclass(frozen=True)
class ModelFile:
    """One usable model of a folder."""

    id: str  # class/path within the class's folder, without the suffix
    path: Path
    credit: Credit
    resources: tuple[Path, ...]  # other files in its folder that it names

    def digest(self) -> str:
        """Hash of the model's bytes and of the files it names, wherever they lie."""
        digest = blake2b(digest_size=16)
        for path in (self.path, *self.resources):
            data = read_bytes(path, str(path), "the file")
            digest.update(f"{len(data)} ".encode() + data)
        return digest.hexdigest()


@dataclass(frozen=True)
class ModelFolder:
    """The classes of a folder, each with its models sorted by id, and notes on what was passed over."""

    classes: dict[str, tuple[ModelFile, ...]]
    notes: tuple[str, ...]


def scan(folder: Path, classes: Sequence[str] | None) -> ModelFolder:
    """Finds the models of each class.

    Args:
        folder: Holds one sub-folder per class; models may lie deeper in it.
        classes: Names of sub-folders, in the order wanted. None takes all that hold a usable model, by name.

    Raises:
        AssetError: Where the folder, a class, or any usable model of a class is missing, or a model is damaged.
    """
    if not folder.is_dir():
        raise AssetError(
            str(folder), "there is no such folder", "Name a folder with one sub-folder of models per class"
        )
    names = sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    provenance = _provenance(folder)
    notes: list[str] = []
    found: dict[str, tuple[ModelFile, ...]] = {}
    for name in dict.fromkeys(classes) if classes is not None else names:
        if name not in names:
            listed = ", ".join(names) or "none at all"
            raise AssetError(f"{folder}: class {name}", "there is no such sub-folder", f"Choose from: {listed}")
        models = _models(folder / name, name, provenance, notes)
        if models:
            found[name] = models
        elif classes is not None:
            passed = [path.name for path in _files(folder / name)]
            listed = f"Found only: {', '.join(passed[:10])}" if passed else "The folder holds no models"
            mend = f"{listed}. Add .glb or .gltf models without compression"
            raise AssetError(f"{folder}: class {name}", "it has no usable model", mend)
    if not found:
        mend = f"Add sub-folders with .glb or .gltf models; there are: {', '.join(names) or 'none'}"
        if any(path.suffix.lower() in READABLE for path in folder.iterdir()):
            mend = "The models lie directly in it: move them to a sub-folder that is named after their class"
        raise AssetError(str(folder), "no sub-folder holds a usable model", mend)
    return ModelFolder(found, tuple(notes))


def _files(folder: Path) -> list[Path]:
    """All files below that look like models, by their path's parts, preferred formats first."""
    files = [path for path in folder.rglob("*") if path.suffix.lower() in MODELS and path.is_file()]
    return sorted(
        files, key=lambda p: (p.relative_to(folder).with_suffix("").parts, MODELS.index(p.suffix.lower()), p.name)
    )


def _models(folder: Path, name: str, provenance: dict[Path, Credit], notes: list[str]) -> tuple[ModelFile, ...]:
    models: dict[str, ModelFile] = {}
    for path in _files(folder):
        shown = path.relative_to(folder.parent).as_posix()
        subject_id = f"{name}/{path.relative_to(folder).with_suffix('').as_posix()}"
        if path.suffix.lower() not in READABLE:
            if subject_id not in models:
                notes.append(f"{shown}: skipped, {path.suffix} is not read; convert it to .glb")
            continue
        header = read_header(path)
        extension = unsupported(header)
        if extension:
            notes.append(f"{shown}: skipped, it requires {extension[0]}. {extension[1]}")
        elif subject_id in models:
            notes.append(f"{shown}: skipped, {models[subject_id].path.name} is used")
        else:
            credit = provenance.get(path.resolve()) or _own_credit(path, folder, header)
            models[subject_id] = ModelFile(subject_id, path, credit, _resources(path, header))
    return tuple(models.values())


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


def _own_credit(path: Path, folder: Path, header: Fields) -> Credit:
    """What the model's file says of itself, else which licence file lies beside it."""
    credit = credit_of(header)
    if credit.licence:
        return credit
    for place in dict.fromkeys((path.parent, folder)):
        for beside in sorted(place.iterdir()):
            if beside.stem.lower() in ("license", "licence", "copying") and beside.is_file():
                first = _first_line(beside)
                return Credit(
                    f"{first[:120]} ({beside.relative_to(folder.parent).as_posix()})", credit.author, credit.source
                )
    return credit


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
