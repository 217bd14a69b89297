"""The sandboxed folder tree of FILES_ROOT, and the files that jobs publish."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.files.tree import Tree


def open_tree(root: Path) -> Tree:
    """Return the tree of this system below a root; a missing root is made."""
    if sys.platform == "win32":
        from app.core.files.windows import WindowsTree, system_calls  # noqa: PLC0415

        return WindowsTree(root, system_calls())
    from app.core.files.posix import PosixTree  # noqa: PLC0415

    return PosixTree(root)
