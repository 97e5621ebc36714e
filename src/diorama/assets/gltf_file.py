"""A glTF 2.0 model as checked JSON, its buffers, and its accessors as arrays."""

import base64
import binascii
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_compressed import MAX_VIEW_BYTES, decode_meshopt, meshopt_extension
from diorama.assets.gltf_container import (
    MAX_FILE_BYTES,
    SHOWN,
    TRUNCATED,
    parse_json,
    read_bytes,
    read_container,
    unsupported,
)
from diorama.assets.gltf_fields import Fields

MAX_ELEMENTS = 1 << 22
"""Elements of one accessor: four million vertices are far beyond what a picture shows."""

MAX_DECODED = 1 << 28
"""Numbers of all accessors together: a few bytes of JSON can ask for millions, once for each accessor."""

COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}


class GltfFile:
    """A parsed file and its buffers.

    Args:
        path: The file.
        data: What stands for its bytes: of a model in another format, its conversion.

    Raises:
        AssetError: Where the file cannot be read, is not glTF 2.0, is truncated, or requires an unknown extension.
    """

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        self.path = path
        self.name = path.name
        text, self._chunk = read_container(path, read_bytes(path, str(path), "the model") if data is None else data)
        root = parse_json(path, text)
        self.root = Fields(self.name, "", root, root)
        self._buffers: dict[int, bytes] = {}
        self._views: dict[int, bytes] = {}  # those that had to be decoded
        self._accessors: dict[int, NDArray[np.generic]] = {}
        self._items: dict[str, list[Fields]] = {}
        self._decoded = self._unpacked = 0
        self._notes: dict[str, list[str]] = {}
        version = self.root.child("asset").text("version", "2.0")
        if not version.startswith("2."):
            mend = "Export the model as glTF 2.0"
            raise self.root.error("asset.version", f"glTF {version[:20]} cannot be read", mend)
        missing = unsupported(self.root)
        if missing:
            raise self.root.error("extensionsRequired", f"{missing[0]} is not supported", missing[1])
        for extension in self.root.texts("extensionsUsed"):
            if extension not in SHOWN:
                self.note("extensions that are ignored", extension[:60])

    def note(self, text: str, about: str = "") -> None:
        """Records what was mended or left out, once, and of which things."""
        things = self._notes.setdefault(text, [])
        if about and about not in things:
            things.append(about)

    def noted(self, text: str) -> bool:
        """Whether that has been recorded."""
        return text in self._notes

    @property
    def notes(self) -> list[str]:
        """What has been recorded."""
        return [text + (f": {_listed(things)}" if things else "") for text, things in self._notes.items()]

    def spend(self, numbers: int, at: Fields) -> None:
        """Counts decoded numbers towards MAX_DECODED; an error of `at` where it is passed."""
        self._decoded += numbers
        if self._decoded > MAX_DECODED:
            raise at.error("count", f"all accessors hold more than {MAX_DECODED:,} numbers", "Simplify the model")

    def items(self, kind: str) -> list[Fields]:
        """The file's objects of a kind ("meshes")."""
        if kind not in self._items:
            self._items[kind] = self.root.children(kind)
        return self._items[kind]

    def resource(self, at: Fields, uri: str) -> bytes:
        """The bytes of a data URI or of a file in the model's folder."""
        if uri.startswith("data:"):
            head, comma, body = uri.partition(",")
            try:
                if not comma:
                    raise binascii.Error
                return base64.b64decode(unquote(body)) if head.endswith(";base64") else unquote_to_bytes(body)
            except (binascii.Error, ValueError):
                raise at.error("uri", "the data URI cannot be decoded") from None
        folder = self.path.parent.resolve()
        parts = urlsplit(uri) if "\\" not in uri and "\0" not in unquote(uri) else None
        target = (folder / unquote(uri)).resolve() if parts and not parts.scheme and not parts.netloc else None
        if target is None or not target.is_relative_to(folder):
            mend = "Put the file beside the model and name it by a relative path"
            raise at.error("uri", f"{uri[:80]!r} does not lie in the model's folder", mend)
        return read_bytes(target, f"{self.name}: {at.path}.uri", f"{uri[:80]!r}")

    def buffer(self, index: int) -> bytes:
        """A buffer's bytes, as many as it declares."""
        if index not in self._buffers:
            at = self.items("buffers")[index]
            size = at.integer("byteLength", high=MAX_FILE_BYTES)
            if "uri" in at:
                data = self.resource(at, at.text("uri"))
            elif index == 0 and self._chunk is not None:
                data = self._chunk
            else:
                raise at.error("uri", "the buffer has no bytes")
            if len(data) < size:
                raise at.error("byteLength", f"{size} bytes are declared, but there are only {len(data)}", TRUNCATED)
            self._buffers[index] = data[:size]
        return self._buffers[index]

    def view(self, index: int) -> bytes:
        """A buffer view's bytes, decoded where they are compressed."""
        at = self.items("bufferViews")[index]
        packed = meshopt_extension(at)
        if packed is None:
            return self._slice(at)
        if index not in self._views:
            data = decode_meshopt(packed, self._slice(packed))
            self._unpacked += len(data)
            if self._unpacked > 2 * MAX_VIEW_BYTES:
                raise at.error("", f"all views decode to more than {MAX_VIEW_BYTES >> 19} MiB", "Simplify the model")
            self._views[index] = data
        return self._views[index]

    def _slice(self, at: Fields) -> bytes:
        """The bytes of a buffer that a view, or the extension that replaces it, names."""
        data = self.buffer(at.required("buffer", "buffers"))
        start, size = at.integer("byteOffset", 0), at.integer("byteLength")
        if start + size > len(data):
            raise at.error("byteLength", f"bytes {start} to {start + size} of a buffer of {len(data)}", TRUNCATED)
        return data[start : start + size]

    def accessor(self, index: int, *kinds: str) -> NDArray[np.generic]:
        """(N, width) elements, decoded: normalised integers become float32, others keep their type.

        Args:
            index: Which accessor.
            kinds: Element types that are allowed here ("VEC3"), any if none is given.
        """
        at = self.items("accessors")[index]
        kind = at.text("type")
        if kind not in WIDTHS or (kinds and kind not in kinds):
            raise at.error("type", f"{kind[:20]!r} is not {' or '.join(kinds or WIDTHS)}")
        if index not in self._accessors:
            self._accessors[index] = self._decode(at, WIDTHS[kind])
        return self._accessors[index]

    def floats(self, index: int, *kinds: str) -> NDArray[np.float32]:
        """(N, width) elements as float32, all finite."""
        values = self.accessor(index, *kinds).astype(np.float32)
        if not np.isfinite(values).all():
            raise self.items("accessors")[index].error("", "its values are not all finite numbers")
        return values

    def _decode(self, at: Fields, width: int) -> NDArray[np.generic]:
        count = at.integer("count", high=MAX_ELEMENTS)
        self.spend(count * width, at)
        component = np.dtype(self._component(at))
        if "bufferView" in at:
            elements = self._elements(at, at, count, width, component)
        else:
            elements = np.zeros((count, width), component)
        if "sparse" in at:
            elements = self._sparse(at.child("sparse"), elements)
        return normalized(at, elements)

    def _component(self, at: Fields) -> str:
        code = at.integer("componentType")
        if code not in COMPONENTS:
            raise at.error("componentType", f"{code} is not one of {', '.join(map(str, COMPONENTS))}")
        return COMPONENTS[code]

    def _elements(
        self, at: Fields, layout: Fields, count: int, width: int, component: np.dtype[np.generic]
    ) -> NDArray[np.generic]:
        view_index = at.required("bufferView", "bufferViews")
        data = self.view(view_index)
        view = self.items("bufferViews")[view_index]
        size = width * component.itemsize
        # The columns of small matrices are padded to four bytes (glTF 2.0, section 3.6.2.4).
        side = {4: 2, 9: 3}.get(width, 0) if layout.text("type").startswith("MAT") else 0
        pad = -(side * component.itemsize) % 4 if side else 0
        size += pad * side
        stride = view.integer("byteStride", 0, high=252) or size
        start = at.integer("byteOffset", 0)
        if stride < size:
            raise view.error("byteStride", f"{stride} bytes are less than an element's {size}")
        if count and start + stride * (count - 1) + size > len(data):
            raise at.error("count", f"{count} elements do not fit in the {len(data)} bytes of its view", TRUNCATED)
        if not count:
            return np.zeros((0, width), component)
        raw = np.ndarray((count, size), np.uint8, data, start, (stride, 1))
        if pad:
            raw = raw.reshape(count, side, -1)[:, :, : side * component.itemsize].reshape(count, -1)
        native = component.newbyteorder("=")
        return np.ascontiguousarray(raw).view(component).reshape(count, width).astype(native)

    def _sparse(self, at: Fields, elements: NDArray[np.generic]) -> NDArray[np.generic]:
        count = at.integer("count", high=len(elements))
        where = at.child("indices")
        component = np.dtype(self._component(where))
        if component.kind != "u":
            raise where.error("componentType", "sparse indices must be unsigned whole numbers")
        rows = self._elements(where, where, count, 1, component)[:, 0]
        if count and int(rows.max()) >= len(elements):
            raise where.error("", f"index {int(rows.max())} is beyond the accessor's {len(elements)} elements")
        changed = elements.copy()
        changed[rows] = self._elements(at.child("values"), at, count, elements.shape[1], elements.dtype)
        return changed


def _listed(things: list[str]) -> str:
    """The first few of some things."""
    return ", ".join(things[:4]) + (f" and {len(things) - 4} more" if len(things) > 4 else "")


def normalized(at: Fields, elements: NDArray[np.generic]) -> NDArray[np.generic]:
    """An accessor's elements as float32 where it says that its whole numbers stand for fractions."""
    if not at.flag("normalized") or elements.dtype.kind not in "iu":
        return elements
    scaled = elements.astype(np.float32) / np.float32(np.iinfo(elements.dtype.name).max)
    clamped: NDArray[np.generic] = np.maximum(scaled, np.float32(-1.0))  # glTF 2.0, section 3.6.2.2
    return clamped
