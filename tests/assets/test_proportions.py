import numpy as np

from diorama.assets.proportions import with_proportions
from diorama.assets.subject import PROPORTIONS, Skeleton

Bone = tuple[str, str, tuple[float, float, float]]  # name, parent, place relative to it


def groups(*bones: Bone) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The group and the axes across of every joint that has a group."""
    names = [name for name, _, _ in bones]
    count = len(bones)
    skeleton = with_proportions(
        Skeleton(
            names=tuple(names),
            parents=np.array([names.index(p) if p else -1 for _, p, _ in bones], np.int32),
            translation=np.array([place for _, _, place in bones], np.float32),
            rotation=np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
            scale=np.ones((count, 3), np.float32),
            inverse_bind=np.tile(np.eye(4, dtype=np.float32), (count, 1, 1)),
            proportion=np.full(count, -1, np.int32),
            across=np.zeros((count, 3), np.float32),
        )
    )
    rows = zip(names, skeleton.proportion.tolist(), skeleton.across.astype(int).tolist(), strict=True)
    return {name: (PROPORTIONS[group], tuple(across)) for name, group, across in rows if group >= 0}


SPINE: Bone = ("spine", "", (0, 1, 0))
HEAD: Bone = ("Head_04", "spine", (0, 0, 1))


def test_names_of_many_exporters_are_understood() -> None:
    for name, group in {
        "Bip01_L_Thigh": "legs", "leg.upper.F.L_014": "legs", "FrontUpperLeg.L": "legs", "b_LeftForeArm_010": "legs",
        "tail_1_jnt.7_05": "tail", "b_Tail01_012": "tail", "NECK": "neck", "Ear1.L": "ears",
    }.items():  # fmt: skip
        bones = (SPINE, HEAD, (name, HEAD[0] if group == "ears" else "spine", (0, 1, 0)))
        assert groups(*bones)[name][0] == group
    for name in ("Bone.012", "forearmor", "detail", "earth", "legend", "heading"):
        assert groups(SPINE, (name, "spine", (0, 1, 0))) == {}


def test_a_bone_along_an_axis_is_thickened_across_it() -> None:
    found = groups(SPINE, ("thigh", "spine", (1, 0, 0)), ("shin", "thigh", (0, -2, 0.1)), ("foot", "shin", (1, 1, 0)))
    assert found == {"thigh": ("legs", (1, 0, 1)), "shin": ("legs", (0, 0, 0)), "foot": ("legs", (0, 0, 0))}


def test_a_head_without_its_ears_stays_as_it_is() -> None:
    assert "Head_04" in groups(SPINE, HEAD, ("ear", "Head_04", (0, 1, 0)))
    assert "Head_04" not in groups(SPINE, HEAD, ("ear", "spine", (0, 1, 0)))


def test_legs_whose_feet_hang_elsewhere_stay_as_they_are() -> None:
    legs: tuple[Bone, ...] = (SPINE, ("UpperLeg", "spine", (0, -1, 0)), ("LowerLeg", "UpperLeg", (0, -1, 0)))
    assert len(groups(*legs, ("Foot", "LowerLeg", (0, -1, 0)))) == 3
    assert groups(*legs, ("Foot", "", (0, 0, 0))) == {}
    assert groups(*legs, ("IKLeg", "", (0, 0, 0))) == {}
