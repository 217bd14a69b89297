"""Texts in records: the English, and the id and fields of the platform's own messages next to it.

A record has a field such as `error` and, if the text is a `Message`, `error_origin`: the JSON list `[id]` or
`[id, {field: value}]`, in which a message among the values is such a list again. Readers get a `Message` back
and translate it; any other text, such as a handler's, is shown as it is written. A text of an earlier release
has no id and stays English. An earlier release reads the English and ignores the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import orjson

from app.core.i18n import Message, has_translation, message_of

BESIDE: Final = "_origin"
"""Ends the name of the field with the id and fields of a text."""
SEPARATOR: Final = "\x1f"
"""Between the English and the rest of a packed text, as in `lua/lib/records/texts.lua`."""
# The ids of `concat`, `number` and `join_list` are in no catalogue. A wider format would be long to fill in.
_COMPOSED: Final = re.compile(r"(?:\{\w{1,40}(?::[,.\w]{1,4})?\}|[^{}\w]{1,3})*")


def encoded(text: str) -> list[Any] | None:
    """Return the id and fields of a message as a JSON value; None for any other text."""
    if not isinstance(text, Message):
        return None
    fields = {name: _value(value) for name, value in text.fields.items()}
    return [_valid(text.id), fields] if fields else [_valid(text.id)]


def decoded(text: str, origin: Any) -> str:
    """Return the message that a JSON value, or its JSON text, describes, if it makes this very text."""
    message = _message(_parsed(origin) if isinstance(origin, str) else origin)
    return message if message is not None and message == text else text


def with_message(name: str, text: str) -> dict[str, Any]:
    """Return the fields of a JSON record that hold a text."""
    origin = encoded(text)
    return {name: str(text)} if origin is None else {name: str(text), name + BESIDE: origin}


def take_message(record: dict[str, Any], name: str) -> str:
    """Replace a text of a JSON record by its message, if it has one; return it."""
    text = record.get(name) or ""
    origin = record.pop(name + BESIDE, None)
    if origin is not None and isinstance(text, str):
        record[name] = text = decoded(text, origin)
    return text


def read_error(text: str | None) -> dict[str, Any] | None:
    """Return a run's error from its JSON text; None if there is none."""
    if not text:
        return None
    error: dict[str, Any] = orjson.loads(text)
    take_message(error, "message")
    return error


def read_text(fields: Mapping[str, str], name: str) -> str:
    """Return a text of a hash; empty if it has none."""
    return decoded(fields.get(name, ""), fields.get(name + BESIDE))


def packed(text: str) -> str:
    """Return a text with its id and fields in one string, for a script or another process."""
    origin = encoded(text)
    plain = text.replace(SEPARATOR, " ")
    return plain if origin is None else f"{plain}{SEPARATOR}{orjson.dumps(origin).decode()}"


def unpacked(text: str) -> str:
    """Return the text that was packed."""
    text, _, origin = text.partition(SEPARATOR)
    return decoded(text, origin)


def masked(text: str, mask: Callable[[str], str]) -> str:
    """Return a text without secrets. A message whose words together look like one loses its id."""
    if isinstance(text, Message):
        text = _masked_fields(text, mask)
    shown = mask(text)
    return text if shown == text else shown


def cut(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters; a message that is cut loses its id."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _masked_fields(message: Message, mask: Callable[[str], str]) -> Message:
    def shown(value: Any) -> Any:
        if isinstance(value, BaseException):
            value = message_of(value)
        if isinstance(value, Message):
            return _masked_fields(value, mask)
        return value if value is None or isinstance(value, int | float) else mask(str(value))

    fields = {name: shown(value) for name, value in message.fields.items()}
    return message if fields == message.fields else Message(_filled(message.id, fields), message.id, fields)


def _value(value: Any) -> Any:
    if isinstance(value, BaseException):
        value = message_of(value)
    if isinstance(value, Message):
        return encoded(value)
    return value if value is None or isinstance(value, bool | int | float) else _valid(str(value))


def _parsed(origin: str) -> Any:
    try:
        return orjson.loads(origin) if origin else None
    except orjson.JSONDecodeError:
        return None


def _valid(text: str) -> str:
    # JSON has no lone surrogates.
    return str(text) if text.isascii() else text.encode(errors="replace").decode()


def _message(origin: Any) -> Message | None:
    match origin:
        case [str(message_id)]:
            fields = dict[str, Any]()
        case [str(message_id), dict()]:
            fields = cast("dict[str, Any]", origin[1])
        case _:
            return None
    if not has_translation(message_id) and _COMPOSED.fullmatch(message_id) is None:
        return None
    values = {name: _message(value) if isinstance(value, list) else value for name, value in fields.items()}
    try:
        return Message(_filled(message_id, values), message_id, values)
    except (ValueError, LookupError, AttributeError, TypeError):
        return None


def _filled(message_id: str, fields: Mapping[str, Any]) -> str:
    text = message_id.rpartition("\4")[2]
    return text.format(**fields) if fields else text
