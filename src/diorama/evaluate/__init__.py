"""How good a classifier is, how sure that is, where it errs, and how many real photos its training data is worth.

    statistics ──► scores ──► evaluate (report.parquet, summary.json, figures)
    intervals       one model      several models × several sets, paired; errors by factor
    and tests       on one set     worth: the learning curve of real photos

Nothing here chooses anything by test data: a classifier comes trained, and is measured as it is.
"""

from diorama.extras import require

require("matplotlib", "scipy")
