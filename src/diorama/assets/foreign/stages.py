"""USD and USDZ (usd-core), as glTF: meshes, UsdPreviewSurface materials, skeletons, and what moves.

    stages        the scene: meshes, their places over time     stages_skins       skeletons and their animation
    stages_open   opens a stage that names only files beside it  stages_materials   materials and textures

Subdivision surfaces are shown as their cage, shaded smooth.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdShade

from diorama.assets.foreign.beside import Beside
from diorama.assets.foreign.glb import Glb
from diorama.assets.foreign.polygons import triangulate
from diorama.assets.foreign.stages_materials import StageMaterials
from diorama.assets.foreign.stages_open import opened
from diorama.assets.foreign.stages_skins import Skins

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SHOWN = Usd.PrimDefaultPredicate
FRAMES = 300
"""Of a moving node, at most."""


def read_stage(path: Path, beside: Beside) -> Glb:
    """The default prim, or all, of a USD file.

    Raises:
        Exception: Whatever USD raises; `child` tells of it.
    """
    stage = opened(path)
    glb = Glb()
    upright: dict[str, Any] = {"name": "stage", "children": []}
    if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z:
        half = float(np.sqrt(0.5))
        upright["rotation"] = [-half, 0.0, 0.0, half]
    root = glb.add("nodes", upright)
    glb.json["scenes"] = [{"nodes": [root]}]
    skins = Skins(glb, stage, root)
    shown = _Shown(glb, stage, StageMaterials(glb, path, beside), skins, root)
    for prim in Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies(SHOWN)):
        if prim.IsA(UsdGeom.Mesh):
            shown.add(UsdGeom.Mesh(prim))
        elif prim.IsA(UsdGeom.Gprim) and not prim.IsA(UsdGeom.Mesh):
            glb.note("shapes other than meshes are left out", str(prim.GetTypeName()))
        elif prim.IsA(UsdGeom.PointInstancer):
            glb.note("instances of points are left out", prim.GetName())
    shown.finish()
    return glb


class _Shown:
    """The meshes of a stage."""

    def __init__(self, glb: Glb, stage: Any, materials: StageMaterials, skins: Skins, root: int) -> None:
        self._glb, self._stage, self._materials, self._skins, self._root = glb, stage, materials, skins, root
        self._places = UsdGeom.XformCache(Usd.TimeCode.Default())
        self._moving: list[tuple[int, Any]] = []  # node, prim

    def add(self, mesh: Any) -> None:
        """A mesh, unless it is hidden or there to guide."""
        prim = mesh.GetPrim()
        hidden = mesh.ComputeVisibility() == UsdGeom.Tokens.invisible
        if hidden or mesh.ComputePurpose() in (UsdGeom.Tokens.guide, UsdGeom.Tokens.proxy):
            return
        primitives = self._primitives(mesh)
        if not primitives:
            return
        node: dict[str, Any] = {"name": prim.GetName(), "mesh": self._glb.add("meshes", {"primitives": primitives})}
        skin = self._skins.of(prim)
        if skin is not None:
            self._glb.add("nodes", {**node, "skin": skin})
            self._glb.json["nodes"][self._root]["children"].append(len(self._glb.json["nodes"]) - 1)
            return
        place = np.array(self._places.GetLocalToWorldTransform(prim))
        children = self._glb.json["nodes"][self._root]["children"]
        if self._moves(prim):
            # Its place at every time is one of translation, rotation and scale; a mesh below takes what is left of it.
            moved = self._glb.add("nodes", node)
            self._moving.append((moved, prim))
        else:
            moved = self._glb.add("nodes", {**node, "matrix": place.reshape(-1).tolist()})
        children.append(moved)

    def _moves(self, prim: Any) -> bool:
        while prim and not prim.IsPseudoRoot():
            if prim.IsA(UsdGeom.Xformable) and UsdGeom.Xformable(prim).TransformMightBeTimeVarying():
                return True
            prim = prim.GetParent()
        return False

    def _primitives(self, mesh: Any) -> list[dict[str, Any]]:
        start = Usd.TimeCode.EarliestTime()
        points = np.array(mesh.GetPointsAttr().Get(start) or [], np.float64).reshape(-1, 3)
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get(start) or [], np.int64)
        vertices = np.array(mesh.GetFaceVertexIndicesAttr().Get(start) or [], np.int64)
        if not len(points) or not len(counts):
            return []
        if counts.min() < 0 or counts.sum() != len(vertices) or vertices.min() < 0 or vertices.max() >= len(points):
            raise ValueError(f"{mesh.GetPath()}: its faces name vertices that there are not")
        first = np.cumsum(counts) - counts
        triangles, owner = triangulate(first, counts, points[vertices])
        if mesh.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded:
            triangles = triangles[:, ::-1]
        columns = {"POSITION": points[vertices]}
        face_of_corner = np.repeat(np.arange(len(counts)), counts)
        wanted = (("st", 2), ("st0", 2), ("UVMap", 2), ("displayColor", 3), ("normals", 3))
        primvars = UsdGeom.PrimvarsAPI(mesh)
        found = {name: _corners(primvars.GetPrimvar(name), width, vertices, face_of_corner) for name, width in wanted}
        uvs = next((found[name] for name in ("st", "st0", "UVMap") if found[name] is not None), None)
        if uvs is not None:
            columns["TEXCOORD_0"] = uvs * (1, -1) + (0, 1)  # glTF counts from the top
        if found["displayColor"] is not None:
            columns["COLOR_0"] = np.clip(found["displayColor"], 0, 1)
        normals = found["normals"]
        if normals is None:
            given = mesh.GetNormalsAttr().Get(start)
            how = mesh.GetNormalsInterpolation()
            normals = None if not given else _spread(np.array(given, np.float64), how, vertices, face_of_corner)
        if normals is None and mesh.GetSubdivisionSchemeAttr().Get() != UsdGeom.Tokens.none:
            normals = _smooth(points, vertices, triangles)[vertices]
        if normals is not None:
            columns["NORMAL"] = normals
        columns |= self._skins.columns(mesh.GetPrim(), len(points), vertices)
        return list(self._parted(mesh, columns, triangles, owner, len(counts)))

    def _parted(self, mesh: Any, columns: dict[str, F64], triangles: I64, owner: I64, faces: int) -> Any:
        """A primitive for each material."""
        materials = [UsdShade.MaterialBindingAPI(mesh.GetPrim()).ComputeBoundMaterial()[0]]
        worn = np.zeros(faces, np.int64)
        for subset in UsdShade.MaterialBindingAPI(mesh.GetPrim()).GetMaterialBindSubsets():
            chosen = np.array(subset.GetIndicesAttr().Get() or [], np.int64)
            worn[chosen[(chosen >= 0) & (chosen < faces)]] = len(materials)
            materials.append(UsdShade.MaterialBindingAPI(subset.GetPrim()).ComputeBoundMaterial()[0])
        for k, material in enumerate(materials):
            corners = triangles[worn[owner] == k].reshape(-1)
            if not len(corners):
                continue
            place, textured = self._materials.use(material, bool(mesh.GetDoubleSidedAttr().Get()))
            used, indices = np.unique(corners, return_inverse=True)
            # A displayed colour stands in for a material: it does not tint one.
            names = [n for n in columns if n != "COLOR_0" or not material] if textured or material else list(columns)
            attributes = {
                name: self._glb.accessor(columns[name][used], "u2" if name.startswith("JOINTS") else "f4")
                for name in names
            }
            yield {
                "attributes": attributes,
                "indices": self._glb.accessor(indices.reshape(-1), "u4"),
                "material": place,
            }

    def finish(self) -> None:
        """Adds the animation of all that moves, one clip."""
        rate = self._stage.GetTimeCodesPerSecond() or 24.0
        channels, samplers = self._skins.animated(rate, FRAMES)
        for node, prim in self._moving:
            times = self._times(prim)
            matrices = [np.array(UsdGeom.XformCache(time).GetLocalToWorldTransform(prim)).T for time in times]
            moved, sheared = _decomposed(np.array(matrices))
            if sheared:
                self._glb.note("moving parts that shear are shown without", prim.GetName())
            self._glb.json["nodes"][node] |= {path: values[0].tolist() for path, values in moved.items()}
            seconds = self._glb.accessor(np.array(times) / rate)
            for path, values in moved.items():
                channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
                samplers.append({"input": seconds, "output": self._glb.accessor(values)})
        if channels:
            self._glb.add("animations", {"name": "stage", "channels": channels, "samplers": samplers})

    def _times(self, prim: Any) -> list[float]:
        found: set[float] = set()
        while prim and not prim.IsPseudoRoot():
            if prim.IsA(UsdGeom.Xformable):
                found |= set(UsdGeom.Xformable(prim).GetTimeSamples())
            prim = prim.GetParent()
        times = sorted(found)
        return times if len(times) <= FRAMES else np.linspace(times[0], times[-1], FRAMES).tolist()


def _corners(primvar: Any, width: int, vertices: I64, faces: I64) -> F64 | None:
    """(C, width) of a primvar by corner; None where there is none of that width."""
    if not primvar or not primvar.HasValue():
        return None
    flat = primvar.ComputeFlattened(Usd.TimeCode.EarliestTime())
    values = np.array(flat if flat is not None else [], np.float64)
    if values.ndim != 2 or values.shape[1] != width:
        return None
    return _spread(values, primvar.GetInterpolation(), vertices, faces)


def _spread(values: F64, how: str, vertices: I64, faces: I64) -> F64 | None:
    """(C, width) by corner of values of a mesh, its faces, points or corners; None where they do not fit."""
    rows = {"constant": np.zeros_like(vertices), "uniform": faces, "faceVarying": np.arange(len(vertices))}
    chosen = rows.get(how, vertices)
    return values[chosen] if len(values) > int(chosen.max(initial=0)) else None


def _smooth(points: F64, vertices: I64, triangles: I64) -> F64:
    """(V, 3) normals, each the mean of the triangles about a point, by their areas."""
    corners = vertices[triangles]
    a, b, c = (points[corners[:, k]] for k in range(3))
    sums = np.zeros_like(points)
    for k in range(3):
        np.add.at(sums, corners[:, k], np.cross(b - a, c - a))
    normals: F64 = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-30)
    return normals


def _decomposed(matrices: F64) -> tuple[dict[str, F64], bool]:
    """Translation, rotation and scale of (F, 4, 4) matrices, and whether they are more than that."""
    from diorama.assets.gltf_nodes import compose, decompose

    parts = [decompose(matrix) for matrix in matrices]
    whole = np.array([compose(*part) for part in parts])
    names = ("translation", "rotation", "scale")
    moved = {name: np.array([part[k] for part in parts]) for k, name in enumerate(names)}
    return moved, not np.allclose(whole, matrices, atol=1e-3 * max(float(np.abs(matrices).max()), 1e-9))
