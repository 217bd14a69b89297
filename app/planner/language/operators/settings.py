"""Reads settings of a job: how often a failed run is tried again, and its priority."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.clause import Item, Retry
from app.planner.language.lexicon.entry import words
from app.planner.language.times.intervals import UNIT_SEC, read_length
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

_LONGEST_GAP_SEC: Final = 86_400
_MOST_WORDS: Final = 8
"""The most words of "kalau backup gagal" and of "retry … kali tiap …": the work stays linear."""
_RETRIES: Final = words("retry retries retried retrying re-try retri percobaan rerun re-run")
_TRIES: Final = words("retries percobaan")
_AGAIN: Final = words("ulangi ulangin ulang diulang diulangi mengulang ngulang repeat")
"""Words that mean another try only with a failure."""
_TRY: Final = words("coba cobain cobalah dicoba try attempt")
_ANEW: Final = words("lagi ulang again terus")
_FAILED: Final = {"jika gagal", "on failure", "on error"}
_FILLS: Final = words(
    """
    , : maka tolong ya nya itu ini it its the a job jobnya run runnya otomatis langsung please then to it's
    up do for maksimal maks max paling banyak sampai hingga sebanyak at most dengan with pakai and dan harus
    is di selama lagi ulang again terus coba try another more
    """
) | {"up to"}
_GAPS: Final = words(
    "jeda selang interval wait waiting after setelah sesudah gap delay tunggu berjarak , dengan with"
)
_APART: Final = words("apart between sekali each tries attempts retries gap delay jeda interval")
_NO: Final = words("tanpa no without jangan never")
_PRIORITIES: Final = words("prioritas prioritasnya prio priority")
_PREFERS: Final = words("prioritaskan diprioritaskan prioritasin prioritise prioritize")
_LEVELS: Final = {
    **dict.fromkeys(words("tinggi tertinggi utama high highest top higher urgent penting"), "high"),
    **dict.fromkeys(words("biasa normal sedang standar medium default regular menengah"), "normal"),
    **dict.fromkeys(words("rendah terendah low lowest lower"), "low"),
}
_LEVEL_LEADS: Final = words(": = paling yang yg is ke nya the of at jadi")
_WITH: Final = words("dengan dgn with pakai at on as a")
_CUES: Final = _RETRIES | _AGAIN | _TRY | _PRIORITIES | _PREFERS
"""Each setting has one of these words."""


def read_settings(lex: Lexemes) -> list[Item]:
    """Return the items `retry` and `priority` of a sentence; one without a value is not understood."""
    items: list[Item] = []
    if not lex.mentions(_CUES):
        return items
    pos = 0
    while pos < len(lex):
        item = _retry(lex, pos) or _priority(lex, pos)
        if item is not None:
            items.append(item)
        pos = pos + 1 if item is None else item.last
    return items


def _retry(lex: Lexemes, pos: int) -> Item | None:
    """Read "kalau gagal ulangi 2 kali tiap 4 menit", "retry 3 times if it fails", "tanpa retry"."""
    failure = _failure(lex, pos)
    start = pos if failure is None else lex.past(failure[1], _FILLS - _TRY - _ANEW, most=3)
    counted = _count(lex, start)
    verb = _verb(lex, start if counted is None else counted[1], failed=failure is not None)
    if verb is None:
        return None
    kind, end = ("", verb) if failure is None else (failure[0], verb)
    if lex.text(pos - 1) in _NO or (failure is not None and lex.text(start - 1) in _NO):
        return Item("retry", pos - int(failure is None), end, Retry(0, None, kind))
    named = lex.skip(end, "the", "a")
    if not kind and failure is None and lex.has(named, "report", "backup"):
        kind, end = ("report" if lex.has(named, "report") else "backup"), named + 1
    count, end = (counted[0], end) if counted is not None else _counted(lex, end)
    gap, end = _gap(lex, end)
    closing = _failure(lex, lex.skip(end, ",")) if failure is None else None
    if closing is not None:
        kind, end = closing[0] or kind, closing[1]
    if failure is None and closing is None and lex.text(start) in _AGAIN:
        return None
    endless = lex.has(end, "until") and not lex.has(end + 1, "number", "digit")
    return Item("retry", pos, end, None if endless else Retry(count, gap, kind))


def _verb(lex: Lexemes, pos: int, *, failed: bool) -> int | None:
    """Return the index after the word for another try."""
    if lex.text(pos) in _RETRIES or (lex.text(pos) in _AGAIN and (failed or not lex.has(pos - 1, "watch"))):
        return lex.past(pos + 1, _ANEW, most=1)
    if lex.text(pos) in _TRY and (lex.text(pos + 1) in _ANEW or (failed and _says_count(lex, pos + 1))):
        return lex.past(pos + 1, _ANEW, most=1)
    return None


def _says_count(lex: Lexemes, pos: int) -> bool:
    return lex.has(pos, "once", "twice") or _count(lex, pos) is not None


def _failure(lex: Lexemes, pos: int) -> tuple[str, int] | None:
    """Read "kalau backup gagal" and "if it fails": the kind of the job, if one is named, and the end."""
    if not lex.has(pos, "cond", "otherwise"):
        return None
    if lex.text(pos) in _FAILED:
        return "", pos + 1
    kind = ""
    for index in range(pos + 1, min(len(lex), pos + _MOST_WORDS)):
        lexeme = lex[index]
        if lexeme.has("down"):
            return kind, index + 1
        if lexeme.has("report", "backup"):
            kind = "report" if lexeme.has("report") else "backup"
        elif lexeme.text not in _FILLS and not lexeme.has("filler"):
            return None
    return None


def _count(lex: Lexemes, pos: int) -> tuple[int, int] | None:
    """Return a number of tries and the index after it: "3 kali", "3x", and the "3" of "3 retries"."""
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]) or lex.has(pos - 1, "clockmark"):
        return None
    end = lex.past(number[1], (), "times", most=1)
    return (int(number[0]), end) if end > number[1] or lex.text(end) in _TRIES else None


def _counted(lex: Lexemes, pos: int) -> tuple[int | None, int]:
    """Return the number of tries after the verb, and the index after it."""
    start = lex.past(pos, _FILLS - {","}, most=3)
    if (often := lex.integer(start, "twice") or int(lex.has(start, "once"))) > 0:
        return often, lex.past(start + 1, _ANEW, most=1)  # "retry twice"
    number = read_whole(lex, start)
    if number is None or lex.has(number[1], "unit", "unit_short") or number[0] != int(number[0]):
        return None, pos
    return int(number[0]), lex.past(number[1], _ANEW, "times", most=2)


def _gap(lex: Lexemes, pos: int) -> tuple[float | None, int]:
    """Return the seconds between tries and the index after them: "tiap 4 menit", "5 minutes apart"."""
    start = lex.past(pos, _GAPS, "every", most=3)
    length = read_length(lex, start)
    if length is None and lex.has(start - 1, "every") and lex.word(start, "unit") in UNIT_SEC:
        length = 1, lex.word(start, "unit"), start + 1  # "every minute"
    if length is None or (start == pos and lex.text(length[2]) not in _APART):
        return None, pos
    seconds = length[0] * UNIT_SEC[length[1]]
    if not 0 < seconds < _LONGEST_GAP_SEC or lex.clock_follows(length[2]):
        return None, pos
    return seconds, lex.past(length[2], _APART, most=2)


def _priority(lex: Lexemes, pos: int) -> Item | None:
    """Read "dengan prioritas tinggi", "low priority", "prioritaskan"."""
    if lex.text(pos) in _PREFERS:
        return Item("priority", pos, pos + 1, "high")
    if lex.text(pos) in _LEVELS and lex.text(pos + 1) in _PRIORITIES:
        return Item("priority", pos, pos + 2, _LEVELS[lex.text(pos)])
    start = pos + 1 if lex.text(pos) in _WITH else pos
    if lex.text(start) not in _PRIORITIES:
        return None
    level = lex.past(start + 1, _LEVEL_LEADS, most=2)
    if lex.text(level) in _LEVELS:
        return Item("priority", pos, level + 1, _LEVELS[lex.text(level)])
    return Item("priority", pos, start + 1)
