"""The sample schema: one row of labels per image, every column with its unit and meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diorama import exact
from diorama.dataset.layout import PLAIN, Layout
from diorama.randomize.compose import DERIVED
from diorama.randomize.factor import Kind
from diorama.randomize.recipe import Recipe
from diorama.randomize.tables import Column, columns

F32 = NDArray[np.float32]

_TYPES: dict[Kind, pa.DataType] = {
    "number": pa.float64(),
    "integer": pa.int64(),
    "truth": pa.bool_(),
    "name": pa.string(),
}
_SIDES = ("left", "top", "right", "bottom")


def _list(kind: pa.DataType, length: int = -1, nullable: bool = False) -> pa.DataType:
    return pa.list_(pa.field("element", kind, nullable=nullable), length)


_WORLD = _list(pa.float32(), nullable=True)


_OWN = (
    (pa.int64(), "index", "", "The image's number in the dataset."),
    (pa.string(), "file", "", "The file that holds the image, relative to this file's folder."),
    (pa.string(), "split", "", "The part of the dataset that the image belongs to."),
    (pa.string(), "class", "", "What the image shows."),
    (pa.string(), "subject", "", "The id of the model that the image shows."),
    (pa.string(), "breed", "", "The model's breed or make; of a model of your own, its file's name without suffix."),
    (pa.string(), "licence", "", "The terms under which the model is to be had; empty where they are unknown."),
    (pa.string(), "author", "", "Who made the model; empty where it is unknown."),
    (pa.int32(), "attempt.camera", "", "How often the camera was drawn again, to show the subject large enough."),
    (pa.int32(), "attempt.obstructors", "", "How often the obstructors were drawn again, to hide less of the subject."),
    (pa.uint64(), "seed", "", "The recipe's seed."),
    (pa.int32(), "box.left", "pixels", "Left edge of the box around the subject's visible pixels."),
    (pa.int32(), "box.top", "pixels", "Upper edge, counted down from the image's upper edge."),
    (pa.int32(), "box.right", "pixels", "Right edge, exclusive."),
    (pa.int32(), "box.bottom", "pixels", "Lower edge, exclusive."),
    (pa.int32(), "whole_box.left", "pixels", "Left edge of that box were nothing in front of the subject."),
    (pa.int32(), "whole_box.top", "pixels", "Its upper edge."),
    (pa.int32(), "whole_box.right", "pixels", "Its right edge, exclusive."),
    (pa.int32(), "whole_box.bottom", "pixels", "Its lower edge, exclusive."),
    (pa.float32(), "extent.left", "pixels", "Left edge of the box around all of the subject, in the image or beyond."),
    (pa.float32(), "extent.top", "pixels", "Its upper edge."),
    (pa.float32(), "extent.right", "pixels", "Its right edge."),
    (pa.float32(), "extent.bottom", "pixels", "Its lower edge."),
    (pa.float32(), "truncation", "", "Share of the area of the extent that lies outside the image."),
    (pa.bool_(), "cut.left", "", "Whether the image's left side cuts the subject: its extent reaches beyond it."),
    (pa.bool_(), "cut.top", "", "Whether its upper side does."),
    (pa.bool_(), "cut.right", "", "Whether its right side does."),
    (pa.bool_(), "cut.bottom", "", "Whether its lower side does."),
    (pa.float32(), "visible_fraction", "", "Visible pixels of the subject over those it has were nothing before it."),
    (pa.float32(), "share", "", "Share of the image that the subject fills were nothing before it."),
    (pa.float32(), "intrinsics.fx", "pixels", "Focal length across."),
    (pa.float32(), "intrinsics.fy", "pixels", "Focal length down."),
    (pa.float32(), "intrinsics.cx", "pixels", "Principal point, from the image's left edge."),
    (pa.float32(), "intrinsics.cy", "pixels", "Principal point, from the image's upper edge."),
    (
        _list(pa.float32(), 12),
        "world_to_camera",
        "metres",
        "Matrix of 3 × 4, row by row, from the world to the camera: x right, y up, looking along -z.",
    ),
    (pa.float32(), "center.x", "metres", "Centre of the subject's box in the world."),
    (pa.float32(), "center.y", "metres", "Centre of the subject's box in the world: height above the ground."),
    (pa.float32(), "center.z", "metres", "Centre of the subject's box in the world."),
    (pa.float32(), "radius", "metres", "Half the diagonal of that box: the unit that other columns count in."),
)

_REQUESTED = {
    "keypoints": (
        (_list(pa.string()), "keypoints.name", "", "Names of the subject's keypoints: the same for all of a rig."),
        (_list(pa.float32()), "keypoints.x", "pixels", "Where each appears, from the left edge; 0 outside the image."),
        (_list(pa.float32()), "keypoints.y", "pixels", "Where each appears, from the upper edge; 0 outside the image."),
        (_list(pa.int8()), "keypoints.visible", "", "Of each, as in COCO: 0 outside the image, 1 hidden, 2 seen."),
        (_WORLD, "keypoints.world_x", "metres", "Where each is in the world; empty where the model has no such thing."),
        (_WORLD, "keypoints.world_y", "metres", "Where each is in the world: height above the ground; empty likewise."),
        (_WORLD, "keypoints.world_z", "metres", "Where each is in the world; empty likewise."),
    ),
    "ids": (
        (_list(pa.uint8()), "ids.id", "", "The codes of the plane ids that the scene has."),
        (_list(pa.string()), "ids.shape", "", "What each is: sky, ground, subject, or the obstructor's shape."),
        (_list(pa.string()), "ids.surface", "", "What each is made of: a sky, a surface, or a model in its own skin."),
    ),
}
"""The columns of labels that a recipe asks for; the others are planes."""


@dataclass(frozen=True, eq=False)
class Samples:
    """What is known of n images beside their pixels and planes."""

    index: NDArray[np.int64]  # (n,)
    subject: NDArray[np.str_]  # (n,) ids of models
    breed: NDArray[np.str_]  # (n,) their names
    credit: NDArray[np.str_]  # (n, 2) their licences and authors
    attempt: NDArray[np.int64]  # (n, 2) of camera and obstructors
    box: NDArray[np.int32]  # (n, 4) left, top, right, bottom in pixels, right and bottom exclusive
    whole_box: NDArray[np.int32]  # (n, 4) the same were nothing in front of the subject
    extent: F32  # (n, 4) the same of the projected vertices, in the image or beyond
    visible: F32  # (n,) pixels of the subject that are seen
    whole: F32  # (n,) the same were nothing in front of it
    view: F32  # (n, 3, 4) world → camera
    fov: F32  # (n,) full field of view, radians
    center: F32  # (n, 3) of the subject's box, metres
    radius: F32  # (n,) metres
    columns: dict[str, NDArray[Any]]  # every factor's values and what follows from them, as `Composition` has them
    lists: dict[str, list[NDArray[Any]]] = field(default_factory=dict)  # n lists for each requested column; NaN is none


def schema(recipe: Recipe | None = None) -> pa.Schema:
    """The columns of labels.parquet; each field's metadata gives its `unit` and `description`.

    Args:
        recipe: Asks for labels; without one, the columns that are always there.
    """
    own = [_field(name, kind, unit, doc) for kind, name, unit, doc in _OWN]
    drawn = [_field(c.name, _type(c), c.unit, c.doc) for c in columns()]
    derived = [_field(name, pa.float64(), unit, doc) for name, (unit, doc) in DERIVED.items()]
    asked = [
        _field(name, kind, unit, doc)
        for label in (recipe.labels if recipe else ())
        for kind, name, unit, doc in _REQUESTED.get(label, ())
    ]
    return pa.schema([*own, *drawn, *derived, *asked])


def table(recipe: Recipe, samples: Samples, lies: Layout = PLAIN) -> pa.Table:
    """The label rows of n images, in the order given, in a dataset that lies so."""
    split = lies.assigned(recipe.seed, samples.index, samples.subject).tolist()
    count, index, size = len(recipe.classes), samples.index, recipe.size
    focal = size / 2 / exact.tan(samples.fov / 2)
    middle = np.full(len(index), size / 2, np.float32)
    values: dict[str, Any] = {
        **samples.columns,
        **samples.lists,
        "index": index,
        "file": [lies.file(recipe, i, part) for i, part in zip(index.tolist(), split, strict=True)],
        "split": split,
        "class": [recipe.classes[i % count] for i in index.tolist()],
        "subject": samples.subject,
        "breed": samples.breed,
        "licence": samples.credit[:, 0],
        "author": samples.credit[:, 1],
        "attempt.camera": samples.attempt[:, 0],
        "attempt.obstructors": samples.attempt[:, 1],
        "seed": np.full(len(index), recipe.seed, np.uint64),
        **_parts("box", _SIDES, samples.box),
        **_parts("whole_box", _SIDES, samples.whole_box),
        **_parts("extent", _SIDES, samples.extent),
        **_parts("cut", _SIDES, np.concatenate([samples.extent[:, :2] < 0, samples.extent[:, 2:] > size], axis=1)),
        "truncation": truncation(samples.extent, size),
        "visible_fraction": samples.visible / np.maximum(samples.whole, np.float32(0.25)),  # 0.25: the least count
        "share": samples.whole / np.float32(size**2),
        **_parts("intrinsics", ("fx", "fy", "cx", "cy"), np.stack([focal, focal, middle, middle], axis=1)),
        "world_to_camera": samples.view,
        **_parts("center", ("x", "y", "z"), samples.center),
        "radius": samples.radius,
    }
    layout = schema(recipe)
    return pa.table([_array(values[field.name], field.type) for field in layout], schema=layout)


def truncation(extent: NDArray[np.floating], size: int) -> F32:
    """(n,) share of the area of boxes (n, 4: left, top, right, bottom) that lies outside an image of `size` pixels.

    It is that of a box of area, not of the subject's outline: 0 where the image holds all of it, 1 where none.
    """
    whole = extent.astype(np.float64)
    inside = np.clip(whole, 0, size)
    area, seen = (np.maximum(b[:, 2] - b[:, 0], 0) * np.maximum(b[:, 3] - b[:, 1], 0) for b in (whole, inside))
    share: F32 = (1 - seen / np.maximum(area, 1e-12)).astype(np.float32)
    return share


def _parts(name: str, parts: Sequence[str], values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {f"{name}.{part}": values[:, k] for k, part in enumerate(parts)}


def _field(name: str, kind: pa.DataType, unit: str, doc: str) -> pa.Field:
    return pa.field(name, kind, nullable=False, metadata={"unit": unit, "description": doc})


def _type(column: Column) -> pa.DataType:
    kind = _TYPES[column.kind]
    return _list(kind, column.slots) if column.slots else kind


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(_array(values.reshape(-1), kind.value_type), type=kind)
    if pa.types.is_list(kind):
        ends = np.cumsum([0, *map(len, values)]).astype(np.int32)
        flat = np.concatenate(values) if len(values) else np.zeros(0)
        nullable = kind.value_field.nullable
        held = pa.array(flat, kind.value_type, from_pandas=True) if nullable else _array(flat, kind.value_type)
        return pa.ListArray.from_arrays(pa.array(ends), held, type=kind)
    if isinstance(values, np.ndarray) and values.dtype.kind == "U":
        values = values.astype(object)
    return pa.array(values, kind)
