"""Eyes set into the head: eyeballs with iris and pupil, the lids' margin, and upper lids that close over them."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.bearing import LID_CLOSED
from diorama.assets.procedural.implicit import gradient
from diorama.assets.procedural.pieces import FUR, WET, Face, Piece, grid_triangles, vertex_normals
from diorama.assets.procedural.quadruped import Anatomy, Landmarks
from diorama.assets.procedural.sampling import trace

F64 = NDArray[np.float64]

_BLACK = np.array([0.004, 0.004, 0.004])
_SIDES = 30  # vertices around an eye


class Eye:
    """The left eye's axes (right, up, out: as seen from before it, right is the animal's left), centre and lids.

    Lengths are metres. `lids` and `upper` are where the lids part, as points on the ball's front half.
    """

    def __init__(self, a: Anatomy, face: Face, points: Landmarks) -> None:
        h = a.head
        yaw, roll = np.radians(h.eye_yaw), np.radians(h.eye_slant)
        self.head, self.face = h, face
        self.centre = points["eyelid"]
        self.radius = h.eye_radius * face.unit
        self.half = h.eye_half * face.unit
        self.out = face.direction(np.array([portable.sin(yaw), 0.08, portable.cos(yaw)]))
        level = np.cross(face.turn[:, 1], self.out)
        level /= portable.norm(level)
        upright = np.cross(self.out, level)
        self.right = portable.cos(roll) * level + portable.sin(roll) * upright
        self.up = np.cross(self.out, self.right)

    def parting(self, angle: F64, grow: float = 1.0) -> F64:
        """(N, 2) right and up, in metres, of the line where the lids part, at angles from the eye's right.

        An almond, its inner corner drawn down to the tear duct.
        """
        x, y = portable.cos(angle), portable.sin(angle)
        droop = self.head.eye_droop * np.clip(-y, 0, 1)
        tall = self.head.eye_open * np.where(y > 0, 1.0, 0.92 + droop)
        reach = 1 / portable.power(portable.power(np.abs(x), 1.75) + portable.power(np.abs(y / tall), 1.75), 1 / 1.75)
        inner = portable.power(np.clip(-x, 0, 1), 6)
        flat = np.stack([reach * x * (1 + 0.07 * inner), reach * y - 0.08 * inner], axis=1)
        return np.asarray(grow * self.half * flat)

    def onto_ball(self, flat: F64, swell: float = 1.0) -> F64:
        """(N, 3) model-space points over `flat` (N, 2) on the ball, swollen."""
        r = swell * self.radius
        depth = np.sqrt(np.clip(r * r - (flat**2).sum(axis=1), (0.2 * r) ** 2, None))
        place = self.centre + flat[:, :1] * self.right + flat[:, 1:] * self.up + depth[:, None] * self.out
        return np.asarray(place)

    def onto_lids(self, flat: F64) -> F64:
        """(N, 3) model-space points over `flat` (N, 2) on the skin, which swells over the ball."""
        start = self.centre + flat[:, :1] * self.right + flat[:, 1:] * self.up + 3 * self.radius * self.out
        return trace(self.face.blobs, start, -self.out, 5 * self.radius)


def eyes(a: Anatomy, face: Face, points: Landmarks) -> list[Piece]:
    """Both eyes, with lids."""
    eye = Eye(a, face, points)
    left = [_ball(eye), _margin(eye), _upper_lid(eye)]
    right = [piece.mirrored(piece.name[:-1] + "r") for piece in left]
    return [*left, *right, _spark(eye, 1.0), _spark(eye, -1.0)]


def _ball(eye: Eye) -> Piece:
    """Rings about the line of sight, which is nearer to straight ahead than the lids are."""
    h, r, w = eye.head, eye.radius, eye.half
    sight = 0.75 * eye.out + 0.25 * eye.face.turn[:, 2]
    sight /= portable.norm(sight)
    level = np.cross(eye.face.turn[:, 1], sight)
    level /= portable.norm(level)
    upright = np.cross(sight, level)
    iris = min(1.1 * w * h.iris, 0.97 * r)
    color = np.array(h.eye_color)
    white, edge = (np.array([0.16, 0.12, 0.10]), np.array([0.05, 0.03, 0.025]))
    angle = np.arange(_SIDES) * 2 * np.pi / _SIDES
    pupil = iris * np.array(h.pupil)
    oval = pupil[0] * pupil[1] / np.sqrt((pupil[1] * portable.cos(angle)) ** 2 + (pupil[0] * portable.sin(angle)) ** 2)
    full = np.ones(_SIDES)
    wide = max(1.06 * iris, 0.98 * r)
    rings = [  # radius around the line of sight, colour; doubled where the colour changes at once
        (wide * full, edge),
        (1.04 * iris * full, white),
        (iris * full, 0.10 * color),
        (0.93 * iris * full, 0.30 * color),
        (0.80 * iris * full, 0.85 * color),
        (0.35 * iris + 0.65 * oval, 1.15 * color),
        (1.04 * oval, 1.35 * color),
        (oval, _BLACK),
        (0.4 * oval, _BLACK),
    ]
    flat = portable.cos(angle)[:, None] * level + portable.sin(angle)[:, None] * upright
    rows, colors = [eye.centre + r * (0.98 * flat - 0.2 * sight)], [np.tile(edge, (_SIDES, 1))]
    for reach, tint in rings:
        s = np.clip(reach / r, 0, 0.995)
        rows.append(eye.centre + r * (s[:, None] * flat + np.sqrt(1 - s**2)[:, None] * sight))
        colors.append(np.tile(tint, (_SIDES, 1)))
    positions = np.concatenate([*rows, (eye.centre + r * sight)[None]])
    tints = np.concatenate([*colors, _BLACK[None]])
    # The upper lid and its lashes shade the ball below them.
    height = portable.matmul(positions - eye.centre, eye.up) / (w * h.eye_open)
    tints = tints * (1 - 0.75 * portable.power(np.clip((height - 0.15) / 0.85, 0, 1), 1.3))[:, None]
    last = (len(rows) - 1) * _SIDES
    step = np.arange(_SIDES)
    fan = np.stack([last + step, last + (step + 1) % _SIDES, np.full(_SIDES, last + _SIDES)], axis=1)
    triangles = np.concatenate([grid_triangles(len(rows), _SIDES, closed=True), fan]).astype(np.uint32)
    normals = (positions - eye.centre) / r
    n = len(positions)
    return Piece("eye_l", positions, normals, triangles, tints, np.zeros(n), {"head": np.ones(n)}, WET)


def _margin(eye: Eye) -> Piece:
    """The skin around the opening: its wet dark edge, the rim, and from there out onto the face."""
    h = eye.head
    angle = np.arange(_SIDES) * 2 * np.pi / _SIDES
    above = np.clip(portable.sin(angle), 0, 1) ** 0.5
    crease = 1 + 0.16 * above  # above, the lid that closes shows its edge below the fold of the brow
    rim = h.eye_rim
    plan = [  # how far out, swelling of the ball or None for the skin, lift off it in skull widths, coat
        (crease, 1.0, 0.0, 0.0),
        (crease * (1 + 0.15 * rim), 1.07, 0.0, 0.0),
        (crease + 0.8 * rim, 1.10, 0.0, 0.0),
        (crease + rim, None, 0.004, 0.7),
        (crease + rim + 0.06, None, 0.012, 0.78),
        (crease + rim + 0.25, None, 0.012, 0.86),
        (crease + rim + 0.50, None, 0.008, 0.92),
        (crease + rim + 0.85, None, -0.03, 0.92),
    ]
    rows, coat = [], []
    line = eye.parting(angle)
    for grow, swell, lift, amount in plan:
        flat = line * grow[:, None]
        if swell is None:
            place, ball = eye.onto_lids(flat), eye.onto_ball(flat, 1.10)
            deep = np.clip(portable.matmul(ball - place, eye.out), 0, None) * (grow < 1.3)
            rows.append(place + (deep + lift * eye.face.unit)[:, None] * eye.out)
        else:
            rows.append(eye.onto_ball(flat, swell))
        coat.append(np.full(_SIDES, amount))
    positions = np.concatenate(rows)
    triangles = grid_triangles(len(rows), _SIDES, closed=True)[:, ::-1].copy()
    normals = vertex_normals(positions, triangles)
    skin = gradient(eye.face.blobs, positions, 0.02 * eye.face.unit)
    blend = np.repeat(np.array([0.0, 0.1, 0.3, 0.5, 0.8, 1.0, 1.0, 1.0]), _SIDES)[:, None]
    normals = (1 - blend) * normals + blend * skin
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    colors = np.tile(np.array([0.010, 0.008, 0.007]), (len(positions), 1))
    if h.eye_droop:
        colors[:_SIDES] = np.where(portable.sin(angle)[:, None] < -0.2, [0.25, 0.06, 0.05], colors[:_SIDES])
    n = len(positions)
    return Piece("margin_l", positions, normals, triangles, colors, np.concatenate(coat), {"head": np.ones(n)}, FUR)


def _upper_lid(eye: Eye) -> Piece:
    """A shell that slides over the ball: `LID_CLOSED` degrees of pitch of the joint `eyelid_l` close every eye."""
    line = eye.parting(np.linspace(np.pi, 0, 15))
    edge = np.concatenate([1.5 * line[:1], 1.25 * line[:1], line, 1.2 * line[-1:]])  # on behind both corners
    lower = eye.onto_ball(eye.parting(np.linspace(np.pi, 2 * np.pi, 25))) - eye.centre
    ball = eye.onto_ball(edge) - eye.centre
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    axis = np.array([1.0, 0.0, 0.0])  # of the joint: the animal's left
    # An eye that opens wide keeps its lid lower, so that it reaches the lower one; a narrow one keeps it higher.
    order = np.argsort(lower[:, 0])
    meets = np.interp(ball[:, 0], lower[order, 0] / eye.radius, _pitch(lower[order]))
    ahead = np.clip(meets + 5 - LID_CLOSED - _pitch(ball), -25, 6)
    rows, coat = [], []
    plan = [(2, 1.0, 0.0), (0, 1.04, 0.0), (-5, 1.06, 0.0), (-8, 1.06, 1.0), (-20, 1.07, 1.0), (-32, 1.10, 1.0)]
    plan += [(turned, 1.13, 1.0) for turned in (-45, -60, -75, -90, -110, -125)]  # once closed, over the rim
    for turned, swell, amount in plan:
        angle = np.radians(turned + ahead)[:, None]
        along = np.outer(portable.matmul(ball, axis), axis)
        moved = along + portable.cos(angle) * (ball - along) + portable.sin(angle) * np.cross(axis, ball)
        rows.append(eye.centre + swell * eye.radius * moved)
        coat.append(np.full(len(edge), amount))
    positions = np.concatenate(rows)
    triangles = grid_triangles(len(rows), len(edge))
    normals = (positions - eye.centre) / np.linalg.norm(positions - eye.centre, axis=1, keepdims=True)
    corner = positions[triangles]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    if np.einsum("ti,ti->t", face, normals[triangles[:, 0]]).sum() < 0:
        triangles = triangles[:, ::-1].copy()
    n = len(positions)
    colors = np.tile(np.array([0.010, 0.008, 0.007]), (n, 1))
    return Piece("lid_l", positions, normals, triangles, colors, np.concatenate(coat), {"eyelid_l": np.ones(n)}, FUR)


def _pitch(points: F64) -> F64:
    """(N,) degrees by which points (N, 3) about a joint lie below its front."""
    return np.asarray(np.degrees(portable.arctan2(-points[:, 1], points[:, 2])))


def _spark(eye: Eye, side: float) -> Piece:
    """A fixed glint: real eyes nearly always show the window or the sky. It lies to the same side in both."""
    flat = np.array([[0.26 * side, 0.30 * eye.head.eye_open]]) * eye.half
    middle = (eye.onto_ball(flat) - eye.centre)[0] / eye.radius
    angle = np.arange(7) * 2 * np.pi / 7
    ring = flat + 0.13 * eye.half * np.stack([portable.cos(angle), portable.sin(angle)], axis=1)
    positions = np.concatenate([eye.onto_ball(ring, 1.012), eye.onto_ball(flat, 1.014)])
    triangles = np.array([(i, (i + 1) % 7, 7) for i in range(7)], np.uint32)
    n = len(positions)
    piece = Piece("spark", positions, np.tile(middle, (n, 1)), triangles, np.full((n, 3), 0.9), np.zeros(n),
                  {"head": np.ones(n)}, WET)  # fmt: skip
    return piece if side > 0 else piece.mirrored("spark")
