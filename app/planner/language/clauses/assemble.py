"""Assembles clauses: assigns times, targets and limits to wishes, and links jobs that start each other.

A job follows another in "habis backup jam 3 kirim …", "report, then a backup" and "kalau gagal kabari …".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.language.clauses.attachment import ChunkContext, attach, is_implied_monitor, share_times
from app.planner.language.clauses.clause import (
    RECORDS,
    TARGETS,
    Chunk,
    Clause,
    Item,
    Operator,
    ParsedClauses,
    Retry,
    any_of,
)
from app.planner.language.clauses.intents import hangs_on_event, parts_of
from app.planner.language.times.expressions import Now, Recurrence

_MOST_LEADS: Final = 4
_ADDRESSED: Final = TARGETS | {"site", "word", "beyond"}
_ASKS: Final = ("message", "send", "notify", "report", "backup", "watch", "quote")
_Link = tuple[Clause, str]
"""A wish that another one follows, and the field of its job that names it."""


@dataclass(slots=True)
class ClauseAssembler:
    """Reads the chunks of a prompt once, with the clauses so far and the items pending for the next one."""

    reading: ParsedClauses = field(default_factory=ParsedClauses)
    waiting: list[Item] = field(default_factory=list[Item])
    condition: list[Item] = field(default_factory=list[Item])
    """A condition on which no job can run; the wish after it is dropped with it."""
    link: _Link | None = None
    """What the next wish follows; `link_items` are the words that say so."""
    joined: _Link | None = None
    """The link of the wish before, which a plain "dan" shares."""
    link_items: Sequence[Item] = ()

    def assemble(self, chunks: Sequence[Chunk]) -> ParsedClauses:
        """Return the clauses of a prompt."""
        for pos, chunk in enumerate(chunks):
            watched = any(clause.kind == "watch" for clause in self.reading.clauses)
            parts = parts_of(chunk, after_watch=watched)
            following = _following(chunks, pos)
            if chunk.has("after"):
                self._trigger(chunk, parts, following)
                continue
            self._enter(chunk)
            for part in parts:
                self._begin(part, chunk)
            if not parts:
                self._place(ChunkContext(chunk, self._last, following))
        self._end()
        self._unlink()
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
        outage = last is not None and last.kind == "watch" and last.items[0].kind == "cond"
        # "kalau monitor toko down", which no address or account completes to a monitor
        if last and outage and not (chunk.strong or last.has(*TARGETS)) and part.kind in RECORDS:
            self.reading.conditions.append([*self.reading.clauses.pop().items, *part.items])
            return
        if not part.operator and hangs_on_event(part.kind, part.items):
            self.reading.conditions.append([*self.waiting, *part.items])
            self.waiting = []
            return
        apart = part.operator or self.waiting or self.link
        if last is not None and not apart and _adds_to(last, part):
            self._extend(last, chunk.sep, part.items)
            return
        goes_along = part.bare and not chunk.strong and not part.operator and not part.has("time")
        if last is not None and goes_along:
            # "stop the backup and the report" ends both.
            part.operator = last.operator
        part.joined = part.items[0] is chunk.items[0] and chunk.joined
        self._add(part)

    def _place(self, context: ChunkContext) -> None:
        chunk, items = context.chunk, context.chunk.items
        # "kalau backup gagal ulangi": the retry names the kind of the job.
        kinds = {item.value.kind for item in items if isinstance(item.value, Retry)}
        named = (clause for clause in reversed(self.reading.clauses) if clause.kind in kinds)
        last = next(named, context.last)
        if self.waiting and chunk.only_times() and context.following is not None:
            self.waiting.extend(items)
            return
        # "wa 0811, jam 5, isinya: halo" ends in the text of a message.
        ends_message = context.last is None and chunk.has("quote") and any_of(self.waiting, "channel", "name")
        match "message" if ends_message else attach(context):
            case "stop":
                self._add(Clause("watch" if chunk.has(*TARGETS) else "", items, Operator.WITHDRAW))
            case "manage":
                self._add(Clause("watch" if is_implied_monitor(chunk) else "", items, implied=True))
            case "watch" | "backup" | "message" as kind:
                alone = last is not None and not last.has("time", *TARGETS)
                if last and alone and last.kind == kind == "message":
                    # The earlier text has the place and time as well: "send "A" and "B" to slack at 9".
                    last.items.extend(item for item in items if item.kind != "quote")
                self._add(Clause(kind, items, implied=True))
            case "extend" if last is not None:
                self._extend(last, chunk.sep, items)
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
        link = self.link or (self.joined if clause.joined else None)
        self.link, self.link_items = None, ()
        if link is not None and clause is not link[0] and not clause.operator:
            self._follow(clause, link)
            self.joined = link

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

    # Chains: the wish that the next one follows.

    def _enter(self, chunk: Chunk) -> None:
        """Begin a chunk: "then" opens a link, and a new sentence closes one that nothing has followed."""
        last = self._last
        if chunk.sep is not None and chunk.sep.has("then"):
            runs = last is not None and last.kind in RECORDS and not last.operator
            if (
                last is not None
                and runs
                and chunk.has(*_ASKS)
                and not (chunk.has_time() or chunk.has("watch"))
            ):
                self.link = last, "on_success"
            return
        if chunk.strong:
            self._unlink()
        if chunk.strong or not chunk.joined:
            self.joined = None

    def _unlink(self) -> None:
        """Close a link that nothing has followed."""
        if self.link is not None and self.link_items:
            self.reading.leftovers.append([*self.link_items])
        self.link, self.link_items = None, ()

    def _trigger(self, chunk: Chunk, parts: Sequence[Clause], following: Chunk | None) -> None:
        """Read the chunk of "setelah laporan jam 6" or "kalau gagal"; it follows or leads its wish."""
        outcome = next(item.text for item in chunk.items if item.kind == "after")
        last = self._last
        first = self._named(parts[0]) if parts else self._run_before(outcome)
        self.waiting = []
        if first is None:
            self.reading.leftovers.append(chunk.items)
            return
        leads_on = following is not None and not following.strong and following.has(*_ASKS)
        led = chunk.sep is not None and chunk.sep.has("chain")
        if last is not None and last is not first and not chunk.strong and (led or not leads_on):
            self._follow(last, (first, outcome))
        else:
            self._unlink()
            self.link, self.link_items = (
                (first, outcome),
                [each for each in chunk.items if each.kind != "sep"],
            )

    def _follow(self, clause: Clause, link: _Link) -> None:
        times = (item for item in clause.items if item.kind == "time" and not isinstance(item.value, Now))
        # The "mingguan" of "laporan mingguan" is no time of its own.
        if any(not isinstance(item.value, Recurrence) or item.last > item.first + 1 for item in times):
            self.reading.clashes.append([item for item in clause.items if item.kind != "sep"])
        else:
            clause.after, clause.outcome = link

    def _named(self, part: Clause) -> Clause:
        """Return the wish that a trigger names: an earlier one of its kind, if it has no time of its own."""
        part.items = [*self.waiting, *part.items]
        part.is_named = not part.has("time")
        for known in reversed(self.reading.clauses if part.is_named else []):
            if known.kind == part.kind and not known.operator:
                known.items.extend(part.items)
                return known
        self.reading.clauses.append(part)
        return part

    def _run_before(self, outcome: str) -> Clause | None:
        """Return the wish whose outcome is meant: of "if that works …, if it fails …" the one before both."""
        runs = (each for each in reversed(self.reading.clauses) if each.kind in RECORDS and not each.operator)
        run = next(runs, None)
        return run.after if run and run.after and run.outcome != outcome else run


def _following(chunks: Sequence[Chunk], pos: int) -> Chunk | None:
    """Return the chunk after one; skips chunks of times alone if a new sentence starts with them."""
    later = chunks[pos + 1 : pos + _MOST_LEADS]
    leads = (each for each in later if each.strong or not each.only_times())
    return next(leads if chunks[pos].strong else iter(later), later[0] if later else None)


def _adds_to(last: Clause, part: Clause) -> bool:
    """True if a wish of the same kind only adds to the one before: "check it every minute"."""
    if last.kind != part.kind or last.operator:
        return False
    if last.kind == "watch":
        if part.has("contains", "expect") and last.has("url") and not part.has("time", *TARGETS):
            return True  # "pastikan halamannya mengandung …"
        return not part.has(*_ADDRESSED) or not last.has("time", *_ADDRESSED)
    if part.has("time") and last.has("time"):
        return False
    texted = part.has("quote")
    return last.kind != "message" or (not last.has("quote") if texted else part.has(*TARGETS))
