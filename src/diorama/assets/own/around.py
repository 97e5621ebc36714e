"""The own skies, surfaces and photos of a catalogue: those of all folders that can be used, and who made them."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from diorama.assets.cache import cached_data, is_kept
from diorama.assets.hashing import content_hash
from diorama.assets.models import Verdict
from diorama.assets.own.folder import SINGULAR, find
from diorama.assets.own.found import KINDS, Found, Kind
from diorama.assets.own.photos import build_photo
from diorama.assets.own.skies import build_sky
from diorama.assets.own.surfaces import build_surface
from diorama.assets.sources import Assets
from diorama.assets.surroundings import Photo, Sky, Surface
from diorama.errors import AssetError

NAMED = 10
"""Assets of one maker that a credit names one by one."""

_BUILT: Mapping[Kind, tuple[type[Any], Callable[[Found], Any]]] = {
    "skies": (Sky, build_sky),
    "surfaces": (Surface, build_surface),
    "photos": (Photo, build_photo),
}


@dataclass(frozen=True)
class Around:
    """What was found, all of it usable, by kind and id, and notes on what was passed over."""

    found: Mapping[Kind, Mapping[str, Found]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    notes: tuple[str, ...] = ()

    def load(self, kind: Kind, id: str) -> Any:
        """A `Sky`, `Surface` or `Photo`, from the cache if it has it."""
        return kept(self.found[kind][id])

    def unbuilt(self) -> dict[str, Callable[[], object]]:
        """Builders, by id, of what the cache lacks."""
        return {
            id: partial(kept, found)
            for kind in KINDS
            for id, found in self.found[kind].items()
            if not is_kept(_BUILT[kind][0], _key(found), partial(_BUILT[kind][1], found))
        }

    def hashes(self) -> dict[Kind, str]:
        """Of the content of each kind that there is: ids and bytes."""
        return {
            kind: content_hash([(id, found.digest()) for id, found in self.found[kind].items()])
            for kind in KINDS
            if self.found[kind]
        }

    def credits(self) -> list[dict[str, str]]:
        """A row for each maker and licence of each kind; columns as in `Catalogue.credits`."""
        makers: dict[tuple[Kind, tuple[str, str, str]], list[str]] = {}
        for kind in KINDS:
            for id, found in self.found[kind].items():
                credit = found.credit
                makers.setdefault((kind, (credit.licence, credit.author, credit.source)), []).append(id)
        rows = []
        for (kind, (licence, author, source)), ids in makers.items():
            more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
            named = f"{kind}: {', '.join(ids[:NAMED])}{more}"
            rows.append({"class": "", "subject": named, "licence": licence, "author": author, "source": source})
        return rows


def look_around(assets: Assets, strict: bool = False) -> Around:
    """What there is in the folders of skies, surfaces and photos; each file is read once, and what was made of it kept.

    Args:
        assets: Names the folders.
        strict: Whether a file that cannot be used is an error; otherwise it is passed over, and noted.

    Raises:
        AssetError: Where a folder is missing or holds nothing that can be used.
    """
    usable: dict[Kind, dict[str, Found]] = {kind: {} for kind in KINDS}
    notes: list[str] = []
    for kind in KINDS:
        for place in assets.places(kind):
            found, said = find(kind, place)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                verdicts = list(pool.map(judge, found))
            for asset, verdict in zip(found, verdicts, strict=True):
                if verdict.problem:
                    if strict:
                        raise AssetError(verdict.where, verdict.problem, verdict.mend)
                    said.append(f"{asset.name}: skipped, {verdict.problem}. {verdict.mend}")
                elif asset.id in usable[kind]:
                    said.append(f"{asset.name}: skipped, another folder of {kind} has one of this name")
                else:
                    usable[kind][asset.id] = asset
            if not any(asset.id in usable[kind] for asset in found):
                mend = f"{said[0]}. `diorama assets check --as {kind}` tells of all" if said else "Name another folder"
                raise AssetError(str(place), f"it holds no {SINGULAR[kind]} that can be used", mend)
            notes += said
    return Around({kind: {id: usable[kind][id] for id in sorted(usable[kind])} for kind in KINDS}, tuple(notes))


def kept(found: Found) -> Any:
    """The `Sky`, `Surface` or `Photo` that was found, from the cache if it has it.

    Raises:
        AssetError: Where a file cannot be used.
    """
    cls, build = _BUILT[found.kind]
    return cached_data(cls, _key(found), partial(build, found))


def judge(found: Found) -> Verdict:
    """Whether it can be used; whoever asks again is answered from the cache."""
    try:
        key = _key(found)
    except AssetError as error:
        return Verdict(error.where, error.problem, error.mend)
    return cached_data(Verdict, key, partial(_judge, found))


def _judge(found: Found) -> Verdict:
    try:
        kept(found)
    except AssetError as error:
        return Verdict(error.where, error.problem, error.mend)
    return Verdict()


def _key(found: Found) -> str:
    return f"{found.id} {content_hash(found.digest(), found.credit)}"
