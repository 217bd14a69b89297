"""Marks the texts of messages: each becomes one lexeme of kind `text`, so that nothing in it is read.

After a mark ("bilang", "isinya", "that", a colon after the recipient or the time) the text goes to the end of
the prompt, or of its entry in a list of bullets. A quote after the mark is the text itself, and the sentence
goes on behind it. Only the text of a reminder may have no mark: "remind me to drink water every hour".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from app.planner.language.clauses.clause import kinds
from app.planner.language.clauses.destinations import places_in
from app.planner.language.clauses.people import mark_people
from app.planner.language.clauses.reminders import ENTRY, mark_reminders
from app.planner.language.clauses.segments import DAYS, TIMED, is_border, is_edge, is_lead, times_in
from app.planner.language.clauses.unsendable import SUBJECTS
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import PartOfDay
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize

if TYPE_CHECKING:
    from app.planner.directory import NameDirectory

Region = tuple[int, int]
"""From the first lexeme of a text to after its last."""

_MESSAGE_SENSES: Final = frozenset({"message", "send", "channel", "notify", Sense.CONTENTS})
_MOST_OF_RUN: Final = 6
_MOST_OF_TOPIC: Final = 3
_OTHERS: Final = ("watch", "report", "backup")
_PLACED: Final = ("phone", "channel", "chat")
_TURNED: Final = ("cond", "otherwise", "stop", "neg", "no", "down", "account")
_TIMES: Final = senses("every clockmark recur relday unit1 hm datemark weekday dayset tonight in")
_PEOPLE_KINDS: Final = kinds("contact person")
_NOT_TOLD: Final = kinds("quote text url www line bullet")
_RECIPIENTS: Final = kinds("email handle phone hash") | _PEOPLE_KINDS
_ADDRESSES: Final = _RECIPIENTS | {"id"}
_SETTLED: Final = _TIMES | senses("channel toward phone part once interval")
"""A recipient or a time before a colon."""
_LONGEST_SENTENCE: Final = 60
_LONGEST_LEAD: Final = 12
_OPENING: Final = frozenset('"“”')
_QUOTED: Final = kinds("quote text")
_MAY_LEAD: Final = words_of(Sense.MARKS_TEXTS, Sense.THAT) | _OPENING | {":"}
"""Each text of a message comes after one of these."""


def read_lexemes(prompt: str, directory: NameDirectory) -> Lexemes:
    """Return the lexemes of a prompt with its recipients by name and its texts marked."""
    return mark_texts(prompt, mark_people(prompt, lexemes_of(prompt, tokenize(prompt)), directory))


def mark_texts(prompt: str, lex: Lexemes) -> Lexemes:
    """Return the lexemes with each text of a message as one of kind `text`."""
    marked = Lexemes(lex)
    # Reading a mark goes back to the start of its sentence, and most prompts have no message at all.
    if not (
        marked.mentions(words_of(Sense.CONTENTS), _MESSAGE_SENSES)
        or any(each.kind in _PEOPLE_KINDS for each in marked)
    ):
        return marked
    marked = mark_reminders(prompt, marked)
    pos = 0
    while pos < len(marked):
        leads = marked[pos].text in _MAY_LEAD
        region = (_after_colon(marked, pos) or _after_mark(marked, pos)) if leads else None
        pos = (pos if region is None else _mark(prompt, marked, region)) + 1
    if (region := _unmarked(marked)) is not None:
        _mark(prompt, marked, region)
    return marked


def _mark(prompt: str, lex: Lexemes, region: Region) -> int:
    """Make one lexeme of a text, and return its index."""
    first, last = region
    start, end = lex[first].start, lex[last - 1].end
    lex[first:last] = [Lexeme("text", "text", prompt[start:end], start, end, NO_SENSES)]
    return first


def _unmarked(lex: Lexemes) -> Region | None:
    """Return the text of "wa 0811 tiap tgl 1 tagih sewa 2jt": the words that are no recipient and no time."""
    barred = (*_OTHERS, *_TURNED, Sense.MARKS_TEXTS)
    if any(each.has(*barred) or each.kind in _NOT_TOLD for each in lex):
        return None
    verb = next((pos for pos in range(len(lex)) if _sends(lex, pos)), None)
    if verb is None or not any(each.has(*_PLACED) or each.kind in _RECIPIENTS for each in lex):
        return None
    region = _within(lex, verb + 1, len(lex), is_marked=False)
    topic = region and lex.has(verb, "channel") and lex.has(region[0], Sense.NOTED, Sense.LOOKED_UP)
    return None if region is None or (topic and region[1] - region[0] <= _MOST_OF_TOPIC) else region


def _sends(lex: Lexemes, pos: int) -> bool:
    """True for "kirim pesan" and "suruh Ana", and for a channel before its recipient: "wa 0811"."""
    if lex[pos].has("message"):
        return lex.sense(pos, Sense.MESSAGE) is True
    person = lex.past(pos + 1, (), "toward", "filler", most=2)
    reached = lex.kind(person) in _RECIPIENTS or lex.has(person, "phone")
    return lex.has(pos, "channel") and reached and not lex.has(pos - 1, "toward", "via")


def _after_colon(lex: Lexemes, pos: int) -> Region | None:
    """Read the text of "kirim wa ke 6281…: tagihan jatuh tempo", and of a quote that does not end."""
    if lex.text(pos) in _OPENING and lex.kind(pos) == "mark" and pos + 1 < len(lex):
        opens = lex[pos + 1].text not in _OPENING and lex[pos + 1].start == lex[pos].end
        return _to_the_end(lex, pos + 1) if opens and _speaks_of_message(_sentence(lex, pos)) else None
    near = lex[max(0, pos - _LONGEST_SENTENCE) : pos + _LONGEST_SENTENCE]
    listed = any(each.has(ENTRY) for each in near)
    if lex.text(pos) != ":" or lex.has(pos - 1, Sense.NO_COLON_TEXT, "repair") or listed:
        return None
    before = _sentence(lex, pos)
    if lex[pos - 1].kind == "quote" or not _speaks_of_message(before):
        return None
    region = _to_the_end(lex, pos + 1)
    if region is None or any(each.has_any(_SETTLED) or each.kind in _ADDRESSES for each in before):
        return region
    # "kirim pesan: halo, ke wa 0811 jam 9": the recipient and the time come after the text.
    return _within(lex, *region, is_marked=True) or region


def _within(lex: Lexemes, start: int, end: int, *, is_marked: bool) -> Region | None:
    """Return a text without the times, places and thanks after it, and before it if no mark announces it."""
    whole, end = end, end if is_marked else _sent_apart(lex, start, end)
    places = places_in(lex, start, end, opens=not is_marked)
    times = times_in(lex, start, end, places)
    first, taken = start, places.union(*(range(each.first, each.last) for each in times))
    while first < end and not is_marked and (first in taken or is_lead(lex, first)):
        first += 1
    before = [*scan_times(Lexemes(lex[:start])), *(each for each in times if each.first < first)]
    for types in ((*TIMED, PartOfDay), DAYS) if not is_marked else ():
        if end < whole or any(isinstance(each.value, types) for each in before):
            # The hour of "jam 5 wa 0811 jemput jam 6" is a part of the text.
            inner = (each for each in times if isinstance(each.value, types) and each.first >= first)
            taken = taken.difference(*(range(each.first, each.last) for each in inner))
    while end > first and (end - 1 in taken or is_edge(lex, end - 1)):
        end -= 1
    return (first, end) if end > first else None


def _sent_apart(lex: Lexemes, start: int, end: int) -> int:
    """Return the end of a text before ", wa nya kirim nanti jam 9", which says when it is sent."""
    for pos in range(start + 1, end):
        if is_border(lex[pos]) and any(each.has("send") for each in lex[pos + 1 : end]):
            times = scan_times(Lexemes(lex[pos + 1 : end]))
            said = {at for each in times for at in range(each.first, each.last)}
            rest = [each for at, each in enumerate(lex[pos + 1 : end]) if at not in said]
            small = all(each.has("send", "channel", "message", "filler", "soon") for each in rest)
            if times and small and any(each.has(Sense.SENT_IT) for each in rest):
                if lex.has(pos + 1, "channel"):  # "wa nya" is the message, and no other place
                    lex[pos + 1] = replace(lex[pos + 1], senses={"filler": True})
                return pos
    return end


def _after_mark(lex: Lexemes, pos: int) -> Region | None:
    """Read the text of "kirim pesan … bahwa …" and "wa 0811 jam 3 bilang …"."""
    lexeme = lex[pos]
    if not lexeme.has(Sense.MARKS_TEXTS) and not lexeme.has(Sense.THAT):
        return None
    before = _sentence(lex, pos)
    if lex.has(pos + 1, "toward") or not _speaks_of_message(before):
        return None
    if not lexeme.has(Sense.MARKS_TEXTS):
        says = any(each.has(Sense.SAYING, Sense.SAYING_TEXTS) for each in before)
        timed = any(each.has("notify") for each in before) and any(each.has_any(_TIMES) for each in before)
        quotes = says or (timed and not any(each.has(*_OTHERS) for each in before))
        rest = lex[pos : pos + _LONGEST_SENTENCE]
        if not quotes or any(each.has("down", "channel") or each.kind in {"url", "www"} for each in rest):
            return None
        lex[pos] = replace(lexeme, senses={"textmark": True})
    start = lex.skip(pos + 1, ":", "=")
    if start < len(lex) and lex[start].kind == "quote":
        # "isinya" also leads the text of a page, which a message has not.
        lex[pos] = replace(lexeme, senses={"textmark": True})
    return _to_the_end(lex, start)


def _speaks_of_message(lex: Sequence[Lexeme]) -> bool:
    quoted = (pos for pos, each in enumerate(lex) if each.kind in _QUOTED)
    if any(pos == 0 or lex[pos - 1].text not in SUBJECTS for pos in quoted):
        return False  # it has its text, unless the quote is a subject
    lex = _without_run(lex)
    if any((each.has("message") and not each.has("notify")) or each.has(Sense.CONTENTS) for each in lex):
        return True
    verbs = [pos for pos, each in enumerate(lex) if each.has("send", "notify") and not each.has(*_OTHERS)]
    said = lex[verbs[-1] :] if verbs else lex
    placed = any(
        each.kind in _ADDRESSES or each.has("phone") or (verbs and each.has("channel", "toward"))
        for each in said
    )
    barred = (*_OTHERS, "cond", "otherwise") if verbs else (*_OTHERS, "cond", "otherwise", "account")
    others = any(each.has(*barred) for each in said)
    # "wa 0811 jam 3: halo", whose verb is the channel before an address
    by_channel = any(
        channel.has("channel") and (address.kind in _ADDRESSES or address.has("toward", "number", "phone"))
        for channel, address in pairwise(lex)
    )
    other = any(each.has(*_OTHERS, "account") for each in lex)
    return (placed and not others) or (by_channel and not other)


def _without_run(lex: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Return the lexemes without "kalau backup gagal" at the end, and "habis backup jam 3," at the start."""
    leads = (pos for pos, each in enumerate(lex) if each.has("cond", "in", Sense.RUN_LEADS))
    near = ((pos, run) for pos in leads for run in range(pos + 1, min(len(lex), pos + _MOST_OF_RUN)))
    first, run = next(((pos, run) for pos, run in near if lex[run].has("report", "backup")), (len(lex), 0))
    comma = next((pos for pos in range(run, len(lex)) if lex[pos].text == ","), None) if run else None
    if comma is not None:
        return [*lex[:first], *lex[comma + 1 :]]
    return lex[:first] if first >= len(lex) - _MOST_OF_RUN else lex


def _sentence(lex: Lexemes, pos: int) -> Sequence[Lexeme]:
    """Return the lexemes before an index in the same sentence, the nearest of them at most."""
    start, earliest = pos, max(0, pos - _LONGEST_SENTENCE)
    while start > earliest and not (
        lex[start - 1].kind == "line"
        or lex[start - 1].has(Sense.STOPS)
        or lex[start - 1].senses.get("sep") == "strong"
    ):
        start -= 1
    return lex[start:pos]


def _tells_again(lex: Lexemes, pos: int) -> bool:
    """True for ", terus jam 12 ke 0811 bilang …": another message, with its time and recipient."""
    near = lex[pos + 1 : pos + _LONGEST_LEAD] if is_border(lex[pos]) else []
    part = [*takewhile(lambda each: not (each.has(Sense.MARKS_TEXTS) or each.text == ":"), near)]
    reached = len(part) < len(near) and any(each.kind in _RECIPIENTS or each.has("phone") for each in part)
    return reached and any(each.has_any(_TIMES) for each in part)


def _to_the_end(lex: Lexemes, start: int) -> Region | None:
    """Return the region of a text: to the end of the prompt, or of the bullet that it is in."""
    if start >= len(lex) or lex[start].kind in {"quote", "bullet"}:
        return None
    listed = any(each.kind == "bullet" for each in lex[:start])
    bullets = (pos for pos in range(start, len(lex)) if listed and lex[pos].kind == "bullet")
    end = _sent_apart(lex, start, next(bullets, len(lex)))
    end = next((pos for pos in range(start + 1, end) if _tells_again(lex, pos)), end)
    return (start, end) if end > start else None
