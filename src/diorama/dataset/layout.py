"""How a dataset lies on disk: its format, its shards, its splits, and the name of the file that holds an image.

    format      image i of split s, in shard k = i div N
    folder      CLASS/000012.jpg, or s/CLASS/000012.jpg where there are splits; number 12 of its class
    webdataset  data/s-00000k.tar
    parquet     data/s-00000k.parquet

No name depends on how many images there are, so a dataset that grows keeps all its files but those of its last, partial
shard, which are made anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diorama.draws import Draws
from diorama.errors import RecipeError
from diorama.randomize.recipe import Recipe

Format = Literal["folder", "webdataset", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
SHARD_SIZES: Mapping[str, int] = {"folder": 100, "webdataset": 1000, "parquet": 1000}
"""Images in a shard, by format, if nothing else is asked for: what a kill may cost each process."""

TRAIN, TEST = "train", "test"
ENDINGS: Mapping[str, str] = {"webdataset": "tar", "parquet": "parquet"}
_HOLD_OUT = "hold out "


@dataclass(frozen=True)
class Shard:
    """A job: images [first, first + count).

    Attributes:
        number: Which shard.
        first: Its first image.
        count: How many.
    """

    number: int
    first: int
    count: int


@dataclass(frozen=True)
class Layout:
    """What decides the files' names and which images lie together. Make it with `Layout.of`.

    Attributes:
        format: Of FORMATS.
        shard_size: Images in a shard.
        split: "", or "train=0.8, test=0.2", or "hold out subjects=0.2".
        held: Ids of the subjects that only the split test shows.
    """

    format: Format = "folder"
    shard_size: int = SHARD_SIZES["folder"]
    split: str = ""
    held: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @classmethod
    def of(
        cls,
        format: str | None = None,
        shard_size: int | None = None,
        split: Mapping[str, float] | None = None,
        hold_out: Mapping[str, float] | None = None,
    ) -> "Layout":
        """A layout from options, checked.

        Raises:
            RecipeError: Naming the option at fault.
        """
        known = next((name for name in FORMATS if name == (format or "folder")), None)
        if known is None:
            raise RecipeError("format", f"there is no format {format!r}", f"Choose from: {', '.join(FORMATS)}")
        size = SHARD_SIZES[known] if shard_size is None else shard_size
        if not 1 <= size <= 10**6:
            raise RecipeError("shard size", f"is {size}", "Give 1 to 1,000,000")
        if split and hold_out:
            raise RecipeError("split", "is given beside hold out", "Give one of them")
        return cls(known, size, _by_image(split) if split else _by_subject(hold_out) if hold_out else "")

    @classmethod
    def described(cls, made: Mapping[str, str]) -> "Layout":
        """The layout that `description` has told of; a plain folder's where nothing is told."""
        format: Format = next((known for known in FORMATS if known == made.get("format")), "folder")
        return cls(format, int(made.get("shard size", SHARD_SIZES[format])), made.get("split", ""))

    @property
    def description(self) -> dict[str, str]:
        """The layout as plain text by name."""
        own = {"format": self.format, "shard size": str(self.shard_size)}
        return own | ({"split": self.split} if self.split else {})

    @property
    def shares(self) -> dict[str, float]:
        """Each split's share: of the images, or of each class's subjects."""
        if self.split.startswith(_HOLD_OUT):
            share = float(self.split.rpartition("=")[2])
            return {TRAIN: 1 - share, TEST: share}
        parts = (part.partition("=") for part in self.split.split(", ") if part)
        return {name: float(share) for name, _, share in parts} or {TRAIN: 1.0}

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits."""
        return tuple(self.shares)

    @property
    def by_subject(self) -> bool:
        """Whether subjects are held out."""
        return self.split.startswith(_HOLD_OUT)

    def holding_out(self, subjects: Mapping[str, Sequence[str]], seed: int) -> "Layout":
        """A copy that knows which subjects are held out: of each class the share asked for, at least one.

        A class of one subject has it in the training images. Which are held out is decided by seed and ids alone.

        Args:
            subjects: Ids of the subjects of each class.
            seed: The recipe's.

        Raises:
            RecipeError: If no class has a subject to spare.
        """
        if not self.by_subject:
            return self
        draws, held = Draws(seed), set[str]()
        for ids in subjects.values():
            rank = {name: float(draws.uniform(f"split.subject.{name}", [0], [0], 1)[0, 0]) for name in ids}
            count = min(max(1, round(self.shares[TEST] * len(rank))), len(rank) - 1)
            held |= set(sorted(rank, key=lambda name: rank[name])[:count])
        if not held:
            raise RecipeError("hold out", "no class has two subjects", "Give more models, or split by image")
        return replace(self, held=frozenset(held))

    def assigned(self, seed: int, index: ArrayLike, subject: NDArray[np.str_]) -> NDArray[np.str_]:
        """(n,) names of the splits of n images.

        Args:
            seed: The recipe's.
            index: (n,) image numbers.
            subject: (n,) ids of the subjects that they show.
        """
        names, shares = np.array(self.splits), np.array(list(self.shares.values()))
        if self.by_subject:
            return np.asarray(names[np.isin(subject, sorted(self.held)).astype(int)])
        if len(names) == 1:
            return np.repeat(names, len(np.asarray(index)))
        drawn = Draws(seed).uniform("split", index, np.zeros(len(np.asarray(index)), np.int64), 1)[:, 0]
        return np.asarray(names[np.minimum(np.searchsorted(np.cumsum(shares), drawn, "right"), len(names) - 1)])

    def file(self, recipe: Recipe, index: int, split: str) -> str:
        """The file that holds an image."""
        if self.format == "folder":
            return (f"{split}/" if self.split else "") + file_name(recipe, index)
        return f"data/{split}-{index // self.shard_size:06d}.{ENDINGS[self.format]}"

    def folders(self, recipe: Recipe) -> dict[str, re.Pattern[str]]:
        """The folders of images, and how the files are named there that a run may leave."""
        if self.format != "folder":
            return {"data": re.compile(rf"(?:{'|'.join(self.splits)})-\d{{6,}}\.{ENDINGS[self.format]}")}
        above = [f"{split}/" for split in self.splits] if self.split else [""]
        return {folder + name: re.compile(r"\d{6,}\.jpg") for folder in above for name in recipe.classes}

    def shard(self, number: int, total: int) -> Shard:
        """Shard `number` of a dataset of `total` images."""
        first = number * self.shard_size
        return Shard(number, first, min(self.shard_size, total - first))

    def shards(self, total: int) -> Iterator[Shard]:
        """All shards of a dataset of `total` images."""
        return (self.shard(number, total) for number in range(-(-total // self.shard_size)))


PLAIN = Layout()
"""A plain folder without splits."""


def file_name(recipe: Recipe, index: int) -> str:
    """Where image `index` lies in its split's folder: "cat/000012.jpg" is number 12 of the class cat."""
    number, label = divmod(index, len(recipe.classes))
    return f"{recipe.classes[label]}/{number:06d}.jpg"


def parse_shares(option: str, text: str) -> dict[str, float]:
    """{"train": 0.8, "test": 0.2} from "train=0.8,test=0.2".

    Raises:
        RecipeError: If it is not of this form.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, equals, share = (piece.strip() for piece in part.partition("="))
        try:
            if not equals or name in shares:
                raise ValueError
            shares[name] = float(share)
        except ValueError:
            raise RecipeError(option, f"{text!r} is not a list of shares", "Write train=0.8,test=0.2, say") from None
    return shares


def _by_image(shares: Mapping[str, float]) -> str:
    for name, share in shares.items():
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise RecipeError("split", f"{name!r} cannot be a split's name", "Use letters, digits and _")
        if not 0 < share < 1:
            raise RecipeError("split", f"the share of {name} is {share:g}", "Give shares between 0 and 1")
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise RecipeError("split", f"the shares add up to {sum(shares.values()):g}", "Let them add up to 1")
    return ", ".join(f"{name}={share!r}" for name, share in _plain(shares))


def _by_subject(shares: Mapping[str, float]) -> str:
    (name, share), *more = _plain(shares)
    if name != "subjects" or more:
        raise RecipeError("hold out", f"{', '.join(shares)} cannot be held out", "Write subjects=0.2, say")
    if not 0 < share < 1:
        raise RecipeError("hold out", f"the share of {name} is {share:g}", "Give a share between 0 and 1")
    return f"{_HOLD_OUT}{name}={share!r}"


def _plain(shares: Mapping[str, Any]) -> list[tuple[str, float]]:
    return [(name, float(share)) for name, share in shares.items()]
