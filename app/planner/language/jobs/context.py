"""Types shared by the job builders: the request's context and a job draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.i18n import Language, Message
from app.planner.language.clauses.clause import Item
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.messages import Notes
from app.planner.models import Note, NoteKind, PlanRequest, PromptSpan


@dataclass(frozen=True, slots=True)
class BuildContext:
    """The request and its lexemes; `zone` is the zone in force, `now` is aware."""

    request: PlanRequest
    lex: Lexemes
    zone: str
    now: datetime
    language: Language = "id"
    """The language of the prompt."""
    is_started: bool = False
    """True for a wish whose job another job starts, or that names a stored job: it has no schedule."""

    def span(self, items: Collection[Item]) -> PromptSpan | None:
        """Return the stretch of the prompt from the first of the items to the last."""
        if not items:
            return None
        first = min(self.lex[each.first].start for each in items)
        return PromptSpan(first, max(self.lex[each.last - 1].end for each in items))

    def after(self, items: Collection[Item]) -> PromptSpan | None:
        """Return the place after items, at which an answer may be put in."""
        span = self.span(items)
        return span and PromptSpan(span.end, span.end)

    def words(self, items: Sequence[Item]) -> str:
        """Return the words of items as typed; gaps between them become an ellipsis."""
        text, last, prompt = "", 0, self.request.prompt
        for item in items:
            start, end = self.lex[item.first].start, self.lex[item.last - 1].end
            apart = text and prompt[last:start].strip()
            text += f" … {prompt[start:end]}" if apart else prompt[last if text else start : end]
            last = max(last, end)
        return text


@dataclass(slots=True, eq=False)
class JobDraft(Notes):
    """A job draft: its spec, the items it rests on, and its notes."""

    type: str
    inputs: dict[str, Any]
    items: list[Item]
    schedule: dict[str, Any] | None = None
    slot: str = ""
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    is_named: bool = False
    """True if it only names a job that another one follows."""
    job_id: str | None = None
    """The id that names a stored job."""
    starts: list[tuple[str, JobDraft]] = field(default_factory=list["tuple[str, JobDraft]"])
    """The jobs that it starts, each with the field that names it."""
    keeps_schedule: bool = False
    """True if no words say when it runs: a stored job keeps its schedule."""
    keeps_times: bool = False
    """True if no words say at what time: a stored job of the same cadence keeps its schedule."""


@dataclass(slots=True)
class BuildResult(Notes):
    """The jobs of a clause, and notes on the parts that became no job."""

    jobs: list[JobDraft] = field(default_factory=list[JobDraft])

    def take(self, other: BuildResult) -> None:
        """Add more jobs and notes."""
        self.jobs.extend(other.jobs)
        self.take_notes(other.notes)


def refused(message: Message, span: PromptSpan | None = None) -> BuildResult:
    """Return a clause that became no job, with the reason."""
    return BuildResult(notes=[Note(NoteKind.REFUSAL, message, span)])


def asked(
    message: Message, span: PromptSpan | None = None, *, choices: tuple[str, ...] = (), lead: str = ""
) -> BuildResult:
    """Return a clause that becomes a job once a question is answered, in the place of `span`."""
    return BuildResult(notes=[Note(NoteKind.QUESTION, message, span, choices=choices, lead=lead)])
