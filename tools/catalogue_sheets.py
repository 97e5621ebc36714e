"""Draw contact sheets of the embedded catalogue, to be looked at: `python tools/catalogue_sheets.py FOLDER`.

subjects   every model: front, side, three-quarter, back, and the face, from two sides, of what has a head
coats      every model in each of its coats
clips      every model in each of its clips, at four times
surfaces   every surface on a sphere and on the plane
skies      every sky, over a grey floor, in two directions

`python tools/catalogue_sheets.py docs --pages` draws the smaller sheets of docs/catalogue.md and writes that page.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from diorama.assets.library import Catalogue
from diorama.assets.procedural.coats import COATS
from diorama.randomize.compose import compose
from diorama.randomize.recipe import Recipe
from diorama.render.renderer import Renderer
from diorama.scene.batch import SceneBatch

VIEWS = {
    "front": (0, 8),
    "side": (90, 8),
    "three-quarter": (40, 18),
    "back": (200, 25),
    "face": (25, 5),
    "en face": (0, 2),
}
"""Azimuth and elevation in degrees; azimuth 0 faces the subject."""
FACE_FOV = np.radians(20)  # from afar, as portraits are taken: near by, the nose would look too large
CAPTION = 16
LIKED = {"cat": "shorthair", "dog": "labrador", "bike": "road", "car": "hatchback"}
"""Whose clips and coats the documentation shows."""
MOST_BYTES = 300_000
"""Of a sheet in the documentation."""


class Sheet:
    """Rows of captioned pictures."""

    def __init__(self, renderer: Renderer, catalogue: Catalogue, size: int) -> None:
        self.renderer, self.catalogue, self.size = renderer, catalogue, size
        self.tiles: list[tuple[str, Image.Image]] = []

    def add(self, caption: str, view: str = "three-quarter", **pins: object) -> None:
        """One picture: the recipe's defaults but for `pins`, whose names are "factor__key"."""
        settings = {name.replace("__", "."): value for name, value in pins.items()}
        model = str(settings.get("subject.model", "cat/shorthair"))
        recipe = Recipe(classes=(model.split("/")[0],), size=self.size, antialias=4)
        kept = {name.split(".")[0] for name in settings}
        recipe = recipe.omit(*(set(recipe.factors) - kept))
        for factor in kept:
            omitted = Recipe().omit(factor).factors[factor]
            recipe = recipe.replace(factors={**recipe.factors, factor: omitted})
        for name, value in settings.items():
            recipe = recipe.pin(name, value)
        scene = compose(recipe, self.catalogue, np.zeros(1, np.int64)).scene
        if "face" in view:
            _aim_at_head(scene, VIEWS[view])
        self.tiles.append((caption, Image.fromarray(self.renderer.render(scene).rgba[0, ..., :3])))

    def views(self, caption: str, views: Sequence[str], **pins: object) -> None:
        """One picture for each view."""
        for view in views:
            self.add(f"{caption} {view}", view, **pins, camera__direction=list(VIEWS[view]))

    def save(self, path: Path, columns: int) -> None:
        """Write the sheet and start anew."""
        step = (self.size + 2, self.size + CAPTION)
        rows = -(-len(self.tiles) // columns)
        sheet = Image.new("RGB", (columns * step[0], rows * step[1]), "white")
        pen, fonts = ImageDraw.Draw(sheet), [ImageFont.load_default(size) for size in range(CAPTION - 5, 5, -1)]
        for i, (caption, tile) in enumerate(self.tiles):
            x, y = i % columns * step[0], i // columns * step[1]
            sheet.paste(tile, (x, y))
            fits = [font for font in fonts if pen.textlength(caption, font) < self.size - 2]
            pen.text((x + 2, y + self.size), caption, "black", (fits or fonts[-1:])[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".jpg":
            _save_small(sheet, path)
        else:
            sheet.save(path)
        print(path)
        self.tiles = []


def _save_small(sheet: Image.Image, path: Path) -> None:
    """As good a JPEG as stays below MOST_BYTES."""
    for quality in range(88, 20, -6):
        sheet.save(path, quality=quality, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            return


def _aim_at_head(scene: SceneBatch, direction: tuple[float, float]) -> None:
    """Turn the camera to the head, near enough that it fills the frame."""
    skeleton = scene.subjects[0].skeleton
    joint = skeleton.names.index("head")
    bind = np.linalg.inv(skeleton.inverse_bind[joint].astype(float))
    mesh = scene.subjects[0].levels[0]
    main = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(axis=1)]
    parts = [j for j, name in enumerate(skeleton.names) if name.split("_")[0] in ("head", "muzzle", "jaw", "ear")]
    place = scene.palette[0, joint].astype(float)
    points = mesh.positions[np.isin(main, parts)] @ place[:, :3].T + place[:, 3]
    facing = scene.palette[0, joint, :, :3] @ bind[:3, :3] @ np.array([0.0, 0.0, 1.0])
    heading = np.degrees(np.arctan2(facing[0], facing[2]))
    azimuth, elevation = np.radians(direction[0] + (heading if np.isfinite(heading) else 0)), np.radians(direction[1])
    back = np.array([np.cos(elevation) * np.sin(azimuth), np.sin(elevation), np.cos(elevation) * np.cos(azimuth)])
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(back, right), back])
    low, high = np.percentile(points @ rotation.T, (0.5, 99.5), axis=0)
    half = 0.58 * float((high - low)[:2].max())
    eye = rotation.T @ ((low + high) / 2) + half / np.tan(FACE_FOV / 2) * back
    scene.view[0] = np.concatenate([rotation, (-rotation @ eye)[:, None]], axis=1)
    scene.fov[0] = FACE_FOV


def _subjects(catalogue: Catalogue, wanted: Sequence[str]) -> list[str]:
    ids = [id for name in catalogue.classes for id in catalogue.subjects(name)]
    return [id for id in ids if not wanted or any(id.startswith(w) for w in wanted)]


def _chunks(values: Sequence[str], most: int) -> list[Sequence[str]]:
    """As few runs as have no more than `most` values each, all about as long."""
    pages = -(-len(values) // most)
    size = -(-len(values) // max(pages, 1))
    return [values[i : i + size] for i in range(0, len(values), max(size, 1))]


def draw_subjects(sheet: Sheet, ids: Sequence[str], out: Path) -> None:
    """Every model from its sides."""
    for page, some in enumerate(_chunks(ids, 8)):
        for id in some:
            views = list(VIEWS) if "head" in sheet.catalogue.subject(id).skeleton.names else list(VIEWS)[:4]
            sheet.views(id, views, subject__model=id, camera__distance=2.2)
            if len(views) < len(VIEWS):
                for name, direction in (("above", [30, 55]), ("opposite", [310, 12])):
                    sheet.add(f"{id} {name}", camera__direction=direction, subject__model=id, camera__distance=2.2)
        sheet.save(out / f"subjects_{page}.png", len(VIEWS))


def draw_coats(sheet: Sheet, ids: Sequence[str], out: Path) -> None:
    """Every model in each of its coats."""
    for id in ids:
        for coat in sheet.catalogue.subject(id).coats:
            sheet.views(coat.name, ["three-quarter"], subject__model=id, subject__coat=coat.name, camera__distance=2.0)
        sheet.save(out / f"coats_{id.replace('/', '_')}.png", 6)


def draw_clips(sheet: Sheet, ids: Sequence[str], out: Path) -> None:
    """Every model in each of its clips."""
    for id in ids:
        for clip in sheet.catalogue.subject(id).clips:
            _add_clip(sheet, id, clip.name)
        sheet.save(out / f"clips_{id.replace('/', '_')}.png", 8)


def draw_surfaces(sheet: Sheet, ids: Sequence[str], out: Path) -> None:
    """Every surface, as the ground and on a sphere."""
    for page, some in enumerate(_chunks([s for s in sheet.catalogue.surfaces if not ids or s in ids], 40)):
        for id in some:
            _add_surface(sheet, id)
        sheet.save(out / f"surfaces_{page}.png", 8)


def _add_surface(sheet: Sheet, id: str) -> None:
    sheet.add(
        id,
        subject__model="cat/british",  # grey, which hides no colour
        surfaces__ground=id,
        surfaces__objects=id,
        obstructors__count=1,
        obstructors__shape="sphere",
        obstructors__size=1.1,
        obstructors__height=0.5,
        obstructors__distance=1.35,
        obstructors__azimuth=125,
        camera__direction=[60, 24],
        camera__distance=3.0,
        camera__aim_right=0.35,
    )


def draw_skies(sheet: Sheet, ids: Sequence[str], out: Path) -> None:
    """Every sky in two directions."""
    for id in (s for s in sheet.catalogue.skies if not ids or s in ids):
        _add_sky(sheet, id, (40, 130, 220, 310))
    sheet.save(out / "skies.png", 8)


def write_pages(catalogue: Catalogue, docs: Path) -> None:
    """docs/catalogue.md, and its sheets in docs/images/catalogue."""
    images, renderer = docs / "images" / "catalogue", Renderer()
    text = [
        "# The embedded catalogue",
        "",
        "What Diorama makes by itself. `make catalogue` draws this page anew; `diorama assets list` lists it as text.",
    ]

    def page(sheet: Sheet, name: str, columns: int) -> None:
        sheet.save(images / f"{name}.jpg", columns)
        text.extend(["", f"![{name.replace('_', ' ')}](images/catalogue/{name}.jpg)"])

    for name in catalogue.classes:
        ids = catalogue.subjects(name)
        text.extend(["", f"## {name}: {len(ids)} models"])
        for number, some in enumerate(_chunks(ids, 12)):
            sheet = Sheet(renderer, catalogue, 128)
            for place, id in enumerate(some):
                subject = catalogue.subject(id)
                headed = "head" in subject.skeleton.names
                coat = subject.coats[0 if headed else place % len(subject.coats)]  # colours tell breeds, not makes
                views = ("three-quarter", "side", "face" if headed else "front")
                for view in views:
                    caption = id.partition("/")[2] if view == views[0] else ""
                    pins = {"subject__model": id, "subject__coat": coat.name, "camera__direction": list(VIEWS[view])}
                    sheet.add(caption, view, **pins, camera__distance=1.9)
            page(sheet, f"{name}_{number}", 9)

    liked = [f"{name}/{id}" for name, id in LIKED.items() if f"{name}/{id}" in catalogue.subjects(name)]
    shown = liked or [catalogue.subjects(name)[0] for name in catalogue.classes]
    text.extend(["", "## Poses and movements", "", "Each clip at its quarters."])
    for id in shown:
        sheet = Sheet(renderer, catalogue, 96)
        for clip in catalogue.subject(id).clips:
            _add_clip(sheet, id, clip.name)
        if sheet.tiles:
            page(sheet, f"clips_{id.replace('/', '_')}", 12)
    text.extend(["", "## Coats and paints", "", "A breed lists its own; any animal may wear any."])
    for id in shown:
        coats = (
            [*COATS]
            if "head" in catalogue.subject(id).skeleton.names
            else [c.name for c in catalogue.subject(id).coats]
        )
        for number, some in enumerate(_chunks(coats, 60)):
            sheet = Sheet(renderer, catalogue, 96)
            for name in some:
                sheet.add(name, subject__model=id, subject__coat=name, camera__distance=2.0)
            page(sheet, f"coats_{id.replace('/', '_')}_{number}", 12)

    text.extend(["", f"## {len(catalogue.surfaces)} surfaces"])
    for number, some in enumerate(_chunks(catalogue.surfaces, 64)):
        sheet = Sheet(renderer, catalogue, 96)
        for id in some:
            _add_surface(sheet, id)
        page(sheet, f"surfaces_{number}", 11)
    text.extend(["", f"## {len(catalogue.skies)} skies and surroundings"])
    sheet = Sheet(renderer, catalogue, 128)
    for id in catalogue.skies:
        _add_sky(sheet, id, (40, 220))
    page(sheet, "skies", 8)
    (docs / "catalogue.md").write_text("\n".join(text) + "\n", encoding="utf-8")


def _add_clip(sheet: Sheet, id: str, clip: str) -> None:
    for k in range(4):
        sheet.add(
            f"{clip} {k}/4",
            camera__direction=[300, 12],  # the side to which the legs of those lie that lie on their left
            camera__distance=2.3,
            subject__model=id,
            pose__clip=clip,
            pose__time=k / 4,
        )


def _add_sky(sheet: Sheet, id: str, rotations: Sequence[int]) -> None:
    for rotation in rotations:
        caption = f"{id} {rotation}"
        sheet.add(
            caption,
            sky__map=id,
            sky__rotation=rotation,
            camera__direction=[30, 3],
            camera__distance=2.9,
            camera__fov=58,
        )


DRAW = {
    "subjects": draw_subjects,
    "coats": draw_coats,
    "clips": draw_clips,
    "surfaces": draw_surfaces,
    "skies": draw_skies,
}


def main() -> None:
    """Draw the sheets that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--only", choices=DRAW, nargs="+", default=list(DRAW))
    parser.add_argument("--ids", nargs="+", default=[], help="ids, or their beginnings; all if not given")
    parser.add_argument("--size", type=int, default=200, help="pixels to a picture's side, a multiple of 8")
    parser.add_argument(
        "--pages", action="store_true", help="write catalogue.md and its sheets into the folder instead"
    )
    arguments = parser.parse_args()
    catalogue = Catalogue.open(None, None)
    if arguments.pages:
        write_pages(catalogue, arguments.out)
        return
    sheet = Sheet(Renderer(), catalogue, arguments.size)
    for name in arguments.only:
        wanted: NDArray[np.str_] | list[str] = arguments.ids
        ids = _subjects(catalogue, list(wanted)) if name in ("subjects", "coats", "clips") else list(wanted)
        DRAW[name](sheet, ids, arguments.out)


if __name__ == "__main__":
    main()
