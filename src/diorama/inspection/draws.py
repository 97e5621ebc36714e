"""What a recipe draws for a factor's keys, drawn again from seed, index and attempt alone: no models, no renderer."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.draws import Draws
from diorama.randomize.draw import Draw
from diorama.randomize.factor import COMPONENTS, Factor, Key
from diorama.randomize.recipe import Recipe


def columns(factor: Factor, key: Key) -> list[str]:
    """The names of a key's columns in the labels."""
    parts = COMPONENTS.get(key.kind)
    name = f"{factor.name}.{key.name}"
    return [f"{name}.{part}" for part in parts] if parts else [name]


def drawn(recipe: Recipe, draw: Draw, index: ArrayLike, attempt: ArrayLike) -> Iterator[NDArray[np.generic] | None]:
    """A key's columns for n images: each (n,) or (n, slots); None for names that depend on what there is.

    Args:
        recipe: The recipe.
        draw: The key, and what the recipe draws it from.
        index: (n,) image numbers.
        attempt: (n,) how often the factor has been drawn again.
    """
    numbers = np.asarray(index, np.int64)
    key, label = draw.key, numbers % len(recipe.classes)
    requests, attempts = [(draw.name, draw.uniforms)], np.asarray(attempt)[None]
    (u,) = Draws(recipe.seed).even(requests, numbers // len(recipe.classes), attempts)
    if key.kind == "name":
        yield np.array(key.options)[draw.picks(u, label).among(key.options)] if key.options else None
        return
    values = draw.sample(u, label)
    parts = COMPONENTS.get(key.kind)
    yield from np.moveaxis(values, -1, 0) if parts else (values,)
