"""What a recipe needs: all that its images show, and nothing that they cannot."""

import numpy as np
import pytest

from diorama.randomize.compose import compose
from diorama.randomize.needs import needed
from diorama.randomize.recipe import Recipe
from tests.randomize.fakes import FakeCatalogue

CATALOGUE = FakeCatalogue()
PAPER = Recipe(classes=("cat", "dog"))
NOTHING = PAPER.omit(*PAPER.factors)

RECIPES = [
    PAPER,
    NOTHING,
    PAPER.omit("surfaces", "sky"),
    PAPER.pin("sky.map=sky2").pin("surfaces.ground={space: choice, options: [surface1, surface4], weights: [1, 0]}"),
    NOTHING.pin("backdrop.present=true").pin("backdrop.surface=surface3"),
    NOTHING.pin("texturize_subject.applied=true").pin("texturize_subject.material={space: any}"),
    NOTHING.pin("obstructors.count=2").pin("surfaces.objects=surface2"),
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_images_show_what_is_needed_and_nothing_else(recipe: Recipe) -> None:
    scene = compose(recipe, CATALOGUE, np.arange(400)).scene
    shown = {asset.id for assets in (scene.surfaces, scene.skies) for asset in assets}
    wanted = needed(recipe, CATALOGUE)
    assert shown == wanted - {id for name in recipe.classes for id in CATALOGUE.subjects(name)}
    assert {id for id in wanted if "/" in id} <= {id for name in recipe.classes for id in CATALOGUE.subjects(name)}


def test_a_pinned_model_is_needed_alone() -> None:
    first = CATALOGUE.subjects("cat")[0]
    recipe = Recipe(classes=("cat",)).pin(f"subject.model={first}")
    assert {id for id in needed(recipe, CATALOGUE) if "/" in id} == {first}
