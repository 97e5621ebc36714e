"""What a shard is packed from, and the files that it becomes: plain bytes, whatever the format."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """An image as it is stored.

    Attributes:
        index: Its number in the dataset.
        jpeg: The JPEG file.
        planes: The files of its planes, by name (`dataset.planes`).
    """

    index: int
    jpeg: bytes
    planes: Mapping[str, bytes]


@dataclass(frozen=True)
class File:
    """A file of a dataset, as the manifest knows it.

    Attributes:
        name: Its path in the dataset, with slashes.
        first: The first of the images whose data it holds; None for a file about the whole dataset.
        count: Of how many images it holds data.
        size: Its bytes.
        sha256: 32 bytes.
    """

    name: str
    first: int | None
    count: int | None
    size: int
    sha256: bytes

    @classmethod
    def of(cls, name: str, data: bytes, first: int | None = None, count: int | None = None) -> "File":
        """The entry of a file with this content."""
        return cls(name, first, count, len(data), hashlib.sha256(data).digest())
