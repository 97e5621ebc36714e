"""A contact sheet: what a recipe draws, at one glance."""

from collections import deque
from pathlib import Path

from diorama.assets.sources import Models
from diorama.generate import build, resolve
from diorama.images import images
from diorama.inspection.sheet import Sheet
from diorama.randomize.recipe import Recipe
from diorama.render.renderer import Renderer


def preview(
    out: str | Path,
    recipe: Recipe | None = None,
    models: Models | None = None,
    *,
    count: int = 64,
    boxes: bool = False,
    masks: bool = False,
) -> Path:
    """Writes the first `count` images of a recipe's dataset to one picture, each over its class's name.

    Args:
        out: The picture's file; its ending gives the format (.png, .jpg, .webp).
        recipe: What to show and how; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
        count: How many images, in a square or nearly so.
        boxes: Whether to draw the box around what is seen of the subject.
        masks: Whether to tint what is seen of it.

    Raises:
        OutputError: If the file cannot be written, or is of no known format.
        RecipeError: If the count is not between 1 and 4096.
        DioramaError: As `generate`.
    """
    recipe, catalogue = resolve(recipe, models)
    recipe = recipe.replace(labels=("mask",) if masks else ())
    sheet = Sheet(out, count, recipe.size)
    deque(build(catalogue, recipe), maxlen=0)
    renderer = Renderer()
    for batch in images(recipe, catalogue, renderer, range(count), min(count, renderer.device.default_batch)):
        for row, index in enumerate(batch.samples.index.tolist()):
            sheet.put(
                index,
                batch.rgba[row][..., :3],
                recipe.classes[index % len(recipe.classes)],
                box=batch.samples.box[row] if boxes else None,
                mask=batch.planes["mask"][row] if masks else None,
            )
    return sheet.save()
