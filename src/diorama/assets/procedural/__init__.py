"""The embedded catalogue: subjects, surfaces and skies made by code, built once and kept in the cache."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar, cast

from diorama.assets.cache import cached_data, is_kept
from diorama.assets.procedural import (
    bikes,
    cars,
    cats_mixed,
    dog,
    skies,
    skies_indoor,
    skies_outdoor,
    skies_street,
    surfaces,
    surfaces_built,
    surfaces_cloth,
    surfaces_floor,
    surfaces_ground,
    surfaces_home,
    surfaces_toy,
    surfaces_wild,
)
from diorama.assets.subject import Subject
from diorama.assets.surroundings import Sky, Surface

T = TypeVar("T")


def _kept(cls: type[T], builders: Mapping[str, Callable[[], T]], module: str) -> dict[str, Callable[[], T]]:
    """Builders that take from the cache what it has; `module` is where an edit must build anew."""
    return {id: partial(cached_data, cls, id, build, module) for id, build in builders.items()}


SUBJECTS: dict[str, dict[str, Callable[[], Subject]]] = {
    "cat": _kept(Subject, cats_mixed.CATS, cats_mixed.__name__),
    "dog": _kept(Subject, dog.DOGS, dog.__name__),
    "bike": _kept(Subject, bikes.BIKES, bikes.__name__),
    "car": _kept(Subject, cars.CARS, cars.__name__),
}
"""Builders by class and id."""

_SURFACES = (
    surfaces_ground, surfaces_wild, surfaces_built, surfaces_floor, surfaces_home, surfaces_cloth, surfaces_toy,
)  # fmt: skip
SURFACES: dict[str, Callable[[], Surface]] = {
    id: build
    for module in _SURFACES
    for id, build in _kept(Surface, surfaces.registered(module.__name__), module.__name__).items()
}
"""Builders by id."""

SKIES: dict[str, Callable[[], Sky]] = {
    id: build
    for module in (skies_outdoor, skies_street, skies_indoor)
    for id, build in _kept(Sky, skies.registered(module.__name__), module.__name__).items()
}
"""Builders by id."""


def unbuilt(classes: Collection[str]) -> dict[str, Callable[[], object]]:
    """What the cache lacks: builders, by id, of the subjects of these classes and of all surfaces and skies."""
    subjects = [builders for name, builders in SUBJECTS.items() if name in classes]
    builders: dict[str, partial[Any]] = {}
    for some in (*subjects, SURFACES, SKIES):
        builders |= cast("dict[str, partial[Any]]", some)
    return {id: build for id, build in builders.items() if not is_kept(*build.args)}
