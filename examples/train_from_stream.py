"""Train a small network on images that are rendered while it trains.

    python examples/train_from_stream.py --steps 300 --workers 2
    python examples/train_from_stream.py my-models --steps 300

No image comes twice, so a batch is an honest test of what was learned from those before it: the accuracy printed is
that on images the network has not seen.
"""

import argparse
from collections import deque
from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

import diorama


def network(classes: int) -> nn.Module:
    """Five convolutions, each halving the image, and one linear layer."""
    widths = (3, 16, 32, 64, 96, 128)
    blocks = [
        nn.Sequential(nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU()) for a, b in pairwise(widths)
    ]
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], classes))


def train(stream: Any, steps: int, batch: int = 32, workers: int = 0, rate: float = 3e-3) -> list[float]:
    """Trains on so many batches.

    Returns:
        For each batch the share of its images that the network told right before it learned from them.
    """
    torch.manual_seed(0)
    model = network(len(stream.classes))
    optimizer = torch.optim.AdamW(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    # a graphics device does not survive a fork: workers are spawned
    loader = DataLoader(stream, batch, num_workers=workers, multiprocessing_context="spawn" if workers else None)
    right: list[float] = []
    recent: deque[float] = deque(maxlen=20)
    for step, (images, labels) in zip(range(1, steps + 1), loader, strict=False):
        scores = model(images.float() / 127.5 - 1)
        loss = nn.functional.cross_entropy(scores, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        right.append(float((scores.argmax(1) == labels).float().mean()))
        recent.append(right[-1])
        if step % 20 == 0 or step == steps:
            accuracy = sum(recent) / len(recent)
            print(f"{step * batch:6d} images, loss {loss.item():.3f}, accuracy on new images {accuracy:.1%}")
    return right


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="?", help="a folder of models; the embedded catalogue if not given")
    parser.add_argument("--steps", type=int, default=300, help="batches")
    parser.add_argument("--batch", type=int, default=32, help="images in a batch")
    parser.add_argument("--workers", type=int, default=2, help="processes that render")
    parser.add_argument("--size", type=int, default=96, help="pixels along each side")
    args = parser.parse_args()
    recipe = diorama.Recipe.preset("paper", size=args.size)
    if args.models:
        recipe = recipe.replace(classes=diorama.Catalogue.open(args.models).classes)
    train(diorama.stream(recipe, args.models), args.steps, args.batch, args.workers)


if __name__ == "__main__":
    main()
