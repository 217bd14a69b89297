"""No module of `app/` or `multi_job/` imports itself over others, type hints and functions included."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(tree: ast.AST, modules: set[str]) -> set[str]:
    """Return the modules that a file names in any `import`, wherever it is."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{each.name}" for each in node.names} | {node.module}
    return found & modules


def test_no_import_circle() -> None:
    """The modules have an order in which each imports only earlier ones."""
    packages = (ROOT / "app", ROOT / "multi_job")
    paths = {_module(path): path for package in packages for path in package.rglob("*.py")}
    assert len(paths) > 300
    graph = {
        name: _imported(ast.parse(path.read_text("utf-8")), set(paths)) - {name}
        for name, path in paths.items()
    }
    circle: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []
