"""Builds the wheel and its bill of materials: the packages, the built dashboard and the licence, in `dist/`.

The sources are copied to a temporary folder first, so that a build leaves nothing in the checkout. The wheel
is the same, byte for byte, for the same sources and the same build of the dashboard.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from app.core.clock import SystemClock
from app.local.dashboard_build import DashboardBuild, find_node
from tools.build_backend import FILES, stage_sources
from tools.sbom import sbom

ROOT = Path(__file__).resolve().parents[1]
_COMPILED = (".node", ".so", ".dll", ".dylib")
# In place of the folder of the build; Next.js takes the folder of `server.js` when it runs.
_NEUTRAL_FOLDER = "/dashboard"
_BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the wheel, its bill of materials and the tested versions of its dependencies; print the paths."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_wheel", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the wheel")
    parser.add_argument("--dashboard", type=Path, help="an existing build; without it, one is made")
    options = parser.parse_args(arguments)
    wheel = build_wheel(options.out, options.dashboard or DashboardBuild(ROOT, find_node(os.environ)).make())
    constraints = options.out / "constraints.txt"
    constraints.write_text(locked_versions((ROOT / "requirements.txt").read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{wheel}\n{constraints}\n{write_sbom(wheel)}\n")


def build_wheel(out: Path, dashboard: Path | None) -> Path:
    """Return the wheel, made in the folder `out` from the checkout and a build of the dashboard.

    Without one, a start of the wheel says that it has no dashboard, and all else runs.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        package = stage_sources(stage)
        if dashboard is not None:
            copy_dashboard(dashboard, package / "dashboard")
        wanted = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()}
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(out.resolve())],
            cwd=stage,
            env={**os.environ, "SOURCE_DATE_EPOCH": _source_date()},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    wheel = out / done.stdout.splitlines()[-1]
    with zipfile.ZipFile(wheel) as archive:
        missing = wanted - set(archive.namelist()) - set(FILES)
    if missing:
        wheel.unlink()
        sys.exit(f"`tool.setuptools.package-data` in pyproject.toml leaves out {sorted(missing)[:20]}")
    return wheel


def write_sbom(wheel: Path) -> Path:
    """Write the bill of materials next to its wheel, from the lock files; return its path."""
    version = wheel.name.split("-")[1]
    text = sbom(
        version,
        hashlib.sha256(wheel.read_bytes()).hexdigest(),
        (ROOT / "requirements.txt").read_text("utf-8"),
        (ROOT / "ui" / "package-lock.json").read_text("utf-8"),
        timestamp=int(_source_date()),
    )
    target = wheel.with_name(f"multi_job-{version}.cdx.json")
    target.write_text(text, "utf-8")
    return target


def copy_dashboard(build: Path, target: Path) -> None:
    """Copy a build without paths of this machine; SystemExit if it holds programs of this machine's system.

    Links become files: an archive of a package has none.
    """
    shutil.copytree(build, target, ignore=shutil.ignore_patterns("*.map", "cache"))
    if compiled := [path.name for path in target.rglob("*") if path.suffix in _COMPILED]:
        sys.exit(f"the dashboard's build runs on this system only: {compiled}")
    config = json.loads((target / ".next" / "required-server-files.json").read_text("utf-8"))
    places = sorted({config["appDir"], config["config"]["outputFileTracingRoot"]}, key=len, reverse=True)
    for path in target.rglob("*"):
        if path.is_file():
            found = path.read_bytes()
            for place in places:
                found = found.replace(place.encode(), _NEUTRAL_FOLDER.encode())
            path.write_bytes(found)


def locked_versions(lock: str) -> str:
    """Return the versions of a lock file without its digests, for `pip install --constraint`."""
    pins = re.findall(r"^([A-Za-z0-9][^\s;\\]*==[^\s;\\]+(?: *; *[^\\\n]+?)?) *\\?$", lock, re.MULTILINE)
    return "".join(f"{pin}\n" for pin in pins)


def _source_date() -> str:
    """Return SOURCE_DATE_EPOCH, or the date of the last commit; outside of a repository the present time."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout.strip() or str(int(SystemClock().now().timestamp()))


if __name__ == "__main__":
    main()
