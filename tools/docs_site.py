"""Builds the documentation site, strictly, in both languages: `python -m tools.docs_site [FOLDER]`.

A warning (a link or heading that does not exist, a page that is in no navigation) fails the build.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITES = {"mkdocs.yml": ".", "mkdocs.id.yml": "id"}
"""The configuration of each site, and its folder in the whole."""


def build_site(folder: Path) -> None:
    """Build all sites into a folder; raises CalledProcessError if one has a warning."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    for name, place in SITES.items():
        command = (*("build", "--strict", "--quiet", "-f"), str(ROOT / name), "-d", str(folder / place))
        subprocess.run((sys.executable, "-m", "mkdocs", *command), check=True, env=environment, cwd=ROOT)  # noqa: S603  our own interpreter


if __name__ == "__main__":
    build_site(Path(*sys.argv[1:] or ("site",)).absolute())
