"""An unfinished training on disk: one safetensors file, replaced as a whole, removed at the end."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from diorama.dataset import files

NAME = "checkpoint.safetensors"


@dataclass
class Checkpoint:
    """Where a training is.

    Attributes:
        path: The file.
        run: Hash of all that decides the weights; a file of another run is not read.
        number: Which of the heads is being trained; those before it are finished.
        epoch: Epochs it has finished.
        step: Steps of the next epoch that it has done.
        sums: Of that epoch so far: loss, right answers, images.
        history: A row per finished epoch of all heads.
        parts: Tensors by part and name: "done.K" of finished heads, "net", "optimizer" and "best" of this one.
    """

    path: Path
    run: str
    number: int = 0
    epoch: int = 0
    step: int = 0
    sums: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    history: list[dict[str, float]] = field(default_factory=list)
    parts: dict[str, dict[str, Tensor]] = field(default_factory=dict)

    def save(self) -> None:
        """Writes the file.

        Raises:
            OutputError: If it cannot be written; the one before is kept.
        """
        # copies: tensors of several parts may share memory, which safetensors refuses
        flat = {
            f"{part}/{name}": value.detach().to("cpu", copy=True).contiguous()
            for part, tensors in self.parts.items()
            for name, value in tensors.items()
        }
        names = ("run", "number", "epoch", "step", "sums", "history")
        state = json.dumps({name: getattr(self, name) for name in names})
        with files.replacing(self.path) as temporary:
            temporary.write_bytes(save(flat, {"state": state}))

    def load(self) -> bool:
        """Goes on from the file; False if there is none of this run."""
        try:
            with safe_open(self.path, "pt") as file:
                state: dict[str, Any] = json.loads(file.metadata()["state"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
        except (OSError, SafetensorError, KeyError, ValueError, TypeError):
            return False
        if state.pop("run") != self.run:
            return False
        for name, value in state.items():
            setattr(self, name, value)
        self.parts = {}
        for name, tensor in tensors.items():
            part, _, rest = name.partition("/")
            self.parts.setdefault(part, {})[rest] = tensor
        return True
