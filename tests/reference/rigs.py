"""Small rigged subjects made on the spot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets.subject import F32, Clip, Material, Mesh, Part, Skeleton, Subject

WHITE = Material(base_color=(1.0, 1.0, 1.0, 1.0), roughness=1.0)


def box(
    size: Sequence[float] = (1.0, 1.0, 1.0), material: Material = WHITE, textures: tuple[NDArray[np.uint8], ...] = ()
) -> Subject:
    """A box on the ground, of one joint. Every face shows the whole texture, upright and unmirrored from outside."""
    positions: list[NDArray[np.float64]] = []
    normals: list[NDArray[np.float64]] = []
    uvs: list[tuple[int, int]] = []
    indices: list[list[int]] = []
    up, side = np.array([0.0, 1, 0]), np.array([0.0, 0, 1])
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = sign * np.eye(3)[axis]
            v = side if axis == 1 else up
            u = np.cross(v, normal)  # to the right as seen from outside, where v points up
            corners = [normal - u - v, normal + u - v, normal + u + v, normal - u + v]
            indices += [[len(positions) + k for k in triple] for triple in ((0, 1, 2), (0, 2, 3))]
            positions += [(c / 2 + [0, 0.5, 0]) * size for c in corners]
            normals += [normal] * 4
            uvs += [(0, 1), (1, 1), (1, 0), (0, 0)]
    weights = np.tile([1.0, 0, 0, 0], (len(positions), 1))
    return _subject("box", positions, normals, uvs, np.array(indices), weights, [(0, 0, 0)], material, textures)


def tube(height: float = 1.2, radius: float = 0.22, material: Material = WHITE, sides: int = 20) -> Subject:
    """A standing capsule that bends: three joints up its axis, each vertex shared by the two nearest."""
    steps = np.linspace(0, np.pi / 2, 6)
    angle = np.concatenate([steps - np.pi / 2, np.zeros(8), steps])  # from the axis' lower end to its upper
    shaft = np.linspace(radius, height - radius, 10)
    y = np.concatenate([radius * (1 + np.sin(angle[:6])), shaft[1:-1], height - radius * (1 - np.sin(steps))])
    rings = len(y)
    around = np.arange(sides + 1) / sides * 2 * np.pi
    flat = np.cos(angle)[:, None]
    outward = np.stack([flat * np.sin(around), np.sin(angle)[:, None] + 0 * around, flat * np.cos(around)], axis=-1)
    positions = radius * outward
    positions[..., 1] = y[:, None]
    uvs = np.stack(np.broadcast_arrays(around / (2 * np.pi), 1 - y[:, None] / height), axis=-1)
    lower = np.arange(rings - 1)[:, None] * (sides + 1) + np.arange(sides)
    upper = lower + sides + 1
    indices = np.concatenate([np.stack([lower, lower + 1, upper + 1], -1), np.stack([lower, upper + 1, upper], -1)])
    joints = [(0, 0, 0), (0, height / 3, 0), (0, height / 3, 0)]
    place = np.clip(y / (height / 3), 0, 2)
    weights = np.zeros((rings, sides + 1, 4))
    for joint in range(3):
        weights[..., joint] = np.clip(1 - np.abs(place - joint), 0, 1)[:, None]
    vertices, normals, uvs = (array.reshape(-1, array.shape[-1]) for array in (positions, outward, uvs))
    return _subject("tube", vertices, normals, uvs, indices.reshape(-1, 3), weights.reshape(-1, 4), joints, material)


def identity_palette(subject: Subject, place: ArrayLike = (0, 0, 0)) -> F32:
    """(J, 3, 4): every joint at rest, the whole moved to `place`."""
    matrix = np.eye(3, 4, dtype=np.float32)
    matrix[:, 3] = place
    return np.tile(matrix, (len(subject.skeleton.names), 1, 1))


def bent_palette(subject: Subject, turn: float, bend: float, place: ArrayLike) -> F32:
    """(J, 3, 4): turned about +Y, each joint bent against its parent about X, standing at `place`."""
    rest = np.cumsum(subject.skeleton.translation, axis=0)
    current = _rigid(about(1, turn), place)
    out = []
    for joint, offset in enumerate(subject.skeleton.translation):
        current = current @ _rigid(about(0, bend if joint else 0.0), offset)
        out.append((current @ _rigid(np.eye(3), -rest[joint]))[:3])
    return np.array(out, np.float32)


def about(axis: int, angle: float) -> NDArray[np.float64]:
    """(3, 3): a turn about one of the axes, counter-clockwise as seen from its end."""
    c, s = np.cos(angle), np.sin(angle)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    out = np.eye(3)
    out[a, a], out[a, b], out[b, a], out[b, b] = c, -s, s, c
    return out


def turned(angles: Sequence[float], place: ArrayLike, scale: float) -> F32:
    """(3, 4): scaled, turned about X, then Y, then Z, and moved to `place`."""
    rotation = about(2, angles[2]) @ about(1, angles[1]) @ about(0, angles[0])
    return _rigid(rotation * scale, place)[:3].astype(np.float32)


def _rigid(rotation: NDArray[np.float64], translation: ArrayLike) -> NDArray[np.float64]:
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = rotation, translation
    return out


def _subject(
    name: str,
    positions: ArrayLike,
    normals: ArrayLike,
    uvs: ArrayLike,
    indices: NDArray[np.int64],
    weights: NDArray[np.float64],
    joints: Sequence[Sequence[float]],
    material: Material,
    textures: tuple[NDArray[np.uint8], ...] = (),
) -> Subject:
    """A subject of one part; `joints` are translations relative to the joint before, rotations are none."""
    at_rest = np.array(positions, np.float32)
    count, many = len(at_rest), len(joints)
    mesh = Mesh(
        positions=at_rest,
        normals=np.array(normals, np.float32),
        uvs=np.array(uvs, np.float32),
        colors=np.full((count, 4), 255, np.uint8),
        joints=np.tile(np.minimum(np.arange(4), many - 1).astype(np.uint16), (count, 1)),
        weights=weights.astype(np.float32),
        indices=indices.astype(np.uint32),
        parts=(Part(0, indices.size, 0),),
        coat=np.zeros((count, 8), np.uint8),
        coat_amount=np.zeros(count, np.uint8),
    )
    translation = np.array(joints, np.float32)
    inverse = np.tile(np.eye(4, dtype=np.float32), (many, 1, 1))
    inverse[:, :3, 3] = -np.cumsum(translation, axis=0)
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (many, 1))
    skeleton = Skeleton(
        names=tuple(f"joint{k}" for k in range(many)),
        parents=np.arange(-1, many - 1, dtype=np.int32),
        translation=translation,
        rotation=still,
        scale=np.ones((many, 3), np.float32),
        inverse_bind=inverse,
        proportion=np.full(many, -1, np.int32),
        across=np.zeros((many, 3), np.float32),
    )
    no_clips: tuple[Clip, ...] = ()
    support = np.arange(count, dtype=np.uint32)
    frame = np.eye(4, dtype=np.float32)
    return Subject(f"test/{name}", (mesh,), (material,), textures, skeleton, no_clips, frame, support)
