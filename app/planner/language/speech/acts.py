"""Speech acts: tells a wish from a report of the past, a complaint, thanks, a remark and a withdrawal.

Each segment of a prompt, from mark to mark, is read before clauses are built. Only wishes plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.speech.said import (
    ALL_WELL,
    CALLS_OFF,
    CANCELS,
    DATA,
    LISTED,
    LISTS,
    POINTED,
    STAYS,
    Words,
    is_subject,
)
from app.planner.language.tokens.lexemes import Lexeme, Lexemes


class SpeechAct(StrEnum):
    """What a segment does, if it is no wish."""

    PAST = "past"
    """It reports what has happened or been done."""
    COMPLAINT = "complaint"
    """It says that a job or a target fails or is missing."""
    THANKS = "thanks"
    REMARK = "remark"
    """It judges something or gives a reason."""
    STATUS = "status"
    """It asks what there is, and how it runs."""
    EXAMPLE = "example"
    """It shows how a sentence may look."""
    CANCEL = "cancel"
    """It withdraws what precedes it."""
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A segment that is no wish: the lexemes from `first` to before `last`, and its items."""

    act: SpeechAct
    first: int
    last: int
    items: tuple[Item, ...] = ()


_REPORTS: Final = frozenset({SpeechAct.PAST, SpeechAct.COMPLAINT, SpeechAct.THANKS})
_MOST_WORDS: Final = 60
"""Only the first so many words of a segment are read: people report in short sentences."""
_MOST_SEGMENTS: Final = 100
_MOST_SPLITS: Final = 4
_WISHES: Final = senses(
    """
    watch report backup message send notify stop change channel account every clockmark hm number relday
    weekday
    """
)
"""Senses of words that ask for something, or say of what or when."""
_MOST_PARTICLES: Final = 6
_TURNS: Final = (Sense.TURN, Sense.NO, Sense.NEG, Sense.REPAIR)
_PEOPLE: Final = frozenset({"contact", "person"})
_TELLERS: Final = (Sense.SUBJECT, Sense.USED, Sense.ALREADY, Sense.PERSON, Sense.CALL)
"""Before "minta" and "asked" they make it a report."""


def utterances(lex: Lexemes) -> list[Utterance]:
    """Return the segments of a prompt that are no wishes, in order."""
    found: list[Utterance] = []
    bounds = [*islice(_segments(lex), _MOST_SEGMENTS)]
    for place, (first, last) in enumerate(bounds):
        ends = place == len(bounds) - 1
        if found and lex.text(first - 1) == "," and _goes_on(lex, found[-1], first, last):
            found[-1] = Utterance(SpeechAct.PAST, found[-1].first, last)
            continue
        if last - first > 1 or ends:
            found.extend(_read(lex, first, last, ends=ends))
        short = not found and not ends and last - first <= _MOST_PARTICLES
        if short and _withdraws(Words(Lexemes(lex[first:last])), CALLS_OFF):
            # "backup jam 2, eh batal, laporan jam 8"
            found.append(Utterance(SpeechAct.CANCEL, first, last))
    return found


def _goes_on(lex: Lexemes, report: Utterance, first: int, last: int) -> bool:
    """True if a segment is one more item of a report: "kemarin saya minta laporan jam 7, backup jam 2".

    What was asked for then goes on with wishes, any other report only with what names none. A word for now or
    later, or a request, begins a wish.
    """
    if report.act is not SpeechAct.PAST or report.last != first - 1:
        return False
    said = Words(Lexemes(lex[first:last]))
    now = ("now", "relday", "tonight", "soon")
    tells = _tells(lex, report.first, report.last)
    asks = said.asks() and not (tells and any(each.has(Sense.REQUESTED) for each in said.lex))
    # Words of politeness are left out of `said`, so "all good" leaves none.
    turns = any(each.has(Sense.HINGE, "but", "neg") for each in said.lex[:1])
    if asks or turns or any(each.has(*now) for each in said.lex):
        return False
    verbs = ("watch", "report", "backup", "message", "send", "notify", "stop", "change", "channel", "site")
    return tells or not any(each.has(*verbs) for each in said.lex)


def _tells(lex: Lexemes, first: int, last: int) -> bool:
    """True for "kemarin saya minta …"."""
    return any(lex.has(pos, Sense.REQUESTED) and _is_teller(lex[pos - 1]) for pos in range(first + 1, last))


def _is_teller(lexeme: Lexeme) -> bool:
    """True for a person before "minta": a word for one, or a name."""
    return lexeme.has(*_TELLERS) or (lexeme.kind in {"contact", "person", "word"} and not lexeme.senses)


def _segments(lex: Lexemes) -> Iterator[tuple[int, int]]:
    start = 0
    for pos, lexeme in enumerate(lex):
        mark = lexeme.has(Sense.SEGMENT_MARK) or lexeme.kind in {"line", "bullet"}
        if mark or lexeme.has(Sense.REASON):
            if pos > start:
                yield start, pos
            start = pos + mark
    if start < len(lex):
        yield start, len(lex)


def _read(lex: Lexemes, first: int, last: int, *, ends: bool) -> Iterator[Utterance]:
    """Yield the utterances of a segment, without a wish behind a report."""
    end = min(last, first + _MOST_WORDS)
    said = Words(Lexemes(lex[first:end]))
    behind = _wish_behind(lex, first, end)
    act = _act(said, ends=ends) if behind is None else SpeechAct.PAST
    if act is SpeechAct.COMPLAINT and first and any(each.has(Sense.REPAIR) for each in said.lex[1:]):
        return  # "eh toko_a salah, harusnya toko_b"
    turn = _taken_back(lex, first, last) or _left(lex, first, last) if act is None and ends else None
    if turn is not None:
        yield Utterance(SpeechAct.CANCEL, turn, last)
    elif act is not None:
        yield Utterance(act, first, last if behind is None else behind)
    elif first <= _MOST_PARTICLES and _introduces(said):
        yield Utterance(SpeechAct.REMARK, first, last)


def _gives_reason(said: Words) -> bool:
    """True for "karena …" if the words after it report something, or ask for nothing."""
    if not said.lex[0].has(Sense.REASON):
        return False
    rest = Words(Lexemes(said.lex[1:]))
    if not rest.words or _act(rest, ends=False) is not None:
        return True
    return not any(each.has_any(_WISHES) or each.kind in DATA for each in rest.lex)


def _wish_behind(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of the wish in "kemarin backup gagal tolong backup tiap jam 2"."""
    tried = 0
    for pos in range(first + 1, last - 1):
        joins = lex[pos].has(Sense.JOIN)
        hinge = joins or lex[pos].has(Sense.HINGE)
        reported = lex[pos].has(Sense.REQUESTED) and _is_teller(lex[pos - 1])
        if not hinge and (reported or not lex[pos].has(Sense.PLEA)):
            continue
        if lex.sense(pos, "sep") == "weak" and _tells(lex, first, pos):
            continue  # "kemarin saya minta laporan dan backup"
        tried += 1
        if tried > _MOST_SPLITS:
            return None
        rest = Words(Lexemes(lex[pos + hinge : last]))
        wishes = rest.asks() or (hinge and (rest.commands() or (not joins and rest.plans())))
        if (
            wishes
            and _act(Words(Lexemes(lex[first:pos])), ends=False) in _REPORTS
            and _act(rest, ends=False) is None
        ):
            return pos
    return None


def _act(said: Words, *, ends: bool) -> SpeechAct | None:
    """Return the act of a segment, None for a wish; `ends` if nothing follows it."""
    if not said.words:
        return None
    if ends and _withdraws(said, CANCELS):
        return SpeechAct.CANCEL
    act = next((act for act, holds in _ALWAYS if holds(said)), None)
    if act is not None or said.commands() or _asks(said):
        return act
    return next((act for act, holds in _WITHOUT_REQUEST if holds(said)), None)


def _is_reported(said: Words) -> bool:
    """True for "kemarin saya minta laporan", "dulu backup tiap malam", "we used to get a report"."""
    if said.lex[0].has(Sense.PLEA) and not said.lex[0].has(Sense.REQUESTED):
        return False
    if said.lex[0].has(Sense.FORMERLY, Sense.HEARSAY) or any(each.has(Sense.USED) for each in said.lex):
        return not said.commands()
    if said.lex[0].kind in _PEOPLE and said.lex[1:] and said.lex[1].has(Sense.REQUESTED, Sense.HEARSAY):
        return True  # "Bu Rini bilang bayarnya tgl 15 aja"
    verb = next((pos for pos, each in enumerate(said.lex) if each.has(Sense.REQUESTED)), 0)
    if verb and (said.lex[verb - 1].has(Sense.NO) or said.lex[verb - 1].text == "never"):
        return True  # "saya gak minta backup"
    return verb > 0 and Words(Lexemes(said.lex[:verb])).past() and not POINTED.search(said.text)


_STATUS_KEEPS_OUT: Final = senses(
    """
    report backup channel every clockmark hm number relday message send cond notify stop change weekday
    part sep
    """
)


def _asks_status(said: Words) -> bool:
    """True for "apa saja yang jalan?": it asks for all jobs, and names none."""
    if len(said.words) > _MOST_PARTICLES + 3 or any(
        each.has_any(_STATUS_KEEPS_OUT) or each.kind not in {"word", "mark"} for each in said.lex
    ):
        return False
    asked = LISTS.search(said.text) is not None and LISTED.search(said.text) is not None
    return asked or ALL_WELL.search(said.text) is not None


def _asks(said: Words) -> bool:
    """True for "laporan yang gagal tolong dikirim lagi", not for "saya sudah minta laporan"."""
    if said.first in words_of(Sense.SUBJECT):
        return said.words[1:2] != [] and said.words[1] in words_of(Sense.PLEA)
    return said.asks() and said.first not in words_of(Sense.ALREADY)


def _taken_back(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of the "eh ga jadi" of "laporan jam 7 eh ga jadi"."""
    near = range(max(first + 1, last - _MOST_PARTICLES), last)
    turns = (pos for pos in near if lex[pos].has(Sense.REPAIR))
    return next((pos for pos in turns if _withdraws(Words(Lexemes(lex[pos:last])), CANCELS)), None)


def _left(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of "actually no, leave it", which leaves as it is what the prompt would change."""
    start, end = first, last
    while start and (lex.has(start - 1, *_TURNS) or lex.text(start - 1) == ","):
        start -= 1
    while first < last and lex.has(first, *_TURNS):
        first += 1
    while end > first and lex.has(end - 1, Sense.PARTICLE) and lex.text(end - 1) != "it":
        end -= 1
    turned = any(lex.has(pos, *_TURNS) for pos in range(start, first))
    return start if turned and STAYS.fullmatch(lex.joined(first, end)) else None


def _withdraws(said: Words, pattern: re.Pattern[str]) -> bool:
    kept = list(said.words)
    while kept and kept[-1] in words_of(Sense.PARTICLE):
        kept.pop()
    while kept and pattern.fullmatch(" ".join(kept)) is None:
        if kept.pop(0) not in words_of(Sense.TURN, Sense.PARTICLE):
            return False
    return bool(kept)


def _is_example(said: Words) -> bool:
    return said.lex[0].has(Sense.EXAMPLE) and ":" in said.words[1:3]


def _thanks(said: Words) -> bool:
    rest = [word for word in said.words[1:] if word not in words_of(Sense.THANKS_FILL)]
    thanked = not rest or rest[0] in words_of(Sense.THANKED)
    return thanked and said.first in words_of(Sense.THANKS) and not said.asks()


def _asks_why(said: Words) -> bool:
    """True for "can you check why the backup failed?"."""
    why = next((pos for pos, each in enumerate(said.lex) if each.has(Sense.ASKS_REASON)), len(said.lex))
    rest = said.lex[why + 1 :]
    fails = any(each.has("down", "neg", Sense.LATE, Sense.BROKEN) for each in rest)
    return fails and any(map(is_subject, rest))


def _wonders(said: Words) -> bool:
    """True for "kok laporan jam 7 gak masuk", not for "jam 7 aja kok"."""
    pos = next((index for index, word in enumerate(said.words) if word in words_of(Sense.WONDER)), None)
    if pos is None or said.first in words_of(Sense.ALREADY):
        return False
    rest = [word for word in said.words[pos + 1 :] if word not in words_of(Sense.PARTICLE)]
    return bool(rest) and (pos == 0 or said.words[pos - 1] not in words_of(Sense.SURE))


def _complains(said: Words) -> bool:
    """True for "laporan jam 7 gak masuk" and "wa toko_a mati terus"."""
    if any(each.has("notify", "send") and not each.has(Sense.NOTICE) for each in said.lex):
        return False
    if said.states(Sense.BROKEN, Sense.LATE):
        return True
    lacks = said.lack()
    guarded = lacks is None or said.guarded(lacks) or said.lex[lacks].has("cond", "otherwise")
    return not guarded and any(map(is_subject, said.lex))


def _is_past(said: Words) -> bool:
    """True for "saya sudah backup tadi malam" and "the backup finished at 3 last night"."""
    if any(each.has("cond", "otherwise") for each in said.lex):
        return False
    done = (pos for pos, word in enumerate(said.words) if word in words_of(Sense.ALREADY))
    after = said.words[next(done, len(said.words)) + 1 :]
    if after and after[0] not in words_of(Sense.NOT_DONE):
        return True  # "udah backup kok"
    first, second, third = [*said.words[:3], "", "", ""][:3]
    has_just = second in words_of(Sense.HAS_JUST) and third in words_of(Sense.PARTICIPLE, Sense.TOLD)
    tells = first in words_of(Sense.SUBJECT) and (has_just or second in words_of(Sense.TOLD))
    past = said.past() and not POINTED.search(said.text)
    return past or tells or first in words_of(Sense.HAVE_DONE) or said.states(Sense.FINITE)


def _introduces(said: Words) -> bool:
    """True for "saya Rina dari toko sepatu", which says who asks."""
    if said.first not in words_of(Sense.PRESENTS) or said.words[1:2] == ["mean"]:
        return False
    read = any(
        each.has_any(_WISHES | {Sense.CONTAINS, Sense.EXPECT}) or each.kind != "word" for each in said.lex
    )
    return len(said.words) > 1 and not read and not said.asks()


def _judges(said: Words) -> bool:
    """True for "laporan jam 7 bagus banget": a judgement after all times."""
    if said.words[-1] in words_of(Sense.MISTIMED) and not said.plans():
        return True
    pos = next((index for index, each in enumerate(said.lex) if each.has(Sense.JUDGED)), len(said.lex))
    timed = any(each.has("every", "clockmark", "hm", "number") for each in said.lex[pos + 1 :])
    return not timed and said.states(Sense.JUDGED)


_ALWAYS: Final = (
    (SpeechAct.REMARK, _gives_reason),
    (SpeechAct.PAST, _is_reported),
    (SpeechAct.STATUS, _asks_status),
    (SpeechAct.EXAMPLE, _is_example),
    (SpeechAct.THANKS, _thanks),
    (SpeechAct.COMPLAINT, _asks_why),
    (SpeechAct.COMPLAINT, _wonders),
)
"""Acts that a request in the segment does not change."""
_WITHOUT_REQUEST: Final = (
    (SpeechAct.COMPLAINT, _complains),
    (SpeechAct.PAST, _is_past),
    (SpeechAct.REMARK, _judges),
)
