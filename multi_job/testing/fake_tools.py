"""Tools in memory: they take the calls of a handler, and keep what was asked."""

from __future__ import annotations

import base64
import itertools
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson
from pydantic_core import to_jsonable_python

from app.core.errors import FileMissing, InvalidInput, LimitExceeded
from app.core.files.paths import check_path, check_prefix
from app.core.net.urls import check_url
from app.core.policies import Allowance, ToolLimits, require_url
from app.core.records import ArtifactKind
from app.core.tools import ToolSet
from app.core.tools.custom import CustomToolPerformer, Tool
from app.core.tools.files import FileInfo, PublishResult
from app.core.tools.http import HttpAnswer
from app.core.tools.kv import MAX_KEYS, MAX_VALUE_BYTES, KvPerformer
from app.core.tools.messaging import MAX_TEXT_CHARS, Receipt
from app.core.tools.metrics import MetricsPerformer
from multi_job.testing.clock import FakeClock

if TYPE_CHECKING:
    from app.core.tools.base import AttemptHandle, FencedScripts, ToolFactory, ToolPerformer

Labels = tuple[tuple[str, str], ...]
_WHOLE = re.compile("0|-?[1-9][0-9]*")


class FakeTool:
    """The base: `error`, if it is set, is raised by each call."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    async def perform(self, op: str, args: tuple[Any, ...], allowance: Allowance) -> Any:
        """Perform a call, as the real tool's performer does."""
        if self.error is not None:
            raise self.error
        method = getattr(self, f"_{op}", None)
        if method is None:
            raise InvalidInput(f"{type(self).__name__} has no {op!r}")
        return method(allowance, *args)


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


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that a handler sent; None for what it left to the account."""

    text: str
    channel: str | None
    account_id: str | None
    to: str | None
    fallback_sandbox: bool = False
    due_ms: int | None = None
    expires_after_sec: int | None = None

    @property
    def target(self) -> dict[str, str | bool | None]:
        """Return the arguments of the call that say who gets the message."""
        named = ("channel", "account_id", "to", "fallback_sandbox")
        return {name: getattr(self, name) for name in named}


class FakeMessaging(FakeTool):
    """`sent` has the messages in order; each is delivered at once."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[SentMessage] = []

    def _send(
        self,
        allowance: Allowance,
        text: str,
        target: Mapping[str, str | None],
        entry_id: str | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        if not 0 < len(text) <= MAX_TEXT_CHARS:
            raise InvalidInput(f"a message has 1 to {MAX_TEXT_CHARS:,} characters")
        channel = target.get("channel") or "sandbox"
        allowance.require("channels", channel)
        self.sent.append(SentMessage(text, **dict(target), **options))
        account, to = target.get("account_id") or "default", target.get("to") or "inbox"
        number = len(self.sent)
        return asdict(
            Receipt(entry_id or f"entry-{number}", f"p-{number}", "delivered", channel, account, to)
        )


class FakeAlarms(FakeTool):
    """The alarm of the job: `raised`, and the texts of its changes."""

    def __init__(self) -> None:
        super().__init__()
        self.raised = False
        self.texts: list[str] = []

    def _set(self, _allowance: Allowance, raised: bool, text: str) -> bool:
        if raised is self.raised:
            return False
        self.raised = raised
        self.texts.append(text)
        return True


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """An HTTP request of a handler; `json` is None unless the body is JSON."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    timeout_sec: float
    max_bytes: int | None
    follow_redirects: bool
    cut: bool

    @property
    def json(self) -> Any:
        """Return the body as a JSON value; None if it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None


class FakeHttp(FakeTool):
    """Answers as set by `on`; `calls` has the requests in order. Hosts are checked by the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[RecordedRequest] = []
        self.answer: HttpAnswer | None = None
        """The answer to requests that `on` does not name; None refuses them."""
        self._answers: dict[tuple[str, str], list[HttpAnswer | Exception]] = defaultdict(list)

    def on(
        self,
        method: str,
        url: str,
        *,
        status: int = 200,
        json: Any = None,
        text: str = "",
        headers: Mapping[str, str] | None = None,
        elapsed_ms: int = 5,
        error: Exception | None = None,
    ) -> None:
        """Set the next answer for a URL; the last one stays. `error` is raised in its place."""
        body = orjson.dumps(json).decode() if json is not None else text
        answer = HttpAnswer(status, dict(headers or {}), body, len(body.encode()), elapsed_ms, url, None)
        self._answers[method.upper(), url].append(error or answer)

    def _request(self, allowance: Allowance, request: dict[str, Any]) -> dict[str, Any]:
        # Imported at the first request, with the HTTP client.
        from app.core.tools.http.performer import (  # noqa: PLC0415
            checked_headers,
            checked_method,
            checked_timeout,
        )

        url = str(request["url"])
        require_url(allowance, check_url(url, ()), ())
        checked_headers(request["headers"])
        method = checked_method(request["method"])
        checked_timeout(request["timeout_sec"])
        body = base64.b64decode(request["body"])
        self.calls.append(
            RecordedRequest(
                method,
                url,
                dict(request["headers"]),
                body,
                request["timeout_sec"],
                request["max_bytes"],
                request["follow"],
                request["cut"],
            )
        )
        answers = self._answers.get((method, url), [])
        answer = answers.pop(0) if len(answers) > 1 else next(iter(answers), self.answer)
        if answer is None:
            raise LookupError(
                f"no answer for {method} {url}: set it with tools.http.on({method!r}, {url!r}, …)"
            )
        if isinstance(answer, Exception):
            raise answer
        return asdict(answer)


class FakeFiles(FakeTool):
    """`files` has the contents by path; `published` the records of `publish`. Paths are checked by policy."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self.files: dict[str, bytes] = {}
        self.published: dict[tuple[str, str], list[str]] = {}
        self._numbers = itertools.count(1)
        self._open_files: dict[int, tuple[str, bytearray]] = {}

    @property
    def texts(self) -> dict[str, str]:
        """Return the files as texts."""
        return {path: content.decode() for path, content in self.files.items()}

    def _open(self, allowance: Allowance, path: str) -> int:
        _require_path(allowance, path)
        number = next(self._numbers)
        self._open_files[number] = path, bytearray()
        return number

    def _chunk(self, _allowance: Allowance, number: int, content: str) -> None:
        self._open_files[number][1].extend(base64.b64decode(content))

    def _commit(self, _allowance: Allowance, number: int) -> dict[str, Any]:
        path, content = self._open_files.pop(number)
        self.files[path] = bytes(content)
        return asdict(self._info(path))

    def _abort(self, _allowance: Allowance, number: int) -> None:
        self._open_files.pop(number, None)

    def _read(self, allowance: Allowance, path: str, max_bytes: int) -> str:
        _require_path(allowance, path)
        self._require_file(path)
        if len(self.files[path]) > max_bytes:
            raise LimitExceeded(f"{path!r} has more than {max_bytes:,} bytes")
        return base64.b64encode(self.files[path]).decode()

    def _stat(self, allowance: Allowance, path: str) -> dict[str, Any] | None:
        _require_path(allowance, path)
        return asdict(self._info(path)) if path in self.files else None

    def _list(self, allowance: Allowance, prefix: str) -> list[dict[str, Any]]:
        check_prefix(prefix)
        found = (path for path in sorted(self.files) if path.startswith(prefix))
        return [asdict(self._info(path)) for path in found if allowance.allows("paths", path)]

    def _delete(self, allowance: Allowance, path: str) -> bool:
        _require_path(allowance, path)
        return self.files.pop(path, None) is not None

    def _publish(self, allowance: Allowance, kind: str, name: str, paths: list[str]) -> dict[str, Any]:
        for path in paths:
            _require_path(allowance, path)
            self._require_file(path)
        _check_record(kind, name, paths)
        self.published[kind, name] = paths
        return asdict(PublishResult("redis"))

    def _withdraw(self, _allowance: Allowance, kind: str, name: str) -> bool:
        _check_record(kind, name)
        return self.published.pop((kind, name), None) is not None

    def _require_file(self, path: str) -> None:
        if path not in self.files:
            raise FileMissing(f"there is no file {path!r}")

    def _info(self, path: str) -> FileInfo:
        return FileInfo(path, len(self.files[path]), self._clock.now_ms())


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
    def make(_attempt: AttemptHandle, _scripts: FencedScripts, allowance: Allowance) -> ToolPerformer:
        return _Performer(tool, allowance)

    return make


def _custom_factory(name: str, tool: type[Tool[Any]]) -> ToolFactory:
    def make(attempt: AttemptHandle, _scripts: FencedScripts, allowance: Allowance) -> ToolPerformer:
        return CustomToolPerformer(name, tool(allowance, attempt.run))

    return make


def _require_path(allowance: Allowance, path: str) -> None:
    check_path(path)
    allowance.require("paths", path)


def _check_record(kind: str, name: str, paths: list[str] | None = None) -> None:
    # Imported at the first record: it loads the client of Redis, and few jobs publish.
    from app.core.files.artifacts import MAX_FILES, is_record_name  # noqa: PLC0415

    if paths is not None and not 0 < len(paths) <= MAX_FILES:
        raise InvalidInput(f"a record has 1 to {MAX_FILES} files")
    if kind not in set(ArtifactKind) or not is_record_name(name):
        raise InvalidInput(f"kind and name are no record's: {kind!r}, {name!r}")


def _is_whole(text: str) -> bool:
    return bool(_WHOLE.fullmatch(text)) and -(2**63) <= int(text) < 2**63


def _sorted_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
