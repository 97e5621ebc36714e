"""Is a dataset whole? Every file against the manifest, every label row against the recipe, a sample drawn again.

    manifest      written again from what it says, it must have the bytes it has
    files         size and SHA-256; every image and plane in them decodes; nothing else lies among the images
    label rows    image, class, file, seed, and all that is drawn without models, drawn again from seed and index
    a sample      rendered again: the JPEG file, the planes and the whole label row

So one changed byte is found wherever it lies, and so are swapped files and swapped labels.
"""

import io
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import simplejpeg

from diorama.assets.sources import Models
from diorama.dataset import formats, manifest, origin, parquet, planes
from diorama.dataset.layout import Layout
from diorama.dataset.manifest import MANIFEST, Manifest
from diorama.dataset.origin import IMAGES
from diorama.dataset.output import LABELS, RECIPE
from diorama.dataset.reader import Dataset
from diorama.dataset.samples import File
from diorama.dataset.storage import UNFINISHED, Local, Storage, storage
from diorama.engine.progress import Progress, Report, silent
from diorama.errors import OutputError, RecipeError
from diorama.inspection.again import compare
from diorama.inspection.labels import check_rows
from diorama.provenance import image_version
from diorama.randomize.recipe import Recipe

THREADS = 4
"""Files that are read and decoded at once; most of that leaves Python's lock."""

SAMPLE = 16
"""Images that are drawn again if nobody asks for another number."""

MOST = 20
"""Faults of one file that are told one by one."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file.

    Attributes:
        file: Its path in the dataset.
        problem: In words.
    """

    file: str
    problem: str


@dataclass(frozen=True)
class Checked:
    """What a check has found.

    Attributes:
        root: The dataset.
        files: How many files were read.
        images: How many images were decoded.
        again: How many images were drawn again.
        faults: What is wrong; nothing if the dataset is whole.
        notes: What could not be checked, and why.
    """

    root: str
    files: int
    images: int
    again: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


@dataclass
class _Found:
    """What is found on the way."""

    files: int = 0
    images: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, file: str, problems: Iterable[str]) -> None:
        told = list(islice(problems, MOST + 1))
        self.faults += [Fault(file, problem) for problem in told[:MOST]]
        if len(told) > MOST:
            self.faults.append(Fault(file, "and more of the kind"))


def check(
    root: str | Path,
    models: Models | None = None,
    *,
    sample: int = SAMPLE,
    seed: int = 0,
    report: Report = silent,
) -> Checked:
    """Verifies a finished dataset of any format.

    Args:
        root: The dataset.
        models: The folder of models that it was made from; the embedded catalogue if not given.
        sample: How many images are drawn again; 0 for none.
        seed: Of the choice of these.
        report: Is called with how far it is.

    Raises:
        OutputError: If there is no dataset at all, or it is not finished.
        AssetError: If the models cannot be used.
        RecipeError: If the sample is negative.
    """
    if sample < 0:
        raise RecipeError("sample", f"is {sample}", "Give 0 or more")
    place = storage(root)
    names = set(place.names())
    if not {RECIPE, MANIFEST} & names or place.names(UNFINISHED):
        Dataset.open(root)
        raise OutputError(place.address, "is not finished", "Run the `diorama generate` that began it again")
    found = _Found()
    recipe, made = _recipe(place, found)
    listed = _manifest(place, recipe, made, found)
    again = 0
    if listed:
        _files(place, recipe, listed, found, report)
    if listed and recipe:
        _strays(place, recipe, listed, found)
        if {fault.file for fault in found.faults}.isdisjoint((RECIPE, MANIFEST)):
            dataset = Dataset(place, recipe, dict(listed.made), listed.layout, listed)
            found.add(LABELS, check_rows(dataset, report))
            again = _again(dataset, models, sample, seed, found, report) if sample else 0
    faults = tuple(dict.fromkeys(found.faults))
    return Checked(place.address, found.files, found.images, again, faults, tuple(found.notes))


def _again(dataset: Dataset, models: Models | None, sample: int, seed: int, found: _Found, report: Report) -> int:
    """Draws a sample again; how many images."""
    try:
        again, faults, notes = compare(dataset, models, sample, seed, report)
    except OutputError as error:  # of the label rows, without which nothing can be compared
        found.add(LABELS, [error.problem])
        return 0
    found.notes += notes
    for file, problems in faults.items():
        found.add(file, problems)
    return again


def _recipe(place: Storage, found: _Found) -> tuple[Recipe | None, Mapping[str, str]]:
    """The recipe, and with what the dataset was made."""
    try:
        return origin.parse(place.read(RECIPE).decode(), RECIPE)
    except (OutputError, UnicodeDecodeError) as error:
        found.add(RECIPE, [f"cannot be read ({error})"])
        return None, {}


def _manifest(place: Storage, recipe: Recipe | None, made: Mapping[str, str], found: _Found) -> Manifest | None:
    """The manifest; that it has not changed is told by writing it once more."""
    try:
        listed = Manifest.read(place)
        _ = listed.layout.splits  # which its text must tell
    except (OutputError, ValueError) as error:
        found.add(MANIFEST, [f"cannot be read ({getattr(error, 'problem', error)})"])
        return None
    if recipe is None:
        return listed
    total = recipe.per_class * len(recipe.classes)
    same_version = made.get(IMAGES) == image_version()
    if (total, dict(made)) != (listed.total, dict(listed.made)) or (same_version and recipe.hash != listed.recipe):
        found.add(MANIFEST, [f"is not that of {RECIPE}"])
        return listed
    if not same_version:  # whose recipes may have other keys, and so another hash
        found.notes.append(f"{MANIFEST}: the recipe's hash is not checked, since another version of Diorama made it")
    with tempfile.TemporaryDirectory() as folder:
        copy = Local(Path(folder))
        try:
            rows = chain(listed.files(), listed.about.values())
            manifest.write(copy, rows, listed.total, listed.recipe, listed.made)
            same = copy.read(MANIFEST) == place.read(MANIFEST)
        except (pa.ArrowException, TypeError, ValueError) as error:
            found.add(MANIFEST, [f"says what cannot be ({error})"])
            return None
        ours = _writer(copy, MANIFEST)
    theirs = _writer(place, MANIFEST)
    if not same and (theirs == ours or theirs != _writer(place, LABELS)):
        found.add(MANIFEST, ["has other bytes than what it says would give"])
    elif not same:
        found.notes.append(f"{MANIFEST}: its own bytes are not checked, since {theirs} wrote it and this is {ours}")
    return listed


def _writer(place: Storage, name: str) -> str:
    """Which library wrote a Parquet file; "" where that cannot be told."""
    try:
        with place.reading(name) as file:
            return str(pq.read_metadata(file).created_by)
    except (OutputError, OSError, ValueError):
        return ""


def _files(place: Storage, recipe: Recipe | None, listed: Manifest, found: _Found, report: Report) -> None:
    """Every file of the manifest."""
    layout = listed.layout
    every = chain(listed.files(), listed.about.values())
    total = len(listed)
    with ThreadPoolExecutor(THREADS) as pool:
        while some := list(islice(every, 64)):
            for file, (images, problems) in zip(
                some, pool.map(lambda file: _file(place, recipe, layout, file), some), strict=True
            ):
                found.files += 1
                found.images += images
                found.add(file.name, problems)
            report(Progress("files", found.files, total, "files"))
    decoded = found.images if recipe else listed.total
    if decoded != listed.total and not found.faults:
        found.add(MANIFEST, [f"names files of {decoded} images, not of {listed.total}"])


def _file(place: Storage, recipe: Recipe | None, layout: Layout, file: File) -> tuple[int, list[str]]:
    """How many images a file holds, and what is wrong with it."""
    try:
        data = place.read(file.name)
    except OutputError as error:
        return 0, [error.problem]
    seen = File.of(file.name, data)
    if seen.size != file.size:
        return 0, [f"has {seen.size} bytes, not {file.size}"]
    if seen.sha256 != file.sha256:
        return 0, ["has another content than when it was made (SHA-256)"]
    if file.first is None or recipe is None:
        return 0, []
    return _decoded(recipe, layout, file, data)


def _decoded(recipe: Recipe, layout: Layout, file: File, data: bytes) -> tuple[int, list[str]]:
    """As `_file`, of a file of images or planes whose bytes are as they should be."""
    first, count = file.first or 0, file.count or 0
    kinds = [str(label) for label in recipe.labels if label in planes.PLANES]
    if layout.format == "folder":
        if file.name.endswith(".jpg"):
            return 1, _image(first, data, recipe.size)
        pieces = {kind: parquet.unpack(io.BytesIO(data), range(first, first + count), kind) for kind in kinds}
        images = 0
    else:
        wanted = range(first, (first // layout.shard_size + 1) * layout.shard_size)
        pieces = {kind: formats.unpack(layout, io.BytesIO(data), wanted, kind) for kind in [formats.IMAGE, *kinds]}
        images = count
    problems = []
    for kind, contents in pieces.items():
        held = 0
        try:
            for index, content in contents:
                held += 1
                if kind == formats.IMAGE:
                    problems += _image(index, content, recipe.size)
                else:
                    planes.decode(kind, content)
        except OutputError as error:
            problems.append(f"{kind}: {error.where}: {error.problem}")
        if held != count:
            problems.append(f"holds {kind} of {held} images, not of {count}")
    return images, problems


def _image(index: int, data: bytes, size: int) -> list[str]:
    try:
        shape = simplejpeg.decode_jpeg(data).shape
    except ValueError as error:
        return [f"image {index} does not decode ({error})"]
    return (
        [] if shape == (size, size, 3) else [f"image {index} has {shape[1]} × {shape[0]} pixels, not {size} × {size}"]
    )


def _strays(place: Storage, recipe: Recipe, listed: Manifest, found: _Found) -> None:
    """Files among the images that are none of the dataset's: loaders would take them for images or classes."""
    known = {file.name for file in chain(listed.files(), listed.about.values())}
    for folder in listed.layout.folders(recipe):
        for name in place.names(folder):
            if f"{folder}/{name}" not in known:
                found.add(f"{folder}/{name}", ["is none of the dataset's files"])
