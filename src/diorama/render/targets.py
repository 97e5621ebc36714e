"""What a batch is drawn into, and its way back to the host.

Every scene has a layer of its own, at the same pixel coordinates as any other's. In one large atlas the rounding of an
interpolated value would depend on where the scene's tile lies, and with it, now and then, the last bit of a pixel: an
image would not be the same alone as in a batch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.errors import BatchError
from diorama.render.device import Device
from diorama.render.frames import Frames
from diorama.render.pipelines import COLOR, DEPTH, IDS, LABEL_STRIDE, SHADOW, Pipelines

_LABELS = 10  # numbers per image that labels.wgsl writes
_EXTENT = 4  # numbers per image that extent.wgsl writes


@dataclass(frozen=True)
class Targets:
    """Render targets for up to `capacity` images of `size` pixels."""

    capacity: int
    size: int
    samples: int
    color: Any
    resolved: Any  # with several samples, one image on its way to its layer of `color`; else None
    ids: Any  # with several samples, one layer that the scenes use in turn; so is the depth
    depth: Any
    shadow: Any
    labels: Any
    extents: Any
    passes: tuple[dict[str, Any], ...]  # per scene, arguments of begin_render_pass
    shadow_passes: tuple[dict[str, Any], ...]
    count_group: Any

    @classmethod
    def create(cls, device: Device, pipelines: Pipelines, capacity: int, size: int, samples: int) -> "Targets":
        """Makes the targets.

        Raises:
            BatchError: If so many images do not fit the device.
        """
        import wgpu

        use, buffers, gpu = wgpu.TextureUsage, wgpu.BufferUsage, device.handle
        if capacity > device.max_layers:
            mend = f"Use --batch {device.max_layers} or less"
            raise BatchError("--batch", f"{capacity} images do not fit the adapter", mend)
        many, one = (size, size, capacity), (size, size, 1)
        attachment = use.RENDER_ATTACHMENT
        single = samples == 1
        shown = attachment | use.COPY_SRC | use.COPY_DST | use.TEXTURE_BINDING
        color = gpu.create_texture(size=many, format=COLOR, usage=shown)
        shadow = gpu.create_texture(size=many, format=SHADOW, usage=attachment | use.TEXTURE_BINDING)
        read = attachment | use.TEXTURE_BINDING | (use.COPY_SRC if single else 0)
        how = {"size": many if single else one, "usage": read, "sample_count": samples}
        ids, depth = gpu.create_texture(format=IDS, **how), gpu.create_texture(format=DEPTH, **how)
        mixed = resolved = None
        if not single:
            mixed = gpu.create_texture(size=one, format=COLOR, usage=attachment, sample_count=samples)
            resolved = gpu.create_texture(size=one, format=COLOR, usage=shown)
        labels = gpu.create_buffer(size=capacity * _LABELS * 4, usage=buffers.STORAGE | buffers.COPY_SRC)
        extents = gpu.create_buffer(size=capacity * _EXTENT * 4, usage=buffers.STORAGE | buffers.COPY_SRC)
        numbers = np.zeros((capacity, LABEL_STRIDE // 4), np.uint32)
        numbers[:, 0], numbers[:, 1] = size, np.arange(capacity)
        frames = gpu.create_buffer_with_data(data=numbers, usage=buffers.UNIFORM)
        view = ids.create_view(dimension="2d-array") if single else ids.create_view()
        resources = [view, labels, {"buffer": frames, "offset": 0, "size": 16}]
        return cls(
            capacity=capacity,
            size=size,
            samples=samples,
            color=color,
            resolved=resolved,
            ids=ids,
            depth=depth,
            shadow=shadow,
            labels=labels,
            extents=extents,
            passes=tuple(_drawing(k, color, mixed, resolved, ids, depth) for k in range(capacity)),
            shadow_passes=tuple(_casting(k, shadow) for k in range(capacity)),
            count_group=pipelines.group(pipelines.count_layout, resources),
        )

    def finish(self, encoder: Any, pipelines: Pipelines, scene: int) -> None:
        """With several samples, takes what was drawn of a scene away before the next one is drawn over it."""
        # Not resolved into the layer itself, since Mesa 22's software driver then writes to layer 0 whichever is meant.
        to = {"texture": self.color, "origin": (0, 0, scene)}
        encoder.copy_texture_to_texture({"texture": self.resolved}, to, (self.size, self.size, 1))
        self.count(encoder, pipelines, scene, 1)

    def count(self, encoder: Any, pipelines: Pipelines, first: int, images: int) -> None:
        """Adds the pass that counts the pixels, and finds the boxes, of images first … first + images - 1."""
        run = encoder.begin_compute_pass()
        run.set_pipeline(pipelines.count)
        run.set_bind_group(0, self.count_group, [first * LABEL_STRIDE])
        run.dispatch_workgroups(images)
        run.end()


def _drawing(k: int, color: Any, mixed: Any, resolved: Any, ids: Any, depth: Any) -> dict[str, Any]:
    shared = k if mixed is None else 0
    shown = {"view": _layer(color, k), "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}
    if mixed is not None:
        shown |= {"view": mixed.create_view(), "resolve_target": resolved.create_view(), "store_op": "discard"}
    marks = {"view": _layer(ids, shared), "clear_value": (0, 0, 0, 0), "load_op": "clear", "store_op": "store"}
    return {"color_attachments": [shown, marks], "depth_stencil_attachment": _depth(_layer(depth, shared), 0.0)}


def _casting(k: int, shadow: Any) -> dict[str, Any]:
    return {"color_attachments": [], "depth_stencil_attachment": _depth(_layer(shadow, k), 1.0)}


def _depth(view: Any, clear: float) -> dict[str, Any]:
    return {"view": view, "depth_clear_value": clear, "depth_load_op": "clear", "depth_store_op": "store"}


def _layer(texture: Any, k: int) -> Any:
    return texture.create_view(dimension="2d", base_array_layer=k, array_layer_count=1)


@dataclass(frozen=True)
class ReadBack:
    """The planes of a batch that are wanted on the host, and the buffer that they go through."""

    targets: Targets
    with_ids: bool
    with_depth: bool
    normals: Any = None  # the texture of normals, where they are wanted
    developed: Any = None  # the texture to read in place of the drawn pictures

    @property
    def _planes(self) -> dict[str, tuple[Any, Any]]:
        """Textures, and the types of their pixels."""
        planes: dict[str, tuple[Any, Any]] = {"rgba": (self.developed or self.targets.color, np.dtype((np.uint8, 4)))}
        if self.with_ids:
            planes["ids"] = self.targets.ids, np.dtype((np.uint8, 2))
        if self.with_depth:
            planes["depth"] = self.targets.depth, np.dtype(np.float32)
        if self.normals:
            planes["normals"] = self.normals, np.dtype((np.float16, 4))
        return planes

    def _row_bytes(self, pixel: Any) -> int:
        """Bytes from one row of an image to the next: WebGPU wants multiples of 256."""
        return int(-(-self.targets.size * pixel.itemsize // 256) * 256)

    @property
    def bytes(self) -> int:
        """Size of the buffer: the planes, then the labels and the extents."""
        rows = self.targets.capacity * self.targets.size
        planes = sum(rows * self._row_bytes(pixel) for _, pixel in self._planes.values())
        return planes + self.targets.capacity * (_LABELS + _EXTENT) * 4

    def copy(self, encoder: Any, staging: Any, images: int) -> None:
        """Adds the copies of the first `images` layers into the buffer."""
        offset, size = 0, self.targets.size
        for texture, pixel in self._planes.values():
            row = self._row_bytes(pixel)
            where = {"buffer": staging, "offset": offset, "bytes_per_row": row, "rows_per_image": size}
            encoder.copy_texture_to_buffer({"texture": texture}, where, (size, size, images))
            offset += self.targets.capacity * size * row
        encoder.copy_buffer_to_buffer(self.targets.labels, 0, staging, offset, images * _LABELS * 4)
        offset += self.targets.capacity * _LABELS * 4
        encoder.copy_buffer_to_buffer(self.targets.extents, 0, staging, offset, images * _EXTENT * 4)

    def wait(self, staging: Any) -> None:
        """Waits until the device has filled the buffer."""
        import wgpu

        if staging.map_state == "unmapped":
            staging.map_sync(wgpu.MapMode.READ)

    def frames(self, staging: Any, near: NDArray[np.float32]) -> Frames:
        """Unpacks the buffer once it is filled; `near` (B,) turns depths into metres."""
        data = np.asarray(staging.read_mapped(copy=False), dtype=np.uint8).reshape(-1)
        images, size, offset = len(near), self.targets.size, 0
        planes: dict[str, Any] = {}
        for name, (_, pixel) in self._planes.items():
            row = self._row_bytes(pixel)
            block = data[offset : offset + images * size * row].reshape(images, size, row)
            inner = block[:, :, : size * pixel.itemsize].copy()  # the buffer is given back below
            planes[name] = inner.view(pixel.base).reshape(images, size, size, *pixel.shape)
            offset += self.targets.capacity * size * row
        labels = data[offset : offset + images * _LABELS * 4].copy().view(np.uint32).reshape(images, _LABELS)
        offset += self.targets.capacity * _LABELS * 4
        extent = data[offset : offset + images * _EXTENT * 4].copy().view(np.float32).reshape(images, _EXTENT)
        del data
        staging.unmap()
        boxes = labels[:, 2:].astype(np.int32).reshape(images, 2, 4)
        boxes[:, :, 2:] += 1
        boxes[labels[:, :2] == 0] = 0
        counts = (labels[:, :2] / self.targets.samples).astype(np.float32)
        frames = Frames(planes["rgba"], counts[:, 0], counts[:, 1], boxes[:, 0], boxes[:, 1], extent)
        if self.with_ids:
            frames.ids, frames.whole_mask = planes["ids"][..., 0].copy(), planes["ids"][..., 1] > 0
        if self.with_depth:
            with np.errstate(divide="ignore"):
                frames.depth = near[:, None, None] / planes["depth"]
        if self.normals:
            frames.normals = planes["normals"][..., :3].astype(np.float32)
        return frames
