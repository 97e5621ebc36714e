"""A dataset as COCO: data/*.jpg and labels.json with boxes, run-length masks and keypoints.

This is the layout that FiftyOne calls COCODetectionDataset; pycocotools, detectron2 and their like read labels.json.
Where there are splits, each has a folder of its own. The ids of an image and of its annotation are its number + 1.

COCO counts keypoints in whole pixels, so that the centres of pixels are whole numbers: half a pixel less than in
Diorama's labels. Boxes are distances from the image's corner in both.

Source: the format at https://cocodataset.org/#format-data; run lengths as in pycocotools' maskApi.c.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diorama.assets.keypoints import bones
from diorama.dataset.reader import Dataset
from diorama.inspection.rows import batches

BOX = ("box.left", "box.top", "box.right", "box.bottom")
KEYPOINTS = ("keypoints.name", "keypoints.x", "keypoints.y", "keypoints.visible")


class Coco:
    """Writes one split.

    Args:
        root: The split's folder; it exists.
        dataset: What is written.
        keypoints: Names of the keypoints of each class; None where there are none.
    """

    def __init__(self, root: Path, dataset: Dataset, keypoints: Mapping[str, Sequence[str]] | None) -> None:
        self._root, self._dataset, self._keypoints = root, dataset, keypoints
        self._labels = {name: number for number, name in enumerate(dataset.recipe.classes, 1)}
        self._open = ExitStack()
        (root / "data").mkdir()
        # annotations follow all images in the file, and wait for their turn in another
        self._images = self._open.enter_context((root / "labels.json").open("w", encoding="utf-8"))
        self._waiting = self._open.enter_context((root / "annotations.unfinished").open("w+", encoding="utf-8"))
        self._count = 0

    def put(self, row: Mapping[str, Any], jpeg: bytes, mask: NDArray[np.bool_] | None) -> None:
        """Adds an image.

        Args:
            row: Its label row.
            jpeg: Its file.
            mask: (S, S) the subject's visible pixels.
        """
        name, size = f"data/{row['index']:09d}.jpg", self._dataset.recipe.size
        (self._root / name).write_bytes(jpeg)
        if not self._count:
            self._images.write(self._head())
        image = {"id": row["index"] + 1, "file_name": name.removeprefix("data/"), "width": size, "height": size}
        _add(self._images, image, self._count)
        _add(self._waiting, annotation(row, self._labels[row["class"]], mask, self._keypoints), self._count)
        self._count += 1

    def finish(self) -> None:
        """Completes the file."""
        with self._open:
            if not self._count:
                self._images.write(self._head())
            self._images.write('\n],\n"annotations": [')
            self._waiting.seek(0)
            shutil.copyfileobj(self._waiting, self._images)
            self._images.write("\n]}\n")
        (self._root / "annotations.unfinished").unlink()

    def close(self) -> None:
        """Closes what is open."""
        self._open.close()

    def _head(self) -> str:
        info = {"description": "Rendered by Diorama", "version": self._dataset.recipe.hash}
        categories = []
        for name, number in self._labels.items():
            category: dict[str, Any] = {"id": number, "name": name, "supercategory": ""}
            if self._keypoints is not None:
                points = list(self._keypoints.get(name, ()))
                category |= {"keypoints": points, "skeleton": [[a + 1, b + 1] for a, b in bones(points)]}
            categories.append(category)
        parts = {"info": info, "licenses": [], "categories": categories}
        lines = (f'"{name}": {json.dumps(value, ensure_ascii=False)},\n' for name, value in parts.items())
        return "{" + "".join(lines) + '"images": ['


def annotation(
    row: Mapping[str, Any],
    category: int,
    mask: NDArray[np.bool_] | None,
    keypoints: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The annotation of an image's subject.

    Args:
        row: The image's label row.
        category: The class's id.
        mask: (S, S) the subject's visible pixels, if they are wanted.
        keypoints: Names of the keypoints of each class, if they are wanted.
    """
    left, top, right, bottom = (int(row[name]) for name in BOX)
    out: dict[str, Any] = {
        "id": row["index"] + 1,
        "image_id": row["index"] + 1,
        "category_id": category,
        "bbox": [left, top, right - left, bottom - top],
        "area": (right - left) * (bottom - top) if mask is None else int(mask.sum()),
        "iscrowd": 0,
    }
    if mask is not None:
        out["segmentation"] = {"size": list(mask.shape), "counts": run_lengths(mask)}
    if keypoints is not None:
        at = {
            name: [round(max(x - 0.5, 0), 2), round(max(y - 0.5, 0), 2), int(seen)] if seen else [0, 0, 0]
            for name, x, y, seen in zip(*(row[column] for column in KEYPOINTS), strict=True)
        }
        points = [at.get(name, [0, 0, 0]) for name in keypoints.get(row["class"], ())]
        out["num_keypoints"] = sum(seen > 0 for _, _, seen in points)
        out["keypoints"] = [number for point in points for number in point]
    return out | {"subject": row["subject"]}


def keypoints_of(dataset: Dataset) -> dict[str, list[str]] | None:
    """Names of the keypoints of each class, over all its models, as they first come; None if nobody asked for any."""
    if "keypoints" not in dataset.recipe.labels:
        return None
    found: dict[str, dict[str, None]] = {name: {} for name in dataset.recipe.classes}
    for rows in batches(dataset, ["class", "keypoints.name"]):
        for label, names in _distinct(rows):
            found[label] |= dict.fromkeys(names)
    return {label: list(names) for label, names in found.items()}


def _distinct(rows: pa.Table) -> Iterator[tuple[str, Sequence[str]]]:
    """Each class with each list of names once."""
    pairs = zip(rows["class"].to_pylist(), map(tuple, rows["keypoints.name"].to_pylist()), strict=True)
    return iter(dict.fromkeys(pairs))


def run_lengths(mask: NDArray[np.bool_]) -> str:
    """COCO's compressed run lengths of a mask (H, W), column by column, zeros first.

    From the fourth on each length is the difference from the one two before; numbers are written low bits first, five
    to a character from "0" on, the sixth bit saying that more follow.
    """
    flat = np.concatenate([[False], mask.T.ravel(), [not mask.T.ravel()[-1]]])
    counts = np.diff(np.flatnonzero(np.diff(flat)), prepend=0)
    counts[3:] -= counts[1:-2].copy()
    out = bytearray()
    for number in counts.tolist():
        more = True
        while more:
            bits, number = number & 0x1F, number >> 5
            more = number != (-1 if bits & 0x10 else 0)
            out.append((bits | 0x20 if more else bits) + 48)
    return out.decode()


def _add(file: TextIO, entry: Mapping[str, Any], before: int) -> None:
    file.write(("," if before else "") + "\n" + json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
