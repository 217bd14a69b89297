"""Summarises a plan in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core import i18n
from app.core.i18n import Message, concat
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.describe import cron_words, interval_words
from app.planner.messages import Language, PlannerMessage, render
from app.planner.models import PlannedJob

_NAMES = {
    "monitor.channel": ("pantau", "monitor"),
    "monitor.http": ("pantau", "monitor"),
    "report.daily": ("laporan", "report"),
    "backup.export": ("backup", "backup"),
    "message.send": ("pesan", "message"),
}


def summary_of(jobs: Sequence[PlannedJob], language: Language) -> str:
    """Return the summary, in the language of the prompt."""
    if not jobs:
        return render(PlannerMessage("summary_none"), language)
    lines = "; ".join(f"{_what(job, language)} {when(job.schedule, language)}" for job in jobs)
    return render(
        PlannerMessage("summary_one" if len(jobs) == 1 else "summary", str(len(jobs)), lines), language
    )


def _what(job: PlannedJob, language: Language) -> str:
    name = _NAMES.get(job.type, (job.type, job.type))[0 if language == "id" else 1]
    details = [job.inputs.get(key) for key in ("channel", "account_id", "url", "to")]
    return " ".join([name, *(str(detail) for detail in details if detail)])


def when(schedule: dict[str, Any] | None, language: Language) -> str:
    """Return a schedule in words."""
    if schedule is None:
        return render(PlannerMessage("by_hand"), language)
    if "interval_sec" in schedule:
        words = interval_words(schedule["interval_sec"])
    elif "cron" in schedule:
        words = _cron(schedule["cron"], schedule.get("timezone") or "")
    else:
        return render(PlannerMessage("at_words", schedule["at"]), language)
    return i18n.render(words, language)


def _cron(text: str, zone: str) -> Message:
    try:
        words = cron_words(text)
    except ScheduleError:  # a model's proposal that was not checked yet
        words = concat(text)
    return concat(words, f" ({zone})")
