"""Node.js as the launcher finds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.local.dashboard_build import Node, find_node
from app.local.output import LocalError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for programs")


def put(folder: Path, name: str, prints: str, *, code: int = 0) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{prints}'\nexit {code}\n", "utf-8")
    program.chmod(0o755)
    return program


def test_node_is_the_first_on_the_path(tmp_path: Path) -> None:
    """It comes with its version and its npm."""
    node, npm = put(tmp_path, "node", "v20.9.0"), put(tmp_path, "npm", "11")
    assert find_node({"PATH": str(tmp_path)}) == Node(str(node), str(npm), (20, 9, 0))


@pytest.mark.parametrize("version", ["v20.8.9", "v18.20.4", "v9.11.2"])
def test_node_that_is_too_old_is_named(tmp_path: Path, version: str) -> None:
    """Which one it is, and what is needed, in both languages."""
    node = put(tmp_path, "node", version)
    with pytest.raises(LocalError, match=r"needs Node.js 20.9 or newer") as refused:
        find_node({"PATH": str(tmp_path)})
    assert f"{node} is {version[1:]}" in str(refused.value)


def test_node_that_is_missing_is_said(tmp_path: Path) -> None:
    """A path without it, and no path at all."""
    for environment in ({"PATH": str(tmp_path)}, {}):
        with pytest.raises(LocalError, match="there is none on PATH"):
            find_node(environment)


@pytest.mark.parametrize(("prints", "code"), [("hello", 0), ("v22.1.0", 1), ("", 0)])
def test_node_that_tells_no_version_is_none(tmp_path: Path, prints: str, code: int) -> None:
    """A program of that name which is something else, or broken."""
    put(tmp_path, "node", prints, code=code)
    with pytest.raises(LocalError, match="does not print its version"):
        find_node({"PATH": str(tmp_path)})


def test_node_without_npm_is_found(tmp_path: Path) -> None:
    """It serves what is built already."""
    put(tmp_path, "node", "v24.0.1")
    found = find_node({"PATH": str(tmp_path)})
    assert (found.npm, found.version[0]) == ("", 24)


def test_node_is_first_for_its_own_scripts() -> None:
    """The first line of npm looks for `node` on PATH, and has to find this one."""
    environment = Node("/opt/node/bin/node", "/opt/node/bin/npm", (22, 0, 0)).environment(
        {"PATH": "/usr/bin"}
    )
    assert environment["PATH"].split(os.pathsep) == ["/opt/node/bin", "/usr/bin"]
