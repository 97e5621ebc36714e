"""What a recipe draws otherwise for one class: by class, factor and key, the spaces that differ."""

from collections.abc import Collection, Mapping

from diorama.errors import RecipeError
from diorama.randomize import checks
from diorama.randomize.factor import find
from diorama.randomize.spaces import BaseSpace

OfClass = Mapping[str, Mapping[str, Mapping[str, BaseSpace]]]


def checked(given: object) -> OfClass:
    """Spaces from what a recipe gives, each suited to its key; what says nothing is left out.

    Raises:
        RecipeError: If a factor or key is unknown, or a space does not suit its key.
    """
    found = {}
    for name, factors in _mapping("of_class", given, "of classes to factors").items():
        where = f"of_class.{name}"
        if not isinstance(name, str):
            raise RecipeError(where, "not a name", "Name a class.")
        try:
            own = {
                str(factor): _keys(factor, keys) for factor, keys in _mapping("", factors, "of factors to keys").items()
            }
        except RecipeError as error:
            raise RecipeError(f"{where}.{error.where}".strip("."), error.problem, error.mend) from error
        if any(own.values()):
            found[name] = {factor: spaces for factor, spaces in own.items() if spaces}
    return found


def _keys(name: object, given: object) -> dict[str, BaseSpace]:
    factor = find(str(name))
    return {
        str(key): checks.space(f"{factor.name}.{key}", factor.key(str(key)), value)
        for key, value in _mapping(factor.name, given, "of keys").items()
    }


def _mapping(where: str, given: object, what: str) -> Mapping[object, object]:
    if not isinstance(given, Mapping):
        mend = "Write of_class: {cat: {pose: {mouth: 0}}}, for instance."
        raise RecipeError(where, f"{given!r} is not a mapping {what}", mend)
    return given


def without(of_class: OfClass, names: Collection[str]) -> OfClass:
    """The same without these factors ("pose") and keys ("pose.mouth")."""
    return {
        name: {
            factor: {key: space for key, space in spaces.items() if f"{factor}.{key}" not in names}
            for factor, spaces in factors.items()
            if factor not in names
        }
        for name, factors in of_class.items()
    }
