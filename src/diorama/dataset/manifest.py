"""manifest.parquet: every file of a finished dataset, with its size and SHA-256, and all that decided the bytes.

    file            its path in the dataset
    first, count    the first image whose data it holds, and of how many; empty for files about the whole dataset
    bytes, sha256   of its content

Rows stand in the order of shards; files about the whole dataset come last. The schema's metadata holds, as JSON under
`diorama`, what the dataset was made with and its layout, the recipe's hash and the number of images. The manifest is
written last: a dataset is finished when it lies there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from diorama.dataset.layout import Layout
from diorama.dataset.parquet import SETTINGS
from diorama.dataset.samples import File
from diorama.dataset.storage import Storage
from diorama.errors import OutputError

MANIFEST = "manifest.parquet"

ROW_GROUP = 10_000
"""Rows that are written at once."""

_FIELDS = (
    pa.field("file", pa.string(), nullable=False),
    pa.field("first", pa.int64()),
    pa.field("count", pa.int64()),
    pa.field("bytes", pa.int64(), nullable=False),
    pa.field("sha256", pa.binary(32), nullable=False),
)


@dataclass(frozen=True, eq=False)
class Manifest:
    """The files of a finished dataset.

    Attributes:
        table: A row for each file.
        total: Images in the dataset.
        recipe: The recipe's hash.
        made: With what the images were made, and the layout, by name.
    """

    table: pa.Table
    total: int
    recipe: str
    made: Mapping[str, str]

    @classmethod
    def read(cls, storage: Storage, name: str = MANIFEST) -> "Manifest":
        """The manifest in a file.

        Raises:
            OutputError: If it cannot be read.
        """
        place = f"{storage.address}: {name}"
        try:
            with storage.reading(name) as file:
                table = pq.read_table(file, page_checksum_verification=True)
            about = json.loads((table.schema.metadata or {})[b"diorama"])
            if not table.schema.equals(pa.schema(_FIELDS)):
                raise ValueError("other columns")
            return cls(table, int(about["total"]), str(about["recipe"]), dict(about["made"]))
        except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
            raise OutputError(place, "is damaged, or no manifest", "Run `diorama generate` on it again") from error

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def layout(self) -> Layout:
        """Format, shards and splits."""
        return Layout.described(self.made)

    @cached_property
    def about(self) -> dict[str, File]:
        """The files about the whole dataset, by name."""
        return {file.name: file for file in _files(self.table.filter(self.table["first"].is_null()))}

    def files(self) -> Iterator[File]:
        """The files of images, in their order."""
        for batch in self.table.filter(self.table["first"].is_valid()).to_batches(ROW_GROUP):
            yield from _files(pa.Table.from_batches([batch]))


def write(
    storage: Storage, files: Iterable[File], total: int, recipe: str, made: Mapping[str, str], name: str = MANIFEST
) -> None:
    """Writes a manifest, in constant memory; `recipe` is the recipe's hash."""
    about = json.dumps({"total": total, "recipe": recipe, "made": dict(made)}, ensure_ascii=False)
    schema = pa.schema(_FIELDS, metadata={"diorama": about})
    left = iter(files)
    with storage.replacing(name) as path, pq.ParquetWriter(path, schema, **SETTINGS) as writer:
        while some := list(islice(left, ROW_GROUP)):
            columns: dict[str, list[Any]] = {f.name: [] for f in _FIELDS}
            for file in some:
                for column, value in zip(columns.values(), _values(file), strict=True):
                    column.append(value)
            writer.write_table(pa.table(columns, schema=schema), row_group_size=ROW_GROUP)


def _values(file: File) -> tuple[Any, ...]:
    return file.name, file.first, file.count, file.size, file.sha256


def _files(table: pa.Table) -> Iterator[File]:
    columns = (table[field.name].to_pylist() for field in _FIELDS)
    return (File(*values) for values in zip(*columns, strict=True))
