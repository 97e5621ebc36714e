"""Scores of maps whose shares are known."""

import numpy as np
import pytest

from diorama.explain.parts import PARTS
from diorama.explain.scores import REGIONS, centre, mass, mean, pointing, regions, summary


def test_mass_is_the_share_of_what_is_positive() -> None:
    region = np.zeros((4, 4))
    region[:, :2] = 1
    heat = np.full((4, 4), -1.0)
    heat[0, 0], heat[0, 3] = 3.0, 1.0
    assert mass(heat, region) == pytest.approx(0.75)
    assert mass(np.ones((4, 4)), region) == pytest.approx(0.5)  # as large as the region
    assert mass(np.ones((4, 4)), region / 2) == pytest.approx(0.25)
    assert np.isnan(mass(-np.ones((4, 4)), region))
    stacked = mass(np.stack([heat, np.ones((4, 4))])[:, None], np.stack([region, 1 - region]))
    np.testing.assert_allclose(stacked, [[0.75, 0.25], [0.5, 0.5]])


def test_pointing_asks_where_the_highest_place_is() -> None:
    region = np.zeros((3, 3))
    region[1, 1] = 1
    assert pointing(region, region) == 1
    assert pointing(-region, region) == 0
    assert pointing(np.ones((3, 3)), np.ones((3, 3))) == 0  # it points nowhere
    two = region.copy()
    two[0, 0] = 1
    assert pointing(two, region) == 0.5
    assert np.isnan(pointing(two, np.full((3, 3), np.nan)))


def test_regions_split_the_subject_or_are_unknown() -> None:
    parts = np.zeros((2, 2, 2), np.uint8)
    parts[0] = [[1, 2], [0, 4]]
    mask = np.array([[[True, True], [False, True]], [[True, False], [False, False]]])
    found = regions(mask, parts)
    assert found.shape == (2, len(REGIONS), 2, 2)
    np.testing.assert_array_equal(found[0, 1:].sum(0), mask[0])
    assert found[0, REGIONS.index("head"), 0, 0] == 1
    assert found[0, REGIONS.index("legs")].sum() == 0
    assert np.isnan(found[1, 1:]).all()
    np.testing.assert_array_equal(found[1, 0], mask[1])
    assert REGIONS[1:] == PARTS


def test_the_centre_is_highest_in_the_middle_and_the_same_from_all_sides() -> None:
    bell = centre(9)
    assert pointing(bell, np.eye(9) * np.eye(9)[::-1]) == 1
    np.testing.assert_allclose(bell, bell.T[::-1, ::-1], rtol=1e-6)


def test_means_have_intervals_that_hold_the_normal_ones() -> None:
    values = np.sin(np.arange(400.0)) + 0.3
    found = mean([*values, np.nan])
    error = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + error, abs=0.1 * error)
    assert np.isnan(mean([np.nan]).value)


def test_a_summary_is_the_means_of_each_method() -> None:
    rows: dict[str, list[str] | list[float]] = {
        "method": ["a", "b", "a"],
        "file": ["x", "x", "y"],
        "pointing": [1.0, 0.0, 0.0],
    }
    found = summary(rows)
    assert {name: row["pointing"].value for name, row in found.items()} == {"a": 0.5, "b": 0.0}
    assert list(found["a"]) == ["pointing"]
