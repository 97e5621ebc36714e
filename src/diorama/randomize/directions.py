"""Spaces of directions and rotations: uniform over a part of the sphere, and over all ways to turn."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from diorama import exact
from diorama.randomize.spaces import F64, BaseSpace, Number, ordered


class UpperHemisphere(BaseSpace):
    """Directions uniform by area on a band of the upper hemisphere: (azimuth, elevation) in degrees.

    Azimuth 0 looks along +Z, where the subject faces, and grows towards +X. By Archimedes' theorem the area between two
    heights on a sphere is proportional to their difference, so that the sine of the elevation is uniform.
    """

    uniforms: ClassVar[int] = 2
    space: Literal["upper_hemisphere"] = "upper_hemisphere"
    elevation: tuple[Annotated[Number, Field(ge=0, le=90)], Annotated[Number, Field(ge=0, le=90)]] = (0.0, 90.0)
    azimuth: tuple[Annotated[Number, Field(ge=-360, le=360)], Annotated[Number, Field(ge=-360, le=360)]] = (0.0, 360.0)

    @model_validator(mode="after")
    def _check(self) -> "UpperHemisphere":
        ordered(*self.elevation, name="elevation's low")
        ordered(*self.azimuth, name="azimuth's low")
        if self.azimuth[1] - self.azimuth[0] > 360:
            raise ValueError("azimuth spans more than 360°")
        return self

    def sample(self, u: F64) -> F64:
        """(..., 2) uniforms to (..., 2) azimuth and elevation."""
        low, high = exact.sin(np.radians(self.elevation))
        azimuth = self.azimuth[0] + (self.azimuth[1] - self.azimuth[0]) * u[..., 0]
        return np.stack([azimuth, np.degrees(exact.arcsin(low + (high - low) * u[..., 1]))], axis=-1)

    def __str__(self) -> str:
        around = "" if self.azimuth == (0.0, 360.0) else f", azimuth {self.azimuth[0]:g}° … {self.azimuth[1]:g}°"
        return f"uniform by area, elevation {self.elevation[0]:g}° … {self.elevation[1]:g}°{around}"


class Rotation(BaseSpace):
    """Rotations uniform on SO(3), as unit quaternions (x, y, z, w).

    Source: K. Shoemake, "Uniform random rotations", Graphics Gems III (1992), 124-132.
    """

    uniforms: ClassVar[int] = 3
    space: Literal["rotation"] = "rotation"

    def sample(self, u: F64) -> F64:
        """(..., 3) uniforms to (..., 4) quaternions."""
        a, b = np.sqrt(1 - u[..., 0]), np.sqrt(u[..., 0])
        s, t = 2 * np.pi * u[..., 1], 2 * np.pi * u[..., 2]
        return np.stack([a * exact.sin(s), a * exact.cos(s), b * exact.sin(t), b * exact.cos(t)], axis=-1)

    def __str__(self) -> str:
        return "any rotation, uniform"
