"""Arrow schemas as the Hugging Face libraries read them: images and class labels declared in the schema's metadata."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

IMAGE = pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())])
"""How the image feature is stored."""

_NAMES = {"double": "float64", "float": "float32", "halffloat": "float16"}


def schema(fields: Iterable[pa.Field], classes: Sequence[str]) -> pa.Schema:
    """A schema that `datasets` takes its features from: structs of IMAGE are images, the column `label` a class.

    Args:
        fields: The columns; their own metadata stays.
        classes: The names of the labels.
    """
    kept = list(fields)
    features = {field.name: _feature(field, classes) for field in kept}
    return pa.schema(kept, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _feature(field: pa.Field, classes: Sequence[str]) -> Mapping[str, Any]:
    if field.name == "label":
        return {"names": list(classes), "_type": "ClassLabel"}
    return {"_type": "Image"} if field.type == IMAGE else _plain(field.type)


def _plain(kind: pa.DataType) -> Mapping[str, Any]:
    if pa.types.is_fixed_size_list(kind):
        return {"feature": _plain(kind.value_type), "length": kind.list_size, "_type": "List"}
    if pa.types.is_list(kind):
        return {"feature": _plain(kind.value_type), "_type": "List"}
    return {"dtype": _NAMES.get(str(kind), str(kind)), "_type": "Value"}
