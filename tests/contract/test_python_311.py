"""The oldest Python that the project supports, checked with a newer one."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_dataclass_has_a_read_only_mapping_as_its_default() -> None:
    """Python 3.11 takes `MappingProxyType` for a mutable default, and the module cannot be imported."""
    trees = {
        path: ast.parse(path.read_text("utf-8"))
        for package in ("app", "multi_job")
        for path in (ROOT / package).rglob("*.py")
    }
    constants = {
        target.id
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_proxy(node.value, set())
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert "NO_CALENDARS" in constants
    wrong = [
        f"{path.relative_to(ROOT)}:{field.lineno}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(each) for each in node.decorator_list)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and _is_proxy(field.value, constants)
    ]
    assert wrong == []


def _is_proxy(value: ast.expr | None, constants: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in constants
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "MappingProxyType"
