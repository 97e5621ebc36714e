"""Figures, scores and counterfactuals of a classifier whose logits are known: weighted means of red, green and blue."""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image
from torch import nn
from typer.testing import CliRunner

from diorama.cli.app import app
from diorama.engine.progress import Progress
from diorama.errors import ImageError, ModelError, RecipeError
from diorama.explain.counterfactual import counterfactuals
from diorama.explain.explained import Explained, odds, probability
from diorama.explain.heat import explain
from diorama.explain.replay import Replay
from diorama.explain.scores import centre, mass
from diorama.explain.truth import score_maps
from diorama.generate import generate
from diorama.learn.backbones import Architecture, Backbone, load_backbone
from diorama.learn.classifier import Classifier, head
from diorama.render.renderer import Renderer
from tests import tiny
from tests.evaluate import pictures

WEIGHTS = torch.tensor([[9.0, 0.0, -3.0], [-6.0, 2.0, 0.0]])


def bright(labels: tuple[str, str] = ("cat", "dog")) -> Explained:
    """z = WEIGHTS · mean colour of the 64 pixels in the middle."""
    backbone = Backbone(Architecture("small", 3, 64, 64, (0.0,) * 3, (1.0,) * 3), nn.AvgPool2d(8))
    heads = [head(3, 0, 2, 0.0) for _ in range(2)]
    for sign, one in zip((1, -1), heads, strict=True):  # two heads that differ, and agree on the mean
        weights = {"weight": WEIGHTS, "bias": sign * torch.tensor([0.5, 0.0])}
        one[1].load_state_dict(weights)
    return Explained(Classifier(labels, [backbone], heads, {"selection": "last epoch"}), "bright")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def data(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("data") / "data"
    generate(out, tiny.recipe(4), models, workers=1)
    return out


@pytest.fixture(scope="module")
def again(data: Path, models: Path, renderer: Renderer) -> Replay:
    return Replay(data, models, renderer)


def test_probabilities_and_odds_are_those_of_softmax() -> None:
    z = np.array([[1.0, 3.0, -2.0], [500.0, 0.0, 0.0]])
    p = probability(z)
    np.testing.assert_allclose(p, torch.softmax(torch.tensor(z), -1))
    np.testing.assert_allclose(odds(z[:1], 1), np.log(p[0, 1] / (1 - p[0, 1])))
    assert odds(z, 0)[1] == pytest.approx(500 - np.log(2))


def test_what_is_quick_is_the_same() -> None:
    """Of two backbones whose normalizations change what they see, each under its own head, with temperatures."""
    nets = [load_backbone("small", seed=seed) for seed in (0, 1)]
    for net in nets:
        for part in net.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.weight.data.uniform_(0.5, 2)
                part.get_buffer("running_mean").uniform_(-1, 1)
    heads = [head(nets[0].width, 8, 2, 0.5) for _ in nets]
    explained = Explained(Classifier(("cat", "dog"), nets, heads, {}, temperature=[0.5, 2.0]))
    x = torch.rand(3, 3, 64, 64)
    assert torch.allclose(explained.quick(x), explained.logits(x), atol=1e-3)
    assert explained.quick(x).std() > 0.1


def test_predictions_move_as_far_as_the_colours_do(again: Replay, tmp_path: Path) -> None:
    texts = ("light.intensity=0.1", "obstructors=omit", "backdrop=omit", "subject=none")
    found = counterfactuals(bright(), again, tmp_path, changes=texts, images=8)
    assert found.idle == ("no backdrop",)
    rows = found.rows.to_pandas()
    for index in range(8):
        mine = rows[rows["index"] == index].set_index("change")
        colour = again.draw([index]).rgb[0].mean((0, 1)) / 255
        dark = again.draw([index], None).rgb[0]
        assert dark.shape == (64, 64, 3)
        gap = (WEIGHTS[0] - WEIGHTS[1]).numpy() * (1 if index % 2 == 0 else -1)
        assert mine.loc["", "odds"] == pytest.approx(float(gap @ colour), abs=1e-4)
        for text in ("light.intensity=0.1", "subject=none"):
            assert mine.loc[text, "moved"] == pytest.approx(mine.loc[text, "odds"] - mine.loc["", "odds"])
    dark = rows[rows["change"] == "light.intensity=0.1"]
    effect = next(one for one in found.effects if one.text == "light.intensity=0.1")
    assert effect.images == dark["changed"].sum() == 8
    assert effect.moved.value == pytest.approx(dark["moved"].mean())
    assert effect.size.value == pytest.approx(dark["moved"].abs().mean())
    hidden = (again.labels["obstructors.count"].to_numpy() > 0).sum()
    assert 0 < next(one for one in found.effects if one.text == "obstructors=omit").images <= hidden
    sizes = [one.size.value for one in found.effects]
    assert sizes == sorted(sizes, reverse=True)
    names = {"counterfactuals.parquet", "counterfactuals.json", "counterfactuals.png", "counterfactuals.svg"}
    assert {path.name for path in tmp_path.iterdir()} == names | {"effects.png", "effects.svg"}
    told = json.loads((tmp_path / "counterfactuals.json").read_text())
    assert [one["change"] for one in told["effects"]] == [one.change for one in found.effects]


def test_maps_are_scored_against_the_mask(again: Replay, tmp_path: Path) -> None:
    found = score_maps(bright(), again, tmp_path, images=6, steps=4)
    assert found.rows.num_rows == 6 * 4
    truth, middle = found.means["truth"], found.means["centre"]
    assert truth["mass"].value == pytest.approx(1)
    assert truth["pointing"].value == 1
    drawn = again.draw(np.arange(6), masks=True)
    assert drawn.mask is not None
    assert found.areas["area"].value == pytest.approx(drawn.mask.mean())
    assert middle["mass"].value == pytest.approx(mass(centre(64), drawn.mask.astype(float)).mean(), rel=1e-5)
    assert np.isnan(truth["mass_head"].value)  # a box and a ball have none
    x = drawn.rgb / 255.0
    small = x.reshape(6, 8, 8, 8, 8, 3).mean((2, 4))  # means over 8 × 8 blocks
    gap = np.where(np.arange(6)[:, None] % 2 == 0, 1, -1) * (WEIGHTS[0] - WEIGHTS[1]).numpy() / 64
    heat = np.maximum(np.einsum("nhwc,nc->nhw", small, gap), 0).astype(np.float32)
    large = nn.functional.interpolate(torch.tensor(heat)[:, None], (64, 64), mode="bilinear")[:, 0].numpy()
    expected = mass(large, drawn.mask.astype(float))
    rows = found.rows.to_pandas()
    np.testing.assert_allclose(rows[rows["method"] == "gradcam"]["mass"], expected, rtol=1e-3)
    told = json.loads((tmp_path / "scores.json").read_text())
    assert told["methods"]["truth"]["pointing"]["value"] == 1
    assert pq.read_table(tmp_path / "scores.parquet").to_pandas().equals(rows)
    assert told["methods"]["truth"]["mass_head"] is None


def test_an_interruption_keeps_what_is_scored(again: Replay, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="has the scores of 4 of 6 images"):
        score_maps(bright(), again, tmp_path, images=6, methods=("gradcam",), steps=0, report=stop)
    rows = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    whole = score_maps(bright(), again, images=6, methods=("gradcam",), steps=0).rows.to_pylist()
    assert len(rows) == 4 * 3
    np.testing.assert_equal(rows, [row for row in whole if row["index"] < 4])  # parts are NaN here
    assert json.loads((tmp_path / "scores.json").read_text())["images"] == 4


def test_the_figure_has_all_models_images_and_maps(tmp_path: Path) -> None:
    photos = pictures.folder(tmp_path / "photos", count=3, classes=("bike", "cat", "dog"))  # it knows no bikes
    models = [pictures.model(tmp_path / name) for name in ("one", "two")]
    Image.new("L", (90, 70), 30).save(tmp_path / "loose.png")
    given: list[str | Path] = [f"shown={photos}", tmp_path / "loose.png"]
    found = explain(models[0], given, tmp_path / "out", beside=models[1:], target="cat", each=1)
    assert found.models == ("one", "two")
    assert [path.name for path in found.files] == ["loose.png", "000.png", "000.png"]
    assert found.predicted[:, 1:].tolist() == [["cat", "dog"]] * 2
    assert (found.target == "cat").all()
    assert (found.probability[:, 1] > 0.5).all()
    assert (found.probability[:, 2] < 0.5).all()
    assert {name: maps.shape for name, maps in found.maps.items()} == dict.fromkeys(
        ("gradcam", "occlusion"), (2, 3, 64, 64)
    )
    assert (found.maps["gradcam"] >= 0).all()
    assert (np.abs(found.maps["occlusion"]).max((2, 3)) > 0).all()
    with Image.open(tmp_path / "out" / "explanation.png") as picture:
        assert picture.width > picture.height / 2
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 1000
    text = (tmp_path / "out" / "explanation.svg").read_text()
    assert re.findall(r"left: one|right: two|shown: cat|occlusion", text)
    with np.load(tmp_path / "out" / "maps.npz") as kept:
        np.testing.assert_allclose(kept["gradcam"], found.maps["gradcam"], rtol=2e-3, atol=1e-4)
    first, told = (tmp_path / "out" / "explanation.png").read_bytes(), list[Progress]()
    explain(models[0], given, tmp_path / "out", beside=models[1:], target="cat", each=1, report=told.append)
    assert (tmp_path / "out" / "explanation.png").read_bytes() == first
    assert (told[-1].done, told[-1].total) == (6, 6)


def test_what_does_not_fit_is_refused(again: Replay, data: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"bright: has no class 'cow'. It tells apart: cat, dog"):
        explain(bright(), data, tmp_path / "out", target="cow")
    with pytest.raises(ModelError, match="has no class 'cat'"):
        score_maps(bright(("ant", "bee")), again)
    with pytest.raises(RecipeError, match="no such factor"):
        counterfactuals(bright(), again, changes=["skies"])
    with pytest.raises(RecipeError, match="Choose from gradcam, occlusion"):
        explain(bright(), data, tmp_path / "out", methods=("lime",))
    with pytest.raises(ImageError, match="is not a folder"):
        explain(bright(), tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(ImageError, match=r"cat\.jpg: no such file"):
        explain(bright(), tmp_path / "cat.jpg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_draws_scores_and_changes(data: Path, models: Path, tmp_path: Path) -> None:
    model = pictures.model(tmp_path / "model")
    options = ["--images", "2", "--each", "1", "--method", "gradcam", "--models", str(models)]
    more = ["--score", "--change", "light.intensity=0.1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, ["explain", str(model), str(data), *options, *more], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "heat maps against exact masks, 2 images" in " ".join(done.stdout.split())
    assert re.search(r"share on subject +\d+ % \(\d+–\d+\) +\d+ % \(\d+–\d+\) .* 96 % \(\d+–\d+\)", done.stdout)
    assert re.search(r"insertion +0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)", done.stdout)
    assert "light.intensity=0.1" in done.stdout
    for name in ("explanation.png", "scores.json", "counterfactuals.png", "effects.svg"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    refused = CliRunner().invoke(app, ["explain", str(model), str(models), "--score", "--out", str(tmp_path / "no")])
    assert refused.exit_code == 2
    assert "0 of the 1 given are datasets" in refused.output
    assert not (tmp_path / "no").exists()
