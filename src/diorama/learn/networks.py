"""The convolutional networks that Diorama defines itself: VGG-16 as the seed paper has it, and a small one."""

import torch
from torch import nn

VGG16 = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")
"""Channels of each 3 × 3 convolution, and M for halving the size: configuration D of Simonyan and Zisserman."""

SMALL = (32, 64, 128, 192)
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


def small_features() -> nn.Sequential:
    """The small network: (B, 3, H, W) → (B, 192, H / 16, W / 16), to be trained from scratch in a minute or so."""
    layers: list[nn.Module] = []
    channels = 3
    for k, width in enumerate(SMALL):
        first = nn.Conv2d(channels, width, 3, stride=2 if k == 0 else 1, padding=1, bias=False)
        layers += [first, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        if k:
            layers.append(nn.MaxPool2d(2))
        channels = width
    return nn.Sequential(*layers)


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
