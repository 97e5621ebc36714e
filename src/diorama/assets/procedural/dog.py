"""Dogs: every breed, from the files of their groups."""

from diorama.assets.procedural import (
    dogs_bull,
    dogs_herding,
    dogs_hounds,
    dogs_mixed,
    dogs_sporting,
    dogs_terriers,
    dogs_toy,
    dogs_working,
)

GROUPS = (
    dogs_bull,
    dogs_herding,
    dogs_hounds,
    dogs_mixed,
    dogs_sporting,
    dogs_terriers,
    dogs_toy,
    dogs_working,
)
RETRIEVER = dogs_sporting.LABRADOR[0]
DACHSHUND = dogs_hounds.DACHSHUND[0]

DOGS = {id: build for group in GROUPS for id, build in group.BREEDS.items()}
