"""Which adapter is taken, where there are several."""

from types import SimpleNamespace

import numpy as np
import pytest

from diorama.render.device import allotted, open_device
from diorama.render.renderer import Renderer
from tests.render.golden import SCENES
from tests.render.test_hair import shown as hair


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


def test_pictures_are_the_same_where_an_adapter_hands_on_no_more_than_all_promise(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """16 values from stage to stage, WebGPU's least, against 31, where fragment stages read what they are handed."""
    import wgpu

    if not renderer.device.hands_on:
        pytest.skip("this adapter is no software: the scene is not handed on")
    real = wgpu.gpu.request_adapter_sync()
    limits = dict(real.limits) | {"max-inter-stage-shader-variables": 16}
    small = SimpleNamespace(info=real.info, limits=limits, request_device_sync=real.request_device_sync)
    monkeypatch.delenv("DIORAMA_ADAPTER", raising=False)
    monkeypatch.setattr(wgpu.gpu, "request_adapter_sync", lambda **_: small)
    device = open_device()
    assert not device.hands_on
    assert device.handle.limits["max-inter-stage-shader-variables"] == 16
    other = Renderer(device)
    scenes = [make() for make in SCENES.values()] + [hair(kind, samples=4) for kind in ("short", "long")]
    for scene in scenes:
        mine, theirs = (one.render(scene, ids=True, normals=True) for one in (renderer, other))
        for name in ("rgba", "ids", "normals"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name))
