"""The command `diorama`: each command parses, makes one call of the Python API, and prints."""


def main() -> None:
    """Runs the command line and exits: 0 done, 2 a DioramaError or wrong usage, 130 Ctrl-C."""
    from diorama.cli.app import app

    app()
