"""What lies on disk: `schema` says what a label row holds, `folder` writes and resumes, `card` describes it to people.

A dataset never sees a graphics device: it is given pixels' bytes and label rows.
"""
