"""Skies, surfaces and photos of a folder: found by their names, without reading any picture."""

from collections.abc import Callable, Iterable
from pathlib import Path

from diorama.assets.folder import ModelFolderFiles
from diorama.assets.own import maps, skies, surfaces
from diorama.assets.own.found import Found, Kind
from diorama.assets.own.pixels import FLOAT, OTHER, PLAIN, maker
from diorama.errors import AssetError

Groups = tuple[dict[Path, dict[str, Path]], list[str]]

READABLE: dict[Kind, tuple[str, ...]] = {"skies": skies.READABLE, "surfaces": surfaces.READABLE, "photos": PLAIN}
"""Suffixes by kind."""

SINGULAR: dict[Kind, str] = {"skies": "sky", "surfaces": "surface", "photos": "photo"}

PREFIX = "own/"
"""What the ids of own assets begin with; embedded ones have no such part."""


def find(kind: Kind, place: Path) -> tuple[list[Found], list[str]]:
    """What there is of a kind in a folder and below, by name, and notes on what was passed over.

    Args:
        kind: What the pictures are taken for.
        place: A folder, or one picture.

    Raises:
        AssetError: Where there is no such folder, or an assets.yaml is wrong.
    """
    if not place.exists():
        mend = f"Name a folder of {kind}, or the word embedded"
        raise AssetError(str(place), "there is no such folder", mend)
    root = place if place.is_dir() else place.parent
    about = ModelFolderFiles(root)
    notes: list[str] = []
    by_folder: dict[Path, list[Path]] = {}
    for path in _files(place):
        problem = _passed_over(path, root, kind)
        if problem:
            notes.append(f"{path.relative_to(root).as_posix()}: skipped, {problem}")
        elif path.suffix.lower() in READABLE[kind]:
            by_folder.setdefault(path.parent, []).append(path)
    found: dict[str, Found] = {}
    group = _GROUPS[kind]
    for folder, paths in by_folder.items():
        named, said = group(paths)
        below = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
        notes += [f"{below}{note}" for note in said]
        for name, roles in named.items():
            first = roles.get("color") or next(iter(roles.values()))
            settings = about.settings.of(first)
            own = name.relative_to(root).as_posix()
            own = root.resolve().name if own == "." else own
            if settings.skip:
                continue
            credit = about.credit(first, maker(first), settings)
            found[PREFIX + own] = Found(PREFIX + own, kind, own, tuple(roles.items()), settings, credit)
    return [found[id] for id in sorted(found)], [*notes, *about.settings.unmet()]


def _files(place: Path) -> list[Path]:
    """All files below, hidden ones aside, by their path's parts."""
    if place.is_file():
        return [place]
    files = [path for path in place.rglob("*") if path.is_file() or path.is_symlink()]
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(place).parts)]
    return sorted(files, key=lambda path: path.relative_to(place).parts)


def _passed_over(path: Path, root: Path, kind: Kind) -> str:
    """Why a file is not used, where that is worth a note."""
    suffix = path.suffix.lower()
    if suffix in (*PLAIN, *FLOAT) and not path.resolve().is_relative_to(root.resolve()):
        return "it is a link that leaves the folder; put the file itself there"
    if suffix in READABLE[kind] and not path.is_file():
        return "it is a link to nothing; put the file itself there"
    if suffix in OTHER or (suffix in FLOAT and suffix not in READABLE[kind]):
        return f"{suffix} is not read; save it as PNG or JPEG"
    return ""


def _photos(paths: Iterable[Path]) -> Groups:
    """Each file for itself; two that differ in the suffix alone keep theirs."""
    by_stem: dict[Path, list[Path]] = {}
    for path in paths:
        by_stem.setdefault(path.with_suffix(""), []).append(path)
    return {(stem if len(same) == 1 else path): {"photo": path} for stem, same in by_stem.items() for path in same}, []


_GROUPS: dict[Kind, Callable[[list[Path]], Groups]] = {
    "skies": skies.groups,
    "surfaces": maps.groups,
    "photos": _photos,
}
