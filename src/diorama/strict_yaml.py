"""YAML as plain data from people: nothing said twice, no aliases, which can make a small file huge."""

import re
from typing import Any

import yaml


class StrictLoader(yaml.SafeLoader):
    """Plain data; refuses a key given twice, and aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """A node that is no alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call] # the stubs leave it out
            raise yaml.MarkedYAMLError(problem="an alias (*) is not allowed here", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping without merges, whose keys differ."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(problem="a merge (<<) is not allowed here", problem_mark=key.start_mark)
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


# YAML 1.1 reads 1e3 as text; these files are written by people who mean a number
StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d+)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$"),
    list("-+0123456789."),
)


def parse(text: str) -> tuple[Any, str, str]:
    """Plain data from YAML.

    Returns:
        The data, and two empty strings; or None, where the fault is (", line 3", or nothing) and what it is.
    """
    try:
        return yaml.load(text, StrictLoader), "", ""  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return None, f", line {mark.line + 1}" if mark else "", error.problem or "not YAML"
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        return None, "", f"not YAML: {problem}"
