"""Runs jobs on a Ray cluster, as `engine.contract` promises. A worker that is lost ends nothing.

    run ──► hear ──► an actor, holding CPUs and a share of a GPU; its work runs in a thread
     ▲       │ "next", results, an error, "done"
     └───────┘

Each worker is asked what it has to say, and asked again when that is dealt with; it waits when too much is unheard. So
its results keep pace with whoever takes them, and jobs leave the iterable only when they are asked for.

A worker that dies, alone or with its node, leaves the jobs that it had been given and had not told to be finished:
others get them first. New workers take the place of lost ones, and of nodes that come later.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import monotonic, sleep
from typing import Any

from diorama.engine.cluster import HERE, Cluster, connected, room
from diorama.engine.contract import GRACE, J, R, Work, interrupts
from diorama.engine.ray_worker import Worker
from diorama.engine.tasks import Task, Tasks
from diorama.errors import DioramaError

LOOK = 5.0
"""Seconds between two looks at what the cluster offers."""

PATIENCE = 120.0
"""Seconds that a cluster without room for a single worker is waited for: a lost node may be replaced."""

_LAST = ("done", "error")


def run(
    work: Work[J, R],
    jobs: Iterable[J],
    workers: int | None,
    finished: Callable[[R], Iterable[J]] = lambda _: (),
    cluster: Cluster = HERE,
) -> Generator[R, None, None]:
    """Yields what `work` yields for all `jobs`, as it comes.

    Close the iterator, or wrap it in `contextlib.closing`, to stop early.

    Args:
        work: See `engine.contract`; picklable, as are jobs and results, of what is installed on each node.
        jobs: What there is to do.
        workers: How many at most; as many as the cluster has room for at the time, if None.
        finished: The jobs that a result finishes. What a lost worker has not told to be finished is done again.
        cluster: Where.

    Raises:
        KeyboardInterrupt: After the first Ctrl-C, once every worker has stopped at its next yield; a second one kills.
        DioramaError: There is no cluster, or no room in it; or a job has cost too many workers.
        ExtraError: Ray is not installed.
        Exception: Whatever `work` raised, in its own type; the others have been stopped.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    with connected(cluster) as ray, interrupts() as interrupt:
        crew = _Crew(ray, work, cluster, workers)
        try:
            yield from _conducted(crew, Tasks(iter(jobs)), finished, interrupt)
        finally:
            crew.stop()


def _conducted(
    crew: "_Crew", tasks: Tasks[J], finished: Callable[[R], Iterable[J]], interrupt: "Connection[Any, Any]"
) -> Iterator[R]:
    while tasks.open or any(member.spoke for member in crew.members):
        crew.fill(tasks)
        for member, messages in crew.heard():
            if isinstance(messages, Exception):
                tasks.give_back(member.tasks, _first_line(messages))
                continue
            answers = []
            for kind, value in messages:
                if kind == "next":
                    answers.append(tasks.take(member.tasks))
                elif kind == "result":
                    done = list(finished(value))
                    member.tasks[:] = [task for task in member.tasks if task.job not in done]
                    yield value
                elif kind == "error":
                    raise value
            if member.ended:
                crew.dismiss(member)
            else:
                crew.ask(member, answers)
        if interrupt.poll():
            raise KeyboardInterrupt


@dataclass(eq=False)
class _Member:
    """A worker as the engine sees it."""

    actor: Any
    tasks: list[Task[Any]] = field(default_factory=list)  # that it has taken and not told to be finished
    spoke: bool = False
    ended: bool = False  # it will not speak again


class _Crew:
    """The workers of a run."""

    def __init__(self, ray: Any, work: Work[Any, Any], cluster: Cluster, most: int | None) -> None:
        self._ray, self._most, self._needs = ray, most, cluster.needs(ray)
        self._threads = max(1, int(cluster.cpus_per_worker))
        self._work = ray.put(ray.cloudpickle.dumps(work))
        self._actor = ray.remote(Worker).options(
            num_cpus=self._needs.get("CPU", 0),
            num_gpus=self._needs.get("GPU", 0),
            max_concurrency=2,  # `stop` is heard while `hear` waits
            scheduling_strategy="SPREAD",
        )
        self._asked: dict[Any, _Member] = {}  # by what will hold its messages
        self.members: list[_Member] = []
        self._room, self._looked, self._alive = 0, -LOOK, monotonic()
        if not self._look():
            raise self._no_room("has no room for a single worker")

    def fill(self, tasks: Tasks[Any]) -> None:
        """Starts as many workers as there is room and work for."""
        wanted = min(self._most, self._look()) if self._most else self._look()
        while len(self.members) < wanted and tasks.room(sum(not member.spoke for member in self.members)):
            member = _Member(self._actor.remote(self._threads))
            self.members.append(member)
            self._asked[member.actor.begin.remote(self._work)] = member

    def heard(self) -> Iterator[tuple[_Member, Any]]:
        """Who has spoken, and what: a list of messages, or an exception that tells how it was lost."""
        refs = list(self._asked)
        ready = self._ray.wait(refs, timeout=0.5)[0] if refs else []
        if not refs:
            sleep(0.5)
        if ready:
            ready = self._ray.wait(refs, num_returns=len(refs), timeout=0)[0]  # else the last would wait longest
        if ready or self._look():
            self._alive = monotonic()
        elif monotonic() - self._alive > PATIENCE:
            raise self._no_room("has lost all nodes with room for a worker")
        for ref in ready:
            member = self._asked.pop(ref)
            messages = self._messages(ref)
            member.spoke = True
            if isinstance(messages, Exception):
                self.dismiss(member)
            else:
                member.ended = messages[-1][0] in _LAST
            yield member, messages

    def ask(self, member: _Member, answers: list[Any]) -> None:
        """Gives a worker its answers, and asks what else it has to say."""
        self._asked[member.actor.hear.remote(answers)] = member

    def dismiss(self, member: _Member) -> None:
        """Ends a worker."""
        self.members.remove(member)
        self._ray.kill(member.actor)

    def stop(self) -> None:
        """Asks all workers to stop at their next yield, waits for them, and kills those that do not."""
        try:
            for member in self.members:
                member.actor.stop.remote()
            asked = set(self._asked.values())
            for member in self.members:
                if member not in asked and not member.ended:  # what it said last was not dealt with to the end
                    self.ask(member, [])
            waiting = {ref: member for ref, member in self._asked.items() if member.spoke}
            deadline = monotonic() + GRACE
            while waiting and monotonic() < deadline:
                for ref in self._ray.wait(list(waiting), timeout=0.5)[0]:
                    member = waiting.pop(ref)
                    messages = self._messages(ref)
                    if not isinstance(messages, Exception) and messages[-1][0] not in _LAST:
                        waiting[member.actor.hear.remote([])] = member  # it may wait to be heard
        finally:
            while self.members:
                self.dismiss(self.members[-1])

    def _messages(self, ref: Any) -> Any:
        errors = self._ray.exceptions
        try:
            return self._ray.get(ref)
        except errors.RayTaskError as error:  # of a result that cannot be pickled, say
            raise error.cause from None
        except errors.RayError as error:
            if getattr(error, "actor_init_failed", False):
                raise DioramaError(
                    "Ray",
                    f"a worker could not be started ({_first_line(error)})",
                    "Install the same versions of diorama and ray on every node",
                ) from error
            return error

    def _look(self) -> int:
        if monotonic() - self._looked >= LOOK:
            self._room, self._looked = room(self._ray, self._needs), monotonic()
        return self._room

    def _no_room(self, problem: str) -> DioramaError:
        needs = " and ".join(f"{need:g} {name}" for name, need in self._needs.items())
        return DioramaError(
            "Ray",
            f"the cluster {problem}, which needs {needs}",
            "Start nodes that have that, or ask for less by --cpus-per-worker and --gpus-per-worker. "
            "The same command goes on from where it stopped",
        )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
