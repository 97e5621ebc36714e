"""The atlas: one set of render targets in which every scene of a batch has a tile, and its way back to the host.

Tile t lies in column t // rows and row t % rows. A column is copied as a whole, so that in the read-back buffer the
rows of every image lie together and an image is one contiguous block.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from diorama.errors import DeviceError
from diorama.render.device import Device
from diorama.render.frames import Frames
from diorama.render.pipelines import COLOR, DEPTH, IDS, SHADOW, Pipelines

_LABELS = 10  # numbers per image that labels.wgsl writes


@dataclass(frozen=True)
class Atlas:
    """Targets for up to `capacity` images of `size` pixels."""

    device: Device
    capacity: int
    size: int
    samples: int
    rows: int
    columns: int
    shadow_size: int
    color: Any  # what is drawn into; equal to `resolved` without multisampling
    resolved: Any
    ids: Any
    depth: Any
    shadow: Any
    labels: Any
    frame: Any
    with_ids: bool = False
    with_depth: bool = False

    @classmethod
    def create(cls, device: Device, capacity: int, size: int, samples: int) -> "Atlas":
        """Makes the targets.

        Raises:
            DeviceError: If so many images do not fit the device's largest texture.
        """
        import wgpu

        use, gpu = wgpu.TextureUsage, device.handle
        rows = min(capacity, device.max_texture // size)
        columns = -(-capacity // rows)
        if columns * size > device.max_texture:
            most = (device.max_texture // size) ** 2
            raise DeviceError("--batch", f"{capacity} images do not fit the adapter", f"Use at most {most}")
        extent = (columns * size, rows * size, 1)
        attachment = use.RENDER_ATTACHMENT
        resolved = gpu.create_texture(size=extent, format=COLOR, usage=attachment | use.COPY_SRC)
        color = (
            gpu.create_texture(size=extent, format=COLOR, usage=attachment, sample_count=samples)
            if samples > 1
            else resolved
        )
        read = attachment | use.TEXTURE_BINDING | (use.COPY_SRC if samples == 1 else 0)
        frame = gpu.create_buffer_with_data(
            data=np.array([size, rows, 0, 0], np.uint32), usage=wgpu.BufferUsage.UNIFORM
        )
        shadow_extent = (columns * size, rows * size, 1)
        return cls(
            device=device,
            capacity=capacity,
            size=size,
            samples=samples,
            rows=rows,
            columns=columns,
            shadow_size=size,
            color=color,
            resolved=resolved,
            ids=gpu.create_texture(size=extent, format=IDS, usage=read, sample_count=samples),
            depth=gpu.create_texture(size=extent, format=DEPTH, usage=read, sample_count=samples),
            shadow=gpu.create_texture(size=shadow_extent, format=SHADOW, usage=attachment | use.TEXTURE_BINDING),
            labels=gpu.create_buffer(
                size=capacity * _LABELS * 4, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC
            ),
            frame=frame,
        )

    def attachments(self) -> dict[str, Any]:
        """Arguments of `begin_render_pass` for the shading pass."""
        color = {"view": self.color.create_view(), "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}
        if self.samples > 1:
            color |= {"resolve_target": self.resolved.create_view(), "store_op": "discard"}
        ids = {"view": self.ids.create_view(), "clear_value": (0, 0, 0, 0), "load_op": "clear", "store_op": "store"}
        depth = {
            "view": self.depth.create_view(),
            "depth_clear_value": 0.0,
            "depth_load_op": "clear",
            "depth_store_op": "store",
        }
        return {"color_attachments": [color, ids], "depth_stencil_attachment": depth}

    def set_tile(self, run: Any, tile: int) -> None:
        """Sends a render pass's pixels to an image's tile."""
        self._set(run, tile, self.size)

    def set_shadow_tile(self, run: Any, tile: int) -> None:
        """Sends a shadow pass's texels to an image's tile."""
        self._set(run, tile, self.shadow_size)

    def _set(self, run: Any, tile: int, side: int) -> None:
        x, y = tile // self.rows * side, tile % self.rows * side
        run.set_viewport(x, y, side, side, 0.0, 1.0)
        run.set_scissor_rect(x, y, side, side)

    def count(self, encoder: Any, pipelines: Pipelines, images: int) -> None:
        """Adds the pass that counts pixels and finds boxes."""
        run = encoder.begin_compute_pass()
        run.set_pipeline(pipelines.count)
        run.set_bind_group(
            0, pipelines.group(pipelines.count_layout, [self.ids.create_view(), self.labels, self.frame])
        )
        run.dispatch_workgroups(images)
        run.end()

    @property
    def staging_bytes(self) -> int:
        """Size of the read-back buffer: colour, ids and depth as asked for, then the labels."""
        tiles = self.columns * self.rows * self.size**2
        return tiles * (4 + 2 * self.with_ids + 4 * self.with_depth) + self.capacity * _LABELS * 4

    def copy(self, encoder: Any, staging: Any) -> None:
        """Adds the copies into the read-back buffer."""
        offset = 0
        planes = [(self.resolved, 4, True), (self.ids, 2, self.with_ids), (self.depth, 4, self.with_depth)]
        for texture, pixel, wanted in planes:
            for column in range(self.columns if wanted else 0):
                side, height = self.size, self.rows * self.size
                encoder.copy_texture_to_buffer(
                    {"texture": texture, "origin": (column * side, 0, 0)},
                    {"buffer": staging, "offset": offset, "bytes_per_row": side * pixel, "rows_per_image": height},
                    (side, height, 1),
                )
                offset += side * height * pixel
        encoder.copy_buffer_to_buffer(self.labels, 0, staging, offset, self.capacity * _LABELS * 4)

    def read(self, staging: Any, images: int) -> Frames:
        """Waits for the read-back buffer and unpacks it."""
        import wgpu

        staging.map_sync(wgpu.MapMode.READ)
        data = np.array(staging.read_mapped(copy=False), dtype=np.uint8).reshape(-1)
        staging.unmap()
        tiles, side = self.columns * self.rows, self.size
        pixels = tiles * side * side
        rgba = data[: pixels * 4].reshape(tiles, side, side, 4)[:images]
        offset = pixels * 4
        frames_ids = frames_whole = frames_depth = None
        if self.with_ids:
            both = data[offset : offset + pixels * 2].reshape(tiles, side, side, 2)[:images]
            frames_ids, frames_whole = both[..., 0].copy(), both[..., 1] > 0
            offset += pixels * 2
        if self.with_depth:
            raw = data[offset : offset + pixels * 4].view(np.float32).reshape(tiles, side, side)[:images]
            frames_depth = raw
            offset += pixels * 4
        labels = data[offset:].view(np.uint32).reshape(-1, _LABELS)[:images]
        boxes = labels[:, 2:].astype(np.int32).reshape(images, 2, 4)
        boxes[:, :, 2:] += 1
        boxes[labels[:, :2] == 0] = 0
        counts = (labels[:, :2] / self.samples).astype(np.float32)
        return Frames(
            rgba, counts[:, 0], counts[:, 1], boxes[:, 0], boxes[:, 1], frames_ids, frames_whole, frames_depth
        )
