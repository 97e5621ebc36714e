"""Content hashes of plain data: the same for the same content, on every machine and in every process."""

import hashlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass

import numpy as np

PLAIN = frozenset({type(None), str, bytes, bool, int, float})
"""Types of values without parts."""


def content_hash(*values: object) -> str:
    """32 hexadecimal digits (BLAKE2b) of arrays, numbers, strings, and dataclasses and sequences of them.

    Raises:
        TypeError: For a value of any other kind, since its representation might not be stable.
    """
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        _feed(digest.update, value)
    return digest.hexdigest()


def _feed(update: Callable[[bytes], None], value: object) -> None:
    if isinstance(value, np.ndarray):
        little = value.astype(value.dtype.newbyteorder("<"), copy=False)
        update(f"array{value.dtype.str[1:]}{value.shape}".encode())
        update(np.ascontiguousarray(little).tobytes())
    elif type(value) in PLAIN or isinstance(value, str | bytes | int | float | np.generic):
        text = repr(value.item() if isinstance(value, np.generic) else value)
        update(f"{len(text)}:{text}".encode())
    elif is_dataclass(value) and not isinstance(value, type):
        update(type(value).__name__.encode())
        for item in fields(value):
            update(item.name.encode())
            _feed(update, getattr(value, item.name))
    elif isinstance(value, list | tuple):
        update(f"list{len(value)}".encode())
        for part in value:
            _feed(update, part)
    else:
        raise TypeError(f"cannot hash a {type(value).__name__}")
