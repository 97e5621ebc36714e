"""Packages that only parts of Diorama need: whether they are there, and what to install if not."""

from importlib.util import find_spec

from diorama.errors import ExtraError


def require(*packages: str, extra: str = "learn") -> None:
    """Makes sure that packages are installed, without importing them.

    Args:
        *packages: As they are imported.
        extra: The extra of Diorama that installs them.

    Raises:
        ExtraError: Naming what to install.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        first = "PyTorch first (pip install torch), then: " if extra == "learn" else ""  # its builds differ
        raise ExtraError(
            ", ".join(missing), "not installed, and needed for this", f"Install {first}pip install 'diorama[{extra}]'"
        )
