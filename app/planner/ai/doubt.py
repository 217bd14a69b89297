"""The clause of a prompt that is in doubt, and the readings between which a model may choose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.planner.ai.wording import overlap
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import HOLDS, Note, NoteKind, PromptSpan

if TYPE_CHECKING:
    from app.planner.models import Draft, PlannedJob

MAX_CLAUSE_CHARS: Final = 600
_TURNS: Final = frozenset({"neg", "except", "but", "filler", "sep"})
"""Words by which readings of the same words differ."""
_BREAK: Final = re.compile(r"[.!?;]+\s+|\n+")


def is_in_doubt(draft: Draft) -> bool:
    """True if a model may help: there is a question, a conflict, words that no rule used, or no job.

    An assumption is no doubt. Requests about stored jobs and refusals are the rules' alone.
    """
    if draft.requests:
        return False
    return bool(draft.doubts & HOLDS) or (not draft.jobs and NoteKind.REFUSAL not in draft.doubts)


@dataclass(frozen=True)
class Doubt:
    """What the rules are unsure of in a draft."""

    draft: Draft

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Return the notes that say it."""
        return tuple(note for note in self.draft.notes if note.kind in HOLDS)

    @cached_property
    def question(self) -> Note | None:
        """Return the question whose choices are the readings.

        Choices that say more than the prompt are offers, names or values: a person must choose.
        """
        said = {token.text for token in tokenize(self.draft.prompt)}
        words = (
            (note, [each for choice in note.choices for each in lexemes_of(choice, tokenize(choice))])
            for note in self.notes
            if len(note.choices) > 1
        )
        fits = (
            note
            for note, each_word in words
            if all(word.has_any(_TURNS) or {*word.text.split()} <= said for word in each_word)
        )
        return next(fits, None)

    @cached_property
    def span(self) -> PromptSpan:
        """Return the clause: the sentences of the prompt that hold the doubt, 600 characters at most."""
        prompt = self.draft.prompt
        whole = PromptSpan(0, len(prompt))
        places = [place for note in self.notes if (place := self._place(note)) is not None]
        if len(places) < len(self.notes) or not self.draft.jobs:
            places = [whole]
        start, end = min(each.start for each in places), max(each.end for each in places)
        texts = self.draft.explain
        breaks = [match.end() for match in _BREAK.finditer(prompt)]
        breaks = [at for at in breaks if not any(each.start < at <= each.end for each in texts)]
        first = max((at for at in breaks if at <= start), default=0)
        last = min((at for at in breaks if at >= end), default=whole.end)
        if last - first > MAX_CLAUSE_CHARS:
            start, end = places[0]
            first = max(first, min(start, (start + end - MAX_CLAUSE_CHARS) // 2))
            last = min(last, first + MAX_CLAUSE_CHARS)
        return PromptSpan(first, last)

    @property
    def clause(self) -> str:
        """Return the words of the clause."""
        return self.draft.prompt[self.span.start : self.span.end].strip()

    def is_about(self, job: PlannedJob) -> bool:
        """True if a note of doubt is a job's, is about words of the job, or about the whole prompt."""
        if any(note.kind in HOLDS for note in job.notes):
            return True
        others = {note for each in self.draft.jobs for note in each.notes}
        general = (note for note in self.notes if note not in others)
        return any(note.span is None or is_within(job, note.span) for note in general)

    def _place(self, note: Note) -> PromptSpan | None:
        jobs = (job for job in self.draft.jobs if note in job.notes and job.spans)
        return note.span or next(map(_hull, jobs), None)


def is_within(job: PlannedJob, place: PromptSpan) -> bool:
    """True if a job has words in a stretch of the prompt, or no words."""
    return not job.spans or overlap(_hull(job), place)


def _hull(job: PlannedJob) -> PromptSpan:
    return PromptSpan(min(each.start for each in job.spans), max(each.end for each in job.spans))
