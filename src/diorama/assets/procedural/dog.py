"""Dogs: one set of measures per breed."""

from collections.abc import Callable
from functools import partial

from diorama.assets.procedural.build import build
from diorama.assets.procedural.coats import DOGS as COATS
from diorama.assets.procedural.quadruped import Anatomy, Ears, Head, Tail
from diorama.assets.subject import Subject

RETRIEVER = Anatomy(
    id="dog/retriever",
    species="dog",
    height=0.57,
    chest_depth=0.54,
    chest_width=0.34,
    belly=0.52,
    waist=0.27,
    rump=0.28,
    legs=1.15,
    paws=1.15,
    head=Head(width=0.225, muzzle_depth=0.48, muzzle_base=0.56, muzzle_tip=0.46, nose=0.22),
    ears=Ears(
        length=0.62, width=0.46, place=(0.34, 0.26, 0.34), rise=(1.0, 0.15, -0.1), face=(0.15, -1.0, 0.3),
        bend_at=0.12, bend=85, fold=(0.0, -1.0, 0.25), cup=0.1, outline=(0.8, 1.0, 1.0, 0.75, 0.45), bare=0.3,
    ),
    tail=Tail(length=0.62, root=0.055, tip=0.022, rise=-30, curl=25),
)  # fmt: skip

DOGS: dict[str, Callable[[], Subject]] = {RETRIEVER.id: partial(build, RETRIEVER, tuple(COATS.values()))}
