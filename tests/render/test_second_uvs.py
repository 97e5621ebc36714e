"""Textures in a second set of coordinates: each lies where that set says, the others where the first does."""

from dataclasses import replace

import numpy as np
import pytest

from diorama.assets.subject import Material, Subject
from diorama.render.renderer import Renderer
from tests.reference import scenes
from tests.reference.rigs import box

FIELDS = ("base_color", "normal", "metallic_roughness", "emissive", "occlusion")


def pictures() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    found = {name: rng.integers(0, 256, (8, 8, 4), np.uint8).repeat(8, 0).repeat(8, 1) for name in FIELDS}
    found["normal"] = (96 + found["normal"] // 4).astype(np.uint8)
    return found


def dressed(textures: dict[str, np.ndarray], second: tuple[str, ...] = ()) -> Subject:
    """A box that wears all textures; in its second set of coordinates they are mirrored."""
    names = {f"{name}_texture": k for k, name in enumerate(textures)}
    material = Material(emissive=(0.2, 0.2, 0.2), second=tuple(f"{name}_texture" for name in second), **names)  # type: ignore[arg-type]  # these are numbers
    subject = box(material=material, textures=tuple(textures.values()))
    mesh = subject.levels[0]
    mirrored = (mesh.uvs * [-1, 1] + [1, 0]).astype(np.float32)
    return replace(subject, id=f"box{second}", levels=(replace(mesh, second_uvs=mirrored if second else None),))


def shown(renderer: Renderer, subject: Subject) -> np.ndarray:
    scene = scenes.plain(subject, eye=(0.7, 1.2, 2.4), size=128, sun=(0.5, 0.5, 0.5), toward_sun=(0.3, 1, 0.8))
    picture: np.ndarray = renderer.render(scene).rgba[0].astype(int)
    return picture


@pytest.mark.parametrize("name", FIELDS)
def test_a_texture_in_the_second_set_is_seen_there(renderer: Renderer, name: str) -> None:
    """Coordinates that mirror a texture show what a mirrored texture shows."""
    textures = pictures()
    flipped = textures[name][:, ::-1].copy()
    if name == "normal":
        flipped[..., 0] = 255 - flipped[..., 0]  # what leans to the left leans to the right
    expected = shown(renderer, dressed({**textures, name: flipped}))
    found = shown(renderer, dressed(textures, (name,)))
    plain = shown(renderer, dressed(textures))
    assert (np.abs(found - expected).max(2) > 3).mean() < 0.002
    assert (np.abs(found - plain).max(2) > 3).mean() > 0.02  # it does matter


def test_occlusion_takes_light_from_all_around_alone(renderer: Renderer) -> None:
    dark = np.zeros((4, 4, 4), np.uint8)
    covered = box(material=Material(occlusion_texture=0, roughness=1), textures=(dark,))
    scene = scenes.plain(covered, ground=scenes.flat_surface((0, 0, 0)))
    assert renderer.render(scene).rgba[0, 32, 32, :3].max() < 3
    scene.sun[:], scene.sun_direction[:] = np.pi / 2, (0, 0, 1)
    assert renderer.render(scene).rgba[0, 32, 32, :3].min() > 150
