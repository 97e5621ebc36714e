"""Tar shards as the webdataset package reads them: of each image its JPEG, labels in JSON, class number, and planes.

    000000012.jpg  000000012.json  000000012.cls  [000000012.mask.png …]      members of an image follow each other

Headers are POSIX ustar with neither time nor owner: the same images give the same bytes.
"""

import io
import json
import tarfile
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa

from diorama.dataset import planes
from diorama.dataset.samples import Sample
from diorama.errors import OutputError


def pack(rows: pa.Table, samples: Sequence[Sample], classes: Sequence[str]) -> bytes:
    """A shard's file.

    Args:
        rows: Label rows of n images.
        samples: The n images, in the same order.
        classes: The recipe's.
    """
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for row, sample in zip(rows.to_pylist(), samples, strict=True):
            label = sample.index % len(classes)
            text = json.dumps(row | {"label": label}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            members = {".jpg": sample.jpeg, ".json": text.encode(), ".cls": str(label).encode()}
            members |= {planes.suffix(name): data for name, data in sample.planes.items()}
            for ending, data in members.items():
                member = tarfile.TarInfo(key(sample.index) + ending)  # mode 0644, all else zero or empty
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def unpack(file: BinaryIO, wanted: Collection[int], suffix: str) -> Iterator[tuple[int, bytes]]:
    """Of the images wanted, the members of one kind, in the file's order.

    Args:
        file: A shard's file.
        wanted: Numbers of images.
        suffix: ".jpg", or a plane's.

    Raises:
        OutputError: If the file is damaged.
    """
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                number, dot, ending = member.name.partition(".")
                if dot + ending == suffix and int(number) in wanted and (content := tar.extractfile(member)):
                    yield int(number), content.read()
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise OutputError("a tar file", f"is damaged ({error})", "Find it by `diorama dataset check`") from error


def key(index: int) -> str:
    """What the members of image `index` are called, before their endings."""
    return f"{index:09d}"
