"""A sheet of skies, surfaces and photos as they were understood, each with a ball in it.

What a person looks at before trusting a folder: do shadows fall away from the sun, do tiles meet, do bumps stand out?
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from diorama.assets.coat import ROWS
from diorama.assets.own.check import AroundReport, check_around
from diorama.assets.own.found import Kind
from diorama.assets.shapes import shape_mesh
from diorama.assets.subject import Material, Mesh, Part, Skeleton, Subject
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Photo, Sky, Surface
from diorama.dataset import files
from diorama.errors import AssetError
from diorama.render.mipmaps import linear_to_srgb
from diorama.render.renderer import Renderer
from diorama.scene.batch import FLOORS, SceneBatch

CAPTION, GAP = 16, 3
PAPER, INK, BAD = (250, 250, 248), (40, 40, 40), (190, 30, 30)
EXPOSURE = 0.5
SIDE = -60.0
"""Azimuth to which a sky's sun is turned: to the left of the camera, and before the ball."""

Tiles = list[Image.Image]


def showroom(path: str | Path, out: str | Path, kind: Kind, size: int = 160) -> list[AroundReport]:
    """Draws a picture, or all of a folder and below, to one sheet.

    Args:
        path: A picture or a folder of them.
        out: The sheet's file; its ending gives the format (.png, .jpg, .webp).
        kind: What they are taken for: "skies", "surfaces" or "photos".
        size: Pixels along each side of a view: 64 to 512, a multiple of 8.

    Returns:
        What there is to say of each; those that cannot be used are named in the sheet.

    Raises:
        AssetError: Where there is nothing of the kind, or an assets.yaml is wrong.
        OutputError: Where the sheet cannot be written, or is of no known format.
        DeviceError: Where there is no graphics adapter.
    """
    out = Path(out)
    format = files.picture_format(out)
    if not 64 <= size <= 512:
        raise AssetError("size", f"is {size}", "Give a number from 64 to 512")
    renderer, reports, rows = Renderer(), [], []
    for report, asset in check_around(Path(path), kind):
        reports.append(report)
        rows.append((report, [] if asset is None else list(_drawn(renderer, asset, size))))
    with files.replacing(out) as temporary:
        _sheet(rows, size).save(temporary, format)
    return reports


def _drawn(renderer: Renderer, asset: Sky | Surface | Photo, size: int) -> Iterator[Image.Image]:
    plain = _scene(size)
    if isinstance(asset, Sky):
        yield _panorama(asset, size)
        for ball in (MATT, CHROME):
            yield _render(renderer, _under(replace(plain, subjects=(ball,)), asset))
    elif isinstance(asset, Surface):
        twice = np.tile(asset.albedo, (2, 2, 1))
        yield Image.fromarray(twice).resize((size, size), Image.Resampling.BOX)
        yield Image.fromarray(asset.normal).resize((size, size), Image.Resampling.BOX)
        grey = np.stack([asset.roughness, asset.metalness, asset.roughness * 0], -1)
        yield Image.fromarray(grey).resize((size, size), Image.Resampling.BOX)
        worn = replace(plain, surfaces=(asset,), subject_surface=np.zeros(1, np.int32))
        yield _render(renderer, replace(worn, ground_uv=np.array([[2, 0]], np.float32)))
    else:
        pixels = simplejpeg.decode_jpeg(asset.jpeg, "RGB")
        whole = Image.fromarray(pixels)
        whole.thumbnail((2 * size, size))
        yield whole
        yield _render(
            renderer,
            replace(
                plain,
                photos=(asset,),
                photo=np.zeros(1, np.int32),
                photo_crop=np.array([_middle(asset)], np.float32),
                floor=np.array([FLOORS.index("shadow")], np.int32),
            ),
        )


def _middle(photo: Photo) -> tuple[float, float, float, float]:
    """The largest square in its middle."""
    short = min(photo.width, photo.height)
    return (photo.width / short - 1) / 2, (photo.height / short - 1) / 2, 1.0, 1.0


def _render(renderer: Renderer, scene: SceneBatch) -> Image.Image:
    return Image.fromarray(np.asarray(renderer.render(scene).rgba[0])[..., :3])


def _panorama(sky: Sky, size: int) -> Image.Image:
    """As a camera took it, with a ring about the sun."""
    picture = Image.fromarray(linear_to_srgb(sky.radiance[:, ::-1] * EXPOSURE)).resize((2 * size, size))
    if sky.sun is not None and sky.sun.irradiance.any():
        x, y, z = (float(part) for part in sky.sun.direction)
        column = (0.5 - np.arctan2(x, z) / (2 * np.pi)) % 1 * 2 * size
        row = (0.5 - np.arcsin(np.clip(y, -1, 1)) / np.pi) * size
        ImageDraw.Draw(picture).ellipse((column - 7, row - 7, column + 7, row + 7), outline=(255, 60, 0), width=2)
    return picture


def _under(scene: SceneBatch, sky: Sky) -> SceneBatch:
    """The scene in a sky and its sun, which is turned to SIDE."""
    direction = np.array([[0, 1, 0]], np.float32) if sky.sun is None else sky.sun.direction[None]
    light = np.zeros((1, 3), np.float32) if sky.sun is None else sky.sun.irradiance[None] * np.float32(EXPOSURE)
    turn = np.radians(SIDE) - np.arctan2(direction[0, 0], direction[0, 2])
    c, s = np.cos(turn), np.sin(turn)
    x, y, z = direction[0]
    turned = np.array([[c * x + s * z, y, c * z - s * x]], np.float32)
    angle = np.array([turn], np.float32)
    return replace(scene, skies=(sky,), sky_rotation=angle, sun=light, sun_direction=turned)


def _scene(size: int) -> SceneBatch:
    """A matt ball of a metre on a grey ground, under an even sky and a sun."""
    one = np.ones(1, np.float32)
    zero, first = np.zeros(1, np.float32), np.zeros(1, np.int32)
    eye, target = np.array([0.0, 1.1, 3.4]), np.array([0.0, 0.55, 0.0])
    back = (eye - target) / np.linalg.norm(eye - target)
    right = np.cross([0, 1, 0], back) / np.linalg.norm(np.cross([0, 1, 0], back))
    rotation = np.stack([right, np.cross(back, right), back])
    view = np.concatenate([rotation, -(rotation @ eye)[:, None]], 1)
    toward = np.array([[-0.7, 0.8, 0.35]])
    return SceneBatch(
        size=size,
        samples=4,
        subjects=(MATT,),
        subject=first,
        palette=np.eye(3, 4, dtype=np.float32)[None, None],
        center=np.array([[0, 0.5, 0]], np.float32),
        radius=one * np.float32(0.75),
        coat=np.zeros((1, ROWS, 4), np.float32),
        tint=np.ones((1, 3), np.float32),
        subject_surface=first - 1,
        subject_uv=np.array([[0.75, 0]], np.float32),
        view=view[None].astype(np.float32),
        fov=one * np.float32(np.radians(42)),
        near=one * np.float32(0.05),
        sun_direction=(toward / np.linalg.norm(toward)).astype(np.float32),
        sun=np.full((1, 3), 0.6 * np.pi, np.float32),
        skies=(_EVEN,),
        sky=first,
        sky_rotation=zero,
        sky_exposure=one * np.float32(EXPOSURE),
        surfaces=(_FLOOR,),
        ground=first,
        ground_uv=np.array([[1, 0]], np.float32),
        shape=np.zeros((1, 0), np.int32),
        transform=np.zeros((1, 0, 3, 4), np.float32),
        surface=np.zeros((1, 0), np.int32),
        surface_uv=np.zeros((1, 0, 2), np.float32),
    )


def _ball(material: Material) -> Subject:
    """A ball of a metre on the ground, of one joint."""
    shape = shape_mesh("sphere")
    count = len(shape.positions)
    weights: NDArray[np.float32] = np.zeros((count, 4), np.float32)
    weights[:, 0] = 1
    mesh = Mesh(
        positions=(shape.positions + np.array([0, 0.5, 0])).astype(np.float32),
        normals=shape.normals.astype(np.float32),
        uvs=shape.uvs.astype(np.float32),
        colors=np.full((count, 4), 255, np.uint8),
        joints=np.zeros((count, 4), np.uint16),
        weights=weights,
        indices=shape.indices.reshape(-1, 3).astype(np.uint32),
        parts=(Part(0, shape.indices.size, 0),),
        coat=np.zeros((count, 8), np.uint8),
        coat_amount=np.zeros(count, np.uint8),
    )
    still = Skeleton(
        names=("ball",),
        parents=np.array([-1], np.int32),
        translation=np.zeros((1, 3), np.float32),
        rotation=np.array([[0, 0, 0, 1]], np.float32),
        scale=np.ones((1, 3), np.float32),
        inverse_bind=np.eye(4, dtype=np.float32)[None],
        proportion=np.full(1, -1, np.int32),
        across=np.zeros((1, 3), np.float32),
    )
    support = np.arange(count, dtype=np.uint32)
    return Subject("showroom/ball", (mesh,), (material,), (), still, (), np.eye(4, dtype=np.float32), support)


MATT = _ball(Material(base_color=(0.5, 0.5, 0.5, 1.0), roughness=1.0))
CHROME = _ball(Material(base_color=(0.9, 0.9, 0.9, 1.0), metallic=1.0, roughness=0.06))

_EVEN = Sky("showroom/sky", np.ones((SKY_HEIGHT, 2 * SKY_HEIGHT, 3), np.float32))


def _floor() -> Surface:
    plain = np.zeros((SURFACE_SIZE, SURFACE_SIZE), np.uint8)
    normal = np.dstack([plain + 128, plain + 128, plain + 255]).astype(np.uint8)
    return Surface("showroom/floor", np.dstack([plain + 150] * 3).astype(np.uint8), normal, plain + 230, plain)


_FLOOR = _floor()


def _sheet(rows: list[tuple[AroundReport, Tiles]], size: int) -> Image.Image:
    """A line for each under its name."""
    line = size + CAPTION + 2 * GAP
    heights = [line if tiles else CAPTION + GAP for _, tiles in rows]
    width = max([sum(tile.width + GAP for tile in tiles) for _, tiles in rows] + [4 * size]) + GAP
    sheet = Image.new("RGB", (width, sum(heights) + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(CAPTION - 4)
    top = GAP
    for (report, tiles), height in zip(rows, heights, strict=True):
        said = report.file if report.usable else f"{report.file}: {report.problem}"
        if report.warnings and not tiles:
            said = f"{report.file}: {report.warnings[0]}"
        pen.text((GAP, top + CAPTION / 2), said, INK if report.usable else BAD, font, anchor="lm")
        left = GAP
        for tile in tiles:
            sheet.paste(tile, (left, top + CAPTION))
            left += tile.width + GAP
        top += height
    return sheet
