"""Images of a dataset rendered again, from nothing but recipe, seed and index: to compare, or for their masks."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import simplejpeg
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.assets.sources import Models
from diorama.dataset import planes
from diorama.dataset.origin import IMAGES
from diorama.dataset.reader import Dataset
from diorama.dataset.schema import table
from diorama.draws import Draws
from diorama.engine.progress import Progress, Report
from diorama.errors import AssetError, OutputError
from diorama.generate import build
from diorama.images import images
from diorama.inspection.rows import rows_of
from diorama.provenance import provenance
from diorama.randomize.compose import compose
from diorama.randomize.needs import needed
from diorama.render.device import open_device
from diorama.render.frames import SUBJECT
from diorama.render.renderer import Renderer

ALIKE = 3.0
"""Mean difference in codes of 0 to 255 up to which an image counts as the same where adapter or libraries differ."""

CLOSE = 1e-4
"""Difference, relative or absolute, up to which a number of its labels does."""


@dataclass(frozen=True, eq=False)
class Again:
    """What draws a dataset's images again.

    Attributes:
        dataset: Whose.
        catalogue: What they show.
        exact: Whether the same adapter and libraries draw that drew then, so that bytes are the same.
    """

    dataset: Dataset
    catalogue: Catalogue
    exact: bool

    @classmethod
    def open(cls, dataset: Dataset, models: Models | None) -> "Again":
        """Opens models and adapter.

        Raises:
            AssetError: If images cannot be drawn as they were: other models, or a Diorama that draws otherwise.
        """
        catalogue = Catalogue.open(models, dataset.recipe.classes)
        now = provenance(catalogue, open_device(), dataset.layout.format)
        if now["catalogue"] != dataset.made.get("catalogue"):
            which = "the embedded ones" if models is None else f"those of {models}"
            around = [name for name in ("skies", "surfaces", "photos") if name in dataset.made]
            mend = f"Give its models and {' and '.join(around)}, in a set-up file" if around else "Give its models"
            raise AssetError(dataset.storage.address, f"was made from other models than {which}", mend)
        if now[IMAGES] != dataset.made.get(IMAGES):
            raise AssetError(
                dataset.storage.address,
                "was made by a Diorama that draws other images",
                f"Use the version that made it ({dataset.made.get('diorama', 'unknown')})",
            )
        deque(build(catalogue, dataset.recipe), maxlen=0)
        same = all(now[name] == dataset.made.get(name) for name in ("adapter", "driver", "libraries"))
        return cls(dataset, catalogue, same)

    @cached_property
    def renderer(self) -> Renderer:
        """What draws."""
        return Renderer()

    def masks(self, rows: pa.Table) -> NDArray[np.bool_]:
        """(n, S, S) the subject's visible pixels in the images of n label rows."""
        found = []
        size = self.renderer.device.default_batch
        for first in range(0, rows.num_rows, size):
            some = rows.slice(first, size)
            attempt = np.stack([some[f"attempt.{name}"].to_numpy() for name in ("camera", "obstructors")], axis=1)
            composition = compose(self.dataset.recipe, self.catalogue, some["index"].to_numpy(), attempt)
            ids = self.renderer.render(composition.scene, ids=True).ids
            assert ids is not None
            found.append(ids == SUBJECT)
        return np.concatenate(found)

    def unlike(self, indices: Sequence[int], report: Report) -> Iterator[tuple[int, str]]:
        """Draws images again from the first attempt on, and tells what about them is not as it is stored."""
        dataset, recipe = self.dataset, self.dataset.recipe
        wanted = needed(recipe, self.catalogue)
        subjects = {name: [id for id in self.catalogue.subjects(name) if id in wanted] for name in recipe.classes}
        layout = dataset.layout.holding_out(subjects, recipe.seed)
        size = min(len(indices), self.renderer.device.default_batch)
        done = 0
        for batch in images(recipe, self.catalogue, self.renderer, indices, size):
            own = batch.samples.columns["look.quality"]
            quality = np.where(own > 0, own, recipe.quality).tolist()
            due = table(recipe, batch.samples, layout)
            there = rows_of(dataset, batch.samples.index)
            for k, index in enumerate(batch.samples.index.tolist()):
                for name, is_there, drawn in _differ(there.slice(k, 1), due.slice(k, 1), self.exact):
                    yield index, f"image {index}: {name} is {is_there}, drawn again it is {drawn}"
                jpeg = simplejpeg.encode_jpeg(batch.rgba[k], quality[k], "RGBA", "420")
                try:
                    yield from ((index, problem) for problem in self._pixels(index, jpeg, batch.planes, k))
                except OutputError as error:
                    yield index, error.problem
            done += len(batch.rgba)
            report(Progress("drawn again", done, len(indices)))

    def _pixels(self, index: int, jpeg: bytes, drawn: dict[str, NDArray[Any]], row: int) -> Iterator[str]:
        stored = self.dataset.jpeg(index)
        if stored != jpeg and (self.exact or not _alike(stored, jpeg)):
            yield f"image {index} looks different when it is drawn again"
        for name, values in drawn.items():
            now, then = planes.decode(name, planes.encode(name, values[row])), self.dataset.plane(index, name)
            same = np.array_equal(now, then, equal_nan=False)
            if not same and (self.exact or now.shape != then.shape or np.mean(now != then) > 0.05):
                yield f"image {index}: its plane {name} is another when it is drawn again"


def compare(
    dataset: Dataset, models: Models | None, sample: int, seed: int, report: Report
) -> tuple[int, dict[str, list[str]], list[str]]:
    """Draws a sample of a dataset again.

    Returns:
        How many images, what is wrong by file, and why it could not be done, if so.
    """
    try:
        again = Again.open(dataset, models)
    except AssetError as error:
        if models is not None and "was made" not in error.problem:
            raise
        return 0, {}, [f"no image was drawn again: {error.where} {error.problem}"]
    indices = _chosen(len(dataset), sample, seed)
    faults: dict[str, list[str]] = {}
    files = dict(zip(indices.tolist(), rows_of(dataset, indices)["file"].to_pylist(), strict=True))
    for index, problem in again.unlike(indices.tolist(), report):
        faults.setdefault(files[index], []).append(problem)
    notes = [] if again.exact else ["images were compared by eye's measure: another adapter or library draws here"]
    return len(indices), faults, notes


def _chosen(total: int, count: int, seed: int) -> NDArray[np.int64]:
    """Numbers of that many of the images, or of all; of very many images a few fewer, if some are drawn twice."""
    few = total <= 1 << 20
    n = total if few else count
    u = Draws(seed).uniform("check.sample", np.arange(n), np.zeros(n, np.int64), 1)[:, 0]
    return np.sort(np.argsort(u, kind="stable")[:count]) if few else np.unique((u * total).astype(np.int64))


def _alike(stored: bytes, jpeg: bytes) -> bool:
    one, two = (simplejpeg.decode_jpeg(data).astype(np.int16) for data in (stored, jpeg))
    return one.shape == two.shape and float(np.abs(one - two).mean()) <= ALIKE


def _differ(there: pa.Table, due: pa.Table, exact: bool) -> Iterator[tuple[str, Any, Any]]:
    """Columns of two tables of one row that differ, and their values."""
    for name in due.column_names:
        is_there = there[name][0].as_py() if name in there.column_names else None
        drawn = due[name][0].as_py()
        if is_there != drawn and (exact or not _close(is_there, drawn)):
            yield name, is_there, drawn


def _close(one: Any, two: Any) -> bool:
    try:
        return bool(np.allclose(one, two, rtol=CLOSE, atol=1.0))
    except (TypeError, ValueError):
        return False
