"""Learning curves of made-up heads, and where a classifier lies on them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from diorama.draws import Draws
from diorama.evaluate import curves

COUNTS = (1, 2, 5, 10, 20, 50)
TRUE = np.arange(600) % 2


def _right(chances: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
    """Heads right at these chances: one more axis, of images."""
    return np.random.default_rng(seed).random((*chances.shape, len(TRUE))) < chances[..., None]


def _real(seed: int = 0) -> curves.Curve:
    """Accuracy 0.6 with one photo, 0.06 more at each doubling, give or take a draw's luck."""
    chance = 0.6 + 0.06 * np.log2(COUNTS)[:, None] + np.random.default_rng(seed).normal(0, 0.02, (len(COUNTS), 8))
    return curves.curve(COUNTS, _right(chance.clip(0, 1), seed), TRUE, Draws(0), "real")


def test_isotonic_regression_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).normal(np.linspace(0, 1, 9), 0.7, (50, 9))
    ours = curves.isotonic(values)
    assert ours == pytest.approx(np.stack([isotonic_regression(row).x for row in values]))


def test_a_curve_has_the_means_of_its_draws() -> None:
    right = _right(np.full((len(COUNTS), 4), 0.8), 1)
    found = curves.curve(COUNTS, right, TRUE, Draws(0), "real")
    assert [point.value for point in found.accuracy] == pytest.approx(right.mean((1, 2)))
    assert found.draws == pytest.approx(right.mean(2))
    assert all(point.low < point.value < point.high for point in found.accuracy)
    assert found.replicates.mean(0) == pytest.approx(right.mean((1, 2)), abs=0.003)


def test_a_classifier_as_good_as_ten_photos_is_worth_ten() -> None:
    real = _real()
    accuracy, replicates = curves.level(_right(np.full(3, 0.6 + 0.06 * np.log2(10)), 2), TRUE, Draws(0), "model")
    found = curves.worth(real, accuracy, replicates)
    assert found.low < 10 < found.high
    assert 6 < found.value < 16
    assert found.high / found.low < 4


def test_the_worth_is_read_between_points_on_a_logarithmic_scale() -> None:
    right = np.zeros((2, 1, 600), np.bool_)
    right[0, 0, :300], right[1, 0, :480] = True, True  # 50 % and 80 %
    real = curves.curve((1, 100), right, TRUE, Draws(0), "real")
    model = np.zeros((1, 600), np.bool_)
    model[0, :390] = True  # 65 %: half way
    assert curves.worth(real, *curves.level(model, TRUE, Draws(0), "model")).value == pytest.approx(10)


def test_beyond_the_curve_there_is_no_number() -> None:
    real = _real()
    better = curves.worth(real, *curves.level(np.ones((2, 600), np.bool_), TRUE, Draws(0), "model"))
    assert (better.value, better.low, better.high) == (np.inf, np.inf, np.inf)
    worse = curves.worth(real, *curves.level(np.zeros((2, 600), np.bool_), TRUE, Draws(0), "model"))
    assert (worse.value, worse.low, worse.high) == (0, 0, 0)
    about = curves.worth(real, *curves.level(_right(np.full(3, 0.94), 3), TRUE, Draws(0), "model"))
    assert about.high == np.inf
    assert about.low > 15


def test_images_are_paired_with_the_curves() -> None:
    """A classifier that is right just where the curve's point is, is known to be worth that many photos."""
    right = np.repeat(_right(np.array([0.5, 0.7, 0.9]), 4)[:, None], 2, 1)
    real = curves.curve((1, 10, 100), right, TRUE, Draws(0), "real")
    found = curves.worth(real, *curves.level(right[1], TRUE, Draws(0), "model"))
    assert found == pytest.approx((10, 10, 10))
    assert real.accuracy[1].high - real.accuracy[1].low > 0.05


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    level = 0.6 + 0.06 * np.log2(10)
    held = 0
    for seed in range(15):
        model = curves.level(_right(np.full(3, level), 100 + seed), TRUE, Draws(seed), "model")
        found = curves.worth(_real(seed), *model)
        held += found.low <= 10 <= found.high
    assert held >= 12
