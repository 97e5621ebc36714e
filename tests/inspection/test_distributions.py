"""The distributions that recipes promise are those of what their spaces draw."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from diorama.draws import Draws
from diorama.inspection.distributions import cdf, constant, odds, odds_among
from diorama.randomize.directions import Rotation, UpperHemisphere
from diorama.randomize.factor import Picks
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

N = 20_000
COUNTED: list[BaseSpace] = [
    Integer(low=-3, high=5),
    Bernoulli(p=0.3),
    Choice(options=(1.5, 2.5, 9.0)),
    Choice(options=(1, 2, 3, 4), weights=(1, 0, 2.5, 0)),
]
MEASURED: list[BaseSpace] = [
    Uniform(low=-2, high=3),
    LogUniform(low=0.1, high=20),
    Normal(mean=3, sd=2),
    Normal(mean=0, sd=1, low=-0.5, high=2),
    UpperHemisphere(elevation=(20, 50), azimuth=(-30, 60)),
    Rotation(),
]
NAMED: list[BaseSpace] = [
    Anything(),
    Anything(but=("b",)),
    Anything(but=("a", "b", "c")),
    Choice(options=("c", "x", "a"), weights=(3, 5, 1)),
    Constant(value="b"),
    Default(),
]


def uniforms(space: BaseSpace) -> NDArray[np.float64]:
    return Draws(1).uniform(type(space).__name__, np.arange(N), np.zeros(N), space.uniforms)


def follows(values: NDArray[Any], shares: Any) -> bool:
    seen, counts = np.unique(values, return_counts=True)
    expected = [N * shares.get(value, 0) for value in seen.tolist()]
    whole = set(seen.tolist()) == {v for v, s in shares.items() if s}
    return whole and (len(seen) == 1 or stats.chisquare(counts, expected).pvalue > 1e-3)


@pytest.mark.parametrize("space", COUNTED, ids=str)
def test_the_odds_are_those_of_what_is_drawn(space: BaseSpace) -> None:
    shares = odds(space)
    assert shares is not None
    assert sum(shares.values()) == pytest.approx(1)
    assert follows(space.sample(uniforms(space)), shares)


@pytest.mark.parametrize("space", NAMED, ids=str)
def test_the_odds_among_names_are_those_of_what_is_picked(space: BaseSpace) -> None:
    names = ("a", "b", "c")
    picked = Picks("sky.map", uniforms(space), [space]).among(names, default=2, of="cat/a")
    assert follows(np.array(names)[picked], odds_among(space, names, names[2]))


@pytest.mark.parametrize("space", MEASURED, ids=str)
def test_the_distribution_function_is_that_of_what_is_drawn(space: BaseSpace) -> None:
    assert odds(space) is None
    for part, drawn in enumerate(space.sample(uniforms(space)).reshape(N, -1).T):
        assert stats.kstest(drawn, lambda x, part=part: cdf(space, x, part)).pvalue > 1e-3
        assert stats.kstest(drawn * 1.03 + 0.02, lambda x, part=part: cdf(space, x, part)).pvalue < 1e-3
        assert cdf(space, np.array([drawn.min() - 99, drawn.max() + 99]), part) == pytest.approx([0, 1], abs=1e-9)


def test_a_constant_has_one_value_or_one_for_each_component() -> None:
    assert odds(Constant(value=2.5)) == {2.5: 1.0}
    assert constant(Constant(value=2.5)) == 2.5
    assert constant(Constant(value=(1.0, 2.0)), 1) == 2.0
    assert constant(Uniform(low=0, high=1)) is None


def test_every_space_is_here() -> None:
    known = {type(space) for space in (*COUNTED, *MEASURED, *NAMED)}
    assert known == {kind for kind in BaseSpace.__subclasses__() if kind.__module__.startswith("diorama.")}
