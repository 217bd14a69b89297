"""Turns clauses into requests about stored jobs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from app.core.clock import to_ms
from app.core.i18n import _
from app.planner.language.clauses.clause import INTENTS, Clause, Item
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.manage.query import query_of
from app.planner.language.manage.until import end_of_pause, says_end
from app.planner.language.manage.updates import Halves, Renaming, halves_of, shift_of, update_of
from app.planner.language.manage.verbs import change_of
from app.planner.language.times.expressions import (
    Dates,
    Days,
    Except,
    Impossible,
    Now,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    Recurrence,
    TimeBound,
)
from app.planner.messages import Notes
from app.planner.models import Change, JobUpdate, ManageRequest, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.planner.language.jobs.context import BuildContext

_MAKES: Final = words_of(Sense.MAKES)
_MODIFIES: Final = frozenset(
    {
        "keep",
        "after",
        "keep_for",
        "expect",
        "contains",
        "notify",
        "toward",
        "change",
        "quote",
        "cond",
        "otherwise",
        "neg",
    }
)
_CONDITIONS: Final = frozenset({"cond", "otherwise", "after"})
_MOST_BEFORE: Final = 40
"""How far back a condition is looked for, so that the work stays linear."""


def stop_request(clause: Clause, context: BuildContext) -> tuple[ManageRequest | None, Notes]:
    """Return the request of "jeda laporan sampai Senin" and the like, and notes about it."""
    notes = Notes()
    items = [item for item in clause.items if item.kind != "sep"]
    change = change_of(items)[0]
    ends = says_end(items, context) if change in {Change.DISABLE, Change.PAUSE} else []
    until = end_of_pause(ends, context)
    bounds = [item for item in items if isinstance(item.value, TimeBound)]
    later = [item for item in items if _is_later(item) and item not in ends]
    later += [item for item in items if _is_limit(item)]
    if later or (bounds and until is None):
        span = [*later, *bounds]
        if any(map(_is_limit, later)):
            no_limit = _('"{words}": this is done at once and not later, so it is left out.')
            notes.refuse(no_limit.fill(words=context.words(items)), context.span(span))
        else:
            at_once = _('"{words}": this is done at once and not later. Shall it be now?')
            now = "sekarang" if context.language == "id" else "now"
            notes.ask(at_once.fill(words=context.words(items)), context.span(span), choices=(now,))
        return None, notes
    days = [item for item in items if isinstance(item.value, Days | Dates)]
    if days and any(map(partial(_denies, context), items)):
        which_days = _('"{words}": are only these days left out, or does the whole job end?')
        notes.ask(which_days.fill(words=context.words(items)), context.span(days))
        return None, notes
    if until is not None:
        change = Change.PAUSE
    elif change is Change.PAUSE:
        # Without an end it is the same as disabling.
        change = Change.DISABLE
    spare = next((pos for pos, item in enumerate(items) if item.kind == "spare"), len(items))
    about = [item for item in items[:spare] if item.kind != "stop" and item not in ends]
    request = _request(change, items, about, context)
    keeps = query_of(items[spare + 1 :], context)
    return replace(request, until_ms=None if until is None else to_ms(until), keeps=keeps), notes


def _denies(context: BuildContext, item: Item) -> bool:
    """True for the "no more" of "no more backups on Mondays", which says less than "stop"."""
    first = context.lex[item.first].text.partition(" ")[0]
    return item.kind == "stop" and not senses_of(first).keys().isdisjoint({"no", "neg"})


def _is_later(item: Item) -> bool:
    return isinstance(item.value, OnceDay | OnceWeekday | OnceDelta)


def _is_limit(item: Item) -> bool:
    """True for a condition or an exception, on which no change of a job can depend."""
    if item.kind in _CONDITIONS or isinstance(item.value, Except):
        return True
    return isinstance(item.value, Impossible) and item.value.why != "past"


def depends(items: Sequence[Item], stop: Item) -> bool:
    """True if a condition precedes a verb in its sentence: "kalau backup gagal matikan laporan"."""
    place = next((pos for pos, item in enumerate(items) if item.first == stop.first), 0)
    for item in reversed(items[max(0, place - _MOST_BEFORE) : place]):
        if item.value == "strong":
            return False
        if item.kind in _CONDITIONS:
            return True
    return False


def run_request(clause: Clause, context: BuildContext) -> ManageRequest | None:
    """Return the request to run a job now, as in "jalankan backup"; None if the clause asks for a plan."""
    items = [item for item in clause.items if item.kind != "sep"]
    is_now = any(isinstance(item.value, Now) for item in items)
    if not (is_now or any("start" in item.senses for item in items)) or clause.kind == "message":
        return None
    texts = {context.lex[item.first].text for item in items}
    times = [item for item in items if item.kind == "time" and not isinstance(item.value, Now)]
    if not all(_says_which(item, items, context) for item in times) or not _MAKES.isdisjoint(texts):
        return None
    if clause.has(*_MODIFIES):
        return None
    about = [
        item
        for item in items
        if not isinstance(item.value, Now) and not (item.has("start") and item.kind in {"filler", "watch"})
    ]
    return _request(Change.RUN, items, about, context)


def _says_which(item: Item, items: Sequence[Item], context: BuildContext) -> bool:
    """True for the "harian" of "jalankan laporan harian" and the "daily" of "run the daily report"."""
    if not isinstance(item.value, Recurrence) or item.last > item.first + 1:
        return False
    noun = next((each.first for each in items if each.kind in INTENTS and not each.has("start")), 0)
    return context.lex[item.first].has(Sense.ADJECTIVES) or item.first < noun


def update_request(clause: Clause, context: BuildContext) -> ManageRequest:
    """Return the request of "ganti laporan harian jadi jam 8"."""
    items = [item for item in clause.items if item.kind != "sep"]
    shift = shift_of(clause, context)
    if shift:
        old = [item for item in items if item.kind not in {"change", "via"} and not _is_length(item)]
        # "undur laporan 30 menit kecuali Rabu": no move holds on some days only.
        narrowed = any(isinstance(item.value, Except) for item in items)
        update = None if narrowed else JobUpdate(shift_sec=shift)
        return replace(_request(Change.UPDATE, items, old, context), update=update)
    halves: Halves = halves_of(clause, context)
    request = _request(Change.UPDATE, items, halves.old, context)
    update = update_of(halves, context)
    return replace(request, update=update)


def _is_length(item: Item) -> bool:
    return item.kind == "time" and not isinstance(item.value, Recurrence)


def rename_request(renaming: Renaming, context: BuildContext) -> ManageRequest:
    """Return the request for a new name."""
    request = _request(Change.UPDATE, renaming.items, renaming.old, context)
    return replace(request, update=JobUpdate(description=renaming.name))


def _request(
    change: Change, items: Sequence[Item], about: Sequence[Item], context: BuildContext
) -> ManageRequest:
    said = [item for item in items if item.kind != "filler"]
    objects = [item for item in about if item.kind != "filler"]
    return ManageRequest(
        change,
        query_of(about, context),
        context.words(said or items),
        context.span(said or items),
        context.span(objects),
    )


def with_plan(request: ManageRequest, replaces: Sequence[int], notes: Sequence[Note]) -> ManageRequest:
    """Return a request that takes the place of planned jobs if a stored job fits."""
    return replace(request, replaces=tuple(replaces), notes=tuple(notes))
