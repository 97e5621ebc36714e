"""A dataset in an object store, or wherever else fsspec reaches.

An object appears when its upload is complete, and a broken upload leaves none; so there are no temporary names, and no
renames. There are no locks either. What is promised without: two runs of one recipe write the same bytes under the same
names, so that they waste work but harm nothing; the second of two runs that begin different datasets is refused as soon
as the first one's recipe.yaml lies there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

import fsspec
from fsspec.utils import get_protocol

from diorama.dataset.storage import unreadable
from diorama.errors import ExtraError, OutputError

TOGETHER = 64
"""Files that are uploaded at once, and listed folders that are kept."""


@dataclass(frozen=True)
class Remote:
    """Files below an address. Credentials and endpoints are those of the environment, as fsspec's packages take them.

    Attributes:
        address: As the user gave it, without a slash at its end.
        system: The file system; it travels to other processes.
        path: The address as the file system calls it.
    """

    address: str
    system: Any
    path: str

    @classmethod
    def open(cls, address: str) -> "Remote":
        """The storage at an address such as s3://bucket/data.

        Raises:
            OutputError: For an address of no known kind.
            ExtraError: If its package is not installed.
        """
        address = address.rstrip("/")
        if address.endswith(":"):
            raise OutputError(f"{address}//", "names no place", "Give a bucket and a folder, as in s3://bucket/data")
        try:
            system, path = fsspec.core.url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
        except ImportError as error:
            kind = get_protocol(address)
            raise ExtraError(f"--out {address}", f"{kind}:// needs a package ({error})", "Install it by pip") from error
        except ValueError as error:
            raise OutputError(address, f"is no address that fsspec knows ({error})", "Give s3://…, say") from error
        return cls(address, system, path.rstrip("/"))

    @property
    def root(self) -> Path:
        """As `Storage`; of no use here."""
        return Path(self.path)

    def names(self, folder: str = "") -> list[str]:
        """As `Storage`."""
        return sorted(self._listed(folder))

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """As `Storage`. A folder is listed when the first of its files is asked for: each request takes its time."""
        folders: dict[str, dict[str, int]] = {}
        for name in names:
            folder, _, file = name.rpartition("/")
            if folder not in folders:
                if len(folders) >= TOGETHER:
                    folders.clear()
                folders[folder] = self._listed(folder)
            yield folders[folder].get(file, -1)

    def read(self, name: str, most: int | None = None) -> bytes:
        """As `Storage`."""
        with self._read(name):
            return cast(bytes, self.system.cat_file(self._path(name), **({} if most is None else {"end": most})))

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """As `Storage`: by way of a local copy, since readers seek."""
        with TemporaryDirectory(prefix="diorama-") as place:
            copy = Path(place) / "copy"
            with self._read(name):
                self.system.get_file(self._path(name), str(copy))
            with copy.open("rb") as file:
                yield cast(BinaryIO, file)

    def write(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """As `Storage`, many at once."""
        waiting: dict[str, bytes] = {}
        for name, data in contents:
            waiting[self._path(name)] = data
            if len(waiting) == TOGETHER:
                self._upload(waiting)
                waiting = {}
        if waiting:
            self._upload(waiting)

    @contextmanager
    def replacing(self, name: str) -> Iterator[Path]:
        """As `Storage`: a local file, which is uploaded at the block's end."""
        with TemporaryDirectory(prefix="diorama-") as place:
            temporary = Path(place) / "upload"
            yield temporary
            with self._written(name):
                self.system.put_file(str(temporary), self._path(name))

    def move(self, old: str, new: str) -> None:
        """As `Storage`: a copy, then a removal."""
        with self._written(new):
            self.system.cp_file(self._path(old), self._path(new))
            self.system.rm_file(self._path(old))

    def remove(self, names: Iterable[str]) -> None:
        """As `Storage`; there are no folders but in names."""
        for folder, files in _by_folder(names).items():
            there = self._listed(folder)
            gone = [self._path(f"{folder}/{file}" if folder else file) for file in files if file in there]
            if gone:
                with self._written(folder):
                    self.system.rm(gone)

    def clear(self, folder: str) -> None:
        """As `Storage`."""
        self.remove(f"{folder}/{name}" for name in self.names(folder))

    @contextmanager
    def locked(self, alone: bool = True) -> Iterator[None]:
        """As `Storage`: no run is kept out (see above)."""
        yield

    def _listed(self, folder: str) -> dict[str, int]:
        """Size of each file, and 0 for each folder, directly in a folder."""
        place = self._path(folder)
        try:
            entries = self.system.ls(place, detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            raise _unreachable(self._place(folder), error) from error
        inner = ((entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in entries)
        return {name: int(entry["size"] or 0) for name, entry in inner if entry["name"].rstrip("/") != place and name}

    def _upload(self, contents: dict[str, bytes]) -> None:
        with self._written(next(iter(contents)).removeprefix(f"{self.path}/")):
            self.system.pipe(contents)

    def _path(self, name: str) -> str:
        return f"{self.path}/{name}" if name else self.path

    def _place(self, name: str) -> str:
        return f"{self.address}/{name}" if name else self.address

    @contextmanager
    def _read(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise unreadable(self._place(name), error) from error
        except Exception as error:
            raise _unreachable(self._place(name), error) from error

    @contextmanager
    def _written(self, name: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            mend = "Mend that and run the same command again: what is finished is kept"
            raise OutputError(self._place(name), f"cannot be written ({_reason(error)})", mend) from error


def _unreachable(place: str, error: Exception) -> OutputError:
    """What to raise where a store does not answer, or not to us."""
    mend = "Check the address, the credentials and the connection, and run the same command again"
    return OutputError(place, f"cannot be read ({_reason(error)})", mend)


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text[0].lower() + text[1:]


def _by_folder(names: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for name in names:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, []).append(file)
    return folders
