import base64
import json
from pathlib import Path

import numpy as np
import pytest

from diorama.assets.gltf import read_gltf
from diorama.assets.gltf_materials import BEHIND
from diorama.assets.subject import Subject
from tests.assets.glb import Model
from tests.assets.posing import posed
from tests.assets.reading import corners, outward, png, read, volume

# Materials


def test_material_values_and_textures(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[:, :2] = (255, 0, 0)
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(pixels)), "mimeType": "image/png"}]
    model.json["textures"] = [{"source": 0}]
    pbr = {
        "baseColorFactor": [0.5, 0.6, 0.7, 1],
        "metallicFactor": 0.3,
        "roughnessFactor": 0.2,
        "baseColorTexture": {"index": 0},
    }
    model.json["materials"] = [{"name": "paint", "pbrMetallicRoughness": pbr, "emissiveFactor": [0, 0.5, 0]}]
    model.node(mesh=model.cube(material=0))
    subject = read(model, tmp_path)
    [material] = subject.materials
    assert material.base_color == pytest.approx((0.5, 0.6, 0.7, 1))
    assert (material.metallic, material.roughness) == pytest.approx((0.3, 0.2))
    assert material.emissive == pytest.approx((0, 0.5, 0))
    np.testing.assert_array_equal(subject.textures[material.base_color_texture][..., :3], pixels)
    assert (subject.textures[0][..., 3] == 255).all()


def test_metalness_that_nobody_chose_is_mended_and_noted(tmp_path: Path) -> None:
    model = Model()
    model.json["materials"] = [{"name": "plain"}, {"name": "chosen", "pbrMetallicRoughness": {"metallicFactor": 0.9}}]
    model.node(mesh=model.cube(material=0))
    model.node(mesh=model.cube(material=1))
    subject = read(model, tmp_path)
    assert [m.metallic for m in subject.materials] == [0, 0.9]
    assert any("plain" in note and "metalness" in note for note in subject.notes)
    assert not any("chosen" in note for note in subject.notes)


def glossy(**values: object) -> dict[str, object]:
    return {"extensions": {"KHR_materials_pbrSpecularGlossiness": values}}


def test_glossy_materials_are_converted(tmp_path: Path) -> None:
    model = Model()
    model.json["materials"] = [
        glossy(diffuseFactor=[0.3, 0.2, 0.1, 1], specularFactor=[0.04] * 3, glossinessFactor=0.25),  # plastic
        glossy(diffuseFactor=[0, 0, 0, 1], specularFactor=[0.9, 0.6, 0.2], glossinessFactor=0.75),  # brass
        glossy(diffuseFactor=[0.3, 0.2, 0.1, 1]),  # an exporter's default
    ]
    for k in range(3):
        model.node(mesh=model.cube(material=k))
    plastic, brass, default = read(model, tmp_path).materials
    assert plastic.base_color == pytest.approx((0.3, 0.2, 0.1, 1))
    assert (plastic.metallic, plastic.roughness) == (0, 0.75)
    assert brass.base_color == pytest.approx((0.9, 0.6, 0.2, 1), abs=0.01)
    assert (brass.metallic, brass.roughness) == pytest.approx((1, 0.25), abs=0.02)
    assert default.metallic == 0


def test_glossy_textures_are_converted_by_the_pixel(tmp_path: Path) -> None:
    """The left half is red plastic, the right one is gold, which says nothing but in its specular colour."""
    diffuse, shine = np.zeros((4, 4, 3), np.uint8), np.zeros((8, 8, 4), np.uint8)
    diffuse[:, :2] = (255, 0, 0)
    shine[:, :4] = (56, 56, 56, 51)
    shine[:, 4:] = (255, 215, 0, 255)
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(pixels))} for pixels in (diffuse, shine)]
    model.json["textures"] = [{"source": 0}, {"source": 1}]
    textures = {"diffuseTexture": {"index": 0}, "specularGlossinessTexture": {"index": 1}}
    model.json["materials"] = [glossy(**textures)]
    model.node(mesh=model.cube(material=0, TEXCOORD_0=model.accessor(np.zeros((8, 2)))))
    subject = read(model, tmp_path)
    [material] = subject.materials
    color = subject.textures[material.base_color_texture]
    rough = subject.textures[material.metallic_roughness_texture]
    assert color[0, 0].tolist() == pytest.approx([255, 0, 0, 255], abs=2)
    assert color[0, 7].tolist() == pytest.approx([255, 215, 0, 255], abs=2)
    assert rough[0, 0, 1:3].tolist() == pytest.approx([204, 0], abs=4)
    assert rough[0, 7, 1:3].tolist() == [0, 255]


def test_a_model_of_one_plain_colour_is_noted(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube())
    assert any("plain colour" in note for note in read(model, tmp_path).notes)


def test_alpha_modes(tmp_path: Path) -> None:
    pixels = np.full((4, 4, 4), 255, np.uint8)
    pixels[:2, :, 3] = 0
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(pixels)), "mimeType": "image/png"}]
    model.json["textures"] = [{"source": 0}]
    textured = {"baseColorTexture": {"index": 0}}
    model.json["materials"] = [
        {"name": "opaque", "pbrMetallicRoughness": textured},
        {"name": "mask", "pbrMetallicRoughness": textured, "alphaMode": "MASK", "alphaCutoff": 0.3},
        {"name": "hair", "pbrMetallicRoughness": textured, "alphaMode": "BLEND"},
        {"name": "glass", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0.2]}, "alphaMode": "BLEND"},
        {"name": "lost", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0]}, "alphaMode": "MASK"},
    ]
    for k in range(5):
        model.node(mesh=model.cube(material=k))
    subject = read(model, tmp_path)
    found = {m.name: (m.alpha_cutoff, m.base_color[3]) for m in subject.materials}
    assert found == {"opaque": (0, 1), "mask": (0.3, 1), "hair": (0.5, 1), "glass": (0, 1), "lost": (0, 1)}
    assert {m.name: m.base_color[0] for m in subject.materials}["glass"] == pytest.approx(0.2 + 0.8 * BEHIND)
    opaque = subject.textures[subject.materials[0].base_color_texture]
    assert (opaque == 255).all()  # unused alpha darkens no colour
    assert (subject.textures[subject.materials[1].base_color_texture][:2, :, 3] == 0).all()


def test_what_lets_light_through_is_dark_and_what_cannot_be_seen_is_left_out(tmp_path: Path) -> None:
    clear = {"KHR_materials_transmission": {"transmissionFactor": 0.75}}
    ghost = {"alphaMode": "BLEND", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0.01]}}
    model = Model()
    model.json["materials"] = [{"name": "window", "extensions": clear}, {"name": "ghost", **ghost}]
    model.node(mesh=model.cube(material=0))
    model.node(mesh=model.cube(material=1), scale=[9, 9, 9])
    subject = read(model, tmp_path)
    assert subject.materials[0].base_color == pytest.approx((0.25 + 0.75 * BEHIND,) * 3 + (1,))
    assert np.ptp(posed(subject), axis=0).max() == 1
    del model.json["nodes"][0]
    assert np.ptp(posed(read(model, tmp_path)), axis=0).max() == 9  # nothing else is there: its alpha is wrong


def test_large_textures_are_reduced_by_area(tmp_path: Path) -> None:
    pixels = np.zeros((1024, 2048, 3), np.uint8)
    pixels[:, ::2] = 200
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(pixels)), "mimeType": "image/png"}]
    model.json["textures"] = [{"source": 0}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    model.node(mesh=model.cube(material=0))
    [texture] = read(model, tmp_path).textures
    assert texture.shape == (256, 512, 4)
    assert (texture[..., :3] == 100).all()


def test_vertex_colours_are_stored_as_srgb(tmp_path: Path) -> None:
    model = Model()
    linear = np.tile([1.0, 0.2158605, 0.0], (8, 1))
    normals = model.accessor(np.tile([0, 0, 1.0], (8, 1)))
    model.node(mesh=model.cube(COLOR_0=model.accessor(linear), NORMAL=normals))
    assert (read(model, tmp_path).levels[0].colors == [255, 128, 0, 255]).all()


def test_parts_tell_the_material_of_every_triangle(tmp_path: Path) -> None:
    model = Model()
    model.json["materials"] = [{"name": "a"}, {"name": "b"}]
    for k, place in ((0, 0), (1, 10), (0, 20)):
        model.node(mesh=model.cube(material=k), translation=[place, 0, 0])
    subject = read(model, tmp_path)
    by_part = [corners(subject).reshape(-1, 3)[p.first : p.first + p.count, 0] for p in subject.levels[0].parts]
    names = [subject.materials[p.material].name for p in subject.levels[0].parts]
    assert names == ["a", "b"]
    assert sorted(set(by_part[0].tolist())) == [0, 1, 20, 21]
    assert sorted(set(by_part[1].tolist())) == [10, 11]


def test_texture_transform_and_second_uv_set(tmp_path: Path) -> None:
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(np.zeros((2, 2, 3), np.uint8))), "mimeType": "image/png"}]
    model.json["textures"] = [{"source": 0}]
    transform = {"offset": [0.5, 0.25], "rotation": np.pi / 2, "scale": [2, 3], "texCoord": 1}
    info = {"index": 0, "extensions": {"KHR_texture_transform": transform}}
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": info}}]
    uv = model.accessor(np.tile([0.1, 0.2], (8, 1)))
    model.node(mesh=model.cube(material=0, TEXCOORD_1=uv, NORMAL=model.accessor(np.tile([0, 0, 1.0], (8, 1)))))
    # Scaled to (0.2, 0.6); the extension turns u towards -v, so that a quarter turn gives (0.6, -0.2); then moved.
    np.testing.assert_allclose(read(model, tmp_path).levels[0].uvs, np.tile([1.1, 0.05], (8, 1)), atol=1e-6)


def test_material_extensions(tmp_path: Path) -> None:
    model = Model()
    glossy = {"diffuseFactor": [0.1, 0.2, 0.3, 1], "glossinessFactor": 0.25}
    model.json["materials"] = [
        {"extensions": {"KHR_materials_pbrSpecularGlossiness": glossy}},
        {"extensions": {"KHR_materials_unlit": {}}},
        {"emissiveFactor": [1, 0, 0], "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": 4}}},
    ]
    model.json["extensionsRequired"] = ["KHR_materials_pbrSpecularGlossiness"]
    for k in range(3):
        model.node(mesh=model.cube(material=k))
    gloss, unlit, lamp = read(model, tmp_path).materials
    assert gloss.base_color == pytest.approx((0.1, 0.2, 0.3, 1))
    assert (gloss.metallic, gloss.roughness) == (0, 0.75)
    assert (unlit.metallic, unlit.roughness) == (0, 1)
    assert lamp.emissive == (4, 0, 0)


# Containers


def test_gltf_with_data_uri_and_with_a_percent_encoded_file(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube())
    document = {key: value for key, value in model.json.items() if value}
    data = "data:application/octet-stream;base64," + base64.b64encode(model.binary).decode()
    for uri in (data, "my%20data.bin"):
        (tmp_path / "my data.bin").write_bytes(model.binary)
        document["buffers"] = [{"byteLength": len(model.binary), "uri": uri}]
        (tmp_path / "model.gltf").write_text(json.dumps(document))
        assert volume(read_gltf(tmp_path / "model.gltf", "a/b")) == pytest.approx(1)


def test_credit_from_the_file(tmp_path: Path) -> None:
    model = Model()
    model.node(mesh=model.cube())
    model.json["asset"]["extras"] = {"author": "Ann", "license": "CC-BY-4.0", "source": "https://example.org"}
    credit = read(model, tmp_path).credit
    assert (credit.author, credit.licence, credit.source) == ("Ann", "CC-BY-4.0", "https://example.org")


@pytest.mark.parametrize(("sides", "triangles"), [((True, False), 36), ((True, True), 24), ((False, False), 24)])
def test_only_what_is_two_sided_has_a_back(tmp_path: Path, sides: tuple[bool, bool], triangles: int) -> None:
    model = Model()
    model.json["materials"] = [{"doubleSided": side} for side in sides]
    for k in range(2):
        model.node(mesh=model.cube(material=k), translation=[3 * k, 0, 0])
    subject = read(model, tmp_path)
    assert len(subject.levels[0].indices) == triangles
    assert [m.double_sided for m in subject.materials] == [all(sides)] * 2
    if triangles == 36:  # inside and outside of the first cube cancel out
        assert volume(subject) == pytest.approx(1)
        assert outward(subject)


# How textures lie


def quadrants() -> np.ndarray:
    """Red, green / blue, white."""
    colors = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)
    return colors.repeat(32, 0).repeat(32, 1)


def square(low: float, high: float, **material: object) -> Model:
    """A square in x and y whose coordinates run from low to high, with the texture of four colours."""
    model = Model()
    model.json["images"] = [{"bufferView": model.view(png(quadrants()))}]
    model.json["textures"] = [{"source": 0, "sampler": 0}]
    model.json["samplers"] = [{}]
    model.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, **material}]
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.0]])
    uv = np.array([[low, low], [high, low], [high, high], [low, high]])
    attributes = {"NORMAL": model.accessor(np.tile([0, 0, 1.0], (4, 1))), "TEXCOORD_0": model.accessor(uv)}
    model.node(mesh=model.mesh(corners, [[0, 1, 2], [0, 2, 3]], material=0, **attributes))
    return model


def seen(subject: Subject, x: float, y: float, field: str = "base_color_texture") -> list[int]:
    """The texture's colour at a place of the square."""
    mesh = subject.levels[0]
    where = mesh.positions[:, :2].astype(np.float64)
    uvs = mesh.second_uvs if field in subject.materials[0].second else mesh.uvs
    assert uvs is not None
    affine = np.linalg.lstsq(np.column_stack([where, np.ones(len(where))]), uvs.astype(np.float64), rcond=None)[0]
    u, v = np.array([x, y, 1.0]) @ affine % 1.0
    texture = subject.textures[getattr(subject.materials[0], field)]
    color: list[int] = texture[int(v * texture.shape[0]), int(u * texture.shape[1]), :3].tolist()
    return color


RED, GREEN, BLUE, WHITE = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]


@pytest.mark.parametrize(("wrap", "color"), [(10497, [RED, GREEN]), (33071, [GREEN, GREEN]), (33648, [GREEN, RED])])
def test_wrap_modes(tmp_path: Path, wrap: int, color: list[list[int]]) -> None:
    """Two tiles along each side: what the first and the second quarter of the second tile show, in the first row."""
    model = square(0, 2)
    model.json["samplers"] = [{"wrapS": wrap}]
    subject = read(model, tmp_path)
    assert [seen(subject, x, 0.1) for x in (0.1, 0.4, 0.6, 0.9)] == [RED, GREEN, *color]
    assert seen(subject, 0.1, 0.6) == RED  # repeated along the other side


def test_textures_of_one_material_with_transforms_of_their_own(tmp_path: Path) -> None:
    emissive = {"index": 0, "extensions": {"KHR_texture_transform": {"scale": [2, 2], "offset": [0.5, 0]}}}
    subject = read(square(0, 1, emissiveTexture=emissive, emissiveFactor=[1, 1, 1]), tmp_path)
    places = [(0.1, 0.1), (0.35, 0.1), (0.6, 0.35), (0.9, 0.9)]
    assert [seen(subject, *at) for at in places] == [RED, RED, GREEN, WHITE]
    assert [seen(subject, *at, field="emissive_texture") for at in places] == [GREEN, RED, WHITE, BLUE]


def with_sets(model: Model, *more: object) -> Model:
    """The square with further sets of coordinates."""
    attributes = model.json["meshes"][0]["primitives"][0]["attributes"]
    attributes |= {f"TEXCOORD_{k}": model.accessor(np.array(uv)) for k, uv in enumerate(more, 1)}
    return model


MIRRORED = [[1, 0], [0, 0], [0, 1], [1, 1]]


def test_a_texture_in_a_second_set_of_coordinates(tmp_path: Path) -> None:
    model = square(0, 1, emissiveTexture={"index": 0, "texCoord": 1}, emissiveFactor=[1, 1, 1])
    subject = read(with_sets(model, MIRRORED), tmp_path)
    assert subject.materials[0].second == ("emissive_texture",)
    for x in (0.1, 0.9):
        assert seen(subject, x, 0.1) == (RED if x < 0.5 else GREEN)
        assert seen(subject, x, 0.1, "emissive_texture") == (GREEN if x < 0.5 else RED)


def test_the_transform_of_a_texture_says_its_set_last(tmp_path: Path) -> None:
    """It overrides the texture's own, turns its set alone, and wraps as its sampler says."""
    transform = {"texCoord": 2, "scale": [2, 1]}
    emissive = {"index": 1, "texCoord": 1, "extensions": {"KHR_texture_transform": transform}}
    model = square(0, 1, emissiveTexture=emissive, emissiveFactor=[1, 1, 1])
    model.json["textures"].append({"source": 0, "sampler": 1})
    model.json["samplers"].append({"wrapS": 33071})
    subject = read(with_sets(model, np.zeros((4, 2)), MIRRORED), tmp_path)
    assert [seen(subject, x, 0.1) for x in (0.1, 0.9)] == [RED, GREEN]
    assert [seen(subject, x, 0.1, "emissive_texture") for x in (0.1, 0.4, 0.6, 0.9)] == [GREEN, GREEN, GREEN, RED]


def test_a_material_all_of_whose_textures_lie_in_the_second_set_has_one(tmp_path: Path) -> None:
    model = square(0, 1)
    model.json["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]["texCoord"] = 1
    subject = read(with_sets(model, MIRRORED), tmp_path)
    assert subject.levels[0].second_uvs is None
    assert [seen(subject, x, 0.1) for x in (0.1, 0.9)] == [GREEN, RED]


def test_a_texture_in_a_third_set_of_coordinates_is_left_out(tmp_path: Path) -> None:
    more = {"normalTexture": {"index": 0, "texCoord": 1}, "emissiveTexture": {"index": 0, "texCoord": 2}}
    model = square(0, 1, **more, emissiveFactor=[1, 1, 1])
    subject = read(with_sets(model, MIRRORED, MIRRORED), tmp_path)
    assert (subject.materials[0].second, subject.materials[0].emissive_texture) == (("normal_texture",), -1)
    assert any("third set" in note for note in subject.notes)


def test_occlusion_is_as_strong_as_its_material_says(tmp_path: Path) -> None:
    subject = read(square(0, 1, occlusionTexture={"index": 0}), tmp_path)
    assert subject.materials[0].occlusion_texture == subject.materials[0].base_color_texture
    subject = read(square(0, 1, occlusionTexture={"index": 0, "strength": 0.4}), tmp_path)
    assert [seen(subject, x, 0.1, "occlusion_texture")[0] for x in (0.1, 0.9)] == [255, 153]


def test_what_repeats_too_often_to_be_drawn_anew_repeats(tmp_path: Path) -> None:
    model = square(0, 50)
    model.json["samplers"] = [{"wrapS": 33648}]
    subject = read(model, tmp_path)
    assert any("too often" in note for note in subject.notes)
    assert len(subject.textures) == 1
