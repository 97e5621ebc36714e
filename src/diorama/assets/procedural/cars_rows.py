"""Cars of yesterday, and all rows."""

from dataclasses import replace

from diorama.assets.procedural.cars_rows_modern import (
    CITY,
    CONVERTIBLE,
    COUPE,
    CREW,
    CROSSOVER,
    ESTATE,
    FASTBACK,
    HATCHBACK,
    LIMOUSINE,
    MINIVAN,
    PICKUP,
    ROADSTER,
    SEDAN,
    SPORTS,
    SUV,
    VAN,
)

SALOON = replace(
    SEDAN, id="car/saloon", length=4.70, width=1.75, height=1.44, wheelbase=2.72, front=0.85, wheel=0.63, tyre=0.18,
    hull=((0.16, 0.24), (0.06, 0.32), (0.04, 0.50), (0.02, 0.82, 0.04), (0.10, 0.87, 0.06), (1.40, 0.93, 0.3),
        (3.6, 0.95, 0.3), (4.58, 0.91, 0.05), (4.66, 0.80), (4.62, 0.50), (4.60, 0.32), (4.46, 0.26)),
    cabin=((1.38, 0.88), (1.92, 1.37, 0.18), (2.45, 1.45, 0.5), (3.10, 1.40, 0.18), (3.66, 0.92)),
    belt=(0.93, 0.94), doors=(1.46, 2.42, 3.32), side_glass=((0.0, 3.36, -0.35),), tumblehome=21.0, barrel=0.02,
    boot=(3.74, 0.50), bonnet=(0.08, 1.36), bow=(0.07, 0.06), nose_taper=0.05, tail_taper=0.06, shoulder=0.06,
    lamps=((0.70, 0.70, 0.085, 0.085, 0.0, "round"), (0.50, 0.70, 0.085, 0.085, 0.0, "round")), lamp_depth=0.25,
    tails=((0.68, 0.68, 0.16, 0.09, 0.0, "amber"),), grille=(0.36, 0.60, 0.82, 0.0), intake=(0.0, 0, 0, 0),
    bars=(6, 1, True), bumpers="chrome", bumper=0.46, rim="steel", extras=("mast", "strip"), shiny=True,
    plates=(0.45, 0.60), edge=0.055, roof_edge=0.10, round=0.05, cabin_round=0.14, arch_gap=0.035,
    screen_bow=(0.08, 0.07), pillar=0.05, crown=0.03, section=((-0.1, -0.08), (0.0, -0.06), (0.12, -0.02),
        (0.5, -0.005), (0.78, 0.0), (0.86, -0.012), (1.0, -0.03)), crease=0.015, paints=("beige", "white", "navy",
        "green", "burgundy", "cream", "bronze", "silver", "black", "sky", "red", "yellow", "olive", "grey", "mint"),
    two_tone=(("burgundy", "cream", "roof"), ("navy", "white", "roof")),
)  # fmt: skip

BEETLE = replace(
    SALOON, id="car/beetle", length=4.07, width=1.55, height=1.50, wheelbase=2.40, front=0.74, wheel=0.65, tyre=0.155,
    hull=((0.34, 0.24), (0.20, 0.34), (0.16, 0.52, 0.2), (0.30, 0.78, 0.25), (0.72, 0.95, 0.25), (1.30, 0.98, 0.3),
        (2.7, 1.02, 0.4), (3.42, 0.92, 0.35), (3.86, 0.60, 0.3), (3.92, 0.36), (3.70, 0.24)),
    cabin=((1.14, 0.86), (1.50, 1.36, 0.25), (2.00, 1.51, 0.4), (2.52, 1.43, 0.4), (3.42, 0.80)),
    belt=(0.94, 0.95), clearance=0.22, doors=(1.22, 2.18), sill=0.34, side_glass=((0.0, 2.82, -0.5),), shoulder=0.05,
    tumblehome=14.0, fender=0.40, pinch=0.13, arch_gap=0.02, boot=None, bonnet=(0.42, 1.16), nose_taper=0.34,
    nose_reach=1.2, tail_taper=0.36, tail_reach=1.6, bow=(0.16, 0.22), crown=0.14, roof_crown=0.09, edge=0.20,
    roof_edge=0.24, cabin_round=0.30, round=0.18, lamps=((0.60, 0.66, 0.09, 0.085, 0.0, "round"),), lamp_depth=0.8,
    tails=((0.60, 0.60, 0.055, 0.075, 0.0, "round"),), grille=(0.0, 0, 0, 0), bars=(0, 0, True), bumper=0.40,
    rim="moon", extras=("mast", "boards", "whitewall"), plates=(0.42, 0.62), cabin_taper=(0.05, 0.22),
    screen_bow=(0.08, 0.10), rear_glass=(0.16, 0.26), fillet=0.06, inset=0.05, crease=0.05, rail=0.085,
    section=((-0.1, -0.06), (0.0, -0.03), (0.3, 0.0), (0.7, 0.0), (1.0, -0.02)), pillar=0.06, paints=("cream", "mint",
        "red", "sky", "beige", "black", "white", "green", "navy", "yellow", "grey", "burgundy", "orange", "silver"),
    two_tone=(("mint", "white", "roof"), ("red", "cream", "roof"), ("sky", "white", "low")),
)  # fmt: skip

MUSCLE = replace(
    SALOON, id="car/muscle", length=4.82, width=1.93, height=1.33, wheelbase=2.80, front=0.94, wheel=0.67, tyre=0.24,
    hull=((0.20, 0.22), (0.08, 0.30), (0.05, 0.46), (0.0, 0.76, 0.04), (0.08, 0.82, 0.06), (1.75, 0.93, 0.4),
        (3.4, 0.97, 0.4), (4.70, 0.97, 0.05), (4.82, 0.84, 0.04), (4.70, 0.56), (4.66, 0.34), (4.50, 0.24)),
    cabin=((1.72, 0.86), (2.38, 1.26, 0.22), (2.80, 1.34, 0.4), (3.25, 1.29, 0.35), (4.35, 0.94)),
    belt=(0.92, 0.95), doors=(1.62, 2.86), side_glass=((0.0, 3.30, -0.30),), boot=(4.20, 0.56), bonnet=(0.10, 1.70),
    lamps=((0.80, 0.66, 0.08, 0.08, 0.0, "round"), (0.62, 0.66, 0.08, 0.08, 0.0, "round")), shoulder=0.12,
    tumblehome=26.0, tails=((0.58, 0.76, 0.26, 0.075, 0.0, "lens"),), grille=(0.86, 0.56, 0.76, 0.0),
    bars=(5, 0, False), bumper=0.44, rim="classic", extras=("scoop", "twin_exhaust", "spoiler"), plates=(0.43, 0.56),
    flare=0.03, flare_reach=0.3, lamp_depth=0.25, nose_taper=0.06, bow=(0.10, 0.09), screen_bow=(0.12, 0.12),
    edge=0.07, crown=0.045, clearance=0.18, sill=0.28, seat=0.12, paints=("red", "black", "orange", "yellow", "blue",
        "white", "green", "silver", "burgundy", "navy", "grey", "graphite", "bronze", "sky"),
    two_tone=(("red", "white", "stripes"), ("blue", "white", "stripes"), ("orange", "black", "stripes"),
        ("yellow", "black", "stripes"), ("white", "blue", "stripes"), ("black", "white", "roof")),
)  # fmt: skip

TAXI = replace(
    SALOON, id="car/taxi", length=5.10, width=1.90, height=1.48, wheelbase=2.90, front=0.98, wheel=0.68, tyre=0.22,
    hull=((0.16, 0.22), (0.04, 0.30), (0.0, 0.50), (0.03, 0.74, 0.08), (0.20, 0.83, 0.15), (1.50, 0.97, 0.4),
        (3.9, 1.02, 0.4), (5.00, 0.98, 0.08), (5.08, 0.86), (5.10, 0.56), (5.06, 0.34), (4.90, 0.24)),
    cabin=((1.36, 0.90), (2.12, 1.42, 0.30), (2.65, 1.49, 0.5), (3.40, 1.43, 0.30), (4.10, 0.98)),
    belt=(0.96, 0.98), doors=(1.52, 2.62, 3.62), side_glass=((0.0, 3.72, -0.40),), boot=(4.16, 0.55),
    bonnet=(0.14, 1.44), lamps=((0.68, 0.70, 0.19, 0.07, 2.0, "amber"),),
    tails=((0.70, 0.78, 0.17, 0.10, 0.0, "lens"),), lamp_depth=0.5, grille=(0.38, 0.58, 0.76, 0.0),
    bars=(0, 12, True), intake=(0.5, 0.30, 0.38, 0.0), bumpers="", shiny=False, edge=0.10, bow=(0.16, 0.10),
    nose_taper=0.09, rim="steel_black", extras=("taxi", "strip", "mast"), plates=(0.46, 0.66), tumblehome=20.0,
    paints=("yellow", "black", "white", "cream", "silver", "navy", "green", "yellow", "orange", "grey", "red",
        "beige", "blue", "burgundy"), two_tone=(("yellow", "white", "roof"), ("black", "yellow", "low"),
        ("white", "blue", "low")), cabin_round=0.2, round=0.09, roof_edge=0.13,
)  # fmt: skip

CAMPER = replace(
    VAN, id="car/camper", length=4.50, width=1.74, height=1.95, wheelbase=2.40, front=1.05, wheel=0.66, tyre=0.17,
    hull=((0.14, 0.30), (0.04, 0.40), (0.02, 0.62), (0.02, 0.96, 0.2), (0.08, 1.16, 0.1), (1.0, 1.20, 0.3),
        (2.5, 1.20, 0.3), (4.44, 1.20, 0.1), (4.48, 0.98), (4.50, 0.60), (4.46, 0.40), (4.34, 0.30)),
    cabin=((0.07, 1.10), (0.36, 1.76, 0.25), (0.95, 1.95, 0.4), (4.10, 1.92, 0.25), (4.44, 1.14)),
    belt=(1.18, 1.18), clearance=0.26, doors=(0.42, 1.36), sill=0.42, cladding=0.0, rail=0.16, pillar=0.10,
    side_glass=((0.0, 1.36, 0.0), (1.46, 2.42, 0.0), (2.52, 3.32, 0.0), (3.42, 4.10, -0.1)), boot=(4.16, 0.80),
    rear_glass=(0.12, 0.08), bonnet=(0.9, 0.5), bow=(0.20, 0.12), nose_taper=0.10, nose_reach=0.7,
    screen_bow=(0.22, 0.08), tail_taper=0.05, tumblehome=9.0, lamps=((0.52, 0.80, 0.10, 0.10, 0.0, "round"),),
    lamp_depth=0.5, tails=((0.72, 0.78, 0.06, 0.12, 0.0, "amber"),), grille=(0.0, 0, 0, 0), intake=(0.0, 0, 0, 0),
    bumpers="chrome", bumper=0.46, rim="moon", extras=("mast",), plates=(0.47, 0.66), shiny=True, edge=0.16,
    roof_edge=0.20, round=0.15, cabin_round=0.25, fillet=0.04, shoulder=0.035, crown=0.04, seat=0.42,
    paints=("orange", "cream", "sky", "mint", "red", "white", "green", "beige", "yellow", "navy", "silver",
        "burgundy", "olive", "bronze"), split=0.98, two_tone=(("white", "red", "low"), ("white", "sky", "low"),
        ("cream", "green", "low"), ("white", "orange", "low"), ("white", "mint", "low"), ("white", "beige", "low")),
)  # fmt: skip

MINI = replace(
    CITY, id="car/mini", length=3.05, width=1.41, height=1.35, wheelbase=2.04, front=0.56, wheel=0.52, tyre=0.15,
    hull=((0.10, 0.20), (0.03, 0.28), (0.0, 0.44), (0.0, 0.66), (0.10, 0.78, 0.12), (0.78, 0.88, 0.3),
        (2.5, 0.90, 0.4), (2.88, 0.88, 0.10), (3.02, 0.70), (3.05, 0.46), (3.03, 0.30), (2.94, 0.22)),
    cabin=((0.72, 0.82), (1.08, 1.28, 0.2), (1.55, 1.36, 0.5), (2.35, 1.29, 0.22), (2.76, 0.86)),
    belt=(0.86, 0.88), doors=(0.78, 1.80), side_glass=((0.0, 2.42, -0.40),), boot=(2.66, 0.50), bonnet=(0.16, 0.72),
    nose_taper=0.05, tail_taper=0.05, bow=(0.12, 0.12), lamps=((0.52, 0.62, 0.10, 0.095, 0.0, "round"),),
    tails=((0.55, 0.60, 0.055, 0.11, 0.0, "amber"),), grille=(0.32, 0.46, 0.66, 0.06), intake=(0.0, 0, 0, 0),
    bars=(6, 0, True), bumpers="chrome", bumper=0.34, lamp_depth=0.14, rim="steel", extras=("mast",),
    plates=(0.36, 0.54), edge=0.10, shoulder=0.06, arch_gap=0.035, lip=0.03, tumblehome=20.0,
    cabin_taper=(0.03, 0.05), rear_glass=(0.06, 0.08), seat=0.12, two_tone=(("red", "white", "roof"),
        ("green", "white", "roof"), ("blue", "white", "stripes"), ("red", "white", "stripes")),
)  # fmt: skip

OFFROADER = replace(
    SUV, id="car/offroader", length=4.22, width=1.85, height=1.86, wheelbase=2.60, front=0.72, wheel=0.80, tyre=0.25,
    hull=((0.10, 0.46), (0.0, 0.52), (0.0, 0.80), (0.0, 1.08, 0.05), (0.06, 1.13), (1.30, 1.17, 0.1),
        (3.2, 1.20, 0.1), (4.06, 1.20, 0.05), (4.08, 1.0), (4.08, 0.70), (4.08, 0.50), (4.00, 0.46)),
    cabin=((1.32, 1.10), (1.66, 1.78, 0.10), (2.3, 1.87, 0.3), (3.96, 1.84, 0.08), (4.06, 1.12, 0.05)),
    belt=(1.20, 1.20), clearance=0.42, doors=(1.36, 2.20, 2.90), sill=0.52, cladding=0.50, lip=0.09, arch_gap=0.09,
    side_glass=((0.0, 2.92, 0.0), (3.00, 3.92, 0.0)), boot=(4.00, 0.62), bonnet=(0.08, 1.26), rear_glass=(0.10, 0.10),
    lamps=((0.62, 0.92, 0.10, 0.095, 0.0, "round"),), tails=((0.80, 0.86, 0.06, 0.12, 0.0, "lens"),), lamp_depth=0.2,
    grille=(0.44, 0.78, 1.04, 0.0), intake=(0.0, 0, 0, 0), bars=(0, 7, False), bumpers="black", bumper=0.56,
    rim="six", extras=("spare", "boards", "mast"), hinge="side", plates=(0.66, 0.80), nose_taper=0.06, tail_taper=0.0,
    bow=(0.05, 0.01), screen_bow=(0.06, 0.01), cabin_taper=(0.02, 0.0), tumblehome=5.0, barrel=0.0, edge=0.05,
    roof_edge=0.07, round=0.05, cabin_round=0.08, shoulder=0.03, fillet=0.025, crown=0.02, roof_crown=0.025,
    flare=0.06, flare_reach=0.09, crease=0.02, section=((-0.1, -0.09), (0.0, -0.08), (0.10, -0.065), (0.5, -0.06),
        (0.9, -0.06), (1.0, -0.065)), seat=0.24, paints=("green", "orange", "white", "black", "silver", "red",
        "olive", "yellow", "beige", "grey", "blue", "bronze", "graphite", "sky"),
    two_tone=(("green", "white", "roof"), ("red", "black", "roof"), ("beige", "white", "roof")),
)  # fmt: skip

CARS = (
    SEDAN, HATCHBACK, ESTATE, COUPE, CONVERTIBLE, ROADSTER, SUV, CROSSOVER, PICKUP, CREW, VAN, MINIVAN, CAMPER, CITY,
    MINI, SPORTS, OFFROADER, SALOON, BEETLE, MUSCLE, TAXI, LIMOUSINE, FASTBACK,
)  # fmt: skip
"""The rows."""
