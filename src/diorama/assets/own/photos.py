"""Photos to stand behind everything: decoded once, made smaller, and kept as JPEG."""

import io

import numpy as np
from PIL import Image

from diorama.assets.own.found import Found
from diorama.assets.own.pixels import DECODE, read_plain
from diorama.assets.surroundings import PHOTO_SIZE, Photo
from diorama.errors import AssetError

LEAST = 64
"""Pixels along the shorter side, below which a photo is refused."""

QUALITY = 95


def build_photo(found: Found) -> Photo:
    """A photo from its file.

    Raises:
        AssetError: Where it cannot be decoded, is too large or too small.
    """
    path = found.paths["photo"]
    picture, size = read_plain(path, PHOTO_SIZE)
    if min(size) < LEAST:
        raise AssetError(
            str(path), f"{size[0]} × {size[1]} pixels are too few", f"Give photos of {LEAST} or more a side"
        )
    if max(size) > 8 * min(size):
        raise AssetError(str(path), f"{size[0]} × {size[1]} is a strip, not a photo", "Crop it")
    share = PHOTO_SIZE / min(picture.size)
    if share < 1:
        picture = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.BOX)
    if picture.has_transparency_data:
        flat = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(flat, picture.convert("RGBA"))
    picture = picture.convert("RGB")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY, subsampling=0)
    mean = DECODE[np.asarray(picture)].mean((0, 1)).astype(np.float32)
    notes = (f"{size[0]} × {size[1]} pixels: it will look soft",) if min(size) < 256 else ()
    jpeg = np.frombuffer(kept.getvalue(), np.uint8)
    return Photo(found.id, jpeg, picture.width, picture.height, mean, found.credit, notes, size)
