"""A device that goes away, or has no room left, is told as what it is."""

from typing import Any

import pytest
import wgpu

from diorama.errors import DeviceError
from diorama.render.device import kept
from diorama.render.renderer import Renderer
from tests.reference import scenes


def test_a_lost_device_is_told_by_the_next_batch_and_by_one_under_way() -> None:
    renderer = Renderer()
    scene = scenes.plain()
    assert len(renderer.render(scene)) == 1
    under_way = renderer.submit(scene)
    renderer.device.handle.destroy()
    with pytest.raises(DeviceError, match=r"graphics adapter: the device was lost \(.*\). Run the same command again"):
        renderer.submit(scene)
    with pytest.raises(DeviceError, match="the device was lost"):
        under_way.result()


def test_too_little_memory_is_told_with_what_helps() -> None:
    with pytest.raises(DeviceError, match=r"too little memory \(Not enough .* Use a smaller --batch"), kept(True):
        raise wgpu.GPUOutOfMemoryError("Not enough memory left.\nCaused by: a texture")


@pytest.mark.parametrize("error", [wgpu.GPUValidationError("Usage is wrong"), KeyError("name")])
def test_a_defect_at_submission_keeps_its_traceback(error: Any) -> None:
    with pytest.raises(type(error)), kept(submitting=True):
        raise error
