"""Which model is shown, and what makes this one an individual: its size, proportions and coat.

The variety of subjects matters more than any other factor (the seed paper lost 16 points with one model per class), so
a model is a population here: age, build, bones, colours and markings vary within it, as far as its rig and coats allow.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diorama import exact
from diorama.assets.coat import ROWS
from diorama.assets.procedural.coats import COATS
from diorama.assets.subject import PROPORTIONS
from diorama.randomize.coats import individual
from diorama.randomize.draft import Catalogue, Draft
from diorama.randomize.factor import Factor, Key, Names, Picks, Values
from diorama.randomize.growth import LEAST, MOST, grown, grows
from diorama.randomize.spaces import Anything, Constant, Default, Uniform

_WARM = np.array([0.3, 0.0, -0.3])  # stops that red, green and blue gain at warmth 1
_PAPER = {
    "head": (0.88, 1.14, "Size of the head."),
    "ears": (0.75, 1.3, "Size of the ears."),
    "muzzle": (0.8, 1.25, "Size of the muzzle."),
    "neck": (0.85, 1.2, "Length of the neck."),
    "body": (0.88, 1.15, "Length of the trunk."),
    "legs": (0.82, 1.18, "Length of the legs."),
    "tail": (0.7, 1.25, "Length of the tail."),
    "girth": (0.85, 1.2, "Thickness of neck, trunk, legs and tail."),
}


def models(pick: Picks, catalogue: Catalogue, classes: Sequence[str], label: NDArray[np.integer]) -> NDArray[np.str_]:
    """(B,) ids of the models that images of these classes, (B,) indices into `classes`, show."""
    model = np.empty(len(label), object)
    for i, name in enumerate(classes):
        rows = np.flatnonzero(label == i)
        if len(rows):
            model[rows] = pick.usable(catalogue.subjects(name), catalogue.usable, rows, of=f"class {name!r}")
    return model.astype(str)


def apply(values: Values, draft: Draft) -> Names:
    """Set subjects, subject, scale, proportions, coat and tint."""
    catalogue = draft.catalogue
    model = models(values.pick("model"), catalogue, draft.classes, draft.label)
    ids, index = np.unique(model, return_inverse=True)
    draft.subjects = tuple(catalogue.subject(id) for id in ids.tolist())
    draft.subject = index.astype(np.int32)
    draft.scale = values["size"]
    draft.proportions = np.stack([values[name] for name in PROPORTIONS], axis=-1)
    animals = np.array([grows(subject.skeleton) for subject in draft.subjects])[draft.subject]
    size, proportions = grown(values["age"], values["build"])
    draft.scale = np.where(animals, draft.scale * size, draft.scale)
    together = np.clip(draft.proportions * proportions, LEAST, MOST)
    draft.proportions = np.where(animals[:, None], together, draft.proportions)

    draft.tint = exact.power(2.0, values["coat_lightness"][:, None] + values["coat_warmth"][:, None] * _WARM)
    return {"model": model, **_coats(values, draft)}


def _coats(values: Values, draft: Draft) -> Names:
    """Sets the coats, which take the tint themselves, so that eyes and nose keep their colours."""
    n = len(draft)
    draft.coat = np.zeros((n, ROWS, 4))
    names = {key: np.full(n, "none", "<U80") for key in ("coat", "coat_second")}
    second = np.zeros((n, ROWS, 4))
    for i, subject in enumerate(draft.subjects):
        if not subject.coats:
            continue
        table = {coat.name: coat for coat in subject.coats}
        own = len(table)
        if any(material.fur > 0 for material in subject.materials):
            table |= {name: coat for name, coat in COATS.items() if name not in table}
        options, coats = list(table), list(table.values())
        for any_coat in (False, True):
            rows = np.flatnonzero((draft.subject == i) & (values["coat_pool"] == any_coat))
            for key, out in (("coat", draft.coat), ("coat_second", second)):
                pick = values.pick(key)
                for space, places in pick.parts(rows):
                    mine = rows[places]
                    drawn = options[:own] if isinstance(space, Anything) and not any_coat else options
                    chosen = pick.among(drawn, mine, of=subject.id)
                    for row, k in zip(mine.tolist(), chosen.tolist(), strict=True):
                        out[row], names[key][row] = coats[k].as_array(), options[k]
    dressed = names["coat"] != "none"
    draft.coat = individual(draft.coat, second, values, draft.tint)
    draft.tint = np.where(dressed[:, None], 1.0, draft.tint)
    return names


SUBJECT = Factor(
    name="subject",
    doc="Which model of its class is shown, and the individual's age, build, size, proportions and coat.",
    keys=(
        Key("model", "", "The model's id.", Anything(), Default(), kind="name"),
        Key("size", "×", "Size of the whole.", Uniform(low=0.85, high=1.15), 1.0, low=0.01, high=100),
        *(
            Key(name, "×", doc, Uniform(low=low, high=high), 1.0, low=0.2, high=5)
            for name, (low, high, doc) in _PAPER.items()
        ),
        Key(
            "age", "", "From 0, very young, to 1, grown up: an animal's.", Uniform(low=0.6, high=1), 1.0, low=0, high=1
        ),
        Key("build", "", "From -1, lean, to 1, stocky: an animal's.", Uniform(low=-1, high=1), 0.0, low=-2, high=2),
        Key("coat", "", "The coat's name; none where the model has its own.", Anything(), Default(), kind="name"),
        Key(
            "coat_pool",
            "",
            "Whether an embedded animal's coats are drawn from those of all species, not from its breed's.",
            Constant(value=False),
            False,
            kind="truth",
        ),
        Key("coat_second", "", "The coat of the other parent in a cross.", Anything(), Default(), kind="name"),
        Key("coat_cross", "", "The second coat's share.", Constant(value=0.0), 0.0, low=0, high=1),
        Key("coat_lightness", "stops", "Lighter or darker coat.", Uniform(low=-0.6, high=0.5), 0.0, low=-4, high=4),
        Key("coat_warmth", "", "Redder (1) or bluer (-1) coat.", Uniform(low=-1, high=1), 0.0, low=-3, high=3),
        Key("coat_saturation", "×", "Strength of the coat's hue.", Uniform(low=0.7, high=1.2), 1.0, low=0, high=3),
        Key("coat_markings", "×", "Strength of the markings.", Uniform(low=0.5, high=1.4), 1.0, low=0, high=10),
        Key(
            "coat_extent",
            "",
            "How much farther layers of the coat extend.",
            Uniform(low=-0.1, high=0.12),
            0.0,
            low=-1,
            high=1,
        ),
        Key("coat_white", "", "More white, where there is some.", Uniform(low=-0.16, high=0.16), 0.0, low=-1, high=1),
        Key(
            "coat_place",
            "",
            "Where chance lays patches, stripes and borders.",
            Uniform(low=0, high=1),
            0.0,
            low=0,
            high=1,
        ),
    ),
    apply=apply,
)
