"""How a classifier is trained: all that can be chosen, and its checks."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from diorama.errors import TrainingError
from diorama.learn.features import Precision
from diorama.learn.views import PRESETS

Select = Literal["last", "validation"]
Schedule = Literal["constant", "cosine"]


@dataclass(frozen=True)
class Settings:
    """The seed paper's, where nothing else is given.

    Source: S. Valtchev, J. Wu, "Domain randomization for neural network classification", Journal of Big Data 8, 2021.

    Attributes:
        backbone: As `load_backbone` takes it.
        preset: Which augmentation: "paper", "best" or "colour".
        epochs: Times that each image is seen.
        lr: Learning rate of heads, and of a backbone without pretrained weights.
        schedule: "constant", or "cosine": the learning rates rise for a tenth of the steps and then fall to nothing.
        backbone_lr: Learning rate of a pretrained backbone that is trained too. At the paper's 0.001 its VGG-16 fell to
            chance, so the default is a hundredth of it.
        unfreeze: Whether a pretrained backbone is trained too.
        hidden: Units of the hidden layer; 0 for none.
        dropout: Share of them that is left out at each step.
        batch: Images to a step.
        views: Random views of each image whose frozen features are computed; epoch e trains on view e mod views. A
            backbone that is trained sees a new view in every epoch.
        seeds: Heads, each with its own initial weights, order and dropout (S).
        seed: Of all randomness.
        validation: Share of the subjects, or of the images where no subjects are known, to be held out.
        select: Which epoch is kept: the last, or the one best on the held out part.
        balance: Whether rare classes weigh more.
        calibrate: Whether a temperature is fitted on the held out part.
        precision: Of a frozen backbone's arithmetic, and mixed precision of a trained one.
    """

    backbone: str = "vgg16"
    preset: str = "paper"
    epochs: int = 10
    lr: float = 1e-3
    schedule: Schedule = "constant"
    backbone_lr: float = 1e-5
    unfreeze: bool = False
    hidden: int = 128
    dropout: float = 0.3
    batch: int = 64
    views: int = 2
    seeds: int = 1
    seed: int = 0
    validation: float = 0.0
    select: Select = "last"
    balance: bool = False
    calibrate: bool = False
    precision: Precision = "auto"

    def __post_init__(self) -> None:
        self._least("epochs", 1)
        self._least("batch", 1)
        self._least("views", 1)
        self._least("seeds", 1)
        self._least("hidden", 0)
        self._within("dropout", 0.0, 0.95)
        self._within("validation", 0.0, 0.9)
        self._within("lr", 1e-9, 10.0)
        self._within("backbone_lr", 0.0, 10.0)
        self._within("seed", 0, (1 << 64) - 1)
        self._one_of("preset", tuple(PRESETS))
        self._one_of("schedule", ("constant", "cosine"))
        self._one_of("select", ("last", "validation"))
        self._one_of("precision", ("auto", "float32", "bfloat16"))
        for name, wanted in (("select", self.select == "validation"), ("calibrate", self.calibrate)):
            if wanted and not self.validation:
                raise TrainingError(name, "needs images that are held out", "Hold some out: --validation 0.2")

    @property
    def rule(self) -> str:
        """The rule that chooses the epoch, in words."""
        if self.select == "last":
            return f"the last of {self.epochs} epochs"
        return f"the best of {self.epochs} epochs on a held out {self.validation:.0%} of the training data"

    def as_dict(self) -> dict[str, Any]:
        """All of them, by name."""
        return asdict(self)

    def _least(self, name: str, least: int) -> None:
        value = getattr(self, name)
        if not isinstance(value, int) or value < least:
            raise TrainingError(name, f"is {value}", f"Give a whole number of {least} or more")

    def _within(self, name: str, low: float, high: float) -> None:
        value = getattr(self, name)
        if not low <= value <= high:  # NaN is not within either
            raise TrainingError(name, f"is {value}", f"Give a number from {low:g} to {high:g}")

    def _one_of(self, name: str, known: tuple[str, ...]) -> None:
        if getattr(self, name) not in known:
            raise TrainingError(name, f"is {getattr(self, name)!r}", f"Give one of {', '.join(known)}")


def mix_option(text: str) -> tuple[Path, float]:
    """The folder and weight of "DIR:WEIGHT".

    Raises:
        TrainingError: If it is none, or the weight is not between 0 and 1.
    """
    folder, _, number = text.rpartition(":")
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not folder or not 0 < weight < 1:
        raise TrainingError("mix", f"{text!r} is no folder and share", "Give DIR:SHARE with a share between 0 and 1")
    return Path(folder), weight


NAMES = tuple(item.name for item in fields(Settings))
"""Of all settings."""


def map_option(text: str) -> tuple[str, str]:
    """The sub-folder and class of "NAME=CLASS"; no class leaves it out.

    Raises:
        TrainingError: If it is none.
    """
    name, equals, to = text.partition("=")
    if not name or not equals:
        raise TrainingError("map", f"{text!r} maps nothing", "Give NAME=CLASS, or NAME= to leave it out")
    return name.strip(), to.strip()
