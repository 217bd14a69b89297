"""The shapes that are recognised before any word is: quotes, addresses, dates, clock times, numbers."""

from __future__ import annotations

import re
from typing import Final

_HOST = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_TLD = (
    r"(?:com|net|org|id|io|dev|app|example|co|info|biz|test|me|xyz|site|online|store|shop|tech|cloud|local)"
)
_AFTER_NUMBER = r"(?![\d_])(?![.:]\d)"

ATOMS: Final = re.compile(
    "|".join(
        (
            r"(?P<url>https?://(?:(?!,https?:)[^\s<>\"'])+)",
            rf"(?P<www>www\.{_HOST}(?:\.{_HOST})+(?::\d+)?(?:/[^\s<>\"',]*)?)",
            r"(?P<quote>“[^”“]*[^”“\s][^”“]*[”“]|\"[^\"]*[^\"\s][^\"]*\"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*[^'\s](?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w))",
            r"(?P<email>[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
            r"(?P<handle>(?<!\w)@[a-z0-9_](?:[\w.-]*\w)?)",
            r"(?P<hash>(?<![\w#])\#[a-z_][\w-]*)",
            r"(?P<bullet>^[ ]*(?:\d{1,2}[.)]|[a-z][.)]|[-*•·])(?=\s)|(?<!\S)\(?\d{1,2}\)(?=\s))",
            r"(?P<isodate>(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?![\w-]))",
            r"(?P<date>(?<![\w/-])\d{1,2}(?P<dash>[/-])\d{1,2}(?P=dash)\d{4}(?![\w/-]))",
            r"(?P<phone>\+\d[\d() -]{7,18}\d(?![\w-])|(?<![\w+-])0\d{2,3}[ -]\d{3,4}[ -]\d{3,5}(?![\w-]))",
            rf"(?P<clock>(?<![\w.:,])\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?!\d))?{_AFTER_NUMBER}(?![-+@]*[a-z_][\w@]*\d)(?![a-z])(?!\.[a-z])|(?<![\w.:,])\d{{1,2}}[:.]\d{{2}}(?=(?:am|pm|wib|wita|wit|a\.m|p\.m)\b))",
            rf"(?P<thousands>(?<![\w.,:])-?\d{{1,3}}(?:\.\d{{3}})+{_AFTER_NUMBER}(?![a-z])|(?<![\w.,:])-?\d{{1,3}}(?:,\d{{3}})+{_AFTER_NUMBER}(?![a-z]))",
            r"(?P<decimal>(?<![\w.,:/-])-?\d+[.,]\d{1,2}(?!\d)(?![.,:]\d)(?=[a-z]{1,6}\b|\s|$|[.,;!?]))",
            r"(?P<negative>(?<![\w)-])-\d+(?![\w-]))",
            r"(?P<until>(?<!\w)s(?:/|\.[ ]?)d\b\.?)",
            r"(?P<zone>(?<![\w/])(?:[a-z]+(?:_[a-z]+)*/[a-z]+(?:[_-][a-z]+)*(?:/[a-z]+(?:_[a-z]+)*)?|(?:utc|gmt)[ ]?[+-]\d{1,2}(?::?00)?)(?![\w/]))",
            r"(?P<dotted>(?<![\w.])(?:24/7(?!\d)|o'clock|[ap]\.m\.?|d\.c\.|w\.a\.?(?!\w)|no\.(?=[ ]?\+?\d)|tgl\.(?=[ ]?\d)))",
            r"(?P<half>1/2|½)",
            r"(?P<run>\w+(?:(?:[._+@'-]|--)\w+)*)",
            r"(?P<line>\n)",
            r"(?P<mark>[^\s\w])",
        )
    ),
    re.MULTILINE,
)

BARE_HOST: Final = re.compile(rf"{_HOST}(?:\.{_HOST})*\.{_TLD}")
"""A host without `https://`; taken for one only where a site is spoken of."""


def url_end(text: str, start: int, end: int) -> int:
    """Return where a URL ends once the punctuation of the sentence around it is left out."""
    while end > start:
        last = text[end - 1]
        closes = last in ")]}" and text.count(last, start, end) > text.count(
            {")": "(", "]": "[", "}": "{"}[last], start, end
        )
        if last not in ".,;:!?…" and not closes:
            return end
        end -= 1
    return end
