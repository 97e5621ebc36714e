"""Reading a recipe's YAML: plain data only, small, and nothing said twice."""

import re
from pathlib import Path
from typing import Any

import yaml

from diorama.errors import RecipeError

LARGEST = 1 << 20
"""Bytes that a recipe's file may have."""


class _Loader(yaml.SafeLoader):
    """Plain data; refuses a key given twice, and aliases, which can make a small file huge."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call] # the stubs leave it out
            raise yaml.MarkedYAMLError(problem="an alias (*) is not allowed here", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(problem="a merge (<<) is not allowed here", problem_mark=key.start_mark)
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


# YAML 1.1 reads 1e3 as text; recipes are written by people who mean a number
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d+)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$"),
    list("-+0123456789."),
)


def read(text: str, where: str) -> Any:
    """Plain data from YAML.

    Raises:
        RecipeError: If it is not YAML, or says something twice, or uses aliases.
    """
    try:
        return yaml.load(text, _Loader)  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise RecipeError(f"{where}{line}", error.problem or "not YAML", "Correct that line.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        raise RecipeError(where, f"not YAML: {problem}", "Correct it, or begin from `diorama recipe show`.") from error


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
