"""Errors by factor on made-up labels: what is planted is found, what is not is not."""

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import ArrayLike, NDArray

from diorama.evaluate.factors import OTHERS, by_factor

N = 2000


@pytest.fixture(scope="module")
def labels() -> pa.Table:
    """Columns as Diorama's: a number, an azimuth, names few and many, a truth, a count, slots, a constant."""
    rng = np.random.default_rng(0)
    columns = {
        "index": pa.array(np.arange(N)),
        "class": pa.array(np.where(np.arange(N) % 2, "dog", "cat")),
        "camera.distance": pa.array(rng.uniform(2, 4, N)),
        "camera.direction.azimuth": pa.array(rng.uniform(-180, 180, N)),
        "pose.clip": pa.array(rng.choice(["lie", "run", "sit"], N)),
        "subject": pa.array([f"{('cat', 'dog')[i % 2]}/{k}" for i, k in enumerate(rng.integers(30, size=N))]),
        "backdrop.present": pa.array(rng.random(N) < 0.3),
        "obstructors.count": pa.array(rng.integers(4, size=N)),
        "obstructors.size": pa.FixedSizeListArray.from_arrays(pa.array(rng.random(2 * N)), 2),
        "surfaces.ground_scale": pa.array(np.ones(N)),
    }
    table = pa.table(columns)
    field = table.schema.field("camera.distance").with_metadata({"unit": "subject radii", "description": "How far."})
    return table.cast(table.schema.set(table.schema.get_field_index("camera.distance"), field))


def _wrong(labels: pa.Table, chance: ArrayLike, seed: int = 1) -> NDArray[np.float64]:
    return np.asarray((np.random.default_rng(seed).random((3, N)) < np.asarray(chance)).mean(0))


TRUE = np.arange(N) % 2


def test_a_planted_factor_comes_first_with_its_levels_in_order(labels: pa.Table) -> None:
    far = labels["camera.distance"].to_numpy() > 3.6
    found = by_factor(_wrong(labels, np.where(far, 0.4, 0.05)), TRUE, labels)
    first = found[0]
    assert (first.column, first.unit, first.description) == ("camera.distance", "subject radii", "How far.")
    assert first.p_holm < 1e-6
    assert first.worst == first.levels[-1]
    assert first.worst.name.startswith("3.6")
    assert first.worst.error.low > first.worst.expected
    assert [level.images for level in first.levels] == pytest.approx([N / 5] * 5, abs=1)
    assert all(other.p_holm > 0.05 for other in found[1:] if not np.isnan(other.p))


def test_a_planted_azimuth_is_found_all_around(labels: pa.Table) -> None:
    angle = labels["camera.direction.azimuth"].to_numpy()
    found = by_factor(_wrong(labels, np.where(np.abs(angle) > 135, 0.3, 0.05)), TRUE, labels)  # seen from behind
    assert found[0].column == "camera.direction.azimuth"
    assert found[0].worst.name == "135 to 225"
    assert sum(level.images for level in found[0].levels) == N
    assert len(found[0].levels) == 4


def test_a_breed_is_found_and_a_harder_class_alone_is_not(labels: pa.Table) -> None:
    names = np.asarray(labels["subject"].to_pylist())
    chance = np.where(names == "dog/7", 0.9, np.where(TRUE, 0.3, 0.1))
    first, *_ = by_factor(_wrong(labels, chance), TRUE, labels)
    assert (first.column, first.worst.name) == ("subject", "dog/7")
    assert first.p_holm < 1e-6
    even = by_factor(_wrong(labels, np.where(TRUE, 0.3, 0.02)), TRUE, labels)
    assert all(not factor.p_holm < 0.05 for factor in even)
    subject = next(factor for factor in even if factor.column == "subject")
    assert subject.levels[-1].name == OTHERS  # cats let too few errors be expected
    assert sum(level.images for level in subject.levels) == N
    assert sum(level.excess for level in subject.levels) == pytest.approx(0, abs=1e-9)


def test_what_does_not_vary_and_slots_are_left_out(labels: pa.Table) -> None:
    columns = {factor.column for factor in by_factor(_wrong(labels, 0.1), TRUE, labels)}
    assert columns == {
        "camera.distance", "camera.direction.azimuth", "pose.clip", "subject", "backdrop.present", "obstructors.count",
    }  # fmt: skip


def test_levels_of_truths_and_counts_have_names(labels: pa.Table) -> None:
    found = {factor.column: factor for factor in by_factor(_wrong(labels, 0.1), TRUE, labels)}
    assert [level.name for level in found["backdrop.present"].levels] == ["no", "yes"]
    assert [level.name for level in found["obstructors.count"].levels] == ["0", "1", "2", "3"]
    assert {level.name for level in found["pose.clip"].levels} == {"lie", "run", "sit"}


def test_without_errors_nothing_is_tested(labels: pa.Table) -> None:
    found = by_factor(np.zeros(N), TRUE, labels)
    assert found
    assert all(np.isnan(factor.p) and factor.worst.error.value == 0 for factor in found)


def test_false_alarms_are_as_rare_as_they_should_be_with_thirty_rare_levels() -> None:
    """Twenty images each, of which a tenth is misread: two errors expected, the fewest that are let in."""
    rng = np.random.default_rng(2)
    alarms = 0
    for turn in range(200):
        table = pa.table({"subject": pa.array([f"s{k}" for k in rng.permutation(np.arange(600) % 30)])})
        (factor,) = by_factor((rng.random(600) < 0.11).astype(float), np.arange(600) % 2, table)
        alarms += factor.p < 0.05
        assert turn or len(factor.levels) > 15
    assert alarms / 200 < 0.1
