"""How fast this computer makes datasets, where the time goes, and how much memory it takes."""

import platform
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TypeVar

from diorama.assets.sources import Models
from diorama.dataset import files, origin
from diorama.dataset.layout import Layout
from diorama.engine.clock import seconds
from diorama.engine.memory import watched
from diorama.errors import RecipeError
from diorama.generate import Progress, generate
from diorama.randomize.recipe import Recipe

M = TypeVar("M")

STAGES = ("draw", "pose", "render", "read-back", "encode", "write")
WARM_UP = 32
"""Images made before anything is measured: they fill the cache of built models."""


@dataclass(frozen=True)
class Row:
    """One measured run."""

    version: str
    python: str
    adapter: str
    driver: str
    format: str
    workers: int
    classes: int
    size: int
    images: int
    images_per_second: float  # on disk, with labels, from the first batch on disk to the finished dataset
    start_seconds: float  # from the call to the first batch on disk
    total_seconds: float
    stages: dict[str, float]  # share of the time of all threads, by stage
    peak_bytes: int  # of all processes together, what they share counted once; 0 where the system does not tell
    memory: dict[int, int] = field(default_factory=dict)  # peak_bytes when so many images were made

    def as_dict(self) -> dict[str, object]:
        """The row as plain data."""
        return asdict(self)


def bench(
    recipe: Recipe | None = None,
    models: Models | None = None,
    *,
    images: int = 1000,
    workers: Sequence[int] = (1, 2),
    formats: Sequence[str] = ("folder",),
    batch: int | None = None,
    folder: str | Path | None = None,
    marks: Sequence[int] = (),
) -> Iterator[Row]:
    """Makes a dataset once for each number of workers and each format, measures, and removes it.

    Args:
        recipe: What to make; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
        images: How many images, about.
        workers: Numbers of processes to try.
        formats: Formats to try, in turn; see `generate`.
        batch: Images per submission; by default what suits the adapter.
        folder: Where to write: the disk that is measured. By default the system's temporary folder.
        marks: Numbers of images at which to note the peak of memory so far.

    Raises:
        RecipeError: If a number is less than 1, or there is no such format.
        DioramaError: As `generate`.
    """
    recipe = recipe or Recipe.preset("paper")
    if images < 1:
        raise RecipeError("images", f"is {images}", "Give 1 or more")
    for form in formats:
        Layout.of(form)  # raises before anything is made
    measured = recipe.replace(per_class=-(-images // len(recipe.classes)))
    with place(folder) as temporary:
        warm_up(Path(temporary), recipe, models, batch)
        for number, (count, form) in enumerate(product(workers, formats)):
            out = Path(temporary) / f"{number}"
            yield apart(_measure, out, measured, models, count, batch, tuple(marks), form)
            shutil.rmtree(out)  # so that the next one finds the same disk


def place(folder: str | Path | None) -> "TemporaryDirectory[str]":
    """A temporary folder on the disk that is measured.

    Raises:
        OutputError: If it cannot be made.
    """
    with files.output(Path(folder or gettempdir())):
        return TemporaryDirectory(dir=folder, prefix="diorama-bench-")


def warm_up(folder: Path, recipe: Recipe, models: Models | None, batch: int | None = None) -> None:
    """Fills the cache of built models, by a few images."""
    warm = recipe.replace(per_class=-(-WARM_UP // len(recipe.classes)))
    apart(_measure, folder / "warm-up", warm, models, 1, batch, ())


def apart(measure: Callable[..., M], *arguments: object) -> M:
    """What `measure` gives in a new process: one run's memory must not count for the next."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def _measure(
    out: Path,
    recipe: Recipe,
    models: Models | None,
    workers: int,
    batch: int | None,
    marks: Sequence[int],
    form: str = "folder",
) -> Row:
    stages: Counter[str] = Counter()
    memory: dict[int, int] = {}
    first: list[tuple[float, int]] = []

    def note(progress: Progress) -> None:
        if progress.made and not first:
            first.append((seconds(), progress.made))
        stages.update(progress.seconds)
        for mark in marks:
            if progress.made >= mark and mark not in memory:
                peak.look()
                memory[mark] = peak.bytes

    with watched() as peak:
        start = seconds()
        done = generate(out, recipe, models, format=form, workers=workers, batch=batch, report=note, measure=True)
        end = seconds()
    began, early = first[0] if first[0][1] < done.made else (start, 0)  # a run of one batch has no steady part
    _, made = origin.read(out / "recipe.yaml")
    return Row(
        version=made["diorama"],
        python=platform.python_version(),
        adapter=made["adapter"],
        driver=made["driver"],
        format=form,
        workers=workers,
        classes=len(recipe.classes),
        size=recipe.size,
        images=done.made,
        images_per_second=round((done.made - early) / (end - began), 1),
        start_seconds=round(began - start, 2),
        total_seconds=round(end - start, 2),
        stages={name: round(stages[name] / stages.total(), 3) for name in STAGES},
        peak_bytes=peak.bytes,
        memory=memory,
    )
