"""Makes small KTX 2 textures for tests."""

import struct
import zlib

import numpy as np
import pyarrow

MAGIC = b"\xabKTX 20\xbb\r\n\x1a\n"


def plain_ktx2(pixels: np.ndarray, packing: int = 0) -> bytes:
    """(H, W, 1 … 4) uint8 as it is (0), by Zstandard (2) or zlib (3)."""
    height, width, channels = pixels.shape
    raw = pixels.tobytes()
    data = {0: raw, 2: pyarrow.compress(raw, "zstd", asbytes=True), 3: zlib.compress(raw)}[packing]
    kind = {1: 9, 2: 16, 3: 23, 4: 37}[channels]
    return _file(kind, width, height, packing, data, len(raw), b"")


def solid_uastc(color: tuple[int, int, int, int], side: int = 8) -> bytes:
    """A Basis Universal texture of one colour: UASTC blocks of mode 8, which holds nothing but a colour."""
    bits, at = 0x17, 5
    for channel in color:
        bits |= channel << at
        at += 8
    bits |= 1 << at  # ETC1 hints: of no use to pixels
    block = bits.to_bytes(16, "little")
    data = block * (side // 4) ** 2
    sample = struct.pack("<HBBIII", 0, 127, 3, 0, 0, 0xFFFFFFFF)  # 128 bits of RGBA
    # Khronos' basic data format: model UASTC, primaries of sRGB, its transfer curve, blocks of 4 × 4 in 16 bytes
    basic = struct.pack("<HHHH4B4B8B", 0, 0, 2, 24 + 16, 166, 1, 2, 0, 3, 3, 0, 0, 16, *[0] * 7) + sample
    return _file(0, side, side, 0, data, len(data), struct.pack("<I", 4 + len(basic)) + basic)


def _file(kind: int, width: int, height: int, packing: int, data: bytes, size: int, format: bytes) -> bytes:
    first = 80 + 24
    start = -(-(first + len(format)) // 16) * 16
    head = struct.pack("<9I", kind, 1, width, height, 0, 0, 1, 1, packing)
    head += struct.pack("<4I2Q", first if format else 0, len(format), 0, 0, 0, 0)
    head += struct.pack("<3Q", start, len(data), size)
    return (MAGIC + head + format).ljust(start, b"\0") + data
