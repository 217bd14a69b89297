"""Tool calls of handlers: dispatch, limits, byte budgets, fencing and call records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable
from urllib.parse import urlsplit

import orjson

from app.core.errors import LeaseLost, LimitExceeded, MultiJobError, PolicyDenied
from app.core.i18n import _
from app.core.redaction import redactor, safe_str
from app.core.tracing.spans import TraceContext, call_span_id, current_span

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import ClaimedRun
    from app.core.policies import Allowance, Policies
    from app.core.redis_client import RedisLink
    from app.core.registry import HandlerSpec
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import Shard, ShardSet

# The bytes that one attempt may still move with a tool: the policy's `bytes`, over all its calls.


class ByteBudget:
    """Counts down as bytes move, so that concurrent calls cannot spend the same bytes twice."""

    def __init__(self, allowance: Allowance, error: type[LimitExceeded] = LimitExceeded) -> None:
        self._allowance = allowance
        self._limit = allowance.bytes
        self._error = error
        self._spent = 0

    @property
    def left(self) -> int | None:
        """Return how many bytes may still move; None if unlimited."""
        return None if self._limit is None else self._limit - self._spent

    def take(self, count: int) -> None:
        """Spend bytes. If fewer are left, spend none and raise."""
        if self._limit is not None and self._spent + count > self._limit:
            job_type, tool = self._allowance.job_type, self._allowance.tool
            raise self._error(
                _(
                    "{job_type!r} may move {limit:,} bytes with {tool} an attempt.",
                    job_type=job_type,
                    limit=self._limit,
                    tool=tool,
                )
            )
        self._spent += count


# The destination of a tool call, as a run's page shows it: a host, an account. Never the content.

MAX_TARGET_CHARS = 200


def call_target(tool: str, op: str, args: tuple[Any, ...]) -> str:
    """Return the destination of a call; empty if it stays inside or has no readable destination."""
    match tool, op, args:
        case "http", "request", ({"url": str(url)}, *_):
            return _host(url)[:MAX_TARGET_CHARS]
        case "messaging", "send" | "alarm", (_, *rest):
            targets = (cast("Mapping[Any, Any]", part) for part in rest if isinstance(part, Mapping))
            return next((_account(each.get("channel"), each.get("account_id")) for each in targets), "")
        case "platform", "check_channel", (str(channel), str(account), *_):
            return _account(channel, account)
        case _:
            return ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _account(channel: Any, account: Any) -> str:
    names = [part for part in (channel, account) if isinstance(part, str) and part]
    return ":".join(names)[:MAX_TARGET_CHARS]


MAX_CALLS_KEPT = 200
_MAX_ERROR_CHARS = 500


class ToolPort(Protocol):
    """Runs fenced tool scripts; raises LeaseLost."""

    async def tool(
        self, run: ClaimedRun, name: str, number: int, /, **arguments: str | bytes | float
    ) -> Any: ...


class ToolCaller(Protocol):
    """Sends a tool's call to its performer. Arguments and results are JSON values."""

    async def call(self, tool: str, op: str, *args: Any) -> Any: ...


class ToolFacade:
    """A tool as handlers see it: each method is one call of the tool's performer."""

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller


class ToolPerformer(Protocol):
    """Performs the calls of one tool, for one attempt."""

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any: ...


@runtime_checkable
class ClosingTool(Protocol):
    """A tool that holds a resource for its attempt."""

    def close(self) -> None:
        """Release the resource, at once or soon; called in the event loop when the attempt has ended."""
        ...


class FencedScripts:
    """Runs one attempt's tool scripts in sequence, numbered; Redis keeps only the last number's reply."""

    def __init__(self, run: ClaimedRun, port: ToolPort) -> None:
        self._run = run
        self._port = port
        self._number = 0
        # One at a time: only the last reply is kept, so a repeat of an earlier number would find none.
        self._turn = asyncio.Lock()

    async def run(self, script: str, /, **arguments: str | bytes | float) -> list[Any]:
        async with self._turn:
            self._number += 1
            return await self._port.tool(self._run, script, self._number, **arguments)


class AttemptHandle(Protocol):
    """The running attempt, as its tools see it."""

    @property
    def run(self) -> ClaimedRun: ...

    @property
    def revoked(self) -> bool: ...

    def revoke(self) -> None: ...

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None: ...


ToolFactory = Callable[["AttemptHandle", FencedScripts, "Allowance"], ToolPerformer]


@dataclass(frozen=True, slots=True)
class ToolRuntime:
    """Tool dependencies that all attempts of a process share."""

    policies: Policies
    port: ToolPort
    clock: Clock
    factories: Mapping[str, ToolFactory]
    find: Callable[[str], ToolFactory | None]
    """`find(name)` returns the factory of a tool of another package; None if no package has it."""


class ToolDispatcher:
    """Dispatches the tool calls of one attempt, in the worker's event loop."""

    def __init__(self, attempt: AttemptHandle, spec: HandlerSpec, runtime: ToolRuntime) -> None:
        self._attempt = attempt
        self._spec = spec
        self._runtime = runtime
        self._scripts = FencedScripts(attempt.run, runtime.port)
        self._tools: dict[str, tuple[ToolPerformer, Allowance]] = {}
        self._counts: dict[str, int] = {}
        self._entries: list[dict[str, Any]] = []
        self._number = 0

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        if self._attempt.revoked:
            raise LeaseLost(f"run {self._attempt.run.run_id} is not ours any more: {tool}.{op} was not done")
        self._number += 1
        number, at, start = self._number, self._runtime.clock.now_ms(), self._runtime.clock.monotonic()
        error: BaseException | None = None
        run = self._attempt.run
        span = TraceContext(run.trace_id, call_span_id(run.run_id, run.attempt, number))
        token = current_span.set(span)
        try:
            return await self._allowed(tool).perform(op, args)
        except LeaseLost as lost:
            error = lost
            self._attempt.revoke()
            raise
        except BaseException as other:
            error = other
            raise
        finally:
            current_span.reset(token)
            entry: dict[str, Any] = {"n": number, "tool": tool, "op": op, "at": at}
            entry["duration_ms"] = round((self._runtime.clock.monotonic() - start) * 1000)
            if target := call_target(tool, op, args):
                entry["target"] = redactor.text(target)
            self._keep(entry, error)

    def close(self) -> None:
        """Notify the tools that the attempt has ended."""
        for tool, _rest in self._tools.values():
            if isinstance(tool, ClosingTool):
                tool.close()

    def packed_calls(self) -> str:
        """Return the calls as JSON, the first 200; empty if there were none."""
        return orjson.dumps(self._entries).decode() if self._entries else ""

    def _allowed(self, tool: str) -> ToolPerformer:
        built = self._tools.get(tool) or self._build(tool)
        performer, allowance = built
        count = self._counts[tool] = self._counts.get(tool, 0) + 1
        if allowance.calls is not None and count > allowance.calls:
            raise LimitExceeded(
                _(
                    "{type!r} may make {calls} {tool} calls an attempt.",
                    type=self._spec.type,
                    calls=allowance.calls,
                    tool=tool,
                )
            )
        return performer

    def _build(self, tool: str) -> tuple[ToolPerformer, Allowance]:
        job_type = self._spec.type
        factory = self._runtime.factories.get(tool) or self._runtime.find(tool)
        if factory is None:
            raise PolicyDenied(_("there is no tool {tool!r}.", tool=tool))
        if tool not in self._spec.tools:
            raise PolicyDenied(
                _(
                    "the handler of {job_type!r} does not name {tool!r}: "
                    "add it to `tools=` of its @job or @handler.",
                    job_type=job_type,
                    tool=tool,
                )
            )
        [allowance] = self._runtime.policies.check_tools(job_type, (tool,))
        built = self._tools[tool] = (
            factory(self._attempt, self._scripts, allowance),
            allowance,
        )
        return built

    def _keep(self, entry: dict[str, Any], error: BaseException | None) -> None:
        if len(self._entries) >= MAX_CALLS_KEPT:
            return
        entry["ok"] = error is None
        if error is not None:
            code = error.code if isinstance(error, MultiJobError) else type(error).__name__
            entry["error"] = redactor.text(f"{code}: {safe_str(error)}"[:_MAX_ERROR_CHARS])
        self._entries.append(entry)


@dataclass(frozen=True, slots=True)
class ToolDependencies:
    """The dependencies that a worker process passes to its tools."""

    settings: Settings
    clock: Clock
    link: RedisLink
    """Leads to the shard of the run, like `scripts`."""
    scripts: Scripts
    shards: ShardSet | None = None
    """All shards; None if there is one."""

    @property
    def whole(self) -> Shard:
        """Return the view of all shards, for what is not about one job."""
        if not self.shards:
            return self.home
        # As below.
        from app.core.redis_client import whole_of  # noqa: PLC0415

        return whole_of(self.shards)

    @property
    def home(self) -> Shard:
        """Return the shard with secrets, accounts, calendars and settings."""
        if self.shards:
            return self.shards.home
        # A child process has no link.
        from app.core.storage.shards import shard_of_link  # noqa: PLC0415

        return shard_of_link(self.link, self.scripts.keys)
