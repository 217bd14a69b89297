"""Channels used as verbs: "email me the report", "slack us if it fails", "… and email a@b.example if not"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from app.planner.lexicon.entry import words
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import has, text

_PEOPLE: Final = words("me us everyone everybody them him") | {"the team"}
_ADDRESSES: Final = words("email phone")
_ENDS: Final = words(". ; ! ?")
_NO_VERB_AFTER: Final = ("watch", "report", "message", "send", "notify", "toward", "via", "using", "account")


def is_verb(lex: Sequence[Lexeme], at: int) -> bool:
    """True where the channel at an index says what to do and not where."""
    if not lex[at].has("channel") or has(lex, at - 1, "channel", *_NO_VERB_AFTER):
        return False
    return text(lex, at + 1) in _PEOPLE or _addresses_on_condition(lex, at)


def _addresses_on_condition(lex: Sequence[Lexeme], at: int) -> bool:
    """True for "email a@b.example if not", which tells nobody else what goes wrong."""
    if at + 1 >= len(lex) or lex[at + 1].kind not in _ADDRESSES:
        return False
    rest = list(takewhile(lambda lexeme: lexeme.kind != "line" and lexeme.text not in _ENDS, lex[at + 2 :]))
    chunk = takewhile(lambda lexeme: not lexeme.has("sep") and lexeme.text != ",", rest)
    others = any(lexeme.has("notify", "send", "message", "channel") for lexeme in rest)
    return not others and any(lexeme.has("cond", "otherwise") for lexeme in chunk)
