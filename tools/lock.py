"""Write the lock files: the newest versions that pyproject.toml allows, each exact.

Run it by `make lock`. pip resolves the package with all its extras once, so that the files agree: requirements.lock has
what running and building needs, requirements-learn.lock what classifiers need on top, requirements-dev.lock the rest.
The files name no index, and no local version such as +cpu: pip's own settings and the machine decide.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Exact versions of all that is needed to {purpose}. Written by `make lock`; change pyproject.toml instead.\n"
HELD = {  # held back
    "torch": "2.13.0",  # newer builds for CPUs are not everywhere yet, and those for GPUs weigh gigabytes
    "python-dateutil": "2.9.0.post0",  # botocore refuses the next; pip would try its every version before this one's
}
WHERE = {"atheris": "sys_platform == 'linux' and platform_machine == 'x86_64'"}
"""Packages that exist for some systems only."""
BUILD = ("editables",)  # hatchling needs it for an editable install, without saying so in its metadata


def resolve(requirements: list[str], fixed: dict[str, str] | None = None) -> dict[str, str]:
    """Name → version of all that pip would install for `requirements` into an empty environment."""
    pins = [f"{name}=={version}" for name, version in (fixed or {}).items()]
    constraints = ROOT / ".venv" / "constraints.txt"
    constraints.write_text("\n".join(pins))
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "-qq", "--report", "-"]
    report = subprocess.run([*command, "-c", str(constraints), *requirements], check=True, stdout=subprocess.PIPE)
    constraints.unlink()
    found = (entry["metadata"] for entry in json.loads(report.stdout)["install"])
    return {re.sub(r"[-_.]+", "-", item["name"]).lower(): item["version"].partition("+")[0] for item in found}


def write(path: Path, purpose: str, versions: dict[str, str], first: str = "") -> None:
    """Write a lock file, sorted by name."""
    where = {name: f"; {marker}" for name, marker in WHERE.items()}
    lines = [f"{name}=={version}{where.get(name, '')}\n" for name, version in sorted(versions.items())]
    path.write_text(HEADER.format(purpose=purpose) + first + "".join(lines))
    print(f"{path.name}: {len(versions)} packages")


def main() -> None:
    """Resolve and write the files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"], *BUILD]
    extras = project["project"]["optional-dependencies"]
    everything = resolve(run + [item for extra in extras.values() for item in extra], HELD)
    needed = resolve(run, everything)
    write(ROOT / "requirements.lock", "run Diorama and install it from its source", needed)
    learn = resolve(run + extras["learn"], everything)
    more = {name: version for name, version in learn.items() if name not in needed}
    write(ROOT / "requirements-learn.lock", "train and explain classifiers", more, first="-r requirements.lock\n")
    rest = {name: version for name, version in everything.items() if name not in learn}
    write(ROOT / "requirements-dev.lock", "work on Diorama", rest, first="-r requirements-learn.lock\n")


if __name__ == "__main__":
    main()
