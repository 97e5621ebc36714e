"""Arrays in one .npz file that is mapped, not read: processes share one copy, and what is not looked at costs nothing.

Members are stored uncompressed and aligned, as `numpy.load` reads them too.
"""

import io
import mmap
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

UNREADABLE = (OSError, ValueError, TypeError, EOFError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a missing or damaged archive raises."""

ALIGN = 64

_NAMES = "names"  # the array that lists the others
_HEADER = 30  # bytes of a member's local header before its name (PKWARE's APPNOTE, 4.3.7)
_PADDING = 0xD935  # the extra field that only aligns, as Android's zipalign marks it
_NPY = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n", re.DOTALL
)
"""The start of an array's bytes (numpy's format 1.0, C order). NumPy would ask Python's own parser, which in 3.11
counts its depth once for all threads and gives up where two of them parse at once; archives are read in several."""


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes arrays of numbers, booleans or text.

    Raises:
        OSError: If it cannot be written.
    """
    named = {**arrays, _NAMES: np.array(sorted(arrays), np.str_)}
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in named.items():
            member = zipfile.ZipInfo(f"{name}.npy")
            bare = file.tell() + _HEADER + len(member.filename.encode()) + 4
            padding = -bare % ALIGN
            member.extra = _PADDING.to_bytes(2, "little") + padding.to_bytes(2, "little") + bytes(padding)
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(member, stream.getbuffer())


def read(path: Path) -> Arrays:
    """The arrays of a file, read-only. It may be replaced or removed meanwhile, but not written over.

    Raises:
        OSError: And any other of UNREADABLE, if it is missing or damaged: every member's check sum is compared.
    """
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        mapped: NDArray[np.uint8] = np.asarray(np.memmap(file, np.uint8, "r"))
    arrays = {member.filename.removesuffix(".npy"): _member(mapped, member) for member in members}
    if arrays.pop(_NAMES).tolist() != sorted(arrays):  # zip checks its members, but not that none is gone
        raise ValueError("an array is missing")
    return arrays


def let_go(array: NDArray[Any]) -> None:
    """Where an array lies in a file, nothing of that file is held in memory until it is looked at again."""
    pages = _file_of(array)
    if pages is not None and hasattr(mmap, "MADV_DONTNEED"):
        pages.madvise(mmap.MADV_DONTNEED)


def is_mapped(array: NDArray[Any]) -> bool:
    """Whether an array lies in a file, and takes memory only as far as it has been looked at."""
    return _file_of(array) is not None


def _file_of(array: NDArray[Any]) -> mmap.mmap | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None


def _member(mapped: NDArray[np.uint8], member: zipfile.ZipInfo) -> NDArray[Any]:
    at = member.header_offset
    name, extra = (int.from_bytes(mapped[at + k : at + k + 2].tobytes(), "little") for k in (26, 28))
    start = at + _HEADER + name + extra
    raw = mapped[start : start + member.file_size]
    if member.compress_type != zipfile.ZIP_STORED or len(raw) != member.file_size or zlib.crc32(raw.data) != member.CRC:
        raise ValueError(f"{member.filename} is damaged")
    header = _NPY.match(raw[: 1 << 16].tobytes())
    dtype = np.dtype(header[1].decode()) if header else np.dtype(object)
    if header is None or dtype.hasobject:
        raise ValueError(f"{member.filename} is not an array of numbers in C order")
    shape = [int(length) for length in header[2].replace(b",", b" ").split()]
    return raw[header.end() :].view(dtype).reshape(shape)
