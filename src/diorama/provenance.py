"""With what images are made: all that decides their bytes beside the recipe."""

from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from diorama.assets.library import Catalogue
from diorama.dataset.layout import Format
from diorama.dataset.origin import IMAGES, WRITER
from diorama.render.device import Device

SOURCES = (
    "draws.py",
    "exact.py",
    "images.py",
    "assets",
    "dataset/planes.py",
    "dataset/schema.py",
    "randomize",
    "render",
    "scene",
)
"""What draws images and their labels. The builders of embedded models are no part of it: the catalogue's hash is."""

_BUILDERS = "procedural"


def provenance(catalogue: Catalogue, device: Device, format: Format) -> dict[str, str]:
    """What images are made with, by name, as a dataset records it.

    Args:
        catalogue: Of models, surfaces and skies.
        device: What draws.
        format: How images are stored: the libraries that write differ.
    """
    # NumPy decides the last bits of what is drawn and built, simplejpeg and the others the bytes on disk
    libraries = ["numpy", "simplejpeg", "pillow", *(["pyarrow"] if format == "parquet" else [])]
    return {
        WRITER: version("diorama"),
        IMAGES: image_version(),
        "catalogue": catalogue.hash,
        **_own(catalogue),
        "adapter": device.name,
        "driver": device.driver,
        "libraries": ", ".join(f"{name} {version(name)}" for name in libraries),
    }


def _own(catalogue: Catalogue) -> dict[str, str]:
    """The own skies, surfaces and photos by kind: how many, and a hash, so that it can be told what differs."""
    told: dict[str, str] = {}
    for kind, hash in catalogue.around.hashes().items():
        own = len(catalogue.around.found[kind])
        embedded = len(getattr(catalogue, kind)) - own
        told[kind] = f"{own} own ({hash[:12]})" + (f", {embedded} embedded" if embedded else "")
    return told


@lru_cache
def image_version() -> str:
    """Hash of the source of all that draws an image: another one may draw other pixels, or give other labels."""
    digest, root = blake2b(digest_size=8), files("diorama")
    for name in SOURCES:
        for path, content in sorted(_sources(root.joinpath(name), name)):
            digest.update(f"{path} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _sources(place: Traversable, path: str) -> list[tuple[str, bytes]]:
    if place.is_dir():
        inner = (item for item in place.iterdir() if item.name not in (_BUILDERS, "__pycache__"))
        return [found for item in inner for found in _sources(item, f"{path}/{item.name}")]
    return [(path, place.read_bytes().replace(b"\r\n", b"\n"))]
