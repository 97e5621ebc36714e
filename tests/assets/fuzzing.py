"""A fuzz target for the importers: whatever the bytes, a model or picture loads or is refused by an AssetError.

`python -m tests.assets.fuzzing CORPUS -max_total_time=3600` looks for bytes that break this, guided by what code they
reach (libFuzzer's options follow the folder of the corpus, which it fills). It begins with small files of ours
and with those of the folder in DIORAMA_SHARED, or beside the repository. A word after the folder keeps to some formats:
gltf, meshes, fbx, usd, hdr, exr or pictures.

What is mutated is not a .glb, whose lengths every insertion would break, but its JSON, a zero byte and its binary part.
Other formats are told by their first bytes (`fuzzing_formats`).
"""

import json
import os
import struct
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from diorama.errors import AssetError
from tests.assets import fuzzing_formats as formats

# The importers are imported where they are used: after atheris has prepared to watch them.

MAX_SIZE = 1 << 16

FORMATS = {
    "gltf": (".glb",),
    "meshes": (".ply", ".off", ".stl"),
    "fbx": (".fbx",),
    "usd": (".usda", ".usdc"),
    "hdr": (".hdr",),
    "exr": (".exr",),
    "pictures": (".png", ".jpg", ".webp", ".ktx2", ".tif", ".bmp"),
}
"""What a run may keep to."""

WORDS = """
accessors animations asset attributes buffer bufferView bufferViews buffers byteLength byteOffset byteStride
channels children componentType count COLOR_0 CUBICSPLINE doubleSided emissiveTexture EXT_meshopt_compression
EXT_texture_webp extensions extensionsRequired extensionsUsed extras filter images indices input interpolation
inverseBindMatrices JOINTS_0 JOINTS_1 joints KHR_draco_mesh_compression KHR_materials_pbrSpecularGlossiness
KHR_materials_unlit KHR_texture_basisu KHR_texture_transform MASK MAT4 material materials matrix mesh meshes mode nodes
NORMAL normalized normalTexture offset output path pbrMetallicRoughness POSITION primitives rotation sampler samplers
scale scene scenes SCALAR skeleton skin skins source sparse STEP target targets texCoord TEXCOORD_0 TEXCOORD_1 textures
translation type uri values VEC2 VEC3 VEC4 version WEIGHTS_0 WEIGHTS_1 weights 5120 5121 5122 5123 5125 5126 -1 1e400
NaN Infinity 4294967295 9999999999 data: ../ null true false [] {}
"""
"""What libFuzzer is told to put into files."""


def one(data: bytes) -> bool:
    """Whether these bytes are a model or a picture; raises what an importer should not."""
    from diorama.assets.gltf import read_gltf
    from diorama.assets.models import finish

    suffix = formats.suffix_of(data)
    with tempfile.TemporaryDirectory() as folder, np.errstate(all="ignore"):
        path = Path(folder) / f"model{suffix}"
        if data.startswith(b"{"):
            data = packed(*data.partition(b"\0")[::2])
        if suffix != ".glb":
            path.write_bytes(data)
            if suffix not in formats.MODELS:
                return formats.picture(path)
            made = formats.converted(path)
            if made is None:
                return False
            data = made
        try:
            subject = finish(read_gltf(path, "fuzz/model", data))
        except AssetError as error:
            if not error.mend or len(str(error)) > 600:
                raise AssertionError(str(error)) from error
            return False
    assert np.isfinite(subject.levels[0].positions).all()
    return True


def packed(text: bytes, binary: bytes) -> bytes:
    """A .glb of a JSON text and a binary part."""
    chunks = b"".join(
        struct.pack("<II", len(part), kind) + part for part, kind in ((text, 0x4E4F534A), (binary, 0x004E4942)) if part
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def unpacked(path: Path) -> bytes:
    """What `one` takes for a .glb or .gltf file: with all of its files in one binary part."""
    from diorama.assets.gltf_container import read_container

    text, chunk = read_container(path, path.read_bytes())
    root: dict[str, Any] = json.loads(text)
    binary = b""
    starts = []
    for buffer in root.get("buffers", []):
        data = _resource(path, buffer["uri"]) if "uri" in buffer else chunk or b""
        binary += bytes(-len(binary) % 4)
        starts.append(len(binary))
        binary += data[: buffer["byteLength"]]
    for view in root.get("bufferViews", []):
        packed_views = [view, *(v for v in view.get("extensions", {}).values() if "buffer" in v)]
        for at in packed_views:
            at["byteOffset"] = at.get("byteOffset", 0) + starts[at.get("buffer", 0)]
            at["buffer"] = 0
    for image in root.get("images", []):
        if "uri" in image:
            data = _resource(path, image.pop("uri"))
            binary += bytes(-len(binary) % 4)
            image["bufferView"] = len(root.setdefault("bufferViews", []))
            root["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)})
            binary += data
    if binary:
        root["buffers"] = [{"byteLength": len(binary)}]
    return json.dumps(root, separators=(",", ":")).encode() + b"\0" + binary


def _resource(path: Path, uri: str) -> bytes:
    from base64 import b64decode

    return b64decode(uri.partition(",")[2]) if uri.startswith("data:") else (path.parent / unquote(uri)).read_bytes()


def seeds() -> list[bytes]:
    """Models that use what there is: skins, clips, textures of all kinds, all compressions."""
    import DracoPy

    from tests.assets.glb import CORNERS, CUBE, Model, arm
    from tests.assets.ktx import plain_ktx2, solid_uastc
    from tests.assets.test_gltf_compressed import draco_cube, packed_cube, textured

    whole = arm()
    morph = Model()
    mesh = morph.cube()
    offsets = morph.accessor(np.tile([0, 4.0, 0], (8, 1)))
    morph.json["meshes"][mesh]["primitives"][0]["targets"] = [{"POSITION": offsets}]
    morph.json["meshes"][mesh]["weights"] = [0.5]
    morph.node(mesh=mesh)
    pixels = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    models = [
        whole,
        morph,
        packed_cube(),
        packed_cube(mode="INDICES"),
        draco_cube(DracoPy.encode(CORNERS, CUBE.astype(np.uint32), compression_level=0)),
        draco_cube(DracoPy.encode(CORNERS, CUBE.astype(np.uint32), compression_level=7)),
        textured(plain_ktx2(pixels, 2), "KHR_texture_basisu"),
        textured(solid_uastc((9, 8, 7, 255)), "KHR_texture_basisu"),
    ]
    return [model.bytes() for model in models]


def fill(folder: Path, others: Path | None, suffixes: tuple[str, ...] = ()) -> None:
    """Puts the first files into a corpus: ours, and those of a folder of other people's that are small enough.

    Those of some `suffixes` alone, where any are given; others' pictures and FBX files then, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    formats.seeds(folder)
    for k, data in enumerate(seeds()):
        path = folder / f"seed{k}"
        path.write_bytes(data)
        path.write_bytes(unpacked(path))
    (folder / "seed.off").write_text("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2 255 0 0\n")
    (folder / "seed.stl").write_text(
        "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\n"
        "endloop\nendfacet\nendsolid a\n"
    )
    (folder / "seed.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\n"
        "property list uchar int vertex_indices\nend_header\n0 0 0 1 2 3\n1 0 0 4 5 6\n0 1 0 7 8 9\n3 0 1 2\n"
    )
    for k, path in enumerate(sorted(others.rglob("*.gl*")) if others else []):
        try:
            data = unpacked(path)
        except (AssetError, KeyError, OSError, ValueError):
            continue  # the damaged ones among them
        if len(data) <= MAX_SIZE:
            (folder / f"model{k}").write_bytes(data)
    for k, path in enumerate(sorted(others.rglob("*")) if others and suffixes else []):
        if path.suffix.lower() in suffixes and path.stat().st_size <= MAX_SIZE:
            (folder / f"other{k}").write_bytes(path.read_bytes())
    for path in folder.iterdir():
        if suffixes and formats.suffix_of(path.read_bytes()) not in suffixes:
            path.unlink()


def main() -> None:
    """Runs until a fault is found, or as long as libFuzzer's options say."""
    atheris = import_module("atheris")  # it comes for few systems
    folder = Path(sys.argv[1])
    suffixes = FORMATS[sys.argv.pop(2)] if sys.argv[2:] and sys.argv[2] in FORMATS else ()
    with atheris.instrument_imports(include=["diorama.assets"]):
        # What is imported here is watched.
        import diorama.assets.foreign.meshes
        import diorama.assets.foreign.scenes
        import diorama.assets.models
        import diorama.assets.own.pixels

        if find_spec("pxr"):
            import diorama.assets.foreign.stages  # noqa: F401
    shared = Path(os.environ.get("DIORAMA_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    fill(folder, shared / "models", suffixes)
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as words:
        words.write("".join(f'"{word}"\n' for word in WORDS.split()))
        words.flush()
        options = [f"-max_len={MAX_SIZE}", f"-dict={words.name}", "-timeout=30", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], *options, *sys.argv[1:]], lambda data: one(data) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
