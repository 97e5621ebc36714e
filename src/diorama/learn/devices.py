"""Devices and processes: accelerate's, or this process alone on the CPU, which needs nothing of it.

accelerate takes a good part of a second to import, as long as a head takes to train. Where it has nothing to do, it is
not imported.
"""

import os
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor, nn

_WORLDS = ("WORLD_SIZE", "PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE")
"""Variables in which a launcher tells the number of processes, as accelerate reads them."""


class Processes(Protocol):
    """What is used of accelerate's `Accelerator` and `PartialState`.

    Attributes:
        device: This process's.
        process_index: Its number.
        num_processes: How many there are.
        is_main_process: Whether it is the one that writes.
    """

    device: torch.device
    process_index: int
    num_processes: int
    is_main_process: bool

    def wait_for_everyone(self) -> None:
        """Until all have come so far."""


class Accelerator(Processes, Protocol):
    """What a training uses beyond it."""

    def prepare(self, net: nn.Module) -> nn.Module:
        """A network for the device, mixed precision and processes."""
        ...

    def backward(self, loss: Tensor) -> None:
        """Adds the gradients of a loss."""

    def reduce(self, tensor: Tensor, reduction: str = "mean") -> Tensor:
        """A tensor's mean or sum over all processes."""
        ...


@dataclass
class Alone:
    """One process on the CPU: `Accelerator` where there is nothing to do."""

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    process_index: int = 0
    num_processes: int = 1
    is_main_process: bool = True

    def wait_for_everyone(self) -> None:
        """There is no one."""

    def prepare(self, net: nn.Module) -> nn.Module:
        """The network as it is."""
        return net

    def backward(self, loss: Tensor) -> None:
        """Adds the gradients of a loss."""
        torch.autograd.backward(loss)

    def reduce(self, tensor: Tensor, reduction: str = "mean") -> Tensor:
        """The tensor itself."""
        return tensor


def together(device: torch.device) -> int:
    """Images to a pass without gradients.

    What a layer gives of few images stays in a CPU's caches, and in memory that the allocator keeps.
    """
    return 4 if device.type == "cpu" else 64


def alone() -> bool:
    """Whether this is one process without a device but the CPU, by no launcher's leave."""
    many = any(os.environ.get(name, "1") != "1" for name in _WORLDS)
    launched = any(name.startswith("ACCELERATE_") for name in os.environ)
    return not (many or launched or torch.accelerator.is_available())


def processes() -> Processes:
    """The device and place of this process among all."""
    if alone():
        return Alone()
    from accelerate import PartialState

    state: Processes = PartialState()
    return state


def accelerator(trained: bool, mixed: bool) -> Accelerator:
    """What a training runs on.

    Args:
        trained: Whether networks are trained: heads on features are quickest on the CPU.
        mixed: Whether in bfloat16 where that does no harm.
    """
    if alone() and not mixed:
        return Alone()
    import accelerate

    found: Accelerator = accelerate.Accelerator(mixed_precision="bf16" if mixed else "no", cpu=not trained)
    return found


def agreed(accelerator: Accelerator, flag: bool) -> bool:
    """Whether any process says so: none may leave a step that others are in."""
    if accelerator.num_processes == 1:
        return flag
    return bool(accelerator.reduce(torch.tensor(float(flag), device=accelerator.device), "sum").item())
