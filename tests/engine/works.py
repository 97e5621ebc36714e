"""Work functions for the engine's tests: worker processes import them by name."""

import itertools
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from diorama.errors import RecipeError


def squares(jobs: Iterator[int]) -> Iterator[tuple[int, int]]:
    for job in jobs:
        yield job, job * job


def several(jobs: Iterator[int]) -> Iterator[int]:
    for job in jobs:
        yield from range(job)


def processes(jobs: Iterator[int]) -> Iterator[tuple[int, str | None]]:
    for _ in jobs:
        time.sleep(0.05)
        yield os.getpid(), os.environ.get("LP_NUM_THREADS")


def fails_at_two(jobs: Iterator[int]) -> Iterator[int]:
    for job in jobs:
        if job == 2:
            raise RecipeError("recipe.yaml: camera.distance", "is -1", "Give a positive distance")
        yield job


class Unportable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def fails_strangely(jobs: Iterator[int]) -> Iterator[int]:
    for job in jobs:
        if job == 2:
            raise Unportable(1, 2)
        yield job


def is_killed_at_two(jobs: Iterator[int]) -> Iterator[int]:
    for job in jobs:
        if job == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield job


def exits_at_two(jobs: Iterator[int]) -> Iterator[int]:
    for job in jobs:
        if job == 2:
            os._exit(3)
        yield job


def slow(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    """Notes every finished job, and its own end, in files."""
    folder: Path | None = None
    try:
        for folder, job in jobs:
            (folder / f"job-{os.getpid()}-{job}").touch()
            yield job
            time.sleep(0.05)
    finally:
        if folder:
            (folder / f"closed-{os.getpid()}").touch()


def endless(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    """Gives results for ever to its first job, and is to be closed at one of them."""
    folder, _ = next(jobs)
    try:
        for count in itertools.count():
            (folder / f"job-{os.getpid()}-0").touch()
            yield count
    except GeneratorExit:
        (folder / f"closed-{os.getpid()}").touch()


def stuck(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    for folder, job in jobs:
        (folder / f"job-{os.getpid()}-{job}").touch()
        time.sleep(1000)
        yield job


def noted(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    """Notes who begins and who finishes each job, and takes its time."""
    for folder, job in jobs:
        (folder / f"job-{os.getpid()}-{job}").touch()
        time.sleep(0.1)
        (folder / f"finished-{os.getpid()}-{job}").touch()
        yield job


def is_killed_once(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    """Ends its process, without a word, at job 3, unless another did."""
    for folder, job in jobs:
        if job == 3 and not (folder / "killed").exists():
            (folder / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        (folder / f"finished-{os.getpid()}-{job}").touch()
        yield job


def holds_one_back(jobs: Iterator[tuple[Path, int]]) -> Iterator[int]:
    """A pipeline: a job's result comes when the next has been taken. The second process's first job ends it, once."""
    before: int | None = None
    for folder, job in jobs:
        if job == 3 and not (folder / "killed").exists():
            (folder / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if before is not None:
            yield before
        before = job
    if before is not None:
        yield before


def counts_results(jobs: Iterator[Path]) -> Iterator[int]:
    """Gives results without end, and notes how many were taken off its hands."""
    folder = next(jobs)
    for count in itertools.count():
        (folder / "next").write_text(str(count))
        (folder / "next").replace(folder / "count")  # who reads it never finds half a number
        yield count


def gives_what_cannot_travel(jobs: Iterator[int]) -> Iterator[object]:
    for _ in jobs:
        yield Lock()
