"""Hair: which way it lies on an animal, coordinates that run along it, and tiling maps of its strands.

The renderer lays a map over any material that has `fur`. Its coordinates are charts: patches of the skin, each
flattened along its own mean direction of hair, so that strands follow the body's flow and are hardly stretched. Charts
do not join, which does not show among hairs.
"""

import numpy as np
from numpy.typing import NDArray

from diorama.assets import portable
from diorama.assets.procedural.noise import fbm, grid, perlin, warp
from diorama.assets.subject import HAIR, Mesh, Skeleton
from diorama.assets.surroundings import SURFACE_SIZE

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

TILE = 0.34
"""Side of a map's tile in heights of the animal."""

_LENGTHS = {"muzzle": 0.08, "jaw": 0.2, "head": 0.3, "ear": 0.45, "tail": 1.0, "neck": 1.0, "chest": 1.0}
_LENGTHS |= {"femur": 0.9, "radius": 0.6, "carpus": 0.35, "metatarsus": 0.35, "front": 0.2, "hind": 0.2, "toe": 0.2}
_CHARTS = 56  # patches of a whole animal
_KINDS: dict[str, tuple[tuple[int, int], tuple[int, int], tuple[int, int], float, float, float]] = {
    # cells across and along of hairs, strands and locks; waviness; share of the locks; depth of light and dark
    "short": ((256, 36), (130, 18), (40, 9), 0.01, 0.15, 0.55),
    "long": ((200, 12), (100, 7), (36, 5), 0.04, 0.45, 0.8),
    "curly": ((40, 26), (22, 18), (13, 11), 0.06, 0.75, 1.1),
    "wire": ((64, 14), (30, 9), (14, 7), 0.05, 0.45, 1.15),
}


def fur_map(kind: str) -> NDArray[np.uint8]:
    """(S, S, 4): slope across (x) and along (y) the hairs, with 128 for none; brightness, with mean 128; height.

    Hairs run along y.
    """
    hairs, strands, locks, waves, share, depth = _KINDS[kind]
    x, y = grid(SURFACE_SIZE, SURFACE_SIZE)
    u, v = warp(f"fur.{kind}.warp", x, y, 5 if kind != "curly" else 12, waves)
    fine = perlin(f"fur.{kind}.hairs", u, v, hairs) + 0.8 * perlin(f"fur.{kind}.strands", u, v, strands)
    lock = perlin(f"fur.{kind}.locks", u, v, locks)
    if kind == "curly":  # whorls: ridges about the hills and hollows of a noise
        lock = portable.cos(7.0 * lock + 1.5 * perlin("fur.curly.turn", u, v, (7, 7)))
    lock = lock / lock.std()
    height = (1 - share) * fine / fine.std() + share * lock
    height /= height.std()
    slope_x, slope_y = (np.roll(height, -1, k) - np.roll(height, 1, k) for k in (1, 0))
    steepness = 26 / max(float(np.abs(slope_x).std()), 1e-6)
    bright = depth * (0.13 * height + 0.05 * lock) + 0.05 * fbm(f"fur.{kind}.tone", x, y, 4)
    bright -= bright.mean()
    planes = [128 + steepness * slope_x, 128 + steepness * slope_y, 128 + 128 * bright, 128 + 52 * height]
    texels: NDArray[np.uint8] = np.rint(np.clip(np.stack(planes, axis=-1), 0, 255)).astype(np.uint8)
    return texels


def maps() -> tuple[NDArray[np.uint8], ...]:
    """The maps of all kinds, in the order of HAIR."""
    return tuple(fur_map(kind) for kind in HAIR)


def flow(mesh: Mesh, skeleton: Skeleton) -> F32:
    """(V, 3) unit vectors in the skin along which hair lies: from the nose backwards, down the limbs and the tail."""
    rigid = skeleton.inverse_bind.astype(np.float64)
    places = -np.einsum("jki,jk->ji", rigid[:, :3, :3], rigid[:, :3, 3])
    parents, names = skeleton.parents, skeleton.names
    ahead = np.zeros((len(names), 3))
    for joint in range(len(names)):
        children = np.flatnonzero(parents == joint)
        ends = places[children].mean(axis=0) if len(children) else 2 * places[joint] - places[max(parents[joint], 0)]
        ahead[joint] = ends - places[joint]
    forward = np.zeros(len(names), bool)  # joints of the trunk, the neck and the face point forward, against the hair
    at = names.index("head") if "head" in names else -1
    for joint, name in enumerate(names):
        forward[joint] = parents[joint] == at >= 0 and not name.startswith("ear")
    while at >= 0:
        forward[at], at = True, int(parents[at])
    ahead[forward] = (0.0, 0.0, -1.0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    ahead[:, 1] -= 0.25
    along = np.einsum("vk,vki->vi", mesh.weights.astype(np.float64), ahead[mesh.joints])
    normals = mesh.normals.astype(np.float64)
    along -= (along * normals).sum(axis=1, keepdims=True) * normals
    short = np.linalg.norm(along, axis=1) < 1e-3
    along[short] = np.cross(normals[short], (1.0, 0.0, 0.0)) + 1e-6
    return np.asarray(along / np.linalg.norm(along, axis=1, keepdims=True), np.float32)


def lengths(mesh: Mesh, skeleton: Skeleton) -> F32:
    """(V,) in [0, 1]: how long hair is there, against where it is longest."""
    of = [next((share for stem, share in _LENGTHS.items() if name.startswith(stem)), 0.8) for name in skeleton.names]
    return np.asarray((mesh.weights * np.array(of, np.float32)[mesh.joints]).sum(axis=1), np.float32)


def charts(
    mesh: Mesh, hair: F32, triangles: NDArray[np.uint32], unit: float
) -> tuple[NDArray[np.intp], F32, NDArray[np.intp]]:
    """Texture coordinates of furred triangles (T, 3), whose y runs along the hair; vertices at borders are doubled.

    Returns:
        The vertex (N,) that each new one repeats, its coordinates (N, 2) in tiles, the triangles (T, 3) of new ones.
    """
    points = mesh.positions.astype(np.float64) / unit
    corner = [
        (a[triangles[:, 0]] + a[triangles[:, 1]] + a[triangles[:, 2]]) / 3
        for a in (points, mesh.normals.astype(np.float64), hair.astype(np.float64))
    ]
    features = np.concatenate([4.0 * corner[0], corner[1], 1.2 * corner[2]], axis=1).T.astype(np.float32)
    count = int(np.clip(len(triangles) // 40, 1, _CHARTS))
    nearest, owner = np.full(len(triangles), np.inf, np.float32), np.zeros(len(triangles), np.int64)
    seed, away, far = 0, np.empty_like(features), np.empty_like(nearest)
    for chart in range(count):  # farthest points (Gonzalez 1985)
        np.subtract(features, features[:, seed, None], out=away)
        np.add.reduce(np.square(away, out=away), axis=0, out=far)
        owner[far < nearest] = chart
        np.minimum(nearest, far, out=nearest)
        seed = int(nearest.argmax())

    def mean(values: F64) -> F64:
        total = np.stack([np.bincount(owner, values[:, k], count) for k in range(3)], axis=1)
        return np.asarray(total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-12))

    out = mean(corner[1])
    along = mean(corner[2])
    across = np.cross(out, along)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-12
    key = triangles.astype(np.int64) * count + owner[:, None]
    kept, renamed = np.unique(key, return_inverse=True)
    vertex, chart_ = kept // count, kept % count
    p = points[vertex]
    shift = 0.61803 * chart_  # neighbours show other parts of the map
    uv = np.stack([(p * across[chart_]).sum(1) / TILE + shift, -(p * along[chart_]).sum(1) / TILE + 3 * shift], axis=1)
    return vertex, uv.astype(np.float32), renamed.reshape(-1, 3)


def packed_angle(normals: F32, directions: F32) -> F32:
    """(V,) in [-1, 1]: half-turns from the first axis of each normal's frame to a direction in its plane.

    The frame is that of T. Duff et al., "Building an orthonormal basis, revisited" (2017), as frame.wgsl has it.
    """
    x, y, z = normals.astype(np.float64).T
    sign = np.where(z < 0, -1.0, 1.0)
    a = -1 / (sign + z)
    b = x * y * a
    one = np.stack([1 + sign * x * x * a, sign * b, -sign * x], axis=1)
    two = np.stack([b, sign + y * y * a, -y], axis=1)
    return np.asarray(portable.arctan2((directions * two).sum(1), (directions * one).sum(1)) / np.pi, np.float32)
