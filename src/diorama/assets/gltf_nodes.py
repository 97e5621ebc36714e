"""The node graph of a glTF 2.0 model: transforms, parents, what the scene shows, and animations."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.resample import Track
from diorama.assets.rotations import rotation_matrices

F64 = NDArray[np.float64]

MAX_NODES = 1 << 16
MAX_CLIPS = 256


class Nodes:
    """All nodes of a file.

    Attributes:
        order: Indices of all nodes, parents before children.
        parents: (N,) index of each node's parent, -1 for a root.
        translation, rotation, scale: (N, 3), (N, 4), (N, 3) relative to the parent.
        local: (N, 4, 4) node space → the parent's, unanimated; exact where a matrix shears.
        world: (N, 4, 4) node space → model space, unanimated.
        shown: Indices of the nodes that the default scene shows, in order.
    """

    def __init__(self, file: GltfFile) -> None:
        self._file = file
        self.fields = file.items("nodes")
        count = len(self.fields)
        if count > MAX_NODES:
            raise file.root.error(
                "nodes", f"{count} nodes are too many", f"Join the model's parts: at most {MAX_NODES}"
            )
        self.names = [at.text("name") or f"node{i}" for i, at in enumerate(self.fields)]
        self._children = [at.references("children", "nodes") for at in self.fields]
        self.parents = np.full(count, -1, np.int64)
        for i, children in enumerate(self._children):
            for child in children:
                if self.parents[child] >= 0 or child == i:
                    raise self.fields[i].error("children", f"node {child} is reached twice: the nodes are not a tree")
                self.parents[child] = i
        self.order = self._below([i for i in range(count) if self.parents[i] < 0])
        if len(self.order) < count:
            raise file.root.error("nodes", "the nodes form a ring")
        self.translation, self.rotation, self.scale = np.zeros((count, 3)), np.zeros((count, 4)), np.ones((count, 3))
        self.local, self.world = np.zeros((count, 4, 4)), np.zeros((count, 4, 4))
        for i in self.order:
            self._place(i)
        if not np.isfinite(self.world).all() or np.abs(self.world).max(initial=0.0) > 1e12:
            raise file.root.error("nodes", "the nodes' transforms multiply to numbers that are not finite")
        self.shown = self._below(self._scene(), visible=True)

    def _scene(self) -> list[int]:
        scenes = self._file.items("scenes")
        if not scenes:
            return [i for i in range(len(self.fields)) if self.parents[i] < 0]
        chosen = self._file.root.reference("scene", "scenes", default=0)
        if len(scenes) > 1:
            self._file.note(f"{len(scenes)} scenes: number {chosen} is used")
        return list(dict.fromkeys(scenes[chosen].references("nodes", "nodes")))

    def _below(self, roots: list[int], visible: bool = False) -> list[int]:
        """The roots and all nodes below, parents first; each once, but for hidden ones if only visible ones count."""
        found: dict[int, None] = {}
        stack = roots[::-1]
        while stack:
            node = stack.pop()
            hidden = (
                visible and self.fields[node].child("extensions", "KHR_node_visibility").values.get("visible") is False
            )
            if node not in found and not hidden:
                found[node] = None
                stack.extend(self._children[node][::-1])
        return list(found)

    def _place(self, i: int) -> None:
        at = self.fields[i]
        if "matrix" in at:
            local = np.array(at.numbers("matrix", np.eye(4).ravel().tolist())).reshape(4, 4).T
            self.translation[i], self.rotation[i], self.scale[i] = decompose(local)
        else:
            self.translation[i] = at.numbers("translation", (0.0, 0.0, 0.0))
            turn = np.array(at.numbers("rotation", (0.0, 0.0, 0.0, 1.0)))
            length = np.linalg.norm(turn)
            self.rotation[i] = turn / length if length > 1e-9 else (0.0, 0.0, 0.0, 1.0)
            self.scale[i] = at.numbers("scale", (1.0, 1.0, 1.0))
            local = compose(self.translation[i], self.rotation[i], self.scale[i])
        self.local[i] = local
        parent = self.parents[i]
        with np.errstate(over="ignore", invalid="ignore"):
            self.world[i] = self.world[parent] @ local if parent >= 0 else local


def compose(translation: F64, rotation: F64, scale: F64) -> F64:
    """(4, 4) matrix T · R · S of a translation, a unit quaternion and a scale."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation_matrices(rotation) * scale
    matrix[:3, 3] = translation
    return matrix


def decompose(matrix: F64) -> tuple[F64, F64, F64]:
    """Translation, unit quaternion and scale of a matrix; shear, which glTF forbids, is lost. A mirror goes into x."""
    linear = matrix[:3, :3]
    scale = np.linalg.norm(linear, axis=0)
    if np.linalg.det(linear) < 0:
        scale[0] = -scale[0]
    left, _, right = np.linalg.svd(linear / np.where(np.abs(scale) > 1e-12, scale, 1.0))
    turn = left @ np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))]) @ right  # the nearest rotation
    return matrix[:3, 3].copy(), quaternion(turn), scale


def quaternion(turn: F64) -> F64:
    """Unit quaternion x, y, z, w of a (3, 3) rotation: an eigenvector (Bar-Itzhack 2000), stable for every angle."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = turn
    k = np.array(
        [
            [xx - yy - zz, yx + xy, zx + xz, zy - yz],
            [yx + xy, yy - xx - zz, zy + yz, xz - zx],
            [zx + xz, zy + yz, zz - xx - yy, yx - xy],
            [zy - yz, xz - zx, yx - xy, xx + yy + zz],
        ]
    )
    q: F64 = np.linalg.eigh(k)[1][:, -1]
    return q if q[3] >= 0 else -q


def animations(file: GltfFile) -> list[tuple[str, list[Track]]]:
    """Each animation's name and its tracks by node; `Track.joint` is still the node's index."""
    found = []
    listed = file.items("animations")
    if len(listed) > MAX_CLIPS:
        file.note(f"{len(listed)} animations: the first {MAX_CLIPS} are used")
    for i, at in enumerate(listed[:MAX_CLIPS]):
        samplers = at.children("samplers")
        tracks: list[Track] = []
        for channel in at.children("channels"):
            node = channel.child("target").reference("node", "nodes")
            path = channel.child("target").text("path")
            number = channel.integer("sampler")
            if number >= len(samplers):
                raise channel.error("sampler", f"{number} is not one of {len(samplers)} samplers")
            if node >= 0 and path in ("translation", "rotation", "scale", "weights"):
                tracks.append(_track(file, samplers[number], node, path))
        if tracks:
            found.append((at.text("name") or f"clip{i}", tracks))
    return found


def _track(file: GltfFile, at: Fields, node: int, path: str) -> Track:
    mode = at.text("interpolation", "LINEAR")
    if mode not in ("STEP", "LINEAR", "CUBICSPLINE"):
        raise at.error("interpolation", f"{mode[:20]!r} is not STEP, LINEAR or CUBICSPLINE")
    source, target = at.required("input", "accessors"), at.required("output", "accessors")
    times = file.floats(source, "SCALAR")[:, 0].astype(np.float64)
    kind, width = {"rotation": ("VEC4", 4), "weights": ("SCALAR", 1)}.get(path, ("VEC3", 3))
    values = file.floats(target, kind).astype(np.float64)
    spline = mode == "CUBICSPLINE"
    keys = len(times) * (3 if spline else 1)
    if kind == "SCALAR" and keys and len(values) % keys == 0 and len(values):  # of all targets, key by key
        width = len(values) // keys
        values = values.reshape(keys, width)
    if not keys or len(values) != keys:
        raise at.error("output", f"{len(values)} values do not fit {len(times)} key times")
    if (np.diff(times) < 0).any():
        raise at.error("input", "the key times do not increase")
    keep = np.append(np.diff(times) > 0, True)  # exporters write keys twice; the later one holds
    values = values.reshape(len(times), 3, width) if spline else values
    if path == "rotation" and not spline:
        length = np.linalg.norm(values, axis=1, keepdims=True)
        values = np.where(length > 1e-9, values / np.maximum(length, 1e-9), (0.0, 0.0, 0.0, 1.0))
    return Track(node, path, mode, times[keep], values[keep])  # type: ignore[arg-type]  # both were checked above
