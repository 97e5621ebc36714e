"""Encoded images of a model as pixels: PNG, JPEG, WebP, KTX 2."""

import io
import struct
import warnings
import zlib

import numpy as np
import opengl_basisu
import pyarrow
from PIL import Image, UnidentifiedImageError

from diorama.assets.gltf_fields import Fields
from diorama.assets.subject import U8
from diorama.errors import AssetError

KTX2 = b"\xabKTX 20\xbb\r\n\x1a\n"

TEXTURE_SIZE = 512
"""Larger textures are reduced on loading: an image of 256 pixels does not show more."""

MAX_IMAGE_SIDE = 16_384
MAX_IMAGE_PIXELS = 1 << 26
"""Larger images are refused before they are decoded."""


def decode_image(data: bytes, at: Fields, keep_alpha: bool) -> U8:
    """(H, W, 4) of an encoded image, reduced to TEXTURE_SIZE; alpha is 255 unless it is to be kept.

    Raises:
        AssetError: Where it cannot be decoded or is too large.
    """
    mend = "Save the image again as PNG or JPEG"
    if data[: len(KTX2)] == KTX2:
        return _reduced(Image.fromarray(decode_ktx2(data, at)).convert("RGBA" if keep_alpha else "RGB"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large images and odd metadata; size is checked below
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
                _sized(at, *image.size)
                image.draft("RGB", (TEXTURE_SIZE, TEXTURE_SIZE))
                # Alpha that is not used must go before the reduction, which weighs colours by it.
                pixels = _eight_bits(image).convert("RGBA" if keep_alpha else "RGB")
    except AssetError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever a codec raises on hostile bytes)
        reason = "unknown format" if isinstance(error, UnidentifiedImageError) else str(error)[:100]
        raise at.error("", f"the image cannot be decoded ({reason})", mend) from None
    return _reduced(pixels)


def _reduced(pixels: Image.Image) -> U8:
    """(H, W, 4) no larger than TEXTURE_SIZE."""
    share = TEXTURE_SIZE / max(pixels.size)
    if share < 1.0:
        size = (max(round(pixels.size[0] * share), 1), max(round(pixels.size[1] * share), 1))
        pixels = pixels.resize(size, Image.Resampling.BOX)
    return np.array(pixels.convert("RGBA"))


def _eight_bits(image: Image.Image) -> Image.Image:
    """The image with 8 bits to a channel: Pillow's own conversion clips 16-bit grey instead of scaling it."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image, np.int64) >> 8).clip(0, 255).astype(np.uint8))
    return image


def decode_ktx2(data: bytes, at: Fields) -> U8:
    """(H, W, 4) of the first image of a KTX 2 file (Khronos KTX 2.0): Basis Universal, or 8 bits to a channel.

    Of a file with mip levels, the smallest that is as large as TEXTURE_SIZE.

    Raises:
        AssetError: Where it is damaged, too large, or in a format of graphics memory that only a device reads.
    """
    mend = "Save the texture as PNG, or as KTX 2 in Basis Universal"
    try:
        kind, _, width, height, depth, _, faces, levels, packing = struct.unpack_from("<9I", data, 12)
        _sized(at, width, max(height, 1))
        if depth > 1 or faces != 1:
            raise at.error("", "it is a volume or a cube, not a picture", mend)
        level = next((k for k in range(min(levels, 16) - 1, 0, -1) if max(width, height) >> k >= TEXTURE_SIZE), 0)
        if kind == 0:
            texture = opengl_basisu.open(data)
            return texture.transcode("rgba8", min(level, texture.levels - 1)).data.astype(np.uint8, copy=False)
        if kind not in _PLAIN:
            raise at.error("", f"KTX 2 in Vulkan's format {kind} is not supported", mend)
        channels = _PLAIN[kind]
        width, height = max(width >> level, 1), max(height >> level, 1)
        start, size, unpacked = struct.unpack_from("<3Q", data, 80 + 24 * level)
        wanted = width * height * channels
        if start + size > len(data) or (unpacked or size) < wanted or unpacked > 2 * wanted + 4096:
            raise at.error("", f"{size} bytes do not hold {width} × {height} pixels", mend)
        raw = _unpacked(data[start : start + size], packing, unpacked)
        rows = np.frombuffer(raw, np.uint8, wanted).reshape(height, width, channels)
    except AssetError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever a codec raises on hostile bytes)
        raise at.error("", f"its KTX 2 texture cannot be decoded ({error})"[:160], mend) from None
    if channels < 3:  # red alone, or red and green
        rows = np.concatenate([rows, np.zeros((height, width, 3 - channels), np.uint8)], 2)
    full = np.full((height, width, 4), 255, np.uint8)
    full[..., : rows.shape[2]] = rows
    return full


_PLAIN = {9: 1, 15: 1, 16: 2, 22: 2, 23: 3, 29: 3, 37: 4, 43: 4}
"""Vulkan's R8 … R8G8B8A8, linear and sRGB: channels by number."""


def _unpacked(data: bytes, packing: int, size: int) -> bytes:
    """A level's bytes without KTX 2's supercompression: 0 none, 2 Zstandard, 3 zlib."""
    if packing == 0:
        return data
    if packing == 2:
        unpacked: bytes = pyarrow.decompress(data, size, "zstd", asbytes=True)
        return unpacked
    if packing == 3:
        return zlib.decompressobj().decompress(data, size)
    raise ValueError(f"packing {packing} is unknown")


def _sized(at: Fields, width: int, height: int) -> None:
    if max(width, height) > MAX_IMAGE_SIDE or width * height > MAX_IMAGE_PIXELS:
        raise at.error("", f"{width} × {height} pixels are too many", f"Reduce it below {MAX_IMAGE_SIDE} a side")
