"""Tools in memory: they take the calls of a handler, and keep what was asked."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson
from pydantic_core import to_jsonable_python

from app.core.errors import InvalidInput, LimitExceeded
from app.core.policies import Allowance, ToolLimits
from app.core.tools import ToolSet
from app.core.tools.custom import CustomToolPerformer, Tool
from app.core.tools.kv import MAX_KEYS, MAX_VALUE_BYTES, KvPerformer
from app.core.tools.metrics import MetricsPerformer
from multi_job.testing.clock import FakeClock
from multi_job.testing.fake_files import FakeFiles
from multi_job.testing.fake_http import FakeHttp
from multi_job.testing.fake_messaging import FakeMessaging
from multi_job.testing.fake_tool import FakeTool

if TYPE_CHECKING:
    from app.core.tools.base import AttemptHandle, FencedScripts, ToolFactory, ToolPerformer

Labels = tuple[tuple[str, str], ...]
_WHOLE = re.compile("0|-?[1-9][0-9]*")


class FakeKv(FakeTool):
    """`values` has the stored values by key. They expire by the fake clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self._stored: dict[str, tuple[bytes, float | None]] = {}
        self.conflicts = 0
        """So many `compare_and_set` calls fail, as if another run had been faster."""

    @property
    def values(self) -> dict[str, Any]:
        """Return the values that have not expired."""
        now = self._clock.monotonic()
        return {
            key: orjson.loads(text) for key, (text, end) in self._stored.items() if end is None or end > now
        }

    def put(self, key: str, value: Any, ttl_sec: float | None = None) -> None:
        """Store a value before the run; `ttl_sec` is its lifetime in seconds."""
        text = _sorted_json(value)
        if len(text) > MAX_VALUE_BYTES:
            raise LimitExceeded(f"a value has at most {MAX_VALUE_BYTES:,} bytes")
        if key not in self.values and len(self.values) >= MAX_KEYS:
            raise LimitExceeded(f"a job has at most {MAX_KEYS:,} keys")
        self._stored[key] = text, None if ttl_sec is None else self._clock.monotonic() + ttl_sec

    async def perform(self, op: str, args: tuple[Any, ...], allowance: Allowance) -> Any:
        if self.error is not None:
            raise self.error
        if op == "cas" and self.conflicts:
            self.conflicts -= 1
            return False
        # The real tool, on a script that writes here: it refuses the same keys, values and lifetimes.
        return await KvPerformer(cast("Any", None), cast("Any", self), allowance).perform(op, args)

    async def run(
        self,
        _script: str,
        /,
        *,
        op: str,
        key: str,
        max_keys: int,
        value: str | int = "",
        ttl_ms: int = 0,
        expected: str = "",
    ) -> list[Any]:
        """Answer as the script `tools/kv` does."""
        known = self.values
        before = self._stored[key][0].decode() if key in known else ""
        if op == "list":
            return ["OK", *(name for name in known if name.startswith(key))]
        if op in {"get", "delete"}:
            if op == "delete":
                self._stored.pop(key, None)
            return ["OK" if key in known else "MISSING", before]
        if op == "cas" and before != expected:
            return ["CONFLICT", before]
        if key not in known and len(known) >= max_keys:
            return ["LIMIT"]
        end = self._clock.monotonic() + ttl_ms / 1000 if ttl_ms else None
        if op == "incr" and key in known:
            if not _is_whole(before) or not _is_whole(str(int(before) + int(value))):
                return ["NOT_INTEGER"]
            value, end = str(int(before) + int(value)), self._stored[key][1]
        self._stored[key] = str(value).encode(), end
        return ["OK", value]


class FakeMetrics(FakeTool):
    """Counters and gauges by name and labels; observations of histograms; `events` of `metrics.log`."""

    def __init__(self) -> None:
        super().__init__()
        self.counters: dict[tuple[str, Labels], float] = defaultdict(float)
        self.gauges: dict[str, float] = {}
        """The newest value of each gauge by its name."""
        self.labels: dict[str, dict[str, str]] = {}
        """The labels of that value."""
        self.histograms: dict[tuple[str, Labels], list[float]] = defaultdict(list)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._kinds: dict[str, str] = {}
        self._series: set[str] = set()

    async def perform(self, op: str, args: tuple[Any, ...], allowance: Allowance) -> None:
        if self.error is not None:
            raise self.error
        # The real tool, on a script that writes here: it refuses the same names, labels and figures.
        await MetricsPerformer(cast("Any", self), cast("Any", self), allowance).perform(op, args)

    def add_log(self, _level: str, message: str, fields: dict[str, Any]) -> None:
        """Keep an event of `metrics.log`."""
        self.events.append((message, fields))

    async def run(
        self, _script: str, /, *, kind: str, name: str, series: str, value: str, max_series: int, bound: str
    ) -> list[Any]:
        """Answer as the script `tools/metrics` does."""
        del bound
        if self._kinds.get(name, kind) != kind:
            return ["CONFLICT", self._kinds[name]]
        if series not in self._series and len(self._series) >= max_series:
            return ["LIMIT"]
        self._series.add(series)
        self._kinds[name] = kind
        labels: dict[str, str] = orjson.loads(series.partition("|")[2])
        figure, sorted_labels = float(value), tuple(sorted(labels.items()))
        if kind == "counter":
            self.counters[name, sorted_labels] += figure
        elif kind == "gauge":
            self.gauges[name], self.labels[name] = figure, labels
        else:
            self.histograms[name, sorted_labels].append(figure)
        return ["OK"]


class FakeAlarms(FakeTool):
    """The alarm of the job: `raised`, and the texts of its changes."""

    def __init__(self) -> None:
        super().__init__()
        self.raised = False
        self.texts: list[str] = []

    def _set(self, _allowance: Allowance, raised: Any, text: Any) -> bool:
        if not isinstance(raised, bool) or not isinstance(text, str):
            raise InvalidInput("alarms.set takes True or False, and a text")
        if raised is self.raised:
            return False
        self.raised = raised
        self.texts.append(text)
        return True


class FakePlatform(FakeTool):
    """`answers` has the result of each operation of `ctx.platform`, or a function of its arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Any] = {"timezone": "Asia/Jakarta", "monitor": None, "calendars": {}}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    async def perform(self, op: str, args: tuple[Any, ...], allowance: Allowance) -> Any:
        if self.error is not None:
            raise self.error
        self.calls.append((op, args))
        if op not in self.answers:
            raise LookupError(f"no answer for platform.{op}: set it with tools.platform.answers[{op!r}] = …")
        answer = self.answers[op]
        return to_jsonable_python(answer(*args) if callable(answer) else answer)


@dataclass
class FakeTools:
    """All tools of a run. One set for several runs keeps their values, as the real tools do."""

    clock: FakeClock = field(default_factory=FakeClock)
    custom: dict[str, type[Tool[Any]]] = field(default_factory=dict[str, type[Tool[Any]]])
    """Tools of packages that are not installed, or their replacements, by name."""
    alarms: FakeAlarms = field(default_factory=FakeAlarms)
    http: FakeHttp = field(default_factory=FakeHttp)
    messaging: FakeMessaging = field(default_factory=FakeMessaging)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    platform: FakePlatform = field(default_factory=FakePlatform)
    kv: FakeKv = field(init=False)
    files: FakeFiles = field(init=False)

    def __post_init__(self) -> None:
        self.kv, self.files = FakeKv(self.clock), FakeFiles(self.clock)

    def by_name(self) -> dict[str, FakeTool]:
        """Return the tools that the platform has."""
        return {name: each for name, each in vars(self).items() if isinstance(each, FakeTool)}

    def facades(self) -> ToolSet:
        """Return the tools as handlers see them, all allowed: for code that takes tools directly."""
        return ToolSet(_DirectCaller(self))

    def factories(self) -> dict[str, ToolFactory]:
        """Return what a runner takes in place of the real tools."""
        found = {name: _factory(tool) for name, tool in self.by_name().items()}
        return found | {name: _custom_factory(name, tool) for name, tool in self.custom.items()}


EVERYTHING: dict[str, Any] = {"hosts": ("*",), "channels": ("*",), "paths": ("*",), "secrets": ("*",)}
"""Limits that allow every place."""


@dataclass(frozen=True, slots=True)
class _DirectCaller:
    tools: FakeTools

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        allowance = Allowance("test", tool, ToolLimits(**EVERYTHING))
        return await self.tools.by_name()[tool].perform(op, args, allowance)


@dataclass(frozen=True, slots=True)
class _Performer:
    tool: FakeTool
    allowance: Allowance

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        return await self.tool.perform(op, args, self.allowance)


def _factory(tool: FakeTool) -> ToolFactory:
    def make(attempt: AttemptHandle, _scripts: FencedScripts, allowance: Allowance) -> ToolPerformer:
        tool.begin(attempt.run, allowance)
        return _Performer(tool, allowance)

    return make


def _custom_factory(name: str, tool: type[Tool[Any]]) -> ToolFactory:
    def make(attempt: AttemptHandle, _scripts: FencedScripts, allowance: Allowance) -> ToolPerformer:
        return CustomToolPerformer(name, tool(allowance, attempt.run))

    return make


def _is_whole(text: str) -> bool:
    return bool(_WHOLE.fullmatch(text)) and -(2**63) <= int(text) < 2**63


def _sorted_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
