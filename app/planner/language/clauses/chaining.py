"""Links wishes whose jobs another job starts: "habis backup jam 3 kirim …", "report, then a backup"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.planner.language.clauses.clause import Chunk, Clause, Item, ParsedClauses
from app.planner.language.times.expressions import Now, Recurrence

_RUNS: Final = frozenset({"report", "backup"})
_ASKS: Final = ("message", "send", "notify", "report", "backup", "watch", "quote")


def _is_no_time(item: Item) -> bool:
    """True for the "mingguan" of "laporan mingguan" and for "langsung", which say no time of its own."""
    single = isinstance(item.value, Recurrence) and item.last == item.first + 1
    return single or isinstance(item.value, Now)


_Link = tuple[Clause, str]
"""A wish that another one follows, and the field of its job that names it."""


@dataclass(slots=True)
class ChainReader:
    """Keeps the wish that the next one follows, while the chunks of a prompt are read."""

    reading: ParsedClauses
    link: _Link | None = None
    joined: _Link | None = None
    """The link of the wish before, which a plain "dan" shares."""
    items: Sequence[Item] = ()

    @property
    def is_open(self) -> bool:
        """True if the next wish follows another."""
        return self.link is not None

    def enter(self, chunk: Chunk) -> None:
        """Begin a chunk: "then" opens a link, and a new sentence closes one that nothing has followed."""
        last = self._last
        if chunk.sep is not None and chunk.sep.has("then"):
            runs = last is not None and last.kind in _RUNS and not last.refused
            asks = chunk.has(*_ASKS) and not chunk.has_time() and not chunk.has("watch")
            if last is not None and runs and asks:
                self.link = last, "on_success"
        elif chunk.strong:
            self.leave()
            self.joined = None
        elif not chunk.joined:
            self.joined = None

    def leave(self) -> None:
        """Close a link that nothing has followed."""
        if self.link is not None and self.items:
            self.reading.leftovers.append([*self.items])
        self.link, self.items = None, ()

    def trigger(
        self, chunk: Chunk, parts: Sequence[Clause], following: Chunk | None, waiting: Sequence[Item]
    ) -> None:
        """Read the chunk of "setelah laporan jam 6" or "kalau gagal"; it follows or leads its wish."""
        lead = next(item for item in chunk.items if item.kind == "after")
        last = self._last
        first = self._named(parts[0], waiting) if parts else self._run_before(lead.text)
        if first is None:
            self.reading.leftovers.append(chunk.items)
            return
        link = first, lead.text
        leads_on = following is not None and not following.strong and following.has(*_ASKS)
        backwards = last is not None and last is not first and not chunk.strong
        led = chunk.sep is not None and chunk.sep.has("chain")
        if last is not None and backwards and (led or not leads_on):
            self._follow(last, link)
        else:
            self.leave()
            self.link, self.items = link, [item for item in chunk.items if item.kind != "sep"]

    def follow(self, clause: Clause) -> None:
        """Link a new wish to the one that it follows, if there is one."""
        link = self.link or (self.joined if clause.joined else None)
        self.link, self.items = None, ()
        if link is not None and clause is not link[0] and not clause.refused:
            self._follow(clause, link)
            self.joined = link

    def _follow(self, clause: Clause, link: _Link) -> None:
        if any(item.kind == "time" and not _is_no_time(item) for item in clause.items):
            self.reading.clashes.append([item for item in clause.items if item.kind != "sep"])
        else:
            clause.after, clause.outcome = link

    def _named(self, part: Clause, waiting: Sequence[Item]) -> Clause:
        """Return the wish that a trigger names: an earlier one of its kind, if it has no time of its own."""
        part.items = [*waiting, *part.items]
        earlier = (each for each in reversed(self.reading.clauses) if each.kind == part.kind)
        known = None if part.has_time() else next((each for each in earlier if not each.refused), None)
        if known is not None:
            known.items.extend(part.items)
            return known
        part.is_named = not part.has_time()
        self.reading.clauses.append(part)
        return part

    def _run_before(self, outcome: str) -> Clause | None:
        """Return the wish whose outcome is meant: of "if that works …, if it fails …" the one before both."""
        runs = (each for each in reversed(self.reading.clauses) if each.kind in _RUNS and not each.refused)
        run = next(runs, None)
        return run.after if run and run.after and run.outcome != outcome else run

    @property
    def _last(self) -> Clause | None:
        return self.reading.clauses[-1] if self.reading.clauses else None
