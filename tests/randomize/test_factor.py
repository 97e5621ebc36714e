"""The contract that every registered factor keeps."""

import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.subject import PROPORTIONS
from diorama.errors import RecipeError
from diorama.randomize import checks
from diorama.randomize.compose import compose
from diorama.randomize.draft import Draft
from diorama.randomize.factor import COMPONENTS, Factor, Names, Picks, Values, register, registered
from diorama.randomize.recipe import Recipe
from diorama.randomize.spaces import Anything, Constant, Default
from tests.randomize.fakes import FakeCatalogue

EVERY = pytest.mark.parametrize("factor", registered().values(), ids=registered().keys())
INDEX = np.arange(24)


@EVERY
def test_it_is_described(factor: Factor) -> None:
    assert factor.name.isidentifier()
    for text in (factor.doc, *(key.doc for key in factor.keys)):
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) < 120
    for key in factor.keys:
        assert key.name.isidentifier()
        assert key.kind in ("name", "truth", "integer") or key.unit or not np.isinf(key.low + key.high)


@EVERY
def test_its_defaults_suit_its_keys(factor: Factor) -> None:
    for key in factor.keys:
        where = f"{factor.name}.{key.name}"
        assert checks.space(where, key, key.paper) == key.paper
        assert checks.space(where, key, key.when_omitted) == key.when_omitted
        assert key.when_omitted.uniforms == 0, "an omitted key is the same in every image"
        if key.kind == "number":
            assert np.isfinite([key.low, key.high]).all()


@EVERY
def test_its_application_is_pure(factor: Factor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same values give the same fields; values and fields of earlier factors are left alone."""
    seen: list[tuple[Values, Draft]] = []

    def spy(values: Values, draft: Draft) -> Names:
        seen.append((values, copy.copy(draft)))
        return factor.apply(values, draft)

    monkeypatch.setitem(registered(), factor.name, replace(factor, apply=spy))
    compose(Recipe(), FakeCatalogue(), INDEX)
    values, before = seen[0]
    for array in [*values.numbers.values(), *(pick.u for pick in values.picks.values()), *_fields(before).values()]:
        array.flags.writeable = False
    first, second = copy.copy(before), copy.copy(before)
    names, again = factor.apply(values, first), factor.apply(values, second)
    assert set(names) == {key.name for key in factor.keys if key.kind == "name"}
    assert all(np.array_equal(names[name], again[name]) for name in names)
    written = _fields(first).keys() - _fields(before).keys()
    assert written
    assert all(np.array_equal(_fields(first)[name], _fields(second)[name]) for name in written)
    assert all(len(_fields(first)[name]) == len(INDEX) for name in written)


def _fields(draft: Draft) -> dict[str, NDArray[Any]]:
    """The arrays that have been set."""
    found = {field.name: getattr(draft, field.name, None) for field in fields(draft)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


@EVERY
def test_omitted_it_is_the_same_in_every_image(factor: Factor) -> None:
    columns = compose(Recipe(classes=("bike",)).omit(factor.name), FakeCatalogue(), INDEX).columns
    for key in factor.keys:
        for name, column in columns.items():
            if name == f"{factor.name}.{key.name}" or name.startswith(f"{factor.name}.{key.name}."):
                assert len(np.unique(column, axis=0)) == 1


@EVERY
def test_the_paper_varies_what_it_has(factor: Factor) -> None:
    columns = compose(Recipe(classes=("cat",)), FakeCatalogue(), np.arange(200)).columns
    for key in factor.keys:
        parts = [f"{factor.name}.{key.name}.{part}" for part in COMPONENTS.get(key.kind, ())]
        for name in parts or [f"{factor.name}.{key.name}"]:
            assert (len(np.unique(columns[name])) > 1) == (not isinstance(key.paper, Constant)), name


def test_a_taken_name_is_refused() -> None:
    camera = registered()["camera"]
    with pytest.raises(ValueError, match="already"):
        register(camera)
    with pytest.raises(ValueError, match="one name"):
        register(replace(camera, name="twice", keys=camera.keys * 2))
    assert "twice" not in registered()


def test_a_new_factor_is_drawn_and_labelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extension point: one registration, and all else follows."""
    camera = registered()["camera"]

    def widen(values: Values, draft: Draft) -> Names:
        draft.fov = draft.fov * values["wider"]
        return {}

    wider = replace(camera.key("fov"), name="wider", omitted=1.0, paper=Constant(value=1.5), low=0.1, high=3)
    before = compose(Recipe(), FakeCatalogue(), INDEX)
    monkeypatch.setattr("diorama.randomize.factor._FACTORS", dict(registered()))
    register(Factor("lens", "A wider lens.", (wider,), widen))
    after = compose(Recipe(), FakeCatalogue(), INDEX)
    assert np.allclose(after.scene.fov, 1.5 * before.scene.fov)
    assert all(np.array_equal(after.columns[name], column) for name, column in before.columns.items())
    assert set(after.columns["lens.wider"].tolist()) == {1.5}


def test_every_proportion_has_a_key() -> None:
    assert set(PROPORTIONS) <= {key.name for key in registered()["subject"].keys}


def test_a_name_that_there_is_not_is_refused() -> None:
    for pin in ("sky.map=sky9", "subject.model=cat/z", "pose.clip=hopp", "subject.coat=plaid", "surfaces.ground=lava"):
        with pytest.raises(RecipeError, match=pin.split("=")[1]):
            compose(Recipe().pin(pin), FakeCatalogue(), INDEX)


def test_what_is_not_usable_is_drawn_again_among_the_others() -> None:
    looked_at: set[str] = set()

    def usable(name: str) -> bool:
        looked_at.add(name)
        return name not in ("b", "d")

    options = ("a", "b", "c", "d", "e")
    u = (np.arange(3000)[:, None] + 0.5) / 3000
    pick = Picks("subject.model", u, [Anything()])
    names, counts = np.unique(pick.usable(options, usable), return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == {"a": 1000, "c": 1000, "e": 1000}
    looked_at.clear()
    rows = np.arange(300)  # which draw none but the first
    assert set(pick.usable(options, usable, rows).tolist()) == {"a"}
    assert looked_at == {"a"}
    np.testing.assert_array_equal(
        pick.usable(options, usable, np.arange(900, 1700))[100:], pick.usable(options, usable)[1000:1700]
    )
    assert Picks("subject.model", np.zeros((2, 0)), [Default()]).usable(("b", "c"), usable).tolist() == ["c", "c"]
    assert Picks("subject.model", u[:2], [Constant(value="b")]).usable(options, usable).tolist() == [
        "b",
        "b",
    ]  # as asked
    with pytest.raises(RecipeError, match="class 'cat' has nothing usable"):
        pick.usable(("b", "d"), usable, of="class 'cat'")
