"""What a recipe draws for a factor's keys, drawn again from seed, index and attempt alone: no models, no renderer."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.draws import Draws
from diorama.randomize.factor import COMPONENTS, Factor, Key, Picks
from diorama.randomize.recipe import Recipe
from diorama.randomize.spaces import BaseSpace

_TYPES: Mapping[str, type[np.generic]] = {"integer": np.int64, "truth": np.bool_}


def columns(factor: Factor, key: Key) -> list[str]:
    """The names of a key's columns in the labels."""
    parts = COMPONENTS.get(key.kind)
    name = f"{factor.name}.{key.name}"
    return [f"{name}.{part}" for part in parts] if parts else [name]


def drawn(
    recipe: Recipe, factor: Factor, key: Key, space: BaseSpace, index: ArrayLike, attempt: ArrayLike
) -> Iterator[NDArray[np.generic] | None]:
    """A key's columns for n images: each (n,) or (n, slots); None for names that depend on what there is.

    Args:
        recipe: Whose seed it is.
        factor: The factor.
        key: Its key.
        space: What the recipe draws it from.
        index: (n,) image numbers.
        attempt: (n,) how often the factor has been drawn again.
    """
    numbers = np.asarray(index, np.int64)
    name = f"{factor.name}.{key.name}"
    u = Draws(recipe.seed).uniform(name, numbers, attempt, max(key.slots, 1) * space.uniforms)
    u = u.reshape(len(numbers), *([key.slots] if key.slots else []), space.uniforms)
    if key.kind == "name":
        yield np.array(key.options)[Picks(name, space, u).among(key.options)] if key.options else None
        return
    values = space.sample(u).astype(_TYPES.get(key.kind, np.float64))
    parts = COMPONENTS.get(key.kind)
    yield from np.moveaxis(values, -1, 0) if parts else (values,)
