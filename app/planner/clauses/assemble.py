"""Assembling: which time, target and limit belongs to which wish, whatever their order in the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.clauses.chunks import TARGETS, Chunk
from app.planner.clauses.clause import Clause, Reading
from app.planner.clauses.intents import Part, is_conditional, parts_of
from app.planner.clauses.item import Item
from app.planner.times.pieces import Clocks, Interval, PartOfDay

_ADDRESSES: Final = frozenset({"url", "name"})


@dataclass(slots=True)
class Assembler:
    """Goes through the chunks of a prompt once, with the clauses so far and what waits for the next one."""

    reading: Reading = field(default_factory=Reading)
    waiting: list[Item] = field(default_factory=list[Item])

    def assemble(self, chunks: Sequence[Chunk]) -> Reading:
        """Return the clauses of a prompt."""
        for at, chunk in enumerate(chunks):
            following = chunks[at + 1] if at + 1 < len(chunks) else None
            for part in parts_of(chunk, after_watch=any(clause.kind == "watch" for clause in self.reading.clauses)):
                if part.kind is None:
                    self._place(chunk, following)
                else:
                    self._begin(part, chunk)
        self._end()
        return self.reading

    @property
    def _last(self) -> Clause | None:
        return self.reading.clauses[-1] if self.reading.clauses else None

    # Wishes.

    def _begin(self, part: Part, chunk: Chunk) -> None:
        last = self._last
        items = [*self.waiting, *part.items]
        if last is not None and not self.waiting and not part.negated and not part.stopped and _goes_on(last, part, chunk):
            self._extend(last, chunk.sep, part.items)
            return
        if last is not None and part.bare and not chunk.strong and not part.negated and not part.stopped:
            refused = (last.negated or last.stopped) and not any(item.kind == "time" for item in part.items)
            part.negated, part.stopped = refused and last.negated, refused and last.stopped
        self.waiting = []
        clause = Clause(part.kind or "", items, negated=part.negated, stopped=part.stopped)
        self.reading.clauses.append(clause)

    def _extend(self, clause: Clause, sep: Item | None, items: Sequence[Item]) -> None:
        if sep is not None and sep.kind == "sep":
            clause.items.append(sep)
        clause.items.extend(items)

    # Chunks that ask for nothing by themselves.

    def _place(self, chunk: Chunk, following: Chunk | None) -> None:
        last = self._last
        if chunk.has("stop") and (chunk.has_target() or not chunk.has_time()) and not is_conditional(chunk.items):
            self._stop(chunk)
        elif any(item.kind == "keep" and item.has("backup") for item in chunk.items) and not (last and last.kind == "backup"):
            self._imply(chunk, "backup")
        elif is_conditional(chunk.items) and chunk.has(*_ADDRESSES) and _new_target(chunk, last):
            self._imply(chunk)
        elif chunk.has("quote") and chunk.has("channel", "name") and not chunk.has("notify", "send") and not (last and last.kind == "message"):
            self._imply(chunk, "message")
        elif chunk.has("neg") and chunk.has_time() and not chunk.has_target() and not chunk.has_modifier():
            self.reading.ignored.extend(chunk.items)  # "jangan tiap menit, tiap 5 menit saja"
        elif last is None:
            self._wait_or_leave(chunk)
        elif _is_foreign_wish(chunk, last):
            self.reading.leftovers.append(chunk.items)
        elif chunk.has("neg") and chunk.has_target():
            self.reading.clauses.append(Clause(last.kind, list(chunk.items), negated=True))
        elif chunk.has("neg") and chunk.has("notify", "send"):
            last.quiet = True
        elif chunk.contrasts() and (last.negated or last.stopped) and chunk.has_target():
            self.reading.clauses.append(Clause(last.kind, list(chunk.items)))
        elif _belongs_ahead(chunk, last, following):
            self.waiting.extend(chunk.items)
        elif last.kind in {"report", "backup"} and _watches_itself(chunk):
            self._imply(chunk)
        elif chunk.has_target() or chunk.has_time() or chunk.has_modifier() or chunk.has("cond", "time") or last.kind == "message":
            self._extend(last, chunk.sep, chunk.items)
        elif len(chunk.unknown()) > 1 or chunk.has("beyond"):
            self.reading.leftovers.append(chunk.items)

    def _stop(self, chunk: Chunk) -> None:
        self.reading.clauses.append(Clause("watch" if chunk.has_target() else "", list(chunk.items), stopped=True))

    def _imply(self, chunk: Chunk, kind: str = "watch") -> None:
        self.reading.clauses.append(Clause(kind, [*self.waiting, *chunk.items], implied=True))
        self.waiting = []

    def _wait_or_leave(self, chunk: Chunk) -> None:
        if _greets(chunk):
            self.reading.ignored.extend(chunk.items)
        elif chunk.has("beyond", "order") or (len(chunk.unknown()) > 1 and not chunk.has_target() and not chunk.has_time()):
            self.reading.leftovers.append(chunk.items)
        elif chunk.has_target() or chunk.has_time() or chunk.has_modifier() or chunk.has("neg"):
            self.waiting.extend(chunk.items)

    def _end(self) -> None:
        """Make a monitor of what waits for a wish that never came, where it can be one."""
        if not self.waiting:
            return
        chunk = Chunk(self.waiting)
        if self._last is None and _watches_itself(chunk) and not chunk.has("beyond", "neg"):
            self.waiting = []
            self._imply(chunk)
        elif self._last is not None:
            self._extend(self._last, None, self.waiting)
        else:
            self.reading.leftovers.append(self.waiting)


def _goes_on(last: Clause, part: Part, chunk: Chunk) -> bool:
    """True where a wish of the same kind only adds to the one before it: "check it every minute"."""
    if last.kind != part.kind or last.negated or last.stopped:
        return False
    targets = any(item.kind in TARGETS for item in part.items)
    timed = any(item.kind == "time" for item in part.items)
    if last.kind == "watch":
        addressed = any(item.kind in {"url", "name", "channel", "foreign", "site", "word", "beyond"} for item in part.items)
        return not addressed or not last.has("time", "site", "beyond", "word", *TARGETS)
    if last.kind == "message":
        texted = any(item.kind == "quote" for item in part.items)
        return not (texted and last.has("quote")) and not (timed and last.has_time()) and (texted or targets)
    return not (timed and last.has_time()) and (targets or not timed or not last.has_time())


def _new_target(chunk: Chunk, last: Clause | None) -> bool:
    """True where a condition names what is to be watched, and no monitor before it does."""
    if last is not None and last.kind == "watch" and last.has(*TARGETS):
        return False
    marked = any(item.name is not None and item.name.mark == "account" for item in chunk.items)
    return chunk.has("url") or marked


def _watches_itself(chunk: Chunk) -> bool:
    """True for "telegram akun ops tiap menit": a target with its time, and no verb."""
    account = any(item.name is not None and (item.name.mark == "account" or item.name.shape == "id") for item in chunk.items)
    timed = any(item.kind == "time" and isinstance(item.value, Interval | Clocks) for item in chunk.items)
    often = any(item.kind == "time" and isinstance(item.value, Interval) for item in chunk.items)
    return (chunk.has("url") and timed) or (often and (account or chunk.has("channel")) and not chunk.has("toward", "notify"))


def _is_foreign_wish(chunk: Chunk, last: Clause) -> bool:
    """True for "beli pulsa jam 9": a wish that no job type fulfils, whose time must not be lent."""
    if chunk.has_target() or chunk.has_modifier() or is_conditional(chunk.items):
        return chunk.has("beyond", "order") and not is_conditional(chunk.items) and not chunk.has("url", "name")
    if last.kind == "message" and not last.has("quote"):
        return False
    return bool(chunk.unknown()) and (chunk.has_time() or chunk.has("beyond", "order")) and not chunk.has("cond")


def _greets(chunk: Chunk) -> bool:
    """True for "pagi min," before anything is asked."""
    return all(
        item.kind == "filler" or (isinstance(item.value, PartOfDay) and item.last == item.first + 1) for item in chunk.items
    )


def _belongs_ahead(chunk: Chunk, last: Clause, following: Chunk | None) -> bool:
    """True where a time without a wish leads the next wish: "…, setiap Senin, backup data"."""
    if following is None or not chunk.has_time() or chunk.has_target() or chunk.has_modifier():
        return False
    if not following.has_intent() or following.has_time() or is_conditional(following.items):
        return False
    return last.has_time() or (chunk.strong and not following.strong)
