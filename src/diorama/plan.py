"""What a dataset of any size will take, from a short run on this computer.

With N images on n nodes of w workers each, in jobs of s images:

    jobs     J = ⌈N / s⌉
    images   of the busiest worker: m = min(N, ⌈J / (n w)⌉ s)
    seconds  warm + m w / rate + N end

`rate` is what a node makes each second once all models are on its device, `warm` what start and end cost whatever N is,
and `end` what one process, alone, takes for each image to merge the labels. The end of a short run tells little of
that, so labels are merged once more, MERGED times as many.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from diorama.assets.sources import Models
from diorama.bench import apart, place, warm_up
from diorama.dataset import records
from diorama.dataset.layout import Layout
from diorama.dataset.manifest import Manifest
from diorama.dataset.output import Output
from diorama.dataset.reader import Dataset
from diorama.dataset.storage import storage
from diorama.engine.clock import seconds
from diorama.errors import RecipeError
from diorama.generate import Progress, generate, own_workers
from diorama.randomize.recipe import Recipe

MEASURE = 1500
"""Images of the short run: enough for every model to be on the device well before its end."""

MERGED = 20
"""Times the labels of the short run that are merged to tell what the end takes."""

WARM = 1 / 3
"""Share of the short run after which its rate is taken."""


@dataclass(frozen=True)
class Measured:
    """What a run on one computer has shown.

    Attributes:
        adapter: What drew.
        workers: Processes.
        images: How many images it made.
        size: Pixels along each side.
        rate: Images per second, all workers together, once they were warm.
        warm: Seconds that start and end took whatever the number of images.
        end: Seconds per image, after the last.
        image_bytes: Bytes per image of all files together.
        fixed_bytes: Bytes of files that do not grow.
    """

    adapter: str
    workers: int
    images: int
    size: int
    rate: float
    warm: float
    end: float
    image_bytes: float
    fixed_bytes: int


@dataclass(frozen=True)
class Plan:
    """What a dataset will take.

    Attributes:
        images: In the dataset.
        nodes: Computers.
        workers: Processes, on all nodes.
        shard_size: Images per job.
        jobs: Shards.
        bytes: Of all files.
        seconds: From the start to the finished dataset.
        end_seconds: Of these, what the end takes, on one node.
        images_per_second: While images are made, all nodes together.
        bytes_per_second: That are written meanwhile, all nodes together.
        cost: All nodes until the last image is made, then one; None if the price of a node is not known.
        measured: What this rests on.
        assumptions: And what else, in words.
    """

    images: int
    nodes: int
    workers: int
    shard_size: int
    jobs: int
    bytes: int
    seconds: float
    end_seconds: float
    images_per_second: float
    bytes_per_second: float
    cost: float | None
    measured: Measured
    assumptions: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The plan as plain data."""
        return asdict(self)


def plan(
    images: int,
    recipe: Recipe | None = None,
    models: Models | None = None,
    *,
    nodes: int = 1,
    workers_per_node: int | None = None,
    rate: float | None = None,
    cost_per_node_hour: float | None = None,
    format: str | None = None,
    shard_size: int | None = None,
    measure: int = MEASURE,
    folder: str | Path | None = None,
) -> Plan:
    """Makes a short run on this computer, removes it, and tells what the whole dataset will take.

    Args:
        images: How many images it is to have.
        recipe: What it shows; the preset `paper` if not given.
        models: As for `generate`.
        nodes: Computers.
        workers_per_node: Processes on each; by default one per core of this computer, or one if it has a GPU.
        rate: Images per second of a node; if not given, nodes are like this computer.
        cost_per_node_hour: Price of a node, in any currency.
        format: As for `generate`.
        shard_size: As for `generate`.
        measure: Images of the short run.
        folder: Where to make it; by default the system's temporary folder.

    Raises:
        RecipeError: For a number that cannot be.
        DioramaError: As `generate`.
    """
    workers = own_workers() if workers_per_node is None else workers_per_node
    counts = {"images": images, "nodes": nodes, "workers per node": workers, "measure": measure}
    for name, count in counts.items():
        if count < 1:
            raise RecipeError(name, f"is {count}", "Give 1 or more")
    for name, value in (("rate", rate), ("cost per node and hour", cost_per_node_hour)):
        if value is not None and not 0 < value < math.inf:
            raise RecipeError(name, f"is {value:g}", "Give a positive number")
    recipe, layout = recipe or Recipe.preset("paper"), Layout.of(format, shard_size)
    short = recipe.replace(per_class=-(-measure // len(recipe.classes)))
    with place(folder) as temporary:
        warm_up(Path(temporary), recipe, models)
        found = apart(_measure, Path(temporary) / "short", short, models, workers, layout)
    return foresee(found, images, nodes, layout.shard_size, rate, cost_per_node_hour)


def foresee(
    measured: Measured,
    images: int,
    nodes: int,
    shard_size: int,
    rate: float | None = None,
    cost_per_node_hour: float | None = None,
) -> Plan:
    """The plan that follows from a measurement; arguments are those of `plan`."""
    node = replace(measured, rate=rate or measured.rate)
    workers, jobs = nodes * node.workers, -(-images // shard_size)
    busiest = min(images, -(-jobs // workers) * shard_size)
    drawing = node.warm + busiest * node.workers / node.rate
    end, size = images * node.end, round(node.fixed_bytes + images * node.image_bytes)
    speed = images / drawing
    hours = (nodes * drawing + end) / 3600
    return Plan(
        images=images,
        nodes=nodes,
        workers=workers,
        shard_size=shard_size,
        jobs=jobs,
        bytes=size,
        seconds=drawing + end,
        end_seconds=end,
        images_per_second=speed,
        bytes_per_second=speed * node.image_bytes,
        cost=None if cost_per_node_hour is None else hours * cost_per_node_hour,
        measured=measured,
        assumptions=_assumptions(node, measured, shard_size),
    )


def _assumptions(node: Measured, measured: Measured, shard_size: int) -> tuple[str, ...]:
    same = node.rate == measured.rate
    like = "as fast as this computer" if same else f"as fast as was said, {node.rate:,.0f} images/s"
    return (
        f"A node with {node.workers} workers is {like}; here {measured.images:,} images of {measured.size} × "
        f"{measured.size} were made at {measured.rate:,.0f} images/s by {measured.adapter}.",
        "Models, surfaces and skies are built already on every node, and nothing else runs there.",
        "Disk or store take the bytes as they come, and no node is lost: a lost worker costs its unfinished jobs, "
        f"some {shard_size:,} to {3 * shard_size:,} images.",
        "One node merges the labels at the end; the others are given back by then.",
    )


def _measure(out: Path, recipe: Recipe, models: Models | None, workers: int, layout: Layout) -> Measured:
    marks: list[tuple[float, int]] = []

    def note(progress: Progress) -> None:
        if progress.made and progress.made != (marks[-1][1] if marks else 0):
            marks.append((seconds(), progress.made))

    start = seconds()
    # small shards, so that workers share the images evenly and none waits for another at the end
    small = min(layout.shard_size, max(1, len(recipe.classes) * recipe.per_class // (8 * workers)))
    options = {"format": layout.format, "shard_size": small, "workers": workers}
    done = generate(out, recipe, models, report=note, **options)  # type: ignore[arg-type]  # each is of its kind
    end = seconds()
    rate, warm = steady(marks, start)
    merging = _merging(Dataset.open(out), out.with_name("merged"))
    manifest = Manifest.read(storage(out))
    fixed = sum(manifest.about[name].size for name in ("README.md", "recipe.yaml"))
    grows = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) - fixed
    return Measured(
        adapter=manifest.made["adapter"],
        workers=workers,
        images=done.made,
        size=recipe.size,
        rate=rate,
        warm=warm + max(0.0, end - marks[-1][0] - merging * done.made),
        end=merging,
        image_bytes=grows / done.made,
        fixed_bytes=fixed,
    )


def _merging(short: Dataset, folder: Path) -> float:
    """Seconds per image to merge labels: the difference between ends of MERGED times as many labels and of as many."""
    rows, took = short.labels, []
    for times in (1, MERGED):
        recipe = short.recipe.replace(per_class=times * short.recipe.per_class)
        layout = replace(short.layout, shard_size=len(rows))
        output = Output(storage(folder / str(times)), recipe, short.made, layout)
        output.begin()
        for shard in output.missing():
            records.write(output.storage, shard, [], rows)
        start = seconds()
        output.finish("")
        took.append(seconds() - start)
    return max(0.0, took[1] - took[0]) / ((MERGED - 1) * len(rows))


def steady(marks: Sequence[tuple[float, int]], start: float) -> tuple[float, float]:
    """The rate of a warm run, and what its start took beyond: the least-squares line through its later marks.

    Args:
        marks: (seconds, images made by then), rising.
        start: When it began.

    Returns:
        Images per second, seconds.
    """
    later = [mark for mark in marks if mark[1] >= WARM * marks[-1][1]]
    if len(later) < 2 or later[0][0] == later[-1][0]:
        return marks[-1][1] / max(marks[-1][0] - start, 1e-9), 0.0
    times, made = np.array(later).T
    rate = float(np.polyfit(times - start, made, 1)[0])
    return rate, max(0.0, float(np.mean(times - start) - np.mean(made) / rate))


def told(plan: Plan) -> Mapping[str, str]:
    """The plan for people: a line for each part."""
    per_job = f"{plan.jobs:,} of {plan.shard_size:,} images, a file or more for each"
    crew = f"{plan.nodes:,} nodes, {plan.workers:,} workers: {plan.images_per_second:,.0f} images/s"
    ending = f", of which {duration(plan.end_seconds)} to merge the labels" if plan.end_seconds >= 1 else ""
    lines = {
        "images": f"{plan.images:,} of {plan.measured.size} × {plan.measured.size} pixels",
        "jobs": per_job,
        "bytes": f"{amount(plan.bytes)}, {amount(plan.measured.image_bytes)} an image",
        "speed": f"{crew}, {amount(plan.bytes_per_second)}/s",
        "time": duration(plan.seconds) + ending,
    }
    if plan.cost is not None:
        lines["cost"] = f"{plan.cost:,.2f}"
    return lines


def amount(count: float) -> str:
    """12.3 GB, of 1000s."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} PB"


def duration(length: float) -> str:
    """2.5 hours, of seconds."""
    for unit, least in (("days", 2 * 86400), ("hours", 2 * 3600), ("minutes", 120)):
        if length >= least:
            return f"{length / {'days': 86400, 'hours': 3600, 'minutes': 60}[unit]:,.1f} {unit}"
    return f"{length:.1f} seconds"
