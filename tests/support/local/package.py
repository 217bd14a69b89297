"""The wheel, installed in a project's folder that has a package `app` of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from app.local.lock import file_lock
from tools.build_backend import PACKAGE
from tools.build_wheel import build_wheel

_BUILD_SECONDS = 300.0
# Modules of these names hide those of the platform if it is not careful: `app.core` is one of its own.
_PROJECT = {
    "app/__init__.py": "NAME = 'shop'\n",
    "app/core.py": "PRICE = 7\n",
    "app/jobs.py": '''"""Job types of the project."""
from app.core import PRICE
from multi_job import RunContext, job


@job("shop.price")
async def price(ctx: RunContext, count: int = 1) -> int:
    """Return the price of some pieces."""
    return PRICE * count
''',
    ".env": "HANDLER_MODULES=app.jobs\n",
}
# What the scripts of a checkout do; `multi-job status` is a client of the API and shows no process ids.
_SCRIPTS = {
    "start-local.sh": "multi-job up",
    "stop-local.sh": "multi-job down",
    "status-local.sh": f"python -m {PACKAGE}.local status",
}


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a temporary folder of all processes of this run of pytest."""
    own = factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def bare_wheel(folder: Path) -> Path:
    """Return the wheel without a dashboard, built once for the processes that share the folder."""
    with file_lock(folder / "wheel.lock", wait_seconds=_BUILD_SECONDS):
        built = next(folder.glob("dist/*.whl"), None)
        return built or build_wheel(folder / "dist", None)


def make_project(folder: Path, wheel: Path) -> Path:
    """Make a project with its own `app`, the wheel in its `.venv`, and scripts named like a checkout's."""
    for name, text in _PROJECT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    install_wheel(folder / ".venv", wheel)
    for name, command in _SCRIPTS.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec .venv/bin/{command} "$@"\n', "utf-8")
        script.chmod(0o755)
    return folder


def install_wheel(environment: Path, wheel: Path) -> Path:
    """Make an environment with the wheel that sees the packages of this one; return its Python."""
    venv.create(environment, symlinks=True)
    paths = {"base": str(environment), "platbase": str(environment)}
    own = Path(sysconfig.get_path("purelib", "venv", paths))
    (own / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    python = environment / "bin" / "python"
    if importlib.util.find_spec("pip"):
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    else:
        install = ["uv", "pip", "install", "--python", str(python), "--compile-bytecode"]
    subprocess.run(
        [*install, "--no-deps", "--no-index", str(wheel)], check=True, cwd=environment, capture_output=True
    )
    return python
