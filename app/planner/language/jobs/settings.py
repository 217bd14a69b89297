"""Adds the settings of a clause to its jobs: retries and priority; conditions that only monitors have."""

from __future__ import annotations

from typing import Final

from app.core.i18n import _
from app.planner.language.clauses.clause import CONDITIONS, Clause, Item, Retry
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.messages import UNUSED
from app.planner.models import PromptSpan

_QUESTIONS: Final = {
    "priority": (_("Which priority: high, normal or low?"), ("high", "normal", "low")),
    "retry": (_("How many times is a failed run tried again?"), ("2 times", "3 times")),
}
_TRIES: Final = 3
_RUNS: Final = frozenset({"report", "backup"})


def with_settings(built: BuildResult, clause: Clause, context: BuildContext) -> BuildResult:
    """Return the jobs of a clause with its settings; none if a setting is not understood."""
    settings = [item for item in clause.items if item.kind in {"retry", "priority"}]
    for item in settings:
        if item.value is None:
            return _asked(item, context)
    conditions = [item for item in clause.items if item.kind in CONDITIONS]
    if conditions and clause.kind in _RUNS:
        only_monitors = _('Only a monitor sees "{words}": that part is not planned.')
        return refused(only_monitors.fill(words=context.words(conditions)), context.span(conditions))
    for item in settings:
        for job in built.jobs:
            _set(job, item, clause, context)
    return built


def _asked(item: Item, context: BuildContext) -> BuildResult:
    following, place = context.lex[item.last : item.last + 1], context.after([item])
    if item.kind == "priority" and following and following[0].text.isdecimal():
        # The answer takes the place of the 5 of "prioritas 5".
        place = PromptSpan(following[0].start, following[0].end)
    return asked(_QUESTIONS[item.kind][0], place, choices=_QUESTIONS[item.kind][1])


def _set(job: JobDraft, item: Item, clause: Clause, context: BuildContext) -> None:
    if not isinstance(item.value, Retry):
        job.fields["priority"] = item.text
    elif clause.kind == "watch":
        # A check that finds its target down has not failed: more checks come before the alarm.
        job.inputs["fail_after"] = (item.value.count or 0) + 1
        if item.value.gap_sec is not None:
            job.unread(UNUSED.fill(words=context.words([item])), context.span([item]))
    else:
        tries, gap = item.value.count, item.value.gap_sec
        job.fields["retry_policy"] = {"max_retry": _TRIES if tries is None else tries}
        # The delay of a stored job stays as it is.
        job.fields["retry_policy"] |= {} if gap is None else {"backoff_sec": [gap]}
        if tries is None:
            job.assume(_("No number of tries was said: {count} more are used.", count=_TRIES))
    if item not in job.items:
        job.items.append(item)
