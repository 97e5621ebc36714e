"""PLY, STL and OFF, read by trimesh, as glTF."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from diorama.assets.foreign.beside import Beside
from diorama.assets.foreign.glb import Glb
from diorama.assets.foreign.pictures import usable


def read_mesh(path: Path, beside: Beside) -> Glb:
    """The meshes of a file.

    Raises:
        Exception: Whatever trimesh raises; `child` tells of it.
    """
    kind = path.suffix.lower()
    with path.open("rb") as file:
        # Vertices are left as they are: joining them would round off sharp edges, and lose colours.
        resolver: Any = _Confined(beside)
        scene = trimesh.load_scene(file, file_type=kind[1:], resolver=resolver, process=False)
    glb = Glb()
    glb.add("nodes", {"children": []})
    for name in sorted(scene.graph.nodes_geometry):
        matrix, geometry = scene.graph[name]
        mesh = scene.geometry[geometry]
        if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces):
            node = {"matrix": np.asarray(matrix).T.reshape(-1).tolist(), "mesh": _add(glb, mesh)}
            glb.json["nodes"][0]["children"].append(glb.add("nodes", node))
    glb.json["scenes"] = [{"nodes": [0]}]
    return glb


class _Confined:
    """Hands trimesh the files beside a model, and no others."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    def get(self, name: str) -> bytes:
        data = self._beside.read(name)
        if data is None:
            raise FileNotFoundError(name)
        return data


def _add(glb: Glb, mesh: Any) -> int:
    vertices, faces = np.asarray(mesh.vertices), np.asarray(mesh.faces)
    visual = mesh.visual
    material: dict[str, Any] = {"pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.8}}
    material["doubleSided"] = True
    attributes = {}
    uv = getattr(visual, "uv", None)
    if uv is not None and len(uv) == len(vertices):
        attributes["TEXCOORD_0"] = np.asarray(uv) * (1, -1) + (0, 1)
        picture = getattr(visual.material, "image", None)
        if picture is not None:
            data = usable(_png(picture))
            if data is not None:
                material["pbrMetallicRoughness"]["baseColorTexture"] = {"index": glb.image(data)}
    elif visual.kind == "vertex":
        attributes["COLOR_0"] = _linear(np.asarray(visual.vertex_colors))
    elif visual.kind == "face":
        attributes["COLOR_0"] = np.repeat(_linear(np.asarray(visual.face_colors)), 3, 0)
        vertices, faces = vertices[faces.reshape(-1)], np.arange(faces.size).reshape(-1, 3)
    given = mesh._cache.cache.get("vertex_normals")  # the file's own: trimesh computes what is missing
    if given is not None and len(given) == len(vertices):
        attributes["NORMAL"] = np.asarray(given)
    names = {name: glb.accessor(values) for name, values in {"POSITION": vertices, **attributes}.items()}
    entry = {"attributes": names, "indices": glb.accessor(faces.reshape(-1), "u4")}
    return glb.add("meshes", {"primitives": [{**entry, "material": glb.add("materials", material)}]})


def _linear(colors: Any) -> Any:
    """(N, 4) sRGB codes as glTF stores vertex colours: linear, with linear alpha."""
    part = colors[:, :3] / 255.0
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)  # IEC 61966-2-1
    return np.concatenate([linear, colors[:, 3:4] / 255.0], 1)


def _png(picture: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
