"""Cars of today: one row of measures each, after the proportions that cars of their kind have."""

from dataclasses import replace

from diorama.assets.procedural.cars_spec import Car

SEDAN = Car(
    id="car/sedan", length=4.62, width=1.80, height=1.45, wheelbase=2.70, front=0.92, wheel=0.64,
    hull=((0.16, 0.19), (0.02, 0.28), (0.0, 0.50), (0.03, 0.66), (0.22, 0.76), (1.30, 0.95, 0.4), (3.80, 1.06, 0.5),
        (4.54, 1.06, 0.07), (4.60, 0.92), (4.62, 0.62), (4.60, 0.36), (4.44, 0.22)),
    cabin=((1.12, 0.90), (2.02, 1.40, 0.35), (2.55, 1.47, 0.5), (3.15, 1.42, 0.4), (4.02, 1.03)),
    belt=(0.93, 0.99),
)  # fmt: skip

HATCHBACK = replace(
    SEDAN, id="car/hatchback", length=4.26, width=1.79, height=1.47, wheelbase=2.63, front=0.87, wheel=0.63,
    hull=((0.15, 0.19), (0.02, 0.28), (0.0, 0.48), (0.03, 0.66), (0.20, 0.77), (1.15, 0.97, 0.4), (3.60, 1.06, 0.5),
        (4.10, 1.03, 0.10), (4.22, 0.88), (4.26, 0.55), (4.24, 0.36), (4.12, 0.22)),
    cabin=((1.00, 0.92), (1.85, 1.41, 0.35), (2.45, 1.48, 0.5), (3.60, 1.43, 0.22), (4.16, 1.00)),
    belt=(0.95, 1.02), doors=(1.22, 2.32, 3.22), side_glass=((0.0, 3.70, -0.45),), tail_taper=0.09, bow=(0.20, 0.16),
    rear_glass=(0.07, 0.06), boot=(3.66, 0.50), bonnet=(0.14, 1.14),
    lamps=((0.63, 0.67, 0.16, 0.085, 12.0, "amber"),), tails=((0.64, 0.90, 0.13, 0.11, 0.0, "lens"),),
    grille=(0.42, 0.62, 0.69, 0.05), intake=(0.60, 0.27, 0.44, 0.06), bars=(2, 0, False), rim="cap",
    extras=("antenna", "spoiler"), plates=(0.48, 0.68),
)  # fmt: skip

ESTATE = replace(
    SEDAN, id="car/estate", length=4.74, height=1.48, wheelbase=2.76, front=0.93, width=1.82,
    hull=((0.16, 0.19), (0.02, 0.28), (0.0, 0.50), (0.03, 0.67), (0.22, 0.77), (1.28, 0.96, 0.4), (4.0, 1.06, 0.5),
        (4.62, 1.04, 0.08), (4.72, 0.88), (4.74, 0.60), (4.72, 0.36), (4.58, 0.22)),
    cabin=((1.10, 0.90), (2.00, 1.41, 0.35), (2.6, 1.49, 0.6), (4.22, 1.43, 0.16), (4.66, 1.00)),
    belt=(0.94, 1.01), doors=(1.30, 2.52, 3.48), side_glass=((0.0, 3.62, 0.15), (3.70, 4.28, -0.40)),
    rear_glass=(0.07, 0.06), boot=(4.26, 0.55), rim="ten", extras=("antenna", "rails"),
    tails=((0.68, 0.88, 0.11, 0.13, 0.0, "lens"),), grille=(0.36, 0.50, 0.70, 0.10), bars=(0, 9, True),
    lamps=((0.64, 0.67, 0.16, 0.07, 8.0, "lens"),), plates=(0.40, 0.74), screen_bow=(0.16, 0.10),
)  # fmt: skip

COUPE = replace(
    SEDAN, id="car/coupe", length=4.58, width=1.83, height=1.36, wheelbase=2.72, front=0.86, wheel=0.67,
    hull=((0.15, 0.16), (0.02, 0.25), (0.0, 0.46), (0.03, 0.62), (0.20, 0.72), (1.38, 0.91, 0.5), (3.7, 1.00, 0.5),
        (4.50, 1.00, 0.06), (4.57, 0.86), (4.58, 0.58), (4.55, 0.34), (4.40, 0.20)),
    cabin=((1.18, 0.86), (2.15, 1.30, 0.4), (2.65, 1.37, 0.5), (3.15, 1.32, 0.5), (4.22, 0.97)),
    belt=(0.89, 0.96), clearance=0.15, doors=(1.36, 2.72), side_glass=((0.0, 3.50, -0.6),), tumblehome=25.0,
    boot=(4.02, 0.60), bonnet=(0.14, 1.32), lamps=((0.64, 0.62, 0.17, 0.055, 14.0, "lens"),), shoulder=0.10,
    tails=((0.62, 0.82, 0.20, 0.065, 0.0, "lens"),), grille=(0.40, 0.42, 0.60, 0.10), intake=(0.66, 0.22, 0.32, 0.0),
    bars=(0, 0, False), rim="twin", extras=("antenna", "twin_exhaust", "spoiler"), plates=(0.36, 0.58), flare=0.02,
)  # fmt: skip

CONVERTIBLE = replace(
    COUPE, id="car/convertible", length=4.55, height=1.36, open=True, screen=1.36, belt=(0.91, 0.95),
    cabin=((1.22, 0.86), (2.02, 1.33, 0.3), (2.6, 1.36, 0.5), (3.1, 1.32, 0.5), (3.9, 0.97)),
    doors=(1.40, 2.66), pits=((1.75, 3.55, 0.10, 0.42),), boot=(3.80, 0.60), rear_glass=None, rim="five",
    extras=("rollbar", "back_seat", "tan", "twin_exhaust"), grille=(0.30, 0.54, 0.66, 0.04), bars=(0, 8, True),
    intake=(0.60, 0.22, 0.40, 0.08), plates=(0.36, 0.72), shiny=True,
)  # fmt: skip

ROADSTER = replace(
    CONVERTIBLE, id="car/roadster", length=3.95, width=1.69, height=1.23, screen=1.23, wheelbase=2.30, front=0.80,
    wheel=0.60, tyre=0.195,
    hull=((0.18, 0.16), (0.03, 0.26), (0.0, 0.42), (0.05, 0.58, 0.15), (0.35, 0.70, 0.25), (1.25, 0.84, 0.4),
        (3.0, 0.88, 0.4), (3.75, 0.86, 0.15), (3.92, 0.72), (3.95, 0.50), (3.90, 0.30), (3.75, 0.20)),
    cabin=((1.22, 0.78), (1.72, 1.20, 0.25), (2.2, 1.23, 0.4), (2.6, 1.18, 0.4), (3.1, 0.88)),
    belt=(0.83, 0.86), doors=(1.32, 2.30), pits=((1.50, 2.55, 0.10, 0.34),), boot=(3.02, 0.56), bonnet=(0.28, 1.14),
    nose_taper=0.16, tail_taper=0.12, bow=(0.26, 0.24), lamps=((0.56, 0.62, 0.11, 0.085, 0.0, "round"),),
    lamp_depth=0.75, tails=((0.55, 0.68, 0.12, 0.06, 0.0, "lens"),), grille=(0.0, 0, 0, 0), bars=(0, 0, False),
    intake=(0.36, 0.26, 0.42, -0.10), plates=(0.36, 0.52), extras=("rollbar",), shiny=False, seat=0.12, edge=0.16,
)  # fmt: skip

SUV = replace(
    SEDAN, id="car/suv", length=4.78, width=1.92, height=1.74, wheelbase=2.82, front=0.92, wheel=0.75, tyre=0.245,
    hull=((0.20, 0.26), (0.04, 0.36), (0.0, 0.60), (0.01, 0.90), (0.16, 1.04), (1.25, 1.15, 0.4), (4.1, 1.20, 0.5),
        (4.66, 1.18, 0.10), (4.77, 1.02), (4.78, 0.70), (4.76, 0.44), (4.56, 0.28)),
    cabin=((1.10, 1.06), (1.88, 1.66, 0.3), (2.5, 1.75, 0.6), (4.28, 1.69, 0.16), (4.70, 1.14)),
    belt=(1.12, 1.18), clearance=0.25, doors=(1.32, 2.46, 3.42), sill=0.42, arch_gap=0.06, cladding=0.42, lip=0.06,
    side_glass=((0.0, 3.52, 0.12), (3.60, 4.30, -0.30)), boot=(4.30, 0.62), rear_glass=(0.08, 0.06), flare=0.02,
    bonnet=(0.14, 1.22), lamps=((0.68, 0.88, 0.17, 0.075, 6.0, "lens"), (0.66, 0.46, 0.06, 0.06, 0.0, "fog")),
    tails=((0.76, 1.08, 0.10, 0.16, 0.0, "lens"),), grille=(0.44, 0.66, 0.94, 0.05), intake=(0.55, 0.36, 0.52, -0.05),
    bars=(4, 0, True), rim="ten", extras=("antenna", "rails", "spoiler", "boards"), plates=(0.58, 0.86),
    tumblehome=17.0, nose_taper=0.07, bow=(0.17, 0.10),
)  # fmt: skip

CROSSOVER = replace(
    SUV, id="car/crossover", length=4.18, width=1.79, height=1.57, wheelbase=2.58, front=0.84, wheel=0.68, tyre=0.215,
    hull=((0.20, 0.22), (0.03, 0.32), (0.0, 0.52), (0.03, 0.78), (0.20, 0.90), (1.10, 1.05, 0.4), (3.5, 1.15, 0.5),
        (4.02, 1.14, 0.12), (4.16, 0.96), (4.18, 0.62), (4.14, 0.38), (3.98, 0.24)),
    cabin=((0.98, 0.98), (1.76, 1.50, 0.35), (2.3, 1.58, 0.5), (3.52, 1.50, 0.22), (4.06, 1.08)),
    belt=(1.03, 1.13), clearance=0.20, doors=(1.20, 2.26, 3.14), sill=0.36, cladding=0.36, lip=0.055,
    side_glass=((0.0, 3.55, -0.45),), boot=(3.60, 0.56), rim="five_dark", extras=("antenna", "spoiler"),
    lamps=((0.60, 0.86, 0.19, 0.035, 8.0, "lens"), (0.66, 0.62, 0.085, 0.085, 0.0, "round")), nose_taper=0.10,
    bow=(0.22, 0.16), tails=((0.68, 0.98, 0.13, 0.10, -12.0, "lens"),), grille=(0.40, 0.58, 0.76, -0.08),
    intake=(0.48, 0.30, 0.44, 0.05), bars=(2, 0, False), plates=(0.50, 0.78), bonnet=(0.16, 1.06), tail_taper=0.10,
    two_tone=(("red", "white", "roof"), ("white", "black", "roof"), ("orange", "black", "roof")),
)  # fmt: skip

PICKUP = replace(
    SUV, id="car/pickup", length=5.35, width=1.88, height=1.80, wheelbase=3.20, front=0.95, wheel=0.77,
    hull=((0.22, 0.34), (0.05, 0.42), (0.0, 0.62), (0.0, 0.96), (0.12, 1.08), (1.25, 1.18, 0.3), (3.40, 1.20, 0.3),
        (5.28, 1.20, 0.04), (5.33, 1.10), (5.33, 0.70), (5.34, 0.52), (5.15, 0.44)),
    cabin=((1.12, 1.08), (1.85, 1.72, 0.25), (2.4, 1.81, 0.5), (3.30, 1.77, 0.14), (3.62, 1.16, 0.1)),
    belt=(1.14, 1.17), clearance=0.32, doors=(1.36, 2.46, 3.40), sill=0.46, cladding=0.0, lip=0.06,
    side_glass=((0.0, 3.30, -0.10),), boot=(5.20, 0.70), hinge="low", rear_glass=(0.08, 0.06), bonnet=(0.12, 1.22),
    pits=((3.74, 5.24, 0.11, 0.78),), lamps=((0.68, 0.90, 0.15, 0.10, 2.0, "amber"),), lamp_depth=0.35,
    tails=((0.83, 0.95, 0.09, 0.18, 0.0, "lens"),), grille=(0.48, 0.70, 1.00, 0.02), bars=(3, 0, True),
    intake=(0.50, 0.40, 0.54, 0.0), plates=(0.55, 0.57), bumpers="chrome", bumper=0.54, rim="six",
    extras=("mast", "boards"), nose_taper=0.05, bow=(0.13, 0.05), tail_taper=0.03, tail_reach=0.6, edge=0.09,
    cabin_taper=(0.04, 0.02), screen_bow=(0.14, 0.04), tumblehome=15.0,
)  # fmt: skip

VAN = replace(
    SUV, id="car/van", length=5.45, width=2.02, height=2.45, wheelbase=3.28, front=0.98, wheel=0.69, tyre=0.215,
    hull=((0.18, 0.26), (0.03, 0.34), (0.0, 0.60), (0.08, 0.98), (0.30, 1.14, 0.2), (1.05, 1.40, 0.3),
        (1.9, 1.46, 0.5), (5.38, 1.46, 0.05), (5.43, 1.20), (5.45, 0.70), (5.43, 0.42), (5.30, 0.30)),
    cabin=((0.85, 1.28), (1.62, 2.16, 0.35), (2.3, 2.46, 0.5), (5.34, 2.45, 0.12), (5.43, 1.30)),
    belt=(1.30, 1.30), clearance=0.24, doors=(1.28, 2.18), sill=0.42, cladding=0.40, lip=0.0, rail=0.20,
    side_glass=((0.0, 2.06, -0.05),), boot=(5.30, 0.55), rear_glass=(0.35, 0.12), bonnet=(0.20, 0.98), tumblehome=4.5,
    barrel=0.02, shoulder=0.02, tail_taper=0.02, cabin_taper=(0.12, 0.02),
    lamps=((0.76, 0.96, 0.13, 0.15, 10.0, "amber"),), tails=((0.93, 1.05, 0.06, 0.24, 0.0, "lens"),),
    grille=(0.46, 0.72, 0.90, 0.06), bars=(3, 0, False), flare=0.0, intake=(0.62, 0.36, 0.50, 0.0),
    plates=(0.56, 0.62), rim="steel", extras=("big_mirrors",), screen_bow=(0.24, 0.02), bow=(0.22, 0.03),
    nose_taper=0.10, roof_crown=0.07, crown=0.08, fillet=0.09, bumpers="", nose_reach=1.3, inset=0.05,
    paints=("white", "silver", "ice", "grey", "navy", "yellow", "red", "graphite", "blue", "green", "orange", "black",
        "beige", "sky"), seat=0.30,
)  # fmt: skip

MINIVAN = replace(
    SUV, id="car/minivan", length=5.02, width=1.96, height=1.74, wheelbase=3.02, front=0.98, wheel=0.68, tyre=0.225,
    hull=((0.18, 0.20), (0.03, 0.30), (0.0, 0.52), (0.03, 0.72), (0.22, 0.84), (1.05, 1.04, 0.4), (4.3, 1.14, 0.5),
        (4.88, 1.12, 0.10), (5.00, 0.94), (5.02, 0.62), (5.0, 0.36), (4.86, 0.22)),
    cabin=((0.82, 0.96), (2.00, 1.63, 0.45), (2.7, 1.75, 0.6), (4.52, 1.68, 0.16), (4.94, 1.08)),
    belt=(1.02, 1.10), clearance=0.19, doors=(1.42, 2.62, 3.66), sill=0.32, cladding=0.0, lip=0.0, arch_gap=0.05,
    side_glass=((0.0, 3.62, 0.0), (3.70, 4.56, -0.30)), boot=(4.54, 0.50), bonnet=(0.14, 0.98), rim="seven",
    lamps=((0.66, 0.70, 0.18, 0.085, 14.0, "amber"),), tails=((0.80, 1.02, 0.09, 0.20, 0.0, "lens"),),
    grille=(0.40, 0.54, 0.70, 0.06), intake=(0.62, 0.28, 0.42, 0.0), plates=(0.42, 0.82), extras=("antenna", "rails"),
    tumblehome=16.0, bow=(0.24, 0.12), shoulder=0.05, lamp_depth=0.7,
)  # fmt: skip

CITY = replace(
    HATCHBACK, id="car/city", length=3.56, width=1.63, height=1.49, wheelbase=2.30, front=0.72, wheel=0.57,
    tyre=0.175,
    hull=((0.16, 0.19), (0.03, 0.28), (0.0, 0.46), (0.03, 0.68, 0.15), (0.24, 0.82, 0.2), (0.90, 0.97, 0.3),
        (3.0, 1.03, 0.4), (3.42, 0.99, 0.15), (3.53, 0.80), (3.56, 0.52), (3.54, 0.34), (3.42, 0.22)),
    cabin=((0.72, 0.90), (1.42, 1.42, 0.35), (1.95, 1.50, 0.5), (2.90, 1.43, 0.35), (3.46, 0.96)),
    belt=(0.95, 1.00), doors=(1.02, 2.18), side_glass=((0.0, 3.10, -0.45),), boot=(2.98, 0.50), bonnet=(0.20, 0.86),
    nose_taper=0.15, tail_taper=0.12, bow=(0.26, 0.20), lamps=((0.55, 0.70, 0.10, 0.095, 0.0, "round"),
        (0.52, 0.47, 0.06, 0.055, 0.0, "fog")), tails=((0.58, 0.80, 0.08, 0.12, 0.0, "lens"),), edge=0.16,
    roof_edge=0.18, grille=(0.0, 0, 0, 0), intake=(0.46, 0.26, 0.40, 0.05), bars=(0, 0, False), rim="cap",
    extras=("mast",), shiny=True, plates=(0.46, 0.62), lamp_depth=0.36, two_tone=(("red", "white", "roof"),
        ("mint", "white", "roof"), ("cream", "burgundy", "roof")), paints=("white", "red", "mint", "cream", "black",
        "grey", "sky", "yellow", "pearl", "blue", "green", "silver", "orange", "burgundy"),
)  # fmt: skip

SPORTS = replace(
    COUPE, id="car/sports", length=4.48, width=1.92, height=1.20, wheelbase=2.64, front=1.02, wheel=0.68, tyre=0.27,
    hull=((0.20, 0.13), (0.02, 0.20), (0.0, 0.34), (0.05, 0.46), (0.30, 0.60, 0.2), (0.85, 0.83, 0.3),
        (1.20, 0.87, 0.4), (3.2, 0.92, 0.5), (4.36, 0.93, 0.06), (4.46, 0.84), (4.46, 0.56), (4.42, 0.30),
        (4.24, 0.18)),
    cabin=((1.00, 0.80), (1.95, 1.16, 0.4), (2.35, 1.21, 0.5), (2.80, 1.17, 0.5), (4.10, 0.88)),
    belt=(0.84, 0.93), clearance=0.12, doors=(1.42, 2.55), side_glass=((0.0, 2.85, -0.9),), boot=(3.95, 0.58),
    bonnet=(0.26, 1.10), lamps=((0.68, 0.55, 0.16, 0.06, 22.0, "lens"),), lamp_depth=0.58, nose_taper=0.14,
    tails=((0.64, 0.76, 0.10, 0.075, 0.0, "round"),), grille=(0.30, 0.18, 0.34, -0.06), intake=(0.0, 0, 0, 0),
    plates=(0.40, 0.50), rim="five", extras=("twin_exhaust", "wing"), flare=0.035, flare_reach=0.25, bow=(0.30, 0.14),
    shoulder=0.17, tumblehome=26.0, cabin_taper=(0.10, 0.14), sill=0.24, arch_gap=0.04, nose_reach=1.0, seat=0.08,
    edge=0.15, section=((-0.1, -0.10), (0.0, -0.05), (0.12, -0.02), (0.40, -0.045), (0.75, 0.0), (0.82, -0.004),
        (1.0, -0.05)), paints=("red", "yellow", "black", "white", "silver", "orange", "graphite", "blue", "green",
        "grey", "sky", "pearl", "navy", "bronze"), two_tone=(("white", "blue", "stripes"), ("red", "black", "roof")),
)  # fmt: skip

LIMOUSINE = replace(
    SEDAN, id="car/limousine", length=5.42, width=1.92, height=1.52, wheelbase=3.30, front=0.90, wheel=0.74,
    tyre=0.25,
    hull=((0.12, 0.19), (0.02, 0.28), (0.0, 0.50), (0.0, 0.84, 0.06), (0.14, 0.93, 0.12), (1.62, 1.03, 0.4),
        (4.3, 1.06, 0.5), (5.30, 1.00, 0.12), (5.40, 0.84), (5.42, 0.58), (5.38, 0.36), (5.22, 0.22)),
    cabin=((1.52, 0.98), (2.30, 1.46, 0.35), (2.9, 1.53, 0.6), (3.75, 1.48, 0.4), (4.55, 1.04)),
    belt=(1.03, 1.05), doors=(1.62, 2.72, 3.90), side_glass=((0.0, 4.02, -0.5),), boot=(4.62, 0.62),
    bonnet=(0.12, 1.56), lamps=((0.70, 0.75, 0.15, 0.06, 0.0, "lens"), (0.70, 0.58, 0.05, 0.05, 0.0, "fog")),
    nose_taper=0.07, bow=(0.10, 0.10), tails=((0.74, 0.82, 0.11, 0.11, 0.0, "lens"),), grille=(0.34, 0.50, 0.90, 0.0),
    bars=(0, 15, True), intake=(0.55, 0.26, 0.36, 0.0), rim="mesh", shiny=True, extras=("antenna", "twin_exhaust"),
    plates=(0.42, 0.66), paints=("black", "silver", "navy", "white", "graphite", "burgundy", "pearl", "grey",
        "bronze", "green", "beige", "blue", "cream", "red"), two_tone=(("navy", "silver", "low"),
        ("black", "burgundy", "low"), ("silver", "black", "roof")),
)  # fmt: skip

FASTBACK = replace(
    SEDAN, id="car/electric", length=4.70, width=1.85, height=1.44, wheelbase=2.87, front=0.84, wheel=0.67,
    tyre=0.235,
    hull=((0.16, 0.16), (0.02, 0.25), (0.0, 0.44), (0.04, 0.60, 0.15), (0.30, 0.74, 0.25), (1.15, 0.92, 0.4),
        (3.7, 1.06, 0.5), (4.60, 1.09, 0.05), (4.68, 0.94), (4.70, 0.60), (4.66, 0.36), (4.52, 0.20)),
    cabin=((0.88, 0.84), (2.00, 1.36, 0.5), (2.60, 1.46, 0.6), (3.20, 1.40, 0.6), (4.42, 1.05)),
    belt=(0.92, 1.01), clearance=0.15, doors=(1.34, 2.52, 3.44), side_glass=((0.0, 3.86, -0.6),), boot=(4.16, 0.64),
    bonnet=(0.24, 1.02), lamps=((0.64, 0.64, 0.20, 0.05, 16.0, "lens"),), lamp_depth=0.75, nose_taper=0.13,
    bow=(0.28, 0.14), tails=((0.64, 0.90, 0.20, 0.055, -6.0, "lens"),), grille=(0.0, 0, 0, 0), bars=(0, 0, True),
    intake=(0.66, 0.22, 0.30, -0.05), rim="ten_dark", extras=("electric",), plates=(0.44, 0.76), roof_edge=0.18,
    edge=0.15,
)  # fmt: skip

CREW = replace(
    PICKUP, id="car/crewcab", length=5.60, width=2.02, height=1.93, wheelbase=3.50, front=0.95, wheel=0.83, tyre=0.27,
    hull=((0.20, 0.40), (0.04, 0.46), (0.0, 0.66), (0.0, 1.12), (0.10, 1.22), (1.35, 1.30, 0.3), (3.55, 1.30, 0.3),
        (5.54, 1.30, 0.04), (5.58, 1.20), (5.58, 0.76), (5.58, 0.56), (5.4, 0.48)),
    cabin=((1.22, 1.20), (2.00, 1.85, 0.25), (2.6, 1.94, 0.5), (3.58, 1.90, 0.14), (3.84, 1.28, 0.1)),
    belt=(1.24, 1.27), clearance=0.36, doors=(1.46, 2.60, 3.64), sill=0.50, pits=((3.98, 5.48, 0.11, 0.86),),
    boot=(5.44, 0.78), side_glass=((0.0, 3.56, -0.08),), bonnet=(0.10, 1.32),
    lamps=((0.78, 1.00, 0.13, 0.14, 0.0, "amber"),), tails=((0.90, 1.04, 0.08, 0.17, 0.0, "lens"),),
    grille=(0.58, 0.76, 1.14, 0.0), bars=(4, 3, True), plates=(0.60, 0.62), bumper=0.58, lip=0.0, rim="classic",
    extras=("mast", "boards"), two_tone=(("white", "beige", "low"), ("black", "silver", "low"),
        ("red", "silver", "low")),
)  # fmt: skip
