"""What every engine promises, and what their workers have in common.

`work` is a generator function: it is called once in each process with an iterator of the jobs that this process is to
do, takes one when it is ready for it, and yields results whenever it has some; what a job is and how many results it
gives is its own affair. Set-up goes before its first job. A pipeline may span jobs: the next may be taken before the
last result of the one before is yielded. On a stop there are no more jobs, and the generator is closed at its next
yield, so that a `finally` in it can save what is finished.

Jobs are taken from an iterable one by one, as workers ask for them, and results are handed on as they come, so that
neither pile up. A job must be idempotent: where a worker can be lost, what it had begun is done again by another.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, Protocol, TypeVar

from diorama.errors import DioramaError

J = TypeVar("J")
R = TypeVar("R")
Work = Callable[[Iterator[J]], Iterator[R]]

THREADS = ("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables of the software Vulkan driver and the linear algebra libraries: read when these load, and by
default a thread per core of the computer, in each of the processes that share it."""

GRACE = 20.0
"""Seconds that a process gets, once asked to stop, before it is killed."""


class Channel(Protocol):
    """What a worker and its engine talk through; a `multiprocessing` connection is one.

    The worker says ("next", None), ("result", value), ("error", exception) or ("done", None). It gets a list of one
    job, or of none at the end, for each "next"; and None, at any time, which means stop.
    """

    def send(self, message: Any, /) -> None:
        """Says something; may wait while much is unheard."""

    def recv(self) -> Any:
        """Waits for an answer."""

    def poll(self) -> bool:
        """Whether there is something to receive."""


def serve(work: Work[J, R], channel: Channel) -> None:
    """The main function of a worker: does jobs until there are none, or until it is told to stop."""
    stopped = False

    def handed() -> Iterator[J]:
        nonlocal stopped
        while True:
            channel.send(("next", None))
            job = channel.recv()
            if not job:
                stopped = job is None
                return
            yield from job

    try:
        results = work(handed())
        try:
            for result in results:
                channel.send(("result", result))
                if stopped or (channel.poll() and channel.recv() is None):
                    break
        finally:
            close(results)
        channel.send(("done", None))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the engine is gone
    except BaseException as error:  # noqa: BLE001 - it is raised again by the engine
        with suppress(OSError):
            channel.send(("error", portable(error)))


def portable(error: BaseException) -> BaseException:
    """The error itself where it survives the way to the parent, with its traceback as a note."""
    trace = "".join(traceback.format_exception(error))
    try:
        ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:  # noqa: BLE001 - pickling runs foreign code
        error = RuntimeError(f"{type(error).__name__}: {error}")
    if not isinstance(error, DioramaError):
        error.add_note(f"In a worker process:\n{trace}")
    return error


def close(results: Iterator[Any]) -> None:
    """Closes a generator; other iterators have nothing to close."""
    ending = getattr(results, "close", None)
    if ending is not None:
        ending()


@contextmanager
def interrupts() -> Iterator["Connection[Any, Any]"]:
    """A connection that becomes readable at the first Ctrl-C or SIGTERM; after it both do what they did before.

    An interrupt that is raised at any instruction could tear a half-read message or a callback of the graphics library;
    this one is answered between results. Schedulers and containers stop a program by SIGTERM.
    """
    reader, writer = Pipe(duplex=False)
    if threading.current_thread() is not threading.main_thread():
        yield reader
        return
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    def note(*_: object) -> None:
        restore()
        writer.send(None)
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), b"\nstopping; press Ctrl-C again to stop at once\n")

    for number in former:
        signal.signal(number, note)
    try:
        yield reader
    finally:
        restore()
