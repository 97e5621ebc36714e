"""The embedded catalogue: subjects, surfaces and skies made by code, built once and kept in the cache."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from diorama.assets.cache import cached_data
from diorama.assets.procedural import (
    cat,
    dog,
    skies,
    skies_indoor,
    skies_outdoor,
    surfaces,
    surfaces_built,
    surfaces_ground,
    surfaces_home,
    surfaces_toy,
)
from diorama.assets.subject import Subject
from diorama.assets.surroundings import Sky, Surface

T = TypeVar("T")


def _kept(cls: type[T], builders: Mapping[str, Callable[[], T]], module: str) -> dict[str, Callable[[], T]]:
    """Builders that take from the cache what it has; `module` is where an edit must build anew."""
    return {id: partial(cached_data, cls, id, build, module) for id, build in builders.items()}


SUBJECTS: dict[str, dict[str, Callable[[], Subject]]] = {
    "cat": _kept(Subject, cat.CATS, cat.__name__),
    "dog": _kept(Subject, dog.DOGS, dog.__name__),
}
"""Builders by class and id."""

SURFACES: dict[str, Callable[[], Surface]] = {
    id: build
    for module in (surfaces_ground, surfaces_built, surfaces_home, surfaces_toy)
    for id, build in _kept(Surface, surfaces.registered(module.__name__), module.__name__).items()
}
"""Builders by id."""

SKIES: dict[str, Callable[[], Sky]] = {
    id: build
    for module in (skies_outdoor, skies_indoor)
    for id, build in _kept(Sky, skies.registered(module.__name__), module.__name__).items()
}
"""Builders by id."""
