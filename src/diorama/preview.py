"""A contact sheet: what a recipe draws, at one glance."""

from collections import deque
from math import ceil, isqrt
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from diorama.dataset import files
from diorama.errors import OutputError, RecipeError
from diorama.generate import build, resolve
from diorama.images import images
from diorama.randomize.recipe import Recipe
from diorama.render.renderer import Renderer

CAPTION, GAP = 18, 4
PAPER, INK = (250, 250, 248), (40, 40, 40)


def preview(
    out: str | Path, recipe: Recipe | None = None, models: str | Path | None = None, *, count: int = 64
) -> Path:
    """Writes the first `count` images of a recipe's dataset to one picture, each over its class's name.

    Args:
        out: The picture's file; its ending gives the format (.png, .jpg).
        recipe: What to show and how; the preset `paper` if not given.
        models: A folder with one sub-folder of 3D models per class; the embedded catalogue if not given.
        count: How many images, in a square or nearly so.

    Raises:
        OutputError: If the file cannot be written, or is of no known format.
        RecipeError: If the count is not between 1 and 4096.
        DioramaError: As `generate`.
    """
    out = Path(out)
    if not 1 <= count <= 4096:
        raise RecipeError("count", f"is {count}", "Give a number from 1 to 4096")
    kind = Image.registered_extensions().get(out.suffix.lower())
    if kind not in ("PNG", "JPEG", "WEBP"):
        raise OutputError(str(out), "is not a picture's name", "End it in .png, .jpg or .webp")
    if not out.parent.is_dir():
        raise OutputError(str(out), "its folder does not exist", "Make it, or choose another")
    recipe, catalogue = resolve(recipe, models)
    deque(build(catalogue, recipe), maxlen=0)
    renderer = Renderer()

    columns = isqrt(count - 1) + 1
    tile = (recipe.size + GAP, recipe.size + GAP + CAPTION)
    sheet = Image.new("RGB", (columns * tile[0] + GAP, ceil(count / columns) * tile[1] + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(CAPTION - 5)
    for batch in images(recipe, catalogue, renderer, range(count), min(count, renderer.device.default_batch)):
        for index, rgba in zip(batch.samples.index.tolist(), batch.rgba, strict=True):
            x, y = index % columns * tile[0] + GAP, index // columns * tile[1] + GAP
            sheet.paste(Image.fromarray(rgba[..., :3]), (x, y))
            name = recipe.classes[index % len(recipe.classes)]
            pen.text((x + recipe.size / 2, y + recipe.size + CAPTION / 2), name, INK, font, anchor="mm")
    with files.replacing(out) as temporary:
        sheet.save(temporary, kind)
    return out
