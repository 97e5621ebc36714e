"""The container of a glTF 2.0 model: .glb or .gltf to checked JSON, buffers and accessors as arrays."""

import base64
import binascii
import json
import struct
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import EXPORT_AGAIN, Fields
from diorama.errors import AssetError

MAX_FILE_BYTES = 1 << 30
"""A larger file is refused before it is read."""

MAX_ELEMENTS = 1 << 22
"""Elements of one accessor: four million vertices are far beyond what a picture shows."""

MAX_DECODED = 1 << 28
"""Numbers of all accessors together: a few bytes of JSON can ask for millions, once for each accessor."""

COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

SUPPORTED = frozenset(
    {
        "KHR_mesh_quantization",
        "KHR_texture_transform",
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_node_visibility",
        "KHR_xmp_json_ld",
    }
)
"""Extensions that a file may require, besides those that only refine a material (KHR_materials_…)."""

DECODERS = {
    "KHR_draco_mesh_compression": "Remove the compression with `gltf-transform copy in.glb out.glb`",
    "EXT_meshopt_compression": "Remove the compression with `gltf-transform copy in.glb out.glb`",
    "KHR_meshopt_compression": "Remove the compression with `gltf-transform copy in.glb out.glb`",
    "KHR_texture_basisu": "Turn its textures into PNG with `gltf-transform ktxdecompress in.glb out.glb`",
    "EXT_mesh_gpu_instancing": "Write the instances out: import the model into Blender and export it again",
}
"""What takes an extension out of a file."""


class GltfFile:
    """A parsed file and its buffers.

    Raises:
        AssetError: Where the file cannot be read, is not glTF 2.0, is truncated, or requires an unknown extension.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        text, self._chunk = read_container(path)
        root = parse_json(path, text)
        self.root = Fields(self.name, "", root, root)
        self._buffers: dict[int, bytes] = {}
        self._accessors: dict[int, NDArray[np.generic]] = {}
        self._items: dict[str, list[Fields]] = {}
        self._decoded = 0
        self.notes: list[str] = []
        version = self.root.child("asset").text("version", "2.0")
        if not version.startswith("2."):
            mend = "Export the model as glTF 2.0"
            raise self.root.error("asset.version", f"glTF {version[:20]} cannot be read", mend)
        missing = unsupported(self.root)
        if missing:
            raise self.root.error("extensionsRequired", f"{missing[0]} is not supported", missing[1])

    def note(self, text: str) -> None:
        """Records what was mended or left out, once."""
        if text not in self.notes:
            self.notes.append(text)

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
        """A buffer view's bytes."""
        at = self.items("bufferViews")[index]
        data = self.buffer(at.reference("buffer", "buffers", default=0))
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
        self._decoded += count * width
        if self._decoded > MAX_DECODED:
            raise at.error("count", f"all accessors hold more than {MAX_DECODED:,} numbers", "Simplify the model")
        component = np.dtype(self._component(at))
        if "bufferView" in at:
            elements = self._elements(at, at, count, width, component)
        else:
            elements = np.zeros((count, width), component)
        if "sparse" in at:
            elements = self._sparse(at.child("sparse"), elements)
        if at.flag("normalized") and component.kind in "iu":
            scaled = elements.astype(np.float32) / np.float32(np.iinfo(component).max)
            clamped: NDArray[np.generic] = np.maximum(scaled, np.float32(-1.0))  # glTF 2.0, section 3.6.2.2
            return clamped
        return elements

    def _component(self, at: Fields) -> str:
        code = at.integer("componentType")
        if code not in COMPONENTS:
            raise at.error("componentType", f"{code} is not one of {', '.join(map(str, COMPONENTS))}")
        return COMPONENTS[code]

    def _elements(
        self, at: Fields, layout: Fields, count: int, width: int, component: np.dtype[np.generic]
    ) -> NDArray[np.generic]:
        view_index = at.reference("bufferView", "bufferViews")
        if view_index < 0:
            raise at.error("bufferView", "it is missing")
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


TRUNCATED = "The file is truncated or damaged: copy or export it again"


def unsupported(root: Fields) -> tuple[str, str] | None:
    """The first required extension that is not supported, and the mend; None where there is none."""
    for extension in root.texts("extensionsRequired"):
        if extension not in SUPPORTED and not extension.startswith("KHR_materials_"):
            return extension[:60], DECODERS.get(extension, "Export the model without this extension")
    return None


def read_bytes(path: Path, where: str, name: str) -> bytes:
    """A file's bytes; AssetError where it is missing, unreadable or too large."""
    try:
        if not path.is_file():
            raise AssetError(where, f"{name} does not exist", "Put the missing file in its place, or export again")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise AssetError(where, f"{name} has {size >> 20} MiB", "Reduce the model below 1 GiB")
        return path.read_bytes()
    except OSError as error:
        problem = f"{name} cannot be read ({error.strerror or error})"
        raise AssetError(where, problem, "Check the file and its permissions") from None


def read_container(path: Path) -> tuple[bytes, bytes | None]:
    """The JSON text of a .glb or .gltf file and the .glb's binary chunk, if any (glTF 2.0, section 4).

    Raises:
        AssetError: If the file cannot be read, is neither, or is cut off.
    """
    data = read_bytes(path, str(path), "the model")
    if data[:4] != b"glTF":
        return data, None
    if len(data) < 20:
        raise AssetError(path.name, "the file ends within its header", TRUNCATED)
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise AssetError(path.name, f"binary glTF of version {version} cannot be read", "Export the model as glTF 2.0")
    if length > len(data):
        raise AssetError(path.name, f"{length} bytes are declared, but there are only {len(data)}", TRUNCATED)
    chunks: dict[int, bytes] = {}
    offset = 12
    while offset + 8 <= length:
        size, kind = struct.unpack_from("<II", data, offset)
        if offset + 8 + size > length:
            raise AssetError(path.name, f"the chunk at byte {offset} runs past the end", TRUNCATED)
        chunks.setdefault(kind, data[offset + 8 : offset + 8 + size])
        offset += 8 + size
    if 0x4E4F534A not in chunks:
        raise AssetError(path.name, "it has no JSON chunk", EXPORT_AGAIN)
    return chunks[0x4E4F534A], chunks.get(0x004E4942)


def parse_json(path: Path, text: bytes) -> dict[str, object]:
    """The JSON object in the text; AssetError for anything else."""
    if not text:
        raise AssetError(str(path), "the file is empty", EXPORT_AGAIN)
    try:
        root = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else f"not JSON ({error})"
        raise AssetError(str(path), f"the file is {problem}"[:160], EXPORT_AGAIN) from None
    if not isinstance(root, dict):
        raise AssetError(str(path), "its JSON is not an object", EXPORT_AGAIN)
    return root
