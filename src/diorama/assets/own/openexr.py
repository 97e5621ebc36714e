"""OpenEXR pictures (.exr). Their size is read from the header here; what then reads the pixels is a process of its own.

The library is the standard's own (the package OpenEXR, under 2 MB, kept by the Academy Software Foundation): native
code that reads strangers' bytes, as with models (`diorama.assets.convert`). `python -m diorama.assets.own.openexr FILE`
writes (H, W, 3) linear RGB to stdout as 32-bit floats.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diorama.assets.foreign.child import REFUSED, limit
from diorama.assets.own.radiance import check_size
from diorama.errors import AssetError

F32 = NDArray[np.float32]

MAGIC = b"\x76\x2f\x31\x01"
_HEADER = 1 << 20  # bytes within which the first part's header must end
_AGAIN = "Save it again as a scan-line EXR with channels R, G and B"


class ExrPicture:
    """An OpenEXR file.

    Attributes:
        width, height: Pixels.

    Raises:
        AssetError: Where it is no such file, or too large.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                head = file.read(_HEADER)
        except OSError as error:
            raise AssetError(str(path), f"it cannot be read ({error.strerror})", "Check its permissions") from None
        window = data_window(head)
        if window is None:
            raise AssetError(str(path), "it is not an OpenEXR picture, or its header is damaged", _AGAIN)
        left, top, right, bottom = window
        self.width, self.height = right - left + 1, bottom - top + 1
        check_size(path, self.width, self.height)

    def rows(self) -> Iterator[F32]:
        """(width, 3) linear RGB of each row, from the top.

        Raises:
            AssetError: Where it cannot be read, or the library crashes on it.
        """
        command = [sys.executable, "-P", "-m", __name__, str(self._path.absolute())]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            for _ in range(self.height):
                row = child.stdout.read(12 * self.width)
                if len(row) < 12 * self.width:
                    break
                yield np.frombuffer(row, np.float32).reshape(self.width, 3)
            else:
                return
            said = child.stderr.read(1000).decode("utf-8", "replace")
            status = child.wait()
        problem = said[:200] if status == REFUSED else f"the library that reads it failed on it (status {status})"
        raise AssetError(str(self._path), problem, _AGAIN)


def data_window(head: bytes) -> tuple[int, int, int, int] | None:
    """The first part's data window (left, top, right, bottom), from the bytes that a file begins with."""
    if head[:4] != MAGIC:
        return None
    at = 8
    while at < len(head) and head[at] != 0:  # attributes: name 0 type 0 size bytes
        name_end = head.find(b"\0", at)
        type_end = head.find(b"\0", name_end + 1)
        if min(name_end, type_end) < 0 or type_end + 5 > len(head):
            return None
        size = int.from_bytes(head[type_end + 1 : type_end + 5], "little")
        start = type_end + 5
        if head[at:name_end] == b"dataWindow" and size == 16 and start + 16 <= len(head):
            left, top, right, bottom = np.frombuffer(head, "<i4", 4, start).tolist()
            return left, top, right, bottom
        at = start + size
    return None


def main(path: Path) -> int:
    """Writes the picture's rows to stdout, (W, 3) floats each; the exit status."""
    import OpenEXR

    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            planes = planes_of({name: channel.pixels for name, channel in file.parts[0].channels.items()})
    except MemoryError:
        return _refuse("it needs too much memory")
    except Exception as error:  # noqa: BLE001  (whatever a library raises on hostile bytes)
        return _refuse(f"it cannot be read ({' '.join(str(error).split())[:150] or type(error).__name__})")
    if planes is None:
        return _refuse("it has no channels R, G and B, nor Y")
    for row in range(len(planes[0])):
        with np.errstate(all="ignore"):
            values = np.stack([np.asarray(plane[row], np.float32) for plane in planes], -1)
        sys.stdout.buffer.write(values.tobytes())
    sys.stdout.buffer.flush()
    return 0


def planes_of(channels: dict[str, NDArray[np.generic]]) -> list[NDArray[np.generic]] | None:
    """Red, green and blue: plain ones, else those of the first layer that has all, else grey."""
    prefixes = sorted({name[:-1] for name in channels if name[-1:] in "RGB"}, key=lambda name: (len(name), name))
    for prefix in prefixes:
        found = [channels.get(prefix + name) for name in "RGB"]
        if all(plane is not None and plane.ndim == 2 for plane in found):
            whole = [plane for plane in found if plane is not None]
            return whole if len({plane.shape for plane in whole}) == 1 else None
    if "Y" in channels and "RY" not in channels and channels["Y"].ndim == 2:
        return [channels["Y"]] * 3
    return None


def _refuse(problem: str) -> int:
    sys.stderr.write(problem)
    sys.stderr.flush()
    return REFUSED


if __name__ == "__main__":
    limit()
    try:
        status = main(Path(sys.argv[1]))
    except BrokenPipeError:  # whoever asked has gone
        status = 0
    sys.stderr.flush()
    os._exit(status)
