"""Label rows as arrays, a few columns at a time, of all images or of evenly spread ones."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike, NDArray

from diorama.dataset.output import LABELS
from diorama.dataset.reader import Dataset
from diorama.dataset.storage import unreadable
from diorama.errors import OutputError

BATCH = 10_000
"""Most rows of a table: those of a row group as it is written."""


def batches(dataset: Dataset, columns: Sequence[str] | None = None, size: int = BATCH) -> Iterator[pa.Table]:
    """The label rows in turn, without the others in memory.

    Args:
        dataset: Whose.
        columns: Which columns; None for all.
        size: Most rows of each table.

    Raises:
        OutputError: If they cannot be read.
    """
    try:
        with dataset.storage.reading(LABELS) as file:
            rows = pq.ParquetFile(file, page_checksum_verification=True)
            for group in range(rows.num_row_groups):  # iter_batches would keep the memory of all that went before
                table = rows.read_row_group(group, None if columns is None else list(columns))
                for first in range(0, table.num_rows, size):
                    yield table.slice(first, size)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable(f"{dataset.storage.address}: {LABELS}", error) from error


def names(dataset: Dataset) -> list[str]:
    """The columns that there are: versions differ in them.

    Raises:
        OutputError: If they cannot be read.
    """
    try:
        with dataset.storage.reading(LABELS) as file:
            return list(pq.read_schema(file).names)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable(f"{dataset.storage.address}: {LABELS}", error) from error


def read(dataset: Dataset, columns: Sequence[str], most: int | None = None) -> dict[str, NDArray[Any]]:
    """Columns as arrays: (n,), or (n, slots) for lists of a fixed length.

    Args:
        dataset: Whose.
        columns: Which.
        most: If given and there are more images: whole rounds of the classes, evenly spread, of at most about so many.

    Raises:
        OutputError: If they cannot be read.
    """
    classes = len(dataset.recipe.classes)
    step = 1 if most is None else -(-len(dataset) // most)
    names = list(dict.fromkeys(["index", *columns]))
    found = []
    for rows in batches(dataset, names):
        if step > 1:
            rows = rows.filter(pa.array(rows["index"].to_numpy() // classes % step == 0))
        found.append(rows.select(list(columns)))
    table = pa.concat_tables(found).combine_chunks()
    return {name: array(table[name]) for name in columns}


def rows_of(dataset: Dataset, indices: ArrayLike) -> pa.Table:
    """The label rows of some images, in their order; only the row groups that hold them are read.

    Raises:
        OutputError: If they cannot be read.
    """
    wanted = np.asarray(indices, np.int64)
    try:
        with dataset.storage.reading(LABELS) as file:
            rows = pq.ParquetFile(file, page_checksum_verification=True)
            ends = np.cumsum([rows.metadata.row_group(k).num_rows for k in range(rows.num_row_groups)])
            groups = np.unique(np.searchsorted(ends, wanted, "right")).tolist()
            found = rows.read_row_groups(groups)
    except (pa.ArrowException, OSError, ValueError, IndexError) as error:
        raise unreadable(f"{dataset.storage.address}: {LABELS}", error) from error
    index = found["index"].to_numpy()
    order = np.argsort(index, kind="stable")
    place = order[np.minimum(np.searchsorted(index, wanted, sorter=order), len(index) - 1)]
    if (index[place] != wanted).any():
        raise OutputError(f"{dataset.storage.address}: {LABELS}", "rows are missing", "See `diorama dataset check`")
    return found.take(pa.array(place))


def array(column: pa.ChunkedArray) -> NDArray[Any]:
    """(n,), or (n, slots) for lists of a fixed length."""
    if pa.types.is_fixed_size_list(column.type):
        flat = array(pa.chunked_array([chunk.flatten() for chunk in column.chunks], column.type.value_type))
        return flat.reshape(-1, column.type.list_size)
    return np.asarray(column.to_numpy())
