"""Speech acts: tells a wish from a report of the past, a complaint, thanks, a remark and a withdrawal.

Each segment of a prompt, from mark to mark, is read before clauses are built. Only wishes plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, islice
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.speech import cues
from app.planner.language.speech.said import DATA, Words, guards, is_subject
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


@dataclass(frozen=True, slots=True)
class Utterance:
    """A segment that is no wish: the lexemes from `first` to before `last`."""

    act: SpeechAct
    first: int
    last: int


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
_PEOPLE: Final = frozenset({"contact", "person"})
_VERBS: Final = (
    "watch",
    "report",
    "backup",
    "message",
    "send",
    "notify",
    "stop",
    "change",
    "channel",
    "site",
)
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
        if short and _withdraws(Words(Lexemes(lex[first:last])), cues.CALLS_OFF):
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
    tells = _tells(lex, report.first, report.last)
    asks = said.asks() and not (tells and any(each.has(Sense.REQUESTED) for each in said.lex))
    if not said.lex or asks or said.lex[0].has(Sense.HINGE, "but", "neg"):
        return False
    if any(each.has("now", "relday", "tonight", "soon") for each in said.lex):
        return False
    return tells or not any(each.has(*_VERBS) for each in said.lex)


def _tells(lex: Lexemes, first: int, last: int) -> bool:
    """True for "kemarin saya minta …"."""
    return any(lex.has(pos, Sense.REQUESTED) and _is_teller(lex[pos - 1]) for pos in range(first + 1, last))


def _is_teller(lexeme: Lexeme) -> bool:
    """True for a person before "minta": a word for one, or a name."""
    named = lexeme.kind in {"contact", "person"} or (lexeme.kind == "word" and not lexeme.senses)
    return lexeme.has(*_TELLERS) or (named and not lexeme.has(Sense.LATE, Sense.BROKEN))


def _segments(lex: Lexemes) -> Iterator[tuple[int, int]]:
    start = 0
    for pos, lexeme in enumerate(lex):
        if lexeme.has(Sense.SEGMENT_MARK) or lexeme.kind in {"line", "bullet"}:
            if pos > start:
                yield start, pos
            start = pos + 1
    if start < len(lex):
        yield start, len(lex)


def _read(lex: Lexemes, first: int, last: int, *, ends: bool) -> Iterator[Utterance]:
    """Yield the utterances of a segment, without a wish behind a report or before a reason."""
    end = min(last, first + _MOST_WORDS)
    reason = _reason(lex, first, end)
    if reason is not None:
        yield Utterance(SpeechAct.REMARK, reason, last)
        end = reason
    said = Words(Lexemes(lex[first:end]))
    behind = _wish_behind(lex, first, end) if _may_report(said) else None
    if behind is not None:
        yield Utterance(SpeechAct.PAST, first, behind)
        return
    act = _act_of(said, ends=ends)
    if act is SpeechAct.COMPLAINT and first and any(each.has(Sense.REPAIR) for each in said.lex[1:]):
        return  # "eh toko_a salah, harusnya toko_b"
    turn = _taken_back(lex, first, last) if act is None and ends else None
    if turn is not None:
        yield Utterance(SpeechAct.CANCEL, turn, last)
    elif act is not None:
        yield Utterance(act, first, last if reason is None else reason)
    elif first <= _MOST_PARTICLES and _introduces(said):
        yield Utterance(SpeechAct.REMARK, first, last)
    else:
        yield from _comparison(lex, first, end)


def _reason(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of the reason in "backup tiap jam 2 soalnya kemarin gagal"."""
    said = lex[first:last]
    pos = next((first + index for index, each in enumerate(said) if each.has(Sense.REASON)), None)
    if pos is None or pos == first:
        return None
    if any(each.has("message") for each in said) and not any(each.kind in DATA for each in said):
        return None  # the reason is part of what is said
    return (
        pos
        if _gives_reason(Lexemes(lex[pos + 1 : last])) and _act(Lexemes(lex[first:pos]), ends=False) is None
        else None
    )


def _gives_reason(lex: Lexemes) -> bool:
    """True if the words after "karena" report something, or ask for nothing."""
    if not lex or _act(lex, ends=False) is not None:
        return bool(lex)
    return not any(each.has_any(_WISHES) or each.kind in DATA for each in lex)


def _wish_behind(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of the wish in "kemarin backup gagal tolong backup tiap jam 2"."""
    tried = 0
    for pos in range(first + 1, last - 1):
        joins = lex[pos].has(Sense.JOIN)
        hinge = joins or lex[pos].has(Sense.HINGE)
        told = lex[pos].has(Sense.REQUESTED) and _is_teller(lex[pos - 1])
        if not hinge and (told or not lex[pos].has(Sense.PLEA)):
            continue
        if lex.sense(pos, "sep") == "weak" and _tells(lex, first, pos):
            continue  # "kemarin saya minta laporan dan backup"
        tried += 1
        if tried > _MOST_SPLITS:
            return None
        rest = Words(Lexemes(lex[pos + hinge : last]))
        wishes = rest.asks() or (hinge and rest.commands()) or (hinge and not joins and rest.plans())
        if (
            wishes
            and _act(Lexemes(lex[first:pos]), ends=False) in _REPORTS
            and _act(rest.lex, ends=False) is None
        ):
            return pos
    return None


def _comparison(lex: Lexemes, first: int, last: int) -> Iterator[Utterance]:
    """Yield the "kayak kemarin" of "backup jam 2 kayak kemarin"."""
    for pos in range(first, last - 1):
        if not lex[pos].has(Sense.LIKE):
            continue
        behind = lex[pos + 1 : pos + 5]
        said = (" ".join(each.text for each in behind[start:]) for start in range(len(behind)))
        if any(cues.PAST.match(text) for text in said):
            yield Utterance(SpeechAct.REMARK, pos, last)
            return


_OPENS_REPORT: Final = words_of(Sense.FORMER, Sense.THANKS, Sense.SUBJECT, Sense.HAVE_DONE)
_REPORTING: Final = words_of(
    Sense.ASKS_REASON, Sense.WONDER, Sense.BROKEN, Sense.LATE, Sense.ALREADY, Sense.FINITE
)
"""Every one of `_REPORTS` begins with one of the first words or has one of these, else `PAST` or `LACKS`."""


def _may_report(said: Words) -> bool:
    """False if no start of a segment can be one of `_REPORTS`, whose words it has not."""
    if said.first in _OPENS_REPORT or not _REPORTING.isdisjoint(said.all):
        return True
    if any(each.text in _REPORTING for each in said.lex):
        return True
    return said.past() or said.lack() is not None


def _act(lex: Lexemes, *, ends: bool) -> SpeechAct | None:
    """Return the act of a segment, None for a wish; `ends` if nothing follows it."""
    return _act_of(Words(lex), ends=ends)


def _act_of(said: Words, *, ends: bool) -> SpeechAct | None:
    if not said.words:
        return None
    if said.first in words_of(Sense.REASON):
        return SpeechAct.REMARK if _gives_reason(Lexemes(said.lex[1:])) else None
    if _is_reported(said):
        return SpeechAct.PAST
    reply = _plain_act(said, ends=ends)
    if reply is not None or said.commands() or _asks(said):
        return reply
    return _complaint(said) or _past(said, ends=ends) or _judgement(said)


def _is_reported(said: Words) -> bool:
    """True for "kemarin saya minta laporan", "dulu backup tiap malam", "we used to get a report"."""
    if said.lex[0].has(Sense.PLEA) and not said.lex[0].has(Sense.REQUESTED):
        return False
    if said.lex[0].has(Sense.FORMERLY, Sense.HEARSAY) or any(each.has(Sense.USED) for each in said.lex):
        return not said.commands()
    if said.lex[0].kind in _PEOPLE and len(said.lex) > 1 and said.lex[1].has(Sense.REQUESTED, Sense.HEARSAY):
        return True  # "Bu Rini bilang bayarnya tgl 15 aja"
    told = next((pos for pos, each in enumerate(said.lex) if each.has(Sense.REQUESTED)), 0)
    if told and (said.lex[told - 1].has(Sense.NO) or said.lex[told - 1].text == "never"):
        return True  # "saya gak minta backup"
    before = Words(Lexemes(said.lex[:told]))
    return bool(told) and before.past() and not cues.POINTED.search(said.text)


def _plain_act(said: Words, *, ends: bool) -> SpeechAct | None:
    """Return an act that a request in the segment does not change."""
    if ends and _withdraws(said, cues.CANCELS):
        return SpeechAct.CANCEL
    if _asks_status(said):
        return SpeechAct.STATUS
    if said.first in words_of(Sense.EXAMPLE) and ":" in said.words[1:3]:
        return SpeechAct.EXAMPLE
    if said.first in words_of(Sense.THANKS) and not said.asks():
        return _thanks(said)
    if _asks_why(said):
        return SpeechAct.COMPLAINT
    return SpeechAct.COMPLAINT if _wonders(said) else None


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
    asked = cues.LISTS.search(said.text) is not None and cues.LISTED.search(said.text) is not None
    return asked or cues.ALL_WELL.search(said.text) is not None


def _asks(said: Words) -> bool:
    """True for "laporan yang gagal tolong dikirim lagi", not for "saya sudah minta laporan"."""
    if said.first in words_of(Sense.SUBJECT):
        return len(said.words) > 1 and said.words[1] in words_of(Sense.PLEA)
    return said.asks() and said.first not in words_of(Sense.ALREADY)


def _taken_back(lex: Lexemes, first: int, last: int) -> int | None:
    """Return the start of the "eh ga jadi" of "laporan jam 7 eh ga jadi"."""
    near = range(max(first + 1, last - _MOST_PARTICLES), last)
    turns = (pos for pos in near if lex[pos].has(Sense.REPAIR))
    return next((pos for pos in turns if _withdraws(Words(Lexemes(lex[pos:last])), cues.CANCELS)), None)


def _withdraws(said: Words, pattern: re.Pattern[str]) -> bool:
    kept = list(said.words)
    while kept and kept[-1] in words_of(Sense.PARTICLE):
        kept.pop()
    while kept and pattern.fullmatch(" ".join(kept)) is None:
        if kept.pop(0) not in words_of(Sense.TURN, Sense.PARTICLE):
            return False
    return bool(kept)


def _thanks(said: Words) -> SpeechAct | None:
    rest = said.words[1:]
    while rest and rest[0] in words_of(Sense.THANKS_FILL):
        rest = rest[1:]
    thanked = (
        not rest
        or rest[0] in words_of(Sense.THANKED)
        or any(each.has("report", "backup") for each in said.lex[1:3])
    )
    return SpeechAct.THANKS if thanked else None


def _asks_why(said: Words) -> bool:
    """True for "can you check why the backup failed?"."""
    if said.all.isdisjoint(words_of(Sense.ASKS_REASON)):
        return False
    pos = next(
        index
        for index, each in enumerate(said.lex)
        if not words_of(Sense.ASKS_REASON).isdisjoint(each.text.split())
    )
    rest = said.lex[pos + 1 :]
    fails = any(each.has("down", "neg") or each.has(Sense.LATE) or each.has(Sense.BROKEN) for each in rest)
    return fails and any(
        each.has("report", "backup", "channel", "site") or each.kind == "url" for each in rest
    )


def _wonders(said: Words) -> bool:
    """True for "kok laporan jam 7 gak masuk", not for "jam 7 aja kok"."""
    if said.all.isdisjoint(words_of(Sense.WONDER)) or said.first in words_of(Sense.ALREADY):
        return False
    if said.first in words_of(Sense.WONDER):
        return len(said.words) > 1
    pos = next(index for index, word in enumerate(said.words) if word in words_of(Sense.WONDER))
    rest = [word for word in said.words[pos + 1 :] if word not in words_of(Sense.PARTICLE)]
    return bool(rest) and said.words[pos - 1] not in words_of(Sense.SURE)


def _complaint(said: Words) -> SpeechAct | None:
    """Return COMPLAINT for "laporan jam 7 gak masuk" and "wa toko_a mati terus"."""
    if any(each.has("notify", "send") and not each.has(Sense.NOTICE) for each in said.lex):
        return None
    for pos, lexeme in enumerate(said.lex):
        if (
            (lexeme.has(Sense.BROKEN) or lexeme.has(Sense.LATE))
            and said.subject_before(pos)
            and not said.guarded(pos)
        ):
            return SpeechAct.COMPLAINT
    lacks = said.lack()
    if lacks is None:
        return None
    pos = _lexeme_at(said, lacks.start())
    subject = said.subject_before(pos) or any(is_subject(each) for each in said.lex[pos:])
    guarded = said.guarded(pos) or said.lex[pos].has("cond", "otherwise")
    return SpeechAct.COMPLAINT if subject and not guarded else None


def _lexeme_at(said: Words, place: int) -> int:
    """Return the index of the lexeme that holds a place in the joined text."""
    ends = accumulate((1 if each.kind in DATA else len(each.text)) + 1 for each in said.lex)
    return next((pos for pos, end in enumerate(ends) if place < end), len(said.lex) - 1)


def _past(said: Words, *, ends: bool) -> SpeechAct | None:
    """Return PAST for "saya sudah backup tadi malam" and "the backup finished at 3 last night"."""
    if any(each.has("cond", "otherwise") for each in said.lex):
        return None
    if said.past() and not cues.POINTED.search(said.text):
        return SpeechAct.PAST
    if _is_done(said) or _is_told(said):
        return SpeechAct.PAST
    for pos, lexeme in enumerate(said.lex):
        last = pos == len(said.lex) - 1
        finite = lexeme.has(Sense.FINITE) or (lexeme.has(Sense.ENDED) and last and ends)
        if finite and pos and said.subject_before(pos):
            return SpeechAct.PAST
        if guards(lexeme):
            return None
    return None


def _is_done(said: Words) -> bool:
    """True for "udah backup kok" and "laporannya sudah dikirim"."""
    for pos, word in enumerate(said.words):
        if word in words_of(Sense.ALREADY):
            rest = said.words[pos + 1 :]
            return bool(rest) and rest[0] not in words_of(Sense.NOT_DONE)
    return False


def _is_told(said: Words) -> bool:
    """True for "i backed up at 2" and "we've already sent it"."""
    first, second, third = [*said.words[:3], "", "", ""][:3]
    if first in words_of(Sense.HAVE_DONE):
        return True
    if first in words_of(Sense.SUBJECT) and second in words_of(Sense.HAS_JUST):
        return third in words_of(Sense.PARTICIPLE, Sense.TOLD)
    return first in words_of(Sense.SUBJECT) and second in words_of(Sense.TOLD)


def _introduces(said: Words) -> bool:
    """True for "saya Rina dari toko sepatu", which says who asks."""
    if said.first not in words_of(Sense.PRESENTS) or said.words[1:2] == ["mean"]:
        return False
    read = any(
        each.has_any(_WISHES | {Sense.CONTAINS, Sense.EXPECT}) or each.kind != "word" for each in said.lex
    )
    return len(said.words) > 1 and not read and not said.asks()


def _judgement(said: Words) -> SpeechAct | None:
    """Return REMARK for "laporan jam 7 bagus banget": a judgement after all times."""
    if said.words[-1] in words_of(Sense.MISTIMED) and not said.plans():
        return SpeechAct.REMARK
    pos = next((index for index, each in enumerate(said.lex) if each.has(Sense.JUDGED)), None)
    if pos is None:
        return None
    timed = any(each.has("every", "clockmark", "hm", "number") for each in said.lex[pos + 1 :])
    return SpeechAct.REMARK if said.subject_before(pos) and not timed and not said.guarded(pos) else None
