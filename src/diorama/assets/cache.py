"""Built assets kept on disk: what takes seconds to build takes milliseconds to load.

    cached        a dict of arrays: one uncompressed .npz per asset (`archive`), in a folder per user
    cached_data   a plain-data dataclass (`Subject`, `Surface`, `Sky`), by way of `pack` and `unpack`

An entry's name holds a hash of its key and of the source of its builder and of all that the builder's module imports
from this package: an edit rebuilds, and nothing stale is ever read. Files are written to a name of the process's own
and then renamed, so that processes may build at once. A damaged file (every byte is checked) is built again. Where the
folder cannot be written, assets are built every time. Whoever writes an entry removes old ones: of each key the newest
VERSIONS stay, for as many states of the source in use at once, and of each kind no more than KIND_BYTES. Who wanted one
of those builds it again.
"""

import ast
import importlib.util
import json
import os
import sys
import threading
import types
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_dir

from diorama.assets import archive
from diorama.assets.archive import ALIGN, UNREADABLE, Arrays
from diorama.assets.hashing import PLAIN, content_hash

T = TypeVar("T")

VERSIONS = 3
"""Entries of one key that stay: the builders' source differs between them."""

KIND_BYTES = 8 << 30
"""Bytes of all entries of a kind, beyond which the oldest go."""

STALE_SECONDS = 24 * 3600
"""By so much older than a new entry, an unfinished one is what a killed process left behind."""


def cache_folder() -> Path:
    """The environment's DIORAMA_CACHE, or the user's cache folder."""
    return Path(os.environ.get("DIORAMA_CACHE") or user_cache_dir("diorama"))


def cached(kind: str, key: str, build: Callable[[], Arrays]) -> Arrays:
    """The arrays that `build` makes, from the cache if it has them.

    Args:
        kind: The sub-folder.
        key: All that the result depends on besides the builder's source: an id, a hash of its input.
        build: A function, or a partial of one whose arguments `key` tells apart.
    """
    return _stored(_path(kind, key, _source_of(build)), build)


def cached_data(cls: type[T], key: str, build: Callable[[], T], module: str | None = None) -> T:
    """Like `cached`, for a builder of a plain-data dataclass. The arrays of what it returns are read-only.

    Args:
        cls: The dataclass.
        key: As above; an id.
        build: As above.
        module: The module that holds the builder's arguments, where it is not the builder's own.
    """
    return unpack(cls, _stored(_data_path(cls, key, build, module), lambda: pack(build())))


def is_kept(cls: type[T], key: str, build: Callable[[], T], module: str | None = None) -> bool:
    """Whether the cache has a file for these arguments of `cached_data`, sound or not."""
    return _data_path(cls, key, build, module).is_file()


def _data_path(cls: type[T], key: str, build: Callable[[], T], module: str | None) -> Path:
    source = (source_hash(module) if module else "") + _source_of(build) + source_hash(cls.__module__)
    return _path(cls.__name__.lower(), key, source)


def _path(kind: str, key: str, source: str) -> Path:
    name = "".join(c if c.isalnum() else "-" for c in key)[:40]
    return cache_folder() / kind / f"{name}-{content_hash(key)[:8]}-{content_hash(key, source, np.__version__)}.npz"


def _stored(path: Path, build: Callable[[], Arrays]) -> Arrays:
    try:
        return archive.read(path)
    except UNREADABLE:
        arrays = build()
        _write(path, arrays)
    try:
        return archive.read(path)  # what lies in a file need not stay in memory
    except UNREADABLE:
        return arrays


def _write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        archive.write(temporary, arrays)
        temporary.replace(path)
        if _due(path.parent):
            _prune(path)
    except OSError:  # read-only or full: the asset is still good
        with suppress(OSError):
            temporary.unlink()


_written: dict[Path, tuple[int, int]] = {}
"""For each folder, files that this process has written since it last removed some, and how many there were then."""


def _due(folder: Path) -> bool:
    """Whether to look for old entries: after a share of what there is, so that who writes many need not look at many
    each time."""
    new, before = _written.get(folder, (0, 0))
    _written[folder] = new + 1, before
    return 16 * (new + 1) > before


def _prune(new: Path) -> None:
    """Removes what a new entry makes superfluous. Other processes may do the same, and read or write meanwhile."""
    entries: list[tuple[int, str, int]] = []  # age in nanoseconds against the new entry, name, bytes
    with os.scandir(new.parent) as found:
        for item in found:
            with suppress(FileNotFoundError):  # another process was quicker
                stat = item.stat()
                entries.append((stat.st_mtime_ns, item.name, stat.st_size))
    _written[new.parent] = 0, len(entries)
    written = next((time for time, name, _ in entries if name == new.name), 0)
    entries = sorted((written - time, name, size) for time, name, size in entries if name != new.name)
    same, total, gone = 1, new.stat().st_size, []
    for age, name, size in entries:  # from the newest to the oldest
        if name.startswith("."):
            gone += [name] if age > STALE_SECONDS * 10**9 else []
            continue
        version = name.rpartition("-")[0] == new.name.rpartition("-")[0]
        same += version
        total += size
        if (version and same > VERSIONS) or total > KIND_BYTES:
            gone.append(name)
    for name in gone:
        with suppress(OSError):
            (new.parent / name).unlink()


# Builders' source


def _source_of(build: Callable[[], object]) -> str:
    while isinstance(build, partial):
        build = build.func
    return source_hash(build.__module__)


@lru_cache
def source_hash(module: str) -> str:
    """Hash of the source of a module and of every module of the same package that it imports, directly or not.

    A package that is only the way to a module (`from package import module`) does not count.
    """
    found: dict[str, bytes] = {}
    ahead = [module]
    while ahead:
        name = ahead.pop()
        path = None if name in found else _path_of(name)
        if path is not None:
            found[name] = path.read_bytes()
            ahead += _imports(found[name], name.partition(".")[0])
    digest = blake2b(digest_size=16)
    for name, source in sorted(found.items()):
        digest.update(f"{name} {len(source)} ".encode() + source)
    return digest.hexdigest()


_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)
"""Parts of a module's tree in which there may be imports: not its many expressions."""

_PARSING = threading.Lock()
"""Python 3.11's parser counts its depth once for all threads, and may give up where two of them parse at once."""


@lru_cache(maxsize=1024)
def _imports(source: bytes, package: str) -> tuple[str, ...]:
    """Names that a module imports from its own top-level package: modules, and what may be names within one."""
    wanted: list[str] = []
    with _PARSING:
        ahead: list[ast.AST] = [ast.parse(source)]
    while ahead:
        node = ahead.pop()
        ahead += [part for part in ast.iter_child_nodes(node) if isinstance(part, _BLOCKS)]
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]  # modules, or names within the module
            names = inner if node.module.startswith(package) and all(map(_path_of, inner)) else [node.module, *inner]
        wanted += [name for name in names if name.partition(".")[0] == package]
    return tuple(wanted)


def _path_of(module: str) -> Path | None:
    """The module's source file; None for what is no module, or has no source."""
    loaded = sys.modules.get(module)
    if loaded is not None:
        file = getattr(loaded, "__file__", None)
    else:
        try:
            spec = importlib.util.find_spec(module)
        except ModuleNotFoundError:  # `from module import name`: a name within a module
            return None
        file = spec.origin if spec else None
    return Path(file) if file and file.endswith(".py") else None


# Plain data ⇄ arrays


def pack(value: object) -> Arrays:
    """A dataclass of arrays, numbers, strings, tuples and other such dataclasses, as two arrays of bytes.

    `header` is JSON: dataclasses and tuples as lists, an array as {"at", "dtype", "shape"} of its place in `data`.
    Few members load an order of magnitude faster than one per array. A `hash` that the value has is kept beside it, so
    that who asks for it need not read all that it is of.

    Raises:
        TypeError: For a value of any other kind.
    """
    chunks: list[bytes] = []
    end = 0

    def encode(item: object) -> object:
        nonlocal end
        kind: Any = type(item)
        if kind in PLAIN:  # nearly all of them
            return item
        if isinstance(item, np.ndarray) and item.dtype.kind in "biuf":
            little = np.ascontiguousarray(item, item.dtype.newbyteorder("<"))
            record = {"at": end, "dtype": little.dtype.str, "shape": list(item.shape)}
            blob = little.tobytes()
            blob += bytes(-len(blob) % ALIGN)
            chunks.append(blob)
            end += len(blob)
            return record
        if (names := _form(kind)[2]) is not None:
            return [encode(getattr(item, name)) for name in names]
        if isinstance(item, tuple):
            return [encode(part) for part in item]
        if isinstance(item, np.generic):
            return item.item()
        if isinstance(item, str | int | float):
            return item
        if isinstance(item, dict) and all(isinstance(key, str) for key in item):
            return {"keys": list(item), "values": [encode(part) for part in item.values()]}
        raise TypeError(f"cannot store a {type(item).__name__}")

    header = json.dumps(encode(value)).encode()
    arrays = {"header": np.frombuffer(header, np.uint8), "data": np.frombuffer(b"".join(chunks), np.uint8)}
    known = getattr(value, "hash", None)
    return arrays | ({"hash": np.array(known)} if isinstance(known, str) else {})


def unpack(cls: type[T], arrays: Mapping[str, NDArray[Any]]) -> T:
    """The dataclass that `pack` took, its arrays views into `data`."""
    data = arrays["data"]
    data.flags.writeable = False
    value = cast(T, _decode(cls, json.loads(arrays["header"].tobytes()), data))
    if "hash" in arrays:
        vars(value)["hash"] = str(arrays["hash"].item())  # as its cached property would
    archive.let_go(data)  # the check sums took a look at all
    return value


def _decode(kind: Any, item: Any, data: NDArray[np.uint8]) -> Any:
    origin, arguments, hints = _form(kind)
    if hints is not None:
        return kind(**{name: _decode(hints[name], part, data) for name, part in zip(hints, item, strict=True)})
    if origin is tuple:
        kinds = [arguments[0]] * len(item) if arguments[1:] == (...,) else arguments
        return tuple(_decode(inner, part, data) for inner, part in zip(kinds, item, strict=True))
    if origin is dict:
        return dict(zip(item["keys"], (_decode(arguments[1], part, data) for part in item["values"]), strict=True))
    if origin in (types.UnionType, typing.Union):  # None or the other
        return None if item is None else _decode(next(a for a in arguments if a is not type(None)), item, data)
    if origin is np.ndarray:
        size = int(np.prod(item["shape"])) * np.dtype(item["dtype"]).itemsize
        return data[item["at"] : item["at"] + size].view(item["dtype"]).reshape(item["shape"])
    return kind(item)


@lru_cache
def _form(kind: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any] | None]:
    """A type's origin and arguments, and of a dataclass the types of its fields."""
    hints = None
    if isinstance(kind, type) and is_dataclass(kind):
        known = typing.get_type_hints(kind)
        hints = {f.name: known[f.name] for f in fields(kind)}
    return typing.get_origin(kind), typing.get_args(kind), hints
