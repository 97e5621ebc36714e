"""Which models, surfaces, skies and photos the images of a recipe may show: only those need be built beforehand."""

from collections.abc import Sequence

from diorama.randomize.draft import Catalogue
from diorama.randomize.factor import preferred
from diorama.randomize.factors import sky, surfaces
from diorama.randomize.recipe import Recipe
from diorama.randomize.spaces import Anything, BaseSpace, Choice, Constant


def needed(recipe: Recipe, catalogue: Catalogue) -> set[str]:
    """Ids of what may be shown; what the recipe names that there is not is left out."""
    alike = [name for name in recipe.classes if name not in recipe.of_class]
    groups = [alike, *([name] for name in recipe.of_class)]
    return {id for classes in groups if classes for id in _needed(recipe, classes, catalogue)}


def _needed(recipe: Recipe, classes: Sequence[str], catalogue: Catalogue) -> set[str]:
    """Of classes of one plan."""
    spaces = {f"{factor.name}.{key.name}": space for factor, key, space in recipe.plan_of(classes[0])}
    ids: set[str] = set()
    for name in classes:
        ids |= _names(spaces["subject.model"], catalogue.subjects(name), catalogue.subjects(name)[0])
    plain = catalogue.skies[preferred(catalogue.skies, sky.PLAIN)]
    ids |= _names(spaces["sky.map"], catalogue.skies, plain)
    plain = catalogue.surfaces[preferred(catalogue.surfaces, surfaces.PLAIN)]
    worn = {  # what wears a surface, and what decides whether any does
        "surfaces.ground": True,
        "surfaces.objects": _may(spaces["obstructors.count"]),
        "backdrop.surface": _may(spaces["backdrop.present"]),
        "texturize_subject.material": _may(spaces["texturize_subject.applied"]),
    }
    for key, shown in worn.items():
        if shown:
            default = plain if key.startswith("surfaces.") else catalogue.surfaces[0]
            ids |= _names(spaces[key], catalogue.surfaces, default)
    if _may(spaces["photo.present"]) and catalogue.photos:
        ids |= _names(spaces["photo.image"], catalogue.photos, catalogue.photos[0])
    return ids


def _names(space: BaseSpace, options: Sequence[str], default: str) -> set[str]:
    if isinstance(space, Anything):
        return {options[i] for i in space.of(options)}
    if isinstance(space, Choice):
        weights = space.weights or (1.0,) * len(space.options)
        return {str(o) for o, w in zip(space.options, weights, strict=True) if w > 0} & set(options)
    return {str(space.value)} & set(options) if isinstance(space, Constant) else {default}


def _may(space: BaseSpace) -> bool:
    """Whether a count or truth may be other than zero."""
    return not isinstance(space, Constant) or bool(space.value)
