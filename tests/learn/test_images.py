"""Files are decoded as people expect, and folders are told of as they are."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from diorama.errors import ImageError
from diorama.learn.images import GREY, find_images, read_image
from tests.learn.things import pictures


def _seen(path: Path) -> list[int]:
    """The upper left pixel."""
    image = read_image(path)
    assert image.mode == "RGB"
    return np.asarray(image)[0, 0].tolist()  # type: ignore[no-any-return]


def test_every_kind_of_picture_becomes_rgb(tmp_path: Path) -> None:
    red = Image.new("RGB", (8, 6), (200, 40, 30))
    wanted: dict[str, tuple[Image.Image, tuple[int, int, int]]] = {
        "grey.png": (Image.new("L", (8, 6), 90), (90, 90, 90)),
        "bit.png": (Image.new("1", (8, 6), 1), (255, 255, 255)),
        "cmyk.tif": (red.convert("CMYK"), (200, 40, 30)),
        "palette.gif": (red.quantize(8), (200, 40, 30)),
        "clear.png": (Image.new("RGBA", (8, 6), (255, 0, 0, 0)), GREY),
        "half.png": (Image.new("RGBA", (8, 6), (228, 128, 28, 128)), (178, 128, 78)),
        "grey_alpha.png": (Image.new("LA", (8, 6), (10, 0)), GREY),
        "deep.png": (Image.fromarray(np.full((6, 8), 0x8080, np.uint16)), (128, 128, 128)),
        "float.tif": (Image.fromarray(np.full((6, 8), 0.5, np.float32)), (128, 128, 128)),
    }
    for name, (image, colour) in wanted.items():
        image.save(tmp_path / name)
        assert _seen(tmp_path / name) == pytest.approx(colour, abs=2), name


def test_a_palette_with_a_transparent_colour_shows_grey(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 6), (200, 40, 30)).quantize(8)
    image.save(tmp_path / "p.png", transparency=image.getpixel((0, 0)))
    assert _seen(tmp_path / "p.png") == list(GREY)


def test_the_first_frame_of_an_animation_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 6), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert _seen(tmp_path / "a.gif") == pytest.approx([250, 0, 0], abs=3)


def test_a_turned_photo_is_set_upright(tmp_path: Path) -> None:
    photo = Image.new("RGB", (8, 6), (10, 10, 10))
    photo.putpixel((0, 5), (250, 250, 250))  # lower left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: the lower left comes to the upper left
    photo.save(tmp_path / "p.png", exif=exif)
    assert read_image(tmp_path / "p.png").size == (6, 8)
    assert _seen(tmp_path / "p.png") == [250, 250, 250]


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_torn_file_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.effect_noise((64, 64), 60).save(path)
    path.write_bytes(path.read_bytes()[:700] if content is None else content)
    with pytest.raises(ImageError, match=r"a\.jpg: .*Mend it"):
        read_image(path)


def test_a_folder_is_listed_by_class(tmp_path: Path) -> None:
    pictures(tmp_path, 5, ("red", "blue", "green"))
    (tmp_path / "red" / "deep").mkdir()
    (tmp_path / "red" / "000.png").rename(tmp_path / "red" / "deep" / "z.PNG")
    (tmp_path / "red" / ".hidden.png").touch()
    (tmp_path / ".cache").mkdir()
    (tmp_path / "red" / "notes.txt").touch()
    images = find_images(tmp_path)
    assert images.classes == ("blue", "green", "red")
    assert np.bincount(images.labels).tolist() == [5, 5, 5]
    assert len(find_images(tmp_path, limit=2)) == 6
    two = find_images(tmp_path, classes=("red", "blue"), extra="skip")
    assert [two.paths[0].parts[-2], two.paths[-1].parts[-2], len(two)] == ["red", "blue", 10]
    mapped = find_images(tmp_path, classes=("warm", "blue"), mapping={"red": "warm", "green": ""})
    assert np.bincount(mapped.labels).tolist() == [5, 5]


def test_hashes_tell_content_and_labels_apart(tmp_path: Path) -> None:
    pictures(tmp_path / "a")
    images = find_images(tmp_path / "a")
    assert images.hash == find_images(tmp_path / "a").hash
    (tmp_path / "a").rename(tmp_path / "b")
    moved = find_images(tmp_path / "b")
    assert moved.hash == images.hash
    assert len(set(images.hashes.tolist())) == len(images)
    assert images.subset([1, 0]).hashes.tolist() == images.hashes[[1, 0]].tolist()
    assert images.subset([1, 0]).hash != images.subset([0, 1]).hash


def test_subjects_come_from_labels_that_tell_of_every_image(tmp_path: Path) -> None:
    pictures(tmp_path, 2)
    names = [f"{name}/{number:03d}.png" for name in ("blue", "red") for number in range(2)]
    pq.write_table(pa.table({"file": names, "subject": ["b/1", "b/2", "r/1", "r/1"]}), tmp_path / "labels.parquet")
    assert find_images(tmp_path).subjects == ("b/1", "b/2", "r/1", "r/1")
    (tmp_path / "red" / "000.png").rename(tmp_path / "red" / "new.png")
    assert find_images(tmp_path).subjects is None


def test_bad_folders_are_told(tmp_path: Path) -> None:
    pictures(tmp_path / "good", 2)
    (tmp_path / "empty" / "red").mkdir(parents=True)
    calls: dict[str, Callable[[], object]] = {
        "no such folder": lambda: find_images(tmp_path / "none"),
        "no images in its sub-folders": lambda: find_images(tmp_path / "empty"),
        "images lie directly in it": lambda: find_images(tmp_path / "good" / "red"),
        r"the class 'red', which is none of blue, car\. Say which it is \(--map red=blue\)": lambda: find_images(
            tmp_path / "good", classes=("blue", "car")
        ),
        "no images of the class 'car'": lambda: find_images(tmp_path / "good", classes=("red", "blue", "car")),
        "no sub-folder 'rad' to map": lambda: find_images(tmp_path / "good", mapping={"rad": "red"}),
    }
    for problem, call in calls.items():
        with pytest.raises(ImageError, match=problem):
            call()
