"""Spaces: the distributions that a recipe may give to a factor's key.

A space is a few checked numbers. It takes a fixed count of uniforms (`uniforms`) and maps them to values; none rejects,
so that what one image draws never shifts what another does. In YAML a space is a mapping whose `space` names it:

    distance: {space: uniform, low: 1.8, high: 4.5}
    fov: 50                                           # short for {space: constant, value: 50}
"""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from diorama import exact

F64 = NDArray[np.float64]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Truth = Annotated[bool, Field(strict=True)]
Value = Truth | Whole | Number | Name
Interval = tuple[Number, Number]


def _pairs(given: object) -> object:
    return tuple(given.items()) if isinstance(given, Mapping) else given


Weight = Annotated[Number, Field(gt=0, le=1e6)]
Weights = Annotated[
    tuple[tuple[Name, Weight], ...],
    BeforeValidator(_pairs),
    WithJsonSchema(
        {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e6}}
    ),
]
"""Names and how likely each is; a mapping in files. Pairs here, so that spaces can be hashed."""


class BaseSpace(BaseModel):
    """What all spaces have: a count of uniforms, a map from them to values, and the extent of those values."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    uniforms: ClassVar[int] = 1

    def sample(self, u: F64) -> NDArray[Any]:
        """Map (..., uniforms) uniforms in [0, 1) to (...) values, or (..., D) where values are vectors.

        Raises:
            TypeError: Of `Anything` and `Default`: a catalogue gives their values, `Picks` draws them, and a recipe
                that asks numbers of them is refused.
        """
        raise TypeError(f"{type(self).__name__} draws from a catalogue's names, and has no values of its own")

    def extent(self) -> tuple[float, float]:
        """The lowest and highest number that can be drawn; infinite where there is none."""
        return -math.inf, math.inf


def ordered(low: float, high: float, name: str = "low") -> None:
    """Refuses bounds that are not in order; pydantic tells of the ValueError."""
    if not low < high:
        raise ValueError(f"{name} {low:g} is not below high {high:g}")


class Constant(BaseSpace):
    """The same value always: a number, a truth, a name, or the numbers of a direction or rotation."""

    uniforms: ClassVar[int] = 0
    space: Literal["constant"] = "constant"
    value: Value | tuple[Number, ...]

    def sample(self, u: F64) -> NDArray[Any]:
        """(..., 0) uniforms to (...) or (..., D) values."""
        value = np.asarray(self.value)
        return np.broadcast_to(value, u.shape[:-1] + value.shape).copy()

    def extent(self) -> tuple[float, float]:
        """The value itself."""
        numbers = self.value if isinstance(self.value, tuple) else (self.value,)
        known = [float(n) for n in numbers if not isinstance(n, str)]
        return (min(known), max(known)) if known else (-math.inf, math.inf)

    def __str__(self) -> str:
        return str(list(self.value) if isinstance(self.value, tuple) else self.value)


class Uniform(BaseSpace):
    """Numbers in [low, high), each as likely."""

    space: Literal["uniform"] = "uniform"
    low: Number
    high: Number

    @model_validator(mode="after")
    def _check(self) -> "Uniform":
        ordered(self.low, self.high)
        return self

    def sample(self, u: F64) -> F64:
        """(..., 1) uniforms to (...) numbers."""
        return self.low + (self.high - self.low) * u[..., 0]

    def extent(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"uniform {self.low:g} … {self.high:g}"


class LogUniform(BaseSpace):
    """Positive numbers in [low, high) whose logarithm is uniform: each doubling as likely as the next."""

    space: Literal["log_uniform"] = "log_uniform"
    low: Annotated[Number, Field(gt=0)]
    high: Number

    @model_validator(mode="after")
    def _check(self) -> "LogUniform":
        ordered(self.low, self.high)
        return self

    def sample(self, u: F64) -> F64:
        """(..., 1) uniforms to (...) numbers."""
        low, high = exact.log([self.low, self.high])
        return np.clip(exact.exp(low + (high - low) * u[..., 0]), self.low, self.high)  # against rounding alone

    def extent(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"log-uniform {self.low:g} … {self.high:g}"


class Normal(BaseSpace):
    """The normal distribution, cut off at `low` and `high` where given: what lies beyond is never drawn."""

    space: Literal["normal"] = "normal"
    mean: Number
    sd: Annotated[Number, Field(gt=0)]
    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _check(self) -> "Normal":
        low, high = self.extent()
        ordered(low, high)
        below, above = self._mass()
        if above - below < 1e-6:
            raise ValueError(f"almost nothing of the distribution lies between low {low:g} and high {high:g}")
        return self

    def _mass(self) -> tuple[float, float]:
        """Probabilities below `low` and below `high` of the whole distribution."""
        low, high = self.extent()
        return exact.normal_share((low - self.mean) / self.sd), exact.normal_share((high - self.mean) / self.sd)

    def sample(self, u: F64) -> F64:
        """(..., 1) uniforms to (...) numbers, by the inverse of the distribution function."""
        below, above = self._mass()
        share = np.clip(below + (above - below) * u[..., 0], 1e-16, 1 - 1e-16)
        return np.clip(self.mean + self.sd * exact.normal_quantile(share), *self.extent())  # against rounding alone

    def extent(self) -> tuple[float, float]:
        """The bounds, infinite where there are none."""
        return -math.inf if self.low is None else self.low, math.inf if self.high is None else self.high

    def __str__(self) -> str:
        low, high = self.extent()
        return f"normal {self.mean:g} ± {self.sd:g}" + ("" if math.isinf(low - high) else f" in {low:g} … {high:g}")


class Integer(BaseSpace):
    """Whole numbers from low to high, both included, each as likely."""

    space: Literal["integer"] = "integer"
    low: Whole
    high: Whole

    @model_validator(mode="after")
    def _check(self) -> "Integer":
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self

    def sample(self, u: F64) -> NDArray[np.int64]:
        """(..., 1) uniforms to (...) integers."""
        return self.low + (u[..., 0] * (self.high - self.low + 1)).astype(np.int64)

    def extent(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"integer {self.low} … {self.high}"


class Bernoulli(BaseSpace):
    """True with probability p."""

    space: Literal["bernoulli"] = "bernoulli"
    p: Annotated[Number, Field(ge=0, le=1)]

    def sample(self, u: F64) -> NDArray[np.bool_]:
        """(..., 1) uniforms to (...) truths."""
        return u[..., 0] < self.p

    def __str__(self) -> str:
        return f"true with probability {self.p:g}"


class Choice(BaseSpace):
    """One of the options, as likely as its weight says; all alike without weights."""

    space: Literal["choice"] = "choice"
    options: Annotated[tuple[Value, ...], Field(min_length=1)]
    weights: tuple[Annotated[Number, Field(ge=0)], ...] | None = None

    @model_validator(mode="after")
    def _check(self) -> "Choice":
        if len(set(map(repr, self.options))) < len(self.options):
            raise ValueError("options holds a value twice")
        if self.weights is not None and len(self.weights) != len(self.options):
            raise ValueError(f"weights has {len(self.weights)} entries for {len(self.options)} options")
        if self.weights is not None and not 0 < sum(self.weights) < math.inf:
            raise ValueError("weights has no positive sum")
        return self

    def sample(self, u: F64) -> NDArray[Any]:
        """(..., 1) uniforms to (...) options. Names are drawn by `Picks`, which knows which of them there are."""
        return np.asarray(self.options)[weighted(u[..., 0], self.weights or (1.0,) * len(self.options))]

    def extent(self) -> tuple[float, float]:
        """The lowest and highest option that is a number."""
        known = [float(option) for option in self.options if not isinstance(option, str)]
        return (min(known), max(known)) if known else (-math.inf, math.inf)

    def __str__(self) -> str:
        weights = self.weights or ("",) * len(self.options)
        return "one of " + ", ".join(
            f"{o} ×{w:g}" if w != "" else f"{o}" for o, w in zip(self.options, weights, strict=True)
        )


class Anything(BaseSpace):
    """Any of what the catalogue has there, each as likely: any model of the class, any clip of the model, any sky.

    `but` names what is left out where there is something else: clips that hide the face, toys among surfaces. `weights`
    makes some more or less likely than the others, whose weight is 1. Both may name what a catalogue has not.
    """

    space: Literal["any"] = "any"
    but: tuple[Annotated[str, Field(strict=True, min_length=1)], ...] = ()
    weights: Weights = ()

    @model_serializer(mode="wrap")
    def _plain(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        plain: dict[str, Any] = dump(self)
        if self.weights:
            return plain | {"weights": dict(self.weights)}
        del plain["weights"]  # a recipe without them keeps the hash that it had before there were any
        return plain

    def of(self, options: Sequence[str]) -> list[int]:
        """Indices of the options that may be drawn: all of them where `but` would leave none."""
        left = [i for i, option in enumerate(options) if option not in self.but]
        return left or list(range(len(options)))

    def draw(self, u: F64, options: Sequence[str]) -> tuple[NDArray[np.int32], F64]:
        """(...) indices into the options from uniforms of that shape, and what is left of these: uniforms again."""
        left = np.array(self.of(options), np.int32)
        if not self.weights:
            at = np.minimum((u * len(left)).astype(np.int32), len(left) - 1)
            return left[at], u * len(left) % 1.0
        shares = np.array(self.odds([options[i] for i in left]))
        at = weighted(u, tuple(shares))
        within = (u - (np.cumsum(shares) - shares)[at]) / shares[at]
        return left[at], np.clip(within, 0.0, np.nextafter(1.0, 0.0))

    def odds(self, options: Sequence[str]) -> list[float]:
        """The probability of each of the options, all of which may be drawn."""
        known = dict(self.weights)
        weights = [known.get(option, 1.0) for option in options]
        return [weight / sum(weights) for weight in weights]

    def __str__(self) -> str:
        weights = ", ".join(f"{name} ×{weight:g}" for name, weight in self.weights)
        return "any" + (f" but {', '.join(self.but)}" if self.but else "") + (f"; {weights}" if weights else "")


class Default(BaseSpace):
    """What stands for all: the first model of the class, its default pose, its first coat, a plain sky."""

    uniforms: ClassVar[int] = 0
    space: Literal["default"] = "default"

    def __str__(self) -> str:
        return "the default"


def weighted(u: F64, weights: tuple[float, ...]) -> NDArray[np.intp]:
    """Indices drawn by weight from uniforms of any shape."""
    edges = np.cumsum(weights)
    index = np.searchsorted(edges / edges[-1], u, side="right")
    return np.minimum(index, int(np.flatnonzero(weights)[-1]))  # never one of no weight, by rounding
