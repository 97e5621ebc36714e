"""Every space: its distribution, its bounds, and what it refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from diorama.draws import Draws
from diorama.randomize.checks import SPACE
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

N = 40_000


def draw(space: BaseSpace) -> NDArray[Any]:
    return space.sample(Draws(0).uniform(type(space).__name__, np.arange(N), np.zeros(N), space.uniforms))


def follows(values: NDArray[Any], cdf: Callable[..., Any]) -> bool:
    """Kolmogorov-Smirnov: at N values this sees any deviation of the distribution function by about 0.01."""
    return bool(stats.kstest(values, cdf).pvalue > 1e-3)


def counts_follow(values: NDArray[Any], shares: dict[Any, float]) -> bool:
    seen, counts = np.unique(values, return_counts=True)
    expected = [N * shares[value] for value in seen.tolist()]
    return set(seen.tolist()) == {v for v, s in shares.items() if s} and stats.chisquare(counts, expected).pvalue > 1e-3


def uniform_by_area(direction: NDArray[np.float64], low: float = 0.0, high: float = 90.0) -> bool:
    """On a sphere the height is uniform and does not depend on the azimuth."""
    y = np.sin(np.radians(direction[:, 1]))
    bottom, top = np.sin(np.radians([low, high]))
    joint = np.histogram2d(direction[:, 0], (y - bottom) / (top - bottom), bins=8, range=[[0, 360], [0, 1]])[0]
    even = stats.chisquare(joint.ravel()).pvalue > 1e-3
    return even and follows(y, stats.uniform(bottom, top - bottom).cdf)


def test_constant() -> None:
    assert set(draw(Constant(value=2.5)).tolist()) == {2.5}
    assert np.array_equal(draw(Constant(value=(1.0, 2.0))), np.tile([1.0, 2.0], (N, 1)))


def test_uniform() -> None:
    assert follows(draw(Uniform(low=-2, high=3)), stats.uniform(-2, 5).cdf)


def test_log_uniform() -> None:
    assert follows(draw(LogUniform(low=0.1, high=20)), stats.loguniform(0.1, 20).cdf)


def test_normal() -> None:
    assert follows(draw(Normal(mean=3, sd=2)), stats.norm(3, 2).cdf)


def test_normal_is_cut_off_without_piling_up() -> None:
    values = draw(Normal(mean=0, sd=1, low=-0.5, high=2))
    assert follows(values, stats.truncnorm(-0.5, 2).cdf)
    assert len(np.unique(values)) == N


def test_integer_reaches_both_bounds_alike() -> None:
    assert counts_follow(draw(Integer(low=0, high=5)), dict.fromkeys(range(6), 1 / 6))
    assert set(draw(Integer(low=-3, high=-3)).tolist()) == {-3}


def test_bernoulli() -> None:
    assert counts_follow(draw(Bernoulli(p=0.3)), {True: 0.3, False: 0.7})
    assert not draw(Bernoulli(p=0)).any()
    assert draw(Bernoulli(p=1)).all()


def test_choice() -> None:
    assert counts_follow(draw(Choice(options=(1.5, 2.5, 9.0))), dict.fromkeys((1.5, 2.5, 9.0), 1 / 3))
    weighted = Choice(options=(1, 2, 3, 4), weights=(1, 0, 2.5, 0))
    assert counts_follow(draw(weighted), {1: 1 / 3.5, 2: 0, 3: 2.5 / 3.5, 4: 0})


def test_upper_hemisphere_is_uniform_by_area() -> None:
    assert uniform_by_area(draw(UpperHemisphere()))
    band = draw(UpperHemisphere(elevation=(20, 50)))
    assert uniform_by_area(band, 20, 50)
    sector = draw(UpperHemisphere(azimuth=(-30, 60)))
    assert follows(sector[:, 0], stats.uniform(-30, 90).cdf)


def test_the_area_test_sees_a_hemisphere_uniform_by_angle() -> None:
    u = Draws(0).uniform("wrong", np.arange(N), np.zeros(N), 2)
    assert not uniform_by_area(u * [360, 90])


def test_rotation_is_uniform() -> None:
    q = draw(Rotation())
    assert np.allclose(np.linalg.norm(q, axis=1), 1)
    # the angle has the distribution (θ - sin θ) / π, and every turned axis is uniform on the sphere
    angle = 2 * np.arccos(np.clip(np.abs(q[:, 3]), 0, 1))
    assert follows(angle, lambda a: (a - np.sin(a)) / np.pi)
    for turned in np.moveaxis(_matrices(q), 2, 0):
        for axis in range(3):
            assert follows(turned[:, axis], stats.uniform(-1, 2).cdf)
        assert follows(np.arctan2(turned[:, 0], turned[:, 2]), stats.uniform(-np.pi, 2 * np.pi).cdf)


def _matrices(q: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.spatial.transform import Rotation as Reference

    return np.asarray(Reference.from_quat(q).as_matrix())


def picks(space: BaseSpace, slots: int = 1) -> Picks:
    u = Draws(0).uniform("x", np.arange(N), np.zeros(N), slots * space.uniforms)
    return Picks("sky.map", u.reshape(N, slots, space.uniforms), [space])


def test_any_name_is_as_likely() -> None:
    index = picks(Anything(), slots=2).among(("a", "b", "c"))
    for slot in index.T:
        assert counts_follow(slot, dict.fromkeys(range(3), 1 / 3))


def test_what_any_leaves_out_is_never_drawn_and_the_rest_is_as_likely() -> None:
    space = Anything(but=("b", "elsewhere"))
    drawn = picks(space).among(("a", "b", "c")).ravel()
    assert set(drawn.tolist()) == {0, 2}
    assert counts_follow(drawn // 2, dict.fromkeys(range(2), 1 / 2))
    assert set(picks(space).among(("b",)).ravel().tolist()) == {0}, "something must be drawn"


def test_default_is_what_is_asked_for() -> None:
    assert set(picks(Default()).among(("a", "b", "c"), default=1).ravel().tolist()) == {1}


def test_a_choice_of_names_is_among_those_of_the_model() -> None:
    space = Choice(options=("walk", "run", "fly"), weights=(1, 3, 4))
    index = picks(space).among(("idle", "run", "walk"), of="cat/a")
    assert counts_follow(index.ravel(), {0: 0, 1: 0.75, 2: 0.25})


def test_every_space_has_its_distribution_tested() -> None:
    tested = globals().keys()
    known = {_snake(kind.__name__) for kind in BaseSpace.__subclasses__() if kind.__module__.startswith("diorama.")}
    known = known - {"anything"} | {"any_name"}
    assert all(any(name.startswith(f"test_{kind}") for name in tested) for kind in known)


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


EDGES = st.sampled_from([0.0, float(np.nextafter(1.0, 0.0))]) | st.floats(0, 1, exclude_max=True)
SPACES: list[BaseSpace] = [
    Uniform(low=0.1, high=0.3),
    LogUniform(low=1e-9, high=1e9),
    Normal(mean=0, sd=1),
    Normal(mean=0, sd=1e-3, low=-1e-3, high=5),
    Integer(low=0, high=5),
    Bernoulli(p=1),
    Choice(options=(1, 2, 3), weights=(0, 1, 0)),
    UpperHemisphere(),
    Rotation(),
]


@pytest.mark.parametrize("space", SPACES, ids=str)
@given(data=st.data())
def test_no_uniform_leads_out_of_the_space(space: BaseSpace, data: st.DataObject) -> None:
    u = np.array(data.draw(st.lists(EDGES, min_size=space.uniforms, max_size=space.uniforms)))
    value = space.sample(u)
    low, high = space.extent()
    assert np.all(np.isfinite(value))
    assert np.all(value >= low)
    assert np.all(value <= high)
    if isinstance(space, UpperHemisphere):
        assert 0 <= value[1] <= 90
    if isinstance(space, Choice):
        assert value == 2


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_spaces_are_vectorized_over_any_shape(space: BaseSpace) -> None:
    u = Draws(0).uniform("x", np.arange(6), np.zeros(6), space.uniforms)
    together = space.sample(u.reshape(2, 3, -1))
    assert np.allclose(together.reshape(6, -1), np.stack([space.sample(row) for row in u]).reshape(6, -1), rtol=1e-15)


NAN, INF = float("nan"), float("inf")
WRONG: list[dict[str, Any]] = [
    {"space": "uniform", "low": 2, "high": 1},
    {"space": "uniform", "low": 1, "high": 1},
    {"space": "uniform", "low": NAN, "high": 1},
    {"space": "uniform", "low": 0, "high": INF},
    {"space": "uniform", "low": 0},
    {"space": "uniform", "low": "0", "high": 1},
    {"space": "uniform", "low": True, "high": 2},
    {"space": "uniform", "low": 0, "high": 1, "mid": 0.5},
    {"space": "log_uniform", "low": 0, "high": 1},
    {"space": "log_uniform", "low": 2, "high": 1},
    {"space": "normal", "mean": 0, "sd": 0},
    {"space": "normal", "mean": 0, "sd": 1, "low": 2, "high": 1},
    {"space": "normal", "mean": 0, "sd": 1, "low": 40, "high": 50},
    {"space": "integer", "low": 0.5, "high": 2},
    {"space": "integer", "low": 3, "high": 2},
    {"space": "bernoulli", "p": 1.1},
    {"space": "choice", "options": []},
    {"space": "choice", "options": [1, 1]},
    {"space": "choice", "options": [1, 2], "weights": [1]},
    {"space": "choice", "options": [1, 2], "weights": [0, 0]},
    {"space": "choice", "options": [1, 2], "weights": [-1, 2]},
    {"space": "upper_hemisphere", "elevation": [50, 20]},
    {"space": "upper_hemisphere", "elevation": [-10, 20]},
    {"space": "upper_hemisphere", "azimuth": [-200, 200]},
    {"space": "gaussian", "mean": 0, "sd": 1},
    {"low": 0, "high": 1},
]


@pytest.mark.parametrize("given", WRONG, ids=str)
def test_what_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SPACE.validate_python(given)


def test_weights_make_some_names_likelier_and_pass_over_what_is_not_there() -> None:
    space = Anything(but=("b",), weights=(("c", 3.0), ("elsewhere", 50.0)))
    u = (np.arange(4000) + 0.5) / 4000
    at, rest = space.draw(u, ["a", "b", "c", "d"])
    assert np.bincount(at, minlength=4).tolist() == [800, 0, 2400, 800]  # 1 : 0 : 3 : 1
    for option in (0, 2, 3):  # what is left over is uniform among those that drew one
        np.testing.assert_allclose(
            np.sort(rest[at == option]), (np.arange((at == option).sum()) + 0.5) / (at == option).sum()
        )
    assert str(space) == "any but b; c ×3, elsewhere ×50"


def test_weights_of_one_draw_as_no_weights_do() -> None:
    u, names = np.random.default_rng(0).random(5000), [f"n{i}" for i in range(7)]
    plain, weighed = Anything(but=("n2",)).draw(u, names), Anything(but=("n2",), weights=(("n1", 1.0),)).draw(u, names)
    np.testing.assert_array_equal(plain[0], weighed[0])
    np.testing.assert_allclose(plain[1], weighed[1], atol=1e-9)


def test_a_space_without_weights_is_written_as_before_there_were_any() -> None:
    assert Anything(but=("x",)).model_dump(mode="json") == {"space": "any", "but": ["x"]}
    assert SPACE.validate_python({"space": "any", "weights": {"x": 2}}).model_dump()["weights"] == {"x": 2.0}


@pytest.mark.parametrize("space", [Anything(), Default()])
def test_what_a_catalogue_names_has_no_values_of_its_own(space: Anything | Default) -> None:
    with pytest.raises(TypeError, match=type(space).__name__):
        space.sample(np.zeros((2, 1)))
