"""The solids of a car's skin: its panels by finish, the depths behind their edges, and the cabin's inner faces."""

import numpy as np

from diorama.assets import portable
from diorama.assets.procedural import cars_finish as finish
from diorama.assets.procedural.cars_body import Body
from diorama.assets.procedural.cars_shell import COLUMNS, F64, I64, Columns, Figure, Shell, border
from diorama.assets.procedural.cars_skin import BONNET, BOOT, DOOR, FINISHES, HULL, REAR_DOOR, Skin
from diorama.assets.procedural.cars_spec import Car
from diorama.assets.procedural.polygonize import compact, simplify
from diorama.assets.procedural.solids import Solid

JOINTS = ("root", "door_l", "root", "boot", "root")
"""The joint of each panel."""

DOOR_DEPTH = 0.08


class Panels:
    """A drawn skin's triangles, fewer from level to level."""

    def __init__(self, skin: Skin) -> None:
        self.skin = skin
        self.triangles = skin.shell.triangles
        self.label = skin.shell.panel * 32 + skin.shell.finish

    def solids(self, budget: int, lines: bool = True) -> list[Solid]:
        """The skin of the whole car in about so many triangles, and the depths that open panels and wheel arches show.

        Without its lines, the gaps between panels join what lies beside them, so that far fewer triangles do. Budgets
        must fall from call to call.
        """
        self._simplify(budget // 2, lines)
        data = self.skin.shell.data[:, :6]
        groups = [(data, self.triangles[self.label == v], int(v)) for v in np.unique(self.label)]
        out = []
        for rows, faces, value in groups + _depths(self.skin, data, self.triangles, self.label):
            kept, own = compact(faces.astype(np.uint32), len(rows))
            out.append(_solid(self.skin, rows[kept], own.astype(np.int64), value))
        return [*out, *(solid.mirrored(solid.joint.replace("_l", "_r")) for solid in out)]

    def _simplify(self, budget: int, lines: bool) -> None:
        """The simplifier keeps the borders of groups together where each group has vertices of its own."""
        data = self.skin.shell.data[:, :6]
        if not lines:
            panel, what = self.label // 32, self.label % 32
            panel = np.where(np.isin(panel, (REAR_DOOR, BONNET)), HULL, panel)
            self.label = panel * 32 + np.where(what == FINISHES.index(finish.SEAM), FINISHES.index(finish.PAINT), what)
        key = np.unique(self.label, return_inverse=True)[1][:, None] * len(data) + self.triangles
        unique, place = np.unique(key, return_inverse=True)
        triangles, origin = place.reshape(-1, 3).astype(np.uint32), unique % len(data)
        owner = np.zeros(len(unique), np.int64)
        owner[triangles] = self.label[:, None]
        rows = data[origin]
        small = simplify(rows[:, :3], triangles, budget, 0.06 * rows[:, 3:], 0.05)
        self.triangles, self.label = origin[small], owner[small[:, 0]]


def lining(skin: Skin) -> Solid:
    """The left half of the cabin's inner faces, open where the doors and the boot are."""
    positions, triangles = skin.body.lining(DOOR_DEPTH + 0.02)
    shell = Shell(skin.body.columns(positions, -skin.body.normals(positions)), triangles)
    figures = [skin.door(skin.car.doors[0], skin.car.doors[1])]
    if skin.car.boot:
        figures.append(skin.boot)
    for figure in figures:

        def outward(p: Columns, figure: Figure = figure) -> F64:
            faced = Columns(p.data * np.array([1, 1, 1, -1, -1, -1, 1, 1, 1, 1, 1.0]))
            side = 0.3 * (faced.nx - 0.6) if figure == skin.boot else -1.0
            return np.maximum(figure(faced), side)

        shell.drop(shell.cut(outward, 0.01))
    for first, last, _, _ in skin.car.pits:
        s = shell.data[shell.triangles].mean(axis=1)[:, COLUMNS.index("s")]
        shell.drop((s > first - 0.3) & (s < last + 0.3))
    kept, faces = compact(shell.triangles.astype(np.uint32), len(shell.data))
    data = shell.data[kept]
    small = simplify(data[:, :3], faces, 360, 0.01 * data[:, 3:6], 0.05)
    kept, faces = compact(small, len(data))
    return Solid(data[kept, :3], faces.astype(np.int64), 180.0, normals=data[kept, 3:6])


def _solid(skin: Skin, data: F64, triangles: I64, label: int) -> Solid:
    what = FINISHES[label % 32]
    coat = None
    if what.coat:
        coat = coat_fields(skin.car, skin.body, data, what is finish.STRIPE)
    return Solid(data[:, :3], triangles, 180.0, what, JOINTS[label // 32], data[:, 3:6], coat)


def _depths(skin: Skin, data: F64, triangles: I64, label: I64) -> list[tuple[F64, I64, int]]:
    """Walls behind the edges of openings: columns (V, 6), triangles (T, 3), label."""
    car = skin.car
    dark, trim = FINISHES.index(finish.UNDER), FINISHES.index(finish.TRIM)
    deep = data * np.array([1, 1, 1, -1, -1, -1.0])
    jamb = deep.copy()
    deep[:, :3] -= DOOR_DEPTH * data[:, 3:6]
    jamb[:, :3] -= 1.8 * DOOR_DEPTH * data[:, 3:6]
    out = []
    for panel in (DOOR, BOOT):
        own = label // 32 == panel
        if own.any():
            for chosen, mover in ((own, panel), (~own, HULL)):
                out.append(_wall(data, deep if mover else jamb, border(triangles, chosen), mover * 32 + trim))
            out.append((deep, triangles[own][:, ::-1], panel * 32 + trim))
    edges = _open_edges(triangles)
    middle = skin.body.columns(data[edges, :3].mean(axis=1), data[edges, 3:6].mean(axis=1))
    near = (skin.arch(Columns(middle)) < 0.02) & (middle[:, 0] > skin.house + 1e-3)
    for first, last, rim, floor in car.pits:
        inside = skin.pit((first, last, rim, floor))(Columns(middle)) < 0.03
        down = data.copy()
        down[:, 1] = floor
        out.append(_wall(data, down, edges[inside & (middle[:, 0] > 1e-4) & ~near], trim))
        z0, z1, x = car.length / 2 - last - 0.1, car.length / 2 - first + 0.1, car.width / 2 - 0.06
        corners = np.array([(0, floor, z0), (0, floor, z1), (x, floor, z1), (x, floor, z0)])
        quad = np.concatenate([corners, np.tile([0.0, 1, 0], (4, 1))], axis=1)
        out.append((quad, np.array([[0, 1, 2], [0, 2, 3]]), trim))
    inner = data.copy()
    inner[:, 0] = skin.house
    out.append(_wall(data, inner, edges[near], dark))
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    for axle in skin.axles:
        y = np.maximum(car.wheel / 2 + car.arch * portable.sin(angle), car.clearance)
        z = car.length / 2 - axle - car.arch * portable.cos(angle)
        ring = np.stack([np.full(24, skin.house), y, z], axis=1)
        points = np.concatenate([ring, ring.mean(axis=0, keepdims=True)])
        k = np.arange(24)
        fan = np.stack([np.full(24, 24), k, (k + 1) % 24], axis=1)
        out.append((np.concatenate([points, np.tile([1.0, 0, 0], (25, 1))], axis=1), fan, dark))
    return out


def _open_edges(triangles: I64) -> I64:
    """(E, 2) directed edges that only one triangle has."""
    count = int(triangles.max()) + 1
    edges = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1).reshape(-1, 2)
    key, back = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
    return np.asarray(edges[~np.isin(key, back)])


def _wall(outer: F64, inner: F64, edges: I64, label: int) -> tuple[F64, I64, int]:
    """Quads from edges, with what they bound on their left, in to other places; they face away from it."""
    i, j = edges.T
    along, down = outer[j, :3] - outer[i, :3], inner[i, :3] - outer[i, :3]
    normal = np.cross(down, along)
    size = np.linalg.norm(normal, axis=1)
    i, j, normal = i[size > 1e-7], j[size > 1e-7], normal[size > 1e-7] / size[size > 1e-7, None]
    corners = np.concatenate([inner[i, :3], inner[j, :3], outer[j, :3], outer[i, :3]])
    n = len(i)
    a, b, c, d = (np.arange(n) + k * n for k in range(4))
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return np.concatenate([corners, np.tile(normal, (4, 1))], axis=1), triangles, label


def coat_fields(car: Car, body: Body, data: F64, striped: bool) -> F64:
    """(V, 5) the coat's fields and amount: roof, stripes, second colour, dirt; less light reaches what is low."""
    y = data[:, 1]
    belt = body.belt(car.length / 2 - data[:, 2])
    above = y - car.clearance
    # Both orders rise gently, so that the edge of a colour is straight across large triangles.
    roof = np.clip(0.5 - (y - belt - 0.25) * 3, 0, 1)
    low = np.clip(0.5 + (above - car.split * (belt - car.clearance)) * 2.5, 0, 1)
    dirt = portable.power(np.clip(1.15 - above / 0.40, 0, 1), 1.5)
    shade = np.clip(0.55 + above / 0.5 + 0.3 * data[:, 4], 0.35, 1)
    return np.column_stack([roof, np.full(len(y), float(striped)), low, dirt, shade])
