"""A shard as files, and images out of files, in each format of `dataset.layout`. Nothing is written here."""

import io
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from diorama.dataset import parquet, planes, webdataset
from diorama.dataset.layout import Layout, Shard
from diorama.dataset.samples import Sample
from diorama.randomize.recipe import Recipe

IMAGE = "image"
"""What stands for the image itself where a plane may be named."""

Packed = tuple[str, int, int, bytes]
"""A file: its name, the first image whose data it holds, of how many, and its content."""


def pack(layout: Layout, recipe: Recipe, shard: Shard, rows: pa.Table, samples: Sequence[Sample]) -> Iterator[Packed]:
    """The files of a shard.

    Args:
        layout: How the dataset lies.
        recipe: What it shows.
        shard: Which one.
        rows: Its label rows, by index.
        samples: Its images, by index.
    """
    if layout.format == "folder":
        for file, sample in zip(rows["file"].to_pylist(), samples, strict=True):
            yield file, sample.index, 1, sample.jpeg
        if samples[0].planes:
            yield planes_file(shard.number), shard.first, shard.count, _planes(samples)
        return
    split = np.array(rows["split"].to_pylist())
    for name in layout.splits:
        chosen = np.flatnonzero(split == name)
        if len(chosen):
            some = [samples[k] for k in chosen.tolist()]
            part = rows.take(pa.array(chosen))
            tar = layout.format == "webdataset"
            data = webdataset.pack(part, some, recipe.classes) if tar else parquet.pack(part, some, recipe)
            yield layout.file(recipe, shard.first, name), some[0].index, len(some), data


def unpack(layout: Layout, file: BinaryIO, wanted: Collection[int], what: str) -> Iterator[tuple[int, bytes]]:
    """Of the images wanted, image or plane, from a shard's file; in a folder, planes only.

    Raises:
        OutputError: If the file is damaged.
    """
    if layout.format == "webdataset":
        return webdataset.unpack(file, wanted, ".jpg" if what == IMAGE else planes.suffix(what))
    return parquet.unpack(file, wanted, what)


def planes_file(number: int) -> str:
    """The file of a folder's planes of shard `number`: loaders would take more pictures, or a folder, for images."""
    return f"planes-{number:06d}.parquet"


def _planes(samples: Sequence[Sample]) -> bytes:
    columns: dict[str, pa.Array] = {"index": pa.array([sample.index for sample in samples], pa.int64())}
    for name in samples[0].planes:
        data = pa.array([sample.planes[name] for sample in samples], pa.binary())
        columns[name] = pa.StructArray.from_arrays([data], ["bytes"])
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, row_group_size=parquet.ROW_GROUP, **parquet.SETTINGS)
    return out.getvalue()
