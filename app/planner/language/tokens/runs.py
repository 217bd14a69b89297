"""Splits runs of letters, digits and signs into words and numbers."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.lexicon.spelling import canonical

_NUMBER_AND_TAIL: Final = re.compile(r"(\d+)([a-z]+)")
_ABOUT: Final = re.compile(r"(\d{1,4})-?(?:an|ish)")
_AMOUNT: Final = pattern(r"{currency}?\.?\d+(?:[.,]\d+)*{amount_unit}?")
"""An amount of money or goods in one word: "2jt", "500k", "3kg", "Rp350.000"."""
_MIXED: Final = re.compile(r"[a-z]+|\d+")
_DAY_COUNT: Final = re.compile(r"h[-+]\d{1,2}")
_GLUED_LEADS: Final = words_of(Sense.GLUED_LEADS)
_DOUBLED: Final = words_of(Sense.DOUBLED)
_CAN_DOUBLE: Final = senses("part unit watch report account clockmark send message notify stop")
_DOUBLED_TOO: Final = words_of(Sense.DOUBLED_TOO)
"""Words that a 2 doubles: `pagi2`, `cek2`. After any other word the 2 belongs to a name, as in `bot2`."""
_PREFIXES: Final = words_of(Sense.JOINED_PREFIX)
_SUFFIXES: Final = words_of(Sense.JOINED_SUFFIX)
_TAILS: Final = frozenset({"unit", "unit_short", "part", "times"})
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th"})
_MAX_DIGITS: Final = 18
_MOST_GLUED: Final = 6
_MOST_JOINED: Final = 7
_LONGEST_JOINED_NUMBER: Final = 4
PHONE_DIGITS: Final = 9
_JOINABLE: Final = senses("weekday weekday_short month digit teen tens unit part half quarter past")
Part = tuple[str, int, int]
"""The kind of a part of the folded text, its start and its end."""


def split_run(text: str, start: int, end: int, *, after_account: bool) -> list[Part]:
    """Return the parts of a run that has other signs than letters.

    A name stays whole, and so does everything directly after the word account.
    """
    run = text[start:end]
    if senses_of(run) or canonical(run) != run:
        return [("word", start, end)]
    if run.isdecimal():
        return [("number" if len(run) <= _MAX_DIGITS else "id", start, end)]
    if after_account:
        return [("id", start, end)]
    about = _ABOUT.fullmatch(run)
    if about is not None:  # "jam 7an" is about seven
        return [("number", start, start + len(about[1]))]
    if run in _DOUBLED:
        return [("word", start, end - 1)]
    return _glued(run, start) or _joined(run, start) or [_whole(run, start, end)]


def _whole(run: str, start: int, end: int) -> Part:
    if _DAY_COUNT.fullmatch(run):
        return ("daycount", start, end)
    if _AMOUNT.fullmatch(run):
        return ("amount", start, end)
    if run.endswith("'s") and run[:-2].isalpha():
        return ("owner", start, end)
    if run.endswith("2") and (
        canonical(run[:-1]) in _DOUBLED_TOO or _CAN_DOUBLE & senses_of(run[:-1]).keys()
    ):
        return ("word", start, end - 1)
    half = run.partition("-")
    affixed = half[0] in _PREFIXES or (half[2] in _SUFFIXES and bool(senses_of(half[0])))
    # "siapa-siapa" doubles a word, "di-stop" and "backup-nya" join an affix to one.
    joined = half[0].isalpha() and half[2].isalpha() and (half[0] == half[2] or affixed)
    quoted = "'" in run and run.replace("'", "").isalpha()
    foreign = not run.isascii() and not any(each.isdigit() or each in "._@+-" for each in run)
    return ("word" if joined or quoted or foreign else "id", start, end)


def _glued(run: str, start: int) -> list[Part]:
    """Read `30s`, `7am`, `5th`, `1h30m`, `jam7`, `tiap5menit`."""
    pieces = _MIXED.findall(run)
    if len(pieces) == 1 or "".join(pieces) != run or len(pieces) > _MOST_GLUED:
        return []
    if not run[0].isdigit() and canonical(pieces[0]) not in _GLUED_LEADS:
        return []
    kinds = [*map(_glued_kind, ["", *pieces], pieces)]
    ends = [*accumulate(map(len, pieces), initial=start)]
    return [*zip(kinds, ends, ends[1:], strict=False)] if all(kinds) else []


def _glued_kind(before: str, piece: str) -> str:
    """Return the kind of a piece of a run; empty if no such run has it."""
    if piece.isdigit():
        return "number" if len(piece) <= _MAX_DIGITS else ""
    if before.isdigit() and piece in _ORDINAL_ENDS:
        return "ordinal_end"
    return "word" if not before or _TAILS & senses_of(piece).keys() else ""


def _joined(run: str, start: int) -> list[Part]:
    """Read `8-17`, `senin-jumat`, `9am-5pm`, `twenty-five`, `30-second`, and `7.Terus` without its space."""
    pieces = re.split(r"([.-])", run)
    if len(pieces) > _MOST_JOINED or "" in pieces:
        return []
    parts: list[Part] = []
    pos = start
    for index, piece in enumerate(pieces):
        if index % 2:
            parts.append(("mark", pos, pos + 1))
        else:
            read = _joined_piece(piece, pos, "." in pieces, index == 0)
            if not read:
                return []
            parts.extend(read)
        pos += len(piece)
    return parts


def _joined_piece(piece: str, pos: int, is_sentence_end: bool, is_first: bool) -> list[Part]:
    if piece.isdecimal() and len(piece) <= _LONGEST_JOINED_NUMBER and not (is_sentence_end and not is_first):
        return [("number", pos, pos + len(piece))]
    senses = senses_of(piece).keys()
    if piece.isalpha() and (senses if is_sentence_end else _JOINABLE & senses):
        return [("word", pos, pos + len(piece))]
    return _glued(piece, pos) if _NUMBER_AND_TAIL.fullmatch(piece) else []
