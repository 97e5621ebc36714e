"""What was found in a folder: a sky, a surface or a photo, with the files that it is made of."""

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from diorama.assets.settings import Settings
from diorama.assets.subject import Credit
from diorama.errors import AssetError

Kind = Literal["skies", "surfaces", "photos"]
KINDS: tuple[Kind, ...] = ("skies", "surfaces", "photos")

MAX_FILE_BYTES = 1 << 30
"""A larger file is refused before it is read."""


@dataclass(frozen=True)
class Found:
    """One asset of a folder, not read yet."""

    id: str  # "own/" and its path below the folder
    kind: Kind
    name: str  # its path below the folder, as messages name it
    files: tuple[tuple[str, Path], ...]  # role and path
    settings: Settings = field(default_factory=Settings)
    credit: Credit = field(default_factory=Credit)

    @property
    def paths(self) -> dict[str, Path]:
        """Its files by role."""
        return dict(self.files)

    def digest(self) -> str:
        """Hash of the bytes of its files, whatever their names, with their roles and what its settings say of its look.

        Raises:
            AssetError: Where a file is gone, unreadable or too large.
        """
        said = self.settings.model_dump_json(include={"metres", "normals", "sun"})
        digest = blake2b(f"{self.kind} {said}".encode(), digest_size=16)
        for role, path in self.files:
            try:
                stat = path.stat()
                if stat.st_size > MAX_FILE_BYTES:
                    raise AssetError(str(path), f"it has {stat.st_size >> 20} MiB", "Reduce it below 1 GiB")
                digest.update(role.encode() + path.suffix.lower().encode())
                digest.update(_file_digest(path, stat.st_size, stat.st_mtime_ns))
            except OSError as error:
                raise AssetError(str(path), f"it cannot be read ({error.strerror})", "Check its permissions") from None
        return digest.hexdigest()


@lru_cache(maxsize=1 << 16)
def _file_digest(path: Path, size: int, changed: int) -> bytes:
    """Of a file as it was when it had this size and time."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.digest()
