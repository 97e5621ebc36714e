"""What is trained on: several sets mixed by weight, a part of them held out by subject, and the order of each epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diorama.assets.hashing import content_hash
from diorama.errors import TrainingError
from diorama.learn.backbones import generator
from diorama.learn.images import ImageSet, find_images

I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Mixture:
    """Images to train on, and images that are held out.

    Attributes:
        train: All images to train on (N).
        held: Images that are held out (M), of the same classes.
        source: (N,) which set each is from: 0 for all that are given without a weight.
        shares: Of each set in an epoch; they sum to 1.
    """

    train: ImageSet
    held: ImageSet
    source: I64
    shares: tuple[float, ...]

    def order(self, seed: int, epoch: int) -> I64:
        """Places of an epoch's images, in order: every image of set 0 once, of the others as many as their shares ask.

        The images of a set take turns, so that each is seen as often as any other of its set.
        """
        first = np.flatnonzero(self.source == 0)
        parts = [first]
        for number, share in enumerate(self.shares[1:], 1):
            own = np.flatnonzero(self.source == number)
            count = round(len(first) * share / self.shares[0])
            start, stop = epoch * count, (epoch + 1) * count
            rounds = range(start // len(own), (stop - 1) // len(own) + 1 if count else start // len(own))
            turns = [own[shuffled(len(own), seed, f"mix.{number}.{turn}")] for turn in rounds]
            if turns:
                parts.append(np.concatenate(turns)[start - rounds[0] * len(own) :][:count])
        places = np.concatenate(parts)
        return places[shuffled(len(places), seed, f"order.{epoch}")]


def mixture(
    data: Sequence[Path],
    mix: Sequence[tuple[Path, float]] = (),
    *,
    classes: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    validation: float = 0.0,
) -> Mixture:
    """Finds the images of all sets, and holds a part of each out.

    Args:
        data: Folders whose images are each seen once per epoch.
        mix: Further folders, and the share of an epoch that comes from each.
        classes: Names in the order of their labels; other sub-folders are left out. Those of the first folder, if not
            given; the others must then have the same.
        mapping: As `find_images` takes it.
        limit: At most so many images per class of each folder.
        validation: Share of the subjects to be held out.

    Raises:
        ImageError: If a folder cannot be used.
        TrainingError: If the shares do not fit, or a class has too few subjects for a part to be held out.
    """
    weight = sum(share for _, share in mix)
    if weight >= 1:
        raise TrainingError("mix", f"the shares sum to {weight:g}", f"Leave something for {data[0]}: less than 1")
    sets: list[ImageSet] = []
    for folder in [*data, *(folder for folder, _ in mix)]:
        own = {name: to for name, to in (mapping or {}).items() if (folder / name).is_dir()}
        known = classes or (sets[0].classes if sets else None)
        skip = "skip" if classes else "refuse"
        sets.append(find_images(folder, classes=known, mapping=own, limit=limit, extra=skip))  # type: ignore[arg-type]
    need_two_classes(sets[0])
    held = [hold_out(images, validation) for images in sets]
    number = np.maximum(np.arange(len(sets)) - len(data) + 1, 0)
    train = [images.subset(~out) for images, out in zip(sets, held, strict=True)]
    return Mixture(
        union(train),
        union([images.subset(out) for images, out in zip(sets, held, strict=True)]),
        np.repeat(number, [len(images) for images in train]).astype(np.int64),
        (1 - weight, *(share for _, share in mix)),
    )


def need_two_classes(images: ImageSet) -> None:
    """Makes sure that there is something to tell apart.

    Raises:
        TrainingError: If there is but one class.
    """
    if len(images.classes) < 2:
        raise TrainingError(
            str(images.root), f"has only the class {images.classes[0]!r}", "Give two classes or more, a sub-folder each"
        )


def union(sets: Sequence[ImageSet]) -> ImageSet:
    """All images of sets of the same classes. A subject keeps its name where its set tells of one."""
    subjects = tuple(name for images in sets for name in images.subjects or ())
    paths = tuple(path for images in sets for path in images.paths)
    whole = ImageSet(
        sets[0].root,
        sets[0].classes,
        paths,
        np.concatenate([images.labels for images in sets]),
        subjects if len(subjects) == len(paths) else None,
    )
    if all("hashes" in images.__dict__ for images in sets):
        whole.__dict__["hashes"] = np.concatenate([images.hashes for images in sets])
    return whole


def hold_out(images: ImageSet, share: float) -> NDArray[np.bool_]:
    """(N,) which images are held out: those of a share of each class's subjects, or of images where none are known.

    Which subjects these are depends on their names alone (or on the images' content), so another image of a subject, or
    another dataset of the same subjects, never puts one on both sides.

    Raises:
        TrainingError: If a class has fewer than two subjects.
    """
    out = np.zeros(len(images), np.bool_)
    if not share:
        return out
    names = images.subjects or tuple(item.tobytes().hex() for item in images.hashes)
    what = "subject" if images.subjects else "image"
    named = np.array(names)
    for label, name in enumerate(images.classes):
        mine = np.flatnonzero(images.labels == label)
        subjects = sorted(set(named[mine].tolist()), key=lambda item: content_hash("held out", item))
        if len(subjects) < 2:
            raise TrainingError(
                str(images.root / name),
                f"has only one {what}, which cannot be on both sides",
                "Train without --validation",
            )
        chosen = subjects[: min(max(round(share * len(subjects)), 1), len(subjects) - 1)]
        out[mine] = np.isin(named[mine], chosen)
    return out


def shuffled(count: int, seed: int, name: str) -> I64:
    """A random order of `count` things."""
    return torch.randperm(count, generator=generator(seed, name)).numpy()
