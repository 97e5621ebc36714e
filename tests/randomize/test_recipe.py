"""Recipes: written and read back, changed by omit and pin, and what is said about bad ones."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diorama.errors import OutputError, RecipeError
from diorama.randomize import documents
from diorama.randomize.factor import registered
from diorama.randomize.recipe import PRESETS, Recipe
from diorama.randomize.spaces import Anything, Choice, Constant, Default, Integer, LogUniform, Normal, Uniform
from diorama.randomize.tables import columns, markdown, rows, schema

KEYS = [f"{factor.name}.{key.name}" for factor in registered().values() for key in factor.keys]
CHANGED = (
    Recipe(size=512, antialias=4, classes=("bike", "Ünïcode dog"), per_class=7, seed=2**64 - 1)
    .replace(visibility={"min_visible": 0.5, "min_share": 0.1, "attempts": 3})
    .omit("obstructors", "sky")
    .pin("camera.direction=[350.5, 10]")
    .pin("camera.distance", Normal(mean=3, sd=1, low=2, high=4))
    .pin("obstructors.count=2")
    .pin("sky.map={space: choice, options: [noon, dusk], weights: [1, 2]}")
    .pin("texturize_subject.applied={space: bernoulli, p: 0.25}")
)


@pytest.mark.parametrize("recipe", [Recipe(), CHANGED], ids=["paper", "changed"])
def test_written_and_read_back_it_is_the_same(recipe: Recipe, tmp_path: Path) -> None:
    recipe.save(tmp_path / "recipe.yaml")
    again = Recipe.load(tmp_path / "recipe.yaml")
    assert again == recipe
    assert again.hash == recipe.hash
    assert again.yaml() == recipe.yaml()
    assert [path.name for path in tmp_path.iterdir()] == ["recipe.yaml"]


NUMBERS = st.floats(1.2, 100, allow_nan=False)


@given(a=NUMBERS, b=NUMBERS, seed=st.integers(0, 2**64 - 1), omitted=st.sets(st.sampled_from(list(registered()))))
@settings(max_examples=30, deadline=None)
def test_any_recipe_survives_yaml(a: float, b: float, seed: int, omitted: set[str]) -> None:
    recipe = Recipe(seed=seed).omit(*omitted)
    recipe = recipe.pin("camera.distance", Uniform(low=min(a, b), high=max(a, b)) if a != b else a)
    assert Recipe.parse(recipe.yaml()) == recipe
    assert Recipe.parse(recipe.yaml()).hash == recipe.hash


def test_the_hash_is_of_what_an_image_depends_on() -> None:
    base = Recipe()
    assert base.replace(per_class=5).hash == base.hash
    changes: list[dict[str, Any]] = [
        {"seed": 1}, {"size": 128}, {"antialias": 4}, {"classes": ("dog", "cat")}, {"visibility": {"min_visible": 0.3}},
    ]  # fmt: skip
    others = [base.replace(**change) for change in changes] + [base.omit("sky"), base.pin("camera.distance=2")]
    assert len({recipe.hash for recipe in [base, *others]}) == len(others) + 1
    assert base.pin("camera.distance=2").hash == base.pin("camera.distance", 2.0).hash


def test_the_paper_is_the_default_and_uniform_throughout() -> None:
    assert PRESETS[0] == "paper"
    assert Recipe.preset("paper") == Recipe() == Recipe.parse("{}")


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_whole_recipes(name: str) -> None:
    recipe = Recipe.preset(name, per_class=7)
    assert recipe.per_class == 7
    assert Recipe.parse(recipe.yaml()) == recipe
    assert (recipe == Recipe(per_class=7)) == (name == "paper")
    assert not any(isinstance(space, Normal | LogUniform | Default) for _, _, space in Recipe().plan)
    assert Recipe().factors["texturize_subject"]["applied"] == Constant(value=False)  # type: ignore[index]
    assert Recipe().visibility.min_visible == 0.35
    assert Recipe().visibility.min_share == 0.02
    assert Recipe().samples == 1


def test_what_a_file_leaves_out_is_the_papers() -> None:
    text = "seed: 3\nfactors:\n  sky: omit\n  camera:\n    distance: {space: uniform, low: 2, high: 3}\n    fov: 45"
    said = Recipe(seed=3).omit("sky").pin("camera.distance", Uniform(low=2, high=3)).pin("camera.fov=45")
    assert Recipe.parse(text) == said


def space(recipe: Recipe, key: str) -> object:
    return next(space for factor, k, space in recipe.plan if f"{factor.name}.{k.name}" == key)


@pytest.mark.parametrize("name", registered())
def test_omit_leaves_each_key_at_its_default_and_all_others_alone(name: str) -> None:
    before, after = Recipe().plan, Recipe().omit(name).plan
    for (factor, key, old), (_, _, new) in zip(before, after, strict=True):
        assert new == (key.when_omitted if factor.name == name else old)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camera.distance=2.5", Constant(value=2.5)),
        (" camera.distance = 3 ", Constant(value=3.0)),
        ("camera.distance=25e-1", Constant(value=2.5)),
        ("camera.direction=30,20", Constant(value=(30.0, 20.0))),
        ("camera.direction=[30, 20]", Constant(value=(30.0, 20.0))),
        ("camera.distance={space: uniform, low: 2, high: 3}", Uniform(low=2, high=3)),
        ("obstructors.count=3", Constant(value=3)),
        ("obstructors.count={space: integer, low: 1, high: 2}", Integer(low=1, high=2)),
        ("obstructors.shape=cone", Constant(value="cone")),
        ("texturize_subject.applied=true", Constant(value=True)),
        ("subject.model=007", Constant(value="007")),
        ("pose.clip=no", Constant(value="no")),
        ("pose.clip={space: any}", Anything()),
        ("pose.clip={space: any, but: [curl, doze]}", Anything(but=("curl", "doze"))),
        ("pose.clip={space: choice, options: [a, b]}", Choice(options=("a", "b"))),
    ],
)
def test_pins_as_people_write_them(text: str, expected: object) -> None:
    key = text.partition("=")[0].strip()
    assert space(Recipe().pin(text), key) == expected


def test_a_pin_in_an_omitted_factor_changes_that_key_alone() -> None:
    recipe = Recipe().omit("obstructors").pin("obstructors.count=2")
    assert space(recipe, "obstructors.count") == Constant(value=2)
    assert space(recipe, "obstructors.size") == Constant(value=0.5)


BAD_PINS = {
    "camera.distance=0.1": ("camera.distance", "0.1 is out of range", "1.2"),
    "camera.distance=nan": ("camera.distance", "nan", "number"),
    "camera.distance=.nan": ("camera.distance", "finite", ""),
    "camera.distance=.inf": ("camera.distance", "finite", ""),
    "camera.distance=far": ("camera.distance", "'far' is not a number", ""),
    "camera.distance=true": ("camera.distance", "True is not a number", ""),
    "camera.distance=2,3": ("camera.distance", "[2, 3] is not a number", ""),
    "camera.distance=": ("pin", "factor.key=value", "camera.distance=2.5"),
    "camera.distance": ("pin", "factor.key=value", "camera.distance=2.5"),
    "camera=2": ("pin", "factor.key=value", "camera.distance=2.5"),
    "camera.distanse=2": ("camera.distanse", "no such key", "'distance'"),
    "camra.distance=2": ("camra", "no such factor", "'camera'"),
    "camera.distance={space: uniform, low: 3, high: 2}": ("camera.distance", "low 3 is not below high 2", ""),
    "camera.distance={space: uniform, low: 2, high: .inf}": ("camera.distance.high", "finite", ""),
    "camera.distance={space: uniform, low: 1, high: 2}": ("camera.distance", "1 is out of range", ""),
    "camera.distance={space: uniform, low: 2, hihg: 3}": ("camera.distance.high", "missing", ""),
    "camera.distance={space: uniform, low: 2, high: 3, mid: 2}": ("camera.distance.mid", "no such field", ""),
    "camera.distance={space: unifrom, low: 2, high: 3}": ("camera.distance", "'unifrom'", "'uniform'"),
    "camera.distance={low: 2, high: 3}": ("camera.distance", "names no space", "space: uniform"),
    "camera.distance={space: normal, mean: 3, sd: 1}": ("camera.distance", "unbounded", ""),
    "camera.distance={space: any}": ("camera.distance", "any space does not suit", "uniform"),
    "camera.distance={space: choice, options: [2, a]}": ("camera.distance", "'a' is not a number", ""),
    "camera.distance={space: uniform": ("camera.distance", "expected", ""),
    "camera.direction=10": ("camera.direction", "azimuth, elevation", ""),
    "camera.direction=10,-5": ("camera.direction", "no direction", ""),
    "camera.direction=10,20,30": ("camera.direction", "azimuth, elevation", ""),
    "obstructors.count=6": ("obstructors.count", "6 is out of range", "5"),
    "obstructors.count=1.5": ("obstructors.count", "1.5 is not a whole number", ""),
    "obstructors.shape=torsu": ("obstructors.shape", "'torsu'", "Did you mean 'torus'?"),
    "obstructors.orientation=1,1,0,0": ("obstructors.orientation", "not of length 1", ""),
    "texturize_subject.applied=1": ("texturize_subject.applied", "1 is not true or false", ""),
}


@pytest.mark.parametrize("pin", BAD_PINS)
def test_bad_pins_name_the_key_and_the_mend(pin: str) -> None:
    where, problem, mend = BAD_PINS[pin]
    with pytest.raises(RecipeError) as caught:
        Recipe().pin(pin)
    assert caught.value.where.startswith(where)
    assert problem in str(caught.value)
    assert mend in caught.value.mend
    assert caught.value.mend.endswith((".", "?"))


@pytest.mark.parametrize("name", ["fog", "camera.distance", "Camera", ""])
def test_only_factors_can_be_omitted(name: str) -> None:
    with pytest.raises(RecipeError, match="no such factor"):
        Recipe().omit(name)


BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"size": 100}, "size"),
    ({"size": 2048}, "size"),
    ({"size": 0}, "size"),
    ({"size": "256"}, "size"),
    ({"antialias": 2}, "antialias"),
    ({"antialias": True}, "antialias"),
    ({"classes": ()}, "classes"),
    ({"classes": "cat"}, "classes"),
    ({"classes": ("cat", "Cat")}, "classes"),
    ({"classes": ("../cat",)}, "classes"),
    ({"classes": (".cat",)}, "classes"),
    ({"classes": ("README.md",)}, "classes"),
    ({"classes": ("Labels.parquet",)}, "classes"),
    ({"classes": ("",)}, "classes.0"),
    ({"per_class": 0}, "per_class"),
    ({"per_class": -3}, "per_class"),
    ({"per_class": 1.5}, "per_class"),
    ({"seed": -1}, "seed"),
    ({"seed": 2**64}, "seed"),
    ({"sede": 1}, "sede"),
    ({"visibility": {"min_visible": 1.5}}, "visibility.min_visible"),
    ({"visibility": {"min_share": float("nan")}}, "visibility.min_share"),
    ({"visibility": {"attempts": 0}}, "visibility.attempts"),
    ({"visibility": {"min_seen": 0}}, "visibility.min_seen"),
    ({"factors": []}, "factors"),
    ({"factors": {"fog": {}}}, "fog"),
    ({"factors": {"camera": 3}}, "camera"),
    ({"factors": {"camera": {"far": 3}}}, "camera.far"),
    ({"factors": {"camera": {"distance": None}}}, "camera.distance"),
    ({"factors": {"camera": {"distance": [[2]]}}}, "camera.distance.value"),
    ({"factors": {1: {}}}, "1"),
]


@pytest.mark.parametrize(("fields", "where"), BAD_FIELDS, ids=str)
def test_bad_fields_are_named(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(**fields)
    assert caught.value.where == where
    assert caught.value.mend


BAD_FILES = {
    "twice": ("seed: 1\nsize: 256\nseed: 2", "line 3: 'seed' is given twice"),
    "twice within": ("factors:\n  sky: omit\n  sky: {}", "line 3: 'sky' is given twice"),
    "alias": ("a: &a [1]\nb: *a", "alias"),
    "merge": ("<<: {seed: 1}", "merge"),
    "object": ("seed: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
    "list": ("- 1", "not a mapping"),
    "empty": ("", "not a mapping"),
    "binary": ("\x00\x01", "not YAML"),
    "unclosed": ("seed: [1", "expected"),
    "deep": ("[" * 5000, "not"),
    "unhashable": ("[1]: 2", "unhashable"),
    "date": ("seed: 2024-01-01", "seed"),
    "impossible date": ("seed: 2024-13-45", "not YAML"),
    "number for key": ("1: 2", "not a mapping of fields"),
    "bound": ("factors: {camera: {distance: {space: uniform, low: 4, high: 2}}}", "camera.distance: low 4"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_named_with_the_place(name: str, tmp_path: Path) -> None:
    text, problem = BAD_FILES[name]
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError) as caught:
        Recipe.load(path)
    assert str(caught.value).startswith(str(path))
    assert problem in str(caught.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"# " + b"x" * documents.LARGEST)
    latin.write_bytes("classes: [chièn]".encode("latin-1"))
    for path, problem in ((large, "larger"), (latin, "UTF-8"), (tmp_path, "directory"), (tmp_path / "none", "No such")):
        with pytest.raises(RecipeError, match=problem):
            Recipe.load(path)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_recipe_or_a_recipe_error(text: str) -> None:
    for given_text in (text, f"factors: {{camera: {{distance: {text}}}}}", f"seed: {text}"):
        with suppress(RecipeError):
            assert Recipe.parse(given_text).plan


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        Recipe().save(tmp_path / "none" / "recipe.yaml")


def test_unknown_presets_are_refused() -> None:
    with pytest.raises(RecipeError, match="'paper'"):
        Recipe.preset("papre")


def test_rows_and_columns_cover_every_key_once() -> None:
    assert [f"{row.factor}.{row.key}" for row in rows()] == KEYS
    names = [column.name for column in columns()]
    assert len(set(names)) == len(names)
    assert {".".join(name.split(".")[:2]) for name in names} == set(KEYS)
    assert all(f"| `{key.partition('.')[2]}` |" in markdown() for key in KEYS)


def test_the_schema_describes_every_key_and_is_plain_json() -> None:
    whole = json.loads(json.dumps(schema()))
    for key in KEYS:
        factor, _, name = key.partition(".")
        mapping = whole["properties"]["factors"]["properties"][factor]["anyOf"][1]
        described = mapping["properties"][name]
        assert described["description"]
        for option in described["anyOf"][1:]:
            assert option["$ref"].removeprefix("#/$defs/") in whole["$defs"]
