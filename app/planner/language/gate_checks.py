"""Structural checks of the gate: what no plan has that follows its sentence, whatever rule made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, groupby, pairwise, takewhile
from operator import attrgetter
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import WITHDRAWN, Item, kinds
from app.planner.language.clauses.reminders import ENTRY
from app.planner.language.effects import Reading, texts_of
from app.planner.language.gate_regions import DENIALS, acts, is_alive, part_of
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import (
    ClockTimes,
    Dates,
    Days,
    Except,
    Interval,
    OnceDay,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimesPer,
)
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.messages import NO_TEXT, UNUSED
from app.planner.models import Change, Note, NoteKind, PlannedJob, PromptSpan, Said

MOST_BETWEEN: Final = 3
_DOES: Final = attrgetter("type", "inputs", "schedule", "fields")
_BOUNDS: Final = frozenset({"skip", "start_at", "end_at"})
_LISTED: Final = (ClockTimes, Dates, Days)
UNREAD_OPERATOR: Final = _('"{words}" changes nothing in this plan. What does it mean?')
DENIED: Final = _('"{words}" is denied, and yet the plan does it. What is meant?')
_WHICH: Final = _('Which one is meant: "{words}"?')
_WHEN: Final = _('When exactly is "{words}"?')
_MINUTE_SEC: Final = 60
_RARE: Final = frozenset({"report.daily", "backup.export", "message.send"})
"""Types whose jobs run all through the day only if the sentence says so."""
_LENGTH: Final = _('"{words}": is that how long it is down, or how slow it may answer?')
_WHO: Final = _('Who is "{words}"? Give a name, a number or an address.')
_TWICE: Final = _("Two jobs of this plan are the same. What is each of them for?")
_NO_NAME: Final = _('Is "{words}" a name? Say "akun" or "ke" before a name, or leave it out.')
_WHAT_WATCHED: Final = _("What shall be watched? Name a channel, an account or an address.")
_NO_ACCOUNT: Final = _('Which account of "{words}" is watched?')


def question(reading: Reading, message: Message, span: PromptSpan, choices: Sequence[str] = ()) -> Note:
    """Return a question about a stretch of the prompt."""
    text = message.fill(words=reading.words(span)) if "{words}" in message else message
    return Note(NoteKind.QUESTION, text, span, choices=tuple(choices))


def unused(reading: Reading, span: PromptSpan) -> Note:
    """Return the note on a stretch of the prompt that changes nothing."""
    return Note(NoteKind.UNREAD, UNUSED.fill(words=reading.words(span)), span)


def _equal_jobs(reading: Reading) -> Iterator[Note]:
    """Doubt a second job that does the same at one moment, or watches the same target for somebody else."""
    for one, other in combinations(reading.draft.jobs, 2):
        targets = [[*map(job.inputs.get, ("url", "channel", "account_id"))] for job in (one, other)]
        watched = any(targets[0]) and one.type not in _RARE and targets[0] == targets[1]
        alike = (one.type, one.inputs) == (other.type, other.inputs) and _meet(reading, one, other)
        twice = _DOES(one) == _DOES(other) or alike or (watched and one.inputs != other.inputs)
        if twice and not (other.chains or other.is_named):
            yield question(reading, _TWICE, PromptSpan(0, len(reading.prompt)))


def _meet(reading: Reading, one: PlannedJob, other: PlannedJob) -> bool:
    """True if two jobs fire at one moment, or on one day if only one of them leaves out or is bounded."""
    fires = [reading.fires[job.key] for job in (one, other) if job.key in reading.fires]
    bounds = [_BOUNDS.intersection(job.schedule or {}) for job in (one, other)]
    moments = [{at if bounds[0] == bounds[1] else at.date() for at in each.moments} for each in fires]
    return len(moments) > 1 and not moments[0].isdisjoint(moments[1])


# Names.

_AMOUNT: Final = re.compile(r"\d+(?:[.,]\d+)?[a-z]{1,6}")
"""The shape of "2jt", "500k" and "3kg"."""
_OTHERS: Final = words_of(Sense.OTHER_PEOPLE)
_DOMAIN_ENDS: Final = words_of(Sense.DOMAIN_END)
_NO_NAMES: Final = kinds("watch stop change neg every clockmark except cond sep")
_ADDRESSES: Final = kinds("phone number email handle contact person hash")
_LEADS: Final = ("toward", "via", "using", "channel", "chat", "account", "notify", "message", "send", "sep")


def _invented(reading: Reading) -> Iterator[Note]:
    """Doubt a monitor beside another wish if neither its channel nor its account is said."""
    if len(reading.draft.jobs) + len(reading.draft.requests) > 1:
        for job in reading.draft.jobs:
            assumed = {note.field for note in job.notes if note.kind is NoteKind.ASSUMPTION}
            if assumed >= {"channel", "account_id"}:
                yield question(reading, _WHAT_WATCHED, PromptSpan(0, len(reading.prompt)))


def _names(reading: Reading) -> Iterator[Note]:
    """Doubt an account or a recipient that is a word with another meaning, or an amount."""
    places = (job.inputs.get("notify", job.inputs) for job in reading.draft.jobs)
    reached = {str(place.get("to", "")).lstrip("@"): "channel" in place for place in places}
    # A stored job may be named by its site.
    accounts = {job.inputs.get("account_id") for job in reading.draft.jobs if not reading.draft.requests}
    for item in reading.items:
        name = item.name
        text = "" if name is None or name.place else name.text.lstrip("@")
        if name is None or not text or not reading.holds(text):
            continue
        host, _dot, end = text.rpartition(".")
        is_site = text in accounts and "@" not in text and host != "" and end in _DOMAIN_ENDS
        is_amount = not name.mark and _AMOUNT.fullmatch(name.text.lower())
        is_verb = not _NO_NAMES.isdisjoint(senses_of(name.text.lower()))
        led = any(reading.lex.has(pos, *_LEADS) for pos in range(item.first - MOST_BETWEEN, item.first))
        unled = text in reached and not (name.mark or led or name.shape in _ADDRESSES)
        # "… the cert on lb-2": on no channel that is a place.
        if is_site or is_amount or is_verb or unled or not reached.get(text, True):
            yield question(reading, _NO_NAME, reading.span(item))
    watched = {job.inputs.get("account_id") for job in reading.draft.jobs if job.type == "monitor.channel"}
    if "default" in watched and len(watched) > 1:
        channels = (reading.span(item) for item in reading.items if item.kind == "channel")
        yield from (question(reading, _NO_ACCOUNT, span) for span in channels)
    for pos, lexeme in enumerate(reading.lex):
        led = reading.lex.has(pos - 1, "message", "notify", "toward") and not any(reached)
        if led and reading.draft.jobs and lexeme.raw.lower().partition(" ")[0] in _OTHERS:
            yield question(reading, _WHO, PromptSpan(lexeme.start, lexeme.end))


# Conditions.

_OUTCOMES: Final = kinds(
    "notify fail_after after_sec degraded_ms latency_ms tls_warn_days cert_days retry_policy"
)
"""The fields of a job that say what happens under a condition."""
_TELLS: Final = kinds("notify send sep contains expect quote")
_ALARMS: Final = kinds("notify cond down filler url time sep account channel name via toward watch site")


def _conditions(reading: Reading) -> Iterator[Note]:
    """Doubt a condition of which nothing in its job depends."""
    jobs = {job.key: job for job in reading.draft.jobs}
    chained = {link.key for job in reading.draft.jobs for link in job.chains}
    for pos, item in enumerate(reading.items):
        effects = reading.by_place.get(item.first, ()) if item.kind in {"cond", "otherwise"} else ()
        behind = reading.items[pos + 1 : pos + 1 + MOST_BETWEEN] if item.kind == "otherwise" and jobs else ()
        behind = [*takewhile(lambda each: each.kind not in _TELLS, behind)]
        if not effects and any(each.kind in {"down", "message"} for each in behind):
            yield unused(reading, reading.span(item, *behind))  # "kabari kalau tidak ada postingan baru"
        part = reading.items[slice(*part_of(reading.items, reading.lex, pos))] if effects else ()
        if all(each is item or each.kind in {"time", "filler"} for each in part):
            continue  # "kalau Sabtu jam 10"
        own = [jobs[each.job] for each in effects if each.job in jobs]
        said = {each.kind for each in part}
        if {"notify", "cond", "down"} <= said <= _ALARMS and all(job.type not in _RARE for job in own):
            continue  # the alarm of "kabari kalau down" goes to the usual place
        depends = (
            job for job in own if job.chains or job.key in chained or {*job.inputs, *job.fields} & _OUTCOMES
        )
        if own and not any(depends):
            yield unused(reading, reading.span(item))


# Two values of which one is meant.


def _alternatives(reading: Reading) -> Iterator[Note]:
    """Doubt a plan of both sides of an "atau" or of a repair: one of them is meant."""
    lex, items = reading.lex, reading.items
    for item in items:
        inside = range(item.first + 1, item.last - 1) if isinstance(item.value, _LISTED) else ()
        if any(lex.has(pos, "or_word") for pos in inside) and acts(reading, [item]):
            yield question(reading, _WHICH, reading.span(item))
    apart = {item.first for item in items if lex.has(item.first, "repair", "or_word")}
    small = (item for item in items if item.value in {None, "weak"} and item.kind in {"filler", "sep"})
    passed = {item.first for item in small} - apart
    said = [item for item in items if item.first not in passed and not item.has("excess")]
    for before, item, after in zip(said, said[1:], said[2:], strict=False):
        kinds = {(each.kind, type(each.value)) for each in (before, after)}
        alike = len(kinds) == 1 and before.kind in {"time", "name", "channel", "url"}
        divides = lex.has(item.first, "or_word", "repair") and before.value != after.value
        if divides and alike and all(is_alive(reading, side) for side in (before, after)):
            one, other = (reading.words(reading.span(side)) for side in (before, after))
            yield question(reading, _WHICH, reading.span(before, after), (one, other, f"{one}, {other}"))


# Texts that no mark sets apart.


_INSIDE: Final = re.compile(r"['’]?\w")
_DATED: Final = kinds("month weekday")


def _is_cut(text: str, prompt: str) -> bool:
    """True for a text that begins with a date of a list, ends within a word, or is a repeated wish."""
    first = text.lower().partition(" ")[0]
    listed = first.endswith(",") and not _DATED.isdisjoint(senses_of(first[:-1]))
    times = scan_times(lexemes_of(text, tokenize(text))) if "watch" in senses_of(first) else ()
    repeated = any(isinstance(time.value, Interval) for time in times)
    return listed or repeated or bool(text and _INSIDE.match(prompt.partition(text)[2]))


def _texts(reading: Reading) -> Iterator[Note]:
    """Doubt a text that begins or ends in the middle of a phrase, a word or a date, or that is a wish."""
    prompt = " ".join(reading.prompt.split())
    for job in reading.draft.jobs:
        own = [each for each in reading.of_job(job.key) if each.role == "text"]
        text = str(job.inputs.get("text", ""))
        if own and f'"{text}"' not in prompt and _is_cut(text, prompt):
            yield question(reading, NO_TEXT, PromptSpan(own[0].span.start, own[-1].span.end))
        entries = [each for each in own if each.by.has(ENTRY)]
        words = [each.by for each in own if each.by.kind not in {"quote", "contains"}]
        for span in [each.span for each in entries] or ([reading.span(*words)] if words else []):
            text = reading.words(span)
            lex = lexemes_of(text, tokenize(text))
            first = bool(lex) and lex[0].has("open_start", "part")
            last = bool(lex) and lex[-1].has("open_end", "excess")
            if first or last:
                kept = text[lex[first].start : lex[-1 - last].end] if len(lex) > first + last else ""
                yield question(reading, NO_TEXT, span, [f'"{each}"' for each in (kept, text) if kept])
        quoted = (each for each in own if each.by.kind == "quote")
        # A correction may join what is apart.
        pieced = [each for each in quoted if " ".join(each.by.text.split()) not in prompt]
        if pieced and any(each.has("repair") for each in reading.lex):
            yield question(reading, NO_TEXT, pieced[0].span, [f'"{pieced[0].by.value}"'])


# Times.


def _schedules(reading: Reading) -> Iterator[Note]:
    """Doubt a schedule that differs in kind from the words for it, or from that of the same job."""
    for job in reading.draft.jobs:
        times = [each.by for each in reading.of_job(job.key) if each.by.kind == "time"]
        same = [each for each in reading.draft.jobs if (each.type, each.inputs) == (job.type, job.inputs)]
        twins = [each.schedule or {} for each in same]
        kinds_of = {"at" in each for each in twins}
        paces = {str(each.get("interval_sec") or each.get("cron", "").split(" ")[0]) for each in twins}
        paced = sum(isinstance(item.value, Interval) for item in times) == 1
        # One message at two moments whose days stand apart: one of them may be part of the text.
        days = [item for item in times if isinstance(item.value, OnceDay | OnceWeekday | Dates)]
        stand_apart = any(item.last + 1 < after.first for item, after in pairwise(days))
        apart = len(twins) > 1 and kinds_of == {True} and stand_apart
        # "…, trus jam 21 kirim …" beside a message of each day.
        bare = "at" in (job.schedule or {}) and all(isinstance(item.value, ClockTimes) for item in times)
        recur = any("at" not in (each.schedule or {}) for each in reading.draft.jobs if each.type == job.type)
        mixed = len(kinds_of) > 1 or (paced and len(paces) > 1) or (bare and recur)
        if times and (mixed or apart or _is_other(reading, job, times)):
            together = takewhile(lambda pair: pair[0].last == pair[1].first, pairwise(times))
            yield question(reading, _WHEN, reading.span(times[0], *(after for _before, after in together)))
        pace = min((job.schedule or {}).get("interval_sec", _MINUTE_SEC), _MINUTE_SEC)
        if job.inputs.get("after_sec", pace) < pace:
            lasts = [each.span for each in reading.of_job(job.key) if each.by.kind == "lasts"]
            yield question(reading, _LENGTH, lasts[0] if lasts else PromptSpan(0, len(reading.prompt)))
    for pos, item in enumerate(reading.items):
        # The exception of "jam 7 dan jam 17, yg sore ga usah pas weekend" is of one of two times.
        is_except = isinstance(item.value, Except)
        part = reading.items[slice(*part_of(reading.items, reading.lex, pos))] if is_except else ()
        clocks = [each.value for each in part if isinstance(each.value, ClockTimes | PartOfDay)]
        fires = reading.fires.values()
        if any(each.hits(clock) and not each.keeps_to(clock) for each in fires for clock in clocks):
            yield question(reading, _WHICH, reading.span(*part))
    for request in reading.draft.requests:
        update, jobs = request.update, [reading.draft.jobs[index] for index in request.replaces]
        whole = update is not None and update.schedule is not None and Said.WHOLE in update.said
        if whole and update and jobs and all(job.schedule != update.schedule for job in jobs):
            yield question(reading, _WHEN, request.span or PromptSpan(0, 0))


def _is_other(reading: Reading, job: PlannedJob, times: Sequence[Item]) -> bool:
    """True for a time that is once in place of each, endless, or more often than anything says."""
    lex, schedule = reading.lex, job.schedule or {}
    if "at" in schedule:
        return any(lex.has(pos, "every", "recur") for item in times for pos in range(item.first, item.last))
    dated = any(isinstance(item.value, OnceDay | OnceWeekday) for item in times)
    endless = dated and "start_at" in schedule and "end_at" not in schedule
    hours = schedule.get("cron", "0 0").split()[1]
    paced = any(isinstance(item.value, Interval | Recurrence | TimesPer) for item in times)
    often = job.type in _RARE and not paced and not hours.replace(",", "").isdecimal()
    return endless or often


def _stray_denials(reading: Reading) -> Iterator[Note]:
    """Doubt a plan beside a denial that stands alone in its part: ", eh ga usah", "yg itu gak usah deh"."""
    items = reading.items
    ended = any("end_at" in (job.schedule or {}) for job in reading.draft.jobs)
    for parted, part in groupby(items, lambda item: item.kind == "sep" or item.value == WITHDRAWN):
        own = [item for item in part if item.kind != "filler" and not item.has("still")]
        alone = not (parted or ended) and len(own) == 1 and own[0].kind == "neg"
        if alone and own[0] is not items[0]:
            yield question(reading, UNREAD_OPERATOR, reading.span(own[0]))
        kinds_of = [item.kind for item in own]
        unsent = ["neg", "send"] in (kinds_of[at : at + 2] for at in range(len(own)))
        if unsent and not reading.draft.requests and not {"toward", "via", "channel", "name"} & {*kinds_of}:
            yield question(reading, DENIED, reading.span(*own))  # "ga usah dikirim dulu sampai Senin"


def _denied_changes(reading: Reading) -> Iterator[Note]:
    """Doubt a request that does what the sentence denies ("jangan dihapus"), and a stop that makes a job."""
    lex = reading.lex
    for item in () if reading.draft.requests else reading.items:
        if item.kind == "stop" and any(each.job for each in reading.by_place.get(item.first, ())):
            yield question(reading, UNREAD_OPERATOR, reading.span(item))
    changes = {request.change for request in reading.draft.requests}
    changes |= {Change.PAUSE} if Change.DISABLE in changes else set()
    for item in reading.items if changes else ():
        verb = lex.past(item.last, (), "filler", most=MOST_BETWEEN)
        denied = lex.has(item.last - 1, *DENIALS) and not reading.is_told(item)
        denied = denied and not _names_another(reading, item)
        denies = lex.has(verb, "stop") and (denied or lex.has(item.first, Sense.AVERTS))
        if denies and (lex.word(verb, "stop") or Change.DISABLE) in changes:
            yield question(reading, DENIED, PromptSpan(reading.span(item).start, lex[verb].end))


def _names_another(reading: Reading, denial: Item) -> bool:
    """True if no request is about what a denial names: "don't stop a_1, stop a_2"."""
    behind = [item for item in reading.items if item.first >= denial.last]
    near = takewhile(lambda item: item.kind != "sep" and reading.lex.text(item.first) != ",", behind)
    near = (item for item in near if item.kind in {"name", "denied", "url"})
    named = [text for item in near for text in texts_of(item, reading.lex)]
    return denial.value == WITHDRAWN and bool(named) and not any(map(reading.holds, named))


def _withdrawn(reading: Reading) -> Iterator[Note]:
    """Doubt a plan that has a name or a channel that the sentence takes back, or fires at a denied time."""
    lex, items = reading.lex, reading.items
    said = (item for item in items if item.value != WITHDRAWN and item.kind != "denied")
    live = {text for item in said for text in _targets_in(lex, item)}
    live |= {"email" for item in items if item.name is not None and item.name.shape == "email"}
    for item in items:
        gone = _targets_in(lex, item) if item.value == WITHDRAWN else ()
        if any(text not in live and reading.holds(text) for text in gone):
            yield question(reading, DENIED, reading.span(item))
    for is_gone, part in groupby(items, lambda item: item.value == WITHDRAWN):
        gone = Lexemes(lex[pos] for item in part if is_gone for pos in range(item.first, item.last))
        denied = [time.value for time in scan_times(gone)] if any(each.has(*DENIALS) for each in gone) else []
        if denied and any(all(map(fires.hits, denied)) for fires in reading.fires.values()):
            yield question(reading, DENIED, PromptSpan(gone[0].start, gone[-1].end))


def _targets_in(lex: Lexemes, item: Item) -> tuple[str, ...]:
    """Return the names and channels by which a result may hold an item."""
    lexeme = lex[item.first]
    if lexeme.has("channel"):
        return (lex.word(item.first, "channel"),)
    if item.name is not None:
        return (item.name.text.lstrip("@"),)
    return (lexeme.raw.lstrip("@"),) if not lexeme.senses and any(map(str.isalpha, lexeme.raw)) else ()


CHECKS: Final[tuple[Callable[[Reading], Iterator[Note]], ...]] = (
    _equal_jobs,
    _invented,
    _names,
    _conditions,
    _alternatives,
    _texts,
    _schedules,
    _denied_changes,
    _stray_denials,
    _withdrawn,
)
"""The checks, the cheapest first."""
