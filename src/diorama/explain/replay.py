"""Images of a dataset drawn again from recipe, seed and index: their exact masks, or the same image changed.

What is drawn again is what lies in the file, byte for byte on the same adapter and versions, since an image is a pure
function of these. So nothing but labels.parquet and recipe.yaml is needed for masks, depth or a variant of any image.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import simplejpeg
from numpy.typing import ArrayLike, NDArray

from diorama.assets.library import Catalogue
from diorama.assets.sources import Models
from diorama.dataset.reader import Dataset
from diorama.dataset.reader import is_dataset as is_dataset
from diorama.errors import AssetError, OutputError
from diorama.explain.changes import Change
from diorama.explain.parts import parts
from diorama.generate import build
from diorama.randomize.compose import Composition, compose
from diorama.randomize.recipe import Recipe
from diorama.render.frames import SUBJECT, Frames
from diorama.render.renderer import Renderer

ALIKE = 3.0
"""Mean difference from the file, in codes of 0 to 255, up to which an image drawn again counts as the same: adapters
and versions of the encoder round differently."""

TRIES = 30
"""How often a factor is drawn anew for an image until its subject is seen as the recipe asks."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """n images that were drawn again.

    Attributes:
        index: (n,) image numbers in the dataset.
        rgb: (n, S, S, 3) uint8 sRGB, as it is read from a JPEG file of the dataset's quality.
        mask: (n, S, S) bool, the subject's visible pixels; None where it was not asked for.
        parts: (n, S, S) uint8, 1 + the index into PARTS of what a pixel of the subject shows, 0 elsewhere and where the
            model names no parts; None where it was not asked for.
        visible: (n,) share of the subject's pixels that is seen.
        columns: What was drawn, as in labels.parquet, each (n,) or (n, slots).
    """

    index: NDArray[np.int64]
    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_] | None
    parts: NDArray[np.uint8] | None
    visible: NDArray[np.float64]
    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.index)


class Replay:
    """A dataset whose images can be drawn again.

    Args:
        root: The dataset's folder, of any format.
        models: The folder of models that it was made from; the embedded catalogue if not given.
        renderer: Draws; a new one if not given.

    Raises:
        OutputError: If there is no finished dataset.
        AssetError: If the models cannot be used.
    """

    def __init__(self, root: str | Path, models: Models | None = None, renderer: Renderer | None = None) -> None:
        self.root = Path(root)
        self.dataset = Dataset.open(self.root)
        self.recipe, self.made = self.dataset.recipe, self.dataset.made
        self.labels: pa.Table = self.dataset.labels
        self.catalogue = Catalogue.open(models, self.recipe.classes)
        deque(build(self.catalogue, self.recipe), maxlen=0)
        self._given = renderer

    @cached_property
    def renderer(self) -> Renderer:
        """What draws."""
        return self._given or Renderer()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes; image i shows class i modulo their count."""
        return self.recipe.classes

    def rows(self, index: ArrayLike) -> pa.Table:
        """The label rows of these images.

        Raises:
            OutputError: If the dataset has no such image.
        """
        wanted, there = np.asarray(index, np.int64), self.labels["index"].to_numpy()
        order = np.argsort(there)
        place = np.minimum(np.searchsorted(there, wanted, sorter=order), len(there) - 1)
        rows = order[place]
        if (there[rows] != wanted).any():
            missing = wanted[there[rows] != wanted][0]
            raise OutputError(str(self.root), f"has no image {missing}", f"Give numbers below {len(there)}")
        return self.labels.take(pa.array(rows))

    def draw(self, index: ArrayLike, change: Change | None = None, *, masks: bool = False, number: int = 1) -> Drawn:
        """Images drawn again, unchanged or changed.

        Args:
            index: (n,) image numbers in the dataset.
            change: What becomes of them; None draws them as they are.
            masks: Whether masks and parts are wanted too.
            number: Of the draw, where the change draws anew.

        Raises:
            OutputError: If the dataset has no such image.
        """
        numbers = np.asarray(index, np.int64)
        rows = self.rows(numbers)
        attempt = np.stack([rows["attempt.camera"].to_numpy(), rows["attempt.obstructors"].to_numpy()], axis=1)
        batch = self.renderer.device.default_batch
        found = [
            self._draw(numbers[k : k + batch], attempt[k : k + batch], change, masks, number)
            for k in range(0, len(numbers), batch)
        ]
        return _joined(found)

    def accepted(self, index: ArrayLike, change: Change) -> Drawn:
        """Images changed; what draws anew does so until the subject is seen as the recipe asks, or TRIES times.

        Images whose subject was never seen so are left out. Other kinds of changes leave none out.
        """
        missing = np.asarray(index, np.int64)
        if change.kind != "anew":
            return self.draw(missing, change)
        found = []
        for number in range(1, TRIES + 1):
            drawn = self.draw(missing, change, number=number)
            seen = drawn.columns["seen"]
            found.append(_rows(drawn, np.flatnonzero(seen)))
            missing = missing[~seen]
            if not len(missing):
                break
        every = _joined(found)
        return _rows(every, np.argsort(every.index, kind="stable"))

    def check(self, drawn: Drawn) -> None:
        """Makes sure that unchanged images are those in the files.

        Raises:
            AssetError: If one differs by more than ALIKE: models, or Diorama itself, are others.
        """
        files = self.rows(drawn.index)["file"].to_pylist()
        stored = self.dataset.jpegs(drawn.index.tolist())
        for index, file, jpeg, rgb in zip(drawn.index.tolist(), files, stored, drawn.rgb, strict=True):
            path = self.root / file
            try:
                there = simplejpeg.decode_jpeg(jpeg)
            except ValueError as error:
                raise AssetError(f"{path}: image {index}", f"cannot be read ({error})", "Make it anew") from error
            apart = np.abs(there.astype(np.int16) - rgb).mean() if there.shape == rgb.shape else np.inf
            if apart > ALIKE:
                here, before = self.catalogue.hash, self.made.get("catalogue", "unknown")
                why = "the catalogue is another than it was made with" if here != before else "its file was changed"
                at = str(path) if file.endswith(".jpg") else f"{path}: image {index}"
                raise AssetError(at, f"drawn again it looks different ({why})", "Make the dataset anew")

    def _draw(
        self, index: NDArray[np.int64], attempt: NDArray[np.int64], change: Change | None, masks: bool, number: int
    ) -> Drawn:
        recipe = change.recipe(self.recipe) if change else self.recipe
        anew = change.anew(number) if change else None
        composition = compose(recipe, self.catalogue, index, attempt, anew=anew)
        if change and change.kind == "none":  # without joints all of its triangles shrink to a point
            scene = composition.scene
            composition = replace(composition, scene=replace(scene, palette=np.zeros_like(scene.palette)))
        frames = self.renderer.render(composition.scene, ids=masks, depth=masks)
        columns = dict(composition.columns)
        large = frames.whole >= recipe.visibility.min_share * recipe.size**2
        columns["seen"] = large & (frames.visible >= recipe.visibility.min_visible * frames.whole)
        mask = frames.ids == SUBJECT if masks and frames.ids is not None else None
        return Drawn(
            index=index,
            rgb=_as_read(recipe, frames, composition),
            mask=mask,
            parts=None if mask is None else parts(composition.scene, frames),
            visible=(frames.visible / np.maximum(frames.whole, 0.25)).astype(np.float64),
            columns=columns,
        )


def _as_read(recipe: Recipe, frames: Frames, composition: Composition) -> NDArray[np.uint8]:
    """(n, S, S, 3): encoded as `generate` does, and decoded."""
    own = composition.columns["look.quality"]
    quality = np.where(own > 0, own, recipe.quality).tolist()
    files = [simplejpeg.encode_jpeg(rgba, q, "RGBA", "420") for rgba, q in zip(frames.rgba, quality, strict=True)]
    return np.stack([simplejpeg.decode_jpeg(file) for file in files])


def _rows(drawn: Drawn, rows: NDArray[np.int64]) -> Drawn:
    return Drawn(
        index=drawn.index[rows],
        rgb=drawn.rgb[rows],
        mask=None if drawn.mask is None else drawn.mask[rows],
        parts=None if drawn.parts is None else drawn.parts[rows],
        visible=drawn.visible[rows],
        columns={name: values[rows] for name, values in drawn.columns.items()},
    )


def _joined(found: Sequence[Drawn]) -> Drawn:
    first = found[0]
    masked = first.mask is not None
    return Drawn(
        index=np.concatenate([one.index for one in found]),
        rgb=np.concatenate([one.rgb for one in found]),
        mask=np.concatenate([one.mask for one in found if one.mask is not None]) if masked else None,
        parts=np.concatenate([one.parts for one in found if one.parts is not None]) if masked else None,
        visible=np.concatenate([one.visible for one in found]),
        columns={name: np.concatenate([one.columns[name] for one in found]) for name in first.columns},
    )
