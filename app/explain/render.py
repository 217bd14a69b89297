"""Renders causes as text: Indonesian or English, times in the job's zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.i18n import Language, Message, _, render
from app.explain.facts import Count, DurationValue, InstantValue, TimeRange
from app.explain.messages import CAUSE_TEXTS

if TYPE_CHECKING:
    from app.explain.facts import Cause, Value

_UNITS: Final = (_("{count} ms"), _("{count} s"), _("{count} min"), _("{count} h"), _("{count} d"))
_STEPS: Final = (1_000, 60_000, 3_600_000, 86_400_000)


def in_words(finding: Cause, language: Language, zone: str, job_id: str) -> tuple[str, str]:
    """Return the cause and the next step as text."""
    text, next_step = (render(text, language) for text in CAUSE_TEXTS[finding.words])
    speaker = _Renderer(language, zone)
    blanks = {"job": job_id}
    for name, value in finding.values.items():
        blanks[name] = speaker.say(value)
        if isinstance(value, InstantValue):
            blanks[f"{name}_zone"] = f"{blanks[name]} ({zone})"
    return text.format_map(blanks), next_step.format_map(blanks)


class _Renderer:
    def __init__(self, language: Language, zone: str) -> None:
        self._language: Language = language
        self._zone = zone
        self._info = ZoneInfo(zone)

    def say(self, value: Value) -> str:
        """Return a value in the form of the language."""
        match value:
            case InstantValue(ms):
                return _at(self._local(ms))
            case TimeRange(first, last):
                return self._span(self._local(first), self._local(last))
            case DurationValue(ms):
                return self._length(ms)
            case Count(count, noun):
                return self._counted(count, noun)
            case int():
                return self._number(value)
            case _:
                return render(value, self._language) if isinstance(value, Message) else value

    def _local(self, ms: int) -> datetime:
        return from_ms(ms).astimezone(self._info)

    def _span(self, first: datetime, last: datetime) -> str:
        if first == last:
            return f"{_at(first)} ({self._zone})"
        end = last.strftime("%H:%M:%S") if first.date() == last.date() else _at(last)
        return f"{_at(first)}–{end} ({self._zone})"

    def _counted(self, count: int, noun: str) -> str:
        return f"{self._number(count)} {noun}{'s' if self._language == 'en' and count != 1 else ''}"

    def _number(self, number: int) -> str:
        text = f"{number:,}"
        return text.replace(",", ".") if self._language == "id" else text

    def _length(self, ms: int) -> str:
        step = sum(ms >= bound for bound in _STEPS)
        if step == 0:
            return self._unit(0, ms)
        size = _STEPS[step - 1]
        if step == 1:
            text = f"{ms / size:.1f}".removesuffix(".0")
            return self._unit(1, text.replace(".", ",") if self._language == "id" else text)
        whole, rest = divmod(ms, size)
        smaller = rest // _STEPS[step - 2]
        return self._unit(step, whole) + (f" {self._unit(step - 1, smaller)}" if smaller else "")

    def _unit(self, step: int, count: int | str) -> str:
        return render(_UNITS[step], self._language).format(count=count)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
