"""Types shared by the job builders: the request's context and a job draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.i18n import Message
from app.planner.language.clauses.clause import Item
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.messages import Notes
from app.planner.models import PlanRequest


@dataclass(frozen=True, slots=True)
class BuildContext:
    """The request and its lexemes; `zone` is the zone in force, `now` is aware."""

    request: PlanRequest
    lex: Sequence[Lexeme]
    zone: str
    now: datetime

    def words(self, items: Sequence[Item]) -> str:
        """Return the words of items as typed; gaps between them become an ellipsis."""
        stretches: list[list[int]] = []
        for item in items:
            start, end = self.lex[item.first].start, self.lex[item.last - 1].end
            if stretches and self._touches(stretches[-1][1], start):
                stretches[-1][1] = max(end, stretches[-1][1])
            else:
                stretches.append([start, end])
        return " … ".join(self.request.prompt[start:end] for start, end in stretches)

    def _touches(self, end: int, start: int) -> bool:
        return start <= end or not self.request.prompt[end:start].strip()


@dataclass(slots=True)
class JobDraft(Notes):
    """A job draft: its spec, the items it rests on, and its notes."""

    type: str
    inputs: dict[str, Any]
    items: list[Item]
    doubts: int = 0
    schedule: dict[str, Any] | None = None
    slot: str = ""


@dataclass(slots=True)
class BuildResult:
    """The jobs of a clause, and warnings for the parts that became no job."""

    jobs: list[JobDraft] = field(default_factory=list[JobDraft])
    warnings: list[Message] = field(default_factory=list[Message])

    def take(self, other: BuildResult) -> None:
        """Add more jobs, and the warnings that are not there yet."""
        self.jobs.extend(other.jobs)
        self.warnings.extend(say for say in other.warnings if say not in self.warnings)
