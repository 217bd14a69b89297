"""Marks jobs that another job starts: "habis backup jam 3 kirim …", "kalau backup gagal …", "then".

The word that leads becomes an item `after`, whose value is the field of the first job: `on_success` or
`on_failure`. Its part of the sentence becomes a chunk of its own. Without a noun ("kalau gagal") it means the
report or backup before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Interval
from app.planner.language.tokens.lexemes import Lexemes

ON_SUCCESS: Final = "on_success"
ON_FAILURE: Final = "on_failure"
_OUTCOMES: Final = frozenset({Sense.SUCCEEDS, Sense.FAILS})
_RUNS: Final = frozenset({"report", "backup"})
_CONDITIONS: Final = frozenset({"cond", "otherwise"})
_VERBS: Final = frozenset({"message", "send", "notify", "report", "backup", "watch", "channel"})
_BETWEEN: Final = frozenset({"filler", "time", "result", "textmark"})
_MOST_BETWEEN: Final = 3
_MOST_OUTCOME: Final = 6
_MOST_BACK: Final = 40
"""Bounds in items: the work stays linear."""


def mark_chains(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with each "after" marked, its chunk parted, and "then" kept on its separator."""
    marked: list[Item] = []
    pos, telling = 0, False
    while pos < len(items):
        item = items[pos]
        if item.kind == "sep" and item.text == "strong":
            then = lex.has(item.first, Sense.THEN_NEXT)
            telling = then and _means_run_before(items, pos, frozenset({"backup"}))
            item = replace(item, senses={"then": True}) if then else item
        if lex.has(item.first, Sense.AFTERWARDS):
            _link_back(marked)
        may_be = item.kind in _CONDITIONS or lex.has(item.first, Sense.EACH_TIME, Sense.CHAIN_LEAD)
        end = _trigger_end(lex, items, pos) if may_be else None
        if end is None:
            # "setelah backup jam 3 kabari wa 0811" sends a message.
            marked.append(replace(item, kind="message") if telling and item.kind == "notify" else item)
            pos += 1
        else:
            pos, telling = _part(lex, items, pos, end, marked), True
    return marked


def _part(lex: Lexemes, items: Sequence[Item], pos: int, end: int, marked: list[Item]) -> int:
    """Add a trigger as a chunk of its own, and return the index after it.

    A text right after it belongs to the message before it: "wa 0811 kalau backup gagal: backup gagal".
    """
    before = bool(marked) and marked[-1].kind != "sep"
    after = _tail(items, end) if before else end
    if before:
        _tell(marked)
        marked.extend(items[end:after])
        marked.append(Item("sep", items[pos].first, items[pos].first, "weak", {"chain": True}))
    delayed = pos > 0 and isinstance(items[pos - 1].value, Interval)  # "10 menit setelah backup …"
    outcome = "" if delayed else _outcome(lex, items, pos, end)
    said = pos + 1
    kept = {"time", "name", *_RUNS}
    while said < end and items[said].kind not in kept and not _is_outcome(lex, items[said]):
        said += 1
    marked.append(replace(items[pos], kind="after", last=items[said - 1].last, value=outcome))
    named = any(item.kind in _RUNS for item in items[said:end])
    marked.extend(_settled(lex, item, named=named) for item in items[said:end])
    if after < len(items) and items[after].kind != "sep":
        marked.append(Item("sep", items[after].first, items[after].first, "weak"))
    return after


def _link_back(marked: list[Item]) -> None:
    """Read the "sesudahnya" of "laporan jam 6, backup sesudahnya" as "then"."""
    for index in range(len(marked) - 1, max(-1, len(marked) - 1 - _MOST_BETWEEN), -1):
        if marked[index].kind == "sep":
            marked[index] = replace(marked[index], senses={**marked[index].senses, "then": True})
            return


def _tell(marked: list[Item]) -> None:
    """Read the "kabari" of "kabari wa 0811 kalau backup gagal" as a message."""
    for index in range(len(marked) - 1, max(-1, len(marked) - 1 - _MOST_BACK), -1):
        if marked[index].kind in {"sep", "watch", "after"}:
            return
        if marked[index].kind == "notify":
            marked[index] = replace(marked[index], kind="message")


def _settled(lex: Lexemes, item: Item, *, named: bool) -> Item:
    if not named and _kind_of_id(item):
        return replace(item, kind=_kind_of_id(item))
    outcome = lex.has(item.first, *_OUTCOMES, Sense.TRAILS, Sense.EITHER) or item.kind in {"up", "down"}
    return replace(item, kind="filler") if outcome else item


def _tail(items: Sequence[Item], pos: int) -> int:
    """Return the index after a text, with its colon, that follows directly; the same index if none does."""
    end = pos
    while end < len(items) and items[end].kind in {"filler", "textmark"}:
        end += 1
    closes = end + 1 == len(items) or (end + 1 < len(items) and items[end + 1].kind == "sep")
    return end + 1 if closes and items[end].kind == "quote" else pos


def _trigger_end(lex: Lexemes, items: Sequence[Item], pos: int) -> int | None:
    """Return the index after "habis backup jam 3" or "kalau backup gagal"; None if no trigger begins here."""
    item = items[pos]
    asks = item.kind in _CONDITIONS or lex.has(item.first, Sense.EACH_TIME)
    if not asks and (not lex.has(item.first, Sense.CHAIN_LEAD) or item.kind in {"time", "sep", "quote"}):
        return None
    if lex.has(item.first, Sense.IF_FAILED):
        return pos + 1 if _means_run_before(items, pos) and _goes_on(items, pos + 1) else None
    noun, timed = pos + 1, False
    while noun < min(len(items), pos + 1 + _MOST_BETWEEN) and items[noun].kind in _BETWEEN:
        timed = timed or items[noun].kind == "time"
        noun += 1
    if noun < len(items) and (items[noun].kind in _RUNS or _kind_of_id(items[noun])):
        return _end_of_run(lex, items, noun, needs_outcome=asks or timed)
    if noun >= len(items) or not _is_outcome(lex, items[noun]) or not _means_run_before(items, pos):
        return None
    end = _past_outcome(lex, items, noun)
    return end if _goes_on(items, end) else None


def _end_of_run(lex: Lexemes, items: Sequence[Item], noun: int, *, needs_outcome: bool) -> int | None:
    """Return the index after the time and the outcome of a report or backup."""
    end = noun + 1
    for index in range(noun + 1, min(len(items), noun + 1 + _MOST_OUTCOME)):
        if _is_outcome(lex, items[index]):
            return _past_outcome(lex, items, index)
        if items[index].kind not in {"time", "filler"} and not is_job_id(items[index]):
            break
        end = index + 1 if items[index].kind != "filler" else end
    return None if needs_outcome else end


def is_job_id(item: Item) -> bool:
    """True for the id of "kalau laporan report-daily gagal"."""
    return item.name is not None and item.name.shape == "id" and "-" in item.name.text


def _kind_of_id(item: Item) -> str:
    """Return the kind of job that an id names: "kalau backup-nightly gagal"; empty if it names none."""
    text = item.name.text if item.name is not None and is_job_id(item) else ""
    return next((kind for kind in sorted(_RUNS) if kind in text), "")


def _past_outcome(lex: Lexemes, items: Sequence[Item], pos: int) -> int:
    """Return the index after an outcome: "gagal terkirim", "berhasil maupun gagal"."""
    if (
        pos + 2 < len(items)
        and lex.has(items[pos + 1].first, Sense.EITHER)
        and _is_outcome(lex, items[pos + 2])
    ):
        return pos + 3
    return pos + 1 + (pos + 1 < len(items) and lex.has(items[pos + 1].first, Sense.TRAILS))


def _is_outcome(lex: Lexemes, item: Item) -> bool:
    return lex.has(item.first, *_OUTCOMES)


def _outcome(lex: Lexemes, items: Sequence[Item], pos: int, end: int) -> str:
    said = lex.roles(item.first for item in items[pos:end])
    if said >= _OUTCOMES:
        return ""  # a chain is for one of them
    return ON_SUCCESS if said.isdisjoint({Sense.FAILS, Sense.IF_FAILED}) else ON_FAILURE


def _means_run_before(items: Sequence[Item], pos: int, kinds: frozenset[str] = _RUNS) -> bool:
    """True if the last wish before is a report or a backup: a monitor has conditions of its own."""
    for index in range(pos - 1, max(-1, pos - 1 - _MOST_BACK), -1):
        if items[index].kind in {"watch", "url", "account", "message", "after", *_RUNS}:
            return items[index].kind in kinds
    return False


def _goes_on(items: Sequence[Item], pos: int) -> bool:
    """True if a wish follows in the same sentence."""
    for item in items[pos : pos + _MOST_BACK]:
        if item.kind == "sep" and item.text == "strong":
            return False
        if item.kind in _VERBS:
            return True
    return False
