"""Recipe: all that decides what a dataset shows, in one validated model."""

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

import diorama.randomize.factors  # noqa: F401 (registers the factors that come with Diorama)
from diorama.assets.hashing import content_hash
from diorama.errors import RecipeError
from diorama.randomize import checks, documents, overrides
from diorama.randomize.draw import Draw
from diorama.randomize.factor import Factor, Key, find, registered, suggest
from diorama.randomize.spaces import BaseSpace

OMIT: Literal["omit"] = "omit"
PRESETS = ("paper", "best")
Label = Literal["mask", "amodal", "depth", "normals", "ids", "keypoints"]
LABELS: tuple[Label, ...] = get_args(Label)
"""Labels that a dataset holds on request, in the order in which recipes list them."""
_LISTED = ", ".join(LABELS)
Spaces = dict[str, SerializeAsAny[BaseSpace]]
_Int = Annotated[int, Field(strict=True)]
_Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]


def _not_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("not a number")  # since True == 1, a literal 1 would take it
    return value


class Visibility(BaseModel):
    """How well the subject must be seen; an image that falls short is drawn again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_visible: _Share = Field(
        default=0.35, description="Least visible fraction of the subject's pixels in the frame."
    )
    min_share: _Share = Field(
        default=0.02, description="Least share of the frame that the subject would fill unhidden."
    )
    attempts: Annotated[_Int, Field(ge=1, le=10_000)] = Field(
        default=100, description="Attempts at an image before giving up."
    )


class Recipe(BaseModel):
    """What varies from image to image and how, which classes are shown, and how large the images are.

    Every way to make one checks all of it and raises RecipeError. What is left out is as in the preset `paper`; a
    factor given as "omit" stays at its defaults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: Annotated[_Int, Field(ge=64, le=1024, multiple_of=8)] = Field(256, description="Pixels along each side.")
    antialias: Annotated[Literal[1, 4], BeforeValidator(_not_truth)] = Field(
        1, description="Coverage samples per pixel."
    )
    hair: Annotated[_Int, Field(ge=0, le=16)] = Field(
        0, description="Most layers of hair about the outline of furred subjects; 0 leaves outlines hard, and is fast."
    )
    quality: Annotated[_Int, Field(ge=1, le=100)] = Field(90, description="Quality of the JPEG files.")
    classes: Annotated[
        tuple[Annotated[str, Field(strict=True, min_length=1, max_length=100)], ...], Field(min_length=1)
    ] = Field(("cat", "dog"), description="Classes; image i shows class i modulo their count.")
    per_class: Annotated[_Int, Field(ge=1, le=10**15)] = Field(1000, description="Images per class.")
    seed: Annotated[_Int, Field(ge=0, lt=2**64)] = Field(0, description="Seed of all randomness.")
    labels: tuple[Label, ...] = Field((), description=f"Labels beyond the columns that are always there: {_LISTED}.")
    visibility: Visibility = Field(Visibility(), description="How well the subject must be seen.")
    factors: dict[str, Literal["omit"] | Spaces] = Field({}, validate_default=True, description="What varies, and how.")
    of_class: dict[str, dict[str, Spaces]] = Field(
        {}, description="What varies otherwise in images of one class: by class and factor, the keys that differ."
    )

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise checks.from_pydantic(error, "", names=type(self).model_fields) from error

    @field_validator("classes", mode="after")
    @classmethod
    def _check_classes(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        return checks.class_names(classes)

    @field_validator("labels", mode="before")
    @classmethod
    def _check_labels(cls, given: object) -> tuple[Label, ...]:
        """In the order of LABELS, so that one content has one recipe."""
        if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
            raise RecipeError("labels", f"{given!r} is not a list of names", f"Choose from: {_LISTED}.")
        for name in given:
            if name not in LABELS:
                raise RecipeError("labels", f"there is no label {name!r}", suggest(name, LABELS))
        return tuple(name for name in LABELS if name in given)

    @field_validator("factors", mode="before")
    @classmethod
    def _check_factors(cls, given: object) -> dict[str, Any]:
        """Complete the factors and check each key's space."""
        if not isinstance(given, Mapping):
            raise RecipeError("factors", f"{given!r} is not a mapping", "Give a mapping of factors to their keys.")
        for name in given:
            find(name)
        return {name: _spaces(factor, given.get(name, {})) for name, factor in registered().items()}

    @field_validator("of_class", mode="before")
    @classmethod
    def _check_of_class(cls, given: object) -> overrides.OfClass:
        return overrides.checked(given)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.per_class * len(self.classes) >= 1 << 62:
            raise RecipeError("per_class", f"{self.per_class} is too many", "Ask for fewer images.")
        for name in self.of_class:
            if name not in self.classes:
                raise RecipeError(f"of_class.{name}", "no such class is shown", suggest(name, self.classes))
        return self

    @classmethod
    def preset(cls, name: str, **fields: Any) -> Self:
        """A recipe that comes with Diorama.

        "paper" is the seed paper's, uniform throughout. "best" is what recognises real photos best: framed, lit and
        finished like photographs of pets. What it says of classes that are not shown is left out.

        Raises:
            RecipeError: If there is none of that name.
        """
        if name not in PRESETS:
            raise RecipeError("recipe", f"there is no preset {name!r}", suggest(name, PRESETS))
        fields = {field: value for field, value in fields.items() if value is not None}
        if name == "paper":
            return cls(**fields)
        text = files("diorama.randomize").joinpath("presets", f"{name}.yaml").read_text(encoding="utf-8")
        plain = documents.read(text, name)
        classes = fields.get("classes") or cls.model_fields["classes"].default
        plain["of_class"] = {name: keys for name, keys in plain["of_class"].items() if name in classes}
        return cls(**plain | fields)

    @classmethod
    def parse(cls, text: str, where: str = "recipe") -> Self:
        """A recipe from YAML; what it leaves out is as in `paper`.

        Raises:
            RecipeError: If anything in it is wrong, with the place.
        """
        return cls._from(documents.read(text, where), where)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A recipe from a YAML file, as `parse`."""
        return cls._from(documents.load(Path(path)), str(path))

    @classmethod
    def _from(cls, data: object, where: str) -> Self:
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise RecipeError(where, "not a mapping of fields", "Begin from what `diorama recipe show` prints.")
        try:
            return cls(**data)
        except RecipeError as error:
            raise RecipeError(f"{where}: {error.where}", error.problem, error.mend) from error

    def save(self, path: str | Path) -> None:
        """Write the whole recipe as YAML, to a temporary name first.

        Raises:
            OutputError: If it cannot be written.
        """
        documents.save(Path(path), self.yaml())

    def yaml(self) -> str:
        """The whole recipe as YAML; `parse` reads it back to an equal one."""
        plain = self.model_dump(mode="json", exclude={"factors", "of_class"})
        plain["factors"] = {
            name: keys if isinstance(keys, str) else documents.short(keys) for name, keys in self.factors.items()
        }
        if self.of_class:
            plain["of_class"] = {
                name: {factor: documents.short(keys) for factor, keys in factors.items()}
                for name, factors in self.of_class.items()
            }
        return documents.write(plain)

    @cached_property
    def hash(self) -> str:
        """Content hash of all that an image depends on; a dataset that grows (`per_class`) keeps it."""
        plain = self.model_dump(mode="json", exclude={"per_class"} if self.of_class else {"per_class", "of_class"})
        return content_hash(yaml.safe_dump(plain, sort_keys=True))

    @property
    def samples(self) -> int:
        """Coverage samples per pixel, as the renderer calls `antialias`."""
        return self.antialias

    def replace(self, **fields: Any) -> Self:
        """A copy with other fields; None leaves one as it is. With other classes, what those left out drew goes."""
        given = {name: value for name, value in fields.items() if value is not None}
        own = {name: getattr(self, name) for name in type(self).model_fields}
        if isinstance(given.get("classes"), list | tuple):
            own["of_class"] = {name: keys for name, keys in self.of_class.items() if name in given["classes"]}
        return type(self)(**own | given)

    def omit(self, *factors: str) -> Self:
        """A copy in which these factors stay at their defaults, for every class."""
        names = [find(name).name for name in factors]
        return self.replace(
            factors=self.factors | dict.fromkeys(names, OMIT), of_class=overrides.without(self.of_class, names)
        )

    def pin(self, key: str, value: object = None) -> Self:
        """A copy in which one key has a value always, or another space, for every class.

        Args:
            key: "camera.distance", or the whole "camera.distance=2.5".
            value: The value, a space, or text in YAML: "2.5", "true", "30, 20", "{space: uniform, low: 2, high: 3}".

        Raises:
            RecipeError: If there is no such key, or the value does not suit it.
        """
        path, equals, text = key.partition("=")
        path, value = path.strip(), text.strip() if equals else value
        name, _, inner = path.partition(".")
        if not inner or value is None or value == "":
            raise RecipeError(f"pin {key!r}", "not of the form factor.key=value", "Write camera.distance=2.5, say.")
        factor = find(name)
        chosen = factor.key(inner)
        if isinstance(value, str) and (chosen.kind != "name" or value.lstrip().startswith("{")):
            listed = "," in value and value.lstrip()[:1] not in ("[", "{")
            value = documents.read(f"[{value}]" if listed else value, path)
        return self.replace(
            factors={**self.factors, name: {**self._of(factor), inner: value}},
            of_class=overrides.without(self.of_class, [f"{name}.{inner}"]),
        )

    def _of(self, factor: Factor) -> Mapping[str, BaseSpace]:
        """A factor's spaces, those of an omitted one too."""
        spaces = self.factors[factor.name]
        return {key.name: key.when_omitted for key in factor.keys} if isinstance(spaces, str) else spaces

    @cached_property
    def applied(self) -> tuple[Factor, ...]:
        """The factors in the order in which they are applied."""
        return tuple(find(name) for name in self.factors)

    @cached_property
    def plan(self) -> tuple[tuple[Factor, Key, BaseSpace], ...]:
        """Every key of every factor with the space it is drawn from, where no class draws it otherwise."""
        return tuple((factor, key, self._of(factor)[key.name]) for factor in self.applied for key in factor.keys)

    def plan_of(self, class_name: str) -> tuple[tuple[Factor, Key, BaseSpace], ...]:
        """The plan of one class's images.

        Raises:
            RecipeError: If the class is not shown.
        """
        if class_name not in self.classes:
            raise RecipeError(f"class {class_name!r}", "is not shown", suggest(class_name, self.classes))
        own = self.of_class.get(class_name, {})
        return tuple((factor, key, own.get(factor.name, {}).get(key.name, space)) for factor, key, space in self.plan)

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """The plans of all classes as one: every key with its spaces, and which class draws from which."""
        plans = {name: self.plan_of(name) for name in self.of_class}
        return tuple(
            Draw.of_classes(
                factor, key, space, [plans[name][row][2] if name in plans else space for name in self.classes]
            )
            if plans
            else Draw(factor, key, (space,))
            for row, (factor, key, space) in enumerate(self.plan)
        )


def _spaces(factor: Factor, given: object) -> dict[str, BaseSpace] | str:
    """A factor's spaces, completed from the preset `paper` and checked."""
    if given == OMIT:
        return OMIT
    if not isinstance(given, Mapping):
        raise RecipeError(factor.name, f"{given!r} is not a mapping of keys", "Give its keys, or the word omit.")
    for name in given:
        factor.key(str(name))
    return {
        key.name: checks.space(f"{factor.name}.{key.name}", key, given[key.name]) if key.name in given else key.paper
        for key in factor.keys
    }
