"""Asks a language model what the rules are unsure of; its answer is grounded in the prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from app.core.i18n import _
from app.planner.ai.answer import parse_answer
from app.planner.ai.chat import MAX_ANSWER_TOKENS, ChatClient
from app.planner.ai.instructions import BYTES_PER_TOKEN, opening_request
from app.planner.ai.models import AiFailure, choose_model
from app.planner.ai.process import LitellmClient

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.planner.ai.budget import TokenBudget
    from app.planner.ai.grounding import Grounding
    from app.planner.ai.instructions import ModelRequest
    from app.planner.ai.models import ModelChoice
    from app.planner.models import AiOptions, Draft

CHILDREN_AT_ONCE: Final = 2
"""Each child takes 200 MB. A third request does not wait: it gets the rules' plan at once."""
CALLS_AT_ONCE: Final = 16
"""Of a server at PLANNER_AI_BASE, which costs a connection each."""
MAX_REPAIRS: Final = 2
_FREE: Final = frozenset(
    {"key_refused", "busy", "model_unknown", "unreachable", "package_missing", "too_long"}
)
"""Failures of calls that used no tokens."""


class AiPlanner:
    """Asks models: a server at PLANNER_AI_BASE by HTTP, others through litellm in a child process."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        budget: TokenBudget,
        *,
        client: ChatClient | LitellmClient | None = None,
        at_once: int | None = None,
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._budget = budget
        self._client = client or (ChatClient() if settings.planner_ai_base else LitellmClient(environment))
        self._free = at_once or (CALLS_AT_ONCE if settings.planner_ai_base else CHILDREN_AT_ONCE)

    def obstacles(self, options: AiOptions) -> tuple[str, ...]:
        """Return why no model can be asked, without asking one: a missing key, for example."""
        try:
            choose_model(self._settings, self._environment, options.model_id)
        except AiFailure as failure:
            return (failure.message,)
        return ()

    async def propose(self, options: AiOptions, grounding: Grounding) -> Draft:
        """Return the draft that the model proposes; AiFailure gives the reason if that is nothing usable."""
        choice = choose_model(self._settings, self._environment, options.model_id)
        if self._free <= 0:
            raise AiFailure("busy", _("other plans are with the model just now"))
        timeout_sec = self._settings.planner_ai_timeout_sec
        self._free -= 1
        try:
            async with asyncio.timeout(timeout_sec):
                return await self._converse(choice, options, grounding)
        except TimeoutError as error:
            late = _("the model took longer than {timeout_sec:g} s (PLANNER_AI_TIMEOUT_SEC)")
            raise AiFailure("timeout", late.fill(timeout_sec=timeout_sec)) from error
        finally:
            self._free += 1

    async def close(self) -> None:
        """End the child processes."""
        if isinstance(self._client, LitellmClient):
            await self._client.close()

    async def _converse(self, choice: ModelChoice, options: AiOptions, grounding: Grounding) -> Draft:
        """Ask, and let the model repair its answer twice."""
        request = opening_request(grounding)
        types = grounding.checks.registry.types()
        failure = AiFailure("no_answer", _("the model gave no answer within its steps"))
        for _round in range(min(options.max_steps, 1 + MAX_REPAIRS)):
            text = await self._complete(choice, request)
            try:
                # Reading a long answer takes a tenth of a second, in which the loop serves others.
                return await asyncio.to_thread(lambda: grounding.drafted(parse_answer(text, types)))  # noqa: B023
            except AiFailure as error:
                failure = error
            request = request.repaired(text, str(failure.message))
        raise failure

    async def _complete(self, choice: ModelChoice, request: ModelRequest) -> str:
        sent = request.tokens
        reservation = await self._budget.reserve(sent + MAX_ANSWER_TOKENS)
        timeout_sec = self._settings.planner_ai_timeout_sec
        try:
            completion = await self._client.complete(choice, request.messages, request.schema, timeout_sec)
        except AiFailure as failure:
            await self._budget.settle(reservation, 0 if failure.code in _FREE else reservation.tokens)
            raise
        estimated = sent + len(completion.text.encode()) // BYTES_PER_TOKEN
        await self._budget.settle(reservation, completion.tokens or estimated)
        return completion.text
