"""The renderer: a batch of scenes to pixels and labels, in one submission."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from diorama.errors import DeviceError
from diorama.render.atlas import Atlas
from diorama.render.device import Device, open_device
from diorama.render.frames import Frames
from diorama.render.layout import JOB, OBJECT_TYPE, POSED_BYTES, SCENE_STRIDE, Layout, pack
from diorama.render.pipelines import Pipelines
from diorama.render.pool import Pool
from diorama.scene.batch import SceneBatch


@dataclass(frozen=True)
class Ticket:
    """A submitted batch; several may be under way at once."""

    _renderer: "Renderer"
    _staging: Any
    _atlas: Atlas
    _images: int

    def result(self) -> Frames:
        """Waits for the batch and gives its frames; call it once.

        Raises:
            DeviceError: If the device was lost.
        """
        try:
            frames = self._atlas.read(self._staging, self._images)
        except Exception as error:  # noqa: BLE001  wgpu reports a lost device by many types
            raise DeviceError(
                "graphics adapter", f"the device was lost ({error})", "Run the same command again"
            ) from None
        self._renderer.free(self._staging)
        return frames


class Renderer:
    """Draws batches of scenes on one device. Not safe for use by several threads at once."""

    def __init__(self, device: Device | None = None) -> None:
        self.device = device or open_device()
        self._gpu = self.device.handle
        self.pool = Pool(self._gpu)
        self._pipelines: dict[int, Pipelines] = {}
        self._atlases: dict[tuple[int, int, int], Atlas] = {}
        self._staging: dict[int, list[Any]] = {}
        self._buffers: dict[str, Any] = {}
        self._samplers = self._make_samplers()

    def render(self, batch: SceneBatch, ids: bool = False, depth: bool = False) -> Frames:
        """The frames of a batch; `ids` and `depth` ask for the arrays of those names."""
        return self.submit(batch, ids, depth).result()

    def submit(self, batch: SceneBatch, ids: bool = False, depth: bool = False) -> Ticket:
        """Hands the batch to the device and returns at once.

        Raises:
            DeviceError: If the batch is too large for the device.
        """
        atlas = self._atlas(batch)
        pipelines = self._pipelines_for(batch.samples)
        layout = pack(batch, self.pool, atlas.rows, atlas.shadow_size)
        uniforms = self._upload("scenes", layout.scenes, "UNIFORM", SCENE_STRIDE)
        objects = self._upload("objects", layout.objects, "STORAGE", OBJECT_TYPE.itemsize)
        jobs = self._upload("jobs", layout.jobs, "STORAGE", JOB.itemsize)
        palette = self._upload("palette", layout.palette, "STORAGE", 48)
        posed = self._reserve("posed", layout.vertices * POSED_BYTES, "STORAGE|VERTEX")
        scene_group = pipelines.scene_group(uniforms, objects, atlas.shadow, self.pool, self._samplers)
        caster_group = pipelines.group(
            pipelines.caster_layout, [{"buffer": uniforms, "offset": 0, "size": SCENE_STRIDE}, objects]
        )
        batch_group = pipelines.group(pipelines.batch_layout, [palette, jobs, posed])

        encoder = self._gpu.create_command_encoder()
        self._pose(encoder, pipelines, layout, batch_group)
        self._shadow(encoder, pipelines, layout, atlas, caster_group, posed)
        self._shade(encoder, pipelines, layout, atlas, scene_group, posed, batch)
        atlas.count(encoder, pipelines, len(batch))
        atlas = replace(atlas, with_ids=ids, with_depth=depth)
        staging = self._take_staging(atlas.staging_bytes)
        atlas.copy(encoder, staging)
        self._gpu.queue.submit([encoder.finish()])
        return Ticket(self, staging, atlas, len(batch))

    def free(self, staging: Any) -> None:
        """Gives a read-back buffer back for the next batch."""
        self._staging.setdefault(staging.size, []).append(staging)

    def _pose(self, encoder: Any, pipelines: Pipelines, layout: Layout, batch_group: Any) -> None:
        run = encoder.begin_compute_pass()
        run.set_pipeline(pipelines.pose)
        run.set_bind_group(0, batch_group)
        for k, group in enumerate(layout.groups):
            extent = self._upload(
                f"range{k}", np.array([group.first_job, group.mesh.vertices, 0, 0], np.uint32), "UNIFORM", 16
            )
            resources = [group.mesh.rest, group.subject.base_colors, extent]
            run.set_bind_group(1, pipelines.group(pipelines.mesh_layout, resources))
            run.dispatch_workgroups((group.mesh.vertices + 63) // 64, len(group.scenes))
        run.end()

    def _shadow(self, encoder: Any, pipelines: Pipelines, layout: Layout, atlas: Atlas, group: Any, posed: Any) -> None:
        run = encoder.begin_render_pass(
            color_attachments=[],
            depth_stencil_attachment={
                "view": atlas.shadow.create_view(),
                "depth_clear_value": 1.0,
                "depth_load_op": "clear",
                "depth_store_op": "store",
            },
        )
        for subjects in layout.groups:
            run.set_pipeline(pipelines.subject_shadow["DOUBLE_SIDED" in subjects.subject.features])
            run.set_index_buffer(subjects.mesh.indices, "uint32")
            for i, scene in enumerate(subjects.scenes):
                atlas.set_shadow_tile(run, int(scene))
                run.set_bind_group(0, group, [int(scene) * SCENE_STRIDE])
                run.set_vertex_buffer(0, posed, (subjects.first_vertex + i * subjects.mesh.vertices) * POSED_BYTES)
                run.draw_indexed(subjects.mesh.count)
        run.set_pipeline(pipelines.object_shadow)
        self._draw_objects(run, layout, group, atlas.set_shadow_tile)
        run.end()

    def _shade(
        self,
        encoder: Any,
        pipelines: Pipelines,
        layout: Layout,
        atlas: Atlas,
        group: Any,
        posed: Any,
        batch: SceneBatch,
    ) -> None:
        """Subjects first, while nothing is in front of them: their ids then keep the whole subject."""
        run = encoder.begin_render_pass(**atlas.attachments())
        for subjects in layout.groups:
            subject, mesh = subjects.subject, subjects.mesh
            views = [t.create_view(dimension="2d-array") for t in (subject.textures, subject.linear_textures)]
            run.set_bind_group(1, pipelines.group(pipelines.subject_layout, [subject.looks, *views]))
            run.set_index_buffer(mesh.indices, "uint32")
            run.set_vertex_buffer(1, mesh.uvs)
            for i, scene in enumerate(subjects.scenes):
                run.set_pipeline(pipelines.subject(subject.features, bool(batch.subject_surface[scene] >= 0)))
                atlas.set_tile(run, int(scene))
                run.set_bind_group(0, group, [int(scene) * SCENE_STRIDE])
                run.set_vertex_buffer(0, posed, (subjects.first_vertex + i * mesh.vertices) * POSED_BYTES)
                run.draw_indexed(mesh.count)
        run.set_pipeline(pipelines.object)
        self._draw_objects(run, layout, group, atlas.set_tile)
        for pipeline, vertices in ((pipelines.ground, 4), (pipelines.sky, 3)):
            run.set_pipeline(pipeline)
            for scene in range(len(batch)):
                atlas.set_tile(run, scene)
                run.set_bind_group(0, group, [scene * SCENE_STRIDE])
                run.draw(vertices)
        run.end()

    def _draw_objects(self, run: Any, layout: Layout, group: Any, set_tile: Any) -> None:
        shapes = self.pool.shapes
        run.set_vertex_buffer(0, shapes.vertices)
        run.set_index_buffer(shapes.indices, "uint32")
        for scene in range(len(layout.object_range) - 1):
            first, last = layout.object_range[scene : scene + 2]
            if first < last:
                set_tile(run, scene)
                run.set_bind_group(0, group, [scene * SCENE_STRIDE])
            for k in range(first, last):
                count, start, base = shapes.ranges[layout.object_shape[k]]
                run.draw_indexed(count, 1, start, base, int(k))

    def _atlas(self, batch: SceneBatch) -> Atlas:
        # Capacity in powers of two: the last, smaller batch of a run needs no new textures, and few sizes occur.
        capacity = 1 << max(len(batch) - 1, 0).bit_length()
        key = (capacity, batch.size, batch.samples)
        if key not in self._atlases:
            self._atlases[key] = Atlas.create(self.device, *key)
        return self._atlases[key]

    def _pipelines_for(self, samples: int) -> Pipelines:
        if samples not in self._pipelines:
            self._pipelines[samples] = Pipelines(self._gpu, samples)
        return self._pipelines[samples]

    def _upload(self, name: str, data: Any, usage: str, at_least: int) -> Any:
        raw = np.ascontiguousarray(data).view(np.uint8).reshape(-1)
        buffer = self._reserve(name, max(raw.nbytes, at_least), usage)
        if raw.nbytes:
            self._gpu.queue.write_buffer(buffer, 0, raw)
        return buffer

    def _reserve(self, name: str, size: int, usage: str) -> Any:
        """A buffer kept under this name, made anew when it is too small; the queue's order makes it safe to reuse."""
        import wgpu

        found = self._buffers.get(name)
        if found is None or found.size < size:
            flags = wgpu.BufferUsage.COPY_DST
            for part in usage.split("|"):
                flags |= getattr(wgpu.BufferUsage, part)
            found = self._buffers[name] = self._gpu.create_buffer(size=-(-size * 5 // 4 // 256) * 256, usage=flags)
        return found

    def _take_staging(self, size: int) -> Any:
        import wgpu

        free = self._staging.get(size)
        if free:
            return free.pop()
        return self._gpu.create_buffer(size=size, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST)

    def _make_samplers(self) -> dict[str, Any]:
        linear = {"mag_filter": "linear", "min_filter": "linear", "mipmap_filter": "linear"}
        repeat = {"address_mode_u": "repeat", "address_mode_v": "repeat"}
        return {
            "tiling": self._gpu.create_sampler(**linear, **repeat),
            "sky": self._gpu.create_sampler(**linear),
            "shadow": self._gpu.create_sampler(mag_filter="linear", min_filter="linear", compare="less-equal"),
        }
