"""What cars are made of."""

from diorama.assets.procedural.solids import Finish
from diorama.assets.subject import Material

# Clear coat over flakes: smooth, and a little metallic. Panes have nothing behind them: they are dark, and reflect what
# two faces of glass would.
_PAINT = Material(name="paint", roughness=0.16, metallic=0.12)
_GLASS = Material(name="glass", roughness=0.04, metallic=0.45)
_CHROME = Material(name="chrome", roughness=0.12, metallic=1.0)
_ALLOY = Material(name="alloy", roughness=0.34, metallic=0.75)
_BOWL = Material(name="reflector", roughness=0.22, metallic=0.85)
_LENS = Material(name="lens", roughness=0.07, metallic=0.25)
_PLASTIC = Material(name="plastic", roughness=0.55)
_MATT = Material(name="matt", roughness=0.92)

PAINT = Finish(_PAINT, (0.008, 0.008, 0.008), coat=1.0)
STRIPE = Finish(_PAINT, (0.009, 0.008, 0.008), coat=1.0)  # paint where stripes may lie
GLASS = Finish(_GLASS, (0.115, 0.127, 0.13))
PANE = Finish(_GLASS, (0.06, 0.064, 0.066))  # before seats and other dark things
SEAL = Finish(_PLASTIC, (0.012, 0.012, 0.012))
GAP = Finish(_MATT, (0.006, 0.006, 0.006))
SEAM = Finish(_MATT, (0.007, 0.007, 0.007))
CHROME = Finish(_CHROME, (0.72, 0.72, 0.74))
ALLOY = Finish(_ALLOY, (0.55, 0.56, 0.58))
DARK_ALLOY = Finish(_ALLOY, (0.05, 0.05, 0.055))
STEEL = Finish(_ALLOY, (0.20, 0.20, 0.21))
BOWL = Finish(_BOWL, (0.42, 0.44, 0.47))
BULB = Finish(_LENS, (0.85, 0.87, 0.9))
RED = Finish(_LENS, (0.42, 0.008, 0.012))
DARK_RED = Finish(_LENS, (0.16, 0.004, 0.006))
AMBER = Finish(_LENS, (0.75, 0.22, 0.01))
WHITE = Finish(_LENS, (0.6, 0.6, 0.6))
PLASTIC = Finish(_PLASTIC, (0.022, 0.022, 0.023))
UNDER = Finish(_MATT, (0.010, 0.010, 0.010))
RUBBER = Finish(_MATT, (0.018, 0.018, 0.018))
TRIM = Finish(_MATT, (0.035, 0.034, 0.033))
TAN = Finish(_MATT, (0.22, 0.13, 0.07))
DISC = Finish(_ALLOY, (0.07, 0.07, 0.07))
COVER = Finish(_ALLOY, (0.42, 0.43, 0.45))
PLATE = Finish(_PLASTIC, (0.62, 0.62, 0.60))
SIGN = Finish(Material(name="sign", roughness=0.4, emissive=(0.25, 0.2, 0.06)), (0.8, 0.7, 0.3))
INK = Finish(_PLASTIC, (0.02, 0.02, 0.03))
