import shutil
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest

from diorama.assets import library
from diorama.assets.folder import ModelFile
from diorama.assets.library import Catalogue
from diorama.assets.models import Verdict, judge
from diorama.errors import AssetError
from tests.assets.glb import Model, arm

LINE = "file,licence,author,repository\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path_factory.mktemp("cache")))


def cube(author: str = "") -> Model:
    model = Model()
    model.node(mesh=model.cube())
    if author:
        model.json["asset"]["extras"] = {"author": author, "license": "CC-BY-4.0", "source": "there"}
    return model


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    arm().save(folder / "cat" / "tom.glb")
    cube("Ann").save(folder / "cat" / "box.v2.glb")
    cube().save(folder / "dog" / "deep" / "rex.glb")
    (folder / "dog" / "LICENSE.txt").write_text("\nMIT License\nmore")
    (folder / "dog" / "old.fbx").write_bytes(b"Kaydara")
    packed = cube()
    packed.json["extensionsRequired"] = ["EXT_mesh_gpu_instancing"]
    packed.save(folder / "dog" / "packed.glb")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.png").write_bytes(b"")
    (folder / "provenance.csv").write_text(LINE + "cat/tom.glb,CC0,Tom,https://example.org\n")
    return folder


def test_a_folder_is_its_classes_and_their_models_by_name(models: Path) -> None:
    catalogue = Catalogue.open(models)
    assert catalogue.classes == ("cat", "dog")
    assert catalogue.subjects("cat") == ("cat/box.v2", "cat/tom")
    assert catalogue.subjects("dog") == ("dog/deep/rex",)
    subject = catalogue.subject("cat/tom")
    assert subject.id == "cat/tom"
    assert [clip.name for clip in subject.clips] == ["bend"]
    assert catalogue.subject("cat/tom") is subject


def test_classes_keep_the_order_asked_for(models: Path) -> None:
    assert Catalogue.open(models, ["dog", "cat"]).classes == ("dog", "cat")


def test_what_is_passed_over_is_said(models: Path) -> None:
    notes = Catalogue.open(models).notes
    assert any("old.fbx" in note and ".glb" in note for note in notes)
    assert any(
        "packed.glb" in note and "EXT_mesh_gpu_instancing" in note and "gltf-transform" in note for note in notes
    )
    assert len(notes) == 2


def test_credits_come_from_the_table_the_file_or_the_licence_beside(models: Path) -> None:
    catalogue = Catalogue.open(models)
    rows = {row["subject"]: row for row in catalogue.credits()}
    assert (rows["cat/tom"]["licence"], rows["cat/tom"]["author"]) == ("CC0", "Tom")
    assert (rows["cat/box.v2"]["licence"], rows["cat/box.v2"]["author"]) == ("CC-BY-4.0", "Ann")
    assert rows["dog/deep/rex"]["licence"].startswith("MIT License")
    assert catalogue.subject("cat/tom").credit.author == "Tom"
    assert rows["surfaces and skies"]["licence"] == "Apache-2.0"


def test_hash_knows_content_and_not_place(models: Path, tmp_path: Path) -> None:
    before = Catalogue.open(models).hash
    shutil.copytree(models, tmp_path / "moved")
    assert Catalogue.open(tmp_path / "moved").hash == before
    assert Catalogue.open(models, ["cat"]).hash != before
    cube("Bob").save(models / "cat" / "tom.glb")
    assert Catalogue.open(models).hash != before


def test_hash_knows_the_files_that_a_model_names(models: Path) -> None:
    model = cube()
    document = {key: value for key, value in model.json.items() if value}
    document["buffers"] = [{"byteLength": len(model.binary), "uri": "box%20data.bin"}]
    import json

    (models / "cat" / "outside.gltf").write_text(json.dumps(document))
    (models / "cat" / "box data.bin").write_bytes(model.binary)
    before = Catalogue.open(models).hash
    (models / "cat" / "box data.bin").write_bytes(model.binary[:-1] + b"\x01")
    assert Catalogue.open(models).hash != before


def test_a_copy_in_another_process_opens_its_own(models: Path) -> None:
    catalogue = Catalogue.open(models, ["dog"])
    catalogue.subject("dog/deep/rex")
    blob = bytes(ForkingPickler.dumps(catalogue))
    assert len(blob) < 1000  # its arguments, not its models
    copy = ForkingPickler.loads(blob)
    assert copy.classes == ("dog",)
    assert copy.subject("dog/deep/rex").hash == catalogue.subject("dog/deep/rex").hash


def test_the_cache_returns_what_it_was_given(models: Path) -> None:
    first, second = Catalogue.open(models).subject("cat/tom"), Catalogue.open(models).subject("cat/tom")
    assert first is not second
    assert first.hash == second.hash
    assert (first.id, repr(first.credit), first.notes) == (second.id, repr(second.credit), second.notes)


def test_subjects_used_last_stay_within_the_limit(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diorama.assets.library.KEPT_BYTES", 1)
    catalogue = Catalogue.open(models)
    first = catalogue.subject("cat/tom")
    assert catalogue.subject("cat/tom") is first
    catalogue.subject("cat/box.v2")
    assert catalogue.subject("cat/tom") is not first


def test_same_stem_twice_prefers_glb(models: Path) -> None:
    (models / "cat" / "tom.gltf").write_text('{"asset": {"version": "2.0"}}')
    catalogue = Catalogue.open(models, ["cat"])
    assert catalogue.subjects("cat") == ("cat/box.v2", "cat/tom")
    assert any("tom.gltf" in note for note in catalogue.notes)


@pytest.mark.parametrize(
    ("classes", "words"),
    [(["cow"], ["cow", "cat, dog"]), (["pictures"], ["pictures", "no usable model"]), ([], ["usable"])],
)
def test_classes_that_are_not_there(models: Path, classes: list[str], words: list[str]) -> None:
    with pytest.raises(AssetError) as caught:
        Catalogue.open(models, classes)
    assert all(word in str(caught.value) for word in words)


def test_only_unusable_models_are_listed(models: Path) -> None:
    shutil.rmtree(models / "dog" / "deep")
    with pytest.raises(AssetError, match=r"class dog.*old\.fbx.*assets check"):
        Catalogue.open(models, ["dog"])


def test_no_folder_and_empty_folder(tmp_path: Path) -> None:
    for place in (tmp_path / "gone", tmp_path):
        with pytest.raises(AssetError, match="sub-folder"):
            Catalogue.open(place)


def cut(path: Path, count: int) -> None:
    path.write_bytes(path.read_bytes()[:-count])


def test_a_damaged_model_is_passed_over(models: Path) -> None:
    cut(models / "cat" / "tom.glb", 50)
    catalogue = Catalogue.open(models)
    assert catalogue.subjects("cat") == ("cat/box.v2",)
    assert any(note.startswith("cat/tom.glb: skipped") and "damaged" in note for note in catalogue.notes)
    assert "cat/tom" not in {row["subject"] for row in catalogue.credits()}
    assert ForkingPickler.loads(bytes(ForkingPickler.dumps(catalogue))).subjects("cat") == ("cat/box.v2",)
    with pytest.raises(AssetError, match=r"tom\.glb.*damaged"):
        Catalogue.open(models, strict=True)


def test_a_model_whose_fault_lies_deeper_is_passed_over_too(models: Path) -> None:
    broken = cube()
    broken.json["nodes"][0]["scale"] = [0, 0, 0]
    broken.save(models / "cat" / "flat.glb")
    for _ in range(2):  # the second time from the cache
        catalogue = Catalogue.open(models)
        assert catalogue.subjects("cat") == ("cat/box.v2", "cat/tom")
        assert any(note.startswith("cat/flat.glb: skipped") and "collapsed" in note for note in catalogue.notes)
    with pytest.raises(AssetError, match="collapsed"):
        Catalogue.open(models, ["cat"], strict=True)


def test_one_damaged_model_of_many_stops_nothing(tmp_path: Path) -> None:
    """Damaged where only a reader of its geometry sees it."""
    for k in range(100):
        model = cube()
        if k == 27:
            model.json["meshes"][0]["primitives"][0]["indices"] = model.accessor([0, 1, 900], "u2")
        model.save(tmp_path / "box" / f"{k:02}.glb")
    catalogue = Catalogue.open(tmp_path)
    assert len(catalogue.subjects("box")) == 99
    [note] = [note for note in catalogue.notes if "skipped" in note]
    assert note.startswith("box/27.glb: skipped")
    assert "900" in note
    with pytest.raises(AssetError, match="900"):
        Catalogue.open(tmp_path, strict=True)


def test_a_large_folder_is_looked_at_as_it_is_drawn(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = cube()
    broken.json["nodes"][0]["scale"] = [0, 0, 0]
    broken.save(models / "cat" / "flat.glb")
    monkeypatch.setattr(library, "LOOKED_THROUGH", 2)
    looked_at: list[str] = []

    def seen(file: ModelFile) -> Verdict:
        looked_at.append(file.id)
        return judge(file)

    monkeypatch.setattr(library, "judge", seen)
    catalogue = ForkingPickler.loads(bytes(ForkingPickler.dumps(Catalogue.open(models))))
    assert catalogue.subjects("cat") == ("cat/box.v2", "cat/flat", "cat/tom")
    assert (looked_at, catalogue.passed_over()) == ([], ())
    assert [catalogue.usable(id) for id in ("cat/tom", "cat/flat", "cat/tom")] == [True, False, True]
    assert looked_at == ["cat/tom", "cat/flat"]
    (note,) = Catalogue.open(models).passed_over()  # by whatever process
    assert note.startswith("cat/flat: skipped")
    assert "cat/flat" not in {row["subject"] for row in catalogue.credits()}
    with pytest.raises(AssetError, match="collapsed"):
        Catalogue.open(models, ["cat"], strict=True)


def test_a_class_of_damaged_models_alone(models: Path) -> None:
    cut(models / "dog" / "deep" / "rex.glb", 50)
    assert Catalogue.open(models).classes == ("cat",)
    with pytest.raises(AssetError, match=r"class dog.*no usable model.*assets check"):
        Catalogue.open(models, ["cat", "dog"])


def test_unknown_ids(models: Path) -> None:
    catalogue = Catalogue.open(models)
    for call in (catalogue.subject, catalogue.subjects, catalogue.surface, catalogue.sky):
        with pytest.raises(AssetError, match="nothing"):
            call("nothing")


def test_embedded_catalogue() -> None:
    catalogue = Catalogue.open()
    assert {"cat", "dog"} <= set(catalogue.classes)
    for name in catalogue.classes:
        assert catalogue.subjects(name) == tuple(sorted(catalogue.subjects(name)))
        assert all(i.startswith(f"{name}/") for i in catalogue.subjects(name))
    assert len(catalogue.surfaces) >= 16
    assert len(catalogue.skies) >= 6
    assert catalogue.surface(catalogue.surfaces[0]).id == catalogue.surfaces[0]
    assert catalogue.sky(catalogue.skies[0]).id == catalogue.skies[0]
    assert catalogue.hash == Catalogue.open().hash
    with pytest.raises(AssetError, match="cat, dog"):
        Catalogue.open(classes=["cow"])


def test_what_is_built_is_no_longer_unbuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path))
    catalogue = Catalogue.open(None, ["cat"])
    everything = catalogue.unbuilt()
    assert set(everything) == {*catalogue.subjects("cat"), *catalogue.surfaces, *catalogue.skies}
    everything["checks"]()
    assert set(everything) - set(catalogue.unbuilt()) == {"checks"}
