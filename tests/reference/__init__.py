"""A small, slow renderer in NumPy that the fast one must agree with, and scenes to compare them on."""
