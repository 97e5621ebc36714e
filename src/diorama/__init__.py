"""Diorama renders domain-randomized, exactly labelled image datasets from rigged 3D models.

    assets ──► randomize ──► scene ──► render ──► dataset
    what can    how a scene   one batch  pixels and  files that
    be shown    is drawn      of scenes  labels      last

`generate` is the main job on one page (generate.py): recipe + seed → scenes → frames → files. Read it first. Layers lie
one above the other and only ever call down: the renderer never sees a distribution, the dataset never sees a graphics
device, the engine that runs jobs never sees an image.

    import diorama

    recipe = diorama.Recipe.preset("paper", per_class=1000).omit("obstructors").pin("camera.distance", 2.5)
    diorama.generate("data", recipe)

Every public name is listed in `__all__` and loaded when it is first used, so that importing the package costs next to
nothing and opens no graphics device.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diorama.assets.library import Catalogue
    from diorama.assets.sources import Assets
    from diorama.dataset.reader import Dataset
    from diorama.engine.cluster import Cluster
    from diorama.errors import (
        AssetError,
        DeviceError,
        DioramaError,
        ExtraError,
        ImageError,
        ModelError,
        OutputError,
        RecipeError,
        TrainingError,
        UnseenSubjectError,
    )
    from diorama.evaluate.evaluation import evaluate
    from diorama.evaluate.worth import worth
    from diorama.explain.counterfactual import counterfactuals
    from diorama.explain.heat import explain
    from diorama.explain.truth import score_maps
    from diorama.generate import Progress, generate
    from diorama.learn.classifier import Classifier
    from diorama.learn.curation import curate
    from diorama.learn.settings import Settings
    from diorama.learn.stream import stream
    from diorama.learn.training import train
    from diorama.preview import preview
    from diorama.randomize.recipe import Recipe

__version__ = "0.1.0"

__all__ = [
    "AssetError",
    "Assets",
    "Catalogue",
    "Classifier",
    "Cluster",
    "Dataset",
    "DeviceError",
    "DioramaError",
    "ExtraError",
    "ImageError",
    "ModelError",
    "OutputError",
    "Progress",
    "Recipe",
    "RecipeError",
    "Settings",
    "TrainingError",
    "UnseenSubjectError",
    "__version__",
    "counterfactuals",
    "curate",
    "evaluate",
    "explain",
    "generate",
    "preview",
    "score_maps",
    "stream",
    "train",
    "worth",
]

_PLACES = {
    "Assets": "assets.sources",
    "Catalogue": "assets.library",
    "Classifier": "learn.classifier",
    "Cluster": "engine.cluster",
    "Dataset": "dataset.reader",
    "Progress": "generate",
    "Recipe": "randomize.recipe",
    "Settings": "learn.settings",
    "counterfactuals": "explain.counterfactual",
    "curate": "learn.curation",
    "evaluate": "evaluate.evaluation",
    "explain": "explain.heat",
    "generate": "generate",
    "preview": "preview",
    "score_maps": "explain.truth",
    "stream": "learn.stream",
    "train": "learn.training",
    "worth": "evaluate.worth",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'diorama' has no attribute {name!r}")
    value = getattr(import_module(f"diorama.{_PLACES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """A function keeps its public name when the module of the same name is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
