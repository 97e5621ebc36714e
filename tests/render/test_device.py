"""Which adapter is taken, where there are several."""

from types import SimpleNamespace

import pytest

from diorama.errors import DeviceError
from diorama.render.device import VARYINGS, allotted, open_device


def adapter(name: str, backend: str, place: int) -> SimpleNamespace:
    return SimpleNamespace(info={"device": name, "backend_type": backend}, place=place)


H100, L4, MESA = "NVIDIA H100 80GB HBM3", "NVIDIA L4", "llvmpipe (LLVM 15.0.6, 256 bits)"
ALL = [
    adapter(H100, "Vulkan", 0),
    adapter(H100, "OpenGL", 1),
    adapter(L4, "Vulkan", 2),
    adapter(H100, "Vulkan", 3),
    adapter(MESA, "Vulkan", 4),
]


@pytest.mark.parametrize(
    ("taken", "visible", "place"),
    [(0, "", 0), (0, "0", 0), (0, "1", 3), (0, "1,0", 3), (0, "2", 0), (0, "GPU-8f3e", 0), (0, "-1", 0), (4, "1", 4)],
)
def test_workers_share_out_like_gpus_as_their_scheduler_says(taken: int, visible: str, place: int) -> None:
    assert allotted(ALL[taken], lambda: list(ALL), visible).place == place


def test_an_adapter_that_hands_too_little_to_a_pixel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wgpu = pytest.importorskip("wgpu")
    limits = dict(wgpu.gpu.request_adapter_sync().limits) | {"max-inter-stage-shader-variables": VARYINGS - 1}
    small = SimpleNamespace(info={"device": "small", "backend_type": "Vulkan"}, limits=limits)
    monkeypatch.delenv("DIORAMA_ADAPTER", raising=False)
    monkeypatch.setattr(wgpu.gpu, "request_adapter_sync", lambda **_: small)
    with pytest.raises(DeviceError, match=f"hands on {VARYINGS - 1} values to a pixel, {VARYINGS} are needed"):
        open_device()
