from threading import Thread

import pytest

from diorama.engine import clock as module
from diorama.engine.clock import Clock, timed


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands until it is set."""
    reading = [0.0]
    monkeypatch.setattr(module, "perf_counter", lambda: reading[0])
    return reading


def test_time_counts_for_the_innermost_stage(now: list[float]) -> None:
    clock = Clock()
    with timed(clock, "outer"):
        now[0] += 1
        for _ in range(2):
            with timed(clock, "inner"):
                now[0] += 10
        now[0] += 100
    with timed(clock, "outer"):
        now[0] += 1000
    assert clock.take() == {"outer": 1101, "inner": 20}
    assert clock.take() == {}


def test_threads_add_up_and_do_not_nest_in_each_other(now: list[float]) -> None:
    clock = Clock()

    def work() -> None:
        with timed(clock, "encode"):
            now[0] += 5

    with timed(clock, "render"):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert clock.take() == {"render": 5, "encode": 5}


def test_no_clock_measures_nothing() -> None:
    with timed(None, "render"):
        pass
