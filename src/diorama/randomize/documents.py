"""A recipe's YAML: read as plain data only, small, and nothing said twice; written as people write it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from diorama.errors import OutputError, RecipeError
from diorama.randomize.spaces import BaseSpace
from diorama.strict_yaml import parse

LARGEST = 1 << 20
"""Bytes that a recipe's file may have."""


def read(text: str, where: str) -> Any:
    """Plain data from YAML.

    Raises:
        RecipeError: If it is not YAML, or says something twice, or uses aliases.
    """
    data, line, problem = parse(text)
    if problem:
        mend = "Correct that line." if line else "Correct it, or begin from `diorama recipe show`."
        raise RecipeError(f"{where}{line}", problem, mend)
    return data


def load(path: Path) -> Any:
    """Plain data from a YAML file.

    Raises:
        RecipeError: If the file cannot be read, is too large, or is not YAML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise RecipeError(str(path), "larger than 1 MiB", "Give a recipe, as `diorama recipe show` prints one.")
        return read(data.decode("utf-8-sig"), str(path))
    except OSError as error:
        raise RecipeError(
            str(path), error.strerror or "cannot be read", "Name a recipe's file, or a preset."
        ) from error
    except UnicodeDecodeError as error:
        raise RecipeError(str(path), "not UTF-8 text", "Give a recipe, as `diorama recipe show` prints one.") from error


def write(plain: Mapping[str, Any]) -> str:
    """YAML of plain data, in its order."""
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, default_flow_style=False, width=120, allow_unicode=True)


def save(path: Path, text: str) -> None:
    """Write a file, to a temporary name first.

    Raises:
        OutputError: If it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise OutputError(str(path), error.strerror or "cannot be written", "Choose another place.") from error


def short(spaces: Mapping[str, BaseSpace]) -> dict[str, Any]:
    """A factor's keys as people write them: a constant is its plain value, another space is on one line."""
    out = {}
    for name, space in spaces.items():
        plain = space.model_dump(mode="json", exclude_none=True)
        if not plain.get("but", True):  # nothing is left out
            del plain["but"]
        out[name] = plain["value"] if plain["space"] == "constant" else _Inline(plain)
    return out


class _Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Plain YAML without aliases, spaces on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Inline, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
