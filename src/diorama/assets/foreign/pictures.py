"""Textures of foreign formats: whatever Pillow reads, as PNG or JPEG."""

import io
import warnings

import numpy as np
from PIL import Image

SIDE = 1024
"""Larger pictures are reduced: the importer reduces them further."""

MAX_PIXELS = 1 << 26

_FORMATS = ("PNG", "JPEG", "WEBP", "TGA", "BMP", "TIFF", "DDS", "PSD", "GIF")
_KEPT = (b"\x89PNG", b"\xff\xd8\xff")


def usable(data: bytes) -> bytes | None:
    """The picture as PNG or JPEG; None where it cannot be read."""
    if data.startswith(_KEPT):
        return data
    picture = _open(data)
    return None if picture is None else _png(picture)


def packed(roughness: bytes | None, metalness: bytes | None) -> bytes | None:
    """Grey pictures of roughness and metalness as one, as glTF wants them: green and blue; None for none."""
    pictures = [None if data is None else _open(data) for data in (roughness, metalness)]
    known = [picture for picture in pictures if picture is not None]
    if not known:
        return None
    size = max((picture.size for picture in known), key=lambda size: size[0] * size[1])
    full = np.full((size[1], size[0], 3), 255, np.uint8)
    for channel, picture in zip((1, 2), pictures, strict=True):
        if picture is not None:
            full[..., channel] = np.asarray(picture.convert("L").resize(size))
    return _png(Image.fromarray(full))


def channel(data: bytes, name: str) -> bytes | None:
    """One channel of a picture ("r", "g", "b", "a") as a grey one; the whole of it for any other name."""
    picture = _open(data)
    if picture is None or name not in ("r", "g", "b", "a"):
        return data
    return _png(picture.convert("RGBA").getchannel(name.upper()))


def _open(data: bytes) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            if picture.size[0] * picture.size[1] > MAX_PIXELS:
                return None
            whole = picture.convert("RGBA" if picture.mode in ("RGBA", "LA", "PA", "P") else "RGB")
    except Exception:  # noqa: BLE001  (whatever a codec raises on hostile bytes)
        return None
    whole.thumbnail((SIDE, SIDE))
    return whole


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
