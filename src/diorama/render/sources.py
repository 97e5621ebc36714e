"""The shaders' text, and the two ways in which a scene reaches their fragment stages.

A GPU's fragment stage reads the scene where it lies, in a uniform. Mesa's software driver would fetch that anew for
each pixel, with a check of its bounds, but fetches a flat value of the vertex stage once for a triangle: there, what is
read of a scene is handed on. Pixels are the same, bit for bit.
"""

from functools import cache
from importlib.resources import files

LIT = {f"lit{k}": f"irradiance[{k}]" for k in range(9)} | {"lit9": "camera", "lit10": "sun"}
COAT, PAINT = ({f"coat{k}": f"coat[{k}]" for k in rows} for rows in ((*range(8), 11), (0, 3, 4, 5, 7)))
"""What is handed on: a name for each part, and what it is of the scene."""

FIRST = 10
"""Locations before this are those that the vertex stages' outputs give themselves."""

FEATURES = (
    *("COLOR", "NORMAL", "ROUGHNESS", "EMISSIVE", "OCCLUSION", "SECOND", "CUTOFF", "FUR", "COAT", "SPECKLES", "LAYER"),
    *("COLLAR", "DOUBLE_SIDED"),
)
"""What a subject's shaders are made for, or without."""


@cache
def source(*names: str, hands_on: bool = False) -> str:
    """The shaders of these names, one after the other.

    Args:
        *names: Of the files.
        hands_on: Whether the fragment stages are handed what they read of a scene. In the files, NAME_FIELDS stands for
            the fields of a vertex stage's output, NAME_OF_SCENE for their values, and NAME_OF_IN for all that the
            fragment stage knows by NAME.
    """
    folder = files("diorama.render").joinpath("shaders")
    text = "\n".join(folder.joinpath(f"{name}.wgsl").read_text("utf-8") for name in names)
    for name, first, parts in (
        ("LIT", FIRST, LIT),
        ("COAT", FIRST + len(LIT), COAT),
        ("PAINT", FIRST + len(LIT), PAINT),
    ):
        if hands_on:
            fields = [f"  @location({k}) @interpolate(flat) {part}: vec4f,\n" for k, part in enumerate(parts, first)]
            values = "".join(f"scene.{of}, " for of in parts.values())
            told = _lit() if parts is LIT else _coat(parts)
        else:
            fields, values, told = (
                [],
                "",
                "Lit(scene.irradiance, scene.camera, scene.sun)" if parts is LIT else "scene.coat",
            )
        text = text.replace(f"  {name}_FIELDS\n", "".join(fields)).replace(f"{name}_OF_SCENE, ", values)
        text = text.replace(f"{name}_OF_IN", told)
    return text


def _lit() -> str:
    return f"Lit(array<vec4f, 9>({', '.join(f'in.lit{k}' for k in range(9))}), in.lit9, in.lit10)"


def _coat(parts: dict[str, str]) -> str:
    rows = (f"in.coat{k}" if f"coat{k}" in parts else "vec4f()" for k in range(12))
    return f"array<vec4f, 12>({', '.join(rows)})"
