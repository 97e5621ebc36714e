"""Networks whose answers are known: maps are colour channels in blocks, logits weighted sums over them."""

import torch
from torch import Tensor, nn

BLOCK, SIZE = 8, 32


class Blocks(nn.Module):
    """(B, 3, 32, 32) → (B, 2): maps A, (B, 3, 4, 4), are the means of each colour over 8 × 8 blocks; z = w · g(A).

    With `squared`, g is the sum of squares of each map, so that gradients depend on the image; else the sum.
    """

    def __init__(self, weights: list[list[float]], squared: bool = False) -> None:
        super().__init__()
        self.maps = nn.AvgPool2d(BLOCK)
        self.register_buffer("weights", torch.tensor(weights))
        self.squared = squared

    def forward(self, x: Tensor) -> Tensor:
        a: Tensor = self.maps(x)
        sums = (a**2 if self.squared else a).sum((2, 3))
        return sums @ self.get_buffer("weights").T


def blocks(places: dict[tuple[int, int], tuple[float, float, float]]) -> Tensor:
    """(1, 3, 32, 32) black but for blocks (row, column) of a colour."""
    x = torch.zeros(1, 3, SIZE, SIZE)
    for (row, column), colour in places.items():
        rows, columns = slice(row * BLOCK, (row + 1) * BLOCK), slice(column * BLOCK, (column + 1) * BLOCK)
        x[0, :, rows, columns] = torch.tensor(colour)[:, None, None]
    return x
