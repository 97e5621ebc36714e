"""How far a dataset is: a bar with rate and time left, or plain lines where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from diorama.generate import Progress as Report

EVERY = 10.0
"""Seconds between two plain lines."""


@contextmanager
def shown() -> Iterator[Callable[[Report], None]]:
    """What to hand to `generate` as `report`; the display ends with the block."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console) as bar:
        task = bar.add_task("opening models", total=None, rate="")
        rate = _Rate()

        def report(progress: Report) -> None:
            speed = rate(progress)
            building = progress.built < progress.to_build
            bar.update(
                task,
                description="building models, surfaces and skies" if building else "images",
                total=progress.to_build if building else progress.total,
                completed=progress.built if building else progress.kept + progress.made,
                rate=f"{speed:.0f} images/s" if speed else "",
            )

        yield report


def _lines() -> Callable[[Report], None]:
    rate, last = _Rate(), [monotonic()]

    def report(progress: Report) -> None:
        speed, finished = rate(progress), progress.kept + progress.made
        if progress.built < progress.to_build:
            if monotonic() - last[0] >= EVERY:
                last[0] = monotonic()
                text = f"built {progress.built} of {progress.to_build} models, surfaces and skies"
                print(text, file=sys.stderr, flush=True)
        elif monotonic() - last[0] >= EVERY or finished == progress.total:
            last[0] = monotonic()
            text = f", {speed:.0f} images/s" if speed else ""
            print(f"{finished} of {progress.total} images{text}", file=sys.stderr, flush=True)

    return report


class _Rate:
    """Images per second since the first batch was on disk: before that, models are built."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def __call__(self, progress: Report) -> float:
        now = monotonic()
        if self._first is None:
            if progress.made:
                self._first = now, progress.made
            return 0.0
        start, made = self._first
        return (progress.made - made) / max(now - start, 1e-3)
