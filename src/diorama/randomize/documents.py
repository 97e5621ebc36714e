"""Reading a recipe's YAML: plain data only, small, and nothing said twice."""

from pathlib import Path
from typing import Any

from diorama.errors import RecipeError
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
