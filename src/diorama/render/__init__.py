"""From a batch of scenes to pixels and exact labels, on any device that speaks Vulkan, Metal or DirectX 12.

    SceneBatch ──► layout ──► pose ──► shadow ──► shade ──► labels ──► Frames
                  (NumPy)   └───────── one submission to the device ─────────┘

Each scene of a batch is drawn into a layer of its own. `pool` keeps meshes and textures on the device; `pipelines`
holds the compiled passes, `targets` what they draw into; `renderer` runs them in order. The renderer never sees a
distribution: it draws what the arrays say.
"""
