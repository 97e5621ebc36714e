"""TensorBoard logs, where they are asked for."""

from collections.abc import Mapping
from pathlib import Path

from diorama.extras import require


class Log:
    """Writes each epoch's figures.

    Args:
        folder: Where to; None for nowhere.

    Raises:
        ExtraError: If TensorBoard is not installed.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            require("tensorboard", extra="log")

    def __call__(self, row: Mapping[str, float]) -> None:
        """Takes a row of a history: its epoch is the axis, its head a curve."""
        if self._folder is None:
            return
        from torch.utils.tensorboard import SummaryWriter

        with SummaryWriter(str(self._folder / f"head{row['head']:.0f}")) as writer:
            for name, value in row.items():
                if name not in ("head", "epoch"):
                    writer.add_scalar(name, value, int(row["epoch"]))
