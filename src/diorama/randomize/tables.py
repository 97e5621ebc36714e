"""What there is to be varied, as rows for people and files: the labels' columns, the factors' keys, the JSON schema."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diorama.randomize import checks
from diorama.randomize.factor import COMPONENTS, Factor, Key, Kind, registered
from diorama.randomize.recipe import OMIT, Recipe
from diorama.randomize.spaces import Constant


@dataclass(frozen=True)
class Column:
    """A column of the labels: what `compose` gives under that name."""

    name: str  # "camera.distance", "camera.direction.azimuth"
    unit: str
    doc: str  # one line
    kind: Kind  # "number", "integer", "truth" or "name"
    slots: int  # 0: one value per image; else a list of that fixed length


@dataclass(frozen=True)
class Row:
    """A factor's key in words, as the dataset's card prints it."""

    factor: str
    key: str
    unit: str
    doc: str
    drawn: str  # its space in the recipe at hand; after it those of classes that draw it otherwise
    omitted: str  # what it is when the factor is omitted
    valid: str  # the values that may be given


def columns() -> tuple[Column, ...]:
    """The columns of all factors, in the order of the labels."""
    return tuple(
        column
        for factor in registered().values()
        for key in factor.keys
        for column in _of(f"{factor.name}.{key.name}", key)
    )


def _of(name: str, key: Key) -> Sequence[Column]:
    many = f" One for each of {key.slots} slots." if key.slots else ""
    parts = COMPONENTS.get(key.kind)
    if parts is None:
        return [Column(name, key.unit, key.doc + many, key.kind, key.slots)]
    doc = key.doc.removesuffix(".")
    return [Column(f"{name}.{part}", key.unit, f"{doc}: {part}.{many}", "number", key.slots) for part in parts]


def rows(recipe: Recipe | None = None) -> list[Row]:
    """Every key of every factor, as the recipe (by default the paper's) draws it."""
    return [
        Row(factor.name, key.name, key.unit, key.doc, drawn, str(key.when_omitted), _valid(key))
        for factor, key, drawn in _drawn(recipe or Recipe())
    ]


def _drawn(recipe: Recipe) -> Iterator[tuple[Factor, Key, str]]:
    """Every key, and in words what it is drawn from: "uniform 0 … 9; of cat: 0"."""
    for (factor, key, base), draw in zip(recipe.plan, recipe.draws, strict=True):
        told = []
        for space in draw.spaces:
            names = draw.whose(space, recipe.classes)
            told.append(str(space) if space == base or not names else f"of {', '.join(names)}: {space}")
        yield factor, key, "; ".join(told)


def _valid(key: Key) -> str:
    if key.options:
        return ", ".join(key.options)
    if key.kind in ("number", "integer"):
        return f"{key.low:g} … {key.high:g}"
    return {"truth": "true, false", "direction": "azimuth, elevation 0 … 90"}.get(key.kind, "")


def markdown(recipe: Recipe | None = None) -> str:
    """The factors and their keys as Markdown: a heading, a sentence and a table for each factor."""
    out = []
    for factor in registered().values():
        out += [
            f"### {factor.name}",
            "",
            factor.doc,
            "",
            "| key | what | drawn | omitted | valid |",
            "|---|---|---|---|---|",
        ]
        for row in rows(recipe):
            if row.factor == factor.name:
                unit = f" [{row.unit}]" if row.unit else ""
                out.append(f"| `{row.key}` | {row.doc}{unit} | {row.drawn} | {row.omitted} | {row.valid} |")
        out.append("")
    return "\n".join(out)


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of a recipe's file, with every factor and key described."""
    whole = Recipe.model_json_schema()
    definitions = whole.setdefault("$defs", {})
    factors = {}
    for factor in registered().values():
        keys = {}
        for key in factor.keys:
            spaces = checks.SUITED[key.kind]
            for space in spaces:
                own = space.model_json_schema()
                definitions[space.__name__] = {
                    **own,
                    "required": ["space", *(n for n in own.get("required", []) if n != "space")],
                }
            unit = f" In {key.unit}." if key.unit else ""
            keys[key.name] = {
                "description": key.doc + unit,
                "anyOf": [_plain(key), *({"$ref": f"#/$defs/{space.__name__}"} for space in spaces)],
                "default": _written(key),
            }
        factors[factor.name] = {
            "description": factor.doc,
            "anyOf": [
                {"const": OMIT, "description": "All keys stay at their defaults."},
                {"type": "object", "properties": keys, "additionalProperties": False},
            ],
        }
    whole["properties"]["factors"] = {
        "description": "What varies, and how.",
        "type": "object",
        "properties": factors,
        "additionalProperties": False,
    }
    keys_alone = {name: {"$ref": f"#/properties/factors/properties/{name}/anyOf/1"} for name in factors}
    whole["properties"]["of_class"] = {
        "description": whole["properties"]["of_class"]["description"],
        "type": "object",
        "additionalProperties": {"type": "object", "properties": keys_alone, "additionalProperties": False},
        "default": {},
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def _plain(key: Key) -> dict[str, Any]:
    """The schema of a key's plain value."""
    if key.kind in COMPONENTS:
        count = len(COMPONENTS[key.kind])
        return {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}
    if key.kind == "name":
        return {"enum": list(key.options)} if key.options else {"type": "string"}
    if key.kind == "truth":
        return {"type": "boolean"}
    bounds = {"minimum": key.low, "maximum": key.high}
    finite = {name: bound for name, bound in bounds.items() if abs(bound) != float("inf")}
    return {"type": key.kind, **finite}


def _written(key: Key) -> Any:
    """The paper's space as a file gives it."""
    plain = key.paper.model_dump(mode="json", exclude_none=True)
    return plain["value"] if isinstance(key.paper, Constant) else plain
