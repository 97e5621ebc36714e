"""A slow, separate reading of glTF 2.0: where a skinned model's vertices are at a time, by the standard's formulas.

Only what the rigged test models use: .glb, plain accessors, LINEAR and STEP keys.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray
TYPES = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Reference:
    """A parsed .glb."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        length = struct.unpack_from("<I", data, 12)[0]
        self.json: dict[str, Any] = json.loads(data[20 : 20 + length])
        self._binary = data[28 + length :]

    def values(self, index: int) -> list[tuple[float, ...]]:
        """An accessor's elements, one by one."""
        at = self.json["accessors"][index]
        view = self.json["bufferViews"][at["bufferView"]]
        width, code = WIDTHS[at["type"]], TYPES[at["componentType"]]
        size = struct.calcsize(f"<{width}{code}")
        start, stride = view.get("byteOffset", 0) + at.get("byteOffset", 0), view.get("byteStride", size)
        top = {"B": 255, "H": 65535}[code] if at.get("normalized") else 1
        rows = (struct.unpack_from(f"<{width}{code}", self._binary, start + k * stride) for k in range(at["count"]))
        return [tuple(x / top for x in row) for row in rows]

    def animated(self, clip: int | None, seconds: float) -> list[Array]:
        """Each node's matrix relative to its parent."""
        nodes = [dict(node) for node in self.json["nodes"]]
        for channel in self.json["animations"][clip]["channels"] if clip is not None else []:
            sampler = self.json["animations"][clip]["samplers"][channel["sampler"]]
            if channel["target"]["path"] == "weights":
                continue
            times = [time for (time,) in self.values(sampler["input"])]
            keys = [np.array(row) for row in self.values(sampler["output"])]
            node, path = nodes[channel["target"]["node"]], channel["target"]["path"]
            node[path] = _between(times, keys, seconds, sampler.get("interpolation", "LINEAR"), path)
        return [_local(node) for node in nodes]

    def posed(self, clip: int | None, seconds: float) -> Array:
        """All vertices of skinned meshes in the scene's space."""
        local = self.animated(clip, seconds)
        parents = {child: k for k, node in enumerate(self.json["nodes"]) for child in node.get("children", [])}

        def world(node: int) -> Array:
            return world(parents[node]) @ local[node] if node in parents else local[node]

        found = []
        for node in self.json["nodes"]:
            if "skin" not in node or "mesh" not in node:
                continue
            skin = self.json["skins"][node["skin"]]
            inverse = [np.array(row).reshape(4, 4).T for row in self.values(skin["inverseBindMatrices"])]
            joints = [world(j) @ inverse[k] for k, j in enumerate(skin["joints"])]
            for primitive in self.json["meshes"][node["mesh"]]["primitives"]:
                names = primitive["attributes"]
                rows = zip(*(self.values(names[name]) for name in ("POSITION", "JOINTS_0", "WEIGHTS_0")), strict=True)
                for place, bones, weights in rows:
                    total = sum(weights)
                    matrix = sum(w / total * joints[int(b)] for b, w in zip(bones, weights, strict=True))
                    found.append((np.asarray(matrix) @ np.array([*place, 1.0]))[:3])
        return np.array(found)


def _between(times: list[float], keys: list[Array], seconds: float, mode: str, path: str) -> Array:
    if seconds <= times[0]:
        return keys[0]
    if seconds >= times[-1]:
        return keys[-1]
    k = max(i for i, time in enumerate(times) if time <= seconds)
    share = (seconds - times[k]) / (times[k + 1] - times[k])
    first, second = keys[k], keys[k + 1]
    if mode == "STEP":
        return first
    if path != "rotation":
        blend: Array = first + share * (second - first)
        return blend
    cosine = float(first @ second)
    second, cosine = (second, cosine) if cosine >= 0 else (-second, -cosine)
    angle = np.arccos(min(cosine, 1.0))
    if angle < 1e-5:
        return first
    return np.asarray((np.sin((1 - share) * angle) * first + np.sin(share * angle) * second) / np.sin(angle))


def _local(node: dict[str, Any]) -> Array:
    if "matrix" in node:
        return np.array(node["matrix"]).reshape(4, 4).T
    x, y, z, w = np.array(node.get("rotation", [0, 0, 0, 1])) / np.linalg.norm(node.get("rotation", [0, 0, 0, 1]))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ np.diag(node.get("scale", [1, 1, 1]))
    matrix[:3, 3] = node.get("translation", [0, 0, 0])
    return matrix
