"""The process that turns a foreign model into glTF: `python -m diorama.assets.foreign.child MODEL` writes a GLB.

Native libraries read strangers' bytes here. Should one crash, hang or ask for all memory, only this process ends, and
`diorama.assets.convert` says so.
"""

import gc
import os
import sys
from pathlib import Path

MAX_MEMORY = 6 << 30
"""Bytes of address space."""

MAX_SECONDS = 120
"""Of computing."""

REFUSED = 3
"""Exit status where the model cannot be read; the reason is on stderr."""

SCENES = (".fbx", ".obj")
MESHES = (".ply", ".stl", ".off")
STAGES = (".usd", ".usda", ".usdc", ".usdz")


def main(path: Path) -> int:
    """Writes the model to stdout; the exit status."""
    from diorama.assets.foreign.beside import Beside

    try:
        if path.suffix.lower() in SCENES:
            from diorama.assets.foreign.scenes import read_scene as read
        elif path.suffix.lower() in STAGES:
            from diorama.assets.foreign.stages import read_stage as read
        else:
            from diorama.assets.foreign.meshes import read_mesh as read
        glb = read(path, Beside(path)).finish()
    except MemoryError:
        return _refuse("it needs too much memory")
    except Exception as error:  # noqa: BLE001  (whatever a library raises on hostile bytes)
        said = " ".join(str(error).split())[:200]
        return _refuse(f"it cannot be read ({said or type(error).__name__})")
    sys.stdout.buffer.write(glb)
    sys.stdout.buffer.flush()
    return 0


def _refuse(problem: str) -> int:
    sys.stderr.write(f"\n{problem}")
    sys.stderr.flush()
    return REFUSED


def limit() -> None:
    """Bounds this process: what a stranger's file asks for beyond ends it."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for kind, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    gc.disable()  # ufbx's binding crashes when it frees a scene
    limit()
    status = main(Path(sys.argv[1]))
    os._exit(status)  # for the same reason
