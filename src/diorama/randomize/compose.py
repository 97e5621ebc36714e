"""From a recipe and image numbers to scenes and their labels: the values are drawn, the factors apply them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.subject import PROPORTIONS
from diorama.draws import Draws
from diorama.engine.clock import Clock, timed
from diorama.randomize.draft import Catalogue, Draft
from diorama.randomize.factor import COMPONENTS, Key, Picks, Values
from diorama.randomize.factors import subject
from diorama.randomize.factors.light import LUMINANCE
from diorama.randomize.recipe import Recipe
from diorama.scene.batch import SceneBatch

DERIVED: Mapping[str, tuple[str, str]] = {
    "pose.seconds": ("seconds", "Time in the clip; 0 in a pose without one."),
    "individual.size": ("×", "Size of the whole, after age and build."),
    "sun.azimuth": ("degrees", "Where the sun stands, or the flash that fires in its place; 0 is +Z, 90 is +X."),
    "sun.elevation": ("degrees", "Its height above the horizon."),
    "sun.intensity": ("× white", "Radiance of a white diffuse surface that faces it; 0 where there is none."),
    **{f"individual.{name}": ("×", f"Proportion {name}, after age and build.") for name in PROPORTIONS},
}
"""What follows from the values of several factors: the unit and the meaning of each column."""

ATTEMPT_BITS = 16
"""Of a draw's 32-bit counter; the rest count draws anew. A recipe allows 10,000 attempts."""


@dataclass(slots=True, eq=False)
class Composition:
    """B scenes and what was drawn for each.

    `columns` holds one array for each of `tables.columns()`, in that order: (B,), or (B, slots) for what is drawn once
    per slot; float64, int64, bool or strings. They are the values as drawn, in the recipe's units: lengths in subject
    radii, so that no factor's columns depend on another factor. Two exceptions lie in the nature of things: the coat
    and the clip are the model's, so they may change where the model does, and the coat also where `coat_pool` does.
    `derived` holds (B,) float64 for each of DERIVED.
    """

    scene: SceneBatch
    columns: dict[str, NDArray[Any]]
    derived: dict[str, NDArray[np.float64]]


def compose(
    recipe: Recipe,
    catalogue: Catalogue,
    index: NDArray[np.int64],
    attempt: NDArray[np.integer] | None = None,
    clock: Clock | None = None,
    anew: Mapping[str, int] | None = None,
) -> Composition:
    """The scenes of B images; a pure function of the recipe, the catalogue and each image's number and attempts.

    Args:
        recipe: What varies, and how.
        catalogue: What there is to be shown.
        index: (B,) image numbers. Image i shows class `recipe.classes[i % C]` and is number i // C of that class. What
            is drawn for it depends on the latter: images of one number share their draws, whatever their classes, so
            that what surrounds the subjects differs as little between classes as the recipe allows.
        attempt: (B, 2) how often the camera and the obstructors have been drawn again; zeros if not given.
        clock: Times the posing of subjects as the stage "pose".
        anew: Keys ("sky.map") that are drawn anew, with the number of the new draw, from 1 on. All else stays as it
            is, so that an image can be compared with itself under another sky.

    Raises:
        RecipeError: If the recipe names a class, model, sky or other content that the catalogue has not.
    """
    index = np.asarray(index, np.int64)
    attempts = np.zeros((len(index), 2), np.int64) if attempt is None else np.asarray(attempt, np.int64)
    label = (index % len(recipe.classes)).astype(np.int32)
    draft = Draft(
        catalogue=catalogue,
        classes=recipe.classes,
        label=label,
        size=recipe.size,
        samples=recipe.samples,
        hair=recipe.hair,
    )
    never, others = np.zeros(len(index), np.int64), anew or {}
    counts = [
        (never if draw.factor.attempt is None else attempts[:, draw.factor.attempt])
        + (others.get(draw.name, 0) << ATTEMPT_BITS)
        for draw in recipe.draws
    ]
    requests = [(draw.name, draw.uniforms) for draw in recipe.draws]
    uniforms = Draws(recipe.seed).even(requests, index // len(recipe.classes), np.array(counts))

    numbers: dict[str, dict[str, NDArray[Any]]] = {factor.name: {} for factor in recipe.applied}
    picks: dict[str, dict[str, Picks]] = {factor.name: {} for factor in recipe.applied}
    for draw, u in zip(recipe.draws, uniforms, strict=True):
        if draw.key.kind == "name":
            picks[draw.factor.name][draw.key.name] = draw.picks(u, label)
        else:
            numbers[draw.factor.name][draw.key.name] = draw.sample(u, label)

    names: dict[str, NDArray[np.str_]] = {}
    for factor in recipe.applied:
        with timed(clock if factor.name == "pose" else None, "pose"):
            picked = factor.apply(Values(numbers[factor.name], picks[factor.name]), draft)
        names.update({f"{factor.name}.{key}": column for key, column in picked.items()})

    columns: dict[str, NDArray[Any]] = {}
    for draw in recipe.draws:
        name, key = draw.name, draw.key
        columns |= {name: names[name]} if key.kind == "name" else _parts(name, key, numbers[draw.factor.name][key.name])
    return Composition(draft.finish(), columns, _derived(draft, columns))


def models(recipe: Recipe, catalogue: Catalogue, index: NDArray[np.int64]) -> NDArray[np.str_]:
    """(B,) ids of the models that images show, as `compose` draws them, without all else.

    Raises:
        RecipeError: If the recipe names a class or model that the catalogue has not.
    """
    index = np.asarray(index, np.int64)
    label = index % len(recipe.classes)
    draw = next(draw for draw in recipe.draws if draw.name == "subject.model")
    first = np.zeros((1, len(index)), np.int64)
    (u,) = Draws(recipe.seed).even([(draw.name, draw.uniforms)], index // len(recipe.classes), first)
    return subject.models(draw.picks(u, label), catalogue, recipe.classes, label)


def _derived(draft: Draft, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """The columns of DERIVED."""
    seconds = np.zeros(len(draft))
    for i, shown in enumerate(draft.subjects):
        durations = {clip.name: clip.duration for clip in shown.clips}
        for row in np.flatnonzero(draft.subject == i).tolist():
            seconds[row] = columns["pose.time"][row] * durations.get(columns["pose.clip"][row], 0.0)
    x, y, z = draft.sun_direction.T
    azimuth, elevation = np.degrees(exact.arctan2(x, z)) % 360, np.degrees(exact.arcsin(np.clip(y, -1, 1)))
    intensity = (draft.sun * LUMINANCE).sum(-1) / np.pi
    values = [seconds, draft.scale, azimuth, elevation, intensity, *draft.proportions.T]
    return dict(zip(DERIVED, values, strict=True))


def _parts(name: str, key: Key, values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """A column for a plain value, or one for each component of a direction or rotation."""
    parts = COMPONENTS.get(key.kind)
    return {f"{name}.{part}": values[..., i] for i, part in enumerate(parts)} if parts else {name: values}
