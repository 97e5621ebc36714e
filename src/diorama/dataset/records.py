"""Records of finished shards, while a dataset is under way: `.unfinished/000012-1000.shard`, a file for each.

    one line of JSON     the shard, its files with size and hash, and the size and hash of the rest
    the rest             its label rows, an Arrow file

A record is written after the files that it tells of, so what a record says is true whatever moment a run is killed at.
Each is written by the process that made the shard: no process waits for another, and object stores, where nothing can
be appended, are served alike. A record that is torn counts for nothing.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from diorama.dataset.layout import Shard
from diorama.dataset.samples import File
from diorama.dataset.storage import UNFINISHED, Storage
from diorama.errors import OutputError

HEAD = 1 << 16
"""Bytes that are read for a record's first line; where they do not suffice, the whole record is."""

_NAME = re.compile(r"(\d{6,})-(\d+)\.shard")


def write(storage: Storage, shard: Shard, files: Sequence[File], rows: pa.Table) -> None:
    """Records a shard whose files have been written."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(rows)
    body = sink.getvalue().to_pybytes()
    head = {
        "first": shard.first,
        "files": [[f.name, f.first, f.count, f.size, f.sha256.hex()] for f in files],
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    storage.write([(_name(shard), line + body)])


def there(storage: Storage) -> set[tuple[int, int]]:
    """Number and images of each shard that has a record. Records are not opened."""
    found = map(_NAME.fullmatch, storage.names(UNFINISHED))
    return {(int(match[1]), int(match[2])) for match in found if match}


def read(storage: Storage, shards: Sequence[Shard]) -> Iterator[list[File] | None]:
    """The files of each of these shards, which have records; None where the record is torn."""
    names = [_name(shard) for shard in shards]
    for name, size in zip(names, storage.sizes(names), strict=True):
        line, end, _ = storage.read(name, HEAD).partition(b"\n")
        if not end:
            line, end, _ = storage.read(name).partition(b"\n")
        head = _parsed(line)
        whole = head is not None and size == len(line) + 1 + head["bytes"]
        yield [_file(*entry) for entry in head["files"]] if head and whole else None


def rows(storage: Storage, shard: Shard) -> pa.Table:
    """The label rows of a recorded shard.

    Raises:
        OutputError: If the record is damaged; it is then removed, and its shard will be made anew.
    """
    name = _name(shard)
    line, _, body = storage.read(name).partition(b"\n")
    head = _parsed(line)
    if head is None or hashlib.sha256(body).hexdigest() != head["sha256"]:
        storage.remove([name])
        raise OutputError(
            f"{storage.address}: {name}", "is damaged", "Run the same command again: that shard is made anew"
        )
    return pa.ipc.open_file(pa.py_buffer(body)).read_all()


def discard(storage: Storage, shards: Iterable[Shard]) -> None:
    """Removes records that are not true, or no longer."""
    storage.remove(map(_name, shards))


def _file(name: str, first: int, count: int, size: int, sha256: str) -> File:
    return File(name, first, count, size, bytes.fromhex(sha256))


def _name(shard: Shard) -> str:
    return f"{UNFINISHED}/{shard.number:06d}-{shard.count}.shard"


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        head = json.loads(line)
    except ValueError:
        return None
    return head if isinstance(head, dict) and {"files", "bytes", "sha256"} <= set(head) else None
