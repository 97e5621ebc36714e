"""How much memory a process and all that it has started use, where the system tells (Linux)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

INTERVAL = 0.25
"""Seconds between two looks."""


class Peak:
    """The most memory seen so far, in bytes; 0 where the system does not tell."""

    def __init__(self) -> None:
        self.bytes = 0

    def look(self) -> None:
        """Takes note of the memory in use now."""
        self.bytes = max(self.bytes, used())


def used() -> int:
    """Bytes that this process and its descendants use, what they share counted once (PSS)."""
    return sum(map(_proportional, _family("self")))


@contextmanager
def watched() -> Iterator[Peak]:
    """Looks at the memory in use every INTERVAL, from a thread of its own."""
    peak, ended = Peak(), Event()

    def watch() -> None:
        while not ended.wait(INTERVAL):
            peak.look()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
        peak.look()


def _family(process: str) -> Iterator[str]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _family(child)


def _proportional(process: str) -> int:
    with suppress(OSError):  # it may have ended
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
