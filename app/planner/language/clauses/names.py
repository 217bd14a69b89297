"""Names of accounts and chats: words after "akun", "chat", "grup", and ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import (
    ACCOUNT,
    CHANNEL,
    CHOICES,
    KNOWN_ACCOUNT,
    MEANT,
    TO,
    WEAK,
    Item,
    Name,
)
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

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
_ENDS_LIST: Final = senses("notify send message toward cond otherwise report backup using")
"""Senses that end a list of what is monitored."""
_MOST_WORDS: Final = 4
_SHORTEST_NUMBER: Final = 3
_SHORTEST_ADDRESS: Final = 4


def is_name(lex: Lexemes, pos: int, mark: str) -> bool:
    """True if the lexeme at an index can be the name after a mark."""
    if pos >= len(lex):
        return False
    lexeme = lex[pos]
    if lexeme.kind == "number":
        return not lex.counts(pos + 1) and (mark == "chat" or len(lexeme.text) >= _SHORTEST_NUMBER)
    if lexeme.kind == "word":
        return (mark != "account" or not lex.has(pos - 1, Sense.RELATIVE)) and _is_word_name(lex, pos, mark)
    return lexeme.kind in SHAPES


def _is_word_name(lex: Lexemes, pos: int, mark: str) -> bool:
    lexeme = lex[pos]
    if mark == "account" and len(lexeme.text) == 1:
        return _closes(lex, pos)
    if mark == "chat" and not _takes_words(lex, pos):
        return False
    shared = lexeme.text == "it" and lex.text(pos - 1) in {*_INDONESIAN_MARKS, "channel"}
    common = (lexeme.has(Sense.NO_NAMES) and not shared) or (
        mark == "account" and lexeme.has(Sense.CROWDS_NAMES)
    )
    if lexeme.has(Sense.NOUNS):
        return _names_by_noun(lex, pos, mark)
    if common or lexeme.has_any(_OTHER_SENSES) or " " in lexeme.text:
        return False
    return not lexeme.has_any(_INTENT_SENSES) or _names_by_verb(lex, pos, mark)


def _names_by_noun(lex: Lexemes, pos: int, mark: str) -> bool:
    return lex.has(pos + 1, Sense.EVERY) if mark == "account" else _closes(lex, pos)


def _names_by_verb(lex: Lexemes, pos: int, mark: str) -> bool:
    """True for the "uji" of "ke slack channel uji" and the "cek" of "akun cek tiap menit"."""
    if mark == "chat":
        return lex.has(pos + 1, Sense.SEP) or lex.kind(pos + 1) in {"", "mark", "line"}
    return lex.has(pos + 1, Sense.EVERY)


def _takes_words(lex: Lexemes, pos: int) -> bool:
    """True if a word can be a chat's name: an unknown one, or the last before the sentence goes on."""
    if lex.has(pos - 1, Sense.SHAPED_ONLY):
        return False
    return not lex[pos].senses or _closes(lex, pos) or lex[pos + 1].kind == "quote"


def is_listed_name(lex: Lexemes, pos: int, mark: str) -> bool:
    """True for a further name of a list: "akun toko_bdg, pusat dan cabang"."""
    lexeme = lex[pos]
    if lexeme.kind in SHAPES or (mark == "chat" and lexeme.kind == "number"):
        return is_name(lex, pos, mark)
    if lexeme.kind != "word" or not _closes(lex, pos):
        return False
    if len(lexeme.text) == 1:
        return True
    if lexeme.has(Sense.NO_NAMES, Sense.CROWDS_NAMES) or lexeme.has(
        *_OTHER_SENSES, *_INTENT_SENSES, Sense.BEYOND
    ):
        return False
    return not lexeme.senses or (lexeme.has(Sense.FILLER, Sense.DIGIT) and lex.has(pos + 1, Sense.EVERY))


def is_address(lex: Lexemes, pos: int) -> bool:
    """True for "telegram 12345" and "ke slack manajemen", not for "telegram 30 detik"."""
    lexeme = lex[pos]
    if lexeme.kind == "number":
        return len(lexeme.text) >= _SHORTEST_ADDRESS and not lex.counts(pos + 1)
    return is_unknown(lexeme)


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
_NAMED: Final = (KNOWN_ACCOUNT, "phone")
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
            found[pos] = _person(lexeme, pos)
            continue
        marks = not senses.isdisjoint(_MARKS)
        if marks and (lexeme.has(Sense.ACCOUNT) or _is_bot(lex, pos)):
            _after_mark(lex, pos, "account", found)
        elif marks and (
            lexeme.has(Sense.CHAT) or (lexeme.has(Sense.CHAT_NUMBER) and lex.has(pos + 1, Sense.NUMBER))
        ):
            _after_mark(lex, pos, "chat", found)
            widened.update(_widen(lex, _skip_leads(lex, pos + 1), found, whole=whole))
        elif (may_be or not senses.isdisjoint(_NAMED)) and pos not in found and pos not in widened:
            _unmarked(lex, pos, found)
    return [found[pos] for pos in sorted(found)]


def _person(lexeme: Lexeme, pos: int) -> Item:
    """Return the name of a recipient: a contact's address, or words whose address is not known."""
    said = {sense: value for sense, value in lexeme.senses.items() if isinstance(value, str)}
    if lexeme.kind == "person":
        choices = tuple(filter(None, said[CHOICES].split("\n")))
        mark = "weak person" if lexeme.has(WEAK) else "person"
        return Item("name", pos, pos + 1, Name(lexeme.raw, mark, "person", choices=choices))
    place = {"channel": said[CHANNEL], "to": said[TO], "account_id": said[ACCOUNT]}
    known = tuple((field, value) for field, value in place.items() if value)
    return Item("name", pos, pos + 1, Name(said[TO], "chat", "contact", known, said[MEANT]))


def _is_bot(lex: Lexemes, pos: int) -> bool:
    return lex[pos].has(Sense.BOT) and pos + 1 < len(lex) and lex[pos + 1].kind in SHAPES


def _after_mark(lex: Lexemes, pos: int, mark: str, found: dict[int, Item]) -> None:
    start = _skip_leads(lex, pos + 1)
    if start in found and mark == "account":
        return
    if is_name(lex, start, mark):
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
    while end < len(lex) and (
        _is_lead(lex, end) or (lex.text(end) == "-" and lex.has(end + 1, Sense.NUMBER))
    ):
        end += 1
    return end


def _is_lead(lex: Lexemes, pos: int) -> bool:
    return lex[pos].has(Sense.LEADS_NAMES) or lex[pos].has_any(_LEAD_SENSES)


def _list(lex: Lexemes, pos: int, mark: str, found: dict[int, Item]) -> None:
    """Take further names: "akun toko_bdg, toko_sby, sama toko_mdn"."""
    end = pos
    while (
        (start := lex.list_next(_past_channel(lex, end))) is not None
        and start < len(lex)
        and is_listed_name(lex, start, mark)
    ):
        found[start] = _item(lex, start, mark)
        end = start + 1


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


def _unmarked(lex: Lexemes, pos: int, found: dict[int, Item]) -> None:
    lexeme = lex[pos]
    shaped = lexeme.kind in SHAPES or lexeme.has(*_NAMED)
    if lex.has(pos - 1, Sense.EVERY) and lex.has(pos + 1, Sense.UNIT):
        return  # "tiap 999999999 menit" is a count, not a name
    if lexeme.has(KNOWN_ACCOUNT):
        found[pos] = _item(lex, pos, "account")
    elif shaped:
        found[pos] = _item(lex, pos, "")
    elif lex.has(pos - 1, Sense.CHANNEL) and (lexeme.kind == "number" or lex.has(pos - 2, Sense.TOWARD)):
        if is_address(lex, pos):
            found[pos] = _item(lex, pos, "chat")
    elif lex.has(pos - 1, Sense.CHANNEL) and is_unknown(lexeme) and _is_listed_target(lex, pos, found):
        found[pos] = _item(lex, pos, "account")
    elif lex.has(pos - 1, Sense.TOWARD) and _is_led_to(lex, pos):
        found[pos] = _item(lex, pos, "chat")
    elif lex.has(pos - 1, Sense.WATCH) and is_unknown(lexeme) and _on_channel(lex, pos + 1):
        found[pos] = _item(lex, pos, "account")


def _is_led_to(lex: Lexemes, pos: int) -> bool:
    """True for "kirim telegram ke 998877" and "ke budi via wa"."""
    if lex[pos].kind == "number":
        return is_address(lex, pos)
    return is_unknown(lex[pos]) and _on_channel(lex, pos + 1)


def _is_listed_target(lex: Lexemes, pos: int, found: dict[int, Item]) -> bool:
    """True for the "dev" of "pantau wa toko_a, tele bot_b, sama slack dev": the others are accounts, too."""
    listed = _closes(lex, pos) and lex.list_next(pos - 2) == pos - 1
    named = listed and any(lex.has(place - 1, Sense.CHANNEL, Sense.ACCOUNT) for place in found)
    before = lex[:pos] if named else ()
    return any(each.has("watch") for each in before) and not any(each.has(*_ENDS_LIST) for each in before)


def _on_channel(lex: Lexemes, pos: int) -> bool:
    return lex.has(pos, Sense.VIA) and lex.has(pos + 1, Sense.CHANNEL)


def _item(lex: Lexemes, pos: int, mark: str) -> Item:
    lexeme = lex[pos]
    raw = lexeme.raw
    if mark == "account":
        raw = raw.lstrip("@") or raw
    channel = lexeme.senses.get(KNOWN_ACCOUNT) or ""
    place = (("channel", str(channel)),) if channel else ()
    return Item("name", pos, pos + 1, Name(raw, mark, lexeme.kind, place))
