"""Reads parts of a wish that no job can have: subjects, attachments, and crowds of recipients or accounts."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.entry import words
from app.planner.language.tokens.lexemes import Lexemes

SUBJECTS: Final = words("subjek subject subjeknya")
_ATTACHED: Final = words(
    "lampiran lampirannya dilampiri lampirkan lampirin attachment attachments attach attached attaching"
)
_ALL: Final = words("semua seluruh segenap para all every each setiap tiap semuanya")
CROWDS: Final = words(
    """
    pelanggan pelangganku customer customers konsumen pembeli klien client clients kontak contacts karyawan
    pegawai staf staff member members anggota orang warga siswa murid user users pengguna follower followers
    subscriber subscribers teman reseller agen supplier suppliers employees employee friends people
    """
)
_MANY: Final = words("akun account accounts grup group groups nomor numbers bot bots channels chats")
_BETWEEN: Final = words("of the my our yang wa whatsapp telegram tele tg slack discord email")
_MOST_BETWEEN: Final = 2
_MOST_WORDS: Final = 8
_NAMES: Final = words("id handle hash phone email")
_CUES: Final = SUBJECTS | _ATTACHED | CROWDS | _MANY


def read_unsendable(lex: Lexemes) -> list[Item]:
    """Return the items of kinds `unsendable` (a subject, an attachment) and `crowd`, in order."""
    if not lex.mentions(_CUES):
        return []
    items: list[Item] = []
    pos = 0
    while pos < len(lex):
        end = _unsendable_end(lex, pos)
        if end is not None:
            items.append(Item("unsendable", pos, end))
        elif (end := _crowd_end(lex, pos)) is not None:
            items.append(Item("crowd", pos, end, "people" if lex.text(end - 1) in CROWDS else "accounts"))
        pos = end or pos + 1
    return items


def _unsendable_end(lex: Lexemes, pos: int) -> int | None:
    """Return the end of "subjek 'Tagihan'" and "lampiran nota.pdf"."""
    if lex[pos].text in SUBJECTS:
        start = lex.skip(pos + 1, ":", "=")
        if start < len(lex) and lex[start].kind == "quote":
            return start + 1
        end = start
        while end < min(len(lex), start + _MOST_WORDS) and lex[end].kind == "word" and not _goes_on(lex, end):
            end += 1
        return max(end, pos + 1)
    if lex[pos].text in _ATTACHED:
        named = pos + 1 < len(lex) and (lex[pos + 1].kind in {"id", "url", "www", "quote"})
        return pos + 2 if named else pos + 1
    return None


def _goes_on(lex: Lexemes, pos: int) -> bool:
    return lex.has(pos, "textmark", "toward", "sep", "every", "clockmark", "relday")


def _crowd_end(lex: Lexemes, pos: int) -> int | None:
    """Return the end of "semua pelanggan" and "all my accounts"; not of accounts that are named after it."""
    if lex[pos].text not in _ALL:
        return None
    noun = pos + 1
    while noun < len(lex) and noun <= pos + _MOST_BETWEEN and lex[noun].text in _BETWEEN:
        noun += 1
    if lex.text(noun) in CROWDS:
        return noun + 1
    named = lex.text(noun) in _MANY and any(
        each.kind in _NAMES for each in lex[noun + 1 : noun + 1 + _MOST_WORDS]
    )
    return noun + 1 if lex.text(noun) in _MANY and not named else None
