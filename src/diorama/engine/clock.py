"""A stage clock: where the time of a run goes, for benchmarks. No result ever depends on it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock, local
from time import perf_counter


class Clock:
    """Seconds by stage, added up over all threads. Stages may nest: time counts for the innermost."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = Lock()
        self._inner = local()  # seconds of stages within the current one

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time until the block's end to the stage `name`."""
        before = getattr(self._inner, "seconds", 0.0)
        self._inner.seconds, start = 0.0, perf_counter()
        try:
            yield
        finally:
            took = perf_counter() - start
            with self._lock:
                self._seconds[name] = self._seconds.get(name, 0.0) + took - self._inner.seconds
            self._inner.seconds = before + took

    def take(self) -> dict[str, float]:
        """Seconds by stage since the last call."""
        with self._lock:
            taken, self._seconds = self._seconds, {}
        return taken


def timed(clock: Clock | None, name: str) -> AbstractContextManager[None]:
    """`clock.stage(name)`, or nothing at all without a clock."""
    return nullcontext() if clock is None else clock.stage(name)


def seconds() -> float:
    """A steady clock's reading, to take differences of."""
    return perf_counter()
