"""Finished datasets of any format, read back: recipe, label rows, and each image's bytes as they are stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diorama.dataset import formats, origin, planes
from diorama.dataset.layout import Layout
from diorama.dataset.manifest import MANIFEST, Manifest
from diorama.dataset.output import LABELS, RECIPE
from diorama.dataset.storage import UNFINISHED, Storage, storage, unreadable
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Dataset:
    """A finished dataset of Diorama. Open it with `Dataset.open`.

    Attributes:
        storage: Where it lies.
        recipe: What it shows.
        made: With what its images were made, by name: versions, the catalogue's hash, the adapter; and the layout.
        layout: Format, shards and splits.
        manifest: Every file with its hash.
    """

    storage: Storage
    recipe: Recipe
    made: dict[str, str]
    layout: Layout
    manifest: Manifest

    @classmethod
    def open(cls, root: str | Path) -> "Dataset":
        """A finished dataset in a folder, or at any address that fsspec knows.

        Raises:
            OutputError: If there is none, or it is not finished.
        """
        place = storage(root)
        names = place.names()
        if RECIPE not in names:
            problem = f"is not a dataset of Diorama (no {RECIPE})"
            raise OutputError(place.address, problem, "Give a folder that `diorama generate` has finished")
        recipe, made = origin.parse(_text(place), f"{place.address}/{RECIPE}")
        manifest = Manifest.read(place) if {MANIFEST, LABELS} <= set(names) else None
        if manifest is None or manifest.total != recipe.per_class * len(recipe.classes):
            raise OutputError(place.address, "is not finished", "Run the `diorama generate` that began it again")
        return cls(place, recipe, made, Layout.described(made), manifest)

    @property
    def root(self) -> Path:
        """The folder, where it is one of this computer."""
        return self.storage.root

    def __len__(self) -> int:
        return self.manifest.total

    @cached_property
    def labels(self) -> pa.Table:
        """All label rows, by index.

        Raises:
            OutputError: If they cannot be read.
        """
        try:
            with self.storage.reading(LABELS) as file:
                return pq.read_table(file, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            raise unreadable(f"{self.storage.address}: {LABELS}", error) from error

    def jpeg(self, index: int) -> bytes:
        """The stored image `index`, a JPEG file.

        Raises:
            OutputError: If there is no such image, or it cannot be read.
        """
        (found,) = self.jpegs([index])
        return found

    def jpegs(self, indices: Iterable[int]) -> list[bytes]:
        """The stored images, in the order asked for; each shard's file is opened once.

        Raises:
            OutputError: As `jpeg`.
        """
        return self._stored(list(indices), formats.IMAGE)

    def plane(self, index: int, name: str) -> NDArray[Any]:
        """A plane of an image: mask and amodal (S, S) bool, ids (S, S) uint8, depth (S, S) float32 in metres, normals
        (S, S, 3) float32 in the camera's axes.

        Raises:
            OutputError: If the dataset has no such plane or image, or it cannot be read.
        """
        (found,) = self.planes([index], name)
        return found

    def planes(self, indices: Iterable[int], name: str) -> list[NDArray[Any]]:
        """That plane of several images; each shard's file is opened once.

        Raises:
            OutputError: As `plane`.
        """
        if name not in self.recipe.labels or name not in planes.PLANES:
            held = ", ".join(label for label in self.recipe.labels if label in planes.PLANES) or "none"
            raise OutputError(self.storage.address, f"has no plane {name!r}", f"It has: {held}")
        return [planes.decode(name, data) for data in self._stored(list(indices), name)]

    def _stored(self, indices: list[int], what: str) -> list[bytes]:
        """The bytes of image or plane, in the order of `indices`."""
        for index in indices:
            if not 0 <= index < len(self):
                problem = f"has no image {index}"
                raise OutputError(self.storage.address, problem, f"Give numbers below {len(self)}")
        found: dict[int, bytes] = {}
        for file, some in self._files(indices, what):
            if self.layout.format == "folder" and what == formats.IMAGE:
                found[some[0]] = self.storage.read(file)
                continue
            with self.storage.reading(file) as opened:
                found.update(formats.unpack(self.layout, opened, set(some), what))
            if lost := [index for index in some if index not in found]:
                problem = f"has no {what} of image {lost[0]}"
                raise OutputError(f"{self.storage.address}: {file}", problem, "Find what is wrong by dataset check")
        return [found[index] for index in indices]

    def _files(self, indices: list[int], what: str) -> Iterator[tuple[str, list[int]]]:
        """The files to open, each with the images that are wanted of it."""
        by_file: dict[str, list[int]] = {}
        if self.layout.format == "folder" and what != formats.IMAGE:
            names = [formats.planes_file(index // self.layout.shard_size) for index in indices]
        elif len(self.layout.splits) == 1:
            names = [self.layout.file(self.recipe, index, self.layout.splits[0]) for index in indices]
        else:
            names = self.labels["file"].take(pa.array(indices, pa.int64())).to_pylist()
        for index, name in zip(indices, names, strict=True):
            by_file.setdefault(name, []).append(index)
        yield from by_file.items()


def is_dataset(root: str | Path) -> bool:
    """Whether a finished dataset of Diorama lies there."""
    place = storage(root)
    names = place.names()
    return {RECIPE, MANIFEST, LABELS} <= set(names) and UNFINISHED not in names


def _text(place: Storage) -> str:
    try:
        return place.read(RECIPE).decode()
    except UnicodeDecodeError as error:
        raise unreadable(f"{place.address}: {RECIPE}", error) from error
