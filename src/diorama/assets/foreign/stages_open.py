"""Opens USD files that name no others than those in their own folder, or in their own package."""

import zipfile
from collections.abc import Iterator
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
    packed = path.suffix.lower() == ".usdz"
    ahead = [*_layers_in(path)] if packed else [str(path.resolve())]
    seen = set[str]()
    while ahead:
        here = ahead.pop()
        if here in seen:
            continue
        seen.add(here)
        if len(seen) > MOST:
            raise ValueError(f"it is made of more than {MOST} files")
        layer = Sdf.Layer.FindOrOpen(here)
        if layer is None:
            raise ValueError(f"{Path(here).name} is no USD file")
        _foreseeable(layer)
        for name in layer.GetCompositionAssetDependencies():
            target = _beside(path.parent.resolve(), Path(here).parent, name)
            if target.suffix.lower() == ".usdz":
                raise ValueError(f"it names a package, {name[:80]!r}")
            if not packed and target.is_file():  # all of a package is looked at anyway
                ahead.append(str(target))
    stage = Usd.Stage.Open(str(path))
    if stage is None:
        raise ValueError("it cannot be opened")
    return stage


def _layers_in(path: Path) -> Iterator[str]:
    """The layers of a package, as USD names them."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.lower().endswith((".usd", ".usda", ".usdc")):
                yield f"{path.resolve()}[{name}]"
            elif name.lower().endswith(".usdz"):
                raise ValueError("it is a package with a package in it")


def _beside(folder: Path, place: Path, name: str) -> Path:
    """The file that a layer in a place names."""
    target = (place / name).resolve()
    if "://" in name or "`" in name or "[" in name or not target.is_relative_to(folder):
        raise ValueError(f"it names {name[:80]!r}, which does not lie in its folder")
    return target


def _foreseeable(layer: Any) -> None:
    """Makes sure that nothing names files that are opened only when values are read."""

    def look(path: Any) -> None:
        spec = layer.GetObjectAtPath(path)
        if path.IsPrimPath() and spec is not None and spec.HasInfo("clips"):
            raise ValueError("value clips are not read")

    layer.Traverse(Sdf.Path.absoluteRootPath, look)
