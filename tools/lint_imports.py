"""Checks the import contracts of `pyproject.toml`: `python -m tools.lint_imports`.

import-linter does not look into folders without an `__init__.py`, and most folders have none.
It therefore reads a copy in which each folder has one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "multi_job")


def main() -> int:
    """Print the contracts and their violations; return the exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary)
        for package in PACKAGES:
            shutil.copytree(
                ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__", "*.lua")
            )
        for folder in tree.rglob("*"):
            if folder.is_dir() and any(folder.rglob("*.py")):
                (folder / "__init__.py").touch()
        shutil.copy(ROOT / "pyproject.toml", tree)
        os.chdir(tree)
        sys.path.insert(0, str(tree))
        status = lint_imports(no_cache=True)
        os.chdir(ROOT)
    return 0 if status == EXIT_STATUS_SUCCESS else 1


if __name__ == "__main__":
    sys.exit(main())
