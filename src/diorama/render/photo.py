"""The pass that makes photographs of drawn pictures; images without a look never come here."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.render.sources import source
from diorama.render.targets import Targets
from diorama.scene.batch import LOOK, SceneBatch, is_plain

_STRIDE = 256
"""Bytes from one image's structure to the next: WebGPU's alignment of dynamic offsets."""
_PHOTO = np.dtype(
    {
        "names": ["gain", "tone", "lens", "id"],
        "formats": [("<f4", 4), ("<f4", 4), ("<f4", 4), ("<u4", 4)],
        "offsets": [0, 16, 32, 48],
        "itemsize": _STRIDE,
    }
)
"""photo.wgsl's `Photo`."""
_GROUP = 8  # pixels along each side of a workgroup


class PhotoPass:
    """Develops the drawn images of one set of targets into a texture of their own."""

    def __init__(self, device: Any, targets: Targets) -> None:
        import wgpu

        self._device, self._targets = device, targets
        use, stage = wgpu.TextureUsage, wgpu.ShaderStage.COMPUTE
        size, single = targets.size, targets.samples == 1
        format = "rgba8unorm"
        self.developed = device.create_texture(
            size=(size, size, targets.capacity), format=format, usage=use.STORAGE_BINDING | use.COPY_SRC | use.COPY_DST
        )
        self._photos = device.create_buffer(
            size=_STRIDE * targets.capacity, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST
        )
        depth = {"sample_type": "depth", "view_dimension": "2d-array" if single else "2d", "multisampled": not single}
        stored = {"access": "write-only", "format": format, "view_dimension": "2d-array"}
        kinds: list[dict[str, Any]] = [
            {"texture": {"sample_type": "float"}},
            {"sampler": {"type": "filtering"}},
            {"texture": depth},
            {"buffer": {"type": "uniform", "has_dynamic_offset": True, "min_binding_size": 0}},
            {"storage_texture": stored},
        ]
        layout = device.create_bind_group_layout(
            entries=[{"binding": k, "visibility": stage, **kind} for k, kind in enumerate(kinds)]
        )
        # A copy of the picture's codes: reading them decoded, tap by tap, would take twice the time.
        self._codes = device.create_texture(
            size=(size, size, 1), format=format, usage=use.TEXTURE_BINDING | use.COPY_DST
        )
        resources = [
            self._codes.create_view(),
            device.create_sampler(mag_filter="linear", min_filter="linear"),
            targets.depth.create_view(dimension="2d-array" if single else "2d"),
            {"buffer": self._photos, "offset": 0, "size": _PHOTO.fields["id"][1] + 16},  # type: ignore[index]
            self.developed.create_view(dimension="2d-array"),
        ]
        self._group = device.create_bind_group(
            layout=layout, entries=[{"binding": k, "resource": item} for k, item in enumerate(resources)]
        )
        text = source("color", "photo").replace(
            "DEPTH_TYPE", "texture_depth_2d_array" if single else "texture_depth_multisampled_2d"
        )
        text = text.replace("DEPTH_WHERE", "q, photo.id.y, 0" if single else "q, 0")
        self._pipelines = [
            device.create_compute_pipeline(
                layout=device.create_pipeline_layout(bind_group_layouts=[layout]),
                compute={
                    "module": device.create_shader_module(code=text.replace("HAS_DEFOCUS", has)),
                    "entry_point": "develop",
                },
            )
            for has in ("false", "true")
        ]
        self._plain: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._defocused: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def begin(self, batch: SceneBatch) -> None:
        """Upload the looks of a batch, which must have some."""
        assert batch.look is not None
        look = dict(zip(LOOK, batch.look.T, strict=True))
        focus = -(np.einsum("bc,bc->b", batch.view[:, 2, :3], batch.center) + batch.view[:, 2, 3])
        rows = np.zeros(len(batch), _PHOTO)
        rows["gain"] = _columns(look, ("red", "green", "blue", "saturation"))
        rows["tone"] = _columns(look, ("contrast", "gamma", "vignette", "sharpness"))
        rows["tone"][:, 1] = 2 ** look["gamma"]
        rows["lens"] = np.stack(
            [
                look["defocus"] * batch.size,
                np.maximum(focus, batch.near) / batch.near * look["focus"],
                look["noise"],
                np.zeros(len(batch)),
            ],
            axis=1,
        )
        side = np.full(len(batch), batch.size)
        rows["id"] = np.stack([look["grain"], np.arange(len(batch)), side, 0 * side], axis=1)
        self._plain = is_plain(batch.look)
        self._defocused = look["defocus"] > 0
        self._device.queue.write_buffer(self._photos, 0, rows.view(np.uint8))

    def develop(self, encoder: Any, scene: int) -> None:
        """Add the development of one drawn image; one without a look is copied as it is."""
        size, plain = self._targets.size, self._plain[scene]
        drawn = {"texture": self._targets.color, "origin": (0, 0, scene)}
        there = {"texture": self.developed, "origin": (0, 0, scene)} if plain else {"texture": self._codes}
        encoder.copy_texture_to_texture(drawn, there, (size, size, 1))
        if plain:
            return
        run = encoder.begin_compute_pass()
        run.set_pipeline(self._pipelines[int(self._defocused[scene])])
        run.set_bind_group(0, self._group, [scene * _STRIDE])
        groups = -(-size // _GROUP)
        run.dispatch_workgroups(groups, groups)
        run.end()


def _columns(look: dict[str, NDArray[np.float32]], names: Sequence[str]) -> NDArray[np.float32]:
    return np.stack([look[name] for name in names], axis=1)
