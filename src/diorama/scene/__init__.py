"""Scenes as arrays: the one thing that the factors write and the renderer reads."""
