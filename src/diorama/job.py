"""What each process does with its shards, as an engine asks for it: one job is one shard."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import simplejpeg

from diorama.assets.library import Catalogue
from diorama.dataset import planes
from diorama.dataset.layout import Shard
from diorama.dataset.output import Output
from diorama.dataset.samples import Sample
from diorama.dataset.schema import Samples, table
from diorama.engine.clock import Clock, timed
from diorama.errors import DioramaError
from diorama.images import Images, images
from diorama.provenance import provenance
from diorama.render.renderer import Renderer

ENCODERS = 2
"""Threads per process that encode, pack and write; most of that leaves Python's lock."""


@dataclass(frozen=True)
class Made:
    """What a process has done since it last told.

    Attributes:
        images: Images drawn.
        shards: Shards that have been written and recorded.
        seconds: Seconds by stage, if they are measured.
    """

    images: int
    shards: tuple[Shard, ...]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Job:
    """Makes shards of a dataset.

    Attributes:
        output: The dataset, begun.
        catalogue: Of models, surfaces and skies.
        batch: Images per submission to the device.
        ahead: Among so many images, those of one model are drawn together.
        measure: Whether seconds by stage are told.
        elsewhere: Whether it runs on other computers than the one that began the dataset: they must be alike.
    """

    output: Output
    catalogue: Catalogue
    batch: int
    ahead: int = 1
    measure: bool = False
    elsewhere: bool = False

    def __call__(self, shards: Iterator[Shard]) -> Iterator[Made]:
        """Makes the images of the shards, and tells after each batch.

        Raises:
            DioramaError: This computer does not see the dataset, or would draw other images than the run asks for.
        """
        clock = Clock() if self.measure else None
        recipe, under_way, shelves = self.output.recipe, deque[_Batch](), dict[int, _Shelf]()
        self.output.check_begun()
        renderer = Renderer()
        if self.elsewhere:
            self._check_alike(renderer)

        def indices() -> Iterator[int]:
            for shard in shards:
                shelves[shard.number] = _Shelf(shard)
                yield from range(shard.first, shard.first + shard.count)

        with self.output.locked(alone=False), ThreadPoolExecutor(ENCODERS) as pool:
            writing: deque[tuple[Shard, Future[None]]] = deque()

            def settle() -> Made:
                """Puts the oldest batch to its shards; those that are whole go to disk meanwhile."""
                samples, encoded = under_way.popleft()
                rows = table(recipe, samples, self.output.layout)
                for number in self._shelve(rows, [sample for part in encoded for sample in part.result()], shelves):
                    shelf = shelves.pop(number)
                    writing.append((shelf.shard, pool.submit(self._write, shelf, clock)))
                written = []
                while len(writing) > 2 or (writing and writing[0][1].done()):
                    written.append(_result(writing.popleft()))
                return Made(len(samples.index), tuple(written), clock.take() if clock else {})

            for batch in images(recipe, self.catalogue, renderer, indices(), self.batch, clock, self.ahead):
                parts = (range(k, len(batch.rgba), ENCODERS) for k in range(ENCODERS))
                under_way.append((batch.samples, [pool.submit(self._encode, batch, part, clock) for part in parts]))
                if len(under_way) > 2:
                    yield settle()
            while under_way:
                yield settle()
            written = tuple(map(_result, writing))
            yield Made(0, written, clock.take() if clock else {})

    def _check_alike(self, renderer: Renderer) -> None:
        here = provenance(self.catalogue, renderer.device, self.output.layout.format)
        for name, value in self.output.made.items():
            if here.get(name) != value:
                raise DioramaError(
                    "a worker of the cluster",
                    f"would draw other images: {name} is {here.get(name)} there and {value} where the run began",
                    "Let nodes be alike: the same versions, models and adapters. --gpus-per-worker chooses among nodes",
                )

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


def _result(written: tuple[Shard, "Future[None]"]) -> Shard:
    """The shard, once it is written; raises what went wrong."""
    shard, future = written
    future.result()
    return shard
