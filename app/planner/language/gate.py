"""The gate: doubts a plan that does not follow its sentence, so that it becomes a question.

Structural checks look at the plan. Counterfactual ones plan the sentence again without a part of it: what
changes nothing was not read, and an exception without which a job fires less was turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from app.core.clock import to_ms
from app.core.i18n import _
from app.planner.language.clauses.clause import Item
from app.planner.language.effects import VALUES, Reading, meaning_of
from app.planner.language.gate_checks import CHECKS, DENIED, UNREAD_OPERATOR, question, unused
from app.planner.language.gate_regions import (
    STOPPED,
    acts,
    is_alive,
    regions_of,
    turned_words,
)
from app.planner.language.manage.until import end_of_pause
from app.planner.language.pipeline import read_text
from app.planner.language.times.expressions import Days, Except, Now, Recurrence
from app.planner.language.times.fires import is_daily
from app.planner.models import HOLDS, Draft, Note, NoteKind, PlanRequest, PromptSpan, TextSpan

Read = Callable[[PlanRequest], Reading]

MOST_PROBES: Final = 12
_STOPS: Final = frozenset({".", ";", "!", "?"})
_SHORT_CHARS: Final = 300

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
    reading = Reading(own.context, own.items, draft)
    for job in draft.jobs:
        held = (item for item in own.items if _touch(reading.span(item), job.spans))
        reading.plan(job.key, job.inputs, held)
    return PlanGate(request, reading, read_text, probes=MOST_PROBES).result()


def _touch(span: PromptSpan, others: Iterable[TextSpan]) -> bool:
    return any(span.start < each.end and each.start < span.end for each in others)


@dataclass(slots=True)
class PlanGate:
    """Judges one reading. Each probe plans the sentence once more."""

    request: PlanRequest
    reading: Reading
    read: Read
    probes: int = 0
    _drafts: dict[str, Draft] = field(default_factory=dict[str, Draft])
    _governed: list[PromptSpan] = field(default_factory=list[PromptSpan])

    def result(self) -> Draft:
        """Return the draft with the first doubt among its notes, and those of its only job."""
        draft = self.reading.draft
        structural = chain.from_iterable(check(self.reading) for check in CHECKS)
        found = next(chain(structural, self._operators(), self._values()), None)
        if found is None:
            turned = turned_words(self.reading)
            if turned is None:
                return draft
            span, changed = turned
            read_as = _READ_AS.fill(words=self.reading.words(span))
            note = Note(NoteKind.ASSUMPTION, read_as, span, field=changed)
            return replace(draft, notes=(*draft.notes, note.in_language(draft.language)))
        note = found.in_language(draft.language)
        jobs = draft.jobs
        if len(jobs) == 1 and not draft.requests:
            jobs = (replace(jobs[0], notes=(*jobs[0].notes, note)),)
        return replace(draft, jobs=jobs, notes=(*draft.notes, note))

    def _probe(self, span: PromptSpan, instead: str = " ") -> tuple[Draft, Draft] | None:
        """Return the draft of a sentence, and its draft with other words; None if no probe is left.

        A long prompt is read sentence by sentence, so that the work stays linear.
        """
        if self.probes >= MOST_PROBES:
            return None
        self.probes += 1
        prompt, start, end = self.request.prompt, 0, len(self.request.prompt)
        if end > _SHORT_CHARS:
            ends = [each.end for each in self.reading.lex if each.kind == "line" or each.text in _STOPS]
            start = max((each for each in ends if each <= span.start), default=0)
            end = min((each for each in ends if each >= span.end), default=end)
        other = f"{prompt[start : span.start]}{instead}{prompt[span.end : end]}"
        return self._draft_of(prompt[start:end]), self._draft_of(other)

    def _changes_nothing(self, span: PromptSpan, instead: str = " ") -> bool:
        drafts = self._probe(span, instead)
        return drafts is not None and meaning_of(drafts[0]) == meaning_of(drafts[1])

    def _draft_of(self, prompt: str) -> Draft:
        if prompt == self.request.prompt:
            return self.reading.draft
        if prompt not in self._drafts:
            self._drafts[prompt] = self.read(replace(self.request, prompt=prompt)).draft
        return self._drafts[prompt]

    def _operators(self) -> Iterator[Note]:
        """Yield a doubt of an operator that changes nothing, or is turned round."""
        regions = [*regions_of(self.reading)]
        if len(regions) > MOST_PROBES:
            yield Note(NoteKind.QUESTION, _TOO_MANY)
            return
        for region in regions:
            span = region.span
            self._governed.append(span)
            alive = bool(region.targets) and all(is_alive(self.reading, each) for each in region.targets)
            if alive and not self._stops(span):
                yield question(self.reading, DENIED, span)
            turned = bool(region.times) and acts(self.reading, region.times)
            drafts = None if turned else self._probe(span)
            if turned or (drafts and region.times and not self._is_narrower(*drafts)):
                words = self.reading.words(region.operand)
                choices = [each.fill(words=words) for each in (_EXCEPT, _ONLY)]
                yield question(self.reading, _TURNED, region.operand, choices)
            explained = region.is_noted or region.targets or self._is_void(region.times)
            if drafts and not explained and meaning_of(drafts[0]) == meaning_of(drafts[1]):
                yield question(self.reading, UNREAD_OPERATOR, span)

    def _stops(self, span: PromptSpan) -> bool:
        """True for the "jangan" of "jangan kirim wa lagi", the only verb of a request that stops."""
        own = [each.span for each in self.reading.draft.requests if each.span and each.change in STOPPED]
        own = [each for each in own if each.start <= span.start < each.end]
        verbs = (each for each in self.reading.lex if each.has("stop"))
        return bool(own) and not any(own[0].start <= each.start < own[0].end for each in verbs)

    def _is_void(self, times: Sequence[Item]) -> bool:
        """True if what is denied is not done anyway: "jangan tiap menit, 15 menit sekali"."""
        fires = self.reading.fires.values()
        return bool(times) and all(each.hits(item.value) is False for each in fires for item in times)

    def _is_narrower(self, draft: Draft, without: Draft) -> bool:
        """True unless a job fires at an instant at which it does not without its exception."""
        for job, wider in zip(draft.jobs, without.jobs, strict=False):
            other = job.type != wider.type or job.schedule == wider.schedule
            if other or any({"at", "on_skip"} & (each.schedule or {}).keys() for each in (job, wider)):
                continue
            fires, others = self.reading.fires_of(job.schedule), self.reading.fires_of(wider.schedule)
            if fires and others and not others.include(fires):
                return False
        return True

    def _values(self) -> Iterator[Note]:
        """Yield a doubt of a value or a figure that changes nothing."""
        for item in self.reading.unexplained():
            start = self.reading.span(item).start
            if isinstance(item.value, Except) or any(a <= start < b for a, b in self._governed):
                continue
            if item.kind == "time" and (self._is_kept(item) or self._leads_days(item)):
                continue
            span = self.reading.span(item)
            if self.probes < MOST_PROBES and (item.kind in VALUES or self._changes_nothing(span)):
                yield unused(self.reading, span)
        for pos in self.reading.figures():
            figure = self.reading.lex[pos]
            span = PromptSpan(figure.start, figure.end)
            if self._changes_nothing(span, str(int(figure.text) + 1)):
                yield unused(self.reading, span)

    def _is_kept(self, item: Item) -> bool:
        """True if the jobs keep to a time, which another time or a default says as well."""
        draft = self.reading.draft
        end = end_of_pause([item], self.reading.context)[0]
        if end is not None and any(each.until_ms == to_ms(end) for each in draft.requests):
            return True
        started = bool(draft.requests) or any(job.schedule is None for job in draft.jobs)
        if started and isinstance(item.value, Now | Recurrence):
            return True
        return any(fires.keeps_to(item.value) for fires in self.reading.fires.values())

    def _leads_days(self, item: Item) -> bool:
        """True for the "tiap hari" of "tiap hari Senin"."""
        behind = next((each for each in self.reading.items if each.first == item.last), None)
        return is_daily(item.value) and behind is not None and isinstance(behind.value, Days)
