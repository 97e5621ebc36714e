"""Pictures made on the spot: .hdr files of every kind, panoramas with a sun, materials."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

F32 = NDArray[np.float32]


def rgbe(radiance: F32) -> NDArray[np.uint8]:
    """(H, W, 4) mantissas and shared exponent."""
    peak = radiance.max(-1)
    mantissa, exponent = np.frexp(np.maximum(peak, 1e-32))
    scale = mantissa * 256 / np.maximum(peak, 1e-32)
    out = np.zeros((*peak.shape, 4), np.uint8)
    out[..., :3] = np.clip(radiance * scale[..., None], 0, 255)
    out[..., 3] = np.where(peak > 1e-32, exponent + 128, 0)
    return out


def hdr(path: Path, radiance: F32, packing: str = "runs") -> Path:
    """A Radiance picture, its rows packed by "runs", "old" runs or "flat"."""
    height, width = radiance.shape[:2]
    head = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n".encode()
    path.write_bytes(head + b"".join(_PACK[packing](row) for row in rgbe(radiance)))
    return path


def _runs(row: NDArray[np.uint8]) -> bytes:
    out = bytearray([2, 2, len(row) >> 8, len(row) & 255])
    for channel in row.T:
        at = 0
        while at < len(channel):
            same = 1
            while at + same < len(channel) and same < 127 and channel[at + same] == channel[at]:
                same += 1
            if same > 2:
                out += bytes([128 + same, channel[at]])
                at += same
            else:
                count = min(3, len(channel) - at)
                out += bytes([count, *channel[at : at + count]])
                at += count
    return bytes(out)


def _old(row: NDArray[np.uint8]) -> bytes:
    out, at = bytearray(), 0
    while at < len(row):
        same = 1
        while at + same < len(row) and (row[at + same] == row[at]).all():
            same += 1
        out += row[at].tobytes()
        again = same - 1
        while again:
            out += bytes([1, 1, 1, again & 255])
            again >>= 8
        at += same
    return bytes(out)


def _flat(row: NDArray[np.uint8]) -> bytes:
    return row.tobytes()


_PACK: dict[str, Callable[[NDArray[np.uint8]], bytes]] = {"runs": _runs, "old": _old, "flat": _flat}


def seen(height: int, azimuth: float, elevation: float) -> F32:
    """(H, 2H) degrees from each texel of a panorama, as a camera takes it, to a direction.

    The azimuth is counted to the right from the middle column.
    """
    a, e = np.radians([azimuth, elevation])
    turn = 2 * np.pi * ((np.arange(2 * height) + 0.5) / (2 * height) - 0.5)
    rise = np.pi * (0.5 - (np.arange(height) + 0.5) / height)[:, None]
    cosine = np.sin(rise) * np.sin(e) + np.cos(rise) * np.cos(e) * np.cos(turn - a)
    out: F32 = np.degrees(np.arccos(np.clip(cosine, -1, 1))).astype(np.float32)
    return out


def sunny(height: int = 128, azimuth: float = 40.0, elevation: float = 35.0, peak: float = 2000.0) -> F32:
    """(H, 2H, 3) a blue panorama with a sun of two degrees."""
    radiance = np.empty((height, 2 * height, 3), np.float32)
    radiance[:] = (0.3, 0.4, 0.6)
    radiance[seen(height, azimuth, elevation) < 1.5] = (peak, 0.9 * peak, 0.7 * peak)
    return radiance


def save(path: Path, codes: NDArray[np.generic]) -> Path:
    """An 8-bit picture of values in [0, 1]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.round(np.clip(codes, 0, 1) * 255).astype(np.uint8)).save(path)
    return path


def bumps(size: int = 128) -> F32:
    """(S, S) heights of a tile that repeats, different across and down."""
    x, y = np.meshgrid(np.arange(size) / size, np.arange(size) / size)
    waves = np.sin(2 * np.pi * 3 * x) * np.cos(2 * np.pi * 2 * y) + 0.4 * np.sin(2 * np.pi * (5 * x + 4 * y))
    return np.asarray(0.5 + 0.25 * waves, np.float32)


def normals(height: F32, opengl: bool = True) -> F32:
    """(S, S, 3) codes of the normals of heights, with +Y up the image or down."""
    right = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * 8
    up = (np.roll(height, 1, 0) - np.roll(height, -1, 0)) * 8
    normal = np.stack([-right, -up if opengl else up, np.ones_like(height)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.asarray((normal * 127 + 128) / 255, np.float32)
