"""Measures how many variants are planned as they should be, grouped by kind and by word."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.planner.memory_planner import Case, CasePlanner
from tests.support.planner.model_scoring import is_right
from tests.support.planner.planning import when
from tests.support.planner.variants.changed import changed_variants
from tests.support.planner.variants.kept import kept_variants
from tests.support.planner.variants.sentence import Sentence
from tests.support.planner.variants.variant import Variant, Verdict

if TYPE_CHECKING:
    from app.planner.models import Plan

KEPT_FAULTS = frozenset({Verdict.DOUBTED, Verdict.OTHER})


@dataclass(frozen=True, slots=True)
class Result:
    """A variant with its verdict; `base` is the sentence without the change."""

    variant: Variant
    verdict: Verdict
    base: str
    planned: str

    @property
    def is_fault(self) -> bool:
        """True if the plan is not one that is right for the variant."""
        if self.variant.rule.keeps:
            return self.verdict is not Verdict.RIGHT
        return self.verdict not in {Verdict.RIGHT, Verdict.DOUBTED}

    @property
    def row(self) -> dict[str, str]:
        """Return the result as a row of a table."""
        variant = self.variant
        return {
            "case": variant.case_id,
            "kind": variant.kind,
            "word": variant.word,
            "verdict": self.verdict.value,
            "base": self.base,
            "prompt": variant.prompt,
            "planned": self.planned,
        }


@dataclass(slots=True)
class Measurement:
    """The results of many variants."""

    results: list[Result] = field(default_factory=list[Result])
    skipped: list[str] = field(default_factory=list[str])
    """The cases whose own plan is not the expected one."""

    def of(self, *, keeps: bool) -> list[Result]:
        """Return the results of the variants that keep the plan, or of those that change it."""
        return [result for result in self.results if result.variant.rule.keeps is keeps]

    @property
    def same_share(self) -> float:
        """Return the share of the variants with the same meaning that have the same plan."""
        kept = self.of(keeps=True)
        return sum(not result.is_fault for result in kept) / max(1, len(kept))

    @property
    def silent_share(self) -> float:
        """Return the share of the changed variants whose plan is silently wrong."""
        changed = self.of(keeps=False)
        silent = {Verdict.UNCHANGED, Verdict.OPPOSITE}
        return sum(result.verdict in silent for result in changed) / max(1, len(changed))

    @property
    def opposite(self) -> list[Result]:
        """Return the variants that do what they deny."""
        return [result for result in self.results if result.verdict is Verdict.OPPOSITE]

    def faults(self) -> dict[tuple[bool, str, Verdict], list[Result]]:
        """Return the faults by kind and verdict, the most first."""
        groups: dict[tuple[bool, str, Verdict], list[Result]] = defaultdict(list)
        for result in self.results:
            if result.is_fault:
                groups[result.variant.rule.keeps, result.variant.kind, result.verdict].append(result)
        return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def variants_of(sentence: Sentence) -> Iterator[Variant]:
    """Yield all variants of a sentence."""
    yield from kept_variants(sentence)
    yield from changed_variants(sentence)


def measured(planner: CasePlanner, cases: Iterable[Case], share: float = 1.0) -> Measurement:
    """Plan a share of the variants of some cases; the same ones at each call."""
    measurement = Measurement()
    for case in cases:
        sentence = Sentence(case, lambda prompt, case=case: planner.plan(case, prompt))
        if not is_worked(case, sentence.plan):
            measurement.skipped.append(case["id"])
            continue
        dice = random.Random(f"{case['id']} sample")
        for variant in variants_of(sentence):
            if share < 1 and dice.random() >= share:
                continue
            facts = sentence.facts_of(variant.prompt)
            verdict = variant.rule.verdict(sentence.facts, facts)
            shown = "" if verdict is Verdict.RIGHT else _shown(planner.plan(case, variant.prompt))
            measurement.results.append(Result(variant, verdict, sentence.prompt, shown))
    return measurement


def is_worked(case: Case, plan: Plan) -> bool:
    """True if a case's own plan is one that it expects, or if it expects none in particular."""
    if "jobs" not in case:
        return True
    options: list[list[Case]] = [case["jobs"], *case.get("alts", [])]
    if any("change" in job for option in options for job in option):
        done = {(job.change.value, job.spec.job_id) for job in plan.jobs}
        return any({(job.get("change"), job.get("job_id")) for job in option} == done for option in options)
    return is_right(case, plan)


def _shown(plan: Plan) -> str:
    jobs: list[str] = []
    for job in plan.jobs:
        schedule = job.spec.schedule
        said = None if schedule is None else schedule.model_dump(mode="json", exclude_none=True)
        inputs = {name: value for name, value in job.spec.inputs.items() if name != "timezone"}
        jobs.append(f"{job.change.value} {job.spec.type} {when(said)} {inputs}")
    doubts = ",".join(sorted(kind.value for kind in plan.doubts))
    return "; ".join(jobs) + (f" ({doubts})" if doubts else "") or "nothing"


def report_of(measurement: Measurement, examples: int = 3, words: int = 6) -> str:
    """Return the shares, and the faults by kind with their words and some examples."""
    kept, changed = measurement.of(keeps=True), measurement.of(keeps=False)
    lines = [
        f"variants that keep the plan: {len(kept)}, the same plan {100 * measurement.same_share:.2f} %",
        f"variants that change it: {len(changed)}, silently wrong {100 * measurement.silent_share:.2f} %",
        f"of these opposite: {len(measurement.opposite)}",
        f"cases without their expected plan, left out: {', '.join(measurement.skipped) or 'none'}",
        _table(measurement.results),
    ]
    totals = Counter(result.variant.kind for result in measurement.results)
    for (keeps, kind, verdict), results in measurement.faults().items():
        side = "keeps" if keeps else "changes"
        lines += ["", f"{side} · {kind} · {verdict}: {len(results)} of {totals[kind]}"]
        by_word = Counter(result.variant.word for result in results)
        lines.append("  " + "; ".join(f"{word!r} {count}" for word, count in by_word.most_common(words)))
        for result in spread(results, examples):
            lines += [f"  {result.variant.case_id}: {result.variant.prompt!r}", f"      → {result.planned}"]
    return "\n".join(lines)


def spread(results: Sequence[Result], count: int) -> list[Result]:
    """Return some results, of different words first."""
    first: dict[str, Result] = {}
    for result in results:
        first.setdefault(result.variant.word, result)
    chosen = list(first.values())[:count]
    return chosen + [result for result in results if result not in chosen][: count - len(chosen)]


def _table(results: Sequence[Result]) -> str:
    verdicts = list(Verdict)
    counts: dict[tuple[bool, str], Counter[Verdict]] = defaultdict(Counter)
    for result in results:
        counts[not result.variant.rule.keeps, result.variant.kind][result.verdict] += 1
    rows = [f"{'':22}" + "".join(f"{verdict.value:>11}" for verdict in verdicts)]
    for (_, kind), count in sorted(counts.items()):
        rows.append(f"{kind:22}" + "".join(f"{count[verdict]:>11}" for verdict in verdicts))
    return "\n".join(rows)
