"""The main job on one page: from a recipe to a dataset on disk.

    recipe, catalogue ──► compose ──► Renderer.submit ──► enough seen? ──► JPEG files ──► shard of files ──► record
                             ▲         (two under way)       │ no             (threads)
                             └───────── next attempt ◄───────┘

Every image is a pure function of (recipe, catalogue, index), so it does not matter which process makes it, in which
batch, beside which others, or after how many interruptions. A shard is a job (job.py): a range of images, written and
recorded when all of them are there. Jobs are run by processes of this computer or of a cluster.
"""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from diorama.assets.library import Catalogue
from diorama.assets.sources import Assets, Models
from diorama.dataset import card, origin
from diorama.dataset.layout import Layout, Shard
from diorama.dataset.output import RECIPE, Output
from diorama.dataset.storage import Local, Storage, storage
from diorama.engine import local, ray
from diorama.engine.cluster import HERE, Cluster, connected
from diorama.errors import OutputError, RecipeError
from diorama.job import Job, Made
from diorama.provenance import provenance
from diorama.randomize.compose import models as models_of
from diorama.randomize.needs import needed
from diorama.randomize.recipe import Recipe
from diorama.render.device import Device, open_device
from diorama.render.prepare import prepare

ENGINES = ("local", "ray")

MANY = 10_000
"""Images of a dataset that is taken to show all there is."""

AHEAD, ENDING = 16, 8
"""Images of one model are drawn together, among so many batches of a process, but no more than such a part of its share
of all: when the last images are handed out, no process must wait long for another."""


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
        passed_over: At the end, what models of a large folder were drawn and found not to be usable, and why.
    """

    total: int
    kept: int
    made: int
    seconds: dict[str, float] = field(default_factory=dict)
    to_build: int = field(default=0, compare=False)
    built: int = field(default=0, compare=False)
    passed_over: tuple[str, ...] = field(default=(), compare=False)


def generate(
    out: str | Path,
    recipe: Recipe | None = None,
    models: Models | None = None,
    *,
    format: str | None = None,
    shard_size: int | None = None,
    split: Mapping[str, float] | None = None,
    hold_out: Mapping[str, float] | None = None,
    workers: int | None = None,
    batch: int | None = None,
    engine: str | Cluster = "local",
    report: Callable[[Progress], None] | None = None,
    measure: bool = False,
) -> Progress:
    """Makes a dataset, or finishes one; a finished one is left as it is.

    Args:
        out: Its folder, or any address that fsspec knows: new, empty, or begun with the same recipe.
        recipe: What to show and how; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class, or `Assets`, which names skies, surfaces and photos
            too, or a set-up file that does; the embedded catalogue if not given.
        format: "folder", "webdataset" or "parquet"; what is begun keeps format, shards and splits if none are given.
        shard_size: Images that are recorded together; by default 100 in a folder, else 1000. A kill costs a process
            those that are not recorded: a shard, and up to AHEAD batches whose images are drawn in another order.
        split: Share of the images in each split, by name, such as {"train": 0.8, "test": 0.2}.
        hold_out: {"subjects": share}: of each class this share of its models is shown by the split `test` alone.
        workers: Processes; by default one per core where there is no GPU, else one; on a cluster as many as have room.
        batch: Images per submission to the device; by default what suits the adapter.
        engine: "local", this computer; "ray", the Ray cluster of this computer; or a `Cluster`. The nodes of a cluster
            see `out` and `models` under the same names.
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
    cluster, place = _cluster(engine), storage(out)
    if cluster:  # nodes work in other folders
        place = Local(place.root.absolute()) if isinstance(place, Local) else place
        models = Assets.of(models).absolute()
    recipe, catalogue = resolve(recipe, models)
    layout = _layout(place, format, shard_size, split, hold_out)
    wanted = needed(recipe, catalogue)
    subjects = {name: [id for id in catalogue.subjects(name) if id in wanted] for name in recipe.classes}
    layout = layout.holding_out(subjects, recipe.seed)
    with connected(cluster) if cluster else nullcontext():
        device = _adapter(cluster)
        output = Output(place, recipe, provenance(catalogue, device, layout.format), layout)
        with output.locked():
            if output.is_finished():
                return Progress(output.total, output.total, 0)
            output.begin()
            missing = output.missing()
            progress = Progress(output.total, output.total - sum(shard.count for shard in missing), 0)
            if report:
                report(progress)
            for built, to_build in build(catalogue, recipe) if not cluster else ():
                progress = replace(progress, built=built, to_build=to_build)
                if report:
                    report(progress)
            job = Job(output, catalogue, batch or device.default_batch, measure=measure, elsewhere=cluster is not None)
            try:
                with closing(_run(job, missing, workers, device, cluster)) as results:
                    for made in results:
                        # what a lost node had drawn is drawn again: there only what lies in the dataset counts
                        count = sum(shard.count for shard in made.shards) if cluster else made.images
                        progress = replace(progress, made=progress.made + count, seconds=made.seconds)
                        if report:
                            report(progress)
            except BaseException:
                with suppress(OutputError):  # of a place that cannot be reached, say: what came first is to be told
                    output.abandon()
                raise
            output.finish(card.write(recipe, catalogue.credits(), output.made, layout))
    return replace(progress, passed_over=catalogue.passed_over())


def _cluster(engine: str | Cluster) -> Cluster | None:
    """The cluster to run on; None is this computer without one."""
    if isinstance(engine, str) and engine not in ENGINES:
        raise RecipeError("engine", f"there is no engine {engine!r}", f"Choose from: {', '.join(ENGINES)}")
    return engine if isinstance(engine, Cluster) else HERE if engine == "ray" else None


def _adapter(cluster: Cluster | None) -> Device:
    """What will draw; of a cluster, where this computer may have no such adapter, what one of its workers finds."""
    if cluster is None:
        return open_device()
    with closing(ray.run(_found, [None], 1, cluster=cluster)) as results:
        return next(results)


def _found(asked: Iterator[None]) -> Iterator[Device]:
    for _ in asked:
        yield replace(open_device(), handle=None)  # which does not travel


def _run(
    job: Job, missing: list[Shard], workers: int | None, device: Device, cluster: Cluster | None
) -> Generator[Made, None, None]:
    """Does what is missing; more workers than shards would find nothing to do."""
    left, most = sum(shard.count for shard in missing), max(1, len(missing))
    asked = workers or (most if cluster else min(own_workers(device), left // (2 * job.batch)))
    workers = max(1, min(asked, most))
    job = replace(job, ahead=min(AHEAD * job.batch, left // (ENDING * workers)))
    if cluster:
        return ray.run(job, missing, workers, lambda made: made.shards, cluster)
    return local.run(job, missing, workers)


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
    wanted, unbuilt = needed(recipe, catalogue), catalogue.unbuilt()
    total = recipe.per_class * len(recipe.classes)
    models = unbuilt.keys() & {id for name in recipe.classes for id in catalogue.subjects(name)}
    if models and total < MANY:  # a small dataset need not wait for models that none of its images shows
        wanted -= models - set(models_of(recipe, catalogue, np.arange(total)).tolist())
    builders = [builder for id, builder in unbuilt.items() if id in wanted]
    with closing(local.run(_built, builders, min(_cores(), max(1, len(builders) // 4)))) as results:
        for built, _ in enumerate(results, 1):
            yield built, len(builders)


def _built(builders: Iterator[Callable[[], object]]) -> Iterator[None]:
    for build in builders:
        prepare(build())
        yield


def resolve(recipe: Recipe | None, models: Models | None) -> tuple[Recipe, Catalogue]:
    """A recipe and what it shows; without one, the preset `paper` for all classes of the folder of models.

    Raises:
        AssetError: If the assets cannot be used.
    """
    assets = Assets.of(models)
    if recipe is None and assets.models is not None:
        catalogue = Catalogue.open(assets)
        return with_photos(Recipe.preset("paper", classes=catalogue.classes), assets), catalogue
    recipe = recipe or with_photos(Recipe.preset("paper"), assets)
    return recipe, Catalogue.open(assets, recipe.classes)


def with_photos(recipe: Recipe, assets: Assets) -> Recipe:
    """A preset with a photo behind every image, where there are photos: who names some wants to see them."""
    return recipe.pin("photo.present", True) if assets.photos else recipe


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


def own_workers(device: Device | None = None) -> int:
    """Processes that suit this computer: one per core where there is no GPU, else one.

    Raises:
        DeviceError: If no device is given, and none can be opened.
    """
    return _cores() if (device or open_device()).is_cpu else 1


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
