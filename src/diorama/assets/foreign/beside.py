"""The files that a model may name: those in its own folder and below, and no others."""

from pathlib import Path, PurePosixPath

IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".tga", ".bmp", ".tif", ".tiff", ".dds", ".psd", ".gif")
MATERIALS = (".mtl", ".usd", ".usda", ".usdc", ".usdz")
"""Files of materials, and layers of stages: a stage may be made of several."""
MOST = 4096
"""Files that are looked at below a model's folder."""

DEPTH = 3
"""Folders below the model's own that are searched."""

MAX_BYTES = 1 << 28
"""Larger files are not read."""


def files_beside(model: Path) -> list[Path]:
    """Images, material files and layers in the model's folder and below, nearest first, then by name."""
    found: list[Path] = []
    folders = [model.parent]
    for _ in range(DEPTH):
        below: list[Path] = []
        for folder in folders:
            try:
                entries = sorted(folder.iterdir())
            except OSError:
                continue
            below += [p for p in entries if p.is_dir() and not p.is_symlink()]
            found += [p for p in entries if p.suffix.lower() in IMAGES + MATERIALS and p.is_file()]
            if len(found) > MOST:
                return found[:MOST]
        folders = below
    return found


class Beside:
    """Finds files by the names that a model gives them, which often are paths on its maker's own disk."""

    def __init__(self, model: Path) -> None:
        folder = model.parent.resolve()
        self._paths = [path for path in files_beside(model) if path.resolve().is_relative_to(folder)]

    def find(self, name: str) -> Path | None:
        """The file that agrees with the most of the name's last parts, ignoring case; None where none has its name."""
        wanted = [part.lower() for part in PurePosixPath(name.replace("\\", "/")).parts]
        if not wanted:
            return None
        best: tuple[int, Path] | None = None
        for path in self._paths:
            parts = [part.lower() for part in path.parts]
            alike = 0
            while alike < min(len(parts), len(wanted)) and parts[-1 - alike] == wanted[-1 - alike]:
                alike += 1
            if alike and (best is None or alike > best[0]):
                best = (alike, path)
        return best[1] if best else None

    def read(self, name: str) -> bytes | None:
        """The bytes of the file that `find` finds; None where there is none, or it is too large."""
        path = self.find(name)
        if path is None or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes()
