"""Measure accuracy on real photos against the number of models per class: the seed paper's finding as a curve.

    python tools/breeds_curve.py OUT.jsonl --measure "python measure.py --test photos" [--counts 1,3,10,0]

For each count, with and without individual variation, and for each seed, it draws that many models of each class,
makes a dataset of them with the preset `best`, and appends a row to OUT: what was made, and what the measuring command
(which is given `--train DIR --limit N` and prints JSON last) said of it. A count of 0 stands for all models.

    python tools/breeds_curve.py OUT.jsonl --draw curve.png

draws the rows instead (with the extra `learn`).
"""

import argparse
import json
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import diorama
from diorama.assets.library import Catalogue
from diorama.draws import Draws

CLASSES = ("cat", "dog")
INDIVIDUAL = ("coat", "model")
"""Keys of the factor `subject` that stay drawn without individuals: a breed keeps its several coats."""


def recipe(count: int, individuals: bool, seed: int, per_class: int) -> diorama.Recipe:
    """The preset `best`, limited to `count` of the models of each class that it draws."""
    catalogue = Catalogue.open(None, CLASSES)
    made = diorama.Recipe.preset("best", per_class=per_class, seed=seed, classes=CLASSES)
    subject = made.factors["subject"]
    assert not isinstance(subject, str)
    left_out = getattr(subject["model"], "but", ())
    chosen: list[str] = []
    for name in CLASSES:
        models = np.array([model for model in catalogue.subjects(name) if model not in left_out])
        order = Draws(seed).uniform(f"models.{name}", np.zeros(1, np.int64), np.zeros(1, np.uint32), len(models))[0]
        chosen += sorted(models[np.argsort(order)][: count or None].tolist())
    if not individuals:
        fixed = made.omit("subject").pin("subject.size", 1).factors["subject"]
        assert not isinstance(fixed, str)
        kept = {name: (subject if name in INDIVIDUAL else fixed)[name] for name in subject}
        made = made.omit("subject").replace(factors={**made.factors, "subject": kept})  # for every class
    return made.pin("subject.model", {"space": "choice", "options": chosen})


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Each row as a dot, the seeds' mean as a line, with and without individuals; accuracy and AUC side by side."""
    from matplotlib.figure import Figure

    figure = Figure((8, 3.2), layout="constrained")
    counts = list(dict.fromkeys(str(row["models"]) for row in rows))
    for axes, key, label in zip(figure.subplots(1, 2), ("accuracy", "auc"), ("accuracy, %", "AUC"), strict=True):
        for individuals, colour in ((True, "tab:blue"), (False, "tab:orange")):
            of = [[r[key] for r in rows if (str(r["models"]), r["individuals"]) == (c, individuals)] for c in counts]
            for x, values in enumerate(of):
                axes.plot([x] * len(values), values, "o", color=colour, alpha=0.4, markersize=4)
            name = "with individuals" if individuals else "without"
            axes.plot(range(len(of)), [np.mean(values) for values in of], "-", color=colour, label=name)
        axes.set(xticks=range(len(counts)), xticklabels=counts, xlabel="models per class", ylabel=label)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)


def main() -> None:
    """Append a row for each dataset, or draw the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", help="command that measures a folder of images")
    parser.add_argument("--draw", type=Path, help="draw the rows of OUT here instead")
    parser.add_argument("--counts", default="1,3,10,0", help="models per class; 0: all")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--per-class", type=int, default=200)
    arguments = parser.parse_args()
    if arguments.draw:
        draw([json.loads(line) for line in arguments.out.read_text(encoding="utf-8").splitlines()], arguments.draw)
        return
    if not arguments.measure:
        parser.error("give --measure or --draw")
    for count in (int(text) for text in arguments.counts.split(",")):
        for individuals in (True, False):
            for seed in range(arguments.seeds):
                with tempfile.TemporaryDirectory() as folder:
                    data = Path(folder) / "data"
                    diorama.generate(data, recipe(count, individuals, seed, arguments.per_class))
                    command = [*shlex.split(arguments.measure), "--train", str(data), "--limit", "0"]
                    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                measured = json.loads(said.strip().splitlines()[-1])
                row = {"models": count or "all", "individuals": individuals, "seed": seed, **measured}
                with arguments.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                print(row["models"], individuals, seed, measured.get("accuracy"), measured.get("auc"), flush=True)


if __name__ == "__main__":
    main()
