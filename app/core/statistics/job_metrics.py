"""The metrics of handlers as Prometheus text: `multi_job_job_<name>{job_id="…"}`.

Bounds: 20 series a job (the tool refuses more), 100,000 samples in all. If jobs report one name as different
kinds, the kind of the oldest job wins. A gauge that its job has not renewed in time is omitted: a monitor
that stopped must not show `up` permanently. `multi_job_job_metrics_dropped` counts the series left out.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

PREFIX = "multi_job_job_"
MAX_SAMPLES = 100_000
DROPPED = f"{PREFIX}metrics_dropped"
REASONS = ("kind", "limit", "malformed")
# About two milliseconds of the event loop, and 500 hashes a round trip.
_LINES_AT_ONCE, _JOBS_AT_ONCE = 1_000, 500
METRIC_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")
_OWN_LABELS = frozenset({"job_id", "le"})
# In the unit of the observed value: the range fits milliseconds and seconds.
HISTOGRAM_BOUNDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000)
_BOUNDS = tuple(f"{bound:g}" for bound in HISTOGRAM_BOUNDS)
_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


@dataclass(slots=True)
class _Family:
    """All series of one name."""

    name: str
    kind: str
    lines: list[str] = field(default_factory=list[str])

    def text(self) -> str:
        shown = f"{self.name}_total" if self.kind == "counter" else self.name
        reported = self.name.removeprefix(PREFIX)
        head = f"# HELP {shown} Reported by jobs as {reported}.\n# TYPE {shown} {self.kind}\n"
        return head + "\n".join(self.lines) + "\n"


@dataclass(slots=True)
class _Series:
    """One series of a job: a value, or the parts of a histogram."""

    value: str = ""
    parts: dict[str, str] = field(default_factory=dict[str, str])


class JobMetrics:
    """Collects the series of jobs, the oldest job first."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._families: dict[str, _Family] = {}
        self._owners: dict[str, str] = {DROPPED: DROPPED}
        self._dropped: Counter[str] = Counter()
        self.samples = 0

    def add(self, job_id: str, fields: Mapping[str, str]) -> None:
        """Add the stored fields of one job; series that cannot be shown are counted."""
        kinds, until, found = _parsed(fields)
        for (name, labels), series in found.items():
            if _is_over(until.get(f"{name}|{labels}"), kinds.get(name), self._now_ms):
                continue
            reason = self._refused(job_id, name, labels, kinds.get(name, ""), series)
            if reason:
                self._dropped[reason] += 1

    def texts(self) -> Iterable[str]:
        """Yield the text of each family, then the number of series that were left out."""
        for name in sorted(self._families):
            yield self._families[name].text()
        yield f"# HELP {DROPPED} Series of jobs that are left out here.\n# TYPE {DROPPED} gauge\n"
        yield "".join(f'{DROPPED}{{reason="{reason}"}} {self._dropped[reason]}\n' for reason in REASONS)

    def _refused(self, job_id: str, name: str, labels: str, kind: str, series: _Series) -> str:
        """Add one series; return the reason if it is left out."""
        shown = _shown_labels(job_id, labels)
        if shown is None or not METRIC_NAME.fullmatch(name) or kind not in _SUFFIXES:
            return "malformed"
        lines = _lines(_full_name(name, kind), kind, shown, series)
        if lines is None:
            return "malformed"
        if self.samples + len(lines) > MAX_SAMPLES:
            return "limit"
        family = self._family(_full_name(name, kind), kind)
        if family is None:
            return "kind"
        family.lines += lines
        self.samples += len(lines)
        return ""

    def _family(self, name: str, kind: str) -> _Family | None:
        """Return the family of a name; None if its samples would be those of another family."""
        known = self._families.get(name)
        if known is not None and known.kind == kind:
            return known
        wanted = {name + suffix for suffix in _SUFFIXES[kind]} | {name}
        if known is not None or wanted & self._owners.keys():
            return None
        self._owners |= dict.fromkeys(wanted, name)
        made = self._families[name] = _Family(name, kind)
        return made


async def job_metrics_text(link: RedisLink, keys: Keys, job_ids: Sequence[str], now_ms: int) -> bytes:
    """Return the text of the jobs' metrics, read and built in steps that let other tasks of the loop run."""
    found, done = JobMetrics(now_ms), 0
    for start in range(0, len(job_ids), _JOBS_AT_ONCE):
        some = job_ids[start : start + _JOBS_AT_ONCE]
        hashes = await link.hashes(keys.tool_metrics(job_id) for job_id in some)
        for job_id, fields in zip(some, hashes, strict=True):
            found.add(job_id, fields)
            if found.samples - done > _LINES_AT_ONCE:
                done = found.samples
                await asyncio.sleep(0)
    texts: list[bytes] = []
    for text in found.texts():
        texts.append(text.encode())
        await asyncio.sleep(0)
    return b"".join(texts)


def _parsed(
    fields: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], _Series]]:
    """Return kinds by name, ends of gauges by series, and the series."""
    kinds: dict[str, str] = {}
    until: dict[str, str] = {}
    found: dict[tuple[str, str], _Series] = {}
    for text, value in fields.items():
        name, _, rest = text.partition("|")
        if text.startswith("@"):
            until[text[1:]] = value
        elif name == "type" and not rest.startswith("{"):
            kinds[rest] = value
        elif text != "#":
            # Labels are JSON, so the last brace ends them, whatever they hold.
            end = rest.rfind("}") + 1
            series = found.setdefault((name, rest[:end]), _Series())
            if end < len(rest):
                series.parts[rest[end + 1 :]] = value
            else:
                series.value = value
    return kinds, until, found


def _is_over(until: str | None, kind: str | None, now_ms: int) -> bool:
    """Return whether a gauge is too old. One of an earlier version has no end, so it may be of any age."""
    return kind == "gauge" and (until is None or not until.isdecimal() or int(until) < now_ms)


def _full_name(name: str, kind: str) -> str:
    return PREFIX + (name.removesuffix("_total") if kind == "counter" else name)


@lru_cache(maxsize=4096)
def _shown_labels(job_id: str, labels: str) -> str | None:
    """Return labels as the text has them, `job_id` first; None if they are malformed."""
    try:
        pairs = orjson.loads(labels)
        given = {_label_name(name): value.translate(_ESCAPED) for name, value in sorted(pairs.items())}
        if len(given) != len(pairs):
            return None
    except (ValueError, AttributeError, TypeError):
        return None
    shown = {"job_id": job_id.translate(_ESCAPED), **given}
    return ",".join(f'{name}="{value}"' for name, value in shown.items())


def _label_name(name: str) -> str:
    if not METRIC_NAME.fullmatch(name):
        raise ValueError(name)
    return f"exported_{name}" if name in _OWN_LABELS or name.startswith("__") else name


def _lines(name: str, kind: str, labels: str, series: _Series) -> list[str] | None:
    """Return the samples of a series; None if a value is not a number."""
    if kind == "histogram":
        return _histogram_lines(name, labels, series.parts)
    if not _is_number(series.value):
        return None
    return [f"{name}{_SUFFIXES[kind][0]}{{{labels}}} {series.value}"]


def _histogram_lines(name: str, labels: str, parts: Mapping[str, str]) -> list[str] | None:
    try:
        counts = [int(parts.get(f"le:{bound}", 0)) for bound in (*_BOUNDS, "inf")]
    except ValueError:
        return None
    total_sum = parts.get("sum", "")
    if not _is_number(total_sum):
        return None
    totals = zip((*_BOUNDS, "+Inf"), accumulate(counts), strict=True)
    lines = [f'{name}_bucket{{{labels},le="{bound}"}} {total}' for bound, total in totals]
    return [*lines, f"{name}_sum{{{labels}}} {total_sum}", f"{name}_count{{{labels}}} {sum(counts)}"]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
