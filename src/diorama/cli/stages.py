"""How far a work of several stages is: a bar with rate and time left, or plain lines where nobody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from diorama.cli.progress import EVERY

if TYPE_CHECKING:
    from diorama.engine.progress import Progress as Stage
    from diorama.engine.progress import Report


@contextmanager
def shown() -> "Iterator[Report]":
    """What to hand to `evaluate` and its like as `report`; the display ends with the block."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console) as bar:
        tasks: dict[str, TaskID] = {}
        rate = _Rate()

        def report(stage: "Stage") -> None:
            if rate.is_new(stage):
                tasks[stage.stage] = bar.add_task(stage.stage, total=stage.total, rate="")
            bar.update(tasks[stage.stage], total=stage.total, completed=stage.done, rate=rate(stage))

        yield report


def _lines() -> "Report":
    rate, last = _Rate(), [monotonic()]

    def report(stage: "Stage") -> None:
        new, speed = rate.is_new(stage), rate(stage)
        if monotonic() - last[0] >= EVERY or stage.done == stage.total:
            last[0] = monotonic()
            parts = [f"{stage.stage}: {stage.done} of {stage.total} {stage.unit}", "" if new else speed, stage.note]
            print(", ".join(part for part in parts if part), file=sys.stderr, flush=True)

    return report


class _Rate:
    """Units per second since a stage's first report."""

    def __init__(self) -> None:
        self._stage, self._start, self._first, self._done = "", 0.0, 0, 0

    def is_new(self, stage: "Stage") -> bool:
        """Whether this is the first report of a stage, or it begins again; to be asked once per report."""
        new = stage.stage != self._stage or stage.done < self._done
        if new:
            self._stage, self._start, self._first = stage.stage, monotonic(), stage.done
        self._done = stage.done
        return new

    def __call__(self, stage: "Stage") -> str:
        took, count = monotonic() - self._start, stage.done - self._first
        if not count or took <= 0:
            return ""
        rate = count / took
        return f"{rate:.0f} {stage.unit}/s" if rate >= 10 else f"{rate:.1g} {stage.unit}/s"
