"""Foreign formats by way of glTF: a process of its own converts a model, and its result is read like any glTF file."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from diorama.assets.foreign import child
from diorama.assets.gltf_container import MAX_FILE_BYTES, read_bytes
from diorama.errors import AssetError

SUFFIXES = (*child.SCENES, *child.STAGES, *child.MESHES)
"""Formats that can be converted."""

TIMEOUT = 300
"""Seconds after which a conversion is given up."""

MEND = "Open it in Blender or MeshLab and export it as .glb"


def require_reader(path: Path) -> None:
    """Makes sure that what reads the model's format is installed.

    Raises:
        AssetError: Naming what to install.
    """
    if path.suffix.lower() in child.STAGES and find_spec("pxr") is None:
        raise AssetError(path.name, "what reads USD is not installed", "Install it: pip install 'diorama[usd]'")


def convert(path: Path) -> bytes:
    """The model as a glTF binary, self-contained.

    Raises:
        AssetError: Where it cannot be read, or the library that reads it crashes on it.
    """
    read_bytes(path, str(path), "the model")  # that it is there, readable and not too large
    require_reader(path)
    # One thread: the libraries gain nothing from more, and each reserves memory.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-P", "-m", child.__name__, str(path.absolute())]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise AssetError(path.name, f"it took more than {TIMEOUT} seconds to read", MEND) from None
    if done.returncode == child.REFUSED:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it cannot be read"]
        raise AssetError(path.name, said[-1][:300], MEND)  # what comes before, a library may have written
    if done.returncode:
        raise AssetError(path.name, f"the library that reads it failed on it (status {done.returncode})", MEND)
    if len(done.stdout) > MAX_FILE_BYTES:
        raise AssetError(path.name, f"it holds {len(done.stdout) >> 20} MiB", "Reduce the model below 1 GiB")
    return done.stdout
