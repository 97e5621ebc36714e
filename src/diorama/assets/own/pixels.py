"""Pictures of 8 and 16 bits (PNG, JPEG and the like) and of floats (.hdr, .exr), their sizes checked before reading."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from diorama.assets.gltf_container import read_bytes
from diorama.assets.own.openexr import ExrPicture
from diorama.assets.own.radiance import MAX_SIDE, RadiancePicture
from diorama.assets.subject import Credit
from diorama.errors import AssetError

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

PLAIN = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".tga", ".bmp")
FLOAT = (".hdr", ".exr")
OTHER = (".gif", ".avif", ".heic", ".jxl", ".psd", ".dds", ".ktx", ".ktx2", ".jp2")
"""Suffixes that are worth a note when they are passed over."""

MAX_PIXELS = 1 << 26
"""A picture of more whole pixels in memory is refused before it is decoded."""

ODD = 0.01
"""Share of the values of a float picture that may be no numbers or below zero; they count as zero."""

SMALLER = "Reduce it below 8,192 × 8,192"
_AGAIN = "Save it again as PNG or JPEG"
_CODECS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")  # told by their first bytes; a TGA has none to be told by
INFINITE, LARGEST = 65_504.0, 1e12
"""What an infinite value counts as: the largest half float; and what no value exceeds: a sun in candelas has 1.6e9."""

_ARTIST, _COPYRIGHT = 0x013B, 0x8298  # tags of EXIF


class Rows(Protocol):
    """A picture that is read row by row."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""

    def rows(self) -> Iterator[F32]:
        """(width, 3) linear RGB of each, from the top."""


@dataclass(frozen=True)
class PlainRows:
    """An 8-bit picture as rows of linear light."""

    pixels: U8  # (H, W, 3) sRGB

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[0])

    def rows(self) -> Iterator[F32]:
        """(width, 3) linear RGB of each, from the top."""
        for row in self.pixels:
            yield DECODE[row]


def open_rows(path: Path, least: int = 0) -> Rows:
    """A picture of any format, row by row in linear light.

    Args:
        path: The file.
        least: A JPEG may be decoded smaller, but not below this many columns and rows; 0 keeps its size.

    Raises:
        AssetError: Where it cannot be read or is too large.
    """
    suffix = path.suffix.lower()
    if suffix == ".hdr":
        return RadiancePicture(path)
    if suffix == ".exr":
        return ExrPicture(path)
    return PlainRows(np.asarray(read_plain(path, least)[0].convert("RGB")))


def read_plain(path: Path, least: int = 0) -> tuple[Image.Image, tuple[int, int]]:
    """An 8-bit picture, and the file's size in pixels; a turned one is set upright.

    Args:
        path: The file.
        least: A JPEG may be decoded smaller, but not below this many columns and rows; 0 keeps its size.

    Raises:
        AssetError: Where it cannot be decoded or is too large.
    """
    data = read_bytes(path, str(path), "the picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large images and odd metadata; size is checked below
            with Image.open(io.BytesIO(data), formats=_codecs(path)) as image:
                size = image.size
                if max(size) > MAX_SIDE or size[0] * size[1] > MAX_PIXELS:
                    problem = f"{size[0]} × {size[1]} pixels are too many"
                    raise AssetError(str(path), problem, SMALLER)
                if image.mode == "F":
                    raise AssetError(str(path), "its values are floats", "Save it as .exr")
                if least:
                    image.draft("RGB", (least, least))
                return ImageOps.exif_transpose(eight_bits(image)), size
    except AssetError:
        raise
    except Image.DecompressionBombError:
        raise AssetError(str(path), "it has too many pixels", SMALLER) from None
    except Exception as error:  # noqa: BLE001  (whatever a codec raises on hostile bytes)
        reason = "unknown format" if isinstance(error, UnidentifiedImageError) else str(error)[:100]
        raise AssetError(str(path), f"it cannot be decoded ({reason})", _AGAIN) from None


def _codecs(path: Path) -> tuple[str, ...]:
    return ("TGA",) if path.suffix.lower() == ".tga" else _CODECS


def eight_bits(image: Image.Image) -> Image.Image:
    """The picture with 8 bits to a channel, decoded; Pillow's own conversion clips 16-bit grey instead of scaling."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image, np.int64) >> 8).clip(0, 255).astype(np.uint8))
    image.load()
    return image


def reduced(picture: Rows, height: int, width: int, where: str) -> F32:
    """(height, width, 3) means over areas of a picture's light, which keep its energy; smaller pictures are repeated.

    Values that are no numbers, or below zero, count as zero, and infinite ones as INFINITE.

    Args:
        picture: What is read.
        height: Rows of the result.
        width: Columns of the result.
        where: The file's name, for errors.

    Raises:
        AssetError: Where the picture cannot be read, or more of it than a hundredth is no light.
    """
    out = np.zeros((height, width, 3), np.float64)
    edges = np.arange(width + 1) * (picture.width / width)
    whole, part = np.minimum(edges.astype(np.int64), picture.width - 1), 0.0
    part_of = (edges - whole)[:, None]
    odd = 0
    step = height / picture.height
    sums = np.zeros((picture.width + 1, 3), np.float64)
    for k, row in enumerate(picture.rows()):
        clean, bad = _light(row)
        odd += bad
        np.cumsum(clean, axis=0, out=sums[1:])
        below = sums[whole] + part_of * clean[whole]
        means = np.diff(below, axis=0) * (width / picture.width)
        top, bottom = k * step, (k + 1) * step
        while top < bottom - 1e-9:  # the share of each row of the result that this row covers
            target = min(int(top + 1e-9), height - 1)
            part = min(bottom, target + 1) - top
            out[target] += means * part
            top += part
    if odd > ODD * 3 * picture.width * picture.height:
        share = odd / (3 * picture.width * picture.height)
        raise AssetError(where, f"{share:.0%} of its values are no light (NaN or below zero)", "Export it again")
    return out.astype(np.float32)


def _light(row: F32) -> tuple[NDArray[np.float64], int]:
    values = row.astype(np.float64)
    bad = ~(values >= 0)  # NaN too
    count = int(bad.sum())
    if count:
        values[bad] = 0
    values[np.isinf(values)] = INFINITE
    return np.minimum(values, LARGEST, out=values), count


def maker(path: Path) -> Credit:
    """What a picture's metadata say of its maker: EXIF's Artist and Copyright, PNG's Author and Copyright."""
    if path.suffix.lower() not in PLAIN:
        return Credit()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_codecs(path)) as image:
                exif, info = image.getexif(), image.info
                licence = _text(exif.get(_COPYRIGHT) or info.get("Copyright"))
                return Credit(licence, _text(exif.get(_ARTIST) or info.get("Author")))
    except Exception:  # noqa: BLE001  (whatever a codec raises on hostile bytes; reading it will tell)
        return Credit()


def _text(value: object) -> str:
    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return " ".join(said.replace("\0", " ").split())[:120]


_CODE = np.arange(256) / 255.0
DECODE: F32 = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Linear light of 8-bit sRGB (IEC 61966-2-1)."""
