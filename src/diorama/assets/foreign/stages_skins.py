"""The skeletons of a USD stage (UsdSkel), as glTF's skins."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdSkel

from diorama.assets.foreign.glb import Glb, influences

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class Skins:
    """All skeletons of a stage, each of whose joints is a node."""

    def __init__(self, glb: Glb, stage: Any, root: int) -> None:
        self._glb, self._stage, self._root = glb, stage, root
        self._cache = UsdSkel.Cache()
        self._queries: dict[Any, tuple[Any, Any]] = {}  # path of a mesh → (skinning query, skeleton query)
        self._joints: dict[Any, list[int]] = {}  # path of a skeleton → nodes
        self._moving: list[tuple[Any, list[int]]] = []
        every = Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)
        for prim in stage.Traverse(every):
            if prim.IsA(UsdSkel.Root):
                self._cache.Populate(UsdSkel.Root(prim), every)
                for binding in self._cache.ComputeSkelBindings(UsdSkel.Root(prim), every):
                    skeleton = self._cache.GetSkelQuery(binding.GetSkeleton())
                    for target in binding.GetSkinningTargets():
                        if skeleton and target.HasJointInfluences():
                            self._queries[target.GetPrim().GetPath()] = (target, skeleton)
                        if target.HasBlendShapes():
                            glb.note("blend shapes are left out")

    def of(self, prim: Any) -> int | None:
        """The skin of a mesh; None where it has none."""
        if prim.GetPath() not in self._queries:
            return None
        target, skeleton = self._queries[prim.GetPath()]
        nodes = self._nodes(skeleton)
        order = target.GetJointOrder() or skeleton.GetJointOrder()
        place = {name: k for k, name in enumerate(skeleton.GetJointOrder())}
        bind = np.array([np.array(m) for m in skeleton.GetJointWorldBindTransforms()]).reshape(-1, 4, 4)
        bound = _matrix(target.GetGeomBindTransform())
        joints, inverse = [], []
        for name in order:
            if name not in place:
                raise ValueError(f"{prim.GetName()} follows a joint {name[:60]!r} that its skeleton lacks")
            joints.append(nodes[place[name]])
            inverse.append(np.linalg.inv(bind[place[name]].T) @ bound)
        matrices = self._glb.accessor(np.array(inverse).transpose(0, 2, 1).reshape(-1, 16))
        return self._glb.add("skins", {"joints": joints, "inverseBindMatrices": matrices})

    def columns(self, prim: Any, points: int, vertices: I64) -> dict[str, Any]:
        """The attributes of a mesh that say which joints each corner follows."""
        if prim.GetPath() not in self._queries:
            return {}
        target, skeleton = self._queries[prim.GetPath()]
        wide = target.GetNumInfluencesPerComponent()
        found = target.ComputeVaryingJointInfluences(points)
        joints: I64 = np.array(found[-2], np.int64).reshape(points, wide)
        weights: F64 = np.array(found[-1], np.float64).reshape(points, wide)
        if joints.min(initial=0) < 0 or joints.max(initial=0) >= len(
            target.GetJointOrder() or skeleton.GetJointOrder()
        ):
            raise ValueError(f"{prim.GetName()} follows joints that there are not")
        return influences(joints[vertices], weights[vertices])

    def animated(self, rate: float, most: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Channels and samplers of all skeletons' animations, with at most so many keys each."""
        channels: list[dict[str, Any]] = []
        samplers: list[dict[str, Any]] = []
        for skeleton, nodes in self._moving:
            times = sorted(skeleton.GetAnimQuery().GetJointTransformTimeSamples())
            if len(times) > most:
                times = np.linspace(times[0], times[-1], most).tolist()
            if not times:
                continue
            frames = [_parts(skeleton.ComputeJointLocalTransforms(time)) for time in times]
            seconds = self._glb.accessor(np.array(times) / rate)
            for path in frames[0]:
                values = np.array([frame[path] for frame in frames])  # (F, J, width)
                for joint, node in enumerate(nodes):
                    channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
                    samplers.append({"input": seconds, "output": self._glb.accessor(values[:, joint])})
        return channels, samplers

    def _nodes(self, skeleton: Any) -> list[int]:
        path = skeleton.GetPrim().GetPath()
        if path in self._joints:
            return self._joints[path]
        topology = skeleton.GetTopology()
        animation = skeleton.GetAnimQuery()
        start = Usd.TimeCode.EarliestTime()
        rest = _parts(skeleton.ComputeJointLocalTransforms(start, atRest=not animation))
        world = np.array(UsdGeom.XformCache(start).GetLocalToWorldTransform(skeleton.GetPrim()))
        above = self._glb.add("nodes", {"name": skeleton.GetPrim().GetName(), "matrix": world.reshape(-1).tolist()})
        self._glb.json["nodes"][self._root]["children"].append(above)
        nodes = []
        for k, name in enumerate(skeleton.GetJointOrder()):
            entry = {key: values[k].tolist() for key, values in rest.items()}
            nodes.append(self._glb.add("nodes", {"name": str(name).rsplit("/", 1)[-1], **entry}))
        for k, node in enumerate(nodes):
            parent = topology.GetParent(k)
            holder = self._glb.json["nodes"][nodes[parent] if parent >= 0 else above]
            holder.setdefault("children", []).append(node)
        self._joints[path] = nodes
        if animation:
            self._moving.append((skeleton, nodes))
        return nodes


def _parts(transforms: Any) -> dict[str, F64]:
    """Translation, rotation and scale of joints."""
    moved, turned, scaled = UsdSkel.DecomposeTransforms(transforms)
    turns = np.array([[*q.GetImaginary(), q.GetReal()] for q in turned], np.float64)
    return {
        "translation": np.array(moved, np.float64).reshape(-1, 3),
        "rotation": turns.reshape(-1, 4),
        "scale": np.array(scaled, np.float64).reshape(-1, 3),
    }


def _matrix(m: Any) -> F64:
    """(4, 4) on column vectors: USD's act on rows."""
    return np.array(m, np.float64).T
