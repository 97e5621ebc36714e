"""A sheet of models as they were understood: from four sides at rest, and in the middle of each of their clips.

What a person looks at before trusting a folder: is it upright, whole, right side out, the right colours, on the ground?
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from diorama.assets.animate import bounds, pose, shape
from diorama.assets.check import Report, looked_through
from diorama.assets.coat import ROWS
from diorama.assets.subject import PROPORTIONS, Subject
from diorama.assets.surroundings import SKY_HEIGHT, SURFACE_SIZE, Sky, Surface
from diorama.dataset import files
from diorama.errors import AssetError
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch

AZIMUTHS = {"front": 0.0, "left": 90.0, "back": 180.0, "right": 270.0}
ELEVATION, CLIP_AZIMUTH, FOV = 14.0, 35.0, 30.0
"""Degrees."""

COLUMNS = 8
CAPTION, GAP = 16, 3
PAPER, INK, BAD = (250, 250, 248), (40, 40, 40), (190, 30, 30)


def lineup(path: str | Path, out: str | Path, size: int = 160) -> list[Report]:
    """Draws a model, or all of a folder and below, to one picture.

    Args:
        path: A model file or a folder of models.
        out: The picture's file; its ending gives the format (.png, .jpg, .webp).
        size: Pixels along each side of a view: 64 to 512.

    Returns:
        What there is to say of each file; those that cannot be used are named in the picture.

    Raises:
        AssetError: Where there is no model at all, or an assets.yaml is wrong.
        OutputError: Where the picture cannot be written, or is of no known format.
        DeviceError: Where there is no graphics adapter.
    """
    out = Path(out)
    kind = files.picture_format(out)
    if not 64 <= size <= 512:
        raise AssetError("size", f"is {size}", "Give a number from 64 to 512")
    renderer, reports, rows = Renderer(), [], []
    for report, subject in looked_through(Path(path)):
        reports.append(report)
        tiles = [] if subject is None else list(_drawn(renderer, subject, size))
        rows.append((report, tiles))
    with files.replacing(out) as temporary:
        _sheet(rows, size).save(temporary, kind)
    return reports


def _drawn(renderer: Renderer, subject: Subject, size: int) -> Iterator[tuple[str, Image.Image]]:
    """Captions and pictures."""
    clips = range(len(subject.clips))
    views = [(name, azimuth, subject.rest_clip, 0.0) for name, azimuth in AZIMUTHS.items()]
    views += [(subject.clips[k].name, CLIP_AZIMUTH, k, 0.5) for k in clips]
    step = renderer.device.default_batch
    for start in range(0, len(views), step):
        some = views[start : start + step]
        scene = _scene(subject, size, *(np.array(column) for column in list(zip(*some, strict=True))[1:]))
        frames = renderer.render(scene)
        for (name, *_), rgba in zip(some, frames.rgba, strict=True):
            yield name, Image.fromarray(np.asarray(rgba)[..., :3])


def _scene(
    subject: Subject, size: int, azimuth: NDArray[np.float64], clip: NDArray[np.int64], time: NDArray[np.float64]
) -> SceneBatch:
    """Each pose on a grey floor under an even sky, framed by its bounds."""
    count = len(azimuth)
    palette = pose(subject, clip, time, np.ones((count, len(PROPORTIONS))))
    morphs = shape(subject, clip, time)
    low, high = bounds(subject, palette, morphs)
    middle = (low + high) / 2
    shift = np.stack([-middle[:, 0], -low[:, 1], -middle[:, 2]], -1)
    palette[..., 3] += shift[:, None]
    center = middle + shift
    radius = np.maximum(np.linalg.norm(high - low, axis=-1) / 2, 1e-6)
    across, up = np.radians(azimuth), np.radians(np.full(count, ELEVATION))
    back = np.stack([np.cos(up) * np.sin(across), np.sin(up), np.cos(up) * np.cos(across)], -1)
    right = np.stack([np.cos(across), np.zeros(count), -np.sin(across)], -1)
    rotation = np.stack([right, np.cross(back, right), back], 1)
    eye = center + back * (radius / np.sin(np.radians(FOV) / 2))[:, None]
    view = np.concatenate([rotation, -(rotation @ eye[..., None])], 2).astype(np.float32)
    zeros, ones, none = np.zeros(count, np.float32), np.ones(count, np.float32), np.zeros((count, 0), np.int32)
    lamp = np.array([0.45, 0.8, 0.4])
    return SceneBatch(
        size=size,
        samples=4,
        subjects=(subject,),
        subject=np.zeros(count, np.int32),
        palette=palette,
        morphs=morphs,
        center=center.astype(np.float32),
        radius=radius.astype(np.float32),
        coat=np.zeros((count, ROWS, 4), np.float32),
        tint=np.ones((count, 3), np.float32),
        subject_surface=np.full(count, -1, np.int32),
        subject_uv=np.ones((count, 2), np.float32),
        view=view,
        fov=ones * np.float32(np.radians(FOV)),
        near=(0.05 * radius).astype(np.float32),
        sun_direction=np.tile(lamp / np.linalg.norm(lamp), (count, 1)).astype(np.float32),
        sun=np.full((count, 3), 0.6 * np.pi, np.float32),
        skies=(_SKY,),
        sky=np.zeros(count, np.int32),
        sky_rotation=zeros,
        sky_exposure=ones * np.float32(0.6),
        surfaces=(_FLOOR,),
        ground=np.zeros(count, np.int32),
        ground_uv=np.stack([radius, zeros], -1).astype(np.float32),
        shape=none,
        transform=np.zeros((count, 0, 3, 4), np.float32),
        surface=none,
        surface_uv=np.zeros((count, 0, 2), np.float32),
    )


def _floor() -> Surface:
    """Grey, with fine lines that tell where the ground is."""
    albedo = np.full((SURFACE_SIZE, SURFACE_SIZE, 3), 150, np.uint8)
    albedo[:3] = albedo[:, :3] = 120
    plain = np.zeros((SURFACE_SIZE, SURFACE_SIZE), np.uint8)
    normal = np.dstack([plain + 128, plain + 128, plain + 255]).astype(np.uint8)
    return Surface("lineup/floor", albedo, normal, plain + np.uint8(230), plain)


_FLOOR = _floor()
_SKY = Sky("lineup/sky", np.ones((SKY_HEIGHT, 2 * SKY_HEIGHT, 3), np.float32))


def _sheet(rows: Iterable[tuple[Report, list[tuple[str, Image.Image]]]], size: int) -> Image.Image:
    """All rows under their files' names; more than COLUMNS pictures go on in the next line."""
    rows = list(rows)
    step, line = size + GAP, size + CAPTION + GAP
    heights = [CAPTION + GAP + -(-len(tiles) // COLUMNS) * line for _, tiles in rows]
    sheet = Image.new("RGB", (COLUMNS * step + GAP, sum(heights) + GAP), PAPER)
    pen, font, small = ImageDraw.Draw(sheet), ImageFont.load_default(CAPTION - 4), ImageFont.load_default(CAPTION - 6)
    top = GAP
    for (report, tiles), height in zip(rows, heights, strict=True):
        said = report.file if report.usable else f"{report.file}: {report.problem}"
        pen.text((GAP, top + CAPTION / 2), said, INK if report.usable else BAD, font, anchor="lm")
        for k, (name, tile) in enumerate(tiles):
            x, y = GAP + k % COLUMNS * step, top + CAPTION + GAP + k // COLUMNS * line
            sheet.paste(tile, (x, y))
            pen.text((x + size / 2, y + size + CAPTION / 2), name[: size // 6], INK, small, anchor="mm")
        top += height
    return sheet
