"""Elementary functions whose bits are the same on every machine.

NumPy and the C library choose their sine or logarithm by what the processor offers, and these differ in the last bit.
Here are only operations that IEEE 754 rounds in one way: + - * / and the square root, besides those that do not round.
Double precision, arrays of any shape; within a few units in the last place where nothing else is said.

Source of the reductions: W. J. Cody, W. Waite, "Software Manual for the Elementary Functions" (1980); the series are
Taylor's. The constants split in parts, such that multiples of the first are exact, are those of fdlibm (Sun, 1993).
"""

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

F64 = NDArray[np.float64]

_HALF_PI = (
    1.57079632673412561417e00,
    6.07710050630396597660e-11,
    2.02226624871116645580e-21,
    8.47842766036889956997e-32,
)
_LN2 = (0.6931471803691238, 1.9082149292705877e-10)
_SINE = [(-1) ** n / factorial(2 * n + 1) for n in range(1, 9)]
_COSINE = [(-1) ** n / factorial(2 * n) for n in range(2, 10)]
_EXP = [1 / factorial(n) for n in range(2, 15)]
_ARCTAN = [(-1) ** n / (2 * n + 1) for n in range(1, 13)]
_ARTANH = [1 / (2 * n + 1) for n in range(1, 12)]


def _polynomial(x: F64, coefficients: Sequence[float]) -> F64:
    """Horner's scheme, the lowest power first."""
    out = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        out = out * x + coefficient
    return out


def _turn(x: ArrayLike) -> tuple[F64, F64, NDArray[np.int64]]:
    """Sine and cosine of what is left of angles beyond the nearest quarter turn, and the number of quarter turns."""
    angle = np.asarray(x, np.float64)
    quarter = np.rint(angle * (2 / np.pi))
    for part in _HALF_PI:
        angle = angle - quarter * part
    square = angle * angle
    sine = angle + angle * square * _polynomial(square, _SINE)
    cosine = 1 - (square / 2 - square * square * _polynomial(square, _COSINE))
    return sine, cosine, quarter.astype(np.int64) & 3


def sin(x: ArrayLike) -> F64:
    """Sine of angles in radians, up to ±10⁶."""
    sine, cosine, quarter = _turn(x)
    value = np.where(quarter & 1, cosine, sine)
    return np.where(quarter & 2, -value, value)


def cos(x: ArrayLike) -> F64:
    """Cosine of angles in radians, up to ±10⁶."""
    sine, cosine, quarter = _turn(x)
    value = np.where(quarter & 1, sine, cosine)
    return np.where((quarter + 1) & 2, -value, value)


def tan(x: ArrayLike) -> F64:
    """Tangent of angles in radians, up to ±10⁶."""
    return np.asarray(sin(x) / cos(x))


def arctan2(y: ArrayLike, x: ArrayLike) -> F64:
    """Angles in [-π, π] of the points (x, y) from the x axis; 0 or π at the origin. Finite numbers only.

    The angle below 45° is halved twice, by tan(a / 2) = tan a / (1 + √(1 + tan² a)), before the series of Gregory.
    """
    y, x = np.broadcast_arrays(np.asarray(y, np.float64), np.asarray(x, np.float64))
    high, low = np.abs(y), np.abs(x)
    most = np.maximum(high, low)
    slope = np.minimum(high, low) / np.where(most > 0, most, 1.0)
    for _ in range(2):
        slope = slope / (1 + np.sqrt(1 + slope * slope))
    square = slope * slope
    angle = 4 * (slope + slope * square * _polynomial(square, _ARCTAN))
    angle = np.where(high > low, np.pi / 2 - angle, angle)
    return np.asarray(np.copysign(np.where(np.signbit(x), np.pi - angle, angle), y))


def arcsin(x: ArrayLike) -> F64:
    """Angles in [-π/2, π/2] of sines in [-1, 1]."""
    x = np.asarray(x, np.float64)
    return arctan2(x, np.sqrt((1 - x) * (1 + x)))


def exp(x: ArrayLike) -> F64:
    """The exponential function of finite numbers."""
    rest = np.asarray(x, np.float64)
    doublings = np.rint(rest * (1 / _LN2[0]))
    for part in _LN2:
        rest = rest - doublings * part
    return np.asarray(np.ldexp(1 + (rest + rest * rest * _polynomial(rest, _EXP)), doublings.astype(np.int32)))


def log(x: ArrayLike) -> F64:
    """The natural logarithm of positive, finite numbers, by the series of artanh((m - 1) / (m + 1)) = log(m) / 2."""
    share, doublings = np.frexp(np.asarray(x, np.float64))
    small = share < 0.7071067811865476
    share, doublings = np.where(small, 2 * share, share), doublings - small
    s = (share - 1) / (share + 1)
    square = s * s
    return np.asarray(doublings * _LN2[0] + (2 * (s + s * square * _polynomial(square, _ARTANH)) + doublings * _LN2[1]))


def power(x: ArrayLike, y: ArrayLike) -> F64:
    """Positive numbers x to the y, as exp(y log x): to within |y log x| more units in the last place."""
    return exp(np.asarray(y, np.float64) * log(x))


_WICHURA = (  # numerators and denominators near the middle, in the tails and far out, the lowest power first
    (
        (
            3.3871328727963666080,
            1.3314166789178437745e2,
            1.9715909503065514427e3,
            1.3731693765509461125e4,
            4.5921953931549871457e4,
            6.7265770927008700853e4,
            3.3430575583588128105e4,
            2.5090809287301226727e3,
        ),
        (
            1.0,
            4.2313330701600911252e1,
            6.8718700749205790830e2,
            5.3941960214247511077e3,
            2.1213794301586595867e4,
            3.9307895800092710610e4,
            2.8729085735721942674e4,
            5.2264952788528545610e3,
        ),
    ),
    (
        (
            1.42343711074968357734,
            4.63033784615654529590,
            5.76949722146069140550,
            3.64784832476320460504,
            1.27045825245236838258,
            2.41780725177450611770e-1,
            2.27238449892691845833e-2,
            7.74545014278341407640e-4,
        ),
        (
            1.0,
            2.05319162663775882187,
            1.67638483018380384940,
            6.89767334985100004550e-1,
            1.48103976427480074590e-1,
            1.51986665636164571966e-2,
            5.47593808499534494600e-4,
            1.05075007164441684324e-9,
        ),
    ),
    (
        (
            6.65790464350110377720,
            5.46378491116411436990,
            1.78482653991729133580,
            2.96560571828504891230e-1,
            2.65321895265761230930e-2,
            1.24266094738807843860e-3,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
        ),
        (
            1.0,
            5.99832206555887937690e-1,
            1.36929880922735805310e-1,
            1.48753612908506148525e-2,
            7.86869131145613259100e-4,
            1.84631831751005468180e-5,
            1.42151175831644588870e-7,
            2.04426310338993978564e-15,
        ),
    ),
)


def normal_quantile(share: ArrayLike) -> F64:
    """Numbers below which the standard normal distribution has shares in (0, 1).

    Source: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37
    (1988), 477-484.
    """
    share = np.asarray(share, np.float64)
    q = share - 0.5
    r = np.sqrt(-log(np.where(q <= 0, share, 1 - share)))
    places = np.maximum(0.180625 - q * q, 0), np.minimum(r, 5) - 1.6, np.maximum(r, 5) - 5  # each within its range
    central, tail, far = (
        _polynomial(x, above) / _polynomial(x, below) for x, (above, below) in zip(places, _WICHURA, strict=True)
    )
    return np.where(np.abs(q) <= 0.425, q * central, np.copysign(np.where(r <= 5, tail, far), q))


def normal_share(x: float) -> float:
    """The share of the standard normal distribution below x, to within 1e-15.

    Source: G. Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11 (2004).
    """
    if abs(x) > 8.5:
        return float(x > 0)
    total, term, odd = x, x, 1
    while abs(term) > 1e-17 * abs(total):
        odd += 2
        term *= x * x / odd
        total += term
    return min(max(0.5 + total * 0.3989422804014327 * float(exp(-0.5 * x * x)), 0.0), 1.0)
