"""Content hashes of plain data: the same for the same content, on every machine and in every process."""

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

import numpy as np


def content_hash(*values: object) -> str:
    """32 hexadecimal digits (BLAKE2b) of arrays, numbers, strings, and dataclasses and sequences of them.

    Raises:
        TypeError: For a value of any other kind, since its representation might not be stable.
    """
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        for chunk in _chunks(value):
            digest.update(chunk)
    return digest.hexdigest()


def _chunks(value: object) -> Iterable[bytes]:
    if isinstance(value, np.ndarray):
        little = value.astype(value.dtype.newbyteorder("<"), copy=False)
        yield f"array{value.dtype.str[1:]}{value.shape}".encode()
        yield np.ascontiguousarray(little).tobytes()
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__.encode()
        for item in fields(value):
            yield item.name.encode()
            yield from _chunks(getattr(value, item.name))
    elif isinstance(value, list | tuple):
        yield f"list{len(value)}".encode()
        for item in value:
            yield from _chunks(item)
    elif value is None or isinstance(value, str | bytes | bool | int | float | np.generic):
        text = repr(value.item() if isinstance(value, np.generic) else value)
        yield f"{len(text)}:{text}".encode()
    else:
        raise TypeError(f"cannot hash a {type(value).__name__}")
