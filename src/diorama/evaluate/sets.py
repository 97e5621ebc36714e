"""Test sets as models see them: classes by the models' names, files that cannot be read left out and named."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from diorama.errors import ImageError
from diorama.learn.images import ImageSet, find_images

LABELS = "labels.parquet"


def open_set(root: Path, mapping: Mapping[str, str], labels: Iterable[tuple[str, ...]], limit: int | None) -> ImageSet:
    """A test set whose every class each model knows; it need not show all that the models know.

    Args:
        root: Its folder.
        mapping: Name of a sub-folder → the class it counts as; "" leaves it out.
        labels: The classes of each model.
        limit: At most so many images per class.

    Raises:
        ImageError: If it has no images, or classes that a model does not know: all of them are named.
    """
    present = {path.name for path in root.iterdir() if path.is_dir()}
    found = find_images(root, mapping={a: b for a, b in mapping.items() if a in present}, limit=limit)
    for known in labels:
        strangers = [name for name in found.classes if name not in known]
        if strangers:
            options = " ".join(f"--map {name}=" for name in strangers)
            raise ImageError(
                str(root),
                f"has {_listed(strangers)}, which the model does not know: it knows {_listed(known)}",
                f"Leave that out ({options}), or say what it counts as (--map {strangers[0]}={known[0]})",
            )
    return found


def check_mapping(mapping: Mapping[str, str], roots: Iterable[Path], labels: Iterable[tuple[str, ...]]) -> None:
    """Makes sure that a mapping speaks of sub-folders and classes that there are.

    Raises:
        ImageError: Naming what there is not.
    """
    present = sorted({path.name for root in roots for path in root.iterdir() if path.is_dir()})
    known = sorted({name for some in labels for name in some})
    for old, new in mapping.items():
        if old not in present:
            raise ImageError(f"--map {old}={new}", f"no set has a sub-folder {old}", f"There are {_listed(present)}")
        if new and new not in known:
            raise ImageError(f"--map {old}={new}", f"no model knows {new}", f"They know {_listed(known)}")


def relabelled(images: ImageSet, labels: tuple[str, ...]) -> ImageSet:
    """The same images with their classes as places in a model's labels."""
    places = np.array([labels.index(name) for name in images.classes], np.int64)
    return ImageSet(images.root, labels, images.paths, places[images.labels], images.subjects)


def file_names(images: ImageSet) -> tuple[str, ...]:
    """(N,) each image's path below the set's folder, with slashes."""
    return tuple(path.relative_to(images.root).as_posix() for path in images.paths)


def label_rows(images: ImageSet) -> pa.Table | None:
    """The images' rows of Diorama's labels.parquet, in their order; None where the set has no such file for them all.

    Raises:
        ImageError: If the file is damaged.
    """
    path = images.root / LABELS
    if not path.is_file():
        return None
    try:
        rows = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise ImageError(str(path), "is damaged", "Make the dataset again, or take the file away") from error
    if not {"file", "class"} <= set(rows.column_names):
        return None
    place = {name: k for k, name in enumerate(rows["file"].to_pylist())}
    index = [place.get(name, -1) for name in file_names(images)]
    return None if min(index, default=-1) < 0 else rows.take(pa.array(index))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
