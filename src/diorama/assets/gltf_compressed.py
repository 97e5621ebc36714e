"""Compressed geometry of glTF 2.0: EXT_meshopt_compression (and KHR_…) for buffer views, KHR_draco_mesh_compression.

Both decoders are native code that is given strangers' bytes: what a file claims of sizes is checked before a decoder
may allocate by it.
"""

import ctypes
import math

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import EXPORT_AGAIN, Fields

MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"

MAX_VIEW_BYTES = 1 << 28
"""Bytes of one decoded view: a kilobyte can stand for gigabytes."""

MAX_DRACO_COUNT = 1 << 22
"""Triangles or vertices of one Draco mesh; as many as an accessor may have."""

DAMAGED = "The file is damaged: copy or export it again"

_FILTERS = {
    "OCTAHEDRAL": (meshoptimizer.decode_filter_oct, (4, 8)),
    "QUATERNION": (meshoptimizer.decode_filter_quat, (8,)),
    "EXPONENTIAL": (meshoptimizer.decode_filter_exp, tuple(range(4, 257, 4))),
}
"""Functions and the strides that they take."""


def meshopt_extension(view: Fields) -> Fields | None:
    """The extension that says how a buffer view is compressed, if it is."""
    extensions = view.child("extensions")
    return next((extensions.child(name) for name in MESHOPT if name in extensions), None)


def decode_meshopt(at: Fields, data: bytes) -> bytes:
    """The bytes of a buffer view from those of its meshopt stream (EXT_meshopt_compression, "Decoding").

    Raises:
        AssetError: Where the stream is damaged or too large.
    """
    count, stride = at.integer("count"), at.integer("byteStride", low=1, high=256)
    mode, filtered = at.text("mode"), at.text("filter", "NONE")
    if count * stride > MAX_VIEW_BYTES:
        raise at.error("count", f"{count} elements of {stride} bytes are too many", "Simplify the model")
    source = np.frombuffer(data, np.uint8)
    try:
        if mode == "ATTRIBUTES":
            if stride % 4:
                raise at.error("byteStride", f"{stride} is not a multiple of 4")
            row = np.dtype((np.void, stride))
            decoded = meshoptimizer.decode_vertex_buffer(count, stride, source, row) if count else np.zeros(0, row)
        elif mode in ("TRIANGLES", "INDICES"):
            if stride not in (2, 4):
                raise at.error("byteStride", f"{stride} is neither 2 nor 4")
            if mode == "TRIANGLES" and count % 3:
                raise at.error("count", f"{count} is not a multiple of 3")
            decode = meshoptimizer.decode_index_buffer if mode == "TRIANGLES" else meshoptimizer.decode_index_sequence
            # Always to 32 bits: what the binding allocates for 16 is twice what the library fills.
            indices = decode(count, 4, source) if count else np.zeros(0, np.uint32)
            if stride == 2 and indices.max(initial=0) > 0xFFFF:
                raise at.error("byteStride", f"index {int(indices.max())} does not fit 2 bytes")
            decoded = indices.astype(f"<u{stride}")
        else:
            raise at.error("mode", f"{mode[:20]!r} is not ATTRIBUTES, TRIANGLES or INDICES")
    except (RuntimeError, ValueError) as error:
        raise at.error("", f"its meshopt stream cannot be decoded ({error})"[:160], DAMAGED) from None
    if filtered == "NONE":
        return decoded.tobytes()
    if filtered not in _FILTERS:
        raise at.error("filter", f"{filtered[:20]!r} is not supported", EXPORT_AGAIN)
    unfilter, strides = _FILTERS[filtered]
    if mode != "ATTRIBUTES" or stride not in strides:
        raise at.error("filter", f"{filtered} does not fit {mode} of {stride} bytes")
    # The binding does not declare these functions' argument types: see simplify.py.
    restored: bytes = unfilter(decoded, ctypes.c_size_t(count), ctypes.c_size_t(stride)).tobytes()
    return restored


class DracoMesh:
    """A decoded Draco mesh.

    Attributes:
        indices: (3 T,) uint32.
        attributes: (V, width) arrays by Draco's own numbers.

    Raises:
        AssetError: Where the mesh is damaged, too large, or is none.
    """

    def __init__(self, at: Fields, data: bytes) -> None:
        import DracoPy

        try:
            claimed = draco_counts(data)
        except (ValueError, IndexError):
            raise at.error("", "it is no Draco mesh", DAMAGED) from None
        if max(claimed) > MAX_DRACO_COUNT:
            raise at.error("", f"{max(claimed)} triangles or vertices are too many", "Simplify the model")
        try:
            mesh = DracoPy.decode(data)
        except Exception as error:  # noqa: BLE001  (whatever the decoder raises on hostile bytes)
            raise at.error("", f"its Draco mesh cannot be decoded ({error})"[:160], DAMAGED) from None
        faces = getattr(mesh, "faces", None)
        if faces is None:
            raise at.error("", "it is a Draco point cloud, not a mesh", EXPORT_AGAIN)
        self.indices = np.asarray(faces).reshape(-1).astype(np.uint32)
        self.attributes: dict[int, NDArray[np.generic]] = {
            int(entry["unique_id"]): np.asarray(entry["data"]).reshape(len(entry["data"]), -1)
            for entry in mesh.attributes
        }


def draco_counts(data: bytes) -> tuple[int, int]:
    """The triangles and vertices that a Draco mesh claims in its header (Draco bitstream 2.2, sections 3 and 4).

    Raises:
        ValueError, IndexError: Where it is no Draco mesh, or too short.
    """
    if data[:5] != b"DRACO" or data[7] != 1:
        raise ValueError
    version, method, flags = (data[5], data[6]), data[8], int.from_bytes(data[9:11], "little")
    if version < (2, 2) or flags & 0x8000:
        return 0, math.ceil(len(data) / 1e9)  # older, or with metadata: nothing is claimed where it is looked for
    at = 12 if method == 1 else 11  # edgebreaker: the kind of traversal comes first
    first, at = _varint(data, at)
    second, _ = _varint(data, at)
    return first, second


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at
        if shift > 35:
            raise ValueError
