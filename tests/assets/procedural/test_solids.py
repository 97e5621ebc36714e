"""Solids: closed, outward, of the size they say; normals smooth up to the crease; meshes and rigs of them."""

import numpy as np
import pytest

from diorama.assets import animate
from diorama.assets.procedural import rigid, solids
from diorama.assets.subject import PROPORTIONS, Material

STEEL = solids.Finish(Material("steel", metallic=1.0), (0.5, 0.5, 0.5))
PAINT = solids.Finish(Material("paint"), coat=1.0, second=True)
SQUARE = [(-1.0, -0.5), (1.0, -0.5), (1.0, 0.5), (-1.0, 0.5)]


def volume(solid: solids.Solid) -> float:
    a, b, c = solid.positions[solid.triangles].transpose(1, 0, 2)
    return float((np.cross(a, b) * c).sum() / 6)


def open_edges(solid: solids.Solid) -> int:
    edges = np.concatenate([solid.triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    there, back = ({tuple(e) for e in x.tolist()} for x in (edges, edges[:, ::-1]))
    return len(there - back)


# Of turned shapes by Pappus's theorem.
CLOSED = {
    "box": (solids.box((1, 2, 3)), 6.0),
    "bevelled box": (solids.box((1, 2, 3), bevel=0.02), 6.0),
    "tapered box": (solids.box((1, 1, 1), taper=(0.5, 1.0)), 0.75),
    "tube": (solids.tube([(0, 0, 0), (0, 0, 2)], 0.1, sides=32), 2 * np.pi * 0.01),
    "cone": (solids.tube([(0, 0, 0), (0, 3, 0)], [1.0, 1e-9], sides=64), np.pi),
    "flat tube": (solids.tube([(0, 0, 0), (0, 0, 2)], [(0.1, 0.2)] * 2, sides=32), 2 * np.pi * 0.02),
    "hoop": (solids.tube([(0, np.cos(a), np.sin(a)) for a in np.arange(96) * np.pi / 48], 0.05, 24, closed=True),
             2 * np.pi * np.pi * 0.0025),
    "torus": (solids.torus(1.0, 0.1, 96, 32), 2 * np.pi * np.pi * 0.01),
    "ball": (solids.lathe([(np.sin(a), -np.cos(a)) for a in np.linspace(0, np.pi, 48)], 96), 4 / 3 * np.pi),
    "sector": (solids.lathe([(1.1, -0.1), (1.1, 0.1), (0.9, 0.1), (0.9, -0.1)], 32, closed=True, turn=90),
               np.pi / 2 * 0.04),
    "plate": (solids.plate(SQUARE, 0.2), 0.4),
    "bevelled plate": (solids.plate(SQUARE, 0.2, bevel=0.005), 0.4),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_solids_are_closed_and_have_their_volume_outward(name: str) -> None:
    solid, expected = CLOSED[name]
    assert open_edges(solid) == 0
    assert volume(solid) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("name", CLOSED)
def test_moving_keeps_the_volume_and_so_does_mirroring(name: str) -> None:
    solid, _ = CLOSED[name]
    turned = solid.moved((1, 2, 3), solids.turn((1, 1, 0), 70))
    assert volume(turned) == pytest.approx(volume(solid))
    assert volume(turned.mirrored()) == pytest.approx(volume(solid))


def test_wires_face_outward() -> None:
    ends = np.array([(0, 0, 1.0), (0, 1, 0), (1, 0, 0), (1, 1, 1)])
    wires = solids.wires(np.zeros((4, 3)), ends, 0.01)
    middle = np.repeat(ends / 2, 6, axis=0)
    corner = wires.positions[wires.triangles]
    away = corner.mean(1) - middle
    away -= (away * middle).sum(1, keepdims=True) * middle / (middle * middle).sum(1, keepdims=True)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert ((normal * away).sum(1) > 0).all()


def test_a_lathe_with_even_steps_touches_the_ground() -> None:
    wheel = solids.torus(0.3, 0.02, 48, 8)
    assert wheel.positions[:, 1].min() == pytest.approx(-0.32)


def test_splines_pass_through_their_points() -> None:
    points = np.array([(0, 0, 0), (1, 2, 0), (3, 1, 1), (4, 0, 0.0)])
    assert np.allclose(solids.spline(points, 31)[::10], points)


def normals_of(solid: solids.Solid) -> tuple[solids.I64, solids.F64, solids.I64]:
    angles = np.full(len(solid.triangles), solid.crease)
    return rigid.creased(solid.positions, solid.triangles, angles)


def test_a_box_keeps_its_faces_flat_and_a_ball_is_smooth() -> None:
    source, normals, _ = normals_of(solids.box((1, 1, 1)))
    assert len(np.unique(np.round(normals, 6), axis=0)) == 6
    ball = CLOSED["ball"][0]
    source, normals, triangles = normals_of(ball)
    assert len(source) == len(ball.positions)
    assert (normals * ball.positions[source]).sum(1).min() > 0.995
    assert (source[triangles] == ball.triangles).all()


def test_a_mesh_holds_each_solid_with_its_finish_and_joint() -> None:
    skeleton = rigid.rig([("root", "", (0, 0, 0)), ("arm", "root", (0, 1, 0))])
    some = [solids.box((1, 1, 1)).of(PAINT), solids.box((1, 1, 1)).moved((0, 2, 0)).of(STEEL, "arm")]
    mesh = rigid.mesh(some, skeleton, (STEEL.material, PAINT.material))
    assert [(part.count, part.material) for part in mesh.parts] == [(36, 0), (36, 1)]
    steel = np.unique(mesh.indices.reshape(-1)[:36])
    assert (mesh.positions[steel, 1] > 1).all()
    assert (mesh.joints[steel, 0] == 1).all()
    assert (mesh.colors[steel, :3] == 188).all()  # linear 0.5 as sRGB
    assert (mesh.coat_amount[steel] == 0).all()
    paint = np.setdiff1d(np.arange(len(mesh.positions)), steel)
    assert (mesh.coat_amount[paint] == 255).all()


def test_clips_turn_joints_about_axes_of_the_subject_frame() -> None:
    skeleton = rigid.rig([("root", "", (0, 0, 0)), ("arm", "root", (0, 1, 0))])
    level = [solids.box((1, 1, 1)).of(STEEL), solids.box((0.1, 0.1, 2)).moved((0, 1, 1)).of(STEEL, "arm")]
    lift = rigid.clip(skeleton, "lift", 1.0, {"arm": ((1, 0, 0), [0, -45, -90])})
    subject = rigid.build("toy/arm", [level], skeleton, [lift])
    palette = animate.pose(subject, np.array([0]), np.array([1.0]), np.ones((1, len(PROPORTIONS))))
    posed, _ = animate.skin(subject, palette[0])
    assert posed[:, 1].max() == pytest.approx(3.0, abs=1e-5)
    low, high = animate.bounds(subject, palette)
    assert np.allclose([low[0], high[0]], [posed.min(0), posed.max(0)], atol=1e-5)
