"""Metrics of a job: counters, gauges, histograms; at most 20 label sets a job."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import orjson

from app.core.errors import InvalidInput, LimitExceeded
from app.core.i18n import _
from app.core.statistics.job_metrics import HISTOGRAM_BOUNDS, METRIC_NAME
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.policies import Allowance
    from app.core.tools.base import AttemptHandle, FencedScripts

MAX_SERIES = 20
MAX_LABELS = 8
MAX_LABEL_CHARS = 100


class MetricsTool(ToolFacade):
    """Metrics of this job; a name with one set of labels is one series.

    Raises InvalidInput (a name, a label, a value that is not finite) and LimitExceeded (20 series a job).
    Prometheus' habits apply: base units (seconds, bytes), and counters end in `_total`.
    """

    __slots__ = ()

    async def counter(self, name: str, value: float = 1, **labels: str) -> None:
        """Add to a counter, which never decreases; raises InvalidInput if `value` is negative."""
        await self._caller.call("metrics", "counter", name, value, labels)

    async def gauge(self, name: str, value: float, **labels: str) -> None:
        """Set the current value of a gauge."""
        await self._caller.call("metrics", "gauge", name, value, labels)

    async def histogram(self, name: str, value: float, **labels: str) -> None:
        """Add one observation to a histogram."""
        await self._caller.call("metrics", "histogram", name, value, labels)

    async def log(self, message: str, **fields: Any) -> None:
        """Write an event with its fields into the run's log."""
        await self._caller.call("metrics", "log", message, fields)


class MetricsPerformer:
    """Performs the calls through the script `tool_metrics`; `log` goes to the run's log."""

    def __init__(self, attempt: AttemptHandle, scripts: FencedScripts, _allowance: Allowance) -> None:
        self._attempt = attempt
        self._scripts = scripts

    async def perform(self, op: str, args: tuple[Any, ...]) -> None:
        match op, args:
            case "log", (message, fields):
                self._attempt.add_log("info", str(message), dict(fields))
            case (("counter" | "gauge" | "histogram"), (name, value, labels)):
                await self._report(op, name, value, labels)
            case _:
                raise InvalidInput(f"metrics.{op} does not take these {len(args)} arguments")

    async def _report(self, kind: str, name: Any, value: Any, labels: Any) -> None:
        figure = _figure(value)
        if kind == "counter" and figure < 0:
            raise InvalidInput("a counter never falls: use a gauge")
        bucket = _bucket(figure) if kind == "histogram" else ""
        series = f"{_name(name)}|{_labels(labels)}"
        answer = await self._scripts.run(
            "tools/metrics",
            kind=kind,
            max_series=MAX_SERIES,
            name=name,
            series=series,
            value=repr(figure),
            bound=bucket,
        )
        if answer[0] == "LIMIT":
            raise LimitExceeded(_("a job reports at most {max_series} label sets.", max_series=MAX_SERIES))
        if answer[0] == "CONFLICT":
            raise InvalidInput(f"metric {name!r} is a {answer[1]}, not a {kind}")


def _name(name: Any) -> str:
    if not isinstance(name, str) or not METRIC_NAME.fullmatch(name):
        raise InvalidInput("a metric's name looks like `pages_read`")
    return name


def _figure(value: Any) -> float:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InvalidInput("a metric's value is a finite number")
    return float(value)


def _labels(labels: Any) -> str:
    pairs = cast("dict[str, Any]", labels)
    if len(pairs) > MAX_LABELS or not all(_label_fits(key, text) for key, text in pairs.items()):
        raise InvalidInput(
            f"at most {MAX_LABELS} labels, each a text of at most {MAX_LABEL_CHARS} characters"
        )
    return orjson.dumps(pairs, option=orjson.OPT_SORT_KEYS).decode()


def _label_fits(key: str, text: Any) -> bool:
    return bool(METRIC_NAME.fullmatch(key)) and isinstance(text, str) and len(text) <= MAX_LABEL_CHARS


def _bucket(figure: float) -> str:
    return next((f"{bound:g}" for bound in HISTOGRAM_BOUNDS if figure <= bound), "inf")
