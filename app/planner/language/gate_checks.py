"""Structural checks of the gate: what no plan has that follows its sentence, whatever rule made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, islice, pairwise, takewhile
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import INTENTS, WITHDRAWN, Item
from app.planner.language.clauses.reminders import ENTRY
from app.planner.language.effects import Reading, lexemes_within
from app.planner.language.gate_regions import DENIALS, EXCEPTIONS, acts, part_of, targets_of
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import (
    ClockTimes,
    Dates,
    Days,
    Interval,
    OnceDay,
    OnceWeekday,
    Recurrence,
    TimesPer,
)
from app.planner.language.times.fires import is_daily
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.messages import NO_TEXT, UNUSED
from app.planner.models import Change, Note, NoteKind, PlannedJob, PromptSpan, Said

MOST_BETWEEN: Final = 3
_LISTED: Final = (ClockTimes, Dates, Days)
_STOPPED: Final = frozenset({Change.DISABLE, Change.DELETE, Change.PAUSE})
_DENIED: Final = _('"{words}" is denied, and yet the plan does it. What is meant?')
_BOTH: Final = _('Is "{new}" meant instead of "{old}", or are both?')
_WHICH: Final = _('Which one is meant: "{words}"?')
_WHEN: Final = _('When exactly is "{words}"?')
_RARE: Final = frozenset({"report.daily", "backup.export", "message.send"})
"""Types whose jobs run all through the day only if the sentence says so."""
_TWICE: Final = _("Two jobs of this plan are the same. What is each of them for?")
_NO_NAME: Final = _('Is "{words}" a name? Say "akun" or "ke" before a name, or leave it out.')


def question(reading: Reading, message: Message, span: PromptSpan, choices: Sequence[str] = ()) -> Note:
    """Return a question about a stretch of the prompt."""
    text = message.fill(words=reading.words(span)) if "{words}" in message else message
    return Note(NoteKind.QUESTION, text, span, choices=tuple(choices))


def unused(reading: Reading, span: PromptSpan) -> Note:
    """Return the note on a stretch of the prompt that changes nothing."""
    return Note(NoteKind.UNREAD, UNUSED.fill(words=reading.words(span)), span)


def _equal_jobs(reading: Reading) -> Iterator[Note]:
    """Doubt a second job that is the same, or that watches the same target for somebody else."""
    seen: list[PlannedJob] = []
    for job in reading.draft.jobs:
        for each in () if job.chains or job.is_named else seen:
            equal = (job.type, job.inputs) == (each.type, each.inputs)
            same = equal and (job.schedule, dict(job.fields)) == (each.schedule, dict(each.fields))
            targets = [[*map(one.inputs.get, ("url", "channel", "account_id"))] for one in (job, each)]
            watched = any(targets[0]) and job.type not in _RARE and targets[0] == targets[1]
            if same or (watched and not equal):
                yield question(reading, _TWICE, PromptSpan(0, len(reading.effects.request.prompt)))
        seen.append(job)


# Names.

_AMOUNT: Final = re.compile(r"\d+(?:[.,]\d+)?[a-z]{1,6}")
"""The shape of "2jt", "500k" and "3kg"."""
_PARTS: Final = re.compile(r"[^a-z0-9]+")
_DOMAIN_ENDS: Final = words_of(Sense.DOMAIN_END)
_NO_NAMES: Final = frozenset(
    {"watch", "stop", "change", "neg", "every", "clockmark", "except", "cond", "sep"}
)
_ADDRESSES: Final = frozenset({"phone", "number", "email", "handle", "contact", "person", "hash"})
_LEADS: Final = ("toward", "via", "using", "channel", "chat", "account", "notify", "message", "send", "sep")


def _names(reading: Reading) -> Iterator[Note]:
    """Doubt an account or a recipient that is a word with another meaning, or an amount."""
    places = (job.inputs.get("notify", job.inputs) for job in reading.draft.jobs)
    reached = {str(place.get("to", "")).lstrip("@") for place in places}
    # An account of a new job; a stored one may be named by its site.
    accounts = (
        set[object]()
        if reading.draft.requests
        else {job.inputs.get("account_id") for job in reading.draft.jobs}
    )
    for item in reading.items:
        text = "" if item.name is None or item.name.place else item.name.text.lstrip("@")
        host, _dot, end = text.rpartition(".")
        is_site = text in accounts and "@" not in text and host != "" and end in _DOMAIN_ENDS
        no_name = is_site or _is_no_name(reading.lexemes, item, is_recipient=text in reached)
        if text and reading.holds(text) and no_name:
            yield question(reading, _NO_NAME, reading.effects.span(item))


def _references(reading: Reading) -> Iterator[Note]:
    """Doubt a word that means one of several targets by a part of its name: "yang a2", said of "toko_a2"."""
    lex = reading.lexemes
    targets = [str(job.inputs.get("url") or job.inputs.get("account_id", "")) for job in reading.draft.jobs]
    accounts = {target.lower() for target in targets}
    for item in reading.items:
        for pos in range(item.first, item.last):
            word, led = lex[pos].raw.lower(), lex.has(pos - 1, Sense.RELATIVE)
            parts = [each for each in targets if word in _PARTS.split(each.lower())[1:]]
            if led and parts and word not in parts and (item.kind == "denied" or word in accounts):
                yield question(reading, _WHICH, PromptSpan(lex[pos].start, lex[pos].end), parts)
            said = lex.has(pos - 1, "account") and item.value == WITHDRAWN and not lex[pos].senses
            if said and "default" in accounts and not reading.holds(word):
                yield unused(reading, reading.effects.span(item))


def _is_no_name(lex: Lexemes, item: Item, *, is_recipient: bool) -> bool:
    """True for a name that is an amount or a verb, and for a recipient that no word leads."""
    name = item.name
    if name is None:
        return False
    text = name.text.lower()
    if (not name.mark and _AMOUNT.fullmatch(text)) or not _NO_NAMES.isdisjoint(senses_of(text)):
        return True
    led = any(lex.has(pos, *_LEADS) for pos in range(item.first - MOST_BETWEEN, item.first))
    return is_recipient and not (name.mark or led or name.shape in _ADDRESSES)


# Conditions.

_OUTCOMES: Final = frozenset(
    {
        "notify",
        "fail_after",
        "after_sec",
        "degraded_ms",
        "latency_ms",
        "tls_warn_days",
        "cert_days",
        "retry_policy",
    }
)
"""The fields of a job that say what happens under a condition."""


def _conditions(reading: Reading) -> Iterator[Note]:
    """Doubt a condition of which nothing in its job depends."""
    jobs = {job.key: job for job in reading.draft.jobs}
    chained = {link.key for job in reading.draft.jobs for link in job.chains}
    for pos, item in enumerate(reading.items):
        effects = reading.effects.by_place.get(item.first, ()) if item.kind in {"cond", "otherwise"} else ()
        part = reading.items[slice(*part_of(reading.items, reading.lexemes, pos))] if effects else ()
        if all(each is item or each.kind in {"time", "filler"} for each in part):
            continue  # "kalau Sabtu jam 10"
        own = [jobs[each.job] for each in effects if each.job in jobs]
        depends = (
            job for job in own if job.chains or job.key in chained or {*job.inputs, *job.fields} & _OUTCOMES
        )
        if own and not any(depends):
            yield unused(reading, reading.effects.span(item))


# Two values of which one is meant.


def _repairs(reading: Reading) -> Iterator[Note]:
    """Doubt a repair whose two sides are both in the plan."""
    items = reading.items
    if any(item.value == WITHDRAWN for item in items):
        return
    for pos, item in enumerate(items):
        is_star = reading.lexemes[item.first].raw == "*" and item.kind == "filler"
        sides = _sides_of(items, pos) if is_star or reading.lexemes.has(item.first, "repair") else None
        if sides is not None and all(_is_alive(reading, side) for side in sides):
            old, new = (reading.words(reading.effects.span(side)) for side in sides)
            both = _BOTH.fill(old=old, new=new)
            yield question(reading, both, reading.stretch(*sides), (new, f"{old}, {new}"))


def _sides_of(items: Sequence[Item], pos: int) -> tuple[Item, Item] | None:
    """Return the values of one kind around a repair: the last before it, and the first behind it."""
    behind = next((item for item in islice(items, pos + 1, pos + 6) if _is_value(item)), None)
    if behind is None:
        return None
    before = (item for item in reversed(items[max(0, pos - 12) : pos]) if _is_alike(item, behind))
    old = next(before, None)
    return None if old is None else (old, behind)


def _is_value(item: Item) -> bool:
    return item.kind in {"time", "name", "channel", "url"}


def _is_alike(one: Item, other: Item) -> bool:
    kinds = one.kind == other.kind and type(one.value) is type(other.value)
    return _is_value(one) and kinds and one.value != other.value


def _is_alive(reading: Reading, item: Item) -> bool:
    if item.kind == "time":
        return item.value != WITHDRAWN and acts(reading, [item])
    return reading.holds(item.name.text.lstrip("@") if item.name is not None else item.text)


def _alternatives(reading: Reading) -> Iterator[Note]:
    """Doubt a plan of both sides of an "atau": one of them is meant."""
    lex, items = reading.lexemes, reading.items
    for item in items:
        inside = range(item.first + 1, item.last - 1) if isinstance(item.value, _LISTED) else ()
        if any(lex.has(pos, "or_word") for pos in inside) and acts(reading, [item]):
            yield question(reading, _WHICH, reading.effects.span(item))
    for before, item, after in zip(items, items[1:], items[2:], strict=False):
        if lex.has(item.first, "or_word") and _is_alike(before, after):
            sides = (before, after)
            if all(_is_alive(reading, side) for side in sides):
                one, other = (reading.words(reading.effects.span(side)) for side in sides)
                yield question(reading, _WHICH, reading.stretch(*sides), (one, other, f"{one}, {other}"))


# Texts that no mark sets apart.


def _texts(reading: Reading) -> Iterator[Note]:
    """Doubt a text that begins or ends in the middle of a phrase, or is that of two entries of a list."""
    joined: list[object] = []
    for job in reading.draft.jobs:
        own = [each for each in reading.effects.of_job(job.key) if each.role == "text"]
        entries = [each for each in own if each.by.has(ENTRY)]
        words = [each.by for each in own if each.by.kind not in {"quote", "contains"}]
        for span in [each.span for each in entries] or ([reading.stretch(*words)] if words else []):
            text = reading.words(span)
            lex = lexemes_of(text, tokenize(text))
            first = bool(lex) and lex[0].has("open_start", "part")
            last = bool(lex) and lex[-1].has("open_end")
            if first or last:
                kept = text[lex[first].start : lex[-1 - last].end] if len(lex) > first + last else ""
                yield question(reading, NO_TEXT, span, [f'"{each}"' for each in (kept, text) if kept])
        pieced = [
            each for each in own if each.by.kind == "quote" and not _is_said(reading, str(each.by.value))
        ]
        if pieced and any(each.has("repair") for each in reading.lexemes):
            yield question(reading, NO_TEXT, pieced[0].span, [f'"{pieced[0].by.value}"'])
        if len(entries) > 1:
            if job.inputs in joined:
                yield question(reading, NO_TEXT, reading.stretch(*(each.by for each in entries)))
            joined.append(job.inputs)


def _is_said(reading: Reading, text: str) -> bool:
    """True if a text stands in the prompt as one piece; a correction may join what is apart."""
    return " ".join(text.split()) in " ".join(reading.effects.request.prompt.split())


# Times.


def _schedules(reading: Reading) -> Iterator[Note]:
    """Doubt a schedule that differs in kind from the words for it, or from that of the same job."""
    for job in reading.draft.jobs:
        times = [each.by for each in reading.effects.of_job(job.key) if each.by.kind == "time"]
        twins = [each for each in reading.draft.jobs if (each.type, each.inputs) == (job.type, job.inputs)]
        found = [each.schedule or {} for each in twins]
        paces = {str(each.get("interval_sec") or each.get("cron", "").split(" ")[0]) for each in found}
        paced = len([item for item in times if isinstance(item.value, Interval)]) == 1
        mixed = len({"at" in each for each in found}) > 1 or (paced and len(paces) > 1)
        if times and (mixed or _is_other(reading, job, times) or _are_apart(times, twins)):
            together = takewhile(lambda pair: pair[0].last == pair[1].first, pairwise(times))
            yield question(reading, _WHEN, reading.stretch(times[0], *(after for _before, after in together)))
    for request in reading.draft.requests:
        update, jobs = request.update, [reading.draft.jobs[index] for index in request.replaces]
        whole = update is not None and update.schedule is not None and Said.WHOLE in update.said
        if whole and update and jobs and all(job.schedule != update.schedule for job in jobs):
            yield question(reading, _WHEN, request.span or PromptSpan(0, 0))
        days = (item for item in reading.items if isinstance(item.value, Days))
        moved = [item for item in days if reading.lexemes.has(item.first, "from")]
        if moved and request.change is Change.UPDATE:
            yield question(reading, _WHEN, reading.stretch(*moved))


def _are_apart(times: Sequence[Item], twins: Sequence[PlannedJob]) -> bool:
    """True for one message at two moments whose days stand apart: one of them may be part of the text."""
    once = len(twins) > 1 and all("at" in (each.schedule or {}) for each in twins)
    days = [item for item in times if isinstance(item.value, OnceDay | OnceWeekday | Dates)]
    return once and any(item.last + 1 < after.first for item, after in pairwise(days))


def _is_other(reading: Reading, job: PlannedJob, times: Sequence[Item]) -> bool:
    """True for a time that is once in place of each, endless, never, or more often than anything says."""
    lex, schedule = reading.lexemes, job.schedule or {}
    if "at" in schedule:
        return any(lex.has(pos, "every", "recur") for item in times for pos in range(item.first, item.last))
    dated = any(isinstance(item.value, OnceDay | OnceWeekday) for item in times)
    endless = dated and "start_at" in schedule and "end_at" not in schedule
    _minute, hours, day, month, _weekday = schedule.get("cron", "0 0 * * *").split()
    yearly = (day + month).isdecimal() and any(is_daily(item.value) for item in times)
    paced = any(isinstance(item.value, Interval | Recurrence | TimesPer) for item in times)
    often = job.type in _RARE and not paced and not hours.replace(",", "").isdecimal()
    never = "on_skip" in schedule and reading.fires_of({**schedule, "on_skip": "drop"}) is None
    return endless or often or never or yearly


# What is denied, kept or taken back.


def _denied_changes(reading: Reading) -> Iterator[Note]:
    """Doubt a request that does what the sentence denies: "jangan dihapus"."""
    lex = reading.lexemes
    changes = {request.change for request in reading.draft.requests}
    noted = [note.span for note in reading.draft.notes if note.kind is NoteKind.ASSUMPTION and note.span]
    for pos in range(len(lex) if changes else 0):
        if any(span.start <= lex[pos].start < span.end for span in noted):
            continue
        verb = lex.past(pos + 1, (), "filler", most=MOST_BETWEEN) if lex.has(pos, *DENIALS) else 0
        if verb and lex.has(verb, "stop"):
            denied = Change(lex.word(verb, "stop") or Change.DISABLE)
            if denied in changes or (denied is Change.PAUSE and Change.DISABLE in changes):
                yield question(reading, _DENIED, PromptSpan(lex[pos].start, lex[verb].end))


def _denied_targets(reading: Reading) -> Iterator[Note]:
    """Doubt a plan that reaches what the sentence leaves out: "toko_b jangan", or "tetap" beside a stop."""
    lex, items = reading.lexemes, reading.items
    stops = [each for each in reading.draft.requests if each.change in _STOPPED]
    marks = (*DENIALS, "still") if stops else DENIALS
    for pos, item in enumerate(items):
        if item.kind != "time" and lex.has(item.first, *marks) and item.value != WITHDRAWN:
            acts_on = lex.has(item.last, "stop", "change", *INTENTS)
            before = [each for each in items[max(0, pos - 1) : pos] if each.kind == "time" and not acts_on]
            alone = [each for each in items[slice(*part_of(items, lex, pos))] if each.kind != "filler"] == [
                item
            ]
            if alone and lex.has(item.first, "takeback") and reading.draft.jobs:
                yield question(reading, _DENIED, reading.effects.span(item))
            targets = () if _stops(reading, item) else before or targets_of(items, lex, pos)
            if targets and all(_is_alive(reading, each) for each in targets):
                yield question(reading, _DENIED, reading.stretch(item, *targets))


def _stops(reading: Reading, item: Item) -> bool:
    """True for the "jangan" of "jangan kirim wa lagi", the only verb of a request that stops."""
    place = reading.effects.span(item).start
    spans = [each.span for each in reading.draft.requests if each.span and each.change in _STOPPED]
    own = next((span for span in spans if span.start <= place < span.end), None)
    return own is not None and not any(each.has("stop") for each in lexemes_within(reading.lexemes, own))


def _withdrawn(reading: Reading) -> Iterator[Note]:
    """Doubt a plan that has a name or a channel that the sentence takes back, or fires at a denied time."""
    lex, items = reading.lexemes, reading.items
    said = (item for item in items if item.value != WITHDRAWN and item.kind != "denied")
    live = {text for item in said for text in _targets_in(lex, item)}
    live |= {"email" for item in items if item.name is not None and item.name.shape == "email"}
    for item in items:
        gone = _targets_in(lex, item) if item.value == WITHDRAWN else ()
        if any(text not in live and reading.holds(text) for text in gone):
            yield question(reading, _DENIED, reading.effects.span(item))
    parts = [[*part] for is_gone, part in groupby(items, lambda item: item.value == WITHDRAWN) if is_gone]
    denials = [part for part in parts if any(lex.has(item.first, *DENIALS, *EXCEPTIONS) for item in part)]
    for part in [[*chain(*parts)]] if len(denials) == 1 and len(denials[0]) == 1 else denials:
        gone = Lexemes(lex[pos] for item in part for pos in range(item.first, item.last))
        if gone:
            denied = [time.value for time in scan_times(gone)]
            if denied and any(all(map(fires.hits, denied)) for fires in reading.fires.values()):
                yield question(reading, _DENIED, PromptSpan(gone[0].start, gone[-1].end))


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
    _names,
    _references,
    _conditions,
    _repairs,
    _alternatives,
    _texts,
    _schedules,
    _denied_changes,
    _denied_targets,
    _withdrawn,
)
"""The checks, the cheapest first."""
