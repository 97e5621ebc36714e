"""Own skies, surfaces and photos in the catalogue: mixed with embedded ones, credited, told apart, refused."""

import json
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from diorama.assets.check import NO_LICENCE
from diorama.assets.library import Catalogue
from diorama.assets.own.check import check_around, guess
from diorama.assets.sources import Assets
from diorama.cli.app import app
from diorama.cli.around import kind_of
from diorama.cli.options import chosen as options_of
from diorama.errors import AssetError, OutputError
from diorama.generate import generate
from diorama.inspection.check import check as check_dataset
from diorama.provenance import provenance
from diorama.randomize.compose import compose
from diorama.render.device import open_device
from tests import tiny
from tests.assets.own import pictures


def main(arguments: list[str]) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Folders of skies, surfaces and photos, with something unusable in each."""
    folder = tmp_path / "own"
    for kind in ("skies", "surfaces", "photos"):
        (folder / kind / "deep").mkdir(parents=True)
    pictures.hdr(folder / "skies" / "noon.hdr", pictures.sunny(64))
    pictures.save(folder / "skies" / "deep" / "haze.jpg", np.full((64, 128, 3), 0.6))
    (folder / "skies" / "cut.hdr").write_bytes(b"#?RADIANCE\n\n-Y 400 +X 800\n")
    (folder / "skies" / "old.jp2").write_bytes(b"II*")
    codes = np.stack([pictures.bumps()] * 3, -1)
    pictures.save(folder / "surfaces" / "brick_diff.png", codes)
    pictures.save(folder / "surfaces" / "brick_rough.png", codes)
    pictures.save(folder / "surfaces" / "deep" / "grass.png", codes)
    for k in range(3):
        pictures.save(folder / "photos" / f"street {k}.jpg", np.full((90, 120, 3), 0.2 + 0.3 * k))
    (folder / "photos" / "empty.jpg").write_bytes(b"")
    (folder / "provenance.csv").write_text("file,licence,author,repository\nskies/noon.hdr,CC0,Greg,there\n")
    (folder / "surfaces" / "LICENSE.txt").write_text("MIT\n")
    (folder / "photos" / "assets.yaml").write_text(
        '"*1.jpg": {licence: CC-BY-4.0, author: Ann}\n"*2.jpg": {skip: true}'
    )
    return folder


def assets(own: Path, **more: object) -> Assets:
    given = {kind: (str(own / kind),) for kind in ("skies", "surfaces", "photos")}
    return Assets(**(given | more))  # type: ignore[arg-type]


def test_own_ones_take_the_place_of_the_embedded_or_join_them(own: Path) -> None:
    catalogue = Catalogue.open(assets(own))
    assert catalogue.skies == ("own/deep/haze", "own/noon")
    assert catalogue.surfaces == ("own/brick", "own/deep/grass")
    assert catalogue.photos == ("own/street 0", "own/street 1")
    mixed = Catalogue.open(assets(own, skies=(str(own / "skies"), "embedded"), photos=()))
    assert {"own/noon", "overcast"} < set(mixed.skies)
    assert len(mixed.skies) == len(Catalogue.open().skies) + 2
    assert mixed.photos == ()
    assert Catalogue.open().skies == Catalogue.open(Assets(skies=("embedded",))).skies
    assert Catalogue.open().hash == Catalogue.open(Assets(skies=("embedded",))).hash


def test_what_cannot_be_used_is_passed_over_or_ends_all_if_strict(own: Path) -> None:
    notes = Catalogue.open(assets(own)).notes
    assert len(notes) == 3
    assert any(note.startswith("cut: skipped, ") and "do not hold" in note for note in notes)
    assert any("old.jp2: skipped, .jp2 is not read" in note for note in notes)
    assert any(note.startswith("empty: skipped, ") for note in notes)
    with pytest.raises(AssetError, match=r"cut\.hdr"):
        Catalogue.open(assets(own), strict=True)
    with pytest.raises(AssetError, match="no such folder"):
        Catalogue.open(Assets(skies=(str(own / "nothing"),)))
    (own / "skies" / "noon.hdr").unlink()
    (own / "skies" / "deep" / "haze.jpg").unlink()
    with pytest.raises(AssetError, match="no sky that can be used"):
        Catalogue.open(assets(own))


def test_links_that_leave_the_folder_are_not_followed(own: Path, tmp_path: Path) -> None:
    secret = pictures.save(tmp_path / "secret.png", np.ones((64, 64, 3)))
    (own / "surfaces" / "out.png").symlink_to(secret)
    (own / "surfaces" / "inside.png").symlink_to(own / "surfaces" / "deep" / "grass.png")
    catalogue = Catalogue.open(assets(own))
    assert catalogue.surfaces == ("own/brick", "own/deep/grass", "own/inside")
    assert any("leaves the folder" in note for note in catalogue.notes)


def test_content_decides_the_hash_and_place_and_credit_do_not(own: Path, tmp_path: Path) -> None:
    device = open_device()
    before = Catalogue.open(assets(own))
    made = [provenance(before, device, "folder")]
    (own.parent / "moved").mkdir()
    moved = own.rename(tmp_path / "moved" / "there")
    (moved / "provenance.csv").unlink()
    after = Catalogue.open(assets(moved))
    assert after.hash == before.hash
    made.append(provenance(after, device, "folder"))
    assert made[0] == made[1]
    assert made[0]["skies"].startswith("2 own (")
    pictures.save(moved / "photos" / "street 0.jpg", np.full((90, 120, 3), 0.9))
    changed = provenance(Catalogue.open(assets(moved)), device, "folder")
    assert {name for name in changed if changed[name] != made[0][name]} == {"catalogue", "photos"}


def test_credits_name_makers_once(own: Path) -> None:
    rows = [row for row in Catalogue.open(assets(own)).credits() if not row["class"]]
    told = {(row["subject"], row["licence"], row["author"]) for row in rows}
    assert told == {
        ("skies: own/deep/haze", "", ""),
        ("skies: own/noon", "CC0", "Greg"),
        ("surfaces: own/brick, own/deep/grass", "MIT (LICENSE.txt)", ""),
        ("photos: own/street 0", "", ""),
        ("photos: own/street 1", "CC-BY-4.0", "Ann"),
    }


def test_a_picture_s_metadata_name_its_maker(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[0x8298] = "Bea", "CC0"
    Image.new("RGB", (80, 80)).save(tmp_path / "a.jpg", exif=exif)
    rows = Catalogue.open(Assets(photos=(str(tmp_path),))).credits()
    assert ("CC0", "Bea") in {(row["licence"], row["author"]) for row in rows}


def test_a_photo_is_set_upright_and_made_small(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    picture = Image.new("RGB", (3000, 1500), (200, 30, 30))
    picture.paste((30, 30, 200), (0, 0, 1500, 1500))
    picture.save(tmp_path / "a.jpg", exif=exif)
    photo = Catalogue.open(Assets(photos=(str(tmp_path),))).photo("own/a")
    assert (photo.width, photo.height) == (1024, 2048)
    assert photo.size == (3000, 1500)


def test_a_copy_in_another_process_has_looked_already(own: Path) -> None:
    catalogue = Catalogue.open(assets(own))
    copied = ForkingPickler.loads(ForkingPickler.dumps(catalogue))
    assert (copied.skies, copied.photos, copied.hash) == (catalogue.skies, catalogue.photos, catalogue.hash)


def test_a_set_up_file_names_all(own: Path, tmp_path: Path) -> None:
    models = tiny.models(tmp_path / "models")
    setup = own / "setup.yaml"
    setup.write_text(f"models: {models}\nskies: [skies, embedded]\nphotos: photos\n")
    catalogue = Catalogue.open(setup)
    assert catalogue.classes == ("cat", "dog")
    assert "own/noon" in catalogue.skies
    assert len(catalogue.photos) == 2
    for text, problem in (
        ("skys: a", "no such field"),
        ("skies: 3", "is not a folder"),
        ("- a", "names no folders"),
        ("photos: embedded", "no photos come"),
        ("skies: [a", "setup.yaml"),
    ):
        setup.write_text(text)
        with pytest.raises(AssetError, match=problem):
            Assets.of(setup)


def test_a_dataset_is_the_same_in_any_batches_and_goes_on_only_with_the_same_files(own: Path, tmp_path: Path) -> None:
    given = Assets(str(tiny.models(tmp_path / "models")), skies=(str(own / "skies"),), photos=(str(own / "photos"),))  # type: ignore[arg-type]
    recipe = tiny.recipe(3, labels=("ids",)).pin("sky.map={space: any}").pin("photo.present={space: bernoulli, p: 0.5}")
    generate(tmp_path / "a", recipe, given, workers=1)
    generate(tmp_path / "b", recipe, given, workers=1, batch=2)
    assert tiny.content(tmp_path / "a") == tiny.content(tmp_path / "b")
    text = (tmp_path / "a" / "README.md").read_text()
    assert "photos: own/street 1" in text
    assert "CC-BY-4.0" in text
    checked = check_dataset(tmp_path / "a", models=given, sample=3)
    assert (checked.again, checked.faults) == (3, ())
    (own / "photos" / "new.jpg").write_bytes((own / "photos" / "street 0.jpg").read_bytes())
    with pytest.raises(OutputError, match=r"photos is 2 own .* there and 3 own"):
        generate(tmp_path / "a", recipe, given, workers=1)


def test_every_photo_and_sky_is_drawn(own: Path, tmp_path: Path) -> None:
    catalogue = Catalogue.open(assets(own, models=str(tiny.models(tmp_path / "models")), surfaces=()))
    recipe = tiny.recipe().pin("sky.map={space: any}").pin("photo.present=true")
    columns = compose(recipe, catalogue, np.arange(40)).columns
    assert set(columns["photo.image"].tolist()) == set(catalogue.photos)
    assert set(columns["sky.map"].tolist()) == set(catalogue.skies)


class TestCheck:
    def test_kinds_are_told_by_names(self, own: Path, tmp_path: Path) -> None:
        assert [guess(own / kind) for kind in ("skies", "surfaces", "photos")] == ["skies", "surfaces", "photos"]
        assert guess(tiny.models(tmp_path / "models")) is None
        assert guess(own / "photos" / "street 0.jpg") == "photos"
        with pytest.raises(AssetError, match="no such file"):
            guess(own / "nothing")

    def test_each_is_told_of(self, own: Path) -> None:
        reports = {report.file: report for report, _ in check_around(own / "skies", "skies")}
        noon = reports["noon"]
        assert noon.usable
        assert noon.size == (128, 64)
        assert noon.sun is not None
        assert (round(noon.sun.elevation), noon.sun.assumed, noon.licence) == (35, False, "CC0")
        assert noon.exposure > 0
        assert reports["deep/haze"].sun is None
        assert NO_LICENCE in reports["deep/haze"].warnings
        assert not reports["cut"].usable
        assert not reports["old.jp2"].usable
        (brick, _), *_ = check_around(own / "surfaces", "surfaces")
        assert brick.files == {"color": "brick_diff.png", "roughness": "brick_rough.png"}

    def test_the_command_tells_and_ends_with_1(self, own: Path) -> None:
        code, said, _ = main(["assets", "check", str(own / "skies")])
        assert code == 1
        assert "° high" in said
        assert "2 of 3 skies can be used" in said
        code, said, _ = main(["assets", "check", str(own / "surfaces"), "--json"])
        assert code == 0
        assert [row["file"] for row in json.loads(said)] == ["brick", "deep/grass"]
        with pytest.raises(AssetError, match="Choose from: models, skies"):
            kind_of(own / "photos", "pictures")

    @pytest.mark.parametrize("kind", ["skies", "surfaces", "photos"])
    def test_the_sheet_shows_them(self, own: Path, tmp_path: Path, kind: str) -> None:
        out = tmp_path / "sheet.png"
        code, *_ = main(["assets", "render", str(own / kind), "--out", str(out), "--size", "64"])
        assert code == (kind != "surfaces")
        with Image.open(out) as sheet:
            assert len(np.unique(np.asarray(sheet).reshape(-1, 3), axis=0)) > 200


def test_the_commands_take_folders(own: Path, tmp_path: Path) -> None:
    models, out = str(tiny.models(tmp_path / "models")), tmp_path / "sheet.png"
    options = ["--skies", str(own / "skies"), "--surfaces", str(own / "surfaces"), "--photos", str(own / "photos")]
    code, _, warned = main(["preview", models, *options, "--out", str(out), "--count", "4", "--size", "64"])
    assert code == 0
    assert "cut: skipped" in warned
    code, said, _ = main(["assets", "list", *options])
    assert code == 0
    assert "own/noon" in said
    assert "own/street 1" in said
    chosen = options_of(Assets(models, photos=(str(own / "photos"),)), "paper")  # type: ignore[arg-type]
    assert "present: true" in chosen.yaml()
    assert "present: true" not in options_of(Assets(models), "paper").yaml()  # type: ignore[arg-type]
    with pytest.raises(AssetError, match=r"cut\.hdr"):
        options_of(Assets(models, skies=(str(own / "skies"),)), "paper", strict=True)  # type: ignore[arg-type]
