"""What lies on disk, or in an object store; bytes and label rows only. A dataset never sees a graphics device.

    schema, planes ──► formats (folder, webdataset, parquet) ──► output ──► storage (local, remote)
    label rows,        a shard's images and rows                 begins, records,       files that
    pixels' labels     as files, pure                            grows, finishes        appear whole
                                                                    │
    reader: Dataset ◄── manifest: every file with its hash ◄────────┘

`layout` says how a dataset lies: format, shards, splits. `records` tells of finished shards while one is under way.
"""
