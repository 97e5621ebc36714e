"""Panoramas and cubes: every packing, energy kept, nothing mirrored, the sun where it stands."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diorama.assets.own.found import Found
from diorama.assets.own.panorama import FACES, HEIGHT, directions
from diorama.assets.own.pixels import open_rows, reduced
from diorama.assets.own.radiance import RadiancePicture, radiance
from diorama.assets.own.skies import build_sky, face_of, groups, mean_luminance
from diorama.assets.own.sun import LUMINANCE, split
from diorama.assets.settings import Settings
from diorama.assets.surroundings import BRIGHTEST, SKY_HEIGHT, Sky
from diorama.errors import AssetError
from tests.assets.own import pictures


def sky(path: Path, sun: bool = True) -> Sky:
    return build_sky(Found("own/it", "skies", "it", (("panorama", path),), Settings(sun=sun)))


def rough(height: int = 12, width: int = 24) -> pictures.F32:
    """Values of many sizes, with runs, black and repeated rows among them."""
    u = np.sin(np.arange(height * width * 3, dtype=np.float32) * 12.9898).reshape(height, width, 3)
    values = np.exp2(12 * u)
    values[3], values[5, 4:20] = 0, (0.5, 0.25, 1)
    return np.asarray(values, np.float32)


class TestRadiance:
    @pytest.mark.parametrize("packing", ["runs", "old", "flat"])
    def test_every_packing_holds_the_same(self, tmp_path: Path, packing: str) -> None:
        values = rough()
        picture = RadiancePicture(pictures.hdr(tmp_path / "a.hdr", values, packing))
        assert (picture.width, picture.height) == (24, 12)
        shown = np.stack(list(picture.rows()))
        assert (shown == radiance(np.moveaxis(pictures.rgbe(values), -1, 0))).all()
        assert np.abs(shown - values).max() <= values.max() / 128

    def test_long_runs_of_the_old_kind(self, tmp_path: Path) -> None:
        flat = np.full((2, 700, 3), 0.5, np.float32)
        flat[0, 650:] = 0.25
        picture = RadiancePicture(pictures.hdr(tmp_path / "a.hdr", flat, "old"))
        assert (np.stack(list(picture.rows())) == flat).all()

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "cannot be read"),
            (b"GIF89a", "not a Radiance"),
            (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n", "does not end"),
            (b"#?RADIANCE\nFORMAT=32-bit_rle_xyze\n\n-Y 8 +X 16\n", "XYZ"),
            (b"#?RADIANCE\n\n+Y 8 +X 16\n", "not a size"),
            (b"#?RADIANCE\n\n-Y 999999999 +X 999999999\n", "too many"),
            (b"#?RADIANCE\n\n-Y 0 +X 16\n", "0 pixels"),
            (b"#?RADIANCE\n\n-Y 4096 +X 8192\n\2\2\x20\x00", "do not hold"),
        ],
    )
    def test_what_is_wrong_is_told_before_memory_is_taken(self, tmp_path: Path, data: bytes, problem: str) -> None:
        path = tmp_path / "a.hdr"
        path.write_bytes(data)
        with pytest.raises(AssetError, match=problem) as error:
            RadiancePicture(path)
        assert error.value.where == str(path)

    @pytest.mark.parametrize("packing", ["runs", "old", "flat"])
    def test_damage_anywhere_is_an_error_or_harmless(self, tmp_path: Path, packing: str) -> None:
        whole = pictures.hdr(tmp_path / "a.hdr", rough(), packing).read_bytes()
        path = tmp_path / "b.hdr"
        for at in range(60, len(whole), 7):
            for data in (whole[:at], whole[:at] + b"\xff\0\x81\1\1\1\xff" + whole[at + 7 :]):
                path.write_bytes(data)
                try:
                    rows = list(RadiancePicture(path).rows())
                except AssetError:
                    continue
                assert [row.shape for row in rows] == [(24, 3)] * 12


class TestReduction:
    @pytest.mark.parametrize("size", [(7, 15), (12, 24), (31, 62), (6, 3)])
    def test_means_over_areas_keep_the_energy(self, tmp_path: Path, size: tuple[int, int]) -> None:
        values = rough(*size)
        small = reduced(open_rows(pictures.hdr(tmp_path / "a.hdr", values, "flat")), 5, 11, "a")
        assert small.mean((0, 1)) == pytest.approx(values.mean((0, 1)), rel=0.01)
        assert small.shape == (5, 11, 3)

    def test_odd_values_count_as_nothing_if_they_are_few(self, tmp_path: Path) -> None:
        exr = pytest.importorskip("OpenEXR")
        values = np.full((64, 128, 3), 0.5, np.float32)
        values[0, 0], values[1, 1, 0], values[2, 2] = np.nan, -3, np.inf

        def saved() -> Path:
            exr.File({"type": exr.scanlineimage}, {"RGB": values}).write(str(tmp_path / "a.exr"))
            return tmp_path / "a.exr"

        small = reduced(open_rows(saved()), 64, 128, "a")
        assert small[0, 0].tolist() == [0, 0, 0]
        assert small[1, 1].tolist() == [0, 0.5, 0.5]
        assert small[2, 2].tolist() == [65504, 65504, 65504]
        values[:8] = np.nan
        with pytest.raises(AssetError, match="12% of its values are no light"):
            reduced(open_rows(saved()), 64, 128, "a")


class TestSun:
    @pytest.mark.parametrize(("azimuth", "elevation"), [(40, 35), (-100, 12), (175, 60), (0, 88)])
    def test_it_stands_where_it_was_seen(self, tmp_path: Path, azimuth: float, elevation: float) -> None:
        found = sky(pictures.hdr(tmp_path / "a.hdr", pictures.sunny(128, azimuth, elevation)))
        assert found.sun is not None
        a, e = np.radians([azimuth, elevation])
        # what was to the right of the middle is towards -X of whoever looks along +Z
        there = np.array([-np.cos(e) * np.sin(a), np.sin(e), np.cos(e) * np.cos(a)])
        assert np.degrees(np.arccos(min(1.0, float(there @ found.sun.direction)))) < 0.7  # a texel has 1.4
        assert found.sun.irradiance / found.sun.irradiance[0] == pytest.approx([1, 0.9, 0.7], abs=0.02)

    def test_map_and_sun_shed_the_light_that_the_picture_had(self, tmp_path: Path) -> None:
        values = pictures.sunny(HEIGHT, 40, 35)
        parts = split(np.ascontiguousarray(values[:, ::-1]), limited=False)
        there, solid = directions(HEIGHT)

        def ground(light: pictures.F32) -> float:
            return float((light @ LUMINANCE * np.maximum(there[..., 1], 0) * solid).sum())

        whole = ground(values[:, ::-1])
        assert ground(parts.sky) + float(parts.sun @ LUMINANCE) * parts.direction[1] == pytest.approx(whole, rel=1e-3)
        assert ground(parts.sky) < 0.5 * whole

    def test_exposure_is_even_whatever_the_file_has(self, tmp_path: Path) -> None:
        faint, bright = (
            sky(pictures.hdr(tmp_path / f"{k}.hdr", pictures.sunny() * np.float32(k))) for k in (2**-6, 2**6)
        )
        assert np.allclose(faint.radiance, bright.radiance, rtol=1e-3)
        assert faint.sun is not None
        total = mean_luminance(faint.radiance) + float(faint.sun.irradiance @ LUMINANCE) / np.pi
        assert total == pytest.approx(BRIGHTEST, rel=1e-3)
        even = sky(pictures.hdr(tmp_path / "even.hdr", np.full((64, 128, 3), 7, np.float32)))
        assert mean_luminance(even.radiance) == pytest.approx(1, rel=1e-3)
        assert even.sun is not None
        assert not even.sun.irradiance.any()

    def test_an_overcast_sky_a_hot_pixel_and_a_lamp_below_have_none(self, tmp_path: Path) -> None:
        cloudy = pictures.sunny(128, peak=0.9)
        cloudy[100, 40] = 500
        hot = np.full((256, 512, 3), 0.5, np.float32)
        hot[60, 100] = 40
        for values in (cloudy, hot):
            found = sky(pictures.hdr(tmp_path / "a.hdr", values))
            assert found.sun is not None
            assert not found.sun.irradiance.any()

    def test_a_clipped_sun_is_given_a_strength(self, tmp_path: Path) -> None:
        codes = np.full((256, 512, 3), (0.4, 0.55, 0.75))
        away = pictures.seen(256, 60, 30)
        codes[away < 14] = (0.95, 0.9, 0.8)
        codes[away < 5] = 1
        found = sky(pictures.save(tmp_path / "a.png", codes))
        assert found.sun is not None
        assert found.sun.assumed
        assert "clipped" in found.notes[0]
        assert np.degrees(np.arcsin(found.sun.direction[1])) == pytest.approx(30, abs=1)
        assert found.sun.irradiance[0] > found.sun.irradiance[2] > 0
        streak = codes.copy()
        codes[pictures.seen(256, -120, 40) < 6] = 1  # another white cloud
        streak[80:90, 300:420] = 1
        for clouds in (codes, streak):
            cloud = sky(pictures.save(tmp_path / "b.png", clouds)).sun
            assert cloud is not None
            assert not cloud.irradiance.any()
        told = sky(tmp_path / "a.png", sun=False).sun
        assert told is not None
        assert not told.irradiance.any()


class TestCube:
    def test_its_faces_lie_as_in_the_panorama_of_the_same_place(self, tmp_path: Path) -> None:
        """A panorama with a mark of its own in six directions, and a cube of faces in these colours."""
        colors = {"px": (1, 0, 0), "nx": (0, 1, 1), "py": (0, 1, 0), "ny": (1, 0, 1), "pz": (0, 0, 1), "nz": (1, 1, 0)}
        toward = {"px": (90, 0), "nx": (-90, 0), "py": (0, 90), "ny": (0, -90), "pz": (0, 0), "nz": (180, 0)}
        panorama = np.full((128, 256, 3), 0.5)
        for name, (azimuth, elevation) in toward.items():
            panorama[pictures.seen(128, azimuth, elevation) < 20] = colors[name]
            pictures.save(tmp_path / f"{name}.png", np.full((32, 32, 3), colors[name], np.float64))
        whole = sky(pictures.save(tmp_path / "whole.png", panorama)).radiance
        cube = build_sky(Found("own/c", "skies", "c", tuple((n, tmp_path / f"{n}.png") for n in FACES))).radiance
        there, _ = directions(SKY_HEIGHT)
        for azimuth, elevation in toward.values():
            a, e = np.radians([azimuth, elevation])
            near = there @ np.array([-np.cos(e) * np.sin(a), np.sin(e), np.cos(e) * np.cos(a)]) > np.cos(np.radians(10))
            hue = [map_[near].mean(0) / map_[near].max() for map_ in (whole, cube)]
            assert hue[0] == pytest.approx(hue[1], abs=0.05)

    def test_faces_meet_without_a_seam(self, tmp_path: Path) -> None:
        """Faces drawn from a smooth function of the direction, by OpenGL's table, give that function back."""
        side = 64
        s, t = np.meshgrid(*[(np.arange(side) + 0.5) / side * 2 - 1] * 2)
        one = np.ones_like(s)
        rays = {
            "px": (one, -t, -s), "nx": (-one, -t, s), "py": (s, one, t), "ny": (s, -one, -t),
            "pz": (s, -t, one), "nz": (-s, -t, -one),
        }  # fmt: skip
        for name, ray in rays.items():
            unit = np.stack(ray, -1) / np.linalg.norm(np.stack(ray, -1), axis=-1, keepdims=True)
            pictures.save(tmp_path / f"room_{name}.png", 0.5 + 0.3 * unit)
        found, _ = groups(sorted(tmp_path.iterdir()))
        (roles,) = found.values()
        made = build_sky(Found("own/c", "skies", "c", tuple(roles.items()))).radiance
        there, _ = directions(SKY_HEIGHT)
        there = np.asarray(there * [-1, 1, 1], np.float32)  # OpenGL's cube has its x the other way
        linear = ((0.5 + 0.3 * there + 0.055) / 1.055) ** 2.4
        assert np.abs(made / made.mean() - linear / linear.mean()).max() < 0.05

    def test_names_of_faces(self) -> None:
        assert face_of("px") == ("", "px")
        assert face_of("chapel_posx") == ("chapel", "px")
        assert face_of("Sky-Right") == ("Sky", "px")
        assert face_of("backup") is None
        assert face_of("laptop") is None

    def test_a_cube_that_lacks_faces_is_noted_and_a_name_alone_is_none(self) -> None:
        found, notes = groups([Path(f"a/{name}.png") for name in ("px", "nx", "py")])
        assert (found, len(notes)) == ({}, 1)
        assert "ny, nz, pz" in notes[0]
        found, notes = groups([Path("a/mountain top.jpg")])
        assert (list(found), notes) == ([Path("a/mountain top")], [])


def test_what_is_no_panorama_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="twice as wide"):
        sky(pictures.save(tmp_path / "a.png", np.ones((64, 96, 3))))
    with pytest.raises(AssetError, match="black"):
        sky(pictures.save(tmp_path / "b.png", np.zeros((64, 128, 3))))
    Image.new("RGB", (64, 128)).save(tmp_path / "c.jpg")
    (tmp_path / "c.jpg").write_bytes((tmp_path / "c.jpg").read_bytes()[:300])
    with pytest.raises(AssetError, match="cannot be decoded"):
        sky(tmp_path / "c.jpg")


def test_openexr_in_its_usual_kinds(tmp_path: Path) -> None:
    exr = pytest.importorskip("OpenEXR")
    values = pictures.sunny(64).astype(np.float16)
    header = {"type": exr.scanlineimage, "compression": exr.PIZ_COMPRESSION}
    exr.File(header, {"RGB": values}).write(str(tmp_path / "half.exr"))
    layers = {f"Combined.{c}": values[..., k].astype(np.float32) for k, c in enumerate("RGB")}
    exr.File(header, {**layers, "Depth.Z": values[..., 0].astype(np.float32)}).write(str(tmp_path / "layers.exr"))
    first = np.stack(list(open_rows(tmp_path / "half.exr").rows()))
    second = np.stack(list(open_rows(tmp_path / "layers.exr").rows()))
    assert (first == values.astype(np.float32)).all()
    assert (second == first).all()


def test_damaged_openexr_is_one_error(tmp_path: Path) -> None:
    exr = pytest.importorskip("OpenEXR")
    path = tmp_path / "a.exr"
    exr.File({"type": exr.scanlineimage}, {"RGB": pictures.sunny(16)}).write(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AssetError, match=r"a\.exr"):
        list(open_rows(path).rows())
    window = whole.index(b"dataWindow\0box2i\0") + 21
    path.write_bytes(whole[:window] + np.array([0, 0, 99_999, 99_999], "<i4").tobytes() + whole[window + 16 :])
    with pytest.raises(AssetError, match="too many"):
        open_rows(path)
