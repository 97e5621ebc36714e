"""What the fuzz target does with formats other than glTF: pictures, and models that native libraries read.

The libraries of FBX, USD and OpenEXR read here in the process that is fuzzed, where Diorama gives them one of their
own: an exception of theirs is what that process would tell, and a crash ends the run.
"""

import gc
import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from diorama.errors import AssetError

KINDS = {
    b"Kaydara": ".fbx",
    b"; FBX": ".fbx",
    b"#usda": ".usda",
    b"PXR-USDC": ".usdc",
    b"#?": ".hdr",
    b"\x76\x2f\x31\x01": ".exr",
    b"\x89PNG": ".png",
    b"\xff\xd8": ".jpg",
    b"RIFF": ".webp",
    b"II*": ".tif",
    b"BM": ".bmp",
    b"\xabKTX 20": ".ktx2",
    b"ply": ".ply",
    b"OFF": ".off",
    b"solid": ".stl",
}
"""Suffixes by the first bytes of a file."""

MODELS = (".fbx", ".usda", ".usdc", ".ply", ".off", ".stl")


def suffix_of(data: bytes) -> str:
    """The suffix of a file of these bytes; .glb for those that are none of KINDS."""
    return next((suffix for start, suffix in KINDS.items() if data.startswith(start)), ".glb")


def converted(path: Path) -> bytes | None:
    """A model as glTF; None where its library refuses it."""
    from diorama.assets.foreign.beside import Beside

    read: Callable[[Path, Any], Any]
    if path.suffix == ".fbx":
        from diorama.assets.foreign.scenes import read_scene as read

        gc.disable()  # as in the process that has it to itself
    elif path.suffix in (".usda", ".usdc"):
        from diorama.assets.foreign.stages import read_stage as read
    else:
        from diorama.assets.foreign.meshes import read_mesh as read
    try:
        return bytes(read(path, Beside(path)).finish())
    except Exception:  # noqa: BLE001  (whatever a library raises: the process that calls it tells of it)
        return None


def picture(path: Path) -> bool:
    """Whether a file is a picture; raises what its reader should not."""
    try:
        if path.suffix in (".hdr", ".exr"):
            _floats(path)
        else:
            _plain(path)
    except AssetError as error:
        if not error.mend or len(str(error)) > 600:
            raise AssertionError(str(error)) from error
        return False
    return True


def _floats(path: Path) -> None:
    from diorama.assets.own import openexr
    from diorama.assets.own.radiance import RadiancePicture

    if path.suffix == ".hdr":
        opened = RadiancePicture(path)
        rows = list(opened.rows())
        assert len(rows) == opened.height
        assert all(row.shape == (opened.width, 3) and np.isfinite(row).all() for row in rows)
        return
    header = openexr.ExrPicture(path)
    import OpenEXR

    if header.width * header.height > 1 << 20:
        return
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            openexr.planes_of({name: channel.pixels for name, channel in file.parts[0].channels.items()})
    except (RuntimeError, ValueError, TypeError, IndexError, KeyError, MemoryError):
        return  # what the process that reads it tells of


def _plain(path: Path) -> None:
    from diorama.assets.gltf_fields import Fields
    from diorama.assets.gltf_images import decode_image
    from diorama.assets.own.pixels import open_rows

    if path.suffix not in (".tif", ".bmp"):
        decoded = decode_image(path.read_bytes(), Fields(path.name, "images[0]", {}, {}), keep_alpha=True)
        assert decoded.ndim == 3
        assert decoded.shape[2] == 4
        assert max(decoded.shape) <= 512
    if path.suffix != ".ktx2":
        rows = open_rows(path, 64)
        assert next(iter(rows.rows())).shape == (rows.width, 3)


def seeds(folder: Path) -> None:
    """Writes a small file of each of KINDS that has none yet."""
    from tests.assets.ktx import plain_ktx2, solid_uastc
    from tests.assets.own.pictures import hdr, sunny

    pixels = np.arange(12 * 16 * 4, dtype=np.uint8).reshape(12, 16, 4)
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP"):
        buffer = io.BytesIO()
        Image.fromarray(pixels if kind != "JPEG" else pixels[..., :3]).save(buffer, kind)
        (folder / f"seed.{kind}").write_bytes(buffer.getvalue())
    (folder / "seed.plain.ktx2").write_bytes(plain_ktx2(pixels[..., :3], 2))
    (folder / "seed.uastc.ktx2").write_bytes(solid_uastc((9, 8, 7, 255)))
    for packing in ("runs", "old", "flat"):
        hdr(folder / f"seed.{packing}.hdr", sunny(8), packing)
    _exr(folder / "seed.exr")
    _fbx(folder / "seed.fbx")
    if find_spec("pxr"):
        _usd(folder)


def _exr(path: Path) -> None:
    import OpenEXR

    rgb = np.ones((4, 8, 3), np.float32)
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": rgb}) as file:
        file.write(str(path))


def _fbx(path: Path) -> None:
    from tests.assets.glb import CORNERS
    from tests.assets.test_convert import FBX, QUADS

    vertices = ",".join(str(v) for v in CORNERS.reshape(-1).tolist())
    corners = ",".join(str(c - 1 if k < 3 else -c) for quad in QUADS for k, c in enumerate(quad))
    path.write_text(FBX.format(up=1, front=2, sign=1, unit=50, vertices=vertices, corners=corners))


def _usd(folder: Path) -> None:
    from tests.assets.test_stages import cube, stage_of

    stage = stage_of(folder / "seed.usda")
    cube(stage)
    stage.GetRootLayer().Save()
    stage.GetRootLayer().Export(str(folder / "seed.usdc"))
