"""Shared schedules: "tiap Senin jam 9 backup dan kirim laporan" says when for both of its wishes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.planner.clauses.clause import Clause
from app.planner.clauses.item import Item
from app.planner.times.pieces import Clocks, OnceDay, OnceDelta, OnceWeekday

_RECORDS: Final = frozenset({"report", "backup"})
_RUNS_ONCE: Final = _RECORDS | {"message"}


def share_times(clauses: Sequence[Clause]) -> None:
    """Lend the times of a wish to the one that a mere "dan" joins to it; intervals are never lent."""
    for clause, joined in pairwise(clauses):
        if _leads(clause) and _may_take(joined, _RUNS_ONCE) and joined.joined:
            _lend(clause, joined)
    for clause, joined in pairwise([*clauses][::-1]):
        alone = joined.bare and not joined.has("keep", "keep_for", "toward", "channel", "name")
        if clause.joined and alone and clause.bare and _may_take(joined, _RECORDS):
            _lend(clause, joined)


def _leads(clause: Clause) -> bool:
    """True where a wish of its own begins with its time: "besok jam 9 backup"."""
    first = next((item for item in clause.items if item.kind not in {"sep", "filler"}), None)
    return first is not None and first.kind == "time"


def _may_take(clause: Clause, kinds: frozenset[str]) -> bool:
    return clause.kind in kinds and not (clause.has_time() or clause.negated or clause.stopped)


def _lend(clause: Clause, to: Clause) -> None:
    times = _times(clause.items)
    says_when = any(isinstance(item.value, Clocks | OnceDay | OnceWeekday | OnceDelta) for item in times)
    if says_when and not (clause.negated or clause.stopped) and clause.kind in _RUNS_ONCE:
        to.items.extend(times)
        to.lent = True


def _times(items: Sequence[Item]) -> list[Item]:
    """Return the times of a wish and the separators among them."""
    places = [at for at, item in enumerate(items) if item.kind == "time"]
    if not places:
        return []
    return [item for item in items[places[0] : places[-1] + 1] if item.kind in {"time", "sep"}]
