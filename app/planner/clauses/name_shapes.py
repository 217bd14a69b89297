"""What can be a name: shapes that are one by themselves, and words that are one after their mark only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.lexicon.entry import words
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import counts, has, text

SHAPES: Final = frozenset({"id", "handle", "hash", "email", "phone"})
_OTHER_SENSES: Final = words(
    """
    every channel foreign sep cond toward until from interval relday weekday recur dayset account neg
    into now later clockmark in notify using keep expect lasting unit1 datemark tonight soon change
    stop hm down between hourly otherwise chat
    """
)
"""A word with one of these senses goes on with the sentence; it names nobody."""
_INTENT_SENSES: Final = words("watch report backup message send")
_NO_NAMES: Final = words(
    """
    saya aku gue gw gua kami kita ku nya dia ini itu tsb tersebut yang yg seluruh ya dong donk deh sih
    tolong please pls plz me my mine our us we i this that these those is are it the a an and di pada
    on for in at with to of from by mohon lagi juga aja saja sekarang cukup masing-masing min kak bang
    terus dulu apa udah sudah buat untuk agar supaya baru lama telah masih akan mau bisa sekali setengah
    milik punya
    """
)
_NOUNS: Final = words("alarm alert alerts notif notifikasi info peringatan jaga")
"""What a verb's word names where it closes: "slack channel alarm jika gagal", "akun jaga tiap menit"."""
_INDONESIAN_MARKS: Final = words("akun akn akunnya")
"""After these, "it" is a department and no pronoun."""
_CROWDS: Final = words("all semua both")
"""Names of a chat, but of no account: "channel all", "akun semua"."""
_SHAPED_ONLY: Final = words("server address alamat number phone nomor nomer contact") | {
    "phone number",
    "no hp",
    "nomor hp",
}
_FOLLOWERS: Final = words(
    """
    sep every via toward cond filler until from clockmark recur into but later in relday unit1 interval
    dayset weekday notify account half number digit otherwise expect
    """
)
"""What may follow a name that is a common word."""
_SHORTEST_NUMBER: Final = 3
_SHORTEST_ADDRESS: Final = 4


def is_name(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    """True where the lexeme at an index can be the name that a mark leads to."""
    if at >= len(lex):
        return False
    lexeme = lex[at]
    if lexeme.kind == "number":
        return not counts(lex, at + 1) and (mark == "chat" or len(lexeme.text) >= _SHORTEST_NUMBER)
    if lexeme.kind == "word":
        return _is_word_name(lex, at, mark)
    return lexeme.kind in SHAPES


def _is_word_name(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    lexeme = lex[at]
    if mark == "account" and len(lexeme.text) == 1:
        return _closes(lex, at)
    if mark == "chat" and not _takes_words(lex, at):
        return False
    shared = lexeme.text == "it" and text(lex, at - 1) in {*_INDONESIAN_MARKS, "channel"}
    common = (lexeme.text in _NO_NAMES and not shared) or (mark == "account" and lexeme.text in _CROWDS)
    if lexeme.text in _NOUNS:
        return _names_by_noun(lex, at, mark)
    if common or lexeme.has_any(_OTHER_SENSES) or " " in lexeme.text:
        return False
    return not lexeme.has_any(_INTENT_SENSES) or _names_by_verb(lex, at, mark)


def _names_by_noun(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    return has(lex, at + 1, "every") if mark == "account" else _closes(lex, at)


def _names_by_verb(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    """True for the "uji" of "ke slack channel uji" and the "cek" of "akun cek tiap menit"."""
    if at + 1 >= len(lex):
        return True
    if mark == "chat":
        return has(lex, at + 1, "sep") or lex[at + 1].kind in {"mark", "line"}
    return has(lex, at + 1, "every")


def _takes_words(lex: Sequence[Lexeme], at: int) -> bool:
    """True where a word can be a chat's name: an unknown one, or the last before the sentence goes on."""
    if text(lex, at - 1) in _SHAPED_ONLY:
        return False
    return not lex[at].senses or _closes(lex, at) or lex[at + 1].kind == "quote"


def is_listed_name(lex: Sequence[Lexeme], at: int, mark: str) -> bool:
    """True for a further name of a list: "akun toko_bdg, pusat dan cabang"."""
    lexeme = lex[at]
    if lexeme.kind in SHAPES or (mark == "chat" and lexeme.kind == "number"):
        return is_name(lex, at, mark)
    if lexeme.kind != "word" or not _closes(lex, at):
        return False
    if len(lexeme.text) == 1:
        return True
    if lexeme.text in _NO_NAMES or lexeme.has(*_OTHER_SENSES, *_INTENT_SENSES, "beyond"):
        return False
    return not lexeme.senses or (lexeme.has("filler", "digit") and has(lex, at + 1, "every"))


def is_address(lex: Sequence[Lexeme], at: int) -> bool:
    """True for "telegram 12345" and "ke slack manajemen", not for "telegram 30 detik"."""
    lexeme = lex[at]
    if lexeme.kind == "number":
        return len(lexeme.text) >= _SHORTEST_ADDRESS and not counts(lex, at + 1)
    return is_unknown(lexeme)


def is_unknown(lexeme: Lexeme) -> bool:
    """True for a word that means nothing and so can be anything."""
    return lexeme.kind == "word" and not lexeme.senses and lexeme.text not in _NO_NAMES


def _closes(lex: Sequence[Lexeme], at: int) -> bool:
    """True where nothing after an index belongs to a name any more."""
    return at + 1 >= len(lex) or lex[at + 1].has_any(_FOLLOWERS) or lex[at + 1].kind in {"mark", "line"}
