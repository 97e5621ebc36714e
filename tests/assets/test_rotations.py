"""Rotations against SciPy's."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from diorama.assets.rotations import rotation_matrices


@pytest.mark.parametrize(("kind", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_matrices_are_those_of_the_quaternions(kind: type[np.floating], tolerance: float) -> None:
    rotations = Rotation.random(60, random_state=3)
    matrices = rotation_matrices(rotations.as_quat().reshape(4, 15, 4).astype(kind))
    assert matrices.dtype == kind
    np.testing.assert_allclose(matrices, rotations.as_matrix().reshape(4, 15, 3, 3), atol=tolerance)
