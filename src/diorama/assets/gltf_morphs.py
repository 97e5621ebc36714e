"""Morph targets of a glTF 2.0 mesh: offsets that its animations blend in, and what default weights do to its shape."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import GltfFile
from diorama.assets.resample import Track
from diorama.assets.subject import F32

F64 = NDArray[np.float64]

MAX_MORPHS = 64
"""Targets that a model's animations may move, as many as a face has; of more, those that move most."""

Targets = list[dict[str, int]]


class Morphs:
    """The targets that some animation moves, each with a column of its own, and all default weights.

    Args:
        file: Takes notes.
        tracks: All tracks of all animations; `Track.joint` is a node.

    Attributes:
        count: How many columns there are.
    """

    def __init__(self, file: GltfFile, tracks: Sequence[Track]) -> None:
        self._file = file
        reach: dict[tuple[int, int], float] = {}  # (node, target) → how far a weight goes from its default
        for track in tracks:
            if track.path == "weights":
                default = self.defaults(track.joint)
                if len(default) != track.values.shape[-1]:
                    told = f"weights of {track.values.shape[-1]} targets for a mesh with {len(default)}"
                    raise file.items("nodes")[track.joint].error("", told)
                moved = np.abs(track.values.reshape(-1, len(default)) - default).max(0)
                for target, far in enumerate(moved.tolist()):
                    key = (track.joint, target)
                    reach[key] = max(reach.get(key, 0.0), far)
        moving = sorted((key for key, far in reach.items() if far > 1e-6), key=lambda key: (-reach[key], key))
        if len(moving) > MAX_MORPHS:
            file.note(f"{len(moving)} morph targets move: those that move most do, {MAX_MORPHS} of them")
        self._column = {key: column for column, key in enumerate(sorted(moving[:MAX_MORPHS]))}
        self.count = len(self._column)

    def defaults(self, node: int) -> F64:
        """(T,) weights of a node's mesh where nothing moves them."""
        at = self._file.items("nodes")[node]
        mesh = at.reference("mesh", "meshes")
        if mesh < 0:
            return np.zeros(0)
        shape = self._file.items("meshes")[mesh]
        targets = max((len(primitive.children("targets")) for primitive in shape.children("primitives")), default=0)
        said = at if "weights" in at else shape
        if "weights" not in said:
            return np.zeros(targets)
        length = len(said.values["weights"]) if isinstance(said.values["weights"], list) else 0
        weights = np.zeros(targets)
        given = np.array(said.numbers("weights", [0.0] * length))[:targets]
        weights[: len(given)] = given
        return weights

    def moving(self, node: int) -> dict[int, int]:
        """The targets of a node's mesh that move, each with its column."""
        return {target: column for (owner, target), column in self._column.items() if owner == node}

    def frames(self, tracks: Sequence[Track], seconds: F64) -> F32 | None:
        """(F, T) how far each target's weight is from its default; None where no target moves in any clip."""
        if not self.count:
            return None
        found = np.zeros((len(seconds), self.count), np.float32)
        for track in tracks:
            if track.path == "weights":
                values = track.at(seconds) - self.defaults(track.joint)
                for target, column in self.moving(track.joint).items():
                    found[:, column] = values[:, target]
        return found


def blended(file: GltfFile, at: Fields, base: F32, name: str, targets: Targets, weights: F64) -> F64:
    """Positions or normals with the targets at these weights."""
    values = base.astype(np.float64)
    for weight, target in zip(weights.tolist(), targets, strict=False):
        if weight and name in target:
            values = values + weight * offsets(file, at, target, name, len(values))
    return values


def offsets(file: GltfFile, at: Fields, target: dict[str, int], name: str, count: int) -> F32:
    """(V, 3) of one target; 0 where it has none of that name."""
    if name not in target:
        return np.zeros((count, 3), np.float32)
    found = file.floats(target[name], "VEC3")
    if len(found) != count:
        raise at.error(f"targets.{name}", f"{len(found)} elements for {count} vertices")
    return found
