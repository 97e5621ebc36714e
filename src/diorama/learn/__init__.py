"""Classifiers: from folders of images in classes to a model that can be trusted.

    images ──► features ──────────────► curation ──────► training ──► classifier
    what there  a backbone's, once per    if wanted: what   heads, or     a folder: weights, labels,
    is, decoded image and view            teaches wrong     everything    preprocessing, card
                                          is left out

Frozen features are the cost of training, so they are computed once per image and view, and kept by content. Heads of
any number of seeds then train on them in seconds. Random views are keyed by the image's content: the same image has the
same views in every dataset, order and process.

This package needs PyTorch and its kin (the extra `learn`), which `import diorama` does not import.
"""

from diorama.extras import require

require("accelerate", "safetensors", "torch", "transformers")
