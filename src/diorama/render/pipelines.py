"""The compiled passes and the shapes of their bindings."""

from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from diorama.render.layout import POSED_BYTES
from diorama.render.sources import FEATURES, source

LABEL_STRIDE = 256
"""Bytes from one image's numbers for labels.wgsl to the next: WebGPU's alignment of dynamic offsets."""

COLOR, IDS, DEPTH, SHADOW, NORMALS = "rgba8unorm-srgb", "rg8uint", "depth32float", "depth16unorm", "rgba16float"

POSED = {
    "array_stride": POSED_BYTES,
    "step_mode": "vertex",
    "attributes": [
        {"format": "float32x3", "offset": 0, "shader_location": 0},
        {"format": "snorm16x4", "offset": 12, "shader_location": 1},
        {"format": "float16x4", "offset": 20, "shader_location": 2},
        {"format": "float16x4", "offset": 28, "shader_location": 5},
        {"format": "float16x4", "offset": 36, "shader_location": 6},
        {"format": "float16x4", "offset": 44, "shader_location": 7},
    ],
}
UVS = {
    "array_stride": 12,
    "step_mode": "vertex",
    "attributes": [
        {"format": "float32x2", "offset": 0, "shader_location": 3},
        {"format": "uint32", "offset": 8, "shader_location": 4},
        {"format": "float32x2", "offset": 0, "shader_location": 8},  # in place of a second set: never read
    ],
}
SECOND_UVS = {
    **UVS,
    "array_stride": 20,
    "attributes": [*UVS["attributes"][:2], {"format": "float32x2", "offset": 12, "shader_location": 8}],  # type: ignore[index]
}
SHAPE = {
    "array_stride": 32,
    "step_mode": "vertex",
    "attributes": [
        {"format": "float32x3", "offset": 0, "shader_location": 0},
        {"format": "float32x3", "offset": 12, "shader_location": 1},
        {"format": "float32x2", "offset": 24, "shader_location": 2},
    ],
}


class Pipelines:
    """All pipelines for one number of samples; those of subjects are built when a set of features first occurs.

    Args:
        device: The open device.
        samples: Of each pixel.
        hands_on: As `Device.hands_on`.
    """

    def __init__(self, device: Any, samples: int, hands_on: bool) -> None:
        self._device, self._samples, self._hands_on = device, samples, hands_on
        self._subjects: dict[tuple[frozenset[str], bool, bool], Any] = {}
        self._groups: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        texture = {"sample_type": "float", "view_dimension": "2d-array"}
        self.scene_layout = self._layout(
            ["VERTEX|FRAGMENT", {"buffer": {"type": "uniform", "has_dynamic_offset": True, "min_binding_size": 0}}],
            ["VERTEX", {"buffer": {"type": "read-only-storage"}}],
            ["FRAGMENT", {"texture": {"sample_type": "depth", "view_dimension": "2d-array"}}],
            ["FRAGMENT", {"sampler": {"type": "comparison"}}],
            ["FRAGMENT", {"texture": texture}],
            ["FRAGMENT", {"texture": texture}],
            ["FRAGMENT", {"sampler": {"type": "filtering"}}],
            ["FRAGMENT", {"texture": texture}],
            ["FRAGMENT", {"sampler": {"type": "filtering"}}],
            ["FRAGMENT", {"sampler": {"type": "filtering"}}],
        )
        # The shadow pass draws into the map that the scene's group reads, so it has a group of its own.
        self.caster_layout = self._layout(
            ["VERTEX", {"buffer": {"type": "uniform", "has_dynamic_offset": True, "min_binding_size": 0}}],
            ["VERTEX", {"buffer": {"type": "read-only-storage"}}],
        )
        self.subject_layout = self._layout(
            ["VERTEX", {"buffer": {"type": "read-only-storage"}}],
            ["FRAGMENT", {"texture": texture}],
            ["FRAGMENT", {"texture": texture}],
        )
        self.batch_layout = self._layout(
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "storage"}}],
        )
        self.mesh_layout = self._layout(
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "uniform"}}],
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
        )
        self.extent_layout = self._layout(
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "read-only-storage"}}],
            ["COMPUTE", {"buffer": {"type": "storage"}}],
        )
        single = samples == 1
        ids = {"sample_type": "uint", "view_dimension": "2d-array" if single else "2d", "multisampled": not single}
        self.count_layout = self._layout(
            ["COMPUTE", {"texture": ids}],
            ["COMPUTE", {"buffer": {"type": "storage"}}],
            ["COMPUTE", {"buffer": {"type": "uniform", "has_dynamic_offset": True, "min_binding_size": 0}}],
        )
        self.pose = self._compute("pose", [self.batch_layout, self.mesh_layout], source("noise", "frame", "pose"))
        kind = "texture_2d_array<u32>" if single else "texture_multisampled_2d<u32>"
        labels = source("labels").replace("TEXTURE", kind).replace("SAMPLES", str(samples))
        labels = labels.replace("WHERE", "p, image, 0" if single else "p, s")
        self.count = self._compute("count", [self.count_layout], labels)
        self.extent = self._compute("extent", [self.extent_layout], source("extent"))
        shadows = self._module(source("scene", "shadow"))
        self.subject_shadow = {
            double_sided: self._shadow(shadows, "vs_subject_shadow", POSED, "none" if double_sided else "back")
            for double_sided in (False, True)
        }
        self.object_shadow = self._shadow(shadows, "vs_object_shadow", SHAPE, "back")
        self._drawn = self._module(self._source("normals", "sky"))
        self.object = self._draw(self._drawn, "object", [SHAPE], [self.scene_layout])
        self.ground = self._draw(self._drawn, "ground", [], [self.scene_layout], topology="triangle-strip")
        self.sky = self._draw(self._drawn, "sky", [], [self.scene_layout], ids=False)

    @cached_property
    def plate_layout(self) -> Any:
        """Group 1 of the pass that draws photos."""
        return self._layout(["FRAGMENT", {"texture": {"sample_type": "float", "view_dimension": "2d-array"}}])

    @cached_property
    def plate(self) -> Any:
        """The pipeline for photos behind everything."""
        return self._draw(self._behind, "plate", [], [self.scene_layout, self.plate_layout], ids=False)

    @cached_property
    def catcher(self) -> Any:
        """The pipeline for shadows on a photo: what is drawn already is multiplied."""
        multiply = {"src_factor": "dst", "dst_factor": "zero", "operation": "add"}
        keep = {"src_factor": "zero", "dst_factor": "one", "operation": "add"}
        return self._draw(
            self._behind,
            "catcher",
            [],
            [self.scene_layout],
            vertex="vs_ground",
            topology="triangle-strip",
            ids=False,
            blend={"color": multiply, "alpha": keep},
        )

    @cached_property
    def _behind(self) -> Any:
        return self._module(self._source("plate"))

    @cached_property
    def object_normals(self) -> Any:
        """The pipeline for the normals of objects."""
        return self._draw(self._drawn, "object", [SHAPE], [self.scene_layout], normals=True)

    @cached_property
    def ground_normals(self) -> Any:
        """The pipeline for the normals of the ground."""
        return self._draw(self._drawn, "ground", [], [self.scene_layout], topology="triangle-strip", normals=True)

    def subject(self, features: frozenset[str], surfaced: bool, normals: bool = False) -> Any:
        """The pipeline for a subject whose materials need these features, or for one that wears a surface."""
        key = (features & {"DOUBLE_SIDED", "SECOND"} if surfaced else features, surfaced, normals)
        if key not in self._subjects:
            kind = "pelt" if "FUR" in key[0] else "subject"
            shaders = ("frame", "noise", "coat", "fur", "pelt") if kind == "pelt" else ("noise", "coat", "subject")
            text = self._source("normals", "look", *shaders)
            for name in FEATURES:
                text = text.replace(f"HAS_{name}", "true" if name in key[0] else "false")
            text = text.replace("MULTISAMPLED", "true" if self._samples > 1 else "false")
            module = self._module(text.replace("SURFACED", "true" if surfaced else "false"))
            layouts = [self.scene_layout, self.subject_layout]
            self._subjects[key] = self._draw(
                module,
                kind,
                [POSED, SECOND_UVS if "SECOND" in features else UVS],
                layouts,
                amodal=True,
                cull="none" if "DOUBLE_SIDED" in features else "back",
                veiled="LAYER" in key[0],
                normals=normals,
            )
        return self._subjects[key]

    def subject_group(self, subject: Any) -> Any:
        """Group 1 of the drawing passes; it lasts as long as the subject is on the device."""
        if subject not in self._groups:
            views = [t.create_view(dimension="2d-array") for t in (subject.textures, subject.linear_textures)]
            self._groups[subject] = self.group(self.subject_layout, [subject.looks, *views])
        return self._groups[subject]

    def scene_group(self, scene: Any, objects: Any, shadow: Any, pool: Any, samplers: dict[str, Any]) -> Any:
        """Group 0 of the drawing passes."""
        colors, details, skies = (texture.create_view(dimension="2d-array") for texture in pool.textures)
        resources = [
            scene,
            objects,
            shadow.create_view(dimension="2d-array"),
            samplers["shadow"],
            colors,
            details,
            samplers["tiling"],
            skies,
            samplers["sky"],
            samplers["tiling_near"],
        ]
        return self.group(self.scene_layout, resources)

    def group(self, layout: Any, resources: list[Any]) -> Any:
        """A bind group of these resources; a bare buffer is bound whole."""
        entries = []
        for k, item in enumerate(resources):
            resource = {"buffer": item, "offset": 0, "size": item.size} if hasattr(item, "map_state") else item
            entries.append({"binding": k, "resource": resource})
        return self._device.create_bind_group(layout=layout, entries=entries)

    def _layout(self, *bindings: list[Any]) -> Any:
        import wgpu

        entries = []
        for k, (stages, kind) in enumerate(bindings):
            visibility = 0
            for stage in stages.split("|"):
                visibility |= getattr(wgpu.ShaderStage, stage)
            entries.append({"binding": k, "visibility": visibility, **kind})
        return self._device.create_bind_group_layout(entries=entries)

    def _source(self, *names: str) -> str:
        """What draws a scene."""
        return source("scene", "color", "light", "surface", *names, hands_on=self._hands_on)

    def _module(self, text: str) -> Any:
        return self._device.create_shader_module(code=text)

    def _compute(self, entry: str, layouts: list[Any], text: str) -> Any:
        return self._device.create_compute_pipeline(
            layout=self._device.create_pipeline_layout(bind_group_layouts=layouts),
            compute={"module": self._module(text), "entry_point": entry},
        )

    def _shadow(self, module: Any, entry: str, buffer: dict[str, Any], cull: str) -> Any:
        positions = {**buffer, "attributes": buffer["attributes"][:1]}
        return self._device.create_render_pipeline(
            layout=self._device.create_pipeline_layout(bind_group_layouts=[self.caster_layout]),
            vertex={"module": module, "entry_point": entry, "buffers": [positions]},
            primitive={"topology": "triangle-list", "cull_mode": cull},
            depth_stencil={
                "format": SHADOW,
                "depth_write_enabled": True,
                "depth_compare": "less",
                "depth_bias": 2,
                "depth_bias_slope_scale": 2.0,
            },
        )

    def _draw(
        self,
        module: Any,
        name: str,
        buffers: list[Any],
        layouts: list[Any],
        topology: str = "triangle-list",
        ids: bool = True,
        amodal: bool = False,
        cull: str = "none",
        veiled: bool = False,
        normals: bool = False,
        vertex: str = "",
        blend: Any = None,
    ) -> Any:
        import wgpu

        # Only the subject writes the second channel of the ids, which so keeps the whole of it when others cover it.
        mask = (wgpu.ColorWrite.RED | wgpu.ColorWrite.GREEN) if amodal else wgpu.ColorWrite.RED if ids else 0
        # The alpha of hair is the share of its pixel's samples that it covers; the picture's own stays 1.
        shown = wgpu.ColorWrite.ALL & ~wgpu.ColorWrite.ALPHA if veiled else wgpu.ColorWrite.ALL
        targets = [{"format": COLOR, "write_mask": shown}, {"format": IDS, "write_mask": mask}]
        if blend:
            targets[0]["blend"] = blend
        entry, behind = f"fs_{name}", name in ("sky", "plate", "catcher")
        if normals:
            targets, entry = [{"format": NORMALS}], f"fs_{name}_normals"
        return self._device.create_render_pipeline(
            layout=self._device.create_pipeline_layout(bind_group_layouts=layouts),
            vertex={"module": module, "entry_point": vertex or f"vs_{name}", "buffers": buffers},
            fragment={"module": module, "entry_point": entry, "targets": targets},
            primitive={"topology": topology, "cull_mode": cull},
            depth_stencil={
                "format": DEPTH,
                "depth_write_enabled": not behind,
                "depth_compare": "greater-equal" if behind else "greater",
            },
            multisample={"count": self._samples, "alpha_to_coverage_enabled": veiled and self._samples > 1},
        )
