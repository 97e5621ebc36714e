"""A dataset as an image folder: class folders of JPEG files, labels.parquet, recipe.yaml and README.md.

    data/
      cat/000000.jpg …          one folder per class
      labels.000500.part.parquet …   while unfinished: label rows of finished images, named after the first of them
      labels.parquet            when finished: all rows, by index
      recipe.yaml               what makes it again, and in its first lines with what it was made
      README.md                 the card, when finished

An image is finished once a part holds its row; parts are written after the images that they tell of. So whatever moment
a run is killed at, what the parts hold is true, and the rest is made again, to the same bytes. All state lies in these
plain files: loaders take every folder for a class, so there is no other.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diorama.dataset import files, origin
from diorama.dataset.schema import file_name, schema
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe

ROW_GROUP = 10_000
"""Rows of labels.parquet that are merged, and written, at once."""

_LABELS, _RECIPE, _CARD = "labels.parquet", "recipe.yaml", "README.md"
_PARTS = "labels.*.part.parquet"


@dataclass(frozen=True)
class Folder:
    """An image folder that a recipe fills.

    Attributes:
        root: The folder.
        recipe: Decides what the files are named and how many there are.
        made: With what the images are made, as far as it changes a pixel: versions, the catalogue, the adapter.
    """

    root: Path
    recipe: Recipe
    made: Mapping[str, str]

    @property
    def total(self) -> int:
        """Images in the finished dataset."""
        return len(self.recipe.classes) * self.recipe.per_class

    def path(self, index: int) -> Path:
        """The file of image `index`."""
        return self.root / file_name(self.recipe, index)

    def open(self) -> None:
        """Makes the folder, or checks that it holds this dataset, finished or not, or its beginning. Call it locked.

        Raises:
            OutputError: If it holds anything else, or cannot be written.
        """
        with files.output(self.root):
            for place in (self.root, *(self.root / name for name in self.recipe.classes)):
                for left in place.glob("*" + files.UNFINISHED):
                    left.unlink()
            recipe, content = self.root / _RECIPE, sorted(path.name for path in self.root.iterdir())
        text = origin.write(self.recipe, self.made)
        if recipe.exists():
            origin.compare(recipe, self.recipe, self.made)
        elif content:
            listed = ", ".join(content[:3]) + (", …" if len(content) > 3 else "")
            raise OutputError(str(self.root), f"already holds other files ({listed})", "Choose an empty or new folder")
        if not recipe.exists() or recipe.read_bytes() != text.encode():
            files.write(recipe, text.encode())
        with files.output(self.root):
            for name in self.recipe.classes:
                (self.root / name).mkdir(exist_ok=True)

    @contextmanager
    def locked(self, alone: bool = True) -> Iterator[None]:
        """Keeps other runs out of the folder, which it makes; the lock ends with the process, however that ends.

        Args:
            alone: False for the processes that share in a run, whose parent has made sure that there is no other.

        Raises:
            OutputError: If another run writes there.
        """
        try:
            import fcntl
        except ImportError:  # Windows: no such lock on a folder
            yield
            return
        with files.output(self.root):
            new = not self.root.exists()
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            fcntl.flock(handle, fcntl.LOCK_SH)  # there is no other run: now let this one's processes in
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                os.close(handle)
                raise OutputError(
                    str(self.root), "another run is writing there", "Wait for its end, or choose another folder"
                ) from error
        try:
            yield
        finally:
            os.close(handle)
            if new:  # and still empty, after a run that failed before its first image: it leaves no trace
                with suppress(OSError):
                    self.root.rmdir()

    def done(self) -> NDArray[np.bool_]:
        """(total,) which images are finished: their row lies in a part and their file in its place."""
        done = np.zeros(self.total, np.bool_)
        for part in [*self._parts(), *self._labels()]:
            rows = _read(part)
            index = rows["index"].to_numpy() if rows is not None else np.zeros(0, np.int64)
            there = np.array([index_ < self.total and self._has(index_) for index_ in index.tolist()], np.bool_)
            if rows is None or not there.all():  # damaged, or its images were taken away: keep what is true of it
                with files.output(part):
                    part.unlink()
                if rows is not None and there.any():
                    self.write_part(rows.filter(pa.array(there)))
            done[index[there]] = True
        return done

    def write_part(self, rows: pa.Table) -> None:
        """Adds the rows of finished images, by index."""
        rows = rows.sort_by("index")
        with files.replacing(self.root / f"labels.{rows['index'][0].as_py():06d}.part.parquet") as temporary:
            pq.write_table(rows, temporary, compression="zstd")

    def is_finished(self) -> bool:
        """Whether all files are there."""
        labels = self._labels()
        return (
            bool(labels)
            and (rows := _read(labels[0])) is not None
            and rows.num_rows == self.total
            and (self.root / _CARD).exists()
            and all(self._has(index) for index in range(self.total))
        )

    def prepare(self) -> None:
        """Makes room for more: the rows of an earlier, smaller or damaged dataset become a part."""
        with files.output(self.root):
            (self.root / _CARD).unlink(missing_ok=True)
            for labels in self._labels():
                labels.replace(self.root / "labels.earlier.part.parquet")

    def finish(self, card: str) -> None:
        """Merges the parts to labels.parquet, writes the card, and removes the parts."""
        files.write(self.root / _CARD, card.encode())
        parts = [(path, _range(path)) for path in self._parts()]
        with (
            files.replacing(self.root / _LABELS) as temporary,
            pq.ParquetWriter(temporary, schema(), compression="zstd") as writer,
        ):
            for first in range(0, self.total, ROW_GROUP):
                last = min(first + ROW_GROUP, self.total)
                near = [pq.read_table(path) for path, (low, high) in parts if low < last and high >= first]
                rows = pa.concat_tables(near).sort_by("index")
                index = rows["index"].to_numpy()
                keep = (index >= first) & (index < last) & np.diff(index, prepend=-1).astype(np.bool_)
                rows = rows.filter(pa.array(keep))
                if rows.num_rows != last - first:
                    raise AssertionError(f"{rows.num_rows} label rows for images {first} to {last - 1}")
                writer.write_table(rows, row_group_size=ROW_GROUP)
        self.clean()

    def abandon(self) -> None:
        """Leaves the folder empty if no image is finished, so that a mended recipe finds no other one there."""
        with suppress(OSError):
            if self._parts() or self._labels():
                return
            for name in self.recipe.classes:
                for path in (self.root / name).glob("[0-9]*.jpg*"):
                    path.unlink()
                (self.root / name).rmdir()
            (self.root / _RECIPE).unlink()

    def clean(self) -> None:
        """Removes the parts of a finished dataset."""
        with files.output(self.root):
            for part in self._parts():
                part.unlink()

    def _parts(self) -> list[Path]:
        return sorted(self.root.glob(_PARTS))

    def _labels(self) -> list[Path]:
        path = self.root / _LABELS
        return [path] if path.exists() else []

    def _has(self, index: int) -> bool:
        try:
            return self.path(index).stat().st_size > 0
        except OSError:
            return False


def _read(path: Path) -> pa.Table | None:
    """A file of label rows; None if it is damaged, or has other columns."""
    with suppress(pa.ArrowException, OSError):
        rows = pq.read_table(path)
        if rows.schema.equals(schema(), check_metadata=True):
            return rows
    return None


def _range(part: Path) -> tuple[int, int]:
    index = pq.read_table(part, columns=["index"])["index"].to_numpy()
    return int(index.min()), int(index.max())
