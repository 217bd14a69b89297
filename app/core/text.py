"""Control characters in text: refused ones, and how others are displayed.

A terminal executes C0, DEL and C1: they clear the screen, set its title or hide a line. Bidi controls change
the order in which a line is read. Joiners (U+200D), which emoji consist of, and all letters are text.
Standard library only: the launcher prints with it before it has installed anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from app.core.i18n import _

CODE: Final = "control_character"
_BIDI: Final = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_C1: Final = r"\x7f-\x9f"
_OF_LINE: Final = re.compile(rf"[\x00-\x1f{_C1}{_BIDI}]")
# Bidi marks are allowed: people write them in Arabic and Hebrew. Of \r only the \r\n of Windows is allowed.
_OF_TEXT: Final = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_C1}]|\r(?!\n)")
_OF_PARAGRAPHS: Final = re.compile(rf"{_OF_TEXT.pattern}|[{_BIDI}]")
_NOT_SHOWN: Final = re.compile(rf"[\x00-\x08\x0b-\x1f{_C1}{_BIDI}]")
_NOT_IN_JSON: Final = re.compile(rf"[{_C1}{_BIDI}]")
# Also finds a backslash before one of these letters, which JSON writes as two backslashes.
_ESCAPED_CONTROL: Final = re.compile(rb"\\[bfru]|\x7f|\xc2[\x80-\x9f]")
_ONE_BYTE: Final = 0x100


def visible(text: str) -> str:
    r"""Return a text with its control characters written out (`\x1b`); newlines and tabs stay."""
    return _NOT_SHOWN.sub(_escaped, text)


def visible_json(text: str) -> str:
    r"""Return a JSON document with the control characters in its strings written out (`\u009b`)."""
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < _ONE_BYTE else f"\\u{code:04x}"


def line_problem(text: str) -> str | None:
    """Return why a text is not a line of printable characters; None if it is one."""
    return _problem(_OF_LINE.search(text))


def paragraphs_problem(text: str) -> str | None:
    """Return why a text is refused as a short one of several lines; None if it is one."""
    return _problem(_OF_PARAGRAPHS.search(text))


def text_problem(text: str) -> str | None:
    """Return why a text of several lines is refused: a control other than tab and newline; None if not."""
    return _problem(_OF_TEXT.search(text))


def _problem(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return _(
        "character {start} is the control character U+{found:04X}: remove it",
        start=found.start() + 1,
        found=ord(found[0]),
    )


def may_have_controls(json_text: bytes) -> bool:
    r"""Return False if no text of a JSON document has a control character other than tab and newline.

    The document escapes those below 32 (`\u0000`, `\b`). True means that each text has to be examined.
    """
    return _ESCAPED_CONTROL.search(json_text) is not None


def texts_in(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of a JSON value with its JSON Pointer; a member's name has the member's pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, member in cast("Mapping[str, Any]", value).items():
            at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            yield at, name
            yield from texts_in(member, at)
    elif isinstance(value, Sequence):
        for index, element in enumerate(cast("Sequence[Any]", value)):
            yield from texts_in(element, f"{pointer}/{index}")
