"""Opens USD files that name no others than those in their own folder."""

from pathlib import Path
from typing import Any

from pxr import Sdf, Usd, Work

MOST = 200
"""Layers of one stage."""


def opened(path: Path) -> Any:
    """The stage of a file.

    USD opens whatever a layer names, from anywhere; so all that it would open is looked at before.

    Raises:
        ValueError: Where a layer names a file outside of the folder, or what cannot be foreseen.
    """
    Work.SetConcurrencyLimit(1)
    folder = path.parent.resolve()
    ahead, seen = [path.resolve()], set[Path]()
    while ahead:
        here = ahead.pop()
        if here in seen:
            continue
        seen.add(here)
        if len(seen) > MOST:
            raise ValueError(f"it is made of more than {MOST} files")
        layer = Sdf.Layer.FindOrOpen(str(here))
        if layer is None:
            raise ValueError(f"{here.name} is no USD file")
        _foreseeable(layer)
        for name in layer.GetCompositionAssetDependencies():
            target = _beside(folder, here, name, packed=path.suffix.lower() == ".usdz")
            if target is not None:
                ahead.append(target)
    stage = Usd.Stage.Open(str(path))
    if stage is None:
        raise ValueError("it cannot be opened")
    return stage


def _beside(folder: Path, layer: Path, name: str, packed: bool) -> Path | None:
    """The file that a layer names; None where there is none, or it lies in the same package."""
    target = (layer.parent / name).resolve()
    if "://" in name or "`" in name or "[" in name or not target.is_relative_to(folder):
        raise ValueError(f"it names {name[:80]!r}, which does not lie in its folder")
    return target if target.is_file() and not packed else None


def _foreseeable(layer: Any) -> None:
    """Makes sure that nothing names files that are opened only when values are read."""

    def look(path: Any) -> None:
        spec = layer.GetObjectAtPath(path)
        if path.IsPrimPath() and spec is not None and spec.HasInfo("clips"):
            raise ValueError("value clips are not read")

    layer.Traverse(Sdf.Path.absoluteRootPath, look)
