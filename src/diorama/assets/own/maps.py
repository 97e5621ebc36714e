"""Which map of which material a file is, by its name, as the makers of materials call them.

ambientCG     Bricks059_1K-JPG_Color, _NormalGL, _NormalDX, _Roughness, _Metalness, _AmbientOcclusion, _Displacement
Poly Haven    brick_wall_001_diff_4k, _nor_gl_4k, _nor_dx_4k, _rough_4k, _arm_4k, _metal_4k, _ao_4k, _disp_4k
Quixel        vbblebcn_4K_Albedo, _Normal, _Roughness or _Gloss, _Metalness, _AO, _Displacement
Substance     Bricks_BaseColor or _Base_Color, _Normal, _Roughness, _Metallic, _OcclusionRoughnessMetallic, _Height
others        albedo.jpg, normal.jpg … in a folder named after the material
"""

import re
from collections.abc import Sequence
from pathlib import Path

_ROLES = {
    "color": "color colour col albedo alb diffuse diff basecolor basecolour basemap",
    "normal_gl": "normalgl normalopengl norgl nrmgl normalogl normgl",
    "normal_dx": "normaldx normaldirectx nordx nrmdx normdx",
    "normal": "normal normals nor nrm nrml norm normalmap",
    "roughness": "roughness rough rgh",
    "gloss": "gloss glossiness glossy smoothness smooth",
    "metal": "metalness metallic metal metallicness mtl",
    "occlusion": "ambientocclusion ao occlusion occ ambient mixedao",
    "height": "displacement disp height bump heightmap displace",
    "arm": "arm orm aorm occlusionroughnessmetallic occlusionroughnessmetalness aoroughmetal aoroughnessmetallic",
    "unused": "opacity alpha mask emissive emission translucency specular spec specularlevel refl reflection cavity "
    "fuzz curvature transmission scattering thickness idmask preview thumbnail thumb render sphere anisotropy ior",
}
ROLES = {name: role for role, names in _ROLES.items() for name in names.split()}
"""What a map holds, by the words of its name, small and joined."""

_TAIL = re.compile(
    r"(?:^|[-_. ])(?:\d{1,2}k|512|1024|2048|4096|8192|jpe?g|png|exr|tiff?|8bit|16bit|32bit|lod\d)$", re.I
)
_VARIANT = re.compile(r"[-_. ]?var\d+(?=[-_. ]|$)", re.I)  # Poliigon's colours
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST = 3  # words in the name of a map


def role_of(stem: str) -> tuple[str, str]:
    """The material's name and the map's role, of a file's name without suffix; the role is empty where none is told.

    The name is empty where the file is named after its role alone.
    """
    plain, tail = _VARIANT.sub("", stem), ""
    while found := _TAIL.search(plain):
        plain, tail = plain[: found.start()], plain[found.start() :] + tail
    words = list(_WORD.finditer(plain))
    for count in range(min(_LONGEST, len(words)), 0, -1):
        last = words[-count:]
        if last[-1].end() != len(plain):
            break
        role = ROLES.get("".join(word[0] for word in last).lower())
        start = last[0].start()
        if role and (start == 0 or not plain[start - 1].isalnum() or plain[start].isupper()):
            return (plain[:start].rstrip("-_. ") + tail).strip("-_. "), role
    return stem, ""


def groups(paths: Sequence[Path]) -> tuple[dict[Path, dict[str, Path]], list[str]]:
    """The surfaces among files of one folder: their names, the files of each by role, and notes on what is unused."""
    sets: dict[str, dict[str, Path]] = {}
    plain: list[Path] = []
    notes: list[str] = []
    for path in paths:
        base, role = role_of(path.stem)
        if not role:
            plain.append(path)
        elif role == "unused":
            notes.append(f"{path.name}: not used, surfaces have no such map")
        elif role in sets.setdefault(base.lower(), {"": path.parent / base if base else path.parent}):
            notes.append(f"{path.name}: not used, {sets[base.lower()][role].name} is")
        else:
            sets[base.lower()][role] = path
    out: dict[Path, dict[str, Path]] = {}
    for path in plain:
        own = sets.get(path.stem.lower())
        if own is not None and "color" not in own:  # "carbon" beside "carbon_normal"
            own["color"] = path
        elif any(base and base.startswith(path.stem.lower()) for base in sets):
            notes.append(f"{path.name}: not used, it looks like a preview")
        else:
            out[path.with_suffix("")] = {"color": path}
    for base, roles in sets.items():
        name = roles.pop("")
        if "color" not in roles and (not base or len(roles) == 1):  # "Rough.jpg" by itself is a picture of something
            out |= {path.with_suffix(""): {"color": path} for path in roles.values()}
        else:
            out[name] = dict(roles)
    return out, notes
