"""A trained classifier: a backbone, heads, labels and what it was trained on, in a folder that loads in one line.

model/
  model.safetensors   all weights: `backbone.*`, or one per head as `backbones.0.*`, and `heads.0.*`
  config.json         architecture, labels, preprocessing, training, selection rule, the training data's hash
  README.md           the model card
"""

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from diorama.dataset import files
from diorama.engine.progress import Report, silent
from diorama.errors import ImageError, ModelError
from diorama.learn import card, devices, pretrained
from diorama.learn.backbones import Architecture, Backbone
from diorama.learn.features import Precision, features
from diorama.learn.images import ImageSet
from diorama.learn.pixels import Look, as_input

VERSION = 1
"""Of the folder's layout."""

CONFIG, _WEIGHTS, _CARD = "config.json", "model.safetensors", "README.md"


def head(width: int, hidden: int, classes: int, dropout: float) -> nn.Sequential:
    """(B, D) features → (B, C) logits: one hidden layer, as in the seed paper; none if `hidden` is 0."""
    if not hidden:
        return nn.Sequential(nn.Dropout(dropout), nn.Linear(width, classes))
    return nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes))


class Classifier(nn.Module):
    """S heads, one per seed, over one frozen backbone, or each over one of its own where that was trained too.

    Args:
        labels: (C,) names of the classes.
        backbones: One, or S.
        heads: S modules from (B, D) to (B, C).
        training: What it was trained with and on, as config.json keeps it; "selection" names the rule that chose the
            epoch.
        temperature: (S,) logits are divided by, to calibrate the probabilities.
    """

    temperature: Tensor

    def __init__(
        self,
        labels: Sequence[str],
        backbones: Sequence[Backbone],
        heads: Sequence[nn.Sequential],
        training: dict[str, Any],
        temperature: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        self.labels = tuple(labels)
        self.backbones = nn.ModuleList(backbones)
        self.heads = nn.ModuleList(heads)
        self.training_config = training
        self.register_buffer("temperature", torch.tensor(temperature or [1.0] * len(heads)), persistent=False)
        self.eval()

    @property
    def backbone(self) -> Backbone:
        """The first backbone, which is the only one where it is frozen."""
        return self.backbones[0]  # type: ignore[return-value]

    @property
    def seeds(self) -> int:
        """Heads (S)."""
        return len(self.heads)

    @property
    def selection(self) -> str:
        """The rule that chose the epoch, to be printed with every figure."""
        return str(self.training_config.get("selection", "unknown"))

    def backbone_of(self, seed: int) -> Backbone:
        """The backbone under head number `seed`."""
        return self.backbones[seed if len(self.backbones) > 1 else 0]  # type: ignore[return-value]

    def logits(self, x: Tensor) -> Tensor:
        """(S, B, C) of x, (B, 3, S, S) in 0..1; differentiable in x."""
        values = [backbone(x) for backbone in self.backbones]
        pairs = zip(values * (self.seeds // len(values)), self.heads, strict=True)
        return torch.stack([head(value) for value, head in pairs]) / self.temperature[:, None, None]

    def forward(self, x: Tensor) -> Tensor:
        """(B, C) probabilities of x, (B, 3, S, S) in 0..1: the mean over the heads."""
        return self.logits(x).softmax(-1).mean(0)

    def probabilities(
        self,
        images: ImageSet,
        *,
        precision: Precision | None = None,
        skipped: list[ImageError] | None = None,
        report: Report = silent,
    ) -> NDArray[np.float64]:
        """(S, N, C) probabilities of images, from their centre view; features are kept as in training.

        Args:
            images: What to classify; their labels do not count.
            precision: Of the backbone's arithmetic; that of the training if not given.
            skipped: Takes an error for each image that cannot be read, whose probabilities are then NaN.
            report: Is told how far it is.

        Raises:
            ImageError: For an image that cannot be read, if there is no list for it.
        """
        chosen = precision or self.training_config.get("precision", "auto")
        out = []
        values: NDArray[np.float32] | None = None
        for seed in range(self.seeds):
            if values is None or len(self.backbones) > 1:
                bad = skipped if seed == 0 else None if skipped is None else []
                values = features(self.backbone_of(seed), images, precision=chosen, skipped=bad, report=report)[0]
            out.append(self.from_features(torch.from_numpy(values), seed))
        return np.stack(out)

    def predict(self, paths: Sequence[str | Path]) -> NDArray[np.float64]:
        """(N, C) probabilities of image files: the mean over the heads.

        Raises:
            ImageError: For a file that cannot be read.
        """
        found = tuple(Path(path) for path in paths)
        images = ImageSet(Path(), self.labels, found, np.zeros(len(found), np.int64))
        return np.asarray(self.probabilities(images).mean(0))

    def from_features(self, values: Tensor, seed: int) -> NDArray[np.float64]:
        """(N, C) probabilities that head number `seed` gives to features (N, D)."""
        head = self.heads[seed]
        device = next(head.parameters()).device
        with torch.inference_mode():
            logits = [head(part.to(device)).double() for part in values.split(65536)]
            return (torch.cat(logits) / self.temperature[seed].double()).softmax(-1).cpu().numpy()

    def pixels(self, images: ImageSet) -> Tensor:
        """(N, 3, S, S) in 0..1: the centre view of images, as `logits` takes it.

        Raises:
            ImageError: For an image that cannot be read.
        """
        bad: dict[int, ImageError] = {}
        look = Look(None, self.backbone.size, self.backbone.architecture.resize)
        none = np.zeros((len(images), 0), np.float32)
        parts = [as_input(x) for _, x in look.batches(images, np.arange(len(images)), none, bad)]
        for error in bad.values():
            raise error
        return torch.cat(parts) if parts else torch.zeros(0, 3, look.size, look.size)

    def save(self, folder: str | Path) -> None:
        """Writes the model folder; what was there of it is replaced, file by file.

        Raises:
            OutputError: If it cannot be written.
        """
        folder = Path(folder)
        with files.output(folder):
            folder.mkdir(parents=True, exist_ok=True)
        state = {name: value.detach().cpu().contiguous() for name, value in self.state_dict().items()}
        config = {
            "diorama_version": VERSION,
            "labels": self.labels,
            "architecture": asdict(self.backbone.architecture),
            "backbones": len(self.backbones),
            "heads": self.seeds,
            "temperature": [round(float(value), 6) for value in self.temperature],
            "training": self.training_config,
        }
        files.write(folder / _WEIGHTS, save(state, {"format": "pt"}))
        files.write(folder / _CARD, card.write(config).encode())
        files.write(folder / CONFIG, (json.dumps(config, indent=2, ensure_ascii=False) + "\n").encode())

    @classmethod
    def load(cls, folder: str | Path) -> "Classifier":
        """The classifier of a model folder.

        Raises:
            ModelError: If it is none, or is damaged.
        """
        folder = Path(folder)
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            architecture = Architecture(**config["architecture"])
            training, labels, count = config["training"], config["labels"], int(config["heads"])
            heads = [head(architecture.width, training["hidden"], len(labels), training["dropout"])] * count
            temperature = [float(value) for value in config["temperature"]]
            many = int(config["backbones"])
        except FileNotFoundError as error:
            raise ModelError(
                str(folder), f"holds no {CONFIG}", "Give a folder that `diorama train` has made to its end"
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(str(folder / CONFIG), "is no classifier's", "Give a folder of `diorama train`") from error
        path = folder / _WEIGHTS
        try:
            state = load_file(path)
        except (OSError, SafetensorError) as error:
            raise ModelError(str(path), "is missing or damaged", "Train again, or fetch it again") from error
        backbones = []
        for number in range(many):  # each is built when its features are not there yet
            start = f"backbones.{number}.net."
            own = {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}
            backbones.append(Backbone(architecture, None, own))
        model = cls(labels, backbones, [deepcopy(item) for item in heads], training, temperature)
        rest = {name: value for name, value in state.items() if not name.startswith("backbones.")}
        pretrained.fill(model.heads, {name.removeprefix("heads."): value for name, value in rest.items()}, path)
        if architecture.name.partition(":")[0] != "hf":  # others are quick to build: what does not fit is told at once
            for backbone in backbones:
                _ = backbone.net
        return model.to(devices.processes().device).eval()
