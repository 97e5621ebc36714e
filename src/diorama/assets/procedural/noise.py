"""Tileable, vectorized noise on the unit square, keyed by name: the same values on every machine and in every process.

Coordinates x (to the right) and y (down) count tiles; every pattern repeats with period 1 in both, also where the
coordinates are warped. A frequency is the whole number of lattice cells along the tile's side, or (across, down).

Sources: K. Perlin, "Improving noise", SIGGRAPH 2002 (gradient noise, quintic fade); S. Worley, "A cellular texture
basis function", SIGGRAPH 1996; I. Quilez, "Domain warping", 2002, and "Voronoi borders", 2012.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.assets import portable
from diorama.draws import Draws

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
Frequency = int | tuple[int, int]

_DRAWS = Draws(0)


def uniforms(name: str, *shape: int) -> F32:
    """Uniforms in [0, 1) of the given shape, a function of the name alone."""
    return np.asarray(_DRAWS.uniform(name, [0], [0], int(np.prod(shape)))[0].reshape(shape), np.float32)


def grid(rows: int, columns: int) -> tuple[F32, F32]:
    """x (1, columns) and y (rows, 1) of the texels' centres: they broadcast to the whole grid."""
    y, x = ((np.arange(n, dtype=np.float32) + np.float32(0.5)) / np.float32(n) for n in (rows, columns))
    return x[None], y[:, None]


def perlin(name: str, x: F32, y: F32, frequency: Frequency) -> F32:
    """Gradient noise: mean 0, standard deviation about 0.4, nearly all of it in [-1, 1].

    A row x (1, W) and a column y (H, 1) are several times as fast as the same coordinates in full.
    """
    nx, ny = _pair(frequency)
    angle = uniforms(name, ny, nx) * np.float32(2 * np.pi)
    gy, gx = (np.float32(1.6) * part for part in portable.sin_cos(angle))
    if _is_grid(x, y):
        return _perlin_grid(gx, gy, x[0], y[:, 0])
    (ix, fx), (iy, fy) = _split(x, nx), _split(y, ny)
    gradients = gx + np.complex64(1j) * gy  # one gather instead of two

    def corner(column: I32, row: I32, dx: F32, dy: F32) -> F32:
        gradient = gradients.ravel().take(row * np.int32(nx) + column)
        return np.asarray(gradient.real * dx + gradient.imag * dy, np.float32)

    jx, jy, u, v = _next(ix, nx), _next(iy, ny), _fade(fx), _fade(fy)
    upper = _mix(corner(ix, iy, fx, fy), corner(jx, iy, fx - 1, fy), u)
    lower = _mix(corner(ix, jy, fx, fy - 1), corner(jx, jy, fx - 1, fy - 1), u)
    return _mix(upper, lower, v)


def _perlin_grid(gx: F32, gy: F32, x: F32, y: F32) -> F32:
    """(H, W) gradient noise where columns have the coordinates x (W,) and rows y (H,): first down, then across."""
    ny, nx = gx.shape
    (ix, fx), (iy, fy) = _split(x, nx), _split(y, ny)
    below, v, fy = _next(iy, ny), _fade(fy)[:, None], fy[:, None]
    along = _mix(gx[iy], gx[below], v)  # (H, nx): slope along x
    level = _mix(gy[iy] * fy, gy[below] * (fy - 1), v)  # (H, nx): value at the lattice's columns
    right, u = _next(ix, nx), _fade(fx)
    out = along.take(ix, 1)
    out *= (1 - u) * fx
    for field, column, share in ((along, right, u * (fx - 1)), (level, ix, 1 - u), (level, right, u)):
        part = field.take(column, 1)
        part *= share
        out += part
    return out


def fbm(name: str, x: F32, y: F32, frequency: Frequency, octaves: int = 5, gain: float = 0.5) -> F32:
    """Perlin noise summed over octaves, each twice as fine and `gain` as strong; scaled as `perlin` is."""
    nx, ny = _pair(frequency)
    total = np.zeros(np.broadcast(x, y).shape, np.float32)
    for octave in range(octaves):
        total += np.float32(portable.power(gain, octave)) * perlin(
            f"{name}.{octave}", x, y, (nx << octave, ny << octave)
        )
    return total / np.float32(np.sqrt(sum(portable.power(gain, 2 * octave) for octave in range(octaves))))


def warp(name: str, x: F32, y: F32, frequency: Frequency, amount: float, octaves: int = 3) -> tuple[F32, F32]:
    """The coordinates pushed about by noise, by about `amount` tiles."""
    push = np.float32(amount)
    along = fbm(f"{name}.x", x, y, frequency, octaves)
    return x + push * along, y + push * fbm(f"{name}.y", x, y, frequency, octaves)


class Cells(NamedTuple):
    """The jittered points nearest to each place; distances are in cells' lengths."""

    near: F32  # to the nearest point
    border: F32  # to the border with the neighbouring cell, exactly
    point: I32  # number of the nearest point


def cells(name: str, x: F32, y: F32, frequency: Frequency, jitter: float = 1.0) -> Cells:
    """Cellular noise: one point in each lattice cell, moved from its middle by up to half a cell times `jitter`."""
    dx, dy, point = scatter(name, x, y, frequency, jitter)
    square = dx * dx + dy * dy
    n2 = square.min(0)
    nx, ny, nearest = np.zeros_like(n2), np.zeros_like(n2), np.zeros(n2.shape, np.int32)
    for k in range(9):  # with a mask: quicker than to gather
        here = square[k] == n2
        for field, values in ((nx, dx[k]), (ny, dy[k]), (nearest, point[k])):
            np.copyto(field, values, where=here)
    border = np.full(n2.shape, np.inf, np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        for k in range(9):
            # The border is the bisector of the two points; with itself a point has none, which fmin passes over
            gap = portable.hypot(dx[k] - nx, dy[k] - ny)
            np.fmin(border, (square[k] - n2) / (2 * gap), out=border)
    return Cells(np.sqrt(n2), border, nearest)


def scatter(name: str, x: F32, y: F32, frequency: Frequency, jitter: float = 1.0) -> tuple[F32, F32, I32]:
    """The jittered points of the 3 × 3 cells around each place, for the drawing of scattered things.

    Returns:
        dx, dy: (9, …) from each place to the points, in cells' lengths. A thing drawn about a point shows whole if it
        reaches no farther than 1.5 - jitter/2 from it.
        point: (9, …) numbers of the points, to look up what `uniforms` gives each.
    """
    nx, ny = _pair(frequency)
    moved = (uniforms(name, ny * nx, 2) - np.float32(0.5)) * np.float32(jitter)
    moved_x, moved_y = np.ascontiguousarray(moved.T)
    (ix, fx), (iy, fy) = _split(x, nx), _split(y, ny)
    shape = (9, *np.broadcast_shapes(x.shape, y.shape))
    dx, dy, point = np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.int32)
    for k in range(9):
        row, column = divmod(k, 3)
        np.add((iy + row - 1) % ny * nx, (ix + column - 1) % nx, out=point[k])
        np.add(moved_x.take(point[k]), np.float32(column - 0.5) - fx, out=dx[k])
        np.add(moved_y.take(point[k]), np.float32(row - 0.5) - fy, out=dy[k])
    return dx, dy, point


class Strokes(NamedTuple):
    """What `strokes` has drawn, at each texel."""

    owner: I32  # number of the uppermost stroke, or -1
    along: F32  # 0 at its root, 1 at its tip
    across: F32  # -1 at one edge, 1 at the other
    top: F32  # its height there, 0 where there is none


def strokes(
    size: int,
    root: F32,
    angle: F32,
    length: F32,
    width: F32,
    top: F32,
    *,
    outline: str = "blade",
    bend: ArrayLike = 0.0,
    rise: ArrayLike = 0.0,
) -> Strokes:
    """Draws N blades, leaves, bars or ovals over each other on a square of `size` texels that wraps around.

    Args:
        size: Texels to a side.
        root: (N, 2) x, y of the end from which each is drawn.
        angle: (N,) direction from there, radians from x towards y.
        length: (N,) in tiles.
        width: (N,) half of the widest, in tiles.
        top: (N,) height at the root: the higher hides the lower.
        outline: "blade" tapers to a tip, "leaf" to both ends; "bar" has a constant width, "oval" is an ellipse.
        bend: (N,) or a number: by how much the direction turns on the way.
        rise: (N,) or a number: height of the tip above the root.
    """
    lengthwise = np.linspace(0, 1, int(np.ceil(length.max() * size * 1.4)) + 1, dtype=np.float32)[:, None]
    crosswise = np.linspace(-1, 1, int(np.ceil(width.max() * size * 2.8)) + 1, dtype=np.float32)
    shape = {
        "blade": 1 - lengthwise**2,
        "leaf": portable.power(np.clip(portable.sin(np.pi * portable.power(lengthwise, 0.8)), 0, 1), 1.2),
        "bar": np.ones_like(lengthwise),
        "oval": np.sqrt(np.clip(1 - (2 * lengthwise - 1) ** 2, 0, 1)),
    }[outline]

    def column(value: ArrayLike) -> F32:
        return np.broadcast_to(np.asarray(value, np.float32), angle.shape)[:, None, None]

    heading = column(angle) + column(bend) * lengthwise
    side = column(width) * shape * crosswise
    sine, cosine = portable.sin_cos(heading)
    x = column(root[:, 0]) + column(length) * lengthwise * cosine - side * sine
    y = column(root[:, 1]) + column(length) * lengthwise * sine + side * cosine
    texel = np.floor(y * size).astype(np.int32) % np.int32(size) * np.int32(size)
    texel += np.floor(x * size).astype(np.int32) % np.int32(size)
    z = column(top) + column(rise) * lengthwise  # (N, L, 1)

    # Whole cross sections are sorted, by sixteen bits of their height: a radix sort. Of several assignments to one
    # texel the last holds: the highest.
    steps, sections = z.shape[1], texel.reshape(-1, texel.shape[2])
    span = max(float(z.max() - z.min()), 1e-9)
    order = np.argsort(((z.ravel() - z.min()) * np.float32(65535 / span)).astype(np.uint16), kind="stable")
    winner = np.full(size * size, -1, np.int32)
    number = np.arange(sections.size, dtype=np.int32).reshape(sections.shape)
    winner[sections.take(order, axis=0)] = number.take(order, axis=0)
    bare = winner < 0
    section, place = np.divmod(winner, np.int32(len(crosswise)))

    def seen(picked: F32) -> F32:
        return np.where(bare, np.float32(0), picked).reshape(size, size)

    owner = np.where(bare, -1, section // steps).reshape(size, size).astype(np.int32)
    return Strokes(owner, seen(lengthwise[section % steps, 0]), seen(crosswise[place]), seen(z.ravel()[section]))


def blur(field: F32, radius: float) -> F32:
    """(H, W) smoothed by a Gaussian of standard deviation `radius`, a share of the tile's side; wraps around."""
    rows, columns = field.shape
    fy, fx = np.fft.fftfreq(rows, 1 / rows)[:, None], np.fft.rfftfreq(columns, 1 / columns)[None]
    response = portable.exp(-2 * (np.pi * radius) ** 2 * (fx**2 + fy**2))
    return np.fft.irfft2(np.fft.rfft2(field) * response, s=field.shape).astype(np.float32)


def smoothstep(low: float, high: float, value: ArrayLike) -> F32:
    """0 below `low`, 1 above `high`, a cubic between; falls instead where `low` > `high`."""
    t = np.clip((np.asarray(value, np.float32) - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _pair(frequency: Frequency) -> tuple[int, int]:
    return (frequency, frequency) if isinstance(frequency, int) else frequency


def _is_grid(x: F32, y: F32) -> bool:
    return x.ndim == y.ndim == 2 and len(x) == 1 and y.shape[1] == 1


def _split(coordinate: F32, n: int) -> tuple[I32, F32]:
    """Lattice cell, wrapped, and place within it."""
    scaled = coordinate * np.float32(n)
    floor = np.floor(scaled)
    return floor.astype(np.int32) % np.int32(n), scaled - floor


def _next(cell: I32, n: int) -> I32:
    """The neighbouring cell, wrapped: a comparison is quicker than a remainder."""
    return np.where(cell == n - 1, np.int32(0), cell + np.int32(1))


def _fade(t: F32) -> F32:
    return t * t * t * (t * (t * 6 - 15) + 10)


def _mix(a: F32, b: F32, t: F32) -> F32:
    return a + t * (b - a)
