"""What the tests of training share: folders of plain pictures, and a tiny Hugging Face model."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

COLOURS = {"red": (200, 40, 40), "blue": (40, 60, 200), "green": (40, 180, 60)}


def pictures(root: Path, count: int = 12, classes: tuple[str, ...] = ("red", "blue")) -> Path:
    """`count` noisy pictures per class, of the class's colour; no two alike."""
    rng = np.random.default_rng(len(classes))
    for name in classes:
        (root / name).mkdir(parents=True)
        for number in range(count):
            noise = rng.normal(0, 20, (40, 48, 3))
            pixels = np.clip(np.array(COLOURS[name]) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number:03d}.png")
    return root


def tiny_model(folder: Path) -> Path:
    """A ResNet of a few channels with random weights for pictures of 32 × 32, as Hugging Face keeps models."""
    from transformers import ResNetConfig, ResNetModel

    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic")
        ResNetModel(config).save_pretrained(folder)
    shown = {
        "image_processor_type": "ConvNextImageProcessor",
        "size": {"shortest_edge": 36},
        "do_center_crop": True,
        "crop_size": {"height": 32, "width": 32},
        "image_mean": [0.5, 0.4, 0.3],
        "image_std": [0.2, 0.25, 0.3],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(shown))
    return folder
