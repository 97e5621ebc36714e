"""Rooms and streets: what is nearer hides what is farther, light comes from where it is said to, paints are sane."""

import numpy as np
import pytest

from diorama.assets.procedural import noise
from diorama.assets.procedural.caster import Shell, Thing, seen
from diorama.assets.procedural.furniture import put, sofa
from diorama.assets.procedural.noise import F32
from diorama.assets.procedural.paints import PAINTS, Spots
from diorama.assets.procedural.skies import LUMINANCE, Dome

ROWS, COLUMNS = 64, 128


def dome() -> Dome:
    turn, down = noise.grid(ROWS, COLUMNS)
    azimuth, elevation = 2 * np.pi * (turn - 0.5), np.pi * (0.5 - down)
    flat = np.cos(elevation)
    return Dome("test", turn, np.degrees(elevation), flat * np.sin(azimuth), np.sin(elevation), flat * np.cos(azimuth))


def at(map_: F32, azimuth: float, elevation: float) -> float:
    """Luminance in a direction, in degrees; azimuth 0 is +Z, 90 is +X."""
    row, column = int((90 - elevation) / 180 * ROWS), int((azimuth / 360 + 0.5) * COLUMNS)
    return float(map_[row, column % COLUMNS] @ LUMINANCE)


@pytest.mark.parametrize("oval", [False, True])
@pytest.mark.parametrize(("x", "z", "azimuth"), [(0, 2, 0), (2, 0, 90), (0, -2, 180), (-2, 0, -90), (1.5, 1.5, 45)])
def test_a_thing_is_seen_where_it_is_and_nowhere_else(x: float, z: float, azimuth: float, oval: bool) -> None:
    thing = Thing((x - 0.4, 0, z - 0.4), (x + 0.4, 1.0, z + 0.4), "#ffffff", oval=oval)
    behind = np.zeros((ROWS, COLUMNS, 3), np.float32)
    map_ = seen(dome(), [thing], behind=behind, eye=0.3)
    assert at(map_, azimuth, 5) > 0.1
    assert at(map_, azimuth + 60, 5) == at(map_, azimuth + 180, 5) == at(map_, azimuth, 50) == 0


def test_the_nearer_hides_the_farther_whatever_their_order() -> None:
    near, far = Thing((-0.2, 0, 1), (0.2, 1, 1.2), "#ffffff"), Thing((-2, 0, 3), (2, 3, 3.2), "#202020")
    first, second = (seen(dome(), things, ambient=1.0) for things in ([near, far], [far, near]))
    assert at(first, 0, 5) == pytest.approx(at(second, 0, 5), rel=0.3)  # its stains are others
    assert at(first, 0, 5) > 5 * at(first, 30, 5) > 0


def test_faces_towards_the_sun_are_the_brightest() -> None:
    left, right = (Thing((x - 1, 0, -1), (x + 1, 4, 1), "#c0c0c0") for x in (-4, 4))
    map_ = seen(dome(), [left, right], ambient=0.2, sun=((1.0, 0.5, 0.0), 1.0))
    assert at(map_, -90, 5) > 2 * at(map_, 90, 5)  # the face that looks to +X is that of the thing at -X


def test_walls_are_lit_by_the_window_before_them() -> None:
    shell = Shell((-2, -2), (2, 2), 2.5, "#c0c0c0")
    glowing = Thing((-0.6, 0.8, 1.95), (0.6, 2.0, 1.98), "#ffffff", glow=8.0)
    lit, dark = (seen(dome(), things, shell=shell, ambient=0.1) for things in ([glowing], []))
    assert at(lit, 180, 10) > 1.5 * at(dark, 180, 10)
    assert at(lit, 0, 35) > 5  # the window itself
    assert lit.min() >= 0


def test_quarter_turns_turn_things() -> None:
    for turn, axis, sign in ((0, 2, 1), (1, 0, 1), (2, 2, -1), (3, 0, -1)):
        things = put(sofa("#808080"), 0, 0, turn)
        low, high = (np.array([getattr(thing, end)[axis] for thing in things]) for end in ("low", "high"))
        assert (high.max() if sign > 0 else -low.min()) == pytest.approx(0.9)  # its front
        assert (low.min() if sign > 0 else -high.max()) == pytest.approx(0.0)  # its back


@pytest.mark.parametrize("name", PAINTS)
def test_paints_are_sane_and_not_flat(name: str) -> None:
    b, a = (field.ravel() for field in np.meshgrid(np.linspace(0, 3.5, 60), np.linspace(0, 4, 80)))
    spots = Spots(a.astype(np.float32), b.astype(np.float32), np.ones(a.size, bool), 4.0, 3.5, 3)
    color = np.array([0.5, 0.4, 0.3], np.float32)
    painted = PAINTS[name](spots, color, color * np.float32(0.3))
    assert painted.color.shape == (a.size, 3)
    assert np.isfinite(painted.color).all()
    assert painted.color.min() >= 0
    assert painted.color.max() < 1.5
    shown = np.ones(a.size, bool) if painted.shown is None else painted.shown
    assert shown.mean() > 0.05
    assert painted.color[shown].std() > 0.001
