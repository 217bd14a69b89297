"""Texts for people: English in the code, Indonesian in one gettext catalogue.

`_("Job {job_id!r} does not exist.", job_id=job_id)` makes a `Message`: an English string that `render`
translates. The edges (API, command line, plan, outgoing message) render it in the reader's language; logs and
stored records keep the English. `python -m tools.translations` updates the catalogue from the code.
"""

from __future__ import annotations

import json
import os
import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Self

Language = Literal["en", "id"]

CATALOGUE: Final = Path(__file__).resolve().parents[1] / "locale" / "id" / "LC_MESSAGES" / "messages.po"
reader_language: ContextVar[Language] = ContextVar("reader_language", default="en")
"""The language of the API's caller, or of the person at the terminal."""

_LINES: Final = r'((?:"[^\n]*"\n)+)'
_ENTRY: Final = re.compile(
    rf'^(?:msgctxt "([^\n]*)"\n)?msgid {_LINES}(?:msgid_plural {_LINES})?msgstr(?:\[0\])? {_LINES}',
    re.MULTILINE,
)
_LEAST_LETTERS: Final = 6
"""A message with fewer letters outside its fields is recognised in no stored text: too much looks alike."""
_PREFIX_CHARS: Final = 4
_PAIR: Final = " / "
_PLACE: Final = "__at"
_SEPARATORS: Final = str.maketrans(",.", ".,")
_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?\Z")
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
    """Return a word whose Indonesian depends on its use; in a stored text it stays, since it may be data."""
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
    """Return a text in a language.

    A plain string, such as one from Redis, is translated if a message of the catalogue makes this very text.
    Earlier releases stored "English. / Indonesia."; of such a pair one half is returned.
    """
    if _PAIR in text and not isinstance(text, Message):
        text = _half_of_pair(text, language)
    if language == "en":
        return text
    message = text if isinstance(text, Message) else recognised(text)
    if message is None:
        return text
    return _filled_in(message, lambda value: _in_language(value, language))


def render_message(message: Message, language: Language) -> str:
    """Return a message in a language; its plain strings, such as a person's words, stay as they are."""
    if language == "en":
        return str(message)
    return _filled_in(
        message, lambda value: render_message(value, language) if isinstance(value, Message) else value
    )


def _filled_in(message: Message, render_field: Callable[[Any], Any]) -> str:
    translated = _catalogue().get(message.id, message.id.rpartition(_CONTEXT_END)[2])
    if not message.fields:
        return translated
    fields = {name: render_field(value) for name, value in message.fields.items()}
    return _INDONESIAN.vformat(translated, (), fields)


class _IndonesianNumbers(string.Formatter):
    """Writes 1.234,5 if a field has a number's form, such as `{count:,}` or `{seconds:.1f}`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a field; a number that was cut out of a stored text is in its English form."""
        text = format(value, format_spec)
        is_number = isinstance(value, int | float) or (isinstance(value, _AsWritten) and _NUMBER.match(value))
        return text.translate(_SEPARATORS) if format_spec and is_number else text


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


def _in_language(value: Any, language: Language) -> Any:
    if isinstance(value, _AsWritten):
        return _AsWritten(_catalogue().get(value) or render(value, language))
    return (
        value
        if isinstance(value, int | float)
        else render(value if isinstance(value, str) else str(value), language)
    )


def _half_of_pair(text: str, language: Language) -> str:
    parts = text.split(_PAIR)
    half, odd = divmod(len(parts), 2)
    english = _PAIR.join(parts[:half])
    if odd or recognised(english) is None:
        return text
    return english if language == "en" else _PAIR.join(parts[half:])


class _AsWritten(str):
    """The value of a field, cut out of a text: to format it again changes nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        return str(self)


@lru_cache(maxsize=2_048)
def recognised(text: str) -> Message | None:
    """Return the message that makes this text; of several, the one with most letters outside its fields."""
    if text in _catalogue():
        return Message(text, text, {}) if " " in text else None  # one word may be data
    by_prefix = _templates()
    for english in (*by_prefix.get(text[:_PREFIX_CHARS], ()), *by_prefix.get("", ())):
        if (found := _pattern(english).fullmatch(text)) and (fields := _fields(found)) is not None:
            return Message(text, english, fields)
    return None


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


@cache
def _templates() -> dict[str, list[str]]:
    """Return the ids with fields by their first characters, or by "" if a field comes earlier."""
    by_prefix: dict[str, list[str]] = {}
    for english in sorted(filter(lambda text: "{" in text, _catalogue()), key=_letters, reverse=True):
        if _letters(english) >= _LEAST_LETTERS:
            prefix = english[:_PREFIX_CHARS]
            by_prefix.setdefault("" if "{" in prefix else prefix, []).append(english)
    return by_prefix


def _letters(english: str) -> int:
    return sum(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", english)))


@cache
def _pattern(english: str) -> re.Pattern[str]:
    parts = [(literal, name) for literal, name, *_format in string.Formatter().parse(english)]
    pattern, closing = "", ""
    for number, (literal, name) in enumerate(parts):
        pattern += re.escape(literal)
        if name:
            # The first place of each literal is taken: a search for others would take long.
            pattern, closing = f"{pattern}{closing}(?>(?P<{name}{_PLACE}{number}>.*?)", ")"
    return re.compile(rf"{pattern}\Z{closing}", re.DOTALL)


def _fields(found: re.Match[str]) -> dict[str, _AsWritten] | None:
    """Return the values of the fields; None if a field has two values in two places."""
    fields: dict[str, _AsWritten] = {}
    for group, value in found.groupdict().items():
        if fields.setdefault(group.partition(_PLACE)[0], _AsWritten(value)) != value:
            return None
    return fields


def _unquoted(lines: str) -> str:
    # A .po file escapes as JSON does.
    return "".join(json.loads(line) for line in lines.splitlines())
