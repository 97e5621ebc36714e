"""Jobs of a run whose workers may be lost: who has which, and which must be handed out again."""

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic

from diorama.engine.contract import J
from diorama.errors import DioramaError

LOSSES = 5
"""Workers that a job may cost: one that kills whoever takes it must not go on for ever."""


@dataclass(eq=False)
class Task(Generic[J]):
    """A job, and how many workers it has been lost with."""

    job: J
    losses: int = 0


class Tasks(Generic[J]):
    """What is still to be handed out: first what was given back."""

    def __init__(self, jobs: Iterator[J]) -> None:
        self._jobs, self._returned, self._more = jobs, deque[Task[J]](), True

    @property
    def open(self) -> bool:
        """Whether there may be jobs."""
        return self._more or bool(self._returned)

    def room(self, waiting: int) -> bool:
        """Whether there may be a job for one more worker, besides those that wait for their first."""
        return self._more or len(self._returned) > waiting

    def take(self, holder: list[Task[J]]) -> list[J]:
        """A list of one job, whose task is added to the holder's; of none if there is none."""
        if self._returned:
            taken = [self._returned.popleft()]
        else:
            taken = [Task(job) for _, job in zip(range(1), self._jobs, strict=False)]
            self._more = bool(taken)
        holder += taken
        return [task.job for task in taken]

    def give_back(self, tasks: list[Task[J]], reason: str) -> None:
        """What a lost worker had begun.

        Raises:
            DioramaError: If one of them has now cost LOSSES workers.
        """
        for task in tasks:
            task.losses += 1
            if task.losses >= LOSSES:
                raise DioramaError(
                    "a worker process",
                    f"was lost again; job {task.job} has now cost {LOSSES} of them ({reason})",
                    "See Ray's log on that node. If memory was short, start fewer workers there: --cpus-per-worker",
                )
        self._returned += tasks
        if tasks:
            logging.getLogger(__name__).warning("a worker was lost (%s); others do its jobs", reason)
