"""Assembling: which time, target and limit belongs to which wish, whatever their order in the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.clauses.chunks import TARGETS, Chunk
from app.planner.clauses.clause import Clause, Reading
from app.planner.clauses.item import Item, any_of
from app.planner.clauses.parts import Part, parts_of
from app.planner.clauses.placing import Spot, place_of, watches_itself

_ADDRESSED: Final = TARGETS | {"site", "word", "beyond"}


@dataclass(slots=True)
class Assembler:
    """Goes through the chunks of a prompt once, with the clauses so far and what waits for the next one."""

    reading: Reading = field(default_factory=Reading)
    waiting: list[Item] = field(default_factory=list[Item])
    condition: list[Item] = field(default_factory=list[Item])
    """A condition that nothing can run on; the wish after it goes with it."""

    def assemble(self, chunks: Sequence[Chunk]) -> Reading:
        """Return the clauses of a prompt."""
        for chunk, following in zip(chunks, [*chunks[1:], None], strict=False):
            watched = any(clause.kind == "watch" for clause in self.reading.clauses)
            parts = parts_of(chunk, after_watch=watched)
            for part in parts:
                self._begin(part, chunk)
            if not parts:
                self._place(Spot(chunk, self._last, following))
        self._end()
        return self.reading

    @property
    def _last(self) -> Clause | None:
        return self.reading.clauses[-1] if self.reading.clauses else None

    def _begin(self, part: Part, chunk: Chunk) -> None:
        last = self._last
        self.reading.ignored.extend(part.denied)
        condition, self.condition = self.condition, []
        if condition and not chunk.strong:
            self.reading.conditions.append([*condition, *part.items])
            return
        if condition:
            self.reading.conditions.append(condition)
        if last is not None and not part.refused and not self.waiting and _adds_to(last, part):
            self._extend(last, chunk.sep, part.items)
            return
        goes_along = part.bare and not chunk.strong and not part.refused and not any_of(part.items, "time")
        if last is not None and goes_along:
            # "stop the backup and the report" ends both.
            part.negated, part.stopped = last.negated, last.stopped
        self._add(part.kind, part.items, negated=part.negated, stopped=part.stopped)

    def _place(self, spot: Spot) -> None:
        items, last = spot.chunk.items, spot.last
        match place_of(spot):
            case "stop":
                self._add("watch" if spot.chunk.has_target() else "", items, stopped=True)
            case "watch" | "backup" | "message" as kind:
                self._add(kind, items, implied=True)
            case "negate" | "turn" as word if last is not None:
                self.reading.clauses.append(Clause(last.kind, list(items), negated=word == "negate"))
            case "silence" if last is not None:
                last.quiet = True
            case "extend" if last is not None:
                self._extend(last, spot.chunk.sep, items)
            case word:
                self._keep(word, items)

    def _keep(self, word: str, items: list[Item]) -> None:
        """Keep a chunk that is no part of a clause yet, or never will be; the rest is dropped."""
        match word:
            case "wait":
                self.waiting.extend(items)
            case "condition":
                self.condition = items
            case "ignore":
                self.reading.ignored.extend(items)
            case "leave":
                self.reading.leftovers.append(items)
            case _:
                pass

    def _add(
        self,
        kind: str,
        items: Sequence[Item],
        *,
        negated: bool = False,
        stopped: bool = False,
        implied: bool = False,
    ) -> None:
        clause = Clause(kind, [*self.waiting, *items], negated=negated, stopped=stopped, implied=implied)
        self.reading.clauses.append(clause)
        self.waiting = []

    def _extend(self, clause: Clause, sep: Item | None, items: Sequence[Item]) -> None:
        if sep is not None and sep.kind == "sep":
            clause.items.append(sep)
        clause.items.extend(items)

    def _end(self) -> None:
        """Make a monitor of what waits for a wish that never came, where it can be one."""
        if self.condition:
            self.reading.conditions.append(self.condition)
        if not self.waiting:
            return
        chunk = Chunk(self.waiting)
        if self._last is not None:
            self._extend(self._last, None, self.waiting)
        elif watches_itself(chunk) and not chunk.has("beyond", "neg"):
            self._add("watch", [], implied=True)
        else:
            self.reading.leftovers.append(self.waiting)


def _adds_to(last: Clause, part: Part) -> bool:
    """True where a wish of the same kind only adds to the one before it: "check it every minute"."""
    if last.kind != part.kind or last.negated or last.stopped:
        return False
    timed_twice = any_of(part.items, "time") and last.has_time()
    match last.kind:
        case "watch":
            return not any_of(part.items, *_ADDRESSED) or not last.has("time", *_ADDRESSED)
        case "message":
            texted = any_of(part.items, "quote")
            return (
                not (texted and last.has("quote"))
                and not timed_twice
                and (texted or any_of(part.items, *TARGETS))
            )
        case _:
            return not timed_twice
