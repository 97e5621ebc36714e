"""Whether a space suits a key and a class can be named so, and what to say where not."""

import math
from collections.abc import Iterable
from typing import Annotated

from pydantic import Discriminator, TypeAdapter, ValidationError

from diorama.errors import RecipeError
from diorama.randomize.directions import Rotation, UpperHemisphere
from diorama.randomize.factor import COMPONENTS, Key, Kind, suggest
from diorama.randomize.spaces import (
    Anything,
    BaseSpace,
    Bernoulli,
    Choice,
    Constant,
    Default,
    Integer,
    LogUniform,
    Normal,
    Uniform,
)

Space = Annotated[
    Constant
    | Uniform
    | LogUniform
    | Normal
    | Integer
    | Bernoulli
    | Choice
    | Anything
    | Default
    | UpperHemisphere
    | Rotation,
    Discriminator("space"),
]
SPACE: TypeAdapter[BaseSpace] = TypeAdapter(Space)
"""Reads a space from its mapping; pydantic's ValidationError says what is wrong with one."""

SUITED: dict[Kind, tuple[type[BaseSpace], ...]] = {
    "number": (Constant, Uniform, LogUniform, Normal, Integer, Choice),
    "integer": (Constant, Integer, Choice),
    "truth": (Constant, Bernoulli, Choice),
    "name": (Constant, Choice, Anything, Default),
    "direction": (Constant, UpperHemisphere),
    "rotation": (Constant, Rotation),
}
_MEANT = {
    "number": "a number",
    "integer": "a whole number",
    "truth": "true or false",
    "name": "a name",
    "direction": "[azimuth, elevation] in degrees",
    "rotation": "a unit quaternion [x, y, z, w]",
}


def class_names(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes, each of which can be a folder of a dataset.

    Raises:
        RecipeError: If one cannot, or two are one.
    """
    for name in classes:
        if name.startswith(".") or name != name.strip() or any(c in '/\\:*?"<>|' or not c.isprintable() for c in name):
            raise RecipeError("classes", f"{name!r} cannot be a folder's name", "Use letters, digits, - and _.")
        if name.casefold().endswith((".md", ".yaml", ".parquet", ".unfinished")):
            raise RecipeError("classes", f"{name!r} is named like a dataset's own files", "Choose another name.")
    if len({name.casefold() for name in classes}) < len(classes):
        raise RecipeError("classes", "a class is named twice", "Name each class once.")
    return classes


def space(where: str, key: Key, given: object) -> BaseSpace:
    """A key's space from what a recipe gives: a space, its mapping, or a plain value that stands for Constant.

    Raises:
        RecipeError: If it is no space, or one that does not suit the key.
    """
    if not isinstance(given, BaseSpace | dict):
        value = tuple(given) if isinstance(given, list) else given
        listed = isinstance(value, tuple) and not any(isinstance(part, list | dict) for part in value)
        if listed and key.kind not in COMPONENTS:
            mend = "For one of several write {space: choice, options: [a, b]}."
            raise RecipeError(where, f"{given!r} is not {_MEANT[key.kind]}", mend)
        given = {"space": "constant", "value": value}
        if not isinstance(value, bool | int | float | str | tuple) or value == "":
            raise _wrong(where, key, value)
    try:
        read = given if isinstance(given, BaseSpace) else SPACE.validate_python(given)
    except ValidationError as error:
        raise from_pydantic(error, where, skip=1) from error

    if not isinstance(read, SUITED[key.kind]):
        kinds = ", ".join(str(kind.model_fields["space"].default) for kind in SUITED[key.kind])
        name = type(read).model_fields["space"].default
        raise RecipeError(where, f"the {name} space does not suit {_MEANT[key.kind]}", f"Use one of {kinds}.")
    if isinstance(read, Constant | Choice):
        for value in (read.value,) if isinstance(read, Constant) else read.options:
            _check_value(where, key, value)
    low, high = read.extent()
    if key.kind in ("number", "integer") and (low < key.low or high > key.high):
        outside = low if low < key.low else high
        shown = "unbounded" if math.isinf(outside) else f"{outside:g}"
        unit = f" {key.unit}" if key.unit else ""
        raise RecipeError(where, f"{shown} is out of range", f"Stay within {key.low:g} and {key.high:g}{unit}.")
    if key.kind == "number" and isinstance(read, Constant) and not isinstance(read.value, str | tuple):
        return Constant(value=float(read.value))  # 2 and 2.0 are one recipe, of one hash
    return read


def _check_value(where: str, key: Key, value: object) -> None:
    """Whether a constant or an option is of the key's kind."""
    fits = {
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "truth": isinstance(value, bool),
        "name": isinstance(value, str),
    }
    if key.kind in COMPONENTS:
        if not (isinstance(value, tuple) and len(value) == len(COMPONENTS[key.kind])):
            raise _wrong(where, key, value)
        if key.kind == "rotation" and abs(math.hypot(*value) - 1) > 1e-6:
            raise RecipeError(where, f"{list(value)} is not of length 1", "Give a unit quaternion [x, y, z, w].")
        if key.kind == "direction" and not (abs(value[0]) <= 360 and 0 <= value[1] <= 90):
            raise RecipeError(where, f"{list(value)} is no direction", "Give an azimuth and an elevation of 0 to 90.")
    elif not fits[key.kind]:
        raise _wrong(where, key, value)
    elif key.options and value not in key.options:
        raise RecipeError(where, f"there is no {value!r}", suggest(str(value), key.options))


def _wrong(where: str, key: Key, value: object) -> RecipeError:
    shown = list(value) if isinstance(value, tuple) else value
    return RecipeError(where, f"{shown!r} is not {_MEANT[key.kind]}", f"Give {_MEANT[key.kind]}, or a space.")


def from_pydantic(error: ValidationError, where: str, skip: int = 0, names: Iterable[str] = ()) -> RecipeError:
    """A RecipeError that names the first field at fault.

    Args:
        error: What pydantic found.
        where: The file or key that was read.
        skip: How many leading parts of a location to leave out (a union's tag).
        names: The names that an unknown one may have been meant for.
    """
    found = error.errors(include_url=False)
    first = next((f for f in found if f["type"] == "finite_number"), found[0])  # the telling one among a union's
    parts = [str(part) for part in first["loc"][skip:] if str(part) not in ("bool", "int", "float", "str")]
    field = ".".join(parts)
    path = where + ("." if where and field else "") + field
    problem = first["msg"].removeprefix("Value error, ").removesuffix(".").replace("Tuple", "A list")
    problem = problem.replace(" after validation", "").replace("valid tuple", "list")
    problem = problem[:1].lower() + problem[1:]
    kind = first["type"]
    given = first.get("input")
    if kind == "extra_forbidden":
        return RecipeError(path, "no such field", suggest(parts[-1], names) if names else "Leave it out.")
    if kind == "missing":
        return RecipeError(path, "missing", "Give it a value.")
    if kind == "union_tag_invalid":
        tags = str(first["ctx"]["expected_tags"]).replace("'", "").split(", ")
        return RecipeError(path, f"no space is called {first['ctx']['tag']!r}", suggest(first["ctx"]["tag"], tags))
    if kind == "union_tag_not_found":
        return RecipeError(path, "names no space", "Write {space: uniform, low: 1, high: 2}, for instance.")
    if isinstance(given, bool | int | float | str) and repr(given) not in problem:
        problem = f"{given!r}: {problem}"
    return RecipeError(path, problem, "Correct it; `diorama recipe schema` lists what is allowed.")
