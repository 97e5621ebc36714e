"""`explain`: where one or more classifiers look, as a picture: the seed paper's figure 5."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.dataset import files
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import ImageError, RecipeError
from diorama.evaluate.figures import save
from diorama.evaluate.names import named
from diorama.explain import figure
from diorama.explain.explained import Explained, probability
from diorama.explain.maps import METHODS, Score
from diorama.learn.classifier import Classifier
from diorama.learn.images import SUFFIXES, find_images, read_image

BATCH = 4
"""Images that are explained together."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where classifiers look.

    Attributes:
        models: Names of the M models.
        files: The N images.
        target: (M, N) names of the classes that are explained.
        predicted: (M, N) names of the classes that the models see.
        probability: (M, N) that of the explained class.
        maps: For each method (M, N, S, S); S is the largest input of the models.
        written: The files of the figure and the maps.
    """

    models: tuple[str, ...]
    files: tuple[Path, ...]
    target: NDArray[np.str_]
    predicted: NDArray[np.str_]
    probability: NDArray[np.float64]
    maps: Mapping[str, NDArray[np.float32]]
    written: tuple[Path, ...]


def explain(
    model: Classifier | str | Path | Explained,
    images: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    beside: Sequence[Classifier | str | Path | Explained] = (),
    target: str | None = None,
    each: int = 4,
    methods: Sequence[str] = METHODS,
    score: Score = "odds",
    report: Report = silent,
) -> Explanation:
    """Draws images with heat maps of what speaks for a class, and each model's prediction below.

    Args:
        model: A classifier, or its folder; "NAME=FOLDER" says what the figure calls it.
        images: Files, folders of images, or folders with one sub-folder per class, each of which is a panel, but for
            classes that no model knows; the title of one is given as "NAME=FOLDER".
        out: A folder for explanation.png, explanation.svg and maps.npz.
        beside: More classifiers, shown beside it.
        target: The class that the maps explain; the one that each model sees in each image if not given.
        each: Of a folder or class, how many images: the first, so that nobody has picked them.
        methods: Of `maps.METHODS`.
        score: What of the class is explained.
        report: Is told how far it is.

    Raises:
        ImageError: If an image cannot be read, or there is none.
        ModelError: If a model cannot be used, or does not know the class.
        RecipeError: If there is no such method, or nothing is asked for.
        OutputError: If the figure cannot be written.
    """
    given = [images] if isinstance(images, str | Path) else list(images)
    models = explained_by([model, *beside])
    if not methods or set(methods) - set(METHODS):
        raise RecipeError("method", f"is {', '.join(methods) or 'missing'}", f"Choose from {', '.join(METHODS)}")
    if each < 1:
        raise RecipeError("each", f"is {each}", "Give 1 or more")
    fixed = [one.label(target) for one in models] if target is not None else None
    panels = _panels(given, each, {name for one in models for name in one.labels})
    paths = [path for _, _, some in panels for path in some]
    shown = [read_image(path) for path in paths]
    seen = [one.see(shown) for one in models]
    logits = [one.predict(x) for one, x in zip(models, seen, strict=True)]
    labels = [z.argmax(1) if fixed is None else np.full(len(z), fixed[m]) for m, z in enumerate(logits)]
    side = max(x.shape[-1] for x in seen)
    maps = {method: np.empty((len(models), len(paths), side, side), np.float32) for method in methods}
    total, done = len(models) * len(paths), 0
    for m, one in enumerate(models):
        for first in range(0, len(paths), BATCH):
            part = slice(first, first + BATCH)
            for method in methods:
                maps[method][m, part] = _sized(one.map(method, seen[m][part], labels[m][part], score), side)
            done += len(paths[part])
            report(Progress("explaining", done, total))
    predicted = np.array([[one.labels[k] for k in z.argmax(1)] for one, z in zip(models, logits, strict=True)])
    names = np.array([[one.labels[k] for k in row] for one, row in zip(models, labels, strict=True)])
    own = [probability(z)[np.arange(len(z)), k] for z, k in zip(logits, labels, strict=True)]
    best = [probability(z).max(1) for z in logits]
    examples: dict[str, list[list[figure.Reading]]] = {}
    number = 0
    pictures = [x.cpu().numpy().transpose(0, 2, 3, 1) for x in seen]
    for title, truth, some in panels:
        for _ in some:
            readings = [
                figure.Reading(
                    pictures[m][number],
                    {method: maps[method][m, number] for method in methods},
                    f"{predicted[m, number]} {100 * best[m][number]:.0f} %",
                    None if truth not in one.labels else bool(predicted[m, number] == truth),
                )
                for m, one in enumerate(models)
            ]
            examples.setdefault(title, []).append(readings)
            number += 1
    about = f"“{target}”" if target is not None else "the class below"
    out = Path(out)
    with files.output(out):
        out.mkdir(parents=True, exist_ok=True)
    written = save(figure.heat_maps(examples, _names(models), about), out / "explanation")
    written.append(out / "maps.npz")
    with files.replacing(written[-1]) as temporary, temporary.open("wb") as file:
        arrays: dict[str, Any] = {method: values.astype(np.float16) for method, values in maps.items()}
        np.savez_compressed(file, allow_pickle=False, files=np.array(list(map(str, paths))), target=names, **arrays)
    return Explanation(tuple(_names(models)), tuple(paths), names, predicted, np.stack(own), maps, tuple(written))


def explained_by(models: Sequence[Classifier | str | Path | Explained]) -> list[Explained]:
    """Classifiers, or their folders ("NAME=FOLDER" gives one a name), to be explained.

    Raises:
        ModelError: If one cannot be used.
    """
    paths = [item for item in models if isinstance(item, str | Path)]
    folders = named(paths, "model") if paths else {}
    loaded = iter([Explained(folder, name) for name, folder in folders.items()])
    return [
        item if isinstance(item, Explained) else Explained(item) if isinstance(item, Classifier) else next(loaded)
        for item in models
    ]


def _panels(given: Sequence[str | Path], each: int, known: set[str]) -> list[tuple[str, str, list[Path]]]:
    """Panels of images: title, class (empty where unknown) and files; only known classes of a folder that has some."""
    out: list[tuple[str, str, list[Path]]] = []
    loose = [Path(item) for item in given if Path(item).is_file()]
    for item in map(Path, given):
        if item.suffix.lower() in SUFFIXES and not item.exists():
            raise ImageError(str(item), "no such file", "Give files, or folders of images")
    if loose:
        out.append(("images", "", loose))
    folders = [item for item in given if not Path(item).is_file()]
    for title, folder in (named(folders, "set") if folders or not loose else {}).items():
        direct = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
        if direct:
            out.append((title, "", direct[:each]))
            continue
        found = find_images(folder)
        for label, name in enumerate(found.classes):
            if name not in known and known & set(found.classes):
                continue
            of = np.flatnonzero(found.labels == label)[:each]
            out.append((f"{title}: {name}", name, [found.paths[i] for i in of]))
    return out


def _sized(maps: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """(n, side, side) maps of a smaller input, enlarged bilinearly."""
    if maps.shape[-1] == side:
        return maps
    large = [np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.BILINEAR)) for one in maps]
    return np.stack(large).astype(np.float32)


def _names(models: Sequence[Explained]) -> list[str]:
    """The models' names, numbered where two are the same."""
    names = [one.name for one in models]
    return [f"{name} ({k + 1})" if names.count(name) > 1 else name for k, name in enumerate(names)]
