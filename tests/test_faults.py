"""A few of the faults of tools/fault_table.py: whatever ends a run, the next one makes the dataset that was to be."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from fault_table import Ground, Row, full, killed, lost  # noqa: E402

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="process groups and tmpfs as Linux has them")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("faults"), images=60, shard_size=5)


def unharmed(row: Row) -> bool:
    return row.files > 0 and not row.differ and not row.extra


def test_a_run_of_two_processes_that_is_killed_goes_on(ground: Ground) -> None:
    row = killed(ground, "webdataset", 2, 0, most=1)
    assert sum(row.times.values()) == 1
    assert unharmed(row)


def test_a_full_disk_is_told_and_what_was_finished_is_kept(ground: Ground) -> None:
    row = full(ground, "webdataset", 0.6)
    if row is None:
        pytest.skip("nothing may be mounted here")
    assert "cannot be written (no space left on device)" in row.said
    assert unharmed(row)


def test_a_device_that_is_lost_is_told_and_what_was_finished_is_kept(ground: Ground) -> None:
    row = lost(ground, "webdataset", 1, 3)
    assert "graphics adapter: the device was lost" in row.said
    assert unharmed(row)
