"""NumPy's functions for what is built, with the same bits on every machine; single precision stays single.

Sums, products, square roots and `einsum` round alike everywhere; NumPy's other functions, its matrix products and
`linalg` go by what the processor offers, and a last bit can turn over a decision: which edge collapses, which texel a
stroke covers. See `diorama.exact`, which is slower on short arrays and right to the last bits.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama import exact

Array = NDArray[Any]
F64 = NDArray[np.float64]

_STEPS = 4096  # a turn's sines that are tabled
_STEP = tuple(part / 1024 for part in (1.57079632673412561417e00, 6.07710050630396597660e-11))  # 2 π / 4096, in parts


@lru_cache
def _table() -> tuple[F64, F64]:
    angles = np.arange(_STEPS) * (2 * np.pi / _STEPS)
    return exact.sin(angles), exact.cos(angles)


def sin_cos(x: ArrayLike) -> tuple[Array, Array]:
    """Sines and cosines of angles in radians, up to ±10⁶, to within 10⁻¹⁵ and what the angle is rounded by.

    From a table, by the sine and cosine of a sum (S. Gal, "Computing elementary functions", 1986).
    """
    s, c, one, two = _parts(x)
    return _like(x, s + (c * one - s * two)), _like(x, c - (s * one + c * two))


def _parts(x: ArrayLike) -> tuple[F64, F64, F64, F64]:
    """Sine and cosine of the tabled angle, the sine of the rest, and one less its cosine."""
    angle = np.asarray(x)
    step = np.rint(angle * np.float64(_STEPS / (2 * np.pi)))
    rest = angle - step * _STEP[0] - step * _STEP[1]
    at = step.astype(np.int64) & (_STEPS - 1)
    s, c = (column.take(at) for column in _table())
    square = rest * rest
    return s, c, rest - rest * square * (1 / 6), square * (0.5 - square * (1 / 24))


def sin(x: ArrayLike) -> Array:
    """See `sin_cos`."""
    s, c, one, two = _parts(x)
    return _like(x, s + (c * one - s * two))


def cos(x: ArrayLike) -> Array:
    """See `sin_cos`."""
    s, c, one, two = _parts(x)
    return _like(x, c - (s * one + c * two))


def tan(x: ArrayLike) -> Array:
    """See `sin_cos`."""
    s, c = sin_cos(x)
    return np.asarray(s / c)


def arctan2(y: ArrayLike, x: ArrayLike) -> Array:
    """See `exact.arctan2`."""
    return _like(np.asarray(y) + np.asarray(x), exact.arctan2(y, x))


def arcsin(x: ArrayLike) -> Array:
    """See `exact.arcsin`."""
    return _like(x, exact.arcsin(x))


def arccos(x: ArrayLike) -> Array:
    """Angles in [0, π] of cosines in [-1, 1]."""
    x = np.asarray(x)
    return arctan2(np.sqrt((1 - x) * (1 + x)), x)


def exp(x: ArrayLike) -> Array:
    """See `exact.exp`."""
    return _like(x, exact.exp(x))


def power(x: ArrayLike, y: float) -> Array:
    """Numbers from 0 to a positive power; with a whole one, any numbers."""
    base = np.asarray(x)
    if y == int(y):
        out = base
        for _ in range(int(y) - 1):
            out = out * base
        return np.asarray(out) if y else np.ones_like(base)
    return np.where(base > 0, _like(base, exact.power(np.where(base > 0, base, 1), y)), base.dtype.type(0))


def hypot(x: ArrayLike, y: ArrayLike) -> Array:
    """√(x² + y²), of numbers whose squares are in range."""
    x, y = np.asarray(x), np.asarray(y)
    return np.asarray(np.sqrt(x * x + y * y))


def norm(x: ArrayLike) -> np.floating[Any]:
    """The length of a vector, or the root of all of an array's squares."""
    x = np.asarray(x)
    length: np.floating[Any] = np.sqrt((x * x).sum())
    return length


def matmul(a: ArrayLike, b: ArrayLike) -> Any:
    """As `a @ b`; for small matrices and stacks of them."""
    a, b = np.asarray(a), np.asarray(b)
    if b.ndim == 1:
        return np.einsum("...i,i->...", a, b)
    return np.einsum("i,...ij->...j" if a.ndim == 1 else "...ij,...jk->...ik", a, b)


def _like(x: ArrayLike, result: F64) -> Array:
    """The result, in single precision where what it is of is."""
    return result.astype(np.float32)[()] if np.asarray(x).dtype == np.float32 else result[()]
