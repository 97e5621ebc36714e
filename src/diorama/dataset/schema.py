"""The sample schema: one row of labels per image, every column with its unit and meaning."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diorama.dataset.layout import PLAIN, Layout
from diorama.randomize.factor import Kind
from diorama.randomize.recipe import Recipe
from diorama.randomize.tables import Column, columns

_TYPES: dict[Kind, pa.DataType] = {
    "number": pa.float64(),
    "integer": pa.int64(),
    "truth": pa.bool_(),
    "name": pa.string(),
}
_OWN = (
    (pa.int64(), "index", "", "The image's number in the dataset."),
    (pa.string(), "file", "", "The file that holds the image, relative to this file's folder."),
    (pa.string(), "split", "", "The part of the dataset that the image belongs to."),
    (pa.string(), "class", "", "What the image shows."),
    (pa.string(), "subject", "", "The id of the model that the image shows."),
    (pa.int32(), "attempt.camera", "", "How often the camera was drawn again, to show the subject large enough."),
    (pa.int32(), "attempt.obstructors", "", "How often the obstructors were drawn again, to hide less of the subject."),
    (pa.uint64(), "seed", "", "The recipe's seed."),
    (pa.int32(), "box.left", "pixels", "Left edge of the box around the subject's visible pixels."),
    (pa.int32(), "box.top", "pixels", "Upper edge, counted down from the image's upper edge."),
    (pa.int32(), "box.right", "pixels", "Right edge, exclusive."),
    (pa.int32(), "box.bottom", "pixels", "Lower edge, exclusive."),
    (pa.float32(), "visible_fraction", "", "Visible pixels of the subject over those it has were nothing before it."),
    (pa.float32(), "share", "", "Share of the image that the subject fills were nothing before it."),
)


@dataclass(frozen=True, eq=False)
class Samples:
    """What is known of n images beside their pixels."""

    index: NDArray[np.int64]  # (n,)
    subject: NDArray[np.str_]  # (n,) ids of models
    attempt: NDArray[np.int64]  # (n, 2) of camera and obstructors
    box: NDArray[np.int32]  # (n, 4) left, top, right, bottom in pixels, right and bottom exclusive
    visible: NDArray[np.float32]  # (n,) pixels of the subject that are seen
    whole: NDArray[np.float32]  # (n,) the same were nothing in front of it
    columns: dict[str, NDArray[Any]]  # every factor's values, as `Composition.columns`


def schema(recipe: Recipe | None = None) -> pa.Schema:
    """The columns of labels.parquet; each field's metadata gives its `unit` and `description`.

    Args:
        recipe: Asks for labels; without one, the columns that are always there.
    """
    own = [_field(name, kind, unit, doc) for kind, name, unit, doc in _OWN]
    return pa.schema([*own, *(_field(c.name, _type(c), c.unit, c.doc) for c in columns())])


def table(recipe: Recipe, samples: Samples, lies: Layout = PLAIN) -> pa.Table:
    """The label rows of n images, in the order given, in a dataset that lies so."""
    split = lies.assigned(recipe.seed, samples.index, samples.subject).tolist()
    count, index = len(recipe.classes), samples.index
    values: dict[str, Any] = {
        **samples.columns,
        "index": index,
        "file": [lies.file(recipe, i, part) for i, part in zip(index.tolist(), split, strict=True)],
        "split": split,
        "class": [recipe.classes[i % count] for i in index.tolist()],
        "subject": samples.subject,
        "attempt.camera": samples.attempt[:, 0],
        "attempt.obstructors": samples.attempt[:, 1],
        "seed": np.full(len(index), recipe.seed, np.uint64),
        "box.left": samples.box[:, 0],
        "box.top": samples.box[:, 1],
        "box.right": samples.box[:, 2],
        "box.bottom": samples.box[:, 3],
        "visible_fraction": samples.visible / np.maximum(samples.whole, np.float32(0.25)),  # 0.25: the least count
        "share": samples.whole / np.float32(recipe.size**2),
    }
    layout = schema()
    return pa.table([_array(values[field.name], field.type) for field in layout], schema=layout)


def _field(name: str, kind: pa.DataType, unit: str, doc: str) -> pa.Field:
    return pa.field(name, kind, nullable=False, metadata={"unit": unit, "description": doc})


def _type(column: Column) -> pa.DataType:
    kind = _TYPES[column.kind]
    return pa.list_(pa.field("element", kind, nullable=False), column.slots) if column.slots else kind


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(_array(values.reshape(-1), kind.value_type), type=kind)
    if isinstance(values, np.ndarray) and values.dtype.kind == "U":
        values = values.astype(object)
    return pa.array(values, kind)
