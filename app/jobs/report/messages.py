"""Texts and formats of a report in Indonesian and English."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from app.core.clock import from_ms

Language = Literal["id", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Laporan harian", "Daily report"),
    "span": ("{start} – {end} ({zone})", "{start} – {end} ({zone})"),
    "compared": ("dibandingkan dengan 24 jam sebelumnya", "against the 24 hours before"),
    "no_runs": ("Belum ada run yang selesai dalam periode ini.", "No runs ended in this period yet."),
    "no_runs_before": ("Sebelumnya juga tidak ada.", "None before it either."),
    "runs_before": ("Sebelumnya: {runs} run.", "Before it: {runs} runs."),
    "all_well": (
        "{runs} run selesai, semuanya berhasil.",
        "{runs} runs ended, all of them successfully.",
    ),
    "mixed": (
        "{runs} run selesai: {success} berhasil, {failed} gagal, {cancelled} dibatalkan.",
        "{runs} runs ended: {success} succeeded, {failed} failed, {cancelled} cancelled.",
    ),
    "monitors_well": ("Semua {count} monitor tanpa gangguan.", "All {count} monitors without an outage."),
    "monitors_down": (
        "{down} dari {count} monitor sempat mati, total {time}.",
        "{down} of {count} monitors had downtime, {time} in all.",
    ),
    "monitors_unset": (
        "Monitor yang belum disetel ({count}): {names}.",
        "Monitors not set up ({count}): {names}.",
    ),
    "runs": ("Run", "Runs"),
    "figure": ("Angka", "Figure"),
    "now": ("24 jam ini", "These 24 h"),
    "before": ("Sebelumnya", "Before"),
    "ended": ("Selesai", "Ended"),
    "success": ("Berhasil", "Succeeded"),
    "failed": ("Gagal", "Failed"),
    "cancelled": ("Dibatalkan", "Cancelled"),
    "rate": ("Tingkat berhasil", "Success rate"),
    "p50": ("Durasi p50", "Duration p50"),
    "p95": ("Durasi p95", "Duration p95"),
    "monitors": ("Monitor", "Monitors"),
    "monitor": ("Monitor", "Monitor"),
    "state": ("Keadaan", "State"),
    "available": ("Tersedia", "Available"),
    "downtime": ("Waktu mati", "Downtime"),
    "outages": ("Gangguan", "Outages"),
    "no_monitors": (
        "Tidak ada monitor yang tercatat dalam periode ini.",
        "No monitor is on record for this period.",
    ),
    "up": ("aktif", "up"),
    "degraded": ("terganggu", "degraded"),
    "down": ("mati", "down"),
    "not_configured": ("belum disetel", "not set up"),
    "set_up_by": ("setel dengan `{command}`", "set it up with `{command}`"),
    "since": ("sejak {at}", "since {at}"),
    "errors": ("Galat teratas", "Top errors"),
    "error": ("Galat", "Error"),
    "count": ("Jumlah", "Count"),
    "last": ("Terakhir", "Last"),
    "no_errors": ("Tidak ada run yang gagal.", "No run failed."),
    "errors_partly": (
        "Dihitung dari 1.000 run gagal terbaru.",
        "Counted over the newest 1,000 failed runs.",
    ),
    "jobs": ("Job", "Jobs"),
    "job": ("Job", "Job"),
    "type": ("Jenis", "Type"),
    "deleted": ("(dihapus)", "(deleted)"),
    "more_jobs": ("{count} job lain tidak ditampilkan", "{count} more not shown"),
    "no_jobs": (
        "Tidak ada job yang menyelesaikan run.",
        "No job ended a run.",
    ),
}
_MONTHS: dict[Language, str] = {
    "id": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_UNITS: dict[Language, tuple[str, str, str, str]] = {
    "id": ("hari", "jam", "mnt", "dtk"),
    "en": ("d", "h", "min", "s"),
}
_SECOND_MS = 1_000
_MINUTE_MS = 60_000


class ReportLocale:
    """One language, one zone."""

    def __init__(self, language: Language, timezone: str) -> None:
        self.language: Language = language
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._column = 0 if language == "id" else 1

    def say(self, key: str, **values: str) -> str:
        """Return a phrase."""
        return _WORDS[key][self._column].format(**values)

    def number(self, value: int) -> str:
        """Return a whole number with thousands separators."""
        return self._local(f"{value:,}")

    def percent(self, share: float | None) -> str:
        """Return a share with one decimal; it rounds to 100 % only if nothing is missing."""
        if share is None:
            return "–"
        rounded = min(share, 0.999) if share < 1 else 1.0
        return self._local(f"{100 * rounded:.1f}") + (" %" if self.language == "id" else "%")

    def duration(self, ms: int) -> str:
        """Return a length of time in its two largest units."""
        if ms < _SECOND_MS:
            return f"{ms} ms"
        if ms < _MINUTE_MS:
            return f"{self._local(f'{ms / _SECOND_MS:.1f}')} {_UNITS[self.language][3]}"
        return " ".join(self._parts(ms // _SECOND_MS))

    def about(self, ms: int | None) -> str:
        """Return a percentile, which is within 5 %."""
        return "–" if ms is None else f"≈ {self.duration(ms)}"

    def instant(self, epoch_ms: int) -> str:
        """Return a date and a time of day in the zone."""
        local = from_ms(epoch_ms).astimezone(self._zone)
        month = _MONTHS[self.language].split()[local.month - 1]
        return f"{local.day} {month} {local.year} {local:%H:%M}"

    def iso(self, epoch_ms: int) -> str:
        """Return an instant for programs, with the zone's offset."""
        return from_ms(epoch_ms).astimezone(self._zone).isoformat()

    def _parts(self, seconds: int) -> list[str]:
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        day, hour = divmod(hours, 24)
        pairs = zip((day, hour, minute, second), _UNITS[self.language], strict=True)
        return [f"{number} {unit}" for number, unit in pairs if number][:2]

    def _local(self, text: str) -> str:
        return text.translate(str.maketrans(",.", ".,")) if self.language == "id" else text
