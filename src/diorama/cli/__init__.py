"""The command `diorama`: each command parses, makes one call of the Python API, and prints."""

import sys


def main() -> None:
    """Runs the command line and exits: 0 done, 2 a DioramaError or wrong usage, 130 Ctrl-C."""
    try:
        from diorama.cli.app import app
    except KeyboardInterrupt:
        sys.exit(130)
    app()
