"""A model file comes from anywhere: whatever is wrong with it ends as one message with file, field and mend."""

import contextlib
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from diorama.assets import gltf, gltf_file, gltf_materials
from diorama.assets.folder import read_header
from diorama.assets.models import load_model
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, Model, arm, pack_glb

Change = Callable[[Model], object]


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def textured() -> Model:
    model = arm()
    model.json["images"] = [{"bufferView": model.view(picture()), "mimeType": "image/png"}]
    model.json["textures"] = [{"source": 0}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    model.json["meshes"][0]["primitives"][0]["material"] = 0
    return model


def bomb() -> bytes:
    """A PNG that claims 60,000 × 60,000 pixels."""
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


def put(path: str, value: object) -> Change:
    """Sets one value of the JSON, at a path such as "nodes.0.children"."""

    def change(model: Model) -> None:
        at: Any = model.json
        *keys, last = [int(k) if k.isdigit() else k for k in path.split(".")]
        for key in keys:
            at = at[key]
        at[last] = value

    return change


def position(value: float) -> Change:
    def change(model: Model) -> None:
        positions = np.tile(CORNERS[:5], (2, 1))
        positions[3, 1] = value
        model.json["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = model.accessor(positions)

    return change


def image(data: bytes) -> Change:
    def change(model: Model) -> None:
        model.json["images"][0]["bufferView"] = model.view(data)

    return change


DAMAGE: dict[str, tuple[Change, str]] = {
    "index beyond the vertices": (
        lambda m: put("meshes.0.primitives.0.indices", m.accessor([0, 1, 77], "u2"))(m),
        "77",
    ),
    "accessor beyond its view": (put("accessors.3.count", 4000), "accessors"),
    "huge count": (put("accessors.3.count", 10**15), "accessors"),
    "negative count": (put("accessors.3.count", -1), "accessors"),
    "negative offset": (put("accessors.3.byteOffset", -4), "accessors"),
    "offset past the view": (put("accessors.3.byteOffset", 10**9), "accessors"),
    "unknown component": (put("accessors.3.componentType", 5124), "componentType"),
    "unknown element": (put("accessors.3.type", "VEC9"), "type"),
    "wrong element": (put("accessors.3.type", "VEC2"), "type"),
    "view beyond its buffer": (put("bufferViews.3.byteLength", 10**7), "bufferViews"),
    "view without a buffer": (lambda m: m.json["bufferViews"][3].pop("buffer"), "buffer"),
    "image without bytes": (put("images.0", {}), "bufferView"),
    "Draco without a view": (
        put("meshes.0.primitives.0.extensions", {"KHR_draco_mesh_compression": {"attributes": {}}}),
        "KHR_draco_mesh_compression.bufferView",
    ),
    "stride below an element": (put("bufferViews.3.byteStride", 4), "byteStride"),
    "buffer longer than its bytes": (put("buffers", [{"byteLength": 10**6}]), "buffers"),
    "file outside the folder": (put("buffers", [{"byteLength": 4, "uri": "../../etc/passwd"}]), "folder"),
    "file outside, encoded": (put("buffers", [{"byteLength": 4, "uri": "%2e%2e/%2e%2e/etc/passwd"}]), "folder"),
    "absolute file": (put("buffers", [{"byteLength": 4, "uri": "/etc/passwd"}]), "folder"),
    "a file by scheme": (put("buffers", [{"byteLength": 4, "uri": "file:///etc/passwd"}]), "folder"),
    "a file from the net": (put("buffers", [{"byteLength": 4, "uri": "https://example.org/a.bin"}]), "folder"),
    "missing file": (put("buffers", [{"byteLength": 4, "uri": "gone.bin"}]), "gone.bin"),
    "a null in the name": (put("buffers", [{"byteLength": 4, "uri": "a%00b"}]), "folder"),
    "broken data URI": (put("buffers", [{"byteLength": 4, "uri": "data:;base64,&&&=&"}]), "buffers"),
    "node in two places": (put("nodes.2.children", [1]), "tree"),
    "node its own child": (put("nodes.2.children", [2]), "tree"),
    "nodes in a ring": (put("nodes.1.children", [0]), "ring"),
    "child that is not there": (put("nodes.0.children", [99]), "nodes"),
    "child that is no number": (put("nodes.0.children", ["1"]), "children"),
    "children that are no list": (put("nodes.0.children", 1), "children"),
    "mesh that is not there": (put("nodes.2.mesh", 7), "meshes"),
    "skin that is not there": (put("nodes.2.skin", 3), "skins"),
    "skin without joints": (put("skins.0.joints", []), "joints"),
    "fewer joints than vertices follow": (put("skins.0.joints", [0]), "joint"),
    "short bind matrices": (put("accessors.5.count", 1), "inverseBindMatrices"),
    "translation of two": (put("nodes.1.translation", [0, 1]), "translation"),
    "translation of words": (put("nodes.1.translation", ["a", "b", "c"]), "translation"),
    "translation of nothing": (put("nodes.1.translation", [float("nan")] * 3), "translation"),
    "translation without end": (put("nodes.1.translation", [float("inf"), 0, 0]), "translation"),
    "scale beyond numbers": (put("nodes.0.scale", [1e29] * 3), "nodes"),
    "position nan": (position(np.nan), "finite"),
    "position inf": (position(np.inf), "finite"),
    "collapsed to nothing": (put("nodes.0.scale", [0, 0, 0]), "measures"),
    "no such mode": (put("meshes.0.primitives.0.mode", 9), "mode"),
    "primitive that is a number": (put("meshes.0.primitives", [5]), "primitives"),
    "meshes that are an object": (put("meshes", {}), "meshes"),
    "scene that is not there": (lambda m: (put("scenes", [{"nodes": [0]}])(m), put("scene", 4)(m)), "scene"),
    "old version": (put("asset.version", "1.0"), "2.0"),
    "sampler that is not there": (put("animations.0.channels.0.sampler", 8), "sampler"),
    "keys without values": (put("accessors.7.count", 1), "output"),
    "unknown interpolation": (put("animations.0.samplers.0.interpolation", "BEZIER"), "interpolation"),
    "not an image": (image(b"not an image"), "images"),
    "image cut short": (image(b"\x89PNG\r\n\x1a\n" + bytes(20)), "images"),
    "image bomb": (image(bomb()), "pixels"),
    "texture that is not there": (put("materials.0.pbrMetallicRoughness.baseColorTexture.index", 3), "textures"),
    "colour of three": (put("materials.0.pbrMetallicRoughness.baseColorFactor", [1, 1, 1]), "baseColorFactor"),
    "instances": (put("extensionsRequired", ["EXT_mesh_gpu_instancing"]), "gltf-transform"),
    "unknown extension": (put("extensionsRequired", ["ACME_holograms"]), "ACME_holograms"),
    "a huge number": (put("nodes.0.scale", [10**400, 1, 1]), "scale"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named(tmp_path: Path, name: str) -> None:
    change, word = DAMAGE[name]
    model = textured()
    change(model)
    path = model.save(tmp_path / "folder" / "model.glb")
    with pytest.raises(AssetError) as caught:
        load_model(path, "a/model")
    assert word in str(caught.value)
    assert caught.value.where.startswith(("model.glb", "a/model"))
    assert len(str(caught.value)) < 400
    assert caught.value.mend


def test_more_textures_than_an_adapter_takes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = textured()
    model.json["images"].append({"bufferView": model.view(picture())})
    model.json["textures"].append({"source": 1})
    model.json["materials"][0]["normalTexture"] = {"index": 1}
    path = model.save(tmp_path / "model.glb")
    monkeypatch.setattr(gltf_materials, "MAX_TEXTURES", 2)
    assert len(load_model(path, "a/model").textures) == 2
    monkeypatch.setattr(gltf_materials, "MAX_TEXTURES", 1)
    with pytest.raises(AssetError, match="images: more than 1"):
        load_model(path, "a/model")


def test_accessors_share_one_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sparse accessors of a few bytes may each ask for millions of numbers."""
    path = arm().save(tmp_path / "model.glb")
    monkeypatch.setattr(gltf_file, "MAX_DECODED", 100)
    with pytest.raises(AssetError, match=r"accessors\[\d+\]\.count.*more than 100 numbers"):
        load_model(path, "a/model")


def test_reading_stops_at_the_limit_of_triangles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = arm()
    model.json["meshes"][0]["primitives"].append({"mode": 9})  # never reached
    monkeypatch.setattr(gltf, "MAX_TRIANGLES", 1)
    with pytest.raises(AssetError, match="too large"):
        load_model(model.save(tmp_path / "model.glb"), "a/model")


def test_a_header_that_fills_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.glb"
    with path.open("wb") as file:
        file.write(struct.pack("<4sIIII", b"glTF", 2, 1 << 31, (1 << 30) + 1, 0x4E4F534A))
        file.truncate(1 << 31)  # a hole: it takes no room on the disk
    with pytest.raises(AssetError, match="1024 MiB"):
        read_header(path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(4000))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "data.bin").symlink_to(tmp_path / "secret.bin")
    model = textured()
    model.json["buffers"] = [{"byteLength": 4000, "uri": "data.bin"}]
    with pytest.raises(AssetError, match="does not lie in the model's folder"):
        load_model(model.save(tmp_path / "folder" / "model.glb"), "a/model")


def test_a_skin_of_absurdly_many_joints_is_refused(tmp_path: Path) -> None:
    """Of 6,000 joints, named by one skin; each vertex follows another."""
    model = arm(clip=False)
    count = 6_000
    first = len(model.json["nodes"])
    model.json["nodes"] += [{"translation": [0, 0, 0]} for _ in range(count)]
    model.json["skins"] = [{"joints": list(range(first, first + count))}]
    joints = np.arange(4 * 1_200, dtype=np.uint16).reshape(-1, 4)
    attributes = model.json["meshes"][0]["primitives"][0]["attributes"]
    for name, values in (
        ("POSITION", np.tile(CORNERS[:1], (1_200, 1)) + joints[:, :3]),
        ("NORMAL", joints[:, :3] + 1.0),
    ):
        attributes[name] = model.accessor(values)
    attributes["JOINTS_0"] = model.accessor(joints, "u2")
    attributes["WEIGHTS_0"] = model.accessor(np.full((1_200, 4), 0.25))
    with pytest.raises(AssetError, match="bones are too many"):
        load_model(model.save(tmp_path / "model.glb"), "a/model")


def test_a_chain_of_nodes_that_is_absurdly_long_ends(tmp_path: Path) -> None:
    model = arm(clip=False)
    first = len(model.json["nodes"])
    model.json["nodes"] += [{"children": [first + k + 1]} for k in range(4_000)] + [{"mesh": 0}]
    assert load_model(model.save(tmp_path / "model.glb"), "a/model").levels


def test_undamaged_it_loads(tmp_path: Path) -> None:
    assert load_model(textured().save(tmp_path / "model.glb"), "a/model").clips


RAW = {
    "empty": b"",
    "four bytes": b"glTF",
    "header only": struct.pack("<4sII", b"glTF", 2, 12),
    "version 1": struct.pack("<4sIIII", b"glTF", 1, 20, 0, 0),
    "longer than it is": struct.pack("<4sIIII", b"glTF", 2, 10**6, 4, 0x4E4F534A),
    "chunk past the end": struct.pack("<4sIIII", b"glTF", 2, 20, 10**6, 0x4E4F534A),
    "no JSON": pack_glb({})[:12] + struct.pack("<II", 0, 7),
    "a list": b"[]",
    "a number": b"1",
    "not text": bytes(range(128, 256)),
    "nested without end": b"[" * 200_000,
    "digits without end": b'{"asset": ' + b"9" * 10_000 + b"}",
    "cut short": b'{"asset": {"version"',
    "nothing in it": b"{}",
    "asset a list": b'{"asset": []}',
}


@pytest.mark.parametrize("name", RAW)
def test_raw_bytes_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "model.glb"
    path.write_bytes(RAW[name])
    with pytest.raises(AssetError, match=r"model\.glb"):
        load_model(path, "a/model")


def test_missing_file_and_folder_in_its_place(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.glb", tmp_path):
        with pytest.raises(AssetError):
            load_model(path, "a/model")


VALUES: st.SearchStrategy[object] = st.one_of(
    st.integers(-3, 300),
    st.sampled_from([2**31, 2**63, -(2**63), 1e308, -1e-308, 10**30]),
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    st.sampled_from([[], {}, [[]]]),
    st.lists(st.integers(-2, 9), max_size=5),
)

WHOLE = json.dumps(arm().json)
BINARY = arm().binary


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_one_value_loads_or_is_named(tmp_path: Path, data: st.DataObject) -> None:
    document = json.loads(WHOLE)
    document["buffers"] = [{"byteLength": len(BINARY)}]
    places: list[tuple[Any, Any]] = []
    stack: list[Any] = [document]
    while stack:
        at = stack.pop()
        for key, value in at.items() if isinstance(at, dict) else enumerate(at):
            places.append((at, key))
            if isinstance(value, dict | list):
                stack.append(value)
    at, key = data.draw(st.sampled_from(places))
    at[key] = data.draw(VALUES)
    path = tmp_path / "model.glb"
    path.write_bytes(pack_glb(document, BINARY))
    with contextlib.suppress(AssetError):
        load_model(path, "a/model")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(BINARY) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_any_change_of_bytes_loads_or_is_named(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    binary = bytearray(BINARY)
    for place, value in changes:
        binary[place] = value
    model = arm()
    model.binary = bytes(binary)
    with contextlib.suppress(AssetError):
        subject = load_model(model.save(tmp_path / "model.glb"), "a/model")
        assert np.isfinite(subject.levels[0].positions).all()
