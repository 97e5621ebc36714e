"""Materials by the names of their makers, and maps that lie, bend and repeat as they should."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diorama.assets.own import maps
from diorama.assets.own.folder import find
from diorama.assets.own.found import Found
from diorama.assets.own.surfaces import build_surface, handedness
from diorama.assets.settings import Settings
from diorama.assets.surroundings import SURFACE_SIZE, Surface
from diorama.errors import AssetError
from tests.assets.own import pictures

MAKERS = {
    "ambientCG": {
        "Bricks059_1K-JPG_Color.jpg": "color",
        "Bricks059_1K-JPG_NormalGL.jpg": "normal_gl",
        "Bricks059_1K-JPG_NormalDX.jpg": "normal_dx",
        "Bricks059_1K-JPG_Roughness.jpg": "roughness",
        "Bricks059_1K-JPG_Metalness.jpg": "metal",
        "Bricks059_1K-JPG_AmbientOcclusion.jpg": "occlusion",
        "Bricks059_1K-JPG_Displacement.jpg": "height",
    },
    "Poly Haven": {
        "brick_wall_001_diff_4k.jpg": "color",
        "brick_wall_001_nor_gl_4k.exr": "normal_gl",
        "brick_wall_001_nor_dx_4k.exr": "normal_dx",
        "brick_wall_001_rough_4k.exr": "roughness",
        "brick_wall_001_arm_4k.jpg": "arm",
        "brick_wall_001_metal_4k.jpg": "metal",
        "brick_wall_001_ao_4k.jpg": "occlusion",
        "brick_wall_001_disp_4k.png": "height",
    },
    "Quixel": {
        "vbblebcn_4K_Albedo.jpg": "color",
        "vbblebcn_4K_Normal.jpg": "normal",
        "vbblebcn_4K_Roughness.jpg": "roughness",
        "vbblebcn_4K_Gloss.jpg": "gloss",
        "vbblebcn_4K_Metalness.jpg": "metal",
        "vbblebcn_4K_AO.jpg": "occlusion",
        "vbblebcn_4K_Displacement.exr": "height",
    },
    "Substance": {
        "Wall_Mat_BaseColor.png": "color",
        "Wall_Mat_Normal.png": "normal",
        "Wall_Mat_Normal_DirectX.png": "normal_dx",
        "Wall_Mat_OcclusionRoughnessMetallic.png": "arm",
        "Wall_Mat_Metallic.png": "metal",
        "Wall_Mat_Height.png": "height",
    },
    "small": {
        "wall_basecolor.png": "color",
        "wall_normal_opengl.png": "normal_gl",
        "wall_occlusion_roughness_metallic.png": "arm",
        "wall_ambient_occlusion.png": "occlusion",
    },
    "Poliigon": {"Bricks_COL_VAR1_3K.jpg": "color", "Bricks_NRM_3K.jpg": "normal", "Bricks_GLOSS_3K.jpg": "gloss"},
    "plain": {"albedo.jpg": "color", "normal.jpg": "normal", "roughness.jpg": "roughness", "ao.jpg": "occlusion"},
    "joined": {"oakAlbedo.png": "color", "oakNormal.png": "normal"},
}


@pytest.mark.parametrize("maker", MAKERS)
def test_each_maker_s_names_are_one_material(maker: str) -> None:
    expected = MAKERS[maker]
    found, notes = maps.groups(sorted(Path("wall") / name for name in expected))
    assert len(found) == 1
    assert notes == []
    (roles,) = found.values()
    assert {path.name: role for role, path in roles.items()} == expected


def test_a_material_is_named_without_its_roles() -> None:
    names = {path.as_posix() for path in maps.groups([Path("a") / n for n in MAKERS["ambientCG"]])[0]}
    assert names == {"a/Bricks059_1K-JPG"}
    assert [path.as_posix() for path in maps.groups([Path("bark/albedo.jpg")])[0]] == ["bark"]


def test_single_pictures_previews_and_what_is_not_used() -> None:
    folder = Path("a")
    names = ("forest-floor.jpg", "Metal.jpg", "Rough.png", "meadow_2k.webp")
    found, notes = maps.groups([folder / name for name in names])
    assert {path.name for path in found} == {"forest-floor", "Metal", "Rough", "meadow_2k"}
    assert all(list(roles) == ["color"] for roles in found.values())
    several = (
        "Bricks059.png",
        "Bricks059_1K-JPG_Color.jpg",
        "Bricks059_1K-JPG_Opacity.jpg",
        "carbon.jpg",
        "carbon_normal.jpg",
    )
    found, notes = maps.groups([folder / name for name in several])
    assert {path.name: set(roles) for path, roles in found.items()} == {
        "Bricks059_1K-JPG": {"color"},
        "carbon": {"color", "normal"},
    }
    assert len(notes) == 2
    assert "preview" in " ".join(notes)


def build(settings: Settings | None = None, **files: Path) -> Surface:
    return build_surface(Found("own/it", "surfaces", "it", tuple(files.items()), settings or Settings()))


def up_and_right(surface: Surface) -> pictures.F32:
    return np.asarray((surface.normal[..., :2].astype(np.float32) - 128) / 127, np.float32)


def wanted() -> pictures.F32:
    codes = pictures.normals(np.kron(pictures.bumps(), np.ones((2, 2), np.float32)))
    return np.asarray(codes[..., :2] * 2 - 256 / 255, np.float32)


def grey(path: Path, value: float) -> Path:
    return pictures.save(path, np.full((64, 64), value))


@pytest.fixture
def color(tmp_path: Path) -> Path:
    return pictures.save(tmp_path / "color.png", np.stack([pictures.bumps()] * 3, -1))


def test_maps_come_to_where_they_belong(tmp_path: Path, color: Path) -> None:
    made = build(
        color=color,
        roughness=grey(tmp_path / "r.png", 0.3),
        metal=grey(tmp_path / "m.png", 0.9),
        occlusion=grey(tmp_path / "o.png", 0.6),
    )
    assert made.albedo.shape == (SURFACE_SIZE, SURFACE_SIZE, 3)
    assert made.occlusion is not None
    values = [int(np.median(plane)) for plane in (made.roughness, made.metalness, made.occlusion)]
    assert values == pytest.approx([0.3 * 255, 0.9 * 255, 0.6 * 255], abs=1)
    glossy = build(color=color, gloss=grey(tmp_path / "g.png", 0.7))
    assert np.median(glossy.roughness) == pytest.approx(0.3 * 255, abs=1)
    packed = pictures.save(tmp_path / "arm.png", np.full((64, 64, 3), (0.6, 0.3, 0.9)))
    arm = build(color=color, arm=packed)
    assert arm.occlusion is not None
    assert [int(np.median(p)) for p in (arm.roughness, arm.metalness, arm.occlusion)] == values
    assert (build(color=color).metalness == 0).all()


def test_directx_normals_are_turned_over_by_name_by_slope_and_by_word(tmp_path: Path, color: Path) -> None:
    height = np.kron(pictures.bumps(), np.ones((2, 2), np.float32))
    opengl, directx = (pictures.save(tmp_path / f"n{k}.png", pictures.normals(height, k)) for k in (True, False))
    expected = up_and_right(build(color=color, normal_gl=opengl))
    assert np.abs(expected - wanted()).max() < 0.03
    assert np.abs(expected[..., 1]).max() > 0.3
    for made in (
        build(color=color, normal_dx=directx),
        build(color=color, normal=opengl),
        build(color=color, normal=directx),
        build(Settings(normals="directx"), color=color, normal=directx),
        build(Settings(normals="directx"), color=color, normal_gl=directx),
        build(color=color, normal_gl=opengl, normal_dx=directx),
    ):
        assert np.abs(up_and_right(made) - expected).max() < 0.03
    wrong = build(color=color, normal_gl=directx)
    assert "other convention" in wrong.notes[0]


def test_slopes_tell_which_way_green_goes() -> None:
    bumps = pictures.bumps()
    assert handedness(pictures.normals(bumps) * 2 - np.float32(256 / 255)) > 0.9
    assert handedness(pictures.normals(bumps, opengl=False) * 2 - np.float32(256 / 255)) < -0.9
    flat = np.zeros((16, 16, 3), np.float32)
    flat[..., 2] = 1
    assert handedness(flat) == 0


def test_heights_alone_give_normals_that_lean_away_from_what_rises(tmp_path: Path, color: Path) -> None:
    made = up_and_right(build(color=color, height=pictures.save(tmp_path / "h.png", pictures.bumps())))
    assert (made * wanted()).sum() / np.sqrt((made**2).sum() * (wanted() ** 2).sum()) > 0.9


def test_what_does_not_repeat_is_mirrored(tmp_path: Path) -> None:
    y, x = np.mgrid[0:128, 0:128] / 128
    slope = np.stack([x, y, 0.5 * x], -1)
    normal = pictures.save(tmp_path / "n.png", np.full((128, 128, 3), ((0.3 + 1) / 2, (0.2 + 1) / 2, 0.97)))
    made = build(color=pictures.save(tmp_path / "c.png", slope), normal_gl=normal)
    assert "mirrored" in made.notes[0]
    assert made.metres == 2
    albedo = made.albedo.astype(int)
    assert np.abs(albedo[0] - albedo[-1]).max() <= 4
    assert np.abs(albedo[:, 0] - albedo[:, -1]).max() <= 4
    lean = up_and_right(made)
    assert np.sign(lean[[20, 20, 200, 200], [20, 200, 20, 200]]).tolist() == [[1, 1], [-1, 1], [1, -1], [-1, -1]]


def test_what_repeats_is_left_as_it_is(color: Path) -> None:
    assert build(color=color).notes == ()
    assert build(Settings(metres=3), color=color).metres == 3


def test_an_oblong_tile_keeps_its_proportions(tmp_path: Path) -> None:
    """Of a picture of 2 : 1 with a disc, both discs that fit a square are round."""
    y, x = np.mgrid[0:128, 0:256]
    disc = ((x - 128) ** 2 + (y - 64) ** 2 < 40**2).astype(np.float32)
    made = build(color=pictures.save(tmp_path / "c.png", np.stack([disc] * 3, -1))).albedo[..., 0] > 127
    rows, columns = np.nonzero(made[:128])
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=4)
    assert (made[:128] == made[128:]).mean() > 0.99


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_read(tmp_path: Path, mode: str) -> None:
    codes = np.round(pictures.bumps() * 255).astype(np.uint8)
    if mode == "I;16":
        picture = Image.fromarray(codes.astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(codes).convert("RGB" if mode in ("P", "CMYK") else mode).convert(mode)
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    picture.save(path)
    made = build(color=path).albedo[::2, ::2, 0].astype(int)
    assert np.abs(made - codes).mean() < 12


@pytest.mark.parametrize(
    ("suffix", "mode", "saved"),
    [
        (".tif", "RGB", {"compression": "tiff_lzw"}),
        (".tiff", "I;16", {}),
        (".TGA", "RGB", {"compression": "tga_rle"}),
        (".tga", "L", {}),
        (".bmp", "RGB", {}),
    ],
)
def test_older_formats_are_read(tmp_path: Path, suffix: str, mode: str, saved: dict[str, str]) -> None:
    codes = np.round(pictures.bumps() * 255).astype(np.uint8)
    picture = Image.fromarray(codes.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(codes).convert(mode)
    picture.save(tmp_path / f"brick{suffix}", **saved)
    (found,), notes = find("surfaces", tmp_path)
    made = build_surface(found).albedo[::2, ::2, 0].astype(int)
    assert np.abs(made - codes).mean() < 12
    assert not notes


def test_a_picture_of_floats_says_how_to_save_it(tmp_path: Path) -> None:
    Image.fromarray(pictures.bumps()).save(tmp_path / "a.tif")
    with pytest.raises(AssetError, match=r"floats.*\.exr"):
        build(color=tmp_path / "a.tif")


def test_a_material_without_colour_and_damaged_maps_are_errors(tmp_path: Path, color: Path) -> None:
    with pytest.raises(AssetError, match="no colour"):
        build(normal=color, roughness=color)
    broken = tmp_path / "b.png"
    broken.write_bytes(color.read_bytes()[:200])
    with pytest.raises(AssetError, match=r"b\.png: it cannot be decoded"):
        build(color=color, roughness=broken)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """A PNG header that promises 60,000 × 60,000 pixels."""
    path = pictures.save(tmp_path / "a.png", np.zeros((8, 8)))
    data = bytearray(path.read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    path.write_bytes(bytes(data))
    with pytest.raises(AssetError, match="too many pixels"):
        build(color=path)
