"""Checked access to the JSON of a glTF file: every value read is of the kind and in the range that the reader needs.

A glTF file comes from anywhere. `Fields` wraps one of its objects together with the path that leads to it, so that a
wrong value ends as one `AssetError` that names file and field ("cat.glb: meshes[0].primitives[1].indices").
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diorama.errors import AssetError

EXPORT_AGAIN = "Export the model again, or find the fault with the Khronos glTF validator"


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object of a file and the path to it."""

    file: str
    path: str
    values: dict[str, Any]
    root: dict[str, Any]

    def error(self, key: str, problem: str, mend: str = EXPORT_AGAIN) -> AssetError:
        """The error to raise for one of the object's fields, or for the object itself where the key is empty."""
        field = ".".join(part for part in (self.path, key) if part)
        return AssetError(f"{self.file}: {field}" if field else self.file, problem, mend)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def integer(self, key: str, default: int | None = None, low: int = 0, high: int = 2**40) -> int:
        """A whole number in [low, high]; required where there is no default."""
        value = self.values.get(key, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, f"{_shown(value)} is not a whole number")
        if not low <= value <= high:
            raise self.error(key, f"{_shown(value)} is not within {low} to {high}")
        return value

    def number(self, key: str, default: float) -> float:
        """A finite number."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise self.error(key, f"{_shown(value)} is not a finite number")
        return float(value)

    def numbers(self, key: str, default: Sequence[float]) -> tuple[float, ...]:
        """As many finite numbers as the default has."""
        value = self.values.get(key, default)
        if (
            not isinstance(value, list | tuple)
            or len(value) != len(default)
            or any(isinstance(x, bool) or not isinstance(x, int | float) or not _finite(x) for x in value)
        ):
            raise self.error(key, f"{_shown(value)} is not a list of {len(default)} finite numbers")
        return tuple(float(x) for x in value)

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"{_shown(value)} is not a string")
        return value

    def flag(self, key: str) -> bool:
        """True or False; False where it is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"{_shown(value)} is neither true nor false")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of strings; empty where it is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
            raise self.error(key, f"{_shown(value)} is not a list of strings")
        return value

    def child(self, *keys: str) -> "Fields":
        """The object below, key by key; an empty one where it is missing."""
        found = self
        for key in keys:
            value = found.values.get(key, {})
            if not isinstance(value, dict):
                raise found.error(key, f"{_shown(value)} is not an object")
            found = Fields(found.file, ".".join(p for p in (found.path, key) if p), value, found.root)
        return found

    def children(self, key: str) -> list["Fields"]:
        """The objects of the list below; none where it is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"{_shown(value)} is not a list")
        prefix = f"{self.path}.{key}" if self.path else key
        found = []
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.error(f"{key}[{i}]", f"{_shown(item)} is not an object")
            found.append(Fields(self.file, f"{prefix}[{i}]", item, self.root))
        return found

    def reference(self, key: str, kind: str, default: int = -1) -> int:
        """An index into the file's list of that kind ("accessors"), or the default where it is missing."""
        if key not in self.values:
            return default
        return self._checked(self.values[key], key, kind)

    def required(self, key: str, kind: str) -> int:
        """An index into the file's list of that kind, which must be there."""
        if key not in self.values:
            raise self.error(key, "it is missing")
        return self._checked(self.values[key], key, kind)

    def references(self, key: str, kind: str) -> list[int]:
        """Indices into the file's list of that kind; none where the list is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"{_shown(value)} is not a list")
        return [self._checked(item, f"{key}[{i}]", kind) for i, item in enumerate(value)]

    def named_references(self, kind: str) -> Iterator[tuple[str, int]]:
        """The fields of this object, each an index into the file's list of that kind: a primitive's attributes."""
        for key, value in self.values.items():
            yield key, self._checked(value, key, kind)

    def _checked(self, value: object, key: str, kind: str) -> int:
        count = len(self.root[kind]) if isinstance(self.root.get(kind), list) else 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
            raise self.error(key, f"{_shown(value)} is not one of the file's {count} {kind}")
        return value


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value)) and abs(value) < 1e30
    except OverflowError:
        return False


def _shown(value: object) -> str:
    """A value as it appears in a message: at most 40 characters."""
    if isinstance(value, dict | list):
        return f"a {'list' if isinstance(value, list) else 'object'} of {len(value)}"
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a huge number"
    return text if len(text) <= 40 else text[:37] + "..."
