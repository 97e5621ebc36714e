"""Curation: a dataset without the images that teach wrong, on one page.

    images ──► features ──► judges, each trained on other images ──► confidence ──► the lowest are left out

A random scene may show a cat from behind, in the dark, or half of it behind a fence. Its label is right, and still it
teaches little but noise to a head on frozen features. Which images these are is told by the others: every image is
judged by heads that were trained without it. No image from elsewhere is needed, real ones least of all. In folders of
photos the same finds wrong labels.

Source: C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", Journal of
Artificial Intelligence Research 70, 2021, of which this is the ranking by self-confidence.
"""

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import Tensor

import diorama
from diorama.dataset import files
from diorama.draws import Draws
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import ImageError, ModelError, TrainingError
from diorama.learn import heads
from diorama.learn.backbones import load_backbone
from diorama.learn.features import features
from diorama.learn.images import LABELS, ImageSet, find_images, spread
from diorama.learn.mixture import need_two_classes
from diorama.learn.settings import Settings
from diorama.learn.views import PRESETS, Views

PARTS = 5
"""Parts of a dataset; each is judged by heads that were trained on the others."""

JUDGES = 3
"""Heads that judge a part: one alone is a matter of luck."""

CONFIDENCES, ABOUT = "confidences.parquet", "curation.json"


@dataclass(frozen=True, eq=False)
class Curated:
    """What a curation chose.

    Attributes:
        folder: Where the images that were kept lie.
        images: All that were judged (N).
        confidence: (N,) the probability that judges gave the class that an image is labelled with, 0..1.
        dropped: (N,) whether it was left out for being among the lowest.
        kept: (N,) whether it lies in the folder.
        skipped: Images that could not be read.
    """

    folder: Path
    images: ImageSet
    confidence: NDArray[np.float32]
    dropped: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    skipped: tuple[str, ...]


def curate(
    data: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    *,
    drop: float = 0.2,
    per_class: int | None = None,
    classes: Sequence[str] | None = None,
    weights: str | Path | None = None,
    strict: bool = False,
    report: Report = silent,
) -> Curated:
    """Copies a folder of images without those that heads, trained on its other images, are least confident about.

    Args:
        data: A folder of images in classes.
        out: The folder to make: new or empty. It gets the images under their old names, the rows of labels.parquet
            that belong to them where `data` has such, confidences.parquet (of every image) and curation.json.
        settings: How judges see and are trained: backbone, preset, views, hidden, dropout, lr, epochs, batch, seed and
            precision count. The seed paper's if not given.
        drop: Share of all images to leave out, whatever their classes: one that is easy to tell loses few.
        per_class: Images of each class to keep after that, spread evenly over its sorted files; all, if not given.
        classes: Which classes; all of the folder if not given.
        weights: A file of the backbone's weights.
        strict: Whether an image that cannot be read ends the work, rather than being left out.
        report: Is told how far it is.

    Raises:
        ImageError: If the folder cannot be used, has too few images to be judged, or too few are left.
        ModelError: If the backbone cannot be had, or comes without pretrained weights.
        TrainingError: If a number is out of range.
        OutputError: If `out` cannot be written, or holds something.
    """
    settings, out = settings or Settings(), Path(out)
    if not 0 <= drop < 1:
        raise TrainingError("drop", f"is {drop}", "Give a share from 0 to below 1, such as 0.2")
    if per_class is not None and per_class < 1:
        raise TrainingError("per-class", f"is {per_class}", "Give 1 or more")
    files.new_folder(out)
    images = find_images(data, classes=classes, extra="skip" if classes else "refuse")
    _check(images, per_class)
    backbone = load_backbone(settings.backbone, None if weights is None else Path(weights), settings.seed)
    if not backbone.architecture.pretrained:
        raise ModelError(backbone.name, "has no pretrained weights to judge by", "Give vgg16, hf:… or torchvision:…")
    skipped: list[ImageError] = []
    views = Views(settings.views, PRESETS[settings.preset], settings.seed)
    list_ = None if strict else skipped
    values = features(backbone, images, views, precision=settings.precision, skipped=list_, report=report)
    if skipped:
        good = ~np.isnan(values[0, :, 0])
        values, images = values[:, good], images.subset(good)
        _check(images, per_class)
    found = confidence(torch.from_numpy(np.asarray(values)), images, settings, report)
    dropped = lowest(found, drop)
    kept = _evenly(images, ~dropped, per_class)
    done = Curated(out, images, found, dropped, kept, tuple(str(error) for error in skipped))
    about = {
        "data": images.root.name,
        "data_hash": images.hash,
        "backbone": backbone.name,
        "backbone_hash": backbone.hash(),
        "drop": drop,
        "per_class": per_class,
        "settings": {name: getattr(settings, name) for name in _COUNT},
        "images": {name: int((kept & (images.labels == k)).sum()) for k, name in enumerate(images.classes)},
        "skipped": [str(error.where) for error in skipped],
        "versions": {"diorama": diorama.__version__, "torch": torch.__version__.partition("+")[0]},
    }
    _write(done, json.dumps(about, indent=1, ensure_ascii=False), report)
    return done


_COUNT = ("preset", "views", "hidden", "dropout", "lr", "epochs", "batch", "seed")  # of the settings


def confidence(values: Tensor, images: ImageSet, settings: Settings, report: Report = silent) -> NDArray[np.float32]:
    """(N,) probability of each image's own class, by heads that were trained on other parts of the images.

    The mean over views and heads. The names of the images do not count: their content alone puts them in parts, and in
    the order in which the heads see them.

    Args:
        values: (V, N, D) features of V views.
        images: N images in C classes.
        settings: How the heads are trained.
        report: Is told how far it is.
    """
    part, labels = images.parts(PARTS), torch.from_numpy(images.labels)
    fitting = heads.Fitting(settings.hidden, settings.dropout, settings.lr, settings.epochs, settings.batch)
    order = np.lexsort((*images.hashes.view("<u8").reshape(-1, 2).T, images.labels))
    out = np.empty(len(images), np.float32)
    for k in range(PARTS):
        report(Progress("judging", k, PARTS, "parts"))
        own, others = np.flatnonzero(part == k), torch.from_numpy(order[part[order] != k])
        judges = heads.fit(
            values, labels, others.expand(JUDGES, -1), len(images.classes), fitting, Draws(settings.seed), f"curate.{k}"
        )
        with torch.inference_mode():
            said = torch.stack([judge(values[:, own]).softmax(-1) for judge in judges]).mean((0, 1))
        out[own] = said[torch.arange(len(own)), labels[own]].numpy()
    report(Progress("judging", PARTS, PARTS, "parts"))
    return out


def lowest(found: NDArray[np.float32], share: float) -> NDArray[np.bool_]:
    """(N,) whether each confidence is among that share of them which is lowest."""
    out = np.zeros(len(found), np.bool_)
    out[np.argsort(found, kind="stable")[: round(share * len(found))]] = True
    return out


def _check(images: ImageSet, per_class: int | None) -> None:
    """That all can be judged, by judges who have seen every class."""
    need_two_classes(images)
    counts = np.bincount(images.labels, minlength=len(images.classes))
    least = max(PARTS, per_class or 0)
    if counts.min() < least:
        name = images.classes[int(counts.argmin())]
        why = "needed to judge" if least == PARTS else "to be kept"
        raise ImageError(str(images.root / name), f"has {counts.min()} images; {least} are {why}", "Add some")


def _evenly(images: ImageSet, left: NDArray[np.bool_], per_class: int | None) -> NDArray[np.bool_]:
    """(N,) of the images that are left, `per_class` of each class."""
    kept = np.zeros(len(images), np.bool_)
    for label, name in enumerate(images.classes):
        own = np.flatnonzero(left & (images.labels == label)).tolist()
        if len(own) < (per_class or 1):
            raise ImageError(
                str(images.root / name), f"has {len(own)} images left", "Generate more, drop less or keep fewer"
            )
        kept[spread(own, per_class)] = True
    return kept


def _write(done: Curated, about: str, report: Report) -> None:
    """Writes the folder, whole or not at all."""
    images = done.images
    names = [path.relative_to(images.root) for path in images.paths]
    kept = np.flatnonzero(done.kept)
    with files.making(done.folder) as place:
        for folder in sorted({names[k].parent for k in kept}):
            (place / folder).mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor() as pool:
            copies = pool.map(lambda k: shutil.copyfile(images.paths[k], place / names[k]), kept)
            for number, _ in enumerate(copies, 1):
                report(Progress("copying", number, len(kept)))
        named = [name.as_posix() for name in names]
        columns = {
            "file": named,
            "class": [images.classes[label] for label in images.labels],
            "confidence": done.confidence,
            "dropped": done.dropped,
            "kept": done.kept,
        }
        pq.write_table(pa.table(columns), place / CONFIDENCES)
        if images.subjects is not None:
            rows = pq.read_table(images.root / LABELS)
            pq.write_table(rows.filter(pc.is_in(rows["file"], pa.array([named[k] for k in kept]))), place / LABELS)
        files.write(place / ABOUT, f"{about}\n".encode())
