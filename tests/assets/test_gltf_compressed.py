"""Compressed geometry and textures come out as they went in; what a stream claims is not believed."""

from pathlib import Path

import DracoPy
import meshoptimizer
import numpy as np
import pytest

from diorama.assets.gltf_compressed import draco_counts
from diorama.errors import AssetError
from tests.assets.glb import CORNERS, CUBE, Model
from tests.assets.ktx import plain_ktx2, solid_uastc
from tests.assets.reading import outward, png, read, volume

# meshopt


def packed_cube(extension: str = "EXT_meshopt_compression", mode: str = "TRIANGLES") -> Model:
    """A cube whose positions and indices are meshopt streams, with an empty buffer where the plain data would be."""
    model = Model()
    model.node(mesh=model.cube())
    encode = meshoptimizer.encode_index_buffer if mode == "TRIANGLES" else meshoptimizer.encode_index_sequence
    streams = [
        (bytes(meshoptimizer.encode_vertex_buffer(CORNERS, 8, 12)), "ATTRIBUTES", 8, 12),
        (bytes(encode(CUBE.reshape(-1).astype(np.uint32), 36, 8)), mode, 36, 2),
    ]
    views = model.json["bufferViews"]
    for k, (stream, how, count, stride) in enumerate(streams):
        view = views.pop(k)
        place = views[model.view(stream)]
        views.remove(place)
        packed = {**place, "mode": how, "count": count, "byteStride": stride}
        views.insert(k, {**view, "buffer": 1, "byteOffset": 0, "extensions": {extension: packed}})
    sizes = [{"byteLength": len(model.binary)}, {"byteLength": 400, "extensions": {extension: {"fallback": True}}}]
    model.json["buffers"] = sizes
    model.json["extensionsRequired"] = [extension]
    return model


@pytest.mark.parametrize("extension", ["EXT_meshopt_compression", "KHR_meshopt_compression"])
@pytest.mark.parametrize("mode", ["TRIANGLES", "INDICES"])
def test_meshopt(tmp_path: Path, extension: str, mode: str) -> None:
    subject = read(packed_cube(extension, mode), tmp_path)
    assert volume(subject) == pytest.approx(1)
    assert outward(subject)


def packed(model: Model, k: int) -> dict[str, object]:
    [extension] = model.json["bufferViews"][k]["extensions"].values()
    assert isinstance(extension, dict)
    return extension


@pytest.mark.parametrize(
    ("view", "change", "word"),
    [
        (0, {"count": 10**12}, "count"),
        (0, {"count": 1000}, "meshopt"),
        (0, {"byteStride": 257}, "byteStride"),
        (0, {"byteStride": 10}, "byteStride"),
        (0, {"byteLength": 3}, "meshopt"),
        (0, {"byteLength": 10**7}, "byteLength"),
        (0, {"byteOffset": 5}, "meshopt"),
        (0, {"mode": "POLYGONS"}, "mode"),
        (0, {"filter": "OCTAHEDRAL"}, "filter"),
        (0, {"filter": "SHARPEN"}, "filter"),
        (1, {"count": 35}, "count"),
        (1, {"byteStride": 3}, "byteStride"),
        (1, {"filter": "EXPONENTIAL"}, "filter"),
    ],
)
def test_damaged_meshopt_is_named(tmp_path: Path, view: int, change: dict[str, object], word: str) -> None:
    model = packed_cube()
    packed(model, view).update(change)
    with pytest.raises(AssetError, match=word) as caught:
        read(model, tmp_path)
    assert f"bufferViews[{view}]" in caught.value.where


def test_exponential_filter(tmp_path: Path) -> None:
    """Each number is a whole one of 24 bits times a power of two of 8: 3 · 2⁻¹ is 1.5."""
    model = packed_cube()
    words = (((-1) & 0xFF) << 24 | (CORNERS * 3).astype(np.int64)).astype("<u4")
    view = model.view(bytes(meshoptimizer.encode_vertex_buffer(words.view("<f4"), 8, 12)))
    packed(model, 0).update(model.json["bufferViews"].pop(view), filter="EXPONENTIAL")
    model.json["buffers"][0]["byteLength"] = len(model.binary)
    assert volume(read(model, tmp_path)) == pytest.approx(1.5**3)


# Draco


def draco_cube(data: bytes) -> Model:
    model = Model()
    mesh = model.cube()
    for accessor in model.json["accessors"]:
        del accessor["bufferView"]
    ids = {"POSITION": DracoPy.decode(data).attributes[0]["unique_id"]}
    primitive = model.json["meshes"][mesh]["primitives"][0]
    primitive["extensions"] = {
        "KHR_draco_mesh_compression": {"bufferView": model.view(data), "attributes": ids},
    }
    model.json["accessors"][0]["count"] = 8
    model.json["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    model.node(mesh=mesh)
    return model


@pytest.mark.parametrize("level", [0, 7])  # indices one by one, and by their neighbours
def test_draco(tmp_path: Path, level: int) -> None:
    data = DracoPy.encode(CORNERS, CUBE.astype(np.uint32), quantization_bits=14, compression_level=level)
    assert draco_counts(data) in ((12, 8), (8, 12))
    subject = read(draco_cube(data), tmp_path)
    assert volume(subject) == pytest.approx(1, abs=1e-3)
    assert outward(subject)


@pytest.mark.parametrize("level", [0, 7])
def test_draco_of_impossible_size_is_refused_unread(tmp_path: Path, level: int) -> None:
    data = DracoPy.encode(CORNERS, CUBE.astype(np.uint32), compression_level=level)
    at = 12 if level else 11
    for bad in (data[:at] + b"\xff\xff\xff\xff\x0f" + data[at + 1 :], data[: at + 1], data[:5], b"no" + data[2:]):
        model = draco_cube(data)
        primitive = model.json["meshes"][0]["primitives"][0]
        primitive["extensions"]["KHR_draco_mesh_compression"]["bufferView"] = model.view(bad)
        with pytest.raises(AssetError, match=r"Draco|too many"):
            read(model, tmp_path)


def test_draco_that_lacks_what_the_primitive_names(tmp_path: Path) -> None:
    model = draco_cube(DracoPy.encode(CORNERS, CUBE.astype(np.uint32)))
    packing = model.json["meshes"][0]["primitives"][0]["extensions"]["KHR_draco_mesh_compression"]
    for wrong in (7, [1], "a"):
        packing["attributes"]["POSITION"] = wrong
        with pytest.raises(AssetError, match="no such attribute"):
            read(model, tmp_path)


# Textures


def textured(data: bytes, extension: str) -> Model:
    model = Model()
    model.json["images"] = [{"bufferView": model.view(data)}]
    model.json["textures"] = [{"extensions": {extension: {"source": 0}}}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    model.json["extensionsRequired"] = [extension]
    model.node(mesh=model.cube(material=0, TEXCOORD_0=model.accessor(np.zeros((8, 2)))))
    return model


def test_webp(tmp_path: Path) -> None:
    pixels = np.full((4, 4, 3), (0, 90, 200), np.uint8)
    subject = read(textured(png(pixels, "WEBP"), "EXT_texture_webp"), tmp_path)
    assert np.abs(subject.textures[0][..., :3].astype(int) - pixels).max() < 12


@pytest.mark.parametrize("packing", [0, 2, 3])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_plain_ktx2(tmp_path: Path, packing: int, channels: int) -> None:
    pixels = (np.arange(6 * 5 * channels) * 7 % 256).astype(np.uint8).reshape(6, 5, channels)
    [texture] = read(textured(plain_ktx2(pixels, packing), "KHR_texture_basisu"), tmp_path).textures
    shown = min(channels, 3)
    np.testing.assert_array_equal(texture[..., :shown], pixels[..., :shown])
    assert (texture[..., shown:3] == 0).all()
    assert (texture[..., 3] == 255).all()


def test_basis_universal(tmp_path: Path) -> None:
    [texture] = read(textured(solid_uastc((200, 100, 50, 255)), "KHR_texture_basisu"), tmp_path).textures
    assert texture.shape == (8, 8, 4)
    assert (texture == (200, 100, 50, 255)).all()


@pytest.mark.parametrize("packing", [0, 2, 3])
def test_ktx2_that_lies_of_its_size(tmp_path: Path, packing: int) -> None:
    data = bytearray(plain_ktx2(np.zeros((4, 4, 4), np.uint8), packing))
    for at, value in ((20, 2**20), (20, 2**14 - 1), (96, 2**40), (88, 2**60), (28, 7), (36, 6)):
        bad = bytearray(data)
        bad[at : at + 4] = value.to_bytes(8, "little")[:4] if at < 80 else bad[at : at + 4]
        if at >= 80:
            bad[at : at + 8] = value.to_bytes(8, "little")
        with pytest.raises(AssetError, match=r"images\[0\]"):
            read(textured(bytes(bad), "KHR_texture_basisu"), tmp_path)
    for cut in (20, 60, 100, len(data) - 1):
        with pytest.raises(AssetError, match=r"images\[0\]"):
            read(textured(bytes(data[:cut]), "KHR_texture_basisu"), tmp_path)
