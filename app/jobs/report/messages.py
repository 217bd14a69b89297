"""Texts, numbers and times of a report in its language and zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.i18n import Language, Message, _, render

_MONTHS = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_UNITS = (_("{count} d"), _("{count} h"), _("{count} min"), _("{count} s"))
_SECOND_MS = 1_000
_MINUTE_MS = 60_000


class ReportLocale:
    """One language, one zone."""

    def __init__(self, language: Language, timezone: str) -> None:
        self.language: Language = language
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)

    def say(self, text: Message, **values: str | int) -> str:
        """Return a text with values in its fields; whole numbers have thousands separators."""
        shown = {
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()
        }
        return render(text, self.language).format(**shown)

    def say_message(self, text: Message) -> str:
        """Return a text whose fields are filled in already."""
        return render(text, self.language)

    def translate(self, text: str) -> str:
        """Return a text of a record; a message of the platform in the language."""
        return render(text, self.language)

    def row(self, *texts: Message) -> tuple[str, ...]:
        """Return texts that have no fields."""
        return tuple(map(self.say, texts))

    def number(self, value: int) -> str:
        """Return a whole number with thousands separators."""
        return self._local(f"{value:,}")

    def percent(self, share: float | None) -> str:
        """Return a share with one decimal; it rounds to 100 % only if nothing is missing."""
        if share is None:
            return "–"
        rounded = min(share, 0.999) if share < 1 else 1.0
        return self.say(_("{share}%"), share=self._local(f"{100 * rounded:.1f}"))

    def uptime(self, share: float | None) -> str:
        """Return a share with two decimals, cut: 100 % only if nothing is missing."""
        if share is None:
            return "–"
        return self.say(_("{share}%"), share=self._local(f"{int(share * 10_000 + 1e-6) / 100:.2f}"))

    def duration(self, ms: int) -> str:
        """Return a length of time in its two largest units."""
        if ms < _SECOND_MS:
            return f"{ms} ms"
        if ms < _MINUTE_MS:
            return self.say(_UNITS[-1], count=self._local(f"{ms / _SECOND_MS:.1f}"))
        return " ".join(self._parts(ms // _SECOND_MS))

    def about(self, ms: int | None) -> str:
        """Return a percentile, which is within 5 %."""
        return "–" if ms is None else f"≈ {self.duration(ms)}"

    def instant(self, epoch_ms: int) -> str:
        """Return a date and a time of day in the zone."""
        local = from_ms(epoch_ms).astimezone(self._zone)
        month = self.say(_MONTHS).split()[local.month - 1]
        return f"{local.day} {month} {local.year} {local:%H:%M}"

    def iso(self, epoch_ms: int) -> str:
        """Return an instant for programs, with the zone's offset."""
        return from_ms(epoch_ms).astimezone(self._zone).isoformat()

    def _parts(self, seconds: int) -> list[str]:
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        day, hour = divmod(hours, 24)
        pairs = zip((day, hour, minute, second), _UNITS, strict=True)
        return [self.say(unit, count=str(number)) for number, unit in pairs if number][:2]

    def _local(self, text: str) -> str:
        return text.translate(str.maketrans(",.", ".,")) if self.language == "id" else text
