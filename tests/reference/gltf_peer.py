"""Where pygfx, another reader and animator of glTF, has a model's vertices at a time.

Its scene graph, skeletons and animations run without a device; only the blending of a skin's matrices and of morph
targets, which pygfx does in its shaders, is done here.
"""

from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray


class Peer:
    """A model as pygfx has loaded it."""

    def __init__(self, path: Path) -> None:
        import pygfx

        self._pygfx: Any = pygfx
        self.gltf: Any = pygfx.load_gltf(path, quiet=True, remote_ok=False)
        self.scene: Any = self.gltf.scene or self.gltf.scenes[0]
        self._rest: list[tuple[Any, Array]] = []
        self.scene.traverse(lambda thing: self._rest.append((thing, thing.local.matrix)))

    def posed(self, clip: int, seconds: float) -> Array:
        """(V, 3) all vertices that triangles use, in the scene's space."""
        for thing, matrix in self._rest:  # what the clip does not move is at rest, whatever another clip has done
            thing.local.matrix = matrix
        mixer = self._pygfx.AnimationMixer()
        mixer.clip_action(self.gltf.animations[clip]).play()
        mixer.set_time(seconds)
        found: list[Array] = []
        self.scene.traverse(lambda thing: self._add(thing, found))
        return np.concatenate(found)

    def bones(self, clip: int, seconds: float) -> Array:
        """(J, 4, 4) the matrices by which the one skin's joints move its vertices."""
        self.posed(clip, seconds)
        skinned: list[Any] = []
        self.scene.traverse(lambda thing: skinned.append(thing) if isinstance(thing, self._pygfx.SkinnedMesh) else None)
        return self._bones(skinned[0].skeleton)

    def _bones(self, skeleton: Any) -> Array:
        pairs = zip(skeleton.bones, skeleton.bone_inverses, strict=True)
        return np.stack([bone.world.matrix @ inverse for bone, inverse in pairs])

    def _add(self, thing: Any, found: list[Array]) -> None:
        if not isinstance(thing, self._pygfx.Mesh):
            return
        geometry = thing.geometry
        used = np.unique(geometry.indices.data) if hasattr(geometry, "indices") else slice(None)
        positions = geometry.positions.data[used].astype(np.float64)
        if getattr(geometry, "morph_positions", None):
            for weight, target in zip(np.ravel(thing.morph_target_influences), geometry.morph_positions, strict=True):
                positions = positions + float(weight) * np.asarray(target)[used]
        points = np.concatenate([positions, np.ones((len(positions), 1))], 1)
        if isinstance(thing, self._pygfx.SkinnedMesh):
            bones = self._bones(thing.skeleton)
            joints, weights = geometry.skin_indices.data[used].astype(int), geometry.skin_weights.data[used]
            found.append(np.einsum("vk,vkij,vj->vi", weights, bones[joints], points)[:, :3])
        else:
            found.append((points @ thing.world.matrix.T)[:, :3])
