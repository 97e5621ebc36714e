"""The stream of images: scenes are drawn, rendered, and drawn anew until their subjects are seen.

Two batches are under way at a time, so that one is composed while the adapter draws the other.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama.assets.library import Catalogue
from diorama.dataset.schema import Samples
from diorama.engine.clock import Clock, timed
from diorama.errors import BatchError, UnseenSubjectError
from diorama.randomize.compose import Composition, compose, models
from diorama.randomize.recipe import Recipe
from diorama.render import contents, keypoints
from diorama.render.frames import SUBJECT, Frames
from diorama.render.renderer import Renderer, Ticket
from diorama.scene.batch import SceneBatch

Try = tuple[int, int, int]
"""An image's index, and how often its camera and its obstructors have been drawn again."""


@dataclass(frozen=True, eq=False)
class Images:
    """n accepted images of a batch."""

    rgba: list[NDArray[np.uint8]]  # n of (S, S, 4) sRGB
    samples: Samples
    planes: dict[str, NDArray[Any]]  # (n, S, S) or (n, S, S, 3), those of `dataset.planes` that the recipe asks for


def images(
    recipe: Recipe,
    catalogue: Catalogue,
    renderer: Renderer,
    indices: Iterable[int],
    batch: int,
    clock: Clock | None = None,
    ahead: int = 1,
) -> Iterator[Images]:
    """The images of these indices, each drawn anew until its subject is seen as the recipe asks; in no fixed order.

    Args:
        recipe: What they show, and how.
        catalogue: Of models, surfaces and skies.
        renderer: Draws them.
        indices: Numbers of images.
        batch: Images per submission, at most: a batch whose models, say, are more than the device takes is halved.
        clock: Times the stages.
        ahead: Among so many images, those of one model are drawn together. Each is the same in whatever company.

    Raises:
        BatchError: If one image alone is more than the device takes.
        UnseenSubjectError: If an image is still not accepted after as many attempts as the recipe allows.
    """
    queue = _Queue(recipe, catalogue, indices, batch, max(ahead, batch))
    depth = bool({"depth", "keypoints"} & {*recipe.labels})
    ids, normals = bool({"mask", "amodal", "ids", "keypoints"} & {*recipe.labels}), "normals" in recipe.labels
    under_way: deque[tuple[list[Try], Composition, Ticket]] = deque()
    while True:
        while len(under_way) < 2 and (tries := queue.take(batch)):
            numbers = np.array(tries, np.int64)
            with timed(clock, "draw"):
                composition = compose(recipe, catalogue, numbers[:, 0], numbers[:, 1:], clock)
            try:
                with timed(clock, "render"):
                    under_way.append((tries, composition, renderer.submit(composition.scene, ids, depth, normals)))
            except BatchError:
                if len(tries) == 1:
                    raise
                queue.give_back(tries)
                batch = -(-len(tries) // 2)
        if not under_way:
            return
        tries, composition, ticket = under_way.popleft()
        with timed(clock, "render"):
            ticket.wait()
        with timed(clock, "read-back"):
            frames = ticket.result()
        accepted = []
        for row, (small, hidden) in enumerate(_faults(recipe, frames)):
            if small or hidden:
                queue.again.append(_another(recipe, tries[row], small))
            else:
                accepted.append(row)
        if accepted:
            rgba = [frames.rgba[row] for row in accepted]
            samples = _samples(catalogue, tries, composition, frames, accepted)
            lists = _lists(recipe, composition.scene, frames, accepted)
            yield Images(rgba, replace(samples, lists=lists), _planes(recipe, frames, accepted))


class _Queue:
    """Tries in an order that brings those of one model together: a model is posed, bound and uploaded once for many."""

    def __init__(self, recipe: Recipe, catalogue: Catalogue, indices: Iterable[int], few: int, ahead: int) -> None:
        self._recipe, self._catalogue = recipe, catalogue
        self._few, self._ahead = few, ahead  # few at first, so that the first images need not wait for many models
        self._fresh: Iterator[Try] = ((index, 0, 0) for index in indices)
        self._sorted: deque[Try] = deque()
        self._descending = False
        self.again: list[Try] = []

    def take(self, most: int) -> list[Try]:
        """The next tries, up to so many."""
        if not self._sorted:
            tries = [*self.again, *islice(self._fresh, max(self._few - len(self.again), 0))]
            self._few = min(2 * self._few, self._ahead)
            if not tries:
                return []
            self.again.clear()
            model = models(self._recipe, self._catalogue, np.array([index for index, _, _ in tries], np.int64))
            # There and back, so that what was shown last, and is still on the device, is shown first.
            order = np.argsort(model, kind="stable")[:: -1 if self._descending else 1]
            self._sorted.extend(tries[k] for k in order.tolist())
            self._descending = not self._descending
        return [self._sorted.popleft() for _ in range(min(most, len(self._sorted)))]

    def give_back(self, tries: list[Try]) -> None:
        """Puts tries back to the front."""
        self._sorted.extendleft(reversed(tries))


def _faults(recipe: Recipe, frames: Frames) -> Iterable[tuple[bool, bool]]:
    """For each image, whether its subject is too small, and whether too much of it is hidden."""
    small = frames.whole < recipe.visibility.min_share * recipe.size**2
    hidden = frames.visible < recipe.visibility.min_visible * frames.whole
    return zip(small.tolist(), hidden.tolist(), strict=True)


def _another(recipe: Recipe, tried: Try, small: bool) -> Try:
    """The next try: a subject that is too small needs another camera, one that is hidden other obstructors."""
    index, camera, obstructors = tried
    attempt = (camera if small else obstructors) + 1
    if attempt >= recipe.visibility.attempts:
        name = "min_share" if small else "min_visible"
        closer = "bring camera.distance and camera.fov nearer" if small else "thin out the obstructors"
        raise UnseenSubjectError(
            f"recipe: visibility.{name}",
            f"image {index} ({recipe.classes[index % len(recipe.classes)]}) fell short of it in all {attempt} attempts",
            f"Lower it from {getattr(recipe.visibility, name):g}, or {closer}",
        )
    return (index, attempt, obstructors) if small else (index, camera, attempt)


def _planes(recipe: Recipe, frames: Frames, rows: list[int]) -> dict[str, NDArray[Any]]:
    """The planes of these rows of a batch that the recipe asks for."""
    found = {
        "mask": None if frames.ids is None else frames.ids == SUBJECT,
        "amodal": frames.whole_mask,
        "ids": frames.ids,
        "depth": frames.depth,
        "normals": frames.normals,
    }
    return {name: plane[rows] for name, plane in found.items() if name in recipe.labels and plane is not None}


def _lists(recipe: Recipe, scene: SceneBatch, frames: Frames, rows: list[int]) -> dict[str, list[NDArray[Any]]]:
    """The columns of lists that the recipe asks for, an entry for each of these rows of a batch."""
    found = keypoints.columns(keypoints.locate(scene, frames)) if "keypoints" in recipe.labels else {}
    found |= contents.columns(scene) if "ids" in recipe.labels else {}
    return {name: [entries[row] for row in rows] for name, entries in found.items()}


def _samples(
    catalogue: Catalogue, tries: list[Try], composition: Composition, frames: Frames, rows: list[int]
) -> Samples:
    """What is known of the images in these rows of a batch."""
    scene, numbers = composition.scene, np.array(tries, np.int64)[rows]
    shown = scene.subject[rows]
    credits = [catalogue.credit(subject.id) for subject in scene.subjects]
    return Samples(
        index=numbers[:, 0],
        subject=np.array([subject.id for subject in scene.subjects])[shown],
        breed=np.array([catalogue.breed(subject.id) for subject in scene.subjects])[shown],
        credit=np.array([(credit.licence, credit.author) for credit in credits])[shown],
        attempt=numbers[:, 1:],
        box=frames.box[rows],
        whole_box=frames.whole_box[rows],
        extent=frames.extent[rows],
        visible=frames.visible[rows],
        whole=frames.whole[rows],
        view=scene.view[rows],
        fov=scene.fov[rows],
        center=scene.center[rows],
        radius=scene.radius[rows],
        columns={name: values[rows] for name, values in (composition.columns | composition.derived).items()},
    )
