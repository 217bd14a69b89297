"""The counterfactual gate: plans a sentence again without parts of it, and doubts what changes nothing.

An operator or a value that changes nothing was not read. An exception without which a job fires less was
turned round. Such a plan becomes a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from app.core.i18n import Message, _, render_message
from app.planner.language.clauses.clause import WITHDRAWN, Item
from app.planner.language.effects import EffectReader, lexemes_within, meaning_of
from app.planner.language.gate_regions import (
    DENIALS,
    EXCEPTIONS,
    MOST_BETWEEN,
    OperatorRegion,
    is_alike,
    is_alive,
    is_no_name,
    is_value,
    part_of,
    region_of,
    sides_of,
    targets_of,
    texts_of,
)
from app.planner.language.pipeline import Reading, read_text
from app.planner.language.times.expressions import ClockTimes, Dates, Days, Except, Now
from app.planner.language.times.fires import Fires, fires_of, is_daily
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.messages import UNUSED
from app.planner.models import HOLDS, Change, Draft, Note, NoteKind, PlannedJob, PlanRequest, PromptSpan

Read = Callable[[PlanRequest], Reading]

MOST_PROBES: Final = 12
_STOPS: Final = frozenset({".", ";", "!", "?"})
_SHORT_CHARS: Final = 300
_LISTED: Final = (ClockTimes, Dates, Days)
_STOPPED: Final = frozenset({Change.DISABLE, Change.DELETE, Change.PAUSE})

_UNREAD_OPERATOR: Final = _('"{words}" changes nothing in this plan. What does it mean?')
_TURNED: Final = _('Is "{words}" left out, or is it the only time?')
_DENIED: Final = _('"{words}" is denied, and yet the plan does it. What is meant?')
_BOTH: Final = _('Is "{new}" meant instead of "{old}", or are both?')
_WHICH: Final = _('Which one is meant: "{words}"?')
_TOO_MANY: Final = _("The sentence turns and limits too much at once: plan it in several sentences.")
_TWICE: Final = _("Two jobs of this plan are the same. What is each of them for?")
_NO_NAME: Final = _('Is "{words}" a name? Say "akun" or "ke" before a name, or leave it out.')
_ONLY: Final = _("only {words}")
_EXCEPT: Final = _("except {words}")


def gated(request: PlanRequest, read: Read = read_text) -> Draft:
    """Return the draft of a prompt with a question for each part that the plan does not follow."""
    reading = read(request)
    draft = reading.draft
    if not (draft.jobs or draft.requests):
        return draft
    if any(note.kind in HOLDS for note in draft.notes):
        return draft
    gate = PlanGate(request, reading, read)
    gate.judge()
    return gate.result()


def judged(request: PlanRequest, draft: Draft) -> Draft:
    """Return a draft that the rules did not make, with a question if it does not follow the sentence.

    Only what needs no probe is looked at, since a probe is a draft of the rules.
    """
    reading = read_text(request)
    of_jobs = [[item for item in reading.items if _is_of(job, reading.lexemes, item)] for job in draft.jobs]
    gate = PlanGate(request, replace(reading, draft=draft, of_jobs=of_jobs), read_text, probes=MOST_PROBES)
    gate.judge()
    return gate.result()


def _is_of(job: PlannedJob, lex: Lexemes, item: Item) -> bool:
    spans = (PromptSpan(span.start, span.end) for span in job.spans)
    return any(lexemes_within(lex[item.first : item.last], span) for span in spans)


@dataclass(slots=True)
class PlanGate:
    """Judges one reading. Each probe plans the sentence once more."""

    request: PlanRequest
    reading: Reading
    read: Read
    probes: int = 0
    found: list[tuple[Note, str | None]] = field(default_factory=list[tuple[Note, str | None]])
    """The doubts, each with the key of its job."""
    _bases: dict[int, Draft] = field(default_factory=dict[int, Draft])
    _of_jobs: dict[int, tuple[PlannedJob, Fires | None]] = field(
        default_factory=dict[int, tuple[PlannedJob, Fires | None]]
    )
    _governed: set[int] = field(default_factory=set[int])

    def judge(self) -> None:
        """Look for doubts, the cheapest first, until there is one."""
        effects = EffectReader(self.reading)
        checks = (
            self._equal_jobs,
            lambda: self._names(effects),
            lambda: self._repairs(effects),
            lambda: self._alternatives(effects),
            self._denied_changes,
            lambda: self._kept_names(effects),
            lambda: self._denied_targets(effects),
            lambda: self._withdrawn(effects),
            self._operators,
            lambda: self._values(effects),
            lambda: self._figures(effects),
        )
        for check in checks:
            check()
            if self.found:
                return

    def result(self) -> Draft:
        """Return the draft with the doubts among its notes, and those of its jobs."""
        draft = self.reading.draft
        if not self.found:
            return draft
        notes = [note.in_language(self._text) for note, _key in self.found]
        held = {key: note for note, (_note, key) in zip(notes, self.found, strict=True) if key}
        jobs = tuple(
            replace(job, notes=(*job.notes, held[job.key])) if job.key in held else job for job in draft.jobs
        )
        return replace(draft, jobs=jobs, notes=(*draft.notes, *notes))

    def _text(self, text: str) -> str:
        return render_message(text, self.reading.draft.language) if isinstance(text, Message) else text

    def _doubt(self, note: Note) -> None:
        jobs = self.reading.draft.jobs
        self.found.append((note, jobs[0].key if len(jobs) == 1 else None))

    def _ask(self, message: Message, span: PromptSpan, choices: Iterable[str] = ()) -> None:
        text = message.fill(words=self._words(span)) if "{words}" in message else message
        self._doubt(Note(NoteKind.QUESTION, text, span, choices=tuple(choices)))

    def _words(self, span: PromptSpan) -> str:
        return self.request.prompt[span.start : span.end].strip()

    def _span(self, first: int, last: int) -> PromptSpan:
        lex = self.reading.lexemes
        return PromptSpan(lex[first].start, lex[last - 1].end)

    def _probe(self, span: PromptSpan, instead: str = " ") -> tuple[Draft, Draft] | None:
        """Return the draft of a sentence, and its draft with other words; None if no probe is left.

        A long prompt is read sentence by sentence, so that the work stays linear.
        """
        if self.probes >= MOST_PROBES:
            return None
        self.probes += 1
        start, end = self._sentence(span)
        prompt = self.request.prompt
        rest = f"{prompt[start : span.start]}{instead}{prompt[span.end : end]}"
        return self._base(start, end), self.read(replace(self.request, prompt=rest)).draft

    def _base(self, start: int, end: int) -> Draft:
        prompt = self.request.prompt
        if end - start == len(prompt):
            return self.reading.draft
        if start not in self._bases:
            self._bases[start] = self.read(replace(self.request, prompt=prompt[start:end])).draft
        return self._bases[start]

    def _sentence(self, span: PromptSpan) -> tuple[int, int]:
        prompt = self.request.prompt
        if len(prompt) <= _SHORT_CHARS:
            return 0, len(prompt)
        ends = [each.end for each in self.reading.lexemes if each.kind == "line" or each.text in _STOPS]
        start = max((end for end in ends if end <= span.start), default=0)
        return start, min((end for end in ends if end >= span.end), default=len(prompt))

    # Structural checks.

    def _equal_jobs(self) -> None:
        seen: list[PlannedJob] = []
        for job in self.reading.draft.jobs:
            same = (job.type, job.schedule, job.inputs, dict(job.fields))
            twice = any(
                same == (other.type, other.schedule, other.inputs, dict(other.fields)) for other in seen
            )
            if twice and not job.chains and not job.is_named:
                self._ask(_TWICE, PromptSpan(0, len(self.request.prompt)))
                return
            seen.append(job)

    def _names(self, effects: EffectReader) -> None:
        """Doubt an account or a recipient that is a word with another meaning, or an amount."""
        places = (job.inputs.get("notify", job.inputs) for job in self.reading.draft.jobs)
        reached = {str(place.get("to", "")).lstrip("@") for place in places}
        for item in self.reading.items:
            name = item.name
            if name is None or name.place or not effects.holds(name.text.lstrip("@")):
                continue
            if is_no_name(self.reading.lexemes, item, is_recipient=name.text.lstrip("@") in reached):
                self._ask(_NO_NAME, effects.span(item))
                return

    def _repairs(self, effects: EffectReader) -> None:
        """Doubt a repair whose two sides are both in the plan."""
        lex = self.reading.lexemes
        if any(item.value == WITHDRAWN for item in self.reading.items):
            return
        for pos, item in enumerate(self.reading.items):
            if not lex.has(item.first, "repair"):
                continue
            sides = sides_of(self.reading.items, pos)
            if sides is None or not all(is_alive(side, effects) for side in sides):
                continue
            old, new = (self._words(effects.span(side)) for side in sides)
            span = PromptSpan(effects.span(sides[0]).start, effects.span(sides[1]).end)
            both = _BOTH.fill(old=old, new=new)
            self._doubt(Note(NoteKind.QUESTION, both, span, choices=(new, f"{old}, {new}")))
            return

    def _alternatives(self, effects: EffectReader) -> None:
        """Doubt a plan of both sides of an "atau": one of them is meant."""
        lex, items = self.reading.lexemes, self.reading.items
        for item in items:
            inside = range(item.first + 1, item.last - 1) if isinstance(item.value, _LISTED) else ()
            if any(lex.has(pos, "or_word") for pos in inside) and self._acts([item]):
                self._ask(_WHICH, effects.span(item))
                return
        for before, item, after in zip(items, items[1:], items[2:], strict=False):
            if not lex.has(item.first, "or_word") or not (is_value(before) and is_alike(before, after)):
                continue
            if all(self._is_alive(each, effects) for each in (before, after)):
                one, other = self._words(effects.span(before)), self._words(effects.span(after))
                span = PromptSpan(effects.span(before).start, effects.span(after).end)
                self._ask(_WHICH, span, (one, other, f"{one}, {other}"))
                return

    def _is_alive(self, item: Item, effects: EffectReader) -> bool:
        return self._acts([item]) if item.kind == "time" else is_alive(item, effects)

    def _denied_changes(self) -> None:
        """Doubt a request that does what the sentence denies: "jangan dihapus"."""
        lex = self.reading.lexemes
        changes = {request.change for request in self.reading.draft.requests}
        for pos in range(len(lex)):
            verb = lex.past(pos + 1, (), "filler", most=MOST_BETWEEN) if lex.has(pos, *DENIALS) else 0
            if verb and lex.has(verb, "stop"):
                denied = Change(lex.word(verb, "stop") or Change.DISABLE)
                if denied in changes or (denied is Change.PAUSE and Change.DISABLE in changes):
                    self._ask(_DENIED, self._span(pos, verb + 1))
                    return

    def _kept_names(self, effects: EffectReader) -> None:
        """Doubt a request that changes a job that the sentence keeps: "stop toko_a, toko_b tetap"."""
        if not any(each.change in _STOPPED for each in self.reading.draft.requests):
            return
        lex, items = self.reading.lexemes, self.reading.items
        for pos, item in enumerate(items):
            if not lex.has(item.first, "still"):
                continue
            start, end = part_of(items, lex, pos)
            kept = [each for each in items[start:end] if each.name is not None]
            if any(effects.holds(each.name.text) for each in kept if each.name is not None):
                self._ask(_DENIED, self._span(items[start].first, items[end - 1].last))
                return

    def _denied_targets(self, effects: EffectReader) -> None:
        """Doubt a plan that reaches what the sentence leaves out: "toko_b jangan", "jangan telegram"."""
        lex, items = self.reading.lexemes, self.reading.items
        for pos, item in enumerate(items):
            if item.kind == "time" or not lex.has(item.first, *DENIALS) or item.value == WITHDRAWN:
                continue
            targets = targets_of(items, lex, pos)
            if targets and all(is_alive(each, effects) for each in targets):
                self._ask(
                    _DENIED, self._span(min(item.first, targets[0].first), max(item.last, targets[-1].last))
                )
                return

    def _withdrawn(self, effects: EffectReader) -> None:
        """Doubt a plan that has a name or a channel that the sentence takes back."""
        lex, items = self.reading.lexemes, self.reading.items
        said = (item for item in items if item.value != WITHDRAWN and item.kind != "denied")
        live = {text for item in said for text in texts_of(lex, item)}
        for item in items:
            gone = texts_of(lex, item) if item.value == WITHDRAWN else ()
            if any(text not in live and effects.holds(text) for text in gone):
                self._ask(_DENIED, effects.span(item))
                return

    # Probes.

    def _operators(self) -> None:
        regions = [*self._regions()]
        if len(regions) > MOST_PROBES:
            self._doubt(Note(NoteKind.QUESTION, _TOO_MANY))
            return
        for region in regions:
            self._probe_operator(region)
            if self.found:
                return

    def _regions(self) -> Iterator[OperatorRegion]:
        """Yield the stretches that operators govern."""
        taken = -1
        for pos, item in enumerate(self.reading.items):
            if item.first < taken or not self._is_operator(item):
                continue
            region = region_of(self.reading, pos)
            if region is not None:
                taken = region.last
                yield region

    def _is_operator(self, item: Item) -> bool:
        if isinstance(item.value, Except):
            return True
        lex = self.reading.lexemes
        marks = range(item.first, item.last) if item.kind in {"time", "filler"} else (item.first,)
        if item.value == WITHDRAWN or item.kind in {"quote", "expect", "contains"}:
            return False
        return any(lex.has(mark, *DENIALS, *EXCEPTIONS) for mark in marks)

    def _probe_operator(self, region: OperatorRegion) -> None:
        span = self._span(region.first, region.last)
        self._governed.update(range(region.first, region.last))
        objects = region.operand or span
        turned = region.is_time and self._acts(region.times)
        if not turned:
            drafts = self._probe(span)
            if drafts is None:
                return
            if _are_same(drafts):
                if not (region.is_noted or region.targets or self._is_void(region)):
                    self._ask(_UNREAD_OPERATOR, span)
                return
            turned = region.is_time and not self._is_narrower(*drafts)
        if turned:
            choices = [self._text(each.fill(words=self._words(objects))) for each in (_EXCEPT, _ONLY)]
            self._ask(_TURNED, objects, choices)

    def _is_void(self, region: OperatorRegion) -> bool:
        """True if what is denied is not done anyway: "jangan tiap menit, 15 menit sekali"."""
        found = [self._fires(job) for job in self.reading.draft.jobs]
        return bool(region.times) and all(
            fires.hits(item.value) is False for fires in found if fires is not None for item in region.times
        )

    def _is_narrower(self, draft: Draft, without: Draft) -> bool:
        """True unless a job fires at an instant at which it does not without its exception."""
        for job, wider in zip(draft.jobs, without.jobs, strict=False):
            if job.type != wider.type or job.schedule == wider.schedule:
                continue
            fires, others = self._fires(job), self._fires(wider)
            if fires and others and not _is_once(job, wider) and not others.include(fires):
                return False
        return True

    def _fires(self, job: PlannedJob) -> Fires | None:
        if id(job) not in self._of_jobs:
            fires = fires_of(job.schedule, self.request.instant, self.request.deployment_timezone)
            # With the job, so that its id stays taken.
            self._of_jobs[id(job)] = job, fires
        return self._of_jobs[id(job)][1]

    def _acts(self, times: Iterable[Item]) -> bool:
        """True if a job fires at a denied time; of several jobs those whose words the time is among."""
        times = list(times)
        denied = [item.value for item in times]
        places, jobs = {item.first for item in times}, self.reading.draft.jobs
        pairs = zip(jobs, self.reading.of_jobs, strict=False)
        own = [job for job, items in pairs if not places.isdisjoint(item.first for item in items)]
        found = (self._fires(job) for job in own or jobs)
        return any(fires.hits(value) for fires in found if fires is not None for value in denied)

    def _is_kept(self, item: Item) -> bool:
        """True if the jobs keep to a time, which another time or a default says as well."""
        jobs = self.reading.draft.jobs
        if isinstance(item.value, Now):
            runs = any(request.change is Change.RUN for request in self.reading.draft.requests)
            return runs or any(job.schedule is None for job in jobs)
        found = [self._fires(job) for job in jobs]
        return any(fires.keeps_to(item.value) for fires in found if fires is not None)

    def _values(self, effects: EffectReader) -> None:
        """Doubt a value without which the plan is the same."""
        for item in effects.unexplained():
            span = effects.span(item)
            if isinstance(item.value, Except) or item.first in self._governed:
                continue
            if item.kind == "time" and (self._is_kept(item) or self._leads_days(item)):
                continue
            drafts = self._probe(span)
            if drafts is not None and _are_same(drafts):
                self._doubt(Note(NoteKind.UNREAD, UNUSED.fill(words=self._words(span)), span))
                return

    def _figures(self, effects: EffectReader) -> None:
        """Doubt a figure that may be another one, and the plan is the same."""
        for pos in effects.uncounted():
            span = self._span(pos, pos + 1)
            drafts = self._probe(span, str(int(self._words(span)) + 1))
            if drafts is not None and _are_same(drafts):
                self._doubt(Note(NoteKind.UNREAD, UNUSED.fill(words=self._words(span)), span))
                return

    def _leads_days(self, item: Item) -> bool:
        """True for the "tiap hari" of "tiap hari Senin"."""
        behind = next((each for each in self.reading.items if each.first == item.last), None)
        return is_daily(item.value) and behind is not None and isinstance(behind.value, Days)


def _are_same(drafts: tuple[Draft, Draft]) -> bool:
    draft, without = drafts
    return meaning_of(draft) == meaning_of(without)


def _is_once(*jobs: PlannedJob) -> bool:
    return any("at" in (job.schedule or {}) or "on_skip" in (job.schedule or {}) for job in jobs)
