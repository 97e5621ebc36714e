"""Radiance pictures (.hdr), read row by row: an 8k panorama is never in memory as a whole.

Source: G. Ward, "Real pixels", Graphics Gems II, 1991; the header and the run lengths as Radiance's `picture(5)` has
them.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diorama.errors import AssetError

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

MAX_SIDE, MAX_PIXELS = 16_384, 1 << 27
"""Larger pictures are refused before they are read: 16,384 × 8,192 is the largest panorama that is sold."""

_HEADER = 1 << 16  # bytes within which a header must end
_AGAIN = "The file is damaged: copy or export it again"
_SIZE = re.compile(rb"([-+])Y (\d{1,9}) ([-+])X (\d{1,9})")


class RadiancePicture:
    """An open .hdr file.

    Attributes:
        width, height: Pixels.

    Raises:
        AssetError: Where it is no such file, too large or shorter than its header says.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # an empty file cannot be mapped
            raise AssetError(str(path), f"it cannot be read ({error})", _AGAIN) from None
        self.width, self.height, self._start = self._header()

    def rows(self) -> Iterator[F32]:
        """(width, 3) linear RGB of each row, from the top.

        Raises:
            AssetError: Where the file ends early, or a run leaves its row.
        """
        at = self._start
        for row in range(self.height):
            try:
                rgbe, at = self._row(at)
            except (IndexError, ValueError):
                problem = f"row {row} of {self.height} is cut off or damaged"
                raise AssetError(str(self._path), problem, _AGAIN) from None
            yield radiance(rgbe)

    def _header(self) -> tuple[int, int, int]:
        head = self._data[:_HEADER]
        if not head.startswith(b"#?"):
            raise AssetError(str(self._path), "it is not a Radiance picture", _AGAIN)
        blank = head.find(b"\n\n")
        line_end = head.find(b"\n", blank + 2)
        if blank < 0 or line_end < 0:
            raise AssetError(str(self._path), "its header does not end", _AGAIN)
        if b"FORMAT=32-bit_rle_xyze" in head[:blank]:
            mend = "Save it as RGB, for example with `ra_xyze -r`"
            raise AssetError(str(self._path), "its colours are XYZ", mend)
        size = _SIZE.fullmatch(head[blank + 2 : line_end].strip())
        if size is None or size[1] + size[3] != b"-+":
            said = head[blank + 2 : line_end][:40].decode("latin-1")
            raise AssetError(str(self._path), f"{said!r} is not a size from the top left", "Export it unrotated")
        height, width = int(size[2]), int(size[4])
        check_size(self._path, width, height)
        if len(self._data) - line_end - 1 < 8 * height:  # a row is a pixel and a run at least
            problem = f"{len(self._data)} bytes do not hold {width} × {height} pixels"
            raise AssetError(str(self._path), problem, _AGAIN)
        return width, height, line_end + 1

    def _row(self, at: int) -> tuple[U8, int]:
        """(4, width) of a row, and where the next begins."""
        data, width = self._data, self.width
        lead = data[at : at + 4]
        if not (8 <= width <= 0x7FFF and lead[:2] == b"\2\2" and lead[2] << 8 | lead[3] == width):
            return self._old_row(at)
        row, at = bytearray(4 * width), at + 4
        for end in range(width, 4 * width + 1, width):
            fill = end - width
            while fill < end:
                count = data[at]
                if count > 128:
                    count -= 128
                    row[fill : fill + count] = data[at + 1 : at + 2] * count
                    at += 2
                else:
                    row[fill : fill + count] = data[at + 1 : at + 1 + count]
                    at += 1 + count
                fill += count
                if count == 0 or fill > end or len(row) != 4 * width:
                    raise ValueError("a run leaves its row")
        return np.frombuffer(row, np.uint8).reshape(4, width), at

    def _old_row(self, at: int) -> tuple[U8, int]:
        """Of plain pixels, among which (1, 1, 1, n) repeats the last one n times, shifted where such follow."""
        data, width = self._data, self.width
        row, fill, shift = bytearray(), 0, 0
        while fill < width:
            plain = data[at : at + 4 * (width - fill)]
            mark = plain.find(b"\1\1\1")
            while mark > 0 and mark % 4:
                mark = plain.find(b"\1\1\1", mark + 1)
            if mark < 0:
                if len(plain) < 4 * (width - fill):
                    raise ValueError("the file ends")
                row += plain
                at += len(plain)
                break
            row += plain[:mark]
            shift = 0 if mark else shift
            count = data[at + mark + 3] << shift
            fill += mark // 4 + count
            if fill > width or not row:
                raise ValueError("a run leaves its row")
            row += row[-4:] * count
            at, shift = at + mark + 4, shift + 8
        return np.frombuffer(bytes(row), np.uint8).reshape(width, 4).T, at


def radiance(rgbe: U8) -> F32:
    """(..., 3) linear RGB of (4, ...) mantissas and shared exponent; an exponent of 0 is black."""
    scale = np.ldexp(np.float32(1), rgbe[3].astype(np.int32) - 136)
    scale = np.where(rgbe[3] > 0, scale, 0).astype(np.float32)
    return np.stack([rgbe[k] * scale for k in range(3)], axis=-1)


def check_size(path: Path, width: int, height: int) -> None:
    """Makes sure that a picture can be read.

    Raises:
        AssetError: Where it has no pixels, or too many.
    """
    if min(width, height) < 1:
        raise AssetError(str(path), f"it has {width} × {height} pixels", _AGAIN)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise AssetError(str(path), f"{width} × {height} pixels are too many", f"Reduce it below {MAX_SIDE} a side")
