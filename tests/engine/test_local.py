import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from diorama.engine.local import run
from diorama.errors import DioramaError, RecipeError
from tests.engine import works


def workers_seen(folder: Path) -> set[str]:
    """The processes that have noted a job."""
    return {path.name.split("-")[1] for path in folder.glob("job-*")}


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_job_is_done_once(workers: int) -> None:
    assert sorted(run(works.squares, range(20), workers)) == [(k, k * k) for k in range(20)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_may_give_any_number_of_results(workers: int) -> None:
    assert sorted(run(works.several, [0, 3, 1], workers)) == [0, 0, 1, 2]


def test_no_jobs_give_no_results() -> None:
    assert list(run(works.squares, [], 2)) == []


def test_jobs_are_taken_only_as_they_are_asked_for() -> None:
    jobs = iter(range(1000))
    with closing(run(works.squares, jobs, 1)) as results:
        next(results)
    assert next(jobs) == 1


def test_one_worker_is_this_process_and_several_are_others_of_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LP_NUM_THREADS", raising=False)
    assert set(run(works.processes, range(2), 1)) == {(os.getpid(), None)}
    several = set(run(works.processes, range(20), 2))
    assert len({process for process, _ in several} - {os.getpid()}) == 2
    assert {threads for _, threads in several} == {"1"}
    assert "LP_NUM_THREADS" not in os.environ


def test_the_users_thread_count_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LP_NUM_THREADS", "3")
    assert {threads for _, threads in run(works.processes, range(2), 2)} == {"3"}
    assert os.environ["LP_NUM_THREADS"] == "3"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_arrives_as_itself(workers: int) -> None:
    with pytest.raises(RecipeError) as caught:
        list(run(works.fails_at_two, range(4), workers))
    assert caught.value.where == "recipe.yaml: camera.distance"
    assert caught.value.mend == "Give a positive distance"


def test_an_error_that_cannot_travel_is_told_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="Unportable: 1 and 2") as caught:
        list(run(works.fails_strangely, range(4), 2))
    assert "fails_strangely" in "".join(caught.value.__notes__)


def test_a_killed_worker_is_named() -> None:
    with pytest.raises(DioramaError, match="worker process: was killed by SIGKILL"):
        list(run(works.is_killed_at_two, range(4), 2))


def test_a_worker_that_exits_is_named() -> None:
    with pytest.raises(DioramaError, match="worker process: ended with status 3"):
        list(run(works.exits_at_two, range(4), 2))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 1"):
        next(run(works.squares, [1], 0))


def test_closing_ends_the_jobs(tmp_path: Path) -> None:
    with closing(run(works.slow, ((tmp_path, k) for k in range(1000)), 2)) as results:
        for _ in range(10):
            next(results)
    assert len(list(tmp_path.glob("closed-*"))) == 2
    assert len(list(tmp_path.glob("job-*"))) < 50


@pytest.mark.parametrize("workers", [1, 2])
def test_closing_closes_the_work_at_a_yield(workers: int, tmp_path: Path) -> None:
    with closing(run(works.endless, [(tmp_path, k) for k in range(2)], workers)) as results:
        while len(workers_seen(tmp_path)) < workers:
            next(results)
    assert len(list(tmp_path.glob("closed-*"))) == workers


SCRIPT = """
import sys
from pathlib import Path
from diorama.engine.local import run
from tests.engine import works

if __name__ == "__main__":
    folder = Path(sys.argv[3])
    try:
        for result in run(getattr(works, sys.argv[1]), ((folder, k) for k in range(1000)), int(sys.argv[2])):
            pass
    except KeyboardInterrupt:
        print("interrupted")
        sys.exit(130)
"""


def start(work: str, workers: int, folder: Path) -> "subprocess.Popen[str]":
    """Runs SCRIPT in a process group of its own, as a terminal does, until it has done its first job."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, work, str(workers), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    deadline = time.monotonic() + 30
    while len(workers_seen(folder)) < workers:
        assert time.monotonic() < deadline, "no job was done in 30 s"
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("work", ["slow", "endless"])
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_the_work_without_a_word_from_the_workers(work: str, workers: int, tmp_path: Path) -> None:
    process = start(work, workers, tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "interrupted\n")
    assert len(list(tmp_path.glob("closed-*"))) == workers


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_ctrl_c_does_not_wait(workers: int, tmp_path: Path) -> None:
    process = start("stuck", workers, tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=10)
    assert (process.returncode, output) == (130, "interrupted\n")


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    process = start("slow", 2, tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=10)
    deadline = time.monotonic() + 10
    while len(list(tmp_path.glob("closed-*"))) < 2:
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.02)
