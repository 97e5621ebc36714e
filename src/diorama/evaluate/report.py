"""An evaluation on disk: rows for machines, a summary for scripts, figures for people.

out/
  summary.json           all figures of the tables, with intervals; what was tested on what
  predictions.parquet    a row per model, set, image and head
  factors.parquet        a row per model, set, factor and level, where a set is Diorama's
  figures/*.png *.svg    confusion, classes, calibration, factors, transfer
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.figure import Figure

from diorama.dataset import files
from diorama.evaluate import figures
from diorama.evaluate.factors import FactorErrors
from diorama.evaluate.scores import Paired, Predictions, Scores, Transfer, plain

SHOWN = 6
"""Factors in a figure: those that matter most."""


@dataclass(frozen=True)
class SetSummary:
    """What was tested on.

    Attributes:
        folder: Where it lies.
        images: By class as the models name it: how many.
        skipped: Files that could not be read, each with the reason.
    """

    folder: str
    images: dict[str, int]
    skipped: dict[str, str]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Models, each tested on the same sets.

    Attributes:
        models: By name: what each says of itself (folder, backbone, how its epoch was chosen, its training data).
        sets: By name: what they hold.
        predictions: Of every model on every set.
        scores: Theirs, in the same order.
        paired: Every two models on every set.
        transfer: Means over sets.
        factors: By model and set: errors by factor, those that matter most first; for Diorama's sets alone.
    """

    models: dict[str, dict[str, Any]]
    sets: dict[str, SetSummary]
    predictions: list[Predictions]
    scores: list[Scores]
    paired: list[Paired]
    transfer: Transfer
    factors: dict[tuple[str, str], list[FactorErrors]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as summary.json holds it: intervals as [value, low, high], NaN as None."""
        margins = asdict(self.transfer)
        return {
            "models": plain(self.models),
            "sets": {name: plain(asdict(one)) for name, one in self.sets.items()},
            "scores": [one.as_dict() for one in self.scores],
            "paired": [plain(asdict(pair)) for pair in self.paired],
            "transfer": {name: plain(margins[name]) for name in ("common", "mean", "out_of_domain")},
            "factors": [
                {
                    "model": model,
                    "set": where,
                    "factor": factor.column,
                    "p": plain(factor.p),
                    "p_holm": plain(factor.p_holm),
                    "worst": plain(asdict(factor.worst)),
                }
                for (model, where), found in self.factors.items()
                for factor in found
            ],
        }

    def write(self, out: str | Path) -> Path:
        """Writes all of it to a folder; summary.json is the last file.

        Returns:
            The path of summary.json.

        Raises:
            OutputError: If it cannot be written.
        """
        out = Path(out)
        with files.output(out):
            (out / "figures").mkdir(parents=True, exist_ok=True)
        with (
            files.replacing(out / "predictions.parquet") as temporary,
            pq.ParquetWriter(temporary, schema(self.predictions), compression="zstd") as writer,
        ):
            for one in self.predictions:
                writer.write_table(rows(one, writer.schema))
        if self.factors:
            with files.replacing(out / "factors.parquet") as temporary:
                pq.write_table(levels(self.factors), temporary, compression="zstd")
        for name, figure in self.figures():
            figures.save(figure, out / "figures" / name)
        summary = json.dumps(self.as_dict(), indent=1, ensure_ascii=False, allow_nan=False)
        files.write(out / "summary.json", f"{summary}\n".encode())
        return out / "summary.json"

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every figure with the name of its file."""
        for one in self.scores:
            yield f"confusion_{file_name(one.model, one.set)}", figures.confusion(one)
        for name in self.sets:
            same = [one for one in self.scores if one.set == name]
            yield f"classes_{file_name(name)}", figures.per_class(same)
            yield f"calibration_{file_name(name)}", figures.calibration(same)
        if len(self.scores) > 1:
            yield "transfer", figures.matrix(self.scores, self.transfer)
        for (model, where), found in self.factors.items():
            if found:
                title = f"{model} on {where}: what is misread"
                yield f"factors_{file_name(model, where)}", figures.errors_by_factor(found[:SHOWN], title)


def file_name(*names: str) -> str:
    """Names as part of a file's: "model_on_photos-dev"."""
    return "_on_".join(re.sub(r"[^\w.-]+", "-", name) for name in names)


def schema(predictions: Iterable[Predictions]) -> pa.Schema:
    """The columns of predictions.parquet; a class that only some of the models know is null for the others."""
    labels = dict.fromkeys(name for one in predictions for name in one.labels)
    own = [
        pa.field("model", pa.string(), metadata={"description": "The model's name."}),
        pa.field("set", pa.string(), metadata={"description": "The test set's name."}),
        pa.field("file", pa.string(), metadata={"description": "The image, relative to the set's folder."}),
        pa.field("head", pa.int32(), metadata={"description": "Which of the model's heads, one for each seed."}),
        pa.field("class", pa.string(), metadata={"description": "What the image shows."}),
        pa.field("predicted", pa.string(), metadata={"description": "What the head takes it for."}),
        pa.field("correct", pa.bool_(), metadata={"description": "Whether both are the same."}),
        pa.field("confidence", pa.float64(), metadata={"description": "Probability of the predicted class."}),
    ]
    told = {name: {"description": f"Probability of the class {name}."} for name in labels}
    return pa.schema([*own, *(pa.field(f"probability.{name}", pa.float64(), metadata=told[name]) for name in labels)])


def rows(predictions: Predictions, layout: pa.Schema) -> pa.Table:
    """S × N rows of predictions.parquet: all images of the first head, then those of the next."""
    heads, count, _ = predictions.probabilities.shape
    names = np.array(predictions.labels, object)
    total = heads * count
    columns: dict[str, Any] = {
        "model": [predictions.model] * total,
        "set": [predictions.set] * total,
        "file": list(predictions.files) * heads,
        "head": np.repeat(np.arange(heads, dtype=np.int32), count),
        "class": np.tile(names[predictions.true], heads),
        "predicted": names[predictions.predicted].ravel(),
        "correct": (predictions.predicted == predictions.true).ravel(),
        "confidence": predictions.probabilities.max(-1).ravel(),
    }
    for k, name in enumerate(predictions.labels):
        columns[f"probability.{name}"] = predictions.probabilities[..., k].ravel()
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(total, field.type)
        for field in layout
    ]
    return pa.table(arrays, schema=layout)


def levels(factors: dict[tuple[str, str], list[FactorErrors]]) -> pa.Table:
    """The rows of factors.parquet."""
    return pa.Table.from_pylist(
        [
            {
                "model": model,
                "set": where,
                "factor": factor.column,
                "unit": factor.unit,
                "level": level.name,
                "images": level.images,
                "error": level.error.value,
                "error.low": level.error.low,
                "error.high": level.error.high,
                "expected": level.expected,
                "p": None if np.isnan(factor.p) else factor.p,
                "p_holm": None if np.isnan(factor.p_holm) else factor.p_holm,
            }
            for (model, where), found in factors.items()
            for factor in found
            for level in factor.levels
        ]
    )
