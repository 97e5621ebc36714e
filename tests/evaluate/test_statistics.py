"""Intervals and tests against other implementations, exact arithmetic and simulation."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats import contingency_tables, multitest
from statsmodels.stats import proportion as peer

from diorama.draws import Draws
from diorama.evaluate import statistics


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels(successes: int, trials: int, level: float) -> None:
    successes = min(successes, trials)
    ours = statistics.wilson(successes, trials, level)
    theirs = peer.proportion_confint(successes, trials, alpha=1 - level, method="wilson")
    assert np.allclose(ours, np.clip(theirs, 0, 1), rtol=1e-12, atol=1e-12)


def test_wilson_takes_arrays_and_no_trials() -> None:
    low, high = statistics.wilson([0, 5, 10, 0], [10, 10, 10, 0])
    assert low.tolist() == pytest.approx([0, 0.2366, 0.7225, 0], abs=1e-4)
    assert high.tolist() == pytest.approx([0.2775, 0.7634, 1, 1], abs=1e-4)
    assert np.isnan(statistics.proportion(0, 0).value)


def test_mcnemar_is_its_exact_table() -> None:
    for a in range(12):
        for b in range(12):
            tail = sum(Fraction(comb(a + b, k), 2 ** (a + b)) for k in range(min(a, b) + 1))
            assert statistics.mcnemar(a, b) == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-12)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_that_of_statsmodels(a: int, b: int) -> None:
    theirs = contingency_tables.mcnemar([[7, a], [b, 5]], exact=True).pvalue
    assert statistics.mcnemar(a, b) == pytest.approx(theirs, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("count", [1, 2, 7, 20])
def test_holm_is_that_of_statsmodels(count: int) -> None:
    rng = np.random.default_rng(count)
    for p in (rng.random(count), rng.random(count) ** 4, np.full(count, 0.01)):
        assert np.allclose(statistics.holm(p.tolist()), multitest.multipletests(p, method="holm")[1])


def test_holm_leaves_out_what_was_not_tested() -> None:
    adjusted = statistics.holm([0.03, float("nan"), 0.01])
    assert adjusted[[0, 2]].tolist() == pytest.approx([0.03, 0.02])
    assert np.isnan(adjusted[1])


def _tables(seed: int, strata: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    stratum = rng.integers(strata, size=400)
    level = (rng.random(400) < 0.3 + 0.2 * stratum).astype(np.int64)
    wrong = (rng.random(400) < 0.1 + 0.1 * level + 0.2 * stratum).astype(np.int64)
    return level, wrong, stratum


@pytest.mark.parametrize("seed", range(5))
def test_association_of_two_levels_is_cochran_mantel_haenszel(seed: int) -> None:
    level, wrong, stratum = _tables(seed, 3)
    tables = np.zeros((2, 2, 3))
    np.add.at(tables, (level, wrong, stratum), 1)
    theirs = contingency_tables.StratifiedTable(tables.astype(float)).test_null_odds(correction=False)
    assert statistics.association(level, wrong, stratum).p == pytest.approx(theirs.pvalue, rel=1e-9)


def test_association_in_one_class_is_pearsons_but_for_one_image() -> None:
    rng = np.random.default_rng(3)
    level, wrong = rng.integers(4, size=300), rng.integers(2, size=300)
    table = np.zeros((4, 2))
    np.add.at(table, (level, wrong), 1)
    pearson = stats.chi2_contingency(table, correction=False)
    ours = statistics.association(level, wrong, np.zeros(300, np.int64))
    assert ours.p == pytest.approx(stats.chi2.sf(pearson.statistic * 299 / 300, 3), rel=1e-9)
    assert ours.expected == pytest.approx(pearson.expected_freq[:, 1])
    assert ours.errors.tolist() == table[:, 1].tolist()


def test_a_level_of_the_harder_class_is_not_at_fault() -> None:
    """Levels that say only what the class is explain nothing, however much the classes differ."""
    rng = np.random.default_rng(4)
    label = np.repeat([0, 1], 500)
    wrong = rng.random(1000) < np.where(label, 0.3, 0.02)
    same = statistics.association(label, wrong, label)
    assert np.isnan(same.p)
    assert same.expected == pytest.approx(same.errors)
    assert statistics.association(label, wrong, np.zeros(1000, np.int64)).p < 1e-6


def test_association_gives_uniform_p_where_there_is_none() -> None:
    rng = np.random.default_rng(5)
    label = np.repeat([0, 1], 300)
    p = []
    for _ in range(400):
        heads = rng.random((3, 600)) < np.where(label, 0.3, 0.1)
        p.append(statistics.association(rng.integers(4, size=600), heads.mean(0), label).p)
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_calibration_error_by_hand() -> None:
    confidence = [0.9, 0.9, 0.9, 0.9, 0.6, 0.6]
    correct = [1, 1, 1, 0, 1, 0]  # bins: sure 0.9, right 0.75 of four; sure 0.6, right 0.5 of two
    assert statistics.calibration_error(confidence, correct) == pytest.approx((4 * 0.15 + 2 * 0.1) / 6)
    assert statistics.calibration_error([1.0, 1.0], [1, 1]) == 0
    assert statistics.calibration_error([1.0], [0]) == 1
    edge = statistics.reliability([0.5, 0.5000001], [0, 1], bins=2)[0]
    assert edge.tolist() == [1, 1]  # bins are closed above


def test_calibrated_confidences_have_a_small_error() -> None:
    rng = np.random.default_rng(6)
    sure = rng.uniform(0.5, 1, 40_000)
    assert statistics.calibration_error(sure, rng.random(40_000) < sure) < 0.01
    assert statistics.calibration_error(sure, rng.random(40_000) < sure - 0.2) == pytest.approx(0.2, abs=0.01)


def test_f1_by_hand() -> None:
    confusion = np.array([[8.0, 2.0, 0.0], [1.0, 4.0, 0.0], [0.0, 0.0, 0.0]])  # the third class has no images
    assert statistics.f1(confusion)[:2].tolist() == pytest.approx([16 / 19, 8 / 11])
    assert statistics.macro_f1(confusion) == pytest.approx((16 / 19 + 8 / 11) / 2)
    assert statistics.macro_f1(np.stack([confusion, confusion * 2])).tolist() == pytest.approx(
        [float(statistics.macro_f1(confusion))] * 2
    )


def test_bootstrap_of_images_agrees_with_the_binomial() -> None:
    """With one head and one class, the accuracy of a replicate is binomial."""
    predicted = np.zeros((1, 200), np.int64)
    predicted[0, :30] = 1
    replicates = statistics.bootstrap_confusions(predicted, np.zeros(200, np.int64), 2, Draws(1), ("h", "i"), 4000)
    accuracy = replicates[:, 0, 0] / 200
    assert accuracy.mean() == pytest.approx(0.85, abs=0.002)
    assert accuracy.std() == pytest.approx(np.sqrt(0.85 * 0.15 / 200), rel=0.05)
    interval = statistics.percentiles(0.85, accuracy)
    assert (interval.low, interval.high) == pytest.approx(stats.binom.ppf([0.025, 0.975], 200, 0.85) / 200, abs=0.006)


def test_bootstrap_of_heads_carries_their_spread() -> None:
    """Two heads, one always right and one always wrong: each replicate has 0, 1 or 2 of the good one."""
    predicted = np.array([[0] * 50, [1] * 50])
    replicates = statistics.bootstrap_confusions(predicted, np.zeros(50, np.int64), 2, Draws(2), ("h", "i"), 4000)
    accuracy = replicates[:, 0, 0] / 50
    assert [np.mean(accuracy == value) for value in (0, 0.5, 1)] == pytest.approx([0.25, 0.5, 0.25], abs=0.025)


def test_bootstrap_keeps_the_classes_sizes_and_pairs_models() -> None:
    rng = np.random.default_rng(7)
    labels = np.repeat([0, 1, 2], [40, 25, 10])
    a, b = rng.integers(3, size=(2, 3, 75))
    one = statistics.bootstrap_confusions(a, labels, 3, Draws(3), ("a", "set"), 50)
    assert one.sum(-1) == pytest.approx(np.broadcast_to([40, 25, 10], (50, 3)), rel=1e-5)
    assert np.array_equal(one, statistics.bootstrap_confusions(a, labels, 3, Draws(3), ("a", "set"), 50))
    assert np.array_equal(one[:20], statistics.bootstrap_confusions(a, labels, 3, Draws(3), ("a", "set"), 20))
    other = statistics.bootstrap_confusions(b, labels, 3, Draws(3), ("a", "elsewhere"), 50)
    assert not np.allclose(one, other)
    flip = statistics.bootstrap_confusions((a + 1) % 3, labels, 3, Draws(3), ("a", "set"), 50)
    assert np.roll(one, 1, -1) == pytest.approx(flip, rel=1e-5)  # the same images in every replicate


def test_the_mean_of_the_bootstrap_is_the_confusion_itself() -> None:
    rng = np.random.default_rng(8)
    labels, predicted = np.repeat([0, 1], 60), rng.integers(2, size=(3, 120))
    mean = statistics.bootstrap_confusions(predicted, labels, 2, Draws(4), ("h", "i"), 4000).mean(0)
    whole = np.array([[np.mean(np.sum((labels == i) & (predicted == j), 1)) for j in (0, 1)] for i in (0, 1)])
    assert mean == pytest.approx(whole, abs=0.6)
