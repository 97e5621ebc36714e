"""The model card: README.md in a model folder, for people, and for the hubs that read its first lines."""

from collections.abc import Mapping
from typing import Any


def write(config: Mapping[str, Any]) -> str:
    """The card's text, from what config.json holds."""
    training, architecture = config["training"], config["architecture"]
    labels = ", ".join(config["labels"])
    heads = "One head" if config["heads"] == 1 else f"{config['heads']} heads, one per seed,"
    rows = "".join(f"| {name.replace('_', ' ')} | {_cell(value)} |\n" for name, value in training.items())
    return f"""---
library_name: diorama
pipeline_tag: image-classification
tags:
- image-classification
---

# A classifier of {labels}

{heads} over the backbone `{architecture["name"]}`, trained by Diorama.

```python
import diorama

model = diorama.Classifier.load("model")
print(model.labels, model.predict(["photo.jpg"]))
```

Input: RGB, the shorter side scaled to {architecture["resize"]} pixels, the middle {architecture["size"]} ×
{architecture["size"]} of it. Output: a probability per class and head; their mean is the classifier's.

## Training

| what | which |
|---|---|
{rows}
Figures of a training are no test: measure it on images that it was not trained on, of the kind that it is meant for
(`diorama evaluate`). A backbone's weights keep their own licence, and so do the images it was trained on.
"""


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{name}: {_cell(item)}" for name, item in value.items())
    elif isinstance(value, list | tuple):
        value = ", ".join(_cell(item) for item in value)
    return str(value).replace("|", "\\|").replace("\n", " ")
