"""The gate: doubts a plan that does not follow its sentence, so that it becomes a question.

Structural checks look at the plan. Counterfactual ones plan the sentence again without a part of it: what
changes nothing was not read, and an exception without which a job fires less was turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from app.core.i18n import _
from app.planner.language.clauses.clause import Item
from app.planner.language.effects import VALUES, Effects, Reading, lexemes_within, meaning_of
from app.planner.language.gate_checks import CHECKS, question, unused
from app.planner.language.gate_regions import OperatorRegion, acts, regions_of, turned_words
from app.planner.language.pipeline import read_text
from app.planner.language.times.expressions import Days, Except, Now, Recurrence
from app.planner.language.times.fires import is_daily
from app.planner.messages import in_language
from app.planner.models import HOLDS, Draft, Note, NoteKind, PlannedJob, PlanRequest, PromptSpan

Read = Callable[[PlanRequest], Reading]

MOST_PROBES: Final = 12
_STOPS: Final = frozenset({".", ";", "!", "?"})
_SHORT_CHARS: Final = 300

_UNREAD_OPERATOR: Final = _('"{words}" changes nothing in this plan. What does it mean?')
_TURNED: Final = _('Is "{words}" left out, or is it the only time?')
_TOO_MANY: Final = _("The sentence turns and limits too much at once: plan it in several sentences.")
_READ_AS: Final = _('"{words}" corrects or limits the plan: check what became of it.')
_ONLY: Final = _("only {words}")
_EXCEPT: Final = _("except {words}")


def gated(request: PlanRequest, read: Read = read_text) -> Draft:
    """Return the draft of a prompt with a question if it does not follow a part of it."""
    reading = read(request)
    draft = reading.draft
    # The notes of a job go with it if a stored one takes its place.
    gone = {note for each in draft.requests for index in each.replaces for note in draft.jobs[index].notes}
    if not (draft.jobs or draft.requests) or any(
        note.kind in HOLDS for note in draft.notes if note not in gone
    ):
        return draft
    return PlanGate(request, reading, read).result()


def judged(request: PlanRequest, draft: Draft) -> Draft:
    """Return a draft that the rules did not make, with a question if it does not follow the sentence.

    Only what needs no probe is looked at, since a probe is a draft of the rules.
    """
    own = read_text(request)
    effects = Effects(request, own.lexemes)
    for job in draft.jobs:
        items = (item for item in own.items if _is_of(job, own, item))
        effects.plan(job.key, job.schedule, job.inputs, job.fields, items)
    return PlanGate(request, Reading(draft, effects, own.items), read_text, probes=MOST_PROBES).result()


def _is_of(job: PlannedJob, reading: Reading, item: Item) -> bool:
    spans = (PromptSpan(span.start, span.end) for span in job.spans)
    return any(lexemes_within(reading.lexemes[item.first : item.last], span) for span in spans)


@dataclass(slots=True)
class PlanGate:
    """Judges one reading. Each probe plans the sentence once more."""

    request: PlanRequest
    reading: Reading
    read: Read
    probes: int = 0
    _bases: dict[int, Draft] = field(default_factory=dict[int, Draft])
    _governed: list[PromptSpan] = field(default_factory=list[PromptSpan])

    def result(self) -> Draft:
        """Return the draft with the first doubt among its notes, and those of its only job."""
        draft = self.reading.draft
        structural = chain.from_iterable(check(self.reading) for check in CHECKS)
        found = next(chain(structural, self._operators(), self._values(), self._figures()), None)
        if found is None:
            turned = turned_words(self.reading)
            if turned is None:
                return draft
            span, changed = turned
            read_as = _READ_AS.fill(words=self.reading.words(span))
            note = Note(NoteKind.ASSUMPTION, read_as, span, field=changed).in_language(self._text)
            return replace(draft, notes=(*draft.notes, note))
        note = found.in_language(self._text)
        jobs = draft.jobs
        if len(jobs) == 1 and not draft.requests:
            jobs = (replace(jobs[0], notes=(*jobs[0].notes, note)),)
        return replace(draft, jobs=jobs, notes=(*draft.notes, note))

    def _text(self, text: str) -> str:
        return in_language(text, self.reading.draft.language)

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

    def _changes_nothing(self, span: PromptSpan, instead: str = " ") -> bool:
        drafts = self._probe(span, instead)
        return drafts is not None and meaning_of(drafts[0]) == meaning_of(drafts[1])

    def _operators(self) -> Iterator[Note]:
        """Yield a doubt of an operator that changes nothing, or is turned round."""
        regions = [*regions_of(self.reading)]
        if len(regions) > MOST_PROBES:
            yield Note(NoteKind.QUESTION, _TOO_MANY)
            return
        for region in regions:
            span = region.span
            self._governed.append(span)
            turned = bool(region.times) and acts(self.reading, region.times)
            drafts = None if turned else self._probe(span)
            if drafts is not None and meaning_of(drafts[0]) == meaning_of(drafts[1]):
                explained = region.is_noted or region.targets or self._is_tag(region)
                if not (explained or self._is_void(region)):
                    yield question(self.reading, _UNREAD_OPERATOR, span)
            elif turned or (drafts is not None and region.times and not self._is_narrower(*drafts)):
                words = self.reading.words(region.operand)
                choices = [self._text(each.fill(words=words)) for each in (_EXCEPT, _ONLY)]
                yield question(self.reading, _TURNED, region.operand, choices)

    def _is_tag(self, region: OperatorRegion) -> bool:
        """True for the "gak?" behind "bisa hapus bot_a gak?", which asks politely."""
        lex = self.reading.lexemes
        rest = [each for each in lex if each.end > region.span.start]
        ends = all(each.kind == "mark" or each.has("question_particle") for each in rest[1:])
        return bool(rest) and rest[0].has("tag") and ends and any(each.has("polite") for each in lex)

    def _is_void(self, region: OperatorRegion) -> bool:
        """True if what is denied is not done anyway: "jangan tiap menit, 15 menit sekali"."""
        fires = self.reading.fires.values()
        return bool(region.times) and all(
            each.hits(item.value) is False for each in fires for item in region.times
        )

    def _is_narrower(self, draft: Draft, without: Draft) -> bool:
        """True unless a job fires at an instant at which it does not without its exception."""
        for job, wider in zip(draft.jobs, without.jobs, strict=False):
            if job.type != wider.type or job.schedule == wider.schedule or _is_once(job, wider):
                continue
            fires = self.reading.fires.get(job.key)
            others = self.reading.fires_of(wider.schedule)
            if fires and others and not others.include(fires):
                return False
        return True

    def _values(self) -> Iterator[Note]:
        """Yield a doubt of a value without which the plan is the same."""
        for item in self.reading.unexplained():
            start = self.reading.effects.span(item).start
            if isinstance(item.value, Except) or any(a <= start < b for a, b in self._governed):
                continue
            if item.kind == "time" and (self._is_kept(item) or self._leads_days(item)):
                continue
            span = self.reading.effects.span(item)
            if self.probes < MOST_PROBES and (item.kind in VALUES or self._changes_nothing(span)):
                yield unused(self.reading, span)

    def _is_kept(self, item: Item) -> bool:
        """True if the jobs keep to a time, which another time or a default says as well."""
        draft = self.reading.draft
        started = bool(draft.requests) or any(job.schedule is None for job in draft.jobs)
        if started and isinstance(item.value, Now | Recurrence):
            return True
        return any(fires.keeps_to(item.value) for fires in self.reading.fires.values())

    def _leads_days(self, item: Item) -> bool:
        """True for the "tiap hari" of "tiap hari Senin"."""
        behind = next((each for each in self.reading.items if each.first == item.last), None)
        return is_daily(item.value) and behind is not None and isinstance(behind.value, Days)

    def _figures(self) -> Iterator[Note]:
        """Yield a doubt of a figure that may be another one, and the plan is the same."""
        for pos in self.reading.figures():
            figure = self.reading.lexemes[pos]
            span = PromptSpan(figure.start, figure.end)
            if self._changes_nothing(span, str(int(figure.text) + 1)):
                yield unused(self.reading, span)


def _is_once(*jobs: PlannedJob) -> bool:
    return any("at" in (job.schedule or {}) or "on_skip" in (job.schedule or {}) for job in jobs)
