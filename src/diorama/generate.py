"""The main job on one page: from a recipe to a dataset on disk.

    recipe, catalogue ──► compose ──► Renderer.submit ──► enough seen? ──► JPEG files ──► label rows
                             ▲         (two under way)       │ no             (threads)      (parts)
                             └───────── next attempt ◄───────┘

Every image is a pure function of (recipe, catalogue, index), so it does not matter which process makes it, in which
batch, beside which others, or after how many interruptions.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import simplejpeg
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.dataset import card, files, origin
from diorama.dataset.folder import Folder
from diorama.dataset.schema import Samples, table
from diorama.engine.clock import Clock, timed
from diorama.engine.local import run
from diorama.errors import RecipeError
from diorama.images import Images, images
from diorama.randomize.needs import needed
from diorama.randomize.recipe import Recipe
from diorama.render.device import open_device
from diorama.render.prepare import prepare
from diorama.render.renderer import Renderer

SHARD = 500
"""Images handed to a process at once, and label rows to a part: a kill costs at most so many per process."""

ENCODERS = 2
"""Threads per process that encode and write; encoding leaves Python's lock."""


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
    workers: int | None = None,
    batch: int | None = None,
    report: Callable[[Progress], None] | None = None,
    measure: bool = False,
) -> Progress:
    """Makes an image folder, or finishes one; a finished one is left as it is.

    Args:
        out: The folder: new, empty, or begun with the same recipe.
        recipe: What to show and how; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
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
    device = open_device()
    made = {
        "diorama": version("diorama"),
        "catalogue": catalogue.hash,
        "adapter": device.name,
        "driver": device.driver,
        # NumPy decides the last bits of what is drawn and built, simplejpeg the bytes on disk
        "libraries": ", ".join(f"{name} {version(name)}" for name in ("numpy", "simplejpeg")),
    }
    folder = Folder(Path(out), recipe, made)
    with folder.locked():
        folder.open()
        if folder.is_finished():
            folder.clean()
            return Progress(folder.total, folder.total, 0)
        folder.prepare()
        missing = np.flatnonzero(~folder.done())
        progress = Progress(folder.total, folder.total - len(missing), 0)
        if report:
            report(progress)
        size = batch or device.default_batch
        for built, to_build in build(catalogue, recipe):
            progress = replace(progress, built=built, to_build=to_build)
            if report:
                report(progress)
        if workers is None:
            workers = max(1, min(_cores() if device.is_cpu else 1, len(missing) // (2 * size)))
        shard = max(1, min(SHARD, -(-len(missing) // (2 * workers))))
        shards = (missing[k : k + shard] for k in range(0, len(missing), shard))
        workers = max(1, min(workers, -(-len(missing) // shard)))  # more would find nothing to do
        try:
            with closing(run(Job(folder, catalogue, size, measure), shards, workers)) as results:
                for count, seconds in results:
                    progress = replace(progress, made=progress.made + count, seconds=seconds)
                    if report:
                        report(progress)
        except BaseException:
            folder.abandon()
            raise
        folder.finish(card.write(recipe, catalogue.credits(), made))
    return progress


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
    recipe, made = origin.read(Path(out) / "recipe.yaml")
    return int(Folder(Path(out), recipe, made).done().sum())


@dataclass(frozen=True)
class Job:
    """What each process does with its shards, as `engine` asks for it."""

    folder: Folder
    catalogue: Catalogue
    batch: int
    measure: bool

    def __call__(self, shards: Iterator[NDArray[np.int64]]) -> Iterator[tuple[int, dict[str, float]]]:
        """Makes the images of the shards; for each batch tells how many, and seconds by stage if they are measured."""
        clock = Clock() if self.measure else None
        indices = (index for shard in shards for index in shard.tolist())
        under_way: deque[tuple[Samples, list[Future[None]]]] = deque()
        rows: list[pa.Table] = []  # of images that lie on disk
        with self.folder.locked(alone=False), ThreadPoolExecutor(ENCODERS) as pool:
            try:
                for batch in images(self.folder.recipe, self.catalogue, Renderer(), indices, self.batch, clock):
                    parts = (slice(k, None, ENCODERS) for k in range(ENCODERS))
                    under_way.append((batch.samples, [pool.submit(self._save, batch, part, clock) for part in parts]))
                    if len(under_way) > 2:
                        yield self._settle(*under_way.popleft(), rows, clock)
                while under_way:
                    yield self._settle(*under_way.popleft(), rows, clock)
            finally:
                self._note(rows)

    def _settle(
        self, samples: Samples, saved: list[Future[None]], rows: list[pa.Table], clock: Clock | None
    ) -> tuple[int, dict[str, float]]:
        """Waits until a batch lies on disk, then counts it as finished."""
        for future in saved:
            future.result()
        with timed(clock, "write"):
            rows.append(table(self.folder.recipe, samples))
            if sum(map(len, rows)) >= SHARD:
                self._note(rows)
        return len(samples.index), clock.take() if clock else {}

    def _save(self, batch: Images, part: slice, clock: Clock | None) -> None:
        own = batch.samples.columns["look.quality"][part]
        quality = np.where(own > 0, own, self.folder.recipe.quality).tolist()
        for index, rgba, q in zip(batch.samples.index[part].tolist(), batch.rgba[part], quality, strict=True):
            with timed(clock, "encode"):
                jpeg = simplejpeg.encode_jpeg(rgba, q, "RGBA", "420")
            with timed(clock, "write"):
                files.write(self.folder.path(index), jpeg)

    def _note(self, rows: list[pa.Table]) -> None:
        if rows:
            self.folder.write_part(pa.concat_tables(rows))
            rows.clear()


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
