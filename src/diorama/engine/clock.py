"""A stage clock: where the time of a run goes, for benchmarks. No result ever depends on it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from time import perf_counter


class Clock:
    """Seconds by stage, added up over all threads that time themselves with it."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = Lock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time until the block's end to the stage `name`."""
        start = perf_counter()
        try:
            yield
        finally:
            self.add(name, perf_counter() - start)

    def add(self, name: str, seconds: float) -> None:
        """Adds `seconds` (less than 0 to move them to another stage) to the stage `name`."""
        with self._lock:
            self._seconds[name] = self._seconds.get(name, 0.0) + seconds

    def take(self) -> dict[str, float]:
        """Seconds by stage since the last call."""
        with self._lock:
            taken, self._seconds = self._seconds, {}
        return taken


def timed(clock: Clock | None, name: str) -> AbstractContextManager[None]:
    """`clock.stage(name)`, or nothing at all without a clock."""
    return nullcontext() if clock is None else clock.stage(name)
