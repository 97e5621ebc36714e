"""The scenes of the golden images, and a command that draws them anew: `make golden`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from diorama.assets.subject import Material
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Sky, Surface
from diorama.render.renderer import Renderer
from diorama.scene.batch import SHAPES, SceneBatch
from tests.reference import rigs, scenes

FOLDER = Path(__file__).parent / "golden"
SOFTWARE = "llvmpipe"
"""Mesa's software adapter, on which the golden images are drawn."""


def shapes() -> SceneBatch:
    """Every shape of obstructor once, in two rows on matt ground, in a low sun."""
    out = []
    for half in (SHAPES[:4], SHAPES[4:]):
        scene = _lit(scenes.plain(rigs.box((0.4, 0.1, 0.4)), eye=(0.5, 1.6, 4.2), target=(0, 0.35, 0), fov=0.85))
        for k, name in enumerate(half):
            scene.shape[0, k] = SHAPES.index(name)
            scene.transform[0, k] = rigs.turned((0.3 * k, 0.5, 0.0), (1.1 * k - 1.65, 0.5, -0.3), 0.8)
            scene.surface[0, k] = 1
        out.append(scene)
    return join(out)


def materials() -> SceneBatch:
    """A bending tube of matt, glossy and metallic material, and one that wears a surface."""
    kinds = [(0.0, 1.0), (0.0, 0.25), (1.0, 0.3)]
    looks = [Material(base_color=(0.8, 0.25, 0.1, 1), metallic=metal, roughness=rough) for metal, rough in kinds]
    out = [_lit(_tube(look)) for look in (*looks, looks[0])]
    out[-1].subject_surface[0], out[-1].subject_uv[0] = 1, (2.0, 0.4)
    return join(out)


def light() -> SceneBatch:
    """A textured box in a high and a low sun, with a turned sky, and the same with four samples to a pixel."""
    texture = np.full((32, 32, 4), 255, np.uint8)
    texture[..., 0], texture[..., 2] = np.arange(32) * 8, np.arange(32)[:, None] * 8
    box = rigs.box(material=Material(base_color_texture=0, roughness=0.6), textures=(texture,))
    out = []
    for toward, turn in (((0.3, 2, 0.5), 0.0), ((-2, 0.7, 0.4), 2.0)):
        scene = _lit(scenes.plain(box, eye=(2.2, 1.9, 3.0), target=(0, 0.4, 0)), turn)
        scene.sun_direction[0] = np.asarray(toward) / np.linalg.norm(toward)
        out.append(scene)
    return join(out)


def smooth() -> SceneBatch:
    """Random scenes with four samples to a pixel."""
    return scenes.random(21, count=3, samples=4)


SCENES: dict[str, Callable[[], SceneBatch]] = {f.__name__: f for f in (shapes, materials, light, smooth)}


def draw(renderer: Renderer, name: str) -> NDArray[np.uint8]:
    """The pictures of a golden image's scenes side by side (S, n · S, 3)."""
    return np.concatenate(list(renderer.render(SCENES[name]()).rgba[..., :3]), axis=1)


def join(batches: list[SceneBatch]) -> SceneBatch:
    """Batches of one size and number of samples, one after the other."""
    subjects: list[Any] = []
    skies: list[Any] = []
    surfaces: list[Any] = []
    shifts = {"subject": subjects, "sky": skies} | dict.fromkeys(("ground", "surface", "subject_surface"), surfaces)
    arrays: dict[str, list[NDArray[Any]]] = {}
    most = max(batch.palette.shape[1] for batch in batches)
    for batch in batches:
        for name in SceneBatch.__slots__:
            value = getattr(batch, name)
            if isinstance(value, np.ndarray):
                if name == "palette":
                    value = np.pad(value, ((0, 0), (0, most - value.shape[1]), (0, 0), (0, 0)))
                moved = value + len(shifts.get(name, []))
                arrays.setdefault(name, []).append(np.where(value < 0, value, moved) if name in shifts else value)
        subjects += batch.subjects
        skies += batch.skies
        surfaces += batch.surfaces
    joined: dict[str, Any] = {name: np.concatenate(parts) for name, parts in arrays.items()}
    return replace(batches[0], subjects=tuple(subjects), skies=tuple(skies), surfaces=tuple(surfaces), **joined)


def _tube(material: Material) -> SceneBatch:
    tube = rigs.tube(material=material)
    scene = scenes.plain(tube, eye=(0.8, 1.3, 2.4), target=(0, 0.5, 0))
    scene.palette[0] = rigs.bent_palette(tube, 0.5, 0.35, (0, 0, -0.1))
    scenes.frame_subject(scene)
    return scene


def _lit(scene: SceneBatch, turn: float = 0.7) -> SceneBatch:
    """The scene at 128 pixels with sun, a sky that is brighter on one side, and ground and objects with relief."""
    scene.size = 128
    azimuth = np.linspace(-np.pi, np.pi, 2 * SKY_HEIGHT)
    height = np.linspace(1, -1, SKY_HEIGHT)[:, None]
    glow = np.exp(-4 * (azimuth**2 + height**2))[..., None]
    radiance = np.array([0.35, 0.5, 0.8]) * (1 - 0.4 * height[..., None]) + glow * np.array([3.0, 2.0, 1.0])
    scene.skies = (Sky("glow", radiance.astype(np.float32)),)
    scene.sky_rotation[0], scene.sky_exposure[0] = turn, 0.6
    scene.surfaces = (_waves((150, 130, 110)), _waves((90, 140, 80)))
    scene.sun[0] = (2.0, 1.8, 1.5)
    scene.sun_direction[0] = np.array([0.6, 0.6, 0.53]) / np.linalg.norm([0.6, 0.6, 0.53])
    return scene


def _waves(color: tuple[int, int, int]) -> Surface:
    """A surface with soft ridges along both axes."""
    flat = scenes.flat_surface(color, roughness=160)
    phase = np.arange(SURFACE_SIZE) / SURFACE_SIZE * 2 * np.pi * 4
    normal = flat.normal.copy()
    normal[..., 0] = 128 + np.rint(40 * np.sin(phase))
    normal[..., 1] = 128 + np.rint(40 * np.sin(phase))[:, None]
    shade = (1 + 0.25 * np.cos(phase) * np.cos(phase)[:, None])[..., None]
    albedo = np.clip(flat.albedo * shade, 0, 255).astype(np.uint8)
    return Surface(f"waves-{color}", albedo, normal, flat.roughness, flat.metalness)


def main() -> None:
    """Draw all golden images anew."""
    renderer = Renderer()
    if SOFTWARE not in renderer.device.name:
        raise SystemExit(f"golden images are drawn on {SOFTWARE}, not on {renderer.device.name}: set DIORAMA_ADAPTER")
    FOLDER.mkdir(exist_ok=True)
    for name in SCENES:
        Image.fromarray(draw(renderer, name)).save(FOLDER / f"{name}.png", optimize=True)
        print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
