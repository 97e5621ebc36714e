"""A dataset that is being made: what is finished of it, what is missing, and the steps from one to the other.

    begin ──► missing ──► put, for each shard, in any process ──► finish
                 ▲                        │ killed
                 └────────────────────────┘

While it is under way, `.unfinished/` holds a record for each finished shard (`dataset.records`) and, where a finished
dataset grows or is mended, its former manifest and labels. Every step is a file that appears whole, and what is there
decides what is done next; so a run may be killed at any moment, and the next one goes on.

    recipe.yaml        what makes it, and with what; from the beginning
    labels.parquet     all label rows, by index
    metadata.parquet   in a folder: the same for Hugging Face's image folders, in each split
    README.md          the card
    manifest.parquet   every file with its hash; written last
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import chain, tee
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diorama.dataset import formats, hub, manifest, origin, records
from diorama.dataset.layout import Layout, Shard
from diorama.dataset.manifest import MANIFEST, Manifest
from diorama.dataset.samples import File, Sample
from diorama.dataset.storage import UNFINISHED, Storage
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe

LABELS, RECIPE, CARD, METADATA = "labels.parquet", "recipe.yaml", "README.md", "metadata.parquet"

ROW_GROUP = 10_000
"""Label rows that are merged, and written, at once."""

SETTINGS = {"compression": "zstd", "version": "2.6", "write_page_checksum": True}


@dataclass(frozen=True)
class Output:
    """A dataset that a recipe fills.

    Attributes:
        storage: Where it lies.
        recipe: What it shows, and how many images.
        made: With what the images are made, as far as it changes a byte.
        layout: How they lie.
    """

    storage: Storage
    recipe: Recipe
    made: Mapping[str, str]
    layout: Layout

    @property
    def total(self) -> int:
        """Images in the finished dataset."""
        return len(self.recipe.classes) * self.recipe.per_class

    def locked(self, alone: bool = True) -> AbstractContextManager[None]:
        """Keeps other runs out, as `Storage.locked`."""
        return self.storage.locked(alone)

    def is_finished(self) -> bool:
        """Whether this dataset lies there with all its files.

        Raises:
            OutputError: If another dataset, or anything else, lies there; naming what differs.
        """
        names = [name for name in self.storage.names() if name != UNFINISHED]
        if RECIPE in names:
            text = self.storage.read(RECIPE).decode()
            origin.compare(self.storage.address, text, self.recipe, self._origin)
        elif names:
            listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            problem = f"already holds other files ({listed})"
            raise OutputError(self.storage.address, problem, "Choose an empty or new folder")
        if MANIFEST not in names:
            return False
        there = self._manifest(MANIFEST)
        if (
            there is None
            or there.total != self.total
            or not all(self._present(chain(there.about.values(), there.files())))
        ):
            return False
        self.storage.clear(UNFINISHED)
        return True

    def begin(self) -> None:
        """Makes ready for images: a finished dataset becomes the beginning of a larger, or of its mended self."""
        names = self.storage.names()
        if MANIFEST in names:
            self.storage.clear(UNFINISHED)
            self.storage.move(MANIFEST, f"{UNFINISHED}/{MANIFEST}")
        left = self.storage.names(UNFINISHED)
        self.storage.remove(f"{UNFINISHED}/{name}" for name in left if name.endswith(".part"))
        if (
            MANIFEST in left and LABELS in names and LABELS not in left
        ):  # else they are those of an end that was cut off
            self.storage.move(LABELS, f"{UNFINISHED}/{LABELS}")
        if RECIPE not in names or self.storage.read(RECIPE) != self._text:
            self.storage.write([(RECIPE, self._text)])

    def check_begun(self) -> None:
        """Makes sure that this process sees what `begin` has left: another process, or computer, may have called it.

        Raises:
            OutputError: If it does not.
        """
        if RECIPE not in self.storage.names() or self.storage.read(RECIPE) != self._text:
            raise OutputError(
                self.storage.address,
                "is not seen by all processes of the run",
                "Give a disk that all nodes share under this name, or the address of an object store, such as s3://…; "
                "what lies in memory:// is seen by --workers 1 alone",
            )

    def missing(self) -> list[Shard]:
        """The shards that are still to be made; records of others that are not true are removed."""
        shards, there = list(self.layout.shards(self.total)), records.there(self.storage)
        recorded = [shard for shard in shards if (shard.number, shard.count) in there]
        gone = set[int]()

        def told() -> Iterator[File]:
            for shard, files in zip(recorded, records.read(self.storage, recorded), strict=True):
                if files is None:
                    gone.add(shard.number)
                yield from files or ()

        gone |= self._lost(told())
        records.discard(self.storage, (shard for shard in recorded if shard.number in gone))
        done = {shard.number for shard in recorded} - gone
        earlier = self._earlier()
        if earlier:
            lost = self._lost(earlier.files())
            done |= {s.number for s in shards if s.first + s.count <= earlier.total and s.number not in lost}
        return [shard for shard in shards if shard.number not in done]

    def put(self, shard: Shard, rows: pa.Table, samples: Sequence[Sample]) -> None:
        """Writes a shard, then records it.

        Args:
            shard: Which one.
            rows: Its label rows, by index.
            samples: Its images, by index.
        """
        files: list[File] = []

        def contents() -> Iterator[tuple[str, bytes]]:
            for name, first, count, data in formats.pack(self.layout, self.recipe, shard, rows, samples):
                files.append(File.of(name, data, first, count))
                yield name, data

        self.storage.write(contents())
        records.write(self.storage, shard, files, rows)

    def finish(self, card: str) -> None:
        """Merges what the records hold, and removes them.

        Args:
            card: The text of README.md.

        Raises:
            OutputError: If a record is damaged: the next run makes its shard anew.
        """
        earlier = self._earlier()
        self.storage.write([(CARD, card.encode())])
        about = [File.of(name, self.storage.read(name)) for name in (CARD, RECIPE)]
        about += self._tables(_chunks(self._rows(earlier), ROW_GROUP))
        about.sort(key=lambda file: file.name)
        manifest.write(self.storage, self._files(earlier, about), self.total, self.recipe.hash, self._origin)
        self.storage.clear(UNFINISHED)

    def abandon(self) -> None:
        """Leaves nothing if no shard is finished, so that a mended recipe finds no other one there."""
        if records.there(self.storage) or MANIFEST in self.storage.names(UNFINISHED):
            return
        for folder, pattern in self.layout.folders(self.recipe).items():
            left = (name for name in self.storage.names(folder) if pattern.fullmatch(name))
            self.storage.remove(f"{folder}/{name}" for name in left)
        self.storage.clear(UNFINISHED)
        self.storage.remove([RECIPE])

    @property
    def _text(self) -> bytes:
        return origin.write(self.recipe, self._origin).encode()

    @property
    def _origin(self) -> dict[str, str]:
        return {**self.made, **self.layout.description}

    def _manifest(self, name: str) -> Manifest | None:
        """A manifest; None if it is damaged."""
        try:
            return Manifest.read(self.storage, name)
        except OutputError:
            return None

    def _earlier(self) -> Manifest | None:
        """The manifest of the finished dataset that this one grows from, if its labels are whole."""
        if MANIFEST not in self.storage.names(UNFINISHED):
            return None
        found = self._manifest(f"{UNFINISHED}/{MANIFEST}")
        expected = found and found.about.get(LABELS)
        try:
            with self.storage.reading(self._earlier_labels) as file:
                digest = hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]  # it has readinto
        except OutputError:
            return None
        return found if expected and digest == expected.sha256 else None

    @property
    def _earlier_labels(self) -> str:
        """Where the labels of that dataset lie: a kill may have come between the manifest's move and theirs."""
        moved = LABELS in self.storage.names(UNFINISHED)
        return f"{UNFINISHED}/{LABELS}" if moved else LABELS

    def _lost(self, files: Iterable[File]) -> set[int]:
        """Numbers of the shards that lack one of these files of theirs."""
        files, again = tee(files)
        found = zip(files, self._present(again), strict=True)
        return {(file.first or 0) // self.layout.shard_size for file, is_there in found if not is_there}

    def _present(self, files: Iterable[File]) -> Iterator[bool]:
        """Whether each file lies there with its size."""
        files, again = tee(files)
        sizes = self.storage.sizes(file.name for file in again)
        return (size == file.size for size, file in zip(sizes, files, strict=True))

    def _recorded(self) -> Iterator[tuple[Shard, bool]]:
        """Every shard, and whether it has a record of its own."""
        there = records.there(self.storage)
        return ((shard, (shard.number, shard.count) in there) for shard in self.layout.shards(self.total))

    def _rows(self, earlier: Manifest | None) -> Iterator[pa.Table]:
        """The label rows of each shard in turn."""
        with ExitStack() as opened:
            labels = _Slices(opened, self.storage, self._earlier_labels) if earlier else None
            for shard, recorded in self._recorded():
                if recorded or labels is None:
                    yield records.rows(self.storage, shard)
                else:
                    yield from labels.read(shard.first, shard.count)

    def _files(self, earlier: Manifest | None, about: Iterable[File]) -> Iterator[File]:
        """The files of each shard in turn, then those about the whole dataset."""
        former = earlier.files() if earlier else iter(())
        recorded = records.read(self.storage, [shard for shard, has in self._recorded() if has])
        pending = next(former, None)
        for shard, has in self._recorded():
            own: list[File] = []
            while pending is not None and (pending.first or 0) < shard.first + shard.count:
                own.append(pending)
                pending = next(former, None)
            yield from (next(recorded) or ()) if has else own
        yield from about

    def _tables(self, rows: Iterator[pa.Table]) -> list[File]:
        """Writes labels.parquet, and a folder's metadata.parquet, in constant memory."""
        with ExitStack() as moved:
            paths: dict[str, Path] = {}
            with ExitStack() as opened:
                writers: dict[str, pq.ParquetWriter] = {}
                for table in rows:
                    for name, part in self._parts(table):
                        if name not in writers:
                            paths[name] = moved.enter_context(self.storage.replacing(name))
                            writers[name] = opened.enter_context(pq.ParquetWriter(paths[name], part.schema, **SETTINGS))
                        writers[name].write_table(part, row_group_size=ROW_GROUP)
            return [_entry(name, path) for name, path in paths.items()]

    def _parts(self, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        yield LABELS, rows
        if self.layout.format == "folder":
            for split in self.layout.splits:
                folder = f"{split}/" if self.layout.split else ""
                some = rows.filter(pc.equal(rows["split"], split))
                if some.num_rows:
                    yield folder + METADATA, _metadata(some, len(folder), self.recipe.classes)


class _Slices:
    """Runs of rows of a Parquet file, read by row group."""

    def __init__(self, opened: ExitStack, storage: Storage, name: str) -> None:
        self._file = pq.ParquetFile(opened.enter_context(storage.reading(name)))
        self._group, self._table = -1, pa.table({})

    def read(self, first: int, count: int) -> Iterator[pa.Table]:
        """Rows [first, first + count)."""
        last = first + count
        while first < last:
            group, start = divmod(first, ROW_GROUP)
            if group != self._group:
                self._group, self._table = group, self._file.read_row_group(group)
            part = self._table.slice(start, min(last - first, ROW_GROUP - start))
            yield part
            first += part.num_rows


def _chunks(tables: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """The same rows in tables of `size`, the last of which may be shorter."""
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        if sum(map(len, held)) >= size:
            whole = pa.concat_tables(held)
            while len(whole) >= size:
                yield whole.slice(0, size)
                whole = whole.slice(size)
            held = [whole] if len(whole) else []
    if held:
        yield pa.concat_tables(held)


def _metadata(rows: pa.Table, above: int, classes: Sequence[str]) -> pa.Table:
    """Label rows as an image folder's metadata: `file_name` below the folder of the split, and the class as `label`."""
    names = pa.array([name[above:] for name in rows["file"].to_pylist()], pa.string())
    label = pa.array([index % len(classes) for index in rows["index"].to_pylist()], pa.int64())
    columns = {"file_name": names, "label": label} | {f.name: rows[f.name] for f in rows.schema if f.name != "file"}
    known = {field.name: field for field in rows.schema}
    fields = [known.get(name, pa.field(name, column.type)) for name, column in columns.items()]
    return pa.table(list(columns.values()), schema=hub.schema(fields, classes))


def _entry(name: str, path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return File(name, None, None, path.stat().st_size, digest)
