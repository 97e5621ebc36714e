"""Scores of made-up predictions against plain counting and other implementations."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.stats import contingency_tables
from statsmodels.stats import proportion as peer

from diorama.draws import Draws
from diorama.evaluate.scores import Predictions, Scores, paired, score, transfer

LABELS = ("bike", "cat", "dog")


def predictions(
    model: str, where: str, predicted: NDArray[np.int64], true: NDArray[np.int64], sure: float = 0.8
) -> Predictions:
    """Heads (S, N) that are `sure` of what they predict."""
    rest = (1 - sure) / (len(LABELS) - 1)
    probabilities = np.where(np.arange(len(LABELS)) == predicted[..., None], sure, rest)
    return Predictions(model, where, LABELS, tuple(f"{k}.jpg" for k in range(len(true))), true, probabilities)


def noisy(
    model: str, where: str, right: float, seed: int, heads: int = 3, count: int = 300, shared: float = 0.0
) -> Predictions:
    """Heads that are right at a rate; a share of images is the same riddle to all of them."""
    rng, true = np.random.default_rng(seed), np.arange(count) % 2 + 1
    wrong = rng.random((heads, count)) > right
    wrong = np.where(rng.random(count) < shared, wrong[0], wrong)
    return predictions(model, where, np.where(wrong, 3 - true, true), true)


def measured(*all: Predictions) -> list[Scores]:
    return [score(one, Draws(0), 500) for one in all]


def test_scores_by_counting() -> None:
    true = np.array([1] * 10 + [2] * 10)
    head = np.array([[1] * 8 + [2] * 2 + [2] * 9 + [0], [1] * 10 + [2] * 5 + [1] * 5])
    (found,) = measured(predictions("m", "s", head, true))
    assert found.heads == pytest.approx((0.85, 0.75))
    assert found.accuracy.value == pytest.approx(0.8)
    assert found.accuracy[1:] == pytest.approx(peer.proportion_confint(16, 20, method="wilson"))
    assert found.bootstrap.value == found.accuracy.value
    assert found.aar == pytest.approx(tuple(end - 1 / 3 for end in found.bootstrap))
    assert found.confusion.tolist() == [[0, 0, 0], [0, 9, 1], [0.5, 2.5, 7]]
    assert found.recall["cat"].value == pytest.approx(0.9)
    assert found.recall["dog"].value == pytest.approx(0.7)
    assert np.isnan(found.recall["bike"].value)
    assert found.precision["cat"].value == pytest.approx(9 / 11.5)
    assert found.precision["bike"].value == 0
    assert found.f1["dog"] == pytest.approx(2 * 0.7 * (7 / 8) / (0.7 + 7 / 8))
    assert found.macro_f1.value == pytest.approx((found.f1["cat"] + found.f1["dog"]) / 2)
    assert found.calibration_error == pytest.approx((0.05 + 0.05) / 2)  # sure of 0.8, right 0.85 and 0.75
    assert found.reliability.sum(1) == pytest.approx([40, 32, 32])


def test_a_faultless_run_is_not_taken_for_certainty() -> None:
    true = np.array([1, 2] * 10)
    (found,) = measured(predictions("m", "s", true[None], true))
    assert found.bootstrap == found.accuracy
    assert found.accuracy.value == 1
    assert found.accuracy.low == pytest.approx(0.8389, abs=1e-4)


def test_scores_are_plain_json_with_none_for_what_is_not() -> None:
    found = measured(noisy("m", "s", 0.9, 0))[0].as_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["recall"]["bike"] == [None, 0, 1]
    assert found["accuracy"][1] < found["accuracy"][0] < found["accuracy"][2]
    assert "replicates" not in found


def test_the_interval_over_images_agrees_with_wilson_where_heads_agree() -> None:
    (found,) = measured(noisy("m", "s", 0.8, 1, count=1000, shared=1.0))
    assert found.bootstrap == pytest.approx(found.accuracy, abs=0.006)


def test_heads_that_differ_widen_the_interval() -> None:
    good, bad = noisy("m", "s", 0.95, 2, count=1000), noisy("m", "s", 0.6, 3, heads=1, count=1000)
    both = Predictions("m", "s", LABELS, good.files, good.true, np.concatenate([good.probabilities, bad.probabilities]))
    (found,) = measured(both)
    assert found.bootstrap.high - found.bootstrap.low > 4 * (found.accuracy.high - found.accuracy.low)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Over images: 95 % of the intervals of 200 test sets, give or take three standard errors."""
    held = 0
    for seed in range(200):
        interval = score(noisy("m", "s", 0.9, seed, heads=1, count=200), Draws(seed), 300).bootstrap
        held += interval.low <= 0.9 <= interval.high
    assert 0.90 <= held / 200 <= 0.995


def test_pairs_are_tested_on_the_same_images() -> None:
    a, b = noisy("a", "s", 0.95, 4, heads=1), noisy("b", "s", 0.85, 5, heads=1)
    elsewhere = noisy("b", "t", 0.9, 6, heads=1)
    (pair,) = paired([a, b, elsewhere], measured(a, b, elsewhere))
    right_a, right_b = a.predicted[0] == a.true, b.predicted[0] == b.true
    table = [[np.sum(right_a & right_b), pair.only_first], [pair.only_second, np.sum(~right_a & ~right_b)]]
    assert np.sum(table) == 300
    assert (pair.set, pair.first, pair.second) == ("s", "a", "b")
    assert pair.p == pytest.approx(contingency_tables.mcnemar(table, exact=True).pvalue)
    assert pair.p_holm == pair.p
    assert pair.difference.value == pytest.approx(right_a.mean() - right_b.mean())
    assert 0 < pair.difference.low < pair.difference.value < pair.difference.high


def test_pairs_of_three_models_are_adjusted() -> None:
    seen = [noisy(name, "s", right, seed) for name, right, seed in (("a", 0.95, 7), ("b", 0.9, 8), ("c", 0.8, 9))]
    pairs = paired(seen, measured(*seen))
    assert [(pair.first, pair.second) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    least = min(pairs, key=lambda pair: pair.p)
    assert least.p_holm == pytest.approx(min(1, 3 * least.p))


def test_pairing_narrows_the_difference_of_like_models() -> None:
    """Two models that err on the same images: their difference is known far better than either accuracy."""
    a = noisy("a", "s", 0.8, 10, heads=1)
    other = a.predicted.copy()
    other[0, :3] = 3 - other[0, :3]
    b = predictions("b", "s", other, a.true)
    one, two = measured(a, b)
    (pair,) = paired([a, b], [one, two])
    assert pair.difference.high - pair.difference.low < 0.4 * (one.bootstrap.high - one.bootstrap.low)


def test_out_of_domain_means_are_over_the_same_sets_for_every_model() -> None:
    names = [(model, where) for model in ("real", "synthetic") for where in ("real", "synthetic", "toon", "sketch")]
    scores = measured(*(noisy(*pair, 0.7 + 0.03 * k, k) for k, pair in enumerate(names)))
    found = transfer(scores)
    assert (found.models, found.sets) == (("real", "synthetic"), ("real", "synthetic", "toon", "sketch"))
    assert found.common == ("toon", "sketch")
    assert found.out_of_domain["real"].value == pytest.approx(np.mean([s.accuracy.value for s in scores[2:4]]))
    assert found.mean["synthetic"].value == pytest.approx(np.mean([s.accuracy.value for s in scores[4:]]))
    assert found.out_of_domain["real"].low < found.out_of_domain["real"].value < found.out_of_domain["real"].high
    only = transfer(scores[:1])
    assert (only.common, only.out_of_domain) == ((), {})
