"""What work that takes a while tells of itself."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a stage of the work is.

    Attributes:
        stage: What is being done.
        done: How much of it.
        total: Out of how much.
        unit: Of what.
        note: What else there is to say.
    """

    stage: str
    done: int
    total: int
    unit: str = "images"
    note: str = ""


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Reports to nobody."""
