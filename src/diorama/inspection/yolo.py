"""A dataset as YOLO: images/SPLIT/*.jpg, labels/SPLIT/*.txt with a line "class x y width height" each, and data.yaml.

Coordinates are shares of the image's sides, of the box around what is seen of the subject: its centre, then its sides.
Trainers take images from the splits that data.yaml calls train, val and test.

Source: the format at https://docs.ultralytics.com/datasets/detect/#ultralytics-yolo-format.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from diorama.inspection.coco import BOX

VALIDATION = ("val", "valid", "validation", "dev", "test", "train")
"""Splits that stand for validation, the first that there is: trainers refuse to begin without one."""


class Yolo:
    """Writes one split.

    Args:
        root: The dataset's folder; it exists.
        split: The split's name.
        classes: The classes' names; a label is a place in them.
        size: Pixels along an image's sides.
    """

    def __init__(self, root: Path, split: str, classes: Sequence[str], size: int) -> None:
        self._images, self._labels = root / "images" / split, root / "labels" / split
        self._classes, self._size = list(classes), size
        for folder in (self._images, self._labels):
            folder.mkdir(parents=True)

    def put(self, row: Mapping[str, Any], jpeg: bytes, mask: NDArray[np.bool_] | None = None) -> None:
        """Adds an image.

        Args:
            row: Its label row.
            jpeg: Its file.
            mask: Not used: the layout has boxes.
        """
        name = f"{row['index']:09d}"
        (self._images / f"{name}.jpg").write_bytes(jpeg)
        (self._labels / f"{name}.txt").write_text(line(row, self._classes.index(row["class"]), self._size))


def line(row: Mapping[str, Any], label: int, size: int) -> str:
    """The line of an image's subject."""
    left, top, right, bottom = (row[name] / size for name in BOX)
    numbers = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
    return " ".join([str(label), *(f"{number:.6f}" for number in numbers)]) + "\n"


def about(splits: Sequence[str], classes: Sequence[str]) -> str:
    """The text of data.yaml."""
    validation = next((name for name in VALIDATION if name in splits), splits[0])
    places = {"train": "train" if "train" in splits else splits[0], "val": validation}
    places |= {"test": "test"} if "test" in splits else {}
    data = {role: f"images/{split}" for role, split in places.items()} | {"names": dict(enumerate(classes))}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
