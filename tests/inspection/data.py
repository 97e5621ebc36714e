"""Datasets for the tests of inspection: one of each format, with all labels and two splits, and the models of all."""

from pathlib import Path

from diorama.dataset.layout import FORMATS
from diorama.generate import generate
from diorama.randomize.recipe import LABELS
from tests import tiny

SEED = 4
"""Of which obstructors hide parts."""


def datasets(place: Path, per_class: int = 12) -> dict[str, Path]:
    """A dataset of each format, below `place`, which also holds the folder `models`."""
    models = tiny.models(place / "models")
    recipe = tiny.recipe(per_class=per_class, labels=LABELS, seed=SEED)
    for name in FORMATS:
        split = {"train": 0.7, "test": 0.3}
        generate(place / name, recipe, models, workers=1, format=name, shard_size=10, split=split)
    return {name: place / name for name in FORMATS}
