import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from diorama.engine import ray as module
from diorama.engine import tasks
from diorama.engine.cluster import Cluster
from diorama.engine.ray import run
from diorama.engine.ray_worker import AHEAD
from diorama.errors import DioramaError, ExtraError, RecipeError
from tests.clusters import Nodes
from tests.engine import works


def seen(folder: Path, what: str = "job") -> list[int]:
    """The jobs that have been noted, as often as they were."""
    return [int(path.name.split("-")[2]) for path in folder.glob(f"{what}-*-*")]


def wait_for(folder: Path, pattern: str, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(folder.glob(pattern))) < count:
        assert time.monotonic() < deadline, f"no {count} of {pattern} in 120 s"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def two(nodes: Nodes) -> None:
    """Each test finds two nodes."""
    nodes.want(2)


def test_a_job_gives_any_number_of_results_and_none_is_lost() -> None:
    assert list(run(works.several, [], 1)) == []
    assert sorted(run(works.several, [0, 3, 1, 9], 2)) == sorted([0, 1, 2, 0, *range(9)])


def test_workers_are_processes_of_one_thread() -> None:
    processes: set[int] = set()
    with closing(run(works.processes, range(2000), None)) as results:
        for process, threads in results:
            processes.add(process)
            assert (process != os.getpid(), threads) == (True, "1")
            if len(processes) == 2:
                break
    assert len(processes) == 2


def test_neither_jobs_nor_results_pile_up(tmp_path: Path) -> None:
    jobs = iter([tmp_path] * 1000)
    with closing(run(works.counts_results, jobs, 1)) as results:
        for _ in range(3):
            next(results)
        time.sleep(1)
        assert int((tmp_path / "count").read_text()) <= 3 + 3 * AHEAD
    assert len(list(jobs)) == 999


def test_errors_arrive_as_themselves() -> None:
    with pytest.raises(RecipeError) as caught:
        list(run(works.fails_at_two, range(4), 1))
    assert caught.value.mend == "Give a positive distance"
    with pytest.raises(RuntimeError, match="Unportable: 1 and 2") as strange:
        list(run(works.fails_strangely, range(4), 1))
    assert "fails_strangely" in "".join(strange.value.__notes__)


def test_a_result_that_cannot_travel_is_an_error() -> None:
    with pytest.raises(TypeError, match="pickle"):
        list(run(works.gives_what_cannot_travel, range(4), 1))


def test_what_a_dead_worker_has_not_finished_is_done_by_another(tmp_path: Path) -> None:
    jobs = [(tmp_path, job) for job in range(8)]
    done = list(run(works.is_killed_once, jobs, 1, finished=lambda job: [(tmp_path, job)]))
    assert set(done) == set(range(8))
    assert Counter(seen(tmp_path, "finished")).most_common(1)[0][1] <= 2  # its last words may be lost with it


def test_a_job_whose_result_was_held_back_is_not_forgotten(tmp_path: Path) -> None:
    jobs = [(tmp_path, job) for job in range(8)]
    assert sorted(run(works.holds_one_back, jobs, 1, finished=lambda job: [(tmp_path, job)])) == list(range(8))


def test_the_jobs_of_a_killed_node_go_to_others_and_a_node_that_comes_later_takes_part(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK", 0.5)
    given: list[int] = []

    def workers() -> set[str]:
        return {path.name.split("-")[1] for path in tmp_path.glob("job-*")}

    def jobs() -> Iterator[tuple[Path, int]]:
        while len(workers()) < 3 or len(given) < 30:
            given.append(len(given))
            assert len(given) < 2000
            if len(given) > 100:  # the node that comes later takes seconds to start, on a busy computer minutes
                time.sleep(0.2)
            yield tmp_path, given[-1]

    done = []
    with closing(run(works.noted, jobs(), None, finished=lambda job: [(tmp_path, job)])) as results:
        for job in results:
            done.append(job)
            if len(done) == 6:
                wait_for(tmp_path, "finished-*", 6)
                nodes.kill()
                nodes.want(2)
    assert sorted(done) == given
    assert len(seen(tmp_path)) < len(given) + AHEAD  # what was finished was not done again


def test_a_job_that_kills_whoever_takes_it_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "LOSSES", 2)
    with pytest.raises(DioramaError, match="a worker process: was lost again; job 2 has now cost 2"):
        list(run(works.is_killed_at_two, range(4), 1, finished=lambda job: [job]))


def test_closing_closes_the_work_at_a_yield(tmp_path: Path) -> None:
    with closing(run(works.endless, [(tmp_path, k) for k in range(2)], 2)) as results:
        while len(set(seen(tmp_path))) < 1 or len(list(tmp_path.glob("job-*"))) < 2:
            next(results)
    assert len(list(tmp_path.glob("closed-*"))) == 2


def test_there_must_be_room_for_a_worker() -> None:
    with pytest.raises(DioramaError, match=r"no room for a single worker, which needs 1 CPU and 0\.25 GPU"):
        next(run(works.squares, [1], 1, cluster=Cluster(gpus_per_worker=0.25)))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 1"):
        next(run(works.squares, [1], 0))


def test_without_ray_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diorama.extras.find_spec", lambda _: None)
    with pytest.raises(ExtraError, match=r"ray: not installed.*pip install 'diorama\[ray\]'"):
        next(run(works.squares, [1], 1))


SCRIPT = """
import sys
from pathlib import Path
from diorama.engine.cluster import Cluster
from diorama.engine.ray import run
from tests.engine import works

if __name__ == "__main__":
    folder = Path(sys.argv[3])
    try:
        jobs = ((folder, k) for k in range(1000))
        for result in run(getattr(works, sys.argv[1]), jobs, 2, cluster=Cluster(sys.argv[2])):
            pass
    except KeyboardInterrupt:
        print("interrupted")
        sys.exit(130)
"""


def start(work: str, address: str, folder: Path) -> "subprocess.Popen[str]":
    """Runs SCRIPT in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, work, address, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_ctrl_c_ends_the_work_at_its_next_yield(nodes: Nodes, tmp_path: Path) -> None:
    process = start("endless", nodes.address, tmp_path)
    wait_for(tmp_path, "job-*", 2)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output) == (130, "interrupted\n")
    assert len(list(tmp_path.glob("closed-*"))) == 2


def test_an_address_where_no_cluster_is_gives_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(DioramaError, match=r"--address 127\.0\.0\.1:1: no cluster answers"):
        next(run(works.squares, [1], 1, cluster=Cluster("127.0.0.1:1")))
