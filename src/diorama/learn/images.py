"""Images in classes: what there is, and each file decoded as people expect.

A folder of images has one sub-folder per class, of any depth. What Diorama generates is such a folder; its labels tell
which model each image shows, so that a validation part can be split off by subject.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from diorama.errors import ImageError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif", ".ppm"})
"""Endings of files that are taken for images, in lower case."""

GREY = (128, 128, 128)
"""What shows through transparent pixels."""

LABELS = "labels.parquet"
"""Where a dataset of Diorama keeps its label rows."""


T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class ImageSet:
    """N images in C classes.

    Attributes:
        root: The folder.
        classes: (C,) names; a label is a place in them.
        paths: (N,) files.
        labels: (N,) which class each shows.
        subjects: (N,) id of the model that each shows, where the folder tells.
    """

    root: Path
    classes: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    subjects: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.paths)

    def subset(self, index: ArrayLike) -> "ImageSet":
        """The images at `index` ((M,) places, or (N,) truths), in that order, with the same classes."""
        places = np.arange(len(self))[np.asarray(index)]
        subjects = None if self.subjects is None else tuple(self.subjects[i] for i in places)
        chosen = replace(
            self, paths=tuple(self.paths[i] for i in places), labels=self.labels[places], subjects=subjects
        )
        if "hashes" in self.__dict__:
            chosen.__dict__["hashes"] = self.hashes[places]
        return chosen

    def parts(self, count: int) -> NDArray[np.int64]:
        """(N,) which of `count` parts each image is in. Every class is spread evenly; an image's content decides."""
        order = np.argsort(self.hashes.view("<u8").reshape(-1, 2)[:, 0], kind="stable")
        part = np.empty(len(self), np.int64)
        for label in range(len(self.classes)):
            own = order[self.labels[order] == label]
            part[own] = np.arange(len(own)) % count
        return part

    @cached_property
    def hashes(self) -> NDArray[np.void]:
        """(N,) content of each file as 16 bytes (BLAKE2b). Names and places do not count."""
        with ThreadPoolExecutor() as pool:
            digests = b"".join(pool.map(_digest, self.paths))
        return np.frombuffer(digests, "V16")

    @cached_property
    def hash(self) -> str:
        """32 hexadecimal digits of all images, their labels and the classes, in this order."""
        digest = hashlib.blake2b("\n".join(self.classes).encode(), digest_size=16)
        digest.update(self.labels.astype("<i8").tobytes() + self.hashes.tobytes())
        return digest.hexdigest()


def find_images(
    root: str | Path,
    *,
    classes: Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    extra: Literal["refuse", "skip"] = "refuse",
    missing: Literal["refuse", "allow"] = "refuse",
) -> ImageSet:
    """The images of a folder with one sub-folder per class. Files are listed, not opened.

    Args:
        root: The folder. Sub-folders are searched to any depth; hidden ones are left out.
        classes: Names in the order of their labels; the sub-folders' own, sorted, if not given.
        mapping: Name of a sub-folder → the class it counts as; "" leaves it out.
        limit: At most so many per class, spread evenly over its sorted files.
        extra: What to do with a sub-folder that is none of `classes`.
        missing: Whether one of `classes` may have no images.

    Raises:
        ImageError: Naming the folder or class at fault.
    """
    root, mapping = Path(root), dict(mapping or {})
    if not root.is_dir():
        raise ImageError(str(root), "no such folder", "Give a folder with one sub-folder of images per class")
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    unknown = sorted(set(mapping) - {folder.name for folder in folders})
    if unknown:
        raise ImageError(
            str(root), f"has no sub-folder {unknown[0]!r} to map", f"It has: {_listed(f.name for f in folders)}"
        )
    files: dict[str, list[Path]] = {}
    for folder in folders:
        name = mapping.get(folder.name, folder.name)
        if name and (found := _files(folder)):
            files.setdefault(name, []).extend(found)
    if not files:
        loose = any(path.suffix.lower() in SUFFIXES for path in root.iterdir())
        problem = "images lie directly in it" if loose else "there are no images in its sub-folders"
        raise ImageError(str(root), problem, "Put them in one sub-folder per class, such as cat/ and dog/")
    names = tuple(classes) if classes is not None else tuple(sorted(files))
    strangers, absent = sorted(set(files) - set(names)), [name for name in names if name not in files]
    if strangers and extra == "refuse":
        raise ImageError(
            str(root),
            f"has the class {strangers[0]!r}, which is none of {_listed(names)}",
            f"Say which it is (--map {strangers[0]}={names[0]}), or leave it out (--map {strangers[0]}=)",
        )
    if absent and (missing == "refuse" or len(absent) == len(names)):
        raise ImageError(
            str(root), f"has no images of the class {absent[0]!r}", f"It has: {_listed(sorted(files))}; see --map"
        )
    chosen = [spread(files.get(name, []), limit) for name in names]
    paths = tuple(path for some in chosen for path in some)
    labels = np.repeat(np.arange(len(names)), [len(some) for some in chosen]).astype(np.int64)
    return ImageSet(root, names, paths, labels, _subjects(root, paths))


def spread(items: Sequence[T], limit: int | None) -> Sequence[T]:
    """At most `limit` of the items, spread evenly; all, if there is no limit."""
    if limit is None or len(items) <= limit:
        return items
    return [items[i * len(items) // limit] for i in range(limit)]


def read_image(path: str | Path, least: int | None = None) -> Image.Image:
    """A file as an RGB picture: upright by its EXIF turn, alpha over mid grey, 16 bits scaled to 8, the first frame.

    Args:
        path: The file.
        least: If given, a larger JPEG may be decoded at a half, a quarter or an eighth of its size, its shorter side at
            least this, which is quicker.

    Raises:
        ImageError: If it cannot be read whole.
    """
    try:
        with Image.open(io.BytesIO(Path(path).read_bytes())) as image:
            if least is not None:
                image.draft(None, (least, least))
            return _rgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        problem = "is no image of a known format"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = "is larger than an image should be"
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError) as error:
        problem = f"cannot be read ({str(error) or type(error).__name__})"  # Pillow raises all of these for torn files
    raise ImageError(str(path), problem, "Mend it or take it away")


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        image.load()
        return image
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, np.float64)
        top = 1.0 if image.mode == "F" and values.max() <= 1.0 else 255.0 if values.max() <= 255.0 else 65535.0
        image = Image.fromarray((np.clip(values / top, 0, 1) * 255 + 0.5).astype(np.uint8))
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, (*GREY, 255))
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    return image.convert("RGB")


def _digest(path: Path) -> bytes:
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    except OSError as error:
        raise ImageError(str(path), f"cannot be read ({error.strerror})", "Mend it or take it away") from error


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _subjects(root: Path, paths: Sequence[Path]) -> tuple[str, ...] | None:
    """From labels.parquet, if there is one with a row for each of the images."""
    try:
        rows = pq.read_table(root / LABELS, columns=["file", "subject"])
    except (OSError, KeyError, pa.ArrowException):
        return None
    subject = dict(zip(rows["file"].to_pylist(), rows["subject"].to_pylist(), strict=True))
    names = [path.relative_to(root).as_posix() for path in paths]
    return tuple(subject[name] for name in names) if all(name in subject for name in names) else None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
