"""What can be paused, and a pause as it is read back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    """How much a pause holds."""

    ALL = "all"
    TYPE = "type"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, the jobs of one type, or one job; `name` is the type or the job's id, empty for all."""

    kind: ScopeKind
    name: str = ""

    @property
    def text(self) -> str:
        """Return what scripts and keys call it: `all`, `type:<type>`, `job:<id>`."""
        return f"{self.kind}:{self.name}" if self.name else self.kind.value

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Return the scope of such a text."""
        kind, _, name = text.partition(":")
        return cls(ScopeKind(kind), name)


EVERYTHING = Scope(ScopeKind.ALL)


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """A pause: since when (epoch ms), by whom, why, and how many runs it holds."""

    scope: Scope
    since_ms: int
    actor: str
    reason: str
    held: int
    is_new: bool = False
    """True in the answer to the call that made it."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The pause that a resume ended, None where there was none, and how many runs it gave back."""

    scope: Scope
    ended: PauseRecord | None
    released: int
