"""Planes: labels with a value per pixel, as files that every image library reads.

Each is a PNG of the image's size, without loss but for what its type rounds:

| plane   | array                     | PNG             | code                                              |
|---------|---------------------------|-----------------|---------------------------------------------------|
| mask    | (S, S) bool               | 1 bit, grey     | 1 where the subject is seen                       |
| amodal  | (S, S) bool               | 1 bit, grey     | 1 where it were seen with nothing in front of it  |
| ids     | (S, S) uint8              | 8 bits, grey    | 0 sky, 1 ground, 2 subject, 3 + k object k        |
| depth   | (S, S) float32, metres    | 16 bits, grey   | the bits of an IEEE 754 half float                |
| normals | (S, S, 3) float32, camera | 3 × 8 bits, RGB | round(127 n) + 128: right, up, towards the camera |

Half floats keep 11 significant bits at every distance up to 65,504 m; infinity is the sky. Their bits, taken as whole
numbers, grow with the value, so that a depth file looks like what it is in any viewer. The sky's normal is (0, 0, 0).
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.errors import OutputError

PLANES: Mapping[str, str] = {
    "mask": "The subject's pixels that are seen: 1-bit PNG.",
    "amodal": "The subject's pixels were nothing in front of it: 1-bit PNG.",
    "ids": "What each pixel shows, 0 sky, 1 ground, 2 subject, 3 + k object k: 8-bit PNG.",
    "depth": "Metres along the camera's axis, inf for the sky: 16-bit PNG of the bits of half floats.",
    "normals": "Normals in the camera's axes, round(127 n) + 128, the sky 128 128 128: 8-bit RGB PNG.",
}
"""The planes there are, with what a file says of them."""

_LEVEL = 1
"""Of compression. Higher ones save a quarter of the bytes, and take up to three times as long."""

_MODES = {"mask": "1", "amodal": "1", "ids": "L", "depth": "I;16", "normals": "RGB"}


def suffix(name: str) -> str:
    """How the file of a plane ends, after the image's number: ".mask.png"."""
    return f".{name}.png"


def encode(name: str, values: NDArray[Any]) -> bytes:
    """A plane as the bytes of its file; the same for the same array and version of Pillow.

    Args:
        name: One of PLANES.
        values: (S, S), or (S, S, 3) for normals, of the type that the module's table gives.
    """
    data = io.BytesIO()
    Image.fromarray(_codes(name, values)).save(data, "PNG", compress_level=_LEVEL)
    return data.getvalue()


def decode(name: str, data: bytes) -> NDArray[Any]:
    """The array of a plane's file, as `encode` was given it, depth and normals rounded to what the file holds.

    Raises:
        OutputError: If the bytes are not such a plane.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            if image.mode != _MODES[name]:
                raise ValueError(f"its mode is {image.mode}, not {_MODES[name]}")
            codes: NDArray[Any] = np.array(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise OutputError(f"the plane {name}", f"cannot be read ({error})", "Make the dataset anew") from error
    if name == "depth":
        return codes.view(np.float16).astype(np.float32)
    if name == "normals":
        normals: NDArray[np.float32] = (codes.astype(np.float32) - np.float32(128)) / np.float32(127)
        return normals
    return codes


def _codes(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """The pixels of a plane's file."""
    if name == "depth":
        # What lies beyond the largest half float would round to infinity, which is the sky.
        near = np.where(np.isfinite(values), np.minimum(values, np.finfo(np.float16).max), values)
        return near.astype(np.float16).view(np.uint16)
    if name == "normals":
        codes: NDArray[np.uint8] = (np.rint(values * 127) + 128).astype(np.uint8)
        return codes
    return values.astype(np.uint8 if name == "ids" else np.bool_)
