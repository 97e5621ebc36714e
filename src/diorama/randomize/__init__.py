"""How a scene is drawn: spaces (distributions), factors (what varies), recipes (which, and how) and their composition.

    recipe ──► spaces ──► values ──► factors ──► SceneBatch
    what may    how each   one per    what each
    vary        is drawn   image      value does

Begin with `factor.py`: it is the one place where the randomization is extended.
"""
