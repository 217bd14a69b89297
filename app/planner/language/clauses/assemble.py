"""Assembles clauses: assigns times, targets and limits to wishes, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.language.clauses.attachment import ChunkContext, attach, is_implied_monitor, share_times
from app.planner.language.clauses.chaining import ChainReader
from app.planner.language.clauses.clause import TARGETS, Chunk, Clause, Item, ParsedClauses, Retry, any_of
from app.planner.language.clauses.intents import hangs_on_event, parts_of

_MOST_LEADS: Final = 4
_ADDRESSED: Final = TARGETS | {"site", "word", "beyond"}


@dataclass(slots=True)
class ClauseAssembler:
    """Reads the chunks of a prompt once, with the clauses so far and the items pending for the next one."""

    reading: ParsedClauses = field(default_factory=ParsedClauses)
    waiting: list[Item] = field(default_factory=list[Item])
    condition: list[Item] = field(default_factory=list[Item])
    """A condition on which no job can run; the wish after it is dropped with it."""
    chains: ChainReader = field(init=False)

    def __post_init__(self) -> None:
        self.chains = ChainReader(self.reading)

    def assemble(self, chunks: Sequence[Chunk]) -> ParsedClauses:
        """Return the clauses of a prompt."""
        for pos, chunk in enumerate(chunks):
            watched = any(clause.kind == "watch" for clause in self.reading.clauses)
            parts = parts_of(chunk, after_watch=watched)
            if chunk.has("after"):
                self.chains.trigger(chunk, parts, _following(chunks, pos), self.waiting)
                self.waiting = []
                continue
            self.chains.enter(chunk)
            for part in parts:
                self._begin(part, chunk)
            if not parts:
                self._place(ChunkContext(chunk, self._last, _following(chunks, pos)))
        self._end()
        self.chains.leave()
        share_times(self.reading.clauses)
        return self.reading

    @property
    def _last(self) -> Clause | None:
        return self.reading.clauses[-1] if self.reading.clauses else None

    def _begin(self, part: Clause, chunk: Chunk) -> None:
        last = self._last
        condition, self.condition = self.condition, []
        if condition and not chunk.strong:
            self.reading.conditions.append([*condition, *part.items])
            return
        if condition:
            self.reading.conditions.append(condition)
        if last is not None and not chunk.strong and _is_outage(last) and part.kind in {"report", "backup"}:
            self.reading.conditions.append([*self.reading.clauses.pop().items, *part.items])
            return
        if not part.refused and hangs_on_event(part.kind, part.items):
            self.reading.conditions.append([*self.waiting, *part.items])
            self.waiting = []
            return
        apart = part.refused or self.waiting or self.chains.is_open
        if last is not None and not apart and _adds_to(last, part):
            self._extend(last, chunk.sep, part.items)
            return
        goes_along = part.bare and not chunk.strong and not part.refused and not any_of(part.items, "time")
        if last is not None and goes_along:
            # "stop the backup and the report" ends both.
            part.negated, part.stopped = last.negated, last.stopped
        part.joined = part.items[0] is chunk.items[0] and chunk.joined
        self._add(part)

    def _word(self, context: ChunkContext) -> str:
        """Return what to do with a chunk; the text of "wa 0811, jam 5, isinya: halo" makes the message."""
        ends_message = context.last is None and context.chunk.has("quote")
        return "message" if ends_message and any_of(self.waiting, "channel", "name") else attach(context)

    def _place(self, context: ChunkContext) -> None:
        items = context.chunk.items
        last = self._named(items) or context.last
        if self.waiting and context.chunk.only_times() and context.following is not None:
            self.waiting.extend(items)
            return
        match self._word(context):
            case "stop":
                self._add(Clause("watch" if context.chunk.has_target() else "", items, stopped=True))
            case "watch" | "backup" | "message" | "" as kind:
                if kind == "message" and last is not None and last.kind == "message":
                    _share_place(last, items)
                self._add(Clause(kind, items, implied=True))
            case "extend" if last is not None:
                self._extend(last, context.chunk.sep, items)
            case word:
                self._keep(word, items)

    def _named(self, items: Sequence[Item]) -> Clause | None:
        """Return the clause of "kalau backup gagal ulangi", whose retry names its kind."""
        kinds = {item.value.kind for item in items if isinstance(item.value, Retry)}
        return next((clause for clause in reversed(self.reading.clauses) if clause.kind in kinds), None)

    def _keep(self, word: str, items: list[Item]) -> None:
        """Store a chunk that is not part of a clause yet, or never will be; other chunks are dropped."""
        match word:
            case "wait":
                self.waiting.extend(items)
            case "condition":
                self.condition = items
            case "leave":
                self.reading.leftovers.append(items)
            case _:
                pass

    def _add(self, clause: Clause) -> None:
        clause.items = [*self.waiting, *clause.items]
        self.reading.clauses.append(clause)
        self.waiting = []
        self.chains.follow(clause)

    def _extend(self, clause: Clause, sep: Item | None, items: Sequence[Item]) -> None:
        if sep is not None and sep.kind == "sep":
            clause.items.append(sep)
        clause.items.extend(items)

    def _end(self) -> None:
        """Turn the pending items at the end of the prompt into a monitor, if they can be one."""
        if self.condition:
            self.reading.conditions.append(self.condition)
        if not self.waiting:
            return
        chunk = Chunk(self.waiting)
        retried = next((item.value.kind for item in self.waiting if isinstance(item.value, Retry)), "")
        if retried:
            self._add(Clause(retried, implied=True))
        elif self._last is not None:
            self._extend(self._last, None, self.waiting)
        elif is_implied_monitor(chunk) and not chunk.has("beyond", "neg"):
            self._add(Clause("watch", implied=True))
        else:
            self.reading.leftovers.append(self.waiting)


def _share_place(last: Clause, items: Sequence[Item]) -> None:
    """Copy place and time to the earlier text: the "A" of "send "A" and "B" to slack at 9"."""
    if not last.has("time", *TARGETS):
        last.items.extend(item for item in items if item.kind != "quote")


def _following(chunks: Sequence[Chunk], pos: int) -> Chunk | None:
    """Return the chunk after one; skips chunks of times alone if a new sentence starts with them."""
    if pos + 1 >= len(chunks):
        return None
    if chunks[pos].strong:
        for later in chunks[pos + 1 : pos + _MOST_LEADS]:
            if later.strong or not later.only_times():
                return later
    return chunks[pos + 1]


def _is_outage(clause: Clause) -> bool:
    """True for "kalau monitor toko down", which no address or account completes to a monitor."""
    return clause.kind == "watch" and clause.items[0].kind == "cond" and not clause.has(*TARGETS)


def _adds_to(last: Clause, part: Clause) -> bool:
    """True if a wish of the same kind only adds to the one before: "check it every minute"."""
    if last.kind != part.kind or last.refused:
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
