"""The only place that chooses a graphics adapter."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from diorama.errors import DeviceError

VARYINGS, PROMISED = 31, 16
"""What a pixel of a furred animal is handed where the scene is handed on (`Device.hands_on`), 30 values of the vertex
stage and which side faces the camera; and what every adapter promises, which is enough where it is not."""

_MEND = (
    "Install a graphics driver; without a GPU, Debian's packages mesa-vulkan-drivers and libvulkan1 draw in software"
)


@dataclass(frozen=True)
class Device:
    """An open device and what is known of it."""

    handle: Any  # wgpu.GPUDevice
    name: str  # "llvmpipe (LLVM 15.0.6, 256 bits)"
    driver: str  # "Mesa 22.3.6 (LLVM 15.0.6)"
    is_cpu: bool  # drawn in software
    max_layers: int  # of a texture array
    max_buffer: int  # bytes that a shader can bind of one buffer
    hands_on: bool  # whether fragment stages are handed the scene by vertex stages, which is quicker in software

    @property
    def default_batch(self) -> int:
        """Scenes per submission: enough to hide the cost of one, few enough for caches and memory."""
        return 32 if self.is_cpu else 256

    @property
    def default_memory(self) -> int:
        """Bytes of models, surfaces and skies to keep: the embedded ones and more; drawn in software, it is the
        computer's memory, and each process keeps its own."""
        return (512 if self.is_cpu else 2048) << 20


def open_device() -> Device:
    """The adapter that wgpu finds most powerful, or the first whose name holds the variable DIORAMA_ADAPTER.

    Of several like GPUs it is the one that CUDA_VISIBLE_DEVICES names.

    Raises:
        DeviceError: If there is no adapter, none of that name, or it refuses to open.
    """
    # Mesa complains on standard error where the variable is missing; it stores nothing there that we need.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    import wgpu

    wanted = os.environ.get("DIORAMA_ADAPTER", "")
    try:
        if wanted:
            adapters = wgpu.gpu.enumerate_adapters_sync()
            found = [a for a in adapters if wanted.lower() in f"{a.info['device']} {a.info['backend_type']}".lower()]
            if not found:
                have = ", ".join(a.info["device"] for a in adapters) or "none"
                raise DeviceError("DIORAMA_ADAPTER", f"no adapter's name holds {wanted!r}", f"There are: {have}")
            adapter = found[0]
        else:
            adapter = wgpu.gpu.request_adapter_sync(power_preference="high-performance")
            if (
                adapter.info["backend_type"] == "OpenGL"
            ):  # one or two images a second where it was tried, and a flood of warnings
                raise DeviceError("graphics adapter", "there is none but OpenGL's", _MEND)
            adapter = allotted(adapter, wgpu.gpu.enumerate_adapters_sync, os.environ.get("CUDA_VISIBLE_DEVICES", ""))
        limits = adapter.limits
        names = (
            "max-texture-dimension-2d",
            "max-texture-array-layers",
            "max-buffer-size",
            "max-storage-buffer-binding-size",
        )
        is_cpu = adapter.info["adapter_type"].upper() == "CPU"
        hands_on = is_cpu and limits["max-inter-stage-shader-variables"] >= VARYINGS
        required = {name: limits[name] for name in names}
        required["max-inter-stage-shader-variables"] = VARYINGS if hands_on else PROMISED
        handle = adapter.request_device_sync(required_limits=required)
    except DeviceError:
        raise
    except Exception as error:  # noqa: BLE001  wgpu raises RuntimeError, GPUError and OSError of many kinds here
        raise DeviceError("graphics adapter", f"none could be opened ({_first_line(error)})", _MEND) from None
    info = adapter.info
    return Device(
        handle=handle,
        name=info["device"],
        driver=info["description"],
        is_cpu=is_cpu,
        max_layers=limits["max-texture-array-layers"],
        max_buffer=min(limits["max-buffer-size"], limits["max-storage-buffer-binding-size"]) // 256 * 256,
        hands_on=hands_on,
    )


def allotted(adapter: Any, enumerate_adapters: Callable[[], list[Any]], visible: str) -> Any:
    """Of several like GPUs of NVIDIA the one that a scheduler has allotted: Vulkan heeds no CUDA_VISIBLE_DEVICES.

    Args:
        adapter: The one that would be taken else.
        enumerate_adapters: Gives all.
        visible: The variable's value: numbers with commas between, the first of which counts.
    """
    first = visible.partition(",")[0].strip()
    if not first.isdecimal() or "nvidia" not in adapter.info["device"].lower():
        return adapter
    kind = ("device", "backend_type")
    alike = [other for other in enumerate_adapters() if all(other.info[key] == adapter.info[key] for key in kind)]
    return alike[int(first)] if int(first) < len(alike) else adapter


@contextmanager
def kept(submitting: bool = False) -> Iterator[None]:
    """Tells of a device that is lost meanwhile, or short of memory.

    Args:
        submitting: Whether what else goes wrong is a defect, and not the loss of what was waited for.

    Raises:
        DeviceError: In place of wgpu's errors.
    """
    import wgpu

    try:
        yield
    except DeviceError:
        raise
    except wgpu.GPUOutOfMemoryError as error:
        reason = _first_line(error)
        mend = "Use a smaller --batch or fewer --workers; what is finished is kept"
        raise DeviceError("graphics adapter", f"has too little memory ({reason})", mend) from None
    except Exception as error:  # wgpu reports a lost device by many types
        if submitting and "lost" not in str(error):
            raise
        reason = " ".join(str(error).split())
        mend = "Run the same command again: what is finished is kept"
        raise DeviceError("graphics adapter", f"the device was lost ({reason})", mend) from None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
