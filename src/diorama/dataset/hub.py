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


def described(fields: Iterable[pa.Field], classes: Sequence[str]) -> list[dict[str, Any]]:
    """Columns as a dataset card's `dataset_info` lists them under `features`.

    Args:
        fields: The columns; structs other than IMAGE are listed with what is in them.
        classes: The names of the labels.
    """
    return [{"name": field.name, **_told(field, classes)} for field in fields]


def _told(field: pa.Field, classes: Sequence[str]) -> dict[str, Any]:
    if field.name in ("label", "cls"):
        return {"dtype": {"class_label": {"names": {str(k): name for k, name in enumerate(classes)}}}}
    if field.type == IMAGE:
        return {"dtype": "image"}
    if pa.types.is_struct(field.type):
        return {"struct": described(field.type, classes)}
    if pa.types.is_fixed_size_list(field.type):
        return {"list": _name(field.type.value_type), "length": field.type.list_size}
    return {"list": _name(field.type.value_type)} if pa.types.is_list(field.type) else {"dtype": _name(field.type)}


def _name(kind: pa.DataType) -> str:
    return _NAMES.get(str(kind), str(kind))


def _feature(field: pa.Field, classes: Sequence[str]) -> Mapping[str, Any]:
    if field.name == "label":
        return {"names": list(classes), "_type": "ClassLabel"}
    return {"_type": "Image"} if field.type == IMAGE else _plain(field.type)


def _plain(kind: pa.DataType) -> Mapping[str, Any]:
    if pa.types.is_fixed_size_list(kind):
        return {"feature": _plain(kind.value_type), "length": kind.list_size, "_type": "List"}
    if pa.types.is_list(kind):
        return {"feature": _plain(kind.value_type), "_type": "List"}
    return {"dtype": _name(kind), "_type": "Value"}
