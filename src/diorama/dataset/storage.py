"""Where a dataset lies: a folder of this computer, or any address that fsspec knows (`dataset.remote`).

    recipe.yaml, data/train-000000.tar …   files by name, slashes between folders
    .unfinished/                           what is under way: temporary files and the records of finished shards

All of a dataset's files are read and written through here. A name holds a whole file or none: in a folder a file is
written under a temporary name, and renamed; in an object store an object appears when its upload is complete.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from diorama.dataset import files
from diorama.errors import OutputError

UNFINISHED = ".unfinished"
"""The folder of what is under way; no loader looks into a hidden folder."""


class Storage(Protocol):
    """Files by name below one address. Every method raises OutputError where the place itself fails."""

    @property
    def address(self) -> str:
        """The place, as the user gave it."""
        ...

    @property
    def root(self) -> Path:
        """The place as a path; of use only where it is a folder."""
        ...

    def names(self, folder: str = "") -> list[str]:
        """Sorted names of the files and folders directly in a folder, without the folder; none if there is none."""
        ...

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """Bytes of each of the files, -1 for one that is not there."""
        ...

    def read(self, name: str, most: int | None = None) -> bytes:
        """A file's content, or its first `most` bytes."""
        ...

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """A file to read and seek in."""
        ...

    def write(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """Writes files, each whole or not at all; on return they outlast a loss of power."""
        ...

    @contextmanager
    def replacing(self, name: str) -> Iterator[Path]:
        """A local file to write to, which becomes the file of that name at the block's end, or nothing on an error."""
        ...

    def move(self, old: str, new: str) -> None:
        """Renames a file; where that is a copy and a removal, both may be there for a while."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Removes files that are there, and the folders that this leaves empty."""
        ...

    def clear(self, folder: str) -> None:
        """Removes a folder and the files in it."""
        ...

    @contextmanager
    def locked(self, alone: bool = True) -> Iterator[None]:
        """Keeps other runs out, as far as the place can.

        Args:
            alone: False for the processes that share in a run, whose parent has made sure that there is no other.

        Raises:
            OutputError: If another run writes there.
        """
        ...


def storage(address: str | Path) -> Storage:
    """The storage at an address: a path, file://…, or whatever fsspec knows.

    Raises:
        OutputError: For an address that cannot be used.
        ExtraError: If the package for that kind of address is not installed.
    """
    text = os.fspath(address)
    scheme, separator, path = text.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.:-]*", scheme):  # a::b:// are fsspec's chains
        return Local(Path(text))
    if scheme in ("file", "local"):
        return Local(Path(path))
    from diorama.dataset.remote import Remote

    return Remote.open(text)


@dataclass(frozen=True)
class Local:
    """A folder of this computer.

    Attributes:
        root: The folder.
    """

    root: Path

    @property
    def address(self) -> str:
        """As `Storage`."""
        return str(self.root)

    def names(self, folder: str = "") -> list[str]:
        """As `Storage`."""
        try:
            with self._told(folder):
                return sorted(os.listdir(self.root / folder))  # noqa: PTH208 (a million names: plain strings)
        except OutputError as error:
            if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
                return []
            raise

    def sizes(self, names: Iterable[str]) -> Iterator[int]:
        """As `Storage`."""
        root = str(self.root)
        for name in names:
            try:
                yield os.stat(f"{root}/{name}").st_size  # noqa: PTH116 (a million of them)
            except OSError:
                yield -1

    def read(self, name: str, most: int | None = None) -> bytes:
        """As `Storage`."""
        with self.reading(name) as file:
            return file.read() if most is None else file.read(most)

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """As `Storage`."""
        path = self.root / name
        try:
            with path.open("rb") as file:
                yield cast(BinaryIO, file)
        except OSError as error:
            raise unreadable(str(path), error) from error

    def write(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """As `Storage`. All are renamed before the first is waited for: the disk then takes them together."""
        written = []
        for name, data in contents:
            with self.replacing(name, durable=False) as temporary:
                temporary.write_bytes(data)
            written.append(name)
        for name in written:
            with self._told(name):
                _flush(self.root / name)

    @contextmanager
    def replacing(self, name: str, durable: bool = True) -> Iterator[Path]:
        """As `Storage`.

        Args:
            name: The file.
            durable: Whether it is to outlast a loss of power from the rename on.
        """
        path = self.root / name
        with self._told(name):
            temporary = self._reserved(name)
        try:
            with self._told(name):
                yield temporary
                if durable:
                    _flush(temporary)
                try:
                    temporary.replace(path)
                except FileNotFoundError:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise

    def _reserved(self, name: str) -> Path:
        """A new, empty file of a name that no other has: a worker given up for lost may still write the same file."""
        folder, flat = self.root / UNFINISHED, name.replace("/", "+")
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:
            temporary = folder / (f"{flat}.{number}.part" if number else f"{flat}.part")
            try:
                temporary.touch(exist_ok=False)
                return temporary
            except FileExistsError:
                number += 1

    def move(self, old: str, new: str) -> None:
        """As `Storage`; one step."""
        with self._told(new):
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            (self.root / old).replace(self.root / new)

    def remove(self, names: Iterable[str]) -> None:
        """As `Storage`."""
        folders = set()
        for name in names:
            with self._told(name):
                (self.root / name).unlink(missing_ok=True)
            folders |= {parent for parent in Path(name).parents if parent.name}
        for folder in sorted(folders, key=lambda path: -len(path.parts)):
            with suppress(OSError):
                (self.root / folder).rmdir()

    def clear(self, folder: str) -> None:
        """As `Storage`."""
        self.remove(f"{folder}/{name}" for name in self.names(folder))
        with suppress(OSError):
            (self.root / folder).rmdir()

    @contextmanager
    def locked(self, alone: bool = True) -> Iterator[None]:
        """As `Storage`, by a lock on the folder, which is made; it ends with the process, however that ends.

        Raises:
            OutputError: If another run holds it, or the folder cannot be made.
        """
        try:
            import fcntl
        except ImportError:  # Windows: no such lock on a folder
            yield
            return
        with self._told(""):
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
                    self.address, "another run is writing there", "Wait for its end, or choose another folder"
                ) from error
        try:
            yield
        finally:
            os.close(handle)
            if new:  # and still empty, after a run that failed before its first image: it leaves no trace
                with suppress(OSError):
                    self.root.rmdir()

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        with files.output(self.root / name):
            yield


def unreadable(place: str, error: BaseException) -> OutputError:
    """What to raise where a file of a dataset cannot be read."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return OutputError(place, f"cannot be read ({reason[0].lower()}{reason[1:]})", "Mend that, or make it anew")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
