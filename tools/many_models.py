"""Writes a folder of many small models, to see what a large library costs.

    python tools/many_models.py OUT --count 1000
    diorama bench OUT --images 2000 --workers 2

Each is a turned shape of 500 to 5,000 triangles with measures and a picture of its own. Every other one is rigged: it
bends on three joints, in a clip. They lie in two classes, cat and dog.
"""

import argparse
import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.draws import Draws

FLOAT, SHORT, INT = 5126, 5123, 5125
KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class Glb:
    """A binary glTF file in the making."""

    def __init__(self) -> None:
        self.binary = b""
        self.json: dict[str, Any] = {"asset": {"version": "2.0"}, "accessors": [], "bufferViews": []}

    def view(self, data: bytes) -> int:
        """The index of a new view of these bytes."""
        place = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.json["bufferViews"].append(place)
        self.binary += data + bytes(-len(data) % 4)
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: NDArray[Any], kind: int) -> int:
        """The index of a new accessor of (n, k) or (n,) numbers."""
        rows = values.reshape(len(values), -1)
        entry = {"bufferView": self.view(rows.tobytes()), "componentType": kind, "count": len(rows)}
        ends = {"min": rows.min(0).tolist(), "max": rows.max(0).tolist()} if kind == FLOAT else {}
        self.json["accessors"].append({**entry, "type": KINDS[rows.shape[1]], **ends})
        return len(self.json["accessors"]) - 1

    def write(self, path: Path) -> None:
        """To a file."""
        self.json["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.json).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text
        chunks += struct.pack("<I4s", len(self.binary), b"BIN\0") + self.binary
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks)


def turned(u: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Positions (V, 3), texture coordinates (V, 2) and triangles (3 T,) of a shape turned on a lathe."""
    rings, sides = 12 + int(u[0] * 28), 20 + int(u[1] * 40)
    t, angle = np.linspace(0, 1, rings), np.linspace(0, 2 * np.pi, sides)
    waves = 1 + 0.4 * np.sin(2 * np.pi * (t[:, None] * (1 + 3 * u[2:5]) + u[5:8])).mean(1)
    radius = (0.1 + 0.3 * u[8]) * np.sqrt(np.sin(np.pi * t) + 1e-4) * waves
    places = [
        radius[:, None] * np.cos(angle),
        np.repeat(t[:, None], sides, 1) * (0.5 + u[9]),
        radius[:, None] * np.sin(angle),
    ]
    uv = np.stack(np.meshgrid(angle / (2 * np.pi), t), -1)
    a = (np.arange(rings - 1)[:, None] * sides + np.arange(sides - 1)).reshape(-1)
    faces = np.stack([a, a + sides, a + 1, a + 1, a + sides, a + sides + 1], 1)
    return np.stack(places, -1).reshape(-1, 3), uv.reshape(-1, 2), faces.reshape(-1)


def rig(glb: Glb, positions: NDArray[Any], attributes: dict[str, int], bend: float) -> None:
    """Three joints one above the other, and a clip that bends them."""
    height = float(positions[:, 1].max())
    place = positions[:, 1] / height * 2
    joints, weights = np.zeros((len(place), 4), np.uint16), np.zeros((len(place), 4), np.float32)
    joints[:, 0] = np.minimum(place.astype(int), 1)
    joints[:, 1] = joints[:, 0] + 1
    weights[:, 1] = place - joints[:, 0]
    weights[:, 0] = 1 - weights[:, 1]
    attributes |= {"JOINTS_0": glb.accessor(joints, SHORT), "WEIGHTS_0": glb.accessor(weights, FLOAT)}
    inverse = np.tile(np.eye(4, dtype=np.float32), (3, 1, 1))
    inverse[:, 3, 1] = -np.arange(3) * height / 2  # by columns
    glb.json["skins"] = [{"joints": [1, 2, 3], "inverseBindMatrices": glb.accessor(inverse, FLOAT)}]
    glb.json["nodes"] = [
        {"mesh": 0, "skin": 0},
        {"name": "low", "children": [2]},
        {"name": "middle", "translation": [0, height / 2, 0], "children": [3]},
        {"name": "high", "translation": [0, height / 2, 0]},
    ]
    glb.json["scenes"] = [{"nodes": [0, 1]}]
    times = np.linspace(0, 1, 9, dtype=np.float32)
    half = bend * np.sin(2 * np.pi * times) / 2
    turns = np.stack([np.sin(half), 0 * half, 0 * half, np.cos(half)], 1).astype(np.float32)
    sampler = {"input": glb.accessor(times, FLOAT), "output": glb.accessor(turns, FLOAT)}
    channels = [{"sampler": 0, "target": {"node": node, "path": "rotation"}} for node in (2, 3)]
    glb.json["animations"] = [{"name": "sway", "samplers": [sampler], "channels": channels}]


def model(number: int, rigged: bool) -> Glb:
    """The model of that number."""
    u = Draws(0).uniform("model", [number], [0], 16)[0]
    dots = Draws(0).uniform("picture", [number], [0], 16 * 16 * 3)[0].reshape(16, 16, 3) * 160 + u[10:13] * 95
    picture = io.BytesIO()
    Image.fromarray(dots.astype(np.uint8)).resize((256, 256), Image.Resampling.BICUBIC).save(picture, "PNG")
    positions, uv, faces = turned(u)
    glb = Glb()
    attributes = {
        "POSITION": glb.accessor(positions.astype(np.float32), FLOAT),
        "TEXCOORD_0": glb.accessor(uv.astype(np.float32), FLOAT),
    }
    glb.json["nodes"], glb.json["scenes"] = [{"mesh": 0}], [{"nodes": [0]}]
    if rigged:
        rig(glb, positions, attributes, 0.3 + 0.5 * u[13])
    part = {"attributes": attributes, "indices": glb.accessor(faces.astype(np.uint32), INT), "material": 0}
    glb.json["meshes"] = [{"primitives": [part]}]
    glb.json["images"] = [{"bufferView": glb.view(picture.getvalue()), "mimeType": "image/png"}]
    glb.json["textures"] = [{"source": 0}]
    glb.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicFactor": 0}}]
    return glb


def main() -> None:
    """Writes the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    asked = parser.parse_args()
    for name in ("cat", "dog"):
        (asked.out / name).mkdir(parents=True, exist_ok=True)
    for number in range(asked.count):
        name = ("cat", "dog")[number % 2]
        model(number, rigged=number // 2 % 2 == 1).write(asked.out / name / f"{number:04d}.glb")


if __name__ == "__main__":
    main()
