"""Names of models and sets: what the user gives as NAME=FOLDER, or the shortest that tells folders apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from diorama.errors import ImageError, ModelError

Given = str | Path | Mapping[str, str | Path] | Sequence[str | Path]


def named(given: Given, what: Literal["model", "set"]) -> dict[str, Path]:
    """Folders by name.

    Args:
        given: A folder, several, or folders by name; "NAME=FOLDER" gives one a name, too.
        what: "model" or "set", for messages.

    Raises:
        ModelError: If there is no model, a folder is not there, or two have one name.
        ImageError: The same for sets.
    """
    error = ModelError if what == "model" else ImageError
    if isinstance(given, Mapping):
        pairs = [(name, Path(folder)) for name, folder in given.items()]
    else:
        pairs = [_pair(item) for item in ([given] if isinstance(given, str | Path) else given)]
    if not pairs:
        raise error(what, "none is given", f"Give the folder of a {what}")
    for _, folder in pairs:
        if not folder.is_dir():
            raise error(str(folder), "is not a folder", f"Give the folder of a {what}")
    unnamed = [folder for name, folder in pairs if not name]
    depth = 1
    while len({_tail(folder, depth) for folder in unnamed}) < len({folder.resolve() for folder in unnamed}):
        depth += 1
    out: dict[str, Path] = {}
    for given_name, folder in pairs:
        name = given_name or _tail(folder, depth)
        if name in out:
            raise error(
                f"{what} {name}",
                f"is the name of two: {out[name]} and {folder}",
                f"Give each its own, as in NAME={folder}",
            )
        out[name] = folder
    return out


def _pair(item: str | Path) -> tuple[str, Path]:
    """A name, if one is given, and a folder."""
    name, mark, folder = str(item).partition("=")
    if mark and name and folder and "/" not in name and not Path(item).exists():
        return name, Path(folder)
    return "", Path(item)


def _tail(folder: Path, depth: int) -> str:
    """The last parts of a folder's path: "photos/dev"."""
    return "/".join(folder.resolve().parts[1:][-depth:])
