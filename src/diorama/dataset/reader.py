"""Finished datasets, read back: recipe, label rows, and each image's bytes as they are stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from diorama.dataset import origin
from diorama.dataset.schema import file_name
from diorama.errors import OutputError
from diorama.randomize.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Dataset:
    """A finished dataset of Diorama. Open it with `Dataset.open`.

    Attributes:
        root: Where it lies.
        recipe: What it shows.
        made: With what its images were made, by name: versions, the catalogue's hash, the adapter.
    """

    root: Path
    recipe: Recipe
    made: dict[str, str]

    @classmethod
    def open(cls, root: str | Path) -> "Dataset":
        """A finished dataset.

        Raises:
            OutputError: If there is none, or it is not finished.
        """
        root = Path(root)
        if not (root / "recipe.yaml").is_file() or not (root / "labels.parquet").is_file():
            problem = "is not a dataset of Diorama (no recipe.yaml with labels.parquet)"
            raise OutputError(str(root), problem, "Give a folder that `diorama generate` has finished")
        return cls(root, *origin.read(root / "recipe.yaml"))

    def __len__(self) -> int:
        return len(self.recipe.classes) * self.recipe.per_class

    @cached_property
    def labels(self) -> pa.Table:
        """All label rows, by index.

        Raises:
            OutputError: If they cannot be read.
        """
        path = self.root / "labels.parquet"
        try:
            return pq.read_table(path)
        except (pa.ArrowException, OSError) as error:
            raise OutputError(str(path), f"cannot be read ({error})", "Make the dataset anew") from error

    def jpeg(self, index: int) -> bytes:
        """The stored file of image `index`.

        Raises:
            OutputError: If there is no such image, or it cannot be read.
        """
        (found,) = self.jpegs([index])
        return found

    def jpegs(self, indices: Iterable[int]) -> list[bytes]:
        """The stored files of these images, in their order.

        Raises:
            OutputError: As `jpeg`.
        """
        return [self._read(index) for index in indices]

    def _read(self, index: int) -> bytes:
        if not 0 <= index < len(self):
            raise OutputError(str(self.root), f"has no image {index}", f"Give numbers below {len(self)}")
        path = self.root / file_name(self.recipe, index)
        try:
            return path.read_bytes()
        except OSError as error:
            raise OutputError(str(path), f"cannot be read ({error.strerror})", "Make the dataset anew") from error
