"""What a curation left out, as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageOps

from diorama.inspection.sheet import PAPER, Sheet

if TYPE_CHECKING:
    from diorama.learn.curation import Curated


def least_sure(curated: "Curated", out: str | Path, count: int = 64, size: int = 160) -> Path:
    """Writes the images that a curation was least sure of to one picture, in that order, each over what was said of it.

    Args:
        curated: What `curate` gave.
        out: The picture's file; its ending gives the format.
        count: How many images; all that were left out for it, if these are fewer, but at least one.
        size: Pixels along each side of a tile.

    Raises:
        ImageError: If an image cannot be read any more.
        OutputError: If the picture cannot be written.
        RecipeError: If the count makes no sense.
    """
    from diorama.learn.images import read_image  # needs the packages of the extra, which who has a curation has

    images, order = curated.images, np.argsort(curated.confidence, kind="stable")
    order = order[: min(count, max(int(curated.dropped.sum()), 1))]
    shown = Sheet(out, len(order), size, lines=2)
    for place, k in enumerate(order):
        picture = ImageOps.pad(read_image(images.paths[k], size), (size, size), color=PAPER)
        said = f"{images.classes[images.labels[k]]}: {curated.confidence[k]:.1%} sure"
        name = images.paths[k].stem if images.subjects is None else images.subjects[k].rpartition("/")[2]
        shown.put(place, np.asarray(picture), said, name)
    return shown.save()
