"""Datasets without a renderer: the same steps as `generate`, given made-up images and rows."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from diorama.dataset.layout import Layout, Shard
from diorama.dataset.output import Output
from diorama.dataset.samples import Sample
from diorama.dataset.schema import table
from diorama.dataset.storage import storage
from diorama.randomize.recipe import Recipe
from tests.dataset.test_schema import samples

MADE = {"diorama": "1", "image version": "abc", "adapter": "none: a test's"}


def output(place: Path | str, per_class: int = 30, layout: Layout | None = None, **fields: object) -> Output:
    """A dataset to be made, of 60 images in shards of 8 if nothing else is said."""
    recipe = Recipe.preset("paper", per_class=per_class, **fields)
    return Output(storage(place), recipe, MADE, layout or Layout(shard_size=8))


def content(index: int) -> bytes:
    """What stands for the JPEG file of an image."""
    return f"image {index} ".encode() * 50


def rows(out: Output, shard: Shard) -> pa.Table:
    """The label rows of a shard."""
    found = samples(list(range(shard.first, shard.first + shard.count)))
    found.subject[:] = [f"cat/{k % 5}" if k % 2 == 0 else f"dog/{k % 5}" for k in found.index]
    return table(out.recipe, found, out.layout)


def put(out: Output, shards: list[Shard]) -> None:
    """Makes these shards."""
    for shard in shards:
        numbers = np.arange(shard.first, shard.first + shard.count).tolist()
        planes = {str(name): b"a plane" for name in out.recipe.labels if name != "keypoints"}
        out.put(shard, rows(out, shard), [Sample(k, content(k), planes) for k in numbers])


def make(out: Output) -> Output:
    """Makes all that is missing."""
    with out.locked():
        if not out.is_finished():
            out.begin()
            put(out, out.missing())
            out.finish("the card")
    return out
