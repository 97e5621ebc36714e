"""Features kept on disk by content: a folder of shards, each of rows and the keys they belong to.

A shard is two arrays, `NAME.npy` (n, D) and `NAME.keys.npy` (n,) of 16 bytes; the keys are written last, so that what
has keys is whole. Processes may add shards at once: a shard is named after its keys. Rows are memory-mapped.
"""

import hashlib
import tempfile
from contextlib import suppress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from diorama.assets.cache import cache_folder
from diorama.dataset import files
from diorama.errors import OutputError

IN_MEMORY = 2 << 30
"""Bytes of gathered features beyond which they lie in a file that is mapped into memory."""


class Store:
    """Rows of one kind: those of one backbone, precision and way of seeing.

    Args:
        name: The kind's, a file name.
        width: Numbers in a row (D).
    """

    def __init__(self, name: str, width: int) -> None:
        self.folder = cache_folder() / "features" / name
        self.width = width
        self._shards: dict[str, NDArray[Any]] = {}
        self._where: dict[bytes, tuple[str, int]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Takes in what other processes have added."""
        for path in sorted(self.folder.glob("*.keys.npy")):
            name = path.name.removesuffix(".keys.npy")
            if name not in self._shards:
                self._open(name)

    def missing(self, keys: NDArray[np.void]) -> NDArray[np.int64]:
        """Places of the keys (n,) that have no row, each key once."""
        first: dict[bytes, int] = {}
        for place, key in enumerate(_bytes(keys)):
            if key not in self._where:
                first.setdefault(key, place)
        return np.array(sorted(first.values()), np.int64)

    def add(self, keys: NDArray[np.void], rows: NDArray[Any]) -> None:
        """Keeps the rows (n, D) of some keys (n,): on disk, or in memory where the disk takes no more."""
        name = hashlib.blake2b(keys.tobytes(), digest_size=16).hexdigest()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path, array in ((self.folder / f"{name}.npy", rows), (self.folder / f"{name}.keys.npy", keys)):
                with files.replacing(path) as temporary, temporary.open("wb") as out:
                    np.lib.format.write_array(out, array if array is rows else array.view(np.uint8), allow_pickle=False)
            self._open(name)
        except (OSError, OutputError):  # read-only or full: the features are still good
            self._learn(name, keys, rows)

    def gather(self, keys: NDArray[np.void]) -> NDArray[np.float32]:
        """(..., D) rows of keys (...), all of which must be there."""
        shape = (*keys.shape, self.width)
        out = _large(shape) if int(np.prod(shape)) * 4 > IN_MEMORY else np.empty(shape, np.float32)
        flat = out.reshape(-1, self.width)
        places = [self._where[key] for key in _bytes(keys)]
        names = np.array([name for name, _ in places])
        row = np.array([row for _, row in places], np.int64)
        for name in np.unique(names):
            mine = np.flatnonzero(names == name)
            flat[mine] = self._shards[str(name)][row[mine]]
        return out

    def _open(self, name: str) -> None:
        with suppress(OSError, ValueError):  # damaged or just taken away: computed again
            rows = np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            keys = np.load(self.folder / f"{name}.keys.npy", allow_pickle=False).view("V16").reshape(-1)
            if rows.shape == (len(keys), self.width):
                self._learn(name, keys, rows)

    def _learn(self, name: str, keys: NDArray[np.void], rows: NDArray[Any]) -> None:
        self._shards[name] = rows
        self._where |= {key: (name, row) for row, key in enumerate(_bytes(keys))}


def _bytes(keys: NDArray[np.void]) -> list[bytes]:
    return cast(list[bytes], keys.reshape(-1).tolist())


def _large(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array in a file without a name, which goes when it does."""
    with tempfile.TemporaryFile(dir=cache_folder()) as file:
        return np.memmap(file, np.float32, "w+", shape=shape)
