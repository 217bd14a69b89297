"""Texts for people: English in the code, Indonesian in one gettext catalogue.

`_("Job {job_id!r} does not exist.", job_id=job_id)` makes a `Message`: an English string that `render`
translates. The edges (API, command line, plan, outgoing message) render it in the reader's language. Logs
have the English, records also the id and the fields (`i18n/stored.py`). Any other text is shown as it is
written. `python -m tools.translations` updates the catalogue from the code.
"""

from __future__ import annotations

import json
import os
import re
import string
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

Language = Literal["en", "id"]

CATALOGUE: Final = Path(__file__).resolve().parents[2] / "locale" / "id" / "LC_MESSAGES" / "messages.po"
reader_language: ContextVar[Language] = ContextVar("reader_language", default="en")
"""The language of the API's caller, or of the person at the terminal."""

_LINES: Final = r'((?:"[^\n]*"\n)+)'
_ENTRY: Final = re.compile(
    rf'^(?:msgctxt "([^\n]*)"\n)?msgid {_LINES}(?:msgid_plural {_LINES})?msgstr(?:\[0\])? {_LINES}',
    re.MULTILINE,
)
_PAIR: Final = " / "
_SEPARATORS: Final = str.maketrans(",.", ".,")
_CONTEXT_END: Final = "\4"
"""Separates the context of a word from the word, as in gettext."""


class Message(str):
    """An English text that `render` translates: the id with `{fields}`, and the values of the fields."""

    __slots__ = ("fields", "id")
    id: str
    fields: Mapping[str, Any]

    def __new__(cls, text: str, message_id: str, fields: Mapping[str, Any]) -> Self:
        """Make a text that knows its id and fields."""
        made = super().__new__(cls, text)
        made.id, made.fields = message_id, fields
        return made

    def fill(self, **fields: Any) -> Message:
        """Return the message with values in its fields, if it was made without them."""
        return Message(self.id.format(**fields), self.id, fields)

    def __reduce__(self) -> tuple[type[Message], tuple[str, str, Mapping[str, Any]]]:
        """Copies and pickles keep the id and the fields."""
        return Message, (str(self), self.id, self.fields)


def _(text: str, /, **fields: Any) -> Message:
    """Return a message; its fields are filled in by `str.format`."""
    return Message(text.format(**fields) if fields else text, text, fields)


def ngettext(one: str, many: str, count: int, /, **fields: Any) -> Message:
    """Return a message about a number, which both texts may show as `{count}`."""
    text = one if count == 1 else many
    return Message(text.format(count=count, **fields), text, {"count": count, **fields})


def in_context(context: str, text: str) -> Message:
    """Return a word that the catalogue may have in this context, as `pgettext` if it is not a literal."""
    return Message(text, f"{context}{_CONTEXT_END}{text}", {})


def pgettext(context: str, text: str) -> Message:
    """Return a word whose Indonesian depends on its use."""
    return in_context(context, text)


def number(value: float, form: str = ",") -> Message:
    """Return a number in a `str.format` form, by default with thousands separators."""
    return Message(f"{value:{form}}", f"{{value:{form}}}", {"value": value})


def concat(*parts: str, separator: str = "") -> Message:
    """Return texts one after the other as one message."""
    fields = {f"part{index}": part for index, part in enumerate(parts)}
    return Message(separator.join(parts), separator.join(f"{{{name}}}" for name in fields), fields)


def join_list(items: Sequence[str]) -> Message:
    """Return `a, b and c`."""
    if len(items) < 2:  # noqa: PLR2004
        return concat(*items)
    return _("{items} and {last}", items=concat(*items[:-1], separator=", "), last=items[-1])


def render(text: str, language: Language) -> str:
    """Return a message in a language; any other text, such as a person's or a handler's, as it is written."""
    if language == "en" or not isinstance(text, Message):
        return str(text)
    translated = _catalogue().get(text.id, text.id.rpartition(_CONTEXT_END)[2])
    if not text.fields:
        return translated
    fields = {name: _field_in(value, language) for name, value in text.fields.items()}
    return _INDONESIAN.vformat(translated, (), fields)


def message_of(error: BaseException) -> str:
    """Return the text of an exception; its message if it was raised with one."""
    text = str(error)
    said = error.args[0] if len(error.args) == 1 else None
    return said if isinstance(said, Message) and said == text else text


def has_translation(message_id: str) -> bool:
    """Return whether the catalogue has a message."""
    return message_id in _catalogue()


def _field_in(value: Any, language: Language) -> Any:
    if isinstance(value, BaseException):
        value = message_of(value)
    return render(value, language) if isinstance(value, Message) else value


class _IndonesianNumbers(string.Formatter):
    """Writes 1.234,5 if a field has a number's form, such as `{count:,}` or `{seconds:.1f}`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a field."""
        text = format(value, format_spec)
        return text.translate(_SEPARATORS) if format_spec and isinstance(value, int | float) else text


_INDONESIAN: Final = _IndonesianNumbers()


def for_reader(text: str) -> str:
    """Return a text in the language of `reader_language`."""
    return render(text, reader_language.get())


def in_both(text: str) -> str:
    """Return a text in both languages, for readers whose language is unknown: an alarm to a group."""
    indonesian = render(text, "id")
    return text if indonesian == text else f"{text}{_PAIR}{indonesian}"


def terminal_language(variables: Mapping[str, str] = os.environ) -> Language:
    """Return the language of the terminal's locale."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((variables[name] for name in names if variables.get(name)), "")
    if not locale and sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        return "id" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x21 else "en"  # noqa: PLR2004
    return "id" if re.match(r"(?:id|in|ind|indonesian)(?:[_.@:-]|$)", locale, re.IGNORECASE) else "en"


@cache
def _catalogue() -> dict[str, str]:
    """Return the Indonesian text of each id; a plural form is an id too."""
    found = _ENTRY.findall(CATALOGUE.read_text("utf-8") + "\n")
    pairs = (
        ((f"{context}{_CONTEXT_END}" if context else "") + _unquoted(english), _unquoted(text))
        for context, *ids, text in found
        for english in filter(None, ids)
    )
    return {english: text for english, text in pairs if english and text}


def _unquoted(lines: str) -> str:
    # A .po file escapes as JSON does.
    return "".join(json.loads(line) for line in lines.splitlines())
