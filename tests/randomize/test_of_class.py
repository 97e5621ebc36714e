"""Keys that one class draws otherwise: as if the class were alone with them, and nothing else changes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from diorama.assets.hashing import content_hash
from diorama.dataset import card, origin
from diorama.errors import OutputError, RecipeError
from diorama.explain.changes import Change
from diorama.randomize.compose import Composition, compose, models
from diorama.randomize.factor import Picks, find
from diorama.randomize.factors.obstructors import SLOTS
from diorama.randomize.needs import needed
from diorama.randomize.recipe import OMIT, Recipe
from diorama.randomize.spaces import Anything, BaseSpace, Constant, Default, Uniform
from diorama.randomize.tables import markdown, rows, schema
from tests.randomize.fakes import FakeCatalogue
from tests.randomize.test_compose import resolved

CATALOGUE = FakeCatalogue()
INDEX = np.arange(31, 91)
ATTEMPT = np.tile([2, 1], (len(INDEX), 1))
BASE = Recipe(classes=("cat", "dog", "bike"), seed=3).omit("look").pin("texturize_subject.applied", True)

OF_CLASS: dict[str, Any] = {
    "cat": {
        "pose": {"mouth": {"space": "uniform", "low": 0, "high": 3}, "clip": "hop", "time": 0.5},
        "subject": {"model": {"space": "any", "but": ["cat/b"]}, "coat": "patched", "coat_pool": True},
        "obstructors": {"orientation": [1, 0, 0, 0], "count": 4, "shape": "cone"},
        "surfaces": {"objects": {"space": "choice", "options": ["surface1", "surface3"]}, "ground": "surface2"},
        "look": {"monochrome": True},
    },
    "dog": {
        "camera": {"direction": [350.5, 10], "distance": {"space": "normal", "mean": 3, "sd": 1, "low": 2, "high": 4}},
        "subject": {"model": {"space": "default"}, "coat": {"space": "default"}},
        "obstructors": {"count": {"space": "choice", "options": [1, 5], "weights": [1, 3]}},
        "surfaces": {"objects": {"space": "default"}, "object_scale": 2},
        "sky": {"map": {"space": "any", "but": ["sky1"]}},
        "backdrop": {"present": {"space": "bernoulli", "p": 0.5}},
    },
}
MIXED = BASE.replace(of_class=OF_CLASS)


def alone(name: str) -> Recipe:
    """What one class draws as the recipe of all classes."""
    recipe = BASE
    for factor, keys in OF_CLASS.get(name, {}).items():
        for key, value in keys.items():
            recipe = recipe.pin(f"{factor}.{key}", tuple(value) if isinstance(value, list) else value)
    return recipe


def scene(made: Composition, image: int) -> dict[str, Any]:
    """One scene without what the other images of its batch decide: whether there are looks and backdrops at all."""
    found = resolved(made.scene, image)
    objects = {name: found[name][:SLOTS] for name in ("shape", "transform", "surface", "surface_uv")}
    return {name: value for name, value in found.items() if name != "look"} | objects


@pytest.mark.parametrize("label", range(3))
def test_a_class_draws_bit_for_bit_as_if_all_classes_drew_so(label: int) -> None:
    name = MIXED.classes[label]
    mine = np.arange(len(INDEX))[(INDEX - label) % 3 == 0]
    mixed = compose(MIXED, CATALOGUE, INDEX, ATTEMPT)
    other = compose(alone(name), CATALOGUE, INDEX[mine], ATTEMPT[mine])
    assert (alone(name) == BASE) == (name == "bike")
    for column, values in other.columns.items():
        assert mixed.columns[column].dtype.kind == values.dtype.kind
        assert np.array_equal(mixed.columns[column][mine], values), column
    assert all(np.array_equal(mixed.derived[column][mine], values) for column, values in other.derived.items())
    for k, row in enumerate(mine.tolist()):
        assert scene(mixed, row) == scene(other, k)
    assert models(MIXED, CATALOGUE, INDEX)[mine].tolist() == other.columns["subject.model"].tolist()
    assert MIXED.plan_of(name) == alone(name).plan


def test_each_class_shows_its_own() -> None:
    columns, label = compose(MIXED, CATALOGUE, INDEX).columns, INDEX % 3
    assert columns["pose.mouth"][label == 0].max() < 3 < columns["pose.mouth"][label == 1].max()
    assert set(columns["camera.direction.azimuth"][label == 1]) == {350.5}
    assert len(set(columns["camera.direction.azimuth"][label == 0])) == (label == 0).sum()
    assert set(columns["subject.model"]) == {"cat/a", "cat/c", "dog/a", "bike/a"}
    assert set(columns["obstructors.count"][label == 0]) == {4}
    assert set(columns["obstructors.count"][label == 1]) == {1, 5}
    assert columns["look.monochrome"].tolist() == (label == 0).tolist(), "the factor is omitted but for this"
    assert set(columns["look.contrast"]) == {1.0}


def test_a_class_that_is_in_no_batch_draws_nothing_and_its_names_are_known() -> None:
    dogs = compose(MIXED, CATALOGUE, np.array([4, 7])).columns
    assert dogs["camera.direction.azimuth"].tolist() == [350.5, 350.5]
    with pytest.raises(RecipeError, match=r"sky\.map: the catalogue has no 'sky9'"):
        compose(BASE.replace(of_class={"cat": {"sky": {"map": "sky9"}}}), CATALOGUE, np.array([4, 7]))
    with pytest.raises(RecipeError, match=r"class 'cat' has no 'dog/a'"):
        compose(BASE.replace(of_class={"cat": {"subject": {"model": "dog/a"}}}), CATALOGUE, INDEX)


def test_what_is_not_usable_is_drawn_again_from_each_class_own_space() -> None:
    spaces: list[BaseSpace] = [Anything(), Default(), Constant(value="b"), Anything(but=("a", "c"))]
    u, which = ((np.arange(4000) + 0.5) / 4000)[:, None], np.arange(4000) % 4
    options, rows = ("b", "a", "c", "d"), np.arange(100, 3900)
    mixed = Picks("subject.model", u, spaces, which).usable(options, lambda name: name != "b", rows)
    for k, space in enumerate(spaces):
        one = Picks("subject.model", u, [space]).usable(options, lambda name: name != "b", rows)
        assert mixed[which[rows] == k].tolist() == one[which[rows] == k].tolist()
    assert [sorted(set(mixed[which[rows] == k])) for k in range(4)] == [["a", "c", "d"], ["a"], ["b"], ["d"]]


def test_a_recipe_without_has_the_hash_and_text_it_always_had(tmp_path: Path) -> None:
    plain = BASE.model_dump(mode="json", exclude={"per_class", "of_class"})
    assert BASE.hash == content_hash(yaml.safe_dump(plain, sort_keys=True))
    assert "of_class" not in BASE.yaml()
    assert BASE.replace(of_class={"cat": {"pose": {}}, "dog": {}}) == BASE, "what says nothing is not there"
    assert MIXED.hash not in (BASE.hash, MIXED.pin("pose.mouth=1").hash)
    MIXED.save(tmp_path / "recipe.yaml")
    again = Recipe.load(tmp_path / "recipe.yaml")
    assert (again, again.hash, again.yaml()) == (MIXED, MIXED.hash, MIXED.yaml())


def test_pins_and_omissions_hold_for_all_classes() -> None:
    pinned = MIXED.pin("pose.mouth=1")
    assert pinned.of_class["cat"].keys() == OF_CLASS["cat"].keys()
    assert pinned.of_class["cat"]["pose"].keys() == {"clip", "time"}
    assert set(compose(pinned, CATALOGUE, INDEX).columns["pose.mouth"]) == {1.0}
    bare = MIXED.omit("obstructors", "sky")
    assert not {"obstructors", "sky"} & {factor for keys in bare.of_class.values() for factor in keys}
    assert bare.factors["sky"] == OMIT
    assert set(compose(bare, CATALOGUE, INDEX).columns["obstructors.count"]) == {0}
    assert MIXED.omit(*MIXED.factors) == BASE.omit(*BASE.factors)


def test_classes_that_are_no_longer_shown_take_what_they_drew_along() -> None:
    assert MIXED.replace(classes=("dog", "bike")).of_class.keys() == {"dog"}
    assert MIXED.replace(classes=("bike",)) == BASE.replace(classes=("bike",))
    assert MIXED.replace(size=64).of_class == MIXED.of_class
    assert Recipe.preset("best", classes=("bike", "car")).of_class.keys() == {"bike"}
    assert Recipe.preset("best").of_class.keys() == {"cat", "dog"}
    for recipe in (Recipe.preset("best"), MIXED):
        shown = recipe.replace(classes=("bike",))
        assert [draw.spaces for draw in shown.draws] == [(space,) for _, _, space in shown.plan]
    with pytest.raises(RecipeError, match="is not shown"):
        MIXED.plan_of("cow")


BAD: list[tuple[object, str, str]] = [
    ({"cow": {"pose": {"mouth": 0}}}, "of_class.cow", "Choose from cat, dog"),
    ({"cta": {"pose": {"mouth": 0}}}, "of_class.cta", "'cat'"),
    ({"cat": {"poes": {"mouth": 0}}}, "of_class.cat.poes", "'pose'"),
    ({"cat": {"pose": {"moth": 0}}}, "of_class.cat.pose.moth", "'mouth'"),
    ({"cat": {"pose": {"mouth": "wide"}}}, "of_class.cat.pose.mouth", "not a number"),
    ({"cat": {"pose": {"mouth": {"space": "uniform", "low": 0, "high": 90}}}}, "of_class.cat.pose.mouth", "40 degrees"),
    ({"cat": {"pose": {"mouth": {"space": "uniform", "low": 0}}}}, "of_class.cat.pose.mouth.high", "missing"),
    ({"cat": {"pose": "omit"}}, "of_class.cat.pose", "'omit' is not a mapping of keys"),
    ({"cat": 3}, "of_class.cat", "not a mapping of factors"),
    ({3: {}}, "of_class.3", "not a name"),
    ([], "of_class", "not a mapping of classes"),
    (None, "of_class", "not a mapping of classes"),
]


@pytest.mark.parametrize(("given", "where", "told"), BAD, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named_with_its_place(given: object, where: str, told: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(of_class=given)
    assert caught.value.where == where
    assert told in str(caught.value)


def test_the_schema_has_the_keys_of_every_factor() -> None:
    whole = schema()
    of_one = whole["properties"]["of_class"]["additionalProperties"]
    assert of_one["properties"].keys() == whole["properties"]["factors"]["properties"].keys() == BASE.factors.keys()
    assert of_one["additionalProperties"] is False
    for name, factor in of_one["properties"].items():
        found: Any = whole
        for part in factor["$ref"].removeprefix("#/").split("/"):
            found = found[int(part) if part.isdigit() else part]
        assert found["properties"].keys() == {key.name for key in find(name).keys}
        assert found["additionalProperties"] is False


def test_all_that_any_class_shows_is_needed_and_nothing_else() -> None:
    recipe = BASE.omit(*BASE.factors).replace(
        of_class={
            "cat": {"sky": {"map": "sky2"}, "texturize_subject": {"applied": True, "material": "surface3"}},
            "dog": {"surfaces": {"ground": "surface4"}, "subject": {"model": "dog/b"}},
        }
    )
    scene = compose(recipe, CATALOGUE, INDEX).scene
    shown = {asset.id for assets in (scene.surfaces, scene.skies, scene.subjects) for asset in assets}
    assert needed(recipe, CATALOGUE) == shown
    assert shown == {"sky0", "sky2", "surface0", "surface3", "surface4", "cat/a", "dog/b", "bike/a"}


def test_changes_matter_that_change_any_class() -> None:
    bare = BASE.omit(*BASE.factors)
    moved = bare.replace(of_class={"cat": {"pose": {"mouth": Uniform(low=0, high=3)}}})
    told = {text: Change.parse(text).matters(moved) for text in ("pose", "pose.mouth", "pose=omit", "pose.time", "sky")}
    assert told == {"pose": True, "pose.mouth": True, "pose=omit": True, "pose.time": False, "sky": False}
    assert not Change.parse("pose.mouth").matters(bare)
    still = Recipe(classes=("cat",), of_class={"cat": {"pose": {"mouth": 1}}})
    assert not Change.parse("pose.mouth").matters(still), "no class is left that varies it"


def test_the_card_and_the_tables_tell_of_it() -> None:
    drawn = {f"{row.factor}.{row.key}": row.drawn for row in rows(MIXED)}
    assert drawn["pose.mouth"] == "uniform 0 … 9; of cat: uniform 0 … 3"
    assert drawn["pose.ears"] == "uniform -14 … 8"
    assert drawn["look.monochrome"] == "False; of cat: True"
    assert drawn["obstructors.count"].endswith("; of cat: 4; of dog: one of 1 ×1, 5 ×3")
    both = BASE.replace(classes=("cat", "dog"), of_class={name: {"pose": {"mouth": 2}} for name in ("cat", "dog")})
    assert {row.key: row.drawn for row in rows(both)}["mouth"] == "2.0"
    assert "| uniform 0 … 9; of cat: uniform 0 … 3 |" in markdown(MIXED)
    text = card.write(MIXED.omit("sky"), [], {"diorama": "0"})
    assert "| uniform 0 … 9; of cat: uniform 0 … 3 |" in text
    assert "False; of cat: True" in text, "though the factor is omitted for all others"
    assert "Omitted factors: sky." in text


def test_a_dataset_of_other_draws_is_another_dataset() -> None:
    made = {"diorama": "0"}
    text = origin.write(MIXED, made)
    origin.compare("data", text, MIXED.replace(per_class=5000), made)
    for other, told in (
        (
            MIXED.pin("pose.mouth=1").pin("pose.mouth", Uniform(low=0, high=9)),
            r"of_class.cat.pose.mouth is uniform 0 … 3",
        ),
        (BASE, "of_class.cat.pose.mouth is uniform 0 … 3 there and not given here"),
    ):
        with pytest.raises(OutputError, match=told):
            origin.compare("data", text, other, made)
