"""Runs claimed runs: finds the handler, checks the inputs, starts an attempt."""

from __future__ import annotations

import asyncio
import importlib
import threading
from typing import TYPE_CHECKING

from app.core.errors import UnknownJobType
from app.core.execution.attempt import (
    Attempt,
    AttemptServices,
    ChildSlots,
    LoopAttempt,
    OnEnd,
    RunEnd,
    RunPort,
    Stopped,
    StopReason,
)
from app.core.execution.context import install_log_capture
from app.core.execution.outcome import Failure, failure_of, invalid_inputs
from app.core.execution.process import ProcessAttempt
from app.core.execution.thread import ThreadAttempt
from app.core.execution.time_outs import TimeOuts
from app.core.registry import HandlerSpec
from app.core.tools import FENCED_TOOLS
from app.core.tools.base import ToolRuntime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.execution.context import RunContext
    from app.core.models import ClaimedRun
    from app.core.policies import Policies
    from app.core.registry import Kind, Registry
    from app.core.tools.base import ToolFactory

__all__ = ["Attempt", "ChildSlots", "RunEnd", "RunPort", "Runner", "StopReason", "Stopped"]

_ATTEMPT_CLASSES: dict[Kind, type[Attempt]] = {
    "loop": LoopAttempt,
    "thread": ThreadAttempt,
    "process": ProcessAttempt,
}


def _find_tool(name: str) -> ToolFactory | None:
    # Loaded at the first use: most deployments have no tool of another package.
    return importlib.import_module("app.core.tools.custom").custom_factory(name)


class Runner:
    """Starts attempts in the running event loop; all of its methods belong to that loop's thread."""

    def __init__(
        self,
        registry: Registry,
        policies: Policies,
        port: RunPort,
        clock: Clock,
        settings: Settings,
        *,
        tools: Mapping[str, ToolFactory] = FENCED_TOOLS,
        children: ChildSlots | None = None,
    ) -> None:
        self._registry = registry
        loop = asyncio.get_running_loop()
        self._services = AttemptServices(
            port=port,
            clock=clock,
            settings=settings,
            tool_runtime=ToolRuntime(policies, port, clock, tools, _find_tool),
            loop=loop,
            thread_id=threading.get_ident(),
            children=children or ChildSlots(settings.child_processes),
            time_outs=TimeOuts(loop),
            abandoned=set(),
        )
        install_log_capture()

    @property
    def abandoned_threads(self) -> int:
        """How many threads were abandoned and still run."""
        return sum(1 for execution in self._services.abandoned if execution.kind == "thread")

    def start(self, run: ClaimedRun, on_end: OnEnd) -> Attempt:
        """Start an attempt; `on_end` is called once, later, in the event loop."""
        spec = self._registry.find(run.type)
        if spec is None:
            return self._refuse(run, on_end, self._unknown_type(run))
        try:
            inputs = spec.parse(run.inputs or "{}")
        except Exception as error:  # noqa: BLE001  a model's own validators may raise anything
            return self._refuse(run, on_end, invalid_inputs(error))
        try:
            way = ProcessAttempt if run.alone else _ATTEMPT_CLASSES[kind_of(spec, inputs)]
        except Exception as error:  # noqa: BLE001  `runs_in` is the handler's own function
            return self._refuse(run, on_end, failure_of(error))
        execution = way(self._services, spec, run, inputs, on_end)
        execution.start()
        return execution

    def _unknown_type(self, run: ClaimedRun) -> Failure:
        try:
            self._registry.get(run.type)
        except UnknownJobType as error:
            return Failure("unknown_type", error.code, error.message, retryable=False)
        raise AssertionError(f"job type {run.type!r} appeared meanwhile")

    def _refuse(self, run: ClaimedRun, on_end: OnEnd, failure: Failure) -> Attempt:
        execution = _RefusedAttempt(self._services, _NO_HANDLER, run, failure, on_end)
        execution.start()
        return execution


def kind_of(spec: HandlerSpec, inputs: object) -> Kind:
    """Return the kind of execution for a run with these validated inputs; raises ConfigurationError."""
    runs_in = spec.runs_in
    kind = runs_in if isinstance(runs_in, str) else runs_in(inputs)
    if kind not in spec.kinds:
        raise spec.cannot_run_in(kind)
    return kind


class _RefusedAttempt(Attempt):
    """An attempt that cannot start: it fails in the loop's next turn, so `on_end` is never early."""

    __slots__ = ()
    kind: Kind = "loop"

    def _launch(self) -> None:
        self._services.loop.call_soon(self._handler_ended, None, self._inputs)

    def _interrupt(self) -> None:
        pass


async def _do_nothing(_ctx: RunContext, _inputs: object) -> None:
    pass


_NO_HANDLER = HandlerSpec("none", _do_nothing)
