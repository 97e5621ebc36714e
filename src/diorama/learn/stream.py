"""Images rendered as a training asks for them, as a PyTorch dataset that never repeats one.

    epoch e, shard s of n:   image start + e · epoch_size + (s + k n) C + j     for k = 0, 1, … and each of C classes j

A shard is a loader's worker on one of the ranks. Each takes whole rounds of the classes, so that its batches are as
balanced as all. Which images a shard shows, and in which order, depends on nothing but these numbers: two integers,
epoch and position, are the whole state.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import context
from typing import Any

import numpy as np
import simplejpeg
import torch
from numpy.typing import NDArray
from torch import distributed
from torch.utils.data import IterableDataset, get_worker_info

from diorama.assets.library import Catalogue
from diorama.assets.sources import Models
from diorama.dataset.schema import schema, table
from diorama.engine.local import ONE_CORE
from diorama.errors import DeviceError, RecipeError, TrainingError
from diorama.generate import build, resolve
from diorama.images import Images, images
from diorama.randomize.factor import suggest
from diorama.randomize.recipe import Recipe
from diorama.render.renderer import Renderer

ENDLESS = 1 << 40
"""Images in an epoch where none are asked for: no training sees its end."""

MOST_WORKERS = 1024
"""Of a loader; each keeps count of its epochs in a place of its own."""

WINDOW = 16
"""Batches of the device that may wait for an image before them which is drawn again and again."""

Item = Any
"""(image, label), or a dict."""


def stream(
    recipe: Recipe | None = None,
    models: Models | None = None,
    *,
    start: int = 0,
    epoch_size: int | None = None,
    columns: Sequence[str] | None = None,
    transform: Callable[[torch.Tensor], Any] | None = None,
    jpeg: bool = True,
    batch: int | None = None,
    rank: int | None = None,
    world_size: int | None = None,
) -> "Stream":
    """A PyTorch dataset whose images are rendered as they are asked for, each of them once.

    It goes into a `torch.utils.data.DataLoader`, whose workers, if it has any, must be started by `spawn`:

        stream = diorama.stream(recipe, epoch_size=10_000)
        loader = DataLoader(stream, batch_size=32, num_workers=2, multiprocessing_context="spawn")

    Every epoch (`iter(loader)`) shows other images. With torchdata's `StatefulDataLoader` a training resumes at the
    very next image, of every worker.

    Args:
        recipe: What to show and how; the preset `paper` if not given. Its `per_class` does not count here.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
        start: The first image. To see none of a dataset made with the same recipe, give its number of images.
        epoch_size: Images in an epoch, over all workers and ranks. Without one the first epoch does not end.
        columns: Names of label columns ("box.left", "camera.distance"). If given, even empty, items are dicts of them,
            of "image", "label" and "index", and of the planes that the recipe's `labels` ask for, as `Dataset.plane`
            gives them; else pairs of image and label.
        transform: Makes something else of an image, uint8 (3, S, S). With workers it must be picklable.
        jpeg: Whether images are as `generate` writes them, encoded and decoded; else they are as drawn.
        batch: Images per submission to the device; by default what suits the adapter.
        rank: Of this process among all that share in the training; by default as torch.distributed or the environment
            (RANK and WORLD_SIZE, as torchrun sets them) tells, else 0 of 1.
        world_size: How many they are. Give both or neither.

    Raises:
        RecipeError: If the recipe or an option is wrong.
        AssetError: If the models cannot be used.
        ExtraError: Without PyTorch.
    """
    recipe, catalogue = resolve(recipe, models)
    if (rank is None) != (world_size is None):
        raise RecipeError("rank", "is given without the other of rank and world_size", "Give both or neither")
    own, every = _ranks() if rank is None or world_size is None else (rank, world_size)
    counts = {"start": (start, 0), "epoch_size": (epoch_size, 1), "batch": (batch, 1), "world_size": (every, 1)}
    for name, (value, least) in counts.items():
        if value is not None and not least <= value <= ENDLESS:
            raise RecipeError(name, f"is {value}", f"Give {least} or more")
    if not 0 <= own < every:
        raise RecipeError("rank", f"is {own} of {every}", f"Give 0 to {every - 1}")
    known = schema(recipe).names
    for name in columns or ():
        if name not in known:
            raise RecipeError(f"columns: {name}", "no such column of the labels", suggest(name, known))
    deque(build(catalogue, recipe), maxlen=0)
    look = _Look(None if columns is None else tuple(columns), transform, jpeg)
    return Stream(recipe, catalogue, _Share(start, epoch_size or ENDLESS, own, every), look, batch)


@dataclass(frozen=True)
class _Share:
    """Which images there are, and which of them fall to this rank."""

    start: int
    epoch_size: int
    rank: int
    ranks: int

    def numbers(self, epoch: int, position: int, shard: int, shards: int, classes: int) -> Iterator[int]:
        """The images of a shard in an epoch, from its `position` on."""
        first = self.start + epoch * self.epoch_size
        while True:
            turn, label = divmod(position, classes)
            number = (shard + turn * shards) * classes + label
            if number >= self.epoch_size:
                return
            yield first + number
            position += 1


@dataclass(frozen=True)
class _Look:
    """What an item is."""

    columns: tuple[str, ...] | None
    transform: Callable[[torch.Tensor], Any] | None
    jpeg: bool

    def items(self, recipe: Recipe, batch: Images) -> Iterator[tuple[int, Item]]:
        """The images of a batch by number."""
        index = batch.samples.index.tolist()
        rows = table(recipe, batch.samples).select(self.columns).to_pylist() if self.columns else [{} for _ in index]
        own = batch.samples.columns["look.quality"]
        quality = np.where(own > 0, own, recipe.quality).tolist()
        for place, number in enumerate(index):
            image = self._image(batch.rgba[place], quality[place])
            label = number % len(recipe.classes)
            if self.columns is None:
                yield number, (image, label)
            else:
                planes = {name: torch.from_numpy(np.array(plane[place])) for name, plane in batch.planes.items()}
                row = {name: _collatable(value) for name, value in rows[place].items()}
                yield number, {"image": image, "label": label, "index": number, **planes, **row}

    def _image(self, rgba: NDArray[np.uint8], quality: int) -> Any:
        rgb = rgba[..., :3]
        if self.jpeg:
            rgb = simplejpeg.decode_jpeg(simplejpeg.encode_jpeg(rgba, quality, "RGBA", "420"))
        image = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))
        return self.transform(image) if self.transform else image


class Stream(IterableDataset[Item]):
    """What `stream` gives: iterating over it is one epoch, and every epoch is another.

    Attributes:
        recipe: What is shown, and how.
        classes: Their names; a label is a place in them.
    """

    def __init__(self, recipe: Recipe, catalogue: Catalogue, share: _Share, look: _Look, batch: int | None) -> None:
        self.recipe, self.classes = recipe, recipe.classes
        self._catalogue, self._share, self._look, self._batch = catalogue, share, look, batch
        # in memory that all workers of all loaders see: each one's next epoch, and last the number of shards
        self._next = torch.zeros(MOST_WORKERS + 1, dtype=torch.int64).share_memory_()
        self._at: tuple[int, int] | None = None  # epoch and position of what is iterated over in this process
        self._resume: tuple[int, int] | None = None
        self._renderer: Renderer | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_renderer": None, "_at": None}  # a device belongs to its process

    def __iter__(self) -> Iterator[Item]:
        """The next epoch, or the rest of the one that a state was loaded of.

        Raises:
            DeviceError: In a worker that was forked.
            TrainingError: If the number of workers has changed meanwhile.
        """
        worker, workers = _worker()
        shards = self._share.ranks * workers
        if worker >= MOST_WORKERS:
            raise TrainingError("num_workers", f"is {workers}", f"Use at most {MOST_WORKERS}")
        before = int(self._next[-1])
        if before not in (0, shards):
            raise TrainingError(
                "num_workers",
                f"the stream was begun in {before} shards (workers of all ranks) and is now read in {shards}",
                "Keep the number, or make another stream with another `start`",
            )
        self._next[-1] = shards
        epoch = int(self._next[worker])
        # a worker of a second loader is handed what the first one's have gone on from
        self._at = self._resume if self._resume and self._resume[0] >= epoch else (epoch, 0)
        self._resume = None
        self._next[worker] = self._at[0] + 1
        return self._epoch(*self._at, self._share.rank * workers + worker, shards)

    def _epoch(self, epoch: int, position: int, shard: int, shards: int) -> Iterator[Item]:
        """In order, though images that are drawn again come later out of the renderer."""
        self._renderer = self._renderer or Renderer()
        size = self._batch or self._renderer.device.default_batch
        numbers = self._share.numbers(epoch, position, shard, shards, len(self.classes))
        due: deque[int] = deque()
        made: dict[int, Item] = {}
        ended = False

        def fed() -> Iterator[int]:
            nonlocal ended
            while len(due) < WINDOW * size:
                number = next(numbers, None)
                if number is None:
                    ended = True
                    return
                due.append(number)
                yield number

        while not ended:
            for batch in images(self.recipe, self._catalogue, self._renderer, fed(), size):
                made.update(self._look.items(self.recipe, batch))
                while due and due[0] in made:
                    position += 1
                    self._at = epoch, position
                    yield made.pop(due.popleft())

    def state_dict(self) -> dict[str, Any]:
        """Where this process is: after its last image; the next epoch where it iterates over none.

        The workers of a loader are processes of their own: `StatefulDataLoader` asks each of them for its state.
        """
        epoch, position = self._resume or self._at or (int(self._next[:-1].max()), 0)
        return {**self._identity(), "shards": int(self._next[-1]), "epoch": epoch, "position": position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The next iteration goes on where the state was taken.

        Raises:
            TrainingError: If the state is another stream's.
        """
        for name, value in self._identity().items():
            if state.get(name) != value:
                raise TrainingError(
                    "the stream's state", f"{name} is {state.get(name)} there and {value} here", "Make the same stream"
                )
        info = get_worker_info()
        self._next[slice(0, -1) if info is None else info.id] = state["epoch"]
        self._next[-1] = state["shards"]
        self._resume = state["epoch"], state["position"]

    def _identity(self) -> dict[str, Any]:
        share = self._share
        return {
            "recipe": self.recipe.hash,
            "catalogue": self._catalogue.hash,
            "start": share.start,
            "epoch_size": share.epoch_size,
            "rank": share.rank,
            "world_size": share.ranks,
        }


def _worker() -> tuple[int, int]:
    """This loader worker's number and how many there are."""
    info = get_worker_info()
    if info is None:
        return 0, 1
    process = multiprocessing.current_process()
    method = multiprocessing.get_start_method(allow_none=True) if type(process) is multiprocessing.Process else None
    if method == "fork" or isinstance(process, getattr(context, "ForkProcess", ())):
        raise DeviceError(
            "DataLoader",
            "its workers are forked, which a graphics device does not survive",
            'Give it multiprocessing_context="spawn"',
        )
    if info.num_workers > 1:
        for name, value in ONE_CORE.items():  # the software driver reads its own when the device is opened
            os.environ.setdefault(name, value)
    return info.id, info.num_workers


def _ranks() -> tuple[int, int]:
    """This process's rank, and how many there are."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    try:
        return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    except (KeyError, ValueError):
        return 0, 1


def _collatable(value: Any) -> Any:
    """A list of numbers as a tensor, since the default collation would turn lists about."""
    if isinstance(value, list) and not any(isinstance(one, str) for one in value):
        return torch.tensor(value)
    return value
