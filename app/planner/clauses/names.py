"""Names of accounts and chats: what follows "akun", "chat", "grup", and everything shaped like an id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.item import Item, Name
from app.planner.clauses.name_shapes import SHAPES, is_address, is_listed_name, is_name, is_unknown
from app.planner.lexicon.entry import words
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import has, list_next, text

_LEADS: Final = words(": = yg yang bernama named called nama namanya id the dengan")
_LEAD_SENSES: Final = ("channel", "chat_number", "bot", "account", "chat")
_INDONESIAN: Final = frozenset({"id"})
"""In Indonesian a name follows its mark, in English it may stand before it."""
_BEFORE_NAMES: Final = words("the my our to watch monitor check")


def read_names(lex: Sequence[Lexeme]) -> list[Item]:
    """Return the names of a sentence, in order, as items of kind `name`."""
    found: dict[int, Item] = {}
    for at, lexeme in enumerate(lex):
        if lexeme.has("account") or _is_bot(lex, at):
            _after_mark(lex, at, "account", found)
        elif lexeme.has("chat") or (lexeme.has("chat_number") and has(lex, at + 1, "number")):
            _after_mark(lex, at, "chat", found)
        elif at not in found:
            _unmarked(lex, at, found)
    return [found[at] for at in sorted(found)]


def _is_bot(lex: Sequence[Lexeme], at: int) -> bool:
    return lex[at].has("bot") and at + 1 < len(lex) and lex[at + 1].kind in SHAPES


def _after_mark(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    start = _skip_leads(lex, at + 1)
    if start in found and mark == "account":
        return
    if is_name(lex, start, mark):
        found[start] = _item(lex, start, mark)
        _list(lex, start + 1, mark, found)
    elif mark == "chat" or lex[at].languages != _INDONESIAN:
        _before_mark(lex, at, mark, found)


def _skip_leads(lex: Sequence[Lexeme], at: int) -> int:
    end = at
    while end < len(lex) and (_is_lead(lex, end) or (text(lex, end) == "-" and has(lex, end + 1, "number"))):
        end += 1
    return end


def _is_lead(lex: Sequence[Lexeme], at: int) -> bool:
    return lex[at].text in _LEADS or lex[at].has_any(_LEAD_SENSES)


def _list(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    """Take further names: "akun toko_bdg, toko_sby, sama toko_mdn"."""
    end = at
    while (
        (start := list_next(lex, _past_channel(lex, end))) is not None
        and start < len(lex)
        and is_listed_name(lex, start, mark)
    ):
        found[start] = _item(lex, start, mark)
        end = start + 1


def _past_channel(lex: Sequence[Lexeme], at: int) -> int:
    """Return the index after the "on telegram" or "(telegram)" of a listed name."""
    if text(lex, at) == "(" and has(lex, at + 1, "channel") and text(lex, at + 2) == ")":
        return at + 3
    return at + 2 if has(lex, at, "via") and has(lex, at + 1, "channel") else at


def _before_mark(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    """Take the name before its mark: "the ops account", "the #general channel"."""
    start = at - 1
    while start >= 0 and lex[start].has("channel"):
        start -= 1
    known = found.get(start)
    if start < 0 or (known is not None and known.name is not None and known.name.mark):
        return
    unknown = is_unknown(lex[start]) and text(lex, start - 1) in _BEFORE_NAMES
    if lex[start].kind in SHAPES or unknown:
        found[start] = _item(lex, start, mark)


def _unmarked(lex: Sequence[Lexeme], at: int, found: dict[int, Item]) -> None:
    lexeme = lex[at]
    if has(lex, at - 1, "every") and has(lex, at + 1, "unit"):
        return  # "tiap 999999999 menit" counts, and calls nobody
    if lexeme.kind in SHAPES or lexeme.has("phone"):
        found[at] = _item(lex, at, "")
    elif has(lex, at - 1, "channel") and (lexeme.kind == "number" or has(lex, at - 2, "toward")):
        if is_address(lex, at):
            found[at] = _item(lex, at, "chat")
    elif has(lex, at - 1, "toward") and _is_led_to(lex, at):
        found[at] = _item(lex, at, "chat")
    elif has(lex, at - 1, "watch") and is_unknown(lexeme) and _on_channel(lex, at + 1):
        found[at] = _item(lex, at, "account")


def _is_led_to(lex: Sequence[Lexeme], at: int) -> bool:
    """True for "kirim telegram ke 998877" and "ke budi via wa"."""
    if lex[at].kind == "number":
        return is_address(lex, at)
    return is_unknown(lex[at]) and _on_channel(lex, at + 1)


def _on_channel(lex: Sequence[Lexeme], at: int) -> bool:
    return has(lex, at, "via") and has(lex, at + 1, "channel")


def _item(lex: Sequence[Lexeme], at: int, mark: str) -> Item:
    lexeme = lex[at]
    raw = lexeme.raw
    if mark == "account":
        raw = raw.lstrip("@") or raw
    return Item("name", at, at + 1, Name(raw, mark, lexeme.kind))
