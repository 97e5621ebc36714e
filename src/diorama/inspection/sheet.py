"""Contact sheets: images side by side over their captions, with boxes, masks and keypoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isqrt
from pathlib import Path

import numpy as np
import pyarrow as pa
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from diorama.assets.keypoints import bones
from diorama.assets.sources import Models
from diorama.dataset import files
from diorama.dataset.reader import Dataset
from diorama.errors import RecipeError
from diorama.inspection.again import Again
from diorama.inspection.rows import rows_of

LINE, GAP = 16, 4
PAPER, INK = (250, 250, 248), (40, 40, 40)
BOX, MASK, POINT = (255, 176, 0), (0, 170, 255), (255, 0, 128)
SEEN = 2
TINT = 0.35
"""Share of its colour in what a mask covers."""


@dataclass(frozen=True)
class Points:
    """The K keypoints of an image, as its label row has them."""

    names: Sequence[str]
    x: Sequence[float]  # pixels from the left edge
    y: Sequence[float]  # pixels from the upper edge
    visible: Sequence[int]  # 0 outside the image, 1 hidden, SEEN


class Sheet:
    """A picture of tiles in a square, or nearly so.

    Args:
        out: The picture's file; its ending gives the format.
        count: How many tiles.
        size: Pixels along a tile's sides.
        lines: Lines of each caption.

    Raises:
        OutputError: If the file cannot be written, or is of no known format.
        RecipeError: If the count is not between 1 and 4096.
    """

    def __init__(self, out: str | Path, count: int, size: int, lines: int = 1) -> None:
        self._out, self._size = Path(out), size
        if not 1 <= count <= 4096:
            raise RecipeError("count", f"is {count}", "Give a number from 1 to 4096")
        self._kind = files.picture_format(self._out)
        self._columns = isqrt(count - 1) + 1
        self._tile = size + GAP, size + GAP + lines * LINE + 2
        width, height = self._tile
        paper = (self._columns * width + GAP, ceil(count / self._columns) * height + GAP)
        self._picture = Image.new("RGB", paper, PAPER)
        self._pen, self._font = ImageDraw.Draw(self._picture), ImageFont.load_default(LINE - 3)

    def put(
        self,
        place: int,
        rgb: NDArray[np.uint8],
        *lines: str,
        box: NDArray[np.int32] | None = None,
        mask: NDArray[np.bool_] | None = None,
        points: Points | None = None,
    ) -> None:
        """Draws a tile.

        Args:
            place: Its number.
            rgb: (S, S, 3) the image.
            *lines: Its caption.
            box: (4,) left, top, right, bottom in pixels, the last two exclusive.
            mask: (S, S) what to tint.
            points: Keypoints: dots where they are seen, rings where they are hidden.
        """
        x, y = place % self._columns * self._tile[0] + GAP, place // self._columns * self._tile[1] + GAP
        if mask is not None:
            shade = np.where(mask[..., None], (1 - TINT) * rgb + TINT * np.array(MASK), rgb)
            rgb = np.where(_outline(mask)[..., None], np.array(MASK), shade).astype(np.uint8)
        self._picture.paste(Image.fromarray(rgb), (x, y))
        if box is not None:
            left, top, right, bottom = box.tolist()
            self._pen.rectangle((x + left, y + top, x + right - 1, y + bottom - 1), outline=BOX, width=1)
        if points is not None:
            self._draw(points, x, y)
        for number, line in enumerate(lines):
            middle = (x + self._size / 2, y + self._size + (number + 0.5) * LINE + 1)
            self._pen.text(middle, self._fitted(line), INK, self._font, anchor="mm")

    def _draw(self, points: Points, x: int, y: int) -> None:
        """Keypoints of the tile whose upper left corner is at x, y."""
        at = [(x + px, y + py) for px, py in zip(points.x, points.y, strict=True)]
        for one, two in bones(points.names):
            if points.visible[one] and points.visible[two]:
                self._pen.line((at[one], at[two]), POINT)
        for (px, py), visible in zip(at, points.visible, strict=True):
            if visible:
                disc = (px - 2, py - 2, px + 2, py + 2)
                self._pen.ellipse(disc, POINT if visible == SEEN else PAPER, POINT)

    def save(self) -> Path:
        """Writes the picture.

        Raises:
            OutputError: If it cannot be written.
        """
        with files.replacing(self._out) as temporary:
            self._picture.save(temporary, self._kind)
        return self._out

    def _fitted(self, line: str) -> str:
        """As much of a line as its tile has room for."""
        if self._font.getlength(line) <= self._size:
            return line
        while line and self._font.getlength(line + "…") > self._size:
            line = line[:-1]
        return line + "…"


def sheet(
    root: str | Path,
    out: str | Path,
    *,
    count: int = 64,
    boxes: bool = False,
    masks: bool = False,
    keypoints: bool = False,
    models: Models | None = None,
) -> Path:
    """Writes the first images of a finished dataset to one picture, each over its class and subject.

    Args:
        root: The dataset, of any format.
        out: The picture's file; its ending gives the format (.png, .jpg, .webp).
        count: How many images; all, if there are fewer.
        boxes: Whether to draw the box around what is seen of the subject.
        masks: Whether to tint what is seen of it. Masks that the dataset does not hold are drawn again, exactly.
        keypoints: Whether to draw the keypoints, which the dataset must hold.
        models: For masks, the folder of models that it was made from; the embedded catalogue if not given.

    Raises:
        OutputError: If there is no finished dataset, or the picture cannot be written.
        RecipeError: If the count makes no sense, or the dataset holds no keypoints.
        AssetError: If masks cannot be drawn again.
    """
    dataset = Dataset.open(root)
    if keypoints and "keypoints" not in dataset.recipe.labels:
        raise RecipeError("--keypoints", f"{dataset.storage.address} holds none", "Make one with --labels keypoints")
    shown = Sheet(out, min(count, len(dataset)), dataset.recipe.size, lines=2)
    indices = list(range(min(count, len(dataset))))
    rows = rows_of(dataset, indices)
    covered: list[NDArray[np.bool_] | None] = [None] * len(indices)
    if masks and "mask" in dataset.recipe.labels:
        covered = list(dataset.planes(indices, "mask"))
    elif masks:
        covered = list(Again.open(dataset, models).masks(rows))
    sides = np.stack([rows[f"box.{side}"].to_numpy() for side in ("left", "top", "right", "bottom")], axis=1)
    names = zip(rows["class"].to_pylist(), rows["subject"].to_pylist(), strict=True)
    for place, (jpeg, (label, subject)) in enumerate(zip(dataset.jpegs(indices), names, strict=True)):
        model = subject.removeprefix(f"{label}/")
        box = sides[place] if boxes else None
        points = _points(rows, place) if keypoints else None
        shown.put(place, simplejpeg.decode_jpeg(jpeg), label, model, box=box, mask=covered[place], points=points)
    return shown.save()


def _points(rows: pa.Table, row: int) -> Points:
    return Points(*(rows[f"keypoints.{name}"][row].as_py() for name in ("name", "x", "y", "visible")))


def _outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(S, S) the pixels of a mask that have a neighbour outside it."""
    around = np.pad(mask, 1, mode="edge")
    inner = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return mask & ~inner
