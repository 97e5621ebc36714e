"""What kills, full disks, lost workers and a lost adapter leave of a dataset: after resuming, what it would have been.

    python tools/fault_table.py OUT.jsonl [--kills 100] [--faults]

Makes a dataset of each format undisturbed, then again and again with faults until a run ends by itself, and compares
every file. A row of OUT is a dataset: its faults, how many images were kept from run to run, which files differ from
the undisturbed ones, and which lie there beside them. `--kills N` kills all of a run's processes (SIGKILL) at N moments
in all; `--faults` fills the disk (a small tmpfs, as root), kills one worker, and destroys the device.

The moments are drawn from a seed: every fifth lies in the time before a run writes anything, one of each dataset within
a tenth of a second after the last of its shards, and the others in the time that an eighth of the shards take, from a
run's first one on.

    python tools/fault_table.py OUT.jsonl --print

prints the rows as a table.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import trimesh

from diorama import Recipe, __version__
from diorama.dataset.layout import FORMATS
from diorama.draws import Draws

PINS = ("sky.map=overcast", "surfaces.ground=checks", "surfaces.objects=plastic", "texturize_subject.material=plastic")
WORKERS = (1, 2, 1, 3, 1, 2, 1, 4)
"""Of one dataset after the other."""
PHASES = ("before any image", "between images", "at the end")
LIMIT = 600
"""Seconds after which a run counts as hanging."""

LOSES = """
import os
from diorama.cli import main
from diorama.render.renderer import Renderer

submit, count = Renderer.submit, 0

def loses(self, *batch, **options):
    global count
    count += 1
    if count == int(os.environ["DIORAMA_LOSE_AT"]):
        self.device.handle.destroy()
    return submit(self, *batch, **options)

Renderer.submit = loses
if __name__ == "__main__":
    main()
"""
"""The command, but each process destroys its device before its n-th batch."""


@dataclass
class Row:
    """A dataset that was made in spite of faults."""

    version: str
    fault: str
    format: str
    workers: int
    images: int
    shard_size: int
    times: dict[str, int]  # how often, by phase
    said: str  # the command's message
    files: int  # of the undisturbed dataset
    differ: list[str]  # files that are not there or not the same
    extra: list[str]  # files and folders that the undisturbed dataset does not have


class Ground:
    """A recipe of two small models at 64 × 64 pixels, and its undisturbed datasets, in a folder of their own."""

    def __init__(self, root: Path, images: int = 600, shard_size: int = 20) -> None:
        self.root, self.images, self.shard_size = root, images, shard_size
        self.shards = -(-images // shard_size)
        shapes = {"cat": trimesh.creation.box((0.4, 0.6, 1.0)), "dog": trimesh.creation.icosphere(2, 0.5)}
        for name, shape in shapes.items():
            (root / "models" / name).mkdir(parents=True)
            (root / "models" / name / "model.glb").write_bytes(shape.export(file_type="glb"))
        labels = ("mask", "keypoints")
        recipe = Recipe.preset("paper", per_class=images // 2, size=64, classes=("cat", "dog"), labels=labels)
        for pin in PINS:
            recipe = recipe.pin(pin)
        (root / "recipe.yaml").write_text(recipe.yaml(), encoding="utf-8")
        (root / "loses.py").write_text(LOSES, encoding="utf-8")
        self._whole: dict[str, dict[str, bytes | None]] = {}
        self.start, self.making = 0.0, 0.0  # seconds of an undisturbed run: to its first shard, and from there on

    def begun(self, out: Path, form: str, workers: int, **environment: str) -> "subprocess.Popen[str]":
        """`diorama generate`, with all its processes in a group of their own."""
        program = [str(self.root / "loses.py")] if environment else ["-m", "diorama"]
        options = ["--recipe", str(self.root / "recipe.yaml"), "--out", str(out), "--format", form]
        options += ["--shard-size", str(self.shard_size), "--workers", str(workers), "--batch", "16"]
        return subprocess.Popen(
            [sys.executable, *program, "generate", str(self.root / "models"), *options],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finished(self, out: Path, form: str, workers: int = 1) -> None:
        """Finishes the dataset."""
        status, said = ended(self.begun(out, form, workers))
        if status:
            raise SystemExit(f"{out}: ended with status {status}: {said}")

    def whole(self, form: str) -> dict[str, bytes | None]:
        """The content of an undisturbed dataset of this format."""
        if form not in self._whole:
            out, begin, first = self.root / f"whole-{form}", time.monotonic(), 0.0
            process = self.begun(out, form, 1)
            while process.poll() is None:
                if not first and records(out):
                    first = time.monotonic()
                time.sleep(0.01)
            assert ended(process)[0] == 0
            self.start, self.making = first - begin, time.monotonic() - first
            self._whole[form] = content(out)
        return self._whole[form]

    def row(self, fault: str, form: str, workers: int, out: Path, times: dict[str, int], said: str = "") -> Row:
        """What became of a finished dataset."""
        due, there = self.whole(form), content(out)
        differ = [name for name, data in due.items() if there.get(name, b"gone") != data]
        extra = sorted(there.keys() - due.keys())
        size = self.shard_size
        return Row(__version__, fault, form, workers, self.images, size, times, said, len(due), differ, extra)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Waits for a run's own end: its exit status, and the last line that it said."""
    _, told = process.communicate(timeout=LIMIT)
    lines = [line for line in told.replace("\r", "\n").splitlines() if line.strip()]
    return process.returncode, lines[-1] if lines else ""


def content(out: Path) -> dict[str, bytes | None]:
    """Every file below a folder, and None for every folder."""
    return {str(p.relative_to(out)): p.read_bytes() if p.is_file() else None for p in sorted(out.rglob("*"))}


def records(out: Path) -> int:
    """How many shards of an unfinished dataset are recorded."""
    with suppress(FileNotFoundError):
        return sum(name.endswith(".shard") for name in os.listdir(out / ".unfinished"))  # noqa: PTH208
    return 0


def killed(ground: Ground, form: str, workers: int, number: int, most: int = 1000) -> Row:
    """A dataset whose runs are killed, all processes at once, until one comes to its end before its moment.

    Args:
        ground: What is made.
        form: The format.
        workers: Processes.
        number: Of the dataset; keys its moments.
        most: Kills after which it is left in peace.
    """
    ground.whole(form)
    out, times = ground.root / f"killed-{number}", Counter[str]()
    while times.total() < most:
        u, v = Draws(number).uniform("fault.kill", np.array([times.total()]), np.zeros(1, np.int64), 2)[0]
        early = times.total() % 5 == 4
        late = records(out) > 0 and not times[PHASES[2]]
        before, process = records(out), ground.begun(out, form, workers)
        begin, first, last = time.monotonic(), 0.0, 0.0
        while process.poll() is None:
            now, there = time.monotonic(), records(out)
            first = first or (now if there > before else 0.0)
            last = last or (now if there == ground.shards else 0.0)
            due = now - begin > u * ground.start if early else bool(first) and now - first > u * ground.making / 8
            if due or (late and last and now - last > 0.1 * v):
                break
            time.sleep(0.002)
        phase = PHASES[2] if last else PHASES[records(out) > before]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        status, said = ended(process)
        if status != -signal.SIGKILL:
            assert status == 0, said
            break
        times[phase] += 1
    ground.finished(out, form, workers)
    return ground.row("killed", form, workers, out, dict(times))


def full(ground: Ground, form: str, share: float) -> Row | None:
    """A dataset on a disk that holds only a share of it, until it is made larger; None where nothing can be mounted."""
    blocks = sum(1 + len(data or b"") // 4096 for data in ground.whole(form).values())
    with mounted(ground.root / f"disk-{form}-{share}", int(share * blocks * 4096)) as disk:
        if disk is None:
            return None
        out = disk / "data"
        status, said = ended(ground.begun(out, form, 1))
        assert status == 2, said
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        ground.finished(out, form)
        said = said.replace(f"{ground.root}/", "")
        return ground.row("disk full", form, 1, out, {f"at {share:.0%} of its size": 1}, said)


@contextmanager
def mounted(place: Path, size: int) -> Iterator[Path | None]:
    """A file system in memory of that many bytes."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True)
    try:
        yield place if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", str(place)], check=True)


def one_killed(ground: Ground, form: str) -> Row:
    """A dataset of which one process of two is killed between its images."""
    out = ground.root / f"worker-{form}"
    process = ground.begun(out, form, 2)
    while not records(out):
        time.sleep(0.01)
    os.kill(workers_of(process.pid)[1], signal.SIGKILL)
    status, said = ended(process)
    assert status == 2, said
    ground.finished(out, form)
    return ground.row("one worker killed", form, 2, out, {PHASES[1]: 1}, said)


def workers_of(parent: int) -> list[int]:
    """The processes that a run has started to draw."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            above = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if above == parent and b"spawn_main" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return sorted(found)


def lost(ground: Ground, form: str, workers: int, batch: int) -> Row:
    """A dataset of which every process loses its device before that batch."""
    out = ground.root / f"lost-{form}-{workers}"
    status, said = ended(ground.begun(out, form, workers, DIORAMA_LOSE_AT=str(batch)))
    assert status == 2, said
    ground.finished(out, form)
    return ground.row("adapter lost", form, workers, out, {f"before batch {batch} of a process": 1}, said)


def rows(ground: Ground, kills: int, faults: bool) -> Iterator[Row]:
    """All that is asked for."""
    if faults:
        for form in FORMATS:
            yield from (row for share in (0.4, 0.95) if (row := full(ground, form, share)))
            yield one_killed(ground, form)
            yield from (lost(ground, form, workers, batch) for workers, batch in ((1, 9), (2, 7)))
    done = number = 0
    while done < kills:
        row = killed(ground, FORMATS[number % 3], WORKERS[number // 3 % len(WORKERS)], number)
        done, number = done + sum(row.times.values()), number + 1
        yield row


def table(path: Path) -> str:
    """The rows of a file in Markdown, those of the same fault, format and workers together."""
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = Row(**json.loads(line))
        groups.setdefault((row.fault, row.format, row.workers), []).append(row)
    out = ["| fault | format | workers | datasets | when | files compared | differ | extra |", "|" + "---|" * 8]
    for (fault, form, workers), some in groups.items():
        times = sum((Counter(row.times) for row in some), Counter[str]())
        when = ", ".join(f"{count} {phase}" for phase, count in times.items())
        sums = (sum(row.files for row in some), sum(len(r.differ) for r in some), sum(len(r.extra) for r in some))
        out.append("| " + " | ".join(map(str, (fault, form, workers, len(some), when, *sums))) + " |")
    return "\n".join(out)


def main() -> None:
    """Parses, and does what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="file of rows, to which new ones are added")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--print", action="store_true", dest="shown")
    given = parser.parse_args()
    if given.shown:
        print(table(given.out))
        return
    with tempfile.TemporaryDirectory(prefix="diorama-faults-") as root, given.out.open("a", encoding="utf-8") as file:
        for row in rows(Ground(Path(root)), given.kills, given.faults):
            print(json.dumps(asdict(row)), file=file, flush=True)
            print(json.dumps(asdict(row)), flush=True)


if __name__ == "__main__":
    main()
