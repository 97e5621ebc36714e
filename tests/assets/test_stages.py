"""USD: known answers on small stages, poses as USD itself computes them, and files that name others."""

import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from diorama.assets import convert
from diorama.assets.folder import scan
from diorama.assets.models import read_model
from diorama.assets.subject import Subject
from diorama.errors import AssetError
from tests.assets.glb import CORNERS
from tests.assets.posing import posed
from tests.assets.reading import corners, outward, sorted_rows, volume
from tests.assets.test_convert import QUADS

if find_spec("pxr") is None:
    pytest.skip("usd-core is not installed", allow_module_level=True)

from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, UsdSkel, UsdUtils, Vt

from diorama.assets.foreign.stages_open import opened

FACES = np.array(QUADS) - 1


def stage_of(path: Path, up: str = "Y") -> Any:
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, up)
    return stage


def cube(stage: Any, path: str = "/thing/box") -> Any:
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(CORNERS))
    mesh.CreateFaceVertexCountsAttr([4] * 6)
    mesh.CreateFaceVertexIndicesAttr(FACES.reshape(-1).tolist())
    mesh.CreateSubdivisionSchemeAttr("none")
    return mesh


def read(path: Path) -> Subject:
    return read_model(path, "test/model")


def paint(stage: Any, mesh: Any, texture: str) -> None:
    material, shader = UsdShade.Material.Define(stage, "/paint"), UsdShade.Shader.Define(stage, "/paint/surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    picture = UsdShade.Shader.Define(stage, "/paint/picture")
    picture.CreateIdAttr("UsdUVTexture")
    picture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(texture)
    rgb = picture.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).ConnectToSource(rgb)
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(0.25)
    shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(0.75)
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
    st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, "vertex")
    st.Set([(0.25, 0.75)] * 8)


@pytest.mark.parametrize("suffix", [".usda", ".usdc", ".usdz"])
def test_a_textured_cube(tmp_path: Path, suffix: str) -> None:
    """Left-handed, so that its faces are listed the other way round; its texture's upper left is blue."""
    picture = np.full((4, 4, 3), 50, np.uint8)
    picture[:2, :2] = (10, 20, 250)
    Image.fromarray(picture).save(tmp_path / "skin.png")
    plain = tmp_path / ("box.usda" if suffix == ".usdz" else f"box{suffix}")
    stage = stage_of(plain)
    mesh = cube(stage)
    mesh.CreateOrientationAttr("leftHanded")
    mesh.CreateFaceVertexIndicesAttr(FACES[:, ::-1].reshape(-1).tolist())
    paint(stage, mesh, "./skin.png")
    UsdGeom.Xformable(mesh).AddTranslateOp().Set((5, 0, 0))
    stage.Save()
    path = tmp_path / f"box{suffix}"
    if suffix == ".usdz":
        assert UsdUtils.CreateNewUsdzPackage(str(plain), str(path))
        (tmp_path / "skin.png").unlink()
    subject = read(path)
    assert volume(subject) == pytest.approx(1)
    assert outward(subject)
    np.testing.assert_allclose(sorted_rows(posed(subject)), sorted_rows(CORNERS + np.array([5, 0, 0])), atol=1e-6)
    [material] = subject.materials
    assert (material.metallic, material.roughness) == (0.75, 0.25)
    texture = subject.textures[material.base_color_texture]
    u, v = subject.levels[0].uvs[0]
    assert texture[int(v * 4), int(u * 4)].tolist() == [10, 20, 250, 255]


def test_z_up_and_what_moves(tmp_path: Path) -> None:
    stage = stage_of(tmp_path / "box.usda", "Z")
    stage.SetTimeCodesPerSecond(10)
    mesh = cube(stage)
    hidden = cube(stage, "/thing/ghost")
    hidden.MakeInvisible()
    move = UsdGeom.Xformable(stage.GetPrimAtPath("/thing")) or UsdGeom.Xform.Define(stage, "/thing")
    op = UsdGeom.Xform(UsdGeom.Xform.Define(stage, "/thing")).AddTranslateOp()
    del move, mesh
    op.Set((0, 0, 3), 0)
    op.Set((0, 4, 3), 20)
    stage.Save()
    subject = read(tmp_path / "box.usda")
    [clip] = subject.clips
    assert clip.duration == pytest.approx(2)
    for time, y in ((0.0, 0), (0.5, 2), (1.0, 4)):
        low = corners(subject, clip=0, time=time).reshape(-1, 3).min(0)
        np.testing.assert_allclose(low, [0, 3, -y - 1], atol=1e-5)


@pytest.mark.parametrize("shares", [(0.3, 0.7), (0.1, 0.25, 0.05, 0.2, 0.1, 0.3)])
def test_skeletons_pose_as_usd_poses_them(tmp_path: Path, shares: tuple[float, ...]) -> None:
    """A chain of joints, all of which move every vertex."""
    count = len(shares)
    joints = ["/".join(["low", "high", *"cdef"][: k + 1]) for k in range(count)]
    stage = stage_of(tmp_path / "arm.usda")
    UsdSkel.Root.Define(stage, "/arm").AddTranslateOp().Set((1, 2, 3))
    mesh = cube(stage, "/arm/box")
    skeleton = UsdSkel.Skeleton.Define(stage, "/arm/bones")
    skeleton.CreateJointsAttr(joints)
    skeleton.CreateBindTransformsAttr([Gf.Matrix4d(1).SetTranslate((0, 0.5 * k, 0)) for k in range(count)])
    skeleton.CreateRestTransformsAttr([Gf.Matrix4d(1).SetTranslate((0, 0.5 * (k > 0), 0)) for k in range(count)])
    moves = UsdSkel.Animation.Define(stage, "/arm/moves")
    moves.CreateJointsAttr(joints)
    for time, w in ((0.0, 1.0), (24.0, np.cos(0.4))):
        turn = Gf.Quatf(float(w), 0, 0, float(np.sqrt(1 - w * w)))
        moves.CreateRotationsAttr().Set([Gf.Quatf(1)] + [turn] * (count - 1), time)
        moves.CreateTranslationsAttr().Set([(0, 0.5 * (k > 0), 0) for k in range(count)], time)
        moves.CreateScalesAttr().Set([Gf.Vec3h(1), Gf.Vec3h(1, 2, 1)] + [Gf.Vec3h(1)] * (count - 2), time)
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    binding.CreateSkeletonRel().SetTargets([skeleton.GetPath()])
    UsdSkel.BindingAPI.Apply(skeleton.GetPrim()).CreateAnimationSourceRel().SetTargets([moves.GetPath()])
    binding.CreateJointIndicesPrimvar(False, count).Set(list(range(count)) * 8)
    binding.CreateJointWeightsPrimvar(False, count).Set(list(shares) * 8)
    binding.CreateGeomBindTransformAttr(Gf.Matrix4d(1).SetScale((1, 3, 1)))
    stage.Save()
    subject = read(tmp_path / "arm.usda")
    assert {"low", "high"} <= set(subject.skeleton.names)
    cache = UsdSkel.Cache()
    cache.Populate(UsdSkel.Root(stage.GetPrimAtPath("/arm")), Usd.PrimDefaultPredicate)
    query, target = cache.GetSkelQuery(skeleton), cache.GetSkinningQuery(mesh.GetPrim())
    for time in (0.0, 24.0):
        points = Vt.Vec3fArray.FromNumpy(CORNERS)
        assert target.ComputeSkinnedPoints(query.ComputeSkinningTransforms(time), points, time)
        np.testing.assert_allclose(
            sorted_rows(posed(subject, 0, time / 24)), sorted_rows(np.array(points) + np.array([1, 2, 3])), atol=1e-4
        )


@pytest.mark.parametrize("name", ["../secret.usda", "/secret.usda", "https://example.org/a.usda", "`${A}`.usda"])
@pytest.mark.parametrize("how", ["reference", "payload", "layer"])
def test_a_stage_names_no_file_outside_its_folder(tmp_path: Path, name: str, how: str) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    cube(outside := stage_of(tmp_path / "secret.usda"))
    outside.Save()
    named = name.replace("/secret", f"{tmp_path}/secret") if name.startswith("/") else name
    said = {
        "reference": f'#usda 1.0\ndef "x" (prepend references = @{named}@</thing>) {{}}\n',
        "payload": f'#usda 1.0\ndef "x" (prepend payload = @{named}@</thing>) {{}}\n',
        "layer": f"#usda 1.0\n(subLayers = [@{named}@])\n",
    }
    (folder / "a.usda").write_text(said[how])
    with pytest.raises(ValueError, match="does not lie in its folder"):
        opened(folder / "a.usda")


@pytest.mark.parametrize(("inner", "word"), [("../x.usda", "folder"), ("/x.usda", "folder"), ("b.usdz", "package")])
def test_no_layer_of_a_package_names_a_file_outside(tmp_path: Path, inner: str, word: str) -> None:
    """Not even one that only another layer of the package names."""
    with zipfile.ZipFile(tmp_path / "a.usdz", "w") as package:
        package.writestr("a.usda", '#usda 1.0\ndef "x" (prepend references = @./part.usda@</x>) {}\n')
        package.writestr("part.usda", f'#usda 1.0\ndef "x" (prepend references = @{inner}@</thing>) {{}}\n')
    with pytest.raises(ValueError, match=word):
        opened(tmp_path / "a.usdz")


def test_files_that_are_opened_with_the_values_are_refused(tmp_path: Path) -> None:
    said = "dictionary default = { asset[] assetPaths = [@/etc/x.usda@] }"
    (tmp_path / "a.usda").write_text(f'#usda 1.0\ndef "x" (clips = {{ {said} }}) {{}}\n')
    with pytest.raises(ValueError, match="value clips"):
        opened(tmp_path / "a.usda")


def test_a_stage_may_name_files_beside_it(tmp_path: Path) -> None:
    stage = stage_of(tmp_path / "part.usda")
    cube(stage)
    stage.Save()
    (tmp_path / "a.usda").write_text('#usda 1.0\ndef "x" (prepend references = @./part.usda@</thing>) {}\n')
    assert volume(read(tmp_path / "a.usda")) == pytest.approx(1)


@pytest.mark.parametrize(
    "change",
    [
        lambda mesh: mesh.CreateFaceVertexIndicesAttr([99] * 24),
        lambda mesh: mesh.CreateFaceVertexCountsAttr([-4] * 6),
        lambda mesh: mesh.CreateFaceVertexCountsAttr([2_000_000_000] * 6),
        lambda mesh: mesh.CreatePointsAttr([(float("nan"), 0, 0)] * 8),
    ],
)
def test_damage_is_one_message(tmp_path: Path, change: Any) -> None:
    stage = stage_of(tmp_path / "box.usda")
    change(cube(stage))
    stage.Save()
    with pytest.raises(AssetError, match=r"box\.usda"):
        read(tmp_path / "box.usda")


def test_what_is_no_stage_and_what_lacks_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.usdc").write_bytes(b"PXR-USDC" + bytes(range(200)))
    with pytest.raises(AssetError, match="cannot be read"):
        read(tmp_path / "a.usdc")
    monkeypatch.setattr(convert, "find_spec", lambda _: None)
    with pytest.raises(AssetError, match=r"pip install 'diorama\[usd\]'"):
        read(tmp_path / "a.usdc")


def test_stages_in_a_folder_are_used_once_what_reads_them_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "box").mkdir()
    stage = stage_of(tmp_path / "box" / "one.usda")
    cube(stage)
    stage.Save()
    monkeypatch.setattr(convert, "find_spec", lambda _: None)
    with pytest.raises(AssetError, match="pip install"):
        scan(tmp_path, None)
    monkeypatch.undo()
    [file] = scan(tmp_path, None).classes["box"]
    assert file.path.name == "one.usda"
