"""The breeds of dogs: as many, as tall and as different as their tables say."""

from functools import cache, partial
from itertools import combinations
from typing import cast

import numpy as np
import pytest

from diorama.assets.procedural import SUBJECTS
from diorama.assets.procedural.dog import DOGS
from diorama.assets.procedural.quadruped import Anatomy
from diorama.assets.subject import Subject

ANATOMIES: dict[str, Anatomy] = {id: cast("partial[Subject]", build).args[0] for id, build in DOGS.items()}


@cache
def subject(id: str) -> Subject:
    return SUBJECTS["dog"][id]()


def withers(animal: Subject) -> float:
    """The height of the skin over the shoulder blades, where a vertical line in the middle plane leaves the body."""
    mesh = animal.levels[0]
    scapula = np.linalg.inv(animal.skeleton.inverse_bind[animal.skeleton.names.index("scapula_l")].astype(float))[:3, 3]
    a, b, c = np.moveaxis(mesh.positions[mesh.indices].astype(float)[:, :, [0, 2, 1]], 1, 0)
    place = np.array([1e-4, scapula[2]])
    u, v, w = b[:, :2] - a[:, :2], c[:, :2] - a[:, :2], place - a[:, :2]
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(np.abs(area) < 1e-12, np.nan, area)
    s = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area
    t = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / area
    hit = (s >= 0) & (t >= 0) & (s + t <= 1)
    return float((a[:, 2] + s * (b[:, 2] - a[:, 2]) + t * (c[:, 2] - a[:, 2]))[hit].max())


@pytest.mark.parametrize("id", DOGS)
def test_a_breed_is_as_tall_as_its_table_says(id: str) -> None:
    a = ANATOMIES[id]
    assert abs(withers(subject(id)) / a.height - 1) < 0.02 + 1.3 * a.tousle  # locks of fur come on top


@pytest.mark.parametrize("id", DOGS)
def test_a_breed_stands_on_the_ground_with_a_mesh_of_the_budget(id: str) -> None:
    mesh = subject(id).levels[0]
    assert abs(mesh.positions[:, 1].min()) < 0.012 * ANATOMIES[id].height
    assert 5000 <= len(mesh.indices) <= 15000


def test_there_are_thirty_breeds_from_toy_to_giant() -> None:
    heights = sorted(a.height for a in ANATOMIES.values())
    assert len(DOGS) >= 30
    assert heights[0] < 0.22
    assert heights[-1] > 0.75


def test_no_two_breeds_are_built_alike() -> None:
    def measures(a: Anatomy) -> np.ndarray:
        tail = (a.tail.length, a.tail.brush + a.tail.plume, a.tail.rise / 100, a.tail.curl / 100)
        head = (a.head.width, a.head.muzzle_length, a.head.muzzle_tip, a.head.beard, a.head.topknot)
        ears = (a.ears.length, a.ears.width, a.ears.bend / 100, a.ears.place[1])
        body = (a.height, a.length, a.elbow, a.chest_width, a.legs, 4 * a.ruff, 4 * a.skirt, 4 * a.trousers)
        return np.array(tail + head + ears + body)

    for (one, a), (other, b) in combinations(ANATOMIES.items(), 2):
        assert np.abs(measures(a) - measures(b)).max() > 0.04, (one, other)


def test_builds_show_in_the_measures_of_the_mesh() -> None:
    """A greyhound is tucked up, a dachshund long, a bulldog broad."""

    def box(id: str) -> np.ndarray:
        mesh = subject(id).levels[0]
        trunk = np.isin(mesh.joints[:, 0], [i for i, n in enumerate(subject(id).skeleton.names) if n in BODY])
        size: np.ndarray = np.ptp(mesh.positions[trunk].astype(float), axis=0)
        return size / ANATOMIES[id].height

    BODY = ("hips", "spine1", "spine2", "chest")
    assert box("dog/dachshund")[2] > 1.5 * box("dog/labrador")[2]
    assert box("dog/bulldog")[0] > 1.5 * box("dog/greyhound")[0]
    assert box("dog/bulldog")[0] > 1.3 * box("dog/boxer")[0]
