"""What there is to show: classes, their subjects, surfaces, skies and photos, each loaded when first asked for."""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np

from diorama.assets.archive import is_mapped
from diorama.assets.cache import source_hash
from diorama.assets.folder import ModelFile, ModelFolder, scan
from diorama.assets.hashing import content_hash
from diorama.assets.models import Verdict, judge, judged, kept_model
from diorama.assets.own.around import Around, look_around
from diorama.assets.sources import Assets
from diorama.assets.subject import Credit, Subject
from diorama.assets.surroundings import Photo, Sky, Surface
from diorama.errors import AssetError

KEPT_BYTES = 256 << 20
"""Subjects used last that stay in memory, by the size of their arrays; at least one does."""

OBJECTS_BYTES = 1 << 16
"""What a subject takes besides its arrays, about."""

LOOKED_THROUGH = 100
"""Folders of up to so many models are looked through on opening. In larger ones a model is looked at when an image is
first to show it, so that the first images need not wait for all."""

OWN = Credit(licence="Apache-2.0", author="The Diorama authors", source="diorama")
"""The credit of what the package makes itself, where its builder says nothing else."""


class Catalogue:
    """Subjects by class, surfaces, skies and photos. Ids are stable: sorted, and independent of where a folder lies.

    Open it with `Catalogue.open`. A copy made by pickling is opened anew from the same arguments.

    Attributes:
        classes: Names of the classes, in the order asked for, else sorted.
        surfaces: Ids of the surfaces.
        skies: Ids of the skies.
        photos: Ids of the photos.
        notes: What was passed over on opening, and why.
    """

    def __init__(
        self,
        assets: Assets,
        classes: tuple[str, ...] | None,
        strict: bool = False,
        unusable: Mapping[str, str] | None = None,
        around: Around | None = None,
    ) -> None:
        """`unusable` are ids and notes of the models that have been found to be so; None has them all looked at.

        `around` is likewise what has been found of skies, surfaces and photos.
        """
        from diorama.assets import procedural  # the builders, which take a moment to import

        self._procedural = procedural
        self._folder: ModelFolder | None = None
        self._unseen = False
        self._verdicts: dict[str, bool] = {}
        self._files: dict[str, ModelFile] = {}
        models = assets.models
        self.around = look_around(assets, strict) if around is None else around
        if models is None:
            self._ids = _embedded(classes)
        else:
            folder = scan(models, classes, strict)
            self._unseen = not strict and sum(map(len, folder.classes.values())) > LOOKED_THROUGH
            if unusable is None:
                unusable = {} if self._unseen else _unusable(folder, strict)
            self._folder = _without(models, folder, unusable, classes)
            self._ids = {name: tuple(file.id for file in files) for name, files in self._folder.classes.items()}
            self._files = {file.id: file for files in self._folder.classes.values() for file in files}
        self._arguments = (assets, classes, strict, unusable, self.around)
        self.classes: tuple[str, ...] = tuple(self._ids)
        found = self.around.found
        surfaces = procedural.SURFACES if assets.has_embedded("surfaces") else ()
        skies = procedural.SKIES if assets.has_embedded("skies") else ()
        self.surfaces: tuple[str, ...] = tuple(sorted([*surfaces, *found["surfaces"]]))
        self.skies: tuple[str, ...] = tuple(sorted([*skies, *found["skies"]]))
        self.photos: tuple[str, ...] = tuple(found["photos"])
        self.notes: tuple[str, ...] = (*(self._folder.notes if self._folder else ()), *self.around.notes)
        self._kept: OrderedDict[str, Subject] = OrderedDict()
        self._surfaces: dict[str, Surface] = {}
        self._skies: dict[str, Sky] = {}

    @classmethod
    def open(
        cls,
        models: str | Path | Assets | None = None,
        classes: Sequence[str] | None = None,
        strict: bool = False,
    ) -> "Catalogue":
        """The embedded catalogue, or a user's own assets, all of which are imported, and kept, when first met.

        Args:
            models: A folder with one sub-folder of models per class, or Assets, or a file that names them; None is the
                embedded catalogue.
            classes: The classes wanted, in this order; None takes all.
            strict: Whether an asset that cannot be used is an error; otherwise it is left out, and noted.

        Raises:
            AssetError: For a class that is unknown or has no usable model, or a folder that holds nothing of use.
        """
        wanted = tuple(classes) if classes is not None else None
        return cls(Assets.of(models), wanted, strict)

    def __reduce__(self) -> tuple[type["Catalogue"], tuple[object, ...]]:
        return (Catalogue, self._arguments)

    def subjects(self, class_name: str) -> tuple[str, ...]:
        """Ids of the subjects of a class, sorted.

        Raises:
            AssetError: For an unknown class.
        """
        if class_name not in self._ids:
            raise AssetError(f"class {class_name}", "there is no such class", f"Choose from: {', '.join(self.classes)}")
        return self._ids[class_name]

    def usable(self, subject_id: str) -> bool:
        """Whether a model can be used: always true of a folder that was looked through, or of what is embedded."""
        if not self._unseen:
            return True
        if subject_id not in self._verdicts:
            self._verdicts[subject_id] = not judge(self._files[subject_id]).problem
        return self._verdicts[subject_id]

    def passed_over(self) -> tuple[str, ...]:
        """Notes on models that images have been found unable to show since the opening, by whatever process."""
        return tuple(f"{file.id}: {_said(verdict)}" for file, verdict in self._found_bad().items())

    def breed(self, subject_id: str) -> str:
        """A subject's name among people: its breed or make; of a model in a folder, its file's name without suffix."""
        name = subject_id.rpartition("/")[2]
        return name if self._files else name.replace("_", " ")

    def credit(self, subject_id: str) -> Credit:
        """Who made a subject, under which terms."""
        return self._files[subject_id].credit if self._files else OWN

    def subject(self, subject_id: str) -> Subject:
        """A subject, loaded or built when first asked for.

        Raises:
            AssetError: For an unknown id, or a model file that cannot be used.
        """
        found = self._kept.get(subject_id)
        if found is None:
            found = self._load(subject_id)
            self._kept[subject_id] = found
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(subject_id)
        return found

    def surface(self, surface_id: str) -> Surface:
        """A surface, built when first asked for."""
        if surface_id not in self._surfaces:
            _known(surface_id, self.surfaces, "surface")
            own = surface_id in self.around.found["surfaces"]
            self._surfaces[surface_id] = (
                self.around.load("surfaces", surface_id) if own else self._procedural.SURFACES[surface_id]()
            )
        return self._surfaces[surface_id]

    def sky(self, sky_id: str) -> Sky:
        """A sky, built when first asked for."""
        if sky_id not in self._skies:
            _known(sky_id, self.skies, "sky")
            own = sky_id in self.around.found["skies"]
            self._skies[sky_id] = self.around.load("skies", sky_id) if own else self._procedural.SKIES[sky_id]()
        return self._skies[sky_id]

    def photo(self, photo_id: str) -> Photo:
        """A photo, from the cache."""
        _known(photo_id, self.photos, "photo")
        found: Photo = self.around.load("photos", photo_id)
        return found

    def unbuilt(self) -> dict[str, Callable[[], object]]:
        """What is still to be made of embedded content and own pictures: builders by id, each of which fills the cache.

        They may be run in any order and process. What is not built before it is needed is built then.
        """
        builders: dict[str, Callable[[], object]] = self._procedural.unbuilt(() if self._files else self.classes)
        return builders | self.around.unbuilt()

    def credits(self) -> list[dict[str, str]]:
        """Who made what, under which terms: a row per subject, per maker of what is around, and for the package itself.

        Columns: class, subject, licence, author, source; empty where unknown.
        """
        bad = {file.id for file in self._found_bad()}
        shown = [(name, each) for name, ids in self._ids.items() for each in ids if each not in bad]
        rows = [_credit_row(name, each, self.credit(each)) for name, each in shown]
        rows += self.around.credits()
        found, rest = self.around.found, []
        rest += ["surfaces"] if set(self.surfaces) - set(found["surfaces"]) else []
        rest += ["skies"] if set(self.skies) - set(found["skies"]) else []
        return [*rows, *([_credit_row("", " and ".join(rest), OWN)] if rest else [])]

    @cached_property
    def hash(self) -> str:
        """Hash of all content: of the bytes of files, and of the source of what code makes."""
        models = [
            (name, [(i, self._files[i].digest()) if self._files else i for i in self._ids[name]]) for name in self._ids
        ]
        own = [self.around.hashes()[kind] for kind in self.around.hashes()]
        return content_hash(models, self.surfaces, self.skies, source_hash("diorama.assets.procedural"), *own)

    def _found_bad(self) -> dict[ModelFile, Verdict]:
        if not self._unseen:
            return {}
        found = {file: judged(file) for file in self._files.values()}
        return {file: verdict for file, verdict in found.items() if verdict and verdict.problem}

    def _load(self, subject_id: str) -> Subject:
        name = subject_id.partition("/")[0]
        _known(subject_id, [i for ids in self._ids.values() for i in ids], "subject")
        if not self._files:
            built: Subject = self._procedural.SUBJECTS[name][subject_id]()
            return built
        return kept_model(self._files[subject_id])


def _unusable(folder: ModelFolder, strict: bool) -> dict[str, str]:
    """The models that cannot be used and why, by id: each is imported, unless it is known already.

    Raises:
        AssetError: For the first of them, if `strict`.
    """
    files = [file for files in folder.classes.values() for file in files]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # foreign formats are read by processes of their own
        verdicts = dict(zip(files, pool.map(judge, files), strict=True))
    bad = {file: verdict for file, verdict in verdicts.items() if verdict.problem}
    for verdict in bad.values():
        if strict:
            raise AssetError(verdict.where, verdict.problem, verdict.mend)
    return {file.id: _said(verdict) for file, verdict in bad.items()}


def _said(verdict: Verdict) -> str:
    return f"skipped, {verdict.where}: {verdict.problem}. {verdict.mend}"


def _without(
    models: Path, folder: ModelFolder, unusable: Mapping[str, str], classes: tuple[str, ...] | None
) -> ModelFolder:
    """The folder without what cannot be used.

    Raises:
        AssetError: Where a class that was asked for, or all, has nothing else.
    """
    left = {name: tuple(f for f in files if f.id not in unusable) for name, files in folder.classes.items()}
    notes = [
        f"{file.path.relative_to(models).as_posix()}: {unusable[file.id]}"
        for files in folder.classes.values()
        for file in files
        if file.id in unusable
    ]
    empty = [name for name, files in left.items() if not files]
    if empty and (classes is not None or len(empty) == len(left)):
        mend = f"{notes[0]}. `diorama assets check` tells of all"
        raise AssetError(f"{models}: class {empty[0]}", "it has no usable model", mend)
    return ModelFolder({name: files for name, files in left.items() if files}, (*folder.notes, *notes))


def _embedded(classes: tuple[str, ...] | None) -> dict[str, tuple[str, ...]]:
    from diorama.assets import procedural

    names = sorted(procedural.SUBJECTS) if classes is None else list(dict.fromkeys(classes))
    for name in names:
        if not procedural.SUBJECTS.get(name):
            listed = ", ".join(sorted(procedural.SUBJECTS))
            mend = f"Choose from: {listed}; or give a folder of models"
            raise AssetError(f"class {name}", "the embedded catalogue has no such class", mend)
    if not names:
        raise AssetError("classes", "none is asked for", f"Choose from: {', '.join(sorted(procedural.SUBJECTS))}")
    return {name: tuple(sorted(procedural.SUBJECTS[name])) for name in names}


def _known(wanted: str, known: Sequence[str], kind: str) -> None:
    if wanted not in known:
        raise AssetError(f"{kind} {wanted}", f"there is no such {kind}", f"Choose from: {', '.join(known[:20])}")


def _credit_row(class_name: str, subject_id: str, credit: Credit) -> dict[str, str]:
    who = {"licence": credit.licence, "author": credit.author, "source": credit.source}
    return {"class": class_name, "subject": subject_id, **who}


def _size(subject: Subject) -> int:
    """Bytes that a subject takes: what posing it copies of its clips, and arrays that are not mapped from a file."""
    meshes = [
        getattr(mesh, name) for mesh in subject.levels for name in ("positions", "normals", "uvs", "indices", "weights")
    ]
    tracks = [track for clip in subject.clips for track in (clip.translation, clip.rotation, clip.scale)]
    held = [array for array in (*meshes, *tracks, *subject.textures) if not is_mapped(array)]
    return OBJECTS_BYTES + int(np.sum([array.nbytes for array in (*tracks, *held)]))
