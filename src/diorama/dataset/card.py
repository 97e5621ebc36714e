"""The dataset card: README.md in a dataset, for people, and for the hubs that read its first lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import yaml

from diorama.dataset import hub
from diorama.dataset.layout import ENDINGS, PLAIN, Layout
from diorama.dataset.planes import PLANES, suffix
from diorama.dataset.schema import schema
from diorama.randomize.recipe import Recipe
from diorama.randomize.tables import rows

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"))


def write(recipe: Recipe, credits: Sequence[Mapping[str, str]], made: Mapping[str, str], layout: Layout = PLAIN) -> str:
    """The card's text.

    Args:
        recipe: What the dataset shows.
        credits: Who made the models, as `Catalogue.credits` tells.
        made: With what the images were made, by name.
        layout: How they lie.
    """
    total = recipe.per_class * len(recipe.classes)
    classes = ", ".join(recipe.classes)
    own = {name for factors in recipe.of_class.values() for name in factors}
    omitted = [name for name, keys in recipe.factors.items() if isinstance(keys, str) and name not in own]
    factors = ([row.factor, row.key, row.unit, row.drawn] for row in rows(recipe) if row.factor not in omitted)
    labels = ([f"`{field.name}`", str(field.type), *_described(field.metadata)] for field in schema(recipe))
    return f"""---
{yaml.safe_dump(metadata(recipe, credits, layout), sort_keys=False, allow_unicode=True, width=1000)}---

# {total} synthetic images of {len(recipe.classes)} classes

{recipe.per_class} images of each of {classes}: rendered from 3D models by Diorama, every image of {recipe.size} ×
{recipe.size} pixels with another model, pose, viewpoint, light, sky and surroundings, all drawn at random. The subject
is seen in every image: at least {recipe.visibility.min_visible:.0%} of it is not hidden, and it would fill at least
{recipe.visibility.min_share:.0%} of the image if nothing of it were.

Image folders load as they are, for example with `datasets.load_dataset("imagefolder", data_dir=...)`. `labels.parquet`
holds one row per image. `diorama generate --recipe recipe.yaml --out DIR` makes the same images again, if it is also
given the folder of models where they came from one.

## How it was made

{_table(["what", "which"], made.items())}
Seed {recipe.seed}. {"Omitted factors: " + ", ".join(omitted) + "." if omitted else "No factor was omitted."}

{_table(["factor", "key", "unit", "drawn"], factors)}
## labels.parquet

{_table(["column", "type", "unit", "what"], labels)}
## Credits

Images show these models; their licences go on to apply.

{_table(["class", "model", "licence", "author", "source"], (row.values() for row in credits))}"""


def metadata(recipe: Recipe, credits: Sequence[Mapping[str, str]], layout: Layout) -> dict[str, Any]:
    """What stands in the card's first lines: `huggingface_hub.DatasetCardData` says what each field means.

    Args:
        recipe: What the dataset shows.
        credits: Who made the models.
        layout: How it lies.
    """
    total = recipe.per_class * len(recipe.classes)
    licences = {row["licence"].lower() for row in credits}
    return {
        "pretty_name": f"{total} synthetic images of {len(recipe.classes)} classes",
        "license": "apache-2.0" if licences == {"apache-2.0"} else "other",
        **({} if licences == {"apache-2.0"} else {"license_name": "see-credits"}),
        "task_categories": _tasks(recipe),
        "tags": ["synthetic", "domain-randomization", "diorama"],
        "size_categories": [next((name for limit, name in _SIZES if total < limit), "n>10M")],
        "configs": [{"config_name": "default", "data_files": _data_files(layout)}],
        "dataset_info": {"features": hub.described(_columns(recipe, layout), recipe.classes)},
    }


def _tasks(recipe: Recipe) -> list[str]:
    """The hub's names of what a dataset of these labels is good for."""
    more = {"mask": "image-segmentation", "depth": "depth-estimation", "keypoints": "keypoint-detection"}
    return ["image-classification", "object-detection", *(more[name] for name in recipe.labels if name in more)]


def _data_files(layout: Layout) -> list[dict[str, Any]]:
    """Where the hub's loaders find each split."""
    paths = {name: [f"data/{name}-*.{ENDINGS.get(layout.format)}"] for name in layout.splits}
    if layout.format == "folder":
        above = {name: f"{name}/" if layout.split else "" for name in layout.splits}
        paths = {name: [f"{above[name]}*/*.jpg", f"{above[name]}metadata.parquet"] for name in layout.splits}
    return [{"split": name, "path": each} for name, each in paths.items()]


def _columns(recipe: Recipe, layout: Layout) -> list[pa.Field]:
    """The columns that the hub's loader of the format gives."""
    label, rows = pa.field("label", pa.int64()), list(schema(recipe))
    pictures = [name for name in recipe.labels if name in PLANES]
    if layout.format == "webdataset":
        planes = [pa.field(suffix(name)[1:], hub.IMAGE) for name in pictures]
        told = pa.field("json", pa.struct([*rows, label]))
        names = [pa.field(name, pa.string()) for name in ("__key__", "__url__")]
        return [pa.field("jpg", hub.IMAGE), told, pa.field("cls", pa.int64()), *planes, *names]
    image = pa.field("image", hub.IMAGE)
    if layout.format == "folder":
        return [image, label, *(field for field in rows if field.name != "file")]
    return [image, label, *rows, *(pa.field(name, hub.IMAGE) for name in pictures)]


def _described(metadata: Mapping[bytes, bytes]) -> list[str]:
    return [metadata[b"unit"].decode(), metadata[b"description"].decode()]


def _table(head: Sequence[str], lines: Iterable[Iterable[str]]) -> str:
    cells = [head, ["---"] * len(head), *lines]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in cells)


def _cell(text: str) -> str:
    """Text that stays in its cell, and shows no foreign picture, whatever an author calls himself."""
    for mark in ("\\", "|", "["):
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.replace("<", "&lt;").split()) or " "
