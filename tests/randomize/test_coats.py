"""How coats are drawn: from the breed or from the table that all species share, each individual with its own."""

from dataclasses import replace
from functools import cache

import numpy as np

from diorama.assets.coat import EXTENTS, LAYERS, SEED
from diorama.assets.procedural.coats import COATS
from diorama.assets.subject import Material, Subject
from diorama.randomize.compose import Composition, compose
from diorama.randomize.recipe import Recipe
from tests.randomize.fakes import FakeCatalogue

INDEX = np.arange(600)
WHITE = LAYERS.index("white")


class Furred(FakeCatalogue):
    """Cats are black and dogs white, as breeds go; bikes have paint."""

    def subject(self, id: str, /) -> Subject:
        return _furred(id)


@cache
def _furred(id: str) -> Subject:
    plain = FakeCatalogue().subject(id)
    if id.startswith("bike"):
        return plain
    return replace(plain, materials=(Material(fur=1.0),), coats=(COATS["black" if id.startswith("cat") else "white"],))


def drawn(*pins: str) -> Composition:
    recipe = Recipe(classes=("cat", "dog"), size=64, antialias=1)
    for pin in pins:
        recipe = recipe.pin(pin)
    return compose(recipe, Furred(), INDEX)


def of(found: Composition, species: str) -> np.ndarray:
    return np.array([subject.id.startswith(species) for subject in found.scene.subjects])[found.scene.subject]


def test_a_breed_wears_its_own_coats_unless_asked() -> None:
    found = drawn("subject.coat_pool=false")
    assert set(found.columns["subject.coat"][of(found, "cat")]) == {"black"}
    assert set(found.columns["subject.coat"][of(found, "dog")]) == {"white"}


def test_with_the_pool_both_species_have_the_same_colours() -> None:
    found = drawn("subject.coat_pool=true")
    lightness = found.scene.coat[:, 0, :3].mean(axis=1)
    cats, dogs = (lightness[of(found, species)] for species in ("cat", "dog"))
    edges = np.quantile(lightness, [0.2, 0.4, 0.6, 0.8])
    counts = np.stack([np.bincount(np.digitize(part, edges), minlength=5) / len(part) for part in (cats, dogs)])
    assert np.abs(counts[0] - counts[1]).max() < 0.1
    assert len(set(found.columns["subject.coat"])) > 100


def test_the_pool_changes_no_coat_of_what_has_no_fur() -> None:
    recipe = Recipe(classes=("bike",), size=64, antialias=1).pin("subject.coat_pool=true")
    assert set(compose(recipe, Furred(), INDEX).columns["subject.coat"]) == {"plain", "patched"}


def test_any_animal_may_be_given_any_coat() -> None:
    found = drawn("subject.coat=seal point")
    assert set(found.columns["subject.coat"]) == {"seal point"}


def test_no_two_individuals_share_a_place_in_the_noise_and_each_keeps_its_own() -> None:
    found, again = drawn(), drawn()
    places = found.scene.coat[:, SEED, :3]
    for one_class in (places[::2], places[1::2]):
        assert len(np.unique(one_class, axis=0)) == len(one_class)
    assert np.array_equal(found.scene.coat, again.scene.coat)
    alone = compose(Recipe(classes=("cat", "dog"), size=64, antialias=1), Furred(), INDEX[77:78])
    assert np.array_equal(alone.scene.coat[0], found.scene.coat[77])


def test_a_cross_lies_between_its_parents() -> None:
    pins = ("subject.coat=black", "subject.coat_second=white")
    black, half, white = (
        drawn(*pins, f"subject.coat_cross={share}", "subject.coat_lightness=0").scene.coat[0, 0, 0]
        for share in (0, 0.5, 1)
    )
    assert black < half < white


def test_white_and_layers_vary_only_where_the_coat_has_them() -> None:
    none = drawn("subject.coat=black", "subject.coat_white=0.2", "subject.coat_extent=0.2").scene.coat
    assert (none[:, EXTENTS, 3] == 0).all()
    more = drawn("subject.coat=tuxedo", "subject.coat_white=0.1", "subject.coat_extent=0").scene.coat
    assert np.allclose(more[:, WHITE, 3], COATS["tuxedo"].white_amount + 0.1)


def test_white_hair_takes_less_of_the_tint_than_pigment() -> None:
    light = drawn("subject.coat=tuxedo", "subject.coat_lightness=-1", "subject.coat_warmth=0").scene.coat
    plain = drawn("subject.coat=tuxedo", "subject.coat_lightness=0", "subject.coat_warmth=0").scene.coat
    assert np.allclose(light[:, 0, :3], plain[:, 0, :3] / 2, rtol=1e-4)
    assert np.allclose(light[:, WHITE, :3], plain[:, WHITE, :3] / 2**0.25, rtol=1e-4)
