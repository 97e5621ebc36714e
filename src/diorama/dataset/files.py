"""Writing files so that what has a final name is always whole."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image

from diorama.errors import OutputError

UNFINISHED = ".unfinished"
"""Suffix of the temporary name; no loader of images takes it for one."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` to write to; it becomes `path` at the block's end, or is removed on an error.

    Raises:
        OutputError: In place of any OSError of the block.
    """
    temporary = path.with_name(path.name + UNFINISHED)
    try:
        with output(path):
            yield temporary
            temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all.

    Raises:
        OutputError: If it cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def new_folder(path: Path) -> None:
    """Makes sure that a folder can be made under this name: there is nothing, or an empty folder.

    Raises:
        OutputError: If there is something.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(str(path), "is there already", "Choose a new or empty folder")


@contextmanager
def making(path: Path) -> Iterator[Path]:
    """A folder to fill, under a temporary name; it becomes `path` at the block's end, or is removed on an error.

    Raises:
        OutputError: If there is something already, and in place of any OSError of the block.
    """
    new_folder(path)
    temporary = path.with_name(path.name + UNFINISHED)
    try:
        with output(path):
            with suppress(FileNotFoundError):
                shutil.rmtree(temporary)  # of a run that was killed
            temporary.mkdir(parents=True)
            yield temporary
            with suppress(FileNotFoundError):
                path.rmdir()
            temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def picture_format(path: Path) -> str:
    """The format of a picture that is to be written, by its name: PNG, JPEG or WEBP.

    Raises:
        OutputError: If it has another ending, or its folder does not exist.
    """
    format = Image.registered_extensions().get(path.suffix.lower(), "")
    if format not in ("PNG", "JPEG", "WEBP"):
        raise OutputError(str(path), "is not a picture's name", "End it in .png, .jpg or .webp")
    if not path.parent.is_dir():
        raise OutputError(str(path), "its folder does not exist", "Make it, or choose another")
    return format


@contextmanager
def output(path: Path) -> Iterator[None]:
    """Tells of the block's OSErrors as OutputErrors."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
        raise OutputError(
            str(path),
            f"cannot be written ({reason[0].lower()}{reason[1:]})",
            "Mend that and run the same command again: what is finished is kept",
        ) from error
