"""A way around ufbx's binding for Python (0.0.5), which keeps pointers to lists that Python has freed."""

from collections.abc import Iterator
from typing import Any

_KEPT: list[object] = []


def alive(value: Any) -> Any:
    """The value, or, for an object of ufbx's, a stand-in through which nothing that it hands out is ever freed."""
    if not type(value).__module__.startswith("ufbx") or isinstance(value, tuple | int | str | BaseException):
        return value
    _KEPT.append(value)
    return Alive(value)


class Alive:
    """An object of ufbx's and all that is reached from it."""

    __slots__ = ("raw",)

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def __getattr__(self, name: str) -> Any:
        return alive(getattr(self.raw, name))

    def __getitem__(self, place: int) -> Any:
        return alive(self.raw[place])

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[Any]:
        return (alive(item) for item in self.raw)
