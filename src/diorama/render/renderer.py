"""The renderer: a batch of scenes to pixels and labels, in one submission."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.errors import BatchError
from diorama.render.device import Device, kept, open_device
from diorama.render.frames import Frames
from diorama.render.layout import EXTENT, JOB, OBJECT_TYPE, POSED_BYTES, SCENE_STRIDE, Layout, pack
from diorama.render.normals import NormalsPass
from diorama.render.photo import PhotoPass
from diorama.render.pipelines import Pipelines
from diorama.render.plates import Plates
from diorama.render.pool import DeviceSubject, Pool
from diorama.render.targets import ReadBack, Targets
from diorama.scene.batch import FLOORS, SHAPES, SceneBatch


@dataclass(frozen=True)
class Ticket:
    """A submitted batch; several may be under way at once."""

    _renderer: "Renderer"
    _staging: Any
    _back: ReadBack
    _near: NDArray[np.float32]  # (B,)
    _centers: "Ticket | None" = None  # the same scenes with one sample to a pixel, for ids and depth

    def wait(self) -> None:
        """Waits until the batch is drawn, so that `result` only has to unpack it.

        Raises:
            DeviceError: If the device was lost.
        """
        with kept():
            self._back.wait(self._staging)

    def result(self) -> Frames:
        """Waits for the batch and gives its frames; call it once.

        Raises:
            DeviceError: If the device was lost.
        """
        self.wait()
        frames = self._back.frames(self._staging, self._near)
        self._renderer.free(self._staging)
        if self._centers:
            exact = self._centers.result()
            frames.ids, frames.whole_mask = exact.ids, exact.whole_mask
            frames.depth, frames.normals = exact.depth, exact.normals
        return frames


@dataclass(frozen=True)
class _Groups:
    """Bind groups of the drawing passes."""

    scene: Any
    subjects: dict[DeviceSubject, Any]
    plates: Any  # None where no scene has a photo behind it
    floor: NDArray[np.int32]  # (B,) index into FLOORS, or -1 where there is no photo


def _floors(batch: SceneBatch) -> NDArray[np.int32]:
    if batch.photo is None or batch.floor is None:
        return np.full(len(batch), -1, np.int32)
    return np.where(batch.photo >= 0, batch.floor, -1).astype(np.int32)


class Renderer:
    """Draws batches of scenes on one device. Not safe for use by several threads at once."""

    def __init__(self, device: Device | None = None) -> None:
        self.device = device or open_device()
        self._gpu = self.device.handle
        self.pool = Pool(self.device)
        self._pipelines: dict[int, Pipelines] = {}
        self._targets: dict[tuple[int, int, int], Targets] = {}
        self._photos: dict[tuple[int, int, int], PhotoPass] = {}
        self._normals: dict[tuple[int, int], NormalsPass] = {}
        self._plates: dict[tuple[int, int, int], Plates] = {}
        self._staging: dict[int, list[Any]] = {}
        self._buffers: dict[str, Any] = {}
        self._samplers = self._make_samplers()

    def render(self, batch: SceneBatch, ids: bool = False, depth: bool = False, normals: bool = False) -> Frames:
        """The frames of a batch; `ids`, `depth` and `normals` ask for the arrays of those names."""
        return self.submit(batch, ids, depth, normals).result()

    def submit(self, batch: SceneBatch, ids: bool = False, depth: bool = False, normals: bool = False) -> Ticket:
        """Hands the batch to the device and returns at once.

        Raises:
            BatchError: If the batch is too large for the device.
            DeviceError: If the device was lost.
        """
        with kept(submitting=True):
            return self._submit(batch, ids, depth, normals, fine=batch.samples > 1)

    def free(self, staging: Any) -> None:
        """Gives a read-back buffer back for the next batch."""
        self._staging.setdefault(staging.size, []).append(staging)

    def _submit(self, batch: SceneBatch, ids: bool, depth: bool, normals: bool, fine: bool) -> Ticket:
        centers = None
        if batch.samples > 1 and (ids or depth or normals):  # at pixel centres, so drawn once more
            centers = self._submit(replace(batch, samples=1), ids, depth, normals, fine)
            ids = depth = normals = False
        pipelines = self._pipelines_for(batch.samples)
        targets = self._targets_for(batch, pipelines)
        photo = self._photo_for(batch, targets)
        normal = self._normals_for(targets) if normals else None
        plates = self._plates_for(batch, targets, pipelines)
        layout = pack(batch, self.pool, fine)
        uniforms = self._upload("scenes", layout.scenes, "UNIFORM", SCENE_STRIDE)
        objects = self._upload("objects", layout.objects, "STORAGE", OBJECT_TYPE.itemsize)
        jobs = self._upload("jobs", layout.jobs, "STORAGE", JOB.itemsize)
        palette = self._upload("palette", layout.palette, "STORAGE", 48)
        posed = self._reserve("posed", layout.vertices * POSED_BYTES, "STORAGE|VERTEX")
        one_scene = {"buffer": uniforms, "offset": 0, "size": SCENE_STRIDE}
        casters = pipelines.group(pipelines.caster_layout, [one_scene, objects])
        groups = _Groups(
            pipelines.scene_group(one_scene, objects, targets.shadow, self.pool, self._samplers),
            {s: pipelines.subject_group(s) for s in {group.subject for group in layout.groups}},
            plates and plates.group,
            _floors(batch),
        )

        encoder = self._gpu.create_command_encoder()
        self._pose(encoder, pipelines, layout, pipelines.group(pipelines.batch_layout, [palette, jobs, posed]))
        for scene in range(len(batch)):
            run = encoder.begin_render_pass(**targets.shadow_passes[scene])
            self._shadow(run, pipelines, layout, scene, casters, posed)
            run.end()
        for scene in range(len(batch)):
            run = encoder.begin_render_pass(**targets.passes[scene])
            surfaced = bool(batch.subject_surface[scene] >= 0)
            self._shade(run, pipelines, layout, scene, groups, surfaced, posed)
            run.end()
            if normal:
                run = encoder.begin_render_pass(**normal.arguments(scene))
                self._shade(run, pipelines, layout, scene, groups, surfaced, posed, normals=True)
                run.end()
            if batch.samples > 1:
                targets.finish(encoder, pipelines, scene)
            if photo:
                photo.develop(encoder, scene)
        if batch.samples == 1:
            targets.count(encoder, pipelines, 0, len(batch))
        shown = self._upload("shown", layout.extents(batch), "STORAGE", EXTENT.itemsize)
        self._measure(encoder, pipelines, [shown, posed, targets.extents], len(batch))
        back = ReadBack(targets, ids, depth, normal and normal.texture, photo and photo.developed)
        staging = self._take_staging(back.bytes)
        back.copy(encoder, staging, len(batch))
        self._gpu.queue.submit([encoder.finish()])
        return Ticket(self, staging, back, batch.near, centers)

    def _pose(self, encoder: Any, pipelines: Pipelines, layout: Layout, batch_group: Any) -> None:
        run = encoder.begin_compute_pass()
        run.set_pipeline(pipelines.pose)
        run.set_bind_group(0, batch_group)
        for k, group in enumerate(layout.groups):
            counts = np.array([group.first_job, group.mesh.vertices, group.mesh.targets, group.mesh.wide], np.uint32)
            extent = self._upload(f"range{k}", counts, "UNIFORM", 16)
            resources = [group.mesh.rest, group.subject.base_colors, extent, group.mesh.morphs, group.mesh.more]
            run.set_bind_group(1, pipelines.group(pipelines.mesh_layout, resources))
            run.dispatch_workgroups((group.mesh.vertices + 63) // 64, len(group.scenes))
        run.end()

    def _measure(self, encoder: Any, pipelines: Pipelines, resources: list[Any], images: int) -> None:
        run = encoder.begin_compute_pass()
        run.set_pipeline(pipelines.extent)
        run.set_bind_group(0, pipelines.group(pipelines.extent_layout, resources))
        run.dispatch_workgroups(images)
        run.end()

    def _shadow(self, run: Any, pipelines: Pipelines, layout: Layout, scene: int, group: Any, posed: Any) -> None:
        subject, mesh, vertex = layout.shown[scene]
        run.set_bind_group(0, group, [scene * SCENE_STRIDE])
        run.set_pipeline(pipelines.subject_shadow["DOUBLE_SIDED" in subject.features])
        run.set_index_buffer(mesh.indices, "uint32")
        run.set_vertex_buffer(0, posed, vertex * POSED_BYTES)
        run.draw_indexed(mesh.count)
        self._objects(run, pipelines.object_shadow, layout, scene, casters=True)

    def _shade(
        self,
        run: Any,
        pipelines: Pipelines,
        layout: Layout,
        scene: int,
        groups: _Groups,
        surfaced: bool,
        posed: Any,
        normals: bool = False,
    ) -> None:
        """The subject first, while nothing is in front of it: its ids then keep the whole of it."""
        subject, mesh, vertex = layout.shown[scene]
        run.set_bind_group(0, groups.scene, [scene * SCENE_STRIDE])
        run.set_bind_group(1, groups.subjects[subject])
        run.set_index_buffer(mesh.indices, "uint32")
        run.set_vertex_buffer(0, posed, vertex * POSED_BYTES)
        run.set_vertex_buffer(1, mesh.uvs)
        furred = 0 if surfaced else mesh.furred
        if furred:
            features = subject.features | ({"SPECKLES"} if layout.speckled[scene] else set())
            worn = {"COLLAR"} if layout.collared[scene] else set()
            run.set_pipeline(pipelines.subject(features | worn, surfaced, normals))
            run.draw_indexed(furred)
            if layout.hair[scene]:
                run.set_pipeline(pipelines.subject(features | {"LAYER"}, surfaced, normals))
                run.draw_indexed(furred, layout.hair[scene])
        if furred < mesh.count:
            run.set_pipeline(pipelines.subject(subject.features - {"FUR"}, surfaced, normals))
            run.draw_indexed(mesh.count - furred, 1, furred)
        self._objects(run, pipelines.object_normals if normals else pipelines.object, layout, scene)
        floor = int(groups.floor[scene])
        if floor <= FLOORS.index("drawn"):
            run.set_pipeline(pipelines.ground_normals if normals else pipelines.ground)
            run.draw(4)
        if normals:
            return
        if floor < 0:
            run.set_pipeline(pipelines.sky)
            run.draw(3)
            return
        run.set_pipeline(pipelines.plate)
        run.set_bind_group(1, groups.plates)
        run.draw(3)
        if floor == FLOORS.index("shadow"):
            run.set_pipeline(pipelines.catcher)
            run.draw(4)

    def _objects(self, run: Any, pipeline: Any, layout: Layout, scene: int, casters: bool = False) -> None:
        """All objects of a scene, or those that cast a shadow."""
        shapes = self.pool.shapes
        first, last = layout.object_range[scene : scene + 2]
        if first < last:
            run.set_pipeline(pipeline)
            run.set_vertex_buffer(0, shapes.vertices)
            run.set_index_buffer(shapes.indices, "uint32")
        for k in range(first, last):
            if casters and layout.object_shape[k] >= len(SHAPES):
                continue  # a backdrop
            count, start, base = shapes.ranges[layout.object_shape[k]]
            run.draw_indexed(count, 1, start, base, int(k))

    def _targets_for(self, batch: SceneBatch, pipelines: Pipelines) -> Targets:
        # Capacity in powers of two: the last, smaller batch of a run needs no new textures, and few sizes occur.
        rounded = 1 << max(len(batch) - 1, 0).bit_length()
        capacity = max(len(batch), min(rounded, self.device.max_layers))
        key = (capacity, batch.size, batch.samples)
        if key not in self._targets:
            self._targets[key] = Targets.create(self.device, pipelines, *key)
        return self._targets[key]

    def _photo_for(self, batch: SceneBatch, targets: Targets) -> PhotoPass | None:
        if batch.look is None:
            return None
        key = (targets.capacity, targets.size, targets.samples)
        if key not in self._photos:
            self._photos[key] = PhotoPass(self._gpu, targets)
        self._photos[key].begin(batch)
        return self._photos[key]

    def _plates_for(self, batch: SceneBatch, targets: Targets, pipelines: Pipelines) -> Plates | None:
        if batch.photo is None:
            return None
        key = (targets.capacity, targets.size, targets.samples)
        if key not in self._plates:
            self._plates[key] = Plates(self._gpu, pipelines, targets)
        self._plates[key].put(batch)
        return self._plates[key]

    def _normals_for(self, targets: Targets) -> NormalsPass:
        key = (targets.capacity, targets.size)
        if key not in self._normals:
            self._normals[key] = NormalsPass(self._gpu, targets)
        return self._normals[key]

    def _pipelines_for(self, samples: int) -> Pipelines:
        if samples not in self._pipelines:
            self._pipelines[samples] = Pipelines(self._gpu, samples, self.device.hands_on)
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
            if size > self.device.max_buffer:
                problem = f"{size >> 20} MB of {name} data are too much for the adapter"
                raise BatchError("--batch", problem, "Use a smaller batch")
            flags = wgpu.BufferUsage.COPY_DST
            for part in usage.split("|"):
                flags |= getattr(wgpu.BufferUsage, part)
            spare = min(-(-size * 5 // 4 // 256) * 256, self.device.max_buffer)
            found = self._buffers[name] = self._gpu.create_buffer(size=spare, usage=flags)
        return found

    def _take_staging(self, size: int) -> Any:
        import wgpu

        free = self._staging.get(size)
        if free:
            return free.pop()
        return self._gpu.create_buffer(size=size, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST)

    def _make_samplers(self) -> dict[str, Any]:
        linear = {"mag_filter": "linear", "min_filter": "linear"}
        repeat = {"address_mode_u": "repeat", "address_mode_v": "repeat"}
        return {
            "tiling": self._gpu.create_sampler(**linear, **repeat, mipmap_filter="linear"),
            "tiling_near": self._gpu.create_sampler(**linear, **repeat, mipmap_filter="nearest"),
            "sky": self._gpu.create_sampler(**linear, mipmap_filter="nearest"),
            "shadow": self._gpu.create_sampler(mag_filter="linear", min_filter="linear", compare="less-equal"),
        }
