"""The container of a glTF 2.0 model: .glb or .gltf to JSON and a binary chunk, and what extensions it asks for."""

import json
import struct
from pathlib import Path

from diorama.assets.gltf_compressed import DRACO, MESHOPT
from diorama.assets.gltf_fields import EXPORT_AGAIN, Fields
from diorama.errors import AssetError

MAX_FILE_BYTES = 1 << 30
"""A larger file is refused before it is read."""

SUPPORTED = frozenset(
    {
        DRACO,
        *MESHOPT,
        "KHR_mesh_quantization",
        "KHR_texture_basisu",
        "KHR_texture_transform",
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_node_visibility",
        "KHR_xmp_json_ld",
    }
)
"""Extensions that a file may require, besides those that only refine a material (KHR_materials_…)."""

SHOWN = SUPPORTED | {
    "KHR_materials_emissive_strength",
    "KHR_materials_pbrSpecularGlossiness",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
}
"""Extensions that are not ignored."""

DECODERS = {
    "EXT_mesh_gpu_instancing": "Write the instances out: `gltf-transform copy in.glb out.glb --expand-instances`",
    "KHR_techniques_webgl": "Export the model as glTF 2.0 with metallic-roughness materials",
    "KHR_technique_webgl": "Export the model as glTF 2.0 with metallic-roughness materials",
}
"""What takes an extension out of a file."""


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


def read_container(path: Path, data: bytes) -> tuple[bytes, bytes | None]:
    """The JSON text of a .glb or .gltf file and the .glb's binary chunk, if any (glTF 2.0, section 4).

    Raises:
        AssetError: If it is neither, or is cut off.
    """
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
