"""Finished datasets, looked into: are they whole, are they what their recipe promised, and what do they look like?

    check      every file against the manifest, every row against the recipe, a sample against images drawn again
    stats      each factor's values against its distribution, with a test that says so when they disagree
    sheet      a contact sheet, with boxes and masks
    export     a copy in the layout of other trainers: coco, yolo

All of it reads datasets of any format through `dataset.reader`, shard by shard, in memory that does not grow.
"""
