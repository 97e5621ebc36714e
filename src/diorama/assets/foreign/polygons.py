"""Faces of any number of corners as triangles."""

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def triangulate(first: I64, count: I64, corners: F64) -> tuple[I64, I64]:
    """Cuts faces into triangles.

    Args:
        first: (F,) each face's first corner.
        count: (F,) how many it has; faces of fewer than 3 give nothing.
        corners: (C, 3) positions by corner.

    Returns:
        (T, 3) corners of triangles, and (T,) the faces that they are of, in the faces' order.
    """
    faces = np.arange(len(first))
    three, four = faces[count == 3], faces[count == 4]
    triangles = [first[three, None] + np.arange(3)]
    owners = [three]
    quads = first[four, None] + np.arange(4)
    a, b, c, d = (corners[quads[:, k]] for k in range(4))
    # The diagonal whose halves face one way; a quad that bends inwards has but one such.
    halves = (np.cross(b - a, c - a) * np.cross(c - a, d - a)).sum(1)
    cut = np.where((halves >= 0)[:, None], [0, 1, 2, 0, 2, 3], [1, 2, 3, 1, 3, 0])
    triangles.append(np.take_along_axis(quads, cut, 1).reshape(-1, 3))
    owners.append(np.repeat(four, 2))
    for face in faces[count > 4].tolist():
        at = int(first[face])
        found = clip_ears(corners[at : at + int(count[face])])
        triangles.append(found + at)
        owners.append(np.full(len(found), face))
    joined, owner = np.concatenate(triangles).astype(np.int64), np.concatenate(owners).astype(np.int64)
    order = np.argsort(owner, kind="stable")
    return joined[order], owner[order]


def clip_ears(polygon: F64) -> I64:
    """(N - 2, 3) triangles of a simple polygon (N, 3), by ear clipping (Meisters 1975) in its own plane."""
    following = np.roll(polygon, -1, 0)
    normal = np.cross(polygon, following).sum(0)  # Newell's, twice the area long
    length = np.linalg.norm(normal)
    fan = np.stack([np.zeros(len(polygon) - 2), np.arange(1, len(polygon) - 1), np.arange(2, len(polygon))], 1)
    if not length > 0 or len(polygon) > 500:  # no plane, or too long for this way: it is as good as any
        return fan.astype(np.int64)
    drop = int(np.abs(normal).argmax())
    x, y = (polygon[:, k] for k in ((drop + 1) % 3, (drop + 2) % 3))
    flat = np.stack([x, y], 1) * (1.0, np.sign(normal[drop]))
    left = list(range(len(polygon)))
    found: list[tuple[int, int, int]] = []
    while len(left) > 3:
        for k in range(len(left)):
            i, j, m = left[k - 1], left[k], left[(k + 1) % len(left)]
            others = flat[[p for p in left if p not in (i, j, m)]]
            if _side(flat[i], flat[j], flat[m][None])[0] > 0 and not _inside(flat[i], flat[j], flat[m], others).any():
                found.append((i, j, m))
                left.pop(k)
                break
        else:  # it crosses itself: the rest as a fan
            found += [(left[0], left[k], left[k + 1]) for k in range(1, len(left) - 2)]
            left = [left[0], *left[-2:]]
    found.append((left[0], left[1], left[2]))
    return np.array(found, np.int64)


def _side(a: F64, b: F64, points: F64) -> F64:
    """(N,) positive where points lie to the left of the line from a to b."""
    side: F64 = (b[0] - a[0]) * (points[:, 1] - a[1]) - (b[1] - a[1]) * (points[:, 0] - a[0])
    return side


def _inside(a: F64, b: F64, c: F64, points: F64) -> NDArray[np.bool_]:
    return (_side(a, b, points) >= 0) & (_side(b, c, points) >= 0) & (_side(c, a, points) >= 0)
