"""Formats other than glTF, turned into glTF by native libraries in a process of its own (`diorama.assets.convert`).

child      the process: limits, dispatch, errors      beside   files beside a model, and no others
scenes     FBX and OBJ, by ufbx                       meshes   PLY, STL and OFF, by trimesh
stages     USD and USDZ, by usd-core
polygons   faces of any size → triangles              glb      writes what was found
pictures   textures of any format as PNG or JPEG
"""
