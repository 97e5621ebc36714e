"""A finished dataset in the layout of other trainers, image by image, in memory that does not grow."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diorama.assets.sources import Models
from diorama.dataset import files
from diorama.dataset.reader import Dataset
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import RecipeError
from diorama.inspection import yolo
from diorama.inspection.again import Again
from diorama.inspection.coco import BOX, KEYPOINTS, Coco, keypoints_of
from diorama.inspection.rows import batches

KINDS = ("coco", "yolo")

BATCH = 200
"""Images that are held at once."""

Put = Callable[[dict[str, Any], bytes, NDArray[np.bool_] | None], None]


def export(
    root: str | Path,
    out: str | Path,
    to: str,
    *,
    models: Models | None = None,
    masks: bool = True,
    report: Report = silent,
) -> int:
    """Writes a copy of a finished dataset in another layout.

    Args:
        root: The dataset, of any format.
        out: The folder to make; it must be new or empty.
        to: "coco": data/*.jpg and labels.json, with boxes, masks, and keypoints where the dataset has them; in a folder
            for each split where there are splits. "yolo": images, labels and data.yaml, with boxes.
        models: For masks that the dataset does not hold, the folder of models that it was made from; the embedded
            catalogue if not given.
        masks: Whether COCO is to have masks: those of the dataset, or drawn again, which gives the same.
        report: Is called with how far it is.

    Returns:
        How many images were written.

    Raises:
        OutputError: If there is no finished dataset, or the folder cannot be made.
        RecipeError: If there is no such layout.
        AssetError: If masks cannot be drawn again.
    """
    if to not in KINDS:
        raise RecipeError("--to", f"there is no layout {to!r}", f"Choose from: {', '.join(KINDS)}")
    dataset, out = Dataset.open(root), Path(out)
    files.new_folder(out)
    masked = masks and to == "coco"
    again = Again.open(dataset, models) if masked and "mask" not in dataset.recipe.labels else None
    with files.making(out) as part, ExitStack() as opened:
        put, finish = _coco(dataset, part, opened) if to == "coco" else _yolo(dataset, part)
        columns = ["index", "split", "class", "subject", "attempt.camera", "attempt.obstructors", *BOX]
        columns += KEYPOINTS if "keypoints" in dataset.recipe.labels else []
        done = 0
        for rows in batches(dataset, columns, min(BATCH, dataset.layout.shard_size)):
            for row, jpeg, mask in _images(dataset, rows, masked, again):
                put[row["split"]](row, jpeg, mask)
            done += rows.num_rows
            report(Progress(f"writing {to}", done, len(dataset)))
        finish()
    return done


def _images(
    dataset: Dataset, rows: pa.Table, masked: bool, again: Again | None
) -> Iterator[tuple[dict[str, Any], bytes, NDArray[np.bool_] | None]]:
    """Label row, file and mask of each image."""
    indices = rows["index"].to_pylist()
    shapes: list[NDArray[np.bool_] | None] = [None] * len(indices)
    if masked:
        shapes = list(again.masks(rows) if again else dataset.planes(indices, "mask"))
    return zip(rows.to_pylist(), dataset.jpegs(indices), shapes, strict=True)


def _coco(dataset: Dataset, root: Path, opened: ExitStack) -> tuple[dict[str, Put], Callable[[], None]]:
    names = keypoints_of(dataset)
    writers = {}
    for split in dataset.layout.splits:
        folder = root / split if dataset.layout.split else root
        folder.mkdir(exist_ok=True)
        writers[split] = Coco(folder, dataset, names)
        opened.callback(writers[split].close)

    def finish() -> None:
        for writer in writers.values():
            writer.finish()

    return {split: writer.put for split, writer in writers.items()}, finish


def _yolo(dataset: Dataset, root: Path) -> tuple[dict[str, Put], Callable[[], None]]:
    splits, recipe = dataset.layout.splits, dataset.recipe
    writers = {split: yolo.Yolo(root, split, recipe.classes, recipe.size) for split in splits}

    def finish() -> None:
        (root / "data.yaml").write_text(yolo.about(splits, recipe.classes), encoding="utf-8")

    return {split: writer.put for split, writer in writers.items()}, finish
