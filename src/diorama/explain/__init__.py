"""Why a classifier says what it says: heat maps, their scores against exact truth, and counterfactual images.

    maps ────► figure            where a model looks (Grad-CAM, occlusion), as a picture
      └──────► scores            how far that is the subject, its head, body and legs: on Diorama's own images,
                 ▲               whose masks are drawn again from recipe, seed and index
    replay ──────┤
      └──────► counterfactual    the same image with one factor changed, and how the prediction moves

`replay`, `parts` and `changes` need no classifier, `maps` and `curves` no renderer.
"""

from diorama.extras import require

require("captum", "matplotlib", "scipy")
