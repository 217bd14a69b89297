"""The Indonesian catalogue is complete: every text of the code, no other, with the same fields."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from app.core import i18n
from tools.translations import as_po, extracted, heads, stored

APP = Path(i18n.__file__).parents[2]
HARD_WORDS = re.compile(r"\b(?:nobody|told|anew|beside|lately|stands|by itself|whoever)\b", re.IGNORECASE)
FUNCTIONS = {"_": 1, "ngettext": 2, "pgettext": 2}
"""By the number of their arguments that are texts."""


def _messages() -> dict[str, Message]:
    return {_first(message): message for message in stored() if message.id}


def _first(message: Message) -> str:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}\4{first}" if message.context else first


def _texts(message: Message) -> list[str]:
    ids = [message.id] if isinstance(message.id, str) else [*message.id]
    strings = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
    return [*ids, *strings]


def _fields(text: str) -> set[tuple[str, str | None]]:
    return {(name, form) for _literal, name, form, _conversion in string.Formatter().parse(text) if name}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield node


def test_catalogue_has_each_text_of_the_code_and_no_other() -> None:
    """`python -m tools.translations` brings it up to date."""
    wanted = {_first(message) for message in extracted() if message.id}
    assert set(_messages()) == wanted


def test_heads_of_each_table_are_found() -> None:
    """A table in any of the forms that commands use; a head that is made at run time is refused."""
    table = (
        "more: Columns = {'a': 'x'}\nshow_list(found, {**more, 'b': at('x')}, empty)\ntable(('', 'c'), rows)"
    )
    assert set(heads(table)) == {"a", "b", "c"}
    for hidden in ("table(made(), rows)", "columns = {'a': 'x'}\nprint_table(found, columns)"):
        with pytest.raises(ValueError, match="heads"):
            list(heads(hidden))


def test_each_text_is_translated() -> None:
    """None is empty or only guessed from a similar one."""
    assert [key for key, each in _messages().items() if each.fuzzy or not all(_texts(each))] == []


def test_texts_have_no_words_that_make_them_hard_to_read() -> None:
    """The words that comments avoid as well: `tools/prose.py`."""
    texts = [text for each in _messages().values() for text in _texts(each)[:1]]
    assert [text for text in texts if HARD_WORDS.search(text)] == []


def test_translations_have_the_fields_of_the_text() -> None:
    """One that lacks a field hides a figure; one with another fails; the form of a number stays."""
    formatted = [each for each in _messages().values() if "python-brace-format" in each.flags]
    assert formatted
    different = [
        each.id for each in formatted if len({frozenset(_fields(text)) for text in _texts(each)}) > 1
    ]
    assert different == []


def test_catalogue_is_written_as_the_tool_writes_it() -> None:
    """So that a change of one text is a change of one entry."""
    assert i18n.CATALOGUE.read_bytes() == as_po(stored())


def test_catalogue_is_read_as_gettext_reads_it() -> None:
    """The reader of the product knows less of the format than Babel does, and enough."""
    for key, message in _messages().items():
        assert i18n.render(i18n.Message(key, key, {}), "id") == _texts(message)[-1]


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: str(path.relative_to(APP)))
def test_texts_are_literals(path: Path) -> None:
    """A text that is made at run time is in no catalogue."""
    for call in _calls(ast.parse(path.read_text("utf-8"))):
        assert isinstance(call.func, ast.Name)
        texts = call.args[: FUNCTIONS[call.func.id]]
        assert all(isinstance(text, ast.Constant) for text in texts), f"{path}:{call.lineno}"


def _misfilled(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that give a text other fields than it has; one without any is filled in later."""
    for call in _calls(tree):
        given = {each.arg for each in call.keywords}
        if given and None not in given:
            texts = [ast.literal_eval(text) for text in call.args[: FUNCTIONS[ast.unparse(call.func)]]]
            wanted = {
                name.partition(".")[0].partition("[")[0] for text in texts for name, _form in _fields(text)
            }
            if wanted != given | ({"count"} & wanted if len(texts) > 1 else set()):
                yield call
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "fill":
            yield from _misfilled_later(tree, call)


def _misfilled_later(tree: ast.AST, call: ast.Call) -> Iterator[ast.Call]:
    """Yield a `NAME.fill(…)` with other fields than the one text that this file assigns to the name."""
    assert isinstance(call.func, ast.Attribute)
    given = {each.arg for each in call.keywords}
    named = ast.unparse(call.func.value)
    texts = [
        ast.literal_eval(node.value.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and named in {ast.unparse(each) for each in getattr(node, "targets", [getattr(node, "target", None)])}
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "_"
        and not node.value.keywords
    ]
    if len(texts) == 1 and None not in given and {name for name, _form in _fields(texts[0])} != given:
        yield call


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: str(path.relative_to(APP)))
def test_texts_are_given_their_fields(path: Path) -> None:
    """A missing field is a traceback for the person who should read the text."""
    misfilled = _misfilled(ast.parse(path.read_text("utf-8")))
    assert [f"{path}:{call.lineno}: {ast.unparse(call)}" for call in misfilled] == []


def test_a_missing_field_is_found() -> None:
    """In the call itself, and in a later one."""
    for code in (
        "_('{a} {b}', a=1)",
        "ngettext('{count} {a}', '{count} {b}', n, a=1)",
        "T = _('{a}')\nT.fill(b=1)",
    ):
        assert len(list(_misfilled(ast.parse(code)))) == 1
