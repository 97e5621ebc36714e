"""The pass that draws normals; only batches whose normals are wanted come here."""

from typing import Any

from diorama.render.pipelines import DEPTH, NORMALS
from diorama.render.targets import Targets


class NormalsPass:
    """What the normals of one set of targets are drawn into: a layer per scene, one depth that they use in turn."""

    def __init__(self, device: Any, targets: Targets) -> None:
        import wgpu

        use, size = wgpu.TextureUsage, targets.size
        self.texture = device.create_texture(
            size=(size, size, targets.capacity), format=NORMALS, usage=use.RENDER_ATTACHMENT | use.COPY_SRC
        )
        depth = device.create_texture(size=(size, size, 1), format=DEPTH, usage=use.RENDER_ATTACHMENT).create_view()
        self._depth = {
            "view": depth,
            "depth_clear_value": 0.0,
            "depth_load_op": "clear",
            "depth_store_op": "discard",
        }

    def arguments(self, scene: int) -> dict[str, Any]:
        """Arguments of begin_render_pass."""
        layer = self.texture.create_view(dimension="2d", base_array_layer=scene, array_layer_count=1)
        shown = {"view": layer, "clear_value": (0, 0, 0, 0), "load_op": "clear", "store_op": "store"}
        return {"color_attachments": [shown], "depth_stencil_attachment": self._depth}
