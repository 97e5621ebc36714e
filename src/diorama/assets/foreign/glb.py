"""Writes glTF 2.0 binaries: the form in which foreign formats reach the importer."""

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CODES = {"u1": 5121, "u2": 5123, "u4": 5125, "f4": 5126}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


def influences(joints: NDArray[Any], weights: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The attributes that say which joints (V, K) each vertex follows, the heaviest first, and how much."""
    more = ((0, 0), (0, -joints.shape[1] % 4))
    joints, weights = np.pad(joints, more), np.pad(weights, more)
    order = np.argsort(-weights, axis=1, kind="stable")
    joints, weights = np.take_along_axis(joints, order, 1), np.take_along_axis(weights, order, 1)
    columns = {}
    for k in range(min(int((weights > 0).sum(1).max(initial=1) + 3) // 4, 4)):
        columns[f"JOINTS_{k}"], columns[f"WEIGHTS_{k}"] = joints[:, 4 * k : 4 * k + 4], weights[:, 4 * k : 4 * k + 4]
    return columns


class Glb:
    """A document under construction.

    Attributes:
        json: The document; lists may be appended to.
    """

    def __init__(self) -> None:
        lists = ("nodes", "meshes", "skins", "animations", "materials", "textures", "images", "samplers")
        self.json: dict[str, Any] = {"asset": {"version": "2.0"}, "accessors": [], "bufferViews": []}
        self.json |= {name: [] for name in lists}
        self._notes: dict[str, list[str]] = {}
        self._chunks: list[bytes] = []
        self._size = 0

    def note(self, text: str, about: str = "") -> None:
        """Records what was left out, once, and of which things."""
        things = self._notes.setdefault(text, [])
        if about and about not in things:
            things.append(about)

    def add(self, kind: str, entry: dict[str, Any]) -> int:
        """Appends an entry to a list of the document; its place there."""
        self.json[kind].append(entry)
        return len(self.json[kind]) - 1

    def view(self, data: bytes) -> int:
        """A buffer view of these bytes."""
        pad = -len(data) % 4
        place = self.add("bufferViews", {"buffer": 0, "byteOffset": self._size, "byteLength": len(data)})
        self._chunks.append(data + bytes(pad))
        self._size += len(data) + pad
        return place

    def accessor(self, values: NDArray[Any], dtype: str = "f4") -> int:
        """An accessor of (N,) or (N, width) values, stored as u1, u2, u4 or f4."""
        rows = np.asarray(values).reshape(len(values), -1).astype(f"<{dtype}")
        entry = {"bufferView": self.view(rows.tobytes()), "componentType": _CODES[dtype]}
        return self.add("accessors", {**entry, "count": len(rows), "type": _KINDS[rows.shape[1]]})

    def image(self, data: bytes) -> int:
        """A texture that shows an encoded image."""
        return self.add("textures", {"source": self.add("images", {"bufferView": self.view(data)})})

    def finish(self) -> bytes:
        """The file's bytes."""
        self.json["asset"]["extras"] = {"notes": self._notes}
        self.json["buffers"] = [{"byteLength": self._size}]
        text = json.dumps({key: value for key, value in self.json.items() if value}).encode()
        text += b" " * (-len(text) % 4)
        binary = b"".join(self._chunks)
        body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
        return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body
