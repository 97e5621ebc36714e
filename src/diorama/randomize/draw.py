"""One draw of a recipe: a key, the spaces that the classes draw it from, and what images of them draw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from diorama.randomize.factor import Factor, Key, Kind, Picks
from diorama.randomize.spaces import BaseSpace

_DTYPES: Mapping[Kind, type[np.generic]] = {"integer": np.int64, "truth": np.bool_}


@dataclass(frozen=True)
class Draw:
    """A key and what it is drawn from.

    Each class draws from its space's first uniforms, as if all classes had that space: what one class draws never
    depends on what another does.

    Attributes:
        factor: The factor.
        key: Its key.
        spaces: One for all classes, or several.
        of: (C,) which of the spaces each class draws from; empty where there is one for all.
    """

    factor: Factor
    key: Key
    spaces: tuple[BaseSpace, ...]
    of: tuple[int, ...] = ()

    @classmethod
    def of_classes(cls, factor: Factor, key: Key, base: BaseSpace, spaces: Sequence[BaseSpace]) -> Self:
        """From the (C,) spaces of the classes; the base, which most of them share, comes first if any has it."""
        if all(space is base for space in spaces):
            return cls(factor, key, (base,))
        distinct = list(dict.fromkeys(([base] if base in spaces else []) + list(spaces)))
        return cls(factor, key, tuple(distinct), tuple(map(distinct.index, spaces)) if len(distinct) > 1 else ())

    @property
    def name(self) -> str:
        """As `Draws` and users know it: "camera.distance"."""
        return f"{self.factor.name}.{self.key.name}"

    @property
    def uniforms(self) -> int:
        """How many uniforms an image takes at most."""
        return max(self.key.slots, 1) * max(space.uniforms for space in self.spaces)

    def whose(self, space: BaseSpace, classes: Sequence[str]) -> tuple[str, ...]:
        """Those of the recipe's classes that draw from this space; none where all do."""
        return tuple(name for name, place in zip(classes, self.of, strict=False) if self.spaces[place] == space)

    def groups(self, label: NDArray[np.integer]) -> Iterator[tuple[BaseSpace, NDArray[np.intp] | slice]]:
        """The spaces, each with the images of `label`, (B,) indices of classes, that draw from it."""
        if len(self.spaces) == 1:
            yield self.spaces[0], slice(None)
            return
        which = np.array(self.of)[label]
        for place, space in enumerate(self.spaces):
            yield space, np.flatnonzero(which == place)

    def sample(self, u: NDArray[np.float64], label: NDArray[np.integer]) -> NDArray[Any]:
        """(B, uniforms) uniforms of images of the classes `label` (B,) to (B, [slots,] [D]) values, names aside."""
        parts = [(rows, self._sample(space, u[rows])) for space, rows in self.groups(label)]
        if len(parts) == 1:
            return parts[0][1]
        out = np.empty((len(u), *parts[0][1].shape[1:]), parts[0][1].dtype)
        for rows, values in parts:
            out[rows] = values
        return out

    def _sample(self, space: BaseSpace, u: NDArray[np.float64]) -> NDArray[Any]:
        shaped = u[:, : max(self.key.slots, 1) * space.uniforms].reshape(len(u), *self._slots, space.uniforms)
        return space.sample(shaped).astype(_DTYPES.get(self.key.kind, np.float64))

    def picks(self, u: NDArray[np.float64], label: NDArray[np.integer]) -> Picks:
        """What (B, uniforms) uniforms of images of the classes `label` (B,) draw of a key of kind "name"."""
        shaped = u.reshape(len(u), *self._slots, max(space.uniforms for space in self.spaces))
        return Picks(self.name, shaped, self.spaces, np.array(self.of)[label] if self.of else None)

    @property
    def _slots(self) -> tuple[int, ...]:
        return (self.key.slots,) if self.key.slots else ()
