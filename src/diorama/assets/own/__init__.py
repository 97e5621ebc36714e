"""A user's own skies, surfaces and photos: files of many makers to the plain data of `diorama.assets.surroundings`.

folder ──► found files ──► read, with sizes checked first ──► Sky · Surface · Photo ──► cache
"""
