"""Pictures that a classifier is right about for a known reason: plain colours, and a model that tells them apart."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from diorama.learn.backbones import load_backbone
from diorama.learn.classifier import Classifier, head
from diorama.learn.images import find_images

COLOURS = {"cat": (200, 60, 40), "dog": (40, 70, 200), "bike": (40, 190, 60)}


def folder(root: Path, wrong: int = 0, count: int = 12, classes: tuple[str, ...] = ("cat", "dog")) -> Path:
    """`count` images per class, in shades of the class's colour; the first `wrong` show the next class's."""
    for place, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for number in range(count):
            shown = classes[(place + (number < wrong)) % len(classes)]
            shade = np.array(COLOURS[shown]) + 3 * (number % 7) - 9
            pixels = np.broadcast_to(shade.astype(np.uint8), (80, 96, 3))
            Image.fromarray(pixels).save(root / name / f"{number:03d}.png")
    return root


def model(root: Path, classes: tuple[str, ...] = ("cat", "dog"), seeds: int = 2, sure: float = 40.0) -> Path:
    """A model folder whose heads answer with the class of the nearest colour, exactly.

    A linear head with the weights f and the offset -|f|² / 2 prefers the nearest of the features f.
    """
    backbone = load_backbone("small")
    shades = np.array([COLOURS[name] for name in classes], np.float32) / 255
    x = torch.from_numpy(shades)[:, :, None, None].expand(-1, -1, backbone.size, backbone.size)
    with torch.inference_mode():
        means = backbone(x)
    heads = [head(backbone.width, 0, len(classes), 0.0) for _ in range(seeds)]
    for one in heads:
        one[1].load_state_dict({"weight": sure * means, "bias": -sure * (means**2).sum(1) / 2})
    training = {"hidden": 0, "dropout": 0.0, "selection": "last epoch", "precision": "float32"}
    Classifier(classes, [backbone], heads, training).save(root)
    return root


def right(root: Path, where: Path) -> float:
    """The accuracy of a model on a folder."""
    loaded = Classifier.load(root)
    images = find_images(where, classes=loaded.labels)
    return float((loaded.probabilities(images).argmax(-1) == images.labels).mean())
