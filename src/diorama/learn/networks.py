"""The convolutional networks that Diorama defines itself: VGG-16 as the seed paper has it, and a small one."""

from itertools import pairwise

import torch
from torch import Tensor, nn

VGG16 = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")
"""Channels of each 3 × 3 convolution, and M for halving the size: configuration D of Simonyan and Zisserman."""

SMALL = (24, 48, 64, 128, 192)
"""Channels of the small network's stages."""


def vgg16_features() -> nn.Sequential:
    """VGG-16's convolutional part: (B, 3, H, W) → (B, 512, H / 32, W / 32), named as torchvision's `features`.

    Source: K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015.
    """
    layers: list[nn.Module] = []
    channels = 3
    for item in VGG16:
        if isinstance(item, str):
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, item, 3, padding=1), nn.ReLU(inplace=True)]
            channels = item
    return nn.Sequential(*layers)


class Residual(nn.Module):
    """(B, C, H, W) → (B, D, H / s, W / s): two convolutions beside a shortcut, which alone counts before training.

    Source: K. He et al., "Deep residual learning for image recognition", CVPR 2016; the shortcut is averaged before its
    convolution as in T. He et al., "Bag of tricks for image classification", CVPR 2019.

    Args:
        channels: C.
        width: D.
        stride: s.
    """

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        last = nn.BatchNorm2d(width)
        nn.init.zeros_(last.weight)
        self.main = nn.Sequential(
            *convolution(channels, width, stride), nn.Conv2d(width, width, 3, padding=1, bias=False), last
        )
        self.shortcut = nn.Sequential(
            nn.AvgPool2d(stride), nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, D, H / s, W / s) of x, (B, C, H, W)."""
        return torch.relu(self.main(x) + self.shortcut(x))


def convolution(channels: int, width: int, stride: int) -> list[nn.Module]:
    """A 3 × 3 convolution, normalized and cut off below zero."""
    convolved = nn.Conv2d(channels, width, 3, stride, padding=1, bias=False)
    return [convolved, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]


def small_features() -> nn.Sequential:
    """The small network: (B, 3, H, W) → (B, 192, H / 16, W / 16), to be trained from scratch in a minute or so.

    It has 0.89 million weights. Its first layers halve the image soon, as most of the time would go there.
    """
    first, second, *rest = SMALL
    pairs = enumerate(pairwise((second, *rest)))
    return nn.Sequential(
        *convolution(3, first, 2),
        *convolution(first, second, 1),
        nn.MaxPool2d(2),
        *(Residual(channels, width, 2 if k else 1) for k, (channels, width) in pairs),
    )


def initialize(module: nn.Module, generator: torch.Generator) -> None:
    """Draws weights for ReLU networks (He et al. 2015): convolutions by fan-out, linear layers by fan-in.

    Linear layers are drawn as PyTorch draws them: weights and offsets uniform within 1 / √fan-in.
    """
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu", generator=generator)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.Linear):
            bound = part.in_features**-0.5
            nn.init.uniform_(part.weight, -bound, bound, generator=generator)
            nn.init.uniform_(part.bias, -bound, bound, generator=generator)
