"""THE extension point: a factor is something that varies from image to image.

It names its keys, says how each is drawn in the paper's recipe and what it is when the factor is omitted, and applies
their values to a batch of scenes:

    def apply(values: Values, draft: Draft) -> Names:
        draft.fov = np.radians(values["fov"])
        return {}

    register(Factor(
        name="lens",
        doc="How wide the camera sees.",
        keys=(Key("fov", "degrees", "Full vertical field of view.", Uniform(low=40, high=60), 50, low=5, high=120),),
        apply=apply,
    ))

Everything else follows from it: the recipe's fields and their checks, the JSON schema, the labels' columns with their
units, the tables of the dataset's card, and one contract test. `apply` is pure: it reads the values and what earlier
factors left in the draft, writes its own fields of the draft, and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diorama.errors import RecipeError
from diorama.randomize.spaces import Anything, BaseSpace, Choice, Constant, Default, weighted

if TYPE_CHECKING:
    from diorama.randomize.draft import Draft

Kind = Literal["number", "integer", "truth", "name", "direction", "rotation"]
COMPONENTS: Mapping[Kind, tuple[str, ...]] = {
    "direction": ("azimuth", "elevation"),
    "rotation": ("x", "y", "z", "w"),
}
Names = Mapping[str, NDArray[np.str_]]
"""The names that a factor picked, (B,) or (B, slots), by each of its keys of kind "name"."""


@dataclass(frozen=True)
class Key:
    """One value of a factor: what it is, and how it is drawn."""

    name: str
    unit: str  # "degrees", "subject radii"; empty for names and plain numbers
    doc: str  # one line
    paper: BaseSpace  # in the preset `paper`
    omitted: BaseSpace | float | bool  # when the factor is omitted; a plain value stands for Constant
    kind: Kind = "number"
    low: float = -np.inf  # values below or above are refused
    high: float = np.inf
    options: tuple[str, ...] = ()  # all valid names, where they are known beforehand
    slots: int = 0  # drawn once per image; else that many times

    @property
    def when_omitted(self) -> BaseSpace:
        """`omitted` as a space."""
        return self.omitted if isinstance(self.omitted, BaseSpace) else Constant(value=self.omitted)


class Picks:
    """What a key of kind "name" drew: a choice still to be made among the names that there are.

    Args:
        where: The key, "sky.map".
        u: (B, [slots,] uniforms).
        spaces: What it is drawn from: one space for all images, or several.
        which: (B,) which of the spaces each image draws from; None where there is one for all.
    """

    def __init__(
        self,
        where: str,
        u: NDArray[np.float64],
        spaces: Sequence[BaseSpace],
        which: NDArray[np.integer] | None = None,
    ) -> None:
        self.where, self.u, self.spaces, self.which = where, u, spaces, which

    def parts(self, rows: NDArray[Any] | slice = slice(None)) -> Iterator[tuple[BaseSpace, NDArray[np.intp]]]:
        """The spaces, each with the places among the images `rows` of those that draw from it, if there are any."""
        count = len(self.u[rows])
        if self.which is None:
            yield self.spaces[0], np.arange(count)
            return
        which = self.which[rows]
        for i, space in enumerate(self.spaces):
            places = np.flatnonzero(which == i)
            if len(places):
                yield space, places

    def among(
        self,
        options: Sequence[str],
        rows: NDArray[Any] | slice = slice(None),
        default: int = 0,
        of: str = "",
    ) -> NDArray[np.int32]:
        """Indices into `options` for the images `rows`: (n,) or (n, slots).

        Args:
            options: The names there are; must not be empty.
            rows: The images that choose among these options.
            default: The index that `Default` stands for.
            of: Whose options these are ("cat/embedded"), where they belong to one model. A recipe's choice may then
                name others too, which belong to other models.

        Raises:
            RecipeError: If the recipe names what there is not.
        """
        u = self.u[rows]
        if self.which is None:
            return self._among(self.spaces[0], u, options, default, of)
        if not of:  # also what no image of this batch draws from: a wrong name is told at once
            for space in self.spaces:
                self._among(space, u[:0], options, default, of)
        index = np.empty(u.shape[:-1], np.int32)
        for space, places in self.parts(rows):
            index[places] = self._among(space, u[places], options, default, of)
        return index

    def _among(
        self, space: BaseSpace, u: NDArray[np.float64], options: Sequence[str], default: int, of: str
    ) -> NDArray[np.int32]:
        if isinstance(space, Anything):
            return space.draw(u[..., 0], options)[0]
        if isinstance(space, Choice):
            names = [str(option) for option in space.options]
            weights = space.weights or (1.0,) * len(names)
        elif isinstance(space, Constant):
            names, weights = [str(space.value)], (1.0,)
        else:
            return np.full(u.shape[:-1], default, np.int32)

        there = [i for i, name in enumerate(names) if name in options and weights[i] > 0]
        missing = [name for name in names if name not in options]
        if not there or (missing and not of):
            name = missing[0] if missing else names[0]
            raise RecipeError(self.where, f"{of or 'the catalogue'} has no {name!r}", suggest(name, options))
        index = np.array([options.index(names[i]) for i in there], np.int32)
        if len(index) == 1:
            return np.full(u.shape[:-1], index[0], np.int32)
        return index[weighted(u[..., 0], tuple(weights[i] for i in there))]

    def usable(
        self,
        options: Sequence[str],
        usable: Callable[[str], bool],
        rows: NDArray[Any] | slice = slice(None),
        of: str = "",
    ) -> NDArray[np.str_]:
        """(n,) names that the images `rows` choose among the options; none that is found not to be usable.

        An image that draws such a one draws again among the others, by what its uniform has left over: so each of the
        others is as likely, and only those that are drawn need be looked at. What a recipe names it gets.

        Raises:
            RecipeError: If none is left, or the recipe names what there is not.
        """
        names = np.array(options, object)[self.among(options, rows, of=of)]
        for space, places in self.parts(rows):
            if isinstance(space, Anything | Default):
                self._exchange(names, space, self.u[rows], places, tuple(options), usable, of)
        return names.astype(str)

    def _exchange(
        self,
        names: NDArray[np.object_],
        space: Anything | Default,
        u: NDArray[np.float64],
        places: NDArray[np.intp],
        options: tuple[str, ...],
        usable: Callable[[str], bool],
        of: str,
    ) -> None:
        """Draws names (n,) at these places again, from their uniforms u (n, uniforms), until all are usable."""
        ahead = [(u, options, places)]
        while ahead:
            u, left, places = ahead.pop()
            drawn = names[places]
            again = space.draw(u[:, 0], left)[1][:, None] if isinstance(space, Anything) else u
            for name in sorted(set(drawn.tolist())):
                if usable(name):
                    continue
                if len(left) == 1:
                    mend = "`diorama assets check` says what is wrong with the files"
                    raise RecipeError(self.where, f"{of or 'the catalogue'} has nothing usable", mend)
                others, mine = tuple(o for o in left if o != name), places[drawn == name]
                names[mine] = np.array(others, object)[self._among(space, again[mine], others, 0, of)]
                ahead.append((again, others, mine))


@dataclass(frozen=True)
class Values:
    """What a factor's keys drew for the B images of a batch."""

    numbers: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    picks: Mapping[str, Picks] = field(default_factory=dict)

    def __getitem__(self, key: str) -> NDArray[Any]:
        """(B,), with slots (B, slots), and a last axis of 2 for directions and 4 for rotations."""
        return self.numbers[key]

    def pick(self, key: str) -> Picks:
        """The choice of a key of kind "name"."""
        return self.picks[key]


@dataclass(frozen=True)
class Factor:
    """Something that varies from image to image: see the module's docstring."""

    name: str
    doc: str  # one line
    keys: tuple[Key, ...]
    apply: Callable[[Values, "Draft"], Names]
    #: which count of attempts it follows when an image is drawn again: 0 the camera's, 1 the obstructors'; None: never
    attempt: Literal[0, 1] | None = None

    def key(self, name: str) -> Key:
        """The key of that name.

        Raises:
            RecipeError: If there is none.
        """
        for key in self.keys:
            if key.name == name:
                return key
        raise RecipeError(f"{self.name}.{name}", "no such key", suggest(name, [key.name for key in self.keys]))


_FACTORS: dict[str, Factor] = {}


def register(factor: Factor) -> Factor:
    """Add a factor; it is applied after those that were there before.

    Raises:
        ValueError: If the name is taken, or two of its keys share one.
    """
    if factor.name in _FACTORS:
        raise ValueError(f"there is already a factor named {factor.name!r}")
    if len({key.name for key in factor.keys}) < len(factor.keys):
        raise ValueError(f"factor {factor.name!r} has two keys of one name")
    _FACTORS[factor.name] = factor
    return factor


def registered() -> Mapping[str, Factor]:
    """All factors by name, in the order in which they are applied."""
    return _FACTORS


def find(name: str) -> Factor:
    """The factor of that name.

    Raises:
        RecipeError: If there is none.
    """
    if name not in _FACTORS:
        raise RecipeError(str(name), "no such factor", suggest(str(name), _FACTORS))
    return _FACTORS[name]


def preferred(options: Sequence[str], name: str) -> int:
    """The index of that name among the options; 0 if it is not there."""
    return options.index(name) if name in options else 0


def suggest(name: str, options: Iterable[str]) -> str:
    """A mend for a name that is not among the options."""
    names = list(options)
    near = get_close_matches(name, names, 1, 0.5)
    if near:
        return f"Did you mean {near[0]!r}?"
    return (
        f"Choose from {', '.join(names[:12])}{', …' if len(names) > 12 else ''}." if names else "There is none at all."
    )
