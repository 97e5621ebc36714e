"""What cats and dogs do: feet and bellies on the ground, joints within their limits, loops without a seam."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diorama.assets.animate import pose, skin
from diorama.assets.procedural import SUBJECTS
from diorama.assets.procedural.clips import COMMON
from diorama.assets.procedural.turns import about, turn
from diorama.assets.subject import PROPORTIONS, Clip, Subject

F64 = NDArray[np.float64]

BUILDS = ("cat/shorthair", "dog/labrador", "dog/dachshund", "dog/great_dane", "dog/pug", "dog/old_english_sheepdog")
"""A cat, and dogs of middle, short, long, stout and shaggy build."""
GOING = ("walk", "prowl", "trot", "run")
LYING = ("lie", "doze", "side", "curl", "loaf")
FEET = ("front_toes_l", "front_toes_r", "hind_toes_l", "hind_toes_r")


@cache
def subject(id: str) -> Subject:
    return SUBJECTS[id.partition("/")[0]][id]()


def palettes(animal: Subject, clip: Clip, times: F64) -> F64:
    """Joint matrices (N, J, 3, 4)."""
    number = np.full(len(times), animal.clips.index(clip))
    return pose(animal, number, times, np.ones((len(times), len(PROPORTIONS)))).astype(np.float64)


def grounded(animal: Subject, clip: Clip, times: F64) -> list[F64]:
    """Positions of the vertices of level 0, the lowest at 0."""
    found = [skin(animal, palette.astype(np.float32))[0] for palette in palettes(animal, clip, times)]
    return [positions - [0, positions[:, 1].min(), 0] for positions in found]


def moved_by(animal: Subject, *names: str) -> NDArray[np.intp]:
    """Vertices of level 0 that move mainly with joints whose names begin so."""
    mesh = animal.levels[0]
    main = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(axis=1)]
    return np.flatnonzero(np.isin(main, [j for j, n in enumerate(animal.skeleton.names) if n.startswith(names)]))


def height(animal: Subject) -> float:
    return float(animal.levels[0].positions[:, 1].max())


@pytest.mark.parametrize("id", BUILDS)
def test_every_animal_has_the_common_clips_and_stands_first(id: str) -> None:
    names = [clip.name for clip in subject(id).clips]
    assert names[: len(COMMON)] == [make.__name__ for make in COMMON]
    assert names[0] == "stand"
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("id", BUILDS)
def test_feet_stand_on_the_ground(id: str) -> None:
    animal = subject(id)
    paws = [moved_by(animal, foot) for foot in FEET]
    for clip in animal.clips:
        if clip.name in LYING:
            continue
        for positions in grounded(animal, clip, np.linspace(0, 1, 7)):
            lowest = [positions[paw, 1].min() for paw in paws]
            aloft = 0.13 if clip.name in ("run", "trot") else 0.035
            assert min(lowest) < aloft * height(animal), clip.name
            if clip.name in ("stand", "watch", "pant", "sniff"):
                assert max(lowest) < 0.02 * height(animal), clip.name


@pytest.mark.parametrize("id", BUILDS)
def test_standing_feet_do_not_slide(id: str) -> None:
    animal = subject(id)
    for clip in animal.clips:
        if clip.name in ("stand", "watch", "pant", "sniff"):
            toes = [animal.skeleton.names.index(foot) for foot in FEET]
            bind = np.linalg.inv(animal.skeleton.inverse_bind[toes].astype(np.float64))[:, :, 3]
            at = np.einsum("njab,jb->nja", palettes(animal, clip, np.linspace(0, 1, 21))[:, toes], bind)
            assert np.ptp(at, axis=0).max() < 0.02 * height(animal), clip.name


@pytest.mark.parametrize("id", [*BUILDS, "dog/pit_bull", "dog/husky", "cat/mixed_stout"])
def test_who_lies_or_sits_rests_on_the_ground(id: str) -> None:
    """Trunk or thighs reach the ground, to within a hundredth of the height: no elbow, tail or ear holds them up."""
    animal = subject(id)
    trunk = moved_by(animal, "hips", "spine", "chest", "scapula", "femur", "humerus", "tail1")
    for clip in animal.clips:
        if clip.name in (*LYING, "sit", "yawn", "groom", "paw"):
            for positions in grounded(animal, clip, np.linspace(0, 1, 5)):
                assert positions[trunk, 1].min() < 0.011 * height(animal), clip.name


@pytest.mark.parametrize("id", ["cat/shorthair", "cat/mixed_stout", "cat/ragdoll"])
def test_a_cat_lies_level(id: str) -> None:
    """Its shoulders are hardly higher than its hips: its breast is down."""
    animal = subject(id)
    joints = [animal.skeleton.names.index(name) for name in ("humerus_l", "femur_l")]
    bind = np.linalg.inv(animal.skeleton.inverse_bind[joints].astype(np.float64))[:, :, 3]
    for clip in animal.clips:
        if clip.name in ("lie", "loaf"):
            at = np.einsum("njab,jb->nja", palettes(animal, clip, np.linspace(0, 1, 3))[:, joints], bind)
            assert (at[:, 0, 1] - at[:, 1, 1]).max() < 0.06 * height(animal), clip.name


@pytest.mark.parametrize("id", BUILDS)
def test_clips_are_seamless_and_smooth(id: str) -> None:
    slow = np.array(["eyelid" not in name for name in subject(id).skeleton.names])  # all but a blink
    for clip in subject(id).clips:
        turns = np.abs(np.einsum("fji,fji->fj", clip.rotation[1:], clip.rotation[:-1]))
        assert np.degrees(2 * np.arccos(np.clip(turns[:, slow], -1, 1))).max() < 60, clip.name
        ends = np.abs(np.einsum("ji,ji->j", clip.rotation[0], clip.rotation[-1]))
        assert np.degrees(2 * np.arccos(np.clip(ends, -1, 1))).max() < 0.5, clip.name
        assert np.abs(clip.translation[0] - clip.translation[-1]).max() < 1e-4
        assert clip.duration > 0


@pytest.mark.parametrize("id", BUILDS)
def test_joints_keep_to_their_limits(id: str) -> None:
    """Knees, elbows and hocks neither fold flat nor bend the wrong way; jaws and necks stay within reason."""
    animal = subject(id)
    place = {name: j for j, name in enumerate(animal.skeleton.names)}
    bind = np.linalg.inv(animal.skeleton.inverse_bind.astype(np.float64))[:, :, 3]
    limits = {"jaw": 45.0, "neck1": 90.0, "neck2": 75.0, "head": 100.0, "spine1": 45.0, "spine2": 45.0, "chest": 45.0}
    for clip in animal.clips:
        at = np.einsum("njab,jb->nja", palettes(animal, clip, np.linspace(0, 1, 9)), bind)
        for side in ("_l", "_r"):
            for chain in (("humerus", "radius", "carpus"), ("femur", "tibia", "metatarsus")):
                a, b, c = (at[:, place[name + side]] for name in chain)
                one, two = a - b, c - b
                cosine = (one * two).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)
                angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
                assert angle.min() > 20, (clip.name, chain[1], angle.min())
                assert angle.max() < 179, (clip.name, chain[1])
        rest = animal.skeleton.rotation.astype(np.float64)
        for name, most in limits.items():
            cosine = np.abs((clip.rotation[:, place[name]] * rest[place[name]]).sum(1))
            assert np.degrees(2 * np.arccos(np.clip(cosine, -1, 1))).max() < most, (clip.name, name)


def test_a_walk_lifts_one_foot_at_a_time_and_a_trot_two() -> None:
    animal = subject("dog/labrador")
    paws = [moved_by(animal, foot) for foot in FEET]
    for name, most in (("walk", 2), ("trot", 4)):
        [clip] = [clip for clip in animal.clips if clip.name == name]
        raised = [
            sum(positions[paw, 1].min() > 0.02 * height(animal) for paw in paws)
            for positions in grounded(animal, clip, np.linspace(0, 1, 17))
        ]
        assert 1 <= max(raised) <= most, name


def test_eyes_shut_in_sleep() -> None:
    animal = subject("cat/shorthair")
    lid = animal.skeleton.names.index("eyelid_l")
    [curl] = [clip for clip in animal.clips if clip.name == "curl"]
    angle = np.degrees(2 * np.arccos(np.clip(np.abs(curl.rotation[:, lid] @ animal.skeleton.rotation[lid]), -1, 1)))
    assert angle[0] > 80  # asleep at first
    assert angle[len(angle) // 2] < 45  # looks up at half time


def test_turns_about_a_vector_agree_with_pitch_yaw_and_roll() -> None:
    assert about(np.array([30.0, 0, 0])) == pytest.approx(turn(30.0))
    assert about(np.array([0, 40.0, 0])) == pytest.approx(turn(0.0, 40.0))
    assert about(np.array([0, 0, -50.0])) == pytest.approx(turn(0.0, 0.0, 50.0))
    assert about(np.zeros(3)) == pytest.approx(np.eye(3))
