"""Turns clauses into requests about stored jobs, and reads which job a clause means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from app.core.clock import to_ms
from app.core.i18n import Message, _
from app.planner.language.clauses.clause import (
    INTENTS,
    TARGETS,
    WITHDRAWN,
    Clause,
    Item,
    Operator,
    any_of,
    kinds,
)
from app.planner.language.clauses.slots import MANAGES
from app.planner.language.jobs.context import BuildContext
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical
from app.planner.language.manage.until import end_of_pause
from app.planner.language.manage.updates import (
    days_before,
    halves_of,
    new_text,
    shift_of,
    shifted_job,
    skip_of,
    update_of,
)
from app.planner.language.manage.verbs import change_of
from app.planner.language.operators.chains import is_job_id
from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.exceptions import left_out_of, read_objects
from app.planner.language.tokens.numbers import read_whole
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
_LEADS: Final = kinds("into toward")
_ASKING: Final = kinds("change into toward textmark")
_ALL: Final = words_of(Sense.ALL)
_NO_NAMES: Final = words_of(Sense.OF_LITTLE_MEANING) | _ALL
_HONORIFICS: Final = words_of(Sense.HONORIFICS)


def query_of(items: Sequence[Item], context: BuildContext, *, by_words: bool = True) -> JobQuery:
    """Return what the items say about the job that is meant.

    Without `by_words` only names are names, and no unknown words: "kok laporan belum masuk?".
    """
    pairs = [(item, _text_of(item, context)) for item in items if item.value != WITHDRAWN]
    whole = [canonical(text.lower()) for _item, text in pairs]
    named = [pair for pair, text in zip(pairs, whole, strict=True) if text not in _NO_NAMES]
    # In "sudah gak ikut arisan, hapus pengingatnya" the first part tells of the job.
    told = [pair for pair in named if _is_told(pair[0], context)]
    named = [pair for pair in named if pair not in told]
    names = [text.lstrip("@") for item, text in named if item.kind in (_NAMES if by_words else _MARKED)]
    extras = [text.lower() for item, text in named if item.kind in _ORDINARY and len(text) >= _SHORTEST]
    values = [item.value for item, _text in pairs if item.kind == "time"]
    parts = [text for item, text in pairs if isinstance(item.value, said.PartOfDay)]
    clocks = [clock for value in values if isinstance(value, said.ClockTimes) for clock in value.clocks]
    clocks += [value.start for value in values if isinstance(value, said.ClockWindow) and value.start]
    intervals = (int(value.seconds) for value in values if isinstance(value, said.Interval))
    cadences = (_CADENCES.get(value.unit) for value in values if isinstance(value, said.Recurrence))
    return JobQuery(
        types=_types(items),
        channel=next((item.text for item in items if item.kind == "channel"), None),
        url=next((item.text for item in items if item.kind == "url"), None),
        names=tuple(dict.fromkeys(names)),
        extras=tuple(dict.fromkeys([*extras, *parts])),
        cadence=next(cadences, None),
        minutes=tuple(map(resolve, clocks)),
        weekdays=frozenset[int]().union(*(value.days for value in values if isinstance(value, said.Days))),
        dates=tuple(day for value in values if isinstance(value, said.Dates) for day in value.days),
        interval_sec=next(intervals, None),
        of_all=not _ALL.isdisjoint(whole),
        each_day=bool(parts),
        about=tuple(word for _item, text in told for word in text.split() if len(word) >= _SHORTEST),
        is_on=next((item.text == "on" for item in items if item.kind == "held" and item.text), None),
        count=_count_of(items, context),
    )


def _text_of(item: Item, context: BuildContext) -> str:
    lexeme = context.lex[item.first]
    typed = item.text.strip("\"'“”‘’« »") if item.kind == "quote" else lexeme.typed
    text = typed if item.name is None else item.name.text
    if lexeme.kind == "quote" or " " not in text:
        return text
    # The "anymore" of "don't send the reminder to Pak Darto anymore" is no part of a name.
    words = [word for word in text.split() if canonical(word.lower()) not in _NO_NAMES | _HONORIFICS]
    return " ".join(words) or text


def _is_told(item: Item, context: BuildContext) -> bool:
    """True for a text that a comma parts from the request: no name, but words about the job."""
    lex = context.lex
    return item.kind == "quote" and lex[item.first].kind == "text" and lex.text(item.last) == ","


def _count_of(items: Sequence[Item], context: BuildContext) -> int:
    """Return the 2 of "dua backup itu" and "both backups"; 0 if no count is said."""
    lex = context.lex
    if any(lex.has(pos, Sense.BOTH) for item in items for pos in range(item.first, item.last)):
        return 2
    counts = (read_whole(lex, item.first - 1) for item in items if item.kind in INTENTS and item.first)
    return next((int(count[0]) for count in counts if count), 0)


def _types(items: Sequence[Item]) -> frozenset[str]:
    """Return the types that the nouns allow; none if no noun says."""
    declared = [item.text for item in items if item.kind == "declared"]
    if declared:
        return frozenset(declared)
    named = [item.kind for item in items if item.kind in _TYPES]
    if "url" in named or ("site" in named and not {"report", "backup"} & {*named}):
        return frozenset(_TYPES["url"])
    # "tes laporan", "cek backup": the verb is no noun.
    nouns = [kind for kind in named if kind not in {"watch", "site"}] or named
    return frozenset(_TYPES[nouns[0]]) if nouns else frozenset()


# Requests.

_NEVER: Final = words_of(Sense.NEVER)
_MAKES: Final = words_of(Sense.MAKES)
_RENAMES: Final = words_of(Sense.RENAMES)
_MODIFIES: Final = kinds("keep after keep_for expect contains notify toward change quote cond otherwise neg")
_DAYS: Final = (said.Days, said.Dates)
_ONE_DAY: Final = (said.Dates, said.OnceDay, said.OnceWeekday, said.Except)
"""Days that a denied wish leaves out; a weekday may be the job's own."""
_LATER: Final = (said.OnceDay, said.OnceWeekday, said.OnceDelta)
_CONDITIONS: Final = kinds("cond otherwise after")
_AS_ASKED: Final = _('"{words}" is not planned, as you asked.')
_DENYING: Final = kinds("stop cond neg up send")
_MOST_BEFORE: Final = 40
"""How far back a condition is looked for, so that the work stays linear."""


def stop_request(clause: Clause, context: BuildContext) -> tuple[ManageRequest | None, Notes]:
    """Return the request of "jeda laporan sampai Senin" and the like, and notes about it."""
    notes = Notes()
    items = said_in(clause)
    change = change_of(items)[0]
    until, ends = end_of_pause(items if change in {Change.DISABLE, Change.PAUSE} else [], context)
    spare = next((pos for pos, item in enumerate(items) if item.kind == "spare"), len(items))
    stays = [item for item in items[spare + 1 :] if item not in ends]
    items = [item for item in items if item not in stays]
    acts = {item.text: context.words([item]) for item in items if item.kind == "stop" and item not in ends}
    words, now = context.words(items), "sekarang" if context.language == "id" else "now"
    bounds = [item for item in items if isinstance(item.value, said.TimeBound) and until is None]
    limits = [item for item in items if _is_limit(item) and item not in ends]
    later = [item for item in items if isinstance(item.value, _LATER)]
    later = [item for item in [*later, *bounds] if item not in ends]
    if len(acts) > 1 and {"delete", "resume"} & acts.keys():
        which_act = _('Which one is meant: "{words}"?')
        notes.ask(which_act.fill(words=words), context.span(items), choices=tuple(acts.values()))
    elif limits:
        no_limit = _('"{words}": this is done at once and not later, so it is left out.')
        notes.refuse(no_limit.fill(words=words), context.span([*later, *limits]))
    elif later:
        at_once = _('"{words}": this is done at once and not later. Shall it be now?')
        notes.ask(at_once.fill(words=words), context.span(later), choices=(now,))
    if notes.notes:
        return None, notes
    if stays:
        notes.assume(KEPT.fill(words=context.words(stays)), context.span(stays))
    if until is not None or change is Change.PAUSE:
        # Without an end a pause is the same as disabling.
        change = Change.DISABLE if until is None else Change.PAUSE
    about = [item for item in items if item.kind not in {"stop", "spare"} and item not in ends]
    request = replace(_request(change, items, about, context), until_ms=until and to_ms(until))
    spared = [[*group] for is_mark, group in groupby(stays, lambda item: item.kind == "spare") if not is_mark]
    return replace(request, keeps=tuple(query_of(each, context) for each in spared)), notes


def _denies(item: Item, context: BuildContext) -> bool:
    """True for the "no more" of "no more backups on Mondays" and for "libur", which say less than "stop"."""
    first = context.lex[item.first].text.partition(" ")[0]
    return item.kind == "stop" and not senses_of(first).keys().isdisjoint({"no", "neg", "off"})


def _is_limit(item: Item) -> bool:
    """True for a condition or an exception, on which no change of a job can depend."""
    impossible = isinstance(item.value, said.Impossible) and item.value.why != "past"
    return impossible or item.kind in _CONDITIONS or isinstance(item.value, said.Except)


def depends(items: Sequence[Item], stop: Item) -> bool:
    """True if a condition precedes a verb in its sentence: "kalau backup gagal matikan laporan"."""
    place = next((pos for pos, item in enumerate(items) if item.first == stop.first), 0)
    before = reversed(items[max(0, place - _MOST_BEFORE) : place])
    return any_of(takewhile(lambda item: item.value != "strong", before), *_CONDITIONS)


def run_request(clause: Clause, context: BuildContext) -> ManageRequest | None:
    """Return the request to run a job now, as in "jalankan backup"; None if the clause asks for a plan."""
    items = said_in(clause)
    rest = [item for item in items if not isinstance(item.value, said.Now)]
    starts = [item for item in items if item.has("start") or context.lex.has(item.first, Sense.REPEAT)]
    now = len(rest) < len(items) and clause.kind != "message"  # "kirim pesan sekarang"
    # "laporan ke Bu Endang jalankan sekarang", "jalankan laporan yang ke Bu Endang"
    places = [item for item in items if item.kind == "toward" and starts]
    which = {
        item
        for item in places
        if item.first < starts[-1].first or context.lex.has(item.first - 1, Sense.RELATIVE)
    }
    if not (starts or now) or any_of((item for item in items if item not in which), *_MODIFIES):
        return None
    noun = next((item.first for item in items if item.kind in INTENTS and not item.has("start")), 0)
    which = all(_says_which(item, noun, context) for item in rest if item.kind == "time")
    if not which or any(context.lex[item.first].text in _MAKES for item in items):
        return None
    about = [item for item in rest if item not in starts or item.kind not in {"filler", "watch", "word"}]
    return _request(Change.RUN, items, about, context)


def _says_which(item: Item, noun: int, context: BuildContext) -> bool:
    """True for the "harian" of "jalankan laporan harian" and the "nightly" of "run the nightly backup"."""
    single = isinstance(item.value, said.Recurrence | said.PartOfDay) and item.last == item.first + 1
    lexeme = context.lex[item.first]
    return single and (item.first < noun or (lexeme.has("recur", "part") and "id" in lexeme.languages))


def update_request(clause: Clause, context: BuildContext) -> ManageRequest:
    """Return the request of "ganti laporan harian jadi jam 8"."""
    items, shift = said_in(clause), shift_of(clause, context)
    if not shift:
        halves = halves_of(clause, context)
        request = _request(Change.UPDATE, items, halves.old, context)
        update, query = update_of(halves, context), request.query
        query = replace(query, weekdays=query.weekdays | days_before(halves, context))
        return replace(request, query=query, update=update)
    old = shifted_job(clause, context)
    apart = [item for item in items if item not in old and isinstance(item.value, _DAYS)]
    update = None if apart or _is_narrowed(items, context) else JobUpdate(shift_sec=shift)
    return replace(_request(Change.UPDATE, items, old, context), update=update)


def _is_narrowed(items: Sequence[Item], context: BuildContext) -> bool:
    """True for "undur laporan 30 menit kecuali Rabu", "cuma hari Rabu": no change holds on some days only."""
    days = (item for item in items if isinstance(item.value, _DAYS))
    only = any(context.lex.has(pos, Sense.ONLY) for item in days for pos in (item.first - 1, item.last))
    days_once = said.OnceDay | said.OnceWeekday
    left_out = any(isinstance(item.value, said.Except | said.Impossible | days_once) for item in items)
    return only or left_out or any_of(items, "neg")


def said_in(clause: Clause) -> list[Item]:
    """Return the items of a clause without its separators."""
    return [item for item in clause.items if item.kind != "sep"]


def leaving_request(clause: Clause, context: BuildContext) -> tuple[ManageRequest, Message] | None:
    """Return the request that a stored job leaves out days or waits, and what to say if there is no such job.

    Of "backup jangan jalan pas tanggal merah", "no more reports on Sundays", "sisa minggu ini ga usah".
    """
    items = said_in(clause)
    tied = (isinstance(day.value, _DAYS) for lead, day in pairwise(items) if lead.kind in _CONDITIONS)
    stopped = clause.operator is Operator.WITHDRAW
    denied = stopped and (any(tied) or any(_denies(item, context) for item in items))
    refused = clause.operator is Operator.NOT or _refuses(items)
    until, ends = end_of_pause(items if refused or denied else [], context)
    kinds = (*_DAYS, *_ONE_DAY) if denied else _ONE_DAY if refused else ()
    days = [item for item in items if item.kind == "unclear" or isinstance(item.value, kinds)]
    days = [item for item in days if item not in ends]
    left_out = [found for item in days if (found := _left_out(item, context)) is not None]
    rest = [item for item in items if item.kind == "time" and item not in (*days, *ends)]
    named = all(isinstance(item.value, said.Recurrence | said.PartOfDay) for item in rest)
    open_days = [item for item in days if not (refused or isinstance(item.value, _ONE_DAY))]
    behind = items[items.index(open_days[0]) :] if open_days else []
    if len(days) != len(left_out) or len(days) > 1 or not (days or until) or any_of(behind, *INTENTS):
        return None
    # "ga usah dikirim sampai jam 9" may be on each day.
    daily = any(isinstance(item.value, said.ClockWindow) for item in ends)
    if refused and (daily or not named):
        return None
    about = [item for item in items if item not in (*days, *ends) and item.kind not in _DENYING]
    if not days:
        request = replace(_request(Change.PAUSE, items, about, context), until_ms=until and to_ms(until))
        return request, _AS_ASKED.fill(words=context.words(items))
    message = _('"{words}": are only these days left out, or does the whole job end?')
    message = message if denied else _('"{words}" says when not. When shall it be?')
    update = JobUpdate(skip=skip_of(left_out, context))
    request = replace(_request(Change.UPDATE, items, about, context), update=update)
    return request, message.fill(words=context.words(days))


def _refuses(items: Sequence[Item]) -> bool:
    """True for "laporan harian jangan dikirim tgl 24": the verb that is denied is the only wish."""
    neg = next((pos for pos, item in enumerate(items) if item.kind == "neg"), None)
    if any_of(items, "stop", "change", "toward", "notify", "cond", "otherwise", "quote"):
        return False
    if neg is None:
        return any(item.kind == "word" and item.has("off") for item in items)  # "… laporan harian libur"
    verb = next((item.kind for item in items[neg + 1 :] if item.kind != "filler"), "")
    return verb in {"send", "up"} and not any_of([*items[:neg], *items[neg + 2 :]], "send", "up")


def _left_out(item: Item, context: BuildContext) -> said.Except | None:
    match item.value:
        case said.Days(days=days, nth=()):
            return said.Except(weekdays=days)
        case said.OnceDay(days=days, wide=True) if days:
            first = days - context.now.astimezone(ZoneInfo(context.zone)).weekday()
            return said.Except(once=tuple(map(said.OnceDay, range(first, first + 7))))
        case said.Dates() | said.OnceDay() | said.OnceWeekday() | said.Except():
            found = item.value if isinstance(item.value, said.Except) else left_out_of(item.value)
            return None if found is None or found.windows or found.part else found
        case _:
            reads = (read_objects(context.lex, pos, denied=False) for pos in range(item.first, item.last))
            found = (read[0] for read in reads if read is not None and read[1] == item.last)
            return next((each for each in found if not (each.windows or each.part)), None)


def changes_stored(clause: Clause, context: BuildContext) -> bool:
    """True for a change, also without its verb: "backup-nightly simpan 30", an account with a new time."""
    # "toko_a kekencengan, 15 menit sekali aja"
    said_too = clause.has("time") and any(item.has("excess") for item in clause.items)
    moved = said_too or shift_of(clause, context)
    if clause.has("change") or moved or _skips(clause):
        return True
    if any(isinstance(item.value, said.Now) for item in clause.items):
        return False
    texts = (item.text for item in clause.items if item.kind == "quote")
    stored = all(text.lower().startswith("the ") for text in texts)
    if clause.kind == "message" and stored and not clause.has("channel", "toward", "send"):
        noun = (item for item in clause.items if item.kind == "message")
        # "the stock reminder at 9:30", which has no text of its own
        return clause.has("time") and any(context.lex.has(item.first, Sense.REMINDER) for item in noun)
    ids = [item for item in clause.items if item.name is not None and item.name.shape == "id"]
    if not ids:
        return False
    if clause.kind == "backup":
        return any(is_job_id(item) and not item.is_account for item in ids)
    elsewhere = clause.has("channel", "foreign", "url", "notify", "sep")
    return clause.kind == "watch" and clause.has("time") and not elsewhere


def _skips(clause: Clause) -> bool:
    """True for "laporan harian kecuali Minggu": what is left out, of a job that its noun names."""
    kinds = {type(item.value) for item in clause.items if item.kind == "time"}
    noun = clause.kind in {"report", "backup"} or (clause.kind == "message" and not clause.has("quote"))
    return noun and said.Except in kinds and kinds <= {said.Except, said.Recurrence}


def value_request(
    items: Sequence[Item], context: BuildContext
) -> tuple[ManageRequest, list[Item], list[Item]] | None:
    """Return the request for a new name or text, the items that say of what, and those of the value.

    The value is what is quoted after "jadi", "to" or a colon, else the text there to the end of the wish.
    """
    lex = context.lex
    marked = ((pos, item) for pos, item in enumerate(items) if pos and items[pos - 1].kind == "textmark")
    texts = {pos: new_text(item.text) for pos, item in marked if item.kind == "quote"}
    texts = {} if texts and any_of(items, "time", "send", *TARGETS) else texts
    starts = [pos for pos, item in enumerate(items) if item.kind == "change" or texts.get(pos)]
    if not starts:
        return None
    start = starts[0]  # also "teksnya ganti jadi: …", which is read as a text
    end = next((pos for pos in range(start, len(items)) if items[pos].value == "strong"), len(items))
    first = max((pos + 1 for pos in range(start) if items[pos].kind == "sep"), default=0)
    leads = (pos + 1 for pos in range(first + 1, end) if items[pos].kind in _LEADS or items[pos].text == ":")
    pivot = start if start in texts else next(leads, end)
    pivot = next((pos for pos in range(pivot, end) if items[pos].text != ":"), end)
    about, new = list(items[first:pivot]), list(items[pivot : pivot + 1])
    near = items[max(first, start - 2) : min(start + 3, pivot)]
    named = any(lex[pos].text in _RENAMES for item in near for pos in range(item.first, item.last))
    worded = any_of(about, "textmark") and any_of(about, "message") and not any_of(new, "time")
    if not new or not (named or worded):
        return None
    value = texts.get(pivot) or new[0].text
    if new[0].kind != "quote":
        # "…, bukan Laporan Lama" is part of the wish, and "…, dan jeda backup" another one.
        pairs = ((pos, items[pos + 1]) for pos in range(pivot, end - 1) if items[pos].kind == "sep")
        turns = (pos for pos, item in pairs if item.kind in MANAGES or lex.has(item.first, "neg"))
        turn = next(turns, end)
        value = context.request.prompt[lex[new[0].first].start : lex[items[turn - 1].last - 1].end]
        new = list(items[pivot : turn if any_of(items[turn + 1 : turn + 2], *MANAGES) else end])
    value = value.strip(" ,;\"'“”‘’«»")
    old = [item for item in about if item.kind not in _ASKING and lex[item.first].text not in _RENAMES]
    update = JobUpdate(description=value) if named else JobUpdate(inputs={"text": value})
    update = None if _is_narrowed(items[first:end] if named else about, context) else update
    return replace(_request(Change.UPDATE, [*about, *new], old, context), update=update), about, new


def _request(
    change: Change, items: Sequence[Item], about: Sequence[Item], context: BuildContext
) -> ManageRequest:
    spoken = [item for item in items if item.kind != "filler"] or items
    objects = [item for item in about if item.kind != "filler"]
    query, words = query_of(about, context), context.words(spoken)
    return ManageRequest(change, query, words, context.span(spoken), context.span(objects))
