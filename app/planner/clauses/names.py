"""Names of accounts and chats: what follows "akun", "chat", "grup", and everything that is shaped like an id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.item import Item, Name
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import has, list_next, text

SHAPES: Final = frozenset({"id", "handle", "hash", "email", "phone"})
_NEVER_SENSES: Final = (
    "every", "channel", "foreign", "sep", "cond", "toward", "until", "from", "interval", "relday", "weekday", "recur",
    "dayset", "account", "neg", "into", "now", "later", "clockmark", "in", "notify", "using", "keep", "expect", "lasting",
    "unit1", "datemark", "tonight", "soon", "change", "stop", "hm", "down", "between", "hourly", "otherwise", "chat",
)  # fmt: skip
_INTENT_SENSES: Final = ("watch", "report", "backup", "message", "send")
_NEVER: Final = frozenset(
    "saya aku gue gw gua kami kita ku nya dia ini itu tsb tersebut yang yg semua seluruh ya dong donk deh sih tolong"
    " please pls plz me my mine our us we i this that these those is are it all both the a an and di pada on for in at"
    " with to of from by mohon lagi juga aja saja sekarang cukup masing-masing min kak bang terus dulu apa udah sudah"
    " buat untuk agar supaya baru lama telah masih akan mau bisa sekali setengah".split()
)
_SHAPED_ONLY: Final = frozenset({"server", "address", "alamat", "number", "phone", "nomor", "nomer", "phone number", "no hp", "nomor hp", "contact"})
_LEADS: Final = frozenset({":", "=", "yg", "yang", "bernama", "named", "called", "nama", "namanya", "id", "the", "-", "dengan"})
_FOLLOWERS: Final = ("sep", "every", "via", "toward", "cond", "filler", "until", "from", "clockmark", "recur", "into", "but", "later",
                     "in", "relday", "unit1", "interval", "dayset", "weekday", "notify", "account", "half", "number", "digit")


def read_names(lex: Sequence[Lexeme]) -> list[Item]:
    """Return the names of a sentence, in order, as items of kind `name`."""
    found: dict[int, Item] = {}
    for at, lexeme in enumerate(lex):
        if lexeme.has("account") or _is_bot(lex, at):
            _after_mark(lex, at, "account", found)
        elif lexeme.has("chat") or _is_number_mark(lex, at):
            _after_mark(lex, at, "chat", found)
        elif at not in found:
            _unmarked(lex, at, found)
    return [found[at] for at in sorted(found)]


def _is_bot(lex: Sequence[Lexeme], at: int) -> bool:
    return lex[at].has("bot") and at + 1 < len(lex) and lex[at + 1].kind in SHAPES


def _is_number_mark(lex: Sequence[Lexeme], at: int) -> bool:
    return lex[at].has("chat_number") and has(lex, at + 1, "number")


def _after_mark(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    start = _skip_leads(lex, at + 1)
    if start in found and mark == "account":
        return
    if _is_name(lex, start, mark):
        found[start] = _item(lex, start, mark)
        _list(lex, start + 1, mark, found)
    elif "en" in lex[at].languages or "" in lex[at].languages or mark == "chat" or lex[at].text == "bot":
        _before_mark(lex, at, mark, found)


def _skip_leads(lex: Sequence[Lexeme], at: int) -> int:
    end = at
    while end < len(lex) and (lex[end].text in _LEADS or lex[end].has("channel", "chat_number", "bot", "account", "chat")):
        if lex[end].text in {"-"} and not has(lex, end + 1, "number"):
            break
        end += 1
    return end


def _is_name(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    if at >= len(lex):
        return False
    lexeme = lex[at]
    if lexeme.kind in SHAPES:
        return True
    if lexeme.kind == "number":
        counts = has(lex, at + 1, "unit", "times", "unit_short") and not has(lex, at + 1, "clockmark")
        return not counts and (mark == "chat" or len(lexeme.text) > 2)
    if len(lexeme.text) == 1 and lexeme.kind == "word" and mark == "account":
        return at + 1 >= len(lex) or lex[at + 1].has(*_FOLLOWERS) or lex[at + 1].kind in {"mark", "line"}
    if mark == "chat" and not _takes_words(lex, at):
        return False
    if lexeme.kind != "word" or lexeme.text in _NEVER or lexeme.has(*_NEVER_SENSES) or " " in lexeme.text:
        return False
    if lexeme.has(*_INTENT_SENSES):
        return mark == "account" and (at + 1 >= len(lex) or has(lex, at + 1, "every"))
    return True


def _takes_words(lex: Sequence[Lexeme], at: int) -> bool:
    """True where a plain word can be a chat's name: an unknown one, or the last before another part of the sentence."""
    if text(lex, at - 1) in _SHAPED_ONLY:
        return False
    if not lex[at].senses:
        return True
    return at + 1 >= len(lex) or lex[at + 1].has(*_FOLLOWERS) or lex[at + 1].kind in {"mark", "line", "quote"}


def _list(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    """Take further names: "akun toko_bdg, toko_sby, sama toko_mdn"."""
    end = at
    while (start := list_next(lex, end)) is not None and start < len(lex):
        lexeme = lex[start]
        shaped = lexeme.kind in SHAPES or (mark == "chat" and lexeme.kind == "number" and _is_name(lex, start, mark))
        if not shaped and not _is_listed_word(lex, start):
            return
        found[start] = _item(lex, start, mark)
        end = start + 1


def _is_listed_word(lex: Sequence[Lexeme], at: int) -> bool:
    lexeme = lex[at]
    if len(lexeme.text) == 1 and lexeme.kind == "word":
        return _is_name(lex, at, "account")
    if lexeme.kind != "word" or lexeme.has(*_NEVER_SENSES, *_INTENT_SENSES, "beyond") or lexeme.text in _NEVER:
        return False
    if lexeme.senses and not lexeme.has("filler", "digit"):
        return False
    if lexeme.has("filler") and not has(lex, at + 1, "every"):
        return False
    return at + 1 >= len(lex) or lex[at + 1].has(*_FOLLOWERS) or lex[at + 1].kind in {"mark", "line"}


def _before_mark(lex: Sequence[Lexeme], at: int, mark: str, found: dict[int, Item]) -> None:
    """Take the name before its mark: "the ops account", "the general channel"."""
    start = at - 1
    while start >= 0 and lex[start].has("channel"):
        start -= 1
    if start < 0 or (start in found and found[start].name and found[start].name.mark):  # type: ignore[union-attr]
        return
    lexeme = lex[start]
    unknown = lexeme.kind == "word" and not lexeme.senses and text(lex, start - 1) in {"the", "my", "our", "to", "watch", "monitor", "check"}
    if lexeme.kind in SHAPES or unknown:
        found[start] = _item(lex, start, mark)


def _unmarked(lex: Sequence[Lexeme], at: int, found: dict[int, Item]) -> None:
    lexeme = lex[at]
    if lexeme.kind in SHAPES or lexeme.has("phone"):
        found[at] = _item(lex, at, "")
    elif has(lex, at - 1, "channel") and (lexeme.kind == "number" or _follows_toward(lex, at - 1)):
        if _is_address(lex, at):
            found[at] = _item(lex, at, "chat")
    elif lexeme.kind == "word" and not lexeme.senses and has(lex, at - 1, "toward") and _via_channel(lex, at + 1):
        found[at] = _item(lex, at, "chat")


def _follows_toward(lex: Sequence[Lexeme], at: int) -> bool:
    return has(lex, at - 1, "toward")


def _is_address(lex: Sequence[Lexeme], at: int) -> bool:
    """True for "telegram 12345" and "ke slack manajemen", not for "telegram 30 detik"."""
    lexeme = lex[at]
    if lexeme.kind == "number":
        return len(lexeme.text) > 3 and not has(lex, at + 1, "unit", "unit_short", "times")
    return lexeme.kind == "word" and not lexeme.senses and lexeme.text not in _NEVER


def _via_channel(lex: Sequence[Lexeme], at: int) -> bool:
    return has(lex, at, "via") and has(lex, at + 1, "channel")


def _item(lex: Sequence[Lexeme], at: int, mark: str) -> Item:
    lexeme = lex[at]
    raw = lexeme.raw
    if mark == "account":
        raw = raw.lstrip("@") or raw
    return Item("name", at, at + 1, Name(raw, mark, lexeme.kind))
