"""Runs a handler in a test: the real runner and tool facades, with tools and time in memory."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel

from app.core import policies as core_policies
from app.core.clock import to_ms
from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.log_lines import unpack_log
from app.core.models import AttemptOutcome, AttemptResult, ClaimedRun
from app.core.policies import Policies, ToolLimits, TypePolicy, read_policy_file
from app.core.registry import HandlerSpec, Kind, Registry, load_handlers, recorded_specs
from app.core.runner import Attempt, RunEnd, Runner, StopReason, kind_of
from multi_job.testing.clock import DEFAULT_START, FakeClock, FakeTimeLoop
from multi_job.testing.fake_tools import EVERYTHING, FakeTools

if TYPE_CHECKING:
    from app.core.records import LogLine

Job = Callable[..., Any] | str
PolicySource = Path | str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool, as the run's page shows it."""

    tool: str
    op: str
    ok: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The end of one attempt."""

    status: AttemptOutcome
    """`success`, `failed`, `retry` (it failed and would be tried again), `cancelled` or `crashed`."""
    output: Any
    error: dict[str, Any] | None
    """`code`, `message` and more of a failure; None after a success."""
    retry_in_sec: float | None
    """The wait before the next attempt; None unless `status` is `retry`."""
    log: list[LogLine]
    progress: list[Any]
    """The values of `ctx.progress` that a person would have seen: at most five a second."""
    calls: list[ToolCall]
    duration_ms: int
    """By the clock of the test."""
    check: dict[str, Any] | None
    """The report of a monitor; None if the job has made none."""
    tools: FakeTools

    def assert_success(self) -> Any:
        """Return the output; AssertionError with the error and the log unless the attempt succeeded."""
        self._require(self.status is AttemptOutcome.SUCCESS, "the job did not succeed")
        return self.output

    def assert_failed(self, code: str | None = None, *, retry: bool | None = None) -> dict[str, Any]:
        """Return the error; AssertionError if the attempt succeeded, or its code or its retry differs."""
        error, will_retry = self.error or {}, self.status is AttemptOutcome.RETRY
        self._require(self.error is not None, "the job did not fail")
        self._require(code is None or error["code"] == code, f"the code is not {code!r}")
        self._require(retry is None or retry is will_retry, f"retry is {will_retry}")
        return error

    def assert_logged(self, message: str, *, level: str | None = None, **fields: Any) -> LogLine:
        """Return the first line that contains `message`, with this level and these fields."""
        for line in self.log:
            is_level = level is None or line.level == level
            if message in line.message and is_level and fields.items() <= line.fields.items():
                return line
        raise AssertionError(self._story(f"no log line with {message!r} {level or ''} {fields or ''}"))

    def assert_called(self, tool: str, op: str, times: int | None = None) -> None:
        """Require calls of a tool; `times` is their exact number, at least one without it."""
        count = sum(call.tool == tool and call.op == op for call in self.calls)
        is_right = count > 0 if times is None else count == times
        self._require(is_right, f"{tool}.{op} was called {count} times")

    def assert_sent(self, text: str, *, to: str | None = None) -> None:
        """Require a message whose text contains `text`, to this recipient."""
        sent = self.tools.messaging.sent
        found = any(text in each.text and to in {None, each.to} for each in sent)
        self._require(found, f"no message with {text!r}; sent: {sent}")

    def _require(self, condition: bool, what: str) -> None:
        if not condition:
            raise AssertionError(self._story(what))

    def _story(self, what: str) -> str:
        lines = [f"  {line.level}: {line.message} {line.fields or ''}" for line in self.log]
        calls = [f"  {call.tool}.{call.op} {'ok' if call.ok else call.error}" for call in self.calls]
        error = f"error: {self.error['code']}: {self.error['message']}" if self.error else ""
        trace = (self.error or {}).get("traceback", "")
        return "\n".join([f"{what}: {self.status}", *filter(None, (error, trace)), *lines, *calls])


def run_job(job: Job, inputs: Mapping[str, Any] | BaseModel | None = None, **options: Any) -> RunOutcome:
    """Run one attempt of a job and return its end; a failure is a result, not an exception.

    `job` is the decorated function, or the name of a type that is installed. `inputs` are checked as the
    platform checks them. Waiting in the event loop takes no time: `await asyncio.sleep(3600)` moves the
    clock. Threads and child processes run in real time. The options:

    - `tools`: a `FakeTools`; the same set for several runs keeps its values.
    - `policies`: the path of a policies file, or its content; without it the tools that the job names are
      allowed without limits.
    - `now`: the instant at which the clock of new tools starts, a `datetime` with a zone.
    - `runs_in`: another kind of execution than that of the job.
    - `attempt` (from 1), `failures`, `job_id`, `run_id`, `slot` (a `datetime`), `source`: facts of the run.
    - `cancel_after_sec`: cancel the run after this time.

    Raises RuntimeError inside of a running event loop: use `await run_job_async(…)` there.
    """
    if _loop_is_running():
        raise RuntimeError("an event loop is running here: use `await run_job_async(…)`")
    prepared = _prepare(job, inputs, **options)
    if prepared.kind != "loop":
        return asyncio.run(_attempt(prepared))
    with asyncio.Runner(loop_factory=lambda: FakeTimeLoop(prepared.tools.clock)) as runner:
        return runner.run(_without_time(prepared))


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def run_job_async(
    job: Job, inputs: Mapping[str, Any] | BaseModel | None = None, **options: Any
) -> RunOutcome:
    """Run one attempt in the event loop of the test, in real time; the options are those of `run_job`."""
    return await _attempt(_prepare(job, inputs, **options))


async def _without_time(prepared: _Prepared) -> RunOutcome:
    loop = asyncio.get_running_loop()
    try:
        return await _attempt(prepared)
    finally:
        if isinstance(loop, FakeTimeLoop):
            loop.stop_jumping()


@dataclass(frozen=True, slots=True)
class _Prepared:
    spec: HandlerSpec
    kind: Kind
    run: ClaimedRun
    tools: FakeTools
    policies: Policies
    cancel_after_sec: float | None


def _prepare(
    job: Job,
    inputs: Mapping[str, Any] | BaseModel | None,
    *,
    tools: FakeTools | None = None,
    policies: PolicySource | None = None,
    now: datetime | None = None,
    runs_in: Kind | None = None,
    attempt: int = 1,
    failures: int | None = None,
    job_id: str = "job",
    run_id: str = "job@1",
    slot: datetime | None = None,
    source: str = "api",
    cancel_after_sec: float | None = None,
) -> _Prepared:
    spec = spec_of(job)
    if runs_in is not None:
        spec = replace(spec, runs_in=runs_in)
    if tools is None:
        tools = FakeTools(FakeClock(now or DEFAULT_START))
    elif now is not None:
        raise ValueError("`now` is for new tools; move the clock of these with tools.clock.advance(…)")
    text = inputs.model_dump_json() if isinstance(inputs, BaseModel) else orjson.dumps(inputs or {}).decode()
    at = tools.clock.now_ms()
    run = ClaimedRun(
        run_id=run_id,
        lease_id=f"test:{attempt}:{attempt}",
        attempt=attempt,
        job_id=job_id,
        type=spec.type,
        version=1,
        inputs=text,
        source=source,
        trace_id="ab" * 16,
        timeout_ms=spec.timeout_ms,
        retry=spec.retry_policy.model_dump_json(),
        failures=attempt - 1 if failures is None else failures,
        crashes=0,
        slot_ms=None if slot is None else to_ms(slot),
        queued_at_ms=at,
        started_at_ms=at,
    )
    return _Prepared(spec, _kind(spec, text), run, tools, _policies(spec, policies, tools), cancel_after_sec)


def _kind(spec: HandlerSpec, inputs: str) -> Kind:
    try:
        return kind_of(spec, spec.parse(inputs))
    except Exception:  # noqa: BLE001  the attempt itself reports inputs that do not fit
        return "loop"


def spec_of(job: Job) -> HandlerSpec:
    """Return the job type of a decorated function, or of a name; raises ConfigurationError if it is none."""
    if isinstance(job, str):
        return load_handlers(Settings()).get(job)
    for spec in recorded_specs(job.__module__):
        if job in {spec.function, inspect.unwrap(spec.function)}:
            return spec
    raise ConfigurationError(f'{job.__module__}.{job.__qualname__} is no job: decorate it with @job("…")')


def _policies(spec: HandlerSpec, source: PolicySource | None, tools: FakeTools) -> Policies:
    if source is None:
        allow = {name: _everything(name, tools) for name in spec.tools}
        return Policies({spec.type: TypePolicy(allow=allow)})
    with _added(tools):
        if isinstance(source, Mapping):
            return Policies(core_policies.PolicyFile.model_validate(source).types)
        return Policies(read_policy_file(Path(source)).types)


def _everything(name: str, tools: FakeTools) -> ToolLimits:
    with _added(tools):
        custom = None if name in core_policies.BUILT_IN_TOOLS else core_policies.custom_tool(name)
    return ToolLimits(**EVERYTHING) if custom is None else custom.policy_schema.model_validate(EVERYTHING)


@contextmanager
def _added(tools: FakeTools) -> Generator[None]:
    """Make the tools of packages that are not installed known."""
    before = dict(core_policies.added_tools)
    core_policies.added_tools.update(tools.custom)
    try:
        yield
    finally:
        core_policies.added_tools.clear()
        core_policies.added_tools.update(before)


class _Port:
    """Keeps the progress; the lines of the log come with the end of the attempt."""

    def __init__(self) -> None:
        self.progress_values: list[Any] = []

    async def progress(self, run: ClaimedRun, value_json: str) -> None:
        self.progress_values.append(orjson.loads(value_json))

    async def append_log(self, run: ClaimedRun, first_number: int, lines: list[LogLine]) -> None:
        pass

    async def tool(self, run: ClaimedRun, name: str, number: int, /, **arguments: str | bytes | float) -> Any:
        raise LookupError(f"the script {name!r} has no place in a test without Redis")


async def _attempt(prepared: _Prepared) -> RunOutcome:
    port, tools = _Port(), prepared.tools
    runner = Runner(
        Registry([prepared.spec]), prepared.policies, port, tools.clock, Settings(), tools=tools.factories()
    )
    ended: asyncio.Future[RunEnd] = asyncio.get_running_loop().create_future()

    def on_end(_attempt: Attempt, end: RunEnd) -> None:
        if not ended.done():
            ended.set_result(end)

    with _added(tools):
        attempt = runner.start(prepared.run, on_end)
        if prepared.cancel_after_sec is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(prepared.cancel_after_sec, attempt.stop, StopReason.CANCELLED)
        end = await ended
    if not isinstance(end, AttemptResult):
        raise TypeError(f"the attempt was released: {end}")
    return _result(end, port.progress_values, tools)


def _result(end: AttemptResult, progress: list[Any], tools: FakeTools) -> RunOutcome:
    calls: list[dict[str, Any]] = orjson.loads(end.calls) if end.calls else []
    return RunOutcome(
        status=end.outcome,
        output=orjson.loads(end.output) if end.output else None,
        error=orjson.loads(end.error) if end.error else None,
        retry_in_sec=end.delay_ms / 1000 if end.outcome is AttemptOutcome.RETRY else None,
        log=unpack_log(end.log),
        progress=progress,
        calls=[ToolCall(call["tool"], call["op"], call["ok"], call.get("error", "")) for call in calls],
        duration_ms=end.duration_ms,
        check=orjson.loads(end.check) if end.check else None,
        tools=tools,
    )
