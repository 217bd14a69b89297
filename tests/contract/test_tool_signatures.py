"""Every public method of a tool has a documented signature, and the page of the tools shows it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.core.tools.files import FileWriter
from tests.support.documents.documents import ROOT
from tools.tools_page import public_methods, signature_text, tool_classes, tools_markdown

CLASSES = {**tool_classes(), "files writer": FileWriter}
METHODS = [
    pytest.param(function, id=f"{name}.{method}")
    for name, cls in CLASSES.items()
    for method, function in public_methods(cls).items()
]
UNITS = ("_sec", "_ms", "_bytes")
# Numbers that have no unit: counts and figures of the developer's own.
COUNTS = {"by", "value", "after", "limit"}


def test_all_tools_are_there() -> None:
    """The check below has every tool and method."""
    assert set(tool_classes()) == {"alarms", "files", "http", "kv", "messaging", "metrics", "platform"}
    assert len(METHODS) >= 30


@pytest.mark.parametrize("name", CLASSES)
def test_tool_says_what_it_is_and_what_it_raises(name: str) -> None:
    """The docstring of a tool, or those of its methods, name its errors."""
    cls = CLASSES[name]
    texts = [inspect.getdoc(each) or "" for each in (cls, *public_methods(cls).values())]
    assert texts[0]
    assert re.search(r"\b[Rr]aises\b", " ".join(texts))


@pytest.mark.parametrize("function", METHODS)
def test_method_has_a_documented_signature(function: Callable[..., Any]) -> None:
    """Contract, types of all parameters and of the result, units in the names of numbers."""
    target = inspect.unwrap(function)
    text = inspect.getdoc(target) or ""
    assert len(text.split()) >= 3
    assert text.endswith(".")
    signature = inspect.signature(target)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.annotation is not inspect.Parameter.empty, parameter
        if re.fullmatch(r"(int|float)( \| None)?", parameter.annotation):
            assert parameter.name.endswith(UNITS) or parameter.name in COUNTS, parameter


def test_page_shows_each_signature() -> None:
    """`docs/tools.md` has every method with its types."""
    page = (ROOT / "docs" / "tools.md").read_text("utf-8")
    assert page == tools_markdown()
    assert "ctx.tools.kv.set(key: str, value: Any, ttl_sec: float | None = None) -> None" in page
    functions = [each for cls in CLASSES.values() for each in public_methods(cls).values()]
    assert all(signature_text(each) in page for each in functions)
