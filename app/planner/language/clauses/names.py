"""Names of accounts and chats: words after "akun", "chat", "grup", and ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.tokens.lexemes import Lexeme, Lexemes, Name

# Candidates for a name: shapes that are always one, and words that are one only after their mark.

SHAPES: Final = frozenset({"id", "handle", "hash", "email", "phone"})
_OTHER_SENSES: Final = senses(
    """
    every channel foreign sep cond toward until from interval relday weekday recur dayset account neg into
    now except later clockmark in notify using keep expect lasting unit1 datemark tonight soon change stop
    hm down between hourly otherwise chat repair recall trailing takeback
    """
)
"""A word with one of these senses continues the sentence; it is not a name."""
_INTENT_SENSES: Final = senses("watch report backup message send")
_INDONESIAN_MARKS: Final = words_of(Sense.INDONESIAN_MARKS)
"""After these, "it" is a department and no pronoun."""
_FOLLOWERS: Final = senses(
    """
    sep every via toward cond filler until from clockmark recur into but later in relday unit1 interval
    dayset weekday notify account half number digit otherwise expect
    """
)
"""Senses that may follow a name that is a common word."""
_GOES_ON: Final = senses("recur part hm clock tonight soon textmark send message down up this next")
"""Further senses of a word that comes after a person's name."""
_CAPITALS: Final = frozenset({"filler"})
"""Senses that a further word of a name may have if it has a capital."""
_MOST_WORDS: Final = 4
_SHORTEST_NUMBER: Final = 3
_SHORTEST_ADDRESS: Final = 4


def _is_name(lex: Lexemes, pos: int, mark: str) -> bool:
    """True if the lexeme at an index can be the name after a mark."""
    kind = lex.kind(pos)
    if kind == "number":
        return not lex.counts(pos + 1) and (mark == "chat" or len(lex.text(pos)) >= _SHORTEST_NUMBER)
    if kind != "word":
        return kind in SHAPES
    lexeme, closes = lex[pos], _closes(lex, pos)
    if mark == "account":
        follows = goes_on = lex.has(pos + 1, Sense.EVERY)
        barred = lex.has(pos - 1, Sense.RELATIVE) or lexeme.has(Sense.CROWDS_NAMES)
    else:
        # An unknown word, or the last one before the sentence goes on.
        follows, goes_on = closes, lex.has(pos + 1, Sense.SEP) or lex.kind(pos + 1) in {"", "mark", "line"}
        taken = not lexeme.senses or closes or lex.kind(pos + 1) == "quote"
        barred = lex.has(pos - 1, Sense.SHAPED_ONLY) or not taken
    if barred or (mark == "account" and len(lexeme.text) == 1):
        return closes and not barred
    if lexeme.has(Sense.NOUNS):
        return follows  # "akun jaga tiap menit"
    shared = lexeme.text == "it" and lex.text(pos - 1) in {*_INDONESIAN_MARKS, "channel"}
    other = lexeme.has_any(_OTHER_SENSES) or " " in lexeme.text or (lexeme.has(Sense.NO_NAMES) and not shared)
    return not other and (goes_on or not lexeme.has_any(_INTENT_SENSES))


def _is_listed_name(lex: Lexemes, pos: int, mark: str) -> bool:
    """True for a further name of a list: "akun toko_bdg, pusat dan cabang"."""
    if lex.kind(pos) != "word" or not _is_name(lex, pos, mark):
        return _is_name(lex, pos, mark)
    every = lex.has(pos, Sense.FILLER, Sense.DIGIT) and lex.has(pos + 1, Sense.EVERY)
    return _closes(lex, pos) and (len(lex.text(pos)) == 1 or not lex[pos].senses or every)


def is_unknown(lexeme: Lexeme) -> bool:
    """True for a word without a meaning, which can be a name."""
    return lexeme.kind == "word" and not lexeme.senses and not lexeme.has(Sense.NO_NAMES)


def _closes(lex: Lexemes, pos: int) -> bool:
    """True if no word after an index belongs to a name."""
    return pos + 1 >= len(lex) or lex[pos + 1].has_any(_FOLLOWERS) or lex[pos + 1].kind in {"mark", "line"}


def ends_phrase(lex: Lexemes, pos: int) -> bool:
    """True if a name ends at an index, before a text or the words that go on with the sentence."""
    return _closes(lex, pos) or lex[pos + 1].kind in {"quote", "text"} or lex[pos + 1].has_any(_GOES_ON)


_LEAD_SENSES: Final = ("channel", "chat_number", "bot", "account", "chat")
_INDONESIAN: Final = frozenset({"id"})
"""In Indonesian a name follows its mark, in English it may precede it."""
_MARKS: Final = ("account", "bot", "chat", "chat_number")
_BEFORE_UNMARKED: Final = ("channel", "toward", "watch")
"""Senses of a word before a name that no mark leads, unless the name has a shape or a sense of one."""


def read_names(lex: Lexemes) -> list[Item]:
    """Return the names of a sentence, in order, as items of kind `name`."""
    found: dict[int, Item] = {}
    widened: set[int] = set()
    # Without a text of its own, the words after a chat's name may be the message.
    whole = any(each.kind in {"quote", "text"} or each.has("report", "watch") for each in lex)
    led = False
    for pos, lexeme in enumerate(lex):
        may_be = led or lexeme.kind in SHAPES
        senses = lexeme.senses.keys()
        led = not senses.isdisjoint(_BEFORE_UNMARKED)
        if lexeme.kind in {"contact", "person"}:
            found[pos] = Item("name", pos, pos + 1, lexeme.name)
            continue
        marks = not senses.isdisjoint(_MARKS)
        if marks and (lexeme.has(Sense.ACCOUNT) or (lexeme.has(Sense.BOT) and lex.kind(pos + 1) in SHAPES)):
            _after_mark(lex, pos, "account", found)
        elif marks and (
            lexeme.has(Sense.CHAT) or (lexeme.has(Sense.CHAT_NUMBER) and lex.has(pos + 1, Sense.NUMBER))
        ):
            _after_mark(lex, pos, "chat", found)
            widened.update(_widen(lex, _skip_leads(lex, pos + 1), found, whole=whole))
        elif (
            (may_be or "phone" in senses or lexeme.name is not None)
            and pos not in found
            and pos not in widened
        ):
            mark = _unmarked(lex, pos)
            found.update({} if mark is None else {pos: _item(lex, pos, mark)})
    return [found[pos] for pos in sorted(found)]


def _after_mark(lex: Lexemes, pos: int, mark: str, found: dict[int, Item]) -> None:
    start = _skip_leads(lex, pos + 1)
    if start in found and mark == "account":
        return
    if _is_name(lex, start, mark):
        found[start] = _item(lex, start, mark)
        _list(lex, start + 1, mark, found)
    elif mark == "chat" or lex[pos].languages != _INDONESIAN:
        _before_mark(lex, pos, mark, found)


def _widen(lex: Lexemes, pos: int, found: dict[int, Item], *, whole: bool) -> range:
    """Add the further words of a chat's name, and return their indexes: "grup wa Keluarga Besar"."""
    item = found.get(pos)
    if item is None or item.name is None or lex[pos].kind != "word" or item.last != pos + 1:
        return range(0)
    end = pos + 1
    while end < min(len(lex), pos + _MOST_WORDS) and (
        (whole and is_unknown(lex[end]))
        or (lex[pos].raw.istitle() and lex[end].raw.istitle() and lex[end].senses.keys() <= _CAPITALS)
    ):
        end += 1
    if end > pos + 1 and end not in found:
        text = " ".join(each.raw for each in lex[pos:end])
        found[pos] = replace(item, last=end, value=replace(item.name, text=text))
    return range(pos + 1, end)


def _skip_leads(lex: Lexemes, pos: int) -> int:
    end = pos
    while lex.has(end, Sense.LEADS_NAMES, *_LEAD_SENSES) or (
        lex.text(end) == "-" and lex.has(end + 1, Sense.NUMBER)
    ):
        end += 1
    return end


def _list(lex: Lexemes, pos: int, mark: str, found: dict[int, Item]) -> None:
    """Take further names: "akun toko_bdg, toko_sby, sama toko_mdn"."""
    start = lex.list_next(_past_channel(lex, pos))
    while start is not None and _is_listed_name(lex, start, mark):
        found[start] = _item(lex, start, mark)
        start = lex.list_next(_past_channel(lex, start + 1))


def _past_channel(lex: Lexemes, pos: int) -> int:
    """Return the index after the "on telegram" or "(telegram)" of a listed name."""
    if lex.text(pos) == "(" and lex.has(pos + 1, Sense.CHANNEL) and lex.text(pos + 2) == ")":
        return pos + 3
    return pos + 2 if lex.has(pos, Sense.VIA) and lex.has(pos + 1, Sense.CHANNEL) else pos


def _before_mark(lex: Lexemes, pos: int, mark: str, found: dict[int, Item]) -> None:
    """Take the name before its mark: "the ops account", "the #general channel"."""
    start = pos - 1
    while start >= 0 and lex[start].has(Sense.CHANNEL):
        start -= 1
    known = found.get(start)
    if start < 0 or (known is not None and known.name is not None and known.name.mark):
        return
    unknown = is_unknown(lex[start]) and lex.has(start - 1, Sense.BEFORE_NAMES)
    if lex[start].kind in SHAPES or unknown:
        found[start] = _item(lex, start, mark)


def _unmarked(lex: Lexemes, pos: int) -> str | None:
    """Return what a name without a mark is: an account, a chat, or "" for either; None if it is no name."""
    lexeme, named = lex[pos], is_unknown(lex[pos])
    if lex.has(pos - 1, Sense.EVERY) and lex.has(pos + 1, Sense.UNIT):
        return None  # "tiap 999999999 menit" is a count, not a name
    if lexeme.name is not None:
        return lexeme.name.mark
    if lexeme.kind in SHAPES or lexeme.has("phone"):
        return ""
    number = lexeme.kind == "number"
    if number:  # "telegram 12345", not "telegram 30 detik"
        named = len(lexeme.text) >= _SHORTEST_ADDRESS and not lex.counts(pos + 1)
    on_channel = lex.has(pos + 1, Sense.VIA) and lex.has(pos + 2, Sense.CHANNEL)
    if lex.has(pos - 1, Sense.CHANNEL) and (number or lex.has(pos - 2, Sense.TOWARD)):
        return "chat" if named else None
    if named and lex.has(pos - 1, Sense.TOWARD) and (number or on_channel):
        return "chat"  # "kirim telegram ke 998877", "ke budi via wa"
    return "account" if named and not number and on_channel and lex.has(pos - 1, Sense.WATCH) else None


def _item(lex: Lexemes, pos: int, mark: str) -> Item:
    lexeme = lex[pos]
    raw = lexeme.raw.lstrip("@") if mark == "account" else ""
    place = () if lexeme.name is None else lexeme.name.place
    return Item("name", pos, pos + 1, Name(raw or lexeme.raw, mark, lexeme.kind, place))
