"""Runs jobs in processes of this computer, as `engine.contract` promises. A process that dies ends the run."""

import os
import signal
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, cast

from diorama.engine.contract import GRACE, THREADS, J, R, Work, close, interrupts, serve
from diorama.errors import DioramaError

ONE_CORE = dict.fromkeys(THREADS, "1")
"""Environment of a process that shares the computer with others like it."""


def run(work: Work[J, R], jobs: Iterable[J], workers: int) -> Generator[R, None, None]:
    """Yields what `work` yields for all `jobs`, as it comes.

    With one worker the work is done in this process; with more, in that many new ones, started by `spawn` (a graphics
    device does not survive a fork). Close the iterator, or wrap it in `contextlib.closing`, to stop early.

    Args:
        work: See `engine.contract`. With several workers it must be picklable, and so must jobs and results.
        jobs: What there is to do.
        workers: Number of processes, at least 1.

    Raises:
        KeyboardInterrupt: After the first Ctrl-C, once every process has stopped at its next yield; a second one kills.
        DioramaError: A process died.
        Exception: Whatever `work` raised, in its own type; the others have been stopped.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    with interrupts() as interrupt:
        yield from _alone(work, jobs, interrupt) if workers == 1 else _together(work, jobs, workers, interrupt)


def _alone(work: Work[J, R], jobs: Iterable[J], interrupt: "Connection[Any, Any]") -> Iterator[R]:
    results = work(iter(jobs))
    try:
        for result in results:
            yield result
            if interrupt.poll():
                raise KeyboardInterrupt
    finally:
        close(results)


def _together(work: Work[J, R], jobs: Iterable[J], workers: int, interrupt: "Connection[Any, Any]") -> Iterator[R]:
    queue = iter(jobs)
    crew: dict[Connection[Any, Any], SpawnProcess] = {}
    try:
        for _ in range(workers):
            process, pipe = _start(work)
            crew[pipe] = process
        while crew:
            for pipe in cast("list[Connection[Any, Any]]", wait([*crew, interrupt])):
                if pipe is interrupt:
                    raise KeyboardInterrupt
                try:
                    kind, value = pipe.recv()
                    if kind == "next":
                        pipe.send([job for _, job in zip(range(1), queue, strict=False)])
                except (EOFError, OSError):
                    raise _death(crew[pipe]) from None
                if kind == "result":
                    yield value
                elif kind == "error":
                    raise value
                elif kind == "done":
                    crew.pop(pipe).join()
    finally:
        _stop(crew)


def _start(work: Work[J, R]) -> "tuple[SpawnProcess, Connection[Any, Any]]":
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=_worker, args=(work, theirs), daemon=True)
    with _environment(ONE_CORE), _signals_blocked():
        process.start()
    theirs.close()  # so that a process's death shows as the end of its pipe
    return process, ours


def _stop(crew: "dict[Connection[Any, Any], SpawnProcess]") -> None:
    """Asks all processes to stop at their next yield, waits for them, and kills those that do not."""
    try:
        for pipe in crew:
            with suppress(OSError):
                pipe.send(None)
        waiting = dict(crew)
        while waiting and (ready := wait(list(waiting), GRACE)):
            for pipe in cast("list[Connection[Any, Any]]", ready):
                try:
                    kind, _ = pipe.recv()  # read on: a process may stand at a full pipe
                except (EOFError, OSError):
                    kind = "done"
                if kind in ("done", "error"):
                    waiting.pop(pipe).join(GRACE)
    finally:
        for process in crew.values():
            process.kill()
            process.join()
        for pipe in crew:
            pipe.close()


def _worker(work: Work[J, R], pipe: "Connection[Any, Any]") -> None:
    """The main function of a process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent alone answers
    serve(work, pipe)


def _death(process: SpawnProcess) -> DioramaError:
    """Says how a process ended that closed its pipe without a word."""
    process.join(GRACE)
    status = process.exitcode
    if status is None:
        problem, mend = "stopped answering", "Run the same command again"
    elif status < 0:
        name = signal.Signals(-status).name
        problem = f"was killed by {name}"
        mend = "Run the same command again, with fewer workers if memory was short: what was finished is kept"
    else:
        problem = f"ended with status {status}"
        mend = "See its message above. A script that starts workers needs `if __name__ == '__main__':` around its calls"
    return DioramaError("a worker process", problem, mend)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process that is started meanwhile sees neither signal, not even while it loads; here it is only put off."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would unblock the signal if it were started within
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


@contextmanager
def _environment(defaults: Mapping[str, str]) -> Iterator[None]:
    """Adds to the environment of the processes started meanwhile; what the user has set stays."""
    added = {name: value for name, value in defaults.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
