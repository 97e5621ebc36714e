"""A glTF 2.0 primitive's indices and vertex attributes, plain or in Draco's compression."""

import numpy as np
from numpy.typing import NDArray

from diorama.assets.gltf_compressed import DRACO, DracoMesh
from diorama.assets.gltf_fields import Fields
from diorama.assets.gltf_file import COMPONENTS, WIDTHS, GltfFile, normalized
from diorama.assets.subject import F32, U32


class Attributes:
    """Reads what a primitive names, from wherever it lies.

    Attributes:
        names: The vertex attributes that it has.
        packed: Whether it is in Draco's compression, whose triangles are never strips.
    """

    def __init__(self, file: GltfFile, at: Fields) -> None:
        self._file, self._at = file, at
        self._accessors = dict(at.child("attributes").named_references("accessors"))
        self.names = frozenset(self._accessors)
        extensions = at.child("extensions")
        self._draco: DracoMesh | None = None
        self.packed = DRACO in extensions
        self._packed: dict[str, object] = {}
        if self.packed:
            packed = extensions.child(DRACO)
            self._packed = packed.child("attributes").values
            self._draco = DracoMesh(packed, file.view(packed.required("bufferView", "bufferViews")))
            file.spend(sum(data.size for data in self._draco.attributes.values()) + self._draco.indices.size, packed)

    def raw(self, name: str, *kinds: str) -> NDArray[np.generic]:
        """(V, width) of an attribute as stored; normalised whole numbers as float32."""
        index = self._accessors[name]
        if self._draco is None or name not in self._packed:
            return self._file.accessor(index, *kinds)
        at = self._file.items("accessors")[index]
        kind, component = at.text("type"), at.integer("componentType")
        number = self._packed[name]
        data = self._draco.attributes.get(number) if isinstance(number, int) else None
        where = self._at.child("extensions", DRACO)
        if data is None or (kinds and kind not in kinds) or component not in COMPONENTS:
            raise where.error(f"attributes.{name}", "the Draco mesh has no such attribute")
        if data.shape[1] != WIDTHS.get(kind):
            raise where.error(f"attributes.{name}", f"it is {data.shape[1]} wide, but its accessor says {kind[:20]}")
        return normalized(at, data.astype(np.dtype(COMPONENTS[component]).newbyteorder("=")))

    def finite(self, name: str, count: int, *kinds: str) -> F32 | None:
        """(V, width) of an attribute as float32, None where the primitive has none; what is not finite becomes 0."""
        if name not in self._accessors:
            return None
        values = self.raw(name, *kinds).astype(np.float32)
        if len(values) != count:
            raise self._at.error(f"attributes.{name}", f"{len(values)} elements for {count} vertices")
        if not np.isfinite(values).all():
            self._file.note("values that are not finite are set to 0", f"{self._at.path}.{name}")
            values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        return values

    def indices(self, count: int) -> U32:
        """(N,) vertices in the order in which the primitive names them."""
        if self._draco is not None:
            flat: NDArray[np.generic] = self._draco.indices
        else:
            accessor = self._at.reference("indices", "accessors")
            if accessor < 0:
                return np.arange(count, dtype=np.uint32)
            flat = self._file.accessor(accessor, "SCALAR")[:, 0]
        if flat.dtype.kind != "u":
            raise self._at.error("indices", "indices must be unsigned whole numbers")
        if len(flat) and int(flat.max()) >= count:
            raise self._at.error("indices", f"index {int(flat.max())} is beyond the {count} vertices")
        return flat.astype(np.uint32)

    def positions(self) -> F32:
        """(V, 3), all finite."""
        values = self.raw("POSITION", "VEC3").astype(np.float32)
        if not np.isfinite(values).all():
            where = self._file.items("accessors")[self._accessors["POSITION"]]
            raise where.error("", "its values are not all finite numbers")
        return values
