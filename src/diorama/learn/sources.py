"""Where a training's batches come from: features that are computed, or images that are decoded as they are needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from diorama.errors import ImageError
from diorama.learn.images import ImageSet
from diorama.learn.pixels import Decoded, Look, as_input
from diorama.learn.views import CENTRE, Views, parameters

I64 = NDArray[np.int64]


class Source(Protocol):
    """Gives the input of images by their places."""

    def batches(self, order: I64, epoch: int, size: int) -> Iterator[tuple[I64, Tensor]]:
        """The input of the images at places `order`, `size` to a batch: their places, (B,), and the input, (B, …)."""
        ...


@dataclass(frozen=True, eq=False)
class Rows:
    """Features (V, N, D), a view per epoch."""

    values: NDArray[np.float32]
    device: torch.device

    def batches(self, order: I64, epoch: int, size: int) -> Iterator[tuple[I64, Tensor]]:
        """As `Source`: (B, D)."""
        view = self.values[epoch % len(self.values)]
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            yield rows, torch.from_numpy(view[rows]).to(self.device)


@dataclass(frozen=True, eq=False)
class Files:
    """Images, a new random view of each in every epoch, or their centres.

    Attributes:
        images: From which (N).
        views: Seed and augmentation.
        look: How they become input.
        bad: Takes the error of each image that cannot be read.
        device: Where the input goes.
        read: Gives the picture of a file.
    """

    images: ImageSet
    views: Views
    look: Look
    bad: dict[int, ImageError]
    device: torch.device
    read: Decoded

    def batches(self, order: I64, epoch: int, size: int) -> Iterator[tuple[I64, Tensor]]:
        """As `Source`: (B, 3, S, S) in 0..1."""
        if not len(order):  # of an epoch that was interrupted after its last step
            return
        views = CENTRE if self.look.augmentation is None else Views(1, self.look.augmentation, self.views.seed, epoch)
        uniforms = parameters(views, self.images.hashes[order])[0]
        for rows, pixels in self.look.batches(self.images, order, uniforms, self.bad, size, self.read):
            yield order[rows], as_input(pixels, self.device)
