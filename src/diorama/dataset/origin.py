"""recipe.yaml in a dataset: a recipe, after comment lines that say with what the images were made."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from diorama.errors import OutputError, RecipeError
from diorama.randomize.recipe import Recipe

WRITER, IMAGES = "diorama", "image version"
"""Names of what is made with: the version that wrote the dataset, and what tells whether two of them draw alike."""

_FIRST = "To make this dataset again: diorama generate [MODELS] --recipe recipe.yaml --out DIR"


def write(recipe: Recipe, made: Mapping[str, str]) -> str:
    """The text of recipe.yaml; `Recipe.load` reads it.

    Args:
        recipe: The recipe.
        made: What else decides the pixels, each under its name: versions, the catalogue's hash, the adapter.
    """
    head = yaml.safe_dump(dict(made), sort_keys=False, allow_unicode=True, width=1000)
    return "".join(f"# {line}\n" for line in [_FIRST, *head.splitlines()]) + recipe.yaml()


def read(path: Path) -> tuple[Recipe, dict[str, str]]:
    """The recipe, and with what the images were made.

    Raises:
        OutputError: If it is not such a file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(str(path), f"is not a dataset's recipe ({error})", "Choose another folder") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> tuple[Recipe, dict[str, str]]:
    """The recipe, and with what the images were made, from a file's text.

    Args:
        text: The file's.
        where: The file, as errors name it.

    Raises:
        OutputError: If it is not such a file.
    """
    try:
        recipe = Recipe.parse(text, where)
        lines = [line[2:] for line in text.splitlines() if line.startswith("# ")]
        made = yaml.safe_load("\n".join(lines[1:])) or {}  # the first is for people
        return recipe, {str(name): str(value) for name, value in made.items()}
    except (RecipeError, yaml.YAMLError, AttributeError) as error:
        raise OutputError(where, f"is not a dataset's recipe ({error})", "Choose another folder") from error


def compare(address: str, text: str, recipe: Recipe, made: Mapping[str, str]) -> None:
    """Makes sure that a dataset tells of the images that this recipe gives, or of the first of them.

    Which version of Diorama wrote it does not matter: which images that version makes is told by its image version.

    Args:
        address: Where the dataset lies.
        text: Of its recipe.yaml.
        recipe: What is to be made now.
        made: With what.

    Raises:
        OutputError: Naming what differs.
    """
    there, made_there = parse(text, f"{address}/recipe.yaml")
    old, new = _flat(there) | made_there, _flat(recipe) | dict(made)
    if there.per_class < recipe.per_class:
        del old["per_class"]  # a dataset may grow
        del new["per_class"]
    by = old.pop(WRITER, "unknown")
    new.pop(WRITER, None)
    differ = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if differ == [IMAGES]:
        raise OutputError(
            address,
            f"was begun by a Diorama that draws other images (image version {old.get(IMAGES, 'unknown')} there, "
            f"{new.get(IMAGES, 'unknown')} here)",
            f"Go on with the version that began it ({by}), or choose another folder",
        )
    told = [f"{name} is {old.get(name, 'not given')} there and {new.get(name, 'not given')} here" for name in differ]
    if not told and there.hash != recipe.hash:
        told = [f"recipe is {there.hash} there and {recipe.hash} here"]  # numbers that are printed alike
    if told:
        more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
        raise OutputError(
            address,
            f"already holds another dataset: {'; '.join(told[:3])}{more}",
            "Choose another folder, or give what that one was made with (its recipe.yaml tells)",
        )


def _flat(recipe: Recipe) -> dict[str, str]:
    """{"camera.distance": …}: every field and key as users name it."""
    plain = recipe.model_dump(mode="json", exclude={"factors", "of_class", "visibility"})
    out = {name: ", ".join(value) if isinstance(value, Sequence) else str(value) for name, value in plain.items()}
    out |= {f"visibility.{name}": str(value) for name, value in recipe.visibility.model_dump().items()}
    for factor in recipe.applied:
        given = recipe.factors[factor.name]
        keys = {} if isinstance(given, str) else given
        out[factor.name] = "omitted" if isinstance(given, str) else "varied"
        out |= {f"{factor.name}.{key}": str(space) for key, space in keys.items()}
    for name, factors in recipe.of_class.items():
        for factor_name, keys in factors.items():
            out |= {f"of_class.{name}.{factor_name}.{key}": str(space) for key, space in keys.items()}
    return out
