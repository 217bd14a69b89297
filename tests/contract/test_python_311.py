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


def test_no_frozen_dataclass_is_called_with_its_type_arguments() -> None:
    """Before Python 3.13, `Frozen[str](…)` fails if the dataclass has slots: it cannot keep its type."""
    source = "@dataclass(frozen=True, slots=True)\nclass A(Generic[T]):\n    x: T\n\na = A[str](1)\n"
    assert _subscripted_calls(ast.parse(source), {"A"}) == [5]
    trees = {
        path: ast.parse(path.read_text("utf-8"))
        for package in ("app", "multi_job")
        for path in (ROOT / package).rglob("*.py")
    }
    frozen = {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any("frozen=True" in ast.unparse(each) for each in node.decorator_list)
    }
    assert "Operation" in frozen
    wrong = [f"{path}:{line}" for path, tree in trees.items() for line in _subscripted_calls(tree, frozen)]
    assert wrong == []


def _subscripted_calls(tree: ast.AST, names: set[str]) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Subscript)
        and ast.unparse(node.func.value) in names
    ]


def _is_proxy(value: ast.expr | None, constants: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in constants
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "MappingProxyType"
