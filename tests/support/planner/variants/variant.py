"""A variant of a sentence, and the plans that are right for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.support.planner.variants.facts import active_hours

if TYPE_CHECKING:
    from tests.support.planner.variants.facts import Excluded, JobFacts, PlanFacts


class Verdict(StrEnum):
    """The plan of a variant against the plan that is right for it."""

    RIGHT = "right"
    DOUBTED = "doubted"
    """Nothing wrong is done without a question; for a variant that keeps the plan it is a fault."""
    TOLD = "told"
    """Something wrong is done, and only a refusal that holds nothing back tells of it."""
    UNCHANGED = "unchanged"
    """The variant changes the meaning, and the plan is the same, without a doubt."""
    OTHER = "other"
    """Another plan than the right one, without a doubt."""
    OPPOSITE = "opposite"
    """A job, a time or a target that the sentence denies is done without a doubt."""


class Rule:
    """Judges the plan of a variant. `keeps` is True if the plan must stay the same."""

    keeps = False

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        """Return the verdict on a plan, given the plan of the sentence without the change."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed sentence: its kind, the word or mark that was put in, and the rule for its plan."""

    case_id: str
    kind: str
    word: str
    prompt: str
    rule: Rule


Row = tuple[str, str, str, Rule]
"""The kind, the word, the sentence and the rule of a variant."""


class Same(Rule):
    """The plan stays the same."""

    keeps = True

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        if found.is_same_as(base):
            return Verdict.RIGHT
        return Verdict.DOUBTED if found.doubts else Verdict.OTHER


def _in_doubt(found: PlanFacts, done: tuple[JobFacts, ...], silent: Verdict) -> Verdict:
    """Return the verdict on wrong jobs: how they are done decides."""
    if all(job in found.held for job in done):
        return Verdict.DOUBTED
    return Verdict.TOLD if found.doubts else silent


@dataclass(frozen=True, slots=True)
class NotDone(Rule):
    """None of the jobs is done; `silent` is the verdict if one is."""

    silent: Verdict = Verdict.OPPOSITE

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        done = tuple(job for job in found.acting if any(job.is_about(other) for other in base.jobs))
        if done:
            return _in_doubt(found, done, self.silent)
        if found.acting and not found.doubts and not _only_stops(found):
            return Verdict.OTHER
        return Verdict.RIGHT


def _only_stops(found: PlanFacts) -> bool:
    return all(job.change.value in {"disable", "pause"} for job in found.acting)


@dataclass(frozen=True, slots=True)
class Without(Rule):
    """The jobs are done as before, without the days or hours of an exception.

    `grain` is what is compared: an interval that becomes a cron may move by some hours within a day.
    """

    excluded: Excluded
    grain: Callable[[datetime], object]
    timezone: str
    now_ms: int
    days: int

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        before, after = self._hours(base), self._hours(found)
        if not found.acting:
            return Verdict.RIGHT if found.doubts else Verdict.OTHER
        kept = {self.grain(hour) for hour in before if not self.excluded(hour)}
        left = {self.grain(hour) for hour in after}
        if any(map(self.excluded, after)) or left - kept:
            return _in_doubt(found, found.acting, Verdict.OPPOSITE)
        return Verdict.RIGHT if left == kept else _in_doubt(found, found.acting, Verdict.OTHER)

    def _hours(self, facts: PlanFacts) -> frozenset[datetime]:
        timed = [job.schedule for job in facts.acting if job.schedule]
        found = (active_hours(each, self.timezone, self.now_ms, self.days) for each in timed)
        return frozenset[datetime]().union(*found)


@dataclass(frozen=True, slots=True)
class Becomes(Rule):
    """The plan is that of another sentence, which says the new value alone.

    `left` is the verdict if the plan keeps the old value without a doubt.
    """

    wanted: PlanFacts
    left: Verdict

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        if found.meaning == self.wanted.meaning and not found.doubts:
            return Verdict.RIGHT
        wanted = {job.meaning for job in self.wanted.jobs}
        wrong = tuple(job for job in found.acting if job.meaning not in wanted)
        old = {job.meaning for job in base.jobs}
        keeps_old = any(job.meaning in old for job in wrong)
        if wrong:
            return _in_doubt(found, wrong, self.left if keeps_old else Verdict.OTHER)
        # A right job may be missing, or there is a doubt that nothing calls for.
        return Verdict.DOUBTED if found.doubts else Verdict.OTHER


@dataclass(frozen=True, slots=True)
class Differs(Rule):
    """The plan has another value: only schedules differ, or everything else than them."""

    schedule: bool

    def verdict(self, base: PlanFacts, found: PlanFacts) -> Verdict:
        if found.meaning == base.meaning:
            return Verdict.DOUBTED if found.doubts else Verdict.UNCHANGED
        if found.doubts:
            return Verdict.DOUBTED
        rest = [self._rest(job) for job in found.jobs] == [self._rest(job) for job in base.jobs]
        return Verdict.RIGHT if rest else Verdict.OTHER

    def _rest(self, job: JobFacts) -> tuple[object, ...]:
        return (job.type, job.inputs) if self.schedule else (job.type, job.when)
