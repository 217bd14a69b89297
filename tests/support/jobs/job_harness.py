"""Runs of job types on a real server: claimed, run by a real runner with real tools, finished."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import MultiJobError
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox
from app.core.models import AttemptResult
from app.core.policies import Policies, load_policies
from app.core.registry import load_handlers
from app.core.runner import Attempt, RunEnd, Runner
from app.core.runs.store import RunStore
from app.core.tools import build_tools
from app.core.tools.base import ToolDependencies
from tests.support.queue.queue_driver import QueueDriver
from tests.support.queue.run_port import POLICIES

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.connectors.base import AccountHealth
    from app.core.records import RunRecord


class JobHarness:
    """One worker, by hand."""

    def __init__(self, driver: QueueDriver, settings: Settings) -> None:
        queue = driver.queue
        self.driver = driver
        self.runs = RunStore(driver.link, driver.keys)
        self.outbox = Outbox(driver.link, queue.scripts, driver.keys, queue.clock)
        self.checks = AccountChecks(driver.link, queue.scripts, driver.keys, queue.clock)
        self.answers: dict[tuple[str, str], AccountHealth] = {}
        """What the connector says of accounts, by channel and id."""
        shipped = load_policies(settings)
        self.registry = load_handlers(settings)
        self._runner = Runner(
            self.registry,
            Policies({**POLICIES.types, **shipped.types}),
            queue,
            queue.clock,
            settings,
            tools=build_tools(ToolDependencies(settings, queue.clock, driver.link, queue.scripts)),
        )

    async def run(
        self, job_type: str, inputs: dict[str, Any], job_id: str = "job-a", **changes: Any
    ) -> RunRecord:
        """Create a run, do one attempt of it and return its record."""
        run_id = await self.driver.enqueue(
            job_id, type=job_type, inputs=orjson.dumps(inputs).decode(), **changes
        )
        return await self.attempt(run_id)

    async def attempt(self, run_id: str) -> RunRecord:
        """Do the next attempt of a queued run and return the run's record."""
        claimed = next(run for run in (await self.driver.claim()).runs if run.run_id == run_id)
        ended = asyncio.get_running_loop().create_future()

        def on_end(_execution: Attempt, end: RunEnd) -> None:
            ended.set_result(end)

        self._runner.start(claimed, on_end)
        async with asyncio.timeout(60):
            end = await ended
        assert isinstance(end, AttemptResult), end
        assert await self.driver.queue.finish_many([end]) == ["OK"]
        return await self.runs.get(run_id)

    @contextlib.asynccontextmanager
    async def connector(self) -> AsyncGenerator[None]:
        """Have the sandbox's messages delivered and checks answered, as the connector does."""
        task = asyncio.create_task(self._serve())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _serve(self) -> None:
        while True:
            await self.outbox.deliver_to_inbox()
            for (channel, account_id), answer in self.answers.items():
                with contextlib.suppress(MultiJobError):
                    if ids := await self.checks.take_checks(channel, account_id):
                        await self.checks.answer(channel, account_id, ids, answer)
            await asyncio.sleep(0.01)

    async def inbox_texts(self) -> list[str]:
        """Return the texts in the sandbox's inbox, oldest first."""
        messages, _ = await self.outbox.inbox(100)
        return [message.text for message in reversed(messages)]
