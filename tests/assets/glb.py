"""Builds small glTF files in code, so that every test knows its answer."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

CODES = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float32)
CUBE = np.array(
    [
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ],
    np.uint16,
)  # fmt: skip
"""A unit cube at the origin, counter-clockwise seen from outside."""


class Model:
    """A glTF document with one binary buffer."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "accessors": [],
            "bufferViews": [],
            "meshes": [],
            "nodes": [],
        }
        self.binary = b""

    def view(self, data: bytes, **fields: Any) -> int:
        self.binary += bytes(-len(self.binary) % 4)
        self.json["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data), **fields}
        )
        self.binary += data
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: ArrayLike, dtype: str = "f4", **fields: Any) -> int:
        array = np.asarray(values)
        array = array.reshape(len(array), -1).astype(f"<{dtype}")
        entry = {
            "bufferView": self.view(array.tobytes()),
            "componentType": CODES[dtype],
            "count": len(array),
            "type": KINDS[array.shape[1]],
        }
        self.json["accessors"].append(entry | fields)
        return len(self.json["accessors"]) - 1

    def mesh(self, positions: ArrayLike, triangles: ArrayLike | None = None, **fields: Any) -> int:
        """A mesh of one primitive; attributes go by name, other fields to the primitive."""
        attributes = {"POSITION": self.accessor(positions)}
        attributes |= {key: fields.pop(key) for key in list(fields) if key.isupper()}
        primitive = {"attributes": attributes, **fields}
        if triangles is not None:
            primitive["indices"] = self.accessor(np.asarray(triangles).reshape(-1), "u2")
        self.json["meshes"].append({"primitives": [primitive]})
        return len(self.json["meshes"]) - 1

    def cube(self, **fields: Any) -> int:
        return self.mesh(CORNERS, CUBE, **fields)

    def node(self, **fields: Any) -> int:
        self.json["nodes"].append(fields)
        return len(self.json["nodes"]) - 1

    def animate(
        self, node: int, path: str, times: ArrayLike, values: ArrayLike, mode: str = "LINEAR", name: str = "move"
    ) -> None:
        sampler = {"input": self.accessor(times), "output": self.accessor(values), "interpolation": mode}
        clips = self.json.setdefault("animations", [])
        clip = next((c for c in clips if c["name"] == name), None)
        if clip is None:
            clip = {"name": name, "samplers": [], "channels": []}
            clips.append(clip)
        clip["channels"].append({"sampler": len(clip["samplers"]), "target": {"node": node, "path": path}})
        clip["samplers"].append(sampler)

    def bytes(self) -> bytes:
        document = {key: value for key, value in self.json.items() if value or key == "asset"}
        if self.binary and "buffers" not in document:
            document["buffers"] = [{"byteLength": len(self.binary)}]
        return pack_glb(document, self.binary)

    def save(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.bytes())
        return path


def pack_glb(document: dict[str, Any], binary: bytes = b"") -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        chunks += struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def arm(clip: bool = True) -> Model:
    """A strip from y = 0 to 2 on two joints: the upper one, at y = 1, turns by 90° about +Z in a second from 2 s on."""
    model = Model()
    heights = np.repeat(np.arange(5) / 2, 2)
    positions = np.stack([np.tile([-0.5, 0.5], 5), heights, np.zeros(10)], 1)
    triangles = [[k, k + 1, k + 3] for k in range(0, 8, 2)] + [[k, k + 3, k + 2] for k in range(0, 8, 2)]
    upper = np.clip(heights - 0.5, 0, 1)
    weights = np.stack([1 - upper, upper, 0 * upper, 0 * upper], 1)
    mesh = model.mesh(
        positions,
        triangles,
        NORMAL=model.accessor(np.tile([0.0, 0, 1], (10, 1))),
        JOINTS_0=model.accessor(np.tile([0, 1, 0, 0], (10, 1)), "u1"),
        WEIGHTS_0=model.accessor(weights),
    )
    bind = np.tile(np.eye(4), (2, 1, 1))
    bind[1, 1, 3] = -1
    root = model.node(name="root", children=[1])
    tip = model.node(name="tip", translation=[0, 1, 0])
    # The skinned node's own transform must not count.
    model.node(mesh=mesh, skin=0, translation=[70, 80, 90], scale=[5, 5, 5])
    model.json["skins"] = [{"joints": [root, tip], "inverseBindMatrices": model.accessor(bind.transpose(0, 2, 1))}]
    if clip:
        half = np.sqrt(0.5)
        model.animate(tip, "rotation", [2.0, 3.0], [[0, 0, 0, 1], [0, 0, half, half]], name="bend")
    return model


def arm_bent(degrees: float) -> NDArray[np.float64]:
    """(10, 3) the arm's vertices by hand: the weighted mean of the lower joint's place and the upper one's."""
    heights = np.repeat(np.arange(5) / 2, 2)
    x = np.tile([-0.5, 0.5], 5)
    upper = np.clip(heights - 0.5, 0, 1)
    turn = np.radians(degrees)
    bent_x = np.cos(turn) * x - np.sin(turn) * (heights - 1)
    bent_y = 1 + np.sin(turn) * x + np.cos(turn) * (heights - 1)
    return np.stack([(1 - upper) * x + upper * bent_x, (1 - upper) * heights + upper * bent_y, 0 * x], 1)
