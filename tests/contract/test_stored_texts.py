"""Messages of the platform are stored with their ids, and shown in the reader's language."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

from app.core.incidents.causes import SCRIPT_TEXTS
from app.core.storage import scripts
from app.services.api.schemas.common import Answer, Shown

SCHEMAS = "app.services.api.schemas"
APP = Path(scripts.__file__).parents[3]
_CALL = re.compile(r"texts\.message\(\s*((?:'[^']*'\s*(?:\.\.\s*)?)+)")
_SENTENCE = re.compile(r"'[A-Z][a-z]+ [a-z][^']*[.:]'")
_OF_PEOPLE = {"detail", "error", "message", "cause", "title", "last_error", "result_error"}
"""Names of fields that hold texts about what the platform found."""
_AS_WRITTEN = {
    "ChatBody.title": "a person's own name",
    "FoundBody.detail": "translated by its `of`",
    "LogLineBody.message": "a handler's line",
    "OidcWay.label": "an operator's",
    "Problem.detail": "documentation: `problems.py` renders it",
    "Problem.title": "documentation: `problems.py` renders it",
    "FieldProblemBody.message": "documentation: `problems.py` renders it",
    "RunErrorBody.message": "documentation: `ERROR` renders it",
    "StatusPageBody.title": "a person's",
    "ToolCallBody.error": "a diagnosis with the code of the error, English",
}


def _lua() -> Iterator[tuple[str, str]]:
    for path in scripts.LUA_DIR.rglob("*.lua"):
        lines = path.read_text("utf-8").splitlines()
        code = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
        yield str(path.relative_to(scripts.LUA_DIR)), code


def test_messages_of_scripts_are_in_the_catalogue() -> None:
    """All of them, and no other."""
    found = {
        "".join(re.findall(r"'([^']*)'", text)) for _path, code in _lua() for text in _CALL.findall(code)
    }
    assert found == {text.id for text in SCRIPT_TEXTS}


def test_scripts_write_no_sentence_without_an_id() -> None:
    """A plain text in a record stays English for all readers."""
    plain = [
        f"{path}: {text}"
        for path, code in _lua()
        for text in _SENTENCE.findall(_CALL.sub("", code))
        if "error_reply" not in code.split(text)[0].splitlines()[-1]
    ]
    assert plain == []


def _answers() -> Iterator[type[BaseModel]]:
    for module in pkgutil.iter_modules([str(APP / SCHEMAS.replace(".", "/"))]):
        importlib.import_module(f"{SCHEMAS}.{module.name}")
    left: list[type[BaseModel]] = [Answer, *BaseModel.__subclasses__()]
    seen: set[type[BaseModel]] = set()
    while left:
        model = left.pop()
        left += model.__subclasses__()
        if model.__module__.startswith(SCHEMAS) and model not in seen:
            seen.add(model)
            yield model


def test_answers_show_texts_in_the_language_of_the_reader() -> None:
    """A field with such a name is `Shown`, or is listed here with its reason."""
    found: set[str] = set()
    for model in _answers():
        hints: dict[str, Any] = get_type_hints(model, include_extras=True)
        for name in _OF_PEOPLE & set(model.model_fields):
            hint = hints[name]
            if hint in (str, str | None) or (repr(hint).startswith("typing.Annotated[str") and hint != Shown):
                found.add(f"{model.__name__}.{name}")
    assert {each for each in found if "Request" not in each} - set(_AS_WRITTEN) == set()


_STORES = {
    "app/core/incidents/store.py": ("cause", "words"),
    "app/core/messaging/outbox.py": ("failure",),
    "app/core/messaging/accounts.py": ("failure",),
    "app/core/alerting/sender.py": ("failure", "words"),
    "app/services/connector/checks.py": ("reason",),
    "app/core/monitors/pings.py": ("detail",),
}
"""The arguments of scripts that are texts for people."""


@pytest.mark.parametrize("path", _STORES)
def test_texts_are_packed_for_scripts(path: str) -> None:
    """A `Message` that is passed on as a string has lost its id."""
    for call in ast.walk(ast.parse((APP / path).read_text("utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("scripts.run"):
            given = {each.arg: each.value for each in call.keywords}
            for name in set(_STORES[path]) & set(given):
                assert "packed(" in _value_of(path, given[name]), f"{path}:{call.lineno} {name}"


def _value_of(path: str, value: ast.expr) -> str:
    """Return the code of a value, of its assignment if it is a name."""
    if not isinstance(value, ast.Name):
        return ast.unparse(value)
    source = (APP / path).read_text("utf-8")
    return " ".join(re.findall(rf"^\s*{value.id} = (.*)$", source, re.MULTILINE))
