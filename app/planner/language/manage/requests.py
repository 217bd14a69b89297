"""Turns clauses into requests about stored jobs, and reads which job a clause means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from app.core.clock import to_ms
from app.core.i18n import _
from app.planner.language.clauses.clause import INTENTS, WITHDRAWN, Clause, Item, any_of, kinds
from app.planner.language.jobs.context import BuildContext
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical
from app.planner.language.manage.until import end_of_pause
from app.planner.language.manage.updates import halves_of, shift_of, update_of
from app.planner.language.manage.verbs import change_of
from app.planner.language.operators.chains import is_job_id
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.expressions import (
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    Except,
    Impossible,
    Interval,
    Now,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimeBound,
)
from app.planner.messages import KEPT, Notes
from app.planner.models import Change, JobQuery, JobUpdate, ManageRequest

_TYPES: Final = {
    "report": ("report.daily",),
    "backup": ("backup.export",),
    "message": ("message.send",),
    "watch": ("monitor.channel", "monitor.http"),
    "url": ("monitor.http",),
    "site": ("monitor.http",),
}
_CADENCES: Final = {"d": "daily", "w": "weekly", "mo": "monthly", "y": "yearly"}
_NAMES: Final = kinds("word beyond order foreign quote name down up")
_MARKED: Final = kinds("name quote")
_ORDINARY: Final = kinds("filler site account result crowd")
_SHORTEST: Final = 3
_ALL: Final = words_of(Sense.ALL)
_NO_NAMES: Final = words_of(Sense.OF_LITTLE_MEANING) | _ALL
_HONORIFICS: Final = words_of(Sense.HONORIFICS)


def query_of(items: Sequence[Item], context: BuildContext, *, by_words: bool = True) -> JobQuery:
    """Return what the items say about the job that is meant.

    Without `by_words` only names are names, and no unknown words: "kok laporan belum masuk?".
    """
    said = [(item, _text_of(item, context)) for item in items if item.value != WITHDRAWN]
    whole = [canonical(text.lower()) for _item, text in said]
    named = [pair for pair, text in zip(said, whole, strict=True) if text not in _NO_NAMES]
    names = [text.lstrip("@") for item, text in named if item.kind in (_NAMES if by_words else _MARKED)]
    extras = [text.lower() for item, text in named if item.kind in _ORDINARY and len(text) >= _SHORTEST]
    values = [item.value for item, _text in said if item.kind == "time"]
    parts = [text for item, text in said if isinstance(item.value, PartOfDay)]
    clocks = [clock for value in values if isinstance(value, ClockTimes) for clock in value.clocks]
    clocks += [value.start for value in values if isinstance(value, ClockWindow) and value.start]
    intervals = (int(value.seconds) for value in values if isinstance(value, Interval))
    cadences = (_CADENCES.get(value.unit) for value in values if isinstance(value, Recurrence))
    return JobQuery(
        types=_types(items),
        channel=next((item.text for item in items if item.kind == "channel"), None),
        url=next((item.text for item in items if item.kind == "url"), None),
        names=tuple(dict.fromkeys(names)),
        extras=tuple(dict.fromkeys([*extras, *parts])),
        cadence=next(cadences, None),
        minutes=tuple(map(resolve, clocks)),
        weekdays=frozenset[int]().union(*(value.days for value in values if isinstance(value, Days))),
        dates=tuple(day for value in values if isinstance(value, Dates) for day in value.days),
        interval_sec=next(intervals, None),
        of_all=not _ALL.isdisjoint(whole),
        each_day=bool(parts),
    )


def _text_of(item: Item, context: BuildContext) -> str:
    lexeme = context.lex[item.first]
    said = item.text.strip("\"'“”‘’« »") if item.kind == "quote" else lexeme.typed
    text = said if item.name is None else item.name.text
    if lexeme.kind == "quote" or " " not in text:
        return text
    # The "anymore" of "don't send the reminder to Pak Darto anymore" is no part of a name.
    words = [word for word in text.split() if canonical(word.lower()) not in _NO_NAMES | _HONORIFICS]
    return " ".join(words) or text


def _types(items: Sequence[Item]) -> frozenset[str]:
    """Return the types that the nouns allow; none if no noun says."""
    declared = [item.text for item in items if item.kind == "declared"]
    if declared:
        return frozenset(declared)
    said = [item.kind for item in items if item.kind in _TYPES]
    if "url" in said or ("site" in said and not {"report", "backup"} & {*said}):
        return frozenset(_TYPES["url"])
    # "tes laporan", "cek backup": the verb is no noun.
    nouns = [kind for kind in said if kind not in {"watch", "site"}] or said
    return frozenset(_TYPES[nouns[0]]) if nouns else frozenset()


# Requests.

_MAKES: Final = words_of(Sense.MAKES)
_RENAMES: Final = words_of(Sense.RENAMES)
_MODIFIES: Final = kinds("keep after keep_for expect contains notify toward change quote cond otherwise neg")
_CONDITIONS: Final = kinds("cond otherwise after")
_MOST_BEFORE: Final = 40
"""How far back a condition is looked for, so that the work stays linear."""


def stop_request(clause: Clause, context: BuildContext) -> tuple[ManageRequest | None, Notes]:
    """Return the request of "jeda laporan sampai Senin" and the like, and notes about it."""
    notes = Notes()
    items = [item for item in clause.items if item.kind != "sep"]
    change = change_of(items)[0]
    until, ends = end_of_pause(items if change in {Change.DISABLE, Change.PAUSE} else [], context)
    spare = next((pos for pos, item in enumerate(items) if item.kind == "spare"), len(items))
    stays = [item for item in items[spare + 1 :] if item not in ends]
    items = [item for item in items if item not in stays]
    acts = {item.text: context.words([item]) for item in items if item.kind == "stop" and item not in ends}
    words, now = context.words(items), "sekarang" if context.language == "id" else "now"
    bounds = [item for item in items if isinstance(item.value, TimeBound) and until is None]
    limits = [item for item in items if _is_limit(item)]
    later = [item for item in items if isinstance(item.value, OnceDay | OnceWeekday | OnceDelta)]
    later = [item for item in [*later, *bounds] if item not in ends]
    days = [item for item in items if isinstance(item.value, Days | Dates)]
    if len(acts) > 1 and {"delete", "resume"} & acts.keys():
        which_act = _('Which one is meant: "{words}"?')
        notes.ask(which_act.fill(words=words), context.span(items), choices=tuple(acts.values()))
    elif limits:
        no_limit = _('"{words}": this is done at once and not later, so it is left out.')
        notes.refuse(no_limit.fill(words=words), context.span([*later, *limits]))
    elif later:
        at_once = _('"{words}": this is done at once and not later. Shall it be now?')
        notes.ask(at_once.fill(words=words), context.span(later), choices=(now,))
    elif days and any(_denies(item, context) for item in items):
        which_days = _('"{words}": are only these days left out, or does the whole job end?')
        notes.ask(which_days.fill(words=words), context.span(days))
    if notes.notes:
        return None, notes
    if stays:
        notes.assume(KEPT.fill(words=context.words(stays)), context.span(stays))
    if until is not None or change is Change.PAUSE:
        # Without an end a pause is the same as disabling.
        change = Change.DISABLE if until is None else Change.PAUSE
    about = [item for item in items if item.kind not in {"stop", "spare"} and item not in ends]
    request = _request(change, items, about, context)
    until_ms = None if until is None else to_ms(until)
    return replace(request, until_ms=until_ms, keeps=query_of(stays, context)), notes


def _denies(item: Item, context: BuildContext) -> bool:
    """True for the "no more" of "no more backups on Mondays", which says less than "stop"."""
    first = context.lex[item.first].text.partition(" ")[0]
    return item.kind == "stop" and not senses_of(first).keys().isdisjoint({"no", "neg"})


def _is_limit(item: Item) -> bool:
    """True for a condition or an exception, on which no change of a job can depend."""
    if item.kind in _CONDITIONS or isinstance(item.value, Except):
        return True
    return isinstance(item.value, Impossible) and item.value.why != "past"


def depends(items: Sequence[Item], stop: Item) -> bool:
    """True if a condition precedes a verb in its sentence: "kalau backup gagal matikan laporan"."""
    place = next((pos for pos, item in enumerate(items) if item.first == stop.first), 0)
    before = reversed(items[max(0, place - _MOST_BEFORE) : place])
    return any_of(takewhile(lambda item: item.value != "strong", before), *_CONDITIONS)


def run_request(clause: Clause, context: BuildContext) -> ManageRequest | None:
    """Return the request to run a job now, as in "jalankan backup"; None if the clause asks for a plan."""
    items = [item for item in clause.items if item.kind != "sep"]
    rest = [item for item in items if not isinstance(item.value, Now)]
    starts = any("start" in item.senses for item in items)
    now = len(rest) < len(items) and clause.kind != "message"  # "kirim pesan sekarang"
    if not (starts or now) or clause.has(*_MODIFIES):
        return None
    noun = next((item.first for item in items if item.kind in INTENTS and not item.has("start")), 0)
    which = all(_says_which(item, noun, context) for item in rest if item.kind == "time")
    if not which or any(context.lex[item.first].text in _MAKES for item in items):
        return None
    about = [item for item in rest if not (item.has("start") and item.kind in {"filler", "watch"})]
    return _request(Change.RUN, items, about, context)


def _says_which(item: Item, noun: int, context: BuildContext) -> bool:
    """True for the "harian" of "jalankan laporan harian" and the "nightly" of "run the nightly backup"."""
    single = isinstance(item.value, Recurrence | PartOfDay) and item.last == item.first + 1
    lexeme = context.lex[item.first]
    return single and (item.first < noun or (lexeme.has("recur", "part") and "id" in lexeme.languages))


def update_request(clause: Clause, context: BuildContext) -> ManageRequest:
    """Return the request of "ganti laporan harian jadi jam 8"."""
    items = [item for item in clause.items if item.kind != "sep"]
    shift = shift_of(clause, context)
    if not shift:
        halves = halves_of(clause, context)
        request = _request(Change.UPDATE, items, halves.old, context)
        return replace(request, update=update_of(halves, context))
    old = [item for item in items if item.kind not in {"change", "via"} and not _is_length(item)]
    update = None if _is_narrowed(items, context) else JobUpdate(shift_sec=shift)
    return replace(_request(Change.UPDATE, items, old, context), update=update)


def _is_narrowed(items: Sequence[Item], context: BuildContext) -> bool:
    """True for "undur laporan 30 menit kecuali Rabu", "cuma hari Rabu": no change holds on some days only."""
    days = (item for item in items if isinstance(item.value, Days | Dates))
    only = any(context.lex.has(pos, Sense.ONLY) for item in days for pos in (item.first - 1, item.last))
    return only or any(item.kind == "neg" or isinstance(item.value, Except | Impossible) for item in items)


def changes_stored(clause: Clause) -> bool:
    """True for a change, also without its verb: "backup-nightly simpan 30", an account with a new time."""
    if clause.has("change"):
        return True
    ids = [item for item in clause.items if item.name is not None and item.name.shape == "id"]
    if not ids or any(isinstance(item.value, Now) for item in clause.items):
        return False
    if clause.kind == "backup":
        return any(is_job_id(item) and not item.is_account for item in ids)
    elsewhere = clause.has("channel", "foreign", "url", "notify", "sep")
    return clause.kind == "watch" and clause.has("time") and not elsewhere


def _is_length(item: Item) -> bool:
    return item.kind == "time" and not isinstance(item.value, Recurrence | PartOfDay)


def rename_request(items: Sequence[Item], context: BuildContext) -> tuple[ManageRequest, list[Item]] | None:
    """Return the request for a new name and the items of the wish: "ganti nama laporan jadi laporan pagi".

    The name is the text after "jadi" or "to", to the end of the sentence.
    """
    lex = context.lex
    start = next((pos for pos, item in enumerate(items) if item.kind == "change"), None)
    if start is None:
        return None
    end = next((pos for pos, item in enumerate(items) if pos > start and item.value == "strong"), len(items))
    first = max((pos + 1 for pos in range(start) if items[pos].kind == "sep"), default=0)
    wish = list(items[first:end])
    named = any(lex[pos].text in _RENAMES for item in wish[:4] for pos in range(item.first, item.last))
    leads = (pos for pos, item in enumerate(wish) if item.kind in {"into", "toward"} or item.text == ":")
    pivot = next(filter(None, leads), len(wish)) + 1
    if not named or pivot >= len(wish):
        return None
    begin, stop = lex[wish[pivot].first].start, lex[wish[-1].last - 1].end
    name = context.request.prompt[begin:stop].strip().strip("\"'“”‘’«»")
    about = wish[: pivot - 1]
    old = [each for each in about if each.kind != "change" and lex[each.first].text not in _RENAMES]
    update = None if _is_narrowed(wish, context) else JobUpdate(description=name)
    return replace(_request(Change.UPDATE, wish, old, context), update=update), wish


def _request(
    change: Change, items: Sequence[Item], about: Sequence[Item], context: BuildContext
) -> ManageRequest:
    said = [item for item in items if item.kind != "filler"] or items
    objects = [item for item in about if item.kind != "filler"]
    query, words = query_of(about, context), context.words(said)
    return ManageRequest(change, query, words, context.span(said), context.span(objects))
