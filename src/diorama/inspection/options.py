"""The names that a key may have drawn, image by image: the models of a class, the clips of a model, all skies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.assets.procedural.coats import COATS
from diorama.randomize.factor import preferred
from diorama.randomize.factors import pose, sky, surfaces
from diorama.randomize.spaces import Anything, BaseSpace

NEEDED = ("class", "subject", "subject.coat_pool")
"""Columns of the labels that decide which names there are."""

Rows = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Options:
    """Some images, and the names among which each has drawn one.

    Attributes:
        rows: (m,) their places.
        names: What there is.
        default: What a space's default stands for.
    """

    rows: NDArray[np.int64]
    names: Sequence[str]
    default: str


def options(name: str, space: BaseSpace, catalogue: Catalogue, rows: Rows) -> Iterator[Options]:
    """Every image once, with the names that there are for it.

    Args:
        name: That of a key without options of its own, with its factor: "pose.clip".
        space: What it is drawn from.
        catalogue: What the images were made from.
        rows: (n,) arrays of the columns NEEDED.
    """
    count = len(rows["subject"])
    if name in _SHARED:
        yield Options(np.arange(count), *_SHARED[name](catalogue))
    elif name == "subject.model":
        for label in sorted(set(rows["class"].tolist()) & set(catalogue.classes)):
            ids = catalogue.subjects(label)
            yield Options(np.flatnonzero(rows["class"] == label), ids, ids[0])
    elif name in ("pose.clip", "subject.coat", "subject.coat_second"):
        known = {id for label in catalogue.classes for id in catalogue.subjects(label)}
        for id in sorted(set(rows["subject"].tolist()) & known):
            mine = rows["subject"] == id
            if name == "pose.clip":
                yield _clips(np.flatnonzero(mine), catalogue, id)
                continue
            for pool in (False, True):
                some = np.flatnonzero(mine & (rows["subject.coat_pool"] == pool))
                if len(some):
                    yield _coats(some, catalogue, id, pool or not isinstance(space, Anything))
    else:
        raise AssertionError(f"{name}: nobody has said among which names it is drawn")


_SHARED: Mapping[str, Callable[[Catalogue], tuple[Sequence[str], str]]] = {
    "sky.map": lambda c: (c.skies, c.skies[preferred(c.skies, sky.PLAIN)]),
    "surfaces.ground": lambda c: (c.surfaces, c.surfaces[preferred(c.surfaces, surfaces.PLAIN)]),
    "surfaces.objects": lambda c: (c.surfaces, c.surfaces[preferred(c.surfaces, surfaces.PLAIN)]),
    "backdrop.surface": lambda c: (c.surfaces, c.surfaces[0]),
    "photo.image": lambda c: (c.photos or ("",), (c.photos or ("",))[0]),
    "texturize_subject.material": lambda c: (c.surfaces, c.surfaces[0]),
}


def _clips(rows: NDArray[np.int64], catalogue: Catalogue, id: str) -> Options:
    subject = catalogue.subject(id)
    names = [clip.name for clip in subject.clips]
    return Options(rows, names or [pose.REST], names[subject.rest_clip] if subject.rest_clip >= 0 else pose.REST)


def _coats(rows: NDArray[np.int64], catalogue: Catalogue, id: str, every: bool) -> Options:
    subject = catalogue.subject(id)
    names = [coat.name for coat in subject.coats] or ["none"]
    if subject.coats and every and any(material.fur > 0 for material in subject.materials):
        names += [name for name in COATS if name not in names]
    return Options(rows, names, names[0])
