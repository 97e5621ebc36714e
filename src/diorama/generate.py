"""The main job on one page: from a recipe to a dataset on disk.

    recipe, catalogue ──► compose ──► Renderer.submit ──► enough seen? ──► JPEG files ──► shard of files ──► record
                             ▲         (two under way)       │ no             (threads)
                             └───────── next attempt ◄───────┘

Every image is a pure function of (recipe, catalogue, index), so it does not matter which process makes it, in which
batch, beside which others, or after how many interruptions. A shard is a job: a range of images, written and recorded
when all of them are there.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import simplejpeg

from diorama.assets.library import Catalogue
from diorama.dataset import card, origin, planes
from diorama.dataset.layout import Layout, Shard
from diorama.dataset.output import RECIPE, Output
from diorama.dataset.samples import Sample
from diorama.dataset.schema import Samples, table
from diorama.dataset.storage import Storage, storage
from diorama.engine.clock import Clock, timed
from diorama.engine.local import run
from diorama.errors import RecipeError
from diorama.images import Images, images
from diorama.provenance import provenance
from diorama.randomize.needs import needed
from diorama.randomize.recipe import Recipe
from diorama.render.device import open_device
from diorama.render.prepare import prepare
from diorama.render.renderer import Renderer

ENCODERS = 2
"""Threads per process that encode, pack and write; most of that leaves Python's lock."""


@dataclass(frozen=True)
class Progress:
    """How far `generate` is.

    Attributes:
        total: Images of the finished dataset.
        kept: Those that were finished before.
        made: Those that have been made since.
        seconds: Seconds by stage since the last report, if they are measured.
        to_build: Models, surfaces and skies that had to be built first.
        built: Those of them that are.
    """

    total: int
    kept: int
    made: int
    seconds: dict[str, float] = field(default_factory=dict)
    to_build: int = field(default=0, compare=False)
    built: int = field(default=0, compare=False)


def generate(
    out: str | Path,
    recipe: Recipe | None = None,
    models: str | Path | None = None,
    *,
    format: str | None = None,
    shard_size: int | None = None,
    split: Mapping[str, float] | None = None,
    hold_out: Mapping[str, float] | None = None,
    workers: int | None = None,
    batch: int | None = None,
    report: Callable[[Progress], None] | None = None,
    measure: bool = False,
) -> Progress:
    """Makes a dataset, or finishes one; a finished one is left as it is.

    Args:
        out: Its folder, or any address that fsspec knows: new, empty, or begun with the same recipe.
        recipe: What to show and how; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
        format: "folder", "webdataset" or "parquet"; what is begun keeps format, shards and splits if none are given.
        shard_size: Images that are made, and lost by a kill, together; by default 100 in a folder, else 1000.
        split: Share of the images in each split, by name, such as {"train": 0.8, "test": 0.2}.
        hold_out: {"subjects": share}: of each class this share of its models is shown by the split `test` alone.
        workers: Processes; by default one per core where there is no GPU, else one.
        batch: Images per submission to the device; by default what suits the adapter.
        report: Is called before the first image, and then every few.
        measure: Whether reports tell seconds by stage.

    Returns:
        The last report; a dataset that was finished before has `made` 0.

    Raises:
        DioramaError: See `diorama.errors`. What is finished stays, and the same call goes on from there.
        KeyboardInterrupt: After Ctrl-C, likewise.
    """
    for name, value in (("workers", workers), ("batch", batch)):
        if value is not None and value < 1:
            raise RecipeError(name, f"is {value}", "Give 1 or more")
    recipe, catalogue = resolve(recipe, models)
    device, place = open_device(), storage(out)
    layout = _layout(place, format, shard_size, split, hold_out)
    wanted = needed(recipe, catalogue)
    subjects = {name: [id for id in catalogue.subjects(name) if id in wanted] for name in recipe.classes}
    made = provenance(catalogue, device, layout.format)
    output = Output(place, recipe, made, layout.holding_out(subjects, recipe.seed))
    with output.locked():
        if output.is_finished():
            return Progress(output.total, output.total, 0)
        output.begin()
        missing = output.missing()
        left = sum(shard.count for shard in missing)
        progress = Progress(output.total, output.total - left, 0)
        if report:
            report(progress)
        for built, to_build in build(catalogue, recipe):
            progress = replace(progress, built=built, to_build=to_build)
            if report:
                report(progress)
        size = batch or device.default_batch
        if workers is None:
            workers = max(1, min(_cores() if device.is_cpu else 1, left // (2 * size)))
        workers = max(1, min(workers, len(missing)))  # more would find nothing to do
        try:
            with closing(run(Job(output, catalogue, size, measure), missing, workers)) as results:
                for count, seconds in results:
                    progress = replace(progress, made=progress.made + count, seconds=seconds)
                    if report:
                        report(progress)
        except BaseException:
            output.abandon()
            raise
        output.finish(card.write(recipe, catalogue.credits(), made, layout))
    return progress


def _layout(
    place: Storage,
    format: str | None,
    shard_size: int | None,
    split: Mapping[str, float] | None,
    hold_out: Mapping[str, float] | None,
) -> Layout:
    """The layout asked for; what is not asked for is as in the dataset that lies there."""
    asked = Layout.of(format, shard_size, split, hold_out)
    if RECIPE not in place.names():
        return asked
    there = Layout.described(origin.parse(place.read(RECIPE).decode(), f"{place.address}/{RECIPE}")[1])
    same = format is None or format == there.format
    return replace(
        asked,
        format=there.format if format is None else asked.format,
        shard_size=there.shard_size if same and shard_size is None else asked.shard_size,
        split=asked.split if split or hold_out else there.split,
    )


def build(catalogue: Catalogue, recipe: Recipe) -> Iterator[tuple[int, int]]:
    """Makes what the recipe needs and the catalogue lacks, on all cores: else each process would make it for itself.

    Yields:
        How many are made, of how many; nothing where nothing is to be made.
    """
    wanted = needed(recipe, catalogue)
    builders = [builder for id, builder in catalogue.unbuilt().items() if id in wanted]
    with closing(run(_built, builders, min(_cores(), max(1, len(builders) // 4)))) as results:
        for built, _ in enumerate(results, 1):
            yield built, len(builders)


def _built(builders: Iterator[Callable[[], object]]) -> Iterator[None]:
    for build in builders:
        prepare(build())
        yield


def resolve(recipe: Recipe | None, models: str | Path | None) -> tuple[Recipe, Catalogue]:
    """A recipe and what it shows; without one, the preset `paper` for all classes of the folder of models.

    Raises:
        AssetError: If the models cannot be used.
    """
    folder = Path(models) if models is not None else None
    if recipe is None and folder is not None:
        catalogue = Catalogue.open(folder)
        return Recipe.preset("paper", classes=catalogue.classes), catalogue
    recipe = recipe or Recipe.preset("paper")
    return recipe, Catalogue.open(folder, recipe.classes)


def finished(out: str | Path) -> int:
    """How many images of a dataset, finished or not, are finished.

    Raises:
        OutputError: If there is no dataset.
    """
    place = storage(out)
    recipe, made = origin.parse(place.read(RECIPE).decode(), f"{place.address}/{RECIPE}")
    layout = Layout.described(made)
    output = Output(place, recipe, {name: made[name] for name in made.keys() - layout.description.keys()}, layout)
    return output.total - (0 if output.is_finished() else sum(shard.count for shard in output.missing()))


@dataclass(frozen=True)
class Job:
    """What each process does with its shards, as `engine` asks for it."""

    output: Output
    catalogue: Catalogue
    batch: int
    measure: bool

    def __call__(self, shards: Iterator[Shard]) -> Iterator[tuple[int, dict[str, float]]]:
        """Makes the images of the shards; for each batch tells how many, and seconds by stage if they are measured."""
        clock = Clock() if self.measure else None
        recipe, under_way, shelves = self.output.recipe, deque[_Batch](), dict[int, _Shelf]()

        def indices() -> Iterator[int]:
            for shard in shards:
                shelves[shard.number] = _Shelf(shard)
                yield from range(shard.first, shard.first + shard.count)

        with self.output.locked(alone=False), ThreadPoolExecutor(ENCODERS) as pool:
            writing: deque[Future[None]] = deque()

            def settle() -> tuple[int, dict[str, float]]:
                """Puts the oldest batch to its shards; those that are whole go to disk meanwhile."""
                samples, encoded = under_way.popleft()
                rows = table(recipe, samples, self.output.layout)
                for number in self._shelve(rows, [sample for part in encoded for sample in part.result()], shelves):
                    writing.append(pool.submit(self._write, shelves.pop(number), clock))
                while len(writing) > 2 or (writing and writing[0].done()):
                    writing.popleft().result()
                return len(samples.index), clock.take() if clock else {}

            for batch in images(recipe, self.catalogue, Renderer(), indices(), self.batch, clock):
                parts = (range(k, len(batch.rgba), ENCODERS) for k in range(ENCODERS))
                under_way.append((batch.samples, [pool.submit(self._encode, batch, part, clock) for part in parts]))
                if len(under_way) > 2:
                    yield settle()
            while under_way:
                yield settle()
            for future in writing:
                future.result()
            yield 0, clock.take() if clock else {}

    def _encode(self, batch: Images, rows: range, clock: Clock | None) -> list[Sample]:
        own = batch.samples.columns["look.quality"]
        quality = np.where(own > 0, own, self.output.recipe.quality).tolist()
        with timed(clock, "encode"):
            return [
                Sample(
                    int(batch.samples.index[row]),
                    simplejpeg.encode_jpeg(batch.rgba[row], quality[row], "RGBA", "420"),
                    {name: planes.encode(name, values[row]) for name, values in batch.planes.items()},
                )
                for row in rows
            ]

    def _shelve(self, rows: pa.Table, samples: list[Sample], shelves: dict[int, "_Shelf"]) -> list[int]:
        """Puts images and their rows to their shards; which of these are whole now."""
        numbers = rows["index"].to_numpy() // self.output.layout.shard_size
        for number in np.unique(numbers).tolist():
            shelves[number].rows.append(rows.filter(pa.array(numbers == number)))
        for sample in samples:
            shelves[sample.index // self.output.layout.shard_size].samples.append(sample)
        return [number for number, shelf in shelves.items() if len(shelf.samples) == shelf.shard.count]

    def _write(self, shelf: "_Shelf", clock: Clock | None) -> None:
        with timed(clock, "write"):
            rows = pa.concat_tables(shelf.rows).sort_by("index").combine_chunks()
            self.output.put(shelf.shard, rows, sorted(shelf.samples, key=lambda sample: sample.index))


_Batch = tuple[Samples, list[Future[list[Sample]]]]


@dataclass(frozen=True)
class _Shelf:
    """The images of a shard that are there."""

    shard: Shard
    samples: list[Sample] = field(default_factory=list)
    rows: list[pa.Table] = field(default_factory=list)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
