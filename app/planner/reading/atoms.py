"""The shapes that are recognised before any word is: quotes, addresses, dates, clock times, numbers."""

from __future__ import annotations

import re
from typing import Final

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TLD: Final = (
    r"(?:com|net|org|id|io|dev|app|example|co|info|biz|test|me|xyz|site|online|store|shop|tech|cloud|local)"
)
_PATH: Final = r"(?::\d+)?(?:/[^\s<>\"',]*)?"
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_NO_MORE_DIGITS: Final = r"(?![\d_])(?![.:]\d)"
_INNER: Final = r"(?:[^'\n]|(?<=\w)'(?=\w))"
"""Inside single quotes an apostrophe between letters closes nothing."""
_HM: Final = r"(?<![\w.:,])\d{1,2}[:.]\d{2}"
_IANA_PART: Final = r"[a-z]+(?:[_-][a-z]+)*"

_SHAPES: Final = (
    ("url", r"https?://(?:(?!,https?:)[^\s<>\"'])+"),
    ("scheme", r"(?<!\w)[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+"),
    ("www", rf"www\.{_LABEL}(?:\.{_LABEL})+{_PATH}"),
    # Possessive: an opening quote without its end must not cost the square of what follows.
    ("quote", rf"“\s*+[^”“\s][^”“]*+[”“]|\"\s*+[^\"\s][^\"]*+\"|(?<!\w)'[^\S\n]*+[^'\s]{_INNER}*+'(?!\w)"),
    ("email", r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    ("handle", r"(?<!\w)@[a-z0-9_](?:[\w.-]*\w)?"),
    ("hash", r"(?<![\w#])\#[a-z_][\w-]*"),
    ("ip", rf"(?<![\w.@-]){_OCTET}(?:\.{_OCTET}){{3}}(?![\w@-])(?!\.\w){_PATH}"),
    ("host", rf"(?<![\w.@-]){_LABEL}(?:\.{_LABEL})*\.{_TLD}(?![\w@-])(?!\.\w){_PATH}"),
    ("bullet", r"^[ ]*(?:\d{1,2}[.)]|[a-z][.)]|[-*•·])(?=\s)|(?<!\S)\(?\d{1,2}\)(?=\s)"),
    ("isodate", r"(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?![\w-])"),
    ("date", r"(?<![\w./-])\d{1,2}(?P<dash>[/.-])\d{1,2}(?P=dash)\d{4}(?![\w/-])"),
    ("phone", r"\+\d[\d() -]{7,18}\d(?![\w-])|(?<![\w+-])0\d{2,3}[ -]\d{3,4}[ -]\d{3,5}(?![\w-])"),
    # A clock time may touch its zone or "pm", but no name: `07.30`, `7.30pm`, not the front of `10.0.0.8`.
    (
        "clock",
        (
            rf"{_HM}(?:[:.]\d{{2}}(?!\d))?{_NO_MORE_DIGITS}(?![-+@]*[a-z_][\w@]*\d)(?![a-z])(?!\.[a-z])"
            rf"|{_HM}(?=(?:am|pm|wib|wita|wit|a\.m|p\.m)\b)"
        ),
    ),
    (
        "thousands",
        (
            rf"(?<![\w.,:])-?\d{{1,3}}(?:\.\d{{3}})+{_NO_MORE_DIGITS}(?![a-z])"
            rf"|(?<![\w.,:])-?\d{{1,3}}(?:,\d{{3}})+{_NO_MORE_DIGITS}(?![a-z])"
        ),
    ),
    ("decimal", r"(?<![\w.,:/-])-?\d+[.,]\d{1,2}(?!\d)(?![.,:]\d)(?=[a-z]{1,6}\b|\s|$|[.,;!?])"),
    ("negative", r"(?<![\w)-])-\d+(?![\w-])"),
    ("until", r"(?<!\w)s(?:/|\.[ ]?)d\b\.?"),
    (
        "zone",
        (
            rf"(?<![\w/])(?:{_IANA_PART}/{_IANA_PART}(?:/{_IANA_PART})?"
            r"|(?:utc|gmt)[ ]?[+-]\d{1,2}(?::?00)?)(?![\w/])"
        ),
    ),
    (
        "dotted",
        r"(?<![\w.])(?:24/7(?!\d)|o'clock|[ap]\.m\.?|d\.c\.|w\.a\.?(?!\w)|no\.(?=[ ]?\+?\d)|tgl\.(?=[ ]?\d))",
    ),
    ("half", r"1/2|½"),
    ("run", r"\w+(?:(?:[._+@'-]|--)\w+)*"),
    ("line", r"\n"),
    ("mark", r"[^\s\w]"),
)
"""Kinds of atoms, the most telling shape first."""

ATOMS: Final = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _SHAPES), re.MULTILINE)

_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


def url_end(text: str, start: int, end: int) -> int:
    """Return where a URL ends once the punctuation of the sentence around it is left out."""
    while end > start:
        last = text[end - 1]
        opening = _CLOSING.get(last)
        unopened = opening is not None and text.count(last, start, end) > text.count(opening, start, end)
        if last not in ".,;:!?…" and not unopened:
            return end
        end -= 1
    return end
