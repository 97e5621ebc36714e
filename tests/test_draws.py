"""Randomness: the published known answers, and the promises that every image's reproducibility rests on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diorama.draws import Draws, philox

# Random123 1.14, examples/kat_vectors: philox4x32 10
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter: str, key: str, answer: str) -> None:
    assert philox(words(counter), words(key)).tolist() == words(answer)


def test_philox_is_vectorized_over_counters_and_keys() -> None:
    counters = np.array([words(counter) for counter, _, _ in KNOWN])
    keys = np.array([words(key) for _, key, _ in KNOWN])
    assert philox(counters, keys).tolist() == [words(answer) for _, _, answer in KNOWN]


def test_doubles_are_uniform_in_the_unit_interval() -> None:
    u = Draws(0).uniform("camera.distance", np.arange(20_000), np.zeros(20_000), 4)
    assert u.min() >= 0
    assert u.max() < 1
    for column in u.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-3
    # neighbours in the same image, and the same draw in neighbouring images, are unrelated
    assert np.abs(np.corrcoef(u.T) - np.eye(4)).max() < 0.03
    assert abs(np.corrcoef(u[:-1, 0], u[1:, 0])[0, 1]) < 0.03


def test_doubles_have_53_random_bits() -> None:
    bits = (Draws(0).uniform("x", np.arange(4000), np.zeros(4000), 2) * 2.0**53).astype(np.uint64).ravel()
    assert np.all(bits / 2.0**53 < 1)
    frequency = [np.mean((bits >> np.uint64(i)) & np.uint64(1)) for i in range(53)]
    assert np.abs(np.array(frequency) - 0.5).max() < 0.03


U64 = st.integers(0, 2**64 - 1)


@given(seed=U64, images=st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=9), attempt=st.integers(0, 2**32 - 1))
def test_an_image_alone_has_the_values_it_has_in_company(seed: int, images: list[int], attempt: int) -> None:
    draws = Draws(seed)
    together = draws.uniform("a.b", np.array(images), np.full(len(images), attempt), 5)
    for row, image in zip(together, images, strict=True):
        alone = draws.uniform("a.b", np.array([image]), np.array([attempt]), 5)[0]
        assert np.array_equal(row, alone)


def test_draws_together_are_as_each_alone() -> None:
    images = np.array([3, 2**40, 0])
    attempts = np.array([[0, 1, 2], [7, 7, 7], [0, 0, 0]])
    requests = [("a", 3), ("b", 0), ("c", 16)]
    together = Draws(5).uniforms(requests, images, attempts)
    for (name, n), attempt, values in zip(requests, attempts, together, strict=True):
        assert values.shape == (3, n)
        assert np.array_equal(values, Draws(5).uniform(name, images, attempt, n))


def test_asking_for_more_keeps_the_first() -> None:
    few, many = (Draws(1).uniform("a", np.arange(3), np.zeros(3), n) for n in (3, 8))
    assert np.array_equal(few, many[:, :3])


@pytest.mark.parametrize(
    "other",
    [
        Draws(1).uniform("a", np.arange(8), np.zeros(8), 2),
        Draws(0).uniform("b", np.arange(8), np.zeros(8), 2),
        Draws(0).uniform("a", np.arange(8) + (1 << 32), np.zeros(8), 2),
        Draws(0).uniform("a", np.arange(8), np.ones(8), 2),
    ],
    ids=["seed", "name", "image's high word", "attempt"],
)
def test_every_part_of_the_key_matters(other: np.ndarray) -> None:
    assert not np.isin(other, Draws(0).uniform("a", np.arange(8), np.zeros(8), 2)).any()


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        Draws(seed)


def test_even_draws_share_every_aligned_run_of_images_out_among_equal_parts() -> None:
    u = Draws(3).even([("a", 3), ("b", 2)], np.arange(1024), np.zeros((2, 1024)))
    for column in np.concatenate(u, axis=1).T:
        for run in (2, 16, 64, 1024):
            parts = np.sort(np.floor(column.reshape(-1, run) * run).astype(int), axis=1)
            assert np.array_equal(parts, np.broadcast_to(np.arange(run), parts.shape))


def test_even_draws_of_two_names_and_of_two_columns_are_unrelated() -> None:
    tables = np.zeros((2, 4, 4))
    for seed in range(400):
        a, b = Draws(seed).even([("a", 2), ("b", 1)], np.arange(16), np.zeros((2, 16)))
        for table, x, y in zip(tables, (a[:, 0], a[:, 0]), (a[:, 1], b[:, 0]), strict=True):
            np.add.at(table, ((x * 4).astype(int), (y * 4).astype(int)), 1)
    for table in tables:
        assert stats.chisquare(table.ravel()).pvalue > 1e-3


def test_even_draws_of_one_image_are_uniform_over_seeds() -> None:
    u = np.array([Draws(seed).even([("a", 1)], np.array([5]), np.zeros((1, 1)))[0][0, 0] for seed in range(3000)])
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    bits = (u * 2.0**53).astype(np.uint64)
    assert np.abs([np.mean((bits >> np.uint64(i)) & np.uint64(1)) - 0.5 for i in range(53)]).max() < 0.05


def test_images_drawn_again_or_beyond_the_32nd_bit_have_plain_draws() -> None:
    images, attempts = np.array([0, 7, 7, 2**32, 2**40 + 7]), np.array([[0, 0, 1, 0, 3]])
    (even,), (plain,) = (draw([("a", 5)], images, attempts) for draw in (Draws(2).even, Draws(2).uniforms))
    assert np.array_equal(even[2:], plain[2:])
    assert not np.isin(even[:2], plain).any()


def test_an_image_alone_has_the_even_values_it_has_in_company() -> None:
    together = Draws(8).even([("a", 4), ("b", 1)], np.arange(40), np.zeros((2, 40)))
    alone = Draws(8).even([("b", 1)], np.array([33]), np.zeros((1, 1)))[0][0]
    assert np.array_equal(together[1][33], alone)
