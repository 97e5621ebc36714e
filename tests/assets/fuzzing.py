"""A fuzz target for the importers: whatever the bytes, a model loads or is refused by an AssetError.

`pip install atheris`, then `python -m tests.assets.fuzzing CORPUS -max_total_time=3600` looks for bytes that break
this, guided by what code they reach (libFuzzer's options follow the folder of the corpus, which it fills). Small models
to begin with are in `seeds`; the folder may also hold files of others.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import numpy as np

from diorama.errors import AssetError

# The importers are imported where they are used: after atheris has prepared to watch them.

MAX_SIZE = 1 << 18


def one(data: bytes) -> bool:
    """Whether these bytes are a model; raises what an importer should not."""
    from diorama.assets.models import load_model

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.glb"
        path.write_bytes(data[:MAX_SIZE])
        try:
            subject = load_model(path, "fuzz/model")
        except AssetError as error:
            if not error.mend or len(str(error)) > 600:
                raise AssertionError(str(error)) from error
            return False
    assert np.isfinite(subject.levels[0].positions).all()
    return True


def seeds() -> list[bytes]:
    """Models that use what there is: skins, clips, textures of all kinds, all compressions."""
    import DracoPy

    from tests.assets.glb import CORNERS, CUBE, Model, arm
    from tests.assets.ktx import plain_ktx2, solid_uastc
    from tests.assets.test_gltf_compressed import draco_cube, packed_cube, textured

    whole = arm()
    morph = Model()
    mesh = morph.cube()
    offsets = morph.accessor(np.tile([0, 4.0, 0], (8, 1)))
    morph.json["meshes"][mesh]["primitives"][0]["targets"] = [{"POSITION": offsets}]
    morph.json["meshes"][mesh]["weights"] = [0.5]
    morph.node(mesh=mesh)
    pixels = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    models = [
        whole,
        morph,
        packed_cube(),
        packed_cube(mode="INDICES"),
        draco_cube(DracoPy.encode(CORNERS, CUBE.astype(np.uint32), compression_level=0)),
        draco_cube(DracoPy.encode(CORNERS, CUBE.astype(np.uint32), compression_level=7)),
        textured(plain_ktx2(pixels, 2), "KHR_texture_basisu"),
        textured(solid_uastc((9, 8, 7, 255)), "KHR_texture_basisu"),
    ]
    return [model.bytes() for model in models]


def main() -> None:
    """Runs until a fault is found, or as long as libFuzzer's options say."""
    atheris = import_module("atheris")  # not a dependency: it comes for few systems
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["diorama.assets"]):
        import diorama.assets.models  # noqa: F401  what is imported here is watched
    for k, data in enumerate(seeds()):
        (folder / f"seed{k}.glb").write_bytes(data)

    def target(data: bytes) -> None:
        one(data)

    atheris.Setup([sys.argv[0], f"-max_len={MAX_SIZE}", *sys.argv[1:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
