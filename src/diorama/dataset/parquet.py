"""Parquet shards with embedded images, as Hugging Face `datasets` reads them: image, label, label columns, planes."""

import io
from collections.abc import Collection, Iterator, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from diorama.dataset import hub
from diorama.dataset.layout import file_name
from diorama.dataset.planes import suffix
from diorama.dataset.samples import Sample
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe

ROW_GROUP = 100
"""Rows that a reader must take at once: with their images, about two megabytes."""

SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_page_checksum": True,
    "version": "2.6",
    "data_page_version": "1.0",
    "store_schema": True,
}
"""What decides a file's bytes beside its content and the version of pyarrow; none is left to a default."""


def pack(rows: pa.Table, samples: Sequence[Sample], recipe: Recipe) -> bytes:
    """A shard's file.

    Args:
        rows: Label rows of n images.
        samples: The n images, in the same order.
        recipe: Names classes and files.
    """
    classes = recipe.classes
    label = pa.array([sample.index % len(classes) for sample in samples], pa.int64())
    pictures = {"image": _images([(file_name(recipe, sample.index), sample.jpeg) for sample in samples])}
    for name in samples[0].planes:
        paths = (file_name(recipe, sample.index).removesuffix(".jpg") + suffix(name) for sample in samples)
        pictures[name] = _images([(path, s.planes[name]) for path, s in zip(paths, samples, strict=True)])
    columns = {"image": pictures.pop("image"), "label": label}
    columns |= {field.name: rows[field.name] for field in rows.schema} | pictures
    fields = {field.name: field for field in rows.schema}
    layout = hub.schema([fields.get(n, pa.field(n, column.type)) for n, column in columns.items()], classes)
    out = io.BytesIO()
    pq.write_table(pa.table(list(columns.values()), schema=layout), out, row_group_size=ROW_GROUP, **SETTINGS)
    return out.getvalue()


def unpack(file: BinaryIO, wanted: Collection[int], column: str) -> Iterator[tuple[int, bytes]]:
    """Of the images wanted, the content of one column of images, in the file's order.

    Args:
        file: A shard's file.
        wanted: Numbers of images.
        column: "image", or a plane's name.

    Raises:
        OutputError: If the file is damaged.
    """
    try:
        shard = pq.ParquetFile(file, page_checksum_verification=True)
        for group in range(shard.num_row_groups):
            index = shard.read_row_group(group, ["index"], use_threads=False)["index"].to_pylist()
            if any(number in wanted for number in index):
                pictures = shard.read_row_group(group, [f"{column}.bytes"], use_threads=False)[column]
                for number, picture in zip(index, pictures, strict=True):
                    if number in wanted:
                        yield number, picture["bytes"].as_py()
    except (pa.ArrowException, OSError, KeyError) as error:
        raise OutputError("a Parquet file", f"is damaged ({error})", "Find it by `diorama dataset check`") from error


def _images(pictures: Sequence[tuple[str, bytes]]) -> pa.Array:
    paths, data = zip(*pictures, strict=True)
    return pa.StructArray.from_arrays([pa.array(data, pa.binary()), pa.array(paths, pa.string())], fields=[*hub.IMAGE])
