"""From files to batches of pixels, decoded ahead by threads."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

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
"""Images to a batch: as many as the caches of a CPU take, and enough for a small GPU."""

AHEAD = 4
"""Batches that are decoded ahead."""


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
    ) -> Iterator[tuple[I64, U8]]:
        """Views of images, a batch after the other: which of the M rows it has, (B,), and their pixels, (B, S, S, 3).

        Args:
            images: From which.
            place: (M,) places in them.
            uniforms: (M, K) what each view is drawn with.
            bad: Takes the error of each image that cannot be read, by place; its rows are left out,
                and a batch may be empty.
            batch: Rows to a batch.
        """

        def load(rows: I64) -> tuple[I64, U8]:
            good, out, last, image = [], [], -1, None
            for row in rows.tolist():
                if place[row] != last:
                    last = int(place[row])
                    try:
                        image = read_image(images.paths[last], 2 * self.resize)
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
