"""Attaches chunks without a wish of their own to a neighbouring wish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import (
    CONDITIONS,
    INTENTS,
    MODIFIERS,
    RECORDS,
    TARGETS,
    Chunk,
    Clause,
    Item,
    Operator,
    any_of,
)
from app.planner.language.clauses.intents import is_conditional, names_event
from app.planner.language.times import expressions as said

_OF_TARGET: Final = frozenset({"channel", "name", "account", "filler", "up", "via", "chat"})
"""Items between a condition and its state that describe the target."""


@dataclass(frozen=True, slots=True)
class ChunkContext:
    """A chunk between the clause before it, if any, and the chunk after it, if any."""

    chunk: Chunk
    last: Clause | None
    following: Chunk | None

    @property
    def has_entry(self) -> bool:
        """True for a part of a list of reminders."""
        return any(item.has("entry") for item in self.chunk.items)

    def last_is(self, *kinds: str) -> bool:
        """True if the clause before it is of one of the kinds."""
        return self.last is not None and self.last.kind in kinds


def attach(context: ChunkContext) -> str:
    """Return what to do with a chunk, one of the words of `_RULES`."""
    return next((word for word, holds in _RULES if holds(context)), "drop")


def _unknown(chunk: Chunk) -> int:
    return sum(item.kind in {"word", "beyond", "order"} for item in chunk.items)


def _stops(context: ChunkContext) -> bool:
    chunk = context.chunk
    # "tutup" may be a text's word; a verb with a value is a command in any case.
    explicit = any(item.kind == "stop" and item.text for item in chunk.items)
    which = all(
        isinstance(item.value, said.Recurrence | said.PartOfDay)
        for item in chunk.items
        if item.kind == "time"
    )
    named = explicit or chunk.has("message", *TARGETS) or which
    return chunk.has("stop") and named and not is_conditional(chunk.items)


def _manages(context: ChunkContext) -> bool:
    """True for "run backup-export now" and "ganti backup-export jadi jam 4", which name a job and no wish."""
    chunk = context.chunk
    if not (chunk.has("change") or any(item.has("start") for item in chunk.items)):
        return False
    ids = any(item.name is not None and item.name.shape == "id" for item in chunk.items)
    words = context.last is None and chunk.has("word", "quote")
    placed = chunk.has("channel") and not (ids and chunk.has("toward"))
    return (ids or words) and not placed and not chunk.has("url", "cond", "neg")


def _backs_up(context: ChunkContext) -> bool:
    """True for "simpan 5 backup terakhir tiap jam 3", which asks for backups by their number."""
    items = context.chunk.items
    ids = any(item.name is not None and "backup-" in item.name.text for item in items)
    named = any(item.kind == "keep" and (ids or item.has("backup")) for item in items)
    return named and not context.last_is("backup")


def _watches_first(context: ChunkContext) -> bool:
    """True for "telegram akun a tiap menit, laporan jam 5": a target and its time, and no verb after them."""
    chunk, following = context.chunk, context.following
    if context.last is not None or following is None or not is_implied_monitor(chunk):
        return False
    other = following.has(*INTENTS) and following.has_time() and not following.has("watch")
    return not chunk.has("beyond", "neg", "quote") and (other or is_implied_monitor(following))


def _watches(context: ChunkContext) -> bool:
    """True if a condition names a monitor's target, or a target with its time follows a report."""
    chunk, last = context.chunk, context.last
    if is_conditional(chunk.items):
        known = last is not None and last.kind == "watch" and last.has(*TARGETS)
        named = chunk.has("url") or any(item.is_account for item in chunk.items)
        return (named or _watches_channel(chunk.items)) and not known
    return context.last_is(*RECORDS) and is_implied_monitor(chunk)


def _watches_channel(items: Sequence[Item]) -> bool:
    """True for "kalau wa toko_a mati", which names a channel between the condition and its state.

    And for "wa toko_a kalau mati kabari …", which names it before the condition.
    """
    start = next((pos for pos, item in enumerate(items) if item.kind in {"cond", "otherwise"}), len(items))
    states = (pos for pos in range(start, len(items)) if items[pos].kind in {"down", *CONDITIONS})
    end = next(states, len(items))
    stretch = items[start + 1 : end]
    if end == start + 1 and any_of(items[end:], "notify", "send"):
        stretch = items[:start]
    return any_of(stretch, "channel") and all(item.kind in _OF_TARGET for item in stretch)


def is_implied_monitor(chunk: Chunk) -> bool:
    """True for "telegram akun ops tiap menit": a target with its time, and no verb."""
    often = any(isinstance(item.value, said.Interval) for item in chunk.items)
    if chunk.has("url"):
        clocks = any(isinstance(item.value, said.ClockTimes) for item in chunk.items)
        return often or clocks or chunk.has("contains", "expect")
    accounts = any(item.is_account or (item.name and item.name.shape == "id") for item in chunk.items)
    sent = chunk.has("notify") or (chunk.has("toward") and not chunk.has("change"))
    return often and (accounts or chunk.has("channel")) and not sent


def _is_message(context: ChunkContext) -> bool:
    """True for "wa 6281… "otw" sekarang": a text and a place, and no verb."""
    chunk = context.chunk
    has_text = chunk.has("quote") and chunk.has("channel", "name") and not chunk.has("notify", "send")
    again = context.last is None or context.last.kind != "message" or context.last.has("quote")
    # "kalau ada yang chat wa toko_a balas …" waits for a chat, which no job sees.
    return has_text and again and not is_conditional(chunk.items) and not chunk.has("cond")


def _greets(context: ChunkContext) -> bool:
    """True for "pagi min," before anything is asked."""
    return context.last is None and all(
        item.kind == "filler" or (isinstance(item.value, said.PartOfDay) and item.last == item.first + 1)
        for item in context.chunk.items
    )


def _is_foreign(context: ChunkContext) -> bool:
    """True for "beli pulsa jam 9": a wish that no job type fulfils. Its time must not be lent."""
    chunk, last = context.chunk, context.last
    if any(isinstance(item.value, said.Except) for item in chunk.items):
        return False  # what is left out belongs to the wish before it
    conditional = is_conditional(chunk.items)
    beyond = chunk.has("beyond", "order")
    if last is None:
        unknown = _unknown(chunk) > 1 and not chunk.has(*TARGETS) and not chunk.has_time()
        return beyond or unknown
    if chunk.has(*TARGETS, *MODIFIERS) or conditional:
        return beyond and not conditional and not chunk.has("url", "name")
    if last.kind == "message" and not last.has("quote"):
        return False
    return bool(_unknown(chunk)) and (chunk.has_time() or beyond) and not chunk.has("cond")


def _waits(context: ChunkContext) -> bool:
    """True if a chunk introduces the next wish: "…, setiap Senin, backup data"."""
    chunk, last, following = context.chunk, context.last, context.following
    if last is None:
        return chunk.has_time() or chunk.has("neg", *TARGETS, *MODIFIERS)
    if following is None or not chunk.has_time() or chunk.has(*TARGETS, *MODIFIERS):
        return False
    if following.strong and not chunk.strong:
        return False
    leads = chunk.strong and not following.strong
    timed = following.has_time() and not (leads and last.has("time"))
    if not following.has(*INTENTS) or timed or is_conditional(following.items):
        return False
    return last.has("time") or leads


def _goes_on(context: ChunkContext) -> bool:
    chunk = context.chunk
    if context.last is None:
        return False
    says = chunk.has("quiet", "unclear", "time", "cond", *TARGETS, *MODIFIERS)
    return says or (context.last.kind == "message" and context.last.operator is not Operator.WITHDRAW)


def _is_condition(context: ChunkContext) -> bool:
    """True for "kalau mati buat laporan" and "kalau backup gagal …": nothing runs on a condition."""
    chunk = context.chunk
    if chunk.items[0].kind == "cond" and not context.last_is("watch") and names_event(chunk.items):
        return True
    if not is_conditional(chunk.items) or chunk.has("url", "account"):
        return False
    notifies = any(item.kind == "report" and item.has("notify") for item in chunk.items)
    alone = context.last is None and not chunk.has("notify", "send", "message", "channel")
    return alone or (chunk.has(*RECORDS) and not notifies)


_RULES: Final[tuple[tuple[str, Callable[[ChunkContext], bool]], ...]] = (
    # "bpjs tanggal 10", of a list of reminders, and "bayar listrik tgl 20" before ", tolong ingatkan"
    ("extend", lambda each: each.has_entry and each.last_is("message") and not each.chunk.has(*INTENTS)),
    ("wait", lambda each: bool(each.has_entry and each.following and each.following.has("message"))),
    ("stop", _stops),
    ("manage", _manages),
    ("condition", _is_condition),
    ("backup", _backs_up),
    ("message", _is_message),
    ("ignore", _greets),
    ("leave", _is_foreign),
    ("watch", _watches),
    ("watch", _watches_first),
    ("wait", _waits),
    ("extend", _goes_on),
    # unknown words; a single one at the start is a person's name
    ("leave", lambda each: _unknown(each.chunk) > (each.last is None) or each.chunk.has("beyond")),
)
"""The first rule that matches decides what to do with a chunk."""


# Shared schedules: the time of "tiap Senin jam 9 backup dan kirim laporan" is for both of its wishes.

_RUNS_ONCE: Final = RECORDS | {"message"}


def share_times(clauses: Sequence[Clause]) -> None:
    """Lend the times of a wish to the one that a plain "dan" joins to it; intervals are never lent."""
    for clause, joined in pairwise(clauses):
        first = next((item for item in clause.items if item.kind not in {"sep", "filler"}), None)
        leads = first is not None and first.kind == "time"  # "besok jam 9 backup"
        if leads and joined.joined and _may_take(joined, _RUNS_ONCE):
            _lend(clause, joined)
    for clause, joined in pairwise([*clauses][::-1]):
        alone = joined.bare and not joined.has("keep", "keep_for", "toward", "channel", "name")
        if clause.joined and alone and clause.bare and _may_take(joined, RECORDS):
            _lend(clause, joined)


def _may_take(clause: Clause, kinds: frozenset[str]) -> bool:
    return clause.kind in kinds and not (
        clause.has("time") or clause.operator or clause.after or clause.is_named
    )


def _lend(clause: Clause, to: Clause) -> None:
    """Give the times of a wish, and the separators among them, to another."""
    places = [pos for pos, item in enumerate(clause.items) if item.kind == "time"]
    stretch = clause.items[places[0] : places[-1] + 1] if places else []
    times = [item for item in stretch if item.kind in {"time", "sep"}]
    says_when = any(
        isinstance(item.value, said.ClockTimes | said.OnceDay | said.OnceWeekday | said.OnceDelta)
        for item in times
    )
    if says_when and not clause.operator and clause.kind in _RUNS_ONCE:
        to.items.extend(times)
        to.lent = True
