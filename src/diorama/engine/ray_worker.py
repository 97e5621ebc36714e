"""A worker of a Ray cluster: the actor."""

import os
from collections.abc import Iterator
from functools import partial
from queue import Queue, SimpleQueue
from threading import Thread
from typing import Any

from diorama.engine.contract import THREADS, close, serve

AHEAD = 8
"""Messages that may wait to be heard."""


class Worker:
    """A process of the cluster, whose work runs in a thread. It is the work's channel, and keeps what that says."""

    def __init__(self, threads: int) -> None:
        for name in THREADS:  # before the libraries are loaded; a runtime environment of Ray's would cost seconds more
            os.environ.setdefault(name, str(threads))
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._messages: Queue[Any] = Queue(AHEAD)
        self.send, self.recv = self._messages.put, self._answers.get

    def begin(self, work: bytes) -> list[Any]:
        """Starts the work, and hears it."""
        Thread(target=serve, args=(partial(_unpacked, work), self), daemon=True).start()
        return self.hear([])

    def hear(self, answers: list[Any]) -> list[Any]:
        """Hands on the answers, then waits for messages: all that there are, at least one."""
        for answer in answers:
            self._answers.put(answer)
        messages = [self._messages.get()]
        while not self._messages.empty():
            messages.append(self._messages.get())
        return messages

    def stop(self) -> None:
        """Tells the work to stop."""
        self._answers.put(None)

    def poll(self) -> bool:
        """Whether there is an answer."""
        return not self._answers.empty()


def _unpacked(work: bytes, jobs: Iterator[Any]) -> Iterator[Any]:
    """Does the work. That it cannot be unpickled here, for want of a package, is told like any other error."""
    from ray import cloudpickle

    results = cloudpickle.loads(work)(jobs)
    try:
        yield from results
    finally:
        close(results)
