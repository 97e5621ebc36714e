"""From files to batches of pixels, decoded ahead by threads."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from diorama.errors import ImageError
from diorama.learn.images import ImageSet, read_image
from diorama.learn.views import Augmentation, centre, random_view

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

BATCH = 32
"""Images to a batch that are decoded by one thread."""

AHEAD = 4
"""Batches that are decoded ahead."""


MEMORY = 1 << 30
"""Bytes of decoded images that a training keeps, so that its next epochs need not decode them again."""


class Decoded:
    """Images for a network that is trained: shrunk as far as its views allow, and decoded once, as long as they fit.

    Args:
        least: Pixels of the shorter side of an image, at most, unless it has fewer.
        memory: Bytes that are kept.
    """

    def __init__(self, least: int, memory: int = MEMORY) -> None:
        self._least, self._room = least, memory
        self._kept: dict[Path, Image.Image] = {}

    def __call__(self, path: Path) -> Image.Image:
        """The picture of a file.

        Raises:
            ImageError: If it cannot be read whole.
        """
        image = self._kept.get(path)
        if image is None:
            image = read_image(path, self._least)
            scale = self._least / min(image.size)
            if scale < 1:
                size = [max(self._least, round(side * scale)) for side in image.size]
                image = image.resize((size[0], size[1]), Image.Resampling.BILINEAR, reducing_gap=2.0)
            held = 4 * image.width * image.height  # as Pillow has them
            if held <= self._room:
                self._room -= held
                self._kept[path] = image
        return image


@dataclass(frozen=True)
class Look:
    """How files become a network's input.

    Attributes:
        augmentation: What random views vary; None for the centre.
        size: Pixels along each side of the input (S).
        resize: Pixels of the shorter side before the centre crop.
    """

    augmentation: Augmentation | None
    size: int
    resize: int

    def __call__(self, image: Image.Image, uniforms: NDArray[np.float32]) -> U8:
        """(S, S, 3) one view; uniforms are (K,) of `views.parameters`."""
        if self.augmentation is None:
            return centre(image, self.size, self.resize)
        return random_view(image, self.size, self.augmentation, uniforms)

    def batches(
        self,
        images: ImageSet,
        place: I64,
        uniforms: NDArray[np.float32],
        bad: dict[int, ImageError],
        batch: int = BATCH,
        read: Callable[[Path], Image.Image] | None = None,
    ) -> Iterator[tuple[I64, U8]]:
        """Views of images, a batch after the other: which of the M rows it has, (B,), and their pixels, (B, S, S, 3).

        Args:
            images: From which.
            place: (M,) places in them.
            uniforms: (M, K) what each view is drawn with.
            bad: Takes the error of each image that cannot be read, by place; its rows are left out,
                and a batch may be empty.
            batch: Rows to a batch.
            read: Gives the picture of a file; `read_image`, at twice the size of a view at least, if not given.
        """
        read = read or (lambda path: read_image(path, 2 * self.resize))

        def load(rows: I64) -> tuple[I64, U8]:
            good, out, last, image = [], [], -1, None
            for row in rows.tolist():
                if place[row] != last:
                    last = int(place[row])
                    try:
                        image = read(images.paths[last])
                    except ImageError as error:
                        image, bad[last] = None, error
                if image is not None:
                    good.append(row)
                    out.append(self(image, uniforms[row]))
            return np.array(good, np.int64), np.stack(out) if out else np.zeros((0, self.size, self.size, 3), np.uint8)

        parts = iter(np.split(np.arange(len(place)), range(batch, len(place), batch)))
        with ThreadPoolExecutor() as pool:
            ahead: deque[Future[tuple[I64, U8]]] = deque(pool.submit(load, part) for part in islice(parts, AHEAD))
            try:
                while ahead:
                    rows, pixels = ahead.popleft().result()
                    ahead.extend(pool.submit(load, part) for part in islice(parts, 1))
                    yield rows, pixels
            finally:
                for future in ahead:
                    future.cancel()


def as_input(pixels: U8, device: torch.device | str = "cpu") -> Tensor:
    """(B, 3, S, S) float32 in 0..1, channels last, of (B, S, S, 3) bytes."""
    return torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float().div(255)
