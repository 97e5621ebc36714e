"""Draw the README's picture: a contact sheet of the preset `best` at half its size. Run it by `make sheet`."""

import sys
import tempfile
from pathlib import Path

from PIL import Image

import diorama

MOST = 400_000  # bytes: a README should open quickly


def main() -> None:
    """Write the sheet to the file that is named on the command line, as good a JPEG as MOST allows."""
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        recipe = diorama.Recipe.preset("best", classes=("cat", "dog", "bike", "car"))
        sheet = Image.open(diorama.preview(Path(folder) / "sheet.png", recipe))
        small = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.BOX)
    for quality in range(92, 40, -3):
        small.save(out, quality=quality, optimize=True, progressive=True)
        if out.stat().st_size <= MOST:
            break
    print(f"{out}: {out.stat().st_size // 1000} kB at quality {quality}")


if __name__ == "__main__":
    main()
