"""Changes to an image that leave all else of it as it was: a factor drawn anew, omitted or pinned, or no subject.

A change is written as users write it:

    sky                        the whole factor is drawn anew
    subject.model              one key is drawn anew: another breed of the same class, age, build, pose, place and light
    subject.coat*              all keys that match are drawn anew
    obstructors=omit           the factor is left out
    light.intensity=0.3        the key has this value
    subject=none               the subject is taken away: what is left is the scene that it stood in
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, Self

from diorama.errors import RecipeError
from diorama.randomize.factor import find, registered, suggest
from diorama.randomize.recipe import OMIT, Recipe
from diorama.randomize.spaces import Constant, Default

DEFAULTS = (
    "subject.model",
    "subject.coat*",
    "pose",
    "camera",
    "light",
    "sky",
    "surfaces",
    "obstructors=omit",
    "backdrop=omit",
    "look=omit",
    "subject=none",
)
"""The changes that are tried unless others are asked for."""

_NAMES = {"subject.model": "other breed or model", "subject.coat*": "other coat", "subject=none": "no subject"}


@dataclass(frozen=True)
class Change:
    """One change to an image.

    Attributes:
        text: As users write it, see the module's docstring.
        kind: "anew", "omit", "pin" or "none" (no subject).
        keys: What is drawn anew, as "factor.key"; empty for other kinds.
    """

    text: str
    kind: Literal["anew", "omit", "pin", "none"]
    keys: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """The change that a text asks for.

        Raises:
            RecipeError: If it names a factor or key that there is not.
        """
        text = text.strip()
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            return cls(text, "anew", _matching(name))
        if text.replace(" ", "") == "subject=none":
            return cls("subject=none", "none")
        if "." not in name and value != OMIT:
            find(name)
            problem = f"{value!r} is not what can become of a whole factor"
            raise RecipeError(f"change {text!r}", problem, f"Write {name}, {name}=omit or {name}.KEY=VALUE.")
        change = cls(f"{name}={value}", "omit" if value == OMIT and "." not in name else "pin")
        change.recipe(Recipe())  # refuses what it cannot do, before anything is drawn
        return change

    @property
    def name(self) -> str:
        """What tables and pictures call it."""
        if self.text in _NAMES:
            return _NAMES[self.text]
        factor = self.text.partition("=")[0]
        return f"other {factor}" if self.kind == "anew" else f"no {factor}" if self.kind == "omit" else self.text

    def recipe(self, recipe: Recipe) -> Recipe:
        """The recipe under which the changed image is drawn; the same one where only draws differ.

        Raises:
            RecipeError: If a pinned value does not suit its key.
        """
        if self.kind == "omit":
            return recipe.omit(self.text.partition("=")[0])
        return recipe.pin(self.text) if self.kind == "pin" else recipe

    def anew(self, number: int) -> Mapping[str, int]:
        """What `compose` draws anew, at the given number of tries."""
        return dict.fromkeys(self.keys, number)

    def matters(self, recipe: Recipe) -> bool:
        """Whether it can change any image of the recipe."""
        if self.kind == "none":
            return True
        if self.kind == "anew":
            drawn = [space for draw in recipe.draws if draw.name in self.keys for space in draw.spaces]
            return any(not isinstance(space, Constant | Default) for space in drawn)
        return self.recipe(recipe).hash != recipe.hash


def _matching(pattern: str) -> tuple[str, ...]:
    """The keys that a factor's name, a key or a pattern with `*` stands for."""
    every = [f"{factor.name}.{key.name}" for factor in registered().values() for key in factor.keys]
    if "." not in pattern and "*" not in pattern:
        find(pattern)
        pattern += ".*"
    keys = tuple(key for key in every if fnmatchcase(key, pattern))
    if not keys:
        raise RecipeError(f"change {pattern!r}", "there is no such key", suggest(pattern, every))
    return keys
