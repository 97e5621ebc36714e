"""FBX (binary and ASCII) and Wavefront OBJ with its materials, read by ufbx, as glTF.

The binding crashes where it frees what it has handed out, and on lists of structures: nothing is freed (`alive`), and
such lists are not touched.
"""

from pathlib import Path
from typing import Any

import numpy as np
import ufbx
from numpy.typing import NDArray

from diorama.assets.foreign.alive import alive
from diorama.assets.foreign.beside import Beside
from diorama.assets.foreign.glb import Glb, influences
from diorama.assets.foreign.polygons import triangulate
from diorama.assets.foreign.surfaces import Surfaces

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

KEYS = 600
"""Frames of a baked clip, at most: the importer keeps no more."""

INFLUENCES = 8
"""Joints of a vertex, at most: as many as the importer keeps."""


def read_scene(path: Path, beside: Beside) -> Glb:
    """The scene of an FBX or OBJ file.

    Raises:
        Exception: Whatever ufbx raises; `child` tells of it.
    """
    data = path.read_bytes()
    handling = {
        "geometry_transform_handling": ufbx.GeometryTransformHandling.HELPER_NODES,
        "inherit_mode_handling": ufbx.InheritModeHandling.COMPENSATE,
        "target_axes": ufbx.axes_right_handed_y_up,
        "target_unit_meters": 1.0,
        "load_external_files": False,
        "node_depth_limit": 200,
    }
    if path.suffix.lower() == ".obj":
        handling |= {"file_format": ufbx.FileFormat.OBJ, "obj_mtl_data": _materials(data, beside)}
    scene = alive(ufbx.load_memory(data, **handling))
    glb = Glb()
    surfaces = Surfaces(glb, beside)
    nodes = list(scene.nodes)
    for node in nodes:
        place = node.local_transform
        entry = {"name": node.name, "translation": list(place.translation), "rotation": _turn(place.rotation)}
        entry |= {"scale": list(place.scale), "children": [child.typed_id for child in node.children]}
        glb.add("nodes", {key: value for key, value in entry.items() if value or key != "children"})
    for node in nodes:
        if node.mesh is not None and node.visible:
            _show(glb, node, surfaces)
    glb.json["scenes"] = [{"nodes": [node.typed_id for node in nodes if node.is_root]}]
    for stack in scene.anim_stacks:
        _animate(glb, scene, stack)
    glb.json["asset"]["generator"] = str(scene.metadata.creator)
    return glb


def _materials(obj: bytes, beside: Beside) -> bytes:
    """The bytes of the material files that an OBJ names."""
    names = [line[7:].strip().decode("utf-8", "replace") for line in obj.splitlines() if line[:7].lower() == b"mtllib "]
    return b"\n".join(beside.read(name) or b"" for name in names[:16]) or b"\n"


def _show(glb: Glb, node: Any, surfaces: Surfaces) -> None:
    """Adds a node's mesh to it, a primitive for each material."""
    mesh = node.mesh
    faces = np.array(memoryview(mesh.faces.raw), np.int64).reshape(-1, 2)
    points = _indexed(mesh.vertex_position)
    if not len(faces) or not len(points):
        return
    triangles, owner = triangulate(faces[:, 0], faces[:, 1], points)
    worn = np.array(list(mesh.face_material), np.int64)
    of_face = worn[owner] if len(worn) else np.zeros(len(owner), np.int64)
    columns = {"POSITION": points}
    normals, uvs, colors = (_indexed(each) for each in (mesh.vertex_normal, mesh.vertex_uv, mesh.vertex_color))
    if len(normals) == len(points):
        columns["NORMAL"] = normals
    if len(uvs) == len(points):
        columns["TEXCOORD_0"] = uvs * (1, -1) + (0, 1)  # glTF counts from the top
    if len(colors) == len(points):
        columns["COLOR_0"] = np.clip(colors, 0, 1)
    skin, followed = _skin(glb, node, mesh)
    worn_by = list(node.materials) or list(mesh.materials)
    primitives = []
    for material in np.unique(of_face).tolist():
        chosen = triangles[of_face == material].reshape(-1)
        used, indices = np.unique(chosen, return_inverse=True)
        attributes = {name: glb.accessor(values[used]) for name, values in columns.items()}
        if followed:
            vertices = np.array(list(mesh.vertex_indices), np.int64)[used]
            for name, values in influences(followed[0][vertices], followed[1][vertices]).items():
                attributes[name] = glb.accessor(values, "u2" if name.startswith("JOINTS") else "f4")
        entry = {"attributes": attributes, "indices": glb.accessor(indices.reshape(-1), "u4")}
        entry["material"] = surfaces.use(worn_by[material]) if material < len(worn_by) else surfaces.plain()
        primitives.append(entry)
    if mesh.blend_deformers:
        glb.note("blend shapes are left out")
    target = glb.json["nodes"][node.typed_id]
    target["mesh"] = glb.add("meshes", {"primitives": primitives})
    if skin is not None:
        target["skin"] = skin


def _indexed(attribute: Any) -> F64:
    """(C, width) of a vertex attribute by corner; empty where there is none."""
    if not attribute.exists:
        return np.zeros((0, 1))
    values = np.array(memoryview(attribute.values.raw), np.float64)
    return values[np.minimum(np.array(list(attribute.indices), np.int64), len(values) - 1)]


def _skin(glb: Glb, node: Any, mesh: Any) -> tuple[int | None, tuple[I64, F64] | None]:
    """A skin, and each vertex's heaviest joints and their weights; what no bone holds follows the mesh's own node."""
    clusters = [c for skin in list(mesh.skin_deformers)[:1] for c in skin.clusters if c.bone_node is not None]
    if not clusters:
        return None, None
    joints, weights = (np.zeros((mesh.num_vertices, INFLUENCES), kind) for kind in (np.int64, np.float64))
    rows = np.concatenate([np.array(list(c.vertices), np.int64) for c in clusters])
    share = np.concatenate([np.array(list(c.weights), np.float64) for c in clusters])
    bone = np.repeat(np.arange(len(clusters)), [len(c.weights) for c in clusters])
    order = np.lexsort((-share, rows))
    rows, share, bone = rows[order], share[order], bone[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    keep = (rank < INFLUENCES) & (rows < mesh.num_vertices) & (share > 0)
    joints[rows[keep], rank[keep]], weights[rows[keep], rank[keep]] = bone[keep], share[keep]
    inverse = [_matrix(c.geometry_to_bone) for c in clusters]
    nodes = [c.bone_node.typed_id for c in clusters]
    free = weights.sum(1) <= 0
    if free.any():
        joints[free, 0], weights[free, 0] = len(nodes), 1.0
        nodes.append(node.typed_id)
        inverse.append(_matrix(node.geometry_to_node))
    bound = np.stack(inverse).transpose(0, 2, 1).reshape(-1, 16)  # columns first
    return glb.add("skins", {"joints": nodes, "inverseBindMatrices": glb.accessor(bound)}), (joints, weights)


def _animate(glb: Glb, scene: Any, stack: Any) -> None:
    """An animation stack, all its layers, as a clip of linear keys."""
    seconds = max(float(stack.time_end - stack.time_begin), 1e-3)
    rate = min(max(KEYS / seconds, 0.1), 30.0)
    baked = alive(ufbx.bake_anim(scene.raw, stack.anim.raw, resample_rate=rate, maximum_sample_rate=rate))
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []
    for moved in baked.nodes:
        tracks = {
            "translation": (moved.constant_translation, moved.translation_keys),
            "rotation": (moved.constant_rotation, moved.rotation_keys),
            "scale": (moved.constant_scale, moved.scale_keys),
        }
        for path, (constant, keys) in tracks.items():
            listed = [(key.time, key.value) for key in keys]
            if not listed:
                continue
            if constant:  # a pose that differs from the rest pose counts too
                listed = listed[:1]
            times = np.array([time for time, _ in listed])
            values = np.array([_turn(value) if path == "rotation" else list(value) for _, value in listed])
            channels.append({"sampler": len(samplers), "target": {"node": moved.typed_id, "path": path}})
            samplers.append({"input": glb.accessor(times), "output": glb.accessor(values)})
    if channels:
        glb.add("animations", {"name": stack.name, "samplers": samplers, "channels": channels})


def _turn(q: Any) -> list[float]:
    return [q.x, q.y, q.z, q.w]


def _matrix(m: Any) -> F64:
    matrix = np.eye(4)
    matrix[:3] = np.array([list(m.c0), list(m.c1), list(m.c2), list(m.c3)]).T
    return matrix
